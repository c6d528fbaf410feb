"""What characters weigh in a document: as they are, read back, and put back where they were lost.

Each weight is the natural logarithm of the probability of a character behind two others, told by
the three of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

from mojifix.charsets.charset import decode
from mojifix.charsets.registry import CHARSETS, bytes_of
from mojifix.language import trigrams
from mojifix.language.pairs import lonely, stuck
from mojifix.language.typography import FIRST_PICTURE, MARKS, picture
from mojifix.language.writing import small, weight_among
from mojifix.repair.decode.evidence import Traits
from mojifix.repair.gate.floors import SELDOM, floored, mixed, seldom

SCRIPTS = 1.0
"""Weight of the scripts of a document beside the trigrams."""

LETTERS = 0.7
"""Weight of a language's letters beside the trigrams, which know something of them too."""

JOINED, EATEN = -4.5, -1.5
"""Log weight of a line end that was swallowed: the lines would be one now; and in a text of several
lines of which none ends in a mark."""

SHOUTED = -0.5
"""Log weight of a capital behind two others beside that of the small letters."""

WITHIN = -2.0
"""Log weight of a U+00A0 that was lost behind two letters: where the model saw it there, a mark
follows, as in French."""

ECHO = 0.3
"""Share of a lost character's probability that comes from what followed the same two characters in
the rest of the document."""

BELOW = -4.0
"""Log weight of a lost character with which the characters before it are damaged UTF-8 still, read
in the same charset: of another layer."""

UNSEEN = -6.0
"""Log weight of a lost character that can't be seen behind one of a script that does not join."""

_INVISIBLE = frozenset("\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_JOINING = "\u0590"
_PLACED = MARKS | _INVISIBLE


class Table(dict[str, float]):
    """The weights of trigrams, filled as they are asked for; up to `KEPT` are kept."""

    KEPT = 1 << 15

    def __init__(self, weigh: Callable[[str], float]) -> None:
        self._weigh = weigh

    def __missing__(self, trigram: str) -> float:
        if len(self) >= self.KEPT:
            self.clear()
        weight = self[trigram] = self._weigh(trigram)
        return weight


def _read(trigram: str) -> float:
    weight = _with_floor(trigram, trigrams()[trigram])
    pair, char = trigram[:2], trigram[2]
    return weight + _mixed(trigram) + lonely(pair, char) + stuck(pair, char)


def _with_floor(trigram: str, weight: float) -> float:
    """Return the weight of a trigram, or its floor if the model has seen too few of its end."""
    char = trigram[2]
    if char in SELDOM:
        return max(weight, seldom(trigram))
    return max(weight, picture(char) if char >= FIRST_PICTURE else _shouted(trigram))


def _shouted(trigram: str) -> float:
    """Return the weight of a capital behind two others: the model has seen few words in capitals.

    `-math.inf` of all else, and of ASCII.
    """
    if trigram.isupper() and trigram.isalpha() and not trigram.isascii():
        return trigrams()[small(trigram)] + SHOUTED
    return -math.inf


def _found(trigram: str) -> float:
    weight = max(floored()[1][trigram], _shouted(trigram))
    return weight + lonely(trigram[:2], trigram[2])


def _mixed(trigram: str) -> float:
    return 0.0 if trigram[1:].isascii() else mixed(trigram[1:])


@lru_cache(maxsize=1)
def _general() -> tuple[Table, Table, Table, Table]:
    """Return what is the same in all documents.

    As it is, as it is behind damage, read back, and read back with rare letters.
    """
    return (
        Table(_found),
        Table(_leaving),
        Table(_read),
        Table(lambda trigram: _leaving(trigram) if trigram[2].isalpha() else _read(trigram)),
    )


def _leaving(trigram: str) -> float:
    return _found(trigram) + _mixed(trigram) + stuck(trigram[:2], trigram[2])


class _Document:
    """What a document, read by one reader, makes of the weights of lost characters."""

    def __init__(self, traits: Traits, reader: str) -> None:
        self._traits, self._reader = traits, reader
        self._joined = EATEN if traits.eaten else JOINED
        # Readers of one byte a character alone make text of which a further layer is made.
        self._layered = not CHARSETS[reader].leads
        self._read, self._chars = _general()[2], dict[str, float]()

    def known(self, trigram: str) -> float:
        """Return the weight of a trigram with what the document has elsewhere."""
        return self.echoed(trigram, trigrams()[trigram])

    def echoed(self, trigram: str, weight: float) -> float:
        """Return what `known` does, given the log probability of the trigram in general."""
        weight = _with_floor(trigram, weight)
        return self._weighed(trigram, weight, weight)

    def lost(self, trigram: str) -> float:
        """Return the weight of a lost character behind two others."""
        weight = self._weighed(trigram, self._read[trigram], trigrams()[trigram])
        if trigram[2] == "\n":
            weight += self._joined
        elif trigram[2] == "\xa0" and trigram[0].isalpha() and trigram[1].isalpha():
            weight += WITHIN
        return weight

    def _weighed(self, trigram: str, weight: float, general: float) -> float:
        """Return a weight of the last of three characters with what the document says of it.

        `general` is its log probability without that.
        """
        char = trigram[2]
        own = self._chars.get(char)
        if own is None:
            own = self._chars[char] = self._own(char)
        weight += own
        if trigram in self._traits.echoes:
            weight += self._echo(trigram, general)
        if char in _PLACED:
            weight += self._placed(trigram[1], char)
        return max(weight, _below(trigram, self._reader)) if self._layered else weight

    def _echo(self, trigram: str, weight: float) -> float:
        share = self._traits.echoes[trigram]
        return math.log((1 - ECHO) + ECHO * share * math.exp(-weight))

    def _own(self, char: str) -> float:
        """Return what letters and scripts of the document say of a character."""
        traits = self._traits
        weight = LETTERS * traits.letters.get(char, 0.0)
        if traits.scripts is not None and char >= "\x80":
            weight += SCRIPTS * weight_among(traits.scripts, char)
        return weight

    def _placed(self, before: str, char: str) -> float:
        """Return what speaks for or against a character behind another one."""
        if char in _INVISIBLE:
            return UNSEEN if before < _JOINING else 0.0
        if before.isdigit():
            return 0.0
        traits = self._traits
        return (traits.opening if before == "\n" else traits.habits).get(char, 0.0)


class Weights:
    """The weights of characters in one document, for one reader.

    `found` are those of what is as it is, `leaving` those of the same behind what was read back,
    `read` those of what is read back, and `lost` those of what is put back. `spared` is what is
    added to the least weight of a character that the reader has, as it is: in a document that
    surely went through the channel, hardly one is left. With `rare`, letters that the
    model never saw count where they are read back as they do where they are found.
    """

    def __init__(
        self, traits: Traits, reader: str, spared: float = 0.0, *, rare: bool = False
    ) -> None:
        found, leaving, read, with_rare = _general()
        self.read = with_rare if rare else read
        self.found, self.leaving = found, leaving
        if spared:
            self.found = Table(lambda trigram: found[trigram] + _as_is(trigram, reader, spared))
            self.leaving = Table(lambda trigram: leaving[trigram] + _as_is(trigram, reader, spared))
        self._document = _Document(traits, reader)
        self.lost, self._known = Table(self._document.lost), Table(self._document.known)

    def behind(self, context: str, text: str) -> float:
        """Return the weight of a text that was lost behind two characters, to compare it by.

        Of ASCII at most 0.
        """
        known = self._known
        if len(text) == 1:
            return known[context + text]
        whole = context + text
        return sum([known[whole[at : at + 3]] for at in range(len(text))])

    def behind_each(self, context: str, texts: Collection[str]) -> Mapping[str, float]:
        """Return what `behind` does, for each of many texts that are not looked at again."""
        single = "".join(text for text in texts if len(text) == 1)
        found = zip(single, trigrams().behind(context, single), strict=True)
        echoed = self._document.echoed
        weights = {char: echoed(context + char, weight) for char, weight in found}
        weights.update((text, self.behind(context, text)) for text in texts if len(text) != 1)
        return weights


def _as_is(trigram: str, reader: str, spared: float) -> float:
    """Return what is added to the weight of a character that the reader has, as it is."""
    char = trigram[2]
    if char < "\x80" or not bytes_of(char, reader):
        return 0.0
    return max(spared, trigrams()[trigram] - floored()[1][trigram])


@lru_cache(maxsize=1 << 14)
def _below(trigram: str, reader: str) -> float:
    """Return the log weight of the last of three characters as the end of one that was damaged."""
    was = ends_below(trigram, reader)
    # What is before it is not known: a space, a letter, a mark.
    return (
        BELOW + max(trigrams()[before + was] for before in ("e ", "ee", "e,")) if was else -math.inf
    )


def ends_below(text: str, reader: str) -> str:
    """Return the character that the last three or two of a text are if they are damaged UTF-8.

    `reader` is one of one byte a character. Empty where they are not.
    """
    if CHARSETS[reader].leads or len(text) > 3 or text[-2] < "\x80":
        return ""
    data = b"".join((*bytes_of(char, reader), b"?")[0] for char in text)
    for part in (data, data[1:]):
        was = decode(part, CHARSETS["utf-8"]) or ""
        if len(was) == 1 and part[0] >= 0xC2:
            return was
    return ""
