"""What bytes mean: charsets as readers really decode them, and what readers do with lost bytes."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from mojifix.charsets.cesu8 import CESU_8


class Loss(NamedTuple):
    """What a reader does with a byte that it has no character for.

    `mark` stands in the text in its place. `patches` tells whether the reader knows the characters
    that `Charset` adds to Python's, `windows` whether it knows those that only Windows has.
    `swallows` is the number of bytes that go with a bad pair: 1 for what Python's decoder passes
    over, 2 for both (but for NUL), 0 for both unless the second one is ASCII, which is read again.
    """

    mark: str
    patches: bool
    windows: bool
    swallows: int


LOSSES = {
    # Python's errors="ignore" and errors="replace".
    "drop": Loss("", patches=False, windows=False, swallows=1),
    "replace": Loss("\ufffd", patches=False, windows=False, swallows=1),
    # The same, written to a charset without U+FFFD.
    "substitute": Loss("?", patches=False, windows=False, swallows=1),
    # The WHATWG decoders, with their own mark, with `?`, and with the one of Japanese Windows.
    "whatwg": Loss("\ufffd", patches=True, windows=False, swallows=0),
    "question": Loss("?", patches=True, windows=False, swallows=0),
    "nakaguro": Loss("・", patches=True, windows=False, swallows=0),
    # Windows' MultiByteToWideChar, with its default character of most code pages and of 932.
    "swallow": Loss("?", patches=True, windows=True, swallows=2),
    "nakaguro-swallow": Loss("・", patches=True, windows=True, swallows=2),
}
"""The losses by the names that they have in a channel."""


@dataclass(frozen=True, eq=False)
class Charset:
    """A decoder of the standard library, and what real readers do where it differs from them.

    `codec` is the standard library's name of the decoder. `singles` maps bytes to characters, and
    `runs` maps a two-byte sequence (as a number) to the characters of it and of those after it, in
    the order of the second bytes `trails`; U+FFFD skips a sequence. Both say what real readers give
    where `codec` gives nothing or something else. `pairs` names a decoder that is asked for other
    two-byte sequences that `codec` rejects.

    `windows` maps bytes, and `private` sequences without a character so far, in the way of `runs`,
    to what only Windows gives and WHATWG decoders lose. Without a loss they are read as well.

    `leads` are the bytes that start a sequence of two bytes or more. `longer` is a pattern of what
    WHATWG decoders pass over at a bad sequence of more than two bytes.
    """

    name: str
    codec: str
    singles: Mapping[int, str] = field(default_factory=dict)
    pairs: str = ""
    leads: bytes = b""
    runs: Mapping[int, str] = field(default_factory=dict)
    windows: Mapping[int, str] = field(default_factory=dict)
    private: Mapping[int, range] = field(default_factory=dict)
    trails: bytes = b""
    longer: bytes = b""

    @cached_property
    def patches(self) -> dict[bytes, str]:
        """The sequences of `singles`, `windows` and `runs` with their characters."""
        singles = {**self.singles, **self.windows}
        return {bytes([byte]): char for byte, char in singles.items()} | self._spread(self.runs)

    @cached_property
    def leftovers(self) -> dict[bytes, str]:
        """The sequences of `private` with their characters."""
        return self._spread(
            {first: "".join(map(chr, codes)) for first, codes in self.private.items()}
        )

    def _spread(self, runs: Mapping[int, str]) -> dict[bytes, str]:
        spread = {}
        for first, run in runs.items():
            lead, trail = divmod(first, 0x100)
            for place, char in enumerate(run, self.trails.index(trail)):
                rows, column = divmod(place, len(self.trails))
                if char != "\ufffd":
                    spread[bytes((lead + rows, self.trails[column]))] = char
        return spread

    @cached_property
    def patched(self) -> Mapping[str, bytes]:
        """The characters of `patches` and `leftovers` with the first sequence of each."""
        return {char: data for data, char in reversed((self.leftovers | self.patches).items())}

    @cached_property
    def swaps(self) -> Mapping[int, str]:
        """The characters that `codec` gives for sequences of `patches`, with the right ones.

        Characters that only `codec` gives there are set aside in plane 16 and come back from it, so
        that no two characters become one.
        """
        swaps = {}
        for data, char in self.patches.items():
            with suppress(UnicodeDecodeError):
                read = data.decode(self.codec)
                if read != char:
                    swaps[ord(read)] = char
        aside = swaps.keys() - {ord(char) for char in swaps.values()}
        return swaps | {_ASIDE + wrong: chr(wrong) for wrong in aside}

    @cached_property
    def unswaps(self) -> Mapping[int, int]:
        """The inverse of `swaps`, but for characters that `codec` also has in another place."""
        return {
            ord(char): wrong
            for wrong, char in self.swaps.items()
            if ord(char) in self.swaps or not _can_write(self.codec, char)
        }

    @cached_property
    def table(self) -> Mapping[bytes, str]:
        """The sequences of one and two bytes beyond ASCII with their characters.

        What `decode` gives for each, for which it would need a second for all charsets.
        """
        singles = [bytes([byte]) for byte in range(0x80, 0x100)]
        pairs = list(map(bytes, itertools.product(self.leads, range(0x40, 0x100))))
        if not self.leads or self.codec == CESU_8:  # that codec knows no "replace"
            read = ((data, decode(data, self)) for data in (*singles, *pairs))
            return {data: char for data, char in read if char}
        rest = self.leftovers.copy()
        if self.pairs:
            rest |= _read_apart(pairs, self.pairs)
        return rest | _read_apart([*singles, *pairs], self.codec, self.swaps) | self.patches

    @cached_property
    def writings(self) -> Mapping[str, tuple[bytes, ...]]:
        """The characters of one and two bytes that `decode` gives, with every way to write them.

        Of charsets with `leads`, those that `codec` writes in other ways: all would be 24,000.
        """
        table = self.table
        if self.leads and self.codec != CESU_8:
            text = "\n".join(table.values()).translate(self.unswaps)
            usual = text.encode(self.codec, "replace").split(b"\n")
            ways = zip(table.items(), usual, strict=True)
            other = {char for (data, char), own in ways if data != own}
            table = {data: char for data, char in table.items() if char in other}
        writings: dict[str, tuple[bytes, ...]] = {}
        for data in sorted(table):
            writings[table[data]] = (*writings.get(table[data], ()), data)
        return writings

    @cached_property
    def reads_back(self) -> bool:
        """Whether the charset has one byte a character, and reads all that `codec` writes."""
        if self.leads or self.swaps or self.codec in ("utf-8", CESU_8):
            return False
        return all(
            _can_write(self.codec, char) or self.patched.get(char) == data
            for data, char in self.table.items()
        )

    def character_at(self, data: bytes, at: int, *, windows: bool = True) -> tuple[str, int] | None:
        """Read one character that `codec` rejects at offset `at`; return it and where to go on.

        None when real readers (or readers other than Windows) have no character there either.
        """
        pair = data[at : at + 2]
        if len(pair) == 2 and pair[0] in self.leads:
            if pair in self.patches:
                return self.patches[pair], at + 2
            if self.pairs:
                with suppress(UnicodeDecodeError):
                    return pair.decode(self.pairs), at + 2
            if windows and pair in self.leftovers:
                return self.leftovers[pair], at + 2
        char = self.singles.get(data[at]) or (self.windows.get(data[at]) if windows else None)
        return (char, at + 1) if char else None

    def lost_at(self, data: bytes, at: int, loss: Loss) -> int:
        """Return the offset at which a reader goes on after a loss at `at`."""
        if data[at] not in self.leads or at + 1 == len(data) or loss.swallows == 1:
            return at + 1
        if loss.swallows == 2:
            return at + 2 if data[at + 1] else at + 1
        longer = re.compile(self.longer, re.DOTALL).match(data, at) if self.longer else None
        if longer:
            return longer.end()
        return at + 2 if data[at + 1] >= 0x80 else at + 1

    def bytes_of(self, char: str) -> tuple[bytes, ...]:
        """Return every way to write one character in this charset, the usual one first."""
        if char >= "\x80" and not self.leads:
            return self.writings.get(char, ())
        usual = encode(char, self)
        return () if usual is None else tuple(dict.fromkeys((usual, *self.writings.get(char, ()))))


def decode(data: bytes, charset: Charset, loss: str = "") -> str | None:
    """Decode `data` as real readers do, with lost bytes spelled as `loss` says (see `LOSSES`).

    None when there are bytes without a character and `loss` is empty.
    """
    try:
        text = data.decode(charset.codec, _decode_handler(charset, loss))
    except UnicodeDecodeError:
        return None
    how = LOSSES.get(loss)
    if charset.swaps and (how is None or how.patches):
        text = text.translate(charset.swaps)
    if charset.windows and how and how.patches and not how.windows:
        text = text.translate({ord(char): how.mark for char in charset.windows.values()})
    return text


def encode(text: str, charset: Charset) -> bytes | None:
    """Encode `text` to the bytes that real readers decode to it; None when there are none."""
    own = text.translate(charset.unswaps) if charset.unswaps else text
    try:
        data = own.encode(charset.codec, _encode_handler(charset))
    except UnicodeEncodeError:
        return None
    # Some codecs write characters that they don't read, such as U+00A5 as a backslash.
    return data if charset.reads_back or decode(data, charset) == text else None


Handler = Callable[[UnicodeError], tuple[str | bytes, int]]

_ASIDE = 0x100000
"""Added to a character that is set aside: plane 16 is private use that no patched charset has."""


@cache
def _decode_handler(charset: Charset, name: str) -> str:
    loss = LOSSES.get(name)

    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeDecodeError)
        if loss is None or loss.patches:
            windows = loss is None or loss.windows
            read = charset.character_at(error.object, error.start, windows=windows)
            if read:
                return read[0].translate(charset.unswaps), read[1]
        if loss is None:
            # Its traceback holds this frame: only the garbage collector would free both.
            try:
                raise error
            finally:
                del error
        if not loss.patches:
            return loss.mark, error.end
        return loss.mark, charset.lost_at(error.object, error.start, loss)

    return _register(f"mojifix.{charset.name}.{name or 'strict'}", handle)


@cache
def _encode_handler(charset: Charset) -> str:
    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        char = error.object[error.start].translate(charset.swaps)
        if char in charset.patched:
            return charset.patched[char], error.start + 1
        if charset.pairs:
            with suppress(UnicodeEncodeError):
                return char.encode(charset.pairs), error.start + 1
        try:
            raise error
        finally:
            del error

    return _register(f"mojifix.{charset.name}.encode", handle)


def _register(name: str, handler: Handler) -> str:
    codecs.register_error(name, handler)
    return name


def _read_apart(
    sequences: Sequence[bytes], codec: str, swaps: Mapping[int, str] | None = None
) -> dict[bytes, str]:
    """Return those of some sequences of bytes that a codec reads, with what it reads.

    `swaps` are characters with those that take their places.
    """
    # A codec reads thousands of sequences in one go as fast as a few one by one.
    read = b"\n".join(sequences).decode(codec, "replace")
    texts = (read.translate(swaps) if swaps else read).split("\n")
    return {data: text for data, text in zip(sequences, texts, strict=True) if "\ufffd" not in text}


def _can_write(codec: str, char: str) -> bool:
    try:
        return char.encode(codec).decode(codec) == char
    except UnicodeError:
        return False
