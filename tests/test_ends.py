"""Where a repair begins and ends in text whose words are not spaced."""

from __future__ import annotations

import pytest

from mojifix import fix_text
from mojifix.charsets.damage import through
from mojifix.charsets.registry import parse_channel

CLAUSE = "图书馆周一闭馆，其余时间照常开放。"
BEFORE, BEHIND = "会议改到周五。", "如有疑问请联系前台。"


@pytest.mark.parametrize("channel", ["gbk>cp949", "gbk>cp932", "utf-8>cp1251", "utf-8>cp1253"])
def test_clean_characters_that_the_reader_has_stay(channel: str) -> None:
    damaged = through(CLAUSE, parse_channel(channel))
    assert damaged
    assert fix_text(BEFORE + damaged + BEHIND) == BEFORE + CLAUSE + BEHIND


def test_what_the_same_damage_explains_is_taken_in() -> None:
    damaged = through("郵便局", parse_channel("cp932>cp1252"))
    assert damaged
    assert damaged.startswith("—X")
    text = "会議は" + damaged + "で行われます。"
    assert fix_text(text) == "会議は郵便局で行われます。"
