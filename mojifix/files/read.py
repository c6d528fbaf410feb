"""From bytes to text, or a reason why not."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass

BINARY_HEAD = 8192
"""Bytes at the start of a file among which a NUL makes it binary, as in git."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like when it was read; another stamp later means that it changed."""

    device: int
    inode: int
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file. `bom` (maybe empty) followed by `text` in UTF-8 is the whole file."""

    bom: bytes
    text: str


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
