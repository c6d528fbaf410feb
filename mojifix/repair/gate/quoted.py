"""Text that quotes damage to discuss it: damaged on purpose, and so not to be repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from mojifix.language.identification import are_common
from mojifix.model import Repair
from mojifix.repair.splice.spans import beside

NEAR = 1000
"""Code points of a line, before a repair and behind it, that tell whether it is quoted."""

CLOSE = 100
"""Code points, before a repair and behind it, in which the right form shows that it is quoted."""

LONGEST = 40
"""Code points of the longest damage that is taken for a quotation because of a word beside it."""

SMALL = 3
"""Letters of the longest common word that stands in many lines, damaged or not."""

SEVERAL, LETTERS = 2, 2
"""Words of a line that are no example of damage if all of them are damaged; and letters beside the
damage that such a word has at least, of which letters were damaged."""

_TOPIC = re.compile(
    r"mojibake|garbled|encod(?:ed?|ing|age)\b|decod(?:ed?|ing|age)\b|char(?:acter )?sets?\b"
    r"|code ?page|utf[-_]?(?:8|16)|unicode|latin-?1|iso[-_ ]?8859|windows[-_ ]?125\d"
    r"|\bcp\d{3,4}\b|mac-?roman"
    r"|\bgbk\b|gb(?:2312|18030)|big-?5|euc[-_]?(?:kr|jp)|shift[-_]?jis|koi8|kodowani|kódován"
    r"|codifica|zeichen(?:satz|kodierung)|kodierung|кодировк|кракозябр|乱码|亂碼|编码|編碼|文字化け"
    r"|文字コード|인코딩|글자 ?깨짐",
    re.IGNORECASE,
)
_DECLARED = re.compile(
    r"<\?xml[^<>]*>|<meta[^<>]*>|-\*-[^*]*-\*-"
    r"|char(?:acter )?set[\"']?\s*(?:[:=]\s*)?[\"']?utf-?8\w*"
    r"|[\"'](?:en|de)coding[\"']\s*:\s*[\"'][\w-]*[\"']|^\W*coding[:=]\s*[\w-]+",
    re.IGNORECASE | re.MULTILINE,
)
"""What declares a charset: of a page, a file, a table."""

_BEFORE, _BEHIND = re.compile("[A-Za-z\u00c0-\u024f]*\\Z"), re.compile("[A-Za-z\u00c0-\u024f]*")
"""The letters of a word on either side of damage."""

_QUOTE = re.compile("[`'\"“”‘’„«»]")

_SHOWING = re.compile(
    "[`'\"“”‘’„«»→⇒=|<>/()\\[\\]{}]|\\b(?:not|instead|becomes?|should|word|statt)\\b"
)
"""What shows that a word stands for itself: it is quoted, compared, or one of several forms."""

_ALONE = frozenset("“”‘’")

_FAR = re.compile("[^\x00-\x7f]")
_BESIDE = re.compile(r"[^\s`'\"()\[\]{}<>,;:=/|]+")


_HINTS = (
    "cod", "kod", "jiba", "garbl", "rset", "r set", "utf", "latin", "8859", "windows", "cp",
    "roman", "gb", "big", "euc", "jis", "koi8", "zeichens",
)  # fmt: skip
_FAR_HINTS = ("kódován", "кодировк", "кракозябр", "码", "碼", "化け", "コード", "코딩", "글자")
"""Of each alternative of `_TOPIC` a part in small letters: their search is faster."""


def is_on_topic(text: str) -> bool:
    """Tell whether the first line of a text with something beyond ASCII is about charsets.

    The text is damaged from end to end: words beyond ASCII tell nothing.
    """
    far = _FAR.search(text)
    if far is None:
        return False
    end = text.find("\n", far.start())
    line = text[text.rfind("\n", 0, far.start()) + 1 : end if end >= 0 else len(text)]
    return _is_about(line.encode("ascii", "ignore").decode("ascii"))


def _is_about(line: str) -> bool:
    """Tell whether a line has a word of the topic; that it declares its charset is none."""
    small = line.lower()
    hinted = any(map(small.__contains__, _HINTS))
    if not hinted and not line.isascii():
        hinted = any(map(small.__contains__, _FAR_HINTS))
    return hinted and bool(_TOPIC.search(_DECLARED.sub(" ", line)))


def told_apart(text: str, repairs: Sequence[Repair]) -> list[Repair]:
    """Return the repairs with those that their line shows to be quotations marked as such.

    A line shows it by the right form beside the damage, of all its damage: one that was damaged
    may have a word twice. A word of the topic (mojibake, encoding, the name of a charset) does so
    for short damage in a document that has none elsewhere, unless letters of several words of the
    line are damaged: examples are single ones, or quoted.
    """
    lines = [_bounds(text, repair) for repair in repairs]
    words = [_word(text, repair) for repair in repairs]
    others = _without(text, words)
    prose: dict[tuple[int, int], set[str]] = {line: set() for line in lines}
    for repair, line, (start, end) in zip(repairs, lines, words, strict=True):
        if repair.kind != "suspected" and _is_prose(text, repair, start, end):
            prose[line].add(text[start:end])
    on_topic = [
        repair.end - repair.start <= LONGEST
        and len(prose[line]) < SEVERAL
        and _is_about(others[slice(*_near(repair, line))])
        for repair, line in zip(repairs, lines, strict=True)
    ]
    only = all(
        topic for repair, topic in zip(repairs, on_topic, strict=True) if repair.kind != "suspected"
    )
    damaged = {
        line
        for repair, line in zip(repairs, lines, strict=True)
        if repair.kind != "suspected" and not _is_beside(text, repair, *_near(repair, line))
    }
    return [
        replace(repair, kind="quoted")
        if repair.kind != "suspected" and ((topic and only) or line not in damaged)
        else repair
        for repair, line, topic in zip(repairs, lines, on_topic, strict=True)
    ]


def _word(text: str, repair: Repair) -> tuple[int, int]:
    """Return the span of the word in Latin letters that a repair is in."""
    before = _BEFORE.search(text, max(0, repair.start - LONGEST), repair.start)
    behind = _BEHIND.match(text, repair.end)
    assert before, "the pattern matches the empty text as well"
    assert behind, "the pattern matches the empty text as well"
    return before.start(), behind.end()


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text with spaces in the place of some of its spans, which are sorted."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (text[at : max(at, start)], " " * (end - max(at, start)))
        at = max(at, end)
    return "".join((*parts, text[at:]))


def _is_prose(text: str, repair: Repair, start: int, end: int) -> bool:
    """Tell whether a repair is of letters of a longer word that is not quoted."""
    letters = repair.start - start + end - repair.end
    around = beside(text, start, end)
    return letters >= LETTERS and _has_letters(repair.after) and not _QUOTE.search(around)


def _has_letters(text: str) -> bool:
    return any(char.isalpha() and char >= "\x80" for char in text)


def _near(repair: Repair, line: tuple[int, int]) -> tuple[int, int]:
    """Return the span of the line of a repair, or of what is `NEAR` it of a long one."""
    return max(line[0], repair.start - NEAR), min(line[1], repair.end + NEAR)


def _bounds(text: str, repair: Repair) -> tuple[int, int]:
    end = text.find("\n", repair.end)
    return text.rfind("\n", 0, repair.start) + 1, len(text) if end < 0 else end


def _is_beside(text: str, repair: Repair, start: int, end: int) -> bool:
    """Tell whether the longest repaired word stands around a repair, or its damage as HTML.

    `start` and `end` are the span of what is around it.
    """
    rest = _around(text, repair, start, end)
    if "&" in rest and unescape(rest).count(repair.before) > rest.count(repair.before):
        return True
    fixed = text[start : repair.start] + repair.after + text[repair.end : end]
    at = repair.start - start
    words = [
        word.group()
        for word in _BESIDE.finditer(fixed)
        if word.start() < at + len(repair.after) and word.end() > at
    ]
    # The longest one, if it has letters beyond ASCII: others stand in many lines, but for marks
    # that are no words of a text. So do common words, unless something shows what they are for.
    longest = max(words, key=len, default="")
    first, last = max(start, repair.start - CLOSE), min(end, repair.end + CLOSE)
    near = _around(text, repair, first, last)
    is_small = 1 < len(longest) <= SMALL and are_common(longest) and not _SHOWING.search(near)
    may_tell = (_has_letters(longest) and not is_small) or longest in _ALONE
    return may_tell and longest in _BESIDE.findall(near)


def _around(text: str, repair: Repair, start: int, end: int) -> str:
    """Return what is around a repair in a span."""
    return text[start : repair.start] + " " + text[repair.end : end]
