"""The decision: which explanations of a document become repairs."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mojifix.charsets.registry import CHARSETS, PRIORS, UNICODE, parse_channel
from mojifix.language import known_words, trigrams
from mojifix.language.alphabets import is_listed
from mojifix.language.typography import Tongue, tongue_of
from mojifix.language.writing import script
from mojifix.model import APPLIED, Channel, Layer, Policy, Repair
from mojifix.repair.customary import IN_ORDER, is_alphabet, is_customary, is_half_width, is_measure
from mojifix.repair.decode import Suspect, decoded, shows_damage, suspects
from mojifix.repair.doubt import doubted
from mojifix.repair.ends import gain, with_ends
from mojifix.repair.evidence import FOREIGN, FOREIGN_LETTERS, SAMPLE, Evidence, learned, seen_in
from mojifix.repair.floors import is_ideograph, is_shrunk
from mojifix.repair.gate import DEAD, Gate, may_begin
from mojifix.repair.hypothesis import EDIT_WEIGHTS
from mojifix.repair.parts import is_east_asian, parts
from mojifix.repair.proof import holds
from mojifix.repair.propose import Candidate, candidates, stripped_words
from mojifix.repair.quoted import told_apart
from mojifix.repair.scripts import is_plain
from mojifix.repair.signs import may_be_sign
from mojifix.repair.strange import (
    ALL_CAPITALS,
    PUNCTUATION,
    is_apostrophe,
    is_contraction,
    is_strange,
    score,
)
from mojifix.repair.transcode import (
    CERTAIN,
    CONTROL,
    CYRILLIC,
    SIGNS,
    SMALL_WORDS,
    WORD,
    Chain,
    Reading,
    Transcoder,
    is_abbreviation,
    is_of_pairs,
    is_one_of_several,
    letters,
    shown_by,
    shown_by_letters,
    takes_away,
    tells,
)
from mojifix.repair.words import LEAVING, SPARING, TEMPERATURE, most_probable

CHAINS, PROMISE = 12, -8.0
"""Chains, at most, by which all words of a document are read, and the log weight that each of them
has at least: of what it explains and of entering it."""

PLACED, KNOWN, ENDORSED, SUPPOSED = 20.0, 12.0, 6.0, 3.0
"""Log weight of what its place tells, of what its look does, of what ftfy's heuristics propose, and
of what they put back where something was removed: they leave all but one in 100,000 clean lines."""

SURE_PARTS = 2
"""Characters of a span that must be sure for each that is undecided."""

LOST_BYTE = 0.25
"""Share of a character of four bytes, such as an emoji, that is undecided where one was lost."""

FEW_GUESSES = 4
"""Places of a span that may be likelier than not without being held against it."""

CERTAIN_AS_IS = 0.9995
"""Probability of a word as it is from which on it stays so, however many others were spared."""

BY_CHANCE, LIKE_OTHERS = -2.3, -10.0
"""Log probability that the two bytes of a Han character are UTF-8; and what is taken off for one
that would be a letter of the script of the other damage."""

_EUROPEAN = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿ]+|[^\w£€]*(?:[£€]\d[\d.,]*|\d[\d.,]*[£€])[^\w£€]*")
"""A word of letters of Western Europe, or a price: what single Han characters are read back as."""

_TYPOGRAPHY = re.compile(r"(?=.*[A-Za-z0-9])(?=.*[^\x00-\x7f])[\x00-\x7f“”‘’„‚«»‹›–—…\xa0]+")
"""A word of ASCII but for typography."""

BESIDE_OTHERS = -16.0
"""Log weight of a sign of a price that was a letter, and of a letter of another script among words
of ASCII, in a text that has gone through a legacy charset elsewhere."""

STRAY = -7.0
"""Log weight of a symbol that stands alone in a text that is known to be damaged: damage makes them
of letters."""

LIKELY = 0.01
"""Probability beside that of the likeliest reading from which on one counts."""

TOGETHER = 6
"""Different East Asian characters of a word that show a chain if no other word does."""

LISTED = 4
"""Different letters, apart by spaces, from which on they are listed."""

SEVERAL, LONG, CLEARLY = 3, 9, 10.0
"""Words of Cyrillic capitals from which on they are no abbreviations, or letters of two, if each is
a known word read back and gains that much log weight by it."""

SHOUTED, AMONG_CAPITALS = -1.0, 0.0
"""Log weight of a text in capitals beside the same in small letters, and of damaged words in
capitals where the clean ones of the text are."""

NEAR = 3
"""Code points between a letter that stands alone and the end of the word before it, at most."""

GAP = 1
"""ASCII characters, at most, between two repairs that are told as one: the space between words."""

AROUND = 100
"""Code points of a line, before a repair and behind it, in which quotation marks are paired."""

CLOSED = 2
"""Characters beyond ASCII, at most, of a repair that may close what no quotation opened."""

_CLOSING, _STRAY = re.compile("[”»“™®]"), re.compile("[^“„”»]*\\w”")
_LETTERS = re.compile(r"(?<!\S)(?:[^\W\d_\x00-\x7f] ){3,}(?:[^\W\d_\x00-\x7f](?!\S))?")
_SYMBOL = re.compile(r"[^\w\x00-\x7f·]")
_SPACED_OUT = re.compile(r"(?<!\S)[^\w\s]*(?:[^\W\d_][ \xa0]+){3,}[^\W\d_][^\w\s]*(?![^\s\xa0])")
_LINE = re.compile(r"[^\n]+")
_RUN = re.compile(r"(.{1,3})\1{15}", re.DOTALL)
"""What repeats like this is no text, damaged or not."""


@dataclass(slots=True)
class _Line:
    """A line that may be damaged: its span, those of its words, and what they were."""

    start: int
    end: int
    words: list[tuple[int, int]]
    best: list[tuple[Reading, float]]


def find(
    text: str,
    transcoder: Transcoder,
    policy: Policy,
    within: Sequence[tuple[int, int]] | None = None,
    seen: Sequence[Channel] = (),
) -> list[Repair]:
    """Return the repairs of a document, applied and suspected, sorted and apart.

    `transcoder` has the channels that are allowed. `within` limits the search to the lines that
    hold these spans, which are sorted. `seen` are the channels through which the document is known
    to have gone, with what they lost as far as that is known.
    """
    if within is None and not seen and is_clean(text, transcoder):
        return []
    found = _found(text, transcoder, policy, within, seen)
    return found if policy.include_quoted else told_apart(text, found)


def is_clean(text: str, transcoder: Transcoder) -> bool:
    """Tell whether nothing in a text shows that it was damaged."""
    return _gate(transcoder).is_inert(text)


def is_known_clean(text: str, transcoder: Transcoder) -> bool:
    """Tell whether `is_clean` is sure to be true, by words that were looked at before."""
    return _gate(transcoder).is_known(text)


@lru_cache(maxsize=8)
def _gate(transcoder: Transcoder) -> Gate:
    return Gate(transcoder, lambda text: _shows_anything(text, transcoder))


def _shows_anything(text: str, transcoder: Transcoder) -> bool:
    """Tell whether `_found` may find anything in a few words, without asking all that it asks."""
    if DEAD.search(text):
        return True
    # What shows because of the text around it is looked at as well.
    lines = list(_lines(text, [(0, len(text))]))
    policy = Policy()
    evidence = _in_words(text, lines, transcoder, Evidence())
    if any(_transcoded(text, line, policy) for line in lines):
        return True
    channels = transcoder.channels
    found = _suspects(text, lines, (), channels, evidence)
    if shows_damage(text, found, evidence):
        return True
    return any(
        _with_candidates(one, text, lines, [], channels, evidence, policy)
        for one in (stripped_words, candidates)
    )


def _found(
    text: str,
    transcoder: Transcoder,
    policy: Policy,
    within: Sequence[tuple[int, int]] | None = None,
    seen: Sequence[Channel] = (),
) -> list[Repair]:
    """Return what `find` does, of text that shows something, and quotations like all else."""
    channels = transcoder.channels
    lines = list(_lines(text, within))
    evidence = _in_words(text, lines, transcoder, seen_in(seen))
    repairs = [repair for line in lines for repair in _transcoded(text, line, policy)]
    repairs = list(with_ends(text, repairs))
    repairs = _with_candidates(stripped_words, text, lines, repairs, channels, evidence, policy)
    repairs = _replaced(repairs, _decoded(text, lines, repairs, channels, evidence, policy))
    repairs = _with_candidates(candidates, text, lines, repairs, channels, evidence, policy)
    return _joined(text, _without_lone(text, repairs))


def _in_words(
    text: str, lines: Sequence[_Line], transcoder: Transcoder, known: Evidence
) -> Evidence:
    """Set the best readings of the words of all lines, and return what is known then."""
    words = _readings(text, lines, transcoder, known, tongue_of(text[:SAMPLE]))
    _choose(lines, words, known)
    evidence = learned(_changed(text, lines)).with_known(known)
    if evidence.taught:
        # The damage may have hidden the language.
        tongue = tongue_of(_read(text, lines)[:SAMPLE])
        _choose(lines, _readings(text, lines, transcoder, evidence, tongue), evidence)
    elif any(one.chain or share < CERTAIN_AS_IS for line in lines for one, share in line.best):
        _choose(lines, words, known, SPARING)
        evidence = learned(_changed(text, lines)).with_known(known)
    return evidence


def _without_lone(text: str, repairs: Sequence[Repair]) -> list[Repair]:
    """Return repairs of which those that spoil their line are suspected, if nothing supports them.

    A repair is supported by another one through its channel that spoils nothing.
    """
    spoils = [repair.kind in APPLIED and _spoils(text, repair) for repair in repairs]
    if not any(spoils):
        return list(repairs)
    shown = {
        repair.layers[0].channel.lossless
        for repair, lone in zip(repairs, spoils, strict=True)
        if repair.kind in APPLIED and not lone
    }
    return [
        replace(repair, kind="suspected")
        if lone and repair.layers[0].channel.lossless not in shown
        else repair
        for repair, lone in zip(repairs, spoils, strict=True)
    ]


def _spoils(text: str, repair: Repair) -> bool:
    """Tell whether a repair takes away what closes or fills a quotation, or a sign of a trademark.

    “Î” is no “Δ, «Â» no «», and CAFÉ™ no CAFə. But bytes are no UTF-8 by chance. Nor is a vowel an
    apostrophe: Mâori.
    """
    if repair.before == "â" and repair.after == "’":
        first = max(0, repair.start - AROUND)
        around = text[first : repair.end + AROUND]
        return not is_apostrophe(around, repair.start - first)
    if _is_misplaced(text, repair):
        return True
    far = sum(char >= "\x80" for char in repair.after)
    legacy = repair.layers[0].channel.written_as not in UNICODE
    # By chance one letter becomes a ”, hardly several and that.
    closes = legacy and "”" in repair.after and far <= CLOSED and not CONTROL.search(repair.before)
    by_chance = legacy or far < CERTAIN
    if not by_chance or not (closes or _CLOSING.search(repair.before)):
        return False
    first, last = max(0, repair.start - AROUND), min(len(text), repair.end + AROUND)
    start = text.rfind("\n", first, repair.start) + 1 or first
    line_end = text.find("\n", repair.end, last)
    end = last if line_end < 0 else line_end
    before = text[start:end]
    after = text[start : repair.start] + repair.after + text[repair.end : end]
    if closes and _STRAY.match(after, 0, repair.start - start + len(repair.after)):
        return True
    return takes_away(before, after) or is_shrunk(after) > is_shrunk(before)


def _is_misplaced(text: str, repair: Repair) -> bool:
    """Tell whether a repair makes one character that no word has where it is.

    One of another script inside a word, or beside letters beyond ASCII; or, of what lost bytes, a
    lone one of East Asia. Bytes of other charsets are one character of UTF-8 by chance.
    """
    far = [char for char in repair.after if char >= "\x80"]
    if len(far) != 1 or script(far[0]) in ("", "LATIN"):
        return False
    before, behind = text[max(0, repair.start - 1) : repair.start], text[repair.end : repair.end + 1]
    beside = [char for char in (before, behind) if char.isalpha()]
    others = any(script(char) != script(far[0]) for char in beside)
    if others and (len(beside) > 1 or not beside[0].isascii()):
        return True
    around = text[max(0, repair.start - AROUND) : repair.end + AROUND]
    return bool(repair.lost) and is_east_asian(far[0]) and not any(map(is_east_asian, around))


@lru_cache(maxsize=8)
def transcoder_of(names: tuple[str, ...] | None, max_layers: int) -> Transcoder:
    """Return what reads words back through the channels with these names; None: all of them."""
    channels = tuple(PRIORS) if names is None else tuple(map(parse_channel, names))
    lossless = dict.fromkeys(channel.lossless for channel in channels)
    return Transcoder(tuple(lossless), trigrams(), max_layers, Evidence().entry)


def _lines(text: str, within: Sequence[tuple[int, int]] | None) -> Iterator[_Line]:
    for line in _LINE.finditer(text):
        start, end = line.span()
        if line.group().isascii() or (within is None and is_plain(line.group())):
            continue
        if "\uff66" <= max(line.group()) <= "\uff9f" and is_half_width(line.group()):
            continue
        if within is not None:
            at = bisect_left(within, start, key=lambda span: span[1])
            if at == len(within) or within[at][0] > end:
                continue
        spaced_out = list(_spaced_out(text, start, end))
        found = WORD.finditer(text, start, end)
        words = [
            (word.start() + start_of_part, word.start() + end_of_part)
            for word in found
            if not (DEAD.search(word.group()) or touches(spaced_out, *word.span()))
            for start_of_part, end_of_part in parts(word.group())
            if not word.group()[start_of_part:end_of_part].isascii()
        ]
        yield _Line(start, end, words, [])


def _spaced_out(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of letters apart by spaces: of words in ASCII, most of them, and alphabets.

    T Í T U L O, À Á Â Ã Ä Å.
    """
    for match in _SPACED_OUT.finditer(text, start, end):
        alone = "".join(filter(str.isalpha, match.group()))
        if 2 * sum(map(str.isascii, alone)) >= len(alone) or is_alphabet(alone):
            yield match.span()


def _readings(
    text: str, lines: Sequence[_Line], transcoder: Transcoder, evidence: Evidence, tongue: Tongue
) -> list[Sequence[Reading]]:
    """Return the readings of every word of the lines, in a text of which `tongue` is known."""
    spans = [span for line in lines for span in line.words]
    words: list[Sequence[Reading]] = [
        transcoder.readings(word, foreign=tongue.lacks(word))
        for word in (text[start:end] for start, end in spans)
    ]
    weighed = [_weighed(readings, tongue) for readings in words]
    in_capitals = _in_capitals(weighed)
    chains = [
        chain
        for chain in _candidates(weighed, in_capitals, evidence, tongue)
        if chain in evidence.taught
        or chain in in_capitals
        or _is_shown(chain, weighed, transcoder, tongue)
    ]
    words = [
        [
            reading
            if reading.chain in evidence.taught
            else reading._replace(weight=reading.weight + reading.spent)
            for reading in _weighed(
                _with(chains, readings, transcoder, evidence), tongue, evidence.taught
            )
        ]
        for readings in words
    ]
    if evidence.taught:
        alone = _all_readable(words, evidence)
        words = [_beside_known(readings, evidence, alone=alone) for readings in words]
    words = [
        _beside_words(readings, text, *span) for readings, span in zip(words, spans, strict=True)
    ]
    return doubted(_in_one_case(words), tongue, evidence.taught)


def _in_one_case(words: Sequence[Sequence[Reading]]) -> Sequence[Sequence[Reading]]:
    """Return the readings of words; a text that is all in Cyrillic capitals counts as that once.

    Some charsets have small letters where others have the capitals.
    """
    clean: list[bool] = []
    read: dict[Chain, list[bool]] = {}
    for as_is, *others in words:
        if not others and as_is.after.lower() != as_is.after.upper():
            clean.append(as_is.after.isupper())
        for one in others:
            if one.chain[0].written_as in CYRILLIC and one.after.lower() != one.after.upper():
                read.setdefault(one.chain, []).append(one.after.isupper())
    count = {chain: len(found) for chain, found in read.items() if all(found)}
    if not count:
        return words
    rest = (AMONG_CAPITALS if all(clean) else ALL_CAPITALS) if clean else SHOUTED
    model = trigrams()

    def weighed(one: Reading) -> Reading:
        if one.chain not in count:
            return one
        had = score(one.after, model) - score(one.after, model, 0.0)
        return one._replace(weight=one.weight - had + rest / count[one.chain])

    return [[weighed(one) for one in readings] for readings in words]


def _choose(
    lines: Sequence[_Line],
    words: Sequence[Sequence[Reading]],
    evidence: Evidence,
    leaving: float = LEAVING,
) -> None:
    """Set the best reading of every word of the lines, whose readings are `words`."""
    found = iter(most_probable(words, evidence.entry, evidence.spared, leaving))
    for line in lines:
        line.best = list(itertools.islice(found, len(line.words)))


def _all_readable(words: Sequence[Sequence[Reading]], evidence: Evidence) -> bool:
    """Tell whether all East Asian words of a text may have gone through a channel that is known."""
    taught = {
        chain
        for chain in evidence.taught
        if chain[0].written_as in UNICODE and CHARSETS[chain[-1].read_as].leads
    }
    return bool(taught) and all(
        is_strange(as_is.after)
        or any(one.chain in taught and one.after != as_is.after for one in others)
        for as_is, *others in words
        if _count_east_asian(as_is.after)
    )


def _count_east_asian(word: str) -> int:
    return sum(map(is_east_asian, word))


def _beside_known(
    readings: Sequence[Reading], evidence: Evidence, *, alone: bool
) -> Sequence[Reading]:
    """Return the readings of a word in a text of which some damage is known.

    A symbol on its own is less likely as it is, and a script that the other damage has not, too. If
    the damaged words are `alone` in being East Asian, a character that may be a letter is hardly a
    word.
    """
    as_is, *others = readings
    if alone and _count_east_asian(as_is.after) == 1:
        if any(evidence.has_script_of(other.after) for other in others):
            as_is = as_is._replace(weight=as_is.weight + LIKE_OTHERS)
        elif any(_EUROPEAN.fullmatch(other.after) for other in others):
            as_is = as_is._replace(weight=as_is.weight + BY_CHANCE)
    sign = len(as_is.after) == 1 and letters(as_is.after) and not as_is.after.isalpha()
    if sign and as_is.after not in _COMMON and not is_measure(as_is.after):
        as_is = as_is._replace(weight=as_is.weight + STRAY)
    return [as_is, *(one._replace(weight=one.weight + evidence.of_script(one)) for one in others)]


def _beside_words(
    readings: Sequence[Reading], text: str, start: int, end: int
) -> Sequence[Reading]:
    """Return the readings of a word, of one letter or sign, weighed by the words beside it.

    A sign beside a number is no letter, nor what is behind an amount of money, and a letter beside
    words of ASCII alone is none of another script.
    """
    sign = text[start:end].strip(PUNCTUATION)
    if len(sign) != 1 or len(readings) == 1:
        return readings
    found = _BEFORE.search(text, max(0, start - AROUND), start), _BEHIND.match(text, end)
    beside = [word[1] for word in found if word]
    is_price = sign in SIGNS and any(map(_NUMBER.match, beside))
    is_amount = bool(found[0] and _AMOUNT.search(found[0][1]))
    is_small = sign in SMALL_WORDS
    is_latin = all(map(str.isascii, beside)) and any(map(_SMALL_ASCII.match, beside))

    def weighed(one: Reading) -> Reading:
        was = one.after.strip(PUNCTUATION)
        # In cp866 the signs of prices are letters, some of them words.
        others = bool(one.chain) and one.chain[0].written_as not in ("cp866", *UNICODE)
        foreign = is_latin and (is_small or script(was[:1]) not in ("", "LATIN"))
        letter = is_amount and was.isalpha()
        unlikely = others and was != sign and (is_price or letter or foreign)
        return one._replace(weight=one.weight + BESIDE_OTHERS) if unlikely else one

    return [weighed(one) for one in readings]


_COMMON = frozenset("§¶†•·©™«»‹›“”‘’„–—€£¥")
"""Signs that stand alone in clean text as well, and are no letter that does in text of DOS."""

_BEFORE, _BEHIND = re.compile(r"([^\s;,<>|=]+) \Z"), re.compile(r" ([^\s;,<>|=]{1,40})")
_NUMBER, _AMOUNT = re.compile(r"[\d.,]+"), re.compile(r"\d[.,]\d\d\Z")
_SMALL_ASCII = re.compile(r"[a-z]{2}")


def _weighed(
    readings: Sequence[Reading], tongue: Tongue, taught: Collection[Chain] = ()
) -> Sequence[Reading]:
    """Return the readings of a word, the first one as it is, weighed by the language of the text.

    Those that are foreign are unlikely, unless they are known words. But that a word is foreign
    speaks for no reading that is unknown, nor for one that is not of the damage that the text is
    known to have. Of UTF-8 the language tells nothing: no bytes are that by chance.
    """
    word = readings[0].after
    if len(readings) == 1 or not any(tongue.lacks(reading.after) for reading in readings):
        return readings
    as_is = _foreign(word, tongue)
    weighed = []
    for reading in readings:
        unicode = any(channel.written_as in UNICODE for channel in reading.chain)
        weight = as_is if unicode and reading.after != word else 0.0
        if not reading.chain or reading.chain[0].written_as not in UNICODE:
            weight += _foreign(reading.after, tongue)
            of_others = bool(taught) and reading.chain not in taught
            if not unicode and as_is and (of_others or not tongue.knows(reading.after)):
                weight = min(weight, as_is)
        weighed.append(reading._replace(weight=reading.weight + weight))
    return weighed


def _read(text: str, lines: Iterable[_Line]) -> str:
    """Return the beginning of a text with the best readings of its words."""
    read: list[str] = []
    at = 0
    for line in lines:
        for (start, end), (reading, _) in zip(line.words, line.best, strict=True):
            read += (text[at:start], reading.after)
            at = end
        if at >= SAMPLE:
            break
    return "".join((*read, text[at : at + SAMPLE]))


def _foreign(text: str, tongue: Tongue) -> float:
    letters = len(tongue.foreign.findall(text))
    return FOREIGN * min(letters, FOREIGN_LETTERS) if letters and not tongue.knows(text) else 0.0


def _changed(text: str, lines: Iterable[_Line]) -> Iterator[tuple[Reading, float]]:
    """Yield the best readings but for those that are inside a chain that changes nothing."""
    for line in lines:
        for (start, end), (reading, confidence) in zip(line.words, line.best, strict=True):
            if not reading.chain or reading.after != text[start:end]:
                yield reading, confidence


def _in_capitals(words: Iterable[Sequence[Reading]]) -> Collection[Chain]:
    """Return the chains that make several known words of what may be Cyrillic abbreviations."""
    read: dict[Chain, set[str]] = {}
    for as_is, *others in words:
        for one in others:
            clear = one.weight > as_is.weight + CLEARLY and is_abbreviation(as_is.after, one)
            if clear and known_words().spelled(one.after) > 0:
                read.setdefault(one.chain, set()).add(one.after)
    return {
        chain
        for chain, found in read.items()
        if len(found) >= SEVERAL or (len(found) > 1 and letters("".join(found)) >= LONG)
    }


def _candidates(
    words: Iterable[Sequence[Reading]],
    in_capitals: Collection[Chain],
    evidence: Evidence,
    tongue: Tongue,
) -> list[Chain]:
    """Return the chains that explain most of a document's words, and those it taught."""
    gains: dict[Chain, float] = dict.fromkeys(evidence.taught, 0.0)
    seen: set[tuple[str, Chain]] = set()
    for as_is, *others in words:
        for other in others:
            telling = tells(as_is.after, other) or other.chain in in_capitals
            if not (telling or tongue.lacks(as_is.after)):
                continue
            key = shown_by(as_is.after, other), other.chain
            if key in seen:
                continue
            seen.add(key)
            gain = max(0.0, other.weight + other.spent - as_is.weight)
            gains[other.chain] = gains.get(other.chain, 0.0) + gain
    likely = {chain: gain + evidence.entry(chain) for chain, gain in gains.items()}
    best = sorted(likely, key=lambda chain: -likely[chain])[:CHAINS]
    return [chain for chain in best if likely[chain] > PROMISE or chain in evidence.taught]


def _is_shown(
    chain: Chain, words: Iterable[Sequence[Reading]], transcoder: Transcoder, tongue: Tongue
) -> bool:
    """Tell whether words show a chain: one that is strange or foreign, or two that are natural.

    One symbol for another one is no sign, however often. East Asian characters are one where many
    stand together, or where the chain explains most of them.
    """
    gained: set[str] = set()
    explained: set[str] = set()
    spared: set[str] = set()
    for as_is, *_ in words:
        word = as_is.after
        if word.isascii() or word in gained or is_listed(word):
            continue
        other = transcoder.through(as_is, chain)
        if other and is_abbreviation(word, other):
            continue
        far = {char for char in word if char >= "\x80"}
        wide = far if all(map(is_east_asian, far)) else set()
        if not other or other.after == word or other.weight <= as_is.weight:
            spared.update(filter(is_ideograph, wide))
        elif 0 < len(wide) < TOGETHER:
            explained |= wide if wide.isdisjoint(explained) else set()
        else:
            gained.add(shown_by(word, other))
            telling = shown_by_letters(word, other) or bool(CONTROL.search(word))
            telling = telling or is_contraction(word) or is_of_pairs(word, other)
            if len(gained) > 1 or (telling and (tongue.lacks(word) or is_strange(word))):
                return True
    return len(explained) > max(2, len(spared))


def _with(
    chains: Sequence[Chain],
    readings: Sequence[Reading],
    transcoder: Transcoder,
    evidence: Evidence,
) -> list[Reading]:
    # A legacy charset that does not explain the document explains none of its words.
    readings = [
        reading
        for reading in readings
        if not reading.chain or reading.chain[0].written_as in UNICODE or reading.chain in chains
    ]
    had = {reading.chain for reading in readings}
    more = (
        _through(readings[0], chain, transcoder, is_taught=chain in evidence.taught)
        for chain in chains
        if chain not in had
    )
    return [*readings, *(reading for reading in more if reading)]


def _through(
    as_is: Reading, chain: Chain, transcoder: Transcoder, *, is_taught: bool
) -> Reading | None:
    """Return what a word was before it went through a chain; as it is, where bytes were lost."""
    found = transcoder.through(as_is, chain)
    if found:
        return found
    if is_taught and _TYPOGRAPHY.fullmatch(as_is.after):
        # Programs put that in afterwards: it says nothing of the words around it.
        return Reading(as_is.after, chain, as_is.weight)
    if len(chain) > 1 or chain[0].written_as != "utf-8":
        return None
    # What was lost is for the lattice; the words around may well have gone the same way.
    is_lossy = may_begin(chain[0], as_is.after, alone=True)
    return Reading(as_is.after, chain, as_is.weight) if is_lossy else None


def _transcoded(text: str, line: _Line, policy: Policy) -> list[Repair]:
    """Return the repairs of the words of a line from which nothing was lost."""
    found = []
    for (start, end), (reading, confidence) in zip(line.words, line.best, strict=True):
        before, after = text[start:end], reading.after
        if before == after:
            continue
        lead = _same_ascii(before, after)
        tail = _same_ascii(before[lead:][::-1], after[lead:][::-1])
        layers = tuple(Layer(channel) for channel in reading.chain)
        repair = Repair(
            start + lead,
            end - tail,
            before[lead : len(before) - tail],
            after[lead : len(after) - tail],
            layers,
            "exact",
            0,
            confidence,
        )
        found.append(_judged(text, repair, policy))
    return found


def _same_ascii(one: str, other: str) -> int:
    """Return how many characters both texts begin with alike, all of them ASCII."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length] < "\x80":
        length += 1
    return length


def _decoded(
    text: str,
    lines: Sequence[_Line],
    repairs: Sequence[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
    policy: Policy,
) -> list[Repair]:
    """Return the repairs of spans that are no whole words, or from which something was lost."""
    applied = [repair for repair in repairs if repair.kind in APPLIED]
    done = [(repair.start, repair.end) for repair in applied]
    found = _suspects(text, lines, applied, channels, evidence)
    judged: list[Repair] = []
    for some in decoded(text, found, applied, evidence, restore=policy.restore):
        judged += _whole(text, some, policy)
    found_too = sorted((*done, *((one.start, one.end) for one in judged if one.kind in APPLIED)))
    return [
        replace(repair, kind="suspected")
        if _asks(text, repair, found_too)
        or (repair.kind == "exact" and _is_initial(text, repair, found_too))
        else repair
        for repair in judged
        if not touches(done, repair.start, repair.end)
    ]


def _asks(text: str, repair: Repair, found: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a repair is of question marks alone behind a clean letter of no Latin word.

    The reader would have changed that, too. `found` are the spans of damage.
    """
    before = text[max(0, repair.start - 1) : repair.start]
    return (
        set(repair.before) == {"?"}
        and before >= "\u0370"
        and before.isalpha()
        and not touches(found, repair.start - 1, repair.start)
    )


def _is_initial(text: str, repair: Repair, found: Sequence[tuple[int, int]]) -> bool:
    """Tell whether all that a legacy charset changes is a letter of one script that stands alone.

    Those are told with the words around them. But not behind damage, of which `found` are spans.
    """
    if touches(found, max(0, repair.start - NEAR), max(0, repair.start)):
        return False
    around = text[max(0, repair.start - 1) : repair.start] + text[repair.end : repair.end + 1]
    name = script(repair.before) if len(repair.before) == len(repair.after) == 1 else ""
    legacy = repair.layers[0].channel.written_as not in UNICODE
    return (
        legacy and bool(name) and name == script(repair.after) and not any(map(str.isalnum, around))
    )


def _suspects(
    text: str,
    lines: Sequence[_Line],
    applied: Sequence[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
) -> list[Suspect]:
    """Return the parts of lines in which words are strange that no repair explains."""
    done = [(repair.start, repair.end) for repair in applied]
    found: list[Suspect] = []
    for line in lines:
        rest = [
            span
            for span in line.words
            if not touches(done, *span) and _is_suspect(text[slice(*span)])
        ]
        if rest or evidence.taught:
            found += suspects(
                text,
                (line.start, line.end),
                rest,
                _inside(applied, line),
                channels,
                evidence,
            )
    return found


def _is_suspect(word: str) -> bool:
    """Tell whether a word is strange, and nothing that looks so in clean text."""
    return (
        is_strange(word)
        and not is_customary(word)
        and not (is_listed(word) and not _SYMBOL.search(word))
        and not _RUN.search(word)
    )


def _inside(repairs: Sequence[Repair], line: _Line) -> Sequence[Repair]:
    """Return the repairs, which are sorted, of a line."""
    first = bisect_left(repairs, line.start, key=lambda repair: repair.start)
    return repairs[first : bisect_left(repairs, line.end, key=lambda repair: repair.start)]


def touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether one of `spans`, sorted and apart, overlaps a span."""
    at = bisect_left(spans, start + 1, key=lambda span: span[1])
    return at < len(spans) and spans[at][0] < end


def _judged(text: str, repair: Repair, policy: Policy) -> Repair:
    """Return `repair` as it is if it may be applied, else as a suspected one."""
    proven = holds(repair.after, repair.before, repair.layers, text[repair.end : repair.end + 1])
    allowed = policy.restore or not repair.lost
    sure = repair.confidence >= policy.min_confidence
    if proven and allowed and sure and not _is_clean(text, repair):
        return repair
    return replace(repair, kind="suspected")


def _is_clean(text: str, repair: Repair) -> bool:
    """Tell whether what a repair changes is no damage, however likely the repair is."""
    first = max(0, repair.start - IN_ORDER)
    return (
        is_alphabet(text[first : repair.end + IN_ORDER])
        or _is_one_of_letters(text, repair)
        or _is_word_of_several(text, repair)
        or _ends_line(repair.before, repair.after, text[repair.end : repair.end + 1])
        or (bool(repair.lost) and _is_transliterated(text, repair))
    )


def _is_transliterated(text: str, repair: Repair) -> bool:
    """Tell whether a repair makes a symbol of a vowel and a ‘ or ’ that end a word: Şanʻā’."""
    before = text[max(0, repair.start - 1) : repair.start]
    is_end = before.isalpha() and _VOWEL.fullmatch(repair.before)
    return bool(is_end) and not any(map(str.isalpha, repair.after))


_VOWEL = re.compile("[^\\W\\d_][‘’]")


def _is_word_of_several(text: str, repair: Repair) -> bool:
    """Tell whether a repair makes one Han character of the letters of a whole word."""
    around = text[max(0, repair.start - 1) : repair.start] + text[repair.end : repair.end + 1]
    return around.isascii() and is_one_of_several(repair.before, repair.after)


def _ends_line(before: str, after: str, following: str) -> bool:
    """Tell whether U+0085, all that a repair changes, may end a line."""
    controls = {char for char in before if "\x80" <= char < "\xa0"}
    others = {char for char in before if char > "\x85"}
    return controls == {"\x85"} and following != " " and others <= set(after)


def _is_one_of_letters(text: str, repair: Repair) -> bool:
    """Tell whether a repair begins at a letter that stands alone among others: Ã Â É Ñ.

    Damage leaves the same few letters alone, the first bytes of one script.
    """
    if repair.before[1:2].isalpha():
        return False
    first = max(0, repair.start - AROUND)
    return any(
        repair.start < first + letters.end() and first + letters.start() <= repair.start
        for letters in _LETTERS.finditer(text[first : repair.end + AROUND])
        if len(set(letters.group()) - {" "}) >= LISTED
    )


def _whole(text: str, found: Iterable[tuple[Repair, float]], policy: Policy) -> list[Repair]:
    """Return repairs of which those that touch are all applied or all suspected.

    Half of a damaged sentence is no repair; but where most of it is sure, the places that are not
    are left undecided.
    """
    result: list[Repair] = []
    group: list[tuple[Repair, float]] = []
    for repair, damaged in found:
        if group and group[-1][0].end != repair.start:
            result += _agreed(text, group, policy)
            group = []
        group.append((repair, damaged))
    return result + _agreed(text, group, policy)


def _agreed(text: str, group: Sequence[tuple[Repair, float]], policy: Policy) -> list[Repair]:
    judged: list[Repair] = []
    guessed: list[float] = []
    sure = unsure = 0.0
    borders = _borders(repair for repair, _ in group if repair.confidence >= policy.min_confidence)
    for repair, damaged in group:
        one = _judged(text, repair, policy)
        if one.kind == "suspected":
            is_end = not borders.isdisjoint((repair.start, repair.end))
            doubtful = _doubtful(text, repair, damaged, policy, is_end=is_end)
            if doubtful is None:
                judged.append(one)
                unsure += SURE_PARTS * len(repair.after)
                continue
            one = doubtful
        judged.append(one)
        if one.kind == "undecided":
            alike = sum(_shared(one.alternatives))
            rest = max(1, len(repair.after) - alike)
            lost = LOST_BYTE if repair.lost == 1 and repair.after > "\uffff" else 1.0
            sure += alike + rest * (1 - lost)
            unsure += rest * lost
        elif one.confidence >= policy.min_confidence:
            sure += len(repair.after)
        else:
            guessed.append(1 - one.confidence)
    # A place or two may be guessed; a text of guesses is none.
    doubt = sum(guessed) if len(guessed) > FEW_GUESSES else 0.0
    if sure < SURE_PARTS * (unsure + doubt):
        return [replace(repair, kind="suspected") for repair, _ in group]
    return judged


def _borders(repairs: Iterable[Repair]) -> set[int]:
    """Return where repairs that lost nothing begin and end."""
    return {at for repair in repairs if not repair.lost for at in (repair.start, repair.end)}


def _doubtful(
    text: str, repair: Repair, damaged: float, policy: Policy, *, is_end: bool
) -> Repair | None:
    """Return the repair of a part of a damaged span that is not sure; None if it is suspected only.

    A place that lost something is undecided where nothing is likely. What lost nothing may be the
    end of what is sure: where damage begins and ends, the likelier way is taken.
    """
    following = text[repair.end : repair.end + 1]
    if _is_clean(text, repair) or not holds(repair.after, repair.before, repair.layers, following):
        return None
    is_likely = repair.confidence >= policy.min_restored
    if not repair.lost:
        return repair if is_end and is_likely and policy.restore else None
    if not policy.restore or damaged < policy.min_confidence:
        return None
    return repair if is_likely else _undecided(repair, damaged, policy)


def undecided(text: str, repair: Repair, policy: Policy) -> Repair | None:
    """Return a suspected repair of a place that surely lost something as an undecided one.

    None if that is not sure, or may be no damage: question marks alone may ask.
    """
    if not repair.lost or repair.before.isascii():
        return None
    damaged = min(1.0, repair.confidence + sum(share for _, share in repair.alternatives))
    found = _doubtful(text, repair, damaged, policy, is_end=False)
    # What is likely was suspected for another reason.
    return found if found and found.kind == "undecided" else None


def _undecided(repair: Repair, damaged: float, policy: Policy) -> Repair:
    """Return the repair of a place that surely lost something, nobody knows what.

    What its likely readings begin and end with alike is sure.
    """
    readings = ((repair.after, repair.confidence), *repair.alternatives)
    lead, tail = _shared(readings)
    marked = repair.after[:lead] + "\ufffd" + repair.after[len(repair.after) - tail :]
    after = {"mark": marked, "keep": repair.before, "guess": repair.after}
    return replace(
        repair,
        kind="undecided",
        after=after[policy.undecided],
        confidence=damaged,
        alternatives=readings,
    )


def _shared(readings: Sequence[tuple[str, float]]) -> tuple[int, int]:
    """Return how many characters the likely ones of some readings begin and end with alike."""
    best, top = readings[0]
    likely = [reading for reading, share in readings if share >= LIKELY * top]
    if len(likely) == 1:
        # What else it may have been is not known: that its tail is as it was found, is.
        return 0, len(best) - len(best.rstrip(_ASCII))
    lead = _alike(likely)
    return lead, _alike([reading[lead:][::-1] for reading in likely])


def _alike(readings: Sequence[str]) -> int:
    """Return how many characters some readings begin with alike."""
    columns = zip(*readings, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda chars: len(set(chars)) == 1, columns))


_ASCII = "".join(map(chr, range(128)))


def _joined(text: str, repairs: Sequence[Repair]) -> list[Repair]:
    """Join neighbours that went through the same layers and are proven as one."""
    joined: list[Repair] = []
    for repair in repairs:
        last = joined[-1] if joined else None
        if last and {last.kind, repair.kind} <= {"exact", "restored"}:
            gap = text[last.end : repair.start]
            near = len(gap) <= GAP and gap.isascii() and "\n" not in gap
            one = both(last, repair, gap) if near else None
            if one and holds(one.after, one.before, one.layers, text[one.end : one.end + 1]):
                joined[-1] = one
                continue
        joined.append(repair)
    return joined


def both(left: Repair, right: Repair, gap: str) -> Repair | None:
    """Return two repairs and the text between them as one; None if their layers differ."""
    layers = {repair.layers for repair in (left, right) if repair.lost} or {left.layers}
    if len(layers) > 1 or list(map(str, left.layers)) != list(map(str, right.layers)):
        return None
    return Repair(
        left.start,
        right.end,
        left.before + gap + right.before,
        left.after + gap + right.after,
        layers.pop(),
        "restored" if left.lost or right.lost else "exact",
        left.lost + right.lost,
        min(left.confidence, right.confidence),
    )


def _with_candidates(
    propose: Callable[[str, Sequence[Channel]], Iterable[Candidate]],
    text: str,
    lines: Sequence[_Line],
    repairs: list[Repair],
    channels: Sequence[Channel],
    evidence: Evidence,
    policy: Policy,
) -> list[Repair]:
    """Add what is known by its look where nothing was found that may be applied."""
    done = [(r.start, r.end) for r in repairs if r.kind in APPLIED]
    added: list[Repair] = []
    spans: list[tuple[int, int]] = []
    for line in lines:
        rest = [
            (start, end)
            for start, end in line.words
            if not touches(done, start, end)
            and (is_strange(text[start:end]) or may_be_sign(text[start:end]))
        ]
        if not rest:
            continue
        for candidate in propose(text[line.start : line.end], channels):
            start, end = line.start + candidate.start, line.start + candidate.end
            if touches(done, start, end):
                continue
            gained = gain(text, start, end, candidate.after)
            chain = tuple(layer.channel.lossless for layer in candidate.layers)
            edits = [EDIT_WEIGHTS[edit] for layer in candidate.layers for edit in layer.edits]
            trusted = _trust(candidate, edited=bool(edits))
            confidence = _probability(gained + evidence.entry(chain) + sum(edits) + trusted)
            lost = sum("removed" in edit for layer in candidate.layers for edit in layer.edits)
            lost += sum(bool(layer.channel.loss) for layer in candidate.layers)
            repair = Repair(
                start,
                end,
                text[start:end],
                candidate.after,
                candidate.layers,
                "restored" if lost else "exact",
                lost,
                confidence,
            )
            if touches(spans, start, end):
                added = [r for r in added if r.end <= start or end <= r.start]
                spans = sorted((r.start, r.end) for r in added)
            added.append(_judged(text, repair, policy))
            insort(spans, (start, end))
            if added[-1].kind in APPLIED:
                insort(done, (start, end))
    return _replaced(repairs, added)


def _trust(candidate: Candidate, *, edited: bool) -> float:
    """Return the log weight of what a candidate looks like."""
    if candidate.placed:
        return PLACED
    return KNOWN if candidate.known else SUPPOSED if edited else ENDORSED


def _replaced(repairs: Iterable[Repair], added: Iterable[Repair]) -> list[Repair]:
    """Return repairs that are added to others, and those of the others that they don't touch."""
    found = sorted(added, key=lambda repair: repair.start)
    spans = [(repair.start, repair.end) for repair in found]
    kept = (repair for repair in repairs if not touches(spans, repair.start, repair.end))
    return sorted([*kept, *found], key=lambda repair: repair.start)


def _probability(weight: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, TEMPERATURE * weight))))
