"""What clean text has that looks like damage."""

from __future__ import annotations

import time

import pytest

from mojifix.repair.gate.customary import is_customary, is_dump, is_measure
from mojifix.repair.gate.parts import parts

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


@pytest.mark.parametrize(
    ("line", "dump"),
    [
        ("00000010  c3 a9 74 e9 0a                                    |Ã©té.|", True),
        ("00000010: c3a9 74e9 0a63 6166  Ã©té.caf", True),
        ("    0x0040:  c3a9 74e9 0a63 6166  Ã©té.caf", True),
        ("00000010h: C3 A9 74 E9 0A 63 ; Ã©té.c", True),
        ("2010 10 11 12 13 cafÃ©", False),
        ("201012 10 11 12 13 cafÃ©", False),
        ("face cafÃ© 12 34 56", False),
        ("1234 5678 9012 3456 cafÃ©", False),
    ],
)
def test_lines_that_show_bytes_are_told(line: str, dump: bool) -> None:
    assert is_dump(line) is dump
