"""Whole words through the codecs: every explanation of a word from which no byte was lost."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from mojifix.charsets.charset import Charset, decode
from mojifix.charsets.registry import CHARSETS, CYRILLIC, UNICODE
from mojifix.language import known_words
from mojifix.language.alphabets import is_listed, share_alphabet
from mojifix.language.identification import are_common
from mojifix.language.lexicon import KNOWN
from mojifix.language.ngrams import Trigrams
from mojifix.model import Channel
from mojifix.repair.decode.chance import (
    is_by_chance,
    is_formula,
    is_natural,
    is_utf8_by_chance,
    may_be_legacy,
    takes_away,
    unmakes,
)
from mojifix.repair.decode.cut import (
    CUT_INSIDE,
    WITHOUT_LEAD,
    is_cut_utf8,
    is_stripped,
    may_be_lost,
)
from mojifix.repair.decode.readback import (
    is_utf8_read_otherwise,
    is_whole,
    read_back,
    readers_of,
    writings,
)
from mojifix.repair.gate.customary import is_customary, is_disguised, meant
from mojifix.repair.gate.floors import floored, mixed, split
from mojifix.repair.gate.strange import (
    CAPITALS,
    is_contraction,
    is_joined,
    is_misspelled,
    is_strange,
    score,
)
from mojifix.repair.gate.telling import (
    ALONE,
    CONTROL,
    is_inlaid,
    is_lettered,
    is_list,
    is_telling,
    is_western,
)
from mojifix.repair.reading import Chain, Reading

HOPE = -14.0
"""Log weight, beside the word as it is, of readings that are kept."""

READABLE, WIDE_READABLE = -10.0, -13.5
"""Mean log probability of a character that text out of a legacy charset has at least, outside East
Asia and there: nearly any bytes are text in those."""

FEW_WIDE, SURELY_READABLE = 3, -11.0
"""Characters, up to which any few bytes make some of East Asia, and the mean of those that count.
"""

_NOTES = "¹²³®™†‡"
"""Signs right behind words: numbers of notes, and what tells of trademarks."""

SHORT, CLEARER = 8.0, 6.0
"""Log weight, beside the word as it is and beside the next other reading, of a reading out of a
legacy charset that a shorter word shows as well."""

UNQUOTED = -12.0
"""Log weight of a reading that takes away what closes a quotation, or what is quoted: “Î”."""

NATURAL = -4.0
"""Log weight of another reading of a word that looks natural: a filter knows some words by
chance, and names are unknown."""

LESS_NATURAL = -8.0
"""Log weight of a reading out of a legacy charset that the text has gone through, if it is no known
word and less natural than the word as it is: some words of a text may never have gone through."""

SAME = -3.0
"""Log weight of a reading out of a legacy charset whose letters are of an alphabet that has those
of the word as well: wrong charsets seldom make letters of a language of its others."""

OWNER = 4.0
"""Log weight of a reading that names an owner, Tom’s, if the apostrophe became no small letter."""

JOINED = 12.0
"""Log weight of a reading that makes a dash of what joins two words of English: wait—what. Of
480,000 words beyond ASCII in wordfreq's lists none looks so."""

INLAID = 6.0
"""Log weight of a reading that makes letters of a known word of Han characters between those of
Latin script."""

KANA = -4.0
"""Log weight of kana in a charset of Chinese or Korean, which is seldom met."""

LISTED = -5.0
"""Mean log probability of a character of a word whose letters are listed, out of UTF-8: any of them
may follow, which the language model has seldom seen."""

UNMADE = -10.0
"""Log weight of a reading out of a legacy charset of a word that is known, or of a letter or a sign
that stands alone, if it makes that what is none."""

UNLIKE = 3.0
"""Log weight of a known word read back of one with letters that look like Latin ones, beside the
word that they would make."""

FEW = 3
"""Bytes beyond ASCII of a word, fewer than which show no charset of two bytes a character: with
letters of ASCII beside them they make some word of Japanese (`ÉCÉL`, イキ). Nor do they show what
exchanges one small letter for another one."""

READINGS = 8
"""Explanations of a word that are looked into for one more layer; four times as many are kept."""

KEPT = 1 << 14
"""Words of which the readings are remembered, and readings through chains."""

FOREIGN_TOO = 64
"""Words that are looked at as if foreign to their text as well, soon after they were not."""

ALIKE = 1024
"""Texts out of legacy charsets of which the weight is kept: those of a word and of some more."""

CERTAIN = 3
"""Characters out of UTF-8 in a word from which on no legacy charset is asked: bytes are no UTF-8 by
chance."""

DEEPER, CLEAR = -12.0, 3.0
"""Log weight that a text between two layers may cost at most, and by which one more layer explains
it better from which on it costs nothing."""

_Writers = dict[str, list[tuple[Charset, Channel]]]


class Transcoder:
    """The readings of words through some channels, up to `max_layers` of them.

    `entry` gives the log weight of a chain, by which the likeliest ones are chosen. What was found
    for a word is kept for the next text.
    """

    def __init__(
        self,
        channels: tuple[Channel, ...],
        model: Trigrams,
        max_layers: int,
        entry: Callable[[Chain], float],
    ) -> None:
        self.channels = channels
        self._unicode: _Writers = {}
        self._legacy: _Writers = {}
        self._cyrillic: _Writers = {}
        self._readers: dict[str, None] = {}
        for channel in channels:
            unicode = channel.written_as in UNICODE
            kind = self._unicode if unicode else self._legacy
            writer = CHARSETS[channel.written_as], channel
            kind.setdefault(channel.read_as, []).append(writer)
            if channel.written_as in CYRILLIC:
                self._cyrillic.setdefault(channel.read_as, []).append(writer)
            self._readers[channel.read_as] = None
        self._text = model
        self._symbolic, self._found = floored()
        self._spelled = lru_cache(maxsize=KEPT)(known_words().spelled)
        self._worth = lru_cache(maxsize=KEPT)(known_words().worth)
        # Charsets that are much alike read the same of a word.
        self._legacy_weight = lru_cache(maxsize=ALIKE)(self._readable)
        self._max_layers, self._entry = max_layers, entry
        self._hoped = lru_cache(maxsize=FOREIGN_TOO)(self._layers)
        self._known: dict[tuple[str, bool], tuple[Reading, ...]] = {}
        self._read: dict[tuple[str, Chain], Reading | None] = {}

    def readings(self, word: str, *, foreign: bool = False) -> tuple[Reading, ...]:
        """Return the readings of a word: as it is first, then others.

        A word that looks natural has no others, and one that is short none out of legacy charsets,
        unless it is `foreign` to its text.
        """
        key = word, foreign
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[key] = self._explained(word, foreign)
        return known

    def as_is(self, word: str) -> Reading:
        """Return the reading of a word as it is."""
        # Neither that a word is not known is a sign of damage, nor that it is in capitals.
        known = max(self._worth(word), self._worth(word.rstrip(_NOTES)))
        return Reading(word, (), score(word, self._found, CAPITALS) + max(0.0, known))

    def _explained(self, word: str, foreign: bool) -> tuple[Reading, ...]:
        as_is = self.as_is(word)
        natural = not (foreign or is_strange(word))
        if natural and not is_misspelled(word):
            return (as_is,)
        disguised = is_disguised(word)
        if is_customary(word) and not disguised:
            return (as_is,)
        found = self._hoped(word)
        if not (foreign or is_telling(word) or CONTROL.search(word)):
            least = max(as_is.weight + SHORT, self._second(found) + CLEARER)
            found = [
                one
                for one in found
                if one.chain[0].written_as in ALONE
                or self._weight_of(one) >= least
                or (_CAPITAL_INSIDE.search(word) and are_common(one.after))
            ]
        if disguised:
            least = score(meant(word), self._found) + UNLIKE
            found = [one for one in found if self._is_meant(one, least)]
        found = [
            one._replace(weight=one.weight + NATURAL * natural + self._against(word, one))
            for one in found
        ]
        found.sort(key=self._weight_of, reverse=True)
        return (as_is, *found[: 4 * READINGS])

    def _layers(self, word: str) -> list[Reading]:
        """Return what a word was before some layers, as far as that may be likely."""
        as_is = self.as_is(word)
        found: list[Reading] = []
        layer = [as_is]
        seen = {word}
        for _ in range(self._max_layers):
            below = [one for reading in layer for one in self._below(reading)]
            below.sort(key=self._promise, reverse=True)
            layer = []
            for one in below:
                likely = one.weight + one.spent + self._entry(one.chain) >= as_is.weight + HOPE
                found += [one] * likely
                deeper = likely or one.chain[0].written_as == "utf-8"
                if deeper and one.after not in seen and is_strange(one.after):
                    seen.add(one.after)
                    layer.append(one)
            layer = layer[:READINGS]
            if not layer:
                break
        return found

    def _is_meant(self, one: Reading, least: float) -> bool:
        """Tell whether a reading is out of UTF-8, or a known word that is likely enough."""
        if one.chain[0].written_as in UNICODE:
            return True
        return self._spelled(one.after) >= KNOWN[-1] and score(one.after, self._found) >= least

    def _against(self, word: str, one: Reading) -> float:
        """Return what speaks against a reading of a word out of a legacy charset, or for it."""
        if one.chain[0].written_as in UNICODE:
            return 0.0
        weight = SAME if share_alphabet(word, one.after) else 0.0
        if _OWNER.search(one.after) and is_contraction(word):
            weight += OWNER
        if _DASH.search(one.after) and is_joined(word):
            weight += JOINED
        if is_inlaid(word, one):
            weight += INLAID
        layer = (read_back(word, one.chain[1:]) if len(one.chain) > 1 else None) or word
        return weight + self._amiss(layer, one.after, one.chain[0].written_as)

    def _amiss(self, word: str, text: str, writer: str) -> float:
        """Return what speaks against a text that a word was in a legacy charset, wherever it is."""
        weight = KANA if writer in _NOT_JAPANESE and _KANA.search(text) else 0.0
        return weight + UNMADE if unmakes(word, text, self._spelled) else weight

    def _weight_of(self, reading: Reading) -> float:
        """Return the log weight of a reading with that of its chain."""
        return reading.weight + reading.spent + self._entry(reading.chain)

    def _second(self, readings: Sequence[Reading]) -> float:
        """Return the log weight of the likeliest reading that says something else than the best."""
        best = max(readings, key=self._weight_of, default=None)
        others = (one for one in readings if best and one.after != best.after)
        return max(map(self._weight_of, others), default=-math.inf)

    def _below(self, reading: Reading) -> list[Reading]:
        """Return what the text of `reading` was before one more layer."""
        text = reading.after
        outer = reading.chain[0].written_as if reading.chain else "utf-8"
        every = self._written(text)
        written = [some[0] for some in every]
        found = list(self._out_of(self._unicode, reading, written))
        if _is_unicode(text, found, written):
            return found
        if outer == "utf-8" and (not reading.chain or is_lettered(text) or CONTROL.search(text)):
            found += self._out_of(self._legacy, reading, list(itertools.chain(*every)))
        elif outer in CYRILLIC:
            # Programs that still write legacy charsets seldom meet, but for these.
            found += self._out_of(self._cyrillic, reading, written)
        return _likeliest(found)

    def _written(self, text: str) -> list[list[tuple[bytes, str]]]:
        """Return, of each reader that may have read a text, the ways to write it and its name."""
        readers = readers_of(text, tuple(self._readers))
        # What may be lost is for the lattice.
        able = (name for name in readers if not may_be_lost(text, name))
        every = ([(data, name) for data in writings(text, name)] for name in able)
        return [some for some in every if some]

    def may_be_unicode(self, word: str) -> bool:
        """Tell whether a word may be UTF-8 as some reader reads it, cut short or not.

        Then it is out of no legacy charset.
        """
        written = [some[0] for some in self._written(word)]
        found = list(self._out_of(self._unicode, self.as_is(word), written))
        return _is_unicode(word, found, written)

    def _out_of(
        self, writers: _Writers, reading: Reading, written: Sequence[tuple[bytes, str]]
    ) -> Iterator[Reading]:
        text, chain = reading.after, reading.chain
        legacy = writers is not self._unicode
        if legacy and is_formula(text):
            return
        # Most readers write a word in the same bytes.
        known: dict[tuple[bytes, str, bool], tuple[str, float] | None] = {}
        for data, name in written:
            wide = bool(CHARSETS[name].leads)
            for writer, channel in writers.get(name, ()):
                key = data, channel.written_as, wide
                if key not in known:
                    known[key] = self._before(
                        text, data, writer, wide=wide, legacy=legacy, inner=bool(chain)
                    )
                found = known[key]
                if found and not (legacy and is_list(text, found[0])):
                    one = Reading(found[0], (channel, *chain), found[1])
                    yield one._replace(spent=self._spent(one, reading)) if chain else one

    def _before(
        self, text: str, data: bytes, writer: Charset, *, wide: bool, legacy: bool, inner: bool
    ) -> tuple[str, float] | None:
        """Return what a text, in bytes, was to a writer, and its log weight; None if it wasn't.

        `wide` tells whether its reader is of East Asia, `legacy` whether the writer is no UTF-8,
        `inner` whether there is a layer above.
        """
        before = decode(data, writer)
        if before is None or before == text or not is_whole(before, data, writer):
            return None
        if wide and writer.leads and legacy and _is_exchanged(text, before):
            return None
        if legacy:
            few = sum([value >= 0x80 for value in data]) < FEW
            by_chance = is_by_chance(text, before, writer, self._spelled, few=few)
        else:
            by_chance = is_utf8_by_chance(text, before, self._spelled)
        weight = None if by_chance else self._weight(before, legacy=legacy, inner=inner)
        return None if weight is None else (before, weight + UNQUOTED * takes_away(text, before))

    def _spent(self, one: Reading, layer: Reading) -> float:
        """Return what a reading costs if the text of the layer above it may be no damaged one."""
        found = score(layer.after, self._found)
        clear = self._entry(one.chain) - self._entry(layer.chain) + one.weight - found
        least = 0.0 if clear >= CLEAR else max(DEEPER, min(0.0, layer.weight - found))
        return layer.spent + least

    def _promise(self, reading: Reading) -> tuple[bool, float]:
        # Bytes that are UTF-8 by chance are rare: that says more than the look of what is still
        # damaged.
        weight = reading.weight / len(reading.after)
        return reading.chain[0].written_as == "utf-8", weight + self._entry(reading.chain) / 4

    def through(self, word: str, chain: Chain) -> Reading | None:
        """Return what a word was before it went through `chain`; None if it can't have.

        Where a charset says the same as the other one, that is the word as it is.
        """
        key = word, chain
        try:
            return self._read[key]
        except KeyError:
            if len(self._read) >= KEPT:
                self._read.clear()
            found = self._read[key] = self._through(word, chain)
            return found

    def _read_back(self, word: str, chain: Chain) -> str | None:
        """Return the likeliest of what a word may have been before it went through a chain."""
        text, reader = read_back(word, chain), chain[0].read_as
        if len(chain) > 1 or not CHARSETS[reader].leads or may_be_lost(word, reader):
            return text
        ways, writer = writings(word, reader), CHARSETS[chain[0].written_as]
        if len(ways) < 2:
            return text
        read = ((decode(data, writer), data) for data in ways)
        texts = [one for one, data in read if one and is_whole(one, data, writer)]
        return max(texts, key=lambda one: score(one, self._text) + self._worth(one), default=text)

    def _through(self, word: str, chain: Chain) -> Reading | None:
        layer = self.through(word, chain[1:]) if len(chain) > 1 else None
        text = self._read_back(word, chain)
        if text is None:
            return None
        as_is = self.as_is(word)
        if text == word:
            return Reading(text, chain, as_is.weight)
        unicode = chain[0].written_as in UNICODE
        if unicode:
            possible = not is_utf8_by_chance(word, text, self._spelled)
        else:
            possible = may_be_legacy(word, text, chain)
        if not possible or is_utf8_read_otherwise(word, chain):
            return None
        # The chain is likely already: what the model never saw counts as it does where it is found.
        # But legacy charsets make no symbols of letters that nobody writes.
        fewer = sum(map(str.isalpha, text)) < sum(map(str.isalpha, word))
        found = self._text if fewer and len(text) == len(word) else self._found
        weight = score(text, self._symbolic if unicode else found) + mixed(text)
        weight += self._worth(text)
        if not unicode:
            weight += split(text)
            weight += self._amiss(layer.after if layer else word, text, chain[0].written_as)
            if weight < as_is.weight and self._spelled(text) <= 0 and is_natural(word):
                weight += LESS_NATURAL
        one = Reading(text, chain, weight)
        return one._replace(spent=self._spent(one, layer)) if layer else one

    def _weight(self, text: str, *, legacy: bool, inner: bool) -> float | None:
        """Return the log probability of text that was read back; None if it is unreadable.

        Out of a `legacy` charset, and maybe an `inner` one of several layers.
        """
        if not legacy:
            weight = score(text, self._symbolic) + mixed(text) + self._worth(text)
            return max(weight, LISTED * len(text)) if is_listed(text) else weight
        weight, least = self._legacy_weight(text)
        return weight if weight >= (least / 1.25 if inner else least) else None

    def _readable(self, text: str) -> tuple[float, float]:
        """Return the log probability of text out of a legacy charset, and what it has at least."""
        weight = score(text, self._text) + mixed(text) + split(text) + self._worth(text)
        wide = sum([char >= "\u1100" for char in text])
        of_wide = WIDE_READABLE if wide > FEW_WIDE else SURELY_READABLE
        return weight, READABLE * (len(text) + 1 - wide) + of_wide * wide


def _is_unicode(text: str, found: Iterable[Reading], written: Iterable[tuple[bytes, str]]) -> bool:
    """Tell whether a text is out of UTF-8, by its readings out of that and by its bytes."""
    if any(sum(c >= "\x80" for c in one.after) >= CERTAIN for one in found):
        return True
    if WITHOUT_LEAD.search(text) or CUT_INSIDE.search(text) or is_stripped(text):
        return True
    return any(is_cut_utf8(data) for data, _ in written)


_KANA = re.compile("[\u3041-\u30fa]")
_NOT_JAPANESE = frozenset(("gbk", "gb18030", "big5", "cp949"))


def _is_exchanged(text: str, before: str) -> bool:
    """Tell whether two charsets of East Asia exchange signs in text of ASCII: ¨no¨, ■■■□.

    Those stand between characters of theirs mostly. But don¡t is known by its look.
    """
    if not any(char >= "\x80" and char.isalnum() for char in text + before):
        return not CONTROL.search(text) and not is_western(before)
    return is_western(before) and not (is_contraction(text) or is_joined(text))


def _likeliest(readings: Iterable[Reading]) -> list[Reading]:
    """Return the likeliest reading of each chain: some readers have characters twice."""
    best: dict[Chain, Reading] = {}
    for one in readings:
        if one.chain not in best or one.weight > best[one.chain].weight:
            best[one.chain] = one
    return list(best.values())


_DASH = re.compile("[—–…]")
_CAPITAL_INSIDE = re.compile("[a-z][À-ÖØ-Þ](?=[a-z])")
_OWNER = re.compile(r"[a-z]{2}’s(?![^\W_])")
