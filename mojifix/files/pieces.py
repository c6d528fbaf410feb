"""Files too large to be held in memory, piece by piece."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import BinaryIO

from mojifix.files.exempt import NAME
from mojifix.files.read import Document, Opaque, reread

LARGE = 1 << 23
"""Bytes above which a file is repaired in pieces. Text takes up to four times its bytes, and is
held a few times while it is repaired."""

PIECE = 1 << 19
"""Bytes that are read at once: 1,700 lines of 300 bytes are a document with evidence enough."""

LONGEST = 4
"""Bytes of the longest character of a charset without shifts."""

_PLAIN = re.compile(rb".*[\x00-\x7f]{8}", re.DOTALL)
"""Up to the last place where eight ASCII characters stand together: no repair reaches across.
In charsets with characters of several bytes, only the first of the eight may belong to one."""

_WIDE_PLAIN = re.compile(r".*[\x00-\x7f]{8}", re.DOTALL)

_WHOLE = re.compile(rb".*(?=[\x00-\x7f\xc0-\xff])", re.DOTALL)
"""Up to the last place where a character of UTF-8 starts."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file: `data`, which starts at the byte `start`, and what it says.

    `line` and `column`, from 1 and in code points, are those of its first character.
    """

    start: int
    line: int
    column: int
    data: bytes
    document: Document | Opaque


def pieces(file: BinaryIO, like: Document) -> Iterator[Piece]:
    """Yield the pieces of a file from its start on, each read as `like` says the file is.

    A piece that can't be read so is opaque. Where `like` has lines that are `unread`, those are
    pieces of their own.
    """
    file.seek(0)
    start, line, column = 0, 1, 1
    for data, document in _read(file, like):
        yield Piece(start, line, column, data, document)
        start += len(data)
        text = data.decode("latin-1") if isinstance(document, Opaque) else document.text
        lines = text.count("\n")
        line += lines
        column = len(text) - text.rfind("\n") if lines else column + len(text)


def _read(file: BinaryIO, like: Document) -> Iterator[tuple[bytes, Document | Opaque]]:
    from mojifix.files.legacy import STATEFUL

    shifting = STATEFUL.get(like.charset)
    if shifting:
        yield from _shifted(file, like, shifting)
        return
    for data in cut_up(file, like.charset):
        document = reread(data, like)
        if isinstance(document, Opaque) and like.unread:
            yield from _around_unread(data, like)
        elif isinstance(document, Document) and document.invalid and like.second:
            from mojifix.files.mixed import lines_in

            lines = lines_in(data, like.second.charset)
            yield data, replace(document, second=like.second if lines else None, lines=lines)
        else:
            yield data, document
        like = replace(like, bom=b"")


def _shifted(
    file: BinaryIO, like: Document, codec: str
) -> Iterator[tuple[bytes, Document | Opaque]]:
    """Read a charset in which the meaning of a byte depends on all before it."""
    decoder = codecs.getincrementaldecoder(codec)()
    ended = False
    while not ended:
        data = file.read(PIECE)
        ended = not data
        try:
            text = decoder.decode(data, final=ended)
        except UnicodeDecodeError:
            yield data, Opaque(f"not {like.charset}", binary=False)
            return
        if data or text:
            yield data, replace(like, text=text, data=data)


def _around_unread(data: bytes, like: Document) -> Iterator[tuple[bytes, Document | Opaque]]:
    """Yield the lines of `data` that can't be read one by one, and the others together."""
    together: list[bytes] = []
    for line in data.splitlines(keepends=True):
        document = reread(line, like)
        if isinstance(document, Document):
            together.append(line)
            continue
        if together:
            yield b"".join(together), reread(b"".join(together), like)
            together = []
        yield line, document
    if together:
        yield b"".join(together), reread(b"".join(together), like)


def cut_up(file: BinaryIO, charset: str = "utf-8", size: int = PIECE) -> Iterator[bytes]:
    """Yield all bytes of a file in parts of at most three times `size`, cut where no repair is.

    Of a file in `charset`, each part begins and ends with a whole character.
    """
    rest = b""
    while block := file.read(size):
        data = rest + block
        at = cut(data, charset)
        if at:
            yield data[:at]
        rest = data[at:]
    if rest:
        yield rest


def cut(data: bytes, charset: str = "utf-8") -> int:
    """Return where to cut `data`, of which more follows: if possible at the end of a line.

    A line for mojifix may speak of the next one, so it is not cut off from it. A line that is
    longer than `data` is cut among ASCII characters, or else before a character.
    """
    if charset.startswith(("utf-16", "utf-32")):
        return _cut_wide(data, charset)
    end = data.rfind(b"\n") + 1
    start = data.rfind(b"\n", 0, max(0, end - 1)) + 1
    if start and NAME.encode() in data[start:end]:
        return start
    if end:
        return end
    plain = _PLAIN.match(data)
    if plain:
        return plain.end() - 4
    if charset == "utf-8":
        at = max(0, len(data) - LONGEST)
        whole = _WHOLE.match(data, at)
        return (whole.end() if whole else 0) or len(data)
    whole = _characters(charset).match(data)
    return (whole.end() if whole else 0) or len(data)


def _cut_wide(data: bytes, charset: str) -> int:
    unit = 2 if charset.startswith("utf-16") else 4
    newline = "\n".encode(charset)
    whole = len(data) - len(data) % unit
    end = _after_last(newline, data, whole)
    start = _after_last(newline, data, end - unit) if end else 0
    if start and NAME.encode(charset) in data[start:end]:
        return start
    if end:
        return end
    # From behind, in steps: eight ASCII characters are near in most text.
    for length in (1 << 12, 1 << 16, whole):
        tail = data[max(0, whole - length) : whole]
        text = tail.decode(charset, "replace")
        plain = _WIDE_PLAIN.match(text)
        if plain:
            return whole - len(text[plain.end() - 4 :].encode(charset))
    last = int.from_bytes(data[whole - unit : whole], "little" if charset.endswith("le") else "big")
    # Not between the halves of a character.
    return whole - unit if 0xD800 <= last <= 0xDBFF and whole > unit else whole


def _after_last(newline: bytes, data: bytes, end: int) -> int:
    """Return the end of the last newline up to `end`, or 0."""
    at = data.rfind(newline, 0, end)
    while at > 0 and at % len(newline):
        at = data.rfind(newline, 0, at + len(newline) - 1)
    return at + len(newline) if at >= 0 else 0


@cache
def _characters(charset: str) -> re.Pattern[bytes]:
    """Return a pattern of whole characters, as many as there are."""
    from mojifix.files.places import character

    return re.compile(b"(?:(?=.{%d})(?:%b))*+" % (LONGEST, character(charset)), re.DOTALL)
