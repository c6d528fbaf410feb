"""What a window of three characters can't see: quotation marks and brackets that come in pairs."""

from __future__ import annotations

import re
from functools import lru_cache

UNPAIRED = -5.0
"""Log weight of a mark that closes nothing, opens inside its own kind or a word, or is never
closed. In the training text about one mark in twenty is unpaired within its line."""

CLOSING = -7.5
"""The same for ” that nothing opened, but in Hebrew, where it marks abbreviations as well: lines
begin inside a quotation less often than they end so."""

STRAY, POSSESSIVE = -3.0, -1.0
"""The same for ’ that no ‘ opened, behind a letter that words are cut at and before none, as in
goin’ and po’; and behind s: dogs’."""

INSIDE = -9.0
"""The same for “ and ‘ that open behind a letter or a digit."""

LOOSE = -2.0
"""The same for marks that do other work as well: `'` is an apostrophe, `)` ends numbers and faces,
brackets of programs go over many lines."""

NEVER_OPEN = -8.0
"""The same for `"`, and for `'` of code, at the end of its line: there it hardly ever is."""

STUCK = -6.0
"""Log weight of a letter behind a double mark or a symbol behind a letter."""

_OF_CODE = "\u201b"
"""Stands for an open `'` of code, which is no apostrophe."""

DEEPEST = 6
"""Marks that are open at once, at most, as far as is remembered."""

_CLOSES = {
    "”": "“„”", "“": "„", "»": "«»", "«": "»", "’": "‘‚", "›": "‹", ")": "(", "]": "[", "}": "{",
    "）": "（", "」": "「", "』": "『", "》": "《", "〉": "〈", "】": "【",
    '"': '"', "'": f"{_OF_CODE}'", "*": "*", "`": "`",
}  # fmt: skip
_OPENS = frozenset('“„«‘‹([{（「『《〈【"*`')
_LEFT = frozenset("”»'")
"""Marks that open behind a space or an opening bracket only: as quotation marks in Swedish and
Finnish, in Danish and in some German books, and in code."""

_BEFORE = frozenset(" \t\n\xa0\u3000([{（=:,")
_ONCE = frozenset("“„«‹")
"""Marks of which one is open at a time."""
_CURLY, _UNSPACED = frozenset("“‘"), "\u0590"
"""Marks that never open behind a letter; and the first character of the scripts in which they do,
or are written in its place."""

_CUT = frozenset("nloiahNLOIAH")
"""Letters at which words are cut: goin’, ol’, po’, di’, fa’, th’."""

_NEVER_OPEN = frozenset(('"', _OF_CODE))
_LOOSE = frozenset("'([{)]}*`")

MARKS = frozenset((*_CLOSES, *_OPENS))
"""Marks that come in pairs."""

_MARK = re.compile(f"[{re.escape(''.join(sorted(MARKS)))}]")
_CODE = re.compile(r".[(\[{=]|[(\[{=:] ", re.DOTALL)
"""What is before a `'` of code."""

_LEANING = frozenset("“”‘’")
_DOUBLE = frozenset("“”„")


def paired(open_marks: str, mark: str, context: str) -> tuple[str, float]:
    """Return the marks that are open after `mark`, and the log weight of `mark` there.

    `open_marks` are those open before it, the latest one last; `context` are the two characters
    before it.
    """
    before = context[1]
    if mark == "’" and before.isalpha():
        return open_marks, 0.0  # an apostrophe, or the end of a quotation: `settled` tells
    for opener in _CLOSES.get(mark, ""):
        at = open_marks.rfind(opener)
        if at >= 0:
            return open_marks[:at] + open_marks[at + 1 :], 0.0
    if mark == "'" and _CODE.fullmatch(context):
        return (open_marks + _OF_CODE)[-DEEPEST:], 0.0
    if mark in _OPENS or (mark in _LEFT and before in _BEFORE):
        again = mark in _ONCE and mark in open_marks
        inside = mark in _CURLY and before.isalnum() and before < _UNSPACED
        weight = INSIDE if inside else UNPAIRED if again else 0.0
        return (open_marks + mark)[-DEEPEST:], weight
    if mark == "'" and before.isalnum():
        return open_marks, 0.0
    alone = CLOSING if mark == "”" and before < _UNSPACED else UNPAIRED
    return open_marks, LOOSE if mark in _LOOSE else alone


def settled(open_marks: str, letter: str, following: str) -> tuple[str, float]:
    """Return what `paired` does, for a ’ behind a letter, once it is known what follows."""
    if following.isalnum():
        return open_marks, 0.0
    for opener in _CLOSES["’"]:
        if opener in open_marks:
            return open_marks.replace(opener, ""), 0.0
    return open_marks, POSSESSIVE if letter in "sS" else STRAY if letter in _CUT else UNPAIRED


def open_after(text: str, open_marks: str = "", context: str = "\n\n") -> str:
    """Return the marks that are open after `text`, which follows the two characters `context`."""
    whole = context + text
    for found in _MARK.finditer(whole, 2):
        at = found.start()
        left = whole[at - 2 : at]
        open_marks, _ = paired(open_marks, found.group(), left)
        if found.group() == "’" and left[1].isalpha():
            open_marks, _ = settled(open_marks, left[1], whole[at + 1 : at + 2])
    return open_marks


@lru_cache(maxsize=1 << 14)
def paired_after(open_marks: str, context: str, text: str) -> tuple[str, float]:
    """Return the marks that are open after `text`, and the log weight of those in it.

    `open_marks` are those open before it, `context` the two characters before it. What a ’ at its
    end is will be known behind it.
    """
    weight = 0.0
    for char in text:
        if context[1] == "’" and context[0].isalpha():
            open_marks, cost = settled(open_marks, context[0], char)
            weight += cost
        if char in MARKS:
            open_marks, cost = paired(open_marks, char, context)
            weight += cost
        context = context[1] + char
    return open_marks, weight


def unclosed(open_marks: str) -> float:
    """Return the log weight of marks that are still open at the end of a line."""
    return sum(
        NEVER_OPEN if mark in _NEVER_OPEN else LOOSE if mark in _LOOSE else UNPAIRED
        for mark in open_marks
    )


def lonely(context: str, char: str) -> float:
    """Return the log weight of `char` after two characters that may be a space and a mark.

    A quotation mark leans on a letter on one side at least; only dashes stand between spaces.
    """
    alone = char == " " and context[0] == " " and context[1] in _LEANING
    return UNPAIRED if alone else 0.0


def stuck(context: str, char: str) -> float:
    """Return the log weight of `char` after two characters that may be a letter and a mark.

    No word has a symbol inside. Double quotation marks stand inside of words where those are not
    spaced only, and beside letters beyond ASCII in text that is damaged still.
    """
    is_symbol = "\u2100" <= context[1] < "\u2e80" and context[1] not in "№™"
    inside = context[0].isalpha() if context[1] in _DOUBLE else is_symbol and context[0].isalnum()
    inside = inside and char.isalpha()
    return STUCK if inside and (context[0] + char).isascii() else 0.0
