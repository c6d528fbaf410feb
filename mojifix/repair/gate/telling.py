"""Which words tell that their text has gone through a charset."""

from __future__ import annotations

import re
import string

from mojifix.charsets.registry import CHARSETS, CYRILLIC, UNICODE
from mojifix.language import known_words
from mojifix.language.alphabets import ALPHABETS, is_listed
from mojifix.repair.gate.floors import is_drawn, is_ideograph
from mojifix.repair.gate.parts import FIRST_UNSPACED
from mojifix.repair.gate.strange import PUNCTUATION, is_strange
from mojifix.repair.reading import Reading, changed_characters

EVIDENT = -7.5
"""Mean log probability of a character of a word that is evidence for a legacy charset, outside East
Asia."""

TELLING = 4
"""Letters that a word has at least if it alone shows a legacy charset."""

ALONE = UNICODE | {"cp1252"}
"""Charsets that shorter words show as well: those that are not legacy, and the commonest one."""

CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")

ABBREVIATION = 5
"""Cyrillic letters, at most, of a word that may be an abbreviation: what it is read back as must be
known."""

SIGNS = 2
"""Signs, at most, that such a word has besides."""

MARKED = 3
"""Characters beyond ASCII of a word, from more than which on it tells even if all are marks."""

CONTROL = re.compile("[\x80-\x9f]")


def is_western(text: str) -> bool:
    """Tell whether a text is a word of ASCII but for typography and small Latin letters.

    All charsets of East Asia have the former, and those of China the letters of Pinyin: Caf¨¦.
    """
    return bool(_WESTERN.fullmatch(text))


_WESTERN = re.compile(r"[!-@[-`{-~“”‘’—–…ß-öø-ǿ]*+[A-Za-z][!-~“”‘’—–…ß-öø-ǿ]*+")


def tells(word: str, reading: Reading) -> bool:
    """Tell whether a reading of a word is evidence for its chain.

    Of legacy charsets, which make some text of any bytes, only natural words are: no single
    letters or single ones of East Asia, no character again and again, no alphabets.
    """
    if reading.chain[0].written_as in UNICODE:
        return True
    if is_untelling(word, reading):
        return False
    if is_inlaid(word, reading):
        return True
    far = [char for char in word if char >= "\x80"]
    wide = sum(char >= "\u2e80" for char in reading.after)
    return (
        _is_long(word, reading.after)
        and wide != 1
        and (len(far) < 3 or (len(set(far)) > 1 and far != sorted(far)) or not _is_listing(word))
        and (reading.weight > EVIDENT * (len(reading.after) + 1) or max(reading.after) >= "\u1100")
    )


def _is_long(word: str, was: str) -> bool:
    """Tell whether a word has some letters, a control, or marks enough that were letters."""
    marked = sum(char >= "\x80" for char in word) > MARKED and was.strip(PUNCTUATION).isalpha()
    return letters(word) > 2 or bool(CONTROL.search(word)) or marked


def _is_listing(word: str) -> bool:
    """Tell whether the letters of a word may be listed: those of ASCII are none of them."""
    some = "".join(filter(str.isalpha, word))
    return min(some, default="") >= "\x80" and (some.islower() or some.isupper())


def is_inlaid(word: str, reading: Reading) -> bool:
    """Tell whether Han characters in a Latin word are read back as letters of a natural one.

    No word has such characters there: versi髇, donn馥s. At its ends it is a known one.
    """
    if not _INLAID.fullmatch(word):
        return False
    if known_words().spelled(reading.after) > 0:
        return True
    return bool(_INSIDE.search(word)) and _is_natural(reading.after)


def _is_natural(text: str) -> bool:
    return text.strip(PUNCTUATION).isalpha() and not is_strange(text)


LISTED = 6
"""Characters of a list of letters from which on it makes no known word by chance: of 10,000 random
ones none of six does that looks natural, and of five one in a thousand."""


def is_list(word: str, reading: str) -> bool:
    """Tell whether the letters of a word are listed, and are no word read back."""
    if not is_listed(word):
        return False
    core = reading.strip(PUNCTUATION)
    is_word = len(core) >= LISTED and _is_natural(core) and known_words().spelled(core) > 0
    return not is_word


_HAN = "[\u3400-\u9fff\U00020000-\U0002ffff]"
_INSIDE = re.compile(f"[A-Za-z]{{2}}{_HAN}[a-z]{{2}}")
_INLAID = re.compile(f"(?:[!-~]*(?:[A-Za-z]{_HAN}|{_HAN}(?=[a-z]{{3}})))+[!-~]*")


def is_untelling(word: str, reading: Reading) -> bool:
    """Tell whether a word shows no legacy charset, whatever it is read back as.

    It is a list of letters, an abbreviation, a word of Serbian or Macedonian, or what begins with a
    letter that opened a quotation that nothing closes.
    """
    return (
        is_list(word, reading.after)
        or is_abbreviation(word, reading)
        or _is_serbian(word, reading)
        or _opens_alone(word, reading.after)
    )


def _is_serbian(word: str, reading: Reading) -> bool:
    """Tell whether a Cyrillic word may be of the alphabets whose letters damage makes of capitals.

    Љубав, ђаци: Mac Cyrillic and cp1251 read as each other.
    """
    changed = changed_characters(word, reading.after)
    if not changed or reading.chain[0].written_as not in CYRILLIC:
        return False
    own = all(char.lower() in "ђѓѕјљњћќџ" for char, _ in changed)
    letters = frozenset(filter(str.isalpha, word.lower()))
    return own and letters <= _SERBIAN and not _UNSPOKEN.search(word)


_UNSPOKEN = re.compile("\\b[ЂЃЅЈЉЊЋЌЏђѓѕјљњћќџ][^аеиоуАЕИОУ\\W]")
_SERBIAN = frozenset(ALPHABETS["Macedonian, Serbian"])


def _opens_alone(word: str, was: str) -> bool:
    """Tell whether a capital that begins a word was what opens a quotation, of which none closes.

    Ñande is no „ande, which a “ or ” would be behind.
    """
    first, opening = (one.lstrip(string.punctuation)[:1] for one in (word, was))
    closing = _CLOSING.get(opening)
    return first.isupper() and closing is not None and closing.isdisjoint(was[1:])


_CLOSING = {
    "„": frozenset("“”"),
    "“": frozenset("”"),
    "‚": frozenset("‘’"),
    "‘": frozenset("’"),
    "«": frozenset("»"),
    "‹": frozenset("›"),
}


def is_abbreviation(word: str, reading: Reading) -> bool:
    """Tell whether a word of Cyrillic capitals may be an abbreviation, which show no charset.

    In others many are some small word, and some short small word is one in capitals.
    """
    is_plain = all(map(str.isalpha, filter(_FAR_SIGN.match, word)))
    is_capital = is_plain and (word.isupper() or (word.islower() and reading.after.isupper()))
    return reading.chain[0].written_as in CYRILLIC and is_capital and is_short_cyrillic(word)


_FAR_SIGN = re.compile("[^\x00-\x7f№«»“”„…–—]")


def is_one_of_several(word: str, reading: str) -> bool:
    """Tell whether a reading makes one Han character of letters that may be a word: (цпп)."""
    one, several = reading.strip(PUNCTUATION), word.strip(PUNCTUATION)
    is_one = len(one) == 1 and is_ideograph(one)
    return is_one and several.isalpha() and max(several) < FIRST_UNSPACED


def shown_by(word: str, reading: Reading) -> str:
    """Return what of a word shows the chain of a reading: its symbols, where it has no letters."""
    if shown_by_letters(word, reading):
        return word.strip(PUNCTUATION)
    return "".join(char for char in word if char >= "\x80")


def is_of_pairs(word: str, reading: Reading) -> bool:
    """Tell whether a reading makes typography, or small letters, of pairs as no text has them.

    In charsets of China and Korea those begin with one of two bytes, which are ¡ and ¨ elsewhere.
    """
    wide = bool(CHARSETS[reading.chain[0].written_as].leads)
    return wide and bool(_PAIR_OF_SIGNS.search(word)) and is_western(reading.after)


_PAIR_OF_SIGNS = re.compile("[¡¨ˇЎ]([^\\w\x00-\x7f]|(?<=¨)[^\x00-\x40])")


def shown_by_letters(word: str, reading: Reading) -> bool:
    """Tell whether a word or its reading has letters beyond ASCII."""
    return any(char >= "\x80" and char.isalpha() for char in word + reading.after)


def is_short_cyrillic(text: str) -> bool:
    """Tell whether all that a text has beyond ASCII are a few Cyrillic letters and signs.

    No control, and no sign that stands between its letters.
    """
    if CONTROL.search(text) or _INSIDE_CYRILLIC.search(text):
        return False
    beyond = [char for char in text if char >= "\x80" and char not in MARKS]
    beyond_letters = list(filter(str.isalpha, beyond))
    few = 0 < len(beyond_letters) == len(CYRILLIC_LETTER.findall(text)) <= ABBREVIATION
    return few and len(beyond) - len(beyond_letters) <= SIGNS


def is_telling(word: str) -> bool:
    """Tell whether a word has letters enough to show a legacy charset on its own."""
    return letters(word) >= TELLING


def letters(word: str) -> int:
    """Count what may be letters of a word; those of East Asia, of two bytes, count twice.

    Of box drawing, which repeats itself, each character counts once.
    """
    drawn = {char for char in word if is_drawn(char)}
    return len(drawn) + sum(
        1 + (char >= "\u1100")
        for char in word
        if (char.isalpha() or (char >= "\x80" and char not in MARKS)) and char not in drawn
    )


_INSIDE_CYRILLIC = re.compile("[\u0400-\u04ff][^\\w\x00-\xa0“”‘’„…«»№—–-]+[\u0400-\u04ff]")

MARKS = frozenset("\xa0—–“”‘’„…«»")


def is_lettered(text: str) -> bool:
    """Tell whether most of what a text has beyond ASCII are letters."""
    far = [char for char in text if char >= "\x80"]
    return sum(map(str.isalpha, far)) * 2 > len(far)
