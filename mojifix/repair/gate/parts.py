"""Words cut where no damage goes on: between cells, and where no charset has both sides."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from mojifix.charsets.registry import READERS, bytes_of
from mojifix.repair.gate.floors import is_ideograph
from mojifix.repair.gate.strange import comma, is_strange

FIRST_UNSPACED = "\u0e00"
"""First character of the scripts, all but a few, that are written without spaces."""


@lru_cache(maxsize=1 << 14)
def _readers(char: str) -> int:
    """Return the readers, as bits by their numbers, that have a character in two bytes at most.

    More bytes are for characters of other scripts: GB 18030 has all, EUC-JP most of Europe.
    """
    return sum(
        1 << number
        for number, name in enumerate(READERS)
        if any(len(data) <= 2 for data in bytes_of(char, name))
    )


def is_east_asian(char: str) -> bool:
    """Tell whether a character is a Han character, kana or Hangul."""
    return "\u3040" <= char <= "\ud7a3" or is_ideograph(char)


def is_unspaced(char: str) -> bool:
    """Tell whether a character is Thai or East Asian, punctuation as well."""
    return (
        FIRST_UNSPACED <= char < "\u0f00"
        or "\u2e80" <= char < "\ue000"
        or "\uff00" <= char < "\ufff0"
    )


@lru_cache(maxsize=1 << 14)
def parts(word: str) -> Sequence[tuple[int, int]]:
    """Return the spans of the parts of a word that one reader may have read each.

    No charset has the characters on both sides of a border: damage begins or ends there. It is
    looked for in words that are strange and have Thai or East Asian letters, which are spaced
    seldom. Characters that may belong to either side go with what is no such letter: the others
    are the clean ones, mostly. Cells of a table and what markup separates are parts as well.
    """
    cells = [*_cells(word)]
    if len(cells) == 1:
        return tuple(_parts(word))
    return tuple(
        (start + first, start + last)
        for start, end in cells
        for first, last in _parts(word[start:end])
    )


def _cells(word: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a word that end where a cell of a table or of markup with damage begins.

    None of the signs between cells is a part of a character in any charset.
    """
    start = at = border = 0
    seen = False
    for match in (*_between_cells().finditer(word), None):
        cell = word[at : match.start() if match else len(word)]
        is_far = not cell.isascii()
        if seen and is_far:
            yield start, border
            start = border
        seen |= is_far or any(map(str.isalnum, cell))
        if match:
            at, border = match.end(), match.start() + (len(match.group()) + 1) // 2
    yield start, len(word)


@cache
def _between_cells() -> re.Pattern[str]:
    # A comma may be one of a text. A run of such signs is looked at once, from where it begins.
    return re.compile(
        f'(?<![;,"<>|=])[;,"<>|=]*(?:[;<>=][;,"<>|=]*|",|,"|{comma()}(?=[0-9A-Za-z\u00c0-\u024f€£¥]))"?'
    )


def _parts(word: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a word of one cell."""
    if len(word) < 2 or max(word) < FIRST_UNSPACED or not is_strange(word):
        yield 0, len(word)
        return
    borders = [0]
    able = -1
    for at, char in enumerate(word):
        # What no charset has, U+FFFD above all, is no border: bytes may have been lost there.
        own = _readers(char) if char >= "\x80" else 0
        if not own:
            continue
        if able < 0 or able & own:
            able &= own
            continue
        border, able = at, own
        if not is_unspaced(char):
            for before in range(at - 1, borders[-1], -1):
                if word[before] >= "\x80":
                    if not able & _readers(word[before]):
                        break
                    border, able = before, able & _readers(word[before])
        borders.append(border)
    yield from itertools.pairwise((*borders, len(word)))
