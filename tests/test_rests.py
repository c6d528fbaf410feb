"""Letters of which nothing, or one byte, is left are told by the words that they make."""

from __future__ import annotations

import pytest

import mojifix
from mojifix.charsets.damage import damage
from mojifix.charsets.registry import PRIORS
from mojifix.repair.decode.evidence import Evidence
from mojifix.repair.decode.lost import APOSTROPHE, left_of
from mojifix.repair.lattice.rests import completing


def restored(text: str) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in mojifix.repair(text).repairs if one.lost]


@pytest.mark.parametrize(
    ("original", "channel"),
    [
        ("Les fenêtres sont ouvertes.", "utf-8>cp1253:replace"),
        ("Bunun ne olduğu belli mi?", "utf-8>cp874:drop"),
        ("De taal is al GEÏNSTALLEERD.", "utf-8>cp1252:replace"),
        ("Il documento già esiste.", "utf-8>euc-jp:nakaguro"),
    ],
)
def test_one_word_tells_what_no_word_looks_like(original: str, channel: str) -> None:
    assert mojifix.fix_text(damage(original, channel)) == original


@pytest.mark.parametrize("text", ["zgxtq・", "rock・pop", "The Dпple", "CD・DVD", "fi・", "・a"])
def test_nothing_is_put_back_that_makes_no_known_word(text: str) -> None:
    assert not restored(text)


def test_marks_that_may_stand_for_anything_need_other_damage() -> None:
    assert not restored("Il documento gi� esiste.")
    assert restored("Il documento gi� esiste, pu嘆 essere aperto.") == [("�", "à")]


def test_a_question_mark_at_the_end_of_a_word_asks() -> None:
    assert not restored("M辰 du g奪? Ist es m旦glich, da?")


def test_letters_have_the_case_of_their_word() -> None:
    assert ("・", "Ä") in restored("・NDRINGAR och ・ndringar f旦r alla")
    text = mojifix.fix_text("・NDRINGAR och f旦r alla")
    assert text == "ÄNDRINGAR och för alla"


def test_what_is_left_of_a_letter_hangs_on_the_reader() -> None:
    assert list(left_of("Ã?", "n", "utf-8", "cp1252", "substitute")) == ["Á", "Í", "Ï", "Ð", "Ý"]
    assert "æ" in left_of("?¦", "n", "utf-8", "iso-8859-8", "question")
    assert "ä" not in left_of("・", "n", "utf-8", "euc-jp", "nakaguro")
    assert "Ä" in left_of("・", "n", "utf-8", "euc-jp", "nakaguro")
    assert APOSTROPHE in left_of("・・", "s", "utf-8", "euc-jp", "nakaguro")


def test_marks_alone_are_no_rest_of_readers_of_one_byte() -> None:
    assert not left_of("?", "n", "utf-8", "cp1252", "substitute")


def test_natural_words_have_no_rests() -> None:
    for word in ("naïve", "Ærø", "№5", "O’Neill", "Şişli"):
        assert not list(completing(word, tuple(PRIORS), Evidence()))
