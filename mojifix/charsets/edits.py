"""What other programs do to text after it was damaged: the edits that a repair may state."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_C1 = re.compile("[\x80-\x9f]")
STRAIGHTENED: Mapping[str, str] = {'"': "“”„", "'": "‘’‚"}
"""The straight quotation marks with the curly ones that each is made of."""

_STRAIGHT = {ord(char): to for to, curly in STRAIGHTENED.items() for char in curly}
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"})


def _private_use_removed(text: str) -> str:
    """Remove private-use characters, as XML filters, crawlers and cleaners of corpora do."""
    return _PRIVATE_USE.sub("", text)


def _c1_removed(text: str) -> str:
    """Remove C1 controls, as databases, terminals and filters of control characters do."""
    return _C1.sub("", text)


def _trademark_removed(text: str) -> str:
    """Remove ™, as cleaners of names and titles, and programs that write ISO 8859-15, do."""
    return text.replace("™", "")


def _soft_hyphen_removed(text: str) -> str:
    """Remove U+00AD, as extractors of text from web pages and search engines do."""
    return text.replace("\xad", "")


def _nbsp_to_space(text: str) -> str:
    """Turn U+00A0 into a space, as web editors, copying from a browser and normalisation do."""
    return text.replace("\xa0", " ")


def _nbsp_removed(text: str) -> str:
    """Remove U+00A0, as filters of all characters that can't be seen do."""
    return text.replace("\xa0", "")


def _straightened_quotes(text: str) -> str:
    """Make curly quotes straight, as transliteration and authors' rules for plain text do."""
    return text.translate(_STRAIGHT)


def _lowercased(text: str) -> str:
    """Make all letters small, as search indexes, slugs, tags and tokenizers of corpora do."""
    return text.lower()


def _escaped_html(text: str) -> str:
    """Escape markup and U+00A0, as browsers and content systems do when they write HTML."""
    return text.translate(_ESCAPED)


def _stripped(text: str) -> str:
    """Remove white space at the ends, U+00A0 too, as forms and readers of CSV fields do."""
    return text.strip()


EDITS: Mapping[str, Callable[[str], str]] = {
    "private-use-removed": _private_use_removed,
    "c1-removed": _c1_removed,
    "trademark-removed": _trademark_removed,
    "soft-hyphen-removed": _soft_hyphen_removed,
    "nbsp-to-space": _nbsp_to_space,
    "nbsp-removed": _nbsp_removed,
    "straightened-quotes": _straightened_quotes,
    "lowercased": _lowercased,
    "escaped-html": _escaped_html,
    "stripped": _stripped,
}
"""Each edit by its name, as a function from the text before the edit to the text after it."""
