"""Files that are not UTF-8 throughout: in a legacy charset, in two, or with bytes that were cut."""

from __future__ import annotations

import math
import re
from itertools import islice
from typing import NamedTuple

from mojifix.charsets.charset import decode
from mojifix.files.detect import SAMPLE, TEMPERATURE, UTF8_CHARACTER, Guess, guesses, naturalness
from mojifix.files.legacy import LEGACY
from mojifix.files.read import SURE

LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
"""A line with bytes beyond ASCII."""

SECOND = -8.0
"""Nats for that a file has lines in a second charset at all."""

CUT = -15.0
"""Nats for what is left of a character of UTF-8 that was cut: the bytes for one U+FFFD."""

CLEAR = 4
"""Bytes that are no UTF-8 in a line without any UTF-8, above which it is not asked whether the line
was cut: a cut leaves three at most on either side."""

LINES = 2000
"""Lines that are looked at when no charset has characters for all of a file."""

ENOUGH = 20
"""Lines of which one may have bytes that have no character; fewer lines say too little."""

_UTF8 = re.compile(UTF8_CHARACTER)
_INVALID = re.compile("[\udc80-\udcff]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


class Reading(NamedTuple):
    """How to read bytes that are not UTF-8.

    `guesses` are the legacy charsets that come into question, the likeliest first. They are for
    the `lines` given by their spans, in bytes; `whole` says that they are for all of the file. With
    neither, the file is UTF-8 with some bytes that are not. `gaps`: a few lines have bytes that the
    first guess has no character for.
    """

    guesses: tuple[Guess, ...]
    whole: bool
    lines: tuple[tuple[int, int], ...] = ()
    gaps: bool = False


def reading(data: bytes, asked: str | None = None) -> Reading:
    """Decide line by line whether `data`, which is not UTF-8, is UTF-8 or in a legacy charset.

    All lines that are not UTF-8 are taken to be in the same charset, where it fits them.
    """
    if not _UTF8.search(data):
        return _in_one(data, tuple(guesses(data, asked)), asked)
    mostly, others = _by_line(data)
    found = tuple(guesses(b"\n".join(line.group() for line in others) if mostly else data, asked))
    if not found:
        return Reading((), whole=False) if mostly else _in_one(data, (), asked)
    charset = found[0].charset
    if _is_whole(data, mostly, others, charset):
        return _in_one(data, tuple(guesses(data, asked)) if mostly else found, asked)
    lines, evidence = _in_charset(others, charset)
    if evidence + SECOND <= 0:
        return Reading((), whole=False)
    share = 1 / (1 + math.exp(-(evidence + SECOND) / TEMPERATURE))
    found = tuple(guess._replace(confidence=guess.confidence * share) for guess in found)
    return Reading(found, whole=False, lines=tuple(line.span() for line in lines))


def _in_one(data: bytes, found: tuple[Guess, ...], asked: str | None) -> Reading:
    """Return how to read a file in one legacy charset: as was found, or with a few gaps."""
    if not (found and found[0].confidence >= SURE):
        lines = [match.group() for match in islice(LINE.finditer(data), LINES)]
        guess = _but_for_few(lines, asked)
        if guess:
            return Reading((guess,), whole=True, gaps=True)
    return Reading(found, whole=True)


def _but_for_few(lines: list[bytes], asked: str | None) -> Guess | None:
    """Return the charset that all but a few lines are surely in, if there is one."""
    if len(lines) < ENOUGH:
        return None
    unread: dict[tuple[int, ...], list[str]] = {}
    for name, charset in LEGACY.items():
        at = tuple(number for number, line in enumerate(lines) if decode(line, charset) is None)
        if len(at) <= max(1, len(lines) // ENOUGH):
            unread.setdefault(at, []).append(name)
    for at, names in sorted(unread.items(), key=lambda pair: len(pair[0])):
        left = b"\n".join(line for number, line in enumerate(lines) if number not in {*at})
        guess = next(iter(guesses(left, asked)), None)
        if guess and guess.confidence >= SURE and guess.charset in names:
            return guess
    return None


def lines_in(data: bytes, charset: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the lines that are in `charset`, of a file that is UTF-8 otherwise."""
    lines, _ = _in_charset(_by_line(data)[1], charset)
    return tuple(line.span() for line in lines)


def _by_line(data: bytes) -> tuple[list[re.Match[bytes]], list[re.Match[bytes]]]:
    """Return the lines with bytes beyond ASCII that are mostly UTF-8, and the others."""
    mostly: list[re.Match[bytes]] = []
    others: list[re.Match[bytes]] = []
    for match in LINE.finditer(data):
        text = match.group().decode("utf-8", "surrogateescape")
        valid = len(_BEYOND_ASCII.findall(text))
        (mostly if valid > sum(map(len, _INVALID.findall(text))) else others).append(match)
    return mostly, others


def _is_whole(
    data: bytes, mostly: list[re.Match[bytes]], others: list[re.Match[bytes]], charset: str
) -> bool:
    """Tell whether lines that look like UTF-8 are so by chance or damage, in a file in `charset`.

    Where most lines are in it and all can be, what is UTF-8 in it is damage.
    """
    if decode(data, LEGACY[charset]) is None:
        return False
    if mostly and len(others) > len(mostly):
        return True
    weight, size = SECOND if mostly and others else 0.0, 0
    for match in mostly or others:
        line = match.group()
        weight += _as_utf8(line) - naturalness(decode(line, LEGACY[charset]) or "")
        size += len(line)
        if size > SAMPLE:
            break
    return weight < 0


def _in_charset(lines: list[re.Match[bytes]], charset: str) -> tuple[list[re.Match[bytes]], float]:
    """Return the lines that are in `charset` rather than cut UTF-8, and how sure, in nats."""
    found, evidence = [], 0.0
    for match in lines:
        line = match.group()
        text = decode(line, LEGACY[charset])
        if text is None:
            continue
        gain = 0.0
        if len(line.decode("ascii", "ignore")) > len(line) - CLEAR:
            gain = naturalness(text) - _as_utf8(line)
            if gain < 0:
                continue
        else:
            gain = -CUT * CLEAR
        found.append(match)
        evidence += gain
    return found, evidence


def _as_utf8(line: bytes) -> float:
    """Return the log probability of a line as UTF-8 some of whose characters were cut."""
    cuts = line.decode("utf-8", "replace").count("\ufffd")
    return naturalness(line.decode("utf-8", "ignore")) + CUT * cuts
