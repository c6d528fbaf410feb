"""What clean text has that looks like damage."""

from __future__ import annotations

import time

import pytest

from mojifix.repair.customary import is_customary, is_measure
from mojifix.repair.parts import parts

MEASURES = "½ 1½ 20°C °C 5°N x² km² (m²) 5² 3)² Å³ e/Å³ σ² λ²= β²γ² Λπ± δg° ½√π 2√π Ø Ø5 5µm ±5 5º"
DAMAGED = "Â² mÂ² Ξ±Ξ½ perΓ² o√π da³ by³ ²5 É² cafÃ© ¾n"


@pytest.mark.parametrize("word", MEASURES.split())
def test_units_fractions_and_powers_are_measures(word: str) -> None:
    assert is_measure(word)


@pytest.mark.parametrize("word", DAMAGED.split())
def test_letters_and_signs_of_damage_are_none(word: str) -> None:
    assert not is_customary(word)


@pytest.mark.parametrize(
    "word",
    ["ﾔﾏﾀﾞ", "ﾌﾘｺﾐ", '"ｷﾖｳﾄ","ﾅﾝﾊﾞ"', "ㅎㅏㄴㄱㅡㄹ", "¤ø,¸¸,ø¤°º¤ø", "gradъ", "/θɪŋk/", "mоdel"],
)
def test_rare_forms_of_clean_text_are_customary(word: str) -> None:
    assert is_customary(word)


@pytest.mark.parametrize("unit", ["¤", "Å²", "ㄱㅏ", "ﾔﾏ", "½", "Γ²"])
def test_long_words_take_time_in_proportion(unit: str) -> None:
    start = time.perf_counter()
    is_customary(unit * 20_000 + "!é")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("word", "cells"),
    [
        ("é;ñ;1", ["é;", "ñ;1"]),
        ('"é","ñ"', ['"é",', '"ñ"']),
        ("vu;À", ["vu;", "À"]),
        ("<b>é</b><a>ñ", ["<b>", "é</b><a>", "ñ"]),
        ("é=ñ", ["é=", "ñ"]),
        ("“É,”", ["“É,”"]),
        ("é;", ["é;"]),
    ],
)
def test_cells_are_words(word: str, cells: list[str]) -> None:
    assert [word[start:end] for start, end in parts(word)] == cells
