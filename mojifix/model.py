"""The nouns of mojifix: frozen values that every other module passes along."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["exact", "restored", "undecided", "quoted", "suspected"]
APPLIED = frozenset(("exact", "restored", "undecided"))
Undecided = Literal["mark", "keep", "guess"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One way for text to be damaged.

    `written_as` is the charset the bytes were in, `read_as` the charset they were wrongly decoded
    with, `loss` what the reader did with bytes it had no character for: `""` (nothing was lost) or
    one of the names in `mojifix.charsets.charset.LOSSES`, such as `"drop"`, `"replace"` (U+FFFD) or
    `"swallow"` (`?` in place of two bytes).
    """

    written_as: str
    read_as: str
    loss: str = ""

    def __str__(self) -> str:
        name = f"{self.written_as}>{self.read_as}"
        return f"{name}:{self.loss}" if self.loss else name

    @property
    def lossless(self) -> Channel:
        """The same channel where nothing is lost."""
        return Channel(self.written_as, self.read_as) if self.loss else self


@dataclass(frozen=True, slots=True)
class Layer:
    """One passage through a channel, with the edits that other programs made afterwards.

    `edits` are names out of `mojifix.charsets.edits.EDITS`, in the order in which they were made.
    """

    channel: Channel
    edits: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.channel.written_as}>{self.channel.read_as}"


@dataclass(frozen=True, slots=True)
class Repair:
    """A span of the original text and what it was before it was damaged.

    `start` and `end` are a half-open span of `Result.original`, in code points. `layers` are in the
    order in which the damage happened. `lost` is the number of places in which something was
    lost, one or more bytes each. `confidence` is the calibrated probability, from 0 to 1, that
    `after` is exactly right. `alternatives` are other readings of the same span with their
    probabilities, the likeliest first.

    `kind`: `"exact"` (nothing was lost), `"restored"` (what was lost is inferred), `"undecided"`
    (something was lost that can't be told; `confidence` is that of the damage and `alternatives`
    are all readings), `"quoted"` (damage that the text shows on purpose) or `"suspected"`.
    """

    start: int
    end: int
    before: str
    after: str
    layers: tuple[Layer, ...]
    kind: Kind
    lost: int
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What `repair` found in a text.

    `text` is the repaired text, and the very same object as `original` when nothing was repaired.
    `repairs` were applied, `suspected` (quoted ones too) were not; both are sorted by `start` and
    never overlap. `dead` are the spans of `original`, in code points, of which nothing can be
    restored: every byte was replaced before the text was damaged once more.
    """

    text: str
    original: str
    repairs: tuple[Repair, ...] = ()
    suspected: tuple[Repair, ...] = ()
    dead: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be repaired.

    `min_confidence` (0 to 1): repairs below it are suspected only, but for lost characters of a
    span that is sure otherwise and for its ends where words are not spaced. It and
    `min_restored` bound the model's own probability, from which the confidence of a repair is
    calibrated; that is mostly lower where bytes were lost. `restore`: whether lost bytes may be
    inferred. `channels`: names such as `"utf-8>gbk"`, or `Channel`s, to which repairs are limited,
    whatever was lost; None for all.
    `max_layers` (1 or more): how many layers of damage are peeled off.

    `undecided`: what becomes of a lost character in a span that is sure otherwise: `"mark"`
    (U+FFFD), `"keep"` (as found) or `"guess"` (the likeliest one). `min_restored` (0 to 1): the
    likeliest one is taken from this probability on all the same; so is the likeliest end of a span,
    if `restore`. `include_quoted`: whether damage that the text quotes to discuss is repaired as
    well.

    Raises ValueError when a value is out of its range, TypeError when `channels` is one name only;
    `repair` raises ValueError for an unknown channel as soon as a text shows something.
    """

    min_confidence: float = 0.95
    restore: bool = True
    channels: tuple[str, ...] | None = None
    max_layers: int = 6
    undecided: Undecided = "mark"
    include_quoted: bool = False
    min_restored: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence must be from 0 to 1, not {self.min_confidence}")
        if not 0 <= self.min_restored <= 1:
            raise ValueError(f"min_restored must be from 0 to 1, not {self.min_restored}")
        if self.max_layers < 1 or self.max_layers % 1:
            raise ValueError(f"max_layers must be a whole number from 1 on, not {self.max_layers}")
        if self.undecided not in get_args(Undecided):
            raise ValueError(f"undecided must be mark, keep or guess, not {self.undecided}")
        if isinstance(self.channels, str):
            raise TypeError(f"channels must be several names, not the text {self.channels!r}")
        if self.channels is not None:
            object.__setattr__(self, "channels", tuple(map(str, self.channels)))


def rounded(confidence: float) -> str:
    """Write a confidence with two decimals, rounded down: only certainty is 1.00."""
    return f"{math.floor(confidence * 100 + 1e-9) / 100:.2f}"
