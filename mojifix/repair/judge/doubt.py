"""Readings out of legacy charsets that may be what a language looks like that nobody knows."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from mojifix.charsets.registry import UNICODE
from mojifix.language import known_words
from mojifix.language.alphabets import foreign
from mojifix.language.identification import Tongue, are_common, is_word_of
from mojifix.repair.decode.readback import read_back
from mojifix.repair.gate.floors import is_hangul
from mojifix.repair.gate.telling import shown_by
from mojifix.repair.reading import Chain, Reading

EXCHANGED, LONG_EXCHANGED, LONG = -5.0, -3.0, 7
"""Log weight of a letter that is exchanged for another one, or of all those of a known word, and of
one of so many letters: few words that nobody knows are that but for a letter. Of 14,583 strings and
words of programs in Kurdish, Turkmen, Kabyle and ten other languages of which the model knows
little, 5 are changed without it, and 1, which is damaged, with it."""

ENOUGH, KNOWN = 2, 0.25
"""Different words that show a chain, and the share of known ones among them, from which on it is in
no doubt."""

SEVERAL, LONG_ENOUGH = 3, 4
"""Words that show a chain, and letters of those of which some are known if it is one, but for
common ones."""

ONE_LETTER, LETTERS = 0.5, 0.25
"""The share of these, at least, if the chain exchanges one letter in them, or several."""

SPARED = 2.0
"""Different words that a chain would change and spared to each that it explains, from which on it
is in doubt."""

STRONG, SHOWN = 4, 2
"""Letters beyond ASCII of a word that alone is hardly explained by chance, and how many such words
show a chain however many others it spared."""

LEAST_GAIN, UNKNOWN_GAIN = 8.0, 16.0
"""Log weight that several words of Hangul gain on average by being read back through a chain, at
least, and if less than half of them become known words: syllables that are seldom written look like
damage as well, but gain little. Of 1,500 lines in Chinese of programs that were read as Korean, 30
gain less than 8."""

NAMES = 4
"""Letters of a word that looks natural and is not common in its language, up to which no language
speaks for another reading of it: tîr, tör."""

_LATIN = re.compile("[A-Za-zªºÀ-ÖØ-öø-\u024f]")

_LATIN_WORD = re.compile("[A-Z\xc0-\u024f]?(?:[a-zß-öø-ÿ]|[\u0100-\u024f])+")

_BEHIND_LETTERS = frozenset("’”»…—–")
"""Signs that stand behind letters."""

_CYRILLIC = re.compile("[\u0400-\u04ff]{2}")

_Change = tuple[str, str, str]
"""What is before a character of a word, the character, and what it was."""


def doubted(
    words: Sequence[Sequence[Reading]], tongue: Tongue, taught: Collection[Chain]
) -> list[Sequence[Reading]]:
    """Return the readings of words, of which those in doubt are less likely.

    In doubt are the chains that few words show, or hardly one that is known, where all they do is
    to exchange letters for others; and those that only make one letter a sign. But chains that are
    `taught` are in no doubt, nor are letters for which the language of the text speaks, unless
    other words are foreign to it that the chain does not explain. Chains that spare most words that
    they would change, or by which words of Hangul gain little, show nothing.
    """
    better = [
        (as_is, one)
        for as_is, *others in words
        for one in others
        if one.weight > as_is.weight and one.chain not in taught and _is_legacy(one)
    ]
    gained: dict[Chain, dict[str, Reading]] = {}
    changes: dict[Chain, set[tuple[str, str]]] = {}
    for as_is, one in better:
        word = _layer(as_is.after, one.chain)
        gained.setdefault(one.chain, {})[shown_by(word, one)] = one
        pairs = ((char, was) for _, char, was in _changes(word, one.after))
        changes.setdefault(one.chain, set()).update(pairs)
    signs = {chain for chain, pairs in changes.items() if len(pairs) == 1 and _is_sign(*min(pairs))}
    foreign_words = {as_is.after for as_is, *_ in words if tongue.lacks(as_is.after)}
    native = {chain for chain, some in gained.items() if 2 * len(some) > len(foreign_words)}
    doubtful = {chain for chain, some in gained.items() if _is_doubtful(some.values())}
    refused = _spared(words, gained) | _gaining_little(better)
    unheard_of = {
        chain for chain, some in gained.items() if _is_unheard_of(some.values(), changes[chain])
    }
    had: set[tuple[str, Chain]] = set()

    def weighed(one: Reading, as_is: Reading) -> Reading:
        if one.chain in unheard_of:
            return one._replace(weight=min(one.weight, as_is.weight + EXCHANGED))
        if one.chain not in doubtful and one.chain not in signs and one.chain not in refused:
            return one
        word = _layer(as_is.after, one.chain)
        own = _gain_of_language(word, one.after, tongue) if one.chain in native else 0.0
        if one.chain in refused and own < -EXCHANGED:
            return one._replace(weight=min(one.weight, as_is.weight + EXCHANGED))
        if one.chain in signs:
            cost, shown = EXCHANGED, ""
        elif one.chain in doubtful:
            cost, shown = min(0.0, _cost(word, one.after) + own), shown_by(word, one)
        else:
            return one
        if not cost or one.after == word:
            return one
        # What was had before tells nothing more.
        key = shown, one.chain
        weight = as_is.weight if key in had else one.weight + cost
        had.add(key)
        return one._replace(weight=weight)

    return [[weighed(one, readings[0]) for one in readings] for readings in words]


def _gain_of_language(word: str, after: str, tongue: Tongue) -> float:
    """Return the log weight by which the language of a text speaks for another reading of a word.

    Nothing more is asked where it is told. It says nothing of a word of its own letters.
    """
    natural = bool(_LATIN_WORD.fullmatch(word))
    if natural and sum(map(str.isalpha, after)) < NAMES and not is_word_of(after, tongue.language):
        return 0.0
    if tongue.is_told:
        return 0.0 if tongue.lacks(after) or (natural and not tongue.lacks(word)) else math.inf
    if not natural or word[0].isupper() != after[0].isupper():
        return 0.0
    return max(0.0, tongue.prefers(word, after))


def _spared(
    words: Sequence[Sequence[Reading]], gained: Mapping[Chain, Mapping[str, Reading]]
) -> set[Chain]:
    """Return the chains that spare most of the words that they would change.

    Not those that explain some long words: a line of another language may stand among others.
    """
    weak = {
        chain
        for chain, some in gained.items()
        if sum(_count_far(one.after) >= STRONG for one in some.values()) < SHOWN
    }
    spared: dict[Chain, set[str]] = {chain: set() for chain in weak}
    for as_is, *others in words:
        for one in others:
            if one.chain in weak and one.weight <= as_is.weight and one.after != as_is.after:
                spared[one.chain].add(as_is.after)
    return {chain for chain in weak if len(spared[chain]) > SPARED * len(gained[chain])}


def _gaining_little(better: Iterable[tuple[Reading, Reading]]) -> set[Chain]:
    """Return the chains by which several words of Hangul gain little, for what they become.

    `better` are words as they are, each with a reading that is likelier.
    """
    gains: dict[Chain, dict[str, tuple[float, bool]]] = {}
    for as_is, one in better:
        if any(map(is_hangul, as_is.after)):
            known = known_words().worth(one.after) > 0
            gains.setdefault(one.chain, {})[as_is.after] = one.weight - as_is.weight, known
    return {chain for chain, some in gains.items() if _is_little(some.values())}


def _is_unheard_of(shown: Collection[Reading], changes: Collection[tuple[str, str]]) -> bool:
    """Tell whether Latin letters become others in several words, of which hardly any is known.

    Texts in old languages are taken for that: wiþ, haþ, sîme, rîcher.
    """
    if not changes or not all(_LATIN.match(char) and _LATIN.match(was) for char, was in changes):
        return False
    long: list[str] = []
    short: list[str] = []
    for one in shown:
        is_long = sum(map(str.isalpha, one.after)) >= LONG_ENOUGH
        (long if is_long else short).append(one.after)
    known = sum(known_words().spelled(word) > 0 for word in long) + sum(map(are_common, short))
    least = ONE_LETTER if len(changes) == 1 else LETTERS
    return len(shown) >= SEVERAL and known < max(1, least * len(long))


def _is_little(some: Collection[tuple[float, bool]]) -> bool:
    """Tell whether words gain too little, by their gains and whether they become known ones."""
    least = LEAST_GAIN if 2 * sum(known for _, known in some) >= len(some) else UNKNOWN_GAIN
    return len(some) >= ENOUGH and sum(gain for gain, _ in some) < least * len(some)


def _count_far(word: str) -> int:
    return sum(char >= "\x80" and char.isalpha() for char in word)


def _layer(word: str, chain: Chain) -> str:
    """Return the text that a word was before all layers of a chain but the innermost one."""
    return (read_back(word, chain[1:]) or word) if len(chain) > 1 else word


def _is_legacy(reading: Reading) -> bool:
    return reading.chain[0].written_as not in UNICODE


def _is_doubtful(shown: Collection[Reading]) -> bool:
    """Tell whether few words show a chain, or hardly a known one."""
    known = sum(known_words().spelled(one.after) > 0 for one in shown)
    return len(shown) < ENOUGH or known < KNOWN * len(shown)


def _changes(word: str, after: str) -> Iterator[_Change]:
    """Yield the characters of a word that a reading of the same length changes."""
    if len(word) == len(after):
        for before, char, was in zip(" " + word, word, after, strict=False):
            if char != was:
                yield before, char, was


def _is_sign(char: str, was: str) -> bool:
    """Tell whether a Latin letter was a sign, but for an apostrophe."""
    return bool(_LATIN.match(char)) and not was.isalpha() and was != "’"


def _cost(word: str, after: str) -> float:
    """Return the log weight of making Latin letters of others, or a Cyrillic one of another.

    Of a Cyrillic one only where the letters of the word belong together as they are.
    """
    changes = list(_changes(word, after))
    if not changes:
        return 0.0
    one = len(changes) == 1 and _CYRILLIC.match(changes[0][1] + changes[0][2])
    if not (one and not foreign(word)) and not all(_is_exchange(*change) for change in changes):
        return 0.0
    if known_words().spelled(after) > 0:
        return LONG_EXCHANGED if sum(map(str.isalpha, after)) >= LONG else EXCHANGED
    return EXCHANGED * len(changes)


def _is_exchange(before: str, char: str, was: str) -> bool:
    """Tell whether a Latin letter was another one, or behind a letter a sign that stands apart."""
    if not _LATIN.match(char):
        return False
    if _LATIN.match(was):
        return char.isupper() == was.isupper() or not before.isalpha()
    return before.isalpha() and not was.isalpha() and was not in _BEHIND_LETTERS
