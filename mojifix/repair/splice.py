"""Repairs put into the text."""

from __future__ import annotations

from mojifix.model import Repair


def splice(text: str, repairs: list[Repair]) -> str:
    """Return `text` with the spans of `repairs` (sorted, apart) replaced."""
    parts, at = [], 0
    for one in repairs:
        parts += [text[at : one.start], one.after]
        at = one.end
    return "".join([*parts, text[at:]]) if repairs else text
