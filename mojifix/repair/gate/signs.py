"""Signs at numbers, and before questions, that a reader made letters or other signs of.

`Copyright 漏 2014`, `拢25`, `35掳C`, `10┬╡m`, `pages 10ñ15`, `ú4.99`: where a sign stands in a line
of ASCII, no such character does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS, LIKELIEST, UNICODE
from mojifix.model import Channel
from mojifix.repair.splice.spans import touches


class _Place(NamedTuple):
    """A sign, what stands before and behind it, and what legacy charsets made of it.

    Without that, what readers of UTF-8 did. What stands behind is no mere count, as behind words
    that are listed.
    """

    sign: str
    before: str
    behind: str
    legacy: str = ""


_START, _NUMBER, _INSIDE = r"(?<![^\s(])", r"(?:(?<=\d)|(?<=\d ))", r"(?:(?<=[\w),;:] )|(?<=\())"
_AMOUNT = r"(?<=\d)(?<![A-Za-z]\d)"
_YEAR, _DEGREES, _LENGTH = r" ?(?:19|20)\d\d\b", r"[CF](?!\w)", r"(?:[ckm]?m|in|inch|inches|px|ft)"
_PLACES = (
    _Place("©", _START, _YEAR),
    _Place("©", _START, _YEAR, "⌐¸"),
    _Place("£", _START, r"\d"),
    _Place("£", _START, r"\d", "úŁœЈ"),
    _Place("±", _INSIDE, r" ?\d"),
    _Place("±", _INSIDE, r" ?\d", "▒"),
    _Place("§", _INSIDE, r" ?\d"),
    _Place("°", _NUMBER, _DEGREES),
    _Place("°", _NUMBER, _DEGREES, "░∞ø¡í"),
    _Place("×", _NUMBER, r" ?\d"),
    _Place("×", _NUMBER, rf" ?\d+(?:[.,]\d+)? ?{_LENGTH}(?!\w)", "╫Î◊"),
    _Place("µ", _NUMBER, r"[mgslFAVW](?!\w)"),
    _Place("µ", _NUMBER, r"[mgslFAVW](?!\w)", "╡"),
    _Place("½", _AMOUNT, " [a-z]"),
    _Place("½", _AMOUNT, " [a-z]", "╜"),
    _Place("–", r"(?<=\d)", r"\d", "ûñÐð╨"),
    _Place("’", _START, r"\d0s(?!\w)", "ÆíÕ╒"),
    _Place("¿", _START, r"[A-Za-z][^¿?\s]{0,60} [^¿?\n]{1,200}\?"),
    _Place("¡", _START, r"[A-Za-z][^¡!\s]{0,60} [^¡!\n]{1,200}!"),
)

_WORDS = re.compile(r"(?<!\w)[A-Za-z]{2,}")


class Sign(NamedTuple):
    """The span of what a sign was made, the sign, and the likeliest channel that does so.

    `beside` tells whether another one in its line shows the channel.
    """

    start: int
    end: int
    sign: str
    channel: Channel
    beside: bool = False


@cache
def _made() -> Sequence[Mapping[str, Channel]]:
    """Return, for each place, what readers make of its sign, with the likeliest channels."""
    made: list[dict[str, Channel]] = [{} for _ in _PLACES]
    for channel in LIKELIEST:
        writer, reader = CHARSETS[channel.written_as], CHARSETS[channel.read_as]
        for place, reads in zip(_PLACES, made, strict=True):
            if bool(place.legacy) == (channel.written_as in UNICODE):
                continue
            data = encode(place.sign, writer)
            read = decode(data, reader) if data else None
            if read and (not place.legacy or read in place.legacy):
                reads.setdefault(read, channel)
    return made


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of what was made of the signs, in a group for each place."""
    parts = [
        f"{place.before}({'|'.join(map(re.escape, reads))})(?={place.behind})"
        for place, reads in zip(_PLACES, _made(), strict=True)
    ]
    return re.compile("|".join(parts))


@cache
def _opening() -> tuple[str, ...]:
    """Return what readers make of the marks that open questions and calls."""
    places = zip(_PLACES, _made(), strict=True)
    return tuple(read for place, reads in places if place.sign in "¿¡" for read in reads)


@cache
def _alone() -> re.Pattern[str]:
    every = "|".join(sorted({re.escape(read) for reads in _made() for read in reads}))
    opening = "|".join(map(re.escape, _opening()))
    other = r"[^\x00-@\[-`{-\x7f]"
    return re.compile(
        rf"(?<!{other})(?:{every})(?!{other})|(?:(?<=\d)|(?<!\S))(?:{every})(?=[A-Z]|[a-z](?!\w))"
        rf"|(?<![^\s(])(?:{opening})(?=[A-Za-z])"
    )


def may_be_sign(word: str) -> bool:
    """Tell whether a word has what a sign may have been made, by what is around it in the word."""
    return not _reads().isdisjoint(word) and bool(_alone().search(word))


def stands_as_sign(text: str, at: int) -> bool:
    """Tell whether there is what a sign was made in a place of a text, by what is around it."""
    if not may_begin_sign(text[at]):
        return False
    near = _DIGIT.search(text, max(0, at - 2), at + 4) or text.startswith(_opening(), at)
    return bool(near) and bool(_pattern().match(text, at))


def may_begin_sign(char: str) -> bool:
    """Tell whether a character is the first one of what a sign was made."""
    return char in _reads()


@cache
def _reads() -> frozenset[str]:
    """Return the first characters of all that signs are made."""
    return frozenset(read[0] for reads in _made() for read in reads)


_DIGIT = re.compile("[0-9]")
"""What is at most two characters from each sign."""


def signs(line: str) -> Iterator[Sign]:
    """Yield the signs of a line with words that has no other letters beyond ASCII.

    Where the place of one tells that it was UTF-8, others of its reader need none.
    """
    found = [*_pattern().finditer(line)]
    if not found or not _WORDS.search(line):
        return
    placed = []
    for match in found:
        at = (match.lastindex or 1) - 1
        placed.append(Sign(*match.span(), _PLACES[at].sign, _made()[at][match[0]]))
    of_utf8 = {one.channel for one in placed if one.channel.written_as in UNICODE}
    spans = [(one.start, one.end) for one in placed]
    more = [
        Sign(*match.span(), _others(channel)[match.group()], channel, beside=True)
        for channel in sorted(of_utf8, key=str)
        for match in _pattern_of(channel).finditer(line)
        if not touches(spans, *match.span())
    ]
    every = sorted([*placed, *more])
    if sum(_far_letters(line[one.start : one.end]) for one in every) >= _far_letters(line):
        yield from every


OTHERS = "½¼¾§¶°±×÷·©®µ£¢«»¿¡²³ªº"
"""Signs of two bytes in UTF-8."""


@cache
def _others(channel: Channel) -> Mapping[str, str]:
    """Return the signs that the reader of a channel makes something else of, by that."""
    read = ((decode(sign.encode(), CHARSETS[channel.read_as]), sign) for sign in OTHERS)
    return {found: sign for found, sign in read if found}


@cache
def _pattern_of(channel: Channel) -> re.Pattern[str]:
    """Return the pattern of what a reader makes of signs where nothing else is beside them."""
    every = "|".join(map(re.escape, _others(channel)))
    return re.compile(rf"(?<![^\x00-\x7f])(?:{every})(?![^\x00-\x7f])" if every else "(?!)")


def _far_letters(text: str) -> int:
    return sum(char >= "\x80" and char.isalpha() for char in text)
