"""Short words that only the rest of their document tells: what supports them in their own line.

One damaged line teaches its channel, and that reads Å as Е and à as ŕ wherever they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum

from mojifix.charsets.damage import through
from mojifix.charsets.registry import CHARSETS, UNICODE
from mojifix.language import known_words
from mojifix.language.alphabets import is_listed
from mojifix.language.identification import SAMPLE, are_common, is_word_of, told_language
from mojifix.language.lexicon import folded
from mojifix.language.typography import CURRENCIES
from mojifix.language.writing import script
from mojifix.model import APPLIED, Channel, Repair
from mojifix.repair.gate.lines import words_beside
from mojifix.repair.gate.strange import OTHER_SCRIPTS, PUNCTUATION
from mojifix.repair.gate.telling import CONTROL
from mojifix.repair.splice.spans import beside, inside
from mojifix.repair.splice.splice import splice

LEAST_LETTERS = 3
"""Letters of a word, and of what it was, with which it supports itself."""

WIDE = 5
"""Characters of a word that was in a charset of East Asia: two characters are four bytes."""

CLEAR_LINES, OTHERS = 5, 5
"""Lines that were damaged through a channel from which on short ones need no other support, if
there are so many times fewer lines that are not ASCII and were not."""

AROUND = 30
"""Code points of a word before a repair and behind it, at most."""

_Where = tuple[int, Channel]
"""A line, by its number, and a channel."""

SPACES, _BORDERS = re.compile(r"\s"), re.compile(r"[\x00-@\[-`{-\x7f\s]")
"""What is between words: punctuation of ASCII may be half of a character of East Asia."""


def without_unsupported(
    text: str, repairs: Sequence[Repair], done: Sequence[Repair], *, seen: bool
) -> list[Repair]:
    """Return repairs of which those of short words are suspected that their line doesn't support.

    A legacy charset makes some letter of any other one. What supports a word is another one of its
    line that went through its channel and is longer or known, or that nearly all lines went through
    it, unless it would be of another script than the Latin words beside it. In a text in which no
    line has any, words of several letters are told by what they are alone, if no channel was `seen`
    in another text before. `done` are repairs that are applied already.
    """
    supported = {
        (line, layer.channel.lossless)
        for line, repair in zip(_lines(text, done), done, strict=True)
        for layer in repair.layers
    }
    short: dict[int, tuple[_Where, _Support]] = {}
    for number, (line, repair) in enumerate(zip(_lines(text, repairs), repairs, strict=True)):
        if repair.kind not in APPLIED:
            continue
        where = line, repair.layers[0].channel.lossless
        support = _Support.GIVES if where in supported else _support(text, repair)
        if support is _Support.GIVES:
            supported.add(where)
        else:
            short[number] = where, support
    least = _Support.NEEDS_SOME if supported or seen else _Support.IS_LETTER
    clear = _clear(text, supported) if short else ()
    left = _contradicted(text, repairs) | {
        number
        for number, (where, support) in short.items()
        if support >= least
        and where not in supported
        and (where[1] not in clear or _is_among_latin(text, repairs[number]))
    }
    return [
        _without_first_layer(repair) if number in left else repair
        for number, repair in enumerate(repairs)
    ]


def _contradicted(text: str, repairs: Sequence[Repair]) -> set[int]:
    """Return the numbers of repairs that change a letter which words of their line have as well.

    As often, and nothing changes it there: what made ź of č in luźi would not spare raźone.
    """
    applied = [repair for repair in repairs if repair.kind in APPLIED]
    by_line: dict[int, dict[int, set[str]]] = {}
    for number, (line, repair) in enumerate(zip(_lines(text, repairs), repairs, strict=True)):
        letters = _exchanged(repair) if repair.kind in APPLIED else None
        if letters:
            by_line.setdefault(line, {})[number] = letters
    found: set[int] = set()
    for exchanged in by_line.values():
        start = text.rfind("\n", 0, repairs[min(exchanged)].start) + 1
        end = text.find("\n", repairs[max(exchanged)].end)
        end = len(text) if end < 0 else end
        blanks = (replace(one, after=" ") for one in inside(applied, start, end))
        spared = Counter("".join(_LATIN_WORD.findall(splice(text, blanks, start, end))))
        changed = Counter(letter for letters in exchanged.values() for letter in letters)
        found |= {
            number
            for number, letters in exchanged.items()
            if any(spared[letter] >= changed[letter] for letter in letters)
        }
    return found


_LATIN_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-\u024f]{2,}")


def _exchanged(repair: Repair) -> set[str]:
    """Return the small Latin letters that a repair makes others, out of one legacy charset."""
    channel = repair.layers[0].channel
    if channel.written_as in UNICODE or len(repair.before) != len(repair.after):
        return set()
    pairs = zip(repair.before, repair.after, strict=True)
    return {
        char
        for char, was in pairs
        if char != was and (char + was).islower() and _LATIN_WORD.fullmatch(char + was)
    }


def _is_among_latin(text: str, repair: Repair) -> bool:
    """Tell whether a word beside a repair is of Latin script, and the repair of another one."""
    beside = words_beside(text, repair.start, repair.end)
    return max(repair.after, default="") >= OTHER_SCRIPTS and any(map(_LATIN.search, beside))


_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-\u024f]")


def _without_first_layer(repair: Repair) -> Repair:
    """Return a repair that leaves the first layer as it is; a suspected one if there is no other.

    UTF-8 that was read in another charset needs no support.
    """
    first, *others = repair.layers
    after = through(repair.after, first.channel)
    if not others or first.edits or after is None:
        return replace(repair, kind="suspected")
    return replace(repair, after=after, layers=tuple(others))


def _lines(text: str, repairs: Iterable[Repair]) -> Iterator[int]:
    """Yield the number of the line of each repair; they are sorted."""
    line = at = 0
    for repair in repairs:
        line, at = line + text.count("\n", at, repair.start), repair.start
        yield line


class _Support(IntEnum):
    """What a repair says of its line."""

    GIVES = 0
    NEEDS_SOME = 1
    IS_LETTER = 2


def _clear(text: str, supported: Iterable[_Where]) -> Collection[Channel]:
    """Return the channels that nearly all lines went through which are not ASCII."""
    far = sum(not line.isascii() for line in text.split("\n"))
    counts = Counter(channel for _, channel in supported)
    return {
        channel
        for channel, count in counts.items()
        if count >= CLEAR_LINES and (far - count) * OTHERS <= count
    }


def _support(text: str, repair: Repair) -> _Support:
    if repair.layers[0].channel.written_as in UNICODE:
        return _Support.GIVES
    if len(repair.layers) > 1:
        # What the first layer made of it is what tells.
        repair = replace(repair, before=through(repair.after, repair.layers[0].channel) or "")
    wide = bool(CHARSETS[repair.layers[0].channel.written_as].leads)
    words = list(changed_words(text, repair, SPACES if wide else _BORDERS))
    if _is_sure(text, repair) or any(_tells(*both, wide=wide) for both in words):
        return _Support.GIVES
    lone = all(len(word) < 2 > len(was) or is_listed(word) for word, was in words)
    return _Support.IS_LETTER if lone else _Support.NEEDS_SOME


def _is_sure(text: str, repair: Repair) -> bool:
    """Tell whether a repair needs no support.

    One of controls, one that makes a sign of a currency at its number, and one that makes a small
    word of the language of the text: à of ŕ.
    """
    around = beside(text, repair.start, repair.end)
    is_price = repair.after in CURRENCIES and any(map(str.isdigit, around))
    is_word = not (around.strip() or are_common(repair.before)) and is_word_of(
        repair.after, told_language(text[:SAMPLE])
    )
    return is_price or is_word or bool(CONTROL.search(repair.before))


def _tells(word: str, was: str, *, wide: bool) -> bool:
    """Tell whether a word, and what it `was`, show their channel: known words, and longer ones."""
    if len(was) > 1 and was.isalpha() and (folded(was) in known_words() or are_common(was)):
        return True
    if is_listed(word):
        return False
    if wide:
        return len(word) >= WIDE
    letters = [char for char in was if char.isalpha()]
    if len(letters) < LEAST_LETTERS:
        return False
    before = [char for char in word if char.isalpha()]
    scripts, were = ({script(char) for char in one} - {""} for one in (letters, before))
    if scripts == were:
        return len(before) >= LEAST_LETTERS
    return len(scripts) == 1


def changed_words(text: str, repair: Repair, borders: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the words that a repair changes, as they are and as they were.

    Without punctuation around them; `borders` is what is between words.
    """
    lead = borders.split(text[max(0, repair.start - AROUND) : repair.start])[-1]
    tail = borders.split(text[repair.end : repair.end + AROUND], maxsplit=1)[0]
    words, were = (borders.split(lead + one + tail) for one in (repair.before, repair.after))
    if len(words) != len(were):
        words, were = [lead + repair.before + tail], [lead + repair.after + tail]
    for word, was in zip(words, were, strict=True):
        if word != was:
            yield word.strip(PUNCTUATION), was.strip(PUNCTUATION)
