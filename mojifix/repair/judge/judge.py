"""The decision: which explanations of a document become repairs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mojifix.model import Policy, Repair
from mojifix.repair.judge.negatives import is_negative
from mojifix.repair.proof import holds

SURE_PARTS = 2
"""Characters of a span that must be sure for each that is undecided."""

LOST_BYTE = 0.25
"""Share of a character of four bytes, such as an emoji, that is undecided where one was lost."""

FEW_GUESSES = 4
"""Places of a span that may be likelier than not without being held against it."""

LIKELY = 0.01
"""Probability beside that of the likeliest reading from which on one counts."""


def judged(text: str, repair: Repair, policy: Policy) -> Repair:
    """Return `repair` as it is if it may be applied, else as a suspected one."""
    proven = holds(repair.after, repair.before, repair.layers, text[repair.end : repair.end + 1])
    allowed = policy.restore or not repair.lost
    sure = repair.confidence >= policy.min_confidence
    if proven and allowed and sure and not is_negative(text, repair):
        return repair
    return replace(repair, kind="suspected")


def whole(text: str, found: Iterable[tuple[Repair, float]], policy: Policy) -> list[Repair]:
    """Return repairs of which those that touch are all applied or all suspected.

    Half of a damaged sentence is no repair; but where most of it is sure, the places that are not
    are left undecided.
    """
    result: list[Repair] = []
    group: list[tuple[Repair, float]] = []
    for repair, damaged in found:
        if group and group[-1][0].end != repair.start:
            result += _agreed(text, group, policy)
            group = []
        group.append((repair, damaged))
    return result + _agreed(text, group, policy)


def _agreed(text: str, group: Sequence[tuple[Repair, float]], policy: Policy) -> list[Repair]:
    agreed: list[Repair] = []
    guessed: list[float] = []
    sure = unsure = 0.0
    borders = _borders(repair for repair, _ in group if repair.confidence >= policy.min_confidence)
    for repair, damaged in group:
        one = judged(text, repair, policy)
        if one.kind == "suspected":
            is_end = not borders.isdisjoint((repair.start, repair.end))
            doubtful = _doubtful(text, repair, damaged, policy, is_end=is_end)
            if doubtful is None:
                agreed.append(one)
                unsure += SURE_PARTS * len(repair.after)
                continue
            one = doubtful
        agreed.append(one)
        if one.kind == "undecided":
            alike = sum(_shared(one.alternatives))
            rest = max(1, len(repair.after) - alike)
            lost = LOST_BYTE if repair.lost == 1 and repair.after > "\uffff" else 1.0
            sure += alike + rest * (1 - lost)
            unsure += rest * lost
        elif one.confidence >= policy.min_confidence:
            sure += len(repair.after)
        else:
            guessed.append(1 - one.confidence)
    # A place or two may be guessed; a text of guesses is none.
    doubt = sum(guessed) if len(guessed) > FEW_GUESSES else 0.0
    if sure < SURE_PARTS * (unsure + doubt):
        return [replace(repair, kind="suspected") for repair, _ in group]
    return agreed


def _borders(repairs: Iterable[Repair]) -> set[int]:
    """Return where repairs that lost nothing begin and end."""
    return {at for repair in repairs if not repair.lost for at in (repair.start, repair.end)}


def _doubtful(
    text: str, repair: Repair, damaged: float, policy: Policy, *, is_end: bool
) -> Repair | None:
    """Return the repair of a part of a damaged span that is not sure; None if it is suspected only.

    A place that lost something is undecided where nothing is likely. What lost nothing may be the
    end of what is sure: where damage begins and ends, the likelier way is taken.
    """
    following = text[repair.end : repair.end + 1]
    if is_negative(text, repair) or not holds(
        repair.after, repair.before, repair.layers, following
    ):
        return None
    is_likely = repair.confidence >= policy.min_restored
    if not repair.lost:
        return repair if is_end and is_likely and policy.restore else None
    if not policy.restore or damaged < policy.min_confidence:
        return None
    return repair if is_likely else _undecided(repair, damaged, policy)


def undecided(text: str, repair: Repair, policy: Policy) -> Repair | None:
    """Return a suspected repair of a place that surely lost something as an undecided one.

    None if that is not sure, or may be no damage: question marks alone may ask.
    """
    if not repair.lost or repair.before.isascii():
        return None
    damaged = min(1.0, repair.confidence + sum(share for _, share in repair.alternatives))
    found = _doubtful(text, repair, damaged, policy, is_end=False)
    # What is likely was suspected for another reason.
    return found if found and found.kind == "undecided" else None


def _undecided(repair: Repair, damaged: float, policy: Policy) -> Repair:
    """Return the repair of a place that surely lost something, nobody knows what.

    What its likely readings begin and end with alike is sure.
    """
    readings = ((repair.after, repair.confidence), *repair.alternatives)
    lead, tail = _shared(readings)
    marked = repair.after[:lead] + "\ufffd" + repair.after[len(repair.after) - tail :]
    after = {"mark": marked, "keep": repair.before, "guess": repair.after}
    return replace(
        repair,
        kind="undecided",
        after=after[policy.undecided],
        confidence=damaged,
        alternatives=readings,
    )


def _shared(readings: Sequence[tuple[str, float]]) -> tuple[int, int]:
    """Return how many characters the likely ones of some readings begin and end with alike."""
    best, top = readings[0]
    likely = [reading for reading, share in readings if share >= LIKELY * top]
    if len(likely) == 1:
        # What else it may have been is not known: that its tail is as it was found, is.
        return 0, len(best) - len(best.rstrip(_ASCII))
    lead = _alike(likely)
    return lead, _alike([reading[lead:][::-1] for reading in likely])


def _alike(readings: Sequence[str]) -> int:
    """Return how many characters some readings begin with alike."""
    columns = zip(*readings, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda chars: len(set(chars)) == 1, columns))


_ASCII = "".join(map(chr, range(128)))
