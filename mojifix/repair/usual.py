"""What a short text has if it is what its letters say: common words, or letters together.

Letters that are natural in one language are damage in another one, and few of them show no marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mojifix.language import known_words, trigrams
from mojifix.language.typography import common_beside
from mojifix.repair.strange import score

FIELD = 200
"""Code points of a text, at most, that is looked at word by word if nothing in it is usual."""

CASED = frozenset(("cyrillic", "balkan"))
"""Ways of writing of which any text has small letters.

What KOI8 makes of those, and other charsets of capitals, is in capitals alone.
"""

has_small = re.compile("[a-zа-яѐ-џґ]").search

_GREEK = re.compile("[\u0370-\u03ff]{2}").search
_ASCII = re.compile("[\x00-\x7f]+")

_WIDE = frozenset(("zh-Hans", "zh-Hant", "ja"))
_WITHOUT = frozenset(("arabic", "hebrew", "thai", "ko"))
"""Ways of writing that are told from Korean, and those of which nothing but letters is asked."""

_WRITTEN_ELSEWHERE = {"ã": "ă"}
"""Letters of languages of which no words are known (Aromanian, Persian in Latin letters), and what
they are in one that was read as Latin-1: Romanian."""

_BLANK = re.compile("([A-Za-z]*)\xa0([a-zа-я]+)")


def is_usual(text: str, way: str, char: str) -> bool:
    """Tell whether a short text has what others have in a way of writing, which `char` tells."""
    if way in CASED:
        return has_small(text) is not None
    if way in _WIDE:
        return not _may_be_hangul(text)
    if way == "greek":
        return _GREEK(text) is not None
    return way in _WITHOUT or _has_common_word(text, char)


def is_letter_blank(text: str) -> bool:
    """Tell whether U+00A0 is in place of a letter of a known word.

    That is what á is in old code pages, and К in that of the Macintosh.
    """
    return any(
        known_words().spelled(before + ("К" if behind >= "а" else "á") + behind) > 0
        for before, behind in _BLANK.findall(text)
    )


def _has_common_word(text: str, char: str) -> bool:
    """Tell whether a text has a common word of a language with a letter, or of English."""
    words = text.lower().split()
    if not common_beside(char).isdisjoint(words):
        return True
    other = _WRITTEN_ELSEWHERE.get(char)
    return other is not None and common_beside(other).isdisjoint(words)


def _may_be_hangul(text: str) -> bool:
    """Tell whether a text is what GBK or Big5 make of Hangul, and looks less likely than that."""
    for codec, others in _not_hangul():
        if others.search(text) is None:
            far = _ASCII.sub("", text)
            hangul = far.encode(codec, "ignore").decode("cp949", "ignore")
            if len(far) > 1 and score(hangul, trigrams()) > score(far, trigrams()):
                return True
    return False


@cache
def _not_hangul() -> Sequence[tuple[str, re.Pattern[str]]]:
    """Return, by codec, the pattern of what it makes of no Hangul, which is in EUC-KR."""
    pairs = b"\n".join(bytes((lead, trail)) for lead in range(0xB0, 0xC9) for trail in _TRAILS)
    return [
        (codec, re.compile(f"[^\x00-\x7f{''.join(pairs.decode(codec, 'ignore').split())}]"))
        for codec in ("gbk", "big5")
    ]


_TRAILS = range(0xA1, 0xFF)
