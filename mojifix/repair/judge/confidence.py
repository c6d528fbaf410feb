"""Confidence that is calibrated: of the repairs given 0.95, 95 of 100 are right.

The model's own probabilities order repairs well, but claim too much where bytes were lost: its
errors there come together. Logistic curves turn them into shares that were right: one for repairs
that lost nothing, one for those that did, and one for undecided places, which claim damage only.
`tools/fit_confidence.py` makes the curves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mojifix.charsets.registry import UNICODE
from mojifix.model import Channel, Repair, Result
from mojifix.repair.judge.curves import EXACT, RESTORED, UNDECIDED

MOST = 12.0
"""Log odds, at most, that a probability of the model counts as: beyond it they tell no more."""

Features = tuple[float, ...]


def calibrated(result: Result) -> Result:
    """Return a result with the confidence of its repairs and of their alternatives calibrated.

    What is quoted keeps its own, and undecided places those of their readings.
    """
    if not (result.repairs or result.suspected):
        return result
    found = features(result)
    count = len(result.repairs)
    return replace(
        result,
        repairs=tuple(map(_calibrated, result.repairs, found[:count])),
        suspected=tuple(map(_calibrated, result.suspected, found[count:])),
    )


def features(result: Result) -> list[Features]:
    """Return what the curves weigh of each repair, the applied ones first.

    The log odds that the model gives; the logarithm of the number of bytes that were put back; the
    share of lost bytes among the characters beyond ASCII of all repairs, from 0 to 1; whether the
    writer is a legacy charset, something was edited, something in the text stays open; and the
    logarithm of how many characters beyond ASCII went through the channel, if it is of UTF-8, and
    if it is not.
    """
    repairs = [*result.repairs, *result.suspected]
    lost = sum(repair.lost for repair in repairs)
    far = sum(char >= "\x80" for repair in repairs for char in repair.after)
    density = min(1.0, lost / max(1, far))
    through: Counter[Channel] = Counter()
    for repair in repairs:
        through[repair.layers[0].channel.lossless] += sum(char >= "\x80" for char in repair.before)
    is_open = any(repair.kind in ("undecided", "suspected") for repair in repairs)
    found: list[Features] = []
    for repair in repairs:
        channel = repair.layers[0].channel.lossless
        is_legacy = channel.written_as not in UNICODE
        support = math.log(1 + through[channel])
        found.append(
            (
                _log_odds(repair.confidence),
                math.log(max(1, repair.lost)),
                density,
                float(is_legacy),
                float(any(layer.edits for layer in repair.layers)),
                float(is_open),
                0.0 if is_legacy else support,
                support if is_legacy else 0.0,
            )
        )
    return found


def share(curve: Sequence[float], of: Sequence[float]) -> float:
    """Return the share of repairs with these features that are right: in (0, 1).

    `curve` is a constant and a weight for each feature.
    """
    first, *weights = curve
    return 1 / (1 + math.exp(-first - sum(map(float.__mul__, weights, of))))


CURVES: Mapping[str, Sequence[float]] = {
    "EXACT": EXACT,
    "RESTORED": RESTORED,
    "UNDECIDED": UNDECIDED,
}


def curve_of(repair: Repair) -> str:
    """Return the name of the curve that a repair is on."""
    if repair.kind == "undecided":
        return "UNDECIDED"
    return "RESTORED" if repair.lost else "EXACT"


def _calibrated(repair: Repair, of: Features) -> Repair:
    if repair.kind == "quoted":
        return repair
    raw = repair.confidence
    confidence = share(CURVES[curve_of(repair)], of)
    if repair.kind == "undecided":
        return replace(repair, confidence=confidence)
    # Their ratio stays as it is where that leaves no more than certainty in all.
    others = sum(other for _, other in repair.alternatives)
    factor = min(confidence / raw if raw else 1.0, (1 - confidence) / others if others else 1.0)
    alternatives = tuple((after, other * factor) for after, other in repair.alternatives)
    return replace(repair, confidence=confidence, alternatives=alternatives)


def _log_odds(probability: float) -> float:
    inside = min(1 - 1e-9, max(1e-9, probability))
    return max(-MOST, min(MOST, math.log(inside / (1 - inside))))
