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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mojifix.charsets.charset import LOSSES
from mojifix.charsets.registry import CHARSETS, losses
from mojifix.language.ngrams import Trigrams
from mojifix.language.typography import MARKS as HABITUAL
from mojifix.language.typography import QUOTES, lonely, open_after, pair, unclosed
from mojifix.model import Channel
from mojifix.repair.floors import floored
from mojifix.repair.lost import (
    EDITED,
    bytes_of,
    consumed,
    lost_alone,
    lost_together,
    originals,
    removed,
)
from mojifix.repair.words import TEMPERATURE

WIDTH = 48
"""States that are kept between two characters; and how far behind the best one they may be."""
SLACK = 25.0

LOOK_BACK = 2000
"""Code points before a window in which a quotation mark may have opened."""

TAIL = 3
"""ASCII characters behind a suspect place that the language model still looks at."""

BORDER = -6.0
"""Log weight of a channel that begins or ends between two characters beyond ASCII: what damages one
of them damages the other, so a span seldom reaches into clean neighbours (茅台 is a liquor, not
é台). Punctuation that programs put in afterwards is no such neighbour."""

STRETCH = 32
MOST_LOST = 12
"""Lost bytes in the last `STRETCH` characters of the best path from which on a window is given up:
Chinese read as GBK, the worst that readers do, loses 4 of 32."""

LIKELIEST = 16
"""States of which a lost byte is restored, and readings of two bytes that were lost at once."""

LOSS_WEIGHTS = {
    "drop": -1.0,
    "replace": -1.0,
    "whatwg": -1.0,
    "swallow": -1.0,
    "nakaguro-swallow": -1.0,
    "nakaguro": -2.0,
    "question": -1.5,
    "substitute": -1.5,
}
"""Log weight of a lost byte where the reader would have lost it, by what it did: `?` stands for one
byte only where two programs had a hand in it."""

EDIT = -4.5
"""Log weight of a character that was edited after the damage."""

SHOWN = 0.005
"""Probability from which on another reading of a place is worth telling."""

_AS_IS = -1
_APART = frozenset("“”‘’„‚«»‹›–—…\xa0、。，：；！？（）「」")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is known of a document: log weights of entering channels and of marks, losses, edits."""

    entry: Mapping[Channel, float]
    losses: frozenset[str]
    habits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a document that is decoded at once.

    The span of it and of its line, and the channels that are suspected there.
    """

    start: int
    end: int
    line_start: int
    line_end: int
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the best path inside a channel.

    `start` and `end` are a span of the line, `after` what it was, `losses` the spellings of the
    lost bytes in it and the edits, `confidence` the posterior probability of this reading,
    `damaged` the one that the span went through some channel, and `alternatives` the other readings
    of the same span with theirs.
    """

    start: int
    end: int
    after: str
    channel: Channel
    losses: tuple[str, ...]
    confidence: float
    damaged: float
    alternatives: tuple[tuple[str, float], ...]


class _Node:
    """A state between two characters of the text found.

    Its key: the channel (an index, or `_AS_IS`), the bytes that wait for their character, the last
    two characters of the explanation, and the quotation marks that are open.
    """

    __slots__ = ("alpha", "best", "beta", "edges", "key", "score")

    def __init__(self, key: _Key) -> None:
        self.key = key
        self.score = -math.inf
        self.alpha = -math.inf
        self.beta = -math.inf
        self.best: _Edge | None = None
        self.edges: list[_Edge] = []


_Key = tuple[int, bytes, str, str]
_Readings = Mapping[tuple[int, int], Mapping[str, float]]


@dataclass(slots=True, eq=False)
class _Edge:
    """A step of a path: a span of the text found, what it was, and the log weight of that."""

    origin: _Node
    start: int
    end: int
    emitted: str
    channel: int = _AS_IS
    weight: float = 0.0
    loss: str = ""


def _is_far(char: str) -> bool:
    return char >= "\x80" and char not in _APART


class Lattice:
    """All explanations of a window of a document."""

    def __init__(self, text: str, window: Window, settings: Settings, model: Trigrams) -> None:
        self.text, self.window = text, window
        self.start, self.end = window.start, window.end
        self.settings, self.model = settings, model
        self.found = floored()[1]
        self.channels = window.channels
        self.entry = [settings.entry[channel] for channel in self.channels]
        self.readers = [channel.read_as for channel in self.channels]
        self.writers = [channel.written_as for channel in self.channels]
        self.nodes: list[_Node] = []
        self.kept: dict[int, float] = {}

    # Building ------------------------------------------------------------------------------------

    def best_path(self) -> list[Piece]:
        """Return the pieces of the most probable explanation that are inside a channel."""
        left = self.text[max(self.window.line_start, self.start - LOOK_BACK) : self.start]
        root = _Node((_AS_IS, b"", ("\n\n" + left)[-2:], open_after(left)))
        root.score = root.alpha = 0.0
        layer = {root.key: root}
        self.nodes.append(root)
        at = self.start
        while at < self.end:
            jump = self._clean_until(at)
            if jump > at:
                layer = self._jump(layer, at, jump)
                at = jump
                continue
            layer = self._advance(layer, at)
            at += 1
            if (at - self.start) % STRETCH == 0 and _hopeless(layer):
                return []
        layer |= self._restore(layer, self.end)
        return self._trace(layer)

    def _clean_until(self, at: int) -> int:
        """Return where the ASCII text that begins at `at` ends, `at` if it is short or new."""
        text = self.text
        if not text[max(0, at - TAIL) : at].isascii() or at - TAIL < self.start:
            return at
        end = at
        while end < self.end and text[end] < "\x80":
            end += 1
        return end if end - at >= 4 else at

    def _jump(self, layer: dict[_Key, _Node], at: int, end: int) -> dict[_Key, _Node]:
        """Cross clean text, whose weight is the same on every path that can cross it."""
        crossed: dict[_Key, _Node] = {}
        gap = self.text[at:end]
        context = gap[-2:]
        for node in layer.values():
            channel, waiting, _, open_marks = node.key
            if not waiting:
                key = (channel, b"", context, open_after(gap, open_marks))
                self._link(crossed, key, _Edge(node, at, end, ""))
        return self._pruned(crossed)

    def _advance(self, layer: dict[_Key, _Node], at: int) -> dict[_Key, _Node]:
        restored = self._restore(layer, at)
        following: dict[_Key, _Node] = {}
        char = self.text[at]
        for nodes in (layer, restored):
            for node in nodes.values():
                channel, waiting, _, _ = node.key
                touches = at > self.start and _is_far(self.text[at - 1])
                border = BORDER if touches and _is_far(char) else 0.0
                if not waiting:
                    leaving = 0.0 if channel == _AS_IS else border
                    self._emit(following, _Edge(node, at, at + 1, char, weight=leaving))
                if channel != _AS_IS:
                    self._consume(following, node, channel, at, 0.0)
                elif char >= "\x80" or char == "?":
                    for number, weight in enumerate(self.entry):
                        self._consume(following, node, number, at, weight + border)
        return self._pruned(following)

    def _consume(
        self, following: dict[_Key, _Node], node: _Node, channel: int, at: int, weight: float
    ) -> None:
        """Follow the character at `at` as bytes of a channel, or as the mark of lost ones."""
        char, waiting = self.text[at], node.key[1]
        self._read(following, node, channel, at, char, weight, "")
        for loss in self.settings.losses:
            if loss in EDITED:
                if waiting or loss == "lowercased":
                    for original in originals(char, loss):
                        self._read(following, node, channel, at, original, weight + EDIT, loss)
            elif LOSSES[loss].mark == char:
                self._read_mark(following, node, channel, at, loss, weight)

    def _read(
        self,
        following: dict[_Key, _Node],
        node: _Node,
        channel: int,
        at: int,
        char: str,
        weight: float,
        loss: str,
    ) -> None:
        """Follow the bytes of `char`, of which the edit `loss` made the character at `at`."""
        for data in bytes_of(char, self.readers[channel]):
            read = consumed(node.key[1], data, self.writers[channel])
            if read is not None:
                edge = _Edge(node, at, at + 1, read[0], channel, weight, loss)
                self._emit(following, edge, read[1])

    def _read_mark(
        self,
        following: dict[_Key, _Node],
        node: _Node,
        channel: int,
        at: int,
        loss: str,
        weight: float,
    ) -> None:
        """Follow the character at `at` as the mark of one lost byte, or of two."""
        waiting, context = node.key[1], node.key[2]
        reader, writer = self.readers[channel], self.writers[channel]
        if loss not in losses(reader):
            return
        if not waiting:
            for rest in self._begun(context, channel, at, loss):
                edge = _Edge(node, at, at + 1, "", channel, weight + LOSS_WEIGHTS[loss], loss)
                self._emit(following, edge, rest)
            return
        readings = list(self._lost_before(waiting, channel, at + 1, loss))
        if CHARSETS[reader].leads and LOSSES[loss].swallows != 1:
            pairs = lost_together(waiting, writer, reader, loss)
            if at + 1 == self.window.line_end:
                pairs = tuple(pair for pair in pairs if "\n" not in pair[0])
            readings += self._likeliest(context, pairs)
        for emitted, rest in readings:
            edge = _Edge(node, at, at + 1, emitted, channel, weight + LOSS_WEIGHTS[loss], loss)
            self._emit(following, edge, rest)

    def _begun(self, context: str, channel: int, at: int, loss: str) -> list[bytes]:
        """Return the two bytes, lost under one mark at `at`, that the next character completes."""
        reader, writer = self.readers[channel], self.writers[channel]
        ways = bytes_of(self.text[at + 1], reader) if at + 1 < self.end else ()
        if not ways or ways[0] < b"\x80" or not CHARSETS[reader].leads:
            return []
        pairs = lost_together(b"", writer, reader, loss)
        readings = [(consumed(rest, ways[0][:1], writer), rest) for _, rest in pairs if rest]
        whole = [(read[0], rest) for read, rest in readings if read and read[0]]
        return [rest for _, rest in self._likeliest(context, whole)]

    def _likeliest(
        self, context: str, readings: Sequence[tuple[str, bytes]]
    ) -> list[tuple[str, bytes]]:
        """Return the readings that the language model finds likeliest behind `context`."""
        model = self.model
        firsts = {reading[0][:1] for reading in readings}
        if len(firsts) > LIKELIEST:
            best = sorted(firsts, key=lambda char: -model[context + char] if char else 0.0)
            firsts = set(best[:LIKELIEST])
            readings = [reading for reading in readings if reading[0][:1] in firsts]

        def weight(reading: tuple[str, bytes]) -> float:
            text = context + reading[0]
            total = sum(model[text[i : i + 3]] for i in range(len(reading[0])))
            # A byte that waits makes half a character, which has its cost too.
            return total - 6.0 * bool(reading[1])

        return sorted(readings, key=weight, reverse=True)[:LIKELIEST]

    def _lost_before(
        self, waiting: bytes, channel: int, at: int, loss: str
    ) -> tuple[tuple[str, bytes], ...]:
        """Return what `waiting` may become by a byte that is lost before the character at `at`."""
        reader, writer = self.readers[channel], self.writers[channel]
        char = self.text[at : at + 1]
        if char and char == LOSSES[loss].mark:
            # What comes next was lost as well: only bytes that are never read can stand there.
            return lost_alone(waiting, writer, reader, None, loss)
        ways = bytes_of(char, reader) if char else ()
        following = ways[0][:1] if ways else b""
        return lost_alone(waiting, writer, reader, following, loss)

    def _restore(self, layer: dict[_Key, _Node], at: int) -> dict[_Key, _Node]:
        """Put back what was dropped or removed without a mark before the character at `at`."""
        # Readers that lose a byte whatever comes next lose it before another lost one too.
        first = self._pruned(self._restore_one(layer, at, always=True))
        return first | self._pruned(self._restore_one(layer | first, at))

    def _restore_one(
        self, layer: dict[_Key, _Node], at: int, *, always: bool = False
    ) -> dict[_Key, _Node]:
        restored: dict[_Key, _Node] = {}
        waits = [node for node in layer.values() if node.key[1]]
        waits.sort(key=lambda node: -node.score)
        for node in waits[:LIKELIEST]:
            channel, waiting, context, _ = node.key
            reader, writer = self.readers[channel], self.writers[channel]
            for loss in self.settings.losses:
                readings: Sequence[tuple[str, bytes]] = ()
                if loss == "drop" and loss in losses(reader):
                    if always:
                        readings = lost_alone(waiting, writer, reader, None, loss)
                    else:
                        readings = self._lost_before(waiting, channel, at, loss)
                elif loss in EDITED and not always:
                    readings = removed(waiting, writer, reader, loss)
                    if len(readings) > LIKELIEST:
                        readings = self._likeliest(context, readings)
                weight = EDIT if loss in EDITED else LOSS_WEIGHTS[loss]
                for emitted, rest in readings:
                    edge = _Edge(node, at, at, emitted, channel, weight, loss)
                    self._emit(restored, edge, rest)
        return restored

    def _emit(self, layer: dict[_Key, _Node], edge: _Edge, rest: bytes = b"") -> None:
        """Add an edge, weighed by the language model, to the state that it leads to."""
        _, _, context, open_marks = edge.origin.key
        model = self.found if edge.channel == _AS_IS else self.model
        for char in edge.emitted:
            edge.weight += model[context + char]
            if char in QUOTES:
                open_marks, cost = pair(open_marks, char)
                edge.weight += cost
            elif char == " ":
                edge.weight += lonely(context, char)
            if edge.loss and char in HABITUAL:
                edge.weight += self.settings.habits.get(char, 0.0)
            context = context[1] + char
        self._link(layer, (edge.channel, rest, context, open_marks), edge)

    @staticmethod
    def _link(layer: dict[_Key, _Node], key: _Key, edge: _Edge) -> None:
        node = layer.get(key)
        if node is None:
            node = layer[key] = _Node(key)
        node.edges.append(edge)
        score = edge.origin.score + edge.weight
        if score > node.score:
            node.score, node.best = score, edge
        node.alpha = _add(node.alpha, edge.origin.alpha + TEMPERATURE * edge.weight)

    def _pruned(self, layer: dict[_Key, _Node]) -> dict[_Key, _Node]:
        if len(layer) > 1:
            floor = max(node.score for node in layer.values()) - SLACK
            kept = [node for node in layer.values() if node.score >= floor]
            kept.sort(key=lambda node: -node.score)
            # The text as it is stays a way out, however likely a channel looks.
            as_is = [node for node in layer.values() if node.key[0] == _AS_IS]
            kept = kept[:WIDTH] + sorted(as_is, key=lambda node: -node.score)[:1]
            layer = {node.key: node for node in kept}
        self.nodes.extend(layer.values())
        return layer

    # Reading -------------------------------------------------------------------------------------

    def _trace(self, last: dict[_Key, _Node]) -> list[Piece]:
        """Return the pieces of the best path that are inside a channel, with their posteriors."""
        finals = [(node, self._closing(node.key)) for node in last.values() if not node.key[1]]
        if not finals:
            return []
        total = -math.inf
        for node, weight in finals:
            node.beta = TEMPERATURE * weight
            total = _add(total, node.alpha + node.beta)
        by_reading: dict[tuple[int, int], dict[str, float]] = {}
        for node in reversed(self.nodes):
            if node.beta == -math.inf:
                continue
            for edge in node.edges:
                origin, through = edge.origin, TEMPERATURE * edge.weight + node.beta
                origin.beta = _add(origin.beta, through)
                readings = by_reading.setdefault((edge.start, edge.end), {})
                share = math.exp(min(0.0, origin.alpha + through - total))
                if edge.channel == _AS_IS:
                    self.kept[edge.start] = self.kept.get(edge.start, 0.0) + share
                readings[edge.emitted] = readings.get(edge.emitted, 0.0) + share
        node, _ = max(finals, key=lambda final: final[0].score + final[1])
        path: list[tuple[_Edge, bool]] = []
        while node.best is not None:
            path.append((node.best, bool(node.key[1])))
            node = node.best.origin
        path.reverse()
        return list(self._pieces(path, by_reading))

    def _closing(self, key: _Key) -> float:
        """Return the log weight of what follows the window: the line's end, or its next text."""
        _, _, context, open_marks = key
        following = self.text[self.end : self.end + 1] or "\n"
        unpaired = unclosed(open_marks) if self.end == self.window.line_end else 0.0
        return self.model[context + following] + unpaired

    def _pieces(self, path: Sequence[tuple[_Edge, bool]], by_reading: _Readings) -> Iterator[Piece]:
        """Cut the path where both texts have a character boundary, and yield what has changed."""
        run: list[_Edge] = []
        unit: list[_Edge] = []
        for edge, waiting in path:
            if edge.channel != _AS_IS:
                unit.append(edge)
                if waiting:
                    continue
            # Lossless neighbours are one piece: half of a damaged word is no repair.
            changed = "".join(e.emitted for e in unit) != self._found(unit)
            lossy = any(e.loss for e in unit)
            if run and (not changed or lossy or run[0].channel != unit[0].channel):
                yield self._piece(run, by_reading)
                run = []
            if changed and lossy:
                yield self._piece(unit, by_reading)
            elif changed:
                run += unit
            unit = []
        if run:
            yield self._piece(run, by_reading)

    def _found(self, edges: Sequence[_Edge]) -> str:
        return self.text[edges[0].start : edges[-1].end] if edges else ""

    def _piece(self, run: Sequence[_Edge], by_reading: _Readings) -> Piece:
        doubt, weakest = 0.0, 1.0
        alternatives: list[tuple[str, float]] = []
        after = "".join(edge.emitted for edge in run)
        for number, edge in enumerate(run):
            readings = by_reading[edge.start, edge.end]
            weakest = min(weakest, readings[edge.emitted])
            if edge.loss:
                doubt += 1 - readings[edge.emitted]
                left = "".join(e.emitted for e in run[:number])
                right = "".join(e.emitted for e in run[number + 1 :])
                alternatives += [
                    (left + other + right, share)
                    for other, share in readings.items()
                    if other != edge.emitted and share >= SHOWN
                ]
        alternatives.sort(key=lambda reading: -reading[1])
        return Piece(
            run[0].start,
            run[-1].end,
            after,
            self.channels[run[0].channel],
            tuple(edge.loss for edge in run if edge.loss),
            max(0.0, min(weakest, 1 - doubt)),
            max(0.0, 1 - max(self.kept.get(e.start, 0.0) for e in run if e.end > e.start)),
            tuple(alternatives[:5]),
        )


def _hopeless(layer: Mapping[_Key, _Node]) -> bool:
    """Tell whether even the best path has lost too much lately."""
    node = max(layer.values(), key=lambda node: node.score)
    lost = 0
    for _ in range(STRETCH):
        if node.best is None:
            break
        lost += bool(node.best.loss)
        node = node.best.origin
    return lost >= MOST_LOST


def _add(a: float, b: float) -> float:
    """Return log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))
