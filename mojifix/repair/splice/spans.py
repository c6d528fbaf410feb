"""Repairs beside one another: which of them touch, which are one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from mojifix.model import Repair
from mojifix.repair.proof import holds

GAP = 1
"""ASCII characters, at most, between two repairs that are told as one: the space between words."""


def inside(repairs: Sequence[Repair], start: int, end: int) -> Sequence[Repair]:
    """Return those of some repairs, which are sorted, that begin in a span."""
    first = bisect_left(repairs, start, key=lambda repair: repair.start)
    return repairs[first : bisect_left(repairs, end, key=lambda repair: repair.start)]


def touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether one of `spans`, sorted and apart, overlaps a span."""
    at = bisect_left(spans, start + 1, key=lambda span: span[1])
    return at < len(spans) and spans[at][0] < end


def beside(text: str, start: int, end: int) -> str:
    """Return the characters on both sides of a span; none where the text begins or ends."""
    return text[max(0, start - 1) : start] + text[end : end + 1]


def joined(text: str, repairs: Sequence[Repair]) -> list[Repair]:
    """Join neighbours that went through the same layers and are proven as one."""
    joined: list[Repair] = []
    for repair in repairs:
        last = joined[-1] if joined else None
        if last and {last.kind, repair.kind} <= {"exact", "restored"}:
            gap = text[last.end : repair.start]
            near = len(gap) <= GAP and gap.isascii() and "\n" not in gap
            one = both(last, repair, gap) if near else None
            if one and holds(one.after, one.before, one.layers, text[one.end : one.end + 1]):
                joined[-1] = one
                continue
        joined.append(repair)
    return joined


def both(left: Repair, right: Repair, gap: str) -> Repair | None:
    """Return two repairs and the text between them as one; None if their layers differ."""
    layers = {repair.layers for repair in (left, right) if repair.lost} or {left.layers}
    if len(layers) > 1 or list(map(str, left.layers)) != list(map(str, right.layers)):
        return None
    return Repair(
        left.start,
        right.end,
        left.before + gap + right.before,
        left.after + gap + right.after,
        layers.pop(),
        "restored" if left.lost or right.lost else "exact",
        left.lost + right.lost,
        min(left.confidence, right.confidence),
    )


def replaced(repairs: Iterable[Repair], added: Iterable[Repair]) -> list[Repair]:
    """Return repairs that are added to others, and those of the others that they don't touch."""
    found = sorted(added, key=lambda repair: repair.start)
    spans = [(repair.start, repair.end) for repair in found]
    kept = (repair for repair in repairs if not touches(spans, repair.start, repair.end))
    return sorted([*kept, *found], key=lambda repair: repair.start)


def same_ascii(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two texts begin and end with alike, all of them ASCII."""
    lead = _same(one, other)
    return lead, _same(one[lead:][::-1], other[lead:][::-1])


def _same(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next(
        (at for at, (a, b) in enumerate(pairs) if a != b or a >= "\x80"), min(len(one), len(other))
    )
