"""Words without spaces in which damage begins or ends in the middle."""

from __future__ import annotations

import pytest

import mojifix
from mojifix.repair.gate.parts import parts

CLEAN = "時計屋には百四台の時計と、「一刻」という名の亀がいた。"


def _cut(word: str) -> list[str]:
    return [word[start:end] for start, end in parts(word)]


def _damaged(start: int, end: int, read_as: str) -> str:
    data = CLEAN[start:end].encode("cp932")
    return CLEAN[:start] + data.decode(read_as) + CLEAN[end:]


@pytest.mark.parametrize("read_as", ["latin-1", "mac-roman", "cp850"])
@pytest.mark.parametrize(("start", "end"), [(0, 9), (7, 19), (12, len(CLEAN))])
def test_damage_in_the_middle_of_a_clause_is_repaired(read_as: str, start: int, end: int) -> None:
    assert mojifix.fix_text(_damaged(start, end, read_as)) == CLEAN


def test_a_part_ends_where_no_charset_goes_on() -> None:
    assert _cut("時計屋には‚Ì\x8e\x9eŒv一刻") == ["時計屋には", "‚Ì\x8e\x9eŒv", "一刻"]


def test_marks_that_both_sides_may_have_go_with_what_is_not_east_asian() -> None:
    assert _cut("百四‘ä‚Ì刻") == ["百四", "‘ä‚Ì", "刻"]


def test_bytes_that_were_lost_end_no_part() -> None:
    assert len(parts("鈥渋t鈥\ufffd鈥檚")) == 1


@pytest.mark.parametrize("word", ["", "a", "Beyoncé", "naïve", "été", "東京Düsseldorf"])
def test_the_parts_of_a_word_are_the_word(word: str) -> None:
    assert "".join(_cut(word)) == word


@pytest.mark.parametrize(
    "text",
    ["東京Düsseldorf間の直行便", "我爱Björk的歌", "แบรนด์Škodaรุ่นใหม่", "電阻為5Ω±1％", "温度は−5℃ç"],
)
def test_clean_mixtures_are_left_alone(text: str) -> None:
    assert mojifix.fix_text(text) == text


def test_a_damaged_line_that_has_a_word_twice_quotes_nothing() -> None:
    said = (
        "-\xa0Votre frère est revenu, dit-il. Je l'ai vu à la gare, hier, avec un drôle d'air... "
    )
    rest = "—\xa0Mon frère\u202f? Mais je n’ai pas de frère\u202f!"
    damaged = said.encode("cp437").decode("latin-1")
    assert mojifix.fix_text(damaged + rest) == said + rest


def test_u_0085_within_damage_ends_no_line() -> None:
    clean = "рассказывает агроном Ежов."
    assert mojifix.fix_text(clean.encode("cp866").decode("latin-1")) == clean
