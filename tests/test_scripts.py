"""The first test of all: it lets clean text out, and no damage that came of UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest

from mojifix.charsets.damage import through
from mojifix.charsets.registry import PRIORS
from mojifix.model import Channel
from mojifix.repair.gate import _dead
from mojifix.repair.scripts import is_plain

DEV = sorted((Path(__file__).parent.parent / "fixtures" / "dev").glob("*.txt"))
LINES = [line for path in DEV for line in path.read_text("utf-8").splitlines() if line]


def test_nine_clean_lines_in_ten_are_plain() -> None:
    plain = sum(map(is_plain, LINES))
    assert plain > 0.9 * len(LINES)


@pytest.mark.parametrize("channel", [c for c in PRIORS if c.written_as == "utf-8"], ids=str)
def test_damage_out_of_utf8_is_not_plain(channel: Channel) -> None:
    damaged = [through(line, channel) for line in LINES]
    found = [d for line, d in zip(LINES, damaged, strict=True) if d and d != line and is_plain(d)]
    assert not found


@pytest.mark.parametrize("dead", sorted({*_dead(), "锟斤拷", "烫烫烫", "屯屯屯", "葺葺葺"}))
def test_dead_text_is_not_plain(dead: str) -> None:
    assert not is_plain(f"a {dead} b")
