"""What a document teaches about its own damage: the channel it went through, and its habits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mojifix.charsets.registry import PRIORS
from mojifix.language.typography import MARKS, habits, language_of
from mojifix.model import Channel
from mojifix.repair.lattice import Piece, Settings

SURE = 0.9
"""Confidence from which on a piece counts as evidence."""

ENTRY_AFTER_EVIDENCE = -1.5
"""Log weight of entering a channel through which the document is known to have gone."""

ENTRY_OF_OTHERS = -2.0
"""What is added for every other channel once one is known."""

SAMPLE = 20_000
"""Code points of a document from which its language is told."""

LOSSES = frozenset(("drop", "replace", "question", "swallow"))


def first_settings(channels: Sequence[Channel], restore: bool, text: str) -> Settings:
    """Return what is known before anything was decoded."""
    entry = {channel: PRIORS[channel] for channel in channels}
    return Settings(entry, LOSSES if restore else frozenset(), _habits(text, ()))


def learned(first: Settings, pieces: Iterable[Piece], text: str) -> Settings | None:
    """Return the settings that the confident pieces of a document teach; None if nothing new."""
    sure = [piece for piece in pieces if piece.confidence >= SURE]
    if not sure:
        return None
    spans = Counter(piece.channel for piece in sure)
    most = max(spans.values())
    entry = {}
    for channel, weight in first.entry.items():
        if spans[channel] * 4 >= most:
            entry[channel] = max(weight, ENTRY_AFTER_EVIDENCE)
        else:
            entry[channel] = weight + ENTRY_OF_OTHERS
    seen = {loss for piece in sure for loss in piece.losses}
    losses = (frozenset(seen) | {"drop"} if seen else first.losses) & first.losses
    return Settings(entry, losses, _habits(text, sure))


def _habits(text: str, pieces: Sequence[Piece]) -> Mapping[str, float]:
    sample = text[:SAMPLE] + " ".join(piece.after for piece in pieces)
    marks = [char for char in text if char in MARKS]
    marks += [char for piece in pieces for char in piece.after if char in MARKS]
    return habits(marks, language_of(sample))
