"""Documents that went through one legacy charset from end to end."""

from __future__ import annotations

import pytest

from mojifix import Channel, damage, fix_text, repair
from mojifix.repair.decode.whole import told_whole
from mojifix.repair.find import transcoder_of

TRANSCODER = transcoder_of(None, 6)

FRENCH = """Le petit café près de la rivière était fermé à cause des élections.
On y a célébré la fête, et les élèves, très étonnés, préférèrent la forêt.
    tasse.couleur = « noire » ;
    tasse.taille = « petite » ;
Le paramètre peut être « ouvert », « 10 % » ou « repas ».
Mise à jour toutes les 3 secondes.
"""
BULGARIAN = """"MOVE": "премести се напред",
"CHANGE": "промени %1 с %2",
"REPLACE": "замени елемент %1 от %2 с %3",
"SIZE": "увеличи размера с %1",
"SAY": "кажи нещо приятно",
"ASK": "попитай и изчакай отговор",
"""
HUNGARIAN = """A kis kávézó a folyó mellett egész nyáron zárva volt.
Csak ősszel nyílt ki újra, amikor a fák már elvesztették leveleiket.
Ő és én gyakran ültünk ott, néha könyvvel, néha levelekkel.
"""


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        (FRENCH, "cp850>mac-roman"),
        (FRENCH, "mac-roman>cp850"),
        (FRENCH, "cp1252>cp437"),
        (BULGARIAN, "cp1251>cp437"),
        (BULGARIAN, "cp1251>cp1252"),
        (BULGARIAN, "koi8-r>cp1251"),
        (HUNGARIAN, "cp1250>cp1252"),
    ],
)
def test_what_is_in_doubt_alone_goes_with_its_document(text: str, channel: str) -> None:
    damaged = damage(text, channel)
    result = repair(damaged)
    assert result.text == fix_text(damaged) == text
    assert {str(layer.channel) for one in result.repairs for layer in one.layers} == {channel}


def test_a_document_names_a_channel_that_reads_all_of_it() -> None:
    damaged = damage(BULGARIAN + "“Ръководство” — 1998\n", "cp1251>latin-1")
    whole = told_whole(damaged, TRANSCODER)
    assert whole is not None
    assert whole.is_all
    assert whole.channel == Channel("cp1251", "latin-1")


@pytest.mark.parametrize(
    "clean", ["Un été à la mer", "prix: 5 × 7", "Zoé, Noël", "a la carte: à 5", "…", "© 2010, §7"]
)
def test_a_clean_line_among_damaged_ones_is_left(clean: str) -> None:
    damaged = damage(BULGARIAN, "cp1251>cp1252")
    assert fix_text(damaged + clean) == BULGARIAN + clean


def test_a_clean_document_went_through_nothing() -> None:
    for text in (FRENCH, BULGARIAN, HUNGARIAN):
        assert told_whole(text, TRANSCODER) is None


def test_a_word_of_another_charset_is_no_reason_to_leave_the_others() -> None:
    text = BULGARIAN * 8 + "LABEL: %1 с %2\n"
    damaged = damage(text, "cp1251>cp437") + "Ægir Øyvind Håkon\n"
    assert fix_text(damaged) == text + "Ægir Øyvind Håkon\n"
