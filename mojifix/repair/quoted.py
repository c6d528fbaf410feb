"""Text that quotes damage to discuss it: damaged on purpose, and so not to be repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mojifix.model import Repair

NEAR = 1000
"""Code points of a line, before a repair and behind it, that tell whether it is quoted."""

LONGEST = 40
"""Code points of the longest damage that is taken for a quotation because of a word beside it."""

_TOPIC = re.compile(
    r"mojibake|garbled|encod(?:ed?|ing|age)\b|decod(?:ed?|ing|age)\b|char(?:acter )?sets?\b"
    r"|code ?page|utf[-_]?(?:8|16)|unicode|latin-?1|iso[-_ ]?8859|windows[-_ ]?125\d"
    r"|\bcp\d{3,4}\b|mac-?roman"
    r"|\bgbk\b|gb(?:2312|18030)|big-?5|euc[-_]?(?:kr|jp)|shift[-_]?jis|koi8|kodowani|kódován"
    r"|codifica|zeichen(?:satz|kodierung)|kodierung|кодировк|кракозябр|乱码|亂碼|编码|編碼|文字化け"
    r"|文字コード|인코딩|글자 ?깨짐",
    re.IGNORECASE,
)
_FAR = re.compile("[^\x00-\x7f]")
_BESIDE = re.compile(r"[^\s`'\"()\[\]{}<>,;:=/|]+")


_HINTS = (
    "mojibake", "garbled", "unicod", "ncod", "ecod", "odifica", "code page", "codepage", "charset",
    "character set", "utf", "latin1", "latin-1", "8859", "windows", "cp", "macroman", "mac-roman",
    "gbk", "gb2312", "gb18030", "big5", "big-5", "euc", "jis", "koi8", "kodowani", "kódován",
    "kodierung", "zeichensatz", "кодировк", "кракозябр", "码", "碼", "化け", "コード", "코딩",
    "글자",
)  # fmt: skip
"""Of each alternative of `_TOPIC` a part in small letters: their search is faster."""


def is_on_topic(text: str) -> bool:
    """Tell whether the first line of a text with something beyond ASCII is about charsets."""
    far = _FAR.search(text)
    if far is None:
        return False
    end = text.find("\n", far.start())
    line = text[text.rfind("\n", 0, far.start()) + 1 : end if end >= 0 else len(text)]
    return _is_about(line)


def _is_about(line: str) -> bool:
    """Tell whether a line has a word of the topic."""
    small = line.lower()
    return any(map(small.__contains__, _HINTS)) and bool(_TOPIC.search(line))


def told_apart(text: str, repairs: Sequence[Repair]) -> list[Repair]:
    """Return the repairs with those that their line shows to be quotations marked as such.

    A line shows it by the right form beside the damage, of all its damage: one that was damaged
    may have a word twice. A word of the topic (mojibake, encoding, the name of a charset) does so
    for short damage in a document that has none elsewhere.
    """
    lines = [_line(text, repair) for repair in repairs]
    on_topic = [
        repair.end - repair.start <= LONGEST and _is_about(line)
        for repair, line in zip(repairs, lines, strict=True)
    ]
    only = all(
        topic for repair, topic in zip(repairs, on_topic, strict=True) if repair.kind != "suspected"
    )
    damaged = {
        _bounds(text, repair)
        for repair, line in zip(repairs, lines, strict=True)
        if repair.kind != "suspected" and not _is_beside(text, repair, line)
    }
    return [
        replace(repair, kind="quoted")
        if repair.kind != "suspected" and ((topic and only) or _bounds(text, repair) not in damaged)
        else repair
        for repair, topic in zip(repairs, on_topic, strict=True)
    ]


def _line(text: str, repair: Repair) -> str:
    start, end = _near(text, repair)
    return text[start : repair.start] + " " + text[repair.end : end]


def _near(text: str, repair: Repair) -> tuple[int, int]:
    """Return the span of the line of a repair, or of what is `NEAR` it of a long one."""
    start, end = _bounds(text, repair)
    return max(start, repair.start - NEAR), min(end, repair.end + NEAR)


def _bounds(text: str, repair: Repair) -> tuple[int, int]:
    end = text.find("\n", repair.end)
    return text.rfind("\n", 0, repair.start) + 1, len(text) if end < 0 else end


def _is_beside(text: str, repair: Repair, line: str) -> bool:
    """Tell whether the longest repaired word stands in its line already."""
    start, end = _near(text, repair)
    fixed = text[start : repair.start] + repair.after + text[repair.end : end]
    at = repair.start - start
    words = [
        word.group()
        for word in _BESIDE.finditer(fixed)
        if word.start() < at + len(repair.after) and word.end() > at
    ]
    # The longest one, if it has letters beyond ASCII: others stand in many lines.
    longest = max(words, key=len, default="")
    lettered = any(char.isalpha() and char >= "\x80" for char in longest)
    return lettered and longest in set(_BESIDE.findall(line))
