"""What channels leave in text: which of them are worth trying at a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from mojifix.charsets.charset import Charset
from mojifix.charsets.registry import CHARSETS, UNICODE, bytes_of, has_all, losses
from mojifix.language.alphabets import is_listed
from mojifix.language.ngrams import Trigrams
from mojifix.language.writing import script
from mojifix.model import Channel
from mojifix.repair.decode.cut import is_stripped
from mojifix.repair.decode.evidence import Evidence
from mojifix.repair.decode.lost import COMMON_LEADS, consumed, lost_leads
from mojifix.repair.decode.readback import able_readers
from mojifix.repair.gate.customary import is_customary, is_worn
from mojifix.repair.gate.floors import floored
from mojifix.repair.gate.strange import score
from mojifix.repair.gate.telling import ALONE

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
    marked = [_MARK_INSIDE.sub("\ufffd", part) for part in parts if _MARK_INSIDE.search(part)]
    able = _far_by_reader(word)
    is_other = bool(able) and (is_listed(word) or is_stripped(word) or is_worn(word))
    joined = bool(_ASCII_LETTER.search(word))
    for channel in channels:
        if not joined and _pairs_letters(channel):
            continue
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
        some = [*parts, *marked] if _marks_otherwise(channel) else parts
        gains = [gain for part in some for gain in _gains(part, channel, model)]
        if gains and max(gains) + evidence.entry((channel,)) >= least:
            yield channel, max(gains)


_MARK_INSIDE = re.compile("(?<=[A-Za-z][\uff66-\uff9f])・|(?<=[A-Za-z])[?](?=[\x80-\xbf])")
"""A mark behind a first byte in a Latin word, and in the place of one."""


def _marks_otherwise(channel: Channel) -> bool:
    """Tell whether a reader writes marks that look like characters, as in `sarﾃ・` and `f?¼r`."""
    reader = CHARSETS[channel.read_as]
    return "nakaguro" in losses(channel.read_as) if reader.leads else loses_leads(channel)


def _pairs_letters(channel: Channel) -> bool:
    """Tell whether a reader of East Asia made one character of a letter beyond ASCII and the next.

    The words of the writer have letters of ASCII as well.
    """
    return channel.written_as == "cp1252" and bool(CHARSETS[channel.read_as].leads)


_ASCII_LETTER = re.compile("[A-Za-z]")


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
    return re.compile(f"{suspects(channel).pattern}|{lone_lead(channel).pattern}")


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
    return _pattern_of(channel, _SHORT_LEADS if reader.leads else _LEADS)


@cache
def lone_lead(channel: Channel) -> re.Pattern[str]:
    """Return a pattern of what a reader makes of a first byte behind which all may be lost.

    Of characters of three bytes two are lost seldom, but where quotation marks lose their controls.
    """
    reader = CHARSETS[channel.read_as]
    return _pattern_of(channel, _SHORT_LEADS if reader.leads else (*_SHORT_LEADS, *_QUOTES))


@cache
def edited(channel: Channel) -> re.Pattern[str]:
    """Return a pattern of what is left of UTF-8, read by one byte a character, that was edited.

    Whole characters match as well. Of those of three bytes one at least is left beside the first.
    """
    reader = CHARSETS[channel.read_as]
    short, long = (_characters(reader, leads) for leads in ((*_SHORT_LEADS, *_QUOTES), _WIDE_LEADS))
    if reader.leads or not (short and long):
        return re.compile("")
    trails = _characters(reader, _TRAILS)
    return re.compile(f"[{short}]|[{long}](?:[ \"']|&nbsp;)?[{trails}]")


def _pattern_of(channel: Channel, leads: Iterable[int]) -> re.Pattern[str]:
    chars = _characters(CHARSETS[channel.read_as], leads)
    return re.compile(f"[{chars}]" if chars and channel.written_as in UNICODE else "(?!)")


@cache
def begun_before(channel: Channel) -> re.Pattern[str]:
    """Return a pattern of one of UTF-8's first bytes, of another script, before a Latin letter.

    What came between was dropped: no word begins so. Of readers of one byte a character.
    """
    reader = CHARSETS[channel.read_as]
    if reader.leads or channel.written_as not in UNICODE:
        return re.compile("(?!)")
    leads = _characters(reader, _SHORT_LEADS)
    others = "".join(char for char in leads if script(char) not in ("", "LATIN"))
    return re.compile(f"(?<![^\\W_])[{others}](?=[a-z])" if others else "(?!)")


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


def _characters(reader: Charset, *ranges: Iterable[int]) -> str:
    """Return, escaped for a character class, what the reader makes of byte sequences."""
    sequences = [bytes([byte]) for byte in ranges[0]]
    for following in ranges[1:]:
        sequences = [s + bytes([byte]) for s in sequences for byte in following if byte != 0x7F]
    read = set(map(reader.table.get, sequences))
    return "".join(sorted(re.escape(char) for char in read if char and len(char) == 1))
