"""The first test of all: it lets clean text out, and no damage that came of UTF-8."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mojifix import repair
from mojifix.charsets.damage import through
from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.model import Channel
from mojifix.repair.gate.dead import _dead
from mojifix.repair.gate.scripts import _NEVER, BLOCK, PART, is_plain, marked
from mojifix.repair.gate.usual import FIELD

DEV = sorted((Path(__file__).parent.parent / "fixtures" / "dev").glob("*.txt"))
LINES = [line for path in DEV for line in path.read_text("utf-8").splitlines() if line]


def test_four_clean_texts_in_five_are_plain() -> None:
    texts = [path.read_text("utf-8") for path in DEV]
    assert min(map(len, texts)) > FIELD
    assert sum(map(is_plain, texts)) > 0.8 * len(texts)


@pytest.mark.parametrize(
    ("common", "other"),
    [
        ("Änderungen und Prüfungen", "Änderungen am Prüfwerk"),
        ("Le déjeuner est prêt", "Déjeuner prêt"),
        ("Szabályok, hogy jó", "Szabályok"),
        ("Γράμμα α", "α"),
    ],
)
def test_a_short_text_is_plain_if_something_in_it_is_usual(common: str, other: str) -> None:
    assert is_plain(common)
    assert not is_plain(other)


@pytest.mark.parametrize(
    ("text", "letter"), [("n\xa0hled", True), ("v\xa0hled", False), ("\xa0раткий обзор", True)]
)
def test_a_blank_is_a_letter_where_that_makes_a_known_word(text: str, *, letter: bool) -> None:
    assert is_plain(text) is not letter


@pytest.mark.parametrize("codec", ["gbk", "big5"])
def test_chinese_that_may_be_a_korean_word_is_not_plain(codec: str) -> None:
    assert not is_plain("대상으로".encode("cp949").decode(codec))


@pytest.mark.parametrize("channel", [c for c in PRIORS if c.written_as == "utf-8"], ids=str)
def test_damage_out_of_utf8_is_not_plain(channel: Channel) -> None:
    damaged = [through(line, channel) for line in LINES]
    found = [d for line, d in zip(LINES, damaged, strict=True) if d and d != line and is_plain(d)]
    assert not found


DEAD_TEXT = sorted({*_dead(), "锟斤拷", "烫烫烫", "屯屯屯", "葺葺葺"})


@pytest.mark.parametrize("dead", DEAD_TEXT)
def test_dead_text_is_not_plain(dead: str) -> None:
    assert not is_plain(f"a {dead} b")


@pytest.mark.parametrize("dead", [*DEAD_TEXT, "\ufffd" * 7, "???? ???"])
def test_text_of_nothing_but_dead_text_is_told_and_left_alone(dead: str) -> None:
    result = repair(dead)
    assert (result.text, result.dead) == (dead, ((0, len(dead)),))


@pytest.mark.parametrize("reader", [c for c in CHARSETS if c not in ("utf-8", "cesu-8")])
def test_no_reader_makes_what_is_never_a_mark(reader: str) -> None:
    never = re.compile(f"[{_NEVER}]")
    assert not [read for read in CHARSETS[reader].table.values() if never.search(read)]


@pytest.mark.parametrize(
    "text",
    [
        "Преузмите најновије издање и покрените га на својој машини.",
        "Подготви ја книгата и испрати ја до нејзината библиотека.",
        "Ešte nemôžete uložiť veľký súbor, skúste to neskôr.",
        "Jauns ziņojums tiks nosūtīts rīt, bet tikai pulksten deviņos.",
        "صفحهٔ ۱۲ را بخوانید؛ بهای کتاب ۴۵۰ تومان است.",
        "Άρθρο Γ΄, παράγραφος Β΄: ισχύει από σήμερα.",
        "Билет стоит 490\xa0₽, обратный — 850\xa0₽.",
        "尺码110～140，七天内可退换。",
        "〒604-8005 京都市――旧市街の中心、付録Ｃを参照。",
        "HTML을 고치고 Calc에서 여는 방법",
        "Änderungen sind am Prüfwerk",
        "nach Außen und Innen",
        "The café closed. ‘We tried,’ she said.",
    ],
)  # fmt: skip
def test_clean_text_of_many_kinds_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", ["ترمس من الفولاذ", "дома река", "שלום לכולם"])
@pytest.mark.parametrize("loss", ["drop", "substitute"])
def test_a_thai_word_that_begins_with_a_vowel_is_marked(text: str, loss: str) -> None:
    found = through(text, Channel("utf-8", "cp874", loss))
    assert found
    assert not is_plain(found)


def test_an_opening_quotation_mark_behind_a_letter_is_marked() -> None:
    assert not is_plain("tuu p„„st„„n sis„„n")


@pytest.mark.parametrize("length", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, PART, PART + 1])
def test_a_mark_is_found_behind_any_length_of_ascii(length: int) -> None:
    text = "a" * length + " naÃ¯ve\n" + "b" * length
    [(start, end)] = marked(text)
    assert text[start:end].strip("a") == " naÃ¯ve"


def test_every_marked_line_of_a_long_text_is_found() -> None:
    lines = ["Voilà l’été, naïf et doux.", "dÃ©jÃ  vu", "plain text"] * 5000
    text = "\n".join(lines)
    assert [text[start:end] for start, end in marked(text)] == ["dÃ©jÃ  vu"] * 5000
