"""What bytes mean: charsets as readers really decode them, and what readers do with lost bytes."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

MARKS = {"": "", "drop": "", "replace": "\ufffd", "question": "?", "swallow": "?"}
"""How each loss is spelled. `drop` and `replace` are Python's `errors="ignore"` and
`errors="replace"`: the codec's own holes are lost, a byte at a time. `question` is the WHATWG
decoder with `?` as its mark: an ASCII second byte of a bad pair is read again. `swallow` is
Windows' MultiByteToWideChar: `?` in place of both bytes of a bad pair.
"""

_PYTHON = ("drop", "replace")


@dataclass(frozen=True, eq=False)
class Charset:
    """A decoder of the standard library, and what real readers do in its holes.

    `codec` is the standard library's name of the decoder. `singles` maps bytes that it rejects to
    characters, `pairs` names a decoder that is asked for the two-byte sequences that it rejects.
    `leads` are the bytes that start a sequence of two bytes or more.
    """

    name: str
    codec: str
    singles: Mapping[int, str] = field(default_factory=dict)
    pairs: str = ""
    leads: range = range(0)

    def character_at(self, data: bytes, at: int) -> tuple[str, int] | None:
        """Read one character that `codec` rejects at offset `at`; return it and where to go on.

        None when real readers have no character there either.
        """
        if self.pairs and data[at] in self.leads and at + 1 < len(data):
            try:
                return data[at : at + 2].decode(self.pairs), at + 2
            except UnicodeDecodeError:
                pass
        char = self.singles.get(data[at])
        return None if char is None else (char, at + 1)

    def lost_at(self, data: bytes, at: int, loss: str) -> int:
        """Return the offset at which WHATWG's or Windows' reader goes on after a loss at `at`."""
        pair = data[at] in self.leads and at + 1 < len(data)
        if pair and (loss == "swallow" or (loss == "question" and data[at + 1] >= 0x80)):
            return at + 2
        return at + 1

    def bytes_of(self, char: str) -> tuple[bytes, ...]:
        """Return every way to write one character in this charset, the usual one first."""
        ways = []
        for codec in (self.codec, self.pairs):
            with suppress(UnicodeEncodeError):
                ways.append(char.encode(codec) if codec else b"")
        ways += [bytes([byte]) for byte, single in self.singles.items() if single == char]
        return tuple(way for way in dict.fromkeys(ways) if way and decode(way, self) == char)


def decode(data: bytes, charset: Charset, loss: str = "") -> str | None:
    """Decode `data` as real readers do, with lost bytes spelled as `loss` says (see `MARKS`).

    None when there are bytes without a character and `loss` is empty.
    """
    try:
        return data.decode(charset.codec, _decode_handler(charset, loss))
    except UnicodeDecodeError:
        return None


def encode(text: str, charset: Charset) -> bytes | None:
    """Encode `text` to the bytes that real readers decode to it; None when there are none."""
    try:
        return text.encode(charset.codec, _encode_handler(charset))
    except UnicodeEncodeError:
        return None


Handler = Callable[[UnicodeError], tuple[str | bytes, int]]


@cache
def _decode_handler(charset: Charset, loss: str) -> str:
    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeDecodeError)
        if loss not in _PYTHON and (read := charset.character_at(error.object, error.start)):
            return read
        if not loss:
            raise error
        if loss in _PYTHON:
            return MARKS[loss], error.end
        return MARKS[loss], charset.lost_at(error.object, error.start, loss)

    return _register(f"mojifix.{charset.name}.{loss or 'strict'}", handle)


@cache
def _encode_handler(charset: Charset) -> str:
    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        ways = charset.bytes_of(error.object[error.start])
        if not ways:
            raise error
        return ways[0], error.start + 1

    return _register(f"mojifix.{charset.name}.encode", handle)


def _register(name: str, handler: Handler) -> str:
    codecs.register_error(name, handler)
    return name
