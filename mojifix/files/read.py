"""From bytes to text, or a reason why not.

Charsets, and what tells them apart, are imported where they are used: most files are UTF-8.
"""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from mojifix.model import rounded

if TYPE_CHECKING:
    from mojifix.files.detect import Guess
    from mojifix.files.places import Places

BINARY_HEAD = 8192
"""Bytes at the start of a file among which a NUL makes it binary, as in git."""


SURE = 0.95
"""Confidence from which on a file is read in a charset that was found out."""

WORTH_TELLING = 0.01
"""Confidence of a candidate that is named where no charset is sure."""

CONTROLS = 0.03
"""Share of control characters in the head of a file that is not UTF-8, above which it is binary.
Random bytes have 0.1."""

_TEXT = bytes({*b"\t\n\v\f\r\x1a\x1b", *range(0x20, 0x7F), *range(0x80, 0x100)})

SHIFTS = b"\x1b$", b"~{"
"""With what charsets of 7 bits switch to characters of two bytes."""

_ESCAPED = re.compile("[\udc80-\udcff]")

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    # In front of UTF-16's, with which it begins.
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


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

    `confidence`, from 0 to 1, is that of `text` being right. `invalid` is the number of bytes that
    are such surrogates. In a mixed file some are in a `second` charset: those of `lines`, which are
    spans in bytes. `unread` is the number of lines with bytes that have no character in `charset`,
    in a file that is read in pieces.
    """

    bom: bytes
    text: str
    charset: str = "utf-8"
    data: bytes = field(default=b"", repr=False, compare=False)
    confidence: float = 1.0
    invalid: int = 0
    second: Guess | None = None
    lines: tuple[tuple[int, int], ...] = ()
    unread: int = 0

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
        from mojifix.files.places import Places

        return Places(self.text, self.data, len(self.bom), self.charset)


@dataclass(frozen=True, slots=True)
class Opaque:
    """Bytes that are no text we can read, and why not, in words for the user.

    `guesses` are the charsets that come into question if the bytes are text all the same. `gaps`:
    the first of them is sure, but a few lines have bytes that have no character in it.
    """

    reason: str
    binary: bool
    guesses: tuple[Guess, ...] = ()
    gaps: bool = False


def read(path: str) -> tuple[bytes, Stamp]:
    """Return the bytes of a file and its stamp; raises OSError."""
    with open(path, "rb") as file:
        # The stamp is older than the bytes: a write between the two is noticed as a change.
        stamp = stamp_of(os.fstat(file.fileno()))
        return file.read(), stamp


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp in a stat result."""
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def decoded(data: bytes, asked: str | None = None) -> Document | Opaque:
    """Read `data` as text: by its byte order mark, else as UTF-8, else in what charset it seems.

    `asked`: the charset that the user says files are in that are not UTF-8; evidence, not an order.
    """
    for mark, charset in MARKS.items():
        if data.startswith(mark):
            document = _document(data, (charset, 1.0), mark)
            if document:
                return document
    if b"\0" in data[:BINARY_HEAD]:
        from mojifix.files.detect import wide

        return _if_sure(data, wide(data), Opaque("binary", binary=True))
    try:
        document = Document(b"", data.decode())
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start, asked)
    if not (document.text.isascii() and any(shift in data for shift in SHIFTS)):
        return document
    from mojifix.files.detect import stateful

    return _if_sure(data, stateful(data), document)


def _not_utf8(data: bytes, where: int, asked: str | None) -> Document | Opaque:
    if looks_binary(data[:BINARY_HEAD]):
        return Opaque("binary", binary=True)
    from mojifix.files.mixed import reading

    how = reading(data, asked)
    first = how.guesses[0] if how.guesses else None
    if how.gaps:
        reason = f"{how.guesses[0].charset} has no character for some of its bytes"
        return Opaque(reason, binary=False, guesses=how.guesses, gaps=True)
    if how.whole:
        return _if_sure(data, first, not_sure(how.guesses, data[where], where))
    document = _document(data, ("utf-8", 1.0))
    assert document
    if first and first.confidence >= SURE:
        return replace(document, second=first, lines=how.lines)
    return document


def not_sure(guesses: tuple[Guess, ...], byte: int, where: int) -> Opaque:
    """Return what a file is whose charset is not sure; it has `byte` at the offset `where`."""
    likely = [f"{name} {rounded(sure)}" for name, sure in guesses[:3] if sure >= WORTH_TELLING]
    reason = f"not UTF-8 (byte 0x{byte:02x} at offset {where}); " + (
        f"perhaps {', '.join(likely)}: --charset NAME decides" if likely else "no known charset"
    )
    return Opaque(reason, binary=False, guesses=guesses)


def looks_binary(head: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 have too many control characters for text."""
    return len(head.translate(None, _TEXT)) > CONTROLS * len(head)


def _if_sure(data: bytes, guess: Guess | None, otherwise: Document | Opaque) -> Document | Opaque:
    document = _document(data, guess) if guess and guess.confidence >= SURE else None
    return document or otherwise


def _document(data: bytes, guess: tuple[str, float], mark: bytes = b"") -> Document | None:
    """Read all of `data` in a charset; None where it has no characters for it."""
    from mojifix.charsets.charset import decode
    from mojifix.files.legacy import LEGACY, STATEFUL, UNICODE

    charset, confidence = guess
    body = memoryview(data)[len(mark) :]
    invalid = 0
    try:
        if charset in LEGACY:
            text = decode(data, LEGACY[charset])
        elif charset in STATEFUL:
            text = data.decode(STATEFUL[charset])
        else:
            text = str(body, charset, "strict" if charset == "utf-8" else UNICODE[charset])
    except UnicodeDecodeError:
        if charset != "utf-8":
            return None
        text = str(body, charset, UNICODE[charset])
        invalid = len(_ESCAPED.findall(text))
    return None if text is None else Document(mark, text, charset, data, confidence, invalid)


def reread(data: bytes, like: Document) -> Document | Opaque:
    """Read `data` in the charset, and with the byte order mark, of a document."""
    document = None
    if data.startswith(like.bom):
        document = _document(data, (like.charset, like.confidence), like.bom)
    return document or Opaque(f"not {like.charset}", binary=False)


def line_ends(text: str) -> set[str]:
    """Return how the lines of a text end: any of `lf`, `crlf` and `cr`."""
    crlf = text.count("\r\n")
    counts = {"lf": text.count("\n") - crlf, "crlf": crlf, "cr": text.count("\r") - crlf}
    return {name for name, count in counts.items() if count}


def newlines(ends: set[str]) -> str:
    """Return line ends as one word: that of a kind, `mixed`, or `none`."""
    return "mixed" if len(ends) > 1 else next(iter(ends), "none")


def encoded(text: str, charset: str) -> bytes | None:
    """Return `text` in `charset`; None when it does not fit or the charset is stateful."""
    from mojifix.charsets.charset import encode
    from mojifix.files.legacy import LEGACY, STATEFUL, UNICODE

    if charset in STATEFUL:
        return None
    if charset not in UNICODE:
        return encode(text, LEGACY[charset])
    errors = UNICODE[charset]
    try:
        data = text.encode(charset, errors)
    except UnicodeEncodeError:
        return None
    # Lone surrogates beside each other may be the two halves of a character.
    return data if data.decode(charset, errors) == text else None
