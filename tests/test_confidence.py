"""Confidence is a probability, and about the share of repairs that are right."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mojifix
from mojifix.model import Channel, Layer, Repair, Result
from mojifix.repair.judge.confidence import calibrated, features
from mojifix.repair.judge.curves import EXACT, RESTORED, UNDECIDED
from mojifix.repair.peel import uncalibrated

GBK = (Layer(Channel("utf-8", "gbk", "drop")),)
PROBABILITY = st.floats(0, 1)


def repair(confidence: float, lost: int = 1, *others: float) -> Repair:
    kind = "restored" if lost else "exact"
    alternatives = tuple(zip("abcdefgh", others, strict=False))
    return Repair(0, 1, "鈥", "’", GBK, kind, lost, confidence, alternatives)


def alone(one: Repair) -> Repair:
    return calibrated(Result("’", "鈥", (one,))).repairs[0]


@given(PROBABILITY, st.integers(0, 50))
def test_nothing_is_certain(confidence: float, lost: int) -> None:
    assert 0 < alone(repair(confidence, lost)).confidence < 1


@given(PROBABILITY, PROBABILITY, st.integers(0, 9))
def test_what_the_model_finds_likelier_stays_likelier(one: float, other: float, lost: int) -> None:
    low, high = sorted((one, other))
    assert alone(repair(low, lost)).confidence <= alone(repair(high, lost)).confidence


@given(PROBABILITY)
def test_more_lost_bytes_are_less_sure(confidence: float) -> None:
    assert alone(repair(confidence, 4)).confidence < alone(repair(confidence, 1)).confidence


@given(st.floats(0.3, 1), st.lists(st.floats(0, 1), max_size=6))
def test_all_readings_together_are_no_more_than_certain(first: float, shares: list[float]) -> None:
    total = sum(shares) or 1.0
    others = sorted(((1 - first) * share / total for share in shares), reverse=True)
    one = alone(repair(first, 1, *others))
    assert one.confidence + sum(share for _, share in one.alternatives) <= 1 + 1e-9


def test_undecided_places_are_mostly_damaged_and_keep_their_readings() -> None:
    one = Repair(0, 1, "鈥", "\ufffd", GBK, "undecided", 1, 0.97, (("’", 0.4),))
    assert 0.8 < alone(one).confidence < 1
    assert alone(one).alternatives == one.alternatives


@pytest.mark.parametrize("curve", [EXACT, RESTORED, UNDECIDED])
def test_a_curve_has_a_weight_for_each_feature(curve: tuple[float, ...]) -> None:
    assert len(curve) == 1 + len(features(Result("’", "鈥", (repair(0.9),)))[0])


def test_calibration_changes_no_repair() -> None:
    text = "The mill鈥檚 wheel, 鈥渋t would be good 鈥 its pause鈥 he said"
    found, own = mojifix.repair(text), uncalibrated(text)
    assert found.text == own.text
    assert [r.after for r in found.repairs] == [r.after for r in own.repairs]


@pytest.mark.slow
def test_confidence_is_about_the_share_that_is_right() -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
    try:
        import calibration
        import material
    finally:
        sys.path.pop(0)
    cases = islice(calibration.mixture(material.Sampler("dev", seed=5)), 100)
    found = [
        one for one in calibration.judged(cases, float("inf")) if one.repair.kind != "undecided"
    ]
    assert len(found) > 100
    assert abs(calibration.claimed(found) - calibration.share(found)) < 0.08
