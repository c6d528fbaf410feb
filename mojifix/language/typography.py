"""The typographic habits of languages, and how a language is told."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from mojifix.language import common_letters, common_pictures, common_words, known_words
from mojifix.language.lexicon import COMMAS
from mojifix.language.writing import small

CURRENCIES = "€£¥₺₽₴₪฿₫₩"
"""Signs that stand beside numbers."""

MARKS = frozenset("“”‘’„‚«»‹›–—•‒―…" + CURRENCIES)
"""Marks of which a document has a habit: its own quotation marks, dash and currency."""

_WORD = re.compile(r"[^\W\d_]+")

_HABITS = {
    "en": "“”—£€", "en-GB": "“”–£€", "de": "„“–€", "fr": "«»—€", "es": "«»—€", "pt": "“”–€",
    "it": "«»–€", "nl": "“”–€", "sv": "””–€", "da": "””–€", "nb": "«»–€", "fi": "””–€",
    "pl": "„”–€", "cs": "„“–€", "sk": "„“–€", "hu": "„”–€", "ro": "„”–€", "tr": "“”–₺€",
    "vi": "“”–₫€", "ru": "«»—₽€", "uk": "«»—₴€", "bg": "„“–€", "he": "””–₪€", "ar": "“”–€",
    "th": "“”–฿€", "el": "«»–€", "lt": "„“–€", "zh": "“”—¥€", "ko": "“”—₩€", "ja": "“”—¥€",
}  # fmt: skip
"""Opening quotation mark, closing one, dash between words, and signs of currencies, after
Wikipedia's table "Quotation mark" (summary table of primary levels), the Unicode CLDR `delimiters`
and its currencies of the largest countries that speak the language, and the euro."""

LATIN = frozenset(_HABITS) - {"ru", "uk", "bg", "he", "ar", "th", "el", "zh", "ko", "ja"}
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


@cache
def _words() -> Mapping[str, Mapping[str, float]]:
    """Return the languages of each common word, with its log weight in each.

    The frequency of a word falls like its rank.
    """
    weights: dict[str, dict[str, float]] = {}
    for line in common_words().splitlines():
        language, *words = line.split()
        for rank, word in enumerate(words):
            weights.setdefault(word, {})[language] = _of_rank(rank)
    return weights


def _of_rank(rank: int) -> float:
    """Return the log weight of a word of a language, of which the commonest has rank 0."""
    return math.log(0.1 / (rank + 2) / _ELSEWHERE)


def are_common(text: str) -> bool:
    """Tell whether the words beyond ASCII of `text` are common in some language, one at least."""
    words = _far_words(text)
    return bool(words) and all(word in _words() for word in words)


def is_word_of(word: str, language: str) -> bool:
    """Tell whether a word is common in a language, in whatever case it is."""
    return language in _words().get(small(word), {})


def _far_words(text: str) -> list[str]:
    """Return the words beyond ASCII of a text, in small letters."""
    return [word for word in _WORD.findall(small(text)) if not word.isascii()]


COMMONEST, OF_OTHERS = 150, 2
"""How many words of a language are common in it here, and more than how many times as many of the
languages with a letter as of the others have a word that tells them."""


@lru_cache(maxsize=256)
def common_beside(letter: str) -> frozenset[str]:
    """Return the common words that tell languages with a letter, and English, from the others.

    In small letters; few of the others have them.
    """
    own: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for line in common_words().splitlines():
        language, *words = line.split()
        has = language == "en" or _shares().get(language, {}).get(letter, 0.0) >= RARE
        (own if has else others).update(words[:COMMONEST])
    return frozenset(word for word, count in own.items() if count > OF_OTHERS * others[word])


_ELSEWHERE = 1e-5
"""Probability of a word that is not among the commonest of a language."""

_SPOKEN = 8.0
"""Log weight of the common words of a language, about two, which tell that a text is in no other
one, of which it has none."""

_CLEAR = 1.5
"""Log weight by which one language is likelier than the next one where it is told at all."""

_SCRIPTS = (
    ("ko", re.compile("[가-힣]")), ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")), ("el", re.compile("[α-ω]")),
    ("he", re.compile("[א-ת]")), ("ar", re.compile("[\u0620-\u06ff]")),
    ("th", re.compile("[\u0e01-\u0e4f]")),
)  # fmt: skip


@cache
def _shares() -> Mapping[str, Mapping[str, float]]:
    """Return the share of each letter beyond ASCII in each language that has some."""
    return {
        language: {one[0]: int(one[1:]) / 1000 for one in own}
        for language, *own in map(str.split, common_letters().splitlines())
    }


_LESSER = 0.3
"""How much a language counts of which no typographic habits are known, beside the others."""


@cache
def _known_letters() -> Mapping[str, float]:
    """Return the mean share of each letter over the languages, of which some are met less."""
    sums: dict[str, float] = {}
    weights = {language: 1.0 if language in _HABITS else _LESSER for language in _shares()}
    for language, own in _shares().items():
        for letter, share in own.items():
            sums[letter] = sums.get(letter, 0.0) + weights[language] * share
    return {letter: share / sum(weights.values()) for letter, share in sums.items()}


NO_LETTER, OWN_LETTER = -5.0, 2.0
"""Log weight of a letter in a language that has others only, and of one that few languages have."""

FOREIGN_LETTER = -3.0
"""What a letter says at most against a language: damage makes letters, and names have others."""


@cache
def letters_of(language: str) -> Mapping[str, float]:
    """Return the log weight of each letter of a language beside its mean over all languages.

    From `NO_LETTER` to `OWN_LETTER`. Empty for a language without letters beyond ASCII, and for
    `""`.
    """
    own = _shares().get(language)
    if own is None:
        return {}
    weights = dict.fromkeys(_known_letters(), NO_LETTER)
    for letter, share in own.items():
        beside = math.log(share / _known_letters()[letter])
        weights[letter] = min(OWN_LETTER, max(NO_LETTER, beside))
    return weights


RARE = 0.002
"""Share of a letter among those beyond ASCII of a language below which it is of foreign names."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """What the language of a text says of its words: their letters, and which of them are known.

    Letters are those of Europe: others are words of another language, damaged or not.

    The one whose `foreign` finds nothing is that of a text whose language is not clear.
    """

    foreign: re.Pattern[str] = re.compile("(?!)")
    words: frozenset[str] = frozenset()

    @property
    def is_told(self) -> bool:
        """Whether the language is known at all."""
        return bool(self.words)

    def lacks(self, text: str) -> bool:
        """Tell whether letters of `text` are not of this language."""
        return bool(self.foreign.search(text))

    def knows(self, text: str) -> bool:
        """Tell whether all words beyond ASCII of `text` are known, of which it has one at least."""
        words = _far_words(text)
        return bool(words) and all(map(self._knows, words))

    def _knows(self, word: str) -> bool:
        spellings = (word, word.translate(COMMAS))
        return any(one in self.words or one in known_words() for one in spellings)


@cache
def _tongue(language: str) -> Tongue:
    """Return what is known of a language with letters beyond ASCII; nothing of others and of `""`.

    Cyrillic letters are of all languages that have some: damage makes them of one another, and
    which of them are likely is known otherwise.
    """
    own = "".join(letter for letter, share in _shares().get(language, {}).items() if share >= RARE)
    if not own:
        return Tongue()
    if any("а" <= letter <= "я" for letter in own):
        own += "".join(map(chr, range(0x400, 0x500)))
    letters = rf"[^\W\d_\x00-\x7fªº\u0530-\u1dff\u2000-\U0010ffff{own.lower()}{own.upper()}]"
    return Tongue(re.compile(letters), _words_of(language))


_ASCII = re.compile("[\x00-\x7f]+")


@lru_cache(maxsize=8)
def language_of(text: str) -> str:
    """Return the language that the script, or the commonest words, of `text` are from.

    `""` where that is not clear.
    """
    far = _ASCII.sub("", text)
    if len(far) * 6 > len(text):
        for language, script in _SCRIPTS:
            if len(script.findall(far)) * 6 > len(text):
                return language
    known = _words()
    weights: dict[str, float] = dict.fromkeys(_HABITS, 0.0)
    for word, count in _counted(text).items():
        for language, weight in known.get(word, {}).items():
            weights[language] = weights.get(language, 0.0) + count * weight
    spoken = weights.copy()
    counts = {char: n for char, n in Counter(far).items() if char in _known_letters()}
    for language in weights:
        own = letters_of(language)
        weights[language] += sum(
            n * max(FOREIGN_LETTER, own.get(letter, NO_LETTER)) for letter, n in counts.items()
        )
    first, second = sorted(weights, key=lambda language: -weights[language])[:2]
    # Letters alone are what damage makes: no language whose words are others is told by them.
    is_spoken = bool(spoken[first]) or max(spoken.values()) < _SPOKEN
    return first if is_spoken and weights[first] - weights[second] >= _CLEAR else ""


TOLD = 1
"""Common words of its language that a text has at least if it is told: letters alone are what
damage makes."""


def tongue_of(text: str) -> Tongue:
    """Return what is known of the language of `text`; nothing where too little tells it."""
    return _tongue(told_language(text))


def told_language(text: str) -> str:
    """Return what `language_of` does if common words of that language tell it, else ""."""
    language = language_of(text)
    return language if tells(text, language) else ""


def tells(text: str, language: str) -> bool:
    """Tell whether `text` has `TOLD` common words of a language at least; less common ones more."""
    known = _words()
    found = (known.get(word, {}).get(language, 0.0) for word in _counted(text))
    return sum(min(1.0, weight / _COMMON) for weight in found) >= TOLD


_COMMON = _of_rank(119)
"""Log weight of the 120th word of a language: what a common word weighs at least."""


@lru_cache(maxsize=8)
def _counted(text: str) -> Mapping[str, int]:
    """Return how often each word stands in a text, in small letters."""
    return Counter(_WORD.findall(small(text)))


@cache
def _words_of(language: str) -> frozenset[str]:
    return frozenset(word for word, own_in in _words().items() if language in own_in)


def habits(marks: Iterable[str], language: str) -> Mapping[str, float]:
    """Return the log weight of every mark in a document that has these marks and this language."""
    counts = Counter(marks)
    if language == "en" and counts["‘"] > counts["“"]:
        language = "en-GB"
    weights: dict[str, float] = {}
    for kind in _KINDS:
        usual = [mark for mark in kind if mark in _HABITS.get(language, _ANY)]
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
