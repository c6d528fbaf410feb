"""Text read back through the charsets of a chain, and what a word was then."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from mojifix.charsets.charset import Charset, decode, encode
from mojifix.charsets.registry import CHARSETS, UNICODE, bytes_of
from mojifix.repair.decode.cut import is_cut_utf8, may_be_lost
from mojifix.repair.reading import Chain


def read_back(text: str, chain: Chain) -> str | None:
    """Return what a text was before it went through a chain; None if it can't have."""
    for channel in reversed(chain):
        if may_be_lost(text, channel.read_as):
            return None
        data = encode(text, CHARSETS[channel.read_as])
        writer = CHARSETS[channel.written_as]
        was = None if data is None else decode(data, writer)
        if data is None or was is None or not is_whole(was, data, writer):
            return None
        text = was
    return text


DOUBLE = 3
"""Characters of a text that a reader has twice, for which all ways to write them are tried: of more
of them, only those that are alike."""


def writings(text: str, reader: str) -> Sequence[bytes]:
    """Return the ways in which a charset writes a text, the usual one first; none if it can't.

    Those of East Asia have some characters twice, such as NEC's and IBM's in cp932.
    """
    charset = CHARSETS[reader]
    data = encode(text, charset)
    if data is None or not charset.leads:
        return () if data is None else (data,)
    double = [at for at, char in enumerate(text) if len(bytes_of(char, reader)) > 1]
    if not double:
        return (data,)
    choices = [bytes_of(text[at], reader)[:2] for at in double]
    picked = itertools.product(*choices) if len(double) <= DOUBLE else zip(*choices, strict=True)
    borders = list(itertools.pairwise((-1, *double, len(text))))
    between = [encode(text[start + 1 : end], charset) or b"" for start, end in borders]
    found = (b"".join(itertools.chain(*zip(between, (*some, b""), strict=True))) for some in picked)
    return tuple(dict.fromkeys((data, *found)))


# Surrogates, noncharacters, and the planes that nobody writes in.
_UNWRITTEN = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U00032000-\U000e00ff\U000e0200-\U0010ffff]"
)


def is_whole(before: str, data: bytes, writer: Charset) -> bool:
    """Tell whether text is all of some data, and nothing in it is what nobody writes."""
    # U+FFFD that was written is text whose bytes were lost before; accents stand behind letters.
    if (
        "\ufffd" in before
        or "\u0300" <= before[:1] <= "\u036f"
        or (not before.isprintable() and _UNWRITTEN.search(before))
    ):
        return False
    return encode(before, writer) == data


def is_utf8_read_otherwise(text: str, chain: Chain) -> bool:
    """Tell whether a chain ends with a legacy charset, but the bytes are UTF-8 of one script."""
    if chain[-1].written_as in UNICODE:
        return False
    data = encode(text, CHARSETS[chain[-1].read_as])
    return data is not None and is_cut_utf8(data)


def readers_of(text: str, readers: tuple[str, ...]) -> Sequence[str]:
    """Return those of `readers` that have every character of `text`."""
    able = -1
    for char in set(text):
        if char >= "\x80":
            able &= able_readers(char, readers)
    return [name for number, name in enumerate(readers) if able >> number & 1]


@lru_cache(maxsize=1 << 14)
def able_readers(char: str, readers: tuple[str, ...]) -> int:
    """Return the readers, as bits by their numbers, that have a character."""
    return sum(1 << number for number, name in enumerate(readers) if bytes_of(char, name))
