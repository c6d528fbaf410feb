"""Proof: a repair counts only if damaging it again gives what was found."""

from __future__ import annotations

from collections.abc import Sequence

from mojifix.charsets.charset import LOSSES
from mojifix.charsets.damage import through
from mojifix.charsets.edits import EDITS
from mojifix.model import Channel, Layer


def swallows(channel: Channel) -> bool:
    """Tell whether the reader of a channel takes the next byte with a lost one, whatever it is."""
    return bool(channel.loss) and LOSSES[channel.loss].swallows == 2


def holds(after: str, before: str, layers: Sequence[Layer], following: str) -> bool:
    """Tell whether `after`, sent through `layers` in order, is `before`, character for character.

    `following` is the text behind the span. When it starts with an ASCII character, that one is
    sent along: it has the same bytes in every charset, and readers lose a byte or don't because of
    what comes next. But what ends a line is behind the end of what a reader saw that takes the next
    byte with a lost one.
    """
    next_char = following[:1] if following[:1].isascii() else ""
    if next_char == "\n" and any(swallows(layer.channel) for layer in layers):
        next_char = ""
    text: str | None = after + next_char
    for layer in layers:
        text = None if text is None else through(text, layer.channel)
        for edit in layer.edits:
            text = None if text is None else EDITS[edit](text)
    return text == before + next_char
