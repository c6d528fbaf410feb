"""Lost characters, decided by the words that they would make."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mojifix.language import known_words, trigrams
from mojifix.language.lexicon import LONGEST, UNKNOWN, UNSPACED
from mojifix.language.ngrams import weight_behind
from mojifix.language.writing import script
from mojifix.repair.lattice.lattice import Piece

COMBINATIONS = 128
"""Ways to read the lost places of a word, at most, that are compared."""

TOGETHER = 4
"""Lost places of a word, at most, that are decided at once."""

READINGS, SHOWN = 12, 0.0005
"""Other readings of a place that are shown, at most, and the probability that each has at least."""

CERTAIN = 100.0
"""Log weight by which the words of a reading may speak for it, at most: more is no surer. A text
without spaces between two lost places can have hundreds of words."""

REACH = 12
"""Letters on either side of a place that its word may have."""

NO_OWNER = -4.0
"""Log weight of a ’ behind s before an English word that names nothing owned: it stays’ or goes. In
the documents and comments of Debian's packages 130 of 338 ellipses stand before such a word, and 3
of 633 apostrophes that mark owners."""

ENDING = -4.0
"""Log weight of a comma that nothing but what closes markup follows in its line: that is where a
sentence ends."""

_COMMAS, _CLOSED = frozenset("，、"), re.compile(r"(?:[*_~`]+|</\w+>)+[^\S\n]*(?:\n|\Z)")

SPACED, OPENED = 4.0, 12.0
"""Log weight of a space before the end of a comment or a cell, and of what opens a tag that closes
an element, or ends bold text, if they were lost together with the character before them."""

_SPACED, _TAG = re.compile(r"\*/|-->|\|(?:\s|\Z)|[%?]>"), re.compile(r"/[A-Za-z][\w-]*>")

ASCENDING, LONGEST_NUMBER = 4.0, 4
"""Log weight of the least digit with which the second number of a range is the greater one, and
digits that such numbers have at most: 2008–2013, 12–15."""

_NUMBER, _DIGITS = re.compile(r"(?<!\d)\d+\Z"), re.compile(r"\d*")

_NOT_OWNED = re.compile(
    r" (?:a|an|and|are|as|at|be|because|but|by|for|from|had|has|have|he|if|in|is|it|nor|not|of|on"
    r"|or|she|so|than|that|the|then|they|to|was|we|were|when|where|whether|which|while|who|with|yet"
    r"|you)\b"
)

_BREAK = re.compile(r"[\W\d_]")
_TAIL = re.compile(r"[^\W\d_]*\Z")
_HEAD = re.compile(r"[^\W\d_]*")
"""The letters that a text ends with, and those that it begins with."""


@dataclass(slots=True)
class _Word:
    """A word with lost places: the numbers of their pieces, and the text around them.

    `around` has one text more than there are places: before the first one, between each two, and
    behind the last one.
    """

    around: list[str]
    places: list[int] = field(default_factory=list)


def reweighed(
    text: str,
    pieces: Sequence[Piece],
    own: Collection[str] = (),
    start: int = 0,
    left: str = "",
    completed: Callable[[str, str], Sequence[str]] = lambda *_: (),
) -> tuple[list[Piece], float]:
    """Return pieces with the readings of what was lost weighed by the words that they make.

    And the log weight of these words.

    `own` are the words of the document, in folded case. `left` is what the text before `start` was.
    `completed` tells of which characters a part of the text may be left before another one.
    """

    def more(piece: Piece) -> Sequence[str]:
        return completed(text[piece.start : piece.end], text[piece.end : piece.end + 1])

    result = [_alone(text, piece) for piece in pieces]
    weight = sum(_closed(text, piece) for piece in result if piece.lost)
    for word in _words(text, result, start, left):
        for first in range(0, len(word.places), TOGETHER):
            weight += _decide(text, result, word, first, own, more)
    return [shortened(piece) if piece.alternatives else piece for piece in result], weight


def shortened(piece: Piece) -> Piece:
    """Return a piece with those of its other readings that are worth telling."""
    likely = [reading for reading in piece.alternatives if reading[1] >= SHOWN]
    return replace(piece, alternatives=tuple(likely[:READINGS]))


def _alone(text: str, piece: Piece) -> Piece:
    """Return a piece with its readings weighed by what English and numbers around it tell."""
    if not piece.lost or piece.start == 0:
        return piece
    if piece.after in _COMMAS and _CLOSED.match(text, piece.end):
        return _with_more(piece, lambda after: ENDING if after in _COMMAS else 0.0)
    wanted, more = _before_closing(text, piece.end)
    if wanted:
        return _with_more(piece, lambda after: _ending(after, wanted, more))
    before = text[piece.start - 1]
    if before in "sS" and _NOT_OWNED.match(text, piece.end):
        return _with_more(piece, lambda after: NO_OWNER if after == "’" else 0.0)
    if before.isdigit() and (digit := _next_digit(text, piece)):
        return _with_more(piece, lambda after: ASCENDING if after[1:] == digit else 0.0)
    return piece


def _closed(text: str, piece: Piece) -> float:
    """Return the log weight of what a piece ends with before markup."""
    wanted, weight = _before_closing(text, piece.end)
    return _ending(piece.after, wanted, weight) if wanted else 0.0


def _ending(after: str, wanted: str, weight: float) -> float:
    """Return what a reading weighs by its end before markup, where a sentence ends as well."""
    if len(after) < 2 or after[-1] != wanted:
        return 0.0
    return weight + ENDING if after[-2] in _COMMAS else weight


def _before_closing(text: str, at: int) -> tuple[str, float]:
    """Return what stands before markup at an offset, "" if that is none, with its log weight."""
    if _TAG.match(text, at):
        return "<", OPENED
    if _SPACED.match(text, at):
        return " ", SPACED
    return ("*", OPENED) if _is_half(text, at) else ("", 0.0)


def _is_half(text: str, at: int) -> bool:
    """Tell whether an offset is behind the first half of what ends a comment or bold text."""
    start = text.rfind("\n", 0, at) + 1
    if _HALF_COMMENT.match(text, at):
        return text.rfind("/*", start, at) > text.rfind("*/", start, at)
    return bool(_HALF_BOLD.match(text, at)) and text.count("**", start, at) % 2 == 1


_HALF_COMMENT, _HALF_BOLD = re.compile(r"/(?:\s|\Z)"), re.compile(r"\*(?![*/])")


def _next_digit(text: str, piece: Piece) -> str:
    """Return the digit that a lost place ends with if it is inside of a range of numbers, else "".

    The second one has as many digits and is greater: the least digit with which it is. That of a
    number of one digit is not known by any others.
    """
    number = matched(_NUMBER, text[max(0, piece.start - LONGEST_NUMBER - 1) : piece.start])
    rest = matched(_DIGITS, text[piece.end : piece.end + LONGEST_NUMBER])
    if not rest or not len(rest) + 1 == len(number) <= LONGEST_NUMBER:
        return ""
    return next((digit for digit in "123456789" if digit + rest > number), "")


def _with_more(piece: Piece, weight: Callable[[str], float]) -> Piece:
    """Return a piece with the log weight of each of its readings added to their shares."""
    readings = [(piece.after, piece.confidence), *piece.alternatives]
    weighed = {after: share * math.exp(weight(after)) for after, share in readings}
    scale = sum(share for _, share in readings) / sum(weighed.values())
    (after, share), *others = sorted(weighed.items(), key=lambda reading: -reading[1])
    return replace(
        piece,
        after=after,
        confidence=share * scale,
        alternatives=tuple((other, part * scale) for other, part in others),
    )


def _words(text: str, pieces: Sequence[Piece], start: int, left: str) -> Iterator[_Word]:
    """Yield the words that have lost places."""
    word = _Word([left])
    end = start
    for number, piece in enumerate(pieces):
        word.around[-1] += text[end : piece.start]
        end = piece.end
        if not piece.lost:
            word.around[-1] += piece.after
            continue
        if _BREAK.search(word.around[-1]):
            if word.places:
                yield word
            word = _Word([last_letters(word.around[-1])])
        word.places.append(number)
        word.around.append("")
    word.around[-1] += text[end : end + REACH]
    if word.places:
        yield word


def _with_known(
    piece: Piece, left: str, right: str, own: Collection[str], others: Sequence[str]
) -> Piece:
    """Return a piece with those of the characters `others` that make a known word of it.

    Where no reading that it has makes one: what no path came by is seldom likely. `left` and
    `right` are the rest of the word.
    """
    readings = {piece.after: piece.confidence, **dict(piece.alternatives)}
    known, model = known_words(), trigrams()
    if not others or any(known.weight(left + one + right, own) > 0 for one in readings):
        return piece

    def weight(text: str) -> float:
        return weight_behind(f"\n {left}"[-2:] + text + right[:2], model)

    told = [
        one
        for one in others
        if one not in readings
        and script(one) == script(left[-1:] or right[:1])
        and known.weight(left + one + right, own) > 0
    ]
    top = weight(piece.after) if told else 0.0
    more = [(one, piece.confidence * math.exp(min(0.0, weight(one) - top))) for one in told]
    return replace(piece, alternatives=(*piece.alternatives, *more))


def last_letters(text: str) -> str:
    """Return the letters that a text ends with, up to `REACH` of them."""
    return matched(_TAIL, text[-REACH:])


def first_letters(text: str) -> str:
    """Return the letters that a text begins with, up to `REACH` of them."""
    return matched(_HEAD, text[:REACH])


def matched(pattern: re.Pattern[str], text: str) -> str:
    """Return the first match of a pattern in a text, "" if there is none."""
    found = pattern.search(text)
    return found.group() if found else ""


def _decide(
    text: str,
    pieces: list[Piece],
    word: _Word,
    first: int,
    own: Collection[str],
    completed: Callable[[Piece], Sequence[str]],
) -> float:
    """Set the pieces of up to `TOGETHER` places of a word, from its place number `first` on.

    Return the log weight of the word that they make, where words are spaced. `completed` tells what
    a piece may have been.
    """
    decided = [pieces[number].after for number in word.places]
    places = word.places[first : first + TOGETHER]
    last = first + len(places)
    before = "".join(itertools.chain(*zip(word.around[:first], decided[:first], strict=True)))
    behind = "".join(itertools.chain(*zip(decided[last:], word.around[last + 1 :], strict=True)))
    left = last_letters(before + word.around[first])
    right = first_letters(word.around[last] + behind)
    unspaced = bool(UNSPACED.search(left + right))
    if unspaced:
        # A known word reaches no further.
        left, right = left[1 - LONGEST :], right[: LONGEST - 1]
    if len(word.places) == 1:
        piece = pieces[places[0]]
        pieces[places[0]] = _with_known(piece, left, right, own, completed(piece))
    gaps = [*word.around[first + 1 : last], right]
    most = int(COMBINATIONS ** (1 / len(places)))
    readings = [
        [(piece.after, piece.confidence), *piece.alternatives][:most]
        for piece in (pieces[number] for number in places)
    ]
    known = known_words()
    weights: dict[tuple[str, ...], float] = {}
    spelled: dict[tuple[str, ...], float] = {}
    for way in itertools.product(*readings):
        parts = tuple(after for after, _ in way)
        whole = left + "".join(itertools.chain(*zip(parts, gaps, strict=True)))
        spelled[parts] = known.weight(whole, own)
        weights[parts] = spelled[parts] + sum(math.log(max(1e-9, share)) for _, share in way)
    best = max(weights, key=weights.__getitem__)
    likely = {parts: math.exp(weight - weights[best]) for parts, weight in weights.items()}
    total = sum(likely.values())
    # What is not listed makes no known word, unless what was found does.
    least = min(spelled.values())
    least = min(least, UNKNOWN) if spelled[best] > 0 else least
    found = (text[pieces[number].start : pieces[number].end] for number in places)
    as_is = known.spelled(left + "".join(itertools.chain(*zip(found, gaps, strict=True))))
    least = max(least, as_is) if as_is > 0 else least
    masses = [min(1.0, max(1e-9, sum(share for _, share in listed))) for listed in readings]
    gain = total * math.exp(min(CERTAIN, weights[best] - least)) / math.prod(masses)
    for place, number in enumerate(places):
        # Readings of different paths may overlap: together they are no more than certain.
        scale = masses[place] * gain + 1 - masses[place]
        sure = masses[place] * gain / scale
        shares_of: dict[str, float] = {}
        for parts, share in likely.items():
            shares_of[parts[place]] = shares_of.get(parts[place], 0.0) + share * sure / total
        after = best[place]
        confidence = shares_of.pop(after)
        pieces[number] = replace(
            pieces[number],
            after=after,
            confidence=confidence,
            damaged=1 - (1 - pieces[number].damaged) / scale,
            alternatives=tuple(sorted(shares_of.items(), key=lambda reading: -reading[1])),
        )
    return 0.0 if unspaced else spelled[best]
