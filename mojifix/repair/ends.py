"""Where a repair begins and ends in text whose words are not spaced."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mojifix.language import trigrams
from mojifix.language.lexicon import UNSPACED
from mojifix.model import APPLIED, Repair
from mojifix.repair.floors import floored
from mojifix.repair.transcode import Reading, Transcoder

REACH, BETTER = 4, 2.0
"""Characters, at most, that a repair takes in at each end, and the log weight by which it is
likelier then."""


def with_ends(text: str, repairs: Sequence[Repair], transcoder: Transcoder) -> Iterator[Repair]:
    """Yield repairs, sorted and apart, with what the same damage explains beside them.

    Characters that clean text has as well may belong to either side of a border.
    """
    least = 0
    for found, following in itertools.zip_longest(repairs, repairs[1:]):
        one = found
        if one.kind in APPLIED and UNSPACED.search(one.after):
            most = following.start if following else len(text)
            starts = range(one.start - 1, max(least, one.start - REACH) - 1, -1)
            one = _likeliest(text, one, ((start, found.end) for start in starts), transcoder)
            start, ends = one.start, range(one.end + 1, min(most, one.end + REACH) + 1)
            one = _likeliest(text, one, ((start, end) for end in ends), transcoder)
        yield one
        least = one.end


def _likeliest(
    text: str, repair: Repair, spans: Iterable[tuple[int, int]], transcoder: Transcoder
) -> Repair:
    """Return a repair, or one of wider spans, up to the next space, if that is likelier."""
    chain = tuple(layer.channel for layer in repair.layers)
    best, most = repair, gain(text, repair.start, repair.end, repair.after) + BETTER
    for start, end in spans:
        if any(map(str.isspace, text[start : repair.start] + text[repair.end : end])):
            break
        before = text[start:end]
        reading = transcoder.through(Reading(before, (), 0.0), chain)
        if reading is None:
            continue
        own = gain(text, start, end, reading.after)
        if own > most:
            best = replace(repair, start=start, end=end, before=before, after=reading.after)
            most = own
    return best


def gain(text: str, start: int, end: int, after: str) -> float:
    """Return by how much the log probability of a text grows if the span becomes `after`."""
    left = ("\n\n" + text[max(0, start - 2) : start])[-2:]
    right = text[end : end + 2]

    def score(span: str, weights: Mapping[str, float]) -> float:
        whole = left + span + right
        return sum(weights[whole[i : i + 3]] for i in range(len(whole) - 2))

    return score(after, trigrams()) - score(text[start:end], floored()[1])
