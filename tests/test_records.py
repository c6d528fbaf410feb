"""Many records at once: alone, and with the evidence of their source."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

import mojifix

SOURCE = ["BoyacÃ¡ es hermosa", "El niÃ±o comiÃ³ una manzana", "nothing here", "MÃ¡s tarde"]
DOUBTFUL = "Mc Ã…"


def test_records_are_repaired_on_their_own() -> None:
    found = [result.text for result in mojifix.repair_many([*SOURCE, DOUBTFUL])]
    assert found == [*map(mojifix.fix_text, SOURCE), DOUBTFUL]


def test_records_of_one_source_help_each_other() -> None:
    *found, doubtful = mojifix.repair_many([*SOURCE, DOUBTFUL], pooled=True)
    assert [result.text for result in found] == [mojifix.fix_text(text) for text in SOURCE]
    assert doubtful.text == "Mc Å"


def test_one_record_teaches_the_others_nothing() -> None:
    *_, doubtful = mojifix.repair_many([SOURCE[0], DOUBTFUL], pooled=True)
    assert doubtful.text == DOUBTFUL


def test_records_are_read_one_by_one() -> None:
    def texts() -> Iterator[str]:
        yield "cafÃ©"
        raise RuntimeError

    assert next(mojifix.repair_many(texts())).text == "café"


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=12), max_size=4), st.booleans())
def test_each_record_has_a_result(texts: list[str], pooled: bool) -> None:
    results = list(mojifix.repair_many(texts, pooled=pooled))
    assert [result.original for result in results] == texts


def test_letters_of_other_records_are_no_evidence() -> None:
    damaged = [mojifix.damage(f"Продаю дом номер {n} в Москве", "cp1251>cp1252") for n in range(4)]
    *_, letter, name = mojifix.repair_many([*damaged, "Å", "Rue Ô"], pooled=True)
    assert (letter.text, name.text) == ("Å", "Rue Ô")
