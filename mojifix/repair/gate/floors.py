"""How improbable a character may be at most: what the model never saw is no sign of damage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from mojifix.language import trigrams
from mojifix.language.alphabets import european
from mojifix.language.ngrams import Trigrams
from mojifix.language.typography import CURRENCIES
from mojifix.language.writing import script

# Log probabilities that characters have at least where they were found. Set on fixtures/ and on
# development samples of damaged and clean text.
SYMBOL = -6.5
"""A symbol, a mark or a break: which ones a text uses, no model foresees."""
INSIDE, NEXT, MARK = -13.0, -10.0, -10.0
"""A symbol behind a letter or digit, where few of them stand; the one after that; and punctuation
behind a letter."""
UNKNOWN, LATIN, ALIKE, SWITCH = -10.0, -13.0, -8.0, -14.0
"""A letter; a Latin one, of which the model knows nearly all; one of another script behind its
like: abbreviations, alphabets, names; and one of another script behind one of a third."""
CAPITAL = -9.0
"""A capital behind two others: the model has seen few words in capitals."""
BROKEN = -20.0
"""What is added for a space behind U+0085 inside a sentence: lines don't begin with one."""
LISTED = -8.0
"""A capital letter behind a space and another one: alphabets, lists of letters."""
DRAWN, FRAME = -3.0, -5.0
"""A character of box drawing after another one, and after a space: frames have many of them."""
LINE, APART = -1.0, -9.0
"""The same behind itself, and where the lines of two characters don't meet."""
AGAIN = -7.0
"""A character after the same one: Jaaa, ´´, ——."""
ENCLOSED = -5.0
"""What is added for a letter behind a symbol that is behind a letter, and for a Latin one behind a
Cyrillic one behind a Latin one: no word has them inside. Greek ones stand in formulas."""
IDEOGRAPH, AMONG, STUCK = -14.0, -11.0, -20.0
"""A Han character, which the model knows but for the rarest; the same behind another one; and one
behind a letter of an alphabet, where only common ones are seen."""

JAMO, FIRST_JAMO = -5.0, -10.0
"""A Hangul letter that is no syllable behind another one or a syllable, as in ㅋㅋㅋ and ㅇㅐ, and
behind anything else. The text that the model was made of has hardly any."""

DEEPER, RARE = -17.0, -26.0
"""The same for whatever comes out of UTF-8, symbols and letters: with another layer below it is no
natural text."""

SIGNATURE = -6.0
"""UTF-8's signature, U+FEFF, read back: it stands before any text."""

PRICE, AMOUNT = -5.0, -7.0
"""A sign of a currency read back behind a number, and before a word or one: the text that the model
was made of has few prices."""

_APOSTROPHES, APOSTROPHE = frozenset("ʹʻʼ"), -11.0
"""Letters that look like apostrophes, and their floor where they are read back inside or at the end
of a Latin word: Hawaiian, Uzbek, Breton and romanised names have them, the model hardly any."""

_EUROPEAN, EUROPEAN = european(), -14.0
"""Letters of the alphabets of Europe, and their floor where they are read back behind a small
letter of ASCII: tŷ. The model hardly saw those of small languages."""

_BEFORE_APOSTROPHES = frozenset("ACEGIOUacegiou")
"""First letters of words that one stands behind."""

SELDOM = _APOSTROPHES.union(CURRENCIES)
"""Characters that are commoner than in the text that the model was made of."""

MIXED = -6.0
"""Log weight of a letter behind one of another script in text that was read back: few words change
their script, and any bytes make one."""

GROWN = -6.0
"""Log weight of a capital letter behind a small one in text that was read back."""

SMALL = -9.0
"""Log weight of a word in capitals that is read back with a small letter beyond ASCII at its end:
CAFÉ™ is no CAFə."""

_LETTERS = re.compile(r"[^\W\d_]{3,}")
_INSIDE_WORD = re.compile(
    r"(?<=[^\W\d_])[“”„«»‚‹›†‡‰¶§¤¦®©¿¡°±²³×÷\u2200-\u22ff\u2500-\u259f](?=[^\W\d_])"
)
"""A sign that no word has inside."""

NONE = -99.0

LATIN_OF = dict(zip("аеорсухіјѕАВЕІЈКМНОРСТХЅ", "aeopcyxijsABEIJKMHOPCTXS", strict=True))
"""Cyrillic letters that stand for Latin ones, by mistake or to deceive, with these."""

LOOKALIKES = frozenset(LATIN_OF)

_OPENING = frozenset("„‚‹¿¡")
_CORNERS = frozenset(map(chr, range(0x250C, 0x2580))) - frozenset("═║")
"""Characters of box drawing behind which no text begins: another line, a space or nothing does."""
_OUTSIDE = frozenset("„‚‹¿¡†‡‰¶§¤¦¬¾¼½£¥¢€ªº") | frozenset(map(chr, range(0x2500, 0x25A0)))
"""Characters that stand before words or apart from them, not inside."""

_ENDS = frozenset(".!?:;\n\r\x85")
"""What stands before U+0085 where that ends a line."""

_BREAKS = frozenset("\x85\xad\u200b\u200c\u200d\u2060\ufeff")


class Floored(dict[str, float]):
    """The scores of a model, none below its floor: fills itself like the model."""

    def __init__(self, model: Trigrams, floor: Callable[[str], float]) -> None:
        self._model, self._floor = model, floor

    def __missing__(self, trigram: str) -> float:
        if len(self) >= Trigrams.KEPT:
            self.clear()
        weight = self._model[trigram]
        if trigram[-1] >= "\x80":
            weight = max(weight, self._floor(trigram))
        if _is_enclosed(trigram):
            weight += ENCLOSED
        elif trigram[1] == "\x85" and trigram[2] in " \n" and trigram[0] not in _ENDS:
            weight += BROKEN
        self[trigram] = weight
        return weight


@lru_cache(maxsize=1)
def floored() -> tuple[Floored, Floored]:
    """Return the scores of text that was read back out of UTF-8, and of text as it was found."""
    return Floored(trigrams(), read_back), Floored(trigrams(), found)


def _is_enclosed(trigram: str) -> bool:
    """Tell whether the last of three characters is a letter that no word has where it stands."""
    inside = trigram[0].isalpha()
    if trigram[1] in _CORNERS:
        return trigram[2].islower() or (inside and trigram[2].isalpha())
    return inside and trigram[2].islower() and (trigram[1] in _OUTSIDE or _is_alien(trigram))


def _is_alien(trigram: str) -> bool:
    """Tell whether a Cyrillic letter, and none that looks Latin, is between Latin ones."""
    before, char, behind = trigram[0], trigram[1], trigram[2]
    is_other = "\u0400" <= char < "\u0530" and char.isalpha() and char not in LOOKALIKES
    return is_other and before < "\u0250" and behind < "\u0250"


def found(trigram: str) -> float:
    """Return the floor of the last of three characters that were found."""
    before, last = trigram[-2], trigram[-1]
    if last == before and is_drawn(last):
        return LINE
    if last == before or last.lower() == before.lower():
        return AGAIN
    if last in _BREAKS:
        return SYMBOL
    kind = unicodedata.category(last)[0]
    if kind == "P":
        return SYMBOL if not before.isalnum() else INSIDE if last in _OPENING else MARK
    if kind in "SZ":
        return _symbol(trigram)
    return _letter(trigram) if kind in "LMN" else NONE


def _symbol(trigram: str) -> float:
    before, last = trigram[-2], trigram[-1]
    if before.isalnum():
        return INSIDE
    if is_drawn(last):
        if is_drawn(before):
            if trigram[0].isalnum():
                return NEXT
            return DRAWN if _meet(before, last) else APART
        return FRAME if before in " \n" else SYMBOL
    return NEXT if before >= "\x80" and trigram[0].isalnum() else SYMBOL


@lru_cache(maxsize=1 << 14)
def _meet(left: str, right: str) -> bool:
    """Tell whether two characters of box drawing both have a line between them, or neither."""
    left, right = unicodedata.name(left), unicodedata.name(right)
    if not (left.startswith("BOX") and right.startswith("BOX")):
        return True
    return bool(re.search("RIGHT|HORIZONTAL", left)) == bool(re.search("LEFT|HORIZONTAL", right))


def is_drawn(char: str) -> bool:
    """Tell whether a character is box drawing or a block."""
    return "\u2500" <= char <= "\u259f"


def _letter(trigram: str) -> float:
    before, last = trigram[-2], trigram[-1]
    alphabet = _script(last)
    if is_ideograph(last) or alphabet == "HANGUL":
        return _east_asian(before, last)
    if alphabet == _script(before):
        if alphabet == "LATIN":
            return CAPITAL if trigram.isupper() and trigram.isalpha() else LATIN
        return ALIKE
    if before.isalpha() and not is_ideograph(before):
        return UNKNOWN if last in LOOKALIKES or before in LOOKALIKES else SWITCH
    return LATIN if alphabet == "LATIN" else UNKNOWN


def _east_asian(before: str, last: str) -> float:
    if before.isalpha() and before < "\u2e80":
        return STUCK
    if _is_jamo(last):
        return _jamo(before)
    return AMONG if before.isalpha() else IDEOGRAPH


def _jamo(before: str) -> float:
    return JAMO if is_hangul(before) else FIRST_JAMO


def read_back(trigram: str) -> float:
    """Return the floor of the last of three characters that were read back out of UTF-8."""
    if trigram[-1] in SELDOM:
        return seldom(trigram)
    if trigram[-1] == "\ufeff":
        return SIGNATURE
    if _is_jamo(trigram[-1]):
        return _jamo(trigram[-2])
    if trigram[-1] in _EUROPEAN and "a" <= trigram[-2] <= "z":
        return EUROPEAN
    kind = unicodedata.category(trigram[-1])[0]
    return RARE if kind == "L" else DEEPER if kind in "SPZMN" else NONE


def seldom(trigram: str) -> float:
    """Return the floor of one of `SELDOM` that was read back behind two characters."""
    return _priced(trigram) if trigram[2] in CURRENCIES else _apostrophe(trigram)


def _apostrophe(trigram: str) -> float:
    """Return the floor of a letter like an apostrophe that was read back behind two characters.

    As the first letter of a word, vowels, c and g stand before one, and no other capital does: that
    may end in one that is quoted or has a note, `«LÊ»` and `TÊ¹`.
    """
    first, before = trigram[0], trigram[1]
    inside = before.islower() and before < "\u0250"
    if not first.isalpha():
        inside = before in _BEFORE_APOSTROPHES and trigram[2] != "ʹ"
    return APOSTROPHE if inside else RARE


def _priced(trigram: str) -> float:
    """Return the floor of a sign of a currency that was read back behind two characters.

    None for ¥: the bytes of it are 楼 in GBK, which stands beside numbers as well.
    """
    if trigram[2] == "¥":
        return DEEPER
    if trigram[1].isdigit() or (trigram[1].isspace() and trigram[0].isdigit()):
        return PRICE
    return AMOUNT if trigram[1] in " \n([/\xa0" else DEEPER


@lru_cache(maxsize=1 << 14)
def mixed(text: str) -> float:
    """Return the log weight of the changes of script inside the words of a text read back.

    Hangul stands behind Han characters, which are words in Korean (`北핵`), and seldom before them.
    """
    weight, last, before = 0.0, "", ""
    if is_shrunk(text):
        weight += SMALL
    if _OPENS_NOTHING.search(text):
        weight += MIXED
    for char in text:
        if before.islower() and char.isupper():
            weight += GROWN
        family = _family(char) if char >= "\x80" or char.isalpha() else ""
        if char in _APOSTROPHES and before.isupper() and before not in _BEFORE_APOSTROPHES:
            family = "MODIFIER"
        before = char
        if family and last and family != last and (last, family) != ("CJK", "HANGUL"):
            weight += MIXED
        last = family
    return weight


def split(text: str) -> float:
    """Return the log weight of signs inside words of a text read back out of a legacy charset."""
    return 0.0 if text.isascii() else MIXED * len(_INSIDE_WORD.findall(text))


_OPENS_NOTHING = re.compile("[¡¿][0-9]")
"""What opens an exclamation or a question, and behind it no word."""


def is_shrunk(text: str) -> bool:
    """Tell whether a word in capitals has a small letter beyond ASCII at its end."""
    return any(
        word[-1] >= "\x80" and word[-1].islower() and word[:-1].isupper()
        for word in _LETTERS.findall(text)
    )


@lru_cache(maxsize=1 << 14)
def _family(char: str) -> str:
    """Return the script of a letter; that of Han characters and kana is one.

    "" if it is no letter or one that stands among those of several scripts.
    """
    if not char.isalpha():
        return ""
    if is_hangul(char):
        return "HANGUL"
    return "CJK" if char >= "\u2e80" else script(char)


def is_ideograph(char: str) -> bool:
    """Tell whether a character is a Han character."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"


def is_hangul(char: str) -> bool:
    """Tell whether a character is a syllable or a letter of Korean."""
    return "\uac00" <= char <= "\ud7a3" or _is_jamo(char)


def _is_jamo(char: str) -> bool:
    return "\u3131" <= char <= "\u318e"


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
