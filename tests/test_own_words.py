"""Words of a text's own language in another charset, and quotations that are signs."""

from __future__ import annotations

import pytest

from mojifix.charsets.registry import PRIORS, parse_channel
from mojifix.language.identification import Tongue, tongue_of
from mojifix.repair.decode.own_words import may_be_own, own_words
from mojifix.repair.decode.quotations import channel_at, quotation_marks

ITALIAN = "Il sentiero è chiuso, ma si passa lo stesso."
FRENCH = "Les horaires ne seront pas modifiés la semaine prochaine."
HUNGARIAN = "A tavaszi fagyok miatt az idén alig a fele terem meg, közölte a szövetség."
FINNISH = "Illalla lähdimme järvelle ja katsoimme, kuinka aurinko laski."
CHANNELS = tuple(PRIORS)


def found(text: str, tongue: Tongue) -> list[str]:
    return [one.after for one in own_words(text, CHANNELS, tongue)]


@pytest.mark.parametrize(
    ("text", "sample", "after"),
    [
        ("pi¥", ITALIAN, "ù"),
        ("(pi∙)", ITALIAN, "ù"),
        ("阾re", FRENCH, "êt"),
        ("ty÷kalu", FINNISH, "ö"),
        ("törölhetõket", HUNGARIAN, "örölhető"),
    ],
)
def test_an_unknown_word_is_one_of_its_language(text: str, sample: str, after: str) -> None:
    assert found(text, tongue_of(sample)) == [after]


@pytest.mark.parametrize(
    ("text", "sample"),
    [
        ("pi¥", ""),
        ("pi¥", HUNGARIAN),
        ("perché", ITALIAN),
        ("Ùn", ITALIAN),
        ("%s…", FRENCH),
        ("10°C", FRENCH),
        ("ÎLE", FRENCH),
        ("perchе", ITALIAN),
        ("törölhetõket", FINNISH),
        ("Törölhetõket", HUNGARIAN),
        ("jalapeño", HUNGARIAN),
        ("võrõs", FINNISH),
    ],
)
def test_other_words_are_none(text: str, sample: str) -> None:
    assert found(text, tongue_of(sample)) == []


def test_channels_that_are_not_allowed_make_no_words() -> None:
    channels = [parse_channel("utf-8>cp1252")]
    assert not list(own_words("pi¥", channels, tongue_of(ITALIAN)))


@pytest.mark.parametrize(
    ("word", "expected"),
    [("pi¥", True), ("képernyõkre", True), ("Zürich", False), ("plain", False)],
)
def test_what_may_be_a_word_is_asked_of_no_language(word: str, *, expected: bool) -> None:
    assert may_be_own(word) is expected


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("fare clic su ½Avanti╗ e attendere", "«»"),
        ("cliquez sur ®Ajouter un fichier¯.", "«»"),
        ("il faut ®lireŻ", "«»"),
        ("®Brand and ½cup", ""),
        ("®Brand® and ®Other®", ""),
        ("a ½ b ╗", ""),
    ],
)
def test_signs_on_both_sides_are_quotation_marks(line: str, marks: str) -> None:
    assert "".join(one.sign for one in quotation_marks(line)) == marks


def test_a_mark_at_a_word_tells_its_channel() -> None:
    assert str(channel_at("½Avanti")) == "cp1252>cp850"
    assert channel_at("½ cup") is None
