"""Which language a text is in, by its common words, its letters, and what ASCII is left of it."""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from mojifix.language import common_letters, common_trigrams, common_words, known_words
from mojifix.language.lexicon import COMMAS
from mojifix.language.typography import HABITS
from mojifix.language.writing import small

SAMPLE = 20_000
"""Code points of a text from which its language is told."""

_WORD = re.compile(r"[^\W\d_]+")


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
    return language in languages_of(word)


def languages_of(word: str) -> Collection[str]:
    """Return the languages in which a word is common, in whatever case it is."""
    return _words().get(small(word), {})


def common_far_words() -> Collection[str]:
    """Return the common words beyond ASCII of all languages, in small letters."""
    return [word for word in _words() if not word.isascii()]


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

_UNKNOWN = 5.0
"""Log weight of a language that nobody knows, beside what the words of a text have."""

_SURE = 4.0
"""Log weight by which it is where that is told, and that its words and ASCII letters have at least.
Of the sentences of fixtures/dev, damaged through all legacy charsets, the language of 90 in 100 is
told then, and that of 2 is told wrongly; of their phrases of one to three words, of 17 and of 2."""

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
    weights = {language: 1.0 if language in HABITS else _LESSER for language in _shares()}
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

    Letters are those of Europe: others are words of another language, damaged or not. `letters` are
    its own ones, `foreign` finds those that it lacks, `words` are its common words. `spoken` is the
    log weight of each language by the words of the text, told or not.

    The one whose `foreign` finds nothing is that of a text whose language is not clear.
    """

    language: str = ""
    letters: frozenset[str] = frozenset()
    foreign: re.Pattern[str] = re.compile("(?!)")
    words: frozenset[str] = frozenset()
    spoken: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_told(self) -> bool:
        """Whether the language is known at all."""
        return bool(self.words)

    def lacks(self, text: str) -> bool:
        """Tell whether letters of `text` are not of this language."""
        return bool(self.foreign.search(text))

    def spells(self, text: str) -> bool:
        """Tell whether all letters of `text` beyond ASCII are of this language, one at least."""
        far = {char for char in text if char >= "\x80"}
        return bool(far) and far <= self.letters

    def without(self, word: str) -> Tongue:
        """Return the same of a text without what a word of it tells of the languages."""
        own = _spoken(word)
        return replace(
            self, spoken={one: weight - own.get(one, 0.0) for one, weight in self.spoken.items()}
        )

    def fit(self, word: str) -> float:
        """Return the log weight of the letters of a word in the language that is likeliest then.

        Told or not. One that nobody knows, of `_UNKNOWN`, may have any letters.
        """
        counts = Counter(char for char in word if char in _known_letters())
        spoken = self.spoken.items()
        return max([_UNKNOWN, *(weight + _of_letters(one, counts) for one, weight in spoken)])

    def prefers(self, word: str, other: str) -> float:
        """Return by how much log weight a word is less likely than another one, by its letters."""
        return self.fit(other) - self.fit(word)

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
        return Tongue(language)
    if any("а" <= letter <= "я" for letter in own):
        own += "".join(map(chr, range(0x400, 0x500)))
    both = frozenset(own.lower() + own.upper())
    letters = rf"[^\W\d_\x00-\x7fªº\u0530-\u1dff\u2000-\U0010ffff{own.lower()}{own.upper()}]"
    return Tongue(language, both, re.compile(letters), _words_of(language))


_ASCII = re.compile("[\x00-\x7f]+")


def language_of(text: str) -> str:
    """Return the language that the script, the words or the letters of `text` are from.

    `""` where that is not clear.
    """
    language, lead, _ = _likeliest(text)
    return language if lead >= _CLEAR else ""


def told_language(text: str) -> str:
    """Return what `language_of` does if the words tell it surely, else `""`."""
    language, lead, spoken = _likeliest(text)
    return language if min(lead, spoken) >= _SURE else ""


@lru_cache(maxsize=8)
def _likeliest(text: str) -> tuple[str, float, float]:
    """Return the likeliest language of a text, by how much log weight it is, and that of its words.

    Letters alone are what damage makes: no language whose words are others is told by them.
    """
    spoken = _spoken(text)
    far = _ASCII.sub("", text)
    if len(far) * 6 > len(text):
        for language, script in _SCRIPTS:
            if len(script.findall(far)) * 6 > len(text):
                return language, math.inf, spoken[language]
    counts = {char: n for char, n in Counter(far).items() if char in _known_letters()}
    weights = {one: weight + _of_letters(one, counts) for one, weight in spoken.items()}
    first, second = sorted(weights, key=lambda language: -weights[language])[:2]
    is_spoken = spoken[first] > 0 or max(spoken.values()) < _SPOKEN
    known = is_spoken and first not in UNLISTED
    return first, weights[first] - weights[second] if known else 0.0, spoken[first]


def _of_letters(language: str, counts: Mapping[str, int]) -> float:
    """Return the log weight of letters beyond ASCII, with their counts, in a language."""
    if language in UNLISTED:
        return 0.0
    weigh = _bounded_letters_of(language).get
    return sum([n * weigh(char, FOREIGN_LETTER) for char, n in counts.items()])


@cache
def _bounded_letters_of(language: str) -> Mapping[str, float]:
    """Return what `letters_of` does, none below `FOREIGN_LETTER`; others weigh as little."""
    return {char: max(FOREIGN_LETTER, weight) for char, weight in letters_of(language).items()}


@lru_cache(maxsize=8)
def _spoken(text: str) -> Mapping[str, float]:
    """Return the log weight of each language by the words of a text and its ASCII letters."""
    known = _words()
    weights: dict[str, float] = dict.fromkeys(HABITS, 0.0)
    weights |= trigram_weights(text)
    for word, count in _counted(text).items():
        for language, weight in known.get(word, {}).items():
            weights[language] = weights.get(language, 0.0) + count * weight
    return weights


def tongue_of(text: str) -> Tongue:
    """Return what is known of the language of `text`; nothing where too little tells it."""
    return replace(_tongue(told_language(text)), spoken=_spoken(text))


@lru_cache(maxsize=8)
def _counted(text: str) -> Mapping[str, int]:
    """Return how often each word stands in a text, in small letters."""
    return Counter(_WORD.findall(small(text)))


@cache
def _words_of(language: str) -> frozenset[str]:
    return frozenset(word for word, own_in in _words().items() if language in own_in)


SMALLEST, STEP = -7, 0.5
"""Weight of a trigram in a language that lacks it, and log weight of one."""

UNLISTED = frozenset(("az", "diq", "fur", "jv", "li", "sw"))
"""Languages of which nothing else is known: text of them and of their kin is told to be in none."""

LONGEST = 4000
"""Code points of a text whose trigrams are counted."""


@dataclass(frozen=True, slots=True)
class _Trigrams:
    """The weights of trigrams of ASCII letters and spaces in some languages.

    Those of a trigram are the 16-bit digits of one number, in the order of the languages, so that
    adding numbers adds all of them at once. `SMALLEST` is 0 there.
    """

    languages: Sequence[str]
    rows: Mapping[bytes, int]


@cache
def _trigrams() -> _Trigrams:
    first, *lines = common_trigrams().splitlines()
    languages = first.split()
    zero = _number("a" * len(languages))
    rows = {line[:3].encode(): _number(line[3:]) - zero for line in lines}
    return _Trigrams(languages, rows)


def _number(digits: str) -> int:
    return int.from_bytes(digits.encode("utf-16-be"), "big")


def trigram_weights(text: str) -> Mapping[str, float]:
    """Return the log weight of each Latin language beside the mean of all, by ASCII letters."""
    table = _trigrams()
    found = map(table.rows.get, ascii_trigrams(text[:LONGEST]))
    rows = [row for row in found if row is not None]
    count = len(table.languages)
    sums = struct.unpack(f">{count}H", sum(rows).to_bytes(2 * count, "big"))
    least = SMALLEST * len(rows)
    return {
        language: STEP * (weight + least)
        for language, weight in zip(table.languages, sums, strict=True)
    }


def ascii_trigrams(text: str) -> Iterator[bytes]:
    """Yield the trigrams of a text by its ASCII letters, with `?` for what is beyond them."""
    plain = b" %b " % b" ".join(plain_letters(text).split())
    return (plain[at : at + 3] for at in range(len(plain) - 2))


def plain_letters(text: str) -> bytes:
    """Return the ASCII letters of a text, in lower case, and `?` for each code point beyond ASCII.

    All else is a space, but for `?`, which may stand for a letter that was lost. Damage leaves
    ASCII as it was.
    """
    return text.encode("ascii", "replace").translate(_PLAIN)


_PLAIN = bytes(byte if chr(byte).isalpha() or byte == ord("?") else 0x20 for byte in range(0x80))
_PLAIN = _PLAIN.lower().ljust(0x100)
