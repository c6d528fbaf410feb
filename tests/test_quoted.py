"""Text about charsets: told by words, which are searched for by parts of them first."""

from __future__ import annotations

import pytest

import mojifix
from mojifix.repair.gate.quoted import is_on_topic

WORDS = (
    "mojibake garbled encoded encoding encodage decode decoding charset charsets codepage utf-8 "
    "UTF-16 Unicode latin1 Latin-1 iso-8859 windows-1252 windows_1251 cp437 macroman Mac-Roman gbk "
    "gb2312 gb18030 big5 Big-5 euc-kr euc_jp shift-jis shift_jis koi8-r kodowanie kódování "
    "codificación Zeichensatz Zeichenkodierung Kodierung кодировка кракозябры 乱码 亂碼 编码 編碼 "
    "文字化け 文字コード 인코딩 글자깨짐"
)


@pytest.mark.parametrize("word", WORDS.split())
def test_damage_beside_a_word_of_the_topic_is_quoted(word: str) -> None:
    assert [one.kind for one in mojifix.repair(f"{word}: cafÃ©").suspected] == ["quoted"]


@pytest.mark.parametrize("phrase", ["character set", "code page", "글자 깨짐"])
def test_damage_beside_a_phrase_of_the_topic_is_quoted(phrase: str) -> None:
    assert [one.kind for one in mojifix.repair(f"{phrase}: cafÃ©").suspected] == ["quoted"]


def test_a_damaged_text_is_on_topic_by_its_first_damaged_line() -> None:
    assert is_on_topic("-\nÃ© Ã¨ Ãª in UTF-8")


def test_another_line_is_not_asked() -> None:
    assert not is_on_topic("é\nencoding")


@pytest.mark.parametrize(
    "text",
    [
        '<meta charset="utf-8"><p>é',
        '<?xml version="1.0" encoding="UTF-8"?><p>é',
        "# -*- coding: utf-8 -*- é",
        "# coding: utf-8 é",
        "CREATE TABLE t (c TEXT) DEFAULT CHARSET=utf8mb4 COMMENT='é'",
        '{"encoding": "utf-8", "name": "é"}',
    ],
)
def test_a_declaration_is_no_topic(text: str) -> None:
    assert not is_on_topic(text)


@pytest.mark.parametrize(
    "text",
    [
        "Why does ’ show up as â€™ on my page?",
        "&Atilde;&copy; → Ã©",
        "wrong encoding: cafÃ©",
        "wrong encoding shows “cafÃ©” and ‘naÃ¯ve’",
        "If it was read as GBK, it looks like 鈥渢his is it鈥.",
    ],
)
def test_examples_of_damage_are_quoted(text: str) -> None:
    assert mojifix.fix_text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fix the encoding (AndrÃ© LefÃ¨vre)", "Fix the encoding (André Lefèvre)"),
        ("un error de codificaciÃ³n", "un error de codificación"),
        ('<meta charset="utf-8"><p>CafÃ©</p>', '<meta charset="utf-8"><p>Café</p>'),
    ],
)
def test_what_only_stands_beside_a_topic_is_repaired(text: str, expected: str) -> None:
    assert mojifix.fix_text(text) == expected


def test_a_word_that_stands_far_away_as_well_is_repaired() -> None:
    said = "Mon frère est revenu, dit-il. Je l’ai vu à la gare, hier, avec un drôle de chapeau et "
    text = f"{said}deux valises, et il a demandé où tu étais. Je n’ai pas de %s !"
    assert mojifix.fix_text(text % "frÃ¨re") == text % "frère"


def test_a_quoted_place_that_lost_something_is_no_undecided_one() -> None:
    quotation = "The mojibake “鈥” in the log is a closing quote in GBK."
    found = mojifix.fix_text(f"It鈥檚 late, she said, and it鈥檚 dark.\n{quotation}")
    assert found == f"It’s late, she said, and it’s dark.\n{quotation}"
