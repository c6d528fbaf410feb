"""The first test, at the speed of compiled character classes: where could a channel have damaged?

It may let too much in; it must not turn damage away.
"""

from __future__ import annotations

import re
from functools import cache

from mojifix.charsets.charset import Charset, decode
from mojifix.charsets.registry import CHARSETS
from mojifix.model import Channel

DEAD = re.compile("ï¿½|锟斤|锟�|烫烫烫|屯屯屯")
"""Text whose bytes were replaced before it was mis-decoded (U+FFFD read as cp1252 or GBK), and
memory that was never text: nothing of it can be restored."""

_LEADS = range(0xC2, 0xF5)
_WIDE_LEADS = range(0xE0, 0xF5)
_TRAILS = range(0x80, 0xC0)


@cache
def suspects(channel: Channel) -> re.Pattern[str]:
    """Return a pattern that matches where UTF-8 read by the channel's reader may have begun."""
    reader = CHARSETS[channel.read_as]
    if not reader.leads:
        leads, trails = _characters(reader, _LEADS), _characters(reader, _TRAILS)
        return re.compile(f"[{leads}][{trails}]")
    short = _characters(reader, range(0xC2, 0xE0), _TRAILS)
    long = _characters(reader, _WIDE_LEADS, _TRAILS)
    # Behind the first two bytes of three stands a character that begins with the third one, or
    # something that made the reader lose it: ASCII below the trail bytes, the mark of a loss, or,
    # where the pair has no character, the first two bytes of the next three.
    third = _characters(reader, _TRAILS, range(0x40, 0xFF)) + _characters(reader, _TRAILS)
    return re.compile(rf"[{short}]|[{long}](?=[{third}{long}\x00-\x3f\x7f\ufffd]|\Z)")


def _characters(reader: Charset, *ranges: range) -> str:
    """Return, escaped for a character class, what the reader makes of byte sequences."""
    sequences = [bytes([byte]) for byte in ranges[0]]
    for following in ranges[1:]:
        sequences = [s + bytes([byte]) for s in sequences for byte in following if byte != 0x7F]
    read = (decode(sequence, reader) for sequence in sequences)
    return "".join(sorted({re.escape(char) for char in read if char and len(char) == 1}))
