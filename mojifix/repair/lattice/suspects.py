"""Spans that are no whole words, or from which something was lost: which channel explains them?"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter

from mojifix.charsets.charset import LOSSES
from mojifix.charsets.registry import CHARSETS, PRIORS, UNICODE, bytes_of, losses
from mojifix.model import Channel, Layer, Repair
from mojifix.repair.decode.evidence import (
    ECHOED,
    SURE,
    Evidence,
    Traits,
    learned,
    traits_of,
    with_own_words,
)
from mojifix.repair.decode.lost import MARKED, lost_bytes
from mojifix.repair.decode.traces import (
    begun_before,
    cut_short,
    edited,
    leading,
    lone_lead,
    loses_leads,
)
from mojifix.repair.decode.words import TEMPERATURE
from mojifix.repair.gate.lines import WORD
from mojifix.repair.gate.strange import is_strange
from mojifix.repair.lattice.hypothesis import LOSS_WEIGHTS, PLAIN_MARK, Hypothesis, Settings
from mojifix.repair.lattice.lattice import Lattice, Piece, Window
from mojifix.repair.lattice.rests import told_by_words, worth_trying
from mojifix.repair.lattice.vocabulary import REACH, READINGS, reweighed
from mojifix.repair.lattice.weights import Weights
from mojifix.repair.reading import Reading
from mojifix.repair.splice.spans import inside
from mojifix.repair.splice.splice import splice, spliced_part

WINDOW = 1000
"""Code points of a line that are decoded at once: it bounds the memory of a lattice."""

CHANNELS = 3
"""Channels that are looked into for one window."""

WITHIN = -6.0
"""Log weight of a legacy charset that damaged a part of a word or of a line only."""

BEHIND = 12.0
"""Log weight by which a channel may explain the words of a line less well than another one."""

SAMPLE = 30
"""Windows from which the document is learned before all are decoded."""

LOOK_BACK = 2000
"""Code points before a window in which a quotation mark may have opened."""

SPARED = 2.0
"""Weight of how few characters a channel left as they are: how many of a kind of character there
are in a text says more of what it is than each of them alone."""

CLEAR = 12.0
"""Log weight by which a hypothesis explains a window better than leaving it as it is if no other
one is looked into, given that all of it is sure."""

DOUBT = 3.0
"""Log weight by which the losses of a document may lie behind its likeliest one."""

REPLACED = -1.5
"""Log weight of a reader that keeps controls having replaced them by marks: other programs do."""

EDITED = 2
"""Hypotheses, of different losses, that are looked into with edits where none explains all."""

MARKING = frozenset(name for name, loss in LOSSES.items() if loss.mark == PLAIN_MARK)
"""Losses that leave a mark which nothing else leaves: a reader that does so drops nothing."""

_WITH_CONTROLS = {
    "cp1252": "latin-1",
    "cp1250": "iso-8859-2",
    "cp1253": "iso-8859-7",
    "cp1254": "iso-8859-9",
    "cp1255": "iso-8859-8",
    "cp1257": "iso-8859-13",
}
"""Readers with those that read most of what they do, and the controls of ISO 8859."""

_NEAR = {"gb18030": "gbk"}
"""Readers with what reads nearly all as they do, and is likelier."""

AROUND = 10
"""Code points before the first strange word of a line in which characters of East Asia that stand
alone, which never are strange, may be damaged as well."""

REST = 3
"""Code points of a character, at most, that are left before the mark of its lost bytes."""

_NONE = "\ufffd"
"""What stands for a span of which it is not sure what it was."""

_ALONE = re.compile("(?<![^\x00-@])(?:[\u3400-\u9fff\uac00-\ud7a3][ -@]+)+\\Z")

_CUT = re.compile(r".*[\x00-\x7f]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A window, and the channels that parts of it may have gone through, the likeliest first.

    `alike` are, by channel, others whose readers read the same from the bytes that are left.
    """

    window: Window
    channels: tuple[Channel, ...]
    alike: Mapping[Channel, Sequence[Channel]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explained:
    """What a channel with its loss makes of a window.

    `weight` is that of all its paths, `words` that of the words in which something was lost.
    """

    channel: Channel
    weight: float
    pieces: Sequence[Piece]
    words: float

    @property
    def rank(self) -> float:
        """The log weight by which it is compared with what other channels make of the window."""
        return self.weight + self.words

    @property
    def loses(self) -> bool:
        """Whether something was lost on the best path, edits aside."""
        return any(piece.lost > len(piece.edits) for piece in self.pieces)


class _Known:
    """What is known of a document: its channels, what they spared, and what it is like.

    `channels` are all that are allowed; `brief` tells that its windows are only looked into to
    learn that.
    """

    def __init__(
        self,
        channels: Collection[Channel],
        evidence: Evidence,
        traits: Traits,
        spared: Mapping[Channel, float] | None = None,
        *,
        restore: bool,
        edits: bool = True,
        brief: bool = False,
    ) -> None:
        self.brief, self.channels = brief, channels
        self.evidence, self.traits = evidence, traits
        self.restore, self.edits = restore, restore and edits
        self._spared = spared or {}
        self._weights: dict[tuple[str, float, bool], Weights] = {}
        self._hypotheses: dict[tuple[Channel, Channel | None], Hypothesis] = {}

    def hypothesis(self, channel: Channel, like: Channel | None = None) -> Hypothesis:
        """Return what a channel with its loss may have done.

        What is known of the channel `like` holds for this one where that is given.
        """
        known = self._hypotheses.get((channel, like))
        if known is None:
            known = self._hypotheses[channel, like] = self._hypothesis(channel, like)
        return known

    def _hypothesis(self, channel: Channel, like: Channel | None) -> Hypothesis:
        lossless, one = channel.lossless, like or channel.lossless
        entry = self.evidence.entry((one,)) + PRIORS[lossless] - PRIORS[one]
        if channel.written_as not in UNICODE:
            entry += WITHIN
        if channel.loss in MARKING and channel.read_as in _WITH_CONTROLS.values():
            entry += REPLACED
        taught = (one,) in self.evidence.taught
        key = channel.read_as, self._spared.get(one, 0.0), taught and one.written_as not in UNICODE
        if key not in self._weights:
            reader, spared, rare = key
            self._weights[key] = Weights(self.traits, reader, spared, rare=rare)
        shown = channel.loss in self.evidence.lost.get(one, ())
        traits = self.traits
        return Hypothesis(
            channel,
            Settings(entry, self._weights[key], taught, shown, traits.returns, traits.controls),
        )


def suspects(
    text: str,
    line: tuple[int, int],
    words: Sequence[tuple[int, int]],
    done: Sequence[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
) -> Iterator[Suspect]:
    """Yield the part of a line that holds `words` and may be damaged, in windows.

    `words` are the spans of those words that are strange and unexplained, `done` the repairs of the
    others and of what stands before.
    """
    gains, at = _gained(text, line, words, channels, evidence)
    if not gains:
        return
    taught = [channel for channel in gains if (channel,) in evidence.taught]
    at = min([at, *(_first_lead(text, line, done, channel) for channel in taught)])
    # Readers that read the same from the same bytes are one, the commonest; but those of two bytes
    # a character and those that lose letters, which all lose others.
    distinct: dict[tuple[str, str, float], list[Channel]] = {}
    weights = {channel: gains[channel] + evidence.entry((channel,)) for channel in gains}
    for channel in sorted(weights, key=lambda channel: -weights[channel]):
        own = CHARSETS[channel.read_as].leads or loses_leads(channel)
        reader = channel.read_as if own else ""
        key = channel.written_as, reader, round(gains[channel], 3)
        distinct.setdefault(key, []).append(channel)
    least = max(weights.values()) - BEHIND
    alike = {
        first: rest
        for first, *rest in distinct.values()
        if weights[first] >= least or first in taught
    }
    end = line[1]
    # A part of a line goes on behind its end.
    whole_end = end + (text[end : end + 1] not in ("", "\n"))
    while at < end:
        cut = min(at + WINDOW, end)
        if cut < end and (whole := _CUT.match(text, at + WINDOW // 2, cut)):
            cut = whole.end()
        if _may_hold(text, at, cut, words, tuple(alike)[:CHANNELS], taught):
            left = spliced_part(text, done, first_before(text, at), at)
            yield Suspect(Window(at, cut, whole_end, left), tuple(alike)[:CHANNELS], alike)
        at = cut


def first_before(text: str, at: int) -> int:
    """Return where what tells of an offset begins, before it in its line."""
    start = max(0, at - LOOK_BACK)
    return max(start, text.rfind("\n", start, at) + 1)


def _may_hold(
    text: str,
    start: int,
    end: int,
    words: Sequence[tuple[int, int]],
    channels: Sequence[Channel],
    taught: Sequence[Channel],
) -> bool:
    """Tell whether a window may hold damage: a strange word, a mark, or what a channel left."""
    at = bisect_right(words, start, key=itemgetter(1))
    return (
        (at < len(words) and words[at][0] < end)
        or bool(MARKED.search(text, start, end))
        or any(lone_lead(channel).search(text, start, end) for channel in taught)
        or any(cut_short(channel).search(text, start, end) for channel in channels)
    )


def _gained(
    text: str,
    line: tuple[int, int],
    words: Sequence[tuple[int, int]],
    channels: Sequence[Channel],
    evidence: Evidence,
) -> tuple[dict[Channel, float], int]:
    """Return what the words of a line gain by each channel, and where the first that gains is."""
    gains: dict[Channel, float] = {}
    at = line[1]
    for start, end in words:
        for channel, gain in worth_trying(text[start:end], channels, evidence):
            gains[channel] = gains.get(channel, 0.0) + gain
            at = words[0][0]
    if gains and (alone := _ALONE.search(text, max(line[0], at - AROUND), at)):
        at = alone.start()
    if marked := MARKED.search(text, *line):
        for channel in evidence.lossy:
            gains.setdefault(channel, 0.0)
        at = min(at, max(line[0], marked.start() - REST))
    for channel in evidence.single:
        if found := begun_before(channel).search(text, *line):
            gains.setdefault(channel, 0.0)
            at = min(at, found.start())
        if found := cut_short(channel).search(text, *line):
            gains.setdefault(channel, 0.0)
            other = replace(channel, read_as=_WITH_CONTROLS.get(channel.read_as, ""))
            if other in channels:
                gains.setdefault(other, 0.0)
            at = min(at, found.start())
    return gains, at


def _first_lead(text: str, line: tuple[int, int], done: Sequence[Repair], channel: Channel) -> int:
    """Return where a channel may have left the first of some bytes in a line, outside of repairs.

    What is left of a character may look natural, as in `lÃm`. The end of the line where nowhere.
    """
    leads, done = leading(channel), inside(done, *line)
    ends = [line[0], *(one.end for one in done)]
    starts = [*(one.start for one in done), line[1]]
    found = (leads.search(text, *gap) for gap in zip(ends, starts, strict=True))
    return next((match.start() for match in found if match), line[1])


def decoded(
    text: str,
    found: Sequence[Suspect],
    done: Sequence[Repair],
    channels: Collection[Channel],
    evidence: Evidence,
    *,
    restore: bool,
) -> list[list[tuple[Repair, float]]]:
    """Return the repairs of every window, each with the probability that its span is damaged.

    `channels` are those that are allowed.
    """
    traits = traits_of(splice(text, done), found=text)
    known = _Known(channels, evidence, traits, restore=restore, brief=True)
    sample = list(_each_explained(text, found[:SAMPLE], done, known))
    best = [explained[0] for explained in sample if explained]
    taught = learned(
        (Reading(piece.after, (one.channel.lossless,), 0.0), piece.confidence)
        for one in best
        for piece in one.pieces
        if not piece.edits
    )
    known.brief = False
    kept = _losses(sample)
    if taught.taught or kept:
        sure = [piece for one in best for piece in one.pieces if piece.confidence >= SURE]
        repairs = list(_apart([*done, *sure]))
        after = splice(text, repairs)
        exact = [repair for repair in repairs if not repair.lost]
        doubtful = (replace(piece, after=_NONE) for one in best for piece in one.pieces)
        undoubted = splice(text, _apart([*exact, *doubtful]))
        chains = {**evidence.taught, **taught.taught}
        known = _Known(
            channels,
            Evidence(chains, evidence.spared, {**evidence.lost, **kept}),
            with_own_words(
                replace(
                    traits_of(after),
                    returns=traits.returns,
                    eaten=traits.eaten,
                    controls=traits.controls,
                ),
                undoubted,
                "".join(one.after for one in repairs),
            ),
            _spared(text, exact, (chain[0] for chain in chains if len(chain) == 1)),
            restore=restore,
            edits=any(piece.edits for one in best for piece in one.pieces),
        )
    return [_repairs(text, one) for one in _each_explained(text, found, done, known)]


def _each_explained(
    text: str, found: Iterable[Suspect], done: Sequence[Repair], known: _Known
) -> Iterator[list[Explained]]:
    """Yield what hypotheses make of each window, given what the best ones make of those before."""
    pieces: list[Piece] = []
    for one in found:
        window = one.window
        first = first_before(text, window.start)
        pieces = [piece for piece in pieces if piece.start >= first]
        if pieces:
            before = list(_apart([*inside(done, first, window.start), *pieces]))
            left = spliced_part(text, before, first, window.start)
            window = replace(window, left=left)
        explained = _explained(text, replace(one, window=window), known)
        pieces += explained[0].pieces if explained else ()
        yield explained


def shows_damage(
    text: str, found: Sequence[Suspect], channels: Collection[Channel], evidence: Evidence
) -> bool:
    """Tell whether a channel explains a part of the suspects better than that it is as it is."""
    known = _Known(channels, evidence, traits_of(text), restore=True)
    return any(
        one.pieces for suspect in found for one in _hypotheses(text, suspect, known, first=True)
    )


def _spared(
    text: str, repairs: Sequence[Piece | Repair], channels: Iterable[Channel]
) -> Mapping[Channel, float]:
    """Return, by channel, the log weight of a character that its reader has, left as it is."""
    hit = sum(not char.isascii() for repair in repairs for char in text[repair.start : repair.end])
    ends = [0, *(repair.end for repair in repairs)]
    starts = [*(repair.start for repair in repairs), ECHOED]
    rest = Counter("".join(text[end:start] for end, start in zip(ends, starts, strict=True)))
    far = {char: count for char, count in rest.items() if char >= "\x80"}
    weights: dict[Channel, float] = {}
    for channel in channels:
        left = sum(count for char, count in far.items() if bytes_of(char, channel.read_as))
        weights[channel] = SPARED * math.log((left + 0.5) / (hit + left + 1))
    return weights


def _apart(pieces: Iterable[Piece | Repair]) -> Iterator[Piece | Repair]:
    """Yield pieces and repairs in the order of the text, without those that overlap another one."""
    end = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.start >= end:
            yield piece
            end = piece.end


def _explained(text: str, suspect: Suspect, known: _Known) -> list[Explained]:
    """Return what each hypothesis makes of a window, the best one first."""
    return sorted(_hypotheses(text, suspect, known), key=lambda one: -one.rank)


def _hypotheses(
    text: str, suspect: Suspect, known: _Known, *, first: bool = False
) -> Sequence[Explained]:
    """Return what hypotheses make of a window, up to one that explains all that is strange.

    With `first`, up to one that explains anything.
    """
    window = suspect.window
    lossy = known.evidence.lost
    found: list[Explained] = []
    best: Explained | None = None
    for channel in sorted(suspect.channels, key=lambda channel: channel not in lossy):
        if best and best.loses and best.channel.lossless in lossy and channel not in lossy:
            break  # The document is known to have lost bytes there.
        near = replace(channel, read_as=_NEAR.get(channel.read_as, ""))
        if best and best.channel.lossless == near and not _leaves_strange(text, best, window):
            continue
        for one in _through(text, window, channel, known):
            found.append(one)
            if first and one.pieces:
                return found
        best = max(found, key=lambda one: one.rank)
        if _is_settled(text, best, window):
            break
    if best and known.restore:
        found += _by_others(text, suspect, best, known)
        best = max(found, key=lambda one: one.rank)
    if known.edits and not (best and _is_settled(text, best, window)):
        found += _edited(text, suspect, found, known)
    return found


def _edited(
    text: str, suspect: Suspect, found: Sequence[Explained], known: _Known
) -> Iterator[Explained]:
    """Yield what the likeliest hypotheses make of a window if the text was edited afterwards."""
    # What hides behind edits may belong to another loss than the likeliest one.
    likely: dict[str, Channel] = {}
    for one in sorted(found, key=lambda one: -one.rank):
        likely.setdefault(one.channel.loss, one.channel)
    window = suspect.window
    part = text[window.start : window.end]
    for channel in itertools.islice(likely.values(), EDITED):
        if edited(channel).search(part):
            yield _with_edits(text, window, channel, known)


def _through(text: str, window: Window, channel: Channel, known: _Known) -> Iterator[Explained]:
    """Yield what a channel makes of a window with each of its losses, until one explains it."""
    marked = False
    for name in _losses_of(channel, text[window.start : window.end], known):
        if name == "drop" and marked:
            continue
        one = _by(text, window, known.hypothesis(replace(channel, loss=name)), known)
        yield one
        if one.pieces and not one.loses and _is_settled(text, one, window):
            break
        marked = marked or (one.loses and name in MARKING)


def _by_others(text: str, suspect: Suspect, best: Explained, known: _Known) -> Iterator[Explained]:
    """Yield what readers of one byte a character make of a window that lose other bytes.

    From the bytes that are left they read the same, so what is known of the best one holds.
    """
    one, window = best.channel.lossless, suspect.window
    if CHARSETS[one.read_as].leads or not (best.loses or _leaves_strange(text, best, window)):
        return
    part = text[window.start : window.end]
    tried: set[tuple[str, frozenset[int]]] = set()
    for other in (one, *suspect.alike.get(one, ())):
        same = best.loses and best.channel.loss in losses(other.read_as)
        for name in (best.channel.loss,) if same else _marking(other, part):
            lost = lost_bytes(other.read_as, name)
            if not lost or (LOSSES[name].mark, lost) in tried:
                continue
            tried.add((LOSSES[name].mark, lost))
            if other != one:
                yield _by(text, window, known.hypothesis(replace(other, loss=name), one), known)


def _with_edits(text: str, window: Window, channel: Channel, known: _Known) -> Explained:
    """Return what a channel makes of a window if the text was edited afterwards.

    Where controls were removed, a reader that has them leaves the same as one that has not: what
    the likelier one makes.
    """
    told = [known.hypothesis(channel)]
    other = Channel(channel.written_as, _WITH_CONTROLS.get(channel.read_as, ""))
    if other in known.channels:
        told.append(known.hypothesis(other, channel.lossless))
    explained = [_by(text, window, one, known, edits=True) for one in told]
    return max(explained, key=lambda one: one.rank)


def _by(
    text: str, window: Window, told: Hypothesis, known: _Known, *, edits: bool = False
) -> Explained:
    weight, pieces = Lattice(text, window, told, edits=edits, brief=known.brief).best_path()
    words, left = known.traits.words, window.left[-REACH:]
    start = window.start
    pieces, of_words = reweighed(text, pieces, words, start, left, told.completed)
    told_too, of_rests = told_by_words(text, window, pieces, told, words)
    return Explained(told.channel, weight, told_too, of_words + of_rests)


def _losses_of(channel: Channel, part: str, known: _Known) -> Sequence[str]:
    """Return the losses by which a part of a line may have gone through a channel."""
    if not known.restore:
        return ("",)
    shown = _marking(channel, part)
    shown += [name for name in losses(channel.read_as) if name == "drop"]
    had = known.evidence.lost.get(channel, ())
    if had:
        shown = [name for name in shown if name in had] or shown
    # Out of legacy charsets, characters that only some readers have are no sign of a loss.
    if channel.written_as not in UNICODE or not shown:
        return ("", *shown)
    if "drop" in shown and not _kept(channel.read_as).isdisjoint(part):
        shown.insert(shown.index("drop"), "")
    return shown


def _marking(channel: Channel, part: str) -> list[str]:
    """Return the losses of a channel whose marks a part of a line has, the likeliest first."""
    marks = {name: LOSSES[name].mark for name in losses(channel.read_as)}
    shown = [name for name, mark in marks.items() if mark and mark in part]
    return sorted(shown, key=lambda name: -LOSS_WEIGHTS[name])


@cache
def _kept(reader: str) -> frozenset[str]:
    """Return what a reader makes of the bytes that it may drop, where it keeps them."""
    kept = (CHARSETS[reader].table.get(bytes([byte])) for byte in lost_bytes(reader, "drop"))
    return frozenset(char for char in kept if char)


def _is_settled(text: str, explained: Explained, window: Window) -> bool:
    """Tell whether everything strange in a window is surely explained."""
    leads, pieces = leading(explained.channel), explained.pieces
    sure = all(piece.confidence >= SURE for piece in pieces)
    # The first byte of a character behind what is explained is no letter of the next word.
    whole = not any(leads.match(text, piece.end, window.end) for piece in pieces)
    return sure and whole and not _leaves_strange(text, explained, window)


def _leaves_strange(text: str, explained: Explained, window: Window) -> bool:
    """Tell whether a word of a window is strange still."""
    after = splice(text, explained.pieces, window.start, window.end)
    return any(map(is_strange, WORD.findall(after)))


def _losses(sample: Sequence[Sequence[Explained]]) -> dict[Channel, frozenset[str]]:
    """Return the likeliest losses of each channel through which the document surely went."""
    weights: dict[Channel, dict[str, float]] = {}
    for explained in sample:
        best = explained[0] if explained else None
        if best is None or not best.loses:
            continue
        channel = best.channel.lossless
        own = weights.setdefault(channel, {})
        seen = {one.channel.loss: one.rank for one in explained if one.channel.lossless == channel}
        for name in {*own, *seen}:
            own[name] = own.get(name, 0.0) + max(-CLEAR, seen.get(name, -math.inf) - best.rank)
    return {
        channel: frozenset(name for name in own if own[name] >= max(own.values()) - DOUBT)
        for channel, own in weights.items()
    }


def _repairs(text: str, explained: Sequence[Explained]) -> list[tuple[Repair, float]]:
    """Return the pieces of the best hypothesis as repairs.

    What other hypotheses make of a span counts for or against it by their weight.
    """
    if not explained or not explained[0].pieces:
        return []
    best, *others = explained
    shares = [math.exp(TEMPERATURE * (one.rank - best.rank)) for one in others]
    total = 1 + sum(shares)
    result = []
    for piece in best.pieces:
        confidence, damaged = piece.confidence, piece.damaged
        alternatives: dict[str, float] = dict(piece.alternatives)
        for other, share in zip(others, shares, strict=True):
            same, hit = _agreement(piece, other.pieces)
            confidence += share * same
            damaged += share * hit
            for reading, part in _readings(piece, other.pieces):
                alternatives[reading] = alternatives.get(reading, 0.0) + share * part
        shown = sorted(alternatives.items(), key=lambda one: -one[1])
        channel = best.channel if piece.lost > len(piece.edits) else best.channel.lossless
        repair = Repair(
            piece.start,
            piece.end,
            text[piece.start : piece.end],
            piece.after,
            (Layer(channel, piece.edits),),
            "restored" if piece.lost else "exact",
            piece.lost,
            confidence / total,
            tuple((reading, part / total) for reading, part in shown[:READINGS]),
        )
        result.append((repair, damaged / total))
    return result


def _readings(piece: Piece, others: Sequence[Piece]) -> Iterator[tuple[str, float]]:
    """Yield the other readings of a piece that lost something in the one of `others` on its span.

    With their probabilities.
    """
    for other in others if piece.lost else ():
        if (other.start, other.end) == (piece.start, piece.end) and other.lost:
            for reading, share in ((other.after, other.confidence), *other.alternatives):
                if reading != piece.after:
                    yield reading, share


def _agreement(piece: Piece, others: Sequence[Piece]) -> tuple[float, float]:
    """Return how sure other pieces are of the same reading, and of any damage in its span."""
    for other in others:
        if other.start <= piece.start and piece.end <= other.end:
            at = other.after.find(piece.after)
            return (other.confidence if at >= 0 else 0.0), other.damaged
    return 0.0, 0.0
