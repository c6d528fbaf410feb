"""The lattice of explanations of one line, and its most probable path.

The characters of the line are encoded back to bytes in the *read as* charset, each on its own so
that offsets stay known. A path is, between two characters, either *as is* or inside a channel with
the bytes that still wait for their character; inside a channel whole characters of the *written as*
charset are consumed in any alignment, and a reader's lost bytes are put back where it would have
lost them. Weights are natural logarithms: the language model's for every character of the
explanation, the channel's for entering it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mojifix.language import trigrams
from mojifix.language.lexicon import UNSPACED
from mojifix.language.pairs import open_after, unclosed
from mojifix.repair.decode.lost import EDITED
from mojifix.repair.gate.floors import floored
from mojifix.repair.lattice.hypothesis import LOSS_WEIGHTS, PLAIN_MARK, Hypothesis, Move, Step
from mojifix.repair.lattice.states import Key, Layer, Node, Readings, posteriors

WIDTH, BRIEF = 12, 4
"""States that are kept between two characters; and where only the channel is asked for."""

SLACK = 15.0
"""How far behind the best state between two characters others may be."""

TAIL = 3
"""ASCII characters behind a suspect place that the language model still looks at."""

BORDER = -6.0
"""Log weight of a channel that begins or ends between two characters beyond ASCII: what damages one
of them damages the other, so a span seldom reaches into clean neighbours (茅台 is a liquor, not
é台). Punctuation that programs put in afterwards is no such neighbour."""

KEPT_MARK = -4.0
"""Log weight of a mark as it is in a document in which that stands for lost bytes elsewhere, unless
it may ask something."""

WAITING = 8
"""States, at most, whose lost bytes are put back between two characters; of `WIDTH` ones."""

FOLLOWED = 4
"""States in which a mark is read as lost bytes."""

SURE = 0.95
"""Probability of a character of a run from which on it is not in doubt."""

MARKS = 3
"""Marks, at most, of a character of which nothing is left."""

READINGS, POSSIBLE = 24, 0.00001
"""Other readings of a place that are told, at most, and the probability that each has at least: the
words that they make may speak for them."""

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


class _Stretch(NamedTuple):
    """A stretch of the best path: a span of the text found, the move, and whether bytes wait."""

    start: int
    end: int
    move: Move | None
    waits: bool


class _Inside(NamedTuple):
    """A stretch inside the channel: a span of the text found, what it was, and what was lost.

    `times` is how often something was.
    """

    start: int
    end: int
    emitted: str
    loss: str
    times: int


def _is_far(char: str) -> bool:
    return char >= "\x80" and char not in _APART


class Lattice:
    """All explanations of a window of a document by one hypothesis."""

    def __init__(
        self,
        text: str,
        window: Window,
        hypothesis: Hypothesis,
        *,
        edits: bool = False,
        brief: bool = False,
    ) -> None:
        self.text, self.window, self.hypothesis = text, window, hypothesis
        self.edits = hypothesis.edits if edits else ()
        self.start, self.end = window.start, window.end
        self.mark, self.entry = hypothesis.mark, hypothesis.settings.entry
        self.width = BRIEF if brief else WIDTH
        self.waiting = WAITING * self.width // WIDTH
        # What has just entered the channel is behind by that much.
        self.slack = max(SLACK, SLACK / 2 - self.entry - BORDER)
        self.nodes: list[Node] = []
        self.ahead: dict[int, Layer] = {}

    # Building ------------------------------------------------------------------------------------

    def best_path(self) -> tuple[float, list[Piece]]:
        """Return the log weight of all paths, and what is inside the channel on the best one."""
        left = self.window.left
        key = (False, b"", ("\n\n" + left)[-2:], open_after(left))
        root = Node(key, self.start, 0.0)
        self.nodes.append(root)
        layer: Sequence[Node] = [root]
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

        `?` is no such text, whatever the loss: what all of them weigh can be compared then.
        """
        text = self.text
        tail = text[max(0, at - TAIL) : at]
        if self.ahead or not tail.isascii() or "?" in tail or at - TAIL < self.start:
            return at
        end = at
        while end < self.end and text[end] < "\x80" and text[end] != "?":
            end += 1
        return end if end - at > 1 else at

    def _jump(self, layer: Sequence[Node], at: int, end: int) -> Sequence[Node]:
        """Cross clean text, whose weight is the same on every path that can cross it."""
        crossed = self._layer(end)
        gap = self.text[at:end]
        context = gap[-2:]
        for node in layer:
            inside, waiting, last, open_marks = node.key
            if not waiting:
                key = (inside, b"", context, open_after(gap, open_marks, last))
                crossed.link(key, node, 0.0, None, end, 0.0)
        return self._followed(crossed)

    def _advance(self, layer: Sequence[Node], at: int) -> Sequence[Node]:
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
        found, leaving = told.weights.found, told.weights.leaving
        kept = KEPT_MARK if is_mark and told.settings.shown and char != "?" else 0.0
        end = at + 1
        for node in (*layer, *restored):
            inside, waiting, context, _ = node.key
            if not waiting:
                table, more = (leaving, border) if inside else (found, 0.0)
                following.keep(node, char, table, more + kept)
                if not inside and not may_enter:
                    continue
            weight = 0.0 if inside else entry
            steps = told.read(context, waiting, char)
            following.follow(node, steps, weight, end)
            if is_mark:
                following.follow(node, self._under_mark(node, at), weight, end)
            if begins and not waiting:
                following.follow(node, told.begun_ahead(context, char), weight, end)
            if self.edits and not steps if waiting else is_lowered:
                following.follow(node, told.edited(context, waiting, char), weight, end)
                if waiting and is_entity:
                    behind = at + len(ENTITY)
                    unescaped = told.unescaped(context, waiting)
                    self._layer_at(behind).follow(node, unescaped, 0.0, behind)
        return self._followed(following)

    def _goes_on(self, at: int) -> bool:
        """Tell whether the character at `at` is inside a character of UTF-8."""
        return at < self.end and self.hypothesis.continues(self.text[at])

    def _layer_at(self, end: int) -> Layer:
        """Return the states behind more than the next character."""
        layer = self.ahead.get(end)
        if layer is None:
            layer = self.ahead[end] = self._layer(end)
        return layer

    def _layer(self, at: int, floor: float = -math.inf) -> Layer:
        """Return what will hold the states behind the character before `at`."""
        ends = self.end == self.window.line_end and self.end - at < TAIL
        return Layer(self.width, self.slack, floor, self.text[at : self.end] if ends else None)

    def _lose_whole(self, layer: Sequence[Node], at: int) -> None:
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
                self._layer_at(behind).follow(node, steps, entry, behind)

    @staticmethod
    def _best(layer: Sequence[Node]) -> Sequence[Node]:
        """Return the likeliest states, of which a loss with many readings is followed."""
        if len(layer) <= FOLLOWED:
            return layer
        kept = sorted(layer, key=lambda node: -node.promise)[:FOLLOWED]
        if all(node.key[0] for node in kept):
            kept += [node for node in layer if not node.key[0]][:1]
        return kept

    def _under_mark(self, node: Node, at: int) -> Sequence[Step]:
        """Return the steps that read the mark at `at` as one lost byte, or as two."""
        inside, waiting, context, _ = node.key
        following = self.text[at + 1 : at + 2]
        again = inside and self.text[at - 1] == self.mark
        if waiting:
            ends_line = at + 1 == self.window.line_end
            return self.hypothesis.marked(context, waiting, following, ends_line, again)
        return self.hypothesis.begun_under(context, following if at + 1 < self.end else "", again)

    def _restored(self, layer: Sequence[Node], at: int) -> Sequence[Node]:
        """Put back what was dropped or removed without a mark before the character at `at`."""
        told = self.hypothesis
        following = self.text[at : at + 1]
        waits = [node for node in layer if node.key[1]]
        if len(waits) > self.waiting:
            waits = sorted(waits, key=lambda node: -node.promise)[: self.waiting]
        restored = self._layer(at)
        if told.drops:
            self._put_back_dropped(restored, waits, at, following)
            if not told.wide and self._goes_on(at):
                for node in layer:
                    inside, waiting, context, _ = node.key
                    if inside and not waiting:
                        restored.follow(node, told.dropped_leads(context), 0.0, at)
        if self.edits and waits and not (self.mark and following == self.mark):
            char = self.text[at] if at < self.end else ""
            spaced = at >= self.window.line_end or following.isspace()
            for node in waits:
                _, waiting, context, _ = node.key
                if not (char and told.read(context, waiting, char)):
                    steps = told.edited_out(context, waiting, spaced)
                    restored.follow(node, steps, 0.0, at)
                    if spaced:
                        space = char if char == " " else ""
                        reached = self._layer_at(at + 1) if space else restored
                        steps = told.collapsed(context, waiting, space)
                        reached.follow(node, steps, 0.0, at + len(space))
        return self._followed(restored) if restored else ()

    def _put_back_dropped(
        self, layer: Layer, waits: Sequence[Node], at: int, following: str
    ) -> None:
        self._drop(layer, waits, at, following)
        # What is lost behind them costs at least that.
        twice = self._layer(at, layer.floor - LOSS_WEIGHTS["drop"])
        for node in waits:
            _, waiting, context, _ = node.key
            twice.follow(node, self.hypothesis.dropped_too(context, waiting), 0.0, at)
        self.nodes += twice.nodes()
        self._drop(layer, twice.nodes(), at, following, again=True)

    def _drop(
        self, layer: Layer, nodes: Iterable[Node], at: int, following: str, *, again: bool = False
    ) -> None:
        """Put back a byte of each state that was dropped before the character `following`.

        `again`: behind another one.
        """
        for node in nodes:
            _, waiting, context, _ = node.key
            steps = self.hypothesis.dropped(context, waiting, following, again)
            layer.follow(node, steps, 0.0, at)

    def _followed(self, layer: Layer) -> Sequence[Node]:
        """Return the states of a layer that are followed, and keep them for `posteriors`."""
        kept = layer.pruned()
        self.nodes += kept
        return kept

    # Reading -------------------------------------------------------------------------------------

    def _trace(self, last: Iterable[Node]) -> tuple[float, list[Piece]]:
        """Return the weight of all paths, and the pieces of the best one with their posteriors."""
        finals = [(node, self._closing(node.key)) for node in last if not node.key[1]]
        if not finals:
            return -math.inf, []
        total, by_reading, together, kept = posteriors(self.text, self.nodes, finals)
        node, _ = max(finals, key=lambda final: final[0].score + final[1])
        path: list[_Stretch] = []
        while node.best is not None:
            origin, _, move = node.best
            path.append(_Stretch(origin.end, node.end, move, bool(node.key[1])))
            node = origin
        path.reverse()
        return total, list(self._pieces(path, by_reading, together, kept))

    def _closing(self, key: Key) -> float:
        """Return the log weight of what follows the window: the line's end, or its next text."""
        inside, _, context, open_marks = key
        following = self.text[self.end : self.end + 1] or "\n"
        unpaired = unclosed(open_marks) if self.end == self.window.line_end else 0.0
        model = trigrams() if inside else floored()[1]
        return model[context + following] + unpaired

    def _pieces(
        self,
        path: Sequence[_Stretch],
        by_reading: Readings,
        together: Readings,
        kept: Mapping[int, float],
    ) -> Iterator[Piece]:
        """Cut the path where both texts have a character boundary, and yield what has changed."""
        run: list[list[_Inside]] = []
        unit: list[_Inside] = []
        for start, end, move, waits in path:
            if move is not None:
                emitted, _, _, loss = move
                step = _Inside(start, end, emitted, loss, int(bool(loss)))
                if start == end and unit and (unit[-1].start, unit[-1].emitted) == (end, ""):
                    # Of two bytes that left no mark, the second one tells the character.
                    step = step._replace(times=step.times + unit.pop().times)
                unit.append(step)
                if waits:
                    continue
            # Lossless neighbours are one piece: half of a damaged word is no repair.
            changed = "".join(step.emitted for step in unit) != self._found(unit)
            lossy = any(step.loss for step in unit)
            if run and (not changed or lossy):
                yield from _lossless(run, by_reading, kept)
                run = []
            if changed and lossy:
                whole = _completed(self._whole(unit, by_reading), by_reading, together)
                yield _piece(whole, by_reading, kept)
            elif changed:
                run.append(unit)
            unit = []
        if run:
            yield from _lossless(run, by_reading, kept)

    def _whole(self, unit: list[_Inside], by_reading: Readings) -> list[_Inside]:
        """Return the steps of a part, with those over the marks of one character as one.

        Paths that take the marks together and one by one are the same reading: `by_reading` has
        what all of them weigh then.
        """
        first, last = unit[0], unit[-1]
        start, end = first.start, last.end
        marks = self.text[start:end]
        before = "".join(step.emitted for step in unit[:-1])
        if before or end - start < 2 or not last.loss or marks != self.mark * len(marks):
            return unit
        readings: dict[str, float] = {}
        for at in range(start, max(end, last.start + 1)):
            for text, share in by_reading.get((at, end), {}).items():
                if text and (text != self.text[at:end] or text == last.emitted):
                    readings[text] = readings.get(text, 0.0) + share
        by_reading[start, end] = readings
        times = sum(step.times for step in unit)
        return [_Inside(start, end, last.emitted, last.loss, times)]

    def _found(self, steps: Sequence[_Inside]) -> str:
        return self.text[steps[0].start : steps[-1].end] if steps else ""


def _completed(unit: Sequence[_Inside], by_reading: Readings, together: Readings) -> list[_Inside]:
    """Return the steps of a part, with those over what was lost and what may complete it as one.

    Which character it was shows only then.
    """
    steps: list[_Inside] = []
    for step in unit:
        last = steps[-1] if steps else None
        if last and last.loss and not step.loss and last.end == step.start:
            span, emitted = (last.start, step.end), last.emitted + step.emitted
            # A third character behind both is no part of it, though other paths may read it so.
            if emitted in together.get(span, ()):
                steps[-1] = _Inside(*span, emitted, last.loss, last.times)
                by_reading[span] = together[span]
                continue
        steps.append(step)
    return steps


def _lossless(
    units: Sequence[Sequence[_Inside]], by_reading: Readings, kept: Mapping[int, float]
) -> Iterator[Piece]:
    """Yield a run as one piece; where words are not spaced, what is in doubt is apart from it.

    There it may not be clear where exactly the damage begins and ends, or a character be rare.
    """
    shares = [min(by_reading[one.start, one.end][one.emitted] for one in unit) for unit in units]
    texts = ["".join(one.emitted for one in unit) for unit in units]
    sure = (text for text, share in zip(texts, shares, strict=True) if share >= SURE)
    if not any(map(UNSPACED.match, sure)):
        yield _piece([one for unit in units for one in unit], by_reading, kept)
        return
    told = zip(units, shares, strict=True)
    for _, part in itertools.groupby(told, key=lambda unit: unit[1] >= SURE):
        yield _piece([one for unit, _ in part for one in unit], by_reading, kept)


def _piece(run: Sequence[_Inside], by_reading: Readings, kept: Mapping[int, float]) -> Piece:
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
                if other != step.emitted and (other or step.start < step.end) and share >= POSSIBLE
            ]
    alternatives.sort(key=lambda reading: -reading[1])
    return Piece(
        run[0].start,
        run[-1].end,
        after,
        sum(step.times for step in run),
        tuple(dict.fromkeys(step.loss for step in run if step.loss in EDITED)),
        max(0.0, min(weakest, 1 - doubt)),
        max(0.0, 1 - max(kept.get(at, 0.0) for one in run for at in range(one.start, one.end))),
        tuple(alternatives[:READINGS]),
    )
