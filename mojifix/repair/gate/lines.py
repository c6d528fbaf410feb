"""The lines of a text that may be damaged, and their words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mojifix.language.identification import SAMPLE
from mojifix.repair.gate.customary import is_alphabet, is_dump, is_half_width
from mojifix.repair.gate.dead import DEAD, may_be_dead
from mojifix.repair.gate.parts import parts
from mojifix.repair.gate.scripts import LINE, is_plain
from mojifix.repair.gate.strange import PUNCTUATION
from mojifix.repair.reading import Reading
from mojifix.repair.splice.spans import touches

WORD = re.compile(r"(?<![^\x00-\x20])[\x21-\x7f]*+[^\x00-\x7f][^\x00-\x20]*")
"""Text between ASCII spaces with something beyond ASCII in it. U+00A0 is no border: it is half of a
damaged à. Base64 without a space is looked at once."""

_PLAIN_SIGNS = f"[{re.escape(PUNCTUATION.translate({ord(mark): None for mark in '«»'}))}]*+"
_AROUND = rf"{_PLAIN_SIGNS}[^\w\s]?{_PLAIN_SIGNS}"
"""Punctuation, and one other sign: two of them are what is left of a letter, á»™."""
_SPACED_OUT = re.compile(
    rf"(?<!\S){_AROUND}(?:[^\W\d_][ \xa0]+){{3,}}[^\W\d_]{_AROUND}(?![^\s\xa0])"
)


@dataclass(slots=True)
class Line:
    """A line that may be damaged: its span, those of its words, and what they were.

    Of the words whose numbers are `told`, one channel explains what they were, whatever is around
    the line.
    """

    start: int
    end: int
    words: list[tuple[int, int]]
    best: list[tuple[Reading, float]]
    told: frozenset[int] = frozenset()


def lines_of(
    text: str, within: Sequence[tuple[int, int]] | None, *, plain: bool = False
) -> Iterator[Line]:
    """Yield the lines of a text that may be damaged; of those that hold the spans of `within`.

    All that are not ASCII if `plain`, else those that show a mark of damage.
    """
    for line in LINE.finditer(text):
        start, end = line.span()
        if line.group().isascii() or (within is None and not plain and is_plain(line.group())):
            continue
        if "\uff66" <= max(line.group()) <= "\uff9f" and is_half_width(line.group()):
            continue
        if is_dump(line.group()):
            continue
        if within is not None:
            at = bisect_left(within, start, key=lambda span: span[1])
            if at == len(within) or within[at][0] > end:
                continue
        spaced_out = list(_spaced_out(text, start, end))
        is_alive = not may_be_dead(line.group())
        found = WORD.finditer(text, start, end)
        words = [
            (word.start() + start_of_part, word.start() + end_of_part)
            for word in found
            if is_alive or not DEAD.search(word.group())
            if not touches(spaced_out, *word.span())
            for start_of_part, end_of_part in parts(word.group())
            if not word.group()[start_of_part:end_of_part].isascii()
        ]
        yield Line(start, end, words, [])


def _spaced_out(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of letters apart by spaces: of words in ASCII, most of them, and alphabets.

    T Í T U L O, À Á Â Ã Ä Å. Letters of East Asia are spelled out in none.
    """
    for match in _SPACED_OUT.finditer(text, start, end):
        alone = "".join(filter(str.isalpha, match.group()))
        spelled = max(alone) < "\u2e80" and 2 * sum(map(str.isascii, alone)) >= len(alone)
        if spelled or is_alphabet(alone):
            yield match.span()


BESIDE = 100
"""Code points of a text before a word in which the one beside it begins."""

_BORDERS = ";,<>|="
_BEFORE = re.compile(rf"([^\s{_BORDERS}]+) \Z")
_BEHIND = re.compile(rf" ([^\s{_BORDERS}]{{1,40}})")


def words_beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and behind a span, in the same cell of a table; "" for none."""
    before = _BEFORE.search(text, max(0, start - BESIDE), start)
    behind = _BEHIND.match(text, end)
    return before[1] if before else "", behind[1] if behind else ""


def among_told(text: str, line: Line) -> Iterator[tuple[int, int]]:
    """Yield the spans of those words of a line that stand in a cell with told ones."""
    told: int | None = None
    waiting: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(line.words):
        if number in line.told:
            yield from (
                word for word in waiting if not _BETWEEN_CELLS.search(text, word[1] - 1, start + 1)
            )
            told, waiting = end, []
        elif told is not None and not _BETWEEN_CELLS.search(text, told - 1, start + 1):
            yield start, end
        else:
            waiting.append((start, end))


_BETWEEN_CELLS = re.compile(rf"[{_BORDERS}\t]")


def read(text: str, lines: Iterable[Line]) -> str:
    """Return the beginning of a text with the best readings of its words."""
    read: list[str] = []
    at = 0
    for line in lines:
        for (start, end), (reading, _) in zip(line.words, line.best, strict=True):
            read += (text[at:start], reading.after)
            at = end
        if at >= SAMPLE:
            break
    return "".join((*read, text[at : at + SAMPLE]))


def changed(text: str, lines: Iterable[Line]) -> Iterator[tuple[Reading, float]]:
    """Yield the best readings but for those that are inside a chain that changes nothing."""
    for line in lines:
        for (start, end), (reading, confidence) in zip(line.words, line.best, strict=True):
            if not reading.chain or reading.after != text[start:end]:
                yield reading, confidence
