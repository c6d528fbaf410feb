"""The first test of all: text of one script, with nothing in it that damage would have made.

Damage leaves marks at C speed: characters that the language does not write, a small letter before a
capital, two scripts in one word. A pattern for each way of writing finds the first such mark; text
that has none of them is let out unread. Each pattern begins with the class of what is rare in clean
text, so that one pass does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from mojifix.charsets.charset import decode
from mojifix.charsets.registry import CHARSETS

_MARKS = "–—…’“”«»"
"""Punctuation that any text may have, and that stands between or beside its words."""

_SIGNS = "€£§°×\xa0"
"""Signs that stand beside numbers and spaces, and are part of damage beside letters."""

_PICTURES = "\U0001f300-\U0001faff"

_LATIN = {
    "de": ("äöüßÄÖÜ„‚‘", "äöü"),
    "fr": ("àâçèéêëîïôùûüœÀÂÇÈÉÊËÎÔŒ\u202f", "éèêà"),
    "pl": ("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„", "ąęłśż"),
    "es": ("áéíñóúüÁÉÍÑÓÚ¿¡", "áéíñó"),
    "pt": ("ãáàâçéêíóôõúÁÀÂÉÊÍÓÔÚ", "ãáçé"),
    "it": ("àèéìòùÀÈÉÌÒÙ", "àèéìòù"),
    "sv": ("åäöéÅÄÖ", "äö"),
    "da": ("æøåéÆØÅ", "æøå"),
    "cs": ("áčďéěíňóřšťúůýžÁČĎÉÍŇÓŘŠŤÚŮÝŽ„‚‘", "ěřůčž"),
    "hu": ("áéíóöőúüűÁÉÍÓÖŐÚÜŰ„", "áéő"),
    "ro": ("ăâîșțĂÂÎȘȚ„", "ăș"),
    "tr": ("çğıöşüâîÇĞİÖŞÜ", "ıışğ"),
    "lt": ("ąčęėįšųūžĄČĘĖĮŠŲŪŽ„", "ėįšų"),
}
"""Letters and marks of languages in Latin script that ASCII lacks, and those of which a text in the
language has one at least."""

_CYRILLIC = "а-яёіїє", "А-ЯЁІЇЄ"
_GREEK = "α-ωάέήίόύώϊϋΐΰς", "Α-ΡΣ-ΩΆΈΉΊΌΎΏ"


def is_plain(text: str) -> bool:
    """Tell whether a text is in one way of writing and shows nothing that damage makes."""
    far = _FAR.search(text)
    if far is None:
        return text.isascii() or not _plain().search(text)
    return any(_shows(name, text) for name in _ways().get(far.group(), ()))


def _shows(name: str, text: str) -> bool:
    """Tell whether a text is in one way of writing and nothing else."""
    if not _needed(name).search(text) or _pattern(name).search(text):
        return False
    # Korean words read as Chinese keep their spaces.
    return name not in _han() or not _SPACED.search(text)


_SPACED = re.compile(" (?<=[\u3400-\u9fff] )(?=[\u3400-\u9fff])")


@cache
def _needed(name: str) -> re.Pattern[str]:
    return re.compile(f"[{_LATIN[name][1]}]" if name in _LATIN else "")


_FAR = re.compile(f"[^\x00-\x7f{_MARKS}‘„‚{_SIGNS}{_PICTURES}]")
"""A character that tells the way of writing."""


@cache
def _plain() -> re.Pattern[str]:
    return _latin("‘")


@cache
def _ways() -> Mapping[str, tuple[str, ...]]:
    """Return the ways of writing in which a character stands."""
    found: dict[str, list[str]] = {}
    alphabets = {name: letters for name, (letters, _) in _LATIN.items()}
    for name, (common, capitals, more, _) in _alphabets().items():
        alphabets[name] = _spelled(common) + _spelled(capitals) + more
    for name, (common, rare, more) in _han().items():
        alphabets[name] = common + rare + more
    for name, letters in alphabets.items():
        for char in letters:
            found.setdefault(char, []).append(name)
    return {char: tuple(names) for char, names in found.items()}


def _spelled(ranges: str) -> str:
    """Return the characters of a class without `[]`."""
    return re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), ranges)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return what finds the first mark of damage in a way of writing."""
    if name in _LATIN:
        return _latin(_LATIN[name][0])
    return _wide(*_han()[name]) if name in _han() else _alphabet(*_alphabets()[name])


@cache
def _alphabets() -> Mapping[str, tuple[str, str, str, str]]:
    """Return, of other scripts: letters, capitals, rarer characters, and traces of UTF-8."""
    arabic = "\u0621-\u0637\u0639-\u0652"
    return {
        "cyrillic": (*_CYRILLIC, "№„‚", "(?<=[–—])(?=[А-Я][–—])|(?<=п»)(?=ї)"),
        "greek": (*_GREEK, "·", "(?<=[ΓΞΟ])(?=[ΆΈΉΊΌΎΏ«»])"),
        "arabic": (arabic + _ARABIC, "", "ظ", "(?<=ظ)(?=.[طظ])"),
        "hebrew": ("א-ת", "", "־₪", ""),
        "thai": ("\u0e01-\u0e4e\u0e50-\u0e5b", "", "", ""),
        "ko": (_hangul() + "ㅋㅎㅠㅜ", "", "·‘《》「」『』〈〉、。", ""),
    }


def _wide(common: str, rare: str, more: str) -> re.Pattern[str]:
    """Return the pattern of a script without spaces: rare characters stand between common ones."""
    return re.compile(
        f"[^\x00-@[-`{{-\x7f{common}{more}]"
        f"(?:(?<![\x00-\x7f{common}{rare}{more}{_MARKS}‘{_SIGNS}{_PICTURES}])"
        f"|(?<=[{rare}])(?:(?<![{common}{more}].)|(?![{common}{more}]))"
        f"|(?<=[A-Za-z])(?=[{common}{rare}]))"
    )


_DEAD = frozenset("锟烫屯葺鐃踝嚙쏙옙")
"""Characters that are mostly what readers make of U+FFFD, or of memory that was never text."""

_ARABIC = "پچژکگی،؛؟\u200c٠١٢٣٤٥٦٧٨٩٪٫٬"


def _latin(letters: str) -> re.Pattern[str]:
    """Return the pattern of ASCII, some letters, and marks beside words."""
    small = "".join(char for char in letters if char.islower())
    capitals = "".join(char for char in letters if char.isupper())
    word = f"A-Za-z{small}{capitals}"
    bad = [
        f"(?<![\x00-\x7f{letters}{_MARKS}{_SIGNS}{_PICTURES}])",
        f"(?<=[a-z{small}][“”«»„‚‘])(?=[a-z{small}])",
        f"(?<=[^ -@\n\xa0\u202f][{_SIGNS[:-1]}])|(?<=[{_SIGNS[:-1]}])(?=[{word}])",
        "(?<=[a-z]¡)",
    ]
    if capitals:
        bad += [
            f"(?<=[a-z{small}][{capitals}])|(?<=[{capitals}])(?=[{capitals}])",
            f"(?<=[{capitals}])(?=[A-Z][a-z])|(?<=[ÂÃ][{_MARKS}{_SIGNS}])",
            f"(?<=[{capitals}])(?=[{_MARKS}{_SIGNS}])",
        ]
    # What dashes and quotation marks become in old code pages.
    alone = "".join(char for char in "ûñùôîì" if char in small)
    if alone:
        bad.append(f"(?<=[ \n][{alone}])(?= )")
    own = {
        # What UTF-8's quotation marks begin with: no vowel stands behind it, nor a last letter.
        "â": "(?<=â)(?:(?![a-z])|(?=[aeiouyh]|[a-z]\\b|(?:ll|re|ve)\\b))",
        # What the quotation marks of Japanese charsets become in old code pages.
        "ü": f"(?<=ü)(?=f[^aeioltuö]|c[^hk])|(?<=[^{word}]ü)(?=[eghcf])",
        "õ": "(?<=õ)(?!e)",
        "è": "(?<=è)(?=è)",
    }
    bad += [pattern for letter, pattern in own.items() if letter in small]
    common = "".join(char for char in small if char not in own and char not in alone)
    return re.compile(f"[^\x00-\x7f{common}](?:{'|'.join(bad)})")


def _alphabet(small: str, capitals: str, more: str, traces: str) -> re.Pattern[str]:
    """Return the pattern of a script of its own, in which `traces` are what UTF-8 leaves."""
    case = (
        f"|(?<=[{small}][{capitals}])|(?<=[{capitals}]{{2}})(?=,? [{capitals}]{{2}})"
        if capitals
        else ""
    )
    letters = small + capitals
    signs = _SIGNS[:-1]
    return re.compile(
        f"[^\x00-@[-`{{-\x7f{small}]"
        f"(?:(?<![\x00-\x7f{letters}{more}{_MARKS}{_SIGNS}{_PICTURES}]){case}"
        f"|(?<=[{letters}][{signs}])|(?<=[{signs}])(?=[{letters}])"
        f"|(?<=[{letters}][A-Za-z])|(?<=[A-Za-z])(?=[{letters}])"
        + (f"|{traces})" if traces else ")")
    )


def _read(reader: str, leads: range, trails: range = range(0x40, 0xFF)) -> str:
    """Return the Han characters and syllables that a reader makes of pairs with these leads."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    chars = (decode(pair, CHARSETS[reader]) for pair in pairs)
    return "".join(c for c in chars if c and "\u3400" <= c <= "\ud7a3" and c not in _DEAD)


@cache
def _hangul() -> str:
    return _read("cp949", range(0xB0, 0xC9), _EUC)


_EUC = range(0xA1, 0xFF)


@cache
def _han() -> Mapping[str, tuple[str, str, str]]:
    """Return, of ways of writing with Han characters: common ones, rare ones, and all else.

    The bytes of UTF-8 read as one of these charsets make rare ones, one in three at least.
    """
    marks = "\u3000、。《》〔〕「」『』【】！（），：；？〈〉￥％０１２３４５６７８９·"
    kana = _spelled("ぁ-んァ-ヶ") + "ー・々〜～"
    second = _read("cp932", range(0x99, 0xA0)) + _read("cp932", range(0xE0, 0xEB))
    return {
        "zh-Hans": (
            _read("gbk", range(0xB0, 0xD8), _EUC),
            _read("gbk", range(0xD8, 0xF8), _EUC),
            marks + "〇",
        ),
        "zh-Hant": (_read("big5", range(0xA4, 0xC7)), _read("big5", range(0xC9, 0xFA)), marks),
        "ja": (_read("cp932", range(0x88, 0x99)), second, marks + kana),
    }
