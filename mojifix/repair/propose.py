"""Candidates that are known by their look: those of ftfy's heuristics, and English contractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mojifix.charsets.registry import CHARSETS
from mojifix.model import Channel, Layer
from mojifix.repair.proof import holds
from mojifix.repair.transcode import CONTRACTED

LONGEST = 2000
"""Code points of a line from which on ftfy is not asked: aligning its answer is not linear."""

MOST_LAYERS = 3
"""Layers of one channel by which an answer of ftfy is explained."""

_LATIN_1 = Channel("utf-8", "latin-1")

_EDITS: tuple[tuple[str, ...], ...] = (
    (),
    ("nbsp-to-space",),
    ("nbsp-removed",),
    ("straightened-quotes",),
    ("c1-removed",),
    ("soft-hyphen-removed",),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed repair of a span of a line, with layers that are proven to explain it.

    Its look alone tells of some that they are `known`.
    """

    start: int
    end: int
    after: str
    layers: tuple[Layer, ...]
    known: bool = False


def candidates(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield what may be repaired in `line` by its look, and `channels` can explain."""
    yield from _contractions(line, channels)
    yield from _of_ftfy(line, channels)


def _contractions(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield the apostrophes of English words in `line` of which the controls were removed."""
    if _LATIN_1 in channels:
        for match in CONTRACTED.finditer(line):
            at = match.start(1)
            yield Candidate(at, at + 1, "’", (Layer(_LATIN_1, ("c1-removed",)),), known=True)


def _of_ftfy(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield what ftfy's heuristics would repair in `line` and `channels` can explain."""
    if len(line) > LONGEST:
        return
    import ftfy

    proposed = ftfy.fix_encoding(line)
    if proposed == line or "\ufffd" in proposed:
        return
    known = [c for c in channels if c.written_as == "utf-8" and not CHARSETS[c.read_as].leads]
    matcher = SequenceMatcher(None, line, proposed, autojunk=False)
    for tag, start, end, after_start, after_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        after = proposed[after_start:after_end]
        layers = _explained(line, start, end, after, known)
        if layers:
            yield Candidate(start, end, after, layers)


def _explained(
    line: str, start: int, end: int, after: str, channels: Sequence[Channel]
) -> tuple[Layer, ...] | None:
    before, following = line[start:end], line[end:]
    for depth in range(MOST_LAYERS):
        for channel in channels:
            for edits in _EDITS:
                layers = (*[Layer(channel)] * depth, Layer(channel, edits))
                if holds(after, before, layers, following):
                    return layers
    return None
