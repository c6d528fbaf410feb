"""Which letters are written together: the alphabets of languages, beyond ASCII.

The language model judges three letters at a time. It does not see that one text has letters of
Italian and of Turkish, which is what a wrong charset makes of either.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

ALPHABETS = {
    "Albanian": "çë",
    "Azerbaijani, Turkish": "âçəğıîöşüû\u0307",
    "Catalan": "àçèéíïòóúü",
    "Croatian, Slovene": "ćčđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Danish, Norwegian": "åæéèêòóôøü",
    "Dutch": "áäèéêëíïóöúü",
    "English": "àâäçèéêëïñôö",
    "Esperanto": "ĉĝĥĵŝŭ",
    "Estonian, Finnish": "äåéõöšüž",
    "French": "àâæçèéêëîïôœùûüÿ",
    "German": "àäéèöüß",
    "Hungarian": "áéíóöőúüű",
    "Icelandic, Faroese": "áæðéíóöøúýþ",
    "Irish, Spanish, Galician": "áçéíñóúüªº",
    "Italian": "àèéìíîòóùúª",
    "Latvian": "āčēģīķļņōŗšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Maltese": "àċèġħìîòùż",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "àáâãçéêíòóôõúüªº",
    "Romanian": "âășşțţî",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Swedish": "åäàéöü",
    "Vietnamese": (
        "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
        "\u0300\u0301\u0303\u0309\u0323"
    ),
    "Welsh": "áâäèéêëìîïòôöùûüŵýŷÿ",
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "Macedonian, Serbian": "абвгдђѓежзѕијкќлљмнњопрстћуфхцчџшѐѝ",
    "Russian, Belarusian": "абвгдеёжзиійклмнопрстуўфхцчшщъыьэюя",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Kazakh, Tatar, Tajik": "абвгғдеёәжҗзиӣіійкқлмнңоөпрстуӯұүфхҳһцчҷшщъыьэюя",
    "Greek": "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ",
}
"""The letters beyond ASCII that texts of some languages are written with, in lower case: the
alphabets of CLDR, with the letters of common foreign words. What is alike is one."""

_LATIN = [
    frozenset(letters)
    for language, letters in ALPHABETS.items()
    if letters[0] < "\u0370" and language not in ("Vietnamese", "Welsh")
]
"""Of Latin scripts, but for those that have nearly all letters."""


def european() -> frozenset[str]:
    """Return the small letters beyond ASCII of all of Europe's Latin alphabets."""
    welsh = frozenset(ALPHABETS["Welsh"])
    return welsh.union(*_LATIN)


@cache
def letters() -> Sequence[str]:
    """Return the letters beyond ASCII of all these alphabets, small ones and capitals."""
    small = {char for own in ALPHABETS.values() for char in own if char.isalpha()}
    return sorted({one for char in small for one in (char, char.upper()) if len(one) == 1})


_OWN = [letters for letters in _LATIN if letters != frozenset(ALPHABETS["English"])]
"""The same but for English, whose letters beyond ASCII are those of foreign words."""

_LISTED = [*_LATIN, frozenset("åäæöøüßé"), frozenset("ãõñ")]
"""What is listed together: the letters of a language, German and Nordic ones on keyboards, and all
that have a tilde."""


def share_alphabet(text: str, other: str) -> bool:
    """Tell whether one Latin alphabet has the small letters beyond ASCII of two texts.

    Both have some, and no capitals beyond ASCII.
    """
    first, second = (frozenset(filter(_FAR.match, one)) for one in (text, other))
    return bool(first and second) and any(first | second <= own for own in _OWN)


_FAR = re.compile(r"[^\W\d_\x00-\x7f]")


@lru_cache(maxsize=1 << 14)
def is_listed(text: str) -> bool:
    """Tell whether all letters beyond ASCII are listed, as in programs, on keyboards, in alphabets.

    Several of one language stand together, or several that come from the same ones of ASCII, none
    of them twice, and of ASCII none or all: `tr 'ÀÉÈÙ'`, `[a-zÓÒÔÕÖ]`. Or each stands alone:
    `'Æ','Ø','Å'`. Or behind letters of ASCII in their order, or a range of them.
    """
    if _IN_ORDER.search(text):
        return True
    runs = [run for run in _RUN.findall(_PLAIN.sub(" ", text)) if not run.isascii()]
    alone = [run for run in runs if len(run) == 1]
    if len(alone) not in (0, len(runs)) or len(set(runs)) < len(runs) or _SIGN_INSIDE.search(text):
        return False
    if alone:
        letters = [char for char in text if char >= "\x80"]
        return len(alone) == len(letters) >= _FEW and max(letters) < "\u0250"
    return bool(runs) and all(map(_is_list, runs))


def _is_list(run: str) -> bool:
    if len(set(run)) < len(run):
        return False
    if len(run) >= 2 * _FEW and len(run) == 2 * len({*run.lower()}):
        return True  # Each letter is there as a capital and as a small one.
    plain = "".join(unicodedata.normalize("NFKD", char)[0] for char in run.lower())
    if len(set(plain)) == 1 and plain.isascii():
        return True  # A letter, and what it is with each of its accents.
    if min(run) < "\x80" or _is_mixed(run) or (len(run) > _FEW and run.istitle()):
        return False
    small = frozenset(run.lower()) - {"i"}  # İ is i and a dot
    if (len(run) >= _MANY and not _HAN.search(run)) or any(small <= own for own in _LISTED):
        return True
    return (run.islower() or run.isupper()) and _is_of_vowels(plain)


def _is_of_vowels(plain: str) -> bool:
    """Tell whether letters, without accents, are alike beside one another, or many vowels."""
    alike = sum(one == other for one, other in itertools.pairwise(plain))
    return 2 * alike >= len(plain) or (len(plain) >= _SEVERAL and set(plain) <= set("aeiouy"))


def _is_mixed(run: str) -> bool:
    """Tell whether small and capital letters change again and again, and are no pairs: Áá Éé."""
    changes = sum(one.isupper() != other.isupper() for one, other in itertools.pairwise(run))
    pairs = zip(run[::2].lower(), run[1::2].lower(), strict=False)
    return changes > max(1, len(run) // _LONG) and any(one != other for one, other in pairs)


_PLAIN = re.compile(rf"a-z|A-Z|0-9|\\[wWdDsSbB]|{string.ascii_lowercase}|{string.ascii_uppercase}")
"""How all letters of ASCII are listed."""

_IN_ORDER = re.compile(
    r"\[\^?\w-\w|a-zA-Z|A-Za-z|"
    + "|".join(
        letters[at : at + 5]
        for letters in (string.ascii_lowercase, string.ascii_uppercase)
        for at in range(22)
    )
)
"""A range of characters of a regular expression, and what is no word: `abcde`."""

_FEW = 3
"""Letters that stand alone in a list at least."""

_SEVERAL, _MANY = 8, 12
"""Letters from which on a run of different vowels with accents is a list, and one of any letters,
whatever languages they are of."""

_LONG = 8
"""Letters of a run to each change of case in one that is not mixed, as code tables have them."""

_RUN = re.compile(r"[^\W\d_]+")
_SIGN_INSIDE = re.compile(r"[^\W\d_\x00-\x7f][\xa1-\xa9\xab-\xb9\xbb-\xbf]+[^\W\d_\x00-\x7f]")
"""A sign between letters that are listed: what is between those is ASCII."""

_HAN = re.compile("[\u3400-\u9fff]")
"""Han characters, of which any sentence has many different ones."""


_LETTERS = re.compile(r"[^\W\d_\x00-\x7f\u0530-\u1dff\u2000-\U0010ffff]|[\u0300-\u0323]")
"""Latin, Greek and Cyrillic letters beyond ASCII, and tones."""


_MIXED = re.compile(r"(?<=[a-z])[\u0370-\u1dff]|[\u0370-\u1dff](?=[a-z])")
"""Letters of other scripts beside those of ASCII."""


def foreign(text: str) -> int:
    """Return how many letters of `text` do not belong together.

    These are Latin, Greek and Cyrillic letters beyond ASCII that are not in the alphabet that most
    of them are in, and letters of other scripts than Latin beside those of ASCII.
    """
    text = text.lower()
    letters = Counter(_LETTERS.findall(text))
    known = (sum(letters[char] for char in alphabet) for alphabet in ALPHABETS.values())
    return letters.total() - max(known) + len(_MIXED.findall(text))
