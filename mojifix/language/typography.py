"""What a window of three characters can't see: quotation marks that come in pairs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from mojifix.language import common_words

QUOTES = frozenset('"“”„«»')
MARKS = frozenset("“”‘’„‚«»‹›–—•‒―…")
"""Marks of which a document has a habit: its own quotation marks, its own dash."""

_CLOSES = {"“": "”", "„": "“”", "«": "»", "»": "«"}

UNPAIRED = -4.0
"""Log weight of a mark that closes nothing, opens inside its own kind, or is never closed. In the
training text about one mark in twenty is unpaired within its line."""

_UNCLOSED = {'"': -8.0}
"""Log weight of `"` that is not closed at the end of its line: in code and data it hardly ever
is."""


def unclosed(open_marks: str) -> float:
    """Return the log weight of marks that are still open at the end of a line."""
    return sum(_UNCLOSED.get(mark, UNPAIRED) for mark in open_marks)


def pair(open_marks: str, mark: str) -> tuple[str, float]:
    """Return the quotation marks that are open after `mark`, and the log weight of `mark` there.

    `open_marks` are the marks open before it: at most one curly or angular one, and `"`.
    """
    if mark == '"':
        return (open_marks.replace(mark, "") if mark in open_marks else open_marks + mark), 0.0
    straight = '"' if '"' in open_marks else ""
    open_mark = open_marks.replace('"', "")
    if open_mark and mark in _CLOSES[open_mark]:
        return straight, 0.0
    if mark in "“„«":
        return mark + straight, UNPAIRED if open_mark else 0.0
    return open_marks, UNPAIRED


def open_after(text: str, open_marks: str = "") -> str:
    """Return the marks that are open after `text`."""
    for mark in _QUOTE.findall(text):
        open_marks, _ = pair(open_marks, mark)
    return open_marks


def lonely(context: str, char: str) -> float:
    """Return the log weight of `char` after two characters that may be a space and a mark.

    A quotation mark leans on a letter on one side at least; only dashes stand between spaces.
    """
    alone = char == " " and context[0] == " " and context[1] in _LEANING
    return UNPAIRED if alone else 0.0


_LEANING = frozenset("“”‘’")
_QUOTE = re.compile('["“”„«»]')
_WORD = re.compile(r"[^\W\d_]+")

_LETTERS = {
    "de": "ß", "fr": "êœ", "es": "ñ¿¡", "pt": "ãõ", "it": "ìò", "sv": "åäö", "da": "æøå", "nb":
    "æøå", "fi": "äö", "pl": "ąęłśżź", "cs": "ěřů", "sk": "ľĺŕô", "hu": "őű", "ro": "șțşţăâ", "tr":
    "ğışİ", "vi": "ơưđạảấầ", "lt": "ėįųū", "uk": "їєі", "bg": "ъщ", "ru": "ыэё",
}  # fmt: skip
"""Letters by which a language is told where words are few: each counts like a word."""

_HABITS = {
    "en": "“”—", "en-GB": "“”–", "de": "„“–", "fr": "«»—", "es": "«»—", "pt": "“”–", "it": "«»–",
    "nl": "“”–", "sv": "””–", "da": "””–", "nb": "«»–", "fi": "””–", "pl": "„”–", "cs": "„“–", "sk":
    "„“–", "hu": "„”–", "ro": "„”–", "tr": "“”–", "vi": "“”–", "ru": "«»—", "uk": "«»—", "bg":
    "„“–", "he": "””–", "ar": "“”–", "th": "“”–", "el": "«»–", "lt": "„“–",
    "zh": "“”—", "ko": "“”—", "ja": "“”—",
}  # fmt: skip
"""Opening quotation mark, closing one, and dash between words, after Wikipedia's table "Quotation
mark" (summary table of primary levels) and the Unicode CLDR `delimiters`."""

_KINDS = ("“”„«»‹›", "–—•‒―")
"""Marks of which a document uses one kind and seldom another."""

_TRUST = 3.0
"""How many marks of a document weigh as much as the habit of its language."""

_SINGLE = -4.0
"""Log weight of double quotation marks in a document that has single ones only."""

_RARE = 0.004
"""Share of the marks of a kind that are not the habit of the language."""


@cache
def _words() -> Mapping[str, Mapping[str, float]]:
    """Return the languages of each common word, with its log weight in each.

    The frequency of a word falls like its rank.
    """
    weights: dict[str, dict[str, float]] = {}
    for line in common_words().splitlines():
        language, *words = line.split()
        for rank, word in enumerate(words):
            weights.setdefault(word, {})[language] = math.log(0.1 / (rank + 2) / _ELSEWHERE)
    return weights


_ELSEWHERE = 1e-5
"""Probability of a word that is not among the commonest of a language."""

_LETTER = 1.5
"""Log weight of a letter that tells a language from its neighbours."""

_CLEAR = 1.5
"""Log weight by which one language is likelier than the next one where it is told at all."""

_SCRIPTS = (
    ("ko", re.compile("[가-힣]")), ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")), ("el", re.compile("[α-ω]")),
    ("he", re.compile("[א-ת]")), ("ar", re.compile("[\u0620-\u06ff]")),
    ("th", re.compile("[\u0e01-\u0e4f]")),
)  # fmt: skip


def language_of(text: str) -> str:
    """Return the language that the script, or the commonest words, of `text` are from.

    `""` where that is not clear.
    """
    for language, script in _SCRIPTS:
        if len(script.findall(text)) * 6 > len(text):
            return language
    known = _words()
    weights: dict[str, float] = dict.fromkeys(_HABITS, 0.0)
    for word in _WORD.findall(text.lower()):
        for language, weight in known.get(word, {}).items():
            weights[language] = weights.get(language, 0.0) + weight
    letters = Counter(char for char in text.lower() if char >= "\x80")
    for language, own in _LETTERS.items():
        weights[language] += _LETTER * sum(letters[letter] for letter in own)
    first, second = sorted(weights, key=lambda language: -weights[language])[:2]
    return first if weights[first] - weights[second] >= _CLEAR else ""


def habits(marks: Iterable[str], language: str) -> Mapping[str, float]:
    """Return the log weight of every mark in a document that has these marks and this language."""
    counts = Counter(marks)
    if language == "en" and counts["‘"] > counts["“"]:
        language = "en-GB"
    weights: dict[str, float] = {}
    for kind in _KINDS:
        usual = [mark for mark in kind if mark in _HABITS.get(language, kind)]
        rare = len(kind) - len(usual)
        seen = sum(counts[mark] for mark in kind)
        shares = {}
        for mark in kind:
            prior = (1 - _RARE * rare) / len(usual) if mark in usual else _RARE
            shares[mark] = (counts[mark] + _TRUST * prior) / (seen + _TRUST)
        top = max(shares.values())
        weights |= {mark: math.log(share / top) for mark, share in shares.items()}
    if counts["‘"] and not any(counts[mark] for mark in "“”„"):
        weights |= {mark: weights[mark] + _SINGLE for mark in "“”„"}
    return weights
