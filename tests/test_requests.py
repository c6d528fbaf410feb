"""The table of docs/requests.md says what is repaired."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mojifix

PAGE = Path(__file__).parent.parent / "docs" / "requests.md"
ROW = re.compile(
    r"^\| (?P<asked>[^|]+) \| `(?P<text>.+?)` \| (?P<wanted>.+?) \| (?P<got>.+?) \| (?P<why>.*) \|$"
)


def rows() -> list[dict[str, str]]:
    lines = PAGE.read_text("utf-8").split("\n")
    return [match.groupdict() for match in map(ROW.match, lines) if match]


def unescaped(text: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text)


def told(row: dict[str, str]) -> str:
    """Return what the table says that a text becomes."""
    got = {"left": row["text"], "right": row["wanted"].strip("`")}.get(row["got"])
    return unescaped(row["got"].strip("`") if got is None else got)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['asked']} {row['text']}")
def test_a_request_becomes_what_the_table_says(row: dict[str, str]) -> None:
    assert mojifix.fix_text(unescaped(row["text"])) == told(row)


def test_what_is_not_right_is_explained() -> None:
    assert [
        row["text"] for row in rows() if (row["got"] != "right") != bool(row["why"].strip())
    ] == []


def test_the_table_counts_what_is_right() -> None:
    right = sum(row["got"] == "right" for row in rows())
    assert f"{right} of {len(rows())} are right" in PAGE.read_text("utf-8")
