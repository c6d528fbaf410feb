"""All that is found in a document: each way to explain it is asked in turn."""

from __future__ import annotations

import math
import re
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice

from mojifix.charsets.registry import PRIORS, UNICODE, parse_channel
from mojifix.language import trigrams
from mojifix.language.alphabets import is_listed
from mojifix.language.identification import SAMPLE, tongue_of
from mojifix.model import APPLIED, Channel, Layer, Policy, Repair
from mojifix.repair.decode.evidence import Evidence, seen_in
from mojifix.repair.decode.own_words import may_be_own, own_words
from mojifix.repair.decode.propose import Candidate, candidates, spaced_letters, stripped_words
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.decode.words import TEMPERATURE
from mojifix.repair.gate.customary import is_customary
from mojifix.repair.gate.dead import DEAD
from mojifix.repair.gate.lines import Line, lines_of
from mojifix.repair.gate.quoted import told_apart
from mojifix.repair.gate.signs import may_be_sign
from mojifix.repair.gate.strange import is_strange
from mojifix.repair.inert import Gate
from mojifix.repair.judge.ends import gain, with_ends
from mojifix.repair.judge.judge import judged, whole
from mojifix.repair.judge.negatives import asks, is_initial, is_spelled_by_chance, without_lone
from mojifix.repair.judge.readings import choose
from mojifix.repair.judge.support import without_unsupported
from mojifix.repair.lattice.hypothesis import EDIT_WEIGHTS
from mojifix.repair.lattice.suspects import Suspect, decoded, first_before, shows_damage, suspects
from mojifix.repair.splice.spans import inside, joined, replaced, same_ascii, touches

PLACED, KNOWN, ENDORSED, SUPPOSED = 20.0, 12.0, 6.0, 3.0
"""Log weight of what its place tells, of what its look does, of what ftfy's heuristics propose, and
of what they put back where something was removed: they leave all but one in 100,000 clean lines."""

MOST = 2
"""Lines that are not ASCII to each that shows a mark of damage, at most, where those that show none
are looked at as well: in other documents most are clean."""

_SYMBOL = re.compile(r"[^\w\x00-\x7f·]")

_RUN = re.compile(r"(.{1,3})\1{15}", re.DOTALL)
"""What repeats like this is no text, damaged or not."""


def find(
    text: str,
    transcoder: Transcoder,
    policy: Policy,
    done: Sequence[Repair] | None = None,
    seen: Sequence[Channel] = (),
) -> list[Repair]:
    """Return the repairs of a document, applied and suspected, sorted and apart.

    `transcoder` has the channels that are allowed. `done` limits the search to the lines that hold
    these repairs, which are applied already; their spans are those in `text`. `seen` are the
    channels through which the document is known to have gone, with what they lost as far as that is
    known.
    """
    if done is None and not seen and is_clean(text, transcoder):
        return []
    found = _found(text, transcoder, policy, done, seen)
    return found if policy.include_quoted else told_apart(text, found)


def is_clean(text: str, transcoder: Transcoder) -> bool:
    """Tell whether nothing in a text shows that it was damaged."""
    return _gate(transcoder).is_inert(text)


def is_known_clean(text: str, transcoder: Transcoder) -> bool:
    """Tell whether `is_clean` is sure to be true, by words that were looked at before."""
    return _gate(transcoder).is_known(text)


@lru_cache(maxsize=8)
def _gate(transcoder: Transcoder) -> Gate:
    return Gate(transcoder, lambda text: _shows_anything(text, transcoder))


def _shows_anything(text: str, transcoder: Transcoder) -> bool:
    """Tell whether `_found` may find anything in a few words, without asking all that it asks."""
    if DEAD.search(text):
        return True
    # What shows because of the text around it is looked at as well.
    lines = list(lines_of(text, [(0, len(text))]))
    policy = Policy()
    evidence = choose(text, lines, transcoder, Evidence())
    if any(_transcoded(text, line, policy) for line in lines):
        return True
    channels = transcoder.channels
    found = _suspects(text, lines, (), channels, evidence)
    if shows_damage(text, found, channels, evidence):
        return True
    return any(
        _with_candidates(one, text, lines, [], channels, evidence, policy)
        for one in (stripped_words, spaced_letters, candidates)
    )


def _found(
    text: str,
    transcoder: Transcoder,
    policy: Policy,
    done: Sequence[Repair] | None = None,
    seen: Sequence[Channel] = (),
) -> list[Repair]:
    """Return what `find` does, of text that shows something, and quotations like all else."""
    channels = transcoder.channels
    within = None if done is None else [(repair.start, repair.end) for repair in done]
    lines = list(lines_of(text, within))
    evidence = choose(text, lines, transcoder, seen_in(seen))
    if within is None and any(chain[0].written_as not in UNICODE for chain in evidence.taught):
        # A short line may show nothing of what has damaged the others: Dzieñ dobry.
        most = MOST * len(lines)
        more = list(islice(lines_of(text, None, plain=True), most + 1))
        if len(lines) < len(more) <= most:
            lines = more
            evidence = choose(text, lines, transcoder, evidence)
    repairs = [repair for line in lines for repair in _transcoded(text, line, policy)]
    repairs = list(with_ends(text, repairs))
    tongue = tongue_of(text[:SAMPLE])
    through = [*seen, *(layer.channel for one in repairs for layer in one.layers)]
    shown = any(channel.written_as in UNICODE for channel in through)
    for one in (stripped_words, partial(spaced_letters, tongue=tongue, shown=shown)):
        repairs = _with_candidates(one, text, lines, repairs, channels, evidence, policy)
    repairs = replaced(repairs, _decoded(text, lines, repairs, channels, evidence, policy))
    repairs = without_unsupported(text, repairs, done or (), seen=bool(seen))
    repairs = _with_candidates(candidates, text, lines, repairs, channels, evidence, policy)
    own = partial(own_words, tongue=tongue)
    repairs = _with_candidates(own, text, lines, repairs, channels, evidence, policy)
    return joined(text, without_lone(text, repairs, seen))


@lru_cache(maxsize=8)
def transcoder_of(names: tuple[str, ...] | None, max_layers: int) -> Transcoder:
    """Return what reads words back through the channels with these names; None: all of them."""
    channels = tuple(PRIORS) if names is None else tuple(map(parse_channel, names))
    lossless = dict.fromkeys(channel.lossless for channel in channels)
    return Transcoder(tuple(lossless), trigrams(), max_layers, Evidence().entry)


def _transcoded(text: str, line: Line, policy: Policy) -> list[Repair]:
    """Return the repairs of the words of a line from which nothing was lost."""
    found = []
    for (start, end), (reading, confidence) in zip(line.words, line.best, strict=True):
        before, after = text[start:end], reading.after
        if before == after:
            continue
        lead, tail = same_ascii(before, after)
        layers = tuple(Layer(channel) for channel in reading.chain)
        repair = Repair(
            start + lead,
            end - tail,
            before[lead : len(before) - tail],
            after[lead : len(after) - tail],
            layers,
            "exact",
            0,
            confidence,
        )
        found.append(judged(text, repair, policy))
    return found


def _decoded(
    text: str,
    lines: Sequence[Line],
    repairs: Sequence[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
    policy: Policy,
) -> list[Repair]:
    """Return the repairs of spans that are no whole words, or from which something was lost."""
    applied = [repair for repair in repairs if repair.kind in APPLIED]
    done = [(repair.start, repair.end) for repair in applied]
    found = _suspects(text, lines, applied, channels, evidence)
    sound: list[Repair] = []
    for some in decoded(text, found, applied, channels, evidence, restore=policy.restore):
        sound += whole(text, some, policy)
    found_too = sorted((*done, *((one.start, one.end) for one in sound if one.kind in APPLIED)))
    return [
        replace(repair, kind="suspected")
        if asks(text, repair, found_too)
        or (repair.kind == "exact" and is_initial(text, repair, found_too))
        or is_spelled_by_chance(text, repair)
        else repair
        for repair in sound
        if not touches(done, repair.start, repair.end)
    ]


def _suspects(
    text: str,
    lines: Sequence[Line],
    applied: Sequence[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
) -> list[Suspect]:
    """Return the parts of lines in which words are strange that no repair explains."""
    done = [(repair.start, repair.end) for repair in applied]
    found: list[Suspect] = []
    for line in lines:
        rest = [
            span
            for span in line.words
            if not touches(done, *span) and _is_suspect(text[slice(*span)])
        ]
        if rest or evidence.taught:
            found += suspects(
                text,
                (line.start, line.end),
                rest,
                inside(applied, first_before(text, line.start), line.end),
                channels,
                evidence,
            )
    return found


def _is_suspect(word: str) -> bool:
    """Tell whether a word is strange, and nothing that looks so in clean text."""
    return (
        is_strange(word)
        and not is_customary(word)
        and not (is_listed(word) and not _SYMBOL.search(word))
        and not _RUN.search(word)
    )


def _with_candidates(
    propose: Callable[[str, Sequence[Channel]], Iterable[Candidate]],
    text: str,
    lines: Sequence[Line],
    repairs: list[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
    policy: Policy,
) -> list[Repair]:
    """Add what is known by its look where nothing was found that may be applied."""
    done = [(r.start, r.end) for r in repairs if r.kind in APPLIED]
    added: list[Repair] = []
    spans: list[tuple[int, int]] = []
    for line in lines:
        rest = [
            (start, end)
            for start, end in line.words
            if not touches(done, start, end) and _may_be_damaged(text[start:end])
        ]
        if not rest:
            continue
        for candidate in propose(text[line.start : line.end], channels):
            start, end = line.start + candidate.start, line.start + candidate.end
            if touches(done, start, end):
                continue
            gained = gain(text, start, end, candidate.after)
            chain = tuple(layer.channel.lossless for layer in candidate.layers)
            edits = [EDIT_WEIGHTS[edit] for layer in candidate.layers for edit in layer.edits]
            trusted = _trust(candidate, edited=bool(edits))
            confidence = _probability(gained + evidence.entry(chain) + sum(edits) + trusted)
            lost = sum("removed" in edit for layer in candidate.layers for edit in layer.edits)
            lost += sum(bool(layer.channel.loss) for layer in candidate.layers)
            repair = Repair(
                start,
                end,
                text[start:end],
                candidate.after,
                candidate.layers,
                "restored" if lost else "exact",
                lost,
                confidence,
            )
            if touches(spans, start, end):
                added = [r for r in added if r.end <= start or end <= r.start]
                spans = sorted((r.start, r.end) for r in added)
            added.append(judged(text, repair, policy))
            insort(spans, (start, end))
            if added[-1].kind in APPLIED:
                insort(done, (start, end))
    return replaced(repairs, added)


def _may_be_damaged(word: str) -> bool:
    return is_strange(word) or may_be_sign(word) or may_be_own(word)


def _trust(candidate: Candidate, *, edited: bool) -> float:
    """Return the log weight of what a candidate looks like."""
    if candidate.placed:
        return PLACED + KNOWN * candidate.known
    return KNOWN if candidate.known else SUPPOSED if edited else ENDORSED


def _probability(weight: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, TEMPERATURE * weight))))
