"""The states of a lattice, the edges between them, and what the paths over them weigh together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from heapq import heappush, heappushpop

from mojifix.language.pairs import MARKS as PAIRED
from mojifix.language.pairs import paired_after, unclosed
from mojifix.repair.decode.words import TEMPERATURE
from mojifix.repair.lattice.hypothesis import Move, Step
from mojifix.repair.lattice.weights import Table

MERGED = 2.0
"""How far behind those that are kept others are still linked, for what they add to a kept one."""

Key = tuple[bool, bytes, str, str]
"""What tells a state from others behind the same character: whether it is inside the channel, the
bytes that wait for their character, the last two characters of the explanation, and the quotation
marks that are open."""

Edge = tuple["Node", float, Move | None]
"""A stretch of a path: where it begins, its log weight, and the move; None for text as it is."""

Readings = dict[tuple[int, int], dict[str, float]]
"""The posterior probability of each text that a span may have been."""


class Node:
    """A state behind the character of the text found that ends at `end`.

    `score` is the log weight of the best path to it, which ends with the edge `best`; `promise` the
    same with what the bytes that wait will cost at least.
    """

    __slots__ = ("alpha", "best", "beta", "edges", "end", "key", "promise", "score")

    def __init__(self, key: Key, end: int, score: float = -math.inf) -> None:
        self.key, self.end = key, end
        self.score = self.promise = score
        self.alpha = self.beta = -math.inf
        self.best: Edge | None = None
        self.edges: list[Edge] = []


class Layer:
    """The states behind one character.

    What promises less than `floor` will not be followed. It rises with what is linked: `width` is
    how many states are kept, `slack` how far behind the best one another one may be. `rest` are the
    last characters of the line, as they are found, None before those: what is open behind them will
    not be closed any more.
    """

    __slots__ = ("_nodes", "_tops", "floor", "rest", "slack", "width")

    def __init__(self, width: int, slack: float, floor: float, rest: str | None) -> None:
        self.width, self.slack, self.floor, self.rest = width, slack, floor, rest
        self._nodes: dict[Key, Node] = {}
        self._tops: list[float] = []

    def __len__(self) -> int:
        return len(self._nodes)

    def nodes(self) -> list[Node]:
        """Return all states, in the order in which they were first linked."""
        return list(self._nodes.values())

    def link(
        self, key: Key, origin: Node, weight: float, move: Move | None, end: int, ahead: float
    ) -> None:
        """Add an edge to a state; `ahead` is what the bytes that wait there cost at least."""
        score = origin.score + weight
        if self.rest is not None:
            ahead += unclosed(paired_after(key[3], key[2], self.rest)[0])
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(key, end)
            tops = self._tops
            if len(tops) < self.width:
                heappush(tops, score + ahead)
            else:
                heappushpop(tops, score + ahead)
                self.floor = max(self.floor, tops[0] - MERGED)
        edge = (origin, weight, move)
        node.edges.append(edge)
        if score > node.score:
            node.score, node.promise, node.best = score, score + ahead, edge
            self.floor = max(self.floor, node.promise - self.slack)

    def keep(self, node: Node, char: str, table: Table, weight: float) -> None:
        """Link a state with the one in which a character behind it is as it is.

        `table` has the weight of the character behind two others, to which `weight` is added.
        """
        _, _, context, open_marks = node.key
        weight += table[context + char]
        if char in PAIRED or context[1] == "’":
            open_marks, cost = paired_after(open_marks, context, char)
            weight += cost
        key = (False, b"", context[1] + char, open_marks)
        self.link(key, node, weight, None, node.end + 1, 0.0)

    def follow(self, node: Node, steps: Sequence[Step], weight: float, end: int) -> None:
        """Link a state with those that steps lead to, but for those that are of no promise.

        `weight` is added to that of each step, `end` is where they end.
        """
        _, _, before, marks = node.key
        entered = node.score + weight
        for bound, gain, context, pairs, move in steps:
            if entered + bound < self.floor:
                break  # The others promise less.
            open_marks, cost = paired_after(marks, before, move[0]) if pairs else (marks, 0.0)
            key = (True, move[1], context, open_marks)
            self.link(key, node, weight + gain + cost, move, end, bound - gain)

    def pruned(self) -> list[Node]:
        """Return the states that are followed."""
        nodes = self._nodes.values()
        kept = [node for node in nodes if node.promise >= self.floor]
        if len(kept) > self.width:
            kept.sort(key=lambda node: -node.promise)
            kept = kept[: self.width]
        # The text as it is stays a way out, however likely the channel looks.
        if len(kept) < len(nodes) and all(node.key[0] for node in kept):
            as_is = [node for node in nodes if not node.key[0]]
            kept += sorted(as_is, key=lambda node: -node.score)[:1]
        return kept


def posteriors(
    text: str, nodes: Sequence[Node], finals: Iterable[tuple[Node, float]]
) -> tuple[float, Readings, Readings, dict[int, float]]:
    """Return the log weight of all paths, that of readings, and that of text as it is.

    Readings are those of single moves, and then those of what was lost together with the character
    that is read behind it, and may complete it. `nodes` are all states, the first one and then each
    behind those that its edges come from; `finals` those in which paths end, each with what the end
    weighs. The probabilities of readings are by span, those of text as it is by its start.
    """
    root, *others = nodes
    root.alpha = 0.0
    for node in others:
        alpha = -math.inf
        for origin, weight, _ in node.edges:
            alpha = _add(alpha, origin.alpha + TEMPERATURE * weight)
        node.alpha = alpha
    total = -math.inf
    for node, weight in finals:
        node.beta = TEMPERATURE * weight
        total = _add(total, node.alpha + node.beta)
    kept: dict[int, float] = {}
    by_span: Readings = {}
    together: Readings = {}
    for node in reversed(nodes):
        if node.beta == -math.inf:
            continue
        for origin, weight, move in node.edges:
            through = TEMPERATURE * weight + node.beta
            origin.beta = _add(origin.beta, through)
            share = math.exp(min(0.0, origin.alpha + through - total))
            start, end = origin.end, node.end
            if move is None:
                kept[start] = kept.get(start, 0.0) + share
            was = text[start:end] if move is None else move[0]
            readings = by_span.setdefault((start, end), {})
            readings[was] = readings.get(was, 0.0) + share
            if move is not None and origin.key[1] and not move[3]:
                _add_lost(together, origin, move[0], end, through - total)
    return total / TEMPERATURE, by_span, together, kept


def _add_lost(together: Readings, node: Node, emitted: str, end: int, weight: float) -> None:
    """Add to readings what was lost before a state, with what is read behind that up to `end`.

    `weight` is that of all paths which read it, from the state on.
    """
    for origin, before, move in node.edges:
        if move is not None and move[3]:
            share = math.exp(min(0.0, origin.alpha + TEMPERATURE * before + weight))
            readings = together.setdefault((origin.end, end), {})
            was = move[0] + emitted
            readings[was] = readings.get(was, 0.0) + share


def _add(a: float, b: float) -> float:
    """Return log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))
