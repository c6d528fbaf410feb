"""Documents that went through one legacy charset as a whole: files are read in one from end to end.

Some words show the channel. Where hardly anything in the document speaks against it, what would be
in doubt alone has gone through it as well: `ê` between words of ASCII, `±` between placeholders.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.language import known_words
from mojifix.language.identification import SAMPLE, are_common, is_word_of, told_language
from mojifix.model import Channel
from mojifix.repair.decode.legacy import (
    Judged,
    Verdict,
    are_telling,
    is_foreign,
    is_sure,
    judged,
    shown_by,
)
from mojifix.repair.decode.readback import read_back
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.gate.floors import mixed, split
from mojifix.repair.gate.lines import WORD, Line, lines_of, words_beside
from mojifix.repair.gate.strange import OTHER_SCRIPTS, PUNCTUATION

FIRST = 50
"""Words beyond ASCII at the beginning of a document, which show the channel together."""

LEAST, OF_LINE, SHARE = 10, 5, 0.5
"""Words that surely went through the channel, at least, of a text of several lines and of one, and
their share of those that may have."""

UNLIKELY, AGAINST = 20, 50
"""Sure words to each that may be clean, and to each that speaks against the channel, at least."""

LOSS = -8.0
"""Log weight that a word may lose by being read back, if it is not sure to have gone through."""

_FAR = re.compile("[^\x00-\x7f]")
_LETTER = re.compile("[A-Za-z]")
_NUMBER = re.compile(r"[\d.,]+")
"""What a sign stands between that is one."""

_SIGN = re.compile("[\x80-\x9f\u2190-\u2bff]")
"""Controls, and signs that no charset of one byte a character has among letters."""


class Whole(NamedTuple):
    """A document that went through a channel, with the spans of its words and what they were.

    `is_all` tells that nothing else in it is beyond ASCII.
    """

    channel: Channel
    words: Sequence[tuple[int, int, str]]
    is_all: bool


class _Chance(IntEnum):
    """What it is like that a word has gone through the channel of its document, too."""

    NONE = 0
    SMALL = 1
    FAIR = 2
    GOOD = 3
    SURE = 4


class _Word(NamedTuple):
    """A word that its document's channel may have changed: its span, and what it was then."""

    start: int
    end: int
    after: str
    chance: _Chance
    judged: Judged


def told_whole(text: str, transcoder: Transcoder, channel: Channel | None = None) -> Whole | None:
    """Return what tells that a document went through one legacy charset.

    That is `channel`, if it is known that parts of it went through that, or one with which they
    were the same. None where too much speaks against it.
    """
    words = [match.group() for match in islice(WORD.finditer(text), FIRST)]
    channel = channel or shown_by(words, transcoder)
    if channel is None:
        return None
    alike = list(_alike(" ".join(words), channel, transcoder))
    channel = next((one for one in alike if read_back(text, (one,)) is not None), channel)
    was = " ".join(read_back(word, (channel,)) or word for word in words)
    return _through(text, channel, told_language(was[:SAMPLE]), transcoder)


def _alike(sample: str, channel: Channel, transcoder: Transcoder) -> Iterator[Channel]:
    """Yield a channel, and then others out of its charset before which a text was the same."""
    yield channel
    was = None if CHARSETS[channel.read_as].leads else read_back(sample, (channel,))
    for other in sorted(transcoder.channels, key=PRIORS.__getitem__, reverse=True):
        alike = other.written_as == channel.written_as and not CHARSETS[other.read_as].leads
        if was and alike and read_back(sample, (other,)) == was:
            yield other


def _through(text: str, channel: Channel, language: str, transcoder: Transcoder) -> Whole | None:
    """Return what the words of a text in a language were if they went through a channel."""
    words: list[_Word] = []
    seen = left = 0
    for line in lines_of(text, None, plain=True):
        seen += sum(len(_FAR.findall(text, *span)) for span in line.words)
        found = list(_words(text, line, channel, language, transcoder))
        chances = {word.chance for word in found}
        least = _Chance.NONE
        if _Chance.NONE in chances:
            least = _Chance.SURE  # The line is another one.
        elif _Chance.SURE not in chances:
            least = _Chance.GOOD
        kept = [word for word in found if word.chance >= least or not word.chance]
        left += len(found) - len(kept)
        words += kept
    counts = Counter(word.chance for word in words)
    needed = max(
        LEAST if "\n" in text else OF_LINE,
        SHARE * (len(words) - counts[_Chance.NONE]),
        UNLIKELY * counts[_Chance.SMALL],
        AGAINST * counts[_Chance.NONE],
    )
    sure = [word.judged for word in words if word.chance is _Chance.SURE]
    if len(sure) < needed or not are_telling(sure, len(words)):
        return None
    had = [(word.start, word.end, word.after) for word in words if word.chance]
    is_all = len(had) == len(words) + left and seen == len(_FAR.findall(text))
    return Whole(channel, had, is_all)


def _words(
    text: str, line: Line, channel: Channel, language: str, transcoder: Transcoder
) -> Iterator[_Word]:
    """Yield the words of a line that a channel would have changed."""
    for start, end in line.words:
        word = text[start:end]
        one = judged(word, channel, transcoder)
        if one is None:
            continue
        after = one.after or read_back(word, (channel,)) or ""
        if is_sure(one, text, start, end):
            chance = _Chance.SURE if one.verdict is Verdict.ITSELF else _Chance.GOOD
        else:
            chance = _chance(text, (start, end), after, channel, language, transcoder)
        yield _Word(start, end, after, chance, one)


def _chance(
    text: str,
    span: tuple[int, int],
    after: str,
    channel: Channel,
    language: str,
    transcoder: Transcoder,
) -> _Chance:
    """Return what it is like that a word has gone through a channel as others of its text have.

    `after` is what it was then, empty where that can't be, `language` that of the text.
    """
    word = text[slice(*span)]
    core = after.strip(PUNCTUATION)
    gain = transcoder.as_is(after).weight - transcoder.as_is(word).weight
    gain += mixed(after) - mixed(word) + split(after)
    if not after or gain <= LOSS or _has_signs(word, core, channel):
        return _Chance.NONE
    beside = words_beside(text, *span)
    is_sign = not any(map(str.isalpha, word)) and any(map(str.isalpha, core))
    if is_sign and (all(map(_NUMBER.fullmatch, beside)) or any(map(str.isdigit, word))):
        return _Chance.NONE
    may_be_clean = word < OTHER_SCRIPTS and (len(core) == 1 or are_common(word))
    if may_be_clean and is_foreign(after, text, *span) and any(map(_LETTER.search, beside)):
        fits = core < OTHER_SCRIPTS and is_word_of(core, language)
        return _Chance.GOOD if fits else _Chance.SMALL
    is_known = not core or is_word_of(core, language) or known_words().worth(core) > 0
    return _Chance.GOOD if is_known else _Chance.FAIR


def _has_signs(word: str, core: str, channel: Channel) -> bool:
    """Tell whether a word would have become signs, or one sign in it another one.

    Charsets of East Asia have signs of their own, and exchange those of each other.
    """
    if not CHARSETS[channel.written_as].leads:
        return bool(_SIGN.search(core))
    exchanged = not any(char >= "\x80" and char.isalpha() for char in word + core)
    return exchanged and bool(CHARSETS[channel.read_as].leads)
