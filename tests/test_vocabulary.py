"""Lost characters are decided by the words that they make."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mojifix.repair.lattice.lattice import Piece
from mojifix.repair.lattice.vocabulary import reweighed


def lost(start: int, end: int, *readings: tuple[str, float]) -> Piece:
    (after, confidence), *others = readings
    return Piece(start, end, after, 1, (), confidence, 1.0, tuple(others))


def test_a_known_word_is_likelier_than_an_unknown_one() -> None:
    [piece], _ = reweighed("прос?о так", [lost(4, 5, ("ж", 0.5), ("т", 0.4))])
    assert piece.after == "т"
    assert piece.alternatives == ()


def test_readings_that_are_not_likely_are_not_told() -> None:
    [piece], _ = reweighed("x?y", [lost(1, 2, ("é", 0.9), ("ä", 0.09), ("ű", 0.0001))])
    assert [reading for reading, _ in piece.alternatives] == ["ä"]


def test_the_probabilities_of_a_place_keep_their_sum_where_no_word_is_known() -> None:
    [piece], _ = reweighed("зюз?кры так", [lost(3, 4, ("ж", 0.5), ("т", 0.4))])
    total = piece.confidence + sum(share for _, share in piece.alternatives)
    assert abs(total - 0.9) < 1e-9


def test_what_is_not_listed_is_less_likely_beside_a_known_word() -> None:
    [piece], _ = reweighed("прос?о так", [replace(lost(4, 5, ("т", 0.5)), damaged=0.9)])
    assert 0.95 < piece.confidence < 1
    assert 0.99 < piece.damaged < 1


def test_a_word_begins_in_what_the_text_before_was() -> None:
    [piece], _ = reweighed("ÐÑ?о так", [lost(2, 3, ("ж", 0.5), ("т", 0.4))], (), 2, "прос")
    assert piece.after == "т"


def test_the_places_of_a_word_are_decided_together() -> None:
    text = "п?ос?о так"
    pieces = [lost(1, 2, ("х", 0.5), ("р", 0.4)), lost(4, 5, ("ж", 0.5), ("т", 0.4))]
    assert [piece.after for piece in reweighed(text, pieces)[0]] == ["р", "т"]


def test_repairs_without_a_loss_stay_as_they_are() -> None:
    exact = Piece(0, 2, "é", 0, (), 0.99, 1.0, ())
    assert reweighed("Ã©t", [exact]) == ([exact], 0.0)


def test_words_of_the_document_are_known() -> None:
    pieces = [lost(3, 4, ("к", 0.6), ("ю", 0.3))]
    [piece], _ = reweighed("зюз?кры", pieces, {"зюзюкры"})
    assert piece.after == "ю"


def test_nothing_lost_is_nothing_to_decide() -> None:
    assert reweighed("text", []) == ([], 0.0)


def test_no_reading_is_more_than_certain() -> None:
    [piece], _ = reweighed("прос?о так", [lost(4, 5, ("т", 0.9), ("ж", 0.9))])
    assert piece.confidence <= 1.0


def test_an_apostrophe_marks_no_owner_before_a_conjunction() -> None:
    [piece], _ = reweighed("it stays鈥 or goes", [lost(8, 9, ("’", 0.8), ("…", 0.1))])
    assert piece.after == "…"


def test_an_apostrophe_marks_an_owner_before_a_noun() -> None:
    [piece], _ = reweighed("the boys鈥 coats", [lost(8, 9, ("’", 0.8), ("…", 0.1))])
    assert piece.after == "’"


DIGITS = [(f"–{digit}", 0.1) for digit in "0123456789"]


@pytest.mark.parametrize(
    ("text", "expected"), [("2008鈥?013", "–2"), ("12鈥?5", "–1"), ("18鈥?1", "–2")]
)
def test_the_second_number_of_a_range_is_the_greater_one(text: str, expected: str) -> None:
    at = text.index("鈥")
    [piece], _ = reweighed(text, [lost(at, at + 2, *DIGITS)])
    assert piece.after == expected
    assert piece.confidence > 0.5


@pytest.mark.parametrize("text", ["3鈥? and", "123456鈥?7890", "8鈥?013", "100鈥?1", "99鈥?0"])
def test_of_other_numbers_no_digit_is_known(text: str) -> None:
    at = text.index("鈥")
    [piece], _ = reweighed(text, [lost(at, at + 2, *DIGITS)])
    assert piece.confidence == pytest.approx(0.1)


def test_hundreds_of_words_speak_for_a_reading_no_more_than_some() -> None:
    words = "アメリカ" * 100
    readings = ("ア", 0.5), ("大", 0.4)
    pieces = [lost(0, 1, *readings), lost(len(words) + 1, len(words) + 2, *readings)]
    [first, second], _ = reweighed(f"?{words}?{words}", pieces)
    assert 0 < first.confidence <= 1 >= second.confidence > 0


def test_known_words_tell_what_no_path_came_by() -> None:
    pieces = [lost(0, 2, ("Á", 0.6), ("Ú", 0.3))]
    [piece], weight = reweighed("Ã?scar vino", pieces, completed=lambda *_: "ÓÒ×")
    assert piece.after == "Ó"
    assert weight > 0
