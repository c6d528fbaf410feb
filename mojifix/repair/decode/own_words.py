"""Words of a text's own language that a legacy charset made something else of: pi¥, 阾re, erõs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from mojifix.charsets.registry import CHARSETS, LIKELIEST, UNICODE
from mojifix.language import known_words, trigrams
from mojifix.language.identification import Tongue, common_far_words, is_word_of, languages_of
from mojifix.language.lexicon import folded
from mojifix.language.writing import script, small
from mojifix.model import Channel, Layer
from mojifix.repair.decode.chance import is_mixed
from mojifix.repair.decode.propose import Candidate
from mojifix.repair.decode.readback import read_back
from mojifix.repair.gate.customary import is_disguised
from mojifix.repair.gate.parts import is_east_asian
from mojifix.repair.gate.strange import is_strange, score
from mojifix.repair.reading import changed_characters
from mojifix.repair.splice.spans import same_ascii

SHORTEST, SHORTEST_KNOWN, LONGEST = 2, 5, 30
"""Letters of such a word, and of one that is known and not common; and code points of what it is
now, at most. Of one letter, damage makes any other one, and a filter knows one of 900 words by
chance."""

NAMES = 3
"""Letters from which on a word that looks natural may be such a one: Ùn, Çà."""

LIKELIER = 5.0
"""Log weight by which what is spelled with letters of the language is likelier than what is not."""

KEPT = 1 << 12
"""Words of which it is remembered what they may have been."""

_IN_WORD = "[^\x00-@\\[-`{-\x7f\xa0“”‘’„…«»–—•]+"
_PIECE = re.compile(f"{_IN_WORD}(?:‘{_IN_WORD})?")
"""What may be a word: without marks that stand around any word, but for one inside: v‘re."""

_CYRILLIC = re.compile("[\u0400-\u04ff]+")


def own_words(text: str, channels: Sequence[Channel], tongue: Tongue) -> Iterator[Candidate]:
    """Yield the words of a line, or of a part of one, that its language has in another charset.

    Nobody knows them as they are, and all charsets that make such a word of them make the same: one
    that is known, or one in small letters that are all of the language where those found are not.
    """
    for match in _PIECE.finditer(text):
        word = match.group()
        found = {was: ways for was, ways in _words_behind(word).items() if _is_own(was, tongue)}
        is_known = any(_shows_damage(word, was, tongue) for was in found)
        if not is_known:
            found = {
                was: ways
                for was, ways in _spellings(word).items()
                if tongue.is_told and tongue.lacks(word) and tongue.spells(was)
            }
        if len(found) != 1:
            continue
        [(was, ways)] = found.items()
        channel = next((one for one in ways if one in channels), None)
        if channel:
            lead, tail = same_ascii(word, was)
            start, end = match.start() + lead, match.end() - tail
            layers = (Layer(channel),)
            yield Candidate(start, end, was[lead : len(was) - tail], layers, known=is_known)


def may_be_own(text: str) -> bool:
    """Tell whether a part of a line may be a word of some language in another charset."""
    return any(_words_behind(part) or _spellings(part) for part in _PIECE.findall(text))


def _is_own(word: str, tongue: Tongue) -> bool:
    """Tell whether a word is common in a language, or a longer one that its letters spell."""
    if is_word_of(word, tongue.language):
        return True
    return len(word) >= SHORTEST_KNOWN and tongue.is_told and tongue.spells(word)


def _shows_damage(word: str, was: str, tongue: Tongue) -> bool:
    """Tell whether a word is none of its text's language, whatever else it may be.

    Of one that looks natural that is told by the letters that the language lacks, if it is long
    enough to be no name.
    """
    if not _is_natural(word):
        return True
    if len(word) < NAMES:
        return False
    return is_strange(word) if script(word[-1]) != script(was[-1]) else tongue.lacks(word)


def _is_natural(word: str) -> bool:
    """Tell whether a word has letters of one alphabet alone, and no capitals inside."""
    letters = all(char.isalpha() and char not in "ªº" for char in word)
    wide = any(map(is_east_asian, word))
    return letters and not wide and _is_in_one_case(word) and not is_mixed(word)


def _is_in_one_case(word: str) -> bool:
    return word.islower() or word.istitle() or word.isupper()


@lru_cache(maxsize=KEPT)
def _words_behind(word: str) -> Mapping[str, Sequence[Channel]]:
    """Return the words of any language that an unknown word may be in another charset.

    With the channels that make the one of the other, the likeliest first.
    """
    if word.isascii() or len(word) > LONGEST or not _may_be_known(word):
        return {}
    if folded(word) in known_words() or languages_of(word):
        return {}
    if is_disguised(word) or (_CYRILLIC.fullmatch(word) and not is_strange(word)):
        return {}
    natural = _is_natural(word)
    found: dict[str, list[Channel]] = {}
    for channel in _channels(wide=any(map(is_east_asian, word))):
        was = read_back(word, (channel,))
        if was and was != word and _is_known(was, common=natural):
            found.setdefault(was, []).append(channel)
    return found


def _is_known(word: str, *, common: bool) -> bool:
    """Tell whether a word is common in some language, or known if not only a `common` one is."""
    if word.isascii() or sum(map(str.isalpha, word)) < SHORTEST or not _is_in_one_case(word):
        return False
    if languages_of(word):
        return True
    return (
        not common
        and len(word) >= SHORTEST_KNOWN
        and word.isalpha()
        and folded(word) in known_words()
    )


def _may_be_known(word: str) -> bool:
    """Tell whether a word may be one in another charset, as far as its ASCII letters tell.

    They stay at their places, but for characters of two bytes.
    """
    if any(map(is_east_asian, word)):
        return _ASCII_LETTER.search(word) is not None
    longer = len(word) >= SHORTEST_KNOWN and not _is_natural(word)
    return longer or _skeleton(word) in _skeletons()


_ASCII_LETTER = re.compile("[A-Za-z]")


def _skeleton(word: str) -> bytes:
    return small(word).encode("ascii", "replace")


@cache
def _skeletons() -> frozenset[bytes]:
    return frozenset(map(_skeleton, common_far_words()))


@cache
def _channels(*, wide: bool) -> Sequence[Channel]:
    """Return the channels of text in charsets of one byte a character, the likeliest first.

    Those of readers that have characters of East Asia, if `wide`.
    """
    return [
        one
        for one in LIKELIEST
        if one.written_as not in UNICODE
        and not CHARSETS[one.written_as].leads
        and (CHARSETS[one.read_as].leads or not wide)
    ]


@lru_cache(maxsize=KEPT)
def _spellings(word: str) -> Mapping[str, Sequence[Channel]]:
    """Return what an unknown word in small letters is in another charset, if that is likelier.

    With the channels that make the one of the other, the likeliest first. Letters of Western Europe
    do not become others of those: its charsets exchange them in all languages.
    """
    if word.isascii() or not (SHORTEST_KNOWN <= len(word) <= LONGEST and word.islower()):
        return {}
    if not _LATIN.fullmatch(word) or folded(word) in known_words() or languages_of(word):
        return {}
    least = score(word, trigrams()) + LIKELIER
    found: dict[str, list[Channel]] = {}
    for channel in _channels(wide=False):
        was = read_back(word, (channel,))
        if was in found or (was and _is_rarer(word, was) and score(was, trigrams()) >= least):
            found.setdefault(was, []).append(channel)
    return found


def _is_rarer(word: str, was: str) -> bool:
    """Tell whether a word in small letters has others that are none of Western Europe."""
    changed = changed_characters(word, was)
    is_word = was.islower() and bool(_LATIN.fullmatch(was))
    return is_word and bool(changed) and all(letter > "\xff" for _, letter in changed)


_LATIN = re.compile("[a-zß-öø-ÿ\u0100-\u024f]+")
