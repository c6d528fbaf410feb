"""The language of a text as evidence for and against what its words were."""

from __future__ import annotations

import pytest

import mojifix
from mojifix.language.identification import tongue_of

HUNGARIAN = "A tavaszi fagyok miatt az idén alig a fele terem meg - közölte a termelők szövetsége."
DANISH = "Er du hjemme? Jeg står udenfor og kan ikke få døren op, for jeg har ikke nøglen med."


@pytest.mark.parametrize(
    ("clean", "word", "written_as", "read_as"),
    [
        (HUNGARIAN, "termelők", "iso-8859-2", "cp1252"),
        (DANISH, "står udenfor og kan ikke få", "cp437", "mac-roman"),
    ],
)
def test_letters_of_another_language_show_damage(
    clean: str, word: str, written_as: str, read_as: str
) -> None:
    damaged = word.encode(written_as).decode(read_as)
    assert mojifix.fix_text(clean.replace(word, damaged)) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Det var Antonín Dvořák som skrev den, och på den tiden var det inte många som visste det.",
        "Az idén José Muñoz és Þórður Jónsson is eljött, meg a török szövetség elnöke, Ağaoğlu úr.",
        "Jeg har læst »L’Étranger« på fransk, og nu vil jeg læse „Die Blechtrommel“ på tysk, også.",
        "Onun adı Strößner; dün geldi ve çok güzel bir şey söyledi: « Ça va très bien, merci. »",
        "Il a dit que la rue Łódzka, à Poznań, était plus belle que la place Václav à Plzeň.",
        "Он сказал, что это слово пишется так: déjà vu, а не иначе, и что Škoda едет быстро.",
        "Der Ångström ist nach einem Schweden benannt, und der Zuse-Preis ging an Søren Õunapuu.",
    ],
)
def test_words_and_names_of_another_language_are_left_alone(text: str) -> None:
    assert mojifix.fix_text(text) == text


def test_letters_alone_tell_no_language() -> None:
    assert not tongue_of("õõõ äää üüü").lacks("ñ")


def test_a_language_lacks_letters_of_others() -> None:
    tongue = tongue_of(HUNGARIAN)
    assert tongue.lacks("termelõk")
    assert not tongue.lacks("termelők")


def test_words_with_cedillas_are_known_for_those_with_commas() -> None:
    assert tongue_of("și nu este în casă, dar este pe masă").knows("şi")
