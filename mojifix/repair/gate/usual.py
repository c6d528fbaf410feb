"""What a short text has if it is what its letters say: common words, or letters together.

Letters that are natural in one language are damage in another one, and few of them show no marks.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from mojifix.language import known_words, trigrams
from mojifix.language.identification import common_beside
from mojifix.repair.gate.strange import is_beheaded, score

FIELD = 200
"""Code points of a text, at most, that is looked at word by word if nothing in it is usual."""

CASED = frozenset(("cyrillic", "balkan"))
"""Ways of writing of which any text has small letters.

What KOI8 makes of those, and other charsets of capitals, is in capitals alone.
"""

WIDE = ("zh-Hans", "zh-Hant", "ja")

LONGEST = {**dict.fromkeys(CASED, math.inf), **dict.fromkeys(WIDE, 64)}
"""Code points, at most, of a text that is looked at, where that is not `FIELD`.

Korean that was read as Chinese has spaces if it is any longer."""

has_small = re.compile("[а-яѐ-џґ]").search

_SYLLABLES = (
    "다이니지수기가로을시하일에를자사습스는종정의한인용합전트오서어거그리대조래주보고은세파할음장드"
    "있으계없터상공성국회업별동금비면위디입아선러추모설라통재않개여간치"
)
"""Common syllables of Korean of which GBK has rare Han characters: 96 of 100 Korean lines in
programs have one, and 2 of 100 Chinese ones that were read as Korean."""

_has_syllable = re.compile(f"[{_SYLLABLES}]").search
_has_hangul_word = re.compile("([가-힣])(?!\\1\\1)[가-힣]{2}").search
"""Three syllables or more that are no sound again and again: fewer may be UTF-8 by chance."""

LONGEST_WORD = 40
"""Code points at the beginning of a text in which its first word ends."""

_FIRST = frozenset(map(chr, (*range(0xA0), *range(0x410, 0x450))))
"""Characters that are no capital of another Cyrillic charset."""

_GREEK = re.compile("[\u0370-\u03ff]{2}").search
_ASCII = re.compile("[\x00-\x7f]+")

_WRITTEN_ELSEWHERE = {"ã": "ă"}
"""Letters of languages of which no words are known (Aromanian, Persian in Latin letters), and what
they are in one that was read as Latin-1: Romanian."""

_LETTERS = str.maketrans({"\xa0": "á", "–": "ñ", "—": "ó"})
_CYRILLIC_LETTERS = str.maketrans({"\xa0": "К"})
"""What old code pages and those of the Macintosh have for letters that any text has as marks."""

_MARK = re.compile(
    r"[\xa0–—](?:(?<=[A-Za-z].)(?:[a-z]|(?=[ \n.,)]|\Z))|(?<![^ \n].)[a-z]"
    r"|(?<=(?<![^ \n])\xa0)[а-я])"
)
_FIRST_BLANK = re.compile("\xa0(?<![^ \n].)[а-я]").search
_MARKED_WORD = re.compile(r"(?:[^\W\d_]|[\xa0–—](?![\xa0–—])){3,}")


def has_letter_mark(text: str) -> bool:
    """Tell whether a space or a dash is in place of a letter of a known word: a–adir."""
    return _MARK.search(text) is not None and any(
        known_words().spelled(
            word.translate(_CYRILLIC_LETTERS if "а" <= word[1] <= "я" else _LETTERS)
        )
        > 0
        for word in _MARKED_WORD.findall(text)
        if _MARK.search(word)
    )


def usual_in(way: str) -> Callable[[str, str], bool]:
    """Return what tells whether a short text has what others have in a way of writing.

    It is given the text, and the letter that tells the way.
    """
    return _USUAL.get(way, _has_common_word)


def _always(_: str, __: str) -> bool:
    return True


def _has_small(text: str, _: str) -> bool:
    if _FIRST_BLANK(text) and has_letter_mark(text[:FIELD]):
        return False
    if text[0] not in _FIRST and is_beheaded(text[:LONGEST_WORD]):
        return False
    return has_small(text) is not None


def _is_greek(text: str, _: str) -> bool:
    return _GREEK(text) is not None


def _has_common_word(text: str, char: str) -> bool:
    """Tell whether a text has a common word of a language with a letter, or of English."""
    if has_letter_mark(text):
        return False
    words = text.lower().split()
    if not common_beside(char).isdisjoint(words):
        return True
    other = _WRITTEN_ELSEWHERE.get(char)
    return other is not None and common_beside(other).isdisjoint(words)


def _is_korean(text: str, _: str) -> bool:
    """Tell whether a text has a common syllable, or is too short to have one."""
    return _has_syllable(text) is not None or _has_hangul_word(text) is None


def _is_no_other(text: str, _: str) -> bool:
    """Tell whether a text is more than what GBK or Big5 make of another charset, or as likely."""
    for written, read, others in _not_of_others():
        if others.search(text) is None:
            if len(_ASCII.sub("", text)) < 2:
                return True
            other = text.encode(read, "ignore").decode(written, "ignore")
            if score(other, trigrams()) > score(text, trigrams()):
                return False
    return True


@cache
def _not_of_others() -> Sequence[tuple[str, str, re.Pattern[str]]]:
    """Return, by codecs of writer and reader, the pattern of what is none of the writer's letters.

    Its Hangul, its common Han characters, or its letters of two bytes.
    """
    ways = (
        ("cp949", "gbk", range(0xB0, 0xC9), EUC),
        ("cp949", "big5", range(0xB0, 0xC9), EUC),
        ("gbk", "big5", range(0xB0, 0xF8), EUC),
        ("utf-8", "gbk", range(0xC2, 0xE0), range(0x80, 0xC0)),
        ("utf-8", "big5", range(0xC2, 0xE0), range(0x80, 0xC0)),
    )
    return [
        (written, read, re.compile(f"[^\x00-\x7f{read_pairs(read, leads, trails)}]"))
        for written, read, leads, trails in ways
    ]


CODECS = ("gbk", "big5hkscs", "euc_jp", "cp932", "cp949")
"""Python's codecs for readers of two bytes a character."""


def read_pairs(codec: str, leads: Iterable[int], trails: Iterable[int]) -> str:
    """Return what a codec reads pairs of bytes as, those that it has no character for left out."""
    pairs = b"\n".join(bytes(pair) for pair in itertools.product(leads, trails))
    return pairs.decode(codec, "ignore").replace("\n", "")


EUC = range(0xA1, 0xFF)
"""Bytes of the pairs of EUC, both of them."""

_USUAL: Mapping[str, Callable[[str, str], bool]] = {
    **dict.fromkeys(CASED, _has_small),
    **dict.fromkeys(WIDE, _is_no_other),
    **dict.fromkeys(("arabic", "hebrew", "thai"), _always),
    "ko": _is_korean,
    "greek": _is_greek,
}
"""What is usual in each way of writing but those of Latin letters, which have common words."""
