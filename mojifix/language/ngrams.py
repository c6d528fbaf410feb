"""A trigram model of characters in one small binary: how it is written and how it is read.

The binary holds unigram scores for every code point and, for the bigrams and trigrams that are
worth their space, scores in two compressed static functions (three-way xor tables after Graf and
Lemire, "Xor Filters", 2019): a lookup is three reads and an xor, keys that were never stored are
recognised by a fingerprint, and nothing needs to be parsed when the file is loaded.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence

_MAGIC = b"mojifix1"
_HEADER = struct.Struct("<8s2I32f")
_M64 = (1 << 64) - 1

UNIGRAM_STEP = 1 / 10
"""Nats per unit of the stored unigram scores, which reach from 0 to -25.5."""
BIGRAM_STEP = 1 / 12
"""Nats per unit of the stored bigram scores and back-off weights, which reach from 0 to -21.25."""
_FINGERPRINT_2, _FINGERPRINT_3 = 16, 11

_FOLD = str.maketrans("123456789\r\t", "000000000\n ")
_DIGITS = frozenset("0123456789")
_LOG_TEN = 2.302585092994046


def fold(text: str) -> str:
    """Return `text` as the model sees it, code point for code point: every digit is a `0`."""
    return text.translate(_FOLD)


def _mix(key: int) -> int:
    key = (key ^ (key >> 31)) * 0x9E3779B97F4A7C15 & _M64
    key = (key ^ (key >> 29)) * 0xBF58476D1CE4E5B9 & _M64
    return key ^ (key >> 32)


def _places(key: int, third: int) -> tuple[int, int, int, int]:
    """Return the three slots of a key and its fingerprint (64 bits)."""
    h = _mix(key)
    return (
        (h & 0x1FFFFF) * third >> 21,
        third + ((h >> 21 & 0x1FFFFF) * third >> 21),
        2 * third + ((h >> 42) * third >> 22),
        h * 0xD6E8FEB86659FD93 & _M64,
    )


def _static_function(entries: Mapping[int, int], code: str, fingerprint: int) -> array[int]:
    """Build the xor table of `entries`; raises ValueError if the keys can't be placed."""
    bits = 8 * array(code).itemsize
    third = int(len(entries) * 1.23 / 3) + 11
    places = [_places(key, third) for key in entries]
    counts, sums = array("I", bytes(12 * third)), array("Q", bytes(24 * third))
    for number, (a, b, c, _) in enumerate(places):
        for slot in (a, b, c):
            counts[slot] += 1
            sums[slot] ^= number
    queue = [slot for slot in range(3 * third) if counts[slot] == 1]
    order = []
    while queue:
        slot = queue.pop()
        if counts[slot] != 1:
            continue
        number = sums[slot]
        order.append((number, slot))
        for other in places[number][:3]:
            counts[other] -= 1
            sums[other] ^= number
            if counts[other] == 1:
                queue.append(other)
    if len(order) != len(places):
        raise ValueError("the keys can't be placed; change the number of entries")
    table = array(code, bytes(3 * third * array(code).itemsize))
    values = list(entries.values())
    for number, slot in reversed(order):
        a, b, c, h = places[number]
        word = (h >> (64 - fingerprint)) << (bits - fingerprint) | values[number]
        table[slot] = word ^ table[a] ^ table[b] ^ table[c]
    return table


def pack(
    unigrams: bytes,
    bigrams: Mapping[tuple[int, int], tuple[float, float]],
    trigrams: Mapping[tuple[int, int, int], int],
    codebook: Sequence[float],
) -> bytes:
    """Write the binary.

    `unigrams`: a byte for each of the 65,536 code points of the first plane and for each of the
    4,096 blocks of 256 code points behind it, in units of `-UNIGRAM_STEP`. `bigrams`: log
    probability and back-off weight of two code points, in nats. `trigrams`: index into `codebook`,
    which holds 32 log probabilities.
    """

    def byte(nats: float) -> int:
        return min(255, max(0, round(-nats / BIGRAM_STEP)))

    two = {a << 21 | b: byte(p) << 8 | byte(w) for (a, b), (p, w) in bigrams.items()}
    three = {a << 42 | b << 21 | c: index for (a, b, c), index in trigrams.items()}
    tables = (
        _static_function(two, "I", _FINGERPRINT_2),
        _static_function(three, "H", _FINGERPRINT_3),
    )
    if sys.byteorder == "big":
        for table in tables:
            table.byteswap()
    header = _HEADER.pack(_MAGIC, len(tables[0]), len(tables[1]), *codebook)
    return header + unigrams + tables[0].tobytes() + tables[1].tobytes()


class Trigrams(dict[str, float]):
    """The log probability, in nats, of the last of three characters after the first two.

    A dictionary that fills itself with up to `KEPT` keys, which are strings of three code points:
    text of one kind is scored at the speed of dictionary lookups.
    """

    KEPT = 1 << 18

    def __init__(self, binary: bytes) -> None:
        magic, two, three, *codebook = _HEADER.unpack_from(binary)
        if magic != _MAGIC:
            raise ValueError("this is not a language model of mojifix, or one of another version")
        start = _HEADER.size
        self._codebook: list[float] = codebook
        self._unigrams = binary[start : start + 65536 + 4096]
        start += len(self._unigrams)
        self._two, self._three = array("I"), array("H")
        self._two.frombytes(binary[start : start + 4 * two])
        self._three.frombytes(binary[start + 4 * two : start + 4 * two + 2 * three])
        if sys.byteorder == "big":
            self._two.byteswap()
            self._three.byteswap()

    def __missing__(self, trigram: str) -> float:
        if len(self) >= self.KEPT:
            self.clear()
        folded = trigram.translate(_FOLD)
        score = self._score(*map(ord, folded))
        if trigram[2] in _DIGITS:
            score -= _LOG_TEN
        self[trigram] = score
        return score

    def _score(self, a: int, b: int, c: int) -> float:
        pair = self._bigram(b, c)
        if pair is not None:
            # Trigrams are stored only over a stored bigram: a chance match of both is negligible.
            table = self._three
            i, j, k, h = _places(a << 42 | b << 21 | c, len(table) // 3)
            word = table[i] ^ table[j] ^ table[k]
            if word >> (16 - _FINGERPRINT_3) == h >> (64 - _FINGERPRINT_3):
                return self._codebook[word & 31]
        context = self._bigram(a, b)
        weight = 0.0 if context is None else -(context & 255) * BIGRAM_STEP
        if pair is not None:
            return weight - (pair >> 8) * BIGRAM_STEP
        return weight + self._backed_off(b, c)

    def _backed_off(self, b: int, c: int) -> float:
        context = self._bigram(b, _CONTEXT)
        weight = 0.0 if context is None else -(context & 255) * BIGRAM_STEP
        return (
            weight
            - self._unigrams[c if c < 0x10000 else 0x10000 + (c - 0x10000 >> 8)] * UNIGRAM_STEP
        )

    def _bigram(self, a: int, b: int) -> int | None:
        table = self._two
        i, j, k, h = _places(a << 21 | b, len(table) // 3)
        word = table[i] ^ table[j] ^ table[k]
        return word & 0xFFFF if word >> 16 == h >> 48 else None


_CONTEXT = 0x1FFFFF
"""In the place of a bigram's second code point: the back-off weight of its first one alone."""


def context_key(code_point: int) -> tuple[int, int]:
    """Return the key under which `pack` takes the back-off weight of a single code point."""
    return code_point, _CONTEXT


def trigrams_of(text: str) -> Iterable[str]:
    """Return the trigrams of `text` as if it stood at the start of a line."""
    padded = "\n\n" + text
    return (padded[i : i + 3] for i in range(len(text)))
