"""What clean text has that looks like damage: units, alphabets, letters used as others."""

from __future__ import annotations

import itertools
import re
import string
import unicodedata

from mojifix.repair.gate.floors import LATIN_OF, LOOKALIKES
from mojifix.repair.gate.strange import OTHER_SCRIPTS, is_strange

LONGEST_MEASURE = 40
"""Code points of a word with measures, at most."""

LONGEST_ROW = 200
"""Code points of a row of a table of characters, at most."""

IN_ORDER = 4
"""Characters that follow one another in Unicode from which on a text lists them."""

OFTEN = 4
"""How often a character that is all beyond ASCII in a word may be in it."""

SYMMETRIC, SIDE = 5, 3
"""Signs of an ornament, at least, and of each side that are looked at."""

WAVES = 3
"""Signs beyond ASCII, but for letters, of a word in the shape of waves, at least."""


def is_customary(word: str) -> bool:
    """Tell whether what a word has beyond ASCII is used as clean text does, however rare it is."""
    return (
        is_measure(word)
        or is_disguised(word)
        or is_half_width(word)
        or _is_spelled_out(word)
        or bool(_SIGNATURE.match(word))
        or is_no_word(word)
    )


def is_no_word(word: str) -> bool:
    """Tell whether a word is an ornament, a tone, or a pattern that tells where words divide."""
    return (
        _is_wavy(word)
        or _is_ornament(word)
        or bool(_RAISED.fullmatch(word))
        or bool(_HYPHENATION.fullmatch(word))
    )


_SIGNATURE = re.compile("ÿØÿ[\xdb\xe0-\xef]|ÐÏ\x11?à¡±|%âãÏÓ|‰PNG|Rar!Ï")
"""How files of pictures, documents and archives begin, read as Latin-1."""


def is_measure(word: str) -> bool:
    """Tell whether all that a word has beyond ASCII is of units, powers, prices or trademarks."""
    if word.isascii() or len(word) > LONGEST_MEASURE:
        return False
    if _PART_OF_SQUARE.fullmatch(word):
        return True
    # In text out of UTF-8 that was read as Greek every other letter is one of two.
    return word.count("Ξ") + word.count("Ο") < 2 and _MEASURE.sub("", word).isascii()


_LETTER = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u052f]"
_GREEK_LETTER = "[\u0391-\u03a9\u03b1-\u03c9]"
_UNITS = "[msglLAVWFHNMCTJΩ]|Pa|mol|Sv|Gy|Hz|min|sec|in|Ci"
_MULTIPLIED = "[kcmMnG]?(?:[gmsAKNJWVCFHTlL]|Pa|mol|Hz)|lm|rad|h"
_MEASURE = re.compile(
    f"(?<!{_LETTER})(?:(?:[kcdmµμn]?m|[A-Za-zÅ])[²³]|[µμ](?:{_UNITS})|[½¼¾±Ø]|√π"
    f"|(?!m·s)(?:{_MULTIPLIED})(?:·(?:{_MULTIPLIED})(?!{_LETTER}))+"
    f"|Δ°[CFK]|(?:{_GREEK_LETTER}{{1,2}}[A-Za-z]?[²³±°])+{_GREEK_LETTER}?)(?!{_LETTER})"
    f"|(?<![A-Za-z])[Nn][°º]|(?<![^\\W\\d])°[CFKNSEWO](?!{_LETTER})|(?<=[0-9)])[²³](?!\\w)|(?<=[0-9])[ªº°]"
    f"|(?<!{_LETTER})[€£¥](?=[0-9])|(?<=[0-9])[€£¥¢](?!{_LETTER})|(?<=[A-Za-z]{{2}})[®™©](?!\\w)"
)


_PART_OF_SQUARE = re.compile("(?=.*[½¼¾])(?=.*[²³])[\x00-\x7f½¼¾²³·×÷±π]+")
"""A formula with a fraction and a power: ½mv²."""


def is_half_width(text: str) -> bool:
    """Tell whether a text is half-width katakana, as they are written: voiced where they can be.

    Its words have several of them, and are natural; hiragana that is damaged is a mark before each.
    """
    words = [word for word in _BETWEEN_KANA.split(text) if word]
    long = bool(words) and min(map(len, words)) > 1 and sum(map(len, words)) > 2 * len(words)
    if not (long and all(map(_KANA.fullmatch, words))):
        return False
    return not any(is_strange(unicodedata.normalize("NFKC", word)) for word in words)


_BETWEEN_KANA = re.compile("[\uff61-\uff65\x00-\x7f]+")
_KANA = re.compile(
    "(?:[\uff66\uff71-\uff9d][\uff67-\uff70]*"
    "|[\uff73\uff76-\uff84\uff8a-\uff8e][\uff9e\uff9f][\uff67-\uff70]*)+"
)


def is_converted(line: str) -> bool:
    """Tell whether a line has voiced half-width katakana with what they are in full width: ｶﾞ, ガ.

    As programs do that convert them.
    """
    voiced = set(_VOICED.findall(line))
    return any(unicodedata.normalize("NFKC", kana) in line for kana in voiced)


_VOICED = re.compile("[\uff73\uff76-\uff84\uff8a-\uff8e][\uff9e\uff9f]")


def is_row(line: str) -> bool:
    """Tell whether a line is of a table of Han characters: of several, or a number and one.

    Each of them stands alone, and so does all else; or several in quotation marks of their own.
    """
    if len(line) > LONGEST_ROW or not _HAN.search(line):
        return False
    return bool(_QUOTED.search(line)) or (bool(_ROW.search(line)) and not _WORD.search(line))


_HAN = re.compile("[\u3400-\u9fff]")
_ROW = re.compile(r"[\u3400-\u9fff]\W+[\u3400-\u9fff]|[0-9]\t[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]{2}")
_QUOTED = re.compile(r"""(["'])[\u3400-\u9fff]\1.{0,20}(["'])[\u3400-\u9fff]\2""")


def is_disguised(word: str) -> bool:
    """Tell whether all that a Latin word has of other alphabets are letters used as Latin ones.

    Cyrillic ones look like them, Greek ones are of the phonetic alphabet, between slashes, and ъ
    and ь are of Slavonic: gradъ.
    """
    far = {char for char in word if char >= OTHER_SCRIPTS}
    used = (
        far <= LOOKALIKES
        or (far <= _PHONETIC and not _SLASHES.isdisjoint(word))
        or (far <= _JERS and bool(_SLAVONIC.search(word)))
    )
    return bool(far) and used and any(char.isalpha() and char < OTHER_SCRIPTS for char in word)


def meant(word: str) -> str:
    """Return a word with the Latin letters that those of other alphabets stand for."""
    return "".join(LATIN_OF.get(char, char) for char in word)


_PHONETIC, _SLASHES = frozenset("βθχ"), frozenset("/[]")
_JERS, _SLAVONIC = frozenset("ъь"), re.compile("\\*|[ъь](?![^\\W_])|[\u0100-\u024f]")


def _is_spelled_out(word: str) -> bool:
    """Tell whether all that a word has beyond ASCII are letters of Hangul: ㄱㅏ, ㅋㅋ, ㅠㅠ."""
    return bool(_JAMO.search(word)) and _JAMO.sub("", word).isascii()


_JAMO = re.compile("(?:[ㄱ-ㅎ][ㅏ-ㅣ]{1,2}[ㄱ-ㅎ]{0,2}(?![ㅏ-ㅣ]))+|([ㄱ-ㅣ])\\1+")
"""Syllables letter by letter, and one letter again and again, as in laughter and tears."""


def _is_wavy(word: str) -> bool:
    """Tell whether all that a word has beyond ASCII are signs in the shape of waves: ¤ø,¸¸,ø¤º."""
    far = [char for char in word if char >= "\x80"]
    return _WAVY.issuperset(far) and sum(map(_HIGH_AND_LOW.__contains__, far)) >= WAVES


_HIGH_AND_LOW = frozenset("¤°º¸´¯·•")
_WAVY = _HIGH_AND_LOW | frozenset("øØ")


def _is_ornament(word: str) -> bool:
    """Tell whether a word is nothing but signs that are the same from both ends: ©º°¨¨°º©."""
    if len(word) < SYMMETRIC or not _SIGNS.issuperset(word):
        return False
    core = word.strip("\"'`[](){},;:.")
    first, last = core[:SIDE], core[-SIDE:]
    return len(core) >= SYMMETRIC and first == last[::-1].translate(_MIRRORED)


_SIGNS = frozenset(map(chr, range(0xA1, 0xC0))).union("×÷•·†‡ˆ˜‹›‘’“”„‚…–—ðï", string.punctuation)
_MIRRORED = str.maketrans("()[]{}<>«»‹›/\\“”", ")(][}{><»«›‹\\/”“")

_RAISED = re.compile("[¹²³]{2,}(?:[!-/][¹²³]{2,})*[!-/:-?]*")
"""Tones: ¹¹/¹³."""


_PART = "(?:[^\\W\\d_]|[\u0300-\u036f\u0e31-\u0e4e]){1,5}"
_HYPHENATION = re.compile(
    rf"(?=\D*[0-9]\D+[0-9])[.'’-]{{0,2}}[0-9]?{_PART}(?:[0-9]{_PART})*[0-9]?[.-]?"
)
"""Patterns that tell where words may be divided, by two digits at least: 2ú1l2i4a."""


def is_dump(line: str) -> bool:
    """Tell whether a line shows bytes: an offset, some of them as numbers, and as characters."""
    return bool(_DUMP.match(line))


_DUMP = re.compile(
    r"\W{0,8}(?:0x[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6,16})(?:[h:|]{1,2} {1,4}| {2,4})"
    r"(?:(?:[0-9A-Fa-f]{2}[ |-]{1,3}){4}|(?:[0-9A-Fa-f]{4} {1,2}){3})"
)
"""What `hexdump -C`, `xxd` and editors write."""


def is_worn(text: str) -> bool:
    """Tell whether all that a text has beyond ASCII are squares, or one character many times."""
    far = {char for char in text if char >= "\x80"}
    return far == {"²"} or (len(far) == 1 and text.count(min(far)) > OFTEN)


def is_alphabet(text: str) -> bool:
    """Tell whether characters beyond ASCII are listed in their order, as in alphabets and tables.

    Bytes of text are in the order of an alphabet by chance only.
    """
    if len(text) < IN_ORDER:
        return False
    run = 1
    for before, char in itertools.pairwise(text):
        run = run + 1 if char >= "\x80" and ord(char) == ord(before) + 1 else 1
        if run >= IN_ORDER:
            return True
    return False
