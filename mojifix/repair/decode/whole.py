"""Documents that went through one legacy charset as a whole: files are read in one from end to end.

Some words show the channel. Where hardly anything in the document speaks against it, what would be
in doubt alone has gone through it as well: `ê` between words of ASCII, `±` between placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.language.identification import SAMPLE, are_common, is_word_of, told_language
from mojifix.model import Channel
from mojifix.repair.decode.legacy import Judged, are_telling, is_foreign, is_sure, judged, shown_by
from mojifix.repair.decode.readback import read_back
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.gate.floors import mixed, split
from mojifix.repair.gate.lines import WORD, lines_of, words_beside
from mojifix.repair.gate.strange import OTHER_SCRIPTS, PUNCTUATION

FIRST = 50
"""Words beyond ASCII at the beginning of a document, which show the channel together."""

LEAST, SHARE = 10, 0.5
"""Words that surely went through the channel, at least, and their share of those that may have."""

UNLIKELY, AGAINST = 20, 50
"""Sure words to each that may be clean, and to each that speaks against the channel, at least."""

LOSS = -8.0
"""Log weight that a word may lose by being read back, if it is not sure to have gone through."""

_FAR = re.compile("[^\x00-\x7f]")
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
    found: list[tuple[int, int, str]] = []
    sure: list[Judged] = []
    seen = 0
    others = dict.fromkeys(_Chance, 0)
    for line in lines_of(text, None, plain=True):
        for start, end in line.words:
            word = text[start:end]
            seen += len(_FAR.findall(word))
            one = judged(word, channel, transcoder)
            if one is None:
                continue
            after = one.after or read_back(word, (channel,))
            if is_sure(one, text, start, end):
                sure.append(one)
            else:
                chance = _chance(text, (start, end), after, channel, language, transcoder)
                others[chance] += 1
                after = after if chance else None
            if after is not None:
                found.append((start, end, after))
    none = others[_Chance.NONE]
    least = max(LEAST, SHARE * len(found), UNLIKELY * others[_Chance.SMALL], AGAINST * none)
    if len(sure) < least or not are_telling(sure, len(found) + none):
        return None
    return Whole(channel, found, is_all=not none and seen == len(_FAR.findall(text)))


def _chance(
    text: str,
    span: tuple[int, int],
    after: str | None,
    channel: Channel,
    language: str,
    transcoder: Transcoder,
) -> _Chance:
    """Return what it is like that a word has gone through a channel as others of its text have.

    `after` is what it was then, `language` that of the text.
    """
    word = text[slice(*span)]
    if after is None:
        return _Chance.NONE
    core = after.strip(PUNCTUATION)
    gain = transcoder.as_is(after).weight - transcoder.as_is(word).weight
    is_sign = _SIGN.search(core) and not CHARSETS[channel.written_as].leads
    gain += mixed(after) - mixed(word) + split(after)
    if is_sign or gain <= LOSS:
        return _Chance.NONE
    if not any(map(str.isalpha, word)) and any(map(str.isalpha, core)):
        numbers = all(map(_NUMBER.fullmatch, words_beside(text, *span)))
        return _Chance.NONE if numbers or any(map(str.isdigit, word)) else _Chance.FAIR
    may_be_clean = word < OTHER_SCRIPTS and (len(core) == 1 or are_common(word))
    if may_be_clean and is_foreign(after, text, *span):
        fits = core < OTHER_SCRIPTS and is_word_of(core, language)
        return _Chance.FAIR if fits else _Chance.SMALL
    return _Chance.FAIR
