"""What a channel may have done at one place, and what it weighs there."""

from __future__ import annotations

import pytest

from mojifix.charsets.registry import parse_channel
from mojifix.language import trigrams
from mojifix.language.typography import habits, opening
from mojifix.language.writing import LEAST, script, scripts_of
from mojifix.repair.evidence import Traits
from mojifix.repair.hypothesis import Hypothesis, Settings, Step
from mojifix.repair.weights import Weights


def told(channel: str, traits: Traits | None = None) -> Hypothesis:
    one = parse_channel(channel)
    return Hypothesis(one, Settings(-9.0, Weights(traits or Traits(), one.read_as)))


def texts(steps: list[Step] | tuple[Step, ...]) -> list[str]:
    return [step.move.emitted for step in steps]


def test_a_character_is_read_as_its_bytes() -> None:
    (step,) = told("utf-8>cp1252").read("ab", b"\xc3", "©")
    assert (step.move.emitted, step.move.rest, step.context) == ("é", b"", "bé")


def test_a_character_that_fits_nowhere_is_not_read() -> None:
    assert told("utf-8>cp1252").read("ab", b"\xc3", "x") == []


def test_bytes_wait_for_their_character() -> None:
    (step,) = told("utf-8>gbk").read("ab", b"", "鈥")
    assert (step.move.emitted, step.move.rest) == ("", b"\xe2\x80")


@pytest.mark.parametrize(
    ("context", "waiting", "following"),
    [("n ", b"\xe2\x80", " "), (", ", b"\xe4\xbd", "。"), ("on", b"\xe2\x80", "s")],
)
def test_steps_of_most_promise_come_first(context: str, waiting: bytes, following: str) -> None:
    steps = told("utf-8>gbk:drop").dropped(context, waiting, following)
    bounds = [step.bound for step in steps]
    assert bounds
    assert bounds == sorted(bounds, reverse=True)


def test_what_waits_has_its_price() -> None:
    (step,) = told("utf-8>cp1252").read(". ", b"", "â")
    assert step.bound < step.weight


def test_marks_that_may_close_something_are_among_what_was_swallowed() -> None:
    steps = told("utf-8>gbk:swallow").marked("数据", b"\xe3\x80", ";", False)  # noqa: FBT003
    assert {"。'", '。"', "。)"} <= {step.move.emitted for step in steps}


def test_a_known_mark_stands_for_whole_characters() -> None:
    by_marks = told("utf-8>euc-jp:replace").wholly_lost("a ", 3, " ")
    assert by_marks
    assert all(1 <= marks <= 3 for marks, _ in by_marks)


def test_a_lost_letter_is_of_the_script_of_what_was_damaged() -> None:
    korean = Traits(scripts=scripts_of("상품의 이름과 값을 적으세요"))
    plain, weighed = Weights(Traits(), "cp949"), Weights(korean, "cp949")
    assert weighed.lost["* 선"] == pytest.approx(plain.lost["* 선"], abs=0.01)
    assert weighed.lost["* 無"] == pytest.approx(plain.lost["* 無"] + LEAST, abs=0.01)


def test_direct_speech_begins_with_the_dash_of_its_language() -> None:
    weights = habits("“”", "pt")
    assert weights["–"] > weights["—"]
    assert opening(weights, "pt")["—"] > opening(weights, "pt")["–"]


def test_a_language_with_one_dash_speaks_with_it() -> None:
    weights = habits("„“", "de")
    assert opening(weights, "de") == weights


@pytest.mark.parametrize(
    ("char", "name"),
    [("а", "CYRILLIC"), ("ン", "KANA"), ("한", "HANGUL"), ("é", "LATIN"), ("’", ""), ("7", "")],
)
def test_letters_have_a_script(char: str, name: str) -> None:
    assert script(char) == name


def test_han_characters_are_told_by_the_charsets_that_have_them() -> None:
    assert len({script(char) for char in "国國人気"}) == 4


def test_few_letters_tell_no_script() -> None:
    assert scripts_of("né, à") is None


def test_a_script_that_is_not_there_is_unlikely() -> None:
    scripts = scripts_of("Все счастливые семьи")
    assert scripts is not None
    assert (scripts["CYRILLIC"], scripts["HANGUL"]) == (0.0, LEAST)


def test_the_likeliest_follower_of_a_range_bounds_all_of_it() -> None:
    model = trigrams()
    known = [(c, w) for c, w in model.followers(", ") if "\u0400" <= c <= "\u043f"]
    assert known
    best = model.likeliest(", ", "\u0400", "\u043f")
    assert all(weight <= best + 1e-9 for _, weight in known)
