"""Sending text through a channel: the definition of damage, and so of what a repair must undo."""

from __future__ import annotations

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS, parse_channel
from mojifix.model import Channel


def damage(text: str, channel: str | Channel) -> str:
    """Send `text` through a channel named like `utf-8>gbk` or `utf-8>gbk:drop`.

    Without a loss in its name the channel must be lossless for this text: bytes that the reader has
    no character for raise ValueError, as do characters that can't be written in the first charset
    (lone surrogates in UTF-8, say) and unknown channels. Raises TypeError for what is no `str`.
    """
    if not isinstance(text, str):
        raise TypeError(f"expected text, not {type(text).__name__}")
    channel = parse_channel(str(channel))
    damaged = through(text, channel)
    if damaged is None:
        raise ValueError(f"the text does not pass through {channel} without loss")
    return damaged


def through(text: str, channel: Channel) -> str | None:
    """Send `text` through a registered channel; None where `damage` raises ValueError."""
    data = encode(text, CHARSETS[channel.written_as])
    return None if data is None else decode(data, CHARSETS[channel.read_as], channel.loss)
