"""The typographic habits of languages."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from mojifix.language import common_pictures

CURRENCIES = "€£¥₺₽₴₪฿₫₩"
"""Signs that stand beside numbers."""

MARKS = frozenset("“”‘’„‚«»‹›–—•‒―…" + CURRENCIES)
"""Marks of which a document has a habit: its own quotation marks, dash and currency."""

HABITS = {
    "en": "“”—£€", "en-GB": "“”–£€", "de": "„“–€", "fr": "«»—€", "es": "«»—€", "pt": "“”–€",
    "it": "«»–€", "nl": "“”–€", "sv": "””–€", "da": "””–€", "nb": "«»–€", "fi": "””–€",
    "pl": "„”–€", "cs": "„“–€", "sk": "„“–€", "hu": "„”–€", "ro": "„”–€", "tr": "“”–₺€",
    "vi": "“”–₫€", "ru": "«»—₽€", "uk": "«»—₴€", "bg": "„“–€", "he": "””–₪€", "ar": "“”–€",
    "th": "“”–฿€", "el": "«»–€", "lt": "„“–€", "zh": "“”—¥€", "ko": "“”—₩€", "ja": "“”—¥€",
}  # fmt: skip
"""Opening quotation mark, closing one, dash between words, and signs of currencies, after
Wikipedia's table "Quotation mark" (summary table of primary levels), the Unicode CLDR `delimiters`
and its currencies of the largest countries that speak the language, and the euro."""

LATIN = frozenset(HABITS) - {"ru", "uk", "bg", "he", "ar", "th", "el", "zh", "ko", "ja"}
"""Those of them that are written in Latin letters."""

_SPEAKING = frozenset(("el", "it", "pt", "ro", "tr"))
"""Languages of which the dash between words is – and the one before direct speech, at the beginning
of a line, —, after Wikipedia's article "Quotation mark" (section "Quotation dash")."""

_KINDS = ("“”„«»‹›", "–—•‒―", CURRENCIES)
"""Marks of which a document uses one kind and seldom another."""

_ANY = "“”„«»‹›–—•‒―€"
"""The same of a language that is not told."""

_TRUST = 3.0
"""How many marks of a document weigh as much as the habit of its language."""

_SINGLE = -4.0
"""Log weight of double quotation marks in a document that has single ones only."""

_RARE = 0.004
"""Share of the marks of a kind that are not the habit of the language."""


def habits(marks: Iterable[str], language: str) -> Mapping[str, float]:
    """Return the log weight of every mark in a document that has these marks and this language."""
    counts = Counter(marks)
    if language == "en" and counts["‘"] > counts["“"]:
        language = "en-GB"
    weights: dict[str, float] = {}
    for kind in _KINDS:
        usual = [mark for mark in kind if mark in HABITS.get(language, _ANY)]
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


def opening(weights: Mapping[str, float], language: str) -> Mapping[str, float]:
    """Return the log weight of every mark at the beginning of a line, where speech begins.

    `weights` are those of `habits`.
    """
    if language not in _SPEAKING or weights["—"] > weights["–"]:
        return weights
    return {**weights, "—": weights["–"], "–": weights["—"]}


FIRST_PICTURE = "\u2600"
"""The first character of the blocks of emoji."""

PICTURE = -18.0
"""Log probability of an emoji: about what the model knows of their blocks."""

_UNSEEN = 1000
"""Millionths that are added to the share of each emoji: most are too rare for lists of words."""


@cache
def pictures() -> Mapping[str, float]:
    """Return the log probability of each common emoji."""
    shares = ((one[0], int(one[1:])) for one in common_pictures().split())
    return {char: PICTURE + math.log(share / _UNSEEN + 1) for char, share in shares}


def picture(char: str) -> float:
    """Return the log probability of a character if that is a common emoji, else `-math.inf`."""
    return pictures().get(char, -math.inf)
