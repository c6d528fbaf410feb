"""The first test of all: where does a text show something that damage would have made?

Damage leaves marks at C speed: characters that the language does not write, a small letter before a
capital, two scripts in one word. A pattern for each way of writing finds such marks; text that has
none of them is let out unread. Each pattern begins with the class of what is rare in clean text, so
that one pass does, and asks for the next character first: what fails there fails at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from mojifix.charsets.registry import CHARSETS

PART = 1 << 15
"""Code points, about, that are taken to be in one way of writing."""

_QUIET = "–—…’"
"""Punctuation that any text may have, and that tells nothing by where it stands."""

_QUOTES = "“”«»"
"""Punctuation that any text may have, and that stands beside its words."""

_MARKS = _QUIET + _QUOTES

_SIGNS = "€£§°×•©®™←→±²³−½"
"""Signs that stand beside numbers and spaces, and are part of damage beside letters."""

_NEVER = (
    "\u04c0-\u057f\u0700-\u0dff\u0e80-\u1e7f\u1f00-\u1fff\u20c0-\u20ff\u2680-\u26ff"
    "\u2740-\u2e7f\ua000-\uabff\ufe0f\ufe80-\ufefc\U00010000-\U0001ffff"
)
"""What no reader makes of any bytes: scripts without a legacy charset, pictures."""

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
    "vi": (
        "".join(map(chr, range(0x1EA0, 0x1EFA))) + "àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÈÉÊÍÒÓÔÙÚÝĂĐƠƯ",
        "ạảấầẩẫậắằẵặẹẻẽếềểệỉịọỏốồổỗộớờởợụủứừửữựỳỵỷỹ",
    ),
    "nl": ("ëïéèöüáóêËÉ‘„", "ëï"),
    "fi": ("äöåéšžÄÖÅ", "äö"),
    "hr": ("čćđšžČĆĐŠŽ„", "čšž"),
    "ca": ("àçèéíïòóúüÀÇÈÉÍÒÓÚ·", "àèéíò"),
}
"""Letters and marks of languages in Latin script that ASCII lacks, and those of which a text in the
language has one at least."""

_CYRILLIC = "а-яёіїєґ", "А-ЯЁІЇЄҐ"
_GREEK = "α-ωάέήίόύώϊϋΐΰς", "Α-ΡΣ-ΩΆΈΉΊΌΎΏ"


class _Way(NamedTuple):
    """A way of writing, what a text in it has somewhere, and what it doesn't have.

    The pattern of its marks is made when it is first used.
    """

    name: str
    needed: re.Pattern[str] | None = None
    spaced: re.Pattern[str] | None = None

    def first(self, text: str, start: int, end: int) -> int:
        """Return where a part of a text shows damage first; -1: nowhere."""
        found = _pattern(self.name).search(text, start, end)
        if found is None and self.spaced:
            found = self.spaced.search(text, start, end)
        return found.start() if found else -1


def is_plain(text: str) -> bool:
    """Tell whether a text shows nothing that damage makes."""
    if text.isascii():
        return True
    if len(text) > PART:
        return next(marked(text), None) is None
    return _way(text, 0, len(text))[1] < 0


def marked(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines of a text that show what damage makes.

    Each part of the text is taken to be in one way of writing, up to the first such line.
    """
    at = 0
    while at < len(text):
        end = at + PART
        if end < len(text):
            end = max(text.rfind("\n", at, end), text.rfind(" ", at, end)) + 1 or end
        _, mark = _way(text, at, end)
        if mark < 0:
            at = end
            continue
        start = text.rfind("\n", at, mark) + 1 or at
        end = text.find("\n", mark)
        at = len(text) if end < 0 else end
        yield start, at
        at += 1


def _way(text: str, start: int, end: int) -> tuple[_Way, int]:
    """Return the way of writing of a part, and where that shows damage first; -1: nowhere.

    It is the one in which that is the farthest.
    """
    far = _FAR.search(text, start, end)
    best, most = _WITHOUT_LETTERS, -1
    for way in _ways(far.group()) if far else ():
        if way.needed is None or way.needed.search(text, start, end):
            at = way.first(text, start, end)
            if at < 0:
                return way, at
            if at > most:
                best, most = way, at
    return best, most if most >= 0 else best.first(text, start, end)


_FAR = re.compile(f"[^\x00-\x7f{_MARKS}‘„‚{_SIGNS}\xa0{_NEVER}]")
"""A character that tells the way of writing."""


_WITHOUT_LETTERS = _Way("")


@cache
def _ways(char: str) -> tuple[_Way, ...]:
    """Return the ways of writing in which a character stands."""
    found = []
    for name, (letters, telling) in _LATIN.items():
        if char in letters:
            needed = None if char in telling else re.compile(f"[{telling}]")
            found.append(_Way(name, needed))
    for name, (small, capitals, more, _) in _alphabets().items():
        if re.match(f"[{small}{capitals}{more}]", char):
            found.append(_Way(name))
    if char >= "\u2e80" or char == "·":
        # Korean words read as Chinese keep their spaces.
        found += [
            _Way(name, spaced=_SPACED)
            for name, letters in _han().items()
            if char in "".join(letters)
        ]
    return tuple(found)


_SPACED = re.compile(" (?<=[\u3400-\u9fff] )(?=[\u3400-\u9fff])")


def _spelled(ranges: str) -> str:
    """Return the characters of a class without `[]`."""
    return re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), ranges)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return what finds the marks of damage in a way of writing."""
    if name in _LATIN or not name:
        return _latin(_LATIN[name][0] if name else "‘„")
    alphabet = _alphabets().get(name)
    return _alphabet(*alphabet) if alphabet else _wide(*_han()[name])


@cache
def _alphabets() -> Mapping[str, tuple[str, str, str, str]]:
    """Return, of other scripts: letters, capitals, rarer characters, and traces of UTF-8."""
    arabic = "\u0621-\u0637\u0639-\u0652"
    return {
        "cyrillic": (*_CYRILLIC, "№„‚»", "[–—](?<=[–—][А-Я].)|ї(?<=п».)"),
        "greek": (*_GREEK, "·«»", "[ΆΈΉΊΌΎΏ«»](?<=[ΓΞΟ].)"),
        "arabic": (arabic + _ARABIC, "", "ظ", "[\\s\\S][طظ](?<=ظ..)"),
        "hebrew": ("א-ת", "", "־₪׳״", ""),
        "thai": ("\u0e01-\u0e4e\u0e50-\u0e5b", "", "", ""),
        "ko": (_hangul() + "ㅋㅎㅠㅜ", "", "·‘《》「」『』〈〉、。", ""),
    }


_DEAD = frozenset("锟烫屯葺鐃踝嚙쏙옙")
"""Characters that are mostly what readers make of U+FFFD, or of memory that was never text."""

_ARABIC = "پچژکگی،؛؟\u200c٠١٢٣٤٥٦٧٨٩٪٫٬"


def _latin(letters: str) -> re.Pattern[str]:
    """Return the pattern of ASCII, some letters, and marks beside words."""
    small = "".join(char for char in letters if char.islower())
    capitals = "".join(char for char in letters if char.isupper())
    more = "".join(char for char in letters if not char.isalpha())
    quotes = _QUOTES + more.replace("\u202f", "").replace("¡", "").replace("¿", "")
    few = f"a-z{small}"
    word = f"A-Z{few}{capitals}"
    # What dashes and quotation marks become in old code pages.
    alone = "".join(char for char in "ûñùôîì" if char in small)
    own = {
        # What UTF-8's quotation marks begin with: no vowel stands behind it, nor a last letter.
        "â": "(?<=â)(?:(?![a-z])|(?=[aeiouyh]|[a-z]\\b|(?:ll|re|ve)\\b))",
        # What the quotation marks of Japanese charsets become in old code pages.
        "ü": f"[fc](?<=ü.)(?:(?<=f)[^aeioltuö]|(?<=c)[^hk])|[eghcf](?<=[^{word}]ü.)",
        "õ": "(?<=õ)(?!e)",
        "è": "è(?<=è.)",
    }
    bad = [
        f"[{few}](?<=[{few}][{quotes}{capitals}].)",
        f"[{word}](?<=[{_SIGNS}].)",
        f"(?<=[^ -@\n\xa0\u202f][{_SIGNS}])",
    ]
    if capitals:
        bad += [
            f"[^{few}](?:(?<=[{few}][{capitals}].)|(?<=[{capitals}][{capitals}{_MARKS}{more}{_SIGNS}\xa0]))",
            f"[A-Z][a-z](?<=[{capitals}]..)",
            f"(?<=[{few}][{capitals}])\\Z",
        ]
    if alone:
        bad.append(f" (?<=[ \n][{alone}].)")
    if "¡" in letters:
        bad.append("(?<=[a-z]¡)")
    bad += [pattern for letter, pattern in own.items() if letter in small]
    seldom = "".join(own) + alone
    common = "".join(char for char in small if char not in seldom)
    rare = "".join(char for char in letters if char not in common) + _QUOTES + _SIGNS
    return re.compile(
        f"[^\x00-\x7f{common}{_QUIET}\xa0{_NEVER}](?:{'|'.join(bad)}|(?<![{rare}]))", re.DOTALL
    )


def _alphabet(small: str, capitals: str, more: str, traces: str) -> re.Pattern[str]:
    """Return the pattern of a script of its own, in which `traces` are what UTF-8 leaves."""
    letters = small + capitals
    bad = [
        f"[{letters}](?<=[A-Za-z{_SIGNS}].)",
        f"(?<=[{letters}][A-Za-z{_SIGNS}])",
        f"(?<![A-Za-z{capitals}{more}{_SIGNS}])",
    ]
    if capitals:
        bad += [
            f"(?<=[{small}][{capitals}])",
            f"(?<=[{capitals}]{{2}})(?=,? [{capitals}]{{2}})",
        ]
    bad += [traces] if traces else []
    quiet = "".join(char for char in _MARKS if char not in more)
    return re.compile(
        f"[^\x00-@[-`{{-\x7f{small}{quiet}\xa0{_NEVER}](?:{'|'.join(bad)})", re.DOTALL
    )


def _wide(common: str, rare: str, more: str) -> re.Pattern[str]:
    """Return the pattern of a script without spaces: rare characters stand between common ones."""
    return re.compile(
        f"[^\x00-@[-`{{-\x7f{common}{more}{_MARKS}‘\xa0{_NEVER}]"
        f"(?:[{common}{rare}](?<=[A-Za-z].)"
        f"|(?<=[{rare}])(?:(?<![{common}{more}].)|(?![{common}{more}]))"
        f"|(?<![A-Za-z{rare}{_SIGNS}]))",
        re.DOTALL,
    )


def _read(reader: str, leads: range, trails: range = range(0x40, 0xFF)) -> str:
    """Return the Han characters and syllables that a reader makes of pairs with these leads."""
    pairs = b"\n".join(bytes((lead, trail)) for lead in leads for trail in trails)
    read = pairs.decode(CHARSETS[reader].codec, "ignore")
    return "".join(c for c in dict.fromkeys(read) if "\u3400" <= c <= "\ud7a3" and c not in _DEAD)


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
