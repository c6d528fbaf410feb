"""Dead text: what readers make of U+FFFD, of memory that was never text, and of marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mojifix.charsets.charset import decode
from mojifix.charsets.registry import CHARSETS
from mojifix.repair.splice.spans import touches


def _dead() -> Iterator[str]:
    """Yield what readers make of U+FFFD in UTF-8, alone or, where that splits it, twice."""
    for name, reader in CHARSETS.items():
        read = decode("\ufffd".encode() * (2 if reader.leads else 1), reader)
        if read and name not in ("utf-8", "cesu-8"):
            yield read


def _telling(dead: str) -> str:
    """Return the rarest character of dead text, or all of it where that is made of letters."""
    signs = [char for char in dead if not (char.isalpha() or char in "«»—“”’")]
    return max(signs, default=dead)


DEAD = re.compile(
    f"(?:{'|'.join(sorted(set(map(re.escape, _dead()))))}|锟斤拷|锟斤|锟�|Ã¯Â¿Â½)+"
    r"|(?:烫烫烫|屯屯屯|葺葺葺)[烫屯葺]*|(?<![\w\ufffd])\ufffd{3,}+(?!\w)|\ufffd{7,}"
    r"|(?<!\S)\?{3,}(?:[ ,.]+\?{2,})+"
)
"""Text whose bytes were replaced before it was mis-decoded (U+FFFD read as cp1252 or GBK), memory
that was never text, and words of which every letter was replaced: nothing of it can be restored."""

_IN_WORD = re.compile("(?<=[^\\W\\d_])\ufffd+|(?<!\ufffd)\ufffd++(?=[^\\W\\d_])")
"""U+FFFD in a word: what was there is lost, unless the rest of the text tells it."""

_DEAD_SIGNS = sorted({*map(_telling, _dead()), *"锟烫屯葺\ufffd", "???"})


def may_be_dead(text: str) -> bool:
    """Tell whether a text holds a character without which none of it is `DEAD`."""
    return any(sign in text for sign in _DEAD_SIGNS)


def dead_spans(text: str) -> Sequence[tuple[int, int]]:
    """Return the spans of `DEAD` in a text, and of single marks in words, sorted."""
    if not may_be_dead(text):
        return []
    found = [match.span() for match in DEAD.finditer(text)]
    if "\ufffd" in text:
        alone = (match.span() for match in _IN_WORD.finditer(text))
        found += [span for span in alone if not touches(found, *span)]
    return sorted(found)
