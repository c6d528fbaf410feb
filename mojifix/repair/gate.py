"""The first tests: which text needs an explanation at all, and which channels could give one?

They may let too much in; they must not turn damage away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from threading import Lock
from typing import NamedTuple

from mojifix.charsets.charset import Charset, decode
from mojifix.charsets.registry import CHARSETS, UNICODE
from mojifix.language import known_words, trigrams
from mojifix.language.alphabets import is_listed
from mojifix.language.ngrams import Trigrams
from mojifix.language.typography import SURELY_TOLD, Tongue, are_common, tongue_of
from mojifix.model import Channel
from mojifix.repair.customary import is_customary, is_worn
from mojifix.repair.evidence import FOREIGN, SAMPLE, Evidence
from mojifix.repair.floors import floored
from mojifix.repair.lost import COMMON_LEADS, bytes_of, consumed, has_all, lost_leads
from mojifix.repair.propose import known_by_look
from mojifix.repair.scripts import marked
from mojifix.repair.signs import may_be_sign, signs
from mojifix.repair.strange import CAPITALS, comma, is_odd, score
from mojifix.repair.transcode import (
    ALONE,
    Chain,
    Reading,
    Transcoder,
    able_readers,
    is_stripped,
    tells,
)


def _dead() -> Iterator[str]:
    """Yield what readers make of U+FFFD in UTF-8, alone or, where that splits it, twice."""
    for name, reader in CHARSETS.items():
        read = decode("\ufffd".encode() * (2 if reader.leads else 1), reader)
        if read and name not in ("utf-8", "cesu-8"):
            yield read


def _telling(dead: str) -> str:
    """Return the rarest character of dead text, or all of it where that is made of letters."""
    signs = [char for char in dead if not (char.isalpha() or char in "«»—“”’")]
    return max(signs, default=dead)


DEAD = re.compile(
    f"(?:{'|'.join(sorted(set(map(re.escape, _dead()))))}|锟斤拷|锟斤|锟�|Ã¯Â¿Â½)+"
    r"|(?:烫烫烫|屯屯屯|葺葺葺)[烫屯葺]*|(?<!\w)\ufffd{3,}(?!\w)|\ufffd{7,}"
    r"|(?<!\S)\?{3,}(?:[ ,.]+\?{2,})+"
)
"""Text whose bytes were replaced before it was mis-decoded (U+FFFD read as cp1252 or GBK), memory
that was never text, and words of which every letter was replaced: nothing of it can be restored."""

_DEAD_SIGNS = sorted({*map(_telling, _dead()), *"锟烫屯葺\ufffd", "???"})


def dead_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `DEAD` in a text."""
    if any(sign in text for sign in _DEAD_SIGNS):
        for match in DEAD.finditer(text):
            yield match.span()


KEPT = 1 << 16
"""Words that are remembered, of those that are inert and of the others."""

TOGETHER, CLEARLY = -2.0, 12.0
"""Log weight, of several words read back and of entering the channel, from which on they are looked
into, and the text that they stand in as well."""

SURELY = 100.0
"""Log weight that a word gains by being read back from which on it need not be looked into to know
that the text is damaged."""

LEAVING = -10.0
"""What is taken off for a word that did not go through the channel of the word before it."""

NEAR, NEIGHBOUR = 2000, 3
"""Code points, about, of a text in which words are taken together, and of a neighbour."""


class _Word(NamedTuple):
    """What a strange word gains if it is read back through each chain; `chains`: the likely ones.

    Chains are told by number. If some are likely, what is found in the word depends on its
    neighbours. If it may be `misread`, on the language of its text: one of those words it may have
    been.
    """

    gains: Mapping[int, float]
    chains: tuple[int, ...]
    misread: Sequence[str]

    @property
    def is_sure(self) -> bool:
        """Whether it is damaged, however little is known of the rest."""
        return any(self.gains[chain] >= SURELY for chain in self.chains)


class _Run(NamedTuple):
    """Words one after the other that may have gone through a chain, and what they gain together.

    `words` are those that the chain changes, with their neighbours; `better`, how many gain.
    """

    gain: float = 0.0
    words: tuple[str, ...] = ()
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
    that are `inert` are natural, and those that are `still` are that or could come of no chain.
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
        return all(
            self._still.issuperset(self._split(text[start:end])) for start, end in marked(text)
        )

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
            if self._inert.issuperset(words):
                continue
            if not near.runs and self._still.issuperset(words):
                near.words.update(filter(self._strange.get, words))
                continue
            others = [word for word in words if word not in self._inert]
            signed = any(map(may_be_sign, others)) and any(signs(line))
            strange = {} if signed else self._look_at(others)
            if signed or any(one.is_sure for one in strange.values()):
                return False
            if any(one.chains and self._shows(word, line) for word, one in strange.items()):
                return False
            if any(map(self._is_damaged, self._adding_up(line, words, strange, near))):
                return False
            misread = {word: one.misread for word, one in strange.items() if one.misread}
            if misread:
                tongue = tongue or tongue_of(text[:SAMPLE], SURELY_TOLD)
                if any(_is_of(tongue, word, was) for word, was in misread.items()):
                    return False
        return True

    def _look_at(self, words: Iterable[str]) -> dict[str, _Word]:
        """Return those of some words that are strange, with what is known of them."""
        known = ((word, self._look(word)) for word in words)
        return {word: one for word, one in known if one}

    def _look(self, word: str) -> _Word | None:
        """Return what is known of a word that is strange."""
        known = self._strange.get(word)
        if known is None:
            if word.isascii() or not (is_odd(word) or may_be_sign(word)):
                if len(self._inert) >= KEPT:
                    self._inert.clear()
                    self._still.clear()
                self._inert.add(word)
                self._still.add(word)
                return None
            if len(self._strange) >= KEPT:
                self._strange.clear()
                self._still &= self._inert
            known = self._strange[word] = self._judged(word)
            if not (known.chains or known.misread or may_be_sign(word)):
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
        for channel, gain in promising(word, self._transcoder.channels, Evidence(), trigrams()):
            chain = self._number((channel,))
            gains[chain] = max(gain, gains.get(chain, gain))
            likely[chain] = None
        for channel in known_by_look(word, self._transcoder.channels):
            chain = self._number((channel,))
            gains.setdefault(chain, 0.0)
            likely[chain] = None
        return _Word(gains, tuple(likely), tuple(self._misread(word)))

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
        """Tell whether a word of a line is damaged, as far as it and its neighbours show."""
        return any(map(self._is_damaged, _beside(word, line)))

    def _adding_up(
        self, line: str, words: Sequence[str], strange: Mapping[str, _Word], near: _Near
    ) -> Iterator[str]:
        """Yield what is to be looked into: words, those of a line added, that gain enough together.

        What one word shows alone was looked into. Names return: the same word again says nothing
        of legacy charsets.
        """
        for one in strange.values():
            for chain in one.chains:
                near.runs.setdefault(chain, _Run())
        for chain, run in near.runs.items():
            again = self._chains[chain][0].written_as in UNICODE
            last, most = run, _Run()
            for word in words if again else dict.fromkeys(words):
                if word.isascii() or (word in near.words and not again):
                    continue
                own = strange[word].gains.get(chain) if word in strange else None
                gain = self._gain(word, chain) if own is None else own
                if last.gain + gain <= 0:
                    last = _Run()
                elif gain:
                    beside = next(_beside(word, line), word) if word in strange else word
                    last = _Run(last.gain + gain, (*last.words, beside), last.better + (gain > 0))
                    if last.better > 1 and last.gain > most.gain:
                        most = last
            near.runs[chain] = last
            weight = most.gain + self._entries[chain]
            if most.better and weight >= TOGETHER:
                # What was lost out of UTF-8 is told by all that is around it, too.
                telling = again or weight >= CLEARLY
                yield line if telling else "\n".join(sorted(set(most.words)))
        near.words.update(strange)

    def _gain_of(self, word: str, chain: int) -> float:
        """Return what a word gains if it is read back through a chain that is not its own."""
        as_is = Reading(word, (), score(word, floored()[1], CAPITALS))
        other = self._transcoder.through(as_is, self._chains[chain])
        return other.weight - as_is.weight if other else LEAVING


def _is_of(tongue: Tongue, word: str, misread: Iterable[str]) -> bool:
    """Tell whether a word that a language lacks may have been one that is known in it."""
    return tongue.lacks(word) and any(
        tongue.knows(was) and not tongue.lacks(was) for was in misread
    )


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


PROMISING, CONVINCING = -6.0, 6.0
"""Log weight, of a part of a word read back and of entering the channel, from which on a channel
out of UTF-8 is looked into, and one out of a legacy charset that the document has not shown."""

LOST = -5.5
"""Log weight of a lost byte while channels are only compared."""

TELLING = 8
"""Characters beyond ASCII of a word that the reader has, if the word alone shows a legacy
charset though it can't be read back as a whole."""

STUCK = -6.0
"""Log weight of a letter that the reader doesn't have beside what is read back."""

_LEADS = range(0xC2, 0xF5)
_QUOTES = range(0xE2, 0xE3)
"""The first byte of quotation marks and dashes, all that is left where controls are removed."""

_SHORT_LEADS, _WIDE_LEADS = range(0xC2, 0xE0), range(0xE0, 0xF5)
_TRAILS = range(0x80, 0xC0)
FIRST_WIDE = "\u2160"
"""The first character beyond ASCII of what readers of several bytes a character make of UTF-8's
first bytes: Roman numerals and circled digits of Big5, then Han characters, Hangul and kana."""

_LOST = re.compile("\ufffd+\\?{,2}")
_LOST_TOO = re.compile("\\??\ufffd+\\?{,2}")
_PART = re.compile("[^，。、；：！？“”（）《》\u3000]+")


def promising(
    word: str, channels: Iterable[Channel], evidence: Evidence, model: Trigrams
) -> Iterator[tuple[Channel, float]]:
    """Yield the channels that are worth looking into for a part of a word.

    With each, by how much the log probability grows if that part is read back, lost bytes and all.
    """
    if is_customary(word):
        channels = [channel for channel in channels if (channel,) in evidence.taught]
    parts = [part for part in _PART.findall(word) if not part.isascii()]
    able = _far_by_reader(word)
    is_other = bool(able) and (is_listed(word) or is_stripped(word) or is_worn(word))
    for channel in channels:
        least = PROMISING
        taught = (channel,) in evidence.taught
        if channel.written_as not in ALONE and not taught:
            # Any bytes make some text of a legacy charset.
            if is_other or able.get(channel.read_as, 0) < TELLING:
                continue
            letters = filter(str.isalpha, set(word))
            if not CHARSETS[channel.read_as].leads and not has_all(letters, channel.read_as):
                continue  # Half of a word is in no other charset.
            least = CONVINCING
        if channel.written_as == "cesu-8":
            continue  # UTF-8 but for characters beyond the first plane, which are told as a whole
        if channel.written_as == "utf-8" and not may_begin(channel, word, alone=taught):
            continue
        gains = [gain for part in parts for gain in _gains(part, channel, model)]
        if gains and max(gains) + evidence.entry((channel,)) >= least:
            yield channel, max(gains)


def may_begin(channel: Channel, word: str, *, alone: bool) -> bool:
    """Tell whether UTF-8 read by the channel's reader may have begun in a word beyond ASCII.

    `alone`: whether a first byte on its own shows it, too, since what was behind it may be lost.
    """
    if CHARSETS[channel.read_as].leads and max(word) < FIRST_WIDE and "?" not in word:
        return False  # The patterns are large, and most words of most texts need none.
    pattern = _alone(channel) if alone else suspects(channel)
    return bool(pattern.search(word))


@cache
def _alone(channel: Channel) -> re.Pattern[str]:
    """Return the pattern of `suspects`, or of a first byte alone."""
    return re.compile(f"{suspects(channel).pattern}|{leading(channel).pattern}")


def _far_by_reader(word: str) -> Mapping[str, int]:
    """Return, by reader, how many characters beyond ASCII of a word it has; none if too few."""
    far = [char for char in word if char >= "\x80"]
    if len(far) < TELLING:
        return {}
    able = [able_readers(char, _READERS) for char in far]
    return {name: sum(one >> at & 1 for one in able) for at, name in enumerate(_READERS)}


_READERS = tuple(CHARSETS)


def _gains(part: str, channel: Channel, model: Trigrams) -> Iterator[float]:
    """Yield what is gained by reading back each run of a part that the reader has."""
    if channel.written_as not in UNICODE and CHARSETS[channel.read_as].leads:
        yield _gain_within(part, channel, model)
        return
    wide = bool(CHARSETS[channel.read_as].leads)
    leads = () if wide else _lost_leads(channel)
    without = _WITHOUT_FIRST.search(part) if wide else leads and "\ufffd" in part
    if without and has_all(set(part) - {"\ufffd"}, channel.read_as):
        yield _gain_behind_marks(part, channel, leads or _WIDE_FIRST, model)
    start, data = 0, bytearray()
    codec = CHARSETS[channel.written_as].codec
    lost = _LOST_TOO if wide or leads else _LOST
    _, found = floored()
    for at in range(len(part) + 1):
        ways = bytes_of(part[at], channel.read_as) if at < len(part) else ()
        if ways:
            data += ways[0]
            continue
        if not data.isascii():
            before = data.decode(codec, "replace")
            text = lost.sub("", before)
            count = before.count("\ufffd")
            # Of any Han characters, bytes of something can be left.
            if not wide or count <= 2 + 2 * sum(char >= "\x80" for char in text):
                beside = part[start - 1 : start].isalpha() + part[at : at + 1].isalpha()
                weight = score(text, model)
                if b"\xe2" in data:
                    weight = max(weight, score(lost.sub("’", before), model))
                weight += LOST * count + STUCK * beside
                yield weight - score(part[start:at], found)
        start, data = at + 1, bytearray()


_WIDE_FIRST = tuple(bytes([lead]) for lead in COMMON_LEADS)
_WITHOUT_FIRST = re.compile("\ufffd[\u2160-\ufffc]\ufffd[\u2160-\ufffc]")
"""What a reader of two bytes a character makes of several of three of which it loses the first."""


def _gain_behind_marks(
    part: str, channel: Channel, leads: Sequence[bytes], model: Trigrams
) -> float:
    """Return what is gained by reading back a part of which marks stand for first bytes.

    The likeliest ones of `leads` are put back.
    """
    context = ", "
    found: list[str] = []
    for number, run in enumerate(part.split("\ufffd")):
        data = b"".join(bytes_of(char, channel.read_as)[0] for char in run)
        ways = [lead + data for lead in leads] if number else [data]
        # What the first byte makes of the next two tells which one it was.
        firsts = [way[:3].decode(errors="replace")[:1] or " " for way in ways]
        weights = [(char != "\ufffd", model[context + char]) for char in firsts]
        found.append(ways[weights.index(max(weights))].decode(errors="replace"))
        context = (context + found[-1])[-2:]
    before = "".join(found)
    weight = score(_LOST.sub("", before), model) + LOST * before.count("\ufffd")
    return weight + LOST * part.count("\ufffd") - score(part, floored()[1])


_COMMON_LEADS = frozenset(bytes([lead]) for lead in bytes.fromhex("c3c4c5cecfd0d1d7d8d9"))
"""First bytes of the letters of Latin, Greek, Cyrillic, Hebrew and Arabic."""


def loses_leads(channel: Channel) -> bool:
    """Tell whether a reader of one byte a character loses first bytes of common letters."""
    return bool(_lost_leads(channel))


@cache
def _lost_leads(channel: Channel) -> Sequence[bytes]:
    """Return the first bytes of common letters that a reader of one byte a character loses."""
    return sorted(
        _COMMON_LEADS.intersection(lost_leads(channel.written_as, channel.read_as, "replace"))
    )


def _gain_within(part: str, channel: Channel, model: Trigrams) -> float:
    """Return what is gained by reading back that run of a part which gains most.

    Text without spaces may be damaged in any part, and most readers have its clean characters, too.
    """
    found = floored()[1]
    best = gain = 0.0
    context, before, waiting = ", ", ", ", b""
    for char in part:
        ways = bytes_of(char, channel.read_as)
        read = consumed(waiting, ways[0], channel.written_as) if ways else None
        if ways and read is None and waiting:
            gain, context = 0.0, ", "
            read = consumed(b"", ways[0], channel.written_as)
        if read is None:
            gain, context, waiting = 0.0, ", ", b""
        else:
            was, waiting = read
            for one in was:
                gain += model[context + one]
                context = context[1] + one
            gain = max(0.0, gain - found[before + char])
            if not waiting:
                best = max(best, gain)
        before = before[1] + char
    return best


@cache
def suspects(channel: Channel) -> re.Pattern[str]:
    """Return a pattern that matches where UTF-8 read by the channel's reader may have begun."""
    reader = CHARSETS[channel.read_as]
    if not reader.leads:
        leads, trails = _characters(reader, _LEADS), _characters(reader, _TRAILS)
        # What stands for a lost or edited trail byte: its mark, a space, a quote, an entity, or
        # nothing.
        pattern = f"[{leads}](?:[{trails}\ufffd?\"' ]|&nbsp;|\\Z)|[{leads.lower()}][{trails}]"
        if quotes := _characters(reader, _QUOTES):
            pattern += f"|[{quotes}](?=[A-Za-z])"
        if loses_leads(channel):
            pattern += f"|[\ufffd?][{trails}\ufffd?]"
        return re.compile(pattern)
    short = _characters(reader, _SHORT_LEADS, _TRAILS)
    long = _characters(reader, _WIDE_LEADS, _TRAILS)
    # Behind the first two bytes of three stands a character that begins with the third one, or
    # something that made the reader lose it: ASCII below the trail bytes, the mark of a loss, or,
    # where the pair has no character, the first two bytes of the next three.
    third = _characters(reader, _TRAILS, range(0x40, 0xFF)) + _characters(reader, _TRAILS)
    # Where the first two bytes were lost, their mark stands before the third.
    pattern = rf"[{long}](?=[{third}{long}\x00-\x3f\x7f\ufffd・]|\Z)|[?\ufffd・][{third}]"
    if short:  # cp932 has none
        pattern += f"|[{short}]"
    # A first byte may be a character of its own; its second one may be lost.
    leads = _characters(reader, _SHORT_LEADS)
    return re.compile(f"{pattern}|[{leads}][{third}?\ufffd・]" if leads else pattern)


@cache
def leading(channel: Channel) -> re.Pattern[str]:
    """Return a pattern of what a reader makes of one of UTF-8's first bytes.

    It matches nothing for readers to which they are no characters.
    """
    reader = CHARSETS[channel.read_as]
    leads = _characters(reader, _SHORT_LEADS if reader.leads else _LEADS)
    return re.compile(f"[{leads}]" if leads and channel.written_as in UNICODE else "(?!)")


@cache
def cut_short(channel: Channel) -> re.Pattern[str]:
    """Return a pattern of UTF-8 read by one byte a character where a mark stands for some of it."""
    reader = CHARSETS[channel.read_as]
    if reader.leads or channel.written_as not in UNICODE:
        return re.compile("(?!)")
    short, long = (_characters(reader, leads) for leads in (_SHORT_LEADS, _WIDE_LEADS))
    trails = _characters(reader, _TRAILS)
    return re.compile(
        f"[{short}][{_MARKS}]|[{long}](?:[{_MARKS}][{_MARKS}{trails}]|[{trails}][{_MARKS}])"
    )


_MARKS = "?\ufffd"


def _characters(reader: Charset, *ranges: range) -> str:
    """Return, escaped for a character class, what the reader makes of byte sequences."""
    sequences = [bytes([byte]) for byte in ranges[0]]
    for following in ranges[1:]:
        sequences = [s + bytes([byte]) for s in sequences for byte in following if byte != 0x7F]
    read = set(map(reader.table.get, sequences))
    return "".join(sorted(re.escape(char) for char in read if char and len(char) == 1))
