"""Letters of which nothing, or one byte, is left: told by the words that they make.

Any letter may be lost, and a lattice follows few of them. Of what `・ndring` may have been, the
lexicon knows one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from mojifix.charsets.charset import LOSSES
from mojifix.charsets.registry import CHARSETS, losses
from mojifix.language import known_words, trigrams
from mojifix.language.contractions import contractions
from mojifix.language.identification import are_common
from mojifix.language.ngrams import weight_behind
from mojifix.language.writing import script
from mojifix.model import Channel
from mojifix.repair.decode.evidence import Evidence
from mojifix.repair.decode.lost import APOSTROPHE, left_of
from mojifix.repair.decode.traces import PROMISING, leading, promising
from mojifix.repair.gate.floors import floored
from mojifix.repair.gate.strange import score
from mojifix.repair.lattice.hypothesis import LOSS_WEIGHTS, Hypothesis
from mojifix.repair.lattice.lattice import KEPT_MARK, MARKS, Piece, Window
from mojifix.repair.lattice.vocabulary import REACH, first_letters, last_letters, shortened
from mojifix.repair.splice.splice import spliced_part

SHORT = 4.0
"""Log weight of a word that is too short for the lexicon and common in some language."""

SURELY = 5.5
"""Log weight of a known word at most: a filter knows one of 900 others by chance."""

_FAR = 60
"""Code points on each side of what may be left of a letter that are weighed with it, at most."""

_CONTRACTED = contractions("(?!)", APOSTROPHE)

_MIDDLE_DOT = "・"
_REST = re.compile(
    f"{_MIDDLE_DOT}{{1,{MARKS}}}|[^\\W\\d_\x00-\x7f](?:[?\ufffd](?=[A-Za-z])|\ufffd)?"
    "|(?<=[A-Za-z])[?\ufffd][^\\w\x00-\x7f\ufffd](?=[A-Za-z])"
)
"""What may be left of a letter in a word, whatever the reader."""


def worth_trying(
    word: str, channels: Sequence[Channel], evidence: Evidence
) -> Iterator[tuple[Channel, float]]:
    """Yield the channels that are worth looking into for a word, some of them twice.

    With each, by how much the log probability grows: of a part that is read back, or of the word if
    it is known with a letter put back.
    """
    yield from promising(word, channels, evidence, trigrams())
    yield from completing(word, channels, evidence)


def completing(
    word: str, channels: Iterable[Channel], evidence: Evidence
) -> Iterator[tuple[Channel, float]]:
    """Yield the channels that may have left of a known word what no word looks like.

    With each, by how much the log probability grows if that word is put back.
    """
    rests = [match.span() for match in _REST.finditer(word)]
    rests = [span for span in rests if _is_odd(word, *span)]
    if not rests:
        return
    parts = {
        (word[max(0, start - _FAR) : start], word[start:end], word[end : end + _FAR])
        for start, end in rests
    }
    as_is = [(part, score("".join(part), floored()[1])) for part in parts]
    for channel in channels:
        gains = [
            score(left + char + right, trigrams()) + SURELY - weight
            for (left, rest, right), weight in as_is
            for loss in _losses(channel, rest)
            for char in _fitting(left, rest, right, channel, loss)
            if _is_known(_around(left, char, right))
        ]
        if gains and max(gains) + evidence.entry((channel,)) >= PROMISING:
            yield channel, max(gains)


def _is_odd(text: str, start: int, end: int) -> bool:
    """Tell whether a part of a text stands where no word has such: beside a Latin letter.

    Letters of another script do, capitals behind small letters, and marks in words.
    """
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    if not any(char.isascii() and char.isalpha() for char in (before, behind)):
        return False
    first = text[start]
    if not first.isalpha():
        return True
    is_other = script(first) not in ("", "LATIN")
    return is_other or (before.islower() and (first.isupper() or end - start > 1))


def _losses(channel: Channel, part: str) -> Sequence[str]:
    """Return the losses of a channel that may have left a part of a word."""
    if channel.written_as != "utf-8":
        return ()
    wide = bool(CHARSETS[channel.read_as].leads)
    marked = any(mark in part for mark in "?\ufffd・")
    marks = ((name, LOSSES[name].mark) for name in losses(channel.read_as))
    return [name for name, mark in marks if (mark in part if mark else not (wide or marked))]


def told_by_words(
    text: str, window: Window, pieces: Sequence[Piece], told: Hypothesis, own: Collection[str]
) -> tuple[Sequence[Piece], float]:
    """Return pieces with those of letters that words tell, and the log weight gained by these.

    In a document that did not surely go through the channel of `told`, of what no word looks like.
    `own` are the words of the document, in folded case.
    """
    added: list[Piece] = []
    gain = 0.0
    for start, end in _rests(text, window, pieces, told):
        if not (told.settings.taught or _is_odd(text, start, end)):
            continue
        first, last = max(window.start, start - REACH), min(end + REACH, window.end)
        left = spliced_part(text, pieces, first, start)
        if first == window.start:
            left = window.left[-REACH:] + left
        right = spliced_part(text, pieces, end, last)
        weights = _weights(text[start:end], "\n\n" + left, right + "\n", told, own)
        found = max(weights, key=weights.__getitem__, default="")
        if found and found != text[start:end]:
            piece = _piece(start, end, text[start:end], weights)
            gain -= math.log(max(1e-9, 1 - piece.damaged))
            added.append(piece)
    return sorted([*pieces, *added], key=lambda piece: piece.start), gain


def _rests(
    text: str, window: Window, pieces: Sequence[Piece], told: Hypothesis
) -> Iterator[tuple[int, int]]:
    """Yield the spans outside of pieces of what may be left of a letter of a word."""
    if not told.loss:
        return
    pattern = _left_by(told.channel, told.mark)
    ends = [window.start, *(piece.end for piece in pieces)]
    starts = [*(piece.start for piece in pieces), window.end]
    for gap in zip(ends, starts, strict=True):
        for match in pattern.finditer(text, *gap):
            yield match.span()


@cache
def _left_by(channel: Channel, mark: str) -> re.Pattern[str]:
    """Return the pattern of what a reader that writes a mark may leave of a letter."""
    mark = re.escape(mark)
    if CHARSETS[channel.read_as].leads:
        return re.compile(f"{mark}{{1,{MARKS}}}" if mark else "(?!)")
    trail = f"|{mark}[^\\w\x00-\x7f{mark}](?=[A-Za-z])" if mark else ""
    return re.compile(leading(channel).pattern + mark + trail)


def _weights(
    part: str, left: str, right: str, told: Hypothesis, own: Collection[str]
) -> Mapping[str, float]:
    """Return the log weight of each letter that a part may have been, and of the part as it is.

    Empty where no letter makes a known word.
    """
    if part[0] == "?" and not right[0].isalpha():
        return {}
    weights = {
        char: _spelled(_around(left, char, right), own)
        for char in _fitting(left, part, right, told.channel, told.loss)
    }
    if max(weights.values(), default=0.0) <= 0:
        return {}
    lost, read = told.weights.lost, told.weights.read
    loss = LOSS_WEIGHTS[told.loss] * max(1, part.count(told.mark) if told.mark else 1)
    loss += 0.0 if told.settings.taught else told.settings.entry
    for char in weights:
        around = left[-2:] + char + right[:2]
        weights[char] += loss + lost[around[:3]]
        weights[char] += weight_behind(around[1:], read)
    around = left[-2:] + part + right[:2]
    kept = KEPT_MARK if told.mark != "?" and part == told.mark * len(part) else 0.0
    found = weight_behind(around, told.weights.found)
    return {**weights, part: kept + found + _spelled(_around(left, part, right), own)}


def _fitting(left: str, part: str, right: str, channel: Channel, loss: str) -> Iterator[str]:
    """Yield the letters that a part may be left of, of the script and the case of their word.

    And the apostrophe of a contracted word.
    """
    head, tail = last_letters(left), first_letters(right)
    beside = head[-1:] or tail[:1]
    if not beside:
        return
    for char in left_of(part, right[:1], channel.written_as, channel.read_as, loss):
        is_letter = script(char) == script(beside) and _fits(char, head, tail)
        if is_letter or (char == APOSTROPHE and _CONTRACTED.search(head + char + tail)):
            yield char


def _fits(char: str, head: str, tail: str) -> bool:
    """Tell whether a letter is small behind a small one, and a capital before a capital."""
    if tail[:1].isupper() or (len(head) > 1 and head.isupper()):
        return char.isupper()
    return char.islower() or not head


def _around(left: str, char: str, right: str) -> str:
    """Return the word around a place of a text."""
    return last_letters(left) + char + first_letters(right)


def _is_known(word: str) -> bool:
    return APOSTROPHE in word or known_words().spelled(word) > 0


def _spelled(word: str, own: Collection[str]) -> float:
    """Return the log weight of a word; of a short one if it is common in some language."""
    if APOSTROPHE in word:
        return SURELY
    weight = min(known_words().weight(word, own), SURELY)
    return SHORT if not weight and len(word) > 1 and are_common(word) else weight


def _piece(start: int, end: int, part: str, weights: Mapping[str, float]) -> Piece:
    """Return the likeliest of some readings of a part of a text, with the others."""
    top = max(weights.values())
    shares = {reading: math.exp(weight - top) for reading, weight in weights.items()}
    total = sum(shares.values())
    kept = shares.pop(part) / total
    ranked = sorted(shares.items(), key=lambda reading: -reading[1])
    (after, share), *others = [(reading, weight / total) for reading, weight in ranked]
    return shortened(Piece(start, end, after, end - start, (), share, 1 - kept, tuple(others)))
