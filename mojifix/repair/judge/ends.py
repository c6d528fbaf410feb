"""Where a repair begins and ends in text whose words are not spaced."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from mojifix.language import trigrams
from mojifix.language.lexicon import UNSPACED
from mojifix.language.ngrams import weight_behind
from mojifix.model import APPLIED, Repair
from mojifix.repair.decode.readback import read_back
from mojifix.repair.gate.floors import floored
from mojifix.repair.gate.parts import is_unspaced

REACH, BETTER = 4, 2.0
"""Characters, at most, by which each end of a repair is moved, and the log weight by which it is
likelier then."""


def with_ends(text: str, repairs: Sequence[Repair]) -> Iterator[Repair]:
    """Yield repairs, sorted and apart, with the likeliest ends.

    Characters that clean text has as well may belong to either side of a border: a repair takes in
    what the same damage explains, and leaves what is natural as it is.
    """
    least = 0
    for found, following in itertools.zip_longest(repairs, repairs[1:]):
        one = found
        if one.kind in APPLIED and UNSPACED.search(one.after):
            most = following.start if following else len(text)
            one = _wider(text, one, max(least, one.start - REACH), one.end)
            one = _wider(text, one, one.start, min(most, one.end + REACH))
            if one.start and is_unspaced(text[one.start - 1]):
                one = _narrower(text, one, min(one.end, one.start + REACH), one.end)
            if one.end < len(text) and is_unspaced(text[one.end]):
                one = _narrower(text, one, one.start, max(one.start, one.end - REACH))
        yield one
        least = one.end


def _wider(text: str, repair: Repair, first: int, last: int) -> Repair:
    """Return a repair, or the likeliest one that reaches as far as `first` and `last`."""

    def weight(one: Repair) -> float:
        return gain(text, one.start, one.end, one.after)

    return _likeliest(text, repair, (first, last), weight)


def _narrower(text: str, repair: Repair, first: int, last: int) -> Repair:
    """Return a repair, or the likeliest one that begins or ends as late and early as that."""
    left, right = _context(text, repair.start, repair.end)

    def weight(one: Repair) -> float:
        after = text[repair.start : one.start] + one.after + text[one.end : repair.end]
        return weight_behind(left + after + right, trigrams())

    return _likeliest(text, repair, (first, last), weight)


def _likeliest(
    text: str, repair: Repair, last: tuple[int, int], weight: Callable[[Repair], float]
) -> Repair:
    """Return a repair, or the likeliest one of the spans up to `last`, or to the next space."""
    best, most = repair, weight(repair) + BETTER
    for start, end in _between((repair.start, repair.end), last):
        if any(map(str.isspace, text[start : repair.start] + text[repair.end : end])):
            break
        one = _of_span(text, repair, start, end)
        if one and (own := weight(one)) > most:
            best, most = one, own
    return best


def _between(span: tuple[int, int], last: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """Return the spans from one, left out, to another that differs at one end only."""
    (start, end), (first, stop) = span, last
    if start != first:
        step = 1 if first > start else -1
        return ((at, end) for at in range(start + step, first + step, step))
    step = 1 if stop > end else -1
    return ((start, at) for at in range(end + step, stop + step, step))


def _of_span(text: str, repair: Repair, start: int, end: int) -> Repair | None:
    """Return the repair of another span by the layers of `repair`; None if there is none."""
    before = text[start:end]
    chain = tuple(layer.channel for layer in repair.layers)
    after = read_back(before, chain) if before else None
    if after is None or after == before:
        return None
    return replace(repair, start=start, end=end, before=before, after=after)


def gain(text: str, start: int, end: int, after: str) -> float:
    """Return by how much the log probability of a text grows if the span becomes `after`."""
    left, right = _context(text, start, end)
    found = weight_behind(left + text[start:end] + right, floored()[1])
    return weight_behind(left + after + right, trigrams()) - found


def _context(text: str, start: int, end: int) -> tuple[str, str]:
    return ("\n\n" + text[max(0, start - 2) : start])[-2:], text[end : end + 2]
