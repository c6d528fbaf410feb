"""Repairs put into the text."""

from __future__ import annotations

from collections.abc import Iterable
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


def splice(text: str, spans: Iterable[Replaced], start: int = 0, end: int | None = None) -> str:
    """Return `text`, or its part from `start` to `end`, with the spans in it replaced.

    `spans` are sorted and apart. Without any the text is the very same object.
    """
    parts, at = [], start
    for one in spans:
        parts += [text[at : one.start], one.after]
        at = one.end
    return "".join([*parts, text[at:end]]) if parts else text[start:end]
