"""What the words of a document were: the readings that fit it best."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from mojifix.charsets.registry import CHARSETS, CYRILLIC, UNICODE
from mojifix.language import known_words, trigrams
from mojifix.language.identification import SAMPLE, Tongue, tongue_of
from mojifix.language.writing import script
from mojifix.repair.decode.chance import SIGNS, SMALL_WORDS
from mojifix.repair.decode.evidence import FOREIGN, FOREIGN_LETTERS, Evidence, learned
from mojifix.repair.decode.legacy import set_told
from mojifix.repair.decode.traces import may_begin
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.decode.words import LEAVING, SPARING, most_probable
from mojifix.repair.gate.customary import is_measure, is_no_word
from mojifix.repair.gate.floors import is_ideograph
from mojifix.repair.gate.lines import Line, among_told, changed, read, words_beside
from mojifix.repair.gate.parts import is_east_asian
from mojifix.repair.gate.strange import (
    ALL_CAPITALS,
    OTHER_SCRIPTS,
    PUNCTUATION,
    is_contraction,
    is_strange,
    score,
)
from mojifix.repair.gate.telling import (
    CONTROL,
    is_abbreviation,
    is_inlaid,
    is_list,
    is_of_pairs,
    is_telling,
    is_untelling,
    letters,
    shown_by,
    shown_by_letters,
    tells,
)
from mojifix.repair.judge.doubt import doubted
from mojifix.repair.reading import Chain, Reading, changed_characters

CHAINS, PROMISE = 12, -8.0
"""Chains, at most, by which all words of a document are read, and the log weight that each of them
has at least: of what it explains and of entering it."""

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

AS_LIKELY = 4.0
"""Log weight by which what a charset makes of UTF-8 may look likelier than what another one does,
and be unlikely because it is not of the language of the text."""

STRAY = -7.0
"""Log weight of a symbol that stands alone in a text that is known to be damaged: damage makes them
of letters."""

TOGETHER = 6
"""Different East Asian characters of a word that show a chain if no other word does."""

SEVERAL, LONG, CLEARLY = 3, 9, 10.0
"""Words of Cyrillic capitals from which on they are no abbreviations, or letters of two, if each is
a known word read back and gains that much log weight by it."""

SURELY = 25.0
"""Log weight that a word gains by being read back through a chain that whole lines show from which
on no other one is looked for."""

PREFERRED, SPOKEN_FOR = 4.0, 4.0
"""Log weight by which the letters of a reading go better with the language of the text than those
of the word as it is, from which on that shows a chain, and that counts at most."""

SHOUTED, AMONG_CAPITALS = -3.4, 0.0
"""Log weight of a text in capitals beside the same in small letters (one in thirty is), and of
damaged words in capitals where the clean ones of the text are."""


def choose(text: str, lines: Sequence[Line], transcoder: Transcoder, known: Evidence) -> Evidence:
    """Set the best readings of the words of all lines, and return what is known then."""
    told = set_told(text, lines, transcoder)
    rest = [
        span for line in lines for number, span in enumerate(line.words) if number not in line.told
    ]
    settled = [(one, share) for one, share in changed(text, told) if one.chain]
    if settled:
        known = learned(settled).with_known(known)
    sure = list(dict.fromkeys(one.chain for one, _ in settled))
    inside = {span for line in told for span in among_told(text, line)}
    tongue = tongue_of(read(text, told)[:SAMPLE])
    words = _readings(text, rest, inside, transcoder, known, tongue, sure)
    _choose(lines, words, known)
    evidence = learned(changed(text, lines)).with_known(known)
    if evidence.taught:
        # The damage may have hidden the language.
        tongue = tongue_of(read(text, lines)[:SAMPLE])
        _choose(lines, _readings(text, rest, inside, transcoder, evidence, tongue, sure), evidence)
    elif any(one.chain or share < CERTAIN_AS_IS for line in lines for one, share in line.best):
        _choose(lines, words, known, SPARING)
        evidence = learned(changed(text, lines)).with_known(known)
    return evidence


def _readings(
    text: str,
    spans: Sequence[tuple[int, int]],
    inside: Collection[tuple[int, int]],
    transcoder: Transcoder,
    evidence: Evidence,
    tongue: Tongue,
    sure: Collection[Chain],
) -> list[Sequence[Reading]]:
    """Return the readings of words, by their spans, in a text of which `tongue` is known.

    Of words that one of the `sure` chains, those of whole lines, clearly explains, no others are
    looked for; all words may have gone through those. Words that stand among told ones, `inside` of
    their cells, are not weighed by what stands beside them.
    """
    words: list[Sequence[Reading]] = [
        _by_sure(word, sure, transcoder) or transcoder.readings(word, foreign=tongue.lacks(word))
        for word in (text[start:end] for start, end in spans)
    ]
    weighed = [_weighed(readings, tongue) for readings in words]
    in_capitals = _in_capitals(weighed)

    @cache
    def elsewhere() -> AbstractSet[str]:
        # Lines that show no mark are looked at by their characters alone.
        shown = set().union(*(text[start:end] for start, end in spans))
        return frozenset(filter(is_ideograph, set(text) - shown))

    shown = (
        chain
        for chain in _candidates(weighed, in_capitals, evidence, tongue)
        if chain in evidence.taught
        or chain in in_capitals
        or _is_shown(chain, weighed, transcoder, tongue, elsewhere)
    )
    chains = list(dict.fromkeys([*sure, *shown]))
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
        readings if span in inside else _beside_words(readings, text, span, evidence.taught)
        for readings, span in zip(words, spans, strict=True)
    ]
    words = [_spoken_for(readings, tongue) for readings in words]
    return doubted(_in_one_case(words), tongue, evidence.taught)


def _spoken_for(readings: Sequence[Reading], tongue: Tongue) -> Sequence[Reading]:
    """Return the readings of a word, weighed by how well their letters go with its language.

    A word that looks natural does not tell on itself: the rest of the text has to.
    """
    as_is, *others = readings
    word = as_is.after
    count = sum(map(str.isalpha, word))
    # That a sign is no foreign letter speaks for nothing.
    possible = [
        one.chain[0].written_as not in UNICODE
        and sum(map(str.isalpha, one.after)) >= count
        and bool(_IN_LATIN.fullmatch(one.after))
        for one in others
    ]
    if not any(possible):
        return readings
    rest = tongue.without(word) if _NATURAL.fullmatch(word) else tongue
    least = rest.fit(word)

    def weighed(one: Reading) -> Reading:
        gain = min(SPOKEN_FOR, max(0.0, rest.fit(one.after) - least))
        return one._replace(weight=one.weight + gain)

    pairs = zip(others, possible, strict=True)
    return [as_is, *(weighed(one) if able else one for one, able in pairs)]


_IN_LATIN = re.compile("[\x00-\u024f‘’“”„‚«»–—…]+")
_NATURAL = re.compile("(?:[\x00-\x7fß-öø-ÿ\u0100-\u024f]|(?<![a-z])[À-ÖØ-Þ])+")
"""Words of Latin letters without capitals inside."""


def _by_sure(word: str, sure: Iterable[Chain], transcoder: Transcoder) -> Sequence[Reading]:
    """Return the readings of a word that a sure chain clearly explains: as it is, and that one."""
    as_is = transcoder.as_is(word)
    for chain in sure:
        one = transcoder.through(word, chain)
        if one and one.weight >= as_is.weight + SURELY and tells(word, one):
            return as_is, one
    return ()


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
    lines: Sequence[Line],
    words: Sequence[Sequence[Reading]],
    evidence: Evidence,
    leaving: float = LEAVING,
) -> None:
    """Set the best reading of every word of the lines.

    `words` are the readings of those that aren't told.
    """
    rest = iter(words)
    all_words = [
        [line.best[number][0]] if number in line.told else next(rest)
        for line in lines
        for number in range(len(line.words))
    ]
    found = iter(most_probable(all_words, evidence.entry, evidence.spared, leaving))
    for line in lines:
        best = itertools.islice(found, len(line.words))
        line.best = [
            line.best[number] if number in line.told else one for number, one in enumerate(best)
        ]


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
    readings: Sequence[Reading],
    text: str,
    span: tuple[int, int],
    taught: Collection[Chain],
) -> Sequence[Reading]:
    """Return the readings of a word, of one letter or sign, weighed by the words beside it.

    A sign beside a number is no letter, nor what is behind an amount of money, and a letter beside
    words of ASCII alone is none of another script. Nor was a small word another one, but for a
    capital between small words that a chain made which the text is known to have gone through.
    """
    start, end = span
    sign = text[start:end].strip(PUNCTUATION)
    if len(sign) != 1 or len(readings) == 1:
        return readings
    before, behind = words_beside(text, start, end)
    beside = list(filter(None, (before, behind)))
    is_price = sign in SIGNS and any(map(_NUMBER.match, beside))
    is_amount = bool(_AMOUNT.search(before))
    is_small = sign in SMALL_WORDS
    is_capital = sign.isupper() and before[-1:].islower() and behind[:1].islower()
    is_latin = all(map(str.isascii, beside)) and any(map(_SMALL_ASCII.match, beside))

    def weighed(one: Reading) -> Reading:
        was = one.after.strip(PUNCTUATION)
        # In cp866 the signs of prices are letters, some of them words.
        others = bool(one.chain) and one.chain[0].written_as not in ("cp866", *UNICODE)
        small = is_small and not (is_capital and one.chain in taught)
        foreign = is_latin and (small or script(was[:1]) not in ("", "LATIN"))
        letter = is_amount and was.isalpha()
        unlikely = others and was != sign and (is_price or letter or foreign)
        return one._replace(weight=one.weight + BESIDE_OTHERS) if unlikely else one

    return [weighed(one) for one in readings]


_COMMON = frozenset("§¶†•·©™«»‹›“”‘’„–—€£¥")
"""Signs that stand alone in clean text as well, and are no letter that does in text of DOS."""

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
    # But which charset that was read in, it does, where two make something that looks as likely.
    own = (one.weight for one in readings if _is_single(one) and not tongue.lacks(one.after))
    most = max(own, default=-math.inf) + AS_LIKELY
    weighed = []
    for reading in readings:
        unicode = any(channel.written_as in UNICODE for channel in reading.chain)
        weight = as_is if unicode and reading.after != word else 0.0
        telling = not reading.chain or reading.chain[0].written_as not in UNICODE
        if telling or (reading.weight < most and _is_single(reading)):
            weight += _foreign(reading.after, tongue)
            of_others = bool(taught) and reading.chain not in taught
            if not unicode and as_is and (of_others or not tongue.knows(reading.after)):
                weight = min(weight, as_is)
        weighed.append(reading._replace(weight=reading.weight + weight))
    return weighed


def _is_single(reading: Reading) -> bool:
    """Tell whether a reading takes UTF-8 that was read in another charset, and no more."""
    return len(reading.chain) == 1 and reading.chain[0].written_as in UNICODE


def _foreign(text: str, tongue: Tongue) -> float:
    letters = len(tongue.foreign.findall(text))
    return FOREIGN * min(letters, FOREIGN_LETTERS) if letters and not tongue.knows(text) else 0.0


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
    chain: Chain,
    words: Sequence[Sequence[Reading]],
    transcoder: Transcoder,
    tongue: Tongue,
    elsewhere: Callable[[], AbstractSet[str]],
) -> bool:
    """Tell whether words show a chain: one that is strange or foreign, or two that are natural.

    One symbol for another one is no sign, however often. East Asian characters are one where many
    stand together, or where the chain explains most of them, those that are only `elsewhere` in the
    text included.
    """
    gained: set[str] = set()
    explained: set[str] = set()
    spared: set[str] = set()
    worse: set[str] = set()
    exchanged: set[str] = set()
    alone = others = False
    for as_is, *_ in words:
        word = as_is.after
        if word.isascii() or word in gained:
            continue
        other = transcoder.through(word, chain)
        if is_untelling(word, other) if other else is_list(word, ""):
            continue
        if other and _is_one(word, other, tongue):
            continue
        far = {char for char in word if char >= "\x80"}
        wide = far if all(map(is_east_asian, far)) else set()
        if other and other.weight > as_is.weight and is_inlaid(word, other):
            return True
        if not other or other.after == word or other.weight <= as_is.weight:
            spared.update(filter(is_ideograph, wide))
            worse.add(word)
        elif 0 < len(wide) < TOGETHER:
            explained |= wide if wide.isdisjoint(explained) else set()
        else:
            gained.add(shown_by(word, other))
            alone = alone or _tells_alone(word, other, tongue)
            latin = _exchanged(word, other.after)
            exchanged.update(latin)
            others = others or not latin
            if others and (alone or len(gained) > 1):
                return True
    if alone or len(gained) > 1:
        # A language has its letters in other words, too.
        return len(gained) > sum(not exchanged.isdisjoint(word) for word in worse)
    return len(explained) > max(2, len(spared)) and len(explained) > len(spared | elsewhere())


def _is_one(word: str, other: Reading, tongue: Tongue) -> bool:
    """Tell whether a word is a letter, or a symbol that was another one.

    But for a foreign letter that was a Latin word of its text, and a control.
    """
    core = word.strip(PUNCTUATION)
    if not core.isalpha():
        is_symbol = not any(map(str.isalpha, other.after))
        return len(core) == 1 and is_symbol and not CONTROL.search(core)
    own = other.after < OTHER_SCRIPTS and tongue.lacks(core) and tongue.knows(other.after)
    return len(core) == 1 and not own


def _exchanged(word: str, was: str) -> Collection[str]:
    """Return the letters of a word that are others in a reading, if they are Latin ones alone."""
    pairs = changed_characters(word, was)
    if not all(_LATIN.fullmatch(one + other) for one, other in pairs):
        return ()
    return {one for one, _ in pairs}


_LATIN = re.compile("[\xc0-\u024f]{2}")


def _tells_alone(word: str, other: Reading, tongue: Tongue) -> bool:
    """Tell whether a word shows the chain of a reading: it is strange, or foreign to its text.

    A foreign word that looks natural, or is short, is none of a third language.
    """
    telling = shown_by_letters(word, other) or bool(CONTROL.search(word))
    if not (telling or is_contraction(word) or is_of_pairs(word, other)):
        return False
    foreign = tongue.lacks(other.after)
    own = (tongue.lacks(word) and not foreign) or tongue.prefers(word, other.after) >= PREFERRED
    # MÊR: of short words in capitals many languages have some.
    is_short = foreign or (word.isupper() and max(word + other.after) < OTHER_SCRIPTS)
    return own or (is_strange(word) and (is_telling(word) or not is_short))


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
    if is_no_word(readings[0].after):
        return readings
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
    found = transcoder.through(as_is.after, chain)
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
