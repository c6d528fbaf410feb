"""What bytes mean: charsets as readers really decode them, and what readers do with lost bytes."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple


class Loss(NamedTuple):
    """What a reader does with a byte that it has no character for.

    `mark` stands in the text in its place. `patches` tells whether the reader knows the characters
    of `Charset.singles` and `Charset.pairs`; Python's decoders don't. `swallows` is the number of
    bytes that go with a bad pair: 1 for the first one only, 2 for both, 0 for both unless the second
    one is ASCII, which is read again.
    """

    mark: str
    patches: bool
    swallows: int


LOSSES = {
    # Python's errors="ignore" and errors="replace".
    "drop": Loss("", False, 1),
    "replace": Loss("\ufffd", False, 1),
    # The WHATWG decoders, with their own mark, with `?`, and with the one of Japanese Windows.
    "whatwg": Loss("\ufffd", True, 0),
    "question": Loss("?", True, 0),
    "nakaguro": Loss("・", True, 0),
    # Windows' MultiByteToWideChar, with its default character of most code pages and of 932.
    "swallow": Loss("?", True, 2),
    "nakaguro-swallow": Loss("・", True, 2),
}
"""The losses by the names that they have in a channel."""


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
    leads: bytes = b""

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

    def lost_at(self, data: bytes, at: int, loss: Loss) -> int:
        """Return the offset at which a reader goes on after a loss at `at`."""
        pair = data[at] in self.leads and at + 1 < len(data)
        if pair and (loss.swallows == 2 or (loss.swallows == 0 and data[at + 1] >= 0x80)):
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
    """Decode `data` as real readers do, with lost bytes spelled as `loss` says (see `LOSSES`).

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
def _decode_handler(charset: Charset, name: str) -> str:
    loss = LOSSES.get(name)

    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeDecodeError)
        if loss is None or loss.patches:
            read = charset.character_at(error.object, error.start)
            if read:
                return read
        if loss is None:
            raise error
        if not loss.patches:
            return loss.mark, error.end
        return loss.mark, charset.lost_at(error.object, error.start, loss)

    return _register(f"mojifix.{charset.name}.{name or 'strict'}", handle)


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
