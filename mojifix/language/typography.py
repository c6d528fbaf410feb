"""What a window of three characters can't see: quotation marks that come in pairs."""

from __future__ import annotations

QUOTES = frozenset("“”„«»")
MARKS = frozenset("“”‘’„‚«»–—…")
"""Marks of which a document has a habit: its own quotation marks, its own dash."""

_CLOSES = {"“": "”", "„": "“”", "«": "»", "»": "«"}

UNPAIRED = -3.0
"""Log weight of a mark that closes nothing, opens inside its own kind, or is never closed. In the
training text about one mark in twenty is unpaired within its line."""


def pair(open_mark: str, mark: str) -> tuple[str, float]:
    """Return the quotation mark that is open after `mark`, and the log weight of `mark` there.

    `open_mark` is the mark open before it, `""` for none.
    """
    if open_mark and mark in _CLOSES[open_mark]:
        return "", 0.0
    if mark in "“„«":
        return mark, UNPAIRED if open_mark else 0.0
    return open_mark, UNPAIRED


def open_after(text: str, open_mark: str = "") -> str:
    """Return the mark that is open after `text`."""
    for char in text:
        if char in QUOTES:
            open_mark, _ = pair(open_mark, char)
    return open_mark
