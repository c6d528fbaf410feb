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
from functools import lru_cache

from mojifix.charsets.charset import LOSSES, encode
from mojifix.charsets.registry import CHARSETS
from mojifix.language import trigrams
from mojifix.language.ngrams import Trigrams
from mojifix.language.pairs import MARKS as PAIRED
from mojifix.language.pairs import lonely, open_after, paired, settled, unclosed
from mojifix.model import Channel
from mojifix.repair.evidence import Traits
from mojifix.repair.floors import floored, mixed
from mojifix.repair.lost import (
    EDITED,
    EDITS_OF,
    bytes_of,
    bytes_read,
    consumed,
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

LIKELIEST = 16
"""Readings of a lost byte that are followed, and states of which one is restored."""

RARE_START = -13.0
"""Log probability of a character whose first bytes begin none that is known to follow."""

FOLLOWED = 6
"""States in which a mark is read as lost bytes."""

PLAIN_MARK = "\ufffd"
"""The mark that stands for nothing else. Under others, characters of which nothing is left are
looked for only in a document that surely went through the channel."""

WHOLE = 3
"""Characters of which nothing is left that are looked for under `?`, which mostly is just that."""

MARKS = 3
"""Marks, at most, of a character of which nothing is left."""

SECONDS = 8
"""Characters before a swallowed byte of which all swallowed bytes are looked at."""

LETTERS = 0.7
"""Weight of a language's letters beside the trigrams, which know something of them too."""

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

JOINED = -3.0
"""Log weight of a line end that was swallowed: the lines would be one now."""

ECHO = 0.3
"""Share of a lost character's probability that comes from what followed the same two characters in
the rest of the document."""

EDIT_WEIGHTS = {
    "nbsp-to-space": -2.0,
    "nbsp-removed": -3.0,
    "escaped-html": -1.0,
    "c1-removed": -3.0,
    "soft-hyphen-removed": -3.0,
    "private-use-removed": -2.5,
    "straightened-quotes": -4.5,
    "lowercased": -5.0,
}
"""Log weight of a character that was edited after the damage: what web editors and filters do to
all text comes before what somebody did to this one."""

READINGS, SHOWN = 12, 0.0005
"""Other readings of a place that are told, at most, and the probability that each has at least."""

INVISIBLE = frozenset("\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
JOINING = "\u0590"
UNSEEN = -6.0
"""Log weight of a lost character that can't be seen behind one of a script that does not join."""

COLLAPSED = -2.0
"""The same of a U+00A0 beside white space: what trims lines and collapses spaces takes it, too."""

ENTITY = "&nbsp;"
"""What becomes of U+00A0 in HTML."""

_APART = frozenset("“”‘’„‚«»‹›–—…\xa0、。，：；！？（）「」")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is known of a document.

    `entry` is the log weight of entering the channel, `traits` what the document is like; `edits`
    tells whether later edits are looked for. `spared` is what is added to the least log weight of a
    character that the reader has, as it is: in a document that surely went through the channel,
    hardly one is left. `taught` tells whether it is such a document.
    """

    entry: float
    traits: Traits = field(default_factory=Traits)
    edits: bool = True
    spared: float = 0.0
    taught: bool = False


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
    """A state between two characters of the text found.

    Its key: whether it is inside the channel, the bytes that wait for their character, the last two
    characters of the explanation, and the quotation marks that are open.
    """

    __slots__ = ("alpha", "best", "beta", "edges", "key", "score")

    def __init__(self, key: _Key) -> None:
        self.key = key
        self.score = -math.inf
        self.alpha = -math.inf
        self.beta = -math.inf
        self.best: _Edge | None = None
        self.edges: list[_Edge] = []


_Key = tuple[bool, bytes, str, str]
_Layer = dict[_Key, _Node]
_Readings = Mapping[tuple[int, int], Mapping[str, float]]


@dataclass(slots=True, eq=False)
class _Edge:
    """A step of a path: a span of the text found, what it was, and the log weight of that."""

    origin: _Node
    start: int
    end: int
    emitted: str
    inside: bool = False
    weight: float = 0.0
    loss: str = ""


def _is_far(char: str) -> bool:
    return char >= "\x80" and char not in _APART


class Lattice:
    """All explanations of a window of a document by one channel."""

    def __init__(
        self, text: str, window: Window, channel: Channel, settings: Settings, model: Trigrams
    ) -> None:
        self.text, self.window = text, window
        # What has just entered the channel is behind by that much.
        self.slack = max(SLACK, SLACK / 2 - settings.entry - BORDER)
        self.start, self.end = window.start, window.end
        self.settings, self.model = settings, model
        self.found = floored()[1]
        self.reader, self.writer = channel.read_as, channel.written_as
        self.loss = channel.loss
        self.mark = LOSSES[self.loss].mark if self.loss else ""
        self.wide = bool(CHARSETS[self.reader].leads)
        self.edits = EDITS_OF[self.wide] if settings.edits else ()
        self.nodes: list[_Node] = []
        self.kept: dict[int, float] = {}
        self.ahead: dict[int, _Layer] = {}
        self._known: dict[tuple[str, bytes], Sequence[tuple[str, bytes]]] = {}
        self._whole: dict[tuple[str, int, str], Sequence[tuple[str, int]]] = {}

    # Building ------------------------------------------------------------------------------------

    def best_path(self) -> tuple[float, list[Piece]]:
        """Return the log weight of all paths, and what is inside the channel on the best one."""
        left = self.window.left
        root = _Node((False, b"", ("\n\n" + left)[-2:], open_after(left)))
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
        layer |= self._restored(layer, self.end)
        return self._trace(layer)

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
        return end if end - at >= 4 else at

    def _jump(self, layer: _Layer, at: int, end: int) -> _Layer:
        """Cross clean text, whose weight is the same on every path that can cross it."""
        crossed: _Layer = {}
        gap = self.text[at:end]
        context = gap[-2:]
        for node in layer.values():
            inside, waiting, last, open_marks = node.key
            if not waiting:
                key = (inside, b"", context, open_after(gap, open_marks, last[1]))
                self._link(crossed, key, _Edge(node, at, end, ""))
        return self._pruned(crossed)

    def _advance(self, layer: _Layer, at: int) -> _Layer:
        char = self.text[at]
        ways = bytes_read(char, self.reader, self.loss)
        if self.mark and char == self.mark:
            layer = self._best(layer)
            self._lose_whole(layer, at)
        restored = self._restored(layer, at)
        following = self.ahead.pop(at + 1, {})
        touches = at > self.start and _is_far(char) and _is_far(self.text[at - 1])
        border = BORDER if touches else 0.0
        may_enter = char >= "\x80" or char == self.mark
        drops = self.wide and self.loss == "drop"
        for nodes in (layer, restored):
            for node in nodes.values():
                inside, waiting, _, _ = node.key
                if not waiting:
                    leaving = border if inside else 0.0
                    self._emit(following, _Edge(node, at, at + 1, char, weight=leaving), b"")
                    if not inside and not may_enter:
                        continue
                weight = 0.0 if inside else self.settings.entry + border
                self._consume(following, node, at, ways, weight)
                if drops and not waiting:
                    self._begin_lost(following, node, at, ways, weight)
        return self._pruned(following)

    def _lose_whole(self, layer: _Layer, at: int) -> None:
        """Follow the marks at `at` as those of one character of which nothing is left."""
        end = at + 1
        while end < self.end and end - at < MARKS and self.text[end] == self.mark:
            end += 1
        for node in layer.values():
            inside, waiting, context, _ = node.key
            if waiting or not (inside or self.settings.taught or self.mark == PLAIN_MARK):
                continue
            entry = 0.0 if inside else self.settings.entry
            for char, marks in self._wholly_lost(context, at, end):
                edge = _Edge(
                    node,
                    at,
                    at + marks,
                    char,
                    inside=True,
                    weight=entry + marks * LOSS_WEIGHTS[self.loss],
                    loss=self.loss,
                )
                self._emit(self.ahead.setdefault(at + marks, {}), edge, b"")

    def _wholly_lost(self, context: str, at: int, end: int) -> Sequence[tuple[str, int]]:
        """Return the likeliest characters that leave some of the marks from `at` to `end` only."""
        behind = self.text[end : end + 1]
        following = behind if behind.isascii() else ""
        key = (context, end - at, following)
        known = self._whole.get(key)
        if known is None:
            channel = (self.writer, self.reader, self.loss)
            chars = self.model.followers(context)
            lost = [(char, lost_whole(char, following, *channel)) for char in chars]
            found = [(char, marks) for char, marks in lost if 0 < marks <= end - at]
            found.sort(key=lambda one: -self._weight(context, one[0]))
            known = self._whole[key] = found[: WHOLE if self.mark == "?" else LIKELIEST]
        return known

    def _best(self, layer: _Layer) -> _Layer:
        """Return the likeliest states, of which a loss with many readings is followed."""
        if len(layer) <= FOLLOWED:
            return layer
        kept = sorted(layer.values(), key=lambda node: -self._promise(node))[:FOLLOWED]
        if all(node.key[0] for node in kept):
            kept += [node for node in layer.values() if not node.key[0]][:1]
        return {node.key: node for node in kept}

    def _consume(
        self, following: _Layer, node: _Node, at: int, ways: tuple[bytes, ...], weight: float
    ) -> None:
        """Follow the character at `at` as bytes of the channel, or as the mark of lost ones."""
        waiting, char = node.key[1], self.text[at]
        failed = True
        for data in ways:
            read = consumed(waiting, data, self.writer)
            if read is not None:
                failed = False
                edge = _Edge(node, at, at + 1, read[0], inside=True, weight=weight)
                self._emit(following, edge, read[1])
        if self.mark and char == self.mark:
            self._read_mark(following, node, at, weight)
        if waiting and failed:
            edits: Sequence[str] = self.edits
            self._unescape(node, at)
        elif not waiting and "lowercased" in self.edits and char.islower():
            edits = ("lowercased",)
        else:
            return
        for edit in edits:
            for original in originals(char, edit):
                for data in bytes_read(original, self.reader, self.loss):
                    read = consumed(waiting, data, self.writer)
                    if read is not None and (waiting or self._continues(at + 1)):
                        edge = _Edge(
                            node,
                            at,
                            at + 1,
                            read[0],
                            inside=True,
                            weight=weight + EDIT_WEIGHTS[edit],
                            loss=edit,
                        )
                        self._emit(following, edge, read[1])

    def _begin_lost(
        self, following: _Layer, node: _Node, at: int, ways: tuple[bytes, ...], weight: float
    ) -> None:
        """Follow the character at `at` as one that begins inside a character of the channel."""
        for data in ways:
            readings = lost_ahead(data, self.writer, self.reader, self.loss)
            for emitted, rest in self._likeliest(node.key[2], readings):
                edge = _Edge(
                    node,
                    at,
                    at + 1,
                    emitted,
                    inside=True,
                    weight=weight + LOSS_WEIGHTS["drop"],
                    loss="drop",
                )
                self._emit(following, edge, rest)

    def _unescape(self, node: _Node, at: int) -> None:
        """Follow an entity at `at` as the U+00A0 that it stands for."""
        if "escaped-html" not in self.edits or not self.text.startswith(ENTITY, at, self.end):
            return
        end = at + len(ENTITY)
        for data in bytes_read("\xa0", self.reader, self.loss):
            read = consumed(node.key[1], data, self.writer)
            if read is not None:
                weight = EDIT_WEIGHTS["escaped-html"]
                edge = _Edge(
                    node, at, end, read[0], inside=True, weight=weight, loss="escaped-html"
                )
                self._emit(self.ahead.setdefault(end, {}), edge, read[1])

    def _continues(self, at: int) -> bool:
        """Tell whether the character at `at` is inside a character of UTF-8."""
        ways = bytes_read(self.text[at], self.reader, self.loss) if at < self.end else ()
        return bool(ways) and 0x80 <= ways[0][0] < 0xC0

    def _read_mark(self, following: _Layer, node: _Node, at: int, weight: float) -> None:
        """Follow the character at `at` as the mark of one lost byte, or of two."""
        waiting, context = node.key[1], node.key[2]
        weight += LOSS_WEIGHTS[self.loss]
        if not waiting:
            for emitted, rest in self._begun(context, at):
                edge = _Edge(node, at, at + 1, emitted, inside=True, weight=weight, loss=self.loss)
                self._emit(following, edge, rest)
            return
        readings = self._likeliest(context, self._lost_before(waiting, at + 1))
        if self.wide and LOSSES[self.loss].swallows != 1:
            last = at + 1 == self.window.line_end
            readings = [*readings, *self._swallowed(context, waiting, last=last)]
        for emitted, rest in readings:
            self._emit(
                following,
                _Edge(node, at, at + 1, emitted, inside=True, weight=weight, loss=self.loss),
                rest,
            )

    def _swallowed(
        self, context: str, waiting: bytes, *, last: bool
    ) -> Sequence[tuple[str, bytes]]:
        """Return the likeliest readings of two bytes that were lost under one mark."""
        pairs = lost_together(waiting, self.writer, self.reader, self.loss)
        firsts = sorted(pairs, key=lambda first: -self._weight(context, first))
        readings = [
            (first + second, rest)
            for first in firsts[:SECONDS]
            for second, rest in pairs[first]
            if not (last and second == "\n")
        ]
        return self._likeliest(context, readings)

    def _begun(self, context: str, at: int) -> Sequence[tuple[str, bytes]]:
        """Return what was lost under a mark at `at` if a character began there."""
        if not self.wide:
            if not self._goes_on(at + 1):
                return ()
            return [("", lead) for lead in lost_leads(self.writer, self.reader, self.loss)]
        following = self.text[at + 1 : at + 2]
        ways = (
            bytes_read(following, self.reader, self.loss) if following and at + 1 < self.end else ()
        )
        last = ways[0][:1] if ways and ways[0] >= b"\x80" else b""
        if not last and following != self.mark:
            return ()
        known = self._known.get((context, last))
        if known is None:
            known = self._known[context, last] = self._pairs(context, last)
        if LOSSES[self.loss].swallows != 1:
            return known
        # A first byte alone, whose character the next bytes may complete.
        if last:
            leads = lost_alone(b"", self.writer, self.reader, last, self.loss)
            return [*known, *(one for one in leads if consumed(one[1], ways[0], self.writer))]
        leads = lost_alone(b"", self.writer, self.reader, None, self.loss)
        return [*known, *self._likely_leads(context, leads)]

    def _likely_leads(
        self, context: str, leads: Sequence[tuple[str, bytes]]
    ) -> Sequence[tuple[str, bytes]]:
        """Return those of the first bytes of a character that begin likely ones."""
        model = self.model
        chances: dict[bytes, float] = {}
        for char in model.followers(context):
            lead = (encode(char, CHARSETS[self.writer]) or b"")[:1]
            chances[lead] = chances.get(lead, 0.0) + math.exp(model[context + char])
        return sorted(leads, key=lambda one: -chances.get(one[1], 0.0))[:SECONDS]

    def _pairs(self, context: str, last: bytes) -> Sequence[tuple[str, bytes]]:
        """Return the pairs of bytes, lost under one mark, that begin a likely character.

        `last` is the byte that completes it, if that one was not lost as well.
        """
        if b"\x80" <= last < b"\xc0":
            third = lost_start(last, self.writer, self.reader, self.loss)
            return [("", rest) for _, rest in self._likeliest(context, third)]
        model = self.model
        known = sorted(model.followers(context), key=lambda char: -model[context + char])
        pairs = [(char, lost_of(char, self.writer, self.reader, self.loss)) for char in known]
        whole = [(char, b"") for char, pair in pairs if len(char.encode()) == 2 and pair]
        begun = dict.fromkeys(pair for char, pair in pairs if pair and len(char.encode()) == 3)
        return [*whole[:SECONDS], *(("", rest) for rest in list(begun)[:SECONDS])]

    def _goes_on(self, at: int) -> bool:
        """Tell whether the character at `at` may be inside a character of UTF-8."""
        return (bool(self.mark) and self.text[at : at + 1] == self.mark) or self._continues(at)

    def _weight(self, context: str, text: str) -> float:
        """Return the log probability of text behind two characters."""
        model, echoes = self.model, self.settings.traits.echoes
        whole = context + text
        weight = 0.0
        for at in range(len(text)):
            trigram = whole[at : at + 3]
            weight += model[trigram] + (self._echo(trigram) if trigram in echoes else 0.0)
        return weight

    def _echo(self, trigram: str) -> float:
        """Return by how much what the document has elsewhere makes a trigram likelier."""
        share = ECHO * self.settings.traits.echoes[trigram]
        return math.log((1 - ECHO) + share * math.exp(-self.model[trigram]))

    def _likeliest(
        self, context: str, readings: Sequence[tuple[str, bytes]]
    ) -> Sequence[tuple[str, bytes]]:
        """Return the readings that the language model finds likeliest behind `context`."""
        if len(readings) <= LIKELIEST:
            return readings
        # A byte that waits makes half a character, which has its cost too.
        weights = {text: self._weight(context, text) for text in {text for text, _ in readings}}
        return sorted(readings, key=lambda one: 6.0 * bool(one[1]) - weights[one[0]])[:LIKELIEST]

    def _lost_before(self, waiting: bytes, at: int) -> tuple[tuple[str, bytes], ...]:
        """Return what `waiting` may become by a byte that is lost before the character at `at`."""
        char = self.text[at : at + 1]
        if char and char == self.mark:
            # What comes next was lost as well: only bytes that are never read can stand there.
            return lost_alone(waiting, self.writer, self.reader, None, self.loss)
        ways = bytes_read(char, self.reader, self.loss) if char else ()
        following = ways[0][:1] if ways else b""
        return lost_alone(waiting, self.writer, self.reader, following, self.loss)

    def _restored(self, layer: _Layer, at: int) -> _Layer:
        """Put back what was dropped or removed without a mark before the character at `at`."""
        drops = self.loss == "drop"
        edited = self.edits and (not self.mark or self.text[at : at + 1] != self.mark)
        waits = [node for node in layer.values() if node.key[1]]
        if len(waits) > LIKELIEST:
            waits = sorted(waits, key=lambda node: -self._promise(node))[:LIKELIEST]
        restored: _Layer = {}
        if drops:
            self._put_back_dropped(restored, waits, at)
            if not self.wide and self._continues(at):
                leads = [("", lead) for lead in lost_leads(self.writer, self.reader, "drop")]
                for node in layer.values():
                    if node.key[0] and not node.key[1]:
                        self._drop(restored, node, at, leads)
        if edited and waits:
            ways = bytes_read(self.text[at], self.reader, self.loss) if at < self.end else ()
            for node in waits:
                if not any(consumed(node.key[1], data, self.writer) for data in ways):
                    self._put_back(restored, node, at)
        return self._pruned(restored) if restored else restored

    def _put_back_dropped(self, layer: _Layer, waits: Sequence[_Node], at: int) -> None:
        # Readers that lose a byte whatever comes next lose it before another lost one too.
        twice: _Layer = {}
        for node in waits:
            waiting = node.key[1]
            self._drop(layer, node, at, self._lost_before(waiting, at))
            always = lost_alone(waiting, self.writer, self.reader, None, "drop")
            self._drop(twice, node, at, [one for one in always if one[1]])
        self.nodes.extend(twice.values())
        for node in twice.values():
            self._drop(layer, node, at, self._lost_before(node.key[1], at))

    def _drop(
        self, layer: _Layer, node: _Node, at: int, readings: Sequence[tuple[str, bytes]]
    ) -> None:
        for emitted, rest in self._likeliest(node.key[2], readings):
            edge = _Edge(
                node, at, at, emitted, inside=True, weight=LOSS_WEIGHTS["drop"], loss="drop"
            )
            self._emit(layer, edge, rest)

    def _put_back(self, layer: _Layer, node: _Node, at: int) -> None:
        _, waiting, context, _ = node.key
        following = self.text[at] if at < self.window.line_end else "\n"
        for edit in self.edits:
            weight = EDIT_WEIGHTS[edit]
            if edit == "nbsp-removed" and following.isspace():
                weight = COLLAPSED
            readings = removed(waiting, self.writer, self.reader, edit)
            for emitted, rest in self._likeliest(context, readings):
                self._emit(
                    layer,
                    _Edge(node, at, at, emitted, inside=True, weight=weight, loss=edit),
                    rest,
                )

    def _emit(self, layer: _Layer, edge: _Edge, rest: bytes) -> None:
        """Add an edge, weighed by the language model, to the state that it leads to."""
        _, _, context, open_marks = edge.origin.key
        model = self.model if edge.inside else self.found
        weight, spared = edge.weight, self.settings.spared
        for char in edge.emitted:
            weight += model[context + char]
            if (edge.inside or edge.origin.key[0]) and (char >= "\x80" or context[1] >= "\x80"):
                weight += mixed(context[1] + char)
            if spared and not edge.inside and char >= "\x80" and bytes_of(char, self.reader):
                weight += max(spared, self.model[context + char] - model[context + char])
            if edge.loss:
                weight += self._lost_weight(context, char)
            if context[1] == "’" and context[0].isalpha():
                open_marks, cost = settled(open_marks, char)
                weight += cost
            if char in PAIRED:
                open_marks, cost = paired(open_marks, char, context[1])
                weight += cost
            elif char == " ":
                weight += lonely(context, char)
            context = context[1] + char
        edge.weight = weight
        self._link(layer, (edge.inside, rest, context, open_marks), edge)

    def _lost_weight(self, context: str, char: str) -> float:
        """Return what is added to the log probability of a lost character behind two others."""
        traits = self.settings.traits
        weight = LETTERS * traits.letters.get(char, 0.0)
        if context + char in traits.echoes:
            weight += self._echo(context + char)
        if char == "\n":
            weight += JOINED
        elif char in INVISIBLE and context[1] < JOINING:
            weight += UNSEEN
        elif not context[1].isdigit():
            weight += traits.habits.get(char, 0.0)
        return weight

    @staticmethod
    def _link(layer: _Layer, key: _Key, edge: _Edge) -> None:
        node = layer.get(key)
        if node is None:
            node = layer[key] = _Node(key)
        node.edges.append(edge)
        score = edge.origin.score + edge.weight
        if score > node.score:
            node.score, node.best = score, edge
        node.alpha = _add(node.alpha, edge.origin.alpha + TEMPERATURE * edge.weight)

    def _pruned(self, layer: _Layer) -> _Layer:
        if len(layer) > 1:
            floor = max(map(self._promise, layer.values())) - self.slack
            kept = [node for node in layer.values() if self._promise(node) >= floor]
            if len(kept) > WIDTH:
                kept.sort(key=lambda node: -self._promise(node))
                kept = kept[:WIDTH]
            # The text as it is stays a way out, however likely the channel looks.
            if all(node.key[0] for node in kept):
                as_is = [node for node in layer.values() if not node.key[0]]
                kept += sorted(as_is, key=lambda node: -node.score)[:1]
            layer = {node.key: node for node in kept}
        self.nodes.extend(layer.values())
        return layer

    def _promise(self, node: _Node) -> float:
        """Return the log weight of a state with what the bytes that wait will cost at least."""
        _, waiting, context, _ = node.key
        if not waiting:
            return node.score
        begun = _begun_by(self.writer, context)
        return node.score + begun.get(waiting[:2], RARE_START)

    # Reading -------------------------------------------------------------------------------------

    def _trace(self, last: _Layer) -> tuple[float, list[Piece]]:
        """Return the weight of all paths, and the pieces of the best one with their posteriors."""
        finals = [(node, self._closing(node.key)) for node in last.values() if not node.key[1]]
        if not finals:
            return -math.inf, []
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
                if not edge.inside:
                    self.kept[edge.start] = self.kept.get(edge.start, 0.0) + share
                readings[edge.emitted] = readings.get(edge.emitted, 0.0) + share
        node, _ = max(finals, key=lambda final: final[0].score + final[1])
        path: list[tuple[_Edge, bool]] = []
        while node.best is not None:
            path.append((node.best, bool(node.key[1])))
            node = node.best.origin
        path.reverse()
        return total / TEMPERATURE, list(self._pieces(path, by_reading))

    def _closing(self, key: _Key) -> float:
        """Return the log weight of what follows the window: the line's end, or its next text."""
        inside, _, context, open_marks = key
        model = self.model if inside else self.found
        following = self.text[self.end : self.end + 1] or "\n"
        unpaired = unclosed(open_marks) if self.end == self.window.line_end else 0.0
        return model[context + following] + unpaired

    def _pieces(self, path: Sequence[tuple[_Edge, bool]], by_reading: _Readings) -> Iterator[Piece]:
        """Cut the path where both texts have a character boundary, and yield what has changed."""
        run: list[_Edge] = []
        unit: list[_Edge] = []
        for edge, waiting in path:
            if edge.inside:
                unit.append(edge)
                if waiting:
                    continue
            # Lossless neighbours are one piece: half of a damaged word is no repair.
            changed = "".join(e.emitted for e in unit) != self._found(unit)
            lossy = any(e.loss for e in unit)
            if run and (not changed or lossy):
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
            sum(bool(edge.loss) for edge in run),
            tuple(dict.fromkeys(edge.loss for edge in run if edge.loss in EDITED)),
            max(0.0, min(weakest, 1 - doubt)),
            max(0.0, 1 - max(self.kept.get(e.start, 0.0) for e in run if e.end > e.start)),
            tuple(alternatives[:READINGS]),
        )


@lru_cache(maxsize=1 << 14)
def _begun_by(writer: str, context: str) -> Mapping[bytes, float]:
    """Return the first bytes of the characters that may follow two others, up to two of them.

    Each with the log probability of the likeliest character that begins so.
    """
    model, charset = trigrams(), CHARSETS[writer]
    best: dict[bytes, float] = {}
    for char in model.followers(context):
        data = encode(char, charset) or b""
        weight = model[context + char]
        for length in range(1, min(3, len(data))):
            if weight > best.get(data[:length], RARE_START):
                best[data[:length]] = weight
    return best


def _add(a: float, b: float) -> float:
    """Return log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))
