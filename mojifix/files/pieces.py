"""Files too large to be held in memory, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mojifix.files.durable import opened
from mojifix.files.exempt import NAME
from mojifix.files.read import Document, Opaque, decoded

LARGE = 1 << 24
"""Bytes above which a file is repaired in pieces. Text takes up to four times its bytes, and is
held a few times while it is repaired."""

PIECE = 1 << 20
"""Bytes that are read at once: 3,000 lines of 300 bytes are a document with evidence enough."""

_PLAIN = re.compile(rb".*[\x00-\x7f]{8}", re.DOTALL)
"""Up to the last place where eight ASCII characters stand together: no repair reaches across."""

_WHOLE = re.compile(rb".*(?=[\x00-\x7f\xc0-\xff])", re.DOTALL)
"""Up to the last place where a character starts."""


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


def head(path: str, asked: str | None) -> Document | Opaque:
    """Return what the first piece of a file says; raises OSError."""
    with opened(path) as file:
        return decoded(next(cut_up(file), b""), asked)


def pieces(file: BinaryIO, asked: str | None) -> Iterator[Piece]:
    """Yield the pieces of a file in UTF-8. `asked`: what parts are in that are not UTF-8."""
    start, line, column = 0, 1, 1
    for data in cut_up(file):
        document = decoded(data, asked) if start == 0 else _following(data, asked)
        yield Piece(start, line, column, data, document)
        start += len(data)
        lines = data.count(b"\n")
        line += lines
        last = data[data.rfind(b"\n") + 1 :].decode("utf-8", "surrogateescape")
        column = len(last) + (1 if lines else column)


def _following(data: bytes, asked: str | None) -> Document | Opaque:
    """Return what a piece says that is not the first one: no byte order mark, and no head."""
    try:
        return Document(b"", data.decode())
    except UnicodeDecodeError:
        found = decoded(data, asked)
        other = isinstance(found, Document) and found.charset != "utf-8"
        return Opaque("not UTF-8", binary=False) if other else found


def cut_up(file: BinaryIO, size: int = PIECE) -> Iterator[bytes]:
    """Yield all bytes of a file in parts of at most twice `size`, cut where no repair is."""
    rest = b""
    while block := file.read(size):
        data = rest + block
        at = cut(data)
        if at:
            yield data[:at]
        rest = data[at:]
    if rest:
        yield rest


def cut(data: bytes) -> int:
    """Return where to cut `data`, of which more follows: if possible at the end of a line.

    A line for mojifix may speak of the next one, so it is not cut off from it. A line that is
    longer than `data` is cut among ASCII characters, or else before a character.
    """
    end = data.rfind(b"\n") + 1
    start = data.rfind(b"\n", 0, max(0, end - 1)) + 1
    if start and NAME.encode() in data[start:end]:
        return start
    if end:
        return end
    plain = _PLAIN.match(data)
    if plain:
        return plain.end() - 4
    whole = _WHOLE.match(data)
    return (whole.end() if whole else 0) or len(data)
