"""From bytes to text, or a reason why not."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass, field
from functools import cached_property

from mojifix.charsets import charset as charsets
from mojifix.charsets.registry import CHARSETS
from mojifix.files.places import STATEFUL, UNICODE, Places

BINARY_HEAD = 8192
"""Bytes at the start of a file among which a NUL makes it binary, as in git."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like when it was read; another stamp later means that it changed."""

    device: int
    inode: int
    size: int
    modified_ns: int


@dataclass(frozen=True)
class Document:
    """The text of a file: `bom` (maybe empty), followed by `text` in `charset`.

    Bytes that are not UTF-8 in a file that is (`charset` is then `"utf-8"`) are in `text` as the
    lone surrogates of Python's `surrogateescape`. `data` are the bytes of the whole file; a
    document in UTF-8 does without them.
    """

    bom: bytes
    text: str
    charset: str = "utf-8"
    data: bytes = field(default=b"", repr=False)

    def offset(self, code_points: int) -> int:
        """Return the offset in the file, in bytes, of the code point of `text` with this index.

        `code_points` may be from 0 to `len(text)`; others raise IndexError. Indices in increasing
        order take linear time in all. A character of two code points (Big5 has four) has one
        offset: the index of its second half gives the end of it.
        """
        return self._places.offset(code_points)

    def encode(self, text: str) -> bytes | None:
        """Return the bytes that stand for `text` in the charset of this file.

        None when there are none, or when they would depend on what stands before them, as in
        ISO-2022-JP.
        """
        return encoded(text, self.charset)

    @cached_property
    def _places(self) -> Places:
        return Places(self.text, self.data, len(self.bom), self.charset)


@dataclass(frozen=True, slots=True)
class Opaque:
    """Bytes that are no text we can read, and why not, in words for the user."""

    reason: str
    binary: bool


def read(path: str) -> tuple[bytes, Stamp]:
    """Return the bytes of a file and its stamp; raises OSError."""
    with open(path, "rb") as file:
        # The stamp is older than the bytes: a write between the two is noticed as a change.
        stamp = stamp_of(os.fstat(file.fileno()))
        return file.read(), stamp


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp in a stat result."""
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def decoded(data: bytes) -> Document | Opaque:
    """Read `data` as UTF-8 text, with or without a byte order mark."""
    if b"\0" in data[:BINARY_HEAD]:
        return Opaque("binary", binary=True)
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        return Document(bom, str(memoryview(data)[len(bom) :], "utf-8"))
    except UnicodeDecodeError as error:
        where = len(bom) + error.start
        return Opaque(f"not UTF-8 (byte 0x{data[where]:02x} at offset {where})", binary=False)


def encoded(text: str, charset: str) -> bytes | None:
    """Return `text` in `charset`; None when it does not fit or the charset is stateful."""
    if charset in STATEFUL:
        return None
    if charset not in UNICODE:
        return charsets.encode(text, CHARSETS[charset])
    errors = UNICODE[charset]
    try:
        data = text.encode(charset, errors)
    except UnicodeEncodeError:
        return None
    # Lone surrogates beside each other may be the two halves of a character.
    return data if data.decode(charset, errors) == text else None
