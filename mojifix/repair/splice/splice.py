"""Repairs put into the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Protocol


class Replaced(Protocol):
    """A span of a text, in code points, and what stands in its place."""

    @property
    def start(self) -> int:
        """Its first code point."""

    @property
    def end(self) -> int:
        """The code point behind it."""

    @property
    def after(self) -> str:
        """What stands in its place."""


def spliced_part(text: str, spans: Sequence[Replaced], start: int, end: int) -> str:
    """Return the part of a text from `start` to `end` with the spans inside of it replaced.

    `spans` are sorted and apart; those that reach out of the part are left as they are.
    """
    first = bisect_left(spans, start, key=_START)
    return splice(text, spans[first : bisect_right(spans, end, first, key=_END)], start, end)


_START, _END = attrgetter("start"), attrgetter("end")


def splice(text: str, spans: Iterable[Replaced], start: int = 0, end: int | None = None) -> str:
    """Return `text`, or its part from `start` to `end`, with the spans in it replaced.

    `spans` are sorted and apart. Without any the text is the very same object.
    """
    parts, at = [], start
    for one in spans:
        parts += [text[at : one.start], one.after]
        at = one.end
    return "".join([*parts, text[at:end]]) if parts else text[start:end]
