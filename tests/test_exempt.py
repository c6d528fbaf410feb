"""What the user wants to keep: comments, strings and patterns."""

from __future__ import annotations

import re

import pytest

from mojifix.files.exempt import Exemptions, whole, without_exempt
from mojifix.model import Repair, Result
from mojifix.repair.splice.splice import splice

NONE = Exemptions()


def found(text: str) -> Result:
    """Return a result that repairs every `x` but those of comments, and in which `z` is dead."""
    repairs = [
        Repair(*match.span(), "x", "y", (), "exact", 0, 1.0)
        for match in re.finditer("(?<!mojifi)x(?!t)", text)
    ]
    dead = tuple((at, at + 1) for at, c in enumerate(text) if c == "z")
    return Result(splice(text, repairs), text, tuple(repairs), (), dead)


def repaired(text: str, exemptions: Exemptions = NONE) -> str:
    return without_exempt(found(text), exemptions)[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x # mojifix: ignore\nx", "x # mojifix: ignore\ny"),
        ("x\nx <!-- mojifix:ignore -->\nx", "y\nx <!-- mojifix:ignore -->\ny"),
        ("x /* mojifix: ignore */ x\r\nx", "x /* mojifix: ignore */ x\r\ny"),
        ("x mojifix: ignore\rx", "x mojifix: ignore\ry"),
        ("mojifix: ignore x", "mojifix: ignore x"),
        ("x\n// mojifix: ignore-next-line\nx\nx", "y\n// mojifix: ignore-next-line\nx\ny"),
        ("// mojifix: ignore-next-line\r\nx\r\nx", "// mojifix: ignore-next-line\r\nx\r\ny"),
        ("x mojifix: ignore-next-line", "y mojifix: ignore-next-line"),
        ("x\nmojifix: off\nx\nmojifix: on\nx", "y\nmojifix: off\nx\nmojifix: on\ny"),
        ("x\nmojifix: off\nx\nx", "y\nmojifix: off\nx\nx"),
        ("mojifix: on\nx", "mojifix: on\ny"),
        (
            "mojifix: off\nmojifix: off\nmojifix: on\nx",
            "mojifix: off\nmojifix: off\nmojifix: on\ny",
        ),
        ("xmojifix: ignore", "ymojifix: ignore"),
        ("x mojifix: ignored", "y mojifix: ignored"),
        ("x mojifix: ignore-all", "y mojifix: ignore-all"),
        ("x mojifix:\nignore", "y mojifix:\nignore"),
        ("x MOJIFIX: ignore", "y MOJIFIX: ignore"),
    ],
)
def test_comments_keep_lines(text: str, expected: str) -> None:
    assert repaired(text) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mojifix: ignore-file\nx", True),
        ("1\n2\n3\n4\n# mojifix: ignore-file", True),
        ("1\r\n2\r\n3\r\n4\r\n5\r\n# mojifix: ignore-file", False),
        ("mojifix: ignore\nx", False),
        ("x", False),
    ],
)
def test_a_comment_at_the_top_keeps_the_file(text: str, kept: bool) -> None:
    assert whole(text) is kept


def test_strings_keep_what_they_match() -> None:
    assert repaired("x.x ax xa", Exemptions(strings=("x.x", "ax"))) == "x.x ax ya"


def test_patterns_keep_what_they_match() -> None:
    assert repaired("x1 x\nx2", Exemptions(patterns=(r"^x\d",))) == "x1 y\nx2"


def test_each_pattern_has_flags_of_its_own() -> None:
    assert repaired("Ax ax bx", Exemptions(patterns=("(?i)ax", "B"))) == "Ax ax by"


def test_what_is_kept_is_counted() -> None:
    result, ignored = without_exempt(found("x\nx mojifix: ignore x\n"), NONE)
    assert ([one.start for one in result.repairs], ignored) == ([0], 2)


def test_suspected_and_dead_text_is_kept_as_well() -> None:
    suspect = Repair(0, 1, "a", "b", (), "suspected", 0, 0.5)
    text = "a z mojifix: ignore"
    result, ignored = without_exempt(Result(text, text, (), (suspect,), ((2, 3),)), NONE)
    assert (result.suspected, result.dead, ignored) == ((), (), 1)


def test_a_repair_that_only_touches_what_is_kept_is_made() -> None:
    assert repaired("xax", Exemptions(strings=("a",))) == "yay"


def test_without_exemptions_the_result_is_the_same() -> None:
    result = found("x mojifix\n")
    assert without_exempt(result, NONE) == (result, 0)


def test_what_matches_nothing_keeps_nothing() -> None:
    assert repaired("x a x", Exemptions(patterns=("a*",))) == "y a y"
