"""Which letters belong together."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

import mojifix
from mojifix.language.alphabets import ALPHABETS, foreign, is_listed, share_alphabet

DEV = sorted((Path(__file__).parent.parent / "fixtures" / "dev").glob("*.txt"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("plain text", 0),
        ("perché così è più", 0),
        ("perché cosı è più", 1),
        ("Fußgängerübergänge", 0),
        ("Fußgängerübergänge, łąka", 2),
        ("съешь ещё", 0),
        ("съешь ещё їх", 1),
        ("cafщ", 1),
        ("日本語のテキスト", 0),
    ],
)
def test_letters_that_do_not_belong_together_are_counted(text: str, number: int) -> None:
    assert foreign(text) == number


@pytest.mark.parametrize("path", DEV, ids=lambda path: path.stem)
def test_few_letters_of_a_language_are_foreign(path: Path) -> None:
    text = unicodedata.normalize("NFC", path.read_text("utf-8"))
    beyond_ascii = sum(char > "\x7f" and char.isalpha() for char in text)
    assert foreign(text) <= max(2, 0.02 * beyond_ascii)


@pytest.mark.parametrize("text", ["ÀÉÈÙ", "àâäéèêë", "ÀàÉéÈèÙù", "åäöÅÄÖ", "ÅÄÖÆØ"])
def test_letters_of_a_language_are_a_list(text: str) -> None:
    assert is_listed(text)


@pytest.mark.parametrize("text", ["/[ÓÒÔÕÖ]/u", "áàâãªä", "ëïéèàüöê", "àáäâèéëêìíïîòóöôùúüûñç"])
def test_letters_with_the_accents_of_some_others_are_a_list(text: str) -> None:
    assert is_listed(text)


@pytest.mark.parametrize("text", ["'Æ'=>'AE','Ø'=>'O','Å'=>'A'", "à|â|ç", "é,è,ê"])
def test_letters_that_stand_alone_are_a_list(text: str) -> None:
    assert is_listed(text)


@pytest.mark.parametrize("text", ["ÚáÇãÉ", "éé", "café", "à|à|ç", "à|â"])
def test_other_letters_are_no_list(text: str) -> None:
    assert not is_listed(text)


@pytest.mark.parametrize(
    ("text", "other", "alike"),
    [("hõõguv", "hääguv", True), ("EintrÑge", "Einträge", False), ("plain", "tête", False)],
)
def test_letters_of_two_words_are_of_one_alphabet(text: str, other: str, *, alike: bool) -> None:
    assert share_alphabet(text, other) is alike


def test_alphabets_are_in_lower_case() -> None:
    assert all(letters == letters.lower() for letters in ALPHABETS.values())


LATIN = {name: letters for name, letters in ALPHABETS.items() if letters[0] < "\u0370"}


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z{0}]",
        "[A-Za-z{0}]+",
        r"[\w{0}]",
        "[{0}a-z]",
        'alphabet = "abcdefghijklmnopqrstuvwxyz{0}"',
    ],
)
@pytest.mark.parametrize("language", LATIN)
def test_classes_of_letters_in_code_are_left_alone(language: str, pattern: str) -> None:
    text = pattern.format("".join(filter(str.isalpha, LATIN[language])))
    assert mojifix.fix_text(text) == text


@pytest.mark.parametrize("letters", ["àâäç", "êëîïôœùûüÿ", "åæéè", "áðéíó"])
def test_letters_behind_those_of_ascii_are_listed(letters: str) -> None:
    assert is_listed(f"[a-zA-Z0-9{letters}]")
