"""Letters of which nothing, or their first byte alone, is left: told by the words that they make.

Any letter may be lost, and a lattice follows few of them. Of what `・ndring` may have been, the
lexicon knows one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from mojifix.language import known_words
from mojifix.language.typography import are_common
from mojifix.language.writing import script
from mojifix.repair.hypothesis import LOSS_WEIGHTS, Hypothesis
from mojifix.repair.lattice import KEPT_MARK, MARKS, Piece, Window
from mojifix.repair.splice import splice
from mojifix.repair.traces import leading

REACH = 12
"""Letters on either side of a rest that its word may have."""

SHORT = 4.0
"""Log weight of a word that is too short for the lexicon and common in some language."""

SURELY = 5.5
"""Log weight of a known word at most: a filter knows one of 250 others by chance."""

LEAST = 0.0005
"""Probability that other readings have at least."""

_HEAD, _TAIL = re.compile(rf"[^\W\d_]{{0,{REACH}}}"), re.compile(rf"[^\W\d_]{{0,{REACH}}}\Z")


def told_by_words(
    text: str, window: Window, pieces: Sequence[Piece], told: Hypothesis, own: Collection[str]
) -> tuple[Sequence[Piece], float]:
    """Return pieces with those of letters that words tell, and the log weight gained by these.

    Of a document that surely went through the channel of `told`; `own` are its words, in folded
    case.
    """
    if not (told.settings.taught and told.loss):
        return pieces, 0.0
    added: list[Piece] = []
    gain = 0.0
    for start, end in _rests(text, window, pieces, told):
        left = window.left + splice(text, _within(pieces, 0, start), window.start, start)
        right = splice(text, _within(pieces, end, end + REACH), end, min(end + REACH, window.end))
        weights = _weights(text[start:end], "\n\n" + left, right + "\n", told, own)
        found = max(weights, key=weights.__getitem__, default="")
        if found and found != text[start:end]:
            piece = _piece(start, end, text[start:end], weights, marked=bool(told.mark))
            gain -= math.log(max(1e-9, 1 - piece.damaged))
            added.append(piece)
    return sorted([*pieces, *added], key=lambda piece: piece.start), gain


def _within(pieces: Sequence[Piece], start: int, end: int) -> Sequence[Piece]:
    return [piece for piece in pieces if start <= piece.start and piece.end <= end]


def _rests(
    text: str, window: Window, pieces: Sequence[Piece], told: Hypothesis
) -> Iterator[tuple[int, int]]:
    """Yield the spans outside of pieces of what may be left of a letter of a word."""
    mark = re.escape(told.mark)
    parts = [] if told.wide else [leading(told.channel).pattern + mark]
    parts += [f"{mark}{{1,{MARKS}}}"] if mark else []
    pattern = re.compile("|".join(parts)) if parts else None
    ends = [window.start, *(piece.end for piece in pieces)]
    starts = [*(piece.start for piece in pieces), window.end]
    for gap in zip(ends, starts, strict=True) if pattern else ():
        for match in pattern.finditer(text, *gap):
            yield match.span()


def _weights(
    part: str, left: str, right: str, told: Hypothesis, own: Collection[str]
) -> Mapping[str, float]:
    """Return the log weight of each letter that a part may have been, and of the part as it is.

    Empty where no letter makes a known word.
    """
    head, tail = _matched(_TAIL, left), _matched(_HEAD, right)
    beside = head[-1:] or tail[:1]
    if not beside or (part[0] == "?" and not tail):
        return {}
    weights = {
        char: _spelled(head + char + tail, own)
        for char in told.completed(part, right[:1])
        if char.isalpha() and script(char) == script(beside) and _fits(char, head, tail)
    }
    if max(weights.values(), default=0.0) <= 0:
        return {}
    lost, read = told.weights.lost, told.weights.read
    loss = LOSS_WEIGHTS[told.loss] * max(1, len(part) * bool(told.mark))
    for char in weights:
        around = left[-2:] + char + right[:2]
        weights[char] += loss + lost[around[:3]]
        weights[char] += sum(read[around[at : at + 3]] for at in range(1, len(around) - 2))
    around = left[-2:] + part + right[:2]
    kept = KEPT_MARK if part == told.mark * len(part) and told.mark != "?" else 0.0
    found = sum(told.weights.found[around[at : at + 3]] for at in range(len(around) - 2))
    return {**weights, part: kept + found + _spelled(head + part + tail, own)}


def _fits(char: str, head: str, tail: str) -> bool:
    """Tell whether a letter is small behind a small one, and a capital before a capital."""
    if tail[:1].isupper() or (len(head) > 1 and head.isupper()):
        return char.isupper()
    return char.islower() or not head


def _spelled(word: str, own: Collection[str]) -> float:
    """Return the log weight of a word; of a short one if it is common in some language."""
    weight = min(known_words().weight(word, own), SURELY)
    return SHORT if not weight and len(word) > 1 and are_common(word) else weight


def _piece(start: int, end: int, part: str, weights: Mapping[str, float], *, marked: bool) -> Piece:
    """Return the likeliest of some readings of a part of a text, with the others."""
    top = max(weights.values())
    shares = {char: math.exp(weight - top) for char, weight in weights.items()}
    total = sum(shares.values())
    (after, share), *others = sorted(shares.items(), key=lambda reading: -reading[1])
    return Piece(
        start,
        end,
        after,
        end - start if marked else 1,
        (),
        share / total,
        1 - shares[part] / total,
        tuple((one, own / total) for one, own in others if own >= LEAST * total and one != part),
    )


def _matched(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group() if found else ""
