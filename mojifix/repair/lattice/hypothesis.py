"""A hypothesis: a channel with its loss in a document, and what it may have done at each place.

Every move is inside the channel: it takes none or some of the characters that were found, and
tells what is completed by them and which bytes wait for their character then.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import heappush, heappushpop
from operator import itemgetter
from typing import TypeVar, TypeVarTuple, cast

from mojifix.charsets.charset import LOSSES, encode
from mojifix.charsets.registry import CHARSETS, UNICODE
from mojifix.language import trigrams
from mojifix.language.ngrams import KIND_OF
from mojifix.language.pairs import MARKS as PAIRED
from mojifix.language.typography import CURRENCIES, pictures
from mojifix.model import Channel
from mojifix.repair.decode.lost import (
    EDITS_OF,
    bytes_read,
    consumed,
    left_of,
    lost_ahead,
    lost_alone,
    lost_leads,
    lost_of,
    lost_start,
    lost_together,
    lost_whole,
    originals,
    removed,
)
from mojifix.repair.lattice.weights import Weights, ends_below

LIKELIEST = 24
"""Readings of a lost byte that are followed: of those that complete a character, and of others."""

MANY = 64
"""Readings from which on only those are compared that are known to follow what is before them."""

WHOLE = 3
"""Characters of which nothing is left that are looked for under `?`, which mostly is just that."""

SECONDS = 8
"""Characters before a swallowed byte of which all swallowed bytes are looked at."""

BEGUN = 16
"""The same, of which only those swallowed bytes are looked at that begin a character."""

BEHIND = 8.0
"""Log weight by which a character of which two bytes were lost may lie behind the likeliest one."""

RARE_START = -13.0
"""Log probability of a character whose first bytes begin none that is known to follow."""

CURRENCY_START, PICTURE_START = -7.0, -12.0
"""The same of one that begins signs of currencies, and common emoji, of which the model knows
little."""

KEPT = 1 << 12
"""Steps of each kind that are remembered of a hypothesis."""

PLAIN_MARK = "\ufffd"
"""The mark that stands for nothing else. Under others, characters of which nothing is left are
looked for only in a document that surely went through the channel."""

LOSS_WEIGHTS = {
    "drop": -1.0,
    "replace": -1.0,
    "whatwg": -1.0,
    "swallow": -1.0,
    "nakaguro-swallow": -1.0,
    "nakaguro": -2.0,
    "question": -2.0,
    "substitute": -3.0,
}
"""Log weight of a lost byte where the reader would have lost it, by what it did: `?` stands for one
byte only where two programs had a hand in it."""

ASKING = -5.0
"""What is added for a `?` before a space or the end of a line, where it asks something, as long as
nothing surely shows the channel with this loss."""

BEFORE_DIGIT = -2.0
"""What is added for a mark of Windows before a digit with which nothing was swallowed: Windows, of
which most such marks are, takes the first digit, and no language tells whether there was one."""

_WINDOWS = frozenset("?・")

EDIT_WEIGHTS = {
    "nbsp-to-space": -2.0,
    "nbsp-removed": -3.0,
    "escaped-html": -1.0,
    "c1-removed": -3.0,
    "trademark-removed": -4.0,
    "soft-hyphen-removed": -3.0,
    "private-use-removed": -2.5,
    "straightened-quotes": -4.5,
    "lowercased": -5.0,
}
"""Log weight of a character that was edited after the damage: what web editors and filters do to
all text comes before what somebody did to this one."""

COLLAPSED = -2.0
"""The same of a U+00A0 beside white space: what trims lines and collapses spaces takes it, too."""


Move = tuple[str, bytes, float, str]
"""What may have happened at one place inside the channel.

The text that is completed there, the bytes that wait then, the log weight and the name of the loss
or edit that is stated ("" for none). Moves and steps are plain tuples: the garbage collector soon
leaves those alone, and there are hundreds of thousands."""

Step = tuple[float, float, str, bool, Move]
"""A move behind two characters.

`bound`, the weight with what the character that waits will weigh at most; the log weight of the
move with that of what it completes, but for marks that come in pairs; the two characters behind
which it leads; whether such marks are concerned; and the move."""

_bound = itemgetter(0)

BEFORE_MARKUP = 4.0
"""What is added for what stands before markup if that was lost: the model saw little of it."""

MARKUP = {"/": "<*", "*": " *", "|": " "}
"""Characters that markup begins with, and seldom anything else, with what may stand before it."""

_EATEN = "".join(map(chr, range(0x20, 0x7F)))
"""Characters inside a line that readers lose together with the byte before."""

_Reading = tuple[str, bytes]
_StepsByMarks = Sequence[tuple[int, Sequence[Step]]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is known of a channel in a document.

    `entry` is the log weight of entering it, `weights` are those of characters, `taught` tells
    whether the document surely went through it, and `shown` whether with this loss. `returns` tells
    whether carriage returns end its lines, `controls` whether nothing removed C1 controls.
    """

    entry: float
    weights: Weights
    taught: bool = False
    shown: bool = False
    returns: bool = False
    controls: bool = False


Ts = TypeVarTuple("Ts")
T = TypeVar("T")


def remembered(
    method: Callable[[Hypothesis, *Ts], T],
) -> Callable[[Hypothesis, *Ts], T]:
    """Let a hypothesis remember what a method of its returned; the arguments are hashable.

    What is remembered goes with the hypothesis: a cache that held it would keep both alive until
    the garbage collector finds them.
    """

    def asked(self: Hypothesis, /, *args: *Ts) -> T:
        memory = self.memory[method.__name__]
        if args not in memory:
            if len(memory) >= KEPT:
                memory.clear()
            memory[args] = method(self, *args)
        return cast("T", memory[args])

    asked.__doc__ = method.__doc__
    return asked


class Hypothesis:
    """What a channel with its loss may have done to a document.

    Of the steps that are possible at a place, those come first whose `bound` is greatest.
    """

    def __init__(self, channel: Channel, settings: Settings) -> None:
        self.channel, self.settings, self.weights = channel, settings, settings.weights
        self.writer, self.reader, self.loss = channel.written_as, channel.read_as, channel.loss
        how = LOSSES.get(channel.loss)
        self.mark = how.mark if how else ""
        self.drops = channel.loss == "drop"
        self.wide = bool(CHARSETS[self.reader].leads)
        self.edits = tuple(
            edit for edit in EDITS_OF[self.wide] if not (edit == "c1-removed" and settings.controls)
        )
        self._swallows = self.wide and how is not None and how.swallows != 1
        self._eats = how is not None and how.swallows == 2
        self._lead_alone = how is not None and how.swallows == 1
        self._telling = 2 if self.writer in UNICODE else 1
        self._own = (self.writer, self.reader, self.loss)
        self.memory: defaultdict[str, dict[tuple[object, ...], object]] = defaultdict(dict)

    def continues(self, char: str) -> bool:
        """Tell whether a character is inside a character of UTF-8; "" is not."""
        ways = bytes_read(char, self.reader, self.loss) if char else ()
        return bool(ways) and 0x80 <= ways[0][0] < 0xC0

    @remembered
    def read(self, context: str, waiting: bytes, char: str) -> Sequence[Step]:
        """Return the steps that read a character as its bytes."""
        return self._ranked(context, _read(waiting, char, *self._own))

    def completed(self, part: str, following: str) -> Sequence[str]:
        """Return the characters of which a part of the text is what is left, before another one."""
        return left_of(part, following, *self._own) if self.loss else ()

    # Without a mark ------------------------------------------------------------------------------

    @remembered
    def dropped(
        self, context: str, waiting: bytes, following: str, again: bool = False
    ) -> Sequence[Step]:
        """Return the steps over a byte that was dropped before the character `following`.

        `again` tells that the byte before it was, too.
        """
        readings = self._lost_before(waiting, following, self._last(context, waiting, again))
        return self._lost(context, readings, self._as_found(following))

    @remembered
    def dropped_too(self, context: str, waiting: bytes) -> Sequence[Step]:
        """Return the steps over a dropped byte behind which another one was dropped.

        Readers that lose a byte whatever comes next lose it before another lost one too.
        """
        always = lost_alone(waiting, *self._own[:2], None, self.loss)
        return self._lost(context, [one for one in always if one[1]])

    @remembered
    def dropped_leads(self, context: str) -> Sequence[Step]:
        """Return the steps over first bytes that a reader of one byte a character dropped."""
        leads = lost_leads(self.writer, self.reader, "drop")
        return self._lost(context, [("", lead) for lead in leads])

    @remembered
    def begun_ahead(self, context: str, char: str) -> Sequence[Step]:
        """Return the steps that read a character as bytes behind some that were dropped."""
        readings: list[_Reading] = []
        for data in bytes_read(char, self.reader, self.loss):
            readings += self._likeliest(context, lost_ahead(data, *self._own))
        return self._ranked(context, self._moves(readings))

    # Under a mark --------------------------------------------------------------------------------

    @remembered
    def marked(
        self, context: str, waiting: bytes, following: str, ends_line: bool, again: bool = False
    ) -> Sequence[Step]:
        """Return the steps that read a mark as a byte behind `waiting`, or as two.

        `following` is the character behind the mark; `ends_line` tells that the mark is the last
        one of its line, `again` that there is another one before it.
        """
        behind = self._as_found(following)
        lost = self._lost_before(waiting, following, self._last(context, waiting, again))
        found = self._likeliest(context, lost, behind)
        if self._swallows:
            found = [*found, *self._swallowed(context, waiting, behind, ends_line)]
        more = 0.0
        if self.mark == "?" and (ends_line or following == " ") and not self.settings.shown:
            more = ASKING
        elif self.mark in _WINDOWS and self.wide and following.isdigit() and not self._eats:
            more = BEFORE_DIGIT
        wanted = frozenset(MARKUP.get(behind, ""))
        marking = [one for one in found if one[0][1:] in wanted]
        others = [one for one in found if one[0][1:] not in wanted]
        moves = self._moves(others, more), self._moves(marking, more + BEFORE_MARKUP)
        return self._ranked(context, itertools.chain(*moves))

    @remembered
    def begun_under(self, context: str, following: str, again: bool = False) -> Sequence[Step]:
        """Return the steps that read a mark as the first bytes of a character.

        `following` is the character behind the mark, "" if that is not read; `again` tells that
        there is another mark before it.
        """
        before = self._last(context, b"", again)
        if not self.wide:
            if following != self.mark and not self.continues(following):
                return ()
            leads = [("", lead) for lead in lost_leads(self.writer, self.reader, self.loss)]
            return self._ranked(context, self._moves(leads))
        ways = bytes_read(following, self.reader, self.loss) if following else ()
        last = ways[0][:1] if ways and ways[0] >= b"\x80" else b""
        if not last and following != self.mark:
            return ()
        if b"\x80" <= last < b"\xc0":
            return self._ranked(context, self._moves(self._begun(context, ways[0], before)))
        known = self._pairs(context)
        if self._lead_alone:
            # A first byte alone, whose character the next bytes may complete.
            alone = lost_alone(b"", *self._own[:2], last or None, self.loss, before)
            if last:
                fit = (one for one in alone if consumed(one[1], ways[0], self.writer))
                known = [*known, *fit]
            else:
                known = [*known, *self._likely_leads(context, alone)]
        return self._ranked(context, self._moves(known))

    @remembered
    def wholly_lost(self, context: str, marks: int, following: str) -> _StepsByMarks:
        """Return the steps over up to `marks` marks of a character of which nothing is left.

        By the number of marks that they take. `following` is the character behind them: something
        is left of one that goes on with that.
        """
        behind = following if following.isascii() else ""
        chars = (char for char, _ in _followers(context))
        lost = ((char, lost_whole(char, behind, *self._own)) for char in chars)
        most_marks = marks - self.continues(following)
        found = ((char, count) for char, count in lost if 0 < count <= most_marks)
        most = WHOLE if self.mark == "?" else LIKELIEST
        likely = list(itertools.islice(found, 2 * most))
        likely.sort(key=lambda one: -self.weights.behind(context, one[0]))
        by_marks: dict[int, list[Move]] = {}
        for char, count in likely[:most]:
            move = (char, b"", count * LOSS_WEIGHTS[self.loss], self.loss)
            by_marks.setdefault(count, []).append(move)
        return [(count, self._ranked(context, moves)) for count, moves in by_marks.items()]

    # Edits ---------------------------------------------------------------------------------------

    def edited(self, context: str, waiting: bytes, char: str) -> Sequence[Step]:
        """Return the steps that read a character as an edited one.

        One that begins a character can only have been lowered.
        """
        moves: list[Move] = []
        for edit in self.edits if waiting else ("lowercased",):
            for original in originals(char, edit):
                moves += self._stated(_read(waiting, original, *self._own), edit)
        return self._ranked(context, moves) if moves else ()

    def unescaped(self, context: str, waiting: bytes) -> Sequence[Step]:
        """Return the steps that read an entity as the U+00A0 that it stands for."""
        moves = _read(waiting, "\xa0", *self._own)
        return self._ranked(context, self._stated(moves, "escaped-html"))

    @remembered
    def edited_out(self, context: str, waiting: bytes, spaced: bool) -> Sequence[Step]:
        """Return the steps over a character that an edit removed.

        `spaced` tells that it was before white space: of a U+00A0 that is for `collapsed`.
        """
        moves: list[Move] = []
        for edit in self.edits:
            if edit == "nbsp-removed" and spaced:
                continue
            readings = removed(waiting, self.writer, self.reader, edit)
            likely = self._likeliest(context, readings)[:LIKELIEST]
            moves += [(emitted, rest, EDIT_WEIGHTS[edit], edit) for emitted, rest in likely]
        return self._ranked(context, moves)

    @remembered
    def collapsed(self, context: str, waiting: bytes, space: str) -> Sequence[Step]:
        """Return the steps over a U+00A0 that was removed before `space`, and over that; or ""."""
        if "nbsp-removed" not in self.edits:
            return ()
        readings = removed(waiting, self.writer, self.reader, "nbsp-removed")
        whole = (emitted + space for emitted, rest in readings if not rest)
        return self._ranked(context, [(text, b"", COLLAPSED, "nbsp-removed") for text in whole])

    @staticmethod
    def _stated(moves: Iterable[Move], edit: str) -> Iterable[Move]:
        return ((emitted, rest, EDIT_WEIGHTS[edit], edit) for emitted, rest, _, _ in moves)

    # Readings ------------------------------------------------------------------------------------

    def _ranked(self, context: str, moves: Iterable[Move]) -> Sequence[Step]:
        """Return the steps of some moves behind two characters."""
        steps: list[Step] = []
        read, lost, second = self.weights.read, self.weights.lost, context[1]
        for move in moves:
            emitted, rest, weight, loss = move
            last = context
            for char in emitted:
                weight += (lost if loss else read)[last + char]
                last = last[1] + char
            bound = weight + self._promise(last, rest) if rest else weight
            pairs = bool(emitted) and (second == "’" or not PAIRED.isdisjoint(emitted))
            if pairs:
                pairs = not ends_below(context + emitted, self.reader)
            steps.append((bound, weight, last, pairs, move))
        if len(steps) > 1:
            steps.sort(key=_bound, reverse=True)
        return tuple(steps)

    def _lost(self, context: str, readings: Sequence[_Reading], behind: str = "") -> Sequence[Step]:
        return self._ranked(context, self._moves(self._likeliest(context, readings, behind)))

    def _moves(self, readings: Iterable[_Reading], more: float = 0.0) -> Sequence[Move]:
        weight = LOSS_WEIGHTS[self.loss] + more
        return [(emitted, rest, weight, self.loss) for emitted, rest in readings]

    def _last(self, context: str, waiting: bytes, again: bool) -> bytes:
        """Return the last byte that was read or put back, if one was lost alone `again`.

        None behind a mark that was read as it is.
        """
        if not (again and self._lead_alone) or (self.mark and context[-1:] == self.mark):
            return b""
        return (waiting or encode(context[-1:], CHARSETS[self.writer]) or b"")[-1:]

    def _lost_before(self, waiting: bytes, following: str, before: bytes) -> Sequence[_Reading]:
        """Return what `waiting` may become by a byte that is lost before a character.

        `before` is the byte before that, if it was lost alone.
        """
        if following and following == self.mark:
            # What comes next was lost as well: only bytes that are never read can stand there.
            return lost_alone(waiting, *self._own[:2], None, self.loss, before)
        ways = bytes_read(following, self.reader, self.loss) if following else ()
        behind = ways[0][:1] if ways else b""
        if self._swallows and behind == b"\n" and not self.settings.returns:
            behind = b""  # Lines were read one by one, or the line feed would be lost.
        return lost_alone(waiting, *self._own[:2], behind, self.loss, before)

    def _as_found(self, following: str) -> str:
        """Return a character behind lost bytes if it is surely as it is, else ""."""
        return following if following.isascii() and following != self.mark else ""

    def _swallowed(
        self, context: str, waiting: bytes, behind: str, ends_line: bool
    ) -> Sequence[_Reading]:
        """Return the likeliest readings of two bytes that were lost under one mark.

        `behind` is the character that follows it, if that is as it is.
        """
        pairs = lost_together(waiting, *self._own)
        if behind == "\n":
            # A line that is read whole ends with a carriage return at most.
            allowed = "\r" if self.settings.returns else ""
        else:
            allowed = _EATEN if ends_line else _EATEN + "\n"
        firsts = sorted(pairs, key=lambda first: -self.weights.behind(context, first))
        readings = [
            (first + second, rest)
            for place, first in enumerate(firsts[:BEGUN])
            for second, rest in pairs[first]
            if (rest or place < SECONDS) and second in allowed
        ]
        likely = self._likeliest(context, readings, behind)
        # Which mark closes what is open, only the path knows.
        closing = [one for one in readings if one[0][:1] in firsts[:1] and one[0][1:] in PAIRED]
        if wanted := frozenset(MARKUP.get(behind, "")):
            closing += [one for one in readings if one[0][1:] in wanted]
        return [*likely, *(one for one in closing if one not in likely)]

    def _likely_leads(self, context: str, leads: Sequence[_Reading]) -> Sequence[_Reading]:
        """Return those of the first bytes of a character that begin likely ones."""
        chances: dict[bytes, float] = {}
        for char, weight in _followers(context):
            lead = (encode(char, CHARSETS[self.writer]) or b"")[:1]
            chances[lead] = chances.get(lead, 0.0) + math.exp(weight)
        return sorted(leads, key=lambda one: -chances.get(one[1], 0.0))[:SECONDS]

    def _pairs(self, context: str) -> Sequence[_Reading]:
        """Return the pairs of bytes, lost under one mark, that begin a likely character."""
        pairs = [(char, lost_of(char, *self._own)) for char, _ in _followers(context)]
        whole = [(char, b"") for char, pair in pairs if len(char.encode()) == 2 and pair]
        begun = dict.fromkeys(pair for char, pair in pairs if pair and len(char.encode()) == 3)
        return [*whole[:SECONDS], *(("", rest) for rest in list(begun)[:SECONDS])]

    def _begun(self, context: str, data: bytes, before: bytes) -> Sequence[_Reading]:
        """Return the lost bytes, one or two under one mark, that may stand before `data`.

        Those with which it is not much less likely than with the likeliest ones. `before` is the
        byte before them, if it was lost alone.
        """
        last, rest = data[:1], data[1:]
        starts = [
            pairs[char]
            for pairs in _by_kind(last, *self._own)
            for char, _ in self._likeliest(context, [(char, rest) for char in pairs])
        ]
        if self._lead_alone:
            alone = lost_alone(b"", *self._own[:2], last, self.loss, before)
            starts += [lead for _, lead in alone]
        weights: dict[bytes, float] = {}
        for start in starts:
            read = consumed(start, data, self.writer)
            if read:
                weights[start] = self._expected(context, *read)
        starts = sorted(weights, key=lambda start: -weights[start])[:LIKELIEST]
        least = max(weights.values(), default=0.0) - BEHIND
        return [("", start) for start in starts if weights[start] >= least]

    def _expected(self, context: str, text: str, waiting: bytes) -> float:
        """Return what a text weighs behind two characters, with what waits then at most."""
        weight, read = 0.0, self.weights.read
        for char in text:
            weight += read[context + char]
            context = context[1] + char
        return weight + self._promise(context, waiting) if waiting else weight

    def _likeliest(
        self, context: str, readings: Sequence[_Reading], behind: str = ""
    ) -> Sequence[_Reading]:
        """Return the readings that the language model finds likeliest behind `context`.

        Those that leave bytes waiting come last, weighed by what these may become. `behind` is what
        follows those of which nothing waits, if that is known.
        """
        if len(readings) <= LIKELIEST:
            return readings
        if len(readings) > MANY:
            firsts = _firsts(tuple(readings))
            known = trigrams().known(context, firsts)
            some = [one for one in readings if not one[0] or one[0][0] in known]
            if len(some) < LIKELIEST:
                # Of those that never follow, the commonest are the likeliest.
                known |= set(firsts[:LIKELIEST])
                some = [one for one in readings if not one[0] or one[0][0] in known]
            readings = some
        weights = self.weights.behind_each(context, {text for text, _ in readings})

        def further(reading: _Reading) -> float:
            text, rest = reading
            pair = (context + text)[-2:]
            return self._promise(pair, rest) if rest else self.weights.behind(pair, behind)

        whole = [one for one in readings if not one[1]]
        begun = [one for one in readings if one[1]]
        return [*_best(whole, weights, further), *_best(begun, weights, further)]

    def _promise(self, context: str, waiting: bytes) -> float:
        """Return what the character that waits weighs at most behind two others."""
        return _promise(context, waiting[: self._telling], self.writer)


def _best(
    readings: Sequence[_Reading],
    weights: Mapping[str, float],
    further: Callable[[_Reading], float],
) -> list[_Reading]:
    """Return the `LIKELIEST` readings, the best one first.

    `weights` are those of their texts; `further`, at most 0, is what comes to it and is asked of no
    more of them than has to be.
    """
    places = sorted(range(len(readings)), key=lambda at: -weights[readings[at][0]])
    best: list[tuple[float, int]] = []
    for at in places:
        most = weights[readings[at][0]]
        if len(best) < LIKELIEST:
            heappush(best, (most + further(readings[at]), -at))
        elif most >= best[0][0]:
            heappushpop(best, (most + further(readings[at]), -at))
        else:
            break
    return [readings[-at] for _, at in sorted(best, reverse=True)]


@lru_cache(maxsize=1 << 14)
def _read(waiting: bytes, char: str, writer: str, reader: str, loss: str) -> Sequence[Move]:
    read = (consumed(waiting, data, writer) for data in bytes_read(char, reader, loss))
    return tuple((emitted, rest, 0.0, "") for emitted, rest in filter(None, read))


@lru_cache(maxsize=1 << 10)
def _by_kind(last: bytes, writer: str, reader: str, loss: str) -> Sequence[Mapping[str, bytes]]:
    """Return what `lost_start` does, the letters of each kind and what is none apart.

    Where nothing is known to follow, all kinds may, and the letters behind tell which one did.
    """
    kinds: dict[str, dict[str, bytes]] = {}
    for char, pair in lost_start(last, writer, reader, loss):
        kind = KIND_OF[char] if KIND_OF[char] != char else ""
        kinds.setdefault(kind, {})[char] = pair
    return tuple(kinds.values())


@lru_cache(maxsize=1 << 6)
def _firsts(readings: tuple[_Reading, ...]) -> Sequence[str]:
    """Return the characters that readings begin with, the commonest first."""
    return trigrams().by_frequency({text[:1] for text, _ in readings if text})


@lru_cache(maxsize=1 << 6)
def _followers(context: str) -> Sequence[tuple[str, float]]:
    return trigrams().followers(context)


@lru_cache(maxsize=1 << 15)
def _promise(context: str, begun: bytes, writer: str) -> float:
    """Return what a character that begins with some bytes weighs at most behind two others.

    The bytes are one or two of UTF-8, or one of a legacy charset.
    """
    if writer in UNICODE:
        # What begins with the same bytes of UTF-8 stands together in Unicode.
        first, last = _range(begun)
        rare = RARE_START
        if begun in _currency_starts():
            rare = CURRENCY_START
        elif begun in _picture_starts():
            rare = PICTURE_START
        return max(rare, trigrams().likeliest(context, first, last))
    charset = CHARSETS[writer]
    same = (w for char, w in _followers(context) if (encode(char, charset) or b"")[:1] == begun)
    return max(RARE_START, next(same, RARE_START))


@cache
def _currency_starts() -> frozenset[bytes]:
    """Return the first two bytes of UTF-8's signs of currencies."""
    return frozenset(char.encode()[:2] for char in CURRENCIES if char >= "\u0800")


@cache
def _picture_starts() -> frozenset[bytes]:
    """Return the first byte, and the first two, of UTF-8's common emoji."""
    return frozenset(char.encode()[:end] for char in pictures() for end in (1, 2))


@lru_cache(maxsize=1 << 12)
def _range(begun: bytes) -> tuple[str, str]:
    """Return the first and the last character of UTF-8 that begin with some bytes, in one plane."""
    length = 2 if begun[0] < 0xE0 else 3 if begun[0] < 0xF0 else 4
    if length == 4:
        return "\uffff", "\uffff"
    code = begun[0] & (0x1F if length == 2 else 0x0F)
    for byte in begun[1:]:
        code = code << 6 | byte & 0x3F
    shift = 6 * (length - len(begun))
    least = 0x80 if length == 2 else 0x800
    return chr(max(least, code << shift)), chr((code + 1 << shift) - 1)
