"""Showing text and paths on a terminal without letting them act on it."""

from __future__ import annotations

import os
import re

_ACTIVE = (
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Controls but the tab, line separators, bidirectional controls, byte order mark, surrogates."""

_BLANK = r"[^\S ]|[\xad\u200b-\u200d\u2060]"


def escaped(text: str) -> str:
    r"""Return `text` with characters that act on a terminal spelled `\n`, `\x9b`, `\u202e`."""
    return re.sub(_ACTIVE, _spelled, text)


def visible(text: str) -> str:
    """Return `escaped(text)` for the middle of a line: tabs and all-blank text escaped, too."""
    shown = escaped(text).replace("\t", r"\t")
    return shown if re.sub(_BLANK, "", shown).strip() else re.sub(_BLANK, _spelled, shown)


def shown_path(path: str) -> str:
    r"""Return a path on one line; bytes of its name that are not UTF-8 are spelled like `\xff`."""
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    return escaped(name).replace("\t", r"\t")


def _spelled(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape", "surrogatepass").decode("ascii")
