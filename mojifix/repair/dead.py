"""Dead text: what readers make of U+FFFD, of memory that was never text, and of marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mojifix.charsets.charset import decode
from mojifix.charsets.registry import CHARSETS


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

_DEAD_SIGNS = sorted({*map(_telling, _dead()), *"锟烫屯葺\ufffd", "???"})


def dead_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `DEAD` in a text."""
    if any(sign in text for sign in _DEAD_SIGNS):
        for match in DEAD.finditer(text):
            yield match.span()
