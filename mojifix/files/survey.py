"""What charset a file is in that is too large to be held in memory.

As for other files (`read.decoded`), but of a file that is not UTF-8 the detectors see a sample. The
answer then holds only if all of the file can be read so. If not, what can't be read joins the
sample, and they are asked again.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from mojifix.charsets.charset import decode
from mojifix.files.legacy import LEGACY
from mojifix.files.pieces import PIECE, cut_up, pieces
from mojifix.files.read import (
    BINARY_HEAD,
    MARKS,
    SHIFTS,
    SURE,
    Document,
    Opaque,
    line_ends,
    looks_binary,
    newlines,
    not_sure,
)

SAMPLE = 1 << 18
"""Bytes of the sample, taken from all over the file. The detectors look at a part of them only, but
each rare character that is among them tells some charsets apart."""

PART = 1 << 12
"""Bytes of each part of the sample: some lines."""

ROUNDS = 20
"""How often the detectors are asked at most. Each answer that fails excludes a charset, and those
that read the sample alike."""

FEW = 20
"""Lines of which one, at most, may have bytes that have no character."""

_ASCII = bytes(range(0x80))

_BORDER = re.compile(rb"[\x00-\x2f]")
"""What is a character by itself in each legacy charset."""

_LAST_BORDER = re.compile(rb".*[\x00-\x2f]", re.DOTALL)
_SPACES = re.compile(rb"[\x00-\x20]+")


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to say of a whole file.

    `document` is as of a smaller file, but without text, bytes and lines. `newline` says how lines
    end, `lines` how many are in the second charset, `declared` what the file says that it is in,
    and `ascii` that it is all ASCII.
    """

    document: Document | Opaque
    newline: str = "none"
    lines: int = 0
    declared: str | None = None
    ascii: bool = False


def summed_up(data: bytes, document: Document | Opaque) -> Survey:
    """Return what there is to say of a file that is held in memory."""
    if isinstance(document, Opaque):
        return Survey(document)
    from mojifix.files.detect import declared

    return Survey(
        document,
        newlines(line_ends(document.text)),
        len(document.lines),
        declared(data),
        document.charset == "utf-8" and data.isascii(),
    )


class _Unreadable(ValueError):
    """A file that can't be read as it was meant to be: `data` stands at the byte `start`."""

    def __init__(self, start: int, data: bytes) -> None:
        super().__init__(start)
        self.start, self.data = start, data


def survey(file: BinaryIO, asked: str | None = None) -> Survey:
    """Find out how to read a file from end to end, in bounded memory; raises OSError.

    `asked`: the charset that the user says files are in that are not UTF-8.
    """
    file.seek(0)
    head = file.read(PIECE)
    for mark, charset in MARKS.items():
        if head.startswith(mark):
            try:
                return _counted(file, Document(mark, "", charset))
            except _Unreadable:
                continue
    if b"\0" in head[:BINARY_HEAD]:
        from mojifix.files.detect import wide

        guess = wide(head, whole=False)
        return _as_guessed(file, guess, Survey(Opaque("binary", binary=True)))
    plain = Document(b"", "")
    try:
        found = _counted(file, plain, strict=True)
    except _Unreadable as error:
        return _not_utf8(file, head, error, asked)
    if not (found.ascii and any(shift in head for shift in SHIFTS)):
        return found
    from mojifix.files.detect import stateful

    return _as_guessed(file, stateful(head, whole=False), found)


def _as_guessed(file: BinaryIO, guess: tuple[str, float] | None, otherwise: Survey) -> Survey:
    if guess and guess[1] >= SURE:
        try:
            return _counted(file, Document(b"", "", guess[0], confidence=guess[1]))
        except _Unreadable:
            pass
    return otherwise


def _not_utf8(file: BinaryIO, head: bytes, error: _Unreadable, asked: str | None) -> Survey:
    if looks_binary(head[:BINARY_HEAD]):
        return Survey(Opaque("binary", binary=True))
    from mojifix.files.mixed import reading

    where = _first_invalid(error.data)
    told = error.data[where], error.start + where
    sample = _sample(file)
    for _ in range(ROUNDS):
        how = reading(sample, asked)
        first = how.guesses[0] if how.guesses else None
        sure = first if first and first.confidence >= SURE else None
        if not how.whole:
            return _counted(file, Document(b"", "", second=sure))
        if not sure:
            return Survey(not_sure(how.guesses, *told))
        try:
            return _counted(file, _like(sure, gaps=how.gaps))
        except _Unreadable as unreadable:
            sample += b"\n" + _unreadable_words(unreadable.data, sure.charset)
    return Survey(not_sure((), *told))


def with_gaps(data: bytes, found: Opaque) -> Survey:
    """Return what there is to say of a file a few lines of which have no character in its charset.

    `found` is what was read of its bytes, `data`.
    """
    try:
        return _counted(BytesIO(data), _like(found.guesses[0], gaps=True))
    except _Unreadable:
        return Survey(found)


def _like(guess: tuple[str, float], *, gaps: bool) -> Document:
    return Document(b"", "", guess[0], confidence=guess[1], unread=int(gaps))


def _first_invalid(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _counted(file: BinaryIO, like: Document, *, strict: bool = False) -> Survey:
    """Read all of a file as `like` says it is, and count; raises _Unreadable.

    `strict`: bytes that are not UTF-8 can't be read either.
    """
    ends: set[str] = set()
    invalid = lines = read = unread = 0
    ascii_only, held = True, ""
    for piece in pieces(file, like):
        document = piece.document
        if isinstance(document, Opaque) and like.unread:
            unread += 1
            continue
        if isinstance(document, Opaque) or (strict and document.invalid):
            raise _Unreadable(piece.start, piece.data)
        read += document.text.count("\n")
        invalid += document.invalid
        lines += len(document.lines)
        ascii_only = ascii_only and document.text.isascii()
        text = held + document.text if held else document.text
        # A piece may end between the two halves of a line's end.
        held = "\r" if text.endswith("\r") else ""
        ends |= line_ends(text.removesuffix("\r"))
    if unread > 1 + read // FEW:
        raise _Unreadable(0, b"")
    ends |= line_ends(held)
    if not lines:
        like = replace(like, second=None)
    return Survey(
        replace(like, invalid=invalid, unread=unread),
        newlines(ends),
        lines,
        _declared(file),
        like.charset == "utf-8" and ascii_only and not like.bom,
    )


def _declared(file: BinaryIO) -> str | None:
    from mojifix.files.detect import HEAD, TAIL, declared

    file.seek(0)
    head = file.read(HEAD)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(len(head), size - TAIL))
    return declared(head + file.read(TAIL))


def _sample(file: BinaryIO) -> bytes:
    """Return lines from all over a file, and each of its bytes at least once with its context."""
    distance = file.seek(0, os.SEEK_END) // (SAMPLE // PART)
    file.seek(0)
    parts: list[bytes] = []
    seen: set[int] = set()
    at = due = 0
    for data in cut_up(file, "latin-1"):
        beyond = data.translate(None, _ASCII)
        if beyond and at >= due:
            parts.append(_lines(data))
            seen.update(parts[-1])
            due = at + distance
        for byte in sorted({*beyond} - seen):
            parts.append(_around(data, data.index(byte)))
            seen.add(byte)
        at += len(data)
    return b"\n".join(parts)


def _lines(data: bytes) -> bytes:
    """Return the first lines of `data` with bytes beyond ASCII."""
    from mojifix.files.mixed import LINE

    lines: list[bytes] = []
    room = PART
    for match in LINE.finditer(data):
        lines.append(_head(match.group(), room))
        room -= len(lines[-1])
        if room <= 0 or len(lines[-1]) < len(match.group()):
            break
    return b"\n".join(lines)


def _head(data: bytes, length: int) -> bytes:
    """Return at most about `length` bytes from the start of `data`, if possible whole characters.

    Where nothing tells characters apart, those of two bytes are taken.
    """
    if len(data) <= length:
        return data
    border = _LAST_BORDER.match(data, 0, length)
    return data[: border.end() if border else length + length % 2]


def _around(data: bytes, at: int) -> bytes:
    """Return some bytes around the byte at an offset, if possible whole characters."""
    border = _LAST_BORDER.match(data, max(0, at - PART), at)
    start = border.end() if border else 0
    end = _BORDER.search(data, at, at + PART)
    return data[start : end.end()] if end else _head(data[start:], at + PART - start)


def _unreadable_words(data: bytes, charset: str) -> bytes:
    """Return some words of `data` that have no characters in `charset`."""
    words = (word for word in _SPACES.split(data) if decode(word, LEGACY[charset]) is None)
    return b"\n".join(islice(words, 3))
