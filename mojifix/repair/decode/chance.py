"""What legacy charsets make of clean text by chance: readings that no word has."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable
from functools import lru_cache

from mojifix.charsets.charset import Charset, encode
from mojifix.charsets.registry import CHARSETS, CYRILLIC
from mojifix.language import known_words, trigrams
from mojifix.language.identification import are_common
from mojifix.language.pairs import open_after, unclosed
from mojifix.language.writing import script, small
from mojifix.repair.decode.cut import is_cut_short
from mojifix.repair.gate.customary import is_alphabet, is_measure, is_worn
from mojifix.repair.gate.floors import LOOKALIKES, is_ideograph
from mojifix.repair.gate.strange import PUNCTUATION, is_contraction, is_strange
from mojifix.repair.gate.telling import (
    ALONE,
    CONTROL,
    CYRILLIC_LETTER,
    MARKS,
    TELLING,
    is_lettered,
    is_short_cyrillic,
    is_western,
)
from mojifix.repair.reading import Chain, changed_characters

RARELY_WRITTEN = -20.0
"""Log probability of a Han character behind a small Latin letter below which none is written there:
acronyms stand before any."""

SHORTEST = 2
"""Letters of a word of which UTF-8 makes one."""

SAME = 16
"""Texts that are asked about again at once, for another charset."""

THORNLESS, _OF_DOS = 5, frozenset(("cp1252", "latin-1", "cp850", "cp852", "cp437", "mac-roman"))
"""Letters of a known word that shows that a þ was none, at least, where a program for DOS read or
wrote it. In charsets of Turkey and the Baltic it is a letter of theirs: ş, ž."""

FORMULA = 2
"""Letters of ASCII, at most, of a word with Greek ones that may be a formula whatever it is read
back as. What longer ones are read back as must be known."""


def is_by_chance(
    text: str, before: str, writer: Charset, spelled: Callable[[str], float], *, few: bool
) -> bool:
    """Tell whether a legacy charset may make `before` of clean text, which has `few` bytes.

    `spelled` tells the log weight of what is a known word.
    """
    if (
        _is_framed_by(text, before)
        or _is_clean(text)
        or is_alphabet(before)
        or _MARK_INSIDE.search(before)
        or (_OPENS_AT_END.search(before) and (writer.leads or before.endswith("‘")))
        or ("´" in text and _OPENS_BEHIND.match(before))
        or (few and writer.leads and not is_western(before))
        or _is_unwritten(before)
        or _is_stuck(before)
        or _misplaces_letters(text, before)
        or (_LEAD_ALONE.search(text) and _OPENED.search(before))
        or (CONTROL.fullmatch(text.strip(PUNCTUATION)) and writer.name not in ALONE)
        or _is_contracted_by_chance(text, before)
        or _is_pierced(text, before)
        or (few and _is_miscased(text, spelled))
        or _is_raised(text, before)
        or (writer.name == "big5" and bool(_PINYIN.search(before)))
        or (writer.name == "cp949" and is_no_korean(before))
        or (bool(_UZBEK.search(text)) and spelled(before) <= 0)
        or (bool(writer.leads) and not is_western(before) and _is_one_sign(text))
    ):
        return True
    unsure = few and _is_respelled(text, before) and not are_common(before)
    unsure = unsure or (_has_greek(text, len(text)) and not _is_inlaid_greek(text, before))
    unsure = unsure or bool(_FIRST_INSIDE.search(text)) or bool(_TREE.fullmatch(text))
    unsure = unsure or (text[:1] in _OPENERS and before[:1].isalpha() and text[1:].isascii())
    if "þ" in text and writer.name in _OF_DOS:
        # English had it once, and Gothic: wiþ, haþ.
        return spelled(before) <= 0 or sum(map(str.isalpha, before)) < THORNLESS
    if writer.name in CYRILLIC and is_short_cyrillic(text):
        if len(CYRILLIC_LETTER.findall(before)) < TELLING:
            return True
        unsure = True
    return unsure and spelled(before) <= 0


@lru_cache(maxsize=SAME)
def _is_clean(text: str) -> bool:
    """Tell whether no legacy charset explains a text better than that somebody wrote it so."""
    return (is_worn(text) and not CONTROL.search(text)) or _is_cyrillic_with_latin(text)


def is_no_korean(text: str) -> bool:
    """Tell whether a text in a charset of Korea has what nearly no text of Korea has.

    More Han characters than Hangul, or syllables that only Windows has: Korean is written in 2,350
    others. Of symbols typed one after the other, Ω≈ç√∫, it makes some.
    """
    syllables = [char for char in text if "가" <= char <= "힣"]
    if sum(map(is_ideograph, text)) > len(syllables):
        return True
    return any(min(encode(char, CHARSETS["cp949"]) or b"\xff") < _KS_X_1001 for char in syllables)


_KS_X_1001 = 0xA1
"""Both bytes of a character that is in Korea's standard, at least."""

_UZBEK = re.compile("(?<![^\\W_])[OoGg]‘(?=[a-z])|[a-z][og]‘(?=[a-z])")
"""A letter of Uzbek whose sign is written as a quotation mark: O‘zbek, yo‘q."""


def _is_miscased(text: str, spelled: Callable[[str], float]) -> bool:
    """Tell whether a text is a word with a capital inside, as typists make them: fÜr."""
    if not _MISCASED.fullmatch(text.strip(PUNCTUATION)):
        return False
    word = small(text)
    return are_common(word) or spelled(word) > 0


def _is_raised(text: str, before: str) -> bool:
    """Tell whether a small letter inside of a word was a capital: Zîn."""
    if len(text) != len(before):
        return False
    inside = zip(text, text[1:], before[1:], text[2:], strict=False)
    return any(
        char.islower() and was.isupper() and "A" <= first <= "z" and "a" <= last <= "z"
        for first, char, was, last in inside
        if char != was
    )


_PINYIN = re.compile("[ß-öø-ǿ]")
"""Letters that Hong Kong's supplement of Big5 has and no text of Taiwan."""

_MISCASED = re.compile(r"[^\W\d_]?[a-zß-öø-ÿ]+[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+")


def _is_contracted_by_chance(text: str, before: str) -> bool:
    """Tell whether an apostrophe was a small letter of what is no contraction: oís."""
    found = _APOSTROPHE.search(before) if len(before) == len(text) else None
    return found is not None and text[found.start()].islower() and not is_contraction(text)


def _is_pierced(text: str, before: str) -> bool:
    """Tell whether a letter inside of a word was a sign: mîrkût, mörk×t."""
    if len(text) != len(before):
        return False
    return any(text[match.start()].isalpha() for match in _PIERCED.finditer(before))


_PIERCED = re.compile("(?<=[A-Za-z\xc0-\u024f])[×÷§¶†•¤°¬±](?=[A-Za-z\xc0-\u024f])")

_OPENERS = frozenset("¡¿")
"""What opens questions and calls in Spanish."""

_APOSTROPHE = re.compile("(?<=[^\\W\\d_])’(?=[^\\W\\d_])")


def _is_one_sign(text: str) -> bool:
    """Tell whether all that a text has beyond ASCII is one sign, however often: ´´no´´."""
    far = {char for char in text if char >= "\x80"}
    return len(far) == 1 and not min(far).isalpha() and not CONTROL.search(text)


def is_utf8_by_chance(text: str, before: str, spelled: Callable[[str], float]) -> bool:
    """Tell whether a word of letters is UTF-8 by chance, which makes one character of some of them.

    An abbreviation is (ЮВ, РАФ), and a known word of which that makes none.
    """
    core, was = text.strip(PUNCTUATION), before.strip(PUNCTUATION)
    letters = "".join(filter(str.isalpha, core))
    if core.isalpha() and core[::2].swapcase() == core[1::2]:
        return not are_common(was)  # аА is а, but бБ a key.
    if not _LETTERS.fullmatch(core) or sum(char >= "\x80" for char in was) != 1:
        return False
    few = len(letters) == SHORTEST or CYRILLIC_LETTER.match(letters)
    if len(was) == 1 and few and (letters.isupper() or letters.islower()):
        return True
    return spelled(text) > 0 >= spelled(before)


_LETTERS = re.compile("(?:[^\\W\\d_\u2e80-\U0010ffff]|[-'’])+")


def unmakes(word: str, reading: str, spelled: Callable[[str], float]) -> bool:
    """Tell whether a reading makes a known word unknown, a small word a sign, or a price a letter.

    And a natural word does not begin with what opens a quotation, nor is a word of one alphabet one
    of two.
    """
    core, was = (one.strip(PUNCTUATION + string.digits) for one in (word, reading))
    first, opening = (one.lstrip(string.punctuation)[:1] for one in (word, reading))
    return (
        spelled(word) > 0 >= spelled(reading)
        or (first.isalpha() and opening in _OPENING and not is_strange(core))
        or is_mixed(reading) > is_mixed(word)
        or (bool(_QUOTED.fullmatch(word)) and not _QUOTED.fullmatch(reading))
        or (core in SMALL_WORDS and not was.isalpha())
        or (core in SIGNS and (was.isalpha() or bool(_UNSIGNED.match(was))))
    )


def is_natural(word: str) -> bool:
    """Tell whether a word has letters enough to look like a word of some language, and does."""
    core = word.strip(PUNCTUATION)
    if any(char >= "\x80" and (char in "ªº" or not char.isalpha()) for char in core):
        return False
    letters = sum(map(str.isalpha, core))
    return letters >= TELLING and not is_mixed(word) and not is_strange(word)


def _misplaces_letters(word: str, reading: str) -> bool:
    """Tell whether a reading of a word has letters where a word has none.

    For the U+00A0 that group its digits, or, where the word has none, a capital beyond ASCII
    between two small letters: dăŞjă.
    """
    grouping = (reading[one.start() : one.end()] for one in _BETWEEN_DIGITS.finditer(word))
    return any(map(str.isalpha, grouping)) or (
        _has_capital_inside(reading) and not _has_capital_inside(word)
    )


def _has_capital_inside(word: str) -> bool:
    return any(
        match[0].isupper() and match[1].islower() and match[2].islower()
        for match in _BETWEEN_LETTERS.finditer(word)
    )


_BETWEEN_LETTERS = re.compile("(?<=([^\\W\\d_]))[\u00c0-\u024f](?=([^\\W\\d_]))")
_BETWEEN_DIGITS = re.compile("(?<=[0-9])\xa0(?=[0-9])")


def may_be_legacy(word: str, reading: str, chain: Chain) -> bool:
    """Tell whether a word may be text out of a legacy charset that went through a chain.

    It has no controls then that are not found, nor frames at letters, and a measure is another one.
    But in ISO 8859-5 the signs of measures are capitals, in cp866 those of prices are letters, and
    ½ may be the « of quotations.
    """
    if len(chain) == 1 and is_cut_short(word):
        return False
    if _UZBEK.search(word) and known_words().spelled(reading) <= 0:
        return False
    if CONTROL.search(reading) and not CONTROL.search(word):
        return False
    if _misplaces_letters(word, reading):
        return False
    if _is_framed(reading) and not _is_framed(word):
        return False
    signs = chain[0].written_as in ("iso-8859-5", "cp866") or "«" in reading
    return signs or not is_measure(word) or is_measure(reading)


_OPENING = frozenset("‘’‚“”„«»‹›…¿¡")

SMALL_WORDS, SIGNS = frozenset("àáâäåæèéêìíîòóôöøúüőÀÁÈÓÔÚ"), frozenset("€£¥×±")
"""Latin letters that are words of their own, and signs that stand alone or beside numbers."""

_QUOTED = re.compile(r"(?:“[!-~]{2,}”|„[!-~]{2,}[“”]|«[!-~]{2,}»|‹[!-~]{2,}›|‘[!-~]{2,}’)[!-/:;?]*")
"""A word of ASCII in quotation marks."""

_UNSIGNED = re.compile("[´¨¸¯\u02c6-\u02dd\u2500-\u25ff]")
"""What never is where a sign is: spacing accents, and what frames and patterns are made of."""


def takes_away(text: str, before: str) -> bool:
    """Tell whether a reading of a text takes away what closes a quotation, or what is quoted."""
    if not any(mark in text for mark in "“«„"):
        return False
    opened = unclosed(open_after(before)) < unclosed(open_after(text))
    return opened or bool(_EMPTY.search(before)) > bool(_EMPTY.search(text))


_EMPTY = re.compile("[“«„][”»“]")


_LEAD_ALONE, _OPENED = re.compile("Ã(?![\x80-\xbf])"), re.compile("«[a-zß-ÿ«]")
"""A first byte of UTF-8 whose control was dropped, and what it opens read back as Mac Roman."""


def _is_stuck(text: str) -> bool:
    """Tell whether rare Han characters stand right behind the small letters of a Latin word."""
    found = _BEHIND_LETTER.finditer(text)
    rare = any(trigrams()[f" {match[0]}"[-3:]] < RARELY_WRITTEN for match in found)
    return rare and 2 * sum(map(is_ideograph, text)) < len(text)


_BEHIND_LETTER = re.compile("[A-Za-z]?[a-z\u00df-\u00ff][\u3400-\u9fff]")

_FIRST_INSIDE = re.compile("[a-z][ÄÅ](?![A-Z\x80-\xff])|[a-z]Ã(?![^\\W_])")
"""What is left of long vowels inside words, where controls were dropped, and of à at their ends,
where U+00A0 became a space: mālō, voilà."""


def _is_respelled(word: str, reading: str) -> bool:
    """Tell whether a reading of a word has another small letter for one of its, and no more.

    One of another script than the others of the word is no spelling, unless it looks like theirs.
    """
    changed = changed_characters(word, reading)
    if len(changed) != 1:
        return False
    char, was = changed[0]
    misplaced = char not in _LOOK_LATIN and is_mixed(word) and not is_mixed(reading)
    return char.islower() and was.islower() and not misplaced


def _is_cyrillic_with_latin(word: str) -> bool:
    """Tell whether Latin letters stand for those that look like them in a Cyrillic word: Тoгo."""
    latin = [char for char in word if char.isascii() and char.isalpha()]
    return 0 < len(latin) <= len(CYRILLIC_LETTER.findall(word)) and _LOOK_CYRILLIC.issuperset(latin)


_LOOK_CYRILLIC = frozenset("aceopxyABCEHKMOPTX")

_LOOK_LATIN = LOOKALIKES | frozenset("αοινυρκ")
"""Letters of Cyrillic and Greek that are written for Latin ones."""


def is_formula(text: str) -> bool:
    """Tell whether a text is a formula: of Greek letters and a few of ASCII, or single ones."""
    single = bool(_GREEK.fullmatch(text.strip(PUNCTUATION)))
    return single or bool(_PRODUCT.search(text)) or _has_greek(text, FORMULA)


def _has_greek(text: str, longest: int) -> bool:
    """Tell whether a text has Greek letters, and of ASCII some but no more than `longest`.

    And none of Latin script beyond ASCII, which no formula has.
    """
    few = 0 < len(_PLAIN.findall(text)) <= longest
    return few and bool(_GREEK.search(text)) and not _FAR_LATIN.search(text)


def _is_inlaid_greek(text: str, before: str) -> bool:
    """Tell whether Greek letters between small Latin ones become those of a natural word."""
    found = _INLAID_GREEK.search(text) and not _FUNCTION.search(text)
    return bool(found) and not is_strange(before)


_FUNCTION = re.compile("(?:sin|cos|tan|cot|sec|exp|log|ln)[\u0370-\u03ff]")
_INLAID_GREEK = re.compile("[a-z][\u0370-\u03ff][a-z]{2}|[a-z]{2}[\u0370-\u03ff][a-z]")

_MARK_INSIDE = re.compile("[^\\W\\d_][…„‚][^\\W\\d_]")
"""Marks that stand behind words or before them, between letters."""

_OPENS_AT_END = re.compile(r"[^\W_][“‘][\x00-\x7f]*\Z")
"""A quotation that opens behind the last letter or digit of a word. In Germany “ closes it."""

_OPENS_BEHIND = re.compile("[^»]*[^\\W\\d_]«(?![^\\W\\d_])")
"""A word behind which a quotation opens: acute accents are written for quotation marks."""

_PRODUCT = re.compile("(?<![^\\W_])[A-Za-z0-9](?:[×÷·±≤≥≠≈][A-Za-z0-9](?![^\\W_]))+")
"""A formula of single letters and digits: N×N×N."""

_GREEK, _PLAIN = re.compile("[\u0370-\u03ff]"), re.compile("[A-Za-z]")
_FAR_LATIN = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")


def _is_unwritten(text: str) -> bool:
    """Tell whether a text has what no word has: frames at letters, or two alphabets together."""
    return _is_framed(text) or is_mixed(text)


def _is_framed(text: str) -> bool:
    """Tell whether a text has both letters and box drawing, as no word has."""
    return bool(_DRAWN.search(text)) and any(map(str.isalpha, text))


def is_mixed(text: str) -> bool:
    """Tell whether letters of two alphabets are next to each other."""
    scripts = [script(char) if char < "\u2e80" else "" for char in text]
    if len({*scripts, ""}) <= 2:
        return False
    return any(one and other and one != other for one, other in itertools.pairwise(scripts))


def _is_framed_by(text: str, before: str) -> bool:
    """Tell whether box drawing becomes no text, or what is none becomes that."""
    if _DRAWN.search(text):
        return not (is_lettered(before) or _is_quoting(text, before))
    return bool(_DRAWN.search(before))


def _is_quoting(text: str, before: str) -> bool:
    """Tell whether box drawing at letters becomes quotation marks, apostrophes or an ellipsis."""
    return bool(_DRAWN_AT_LETTER.search(text)) and all(
        char in MARKS for char in before if char >= "\x80"
    )


_DRAWN = re.compile("[\u2500-\u259f]")
_TREE = re.compile("[─│┌┐└┘├┤┬┴┼]+")
"""The lines that trees and frames are drawn with: in KOI8-R what А to К are in cp866."""

_DRAWN_AT_LETTER = re.compile("[\u2500-\u259f](?=[^\\W\\d_])|(?<=[^\\W\\d_])[\u2500-\u259f]")
