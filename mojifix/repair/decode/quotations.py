"""Quotation marks of which a legacy charset made signs that stand at no words: ½Aggiungi╗."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS, LIKELIEST, UNICODE
from mojifix.model import Channel
from mojifix.repair.gate.signs import Sign

_PAIRS = ("“”", "„“", "„”", "«»", "‘’", "‹›")
_MARKS = frozenset("".join(_PAIRS))

LONGEST = 80
"""Code points of a quotation, at most."""


def quotation_marks(line: str) -> Iterator[Sign]:
    """Yield the marks of the quotations in a line that are signs on both sides."""
    for match in _quotation().finditer(line):
        made = _made().get((match[1], match[2]))
        if made:
            pair, channel = made
            for group, mark in enumerate(pair, 1):
                yield Sign(*match.span(group), mark, channel)


def channel_at(word: str) -> Channel | None:
    """Return the likeliest channel that may have made a sign of a quotation mark in a word."""
    found = _at_word().search(word)
    return next((one for pair, (_, one) in _made().items() if found and found[0] in pair), None)


@cache
def _made() -> Mapping[tuple[str, str], tuple[str, Channel]]:
    """Return the pairs of quotation marks, with the channels that make one sign each of them.

    By what they make of them: a sign that opens, and what closes, which may be a capital: no word
    ends with one behind small letters.
    """
    found: dict[tuple[str, str], tuple[str, Channel]] = {}
    for channel in LIKELIEST:
        writer, reader = CHARSETS[channel.written_as], CHARSETS[channel.read_as]
        if channel.written_as in UNICODE or writer.leads:
            continue
        for pair in _PAIRS:
            opens, closes = (decode(encode(mark, writer) or b"", reader) or "" for mark in pair)
            if _is_sign(opens) and (_is_sign(closes) or closes.isupper()) and opens != closes:
                found.setdefault((opens, closes), (pair, channel))
    return found


def _is_sign(text: str) -> bool:
    return len(text) == 1 and text >= "\xa0" and not text.isalpha() and text not in _MARKS


@cache
def _quotation() -> re.Pattern[str]:
    opening, closing = _classes()
    return re.compile(
        rf"(?<![^\s(\[>])({opening})(?=[A-Za-z])"
        rf"[^\x00-\x1f]{{,{LONGEST}}}?(?<=[a-z.!?])({closing})(?![^\W_])"
    )


@cache
def _at_word() -> re.Pattern[str]:
    opening, closing = _classes()
    return re.compile(rf"{opening}(?=[A-Za-z])|(?<=[a-z.!?]){closing}")


def _classes() -> tuple[str, str]:
    """Return the character classes of what opens quotations, and of what closes them."""
    opening, closing = (sorted({re.escape(pair[at]) for pair in _made()}) for at in (0, 1))
    return f"[{''.join(opening)}]", f"[{''.join(closing)}]"
