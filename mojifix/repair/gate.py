"""The first tests: which text needs an explanation at all, and which channels could give one?

They may let too much in; they must not turn damage away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from mojifix.charsets.charset import Charset, decode
from mojifix.charsets.registry import CHARSETS
from mojifix.language import trigrams
from mojifix.language.ngrams import Trigrams
from mojifix.model import Channel
from mojifix.repair.evidence import Evidence
from mojifix.repair.floors import floored
from mojifix.repair.lost import bytes_of, lost_leads
from mojifix.repair.scripts import is_plain
from mojifix.repair.transcode import Chain, Transcoder, is_strange, score


def _dead() -> Iterator[str]:
    """Yield what readers make of U+FFFD in UTF-8, alone or, where that splits it, twice."""
    for name, reader in CHARSETS.items():
        read = decode("\ufffd".encode() * (2 if reader.leads else 1), reader)
        if read and name not in ("utf-8", "cesu-8"):
            yield read


def _telling(dead: str) -> str:
    """Return the rarest character of dead text: no letter where there is one."""
    return min(dead, key=lambda char: (char.isalpha() or char in "«»—“”’", -ord(char)))


DEAD = re.compile(
    f"(?:{'|'.join(sorted(set(map(re.escape, _dead()))))}|锟斤拷|锟斤|锟�|Ã¯Â¿Â½)+"
    r"|(?:烫烫烫|屯屯屯|葺葺葺)[烫屯葺]*|\ufffd{3,}|(?<!\S)\?{3,}(?:[ ,.]+\?{2,})+"
)
"""Text whose bytes were replaced before it was mis-decoded (U+FFFD read as cp1252 or GBK), memory
that was never text, and words of which every letter was replaced: nothing of it can be restored."""

_DEAD_SIGN = re.compile(
    f"[{re.escape(''.join(sorted({_telling(one) for one in _dead()})))}锟Ã烫屯葺\ufffd]|\\?\\?\\?"
)


def dead_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `DEAD` in a text."""
    if _DEAD_SIGN.search(text):
        for match in DEAD.finditer(text):
            yield match.span()


KEPT = 1 << 18
"""Words that are remembered, of those that are inert and of the others."""


@dataclass(slots=True)
class _Memory:
    """Words that can't have been something else, and what others would gain by each chain.

    A word without gains is promising: the whole of it has to be looked into.
    """

    inert: set[str] = field(default_factory=set)
    gains: dict[str, Mapping[Chain, float] | None] = field(default_factory=dict)


_known: dict[Transcoder, _Memory] = {}


def is_inert(text: str, transcoder: Transcoder, channels: tuple[Channel, ...]) -> bool:
    """Tell whether nothing in a text can have been something else, as far as it shows.

    Text in one way of writing is let out as a whole, then line by line. The words of other lines
    are looked at and remembered: text of one kind passes at the speed of splitting it.
    """
    if is_plain(text):
        return True
    rest = " ".join(line for line in text.split("\n") if not (line.isascii() or is_plain(line)))
    memory = _known.setdefault(transcoder, _Memory())
    if len(memory.inert) > KEPT:
        memory.inert.clear()
    if len(memory.gains) > KEPT:
        memory.gains.clear()
    gains: dict[Chain, float] = {}
    for word in set(rest.split(" ")) - memory.inert:
        if word not in memory.gains:
            if word.isascii() or not is_strange(word):
                memory.inert.add(word)
                continue
            memory.gains[word] = _gains_of(word, transcoder, channels)
        found = memory.gains[word]
        if found is None:
            return False
        for chain, gain in found.items():
            gains[chain] = gains.get(chain, 0.0) + gain
    entry = Evidence().entry
    return all(gain + entry(chain) < PROMISING for chain, gain in gains.items())


def _gains_of(
    word: str, transcoder: Transcoder, channels: tuple[Channel, ...]
) -> Mapping[Chain, float] | None:
    """Return what a word gains if it is read back through each chain; None if it is promising."""
    if _is_promising(word, channels):
        return None
    as_is, *others = transcoder.readings(word)
    return {o.chain: o.weight - as_is.weight for o in others if o.weight > as_is.weight}


def _is_promising(word: str, channels: tuple[Channel, ...]) -> bool:
    """Tell whether a part of a word may have gone through some channel."""
    if DEAD.search(word):
        return True
    entry = Evidence().entry
    found = potentials(word, channels, trigrams())
    return any(gain + entry((channel,)) >= PROMISING for channel, gain in found)


PROMISING, CONVINCING = -6.0, 6.0
"""Log weight, of a part of a word read back and of entering the channel, from which on a channel
out of UTF-8 is looked into, and one out of a legacy charset that the document has not shown."""

LOST = -5.5
"""Log weight of a lost byte while channels are only compared."""

_LEADS = range(0xC2, 0xF5)
_WIDE_LEADS = range(0xE0, 0xF5)
_TRAILS = range(0x80, 0xC0)
_LOST = re.compile("\ufffd+\\??")
_PART = re.compile("[^，。、；：！？“”（）《》\u3000]+")


def potentials(
    word: str, channels: Iterable[Channel], model: Trigrams
) -> Iterator[tuple[Channel, float]]:
    """Yield the channels that some part of a word may have gone through.

    With each, by how much the log probability grows if that part is read back, lost bytes and all.
    """
    parts = [part for part in _PART.findall(word) if not part.isascii()]
    for channel in channels:
        if channel.written_as == "cesu-8":
            continue  # UTF-8 but for characters beyond the first plane, which are told as a whole
        if channel.written_as == "utf-8" and not suspects(channel).search(word):
            continue
        gains = [gain for part in parts for gain in _gains(part, channel, model)]
        if gains:
            yield channel, max(gains)


def _gains(part: str, channel: Channel, model: Trigrams) -> Iterator[float]:
    """Yield what is gained by reading back each run of a part that the reader has."""
    start, data = 0, b""
    codec = CHARSETS[channel.written_as].codec
    _, found = floored()
    for at in range(len(part) + 1):
        ways = bytes_of(part[at], channel.read_as) if at < len(part) else ()
        if ways:
            data += ways[0]
            continue
        if not data.isascii():
            before = data.decode(codec, "replace")
            text = _LOST.sub("", before)
            lost = before.count("\ufffd")
            yield score(text, model) + LOST * lost - score(part[start:at], found)
        start, data = at + 1, b""


@cache
def suspects(channel: Channel) -> re.Pattern[str]:
    """Return a pattern that matches where UTF-8 read by the channel's reader may have begun."""
    reader = CHARSETS[channel.read_as]
    if not reader.leads:
        leads, trails = _characters(reader, _LEADS), _characters(reader, _TRAILS)
        # What stands for a lost or edited trail byte: its mark, a space, a quote, or nothing.
        pattern = f"[{leads}](?:[{trails}\ufffd?\"' ]|\\Z)|[{leads.lower()}][{trails}]"
        if lost_leads("utf-8", channel.read_as, "replace"):
            pattern += f"|[\ufffd?][{trails}\ufffd?]"
        return re.compile(pattern)
    short = _characters(reader, range(0xC2, 0xE0), _TRAILS)
    long = _characters(reader, _WIDE_LEADS, _TRAILS)
    # Behind the first two bytes of three stands a character that begins with the third one, or
    # something that made the reader lose it: ASCII below the trail bytes, the mark of a loss, or,
    # where the pair has no character, the first two bytes of the next three.
    third = _characters(reader, _TRAILS, range(0x40, 0xFF)) + _characters(reader, _TRAILS)
    # Where the first two bytes were lost, their mark stands before the third.
    return re.compile(
        rf"[{short}]|[{long}](?=[{third}{long}\x00-\x3f\x7f\ufffd・]|\Z)|[?\ufffd・][{third}]"
    )


def _characters(reader: Charset, *ranges: range) -> str:
    """Return, escaped for a character class, what the reader makes of byte sequences."""
    sequences = [bytes([byte]) for byte in ranges[0]]
    for following in ranges[1:]:
        sequences = [s + bytes([byte]) for s in sequences for byte in following if byte != 0x7F]
    read = (decode(sequence, reader) for sequence in sequences)
    return "".join(sorted({re.escape(char) for char in read if char and len(char) == 1}))
