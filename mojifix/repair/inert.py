"""The second test: do the words of marked lines need an explanation, and which channels give one?

It may let too much in; it must not turn damage away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from threading import Lock
from typing import NamedTuple

from mojifix.charsets.registry import UNICODE
from mojifix.language import known_words
from mojifix.language.identification import SAMPLE, Tongue, are_common, tongue_of
from mojifix.repair.decode.dense import is_utf8
from mojifix.repair.decode.evidence import FOREIGN, Evidence
from mojifix.repair.decode.legacy import told_alone
from mojifix.repair.decode.own_words import may_be_own, own_words
from mojifix.repair.decode.propose import known_by_look
from mojifix.repair.decode.traces import PROMISING
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.decode.words import LEAVING
from mojifix.repair.gate.customary import is_dump
from mojifix.repair.gate.floors import is_ideograph
from mojifix.repair.gate.parts import is_east_asian
from mojifix.repair.gate.scripts import marked
from mojifix.repair.gate.signs import may_be_sign, signs
from mojifix.repair.gate.strange import PUNCTUATION, comma, is_odd
from mojifix.repair.gate.telling import tells
from mojifix.repair.gate.usual import CODECS, FIELD, read_pairs
from mojifix.repair.lattice.rests import worth_trying
from mojifix.repair.reading import Chain

KEPT = 1 << 16
"""Words that are remembered, of those that are inert and of the others."""

TOGETHER, CLEARLY = -2.0, 12.0
"""Log weight, of several words read back and of entering the channel, from which on they are looked
into, and the text that they stand in as well."""

SURELY = 100.0
"""Log weight that a word gains by being read back from which on it need not be looked into to know
that the text is damaged."""

SEVERAL = 2
"""Strange words of a line, at least, of which it may be told that it went through a charset."""

NEAR, NEIGHBOUR = 2000, 3
"""Code points, about, of a text in which words are taken together, and of a neighbour."""


class _Word(NamedTuple):
    """What a strange word gains if it is read back through each chain; `chains`: the likely ones.

    Chains are told by number. If some are likely, what is found in the word depends on its
    neighbours. If it may be `misread`, on the language of its text: one of those words it may have
    been; or a word of that in another charset, if it `may_be_own`.
    """

    gains: Mapping[int, float]
    chains: tuple[int, ...]
    misread: Sequence[str] = ()
    may_be_own: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether it is damaged, however little is known of the rest."""
        return any(self.gains[chain] >= SURELY for chain in self.chains)


_Words = tuple["_Words | None", str]


class _Run(NamedTuple):
    """Words one after the other that may have gone through a chain, and what they gain together.

    `words` are those that the chain changes, with their neighbours: the last one, behind those
    before it; `better`, how many gain.
    """

    gain: float = 0.0
    words: _Words | None = None
    better: int = 0


@dataclass(slots=True)
class _Near:
    """A part of a text from `start` on: its words, and their runs by chain."""

    start: int
    words: set[str] = field(default_factory=set)
    runs: dict[int, _Run] = field(default_factory=dict)


class Gate:
    """Lets text through in which nothing was something else.

    The words of lines that show something are looked at and remembered: text of one kind passes at
    the speed of finding them. `is_damaged` tells whether anything is found in a few words. Words
    that are `inert` are natural, and those that are `still` are that or could come of no chain,
    nor be of a text that codecs undo as a whole.
    """

    def __init__(self, transcoder: Transcoder, is_damaged: Callable[[str], bool]) -> None:
        self._transcoder = transcoder
        self._is_damaged = lru_cache(maxsize=KEPT)(is_damaged)
        self._gain = lru_cache(maxsize=KEPT)(self._gain_of)
        self._split = _between().split
        self._inert: set[str] = set()
        self._still: set[str] = set()
        self._strange: dict[str, _Word] = {}
        self._numbers: dict[Chain, int] = {}
        self._chains: list[Chain] = []
        self._entries: list[float] = []
        self._numbering = Lock()

    def is_known(self, text: str) -> bool:
        """Tell whether `is_inert` is sure to be true, by words that are known."""
        if len(text) <= FIELD:
            parts = text.split(" ")
            if self._are_still(parts):
                return True
            words = self._split(text)
            known = self._are_still(words)
            if known and self._strange.keys().isdisjoint(words) and len(self._still) < 2 * KEPT:
                # With their punctuation, which is found faster the next time.
                self._still.update(parts)
            return known
        return all(self._are_still(self._split(text[start:end])) for start, end in marked(text))

    def _are_still(self, words: Sequence[str]) -> bool:
        """Tell whether the words of a line are `still`, and too few strange to show a charset.

        Several may show what none does alone.
        """
        if not self._still.issuperset(words):
            return False
        if self._strange.keys().isdisjoint(words):
            return True
        return sum(word in self._strange for word in set(words)) < SEVERAL

    def is_inert(self, text: str) -> bool:
        """Tell whether nothing in a text was something else, as far as it shows."""
        near = _Near(0)
        tongue: Tongue | None = None
        for start, end in marked(text):
            line = text[start:end]
            words = self._split(line)
            if start > near.start + NEAR:
                # Before anything that is remembered counts: what is found never hangs on that.
                near = _Near(start)
            if self._inert.issuperset(words) or is_dump(line):
                continue
            if not near.runs and self._are_still(words):
                near.words.update(filter(self._strange.get, words))
                continue
            others = [word for word in words if word not in self._inert]
            strange = None if self._is_shown(line, others) else self._look_at(line, others)
            if strange is None:
                return False
            if any(map(self._is_damaged, self._adding_up(line, words, strange, near))):
                return False
            misread = [word for word, one in strange.items() if one.misread or one.may_be_own]
            if misread:
                tongue = tongue or tongue_of(text[:SAMPLE])
                if any(self._is_of(tongue, word, strange[word].misread) for word in misread):
                    return False
        return True

    def _is_shown(self, line: str, words: Iterable[str]) -> bool:
        """Tell whether most words of a line show one legacy charset, or a sign a channel."""
        signed = any(map(may_be_sign, words)) and any(signs(line))
        return signed or told_alone(line, self._transcoder) is not None

    def _look_at(self, line: str, words: Iterable[str]) -> dict[str, _Word] | None:
        """Return those words of a line that are strange, with what is known of them.

        None if one of them shows that it is damaged.
        """
        strange: dict[str, _Word] = {}
        for word in dict.fromkeys(words):
            one = self._look(word)
            if one:
                strange[word] = one
                if one.is_sure or (one.chains and self._shows(word, line)):
                    return None
        return strange

    def _look(self, word: str) -> _Word | None:
        """Return what is known of a word that is strange."""
        known = self._strange.get(word)
        if known is None:
            if not _may_show_damage(word):
                if len(self._inert) >= KEPT:
                    self._inert.clear()
                    self._still.clear()
                self._inert.add(word)
                if not is_utf8(word):
                    self._still.add(word)
                return None
            if len(self._strange) >= KEPT:
                self._strange.clear()
                self._still &= self._inert
            known = self._strange[word] = self._judged(word)
            depends = known.chains or known.misread or known.may_be_own
            if not (depends or may_be_sign(word) or is_utf8(word)):
                self._still.add(word)
        return known

    def _judged(self, word: str) -> _Word:
        as_is, *others = self._transcoder.readings(word)
        gains: dict[int, float] = {}
        likely: dict[int, None] = {}
        for other in others:
            chain = self._number(other.chain)
            gains[chain] = other.weight - as_is.weight
            gain = gains[chain] + self._entries[chain]
            if gain >= (PROMISING if tells(word, other) else CLEARLY):
                likely[chain] = None
        known = _Word(gains, tuple(likely))
        if known.is_sure:
            return known
        channels = self._transcoder.channels
        for channel, gain in worth_trying(word, channels, Evidence()):
            chain = self._number((channel,))
            gains[chain] = max(gain, gains.get(chain, gain))
            likely[chain] = None
        for channel in known_by_look(word, channels):
            chain = self._number((channel,))
            gains.setdefault(chain, 0.0)
            likely[chain] = None
        misread = tuple(self._misread(word))
        return _Word(gains, tuple(likely), misread, may_be_own(word))

    def _misread(self, word: str) -> Iterator[str]:
        """Yield the known words of any language that a word may be if its text lacks its letters.

        Letters are words as well, capitals seldom are.
        """
        as_is, *others = self._transcoder.readings(word, foreign=True)
        for other in others:
            entry = self._entries[self._number(other.chain)]
            if other.weight - as_is.weight - FOREIGN + entry < PROMISING:
                continue
            known = known_words().spelled(other.after) > 0
            if known or (are_common(other.after) and not word.isupper()):
                yield other.after

    def _is_of(self, tongue: Tongue, word: str, misread: Iterable[str]) -> bool:
        """Tell whether a word was one of the language of its text, by that alone."""
        if tongue.lacks(word) and any(
            tongue.knows(was) and not tongue.lacks(was) for was in misread
        ):
            return True
        return any(own_words(word, self._transcoder.channels, tongue))

    def _number(self, chain: Chain) -> int:
        number = self._numbers.get(chain)
        if number is None:
            with self._numbering:
                number = self._numbers.get(chain, len(self._chains))
                if number == len(self._chains):
                    self._chains.append(chain)
                    self._entries.append(Evidence().entry(chain))
                    self._numbers[chain] = number
        return number

    def _shows(self, word: str, line: str) -> bool:
        """Tell whether a word of a line is damaged, as far as it and its neighbours show.

        Or a short line, which shows its language; of what is East Asian that says nothing.
        """
        if any(map(self._is_damaged, _beside(word, line))):
            return True
        whole = len(line) <= FIELD and not any(map(is_east_asian, word))
        return whole and self._is_damaged(line)

    def _adding_up(
        self, line: str, words: Sequence[str], strange: Mapping[str, _Word], near: _Near
    ) -> Iterator[str]:
        """Yield what is to be looked into: words, those of a line added, that gain enough together.

        What one word shows alone was looked into. Names return: the same word again says nothing
        of legacy charsets. A line without strange words has no part in this, remembered or not.
        """
        if not strange:
            return
        for one in strange.values():
            for chain in one.chains:
                near.runs.setdefault(chain, _Run())
        for chain, run in near.runs.items():
            again = self._chains[chain][0].written_as in UNICODE
            new = words if again else [w for w in dict.fromkeys(words) if w not in near.words]
            near.runs[chain], most = self._lengthened(run, chain, line, new, strange)
            weight = most.gain + self._entries[chain]
            if most.better and weight >= TOGETHER:
                # What was lost out of UTF-8 is told by all that is around it, too.
                telling = again or weight >= CLEARLY or len(line) <= FIELD
                yield line if telling else "\n".join(sorted(set(_each(most.words))))
        near.words.update(strange)

    def _lengthened(
        self, run: _Run, chain: int, line: str, words: Iterable[str], strange: Mapping[str, _Word]
    ) -> tuple[_Run, _Run]:
        """Return the run through a chain that words of a line end, and the one that gains most."""
        last, most = run, _Run()
        for word in words:
            if word.isascii():
                continue
            own = strange[word].gains.get(chain) if word in strange else None
            gain = self._gain(word, chain) if own is None else own
            if last.gain + gain <= 0:
                last = _Run()
            elif gain:
                beside = next(_beside(word, line), word) if word in strange else word
                last = _Run(last.gain + gain, (last.words, beside), last.better + (gain > 0))
                if last.better > 1 and last.gain > most.gain:
                    most = last
        return last, most

    def _gain_of(self, word: str, chain: int) -> float:
        """Return what a word gains if it is read back through a chain that is not its own."""
        other = self._transcoder.through(word, self._chains[chain])
        return other.weight - self._transcoder.as_is(word).weight if other else LEAVING


def _may_show_damage(word: str) -> bool:
    """Tell whether a word may show damage, on its own or with others."""
    if word.isascii() or _is_lone(word):
        return False
    return is_odd(word) or may_be_sign(word) or may_be_own(word)


def _is_lone(word: str) -> bool:
    """Tell whether a word is a Han character that alone shows nothing: it may be one letter.

    But a sign or a mark out of UTF-8 shows that, and what is left of one.
    """
    core = word.strip(PUNCTUATION)
    return len(core) == 1 and is_ideograph(core) and core not in _signs_of_utf8()


@cache
def _signs_of_utf8() -> frozenset[str]:
    """Return the characters that readers of two bytes make of the signs of UTF-8, and of U+00A0."""
    signs = ((0xC2, 0xE2, 0xE3, 0xEF), range(0x40, 0xFF)), ((0xC3,), (0x97, 0xB7))
    return frozenset(
        char for codec in CODECS for pairs in signs for char in read_pairs(codec, *pairs)
    )


def _each(words: _Words | None) -> Iterator[str]:
    while words is not None:
        words, word = words
        yield word


def _beside(word: str, line: str) -> Iterator[str]:
    """Yield each place of a word in a line, with as much of its neighbours as tells of it."""
    at = line.find(word)
    while at >= 0:
        end = at + len(word)
        before = _LAST.search(line, max(0, at - NEIGHBOUR), at)
        behind = _NEXT.match(line, end, end + NEIGHBOUR)
        if before and behind:
            yield before.group() + word + behind.group()
        at = line.find(word, end)


_LAST = re.compile(r"\S?\s{0,2}\Z")
_NEXT = re.compile(r"\s{0,2}\S?")


@cache
def _between() -> re.Pattern[str]:
    """Return what stands between words, between cells, and between clauses without spaces."""
    return re.compile(
        r"(?:[\x00-\x20;<>=|\u3000，。、；：！？]+"
        rf"|{comma()}"
        r"|(?<![^\x00-\x20;,<>=|])\"|\"(?![^\x00-\x20;,<>=|]))+"
    )
