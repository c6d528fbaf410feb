"""What a word was before it went through the charsets of a chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mojifix.model import Channel

Chain = tuple[Channel, ...]
"""The channels of several layers, in the order in which the damage happened."""


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


def changed_characters(word: str, reading: str) -> Sequence[tuple[str, str]]:
    """Return the characters of a word that are others in a reading of as many, with those."""
    if len(word) != len(reading):
        return ()
    return [pair for pair in zip(word, reading, strict=True) if pair[0] != pair[1]]
