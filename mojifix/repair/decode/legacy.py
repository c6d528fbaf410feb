"""Lines that went through one legacy charset: a few words show it, each is judged.

What is told so is what the words, looked at one by one through all channels, would show as well. It
takes a twentieth of the time. A few words may be left in doubt: those are for the readings.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS, PRIORS, UNICODE
from mojifix.language import known_words, trigrams
from mojifix.language.identification import are_common
from mojifix.language.lexicon import UNSPACED
from mojifix.model import Channel
from mojifix.repair.decode.readback import is_whole, read_back
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.gate.customary import is_no_word
from mojifix.repair.gate.floors import mixed
from mojifix.repair.gate.lines import Line, lines_of, words_beside
from mojifix.repair.gate.strange import (
    OTHER_SCRIPTS,
    PUNCTUATION,
    is_beheaded,
    is_odd,
    is_strange,
    score,
)
from mojifix.repair.gate.telling import tells
from mojifix.repair.reading import Reading

CONFIDENCE = 0.999
"""Of the words of a line that all have gone through one channel."""

LONGEST = 4000
"""Code points of a line that is looked at."""

SAMPLE, FIRST = 6, 12
"""Words of a line by which most channels are left out, and code points of the first one by which
many are before."""

ODD, LETTERS, SHARE = 3, 8, 0.6
"""Words of a sample that may be damaged, or characters beyond ASCII in them, at least, and the
share of such words."""

SYMBOLS = 0.2
"""Share of the characters beyond ASCII of a text that may be symbols, at most."""

NEAR = 30.0
"""Log weight by which a channel explains a few words less well than another, and is looked into."""

CLEARLY = 6.0
"""Log weight by which the words of a line show one channel more than the next one. With all that
stands here, of 10,000 lines of programs in 22 languages, each through one of 30 channels, one was
told wrong: ～ for 〜."""

GAIN, STRONGLY = 30.0, 30.0
"""Log weight that the words of a line gain together by being read back, at least, and that of a
word which may be strange even so: long ones are."""

KNOWN, MOSTLY, AS_ONE = 2.0, 0.2, 4
"""Words that are known once they are read back, at least, and their share of those that change. Of
writing without spaces so many letters count as one."""

SHORT = 3
"""Code points of a word, fewer than which may be anything."""

NATURALLY = 10.0
"""Log weight that a word which looks natural as it is gains by being read back, at least, if what
it was is not known."""

DOUBTFUL, LOSS = 0.25, -5.0
"""Share of the words that may be strange or lose by being read back, and what each may lose that is
not short."""

SURE = 0.75
"""Share of the words that change of which there is no doubt, at least."""

WORDS = 1 << 14
"""Words of which it is remembered what they were before they went through a channel."""

KEPT = 512
"""Lines of which it is remembered through which channel they went: those of a short text are asked
about again at once."""


class Told(NamedTuple):
    """The channel through which a line has gone, and the numbers of its words that may not have."""

    channel: Channel
    doubtful: frozenset[int]


def told(text: str, line: Line, transcoder: Transcoder) -> Told | None:
    """Return the channel out of a legacy charset through which a line of a text has gone.

    None where many words may not have, or one that is not short is none of that charset, or where
    another channel may be meant.
    """
    start, end = line.start, line.end
    if end - start > LONGEST or not line.words:
        return None
    spans = tuple((first - start, last - start) for first, last in line.words)
    return _told(text[start:end], spans, transcoder)


def told_alone(line: str, transcoder: Transcoder) -> Told | None:
    """Return what `told` does of a line that is a text of its own."""
    words = [word for part in lines_of(line, [(0, len(line))]) for word in part.words]
    return told(line, Line(0, len(line), words, []), transcoder)


@lru_cache(maxsize=KEPT)
def _told(text: str, spans: Sequence[tuple[int, int]], transcoder: Transcoder) -> Told | None:
    if "\ufffd" in text:
        return None
    words = [text[start:end] for start, end in spans]
    sample = list(dict.fromkeys(words))[:SAMPLE]
    odd = [word for word in sample if is_odd(word) and not is_no_word(word)]
    if len(odd) < SHARE * len(sample):
        return None
    if len(odd) < ODD and sum(char >= "\x80" for word in odd for char in word) < LETTERS:
        return None
    if any(map(transcoder.may_be_unicode, odd[:ODD])):
        return None
    channel = _shown(text, words, transcoder)
    doubtful = None if channel is None else _doubtful(text, spans, channel, transcoder)
    return None if channel is None or doubtful is None else Told(channel, doubtful)


def set_told(text: str, lines: Iterable[Line], transcoder: Transcoder) -> list[Line]:
    """Set the readings of those words of lines that surely have gone through one channel.

    Returns the lines that have such words. Where several channels say the same, all lines have gone
    through one.
    """
    found = [(line, one) for line in lines if (one := told(text, line, transcoder))]
    words: Counter[Channel] = Counter()
    for line, one in found:
        words[one.channel] += len(line.words) - len(one.doubtful)
    commonest = [channel for channel, _ in words.most_common()]
    for line, one in found:
        part = text[line.start : line.end]
        for channel in commonest:
            same = channel == one.channel or _say_the_same(part, channel, one.channel)
            if same and _set_through(text, line, one._replace(channel=channel), transcoder):
                break
    return [line for line, _ in found]


def _say_the_same(text: str, *channels: Channel) -> bool:
    """Tell whether a text was the same before it went through each of some channels."""
    return len({read_back(text, (channel,)) for channel in channels}) == 1


def _set_through(text: str, line: Line, one: Told, transcoder: Transcoder) -> bool:
    """Set the readings of the words of a line through a channel, but for the doubtful ones.

    Returns whether all others have one.
    """
    words = [text[start:end] for start, end in line.words]
    readings = [
        None if number in one.doubtful else transcoder.through(word, (one.channel,))
        for number, word in enumerate(words)
    ]
    line.told = frozenset(number for number, reading in enumerate(readings) if reading)
    line.best = [
        (reading, CONFIDENCE) if reading else (transcoder.as_is(word), 0.0)
        for word, reading in zip(words, readings, strict=True)
    ]
    return len(line.told) + len(one.doubtful) == len(words)


def shown_by(words: Sequence[str], transcoder: Transcoder) -> Channel | None:
    """Return the channel out of a legacy charset that words of one text show, if any of them do.

    What is clean may be read back as well: whether each word was damaged is asked of them then.
    """
    odd = list(islice(filter(is_odd, words), ODD))
    if len(odd) < ODD or any(map(transcoder.may_be_unicode, odd)):
        return None
    return _shown(" ".join(words), words, transcoder)


def _shown(text: str, words: Sequence[str], transcoder: Transcoder) -> Channel | None:
    """Return the one channel that explains the words of a text best by far."""
    found: Sequence[Channel] = _read_back(text, transcoder.channels)
    for some, near in ((_beginning(words[0]), NEAR), (words[:SAMPLE], NEAR), (words, CLEARLY)):
        if len(found) > 1:
            found = _likeliest(found, some, near)
    return found[0] if len(found) == 1 else None


def _beginning(word: str) -> Sequence[str]:
    """Return the beginning of a word beyond ASCII, and that less one character.

    To a writer of two bytes a character one of them ends with half of one.
    """
    far = _FAR.search(word)
    assert far, "a word has something beyond ASCII in it"
    start = max(0, far.start() - 1)
    return word[start : start + FIRST], word[start : start + FIRST - 1]


def _read_back(text: str, channels: Iterable[Channel]) -> list[Channel]:
    """Return the likeliest channel for each text that one out of a legacy charset may have been."""
    written: dict[str, bytes | None] = {}
    found: dict[str, Channel] = {}
    for channel in channels:
        if channel.written_as in UNICODE:
            continue
        name = channel.read_as
        if name not in written:
            written[name] = None if CHARSETS[name].leads else encode(text, CHARSETS[name])
        data, writer = written[name], CHARSETS[channel.written_as]
        before = decode(data, writer) if data else None
        if not (data and before and before != text and _is_text(before)):
            continue
        had = found.get(before)
        if (had is None or PRIORS[had] < PRIORS[channel]) and is_whole(before, data, writer):
            found[before] = channel
    return list(found.values())


def _likeliest(channels: Sequence[Channel], words: Sequence[str], near: float) -> Sequence[Channel]:
    """Return the channels of which the readings of some words look the most natural."""
    weights = [_weight(one, words) for one in channels]
    least = max(weights) - near
    return [one for one, weight in zip(channels, weights, strict=True) if weight >= least]


def _weight(channel: Channel, words: Sequence[str]) -> float:
    """Return the log probability of a channel and of what some words were before it.

    Those of them that are cut count like the others.
    """
    model, spelled = trigrams(), known_words().spelled
    read = list(filter(None, (read_back(word, (channel,)) for word in words)))
    weight = sum(score(word, model) + spelled(word) + mixed(word) for word in read)
    return PRIORS[channel] + weight * len(words) / max(1, len(read))


def _is_text(text: str) -> bool:
    """Tell whether few of the characters beyond ASCII of a text are symbols."""
    far = len(_FAR.findall(text))
    return len(_SYMBOL.findall(text)) <= SYMBOLS * far


_FAR = re.compile("[^\x00-\x7f]")
_SYMBOL = re.compile(
    "[\x80-\x9f\xa1-\xa9\xac-\xb4\xb6-\xb9\xbc-\xbf\xd7\xf7\u02b0-\u02ff\u2020-\u2025\u2030-\u2bff]"
)


class Verdict(IntEnum):
    """What speaks for it that a word has gone through a channel that its text shows."""

    NOTHING = 0  # It is none of that charset.
    LITTLE = 1
    NEIGHBOURS = 2  # It is short: those that are no words of ASCII do.
    ITSELF = 3


class Judged(NamedTuple):
    """What a word was before it went through a channel, and what speaks for that.

    `gain` is the log weight that it gains by being read back, `known` how many known words that
    makes, `strange` whether it may be strange even so.
    """

    verdict: Verdict
    after: str = ""
    gain: float = -math.inf
    known: float = 0.0
    strange: bool = False


@lru_cache(maxsize=WORDS)
def judged(word: str, channel: Channel, transcoder: Transcoder) -> Judged | None:
    """Return what a word was before it went through a channel; None if that is what it is."""
    one = transcoder.through(word, (channel,))
    if one and one.after == word:
        return None
    gain = one.weight - transcoder.as_is(word).weight if one else -math.inf
    if gain <= LOSS and len(word) >= SHORT:
        return Judged(Verdict.NOTHING)
    if one is None:
        return Judged(Verdict.LITTLE)
    if gain <= LOSS or _SYMBOL.search(one.after.strip(PUNCTUATION)):
        return Judged(Verdict.LITTLE, one.after, gain)
    letters = len(UNSPACED.findall(one.after)) / AS_ONE
    is_known = not letters and known_words().spelled(one.after) > 0 and tells(word, one)
    verdict = Verdict.ITSELF if is_known else _likely(word, one, gain)
    strange = not is_known and (gain < 0 or (gain < STRONGLY and is_strange(one.after)))
    return Judged(verdict, one.after, gain, letters or float(is_known), strange)


def is_sure(one: Judged, text: str, start: int, end: int) -> bool:
    """Tell whether a word, at its place in a text, surely has gone through the channel."""
    if one.verdict is Verdict.NEIGHBOURS:
        return not is_foreign(one.after, text, start, end)
    return one.verdict is Verdict.ITSELF


def _doubtful(
    text: str, spans: Sequence[tuple[int, int]], channel: Channel, transcoder: Transcoder
) -> frozenset[int] | None:
    """Return the numbers of the words of a text that may not have gone through a channel.

    None unless most gain by being read back, and enough of them are known; all that are not short
    may lose a little only.
    """
    doubtful: set[int] = set()
    sure: list[Judged] = []
    for number, (start, end) in enumerate(spans):
        one = judged(text[start:end], channel, transcoder)
        if one is None:
            continue
        if one.verdict is Verdict.NOTHING:
            return None
        if is_sure(one, text, start, end):
            sure.append(one)
        else:
            doubtful.add(number)
    changed = len(sure) + len(doubtful)
    enough = are_telling(sure, changed) and len(sure) >= SURE * changed
    return frozenset(doubtful) if enough else None


def are_telling(sure: Sequence[Judged], changed: int) -> bool:
    """Tell whether words that surely went through a channel, of all that change, show that.

    Most gain by being read back, and enough of them are known.
    """
    known = sum(one.known for one in sure)
    strange = sum(one.strange for one in sure)
    gained = sum(one.gain for one in sure)
    many = known >= max(KNOWN, MOSTLY * changed)
    return many and gained >= GAIN and strange <= DOUBTFUL * len(sure)


def _likely(word: str, one: Reading, gain: float) -> Verdict:
    """Return what speaks for it that a word that is not known was what it is read back as.

    `gain` is the log weight that it gains.
    """
    after = one.after
    unspaced = bool(UNSPACED.search(after))
    common = unspaced or are_common(after)
    if not (common or gain >= NATURALLY or is_odd(word)) or (len(word) < SHORT and not common):
        return Verdict.LITTLE
    # Charsets of one alphabet may differ in a few letters, often in the capitals.
    if not (unspaced or all(_is_cased(part) and _is_written(part) for part in after.split())):
        return Verdict.LITTLE
    return Verdict.NEIGHBOURS if len(word) < SHORT else Verdict.ITSELF


def _is_cased(word: str) -> bool:
    """Tell whether a word has its capitals where words have them."""
    core = word.strip(PUNCTUATION)
    return core.islower() or core.isupper() or core.istitle() or core.lower() == core.upper()


def _is_written(word: str) -> bool:
    """Tell whether a word is natural, or of another script than Latin, however rare it is."""
    core = word.strip(PUNCTUATION)
    other = core.isalpha() and max(core) >= OTHER_SCRIPTS and not is_beheaded(word)
    return other or not is_strange(word)


def is_foreign(after: str, text: str, start: int, end: int) -> bool:
    """Tell whether a letter, or what is of another script, stands beside words of ASCII alone."""
    if len(after.strip(PUNCTUATION)) > 1 and max(after) < OTHER_SCRIPTS:
        return False
    beside = list(filter(None, words_beside(text, start, end)))
    return bool(beside) and all(map(str.isascii, beside))
