"""Lost bytes: which ones a reader loses where, and which characters they may have belonged to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from mojifix.charsets.charset import LOSSES, decode, encode
from mojifix.charsets.edits import STRAIGHTENED
from mojifix.charsets.registry import CHARSETS, bytes_of
from mojifix.language.alphabets import letters

COMMON_LEADS = bytes((*range(0xE2, 0xEE), 0xEF))
"""UTF-8's first bytes of punctuation, kana, Han characters, Hangul and full-width forms: those that
may begin the next character where a reader lost a byte together with it."""

APOSTROPHE = "’"

MARKED = re.compile("[\ufffd・]|\\?(?=\\?*[^\\W\\d_]|\\?)")
"""A mark that may stand for a character of which nothing is left."""

_ASCII = bytes((0x0A, 0x0D, *range(0x20, 0x7F)))


def _leads_beside(waiting: bytes) -> bytes:
    """Return what may begin the character behind the one of which some bytes wait.

    Alphabets of two bytes a character have two or three first ones, next to each other.
    """
    same = range(max(0xC2, waiting[0] - 1), min(0xE0, waiting[0] + 2)) if waiting else ()
    return bytes(dict.fromkeys((*same, *waiting[:1], *COMMON_LEADS)))


@lru_cache(maxsize=1 << 13)
def bytes_read(char: str, reader: str, loss: str) -> tuple[bytes, ...]:
    """Return every way to write a character from which a reader with this loss reads it."""
    ways = bytes_of(char, reader)
    if not loss:
        return ways
    return tuple(data for data in ways if decode(data, CHARSETS[reader], loss) == char)


@lru_cache(maxsize=1 << 13)
def unit(data: bytes, writer: str) -> str | None:
    """Return the character that `data` is, "" if it is the start of one, None if it is neither.

    None too for what is no text: U+FFFD, private use, unassigned.
    """
    charset = CHARSETS[writer]
    char = decode(data, charset)
    if char is not None:
        return char if len(char) == 1 and _is_text(char) else None
    try:
        data.decode(charset.codec)
    except UnicodeDecodeError as error:
        incomplete = error.start == 0 and error.end == len(data) and "end" in error.reason
        return "" if incomplete or "incomplete" in error.reason else None
    return None


def _is_text(char: str) -> bool:
    return char != "\ufffd" and unicodedata.category(char) not in ("Cn", "Co", "Cs")


@lru_cache(maxsize=1 << 13)
def _is_lost(byte: int, following: bytes, reader: str, loss: str) -> bool:
    """Tell whether a reader loses `byte` alone before `following`, one byte, or the end."""
    if LOSSES[loss].swallows == 2 and following:
        return False  # it loses both
    read = decode(bytes([byte]) + following, CHARSETS[reader], loss)
    rest = decode(following, CHARSETS[reader], loss)
    return read is not None and rest is not None and read == LOSSES[loss].mark + rest


_LOST_TOO = tuple(bytes([byte]) for byte in bytes.fromhex("80819fa1c3d0d8e2e4ec"))
"""Bytes of UTF-8, some of all kinds, that may have been lost as well."""


@lru_cache(maxsize=1 << 10)
def _is_lost_before_another(byte: int, reader: str, loss: str) -> bool:
    """Tell whether a reader may lose this byte alone where it loses the next one, too."""
    return any(
        _is_lost(byte, following, reader, loss)
        for following in _LOST_TOO
        if _is_lost(following[0], b"", reader, loss)
    )


@lru_cache(maxsize=1 << 13)
def completions(waiting: bytes, writer: str) -> tuple[tuple[int, str], ...]:
    """Return every byte that can follow `waiting`, with the character that it completes, if any."""
    units = ((byte, unit(waiting + bytes([byte]), writer)) for byte in range(0x80, 0x100))
    return tuple((byte, char) for byte, char in units if char is not None)


@lru_cache(maxsize=1 << 13)
def lost_ahead(data: bytes, writer: str, reader: str, loss: str) -> tuple[tuple[str, bytes], ...]:
    """Return what `data`, the bytes of a character that was read, completes behind lost bytes.

    These are one or two that left no mark, the start of a character of UTF-8. Each is the text that
    is completed, and the bytes that wait then.
    """
    if writer != "utf-8" or not 0x80 <= data[0] < 0xC0:
        return ()
    charset = CHARSETS[reader]
    if decode(data, charset, loss) != decode(data, charset):
        return ()  # A reader that loses bytes like this has not read it.
    found: dict[tuple[str, bytes], None] = {}
    # Which bytes are lost hangs on the first one behind them alone.
    for start in _lost_starts(data[0], reader, loss, alone=len(data) == 1):
        completed = consumed(start, data, writer)
        if completed is not None and (completed[0] or start == _FULL_WIDTH):
            found[completed] = None
    return tuple(found)


@lru_cache(maxsize=1 << 10)
def _lost_starts(first: int, reader: str, loss: str, *, alone: bool) -> Sequence[bytes]:
    """Return those of `_STARTS` that a reader loses before a character that begins with a byte.

    Which is `alone` all of it, or is not.
    """
    charset = CHARSETS[reader]
    tails = [b""] if alone else [bytes([value]) for value in range(0x40, 0xFF)]
    read = ((bytes([first]) + tail, decode(bytes([first]) + tail, charset)) for tail in tails)
    whole = (one for one in read if one[1] and decode(one[0], charset, loss) == one[1])
    data, char = next((one for one in whole if len(one[1] or "") == 1), (b"", None))
    return [start for start in _STARTS if data and decode(start + data, charset, loss) == char]


_FULL_WIDTH = b"\xef"
"""The first byte of full-width punctuation, whose second byte completes nothing yet."""

_STARTS = (
    *(bytes([lead]) for lead in range(0xC2, 0xF0)),
    *(bytes([lead, second]) for lead in range(0xE0, 0xF0) for second in range(0x80, 0xC0)),
)


@cache
def lost_leads(writer: str, reader: str, loss: str) -> tuple[bytes, ...]:
    """Return the first bytes of UTF-8 that a reader of one byte a character loses."""
    if writer != "utf-8":
        return ()
    leads = (byte for byte in range(0xC2, 0xF0) if _is_lost(byte, b"\xa9", reader, loss))
    return tuple(bytes([byte]) for byte in leads)


@cache
def lost_bytes(reader: str, loss: str) -> frozenset[int]:
    """Return the bytes that a reader of one byte a character loses."""
    return frozenset(byte for byte in range(0x80, 0x100) if _is_lost(byte, b"", reader, loss))


@lru_cache(maxsize=1 << 13)
def lost_alone(
    waiting: bytes,
    writer: str,
    reader: str,
    following: bytes | None,
    loss: str,
    before: bytes = b"",
) -> tuple[tuple[str, bytes], ...]:
    """Return what `waiting` may become with one byte that a reader loses before `following`.

    Each is the character that is completed, or "", and the bytes that wait then. `following` is one
    byte, none at the end of the text, or None for one that is lost as well; `before` is the byte
    before it, if that was lost alone, too.
    """
    return tuple(
        (char, b"" if char else waiting + bytes([byte]))
        for byte, char in completions(waiting, writer)
        if (
            _is_lost_before_another(byte, reader, loss)
            if following is None
            else _is_lost(byte, following, reader, loss)
        )
        and not (before and not _is_lost(before[0], bytes([byte]), reader, loss))
    )


@lru_cache(maxsize=1 << 13)
def _is_lost_pair(pair: bytes, reader: str, loss: str) -> bool:
    """Tell whether a reader loses a pair of bytes under one mark."""
    return decode(pair, CHARSETS[reader], loss) == LOSSES[loss].mark


@lru_cache(maxsize=1 << 12)
def lost_together(
    waiting: bytes, writer: str, reader: str, loss: str
) -> Mapping[str, Sequence[tuple[str, bytes]]]:
    """Return what `waiting` may become with two bytes that a reader loses under one mark.

    By the character that the first of them completes ("" where it completes none): what the second
    one completes, and the bytes that wait then.
    """
    found: dict[str, list[tuple[str, bytes]]] = {}
    seconds = _ASCII + _leads_beside(waiting)
    for byte, char in completions(waiting, writer):
        for second in seconds if char else range(0x80, 0xC0):
            pair = bytes([byte, second])
            if not _is_lost_pair(pair, reader, loss):
                continue
            if char:
                ascii_ = second < 0x80
                reading = (chr(second), b"") if ascii_ else ("", bytes([second]))
                found.setdefault(char, []).append(reading)
            elif (both := unit(waiting + pair, writer)) is not None:
                found.setdefault(both, []).append(("", b"" if both else waiting + pair))
    return found


@lru_cache(maxsize=1 << 10)
def lost_start(last: bytes, writer: str, reader: str, loss: str) -> tuple[tuple[str, bytes], ...]:
    """Return the characters that end with the byte `last`, of which two were lost under one mark.

    Each with the bytes that were lost.
    """
    found = []
    for lead in COMMON_LEADS:
        for second in range(0x80, 0xC0):
            pair = bytes((lead, second))
            char = unit(pair + last, writer) if _is_lost_pair(pair, reader, loss) else None
            if char:
                found.append((char, pair))
    return tuple(found)


@lru_cache(maxsize=1 << 13)
def lost_of(char: str, writer: str, reader: str, loss: str) -> bytes:
    """Return the first two bytes of a character, if a reader loses them under one mark."""
    data = encode(char, CHARSETS[writer]) or b""
    return data[:2] if len(data) in (2, 3) and _is_lost_pair(data[:2], reader, loss) else b""


_REMOVED = {
    "c1-removed": "".join(map(chr, range(0x80, 0xA0))),
    "trademark-removed": "™",
    "soft-hyphen-removed": "\xad",
    "nbsp-removed": "\xa0",
    "private-use-removed": "".join(map(chr, range(0xE000, 0xF900))),
}

_REPLACED = {
    "nbsp-to-space": {" ": "\xa0"},
    "straightened-quotes": STRAIGHTENED,
}

EDITED = frozenset((*_REMOVED, *_REPLACED, "lowercased", "escaped-html"))
"""The edits that a path of the lattice may state, by their names."""


EDITS_OF: Mapping[bool, tuple[str, ...]] = {
    False: (
        "nbsp-to-space",
        "nbsp-removed",
        "c1-removed",
        "trademark-removed",
        "soft-hyphen-removed",
        "straightened-quotes",
        "lowercased",
        "escaped-html",
    ),
    True: ("private-use-removed", "c1-removed", "straightened-quotes"),
}
"""The edits that are looked for behind readers of one byte a character, and behind the others."""


@cache
def _removable(reader: str, edit: str) -> Mapping[int, Sequence[bytes]]:
    """Return the bytes of the characters that an edit removes, by the first one."""
    found: dict[int, list[bytes]] = {}
    for char in _REMOVED[edit]:
        for data in bytes_of(char, reader):
            found.setdefault(data[0], []).append(data)
    return found


@lru_cache(maxsize=1 << 13)
def removed(waiting: bytes, writer: str, reader: str, edit: str) -> tuple[tuple[str, bytes], ...]:
    """Return what `waiting` may become by the bytes of one character that an edit removes.

    Or by two controls, of which UTF-8's punctuation has that many: but only where the letter that
    is left of it is a rare one.
    """
    if edit not in _REMOVED:
        return ()
    found = dict.fromkeys(_without(waiting, writer, reader, edit))
    if edit == "c1-removed" and decode(b"\xe2", CHARSETS[reader]) == "â":
        for emitted, rest in tuple(found):
            if not emitted:
                found |= dict.fromkeys(_without(rest, writer, reader, edit))
    return tuple(found)


def _without(waiting: bytes, writer: str, reader: str, edit: str) -> Iterator[tuple[str, bytes]]:
    """Yield what `waiting` may become by the bytes of one character that an edit removes."""
    leads = _leads_beside(waiting)
    for first, _ in completions(waiting, writer):
        for data in _removable(reader, edit).get(first, ()):
            read = consumed(waiting, data, writer)
            if read is not None and (not read[1] or read[1][0] in leads):
                yield read


def originals(char: str, edit: str) -> str:
    """Return the characters that an edit may have turned into `char`."""
    if edit == "lowercased":
        upper = char.upper()
        return upper if upper != char and upper.lower() == char else ""
    return _REPLACED.get(edit, {}).get(char, "")


@lru_cache(maxsize=1 << 13)
def lost_whole(char: str, following: str, writer: str, reader: str, loss: str) -> int:
    """Return by how many marks a reader replaces a character before `following`; 0 if it does not.

    `following` is one character of ASCII, or none.
    """
    data = encode(char, CHARSETS[writer])
    read = decode(data + following.encode(), CHARSETS[reader], loss) if data else None
    if not read or not read.endswith(following):
        return 0
    marks = read[: len(read) - len(following)]
    return len(marks) if marks == LOSSES[loss].mark * len(marks) else 0


@lru_cache(maxsize=1 << 10)
def left_of(part: str, following: str, writer: str, reader: str, loss: str) -> Sequence[str]:
    """Return the characters of which a part of a text is what is left, before a character.

    By readers of one byte a character, of which each loses the same bytes everywhere, all but the
    last byte, or all but the first one, of which there is a mark. By those of two, letters and the
    apostrophe of which nothing but marks is left. `following` is one character, or none.
    """
    own, mark = (writer, reader, loss), LOSSES[loss].mark
    if CHARSETS[reader].leads:
        is_marks = bool(mark) and part == mark * len(part)
        behind = following.strip("\n") if following.isascii() else ""
        chars = (*letters(), APOSTROPHE) if is_marks else ()
        return [char for char in chars if lost_whole(char, behind, *own) == len(part)]
    begun = part.removesuffix(mark)
    if mark and part[0] == mark and len(part) == 2:
        trails = bytes_read(part[1], reader, loss)
        read = (decode(lead + trails[0], CHARSETS[writer]) for lead in lost_leads(*own) if trails)
        return [char for char in read if char and len(char) == 1]
    ways = [bytes_read(char, reader, loss) for char in begun]
    if not (begun and all(ways)) or (mark and begun == part):
        return []
    waiting = b"".join(way[0] for way in ways)
    return [char for char, _ in lost_alone(waiting, writer, reader, None, loss) if char]


@lru_cache(maxsize=1 << 13)
def consumed(waiting: bytes, data: bytes, writer: str) -> tuple[str, bytes] | None:
    """Return the characters that `data` completes behind `waiting`, and the bytes that wait then.

    None where a byte fits no character.
    """
    emitted, rest = "", waiting
    for value in data:
        rest += bytes([value])
        char = unit(rest, writer)
        if char is None:
            return None
        if char:
            emitted, rest = emitted + char, b""
    return emitted, rest
