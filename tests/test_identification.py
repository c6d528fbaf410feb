"""Language identification: by words, by letters, and by what ASCII damage has left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS
from mojifix.language import common_trigrams
from mojifix.language.identification import (
    LONGEST,
    SMALLEST,
    STEP,
    language_of,
    languages_of,
    plain_letters,
    told_language,
    trigram_weights,
)

SENTENCES = {
    "cs": "Odpoledne začalo pršet, a tak jsme zůstali doma a hráli karty.",
    "da": "Vi cyklede hele vejen hjem, selv om det blæste og regnede.",
    "es": "Los vecinos decidieron pintar la fachada antes del verano, según dijeron.",
    "et": "Õhtul läksime järve äärde ja vaatasime, kuidas päike loojus.",
    "fi": "Illalla lähdimme järvelle ja katsoimme, kuinka aurinko laski.",
    "hu": "Délután elkezdett esni az eső, úgyhogy inkább otthon maradtunk.",
    "it": "I vicini hanno deciso di dipingere la facciata perché è più bella così.",
    "lt": "Vakare nuėjome prie ežero ir žiūrėjome, kaip leidžiasi saulė.",
    "nl": "We zijn de hele weg naar huis gefietst, één keer zelfs zonder te stoppen.",
    "pl": "Po południu zaczęło padać, więc zostaliśmy w domu i graliśmy w karty.",
    "ro": "După-amiază a început să plouă, așa că am rămas acasă și am jucat cărți.",
    "sv": "Vi cyklade hela vägen hem, fastän det både blåste och regnade.",
    "tr": "Öğleden sonra yağmur başladı, biz de evde kalıp kâğıt oynadık.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert told_language(SENTENCES[language]) == language


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language_if_its_letters_are_damaged(language: str) -> None:
    text = SENTENCES[language]
    bad = "".join("×" if char.isalpha() and char >= "\x80" else char for char in text)
    assert told_language(bad) == language


@pytest.mark.parametrize(
    ("text", "written_as", "read_as"),
    [
        ("Esančio failo pavad.", "cp1257", "cp1252"),
        ("documentación de hyperref.", "mac-roman", "cp850"),
        ("Formato intestazione/piè di", "cp1252", "cp1251"),
    ],
)
def test_a_few_words_tell_their_language_by_ascii(text: str, written_as: str, read_as: str) -> None:
    data = encode(text, CHARSETS[written_as])
    assert data is not None
    damaged = decode(data, CHARSETS[read_as])
    assert damaged is not None
    assert told_language(damaged) == told_language(text) != ""


@pytest.mark.parametrize("text", ["", "õõõ äää üüü", "Brno", "12 × 30 = 360", "Łódź", "šč ěř"])
def test_too_little_tells_no_language(text: str) -> None:
    assert told_language(text) == ""


def test_letters_alone_make_a_language_likely_and_do_not_tell_it() -> None:
    assert language_of("ějšé čtyřň") == "cs"
    assert told_language("ějšé čtyřň") == ""


def test_a_word_is_common_in_several_languages() -> None:
    assert {"da", "nb", "sv"} <= set(languages_of("På"))


def test_only_ascii_letters_are_plain() -> None:
    assert plain_letters("Où l’Été 12?") == b"o? l??t?   ?"


def test_trigrams_weigh_what_the_table_says() -> None:
    first, *lines = common_trigrams().splitlines()
    row = next(line for line in lines if line.startswith("ij "))
    letters = dict(zip(first.split(), row[3:], strict=True))
    weights = trigram_weights("?ij")
    assert weights == {
        language: STEP * (ord(letter) - ord("a") + SMALLEST) for language, letter in letters.items()
    }


@given(st.text(max_size=50), st.integers(1, 200))
def test_weights_of_trigrams_add_up(text: str, times: int) -> None:
    apart = f"? {text[: LONGEST // times - 4]} ?"
    one, many = trigram_weights(apart), trigram_weights(apart * times)
    assert many["en"] == pytest.approx(one["en"] * times)


@given(st.text())
def test_any_text_is_identified_without_an_error(text: str) -> None:
    assert isinstance(told_language(text), str)
