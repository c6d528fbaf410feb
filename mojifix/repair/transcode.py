"""Whole words through the codecs: every explanation of a word from which no byte was lost."""

from __future__ import annotations

import itertools
import math
import re
import string
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mojifix.charsets.charset import Charset, decode, encode
from mojifix.charsets.registry import CHARSETS, UNICODE
from mojifix.language import known_words, trigrams
from mojifix.language.alphabets import is_listed, share_alphabet
from mojifix.language.ngrams import Trigrams
from mojifix.language.pairs import open_after, unclosed
from mojifix.language.typography import are_common
from mojifix.language.writing import script
from mojifix.model import Channel
from mojifix.repair.customary import is_alphabet, is_customary, is_measure, is_worn
from mojifix.repair.floors import LOOKALIKES, floored, is_drawn, is_ideograph, mixed, split
from mojifix.repair.lost import bytes_of
from mojifix.repair.parts import FIRST_UNSPACED
from mojifix.repair.strange import (
    CAPITALS,
    PUNCTUATION,
    is_contraction,
    is_joined,
    is_misspelled,
    is_strange,
    score,
)

WORD = re.compile(r"(?<![^\x00-\x20])[\x21-\x7f]*+[^\x00-\x7f][^\x00-\x20]*")
"""Text between ASCII spaces with something beyond ASCII in it. U+00A0 is no border: it is half of a
damaged à. Base64 without a space is looked at once."""

HOPE = -14.0
"""Log weight, beside the word as it is, of readings that are kept."""

READABLE, WIDE_READABLE = -10.0, -13.5
"""Mean log probability of a character that text out of a legacy charset has at least, outside East
Asia and there: nearly any bytes are text in those."""

FEW_WIDE, SURELY_READABLE = 3, -11.0
"""Characters, up to which any few bytes make some of East Asia, and the mean of those that count.
"""

EVIDENT = -7.5
"""Mean log probability of a character of a word that is evidence for a legacy charset, outside East
Asia."""

TELLING = 4
"""Letters that a word has at least if it alone shows a legacy charset."""

_NOTES = "¹²³®™†‡"
"""Signs right behind words: numbers of notes, and what tells of trademarks."""

ALONE = UNICODE | {"cp1252"}
"""Charsets that shorter words show as well: those that are not legacy, and the commonest one."""

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

UNMADE = -10.0
"""Log weight of a reading out of a legacy charset of a word that is known, or of a letter or a sign
that stands alone, if it makes that what is none."""

FEW = 3
"""Bytes beyond ASCII of a word, fewer than which show no charset of two bytes a character: with
letters of ASCII beside them they make some word of Japanese (`ÉCÉL`, イキ). Nor do they show what
exchanges one small letter for another one."""

RARELY_WRITTEN = -20.0
"""Log probability of a Han character behind a small Latin letter below which none is written there:
acronyms stand before any."""

FORMULA = 2
"""Letters of ASCII, at most, of a word with Greek ones that may be a formula whatever it is read
back as. What longer ones are read back as must be known."""

_CYRILLIC = re.compile("[\u0400-\u04ff]")

ABBREVIATION = 5
"""Cyrillic letters, at most, of a word that may be an abbreviation: what it is read back as must be
known."""

READINGS = 8
"""Explanations of a word that are looked into for one more layer; four times as many are kept."""

KEPT = 1 << 14
"""Words of which the readings are remembered, and readings through chains."""

CERTAIN = 3
"""Characters out of UTF-8 in a word from which on no legacy charset is asked: bytes are no UTF-8 by
chance."""

DEEPER, CLEAR = -12.0, 3.0
"""Log weight that a text between two layers may cost at most, and by which one more layer explains
it better from which on it costs nothing."""

SEQUENCES, FIRSTS = 3, 2
"""Characters out of UTF-8 that a word has at least, and first bytes or, of three, first two bytes
of them, at most, if it is of one script."""

NAKAGURO = "・"

CONTROL = re.compile("[\x80-\x9f]")

CYRILLIC = frozenset(("koi8-r", "cp1251", "cp866", "iso-8859-5", "mac-cyrillic"))

Chain = tuple[Channel, ...]
"""The channels of several layers, in the order in which the damage happened."""


_Writers = dict[str, list[tuple[Charset, Channel]]]


class Reading(NamedTuple):
    """What a word was before it went through `chain` (without one: as it is).

    `weight` is the natural logarithm of its probability as text. `spent` is by how much less likely
    the texts between the layers were held to be than they would be as they are found: what is added
    where nothing but this word shows that there was another layer.
    """

    after: str
    chain: Chain
    weight: float
    spent: float = 0.0


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
        self._max_layers, self._entry = max_layers, entry
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

    def _explained(self, word: str, foreign: bool) -> tuple[Reading, ...]:
        # Neither that a word is not known is a sign of damage, nor that it is in capitals.
        known = max(self._spelled(word), self._spelled(word.rstrip(_NOTES)))
        weight = score(word, self._found, CAPITALS) + max(0.0, known)
        as_is = Reading(word, (), weight)
        natural = not (foreign or is_strange(word))
        if (natural and not is_misspelled(word)) or is_customary(word):
            return (as_is,)
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
        if not (foreign or is_telling(word) or CONTROL.search(word)):
            least = max(as_is.weight + SHORT, self._second(found) + CLEARER)
            found = [
                one
                for one in found
                if one.chain[0].written_as in ALONE or self._weight_of(one) >= least
            ]
        if is_listed(word):
            found = [one for one in found if one.chain[0].written_as in UNICODE]
        found = [
            one._replace(weight=one.weight + NATURAL * natural + self._against(word, one))
            for one in found
        ]
        found.sort(key=self._weight_of, reverse=True)
        return (as_is, *found[: 4 * READINGS])

    def _against(self, word: str, one: Reading) -> float:
        """Return what speaks against a reading of a word out of a legacy charset, or for it."""
        if one.chain[0].written_as in UNICODE:
            return 0.0
        weight = SAME if share_alphabet(word, one.after) else 0.0
        if _OWNER.search(one.after) and is_contraction(word):
            weight += OWNER
        if _DASH.search(one.after) and is_joined(word):
            weight += JOINED
        layer = (read_back(word, one.chain[1:]) if len(one.chain) > 1 else None) or word
        return weight + UNMADE if _unmakes(layer, one.after, self._spelled) else weight

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
        written: list[tuple[bytes, str]] = []
        for name in readers_of(text, tuple(self._readers)):
            if may_be_lost(text, name):
                continue  # That is for the lattice.
            data = encode(text, CHARSETS[name])
            if data is not None:
                written.append((data, name))
        found = list(self._out_of(self._unicode, reading, written))
        if any(sum(c >= "\x80" for c in one.after) >= CERTAIN for one in found):
            return found
        if _WITHOUT_LEAD.search(text) or _CUT_INSIDE.search(text) or is_stripped(text):
            return found
        if any(_is_cut_utf8(data) for data, _ in written):
            return found
        if outer == "utf-8" and (not reading.chain or _is_lettered(text) or CONTROL.search(text)):
            found += self._out_of(self._legacy, reading, written)
        elif outer in CYRILLIC:
            # Programs that still write legacy charsets seldom meet, but for these.
            found += self._out_of(self._cyrillic, reading, written)
        return found

    def _out_of(
        self, writers: _Writers, reading: Reading, written: Sequence[tuple[bytes, str]]
    ) -> Iterator[Reading]:
        text, chain = reading.after, reading.chain
        legacy = writers is not self._unicode
        if legacy and (_PRODUCT.search(text) or _is_formula(text)):
            return
        for data, name in written:
            few = sum(value >= 0x80 for value in data) < FEW
            for writer, channel in writers.get(name, ()):
                before = decode(data, writer)
                if before is None or before == text or not _is_whole(before, data, writer):
                    continue
                if legacy and self._is_by_chance(text, before, writer, few=few):
                    continue
                weight = self._weight(before, channel, chain)
                if weight is not None:
                    weight += UNQUOTED * takes_away(text, before)
                    one = Reading(before, (channel, *chain), weight)
                    yield one._replace(spent=self._spent(one, reading)) if chain else one

    def _is_by_chance(self, text: str, before: str, writer: Charset, *, few: bool) -> bool:
        """Tell whether a legacy charset may make `before` of clean text, which has `few` bytes."""
        if _is_framed_by(text, before) or is_worn(text) or is_alphabet(before):
            return True
        if _MARK_INSIDE.search(before) or _is_cyrillic_with_latin(text):
            return True
        if few and writer.leads and not _is_western(before):
            return True
        if _is_unwritten(before) or _is_stuck(before):
            return True
        if CONTROL.fullmatch(text.strip(PUNCTUATION)) and writer.name not in ALONE:
            return True
        unsure = few and _is_respelled(text, before) and not are_common(before)
        unsure = unsure or _is_formula(text, longest=len(text))
        unsure = unsure or bool(_FIRST_INSIDE.search(text))
        if writer.name in CYRILLIC and _is_abbreviation(text):
            if len(_CYRILLIC.findall(before)) < TELLING:
                return True
            unsure = True
        return unsure and self._spelled(before) <= 0

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

    def through(self, as_is: Reading, chain: Chain) -> Reading | None:
        """Return what a word was before it went through `chain`; None if it can't have.

        Where a charset says the same as the other one, that is the word as it is.
        """
        key = as_is.after, chain
        try:
            return self._read[key]
        except KeyError:
            if len(self._read) >= KEPT:
                self._read.clear()
            found = self._read[key] = self._through(as_is, chain)
            return found

    def _through(self, as_is: Reading, chain: Chain) -> Reading | None:
        layer = self.through(as_is, chain[1:]) if len(chain) > 1 else None
        text = read_back(as_is.after, chain)
        if text is None:
            return None
        if text == as_is.after:
            return Reading(text, chain, as_is.weight)
        unicode = chain[0].written_as in UNICODE
        possible = unicode or _may_be_legacy(as_is.after, text, chain)
        if not possible or _is_utf8_read_otherwise(as_is.after, chain):
            return None
        # The chain is likely already: what the model never saw counts as it does where it is found.
        # But legacy charsets make no symbols of letters that nobody writes.
        word = as_is.after
        fewer = sum(map(str.isalpha, text)) < sum(map(str.isalpha, word))
        found = self._text if fewer and len(text) == len(word) else self._found
        weight = score(text, self._symbolic if unicode else found) + mixed(text)
        weight += self._spelled(text) + (0.0 if unicode else split(text))
        if not unicode and _unmakes(layer.after if layer else word, text, self._spelled):
            weight += UNMADE
        if not unicode and weight < as_is.weight and self._spelled(text) <= 0 and _is_natural(word):
            weight += LESS_NATURAL
        one = Reading(text, chain, weight)
        return one._replace(spent=self._spent(one, layer)) if layer else one

    def _weight(self, text: str, channel: Channel, outer: Chain) -> float | None:
        """Return the log probability of text that was read back; None if it is unreadable."""
        if channel.written_as in UNICODE:
            return score(text, self._symbolic) + mixed(text) + self._spelled(text)
        weight = score(text, self._text) + mixed(text) + split(text) + self._spelled(text)
        wide = sum(char >= "\u1100" for char in text)
        of_wide = WIDE_READABLE if wide > FEW_WIDE else SURELY_READABLE
        least = READABLE * (len(text) + 1 - wide) + of_wide * wide
        return weight if weight >= (least / 1.25 if outer else least) else None


def _unmakes(word: str, reading: str, spelled: Callable[[str], float]) -> bool:
    """Tell whether a reading makes a known word unknown, a small word a sign, or a price a letter.

    And a natural word does not begin with what opens a quotation, nor is a word of one alphabet one
    of two.
    """
    core, was = (one.strip(PUNCTUATION + string.digits) for one in (word, reading))
    first, opening = (one.lstrip(string.punctuation)[:1] for one in (word, reading))
    return (
        spelled(word) > 0 >= spelled(reading)
        or (first.isalpha() and opening in _OPENING and not is_strange(core))
        or _is_mixed(reading) > _is_mixed(word)
        or (bool(_QUOTED.fullmatch(word)) and not _QUOTED.fullmatch(reading))
        or (core in SMALL_WORDS and not was.isalpha())
        or (core in SIGNS and (was.isalpha() or bool(_UNSIGNED.match(was))))
    )


def _is_western(text: str) -> bool:
    """Tell whether a text is a word of ASCII but for typography and small Latin letters.

    All charsets of East Asia have the former, and those of China the letters of Pinyin: Caf¨¦.
    """
    return bool(_WESTERN.fullmatch(text))


_WESTERN = re.compile("[!-~“”‘’—–…ß-öø-ǿ]*[A-Za-z][!-~“”‘’—–…ß-öø-ǿ]*")

_DASH = re.compile("[—–…]")
_OWNER = re.compile(r"[a-z]{2}’s(?![^\W_])")


def _is_natural(word: str) -> bool:
    """Tell whether a word has letters enough to look like a word of some language, and does."""
    core = word.strip(PUNCTUATION)
    if any(char >= "\x80" and (char in "ªº" or not char.isalpha()) for char in core):
        return False
    letters = sum(map(str.isalpha, core))
    return letters >= TELLING and not _is_mixed(word) and not is_strange(word)


def _may_be_legacy(word: str, reading: str, chain: Chain) -> bool:
    """Tell whether a word may be text out of a legacy charset that went through a chain.

    It has no controls then that are not found, nor frames at letters, and a measure is another one. But in ISO 8859-5 the
    signs of measures are capitals, in cp866 those of prices are letters, and ½ may be the « of
    quotations.
    """
    if len(chain) == 1 and _is_cut_short(word):
        return False
    if CONTROL.search(reading) and not CONTROL.search(word):
        return False
    if _is_framed(reading) and not _is_framed(word):
        return False
    signs = chain[0].written_as in ("iso-8859-5", "cp866") or "«" in reading
    return signs or not is_measure(word) or is_measure(reading)


_OPENING = frozenset("‘’‚“”„«»‹›…¿¡")
SMALL_WORDS, SIGNS = frozenset("àáâäåæèéêìíîòóôöøúüőÀÁÈÓÔÚ"), frozenset("€£¥×±")
"""Latin letters that are words of their own, and signs that stand alone or beside numbers."""
_QUOTED = re.compile(r"(?:“[!-~]{2,}”|„[!-~]{2,}[“”]|«[!-~]{2,}»|‹[!-~]{2,}›|‘[!-~]{2,}’)[!-/:;?]*")
"""A word of ASCII in quotation marks."""
_UNSIGNED = re.compile("[´¨¸¯\u02c6-\u02dd\u2500-\u25ff]")
"""What never is where a sign is: spacing accents, and what frames and patterns are made of."""


def read_back(text: str, chain: Chain) -> str | None:
    """Return what a text was before it went through a chain; None if it can't have."""
    for channel in reversed(chain):
        if may_be_lost(text, channel.read_as):
            return None
        data = encode(text, CHARSETS[channel.read_as])
        writer = CHARSETS[channel.written_as]
        was = None if data is None else decode(data, writer)
        if data is None or was is None or not _is_whole(was, data, writer):
            return None
        text = was
    return text


def takes_away(text: str, before: str) -> bool:
    """Tell whether a reading of a text takes away what closes a quotation, or what is quoted."""
    if not any(mark in text for mark in "“«„"):
        return False
    opened = unclosed(open_after(before)) < unclosed(open_after(text))
    return opened or bool(_EMPTY.search(before)) > bool(_EMPTY.search(text))


_EMPTY = re.compile("[“«„][”»“]")


# Surrogates, noncharacters, and the planes that nobody writes in.
_UNWRITTEN = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U00032000-\U000e00ff\U000e0200-\U0010ffff]"
)


def _is_whole(before: str, data: bytes, writer: Charset) -> bool:
    # U+FFFD that was written is text whose bytes were lost before.
    if "\ufffd" in before or (not before.isprintable() and _UNWRITTEN.search(before)):
        return False
    return encode(before, writer) == data


def _is_cut_utf8(data: bytes) -> bool:
    """Tell whether data is UTF-8 of one script, of which some bytes are lost.

    Characters of three bytes begin with few pairs, `à®` and `à¯` of Tamil, and those of two with
    few first bytes, behind most of which the second one is.
    """
    if _ALL_OF_THREE.fullmatch(data):
        pairs = _FIRST_TWO.findall(data)
        return len(pairs) >= SEQUENCES and len(set(pairs)) <= FIRSTS
    if _ALL_OF_TWO.fullmatch(data):
        first, whole = _LEAD.findall(data), _PAIR.findall(data)
        return len(whole) >= SEQUENCES and 2 * len(whole) > len(first) and len(set(first)) <= FIRSTS
    return False


def _is_utf8_read_otherwise(text: str, chain: Chain) -> bool:
    """Tell whether a chain ends with a legacy charset, but the bytes are UTF-8 of one script."""
    if chain[-1].written_as in UNICODE:
        return False
    data = encode(text, CHARSETS[chain[-1].read_as])
    return data is not None and _is_cut_utf8(data)


_ALL_OF_THREE = re.compile(rb"(?:[\x00-\x7f]|[\xe0-\xef][\x80-\xbf]{1,2})*")
_ALL_OF_TWO = re.compile(rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]?)*")
_LEAD, _PAIR = re.compile(rb"[\xc2-\xdf]"), re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_FIRST_TWO = re.compile(rb"[\xe0-\xef][\x80-\xbf]")


def _is_stuck(text: str) -> bool:
    """Tell whether rare Han characters stand right behind the small letters of a Latin word."""
    found = _BEHIND_LETTER.finditer(text)
    rare = any(trigrams()[f" {match[0]}"[-3:]] < RARELY_WRITTEN for match in found)
    return rare and 2 * sum(map(is_ideograph, text)) < len(text)


_BEHIND_LETTER = re.compile("[A-Za-z]?[a-z\u00df-\u00ff][\u3400-\u9fff]")

_CUT_SHORT = re.compile("[\u00c2-\u00f4][?\ufffd]")
_CUT_INSIDE = re.compile(
    "[ÃÄÅ][?\ufffd](?=[A-Za-z])|[\u00c2-\u00f4][?\ufffd][\u00c2-\u00f4][?\ufffd]"
)
"""What is left of quotation marks and dashes, of any character, and of Latin letters inside words
or of two letters, where controls were replaced."""

_FIRST_INSIDE = re.compile("[a-z][ÄÅ](?![A-Z\x80-\xff])")
"""What is left of long vowels inside words, where controls were dropped: mālō."""


def tells(word: str, reading: Reading) -> bool:
    """Tell whether a reading of a word is evidence for its chain.

    Of legacy charsets, which make some text of any bytes, only natural words are: no single
    letters or single ones of East Asia, no character again and again, no alphabets.
    """
    if reading.chain[0].written_as in UNICODE:
        return True
    if is_abbreviation(word, reading):
        return False
    far = [char for char in word if char >= "\x80"]
    return (
        (letters(word) > 2 or bool(CONTROL.search(word)))
        and sum(char >= "\u2e80" for char in reading.after) != 1
        and (len(set(far)) > 1 or len(far) < 3)
        and (len(far) < 3 or far != sorted(far))
        and (reading.weight > EVIDENT * (len(reading.after) + 1) or max(reading.after) >= "\u1100")
    )


def is_abbreviation(word: str, reading: Reading) -> bool:
    """Tell whether a word of Cyrillic capitals may be an abbreviation, which show no charset.

    In others many are some small word.
    """
    is_plain = all(map(str.isalpha, filter(_FAR_SIGN.match, word)))
    is_capital = is_plain and word.isupper()
    return reading.chain[0].written_as in CYRILLIC and is_capital and _is_abbreviation(word)


_FAR_SIGN = re.compile("[^\x00-\x7f№«»“”„…–—]")


def is_one_of_several(word: str, reading: str) -> bool:
    """Tell whether a reading makes one Han character of letters that may be a word: (цпп)."""
    one, several = reading.strip(PUNCTUATION), word.strip(PUNCTUATION)
    is_one = len(one) == 1 and is_ideograph(one)
    return is_one and several.isalpha() and max(several) < FIRST_UNSPACED


def shown_by(word: str, reading: Reading) -> str:
    """Return what of a word shows the chain of a reading: its symbols, where it has no letters."""
    if shown_by_letters(word, reading):
        return word.strip(PUNCTUATION)
    return "".join(char for char in word if char >= "\x80")


def is_of_pairs(word: str, reading: Reading) -> bool:
    """Tell whether a reading makes typography, or small letters, of pairs as no text has them.

    In charsets of China and Korea those begin with one of two bytes, which are ¡ and ¨ elsewhere.
    """
    wide = bool(CHARSETS[reading.chain[0].written_as].leads)
    return wide and bool(_PAIR_OF_SIGNS.search(word)) and _is_western(reading.after)


_PAIR_OF_SIGNS = re.compile("[¡¨ˇЎ]([^\\w\x00-\x7f]|(?<=¨)[^\x00-\x40])")


def shown_by_letters(word: str, reading: Reading) -> bool:
    """Tell whether a word or its reading has letters beyond ASCII."""
    return any(char >= "\x80" and char.isalpha() for char in word + reading.after)


def _is_respelled(word: str, reading: str) -> bool:
    """Tell whether a reading of a word has another small letter for one of its, and no more.

    One of another script than the others of the word is no spelling, unless it looks like theirs.
    """
    if len(word) != len(reading):
        return False
    changed = {pair for pair in zip(word, reading, strict=True) if pair[0] != pair[1]}
    if len(changed) != 1:
        return False
    char, was = changed.pop()
    misplaced = char not in _LOOK_LATIN and _is_mixed(word) and not _is_mixed(reading)
    return char.islower() and was.islower() and not misplaced


def _is_cyrillic_with_latin(word: str) -> bool:
    """Tell whether Latin letters stand for those that look like them in a Cyrillic word: Тoгo."""
    latin = [char for char in word if char.isascii() and char.isalpha()]
    return 0 < len(latin) <= len(_CYRILLIC.findall(word)) and _LOOK_CYRILLIC.issuperset(latin)


_LOOK_CYRILLIC = frozenset("aceopxyABCEHKMOPTX")

_LOOK_LATIN = LOOKALIKES | frozenset("αοινυρκ")
"""Letters of Cyrillic and Greek that are written for Latin ones."""


def _is_formula(text: str, longest: int = FORMULA) -> bool:
    """Tell whether a text has Greek letters, and of ASCII some but no more than `longest`."""
    return bool(_GREEK.search(text)) and 0 < len(_PLAIN.findall(text)) <= longest


def _is_abbreviation(text: str) -> bool:
    """Tell whether the letters beyond ASCII of a text are a few Cyrillic ones."""
    beyond = [char for char in text if char >= "\x80" and char.isalpha()]
    return 0 < len(beyond) == len(_CYRILLIC.findall(text)) <= ABBREVIATION


_MARK_INSIDE = re.compile("[^\\W\\d_][…„‚][^\\W\\d_]")
"""Marks that stand behind words or before them, between letters."""

_PRODUCT = re.compile("(?<![^\\W_])[A-Za-z0-9](?:[×÷·±][A-Za-z0-9](?![^\\W_]))+")
"""A formula of single letters and digits: N×N×N."""

_GREEK, _PLAIN = re.compile("[\u0370-\u03ff]"), re.compile("[A-Za-z]")


def is_telling(word: str) -> bool:
    """Tell whether a word has letters enough to show a legacy charset on its own."""
    return letters(word) >= TELLING


def letters(word: str) -> int:
    """Count what may be letters of a word; those of East Asia, of two bytes, count twice.

    Of box drawing, which repeats itself, each character counts once.
    """
    drawn = {char for char in word if is_drawn(char)}
    return len(drawn) + sum(
        1 + (char >= "\u1100")
        for char in word
        if (char.isalpha() or (char >= "\x80" and char not in _MARKS)) and char not in drawn
    )


_MARKS = frozenset("\xa0—–“”‘’„…«»")


def may_be_lost(text: str, reader: str) -> bool:
    """Tell whether a mark in a word may stand for bytes that a reader of two bytes lost."""
    if reader in ("cp932", "euc-jp") and NAKAGURO in text:
        return True
    return bool(CHARSETS[reader].leads) and bool(_INSIDE.search(text))


_INSIDE = re.compile("[^\x00-\x7f]\\?[^\x00-\x7f]")
_WITHOUT_LEAD = re.compile("\\?[^\\w\\s\x00-\x7f«»“”‘’„…–—‹›]")
"""What a second byte of UTF-8 looks like whose first one was lost: for the lattice, too."""

_ALPHABETS = (
    b"\xc2\xc3\xc4\xc5\xe2",
    b"\xc2\xd0\xd1\xe2",
    b"\xc2\xce\xcf\xe2",
    b"\xd7",
    b"\xd8\xd9",
)
"""First bytes of UTF-8's Latin, Cyrillic, Greek, Hebrew and Arabic letters, and punctuation."""

_PLAIN_BYTES = re.compile(rb"[\x00-\x7f]+")
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_FIRST = re.compile(rb"[\xc2-\xf4][\x80-\xbf]*")
_KANA = b"\xe3"
_QUOTE_BEGINS = "â€"


def is_stripped(word: str) -> bool:
    """Tell whether a word looks like UTF-8 read as Latin-1 or cp1252 that lost controls.

    Some characters are whole, of others the first byte is left, no byte stands without one, and
    all are of one alphabet; or the first byte of kana returns, or there is what quotation marks and
    dashes begin with.
    """
    if _QUOTE_BEGINS in word:
        return True
    data = encode(word, CHARSETS["latin-1"]) or encode(word, CHARSETS["cp1252"])
    if not data:
        return False
    far = _PLAIN_BYTES.sub(b"", data)
    if far.count(_KANA) > 2 and far.count(_KANA) * 4 >= len(far):
        return True
    firsts = {first[0] for first in _FIRST.findall(far)}
    return (
        bool(_WHOLE.search(far))
        and not _FIRST.sub(b"", far)
        and any(firsts <= set(alphabet) for alphabet in _ALPHABETS)
    )


def _is_cut_short(word: str) -> bool:
    """Tell whether a word looks like UTF-8 read as cp1252 of which controls were lost."""
    if _QUOTE_BEGINS in word or _CUT_INSIDE.search(word):
        return True
    return bool(_CUT_SHORT.search(word)) and is_stripped(word)


def _is_unwritten(text: str) -> bool:
    """Tell whether a text has what no word has: frames at letters, or two alphabets together."""
    return _is_framed(text) or _is_mixed(text)


def _is_framed(text: str) -> bool:
    """Tell whether a text has both letters and box drawing, as no word has."""
    return any(map(is_drawn, text)) and any(map(str.isalpha, text))


def _is_mixed(text: str) -> bool:
    """Tell whether letters of two alphabets are next to each other."""
    scripts = (script(char) if char < "\u2e80" else "" for char in text)
    return any(one and other and one != other for one, other in itertools.pairwise(scripts))


def _is_framed_by(text: str, before: str) -> bool:
    """Tell whether box drawing becomes no text, or what is none becomes that."""
    if any(map(is_drawn, text)):
        return not (_is_lettered(before) or _is_quoting(text, before))
    return any(map(is_drawn, before))


def _is_quoting(text: str, before: str) -> bool:
    """Tell whether box drawing at letters becomes quotation marks, apostrophes or an ellipsis."""
    return bool(_DRAWN_AT_LETTER.search(text)) and all(
        char in _MARKS for char in before if char >= "\x80"
    )


_DRAWN_AT_LETTER = re.compile("[\u2500-\u259f](?=[^\\W\\d_])|(?<=[^\\W\\d_])[\u2500-\u259f]")


def _is_lettered(text: str) -> bool:
    """Tell whether most of what a text has beyond ASCII are letters."""
    far = [char for char in text if char >= "\x80"]
    return sum(map(str.isalpha, far)) * 2 > len(far)


def readers_of(text: str, readers: tuple[str, ...]) -> Sequence[str]:
    """Return those of `readers` that have every character of `text`."""
    able = -1
    for char in set(text):
        if char >= "\x80":
            able &= able_readers(char, readers)
    return [name for number, name in enumerate(readers) if able >> number & 1]


@lru_cache(maxsize=1 << 14)
def able_readers(char: str, readers: tuple[str, ...]) -> int:
    """Return the readers, as bits by their numbers, that have a character."""
    return sum(1 << number for number, name in enumerate(readers) if bytes_of(char, name))
