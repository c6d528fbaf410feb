"""Signs beside numbers that a reader of two bytes a character made Han characters or Hangul of.

`Copyright 漏 2014`, `拢25`, `35掳C`: such a character alone in a line of ASCII, and where a sign
stands, is no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from mojifix.charsets.charset import decode
from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.model import Channel

_PLACES = {
    "©": (r"(?<![^\s(>])", r" ?(?:19|20)\d\d\b"),
    "£": (r"(?<![^\s(])", r"\d"),
    "±": (r"(?:(?<=[\w),;:] )|(?<=\())", r" ?\d"),
    "§": (r"(?:(?<=[\w),;:] )|(?<=\())", r" ?\d"),
    "°": (r"(?:(?<=\d)|(?<=\d ))", r"[CF](?!\w)"),
    "×": (r"(?:(?<=\d)|(?<=\d ))", r" ?\d"),
    "µ": (r"(?:(?<=\d)|(?<=\d ))", r"[mgslFAVW](?!\w)"),
    "½": (r"(?<=\d)", r" [a-z]"),
}
"""What stands before each sign, and behind it: not a count, as behind words that are listed."""

_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff61-\uffdc]")
_WORDS = re.compile(r"(?<!\w)[A-Za-z]{2,}")


class Sign(NamedTuple):
    """The span of what a sign was made, the sign, and the likeliest channel that does so."""

    start: int
    end: int
    sign: str
    channel: Channel


@cache
def _made() -> Mapping[str, tuple[str, Channel]]:
    """Return the signs and their channels, by what readers of two bytes a character make of one."""
    made: dict[str, tuple[str, Channel]] = {}
    for channel in sorted(PRIORS, key=lambda channel: -PRIORS[channel]):
        reader = CHARSETS[channel.read_as]
        if channel.written_as == "utf-8" and reader.leads:
            for sign in _PLACES:
                read = decode(sign.encode(), reader)
                if read:
                    made.setdefault(read, (sign, channel))
    return made


@cache
def _pattern() -> re.Pattern[str]:
    parts: list[str] = []
    for sign, (before, behind) in _PLACES.items():
        own = "|".join(read for read, (was, _) in _made().items() if was == sign)
        parts.append(f"{before}(?:{own})(?={behind})")
    return re.compile("|".join(parts))


@cache
def alone() -> re.Pattern[str]:
    """Return the pattern of what a sign was made with nothing but ASCII beside it."""
    either = "|".join(_made())
    return re.compile(f"(?<![^\x00-\x7f])(?:{either})(?![^\x00-\x7f])")


def signs(line: str) -> Iterator[Sign]:
    """Yield the signs of a line that has no other East Asian characters, and words of ASCII."""
    found = [*_pattern().finditer(line)]
    if not found or not _WORDS.search(line):
        return
    if sum(len(match[0]) for match in alone().finditer(line)) < len(_EAST_ASIAN.findall(line)):
        return
    for match in found:
        sign, channel = _made()[match[0]]
        yield Sign(*match.span(), sign, channel)
