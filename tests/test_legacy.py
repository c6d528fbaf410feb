"""Lines that went, every word of them, through one legacy charset."""

from __future__ import annotations

import pytest

from mojifix import Channel, damage, fix_text, repair
from mojifix.repair.decode.legacy import Told, told_alone
from mojifix.repair.find import transcoder_of

TRANSCODER = transcoder_of(None, 6)

RUSSIAN = "Прошлым летом маленькое кафе у реки было закрыто."
LINES = [
    (RUSSIAN, "cp1251>cp1252"),
    (RUSSIAN, "koi8-r>cp1251"),
    (RUSSIAN, "cp866>cp1251"),
    ("Минулого літа маленьке кафе біля річки було зачинене.", "cp1251>latin-1"),
    ("Το περασμένο καλοκαίρι το μικρό καφέ δίπλα στο ποτάμι ήταν κλειστό.", "cp1253>cp1252"),
    ("בקיץ שעבר בית הקפה הקטן ליד הנהר היה סגור.", "cp1255>cp1252"),
    ("في الصيف الماضي كان المقهى الصغير بجانب النهر مغلقا.", "cp1256>cp1252"),
    ("ฤดูร้อนที่แล้วร้านกาแฟเล็กๆ ริมแม่น้ำปิดให้บริการ", "cp874>cp1252"),
    ("지난여름 강가의 작은 카페는 문을 닫았습니다.", "cp949>latin-1"),
    ("去年の夏、川のそばの小さな喫茶店は閉まっていました。", "euc-jp>latin-1"),
    ("去年夏天，河边的那家小咖啡馆关门了。", "gbk>latin-1"),
    ("去年夏天，河邊的那家小咖啡館關門了。", "big5>latin-1"),
    ("Zeszłego lata mała kawiarnia nad rzeką była zamknięta, niestety.", "cp1250>cp1252"),
]


def channel_of(text: str) -> Channel | None:
    """Return the channel through which every word of a text of one line has gone."""
    found = told_alone(text, TRANSCODER)
    return found.channel if found and not found.doubtful else None


@pytest.mark.parametrize(("line", "channel"), LINES)
def test_the_channel_of_a_whole_line_is_told(line: str, channel: str) -> None:
    damaged = damage(line, channel)
    found = channel_of(damaged)
    assert found is not None
    assert damage(line, found) == damaged


@pytest.mark.parametrize(("line", "channel"), LINES)
def test_the_text_is_that_of_its_repairs(line: str, channel: str) -> None:
    result = repair(damage(line, channel))
    assert result.text == fix_text(damage(line, channel)) == line
    assert all(one.before != one.after for one in result.repairs)


@pytest.mark.parametrize(
    "line",
    [
        "Les élèves étaient très étonnés, déjà.",
        "Людям и ђацима љути пас не смета.",
        "Żółw idzie powoli przez las i gęstą łąkę.",
        "Þórður sagði: Ég veit það ekki, þú ættir að spyrja.",
    ],
)
def test_nothing_is_told_of_a_clean_line(line: str) -> None:
    assert channel_of(line) is None


def test_a_clean_cell_of_the_line_speaks_against_it() -> None:
    damaged = damage(RUSSIAN, "cp1251>cp1252")
    assert channel_of(damaged)
    assert channel_of(f"{damaged};Nestlé") is None


def test_a_letter_beside_words_of_ascii_speaks_against_it() -> None:
    damaged = damage(RUSSIAN, "cp1251>cp1252")
    assert channel_of(f"{damaged} sailing to à today") is None


def test_a_word_in_doubt_leaves_the_others_told() -> None:
    damaged = damage(RUSSIAN, "cp1251>cp1252")
    found = told_alone(f"{damaged} sailing to à today", TRANSCODER)
    words = len(RUSSIAN.split())
    assert found == Told(Channel("cp1251", "cp1252"), frozenset({words}))


def test_many_words_in_doubt_leave_none_told() -> None:
    damaged = damage("Прошлым летом кафе", "cp1251>cp1252")
    assert told_alone(damaged, TRANSCODER)
    assert told_alone(f"{damaged} to à today or ë", TRANSCODER) is None


def test_a_space_that_does_not_break_is_no_symbol() -> None:
    line = f"{RUSSIAN[:-1]}\xa0— 5\xa0лет и\xa0два месяца."
    assert channel_of(damage(line, "cp1251>cp1252"))


def test_lines_have_gone_through_one_channel_where_that_says_the_same() -> None:
    # The second line has none of the six letters that tell cp1254 from cp1252.
    text = "Это новая статья, прежняя была короче.\nНичего\xa0больше никто не сказал.\n" * 2
    channels = {
        layer.channel
        for one in repair(damage(text, "cp1251>cp1254")).repairs
        for layer in one.layers
    }
    assert channels == {Channel("cp1251", "cp1254")}


def test_all_of_a_long_line_is_judged() -> None:
    damaged, clean = damage(f"{RUSSIAN} " * 9, "cp1251>cp1252"), "Zoé"
    assert fix_text(damaged) == f"{RUSSIAN} " * 9
    assert fix_text(damaged + clean) == f"{RUSSIAN} " * 9 + clean


def test_utf_8_is_none_of_it() -> None:
    assert channel_of(damage(RUSSIAN, "utf-8>cp1252")) is None


def test_letters_that_tell_two_charsets_apart_are_weighed_wherever_they_stand() -> None:
    line = "Az előző beállítások elvesznek, a kijelölt betűméret megmarad."
    assert channel_of(damage(line, "cp852>cp1252")) == Channel("cp852", "cp1252")


def test_lines_that_are_told_teach_the_others() -> None:
    text = f"Да\n{RUSSIAN}"
    assert fix_text(damage(text, "cp1251>cp1252")) == text
