"""The first test of all: where does a text show something that damage would have made?

Damage leaves marks at C speed: characters that the language does not write, a small letter before a
capital, two scripts in one word. A pattern for each way of writing finds such marks; text that has
none of them is let out unread. Each pattern begins with the class of what is rare in clean text, so
that one pass does, and asks for the next character first: what fails there fails at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from mojifix.repair.gate.signs import may_begin_sign, stands_as_sign
from mojifix.repair.gate.usual import (
    CASED,
    CODECS,
    EUC,
    FIELD,
    LONGEST,
    has_letter_mark,
    has_small,
    read_pairs,
    usual_in,
)

PART, BLOCK = 1 << 15, 1 << 12
"""Code points, about, that are taken to be in one way of writing, and that are let out at once if
all of them are ASCII."""

_QUIET = "–—…’"
"""Punctuation that any text may have, and that tells nothing by where it stands."""

_QUOTES = "“”«»"
"""Punctuation that any text may have, and that stands beside its words."""

_MARKS = _QUIET + _QUOTES

_SIGNS = "€£§°×•©®™←→±²³−½"
"""Signs that stand beside numbers and spaces, and are part of damage beside letters."""

_NEVER = (
    "\u04c0-\u057f\u0653-\u0678\u06d4-\u0dff\u0e80-\u1e7f\u1f00-\u1fff\u202f"
    "\u20a0-\u20a6\u20b0-\u20ff\u2680-\u26ff\u2740-\u2e7f\ua000-\uabff\ufe0f\ufe80-\ufefc"
    "\U00010000-\U0001ffff"
)
"""What no reader makes of any bytes: scripts without a legacy charset, pictures."""

_LATIN = {
    "de": ("äöüßÄÖÜ„‚‘", "äöü", "(?i:(?<=[ao]ß)|(?<=(?:ie|[aeo][iu]|[fmr]u)ß))"),
    "fr": (
        "àâçèéêëîïôùûüœÀÂÇÈÉÊËÎÔŒ",
        "éèêà",
        "(?<=[ao]î)[a-z]|(?<=[bg]â)[a-z]|(?<=[a-z]ô)t|(?<=oû)",
    ),
    "pl": ("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„", "ąęłśż", "(?<=[aeiouś]ć)\\b|(?<=ć)[aeio]|(?<=ń)(?![aeiou])"),
    "es": ("áéíñóúüÁÉÍÑÓÚ¿¡", "áéíñó", ""),
    "pt": ("ãáàâçéêíóôõúÁÀÂÉÊÍÓÔÚ", "ãáçé", "(?<=[b-z]ô)"),
    "it": ("àèéìòùÀÈÉÌÒÙ", "àèéìòù", ""),
    "sv": ("åäöéÅÄÖ", "äö", ""),
    "da": ("æøåéÆØÅ", "æøå", ""),
    "cs": ("áčďéěíňóřšťúůýžÁČĎÉÍŇÓŘŠŤÚŮÝŽ„‚‘", "ěřůč", "(?<=[a-z]ž)"),
    "sk": ("áäčďéíľňóôšťúýžÁČĎÉÍĽŇÓŠŤÚÝŽ„‚‘", "ľť", "(?<=[a-z]ž)|(?<=č)|(?<=[mhst]ô)[a-z]"),
    "hu": ("áéíóöőúüűÁÉÍÓÖŐÚÜŰ„", "áéő", ""),
    "ro": ("ăâîșțĂÂÎȘȚ„", "ășț", "(?<=\\bî)[nm]"),
    "tr": ("çğıöşüâîÇĞİÖŞÜ", "ıışğ", ""),
    "lt": ("ąčęėįšųūžĄČĘĖĮŠŲŪŽ„", "ėįšųū", ""),
    "lv": ("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ„", "āēīļņ", ""),
    "vi": (
        "".join(map(chr, range(0x1EA0, 0x1EFA))) + "àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÈÉÊÌÍÒÓÔÙÚÝĂĐƠƯ",
        "ạảấầẩẫậắằẵặẹẻẽếềểệỉịọỏốồổỗộớờởợụủứừửữựỳỵỷỹ",
        "",
    ),
    "nl": ("ëïéèöüáóêËÉ‘„", "ëï", ""),
    "fi": ("äöåéšžÄÖÅ", "äö", ""),
    "hr": ("čćđšžČĆĐŠŽ„", "čšž", "(?<=[aeiou]ć)\\b|(?<=[ćđ])[aeiou]"),
    "ca": ("àçèéíïòóúüÀÇÈÉÍÒÓÚ·", "àèéò", "(?<=[b-z]í)"),
}
"""Languages in Latin script: the letters and marks that ASCII lacks, and of which a text has one at
least, letters and patterns that tell by what is around a letter. Others may be what legacy charsets
make of each other's letters."""

_INITIALS = "ÄÖÜÉÎ"
"""Capitals that may be the only letter beyond ASCII of a text, as the first one of a word."""

LINE = re.compile(r"[^\n]{1,300}(?![^ \n])|[^\n]+")
"""A line, or a part of a long one: what shows no damage there need not be looked at. Parts end
before a space of ASCII, which is half of no character."""

_CYRILLIC = "а-яёіїєґ", "А-ЯЁІЇЄҐ"
_BALKAN = "а-ик-шђѓјљњќћџѕ", "А-ИК-ШЂЃЈЉЊЌЋЏЅ"
_GREEK = "α-ωάέήίόύώϊϋΐΰς", "Α-ΡΣ-ΩΆΈΉΊΌΎΏ"


_Search = Callable[..., re.Match[str] | None]


class _Way:
    """A way of writing: what searches for something that a text in it has, and for marks of damage.

    The pattern of the marks is made when it is first used. What has none, up to `longest` code
    points, has something that is usual as well.
    """

    def __init__(self, name: str, needed: _Search | None = None) -> None:
        self.name, self.needed = name, needed
        self.longest = LONGEST.get(name, FIELD)
        self.is_usual = usual_in(name)

    @cached_property
    def search(self) -> _Search:
        search = _pattern(self.name).search
        inside = _INSIDE.get(self.name)
        if not inside:
            return search
        # Each begins with one character, which is found faster than one of two.
        others = [re.compile(f"{before}[{inside}]").search for before in " \n"]

        def first(*part: Any) -> re.Match[str] | None:
            found = search(*part)
            for one in others:
                other = one(*part)
                if other and not (found and found.start() < other.start()):
                    found = other
            return found

        return first


def is_plain(text: str) -> bool:
    """Tell whether a text shows nothing that damage makes, and a short one something usual."""
    if len(text) > PART:
        return next(marked(text), None) is None
    char = text[:1]
    if char not in _SURE or (char >= _FIRST_INLAID and _may_be_inlaid(text, 0)):
        # Every letter that tells is a mark in text without letters: one search does for both.
        found = _LETTERLESS.search(text)
        if found is None:
            return len(text) > FIELD or not has_letter_mark(text)
        char = _first_telling(text, found.start())
        if not char:
            return False
    ways = _SURE.get(char) or _WAYS[char]
    for way in ways:
        if (way.needed is None or way.needed(text)) and way.search(text) is None:
            if way is not ways[0] and char in _SURE:
                # Texts of one language come together: the next one begins with its way.
                _SURE[char] = (way, *(other for other in ways if other is not way))
            return len(text) > way.longest or way.is_usual(text, char)
    return False


def _first_telling(text: str, start: int) -> str:
    """Return the first character from a mark on that tells the way of writing.

    An empty text where there is none, or that shows damage itself.
    """
    char = text[start]
    if char in _SURE:
        return "" if _may_be_inlaid(text, start) else char
    far = _far(text, start) or _farther(text, start)
    if far is None or stands_as_sign(text, far.start()) or _may_be_inlaid(text, far.start()):
        return ""
    char = far[0]
    if char.isalpha() and not may_begin_sign(char):
        _SURE[char] = _WAYS[char]
    return char


def marked(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines of a text that show what damage makes.

    Each part of a long text is taken to be in one way of writing, up to the first such line.
    """
    if len(text) <= FIELD:
        for line in LINE.finditer(text):
            if not (line.group().isascii() or is_plain(line.group())):
                yield line.span()
        return
    at = done = 0
    seen: dict[_Search, tuple[int, int]] = {}
    while at < len(text):
        if text[max(0, at - 1) : at + BLOCK].isascii():
            at += BLOCK
            continue
        end = at + PART
        if end < len(text):
            end = max(text.rfind("\n", at, end), text.rfind(" ", at, end)) + 1 or end
        mark = _mark(text, at, end, seen)
        if mark < 0:
            at = end
            continue
        least = max(done, mark - PART)
        start = text.rfind("\n", least, mark) + 1 or least
        end = text.find("\n", mark)
        at = done = len(text) if end < 0 else end
        yield start, at
        at += 1


def _mark(text: str, start: int, end: int, seen: dict[_Search, tuple[int, int]]) -> int:
    """Return where a part shows damage first; -1: nowhere.

    That is where the way of writing does in which it is the farthest, or the beginning of a part
    all in capitals in which words tell. `seen` is what was found in parts before.
    """
    letterless = _first(_LETTERLESS.search, text, start, end, seen)
    if letterless < 0:
        return letterless
    far = _far(text, letterless, end) or _farther(text, letterless, end)
    if far and (stands_as_sign(text, far.start()) or _may_be_inlaid(text, far.start())):
        return far.start()
    most = -1
    char = far[0] if far else ""
    for way in _WAYS[char] if char else ():
        if way.needed is None or _first(way.needed, text, start, end, seen) >= 0:
            at = _first(way.search, text, start, end, seen)
            if at < 0:
                if way.name in CASED:
                    usual = _first(has_small, text, start, end, seen) >= 0
                else:
                    usual = end - start > way.longest or way.is_usual(text[start:end], char)
                return at if usual else start
            most = max(most, at)
    return most if most >= 0 else letterless


def _first(
    search: _Search, text: str, start: int, end: int, seen: dict[_Search, tuple[int, int]]
) -> int:
    """Return the first place that a search finds in a part; -1: none.

    `seen` tells the place that each search found last, and how far it has searched: parts begin
    behind one another, and overlap.
    """
    place, searched = seen.get(search, (-1, 0))
    if place < start and searched < end:
        found = search(text, max(start, searched), end)
        place = found.start() if found else -1
        seen[search] = place, end if place < 0 else place
    return place if start <= place < end else -1


_WIDE_MARKS = "\u3000、。，：；！？《》〈〉「」『』【】（）"

_near = f"\x00-\x7f{_MARKS}‘„‚{_SIGNS}\xa0{_NEVER}"
_far = re.compile(f"[^{_near}{_WIDE_MARKS}]").search
_farther = re.compile(f"[^{_near}]").search
"""Search for a character that tells the way of writing: for one that tells most, and for any."""

_LETTERLESS = _Way("")


_HAN, _FIRST_INLAID = "\u3400", "・"
"""The first Han character, and what some readers write for lost bytes."""


def _may_be_inlaid(text: str, at: int) -> bool:
    """Tell whether a Han character, or `・`, ends or begins a word of small Latin letters.

    Where a text has nothing else before it, that may be Latin letters of another charset. So may be
    `·` inside of one, but in Catalan: col·legi.
    """
    before, behind = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if text[at] == "·":
        return "a" <= before <= "z" and "a" <= behind <= "z" and before + behind != "ll"
    if text[at] < _HAN:
        return text[at] == _FIRST_INLAID and ("a" <= before <= "z" or "a" <= behind <= "z")
    if "a" <= before <= "z":
        return behind < "\u2e80"
    return before < "\u2e80" and "a" <= behind <= "z"


class _Ways(dict[str, tuple[_Way, ...]]):
    """The ways of writing in which each character stands: fills itself."""

    def __missing__(self, char: str) -> tuple[_Way, ...]:
        self[char] = found = _ways_of(char)
        return found


_WAYS = _Ways()

_SURE: dict[str, tuple[_Way, ...]] = {}
"""The ways of writing by the letters that told them and that no sign begins with, the one that let
out the last text first: which one does is all the same."""


def _ways_of(char: str) -> tuple[_Way, ...]:
    found = [_Way(name, _needed(name, char)) for name in _LATIN if char in _LATIN[name][0]]
    found += [_Way(name, _needed(name, char)) for name, has in _alphabetic() if has(char)]
    if char >= "\u2e80" or char == "·":
        found += [_Way(name) for name, chars in _wide_characters() if char in chars]
    return tuple(found)


@cache
def _alphabetic() -> Sequence[tuple[str, _Search]]:
    """Return, of other alphabets, what matches their characters that begin words."""
    return [
        (name, re.compile(f"[{small}{capitals}{more}](?<![{_INSIDE.get(name, '')}-])").match)
        for name, (small, capitals, more, *_) in _alphabets().items()
    ]


@cache
def _wide_characters() -> Sequence[tuple[str, str]]:
    """Return the characters of ways of writing with Han characters."""
    return [(name, "".join(chars)) for name, chars in _han().items()]


def _needed(name: str, char: str) -> _Search | None:
    """Return what searches for something that a text in a way of writing has; None if `char` is it.

    That are its telling letters, a capital of its own that begins a word, and its patterns.
    """
    if name in _LATIN:
        return None if char in _LATIN[name][1] else _telling(name)
    return _telling(name) if name == "balkan" else None


@cache
def _telling(name: str) -> _Search:
    if name == "balkan":
        return re.compile("ј(?:(?<=[а-ш]ј)|[а-ш])").search
    letters, telling, words = _LATIN[name]
    first = "".join(char for char in letters if char in _INITIALS)
    looked_at = {*telling, *first, *(char for char in words if char >= "\x80")}
    initial = f"(?<![^\x00-@].)(?<=[{first}])[bdfghklmnprst][a-z]" if first else ""
    needed = "|".join(filter(None, (f"(?<=[{telling}])", words, initial)))
    return re.compile(f"[{''.join(sorted(looked_at))}](?:{needed})").search


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
def _alphabets() -> Mapping[str, Sequence[str]]:
    """Return what `_alphabet` is given for each of the other scripts."""
    arabic = "\u0621-\u0637\u0639-\u0652"
    leading = _read("cp949", range(0xC2, 0xC9), EUC)
    # What UTF-8 begins with in cp1251 and ISO-8859-5 stands before these letters in few words.
    balkan = (
        "[ЂЃЈЉЊЌЋЏђѓќћџѕ](?<=[РСТУФХЧ].)",
        "[љњј](?<=[РСТУФХЧ].)(?![аеиоу])",
        "(?<=[ЂЃЉЊЌЋЏ])(?![аеиоуАЕИОУ]|\\b)",
        "(?<=„)[^а-ш]„",
        "(?<=[а-ш]№)",
        "(?<=[А-Ш]{5})",
    )
    return {
        "cyrillic": (
            *_CYRILLIC,
            "№„‚»",
            "[–—](?<=[–—][А-Я].)|ї(?<=п».)|(?<=[а-я]№)|(?<=[”‘‚¬])[а-я](?<=[ \n]..)",
            "",
        ),
        "balkan": (*_BALKAN, "№„‚»", "|".join(balkan), ""),
        # Numerals are a capital and U+0384, which is ô in cp1253 as well: no word alone.
        "greek": (
            *_GREEK,
            "·«»΄",
            "[ΆΈΉΊΌΎΏ«»](?<=[ΓΞΟ].)|(?<=΄)(?:(?<![Α-Ω]΄)|(?<=\\w.΄)|(?=\\w))",
            "",
        ),
        "arabic": (arabic + _ARABIC, "", "ظ", "[\\s\\S][طظ](?<=ظ..)", arabic),
        "hebrew": ("א-ת", "", "־₪׳״", "(?<=׳)(?<![א-ת]׳)", ""),
        "thai": ("\u0e01-\u0e4e\u0e50-\u0e5b", "", "", "", ""),
        "ko": (
            _read("cp949", _LOW, EUC) + leading + "ㅋㅎㅠㅜ",
            "",
            "·‘《》「」『』〈〉、。",
            "",
            leading,
        ),
    }


_DEAD = frozenset("锟烫屯葺鐃踝嚙쏙옙")
"""Characters that are mostly what readers make of U+FFFD, or of memory that was never text."""

_INSIDE = {"thai": "\u0e30\u0e31\u0e37\u0e38\u0e39"}
"""Letters that begin no word: those of Thai are vowels, and what letters of Cyrillic, Hebrew and
Arabic begin with in cp874."""

_ARABIC = "پچژکگی،؛؟\u200c\u200e\u200f٠١٢٣٤٥٦٧٨٩٪٫٬"


def _latin(letters: str) -> re.Pattern[str]:
    """Return the pattern of ASCII, some letters, and marks beside words."""
    small = "".join(char for char in letters if char.islower())
    capitals = "".join(char for char in letters if char.isupper())
    more = "".join(char for char in letters if not char.isalpha())
    quotes = _QUOTES + more.replace("¡", "").replace("¿", "")
    english = "‘" not in more
    if english:  # as in English text with a foreign word
        more, quotes = more + "‘", quotes + "‘"
    few = f"a-z{small}"
    word = f"A-Z{few}{capitals}"
    # What dashes and quotation marks become in old code pages. Vietnamese has them everywhere.
    alone = "".join(char for char in "ûñùôîì" if char in small)
    own = {
        # What UTF-8's quotation marks begin with: no vowel stands behind it, nor a last letter.
        "â": "(?<=â)(?:(?![a-z])|(?=[aeiouyh]|[a-z]\\b|(?:ll|re|ve)\\b))",
        # What the quotation marks of Japanese charsets become in old code pages.
        "ü": "|".join(
            (
                f"f(?<=üf)(?:[^{few}]|[dms]\\b|[rv]e\\b)",
                "c(?<=üc)[^hk]",
                f"[eghcf](?<=[^{word}]ü.)",
            )
        ),
        "õ": "(?<=õ)(?!e)",
        # ę of Polish: no word of another language has two ê.
        "ê": "(?<=ê)[a-z]+ê",
        "è": "è(?<=è.)",
        # The apostrophe of don’t, it’s, l’homme and d’accord in Mac Roman.
        "í": "t\\b(?<=[a-z]nít)|[ds]\\b(?<=(?:[Hh]e|[Ww]e|[Ii]t|at|et|ey|ow|ho|ou|is)í.)"
        "|[ds]\\b(?<=ereí.)|(?:[rv]e|ll)\\b(?<=[eIotuwy]í..)|[ehiou](?<=\\b[CcDdJjLlMmNn]í.)|[eiou](?<=quí.)"
        "|a(?<=\\b[JjLl]ía)|a(?<=\\bdía)[bcipuv][a-z]",
    }
    if "ạ" in small:
        own, alone = {}, ""
    seldom = "".join(char for char in small if char in own or char in alone)
    common = "".join(char for char in small if char not in seldom)
    kinds = [
        (
            seldom,
            f" (?<=[ \n][{alone}].)" if alone else "",
            *(pattern for letter, pattern in own.items() if letter in small),
        ),
        (
            capitals,
            f"[{few}](?<=[{few}]..)",
            f"[^{few}](?:(?<=[{few}]..)|(?<=[{capitals}{_MARKS}{more}{_SIGNS}\xa0]))",
            "[A-Z][a-z]",
            f"\\Z(?<=[{few}].)",
        ),
        (
            quotes,
            f"[{few}](?<=[{few}]..)",
            f"(?<=[{word}][„‚])",
            f"(?<=[{small}{capitals}»]‘)" if english else "",
        ),
        (_SIGNS, f"[{word}]", "(?<=[^ -@\n\xa0\u202f].)"),
        ("¡¿" if "¡" in more else "", "(?<=[a-z]¡)", "[a-z](?<=[a-z]¿.)"),
    ]
    return re.compile(f"[^\x00-\x7f{common}{_QUIET}\xa0{_NEVER}]{_by_kind(kinds, more)}", re.DOTALL)


def _by_kind(kinds: Sequence[Sequence[str]], quiet: str = "") -> str:
    """Return a pattern for what stands behind and before a character.

    Each of `kinds` has characters and the patterns for them, those that are met most first, so that
    few patterns are tried. Any character that is in none of them and not in `quiet` is matched.
    """
    pattern = f"(?<![{quiet}])" if quiet else ""
    for kind, *patterns in reversed(kinds):
        if kind:
            own = "|".join(filter(None, patterns))
            pattern = f"(?:(?<=[{kind}])(?:{own})|(?<![{kind}]){pattern})"
    return pattern


def _alphabet(
    small: str, capitals: str, more: str, traces: str, behind: str = ""
) -> re.Pattern[str]:
    """Return the pattern of a script of its own, in which `traces` are what UTF-8 leaves.

    `behind`: the letters that bytes of UTF-8 behind ASCII become, if not all.
    """
    letters = small + capitals
    ends = "“”№" if "№" in more else ""
    kinds = [
        (
            capitals,
            f"(?<=[{small}].)",
            f" (?<=[{capitals}][{capitals}].)(?=[{capitals}][{capitals}])",
            f", (?<=[{capitals}][{capitals}]..)(?=[{capitals}][{capitals}])",
        ),
        ("A-Za-z", f"[{behind or letters}]", f"(?<=[{letters}].)"),
        (_SIGNS, f"[{letters}]", f"(?<=[{letters}].)"),
        ("„‚" if "„" in more else "", f"[{letters}](?<=[{letters}]..)"),
        (ends, f"[{small}](?<=[{small}]..)"),
    ]
    bad = [_by_kind(kinds, more)]
    bad += [traces] if traces else []
    quiet = "".join(char for char in _MARKS if char not in more + ends)
    return re.compile(
        f"[^\x00-@[-`{{-\x7f{small}{quiet}\xa0{_NEVER}](?:{'|'.join(bad)})", re.DOTALL
    )


def _wide(common: str, rare: str, more: str, apart: str) -> re.Pattern[str]:
    """Return the pattern of a script without spaces: rare characters stand between common ones.

    Those of `apart` stand anywhere, but rare ones not beside them.
    """
    behind = "".join(sorted(_behind_latin().intersection(common))) + rare
    return re.compile(
        f"[^\x00-\x1f!-@[-`{{-\x7f{common}{more}{apart}{_MARKS}‘\xa0{_NEVER}]"
        # Korean words read as Chinese keep their spaces.
        f"(?:(?<=[\u3400-\u9fff] )(?=[\u3400-\u9fff])|[{behind}](?<=[A-Za-z].)"
        # A word of two characters may begin a line.
        f"|(?<=[{rare}])(?:(?<![{common}{more}].)(?!(?<![^\n].)[{common}][，。、：；！？「」（）])"
        f"|(?![{common}{more}]))"
        f"|(?<![A-Za-z {rare}{_SIGNS}]))",
        re.DOTALL,
    )


def _read(codec: str, leads: range, trails: range = range(0x40, 0xFF)) -> str:
    """Return the Han characters and syllables that a codec reads pairs with these leads as."""
    read = read_pairs(codec, leads, trails)
    return "".join(c for c in dict.fromkeys(read) if "\u3400" <= c <= "\ud7a3" and c not in _DEAD)


_LOW = range(0xB0, 0xC2)
"""Bytes that UTF-8 never begins with: behind ASCII, no damage begins with what they are read as."""


@cache
def _behind_latin() -> frozenset[str]:
    """Return the Han characters that readers of two bytes make of letters behind ASCII ones.

    Of the bytes of UTF-8, of the Latin letters of another such charset (in EUC-JP those have three
    bytes), or of a quotation mark of cp1252 with the letter behind it.
    """
    found = "".join(
        _read(codec, leads, trails)
        for codec in CODECS
        for leads, trails in (
            (range(0xC2, 0xF5), range(0x80, 0xC0)),
            (range(0xA8, 0xAA), EUC),
            (range(0xC8, 0xC9), EUC),
        )
    )
    found += _read("cp932", range(0x91, 0x98), range(0x40, 0x80))
    found += _read("cp932", range(0x8F, 0x90), range(0xA9, 0xAC))
    return frozenset(found)


@cache
def _han() -> Mapping[str, Sequence[str]]:
    """Return what `_wide` is given for each way of writing with Han characters.

    The bytes of UTF-8 read as one of these charsets make rare ones, one in three at least.
    """
    marks = "\u3000、。《》〔〕「」『』【】！（），：；？〈〉￥％０１２３４５６７８９·～"
    kana = _spelled("ぁ-んァ-ヶ") + "ー・々〜"
    symbols = _spelled("①-⑩Ａ-Ｚａ-ｚ") + "―〒※→←↑↓．－／＝＋：＆"
    second = _read("cp932", range(0x99, 0xA0)) + _read("cp932", range(0xE0, 0xEB))
    return {
        "zh-Hans": (
            _read("gbk", range(0xB0, 0xD8), EUC),
            _read("gbk", range(0xD8, 0xF8), EUC),
            marks + "〇",
            symbols,
        ),
        # Hong Kong's supplement is as rare.
        "zh-Hant": (
            _read("big5", range(0xA4, 0xC7)),
            _read("big5hkscs", range(0xC9, 0xFF)),
            marks,
            symbols,
        ),
        "ja": (_read("cp932", range(0x88, 0x99)), second, marks + kana, symbols),
    }
