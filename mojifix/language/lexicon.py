"""Which words are known: a Bloom filter of the commonest words beyond ASCII of many languages.

And of the commonest ones of English, which tell what joins two of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

from mojifix.language.contractions import contractions, joined_by

HASHES, MORE = 10, 13
"""Bits that are set for each word, and for one of a language without spaces: those are looked for
wherever they may begin and end."""

LONGEST = 5
"""Letters of the longest word that is looked for where words are not spaced."""

SHORTEST = 3
"""Letters of the shortest word with spaces that is known: shorter ones weigh nothing."""

KNOWN, UNKNOWN = (4.0, 6.5, 8.0), -1.5
"""Log weight of a word that is known, by its letters from `SHORTEST` on, and of one that is not.

What trigrams lack to the frequency of five words in six of that length, at least; long words are
worth more, but a filter is no surer.
"""

COVERED = (-2.0, -2.0, 0.0, 1.5, 2.5, 2.5)
"""Log weight of a letter where words are not spaced, by the length of the longest known word that
it belongs to."""

TOLD = 8
"""Letters in a row that tell whether the words of a text of East Asia are known.

Of the words of two to six letters in comments of programs, 94 of 100 Chinese ones, 78 Japanese ones
and 76 Korean ones have a known one in them, and 1 or 2 of what another charset makes of them.
"""

COMMAS = str.maketrans("şţŞŢ", "șțȘȚ")
"""Romanian is written with cedillas where a charset has no commas."""

_WORD = re.compile(r"[^\W\d_]{2,}")
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Letters whose words are looked for inside of runs of letters."""
_EAST_ASIAN = re.compile(f"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{{2,{TOLD}}}")
"""Letters of languages without spaces of which words are known, or of Korean."""


def _bits(word: str, size: int) -> Iterable[int]:
    """Yield the places of a word in a filter of `size` bits."""
    digest = int.from_bytes(
        blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )
    step = digest >> 32 | 1
    hashes = MORE if UNSPACED.search(word) else HASHES
    return ((digest + number * step) % size for number in range(hashes))


def folded(text: str) -> str:
    """Return text in folded case, İ as i, of which `str.casefold` makes two characters."""
    return text.replace("İ", "i").casefold()


def _words(text: str) -> Iterator[str]:
    """Yield the words beyond ASCII in a text, in folded case."""
    return (word for word in _WORD.findall(folded(text)) if not word.isascii())


def pack(words: Iterable[str], size: int) -> bytes:
    """Return a filter of `size` bytes that knows `words`."""
    bits = bytearray(size)
    for word in words:
        for at in _bits(word, 8 * size):
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


class Lexicon:
    """The words of a filter, and by chance some others.

    About one in 900 of all others, one in 6,000 of a language without spaces.
    """

    def __init__(self, binary: bytes) -> None:
        self._binary = binary
        self._known = lru_cache(maxsize=1 << 14)(self._has)

    def __contains__(self, word: str) -> bool:
        return self._known(word)

    def _has(self, word: str) -> bool:
        binary = self._binary
        return all(binary[at >> 3] >> (at & 7) & 1 for at in _bits(word, 8 * len(binary)))

    def spelled(self, text: str) -> float:
        """Return the log weight of the words beyond ASCII of languages with spaces in `text`.

        Those with an apostrophe are known if they are contractions: don’t, l’homme; those with a
        dash or an ellipsis if they are words of English: wait—what.
        """
        weight = sum(self._spelled(word) for word in _words(text) if not UNSPACED.search(word))
        contracted = "’" in text and contractions("’").search(text)
        known = contracted or self.joins(text, joined_by("—–", "…"))
        return weight + KNOWN[-1] if known else weight

    def worth(self, text: str) -> float:
        """Return the log weight of the words in `text`, of the first ones of East Asia, too.

        Letters that belong to no known word weigh nothing there: names have many of them. Nor does
        one letter again and again.
        """
        weight, east_asian = self.spelled(text), _EAST_ASIAN.search(text)
        if not east_asian or len(set(east_asian[0])) == 1:
            return weight
        return weight + self._covered(east_asian[0], ()) - COVERED[1] * len(east_asian[0])

    def joins(self, text: str, joined: re.Pattern[str]) -> bool:
        """Tell whether a text has two words of English, by a pattern of `joined_by`."""
        return any(
            one.lower() in self and (not other or other in self)
            for one, other in joined.findall(text)
        )

    def weight(self, text: str, own: Collection[str] = ()) -> float:
        """Return the log weight of the words beyond ASCII in `text`.

        `own` are words that are known besides, folded to lower case (`str.casefold`).
        """
        return sum(
            self._covered(word, own) if UNSPACED.search(word) else self._spelled(word, own)
            for word in _words(text)
        )

    def _spelled(self, word: str, own: Collection[str] = ()) -> float:
        beyond = len(word) - SHORTEST
        if beyond < 0:
            return 0.0
        known = word in own or word in self or word.translate(COMMAS) in self
        return KNOWN[min(beyond, len(KNOWN) - 1)] if known else UNKNOWN

    def _covered(self, text: str, own: Collection[str]) -> float:
        longest = [1] * len(text)
        for length in range(2, LONGEST + 1):
            for start in range(len(text) - length + 1):
                word = text[start : start + length]
                if word in own or word in self:
                    longest[start : start + length] = [length] * length
        return sum(COVERED[length] for length in longest)
