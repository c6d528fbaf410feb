"""The lattice of explanations of one line, and its most probable path.

The characters of the line are encoded back to bytes in the *read as* charset, each on its own so
that offsets stay known. A path is, between two characters, either *as is* or inside a channel with
the bytes that still wait for their character; inside a channel whole characters of the *written as*
charset are consumed in any alignment, and a reader's lost bytes are put back where it would have
lost them. Weights are natural logarithms: the language model's for every character of the
explanation, the channel's for entering it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappush, heappushpop
from typing import NamedTuple

from mojifix.language import trigrams
from mojifix.language.lexicon import UNSPACED
from mojifix.language.pairs import MARKS as PAIRED
from mojifix.language.pairs import open_after, paired, settled, unclosed
from mojifix.repair.floors import floored
from mojifix.repair.hypothesis import LOSS_WEIGHTS, PLAIN_MARK, Hypothesis, Move, Step
from mojifix.repair.lost import EDITED
from mojifix.repair.words import TEMPERATURE

WIDTH = 12
"""States that are kept between two characters; and how far behind the best one they may be."""
SLACK = 15.0

TAIL = 3
"""ASCII characters behind a suspect place that the language model still looks at."""

BORDER = -6.0
"""Log weight of a channel that begins or ends between two characters beyond ASCII: what damages one
of them damages the other, so a span seldom reaches into clean neighbours (茅台 is a liquor, not
é台). Punctuation that programs put in afterwards is no such neighbour."""

MERGED = 2.0
"""How far behind those that are kept others are still linked, for what they add to a kept one."""

WAITING = 8
"""States, at most, whose lost bytes are put back between two characters."""

FOLLOWED = 4
"""States in which a mark is read as lost bytes."""

SURE = 0.95
"""Probability of a character from which on it is no doubtful end of a run."""

MARKS = 3
"""Marks, at most, of a character of which nothing is left."""

READINGS, SHOWN = 12, 0.0005
"""Other readings of a place that are told, at most, and the probability that each has at least."""

ENTITY = "&nbsp;"
"""What becomes of U+00A0 in HTML."""

_APART = frozenset("“”‘’„‚«»‹›–—…\xa0、。，：；！？（）「」")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a document that is decoded at once: its span, and the end of its line.

    `left` is what the line before it was, as far as that is known.
    """

    start: int
    end: int
    line_end: int
    left: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the best path inside the channel.

    `start` and `end` are a span of the document, `after` what it was, `lost` the number of bytes
    that were put back, `edits` the names of the edits in it, `confidence` the posterior probability
    of this reading, `damaged` the one that the span went through the channel, and `alternatives`
    the other readings of the same span with theirs.
    """

    start: int
    end: int
    after: str
    lost: int
    edits: tuple[str, ...]
    confidence: float
    damaged: float
    alternatives: tuple[tuple[str, float], ...]


class _Node:
    """A state behind a character of the text found.

    Its key: whether it is inside the channel, the bytes that wait for their character, the last two
    characters of the explanation, and the quotation marks that are open. `score` is the log weight
    of the best path to it, which ends with the edge `best`; `promise` the same with what the bytes
    that wait will cost at least.
    """

    __slots__ = ("alpha", "best", "beta", "edges", "end", "key", "promise", "score")

    def __init__(self, key: _Key, end: int) -> None:
        self.key, self.end = key, end
        self.score = self.promise = self.alpha = self.beta = -math.inf
        self.best: _Edge | None = None
        self.edges: list[_Edge] = []


_Key = tuple[bool, bytes, str, str]
_Edge = tuple[_Node, float, Move | None]
"""A stretch of a path: where it begins, its log weight, and the move; None for text as it is."""


class _Layer(dict[_Key, _Node]):
    """The states behind one character.

    What promises less than `floor` will not be followed. It rises with what is linked: `slack` is
    how far behind the best state another one may be. `ends` tells that the line does: what is open
    will hardly be closed any more.
    """

    __slots__ = ("_tops", "ends", "floor", "slack")

    def __init__(self, slack: float, *, floor: float = -math.inf, ends: bool = False) -> None:
        self.slack, self.floor, self.ends = slack, floor, ends
        self._tops: list[float] = []

    def link(
        self,
        key: _Key,
        origin: _Node,
        weight: float,
        move: Move | None,
        end: int,
        ahead: float = 0.0,
    ) -> None:
        """Add an edge to a state; `ahead` is what the bytes that wait there cost at least."""
        score = origin.score + weight
        if self.ends:
            ahead += unclosed(key[3])
        node = self.get(key)
        if node is None:
            node = self[key] = _Node(key, end)
            tops = self._tops
            if len(tops) < WIDTH:
                heappush(tops, score + ahead)
            else:
                heappushpop(tops, score + ahead)
                self.floor = max(self.floor, tops[0] - MERGED)
        edge = (origin, weight, move)
        node.edges.append(edge)
        if score > node.score:
            node.score, node.promise, node.best = score, score + ahead, edge
            self.floor = max(self.floor, node.promise - self.slack)


class _Stretch(NamedTuple):
    """A stretch of the best path: a span of the text found, the move, and whether bytes wait."""

    start: int
    end: int
    move: Move | None
    waits: bool


class _Inside(NamedTuple):
    """A stretch inside the channel: a span of the text found, what it was, and the loss."""

    start: int
    end: int
    emitted: str
    loss: str


_Readings = Mapping[tuple[int, int], Mapping[str, float]]


def _is_far(char: str) -> bool:
    return char >= "\x80" and char not in _APART


class Lattice:
    """All explanations of a window of a document by one hypothesis."""

    def __init__(
        self, text: str, window: Window, hypothesis: Hypothesis, *, edits: bool = False
    ) -> None:
        self.text, self.window, self.hypothesis = text, window, hypothesis
        self.edits = hypothesis.edits if edits else ()
        self.start, self.end = window.start, window.end
        self.mark, self.entry = hypothesis.mark, hypothesis.settings.entry
        # What has just entered the channel is behind by that much.
        self.slack = max(SLACK, SLACK / 2 - self.entry - BORDER)
        self.nodes: list[_Node] = []
        self.ahead: dict[int, _Layer] = {}

    # Building ------------------------------------------------------------------------------------

    def best_path(self) -> tuple[float, list[Piece]]:
        """Return the log weight of all paths, and what is inside the channel on the best one."""
        left = self.window.left
        root = _Node((False, b"", ("\n\n" + left)[-2:], open_after(left)), self.start)
        root.score = root.promise = 0.0
        self.nodes.append(root)
        layer: Sequence[_Node] = [root]
        at = self.start
        while at < self.end:
            jump = self._clean_until(at)
            if jump > at:
                layer = self._jump(layer, at, jump)
                at = jump
                continue
            layer = self._advance(layer, at)
            at += 1
        return self._trace([*layer, *self._restored(layer, self.end)])

    def _clean_until(self, at: int) -> int:
        """Return where the ASCII text that begins at `at` ends, `at` if it is short or new.

        It ends at `?`, whatever the loss: what all of them weigh can be compared then.
        """
        text = self.text
        if self.ahead or not text[max(0, at - TAIL) : at].isascii() or at - TAIL < self.start:
            return at
        end = at
        while end < self.end and text[end] < "\x80" and text[end] != "?":
            end += 1
        return end if end - at > 1 else at

    def _jump(self, layer: Sequence[_Node], at: int, end: int) -> Sequence[_Node]:
        """Cross clean text, whose weight is the same on every path that can cross it."""
        crossed = self._layer(end)
        gap = self.text[at:end]
        context = gap[-2:]
        for node in layer:
            inside, waiting, last, open_marks = node.key
            if not waiting:
                key = (inside, b"", context, open_after(gap, open_marks, last))
                crossed.link(key, node, 0.0, None, end)
        return self._pruned(crossed)

    def _advance(self, layer: Sequence[_Node], at: int) -> Sequence[_Node]:
        char, told = self.text[at], self.hypothesis
        is_mark = char == self.mark
        if is_mark:
            layer = self._best(layer)
            self._lose_whole(layer, at)
        restored = self._restored(layer, at)
        following = self.ahead.pop(at + 1, None) or self._layer(at + 1)
        touches = at > self.start and _is_far(char) and _is_far(self.text[at - 1])
        border = BORDER if touches else 0.0
        entry = self.entry + border
        may_enter = char >= "\x80" or is_mark
        begins = told.drops and told.wide
        is_lowered = "lowercased" in self.edits and char.islower() and self._goes_on(at + 1)
        is_entity = "escaped-html" in self.edits and self.text.startswith(ENTITY, at, self.end)
        end = at + 1
        for node in (*layer, *restored):
            inside, waiting, context, _ = node.key
            if not waiting:
                self._keep(following, node, char, border if inside else 0.0)
                if not inside and not may_enter:
                    continue
            weight = 0.0 if inside else entry
            steps = told.read(context, waiting, char)
            self._follow(following, node, steps, weight, end)
            if is_mark:
                self._follow(following, node, self._under_mark(node, at), weight, end)
            if begins and not waiting:
                self._follow(following, node, told.begun_ahead(context, char), weight, end)
            if self.edits and not steps if waiting else is_lowered:
                self._follow(following, node, told.edited(context, waiting, char), weight, end)
                if waiting and is_entity:
                    behind = at + len(ENTITY)
                    unescaped = told.unescaped(context, waiting)
                    self._follow(self._layer_at(behind), node, unescaped, 0.0, behind)
        return self._pruned(following)

    def _goes_on(self, at: int) -> bool:
        """Tell whether the character at `at` is inside a character of UTF-8."""
        return at < self.end and self.hypothesis.continues(self.text[at])

    def _layer_at(self, end: int) -> _Layer:
        """Return the states behind more than the next character."""
        layer = self.ahead.get(end)
        if layer is None:
            layer = self.ahead[end] = self._layer(end)
        return layer

    def _layer(self, at: int, floor: float = -math.inf) -> _Layer:
        """Return what will hold the states behind the character before `at`."""
        ends = self.end == self.window.line_end and self.end - at < TAIL
        return _Layer(self.slack, floor=floor, ends=ends)

    def _lose_whole(self, layer: Sequence[_Node], at: int) -> None:
        """Follow the marks at `at` as those of one character of which nothing is left."""
        told = self.hypothesis
        end = at + 1
        while end < self.end and end - at < MARKS and self.text[end] == self.mark:
            end += 1
        for node in layer:
            inside, waiting, context, _ = node.key
            if waiting or not (inside or told.settings.taught or self.mark == PLAIN_MARK):
                continue
            entry = 0.0 if inside else self.entry
            for marks, steps in told.wholly_lost(context, end - at, self.text[end : end + 1]):
                behind = at + marks
                self._follow(self._layer_at(behind), node, steps, entry, behind)

    @staticmethod
    def _best(layer: Sequence[_Node]) -> Sequence[_Node]:
        """Return the likeliest states, of which a loss with many readings is followed."""
        if len(layer) <= FOLLOWED:
            return layer
        kept = sorted(layer, key=lambda node: -node.promise)[:FOLLOWED]
        if all(node.key[0] for node in kept):
            kept += [node for node in layer if not node.key[0]][:1]
        return kept

    def _under_mark(self, node: _Node, at: int) -> Sequence[Step]:
        """Return the steps that read the mark at `at` as one lost byte, or as two."""
        _, waiting, context, _ = node.key
        following = self.text[at + 1 : at + 2]
        if waiting:
            ends_line = at + 1 == self.window.line_end
            return self.hypothesis.marked(context, waiting, following, ends_line)
        return self.hypothesis.begun_under(context, following if at + 1 < self.end else "")

    def _restored(self, layer: Sequence[_Node], at: int) -> Sequence[_Node]:
        """Put back what was dropped or removed without a mark before the character at `at`."""
        told = self.hypothesis
        following = self.text[at : at + 1]
        waits = [node for node in layer if node.key[1]]
        if len(waits) > WAITING:
            waits = sorted(waits, key=lambda node: -node.promise)[:WAITING]
        restored = self._layer(at)
        if told.drops:
            self._put_back_dropped(restored, waits, at, following)
            if not told.wide and self._goes_on(at):
                for node in layer:
                    inside, waiting, context, _ = node.key
                    if inside and not waiting:
                        self._follow(restored, node, told.dropped_leads(context), 0.0, at)
        if self.edits and waits and not (self.mark and following == self.mark):
            char = self.text[at] if at < self.end else ""
            spaced = at >= self.window.line_end or following.isspace()
            for node in waits:
                _, waiting, context, _ = node.key
                if not (char and told.read(context, waiting, char)):
                    steps = told.edited_out(context, waiting, spaced)
                    self._follow(restored, node, steps, 0.0, at)
                    if spaced:
                        space = char if char == " " else ""
                        reached = self._layer_at(at + 1) if space else restored
                        steps = told.collapsed(context, waiting, space)
                        self._follow(reached, node, steps, 0.0, at + len(space))
        return self._pruned(restored) if restored else ()

    def _put_back_dropped(
        self, layer: _Layer, waits: Sequence[_Node], at: int, following: str
    ) -> None:
        self._drop(layer, waits, at, following)
        # What is lost behind them costs at least that.
        twice = self._layer(at, layer.floor - LOSS_WEIGHTS["drop"])
        for node in waits:
            _, waiting, context, _ = node.key
            self._follow(twice, node, self.hypothesis.dropped_too(context, waiting), 0.0, at)
        self.nodes.extend(twice.values())
        self._drop(layer, twice.values(), at, following)

    def _drop(self, layer: _Layer, nodes: Iterable[_Node], at: int, following: str) -> None:
        """Put back a byte of each state that was dropped before the character `following`."""
        for node in nodes:
            _, waiting, context, _ = node.key
            steps = self.hypothesis.dropped(context, waiting, following)
            self._follow(layer, node, steps, 0.0, at)

    def _keep(self, layer: _Layer, node: _Node, char: str, weight: float) -> None:
        """Link a state with the one in which a character behind it is as it is."""
        inside, _, context, open_marks = node.key
        weights = self.hypothesis.weights
        weight += (weights.leaving if inside else weights.found)[context + char]
        if char in PAIRED or context[1] == "’":
            open_marks, cost = _paired(open_marks, context, char)
            weight += cost
        key = (False, b"", context[1] + char, open_marks)
        layer.link(key, node, weight, None, node.end + 1)

    def _follow(
        self, layer: _Layer, node: _Node, steps: Sequence[Step], weight: float, end: int
    ) -> None:
        """Link a state with those that steps lead to, but for those that are of no promise.

        `weight` is added to that of each step, `end` is where they end.
        """
        _, _, before, marks = node.key
        entered = node.score + weight
        for bound, gain, context, pairs, move in steps:
            if entered + bound < layer.floor:
                break  # The others promise less.
            open_marks, cost = _paired(marks, before, move.emitted) if pairs else (marks, 0.0)
            key = (True, move.rest, context, open_marks)
            layer.link(key, node, weight + gain + cost, move, end, bound - gain)

    def _pruned(self, layer: _Layer) -> Sequence[_Node]:
        """Return the states of a layer that are followed."""
        kept = [node for node in layer.values() if node.promise >= layer.floor]
        if len(kept) > WIDTH:
            kept.sort(key=lambda node: -node.promise)
            kept = kept[:WIDTH]
        # The text as it is stays a way out, however likely the channel looks.
        if len(kept) < len(layer) and all(node.key[0] for node in kept):
            as_is = [node for node in layer.values() if not node.key[0]]
            kept += sorted(as_is, key=lambda node: -node.score)[:1]
        self.nodes.extend(kept)
        return kept

    # Reading -------------------------------------------------------------------------------------

    def _trace(self, last: Iterable[_Node]) -> tuple[float, list[Piece]]:
        """Return the weight of all paths, and the pieces of the best one with their posteriors."""
        finals = [(node, self._closing(node.key)) for node in last if not node.key[1]]
        if not finals:
            return -math.inf, []
        self._sum_up()
        total = -math.inf
        for node, weight in finals:
            node.beta = TEMPERATURE * weight
            total = _add(total, node.alpha + node.beta)
        kept: dict[int, float] = {}
        by_reading: dict[tuple[int, int], dict[str, float]] = {}
        for node in reversed(self.nodes):
            if node.beta == -math.inf:
                continue
            for origin, weight, move in node.edges:
                through = TEMPERATURE * weight + node.beta
                origin.beta = _add(origin.beta, through)
                share = math.exp(min(0.0, origin.alpha + through - total))
                start, end = origin.end, node.end
                if move is None:
                    kept[start] = kept.get(start, 0.0) + share
                was = self.text[start:end] if move is None else move.emitted
                readings = by_reading.setdefault((start, end), {})
                readings[was] = readings.get(was, 0.0) + share
        node, _ = max(finals, key=lambda final: final[0].score + final[1])
        path: list[_Stretch] = []
        while node.best is not None:
            origin, _, move = node.best
            path.append(_Stretch(origin.end, node.end, move, bool(node.key[1])))
            node = origin
        path.reverse()
        return total / TEMPERATURE, list(self._pieces(path, by_reading, kept))

    def _sum_up(self) -> None:
        """Set the log weight of all paths to each state: its `alpha`."""
        root, *others = self.nodes
        root.alpha = 0.0
        for node in others:
            alpha = -math.inf
            for origin, weight, _ in node.edges:
                alpha = _add(alpha, origin.alpha + TEMPERATURE * weight)
            node.alpha = alpha

    def _closing(self, key: _Key) -> float:
        """Return the log weight of what follows the window: the line's end, or its next text."""
        inside, _, context, open_marks = key
        following = self.text[self.end : self.end + 1] or "\n"
        unpaired = unclosed(open_marks) if self.end == self.window.line_end else 0.0
        model = trigrams() if inside else floored()[1]
        return model[context + following] + unpaired

    def _pieces(
        self, path: Sequence[_Stretch], by_reading: _Readings, kept: Mapping[int, float]
    ) -> Iterator[Piece]:
        """Cut the path where both texts have a character boundary, and yield what has changed."""
        run: list[list[_Inside]] = []
        unit: list[_Inside] = []
        for start, end, move, waits in path:
            if move is not None:
                unit.append(_Inside(start, end, move.emitted, move.loss))
                if waits:
                    continue
            # Lossless neighbours are one piece: half of a damaged word is no repair.
            changed = "".join(step.emitted for step in unit) != self._found(unit)
            lossy = any(step.loss for step in unit)
            if run and (not changed or lossy):
                yield from _lossless(run, by_reading, kept)
                run = []
            if changed and lossy:
                yield _piece(unit, by_reading, kept)
            elif changed:
                run.append(unit)
            unit = []
        if run:
            yield from _lossless(run, by_reading, kept)

    def _found(self, steps: Sequence[_Inside]) -> str:
        return self.text[steps[0].start : steps[-1].end] if steps else ""


def _lossless(
    units: Sequence[Sequence[_Inside]], by_reading: _Readings, kept: Mapping[int, float]
) -> Iterator[Piece]:
    """Yield a run as one piece, and apart from it those of its ends that are in doubt.

    Where words are not spaced, it may not be clear where exactly the damage begins and ends.
    """
    sure = [
        number
        for number, unit in enumerate(units)
        if min(by_reading[one.start, one.end][one.emitted] for one in unit) >= SURE
    ]
    first, last = 0, len(units)
    if sure and UNSPACED.match(units[sure[0]][0].emitted):
        first = sure[0]
    if sure and UNSPACED.match(units[sure[-1]][0].emitted):
        last = sure[-1] + 1
    for part in (units[:first], units[first:last], units[last:]):
        if part:
            yield _piece([one for unit in part for one in unit], by_reading, kept)


def _piece(run: Sequence[_Inside], by_reading: _Readings, kept: Mapping[int, float]) -> Piece:
    doubt, weakest = 0.0, 1.0
    alternatives: list[tuple[str, float]] = []
    after = "".join(step.emitted for step in run)
    for number, step in enumerate(run):
        readings = by_reading[step.start, step.end]
        weakest = min(weakest, readings[step.emitted])
        if step.loss:
            doubt += 1 - readings[step.emitted]
            left = "".join(one.emitted for one in run[:number])
            right = "".join(one.emitted for one in run[number + 1 :])
            alternatives += [
                (left + other + right, share)
                for other, share in readings.items()
                if other != step.emitted and share >= SHOWN
            ]
    alternatives.sort(key=lambda reading: -reading[1])
    return Piece(
        run[0].start,
        run[-1].end,
        after,
        sum(bool(step.loss) for step in run),
        tuple(dict.fromkeys(step.loss for step in run if step.loss in EDITED)),
        max(0.0, min(weakest, 1 - doubt)),
        max(0.0, 1 - max(kept.get(one.start, 0.0) for one in run if one.end > one.start)),
        tuple(alternatives[:READINGS]),
    )


@lru_cache(maxsize=1 << 14)
def _paired(open_marks: str, context: str, text: str) -> tuple[str, float]:
    """Return the marks that are open after a text behind two characters, and its log weight."""
    weight = 0.0
    for char in text:
        if context[1] == "’" and context[0].isalpha():
            open_marks, cost = settled(open_marks, context[0], char)
            weight += cost
        if char in PAIRED:
            open_marks, cost = paired(open_marks, char, context)
            weight += cost
        context = context[1] + char
    return open_marks, weight


def _add(a: float, b: float) -> float:
    """Return log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))
