"""Where the characters of a decoded text stand in its bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import cache

from mojifix.files.legacy import LEGACY, STATEFUL, UNICODE

Advance = Callable[[int, int, int], int]
"""From the code points `start` and `end` of a text and the byte offset of `start` to that of
`end`."""

_STRIDES = (4096, 256, 16, 1)
"""Characters that are passed at once, at the speed of compiled patterns."""


class Places:
    """Byte offsets of code points, fast if asked for in increasing order."""

    def __init__(self, text: str, data: bytes, start: int, charset: str) -> None:
        self._length, self._start = len(text), start
        self._advance = _advance(text, data, charset)
        self._known = (0, start)

    def offset(self, code_points: int) -> int:
        """Return the byte offset of the code point with this index; raises IndexError."""
        if not 0 <= code_points <= self._length:
            raise IndexError(f"{code_points} is not in the range from 0 to {self._length}")
        done, at = self._known
        if code_points < done:
            done, at = 0, self._start
        at = self._advance(done, code_points, at)
        self._known = (code_points, at)
        return at


def _advance(text: str, data: bytes, charset: str) -> Advance:
    if charset in UNICODE:
        errors = UNICODE[charset]
        return lambda start, end, at: at + len(text[start:end].encode(charset, errors))
    if charset in STATEFUL:
        return _Decoder(data, STATEFUL[charset])
    if not LEGACY[charset].leads:
        return lambda start, end, at: at + end - start
    patterns = _characters(charset)

    def advance(start: int, end: int, at: int) -> int:
        left = end - start
        if charset == "big5":
            # Only as the second halves of what Hong Kong writes as one character.
            left -= text.count("\u0304", start, end) + text.count("\u030c", start, end)
        for stride, pattern in zip(_STRIDES, patterns, strict=True):
            while left >= stride:
                match = pattern.match(data, at)
                assert match, "the text is that of the data"
                at = match.end()
                left -= stride
        return at

    return advance


@cache
def _characters(charset: str) -> tuple[re.Pattern[bytes], ...]:
    """Return patterns of as many characters as `_STRIDES` says, for well-formed bytes."""
    one = character(charset)
    return tuple(re.compile(b"(?:%b){%d}" % (one, stride), re.DOTALL) for stride in _STRIDES)


def character(charset: str) -> bytes:
    """Return a pattern of one character in well-formed bytes of a legacy charset."""
    leads = LEGACY[charset].leads
    one = b"[" + re.escape(leads) + b"].|." if leads else b"."
    if charset == "gb18030":
        one = rb"[\x81-\xfe][0-9]..|" + one
    if charset == "euc-jp":
        one = rb"\x8f..|" + one
    return one


class _Decoder:
    """An incremental decoder that is fed byte by byte until it has given enough characters."""

    def __init__(self, data: bytes, codec: str) -> None:
        self._data, self._codec = data, codec
        self._decoder = codecs.getincrementaldecoder(codec)()

    def __call__(self, start: int, end: int, at: int) -> int:
        if start == 0:
            self._decoder.reset()
        while start < end:
            start += len(self._decoder.decode(self._data[at : at + 1]))
            at += 1
        return at
