"""The cases in fixtures/cases: what is repaired, what is left alone, what still fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import mojifix
from mojifix.repair.proof import holds

CASES = Path(__file__).parent.parent / "fixtures" / "cases"


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return cases


def label(case: dict[str, Any]) -> str:
    return str(case["label"])


@pytest.mark.parametrize("case", load("in_the_wild") + load("synthetic"), ids=label)
def test_damaged_text_is_repaired(case: dict[str, Any]) -> None:
    assert mojifix.fix_text(case["text"]) == case["expected"]


@pytest.mark.parametrize("case", load("negative"), ids=label)
def test_clean_text_comes_back_as_the_same_object(case: dict[str, Any]) -> None:
    assert mojifix.fix_text(case["text"]) is case["text"]


@pytest.mark.parametrize("case", load("known_failures"), ids=label)
@pytest.mark.xfail(strict=True, reason="known failure")
def test_known_failure(case: dict[str, Any]) -> None:
    assert mojifix.fix_text(case["text"]) == case["expected"]


@pytest.mark.parametrize("case", load("in_the_wild") + load("synthetic"), ids=label)
def test_every_repair_of_a_case_is_proven(case: dict[str, Any]) -> None:
    text = case["text"]
    for repair in mojifix.repair(text).repairs:
        assert text[repair.start : repair.end] == repair.before
        assert holds(repair.after, repair.before, repair.layers, text[repair.end : repair.end + 1])


# U+FFFD that was damaged once more is dead text, and left alone.
ALIVE = [
    pytest.param(case, marks=pytest.mark.xfail(strict=True, reason="known failure"))
    if "one_more_layer" in case
    else case
    for case in load("in_the_wild") + load("synthetic")
    if "\ufffd" not in case["text"]
]


@pytest.mark.parametrize("case", ALIVE, ids=label)
def test_one_more_layer_is_peeled_off(case: dict[str, Any]) -> None:
    again = mojifix.damage(case["text"], "utf-8>latin-1")
    assert mojifix.fix_text(again) == case["expected"]
