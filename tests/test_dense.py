"""Texts and lines that are damaged from end to end, and what is let through."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

import mojifix
from mojifix.model import Policy
from mojifix.repair.decode.dense import dense_lines, undone
from mojifix.repair.find import transcoder_of
from mojifix.repair.gate.scripts import is_plain, marked

TEXTS = Path(__file__).parent.parent / "fixtures" / "texts"
TRANSCODER = transcoder_of(None, Policy().max_layers)
FRENCH, RUSSIAN = ((TEXTS / f"{name}.txt").read_text("utf-8") for name in ("fr", "ru"))


def test_a_text_is_undone_as_a_whole() -> None:
    damaged = mojifix.damage(FRENCH, "utf-8>cp1252")
    assert undone(damaged, Policy(), is_plain, TRANSCODER) == (
        FRENCH,
        (mojifix.Channel("utf-8", "cp1252"),),
    )


def test_layers_come_in_the_order_of_damage() -> None:
    damaged = mojifix.damage(mojifix.damage(FRENCH, "utf-8>mac-roman"), "utf-8>cp1252")
    found = undone(damaged, Policy(), is_plain, TRANSCODER)
    assert found is not None
    assert list(map(str, found[1])) == ["utf-8>mac-roman", "utf-8>cp1252"]


@pytest.mark.parametrize("channel", ["utf-8>cp1252", "utf-8>cp1251", "utf-8>mac-roman"])
@pytest.mark.parametrize("text", [FRENCH, RUSSIAN])
def test_the_text_is_that_of_its_repairs(text: str, channel: str) -> None:
    damaged = mojifix.damage(text, channel)
    result = mojifix.repair(damaged)
    assert result.text == mojifix.fix_text(damaged) == text
    assert result.repairs


def test_parts_may_begin_with_an_accent() -> None:
    text = normalize("NFD", FRENCH)
    damaged = mojifix.damage(text, "utf-8>latin-1")
    assert mojifix.repair(damaged).text == mojifix.fix_text(damaged) == text


def test_where_readers_differ_nothing_is_sure() -> None:
    damaged = mojifix.damage("Křížová, Křížová", "utf-8>cp850")
    assert undone(damaged, Policy(), is_plain, TRANSCODER) is None


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Le capteur, un accéléromètre, détecte où l’été près du Rhône s’achève.", "iso-8859-15"),
        ("Tällä käyttäjä näkee, että pyyntöjä on käytännössä löytynyt jälleen.", "iso-8859-2"),
        ("Așa cum vă aflați în țară, aveți drepturi în legătură cu informațiile.", "cp1257"),
        ("Değerli öğretmen, çocukları sınıfta gördüğünü düşünüp şaşırdı.", "cp855"),
    ],
)
def test_a_reader_that_differs_in_few_letters_from_a_commoner_one_is_told(
    text: str, channel: str
) -> None:
    document = "\n".join([text] * 5)
    assert mojifix.fix_text(mojifix.damage(document, f"utf-8>{channel}")) == document


def test_text_in_capitals_is_not_sure() -> None:
    assert undone(mojifix.damage("ФЕЛЙ ФБ", "utf-8>cp1252"), Policy(), is_plain, TRANSCODER) is None


@pytest.mark.parametrize("line", ["È più possibile, però.", "Perché l'encoding è già questo?"])
def test_a_line_of_small_words_or_about_charsets_is_undone(line: str) -> None:
    damaged = mojifix.damage(line, "utf-8>latin-1")
    found = undone(damaged, Policy(), is_plain, TRANSCODER)
    assert found is not None
    assert found[0] == line


def test_examples_of_damage_are_not_undone_as_a_whole() -> None:
    damaged = mojifix.damage("The encoding shows 'café', 'naïve', 'élan' as it is.", "utf-8>cp1252")
    assert undone(damaged, Policy(), is_plain, TRANSCODER) is None
    assert undone(damaged, Policy(include_quoted=True), is_plain, TRANSCODER)


def test_other_channels_are_not_allowed() -> None:
    damaged = mojifix.damage(FRENCH, "utf-8>cp1252")
    assert undone(damaged, Policy(channels=("utf-8>gbk",)), is_plain, TRANSCODER) is None


def test_a_loss_in_the_name_of_a_channel_is_no_limit() -> None:
    damaged = mojifix.damage(FRENCH, "utf-8>cp1252")
    assert undone(damaged, Policy(channels=("utf-8>cp1252:drop",)), is_plain, TRANSCODER)


def test_lines_are_undone_beside_clean_ones() -> None:
    line = "Élève modèle, à côté du théâtre."
    text = f"{line}\n{mojifix.damage(line, 'utf-8>cp1252')}\n"
    (one, *_) = dense_lines(text, Policy(), is_plain)
    assert one.start == len(line) + 1
    assert mojifix.fix_text(text) == f"{line}\n{line}\n"


def test_a_suspected_span_keeps_its_place_behind_undone_lines() -> None:
    line = mojifix.damage("Élève modèle, à côté du théâtre.", "utf-8>cp1252")
    for one in mojifix.repair(f"{line}\nSee Ã©, an “é” shown as mojibake.\n").suspected:
        assert line[one.start : one.end] != one.before
        assert f"{line}\nSee Ã©, an “é” shown as mojibake.\n"[one.start : one.end] == one.before


def test_lines_are_told_in_every_language_of_a_long_text() -> None:
    text = "Une phrase en français, déjà lue.\n" * 3000 + "Ã©\n" + "Русский текст.\n" * 3000
    lines = {text[start:end] for start, end in marked(text)}
    assert lines in ({"Ã©"}, {"Ã©", "Русский текст."})
    assert len(list(marked(text))) <= 2


def test_a_clean_name_is_the_same_in_any_text() -> None:
    clean = "Tadhg Ó Briain lives in Galway.\n"
    assert mojifix.fix_text(clean * 50) == clean * 50
    assert mojifix.fix_text(clean) is clean


@pytest.mark.parametrize("line", ['"于友澤": "于友澤",', '"于贈": "于贈",', "砖砖砖", "克\t克 剋"])
def test_few_characters_that_are_utf8_by_chance_are_not_undone(line: str) -> None:
    assert undone(line, Policy(), is_plain) is None


def test_a_line_that_looks_plain_is_undone_beside_others_of_its_channel_only() -> None:
    plain = mojifix.damage("мама", "utf-8>euc-jp")
    other = mojifix.damage("Снег лежал на земле", "utf-8>euc-jp")
    assert is_plain(plain)
    assert not is_plain(other)
    assert not dense_lines(plain, Policy(), is_plain)
    found = dense_lines(f"{other}\n{plain}", Policy(), is_plain)
    assert found[-1].after == "мама"
