"""A trigram model of characters in one small binary: how it is written and how it is read.

The binary holds a unigram score for every code point and, for the bigrams and trigrams that are
worth their space, lists of followers: behind each character those that follow it, behind each pair
those that follow the pair. The lists become three strings when the file is loaded, and a lookup is
`str.find` in a part of one of them. What is no letter, behind one, is looked up behind its kind
too: the same punctuation follows most letters, though few were seen before all of it.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

_MAGIC = b"mojifix2"
_HEADER = struct.Struct("<8s3I")

UNIGRAM_STEP = 1 / 10
"""Nats per unit of the stored unigram scores, which reach from 0 to -25.5."""
STEP = 1 / 14
"""Nats per unit of all other stored scores and back-off weights, which reach from 0 to -18.2."""

MOST = 0xFFFF
"""Trigrams, at most, that begin with the same character."""

_ALPHABET = 0x10000 + 4096

_ZEROS = "0٠۰๐０"
"""The zeros of ASCII, Arabic, Persian, Thai and of full width: each stands for its ten digits."""

_FOLD = {ord(zero) + n: zero for zero in _ZEROS for n in range(10)}
_FOLD |= {ord("\r"): "\n", ord("\t"): " "}
_DIGITS = frozenset(map(chr, _FOLD)) - {"\r", "\t"}
_LOG_TEN = 2.302585092994046

_UNKNOWN = "\uffff"

_NO_BREAK = frozenset("\xa0\u202f")
_SPACED = str.maketrans(dict.fromkeys(_NO_BREAK, " "))


KINDS = {
    (0x61, 0x7B): "\uf004",
    (0xC0, 0xD7): "\uf005",
    (0xD8, 0xDF): "\uf005",
    (0xDF, 0xF7): "\uf004",
    (0xF8, 0x250): "\uf004",
    (0x1E00, 0x1F00): "\uf004",
    (0x41, 0x5B): "\uf005",
    (0x386, 0x387): "\uf006",
    (0x388, 0x400): "\uf006",
    (0x1F00, 0x2000): "\uf006",
    (0x430, 0x530): "\uf007",
    (0x400, 0x430): "\uf008",
    (0x5D0, 0x5EB): "\uf009",
    (0x620, 0x660): "\uf00a",
    (0x66E, 0x6D4): "\uf00a",
    (0xE01, 0xE3B): "\uf00b",
    (0xE40, 0xE4F): "\uf00b",
    (0x531, 0x588): "\uf00c",
    (0x900, 0xE01): "\uf00c",
    (0xE80, 0x1E00): "\uf00c",
    (0x3400, 0xA000): "\uf000",
    (0xF900, 0xFB00): "\uf000",
    (0x3041, 0x3097): "\uf001",
    (0x30A1, 0x3100): "\uf002",
    (0xAC00, 0xD7A4): "\uf003",
}
"""Half-open ranges of letters, and what stands for each of their letters in trigrams of kinds.

Private use, which no folded text has: for small Latin letters and those beyond Latin-1, capitals of
Latin-1, Greek, small and capital Cyrillic ones, Hebrew, Arabic, Thai and those of other alphabets,
for Han characters, hiragana, katakana and Hangul.
"""


class _Kinds(dict[str, str]):
    """What stands for each character in trigrams of kinds: itself if it is no letter.

    Fills itself.
    """

    def __missing__(self, char: str) -> str:
        code = ord(char)
        found = (name for (start, end), name in KINDS.items() if start <= code < end)
        self[char] = name = next(found, char)
        return name


KIND_OF = _Kinds()


class _Folded(dict[int, str | int]):
    """What `str.translate` makes of each code point."""

    def __missing__(self, code: int) -> str | int:
        if code > 0xFFFF:
            # Characters beyond the first plane are told apart in blocks of 256.
            return chr(0xE000 + (code - 0x10000 >> 8))
        return _UNKNOWN if 0xD800 <= code < 0xF900 else code


_FOLDED = _Folded(_FOLD)


def fold(text: str) -> str:
    """Return `text` as the model sees it, code point for code point.

    Every digit is the zero of its kind, private use is U+FFFF, and characters beyond the first
    plane are U+E000 and so on, one for each block of 256.
    """
    return text.translate(_FOLDED)


def pack(
    unigrams: bytes,
    singles: Mapping[str, float],
    bigrams: Mapping[str, tuple[float, float]],
    trigrams: Mapping[str, float],
) -> bytes:
    """Write the binary.

    `unigrams`: a byte for each of the 65,536 code points of the first plane and for each of the
    4,096 blocks of 256 code points behind it, in units of `-UNIGRAM_STEP`. The others are in nats
    and their keys are folded: the back-off weights of single characters, log probability and
    back-off weight of pairs, log probabilities of trigrams. Raises ValueError where a trigram is
    not over a pair that is there too, or more than `MOST` begin with the same character.
    """
    after: dict[str, list[str]] = {}
    for pair in sorted(bigrams):
        after.setdefault(pair[0], []).append(pair[1])
    behind: dict[str, list[str]] = {}
    for trigram in sorted(trigrams):
        if trigram[:2] not in bigrams:
            raise ValueError(f"the pair of the trigram {trigram!r} is not stored")
        behind.setdefault(trigram[:2], []).append(trigram[2])
    firsts = sorted(after.keys() | singles.keys())
    starts, bases, offsets = array("I"), array("I"), array("H")
    seconds: list[str] = []
    thirds: list[str] = []
    for first in firsts:
        starts.append(len(seconds))
        bases.append(len(thirds))
        for second in after.get(first, ()):
            if len(thirds) - bases[-1] > MOST:
                raise ValueError(f"more than {MOST} trigrams begin with {first!r}")
            offsets.append(len(thirds) - bases[-1])
            seconds.append(second)
            thirds += behind.get(first + second, ())
    starts.append(len(seconds))
    bases.append(len(thirds))
    arrays = [starts, bases, offsets]
    if sys.byteorder == "big":
        for one in arrays:
            one.byteswap()
    pairs = [first + second for first in firsts for second in after.get(first, ())]
    parts = [
        _HEADER.pack(_MAGIC, len(firsts), len(seconds), len(thirds)),
        unigrams,
        *(one.tobytes() for one in arrays),
        *("".join(chars).encode("utf-16-le") for chars in (firsts, seconds, thirds)),
        bytes(_byte(singles.get(first, 0.0)) for first in firsts),
        bytes(_byte(bigrams[pair][0]) for pair in pairs),
        bytes(_byte(bigrams[pair][1]) for pair in pairs),
        bytes(_byte(trigrams[pair + third]) for pair in pairs for third in behind.get(pair, ())),
    ]
    return b"".join(parts)


def _byte(nats: float) -> int:
    return min(255, max(0, round(-nats / STEP)))


class _Row(NamedTuple):
    """What is known to follow two folded characters.

    `known`, `two` and `of_kinds` are the half-open spans of the third characters behind them, of
    the second ones behind the latter, and of the third ones behind their kinds; `back_off` and
    `single` are the weights of falling back to pairs and to single characters. `is_letter` tells
    whether the latter is one that has a kind.
    """

    known: tuple[int, int]
    two: tuple[int, int]
    of_kinds: tuple[int, int]
    back_off: float
    single: float
    is_letter: bool


class Trigrams(dict[str, float]):
    """The log probability, in nats, of the last of three characters after the first two.

    A dictionary that fills itself with up to `KEPT` keys, which are strings of three code points:
    text of one kind is scored at the speed of dictionary lookups.
    """

    KEPT = 1 << 16
    ROWS = 1 << 14
    """Pairs of characters of which is remembered where the followers are."""

    def __init__(self, binary: bytes) -> None:
        magic, firsts, seconds, thirds = (
            _HEADER.unpack_from(binary) if len(binary) >= _HEADER.size else (b"", 0, 0, 0)
        )
        if magic != _MAGIC:
            raise ValueError("this is not a language model of mojifix, or one of another version")
        at = _HEADER.size

        def taken(size: int) -> bytes:
            nonlocal at
            at += size
            return binary[at - size : at]

        def numbers(code: str, number: int) -> Sequence[int]:
            values = array(code)
            values.frombytes(taken(number * values.itemsize))
            if sys.byteorder == "big":
                values.byteswap()
            return values

        self._unigrams = taken(_ALPHABET)
        self._starts, self._bases = numbers("I", firsts + 1), numbers("I", firsts + 1)
        self._offsets = numbers("H", seconds)
        first = taken(2 * firsts).decode("utf-16-le", "surrogatepass")
        self._second = taken(2 * seconds).decode("utf-16-le", "surrogatepass")
        self._third = taken(2 * thirds).decode("utf-16-le", "surrogatepass")
        self._first = dict(zip(first, range(firsts), strict=True))
        self._backing, self._two, self._back_off, self._three = map(
            taken, (firsts, seconds, seconds, thirds)
        )
        self._rows: dict[str, _Row] = {}

    def __missing__(self, trigram: str) -> float:
        if len(self) >= self.KEPT:
            self.clear()
        folded = trigram.translate(_FOLDED)
        pair = folded[:2]
        if _NO_BREAK.isdisjoint(pair) and trigram[2] not in _DIGITS:
            score = self._score(self._row(pair), folded[2])
        else:
            [score] = self.behind(trigram[:2], trigram[2])
        self[trigram] = score
        return score

    def behind(self, pair: str, chars: str) -> list[float]:
        """Return the log probability of each of some characters after two others.

        Nothing of it is remembered.
        """
        folded = pair.translate(_FOLDED)
        found = self._scores(folded, chars)
        if not _NO_BREAK.isdisjoint(folded):
            # What follows a space that is never broken follows other spaces as well.
            found = list(map(_mean, found, self._scores(folded.translate(_SPACED), chars)))
        return [
            score - _LOG_TEN if char in _DIGITS else score
            for char, score in zip(chars, found, strict=True)
        ]

    def _scores(self, pair: str, chars: str) -> list[float]:
        """Return what `behind` does, of two folded characters as they are, but for digits."""
        row = self._row(pair)
        return [self._score(row, char) for char in chars.translate(_FOLDED)]

    def _row(self, pair: str) -> _Row:
        row = self._rows.get(pair)
        if row is None:
            if len(self._rows) >= self.ROWS:
                self._rows.clear()
            row = self._rows[pair] = self._row_of(pair)
        return row

    def _row_of(self, pair: str) -> _Row:
        a, b = pair[0], pair[1]
        known, back_off = (0, 0), 0.0
        place = self._pair(a, b)
        if place is not None:
            known = self._span(*place)
            back_off = self._back_off[place[1]] * -STEP
        kinds, of_kinds = (KIND_OF[a], KIND_OF[b]), (0, 0)
        place = self._pair(*kinds) if kinds != (a, b) else None
        if place is not None:
            of_kinds = self._span(*place)
        first = self._first.get(b)
        two, single = (0, 0), back_off
        if first is not None:
            two = self._starts[first], self._starts[first + 1]
            single += self._backing[first] * -STEP
        return _Row(known, two, of_kinds, back_off, single, kinds[1] != b)

    def _score(self, row: _Row, c: str) -> float:
        at = self._third.find(c, *row.known)
        if at >= 0:
            return self._three[at] * -STEP
        two = self._second.find(c, *row.two)
        if two >= 0 and row.is_letter:
            return row.back_off + self._two[two] * -STEP
        if row.of_kinds[1] and KIND_OF[c] == c:
            # Which punctuation or space follows hangs on the kind of what is before.
            at = self._third.find(c, *row.of_kinds)
            if at >= 0:
                return row.back_off + self._three[at] * -STEP
        if two >= 0:
            return row.back_off + self._two[two] * -STEP
        return row.single - self._unigrams[_place(c)] * UNIGRAM_STEP

    def _pair(self, a: str, b: str) -> tuple[int, int] | None:
        """Return the place of a character, and that of a pair that begins with it."""
        first = self._first.get(a)
        if first is None:
            return None
        at = self._second.find(b, self._starts[first], self._starts[first + 1])
        return (first, at) if at >= 0 else None

    def _span(self, first: int, pair: int) -> tuple[int, int]:
        """Return the half-open span of the third characters behind a pair."""
        base = self._bases[first]
        if pair + 1 == self._starts[first + 1]:
            return base + self._offsets[pair], self._bases[first + 1]
        return base + self._offsets[pair], base + self._offsets[pair + 1]

    def followers(self, pair: str) -> Sequence[tuple[str, float]]:
        """Return the characters beyond ASCII that are known to follow two characters.

        Each with its log probability, the likeliest first. Those beyond the first plane, which are
        known in blocks only, are not among them.
        """
        folded = pair.translate(_FOLDED)
        if not _NO_BREAK.isdisjoint(folded):
            some = (*self._followers(folded), *self._followers(folded.translate(_SPACED)))
            weights = {char: self[pair + char] for char, _ in some}
            return sorted(weights.items(), key=itemgetter(1), reverse=True)
        return self._followers(folded)

    def known(self, pair: str, chars: Iterable[str]) -> frozenset[str]:
        """Return those of some characters that are among the `followers` of two others."""
        folded = pair.translate(_FOLDED)
        found: set[str] = set()
        for one in {folded, folded.translate(_SPACED)}:
            row = self._row(one)
            found.update(self._third[slice(*row.known)], self._second[slice(*row.two)])
            found.update(self._third[slice(*row.of_kinds)])
        for zero in _ZEROS:
            if zero in found:
                found.update(map(chr, range(ord(zero), ord(zero) + 10)))
        return frozenset(filter(_is_far, found.intersection(chars)))

    def _followers(self, folded: str) -> Sequence[tuple[str, float]]:
        """Return what `followers` does, of two folded characters as they are."""
        row = self._row(folded)
        known, two, of_kinds = slice(*row.known), slice(*row.two), slice(*row.of_kinds)
        scored = zip(self._third[known], self._three[known], strict=True)
        found = {char: score * -STEP for char, score in scored}
        told = (self._second[two], self._two[two]), (self._third[of_kinds], self._three[of_kinds])
        # As in `_score`, what tells more comes first.
        for chars, scores in told if row.is_letter else reversed(told):
            for char, score in zip(chars, scores, strict=True):
                found.setdefault(char, row.back_off + score * -STEP)
        far = [one for one in found.items() if _is_far(one[0])]
        for zero in _ZEROS[1:]:
            if zero in found:
                digits = map(chr, range(ord(zero), ord(zero) + 10))
                far.remove((zero, found[zero]))
                far += [(digit, found[zero] - _LOG_TEN) for digit in digits]
        far.sort(key=itemgetter(1), reverse=True)
        return far

    def by_frequency(self, chars: Iterable[str]) -> Sequence[str]:
        """Return some characters, the commonest first; of equals the one with the least code."""
        places = {char: (self._unigrams[_place(char.translate(_FOLDED))], char) for char in chars}
        return sorted(places, key=places.__getitem__)

    def likeliest(self, pair: str, first: str, last: str) -> float:
        """Return at least the log probability of the likeliest known follower in a range.

        Of two characters, from `first` to `last`; `-math.inf` where none is known.
        """
        folded = pair.translate(_FOLDED)
        if _NO_BREAK.isdisjoint(folded):
            return self._likeliest(folded, first, last)
        spaced = folded.translate(_SPACED)
        return max(self._likeliest(one, first, last) for one in (folded, spaced))

    def _likeliest(self, folded: str, first: str, last: str) -> float:
        """Return what `likeliest` does, of two folded characters as they are."""
        row = self._row(folded)
        return max(
            self._most(self._third, self._three, first, last, row.known),
            row.back_off + self._most(self._second, self._two, first, last, row.two),
            row.back_off + self._most(self._third, self._three, first, last, row.of_kinds),
        )

    @staticmethod
    def _most(chars: str, scores: bytes, first: str, last: str, span: tuple[int, int]) -> float:
        """Return the greatest log probability of a range of characters in a sorted span.

        `-math.inf` without one.
        """
        start = bisect_left(chars, first, *span)
        own = scores[start : bisect_right(chars, last, start, span[1])]
        return min(own) * -STEP if own else -math.inf


def _place(folded: str) -> int:
    """Return the place of a folded character among the unigrams."""
    code = ord(folded)
    # Blocks beyond the first plane are folded to private use, which itself is folded away.
    return code + 0x2000 if 0xE000 <= code < 0xF000 else code


def _is_far(char: str) -> bool:
    """Tell whether a character is beyond ASCII, in the first plane and not of private use."""
    return "\x80" <= char < "\ue000" or "\uf900" <= char <= "\uffff"


def _mean(one: float, other: float) -> float:
    """Return the logarithm of the mean of two probabilities, given as logarithms."""
    return math.log((math.exp(one) + math.exp(other)) / 2)


def weight_behind(text: str, weights: Mapping[str, float]) -> float:
    """Return the log weight of a text behind its first two characters, by that of each trigram."""
    return sum(weights[text[at : at + 3]] for at in range(len(text) - 2))


def trigrams_of(text: str) -> Iterable[str]:
    """Return the trigrams of `text` as if it stood at the start of a line."""
    padded = "\n\n" + text
    return (padded[i : i + 3] for i in range(len(text)))
