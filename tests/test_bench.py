"""The benchmarks measure what they say."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

import mojifix
from mojifix.model import Channel, Repair

BENCH = str(Path(__file__).parent.parent / "bench")


def module(name: str) -> ModuleType:
    sys.path.insert(0, BENCH)
    try:
        return __import__(name)
    finally:
        sys.path.remove(BENCH)


material, accuracy, calibration, fuzz = map(module, ("material", "accuracy", "calibration", "fuzz"))

ROWS = tuple(accuracy.rows(material.Sampler()))


@pytest.mark.parametrize("row", ROWS)
def test_the_same_seed_gives_the_same_cases(row: str) -> None:
    first, second = (
        list(islice(accuracy.rows(material.Sampler(seed=7))[row], 8)) for _ in range(2)
    )
    assert first == second
    assert len(first) == 8


@pytest.mark.parametrize("row", ROWS)
def test_every_case_is_damaged(row: str) -> None:
    cases = islice(accuracy.rows(material.Sampler())[row], 40)
    assert all(case.damaged != case.original for case in cases)


def test_every_channel_without_a_loss_has_its_turn() -> None:
    sampler = material.Sampler()
    ways = [*material.utf8_ways(), *material.legacy_ways()]
    found = {case.channel for case in islice(sampler.cases("", ways, ("word",)), len(ways))}
    assert len(found) > 0.95 * len(ways)


def test_a_channel_without_a_loss_is_measured_by_what_it_does() -> None:
    row = islice(accuracy.rows(material.Sampler())["utf-8, sentences"], 20)
    assert all(mojifix.damage(case.original, case.channel) == case.damaged for case in row)


def test_legacy_text_is_typed_with_what_the_charset_has() -> None:
    assert material.written("«Ёж» — …", "koi8-r") == '"Ёж" - ...'


def test_legacy_text_keeps_what_the_charset_has() -> None:
    assert material.written("«Ёж» — …", "cp1251") == "«Ёж» — …"


def test_letters_that_a_charset_lacks_are_not_replaced() -> None:
    assert material.written("їжак", "koi8-r") is None


def test_lost_places_are_counted() -> None:
    assert material.loses("it’s “fine” now", Channel("utf-8", "gbk", "drop")) == 1


def case(original: str, channel: str, loss: str) -> object:
    name = f"{channel}:{loss}" if loss else channel
    damaged = mojifix.damage(original, name)
    return material.Case("", "en", channel, "sentence", loss, original, damaged)


def repair(found: str, before: str, after: str) -> Repair:
    start = found.rindex(before)
    return Repair(start, start + len(before), before, after, (), "restored", 1, 0.9)


def judged(original: str, before: str, after: str) -> bool:
    damage = calibration.Damage(case(original, "utf-8>gbk", "drop"))
    return bool(damage.made(repair(damage.case.damaged, before, after)))


def test_a_repair_that_puts_back_what_was_there_is_right() -> None:
    assert judged("“So” he said – no…", "鈥 ", "– ")


def test_a_repair_that_guesses_another_character_is_wrong() -> None:
    assert not judged("“So” he said – no…", "鈥 ", "— ")


def test_a_repair_that_puts_back_what_was_elsewhere_is_wrong() -> None:
    assert not judged("“So” he said – no…", "鈥", "”")


def test_a_repair_of_clean_text_is_wrong() -> None:
    clean = material.Case("", "en", "", "sentence", "", "“So”", "“So”")
    assert not calibration.Damage(clean).made(Repair(0, 1, "“", "„", (), "exact", 0, 0.9))


def test_the_calibration_error_is_none_where_the_share_is_as_claimed() -> None:
    right, wrong = (
        calibration.Judged(Repair(0, 1, "", "", (), "exact", 0, 0.75), good, None)
        for good in (True, False)
    )
    assert calibration.error([right, right, right, wrong]) == 0


def tried(result: str, name: str = "mojifix") -> tuple[bool, int, int]:
    one = material.Case("", "fr", "utf-8>cp1252", "word", "", "été", "Ã©tÃ©")
    outcome = accuracy.tried(one, name, lambda text: result if text == one.damaged else "ete")
    return outcome.exact, outcome.before, outcome.after


def test_the_original_is_exact() -> None:
    assert tried("été") == (True, 4, 0)


def test_what_is_left_alone_is_not_exact() -> None:
    assert tried("Ã©tÃ©") == (False, 4, 4)


def test_what_another_tool_makes_of_clean_text_is_exact_only_for_that_tool() -> None:
    assert tried("ete", "plsfix")[0]
    assert not tried("ete")[0]


def test_a_result_further_from_the_original_is_worse() -> None:
    tally = accuracy.Tally()
    tally.add(accuracy.Outcome("", exact=False, similar=0.0, before=4, after=5))
    assert tally.figures()["worse"] == 1


def test_a_line_that_is_changed_is_found_in_its_block() -> None:
    false_positives = module("false_positives")
    found = false_positives.changes(["one", "two", "three"], lambda text: text.upper(), 2)
    assert list(found) == [("one", "ONE"), ("two", "TWO"), ("three", "THREE")]


def test_text_of_the_speed_benchmark_never_repeats() -> None:
    maker = module("speed").Maker("ru cp1251")
    lines = {maker.line(300) for _ in range(50)}
    assert len(lines) == 50


# --- fuzzing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_fuzzing_begins_with_sound_inputs(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOJIFIX_FUZZ", str(tmp_path))
    _, check = fuzz.TARGETS[target]
    for data in islice(fuzz.seeds(target), 0, None, 50):
        check(data)


def test_fuzzing_notices_a_journal_that_makes_other_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOJIFIX_FUZZ", str(tmp_path))
    monkeypatch.setattr("mojifix.files.undo.undo", lambda *_: [spoil(tmp_path / "root")])
    with pytest.raises(AssertionError, match="other bytes"):
        fuzz.on_journal(b"")


def spoil(root: Path) -> None:
    (root / "a.txt").write_bytes(b"something else")
