"""The gate: what it leaves out to be fast is nothing that it would find."""

from __future__ import annotations

import pytest

from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.model import Channel
from mojifix.repair.decode.traces import FIRST_WIDE, suspects
from mojifix.repair.find import is_clean, transcoder_of
from mojifix.repair.gate.scripts import marked
from mojifix.repair.inert import Gate

WIDE = [c for c in PRIORS if c.written_as == "utf-8" and CHARSETS[c.read_as].leads]


@pytest.mark.parametrize("channel", WIDE, ids=str)
def test_readers_of_several_bytes_are_looked_for_only_where_their_characters_are(
    channel: Channel,
) -> None:
    below = [chr(code) for code in range(0x20, ord(FIRST_WIDE)) if chr(code) != "?"]
    assert not [char for char in below if suspects(channel).search(char)]
    assert not suspects(channel).search("".join(below))


@pytest.mark.parametrize("row", ['"{}","{}"', "{};{}", "<td>{}</td><td>{}</td>", "{} {}"])
def test_the_cells_of_a_row_are_known_in_other_rows(row: str) -> None:
    gate = Gate(transcoder_of(None, 6), lambda _: False)
    one, other = row.format("Řeřicha", "Bäßler"), row.format("Bäßler", "Řeřicha")
    assert next(marked(other), None)
    assert not gate.is_known(other)
    assert gate.is_inert(one)
    assert gate.is_known(other)


def test_a_straightened_quotation_mark_is_within_a_word() -> None:
    gate = Gate(transcoder_of(None, 6), lambda text: 'â"¢' in text)
    assert not gate.is_inert('PowerHouseâ"¢')


def test_what_is_clean_hangs_on_no_text_before() -> None:
    text = "x" * 99 + "\n"
    text = f"{text * 21}the Straße Москва\n{text * 2}Ó\n{text * 18}garþon\n"
    asked: list[str] = []
    gate = Gate(transcoder_of(None, 6), lambda one: bool(asked.append(one)))
    gate.is_inert(text)
    first = list(asked)
    gate.is_inert(text)
    assert asked == first


@pytest.mark.parametrize(
    ("carrier", "text"),
    [
        ("价格 么ng 便宜", "么ng"),
        ("汉字 褍 说明", "褍"),
        ("รงelik é", "รงelik"),
        ("半角 ﾐｽﾐｵ カナ", "ﾐｽﾐｵ"),
        ("это УМretiminin слово", "УМretiminin"),
    ],
)
def test_what_is_undone_hangs_on_no_text_before(carrier: str, text: str) -> None:
    transcoder = transcoder_of(None, 6)
    gate = Gate(transcoder, lambda one: not is_clean(one, transcoder))
    gate.is_inert(carrier)
    assert not gate.is_known(text)


def test_words_that_show_a_charset_together_are_not_known_by_each_alone() -> None:
    transcoder = transcoder_of(None, 6)
    gate = Gate(transcoder, lambda one: not is_clean(one, transcoder))
    text = "aprendiу aсo Ramуn resumiу"
    for word in text.split():
        assert gate.is_inert(word)
    assert not gate.is_known(text)
    assert not gate.is_inert(text)


def test_lines_of_natural_words_have_no_part_in_what_others_gain() -> None:
    text = "range╤see\nrùa\ngazÆtotta\n£n£j"

    def asked(*before: str) -> list[str]:
        found: list[str] = []
        gate = Gate(transcoder_of(None, 6), lambda one: bool(found.append(one)))
        for one in before:
            gate.is_inert(one)
        found.clear()
        gate.is_inert(text)
        return found

    assert asked("rùa") == asked()
