"""What a document teaches about its own damage: the channels it went through, and its habits."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from mojifix.charsets.registry import CHARSETS, PRIORS, UNICODE
from mojifix.language.identification import SAMPLE, language_of, letters_of, told_language
from mojifix.language.lexicon import folded
from mojifix.language.typography import LATIN, MARKS, habits, opening
from mojifix.language.writing import LEAST, Scripts, script, scripts_of
from mojifix.model import Channel
from mojifix.repair.gate.parts import FIRST_UNSPACED
from mojifix.repair.reading import Chain, Reading

SURE = 0.9
"""Confidence from which on a finding counts as evidence."""

ENTERING = -1.0
"""Log weight of entering a chain through which the document is known to have gone, beside the share
of its words that did."""

SEEN = -3.0
"""Log weight of entering a channel that was seen in other layers of the document."""

OTHERS = -2.0
"""What is added for every other chain once one is known."""

LEGACY = -3.0
"""What is added for a legacy charset beside UTF-8: programs that write either seldom meet."""

AGAIN = -2.0
"""Log weight of a layer like the one above it: what damaged a text once does so again."""

ANOTHER = 0.8
"""Share of its prior that UTF-8 read in another charset costs below another layer. Legacy charsets
cost all of it: programs that still write them seldom meet."""

FOREIGN, FOREIGN_LETTERS = -8.0, 2
"""Log weight of a letter that is not of the language of its text in a word that is not known, and
of how many of a word at most: names from elsewhere have several."""

ECHOED = 100_000
"""Code points of a document whose words help to restore lost characters."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the damage of a document.

    `taught` are the chains that it went through, with the log weight of entering each; `spared` is
    the log weight of a word that is as it is; `lost` are the names of the losses of its channels;
    `scripts` is the log weight of each script in what was damaged, if that is known.
    """

    taught: Mapping[Chain, float] = field(default_factory=dict)
    spared: float = 0.0
    lost: Mapping[Channel, frozenset[str]] = field(default_factory=dict)
    scripts: Mapping[str, float] | None = None

    def with_known(self, known: Evidence) -> Evidence:
        """Return what both teach; this one is right where they differ."""
        taught, lost = {**known.taught, **self.taught}, {**known.lost, **self.lost}
        scripts = known.scripts if self.scripts is None else self.scripts
        return Evidence(taught, self.spared, lost, scripts)

    @property
    def lossy(self) -> list[Channel]:
        """The taught channels that may lose whole characters."""
        return [one for one in self.single if CHARSETS[one.read_as].leads]

    @property
    def single(self) -> list[Channel]:
        """The taught channels out of UTF-8, each a layer on its own."""
        single = (chain[0] for chain in self.taught if len(chain) == 1)
        return [one for one in single if one.written_as == "utf-8"]

    def of_script(self, reading: Reading) -> float:
        """Return what a reading weighs by the scripts of its letters beyond ASCII."""
        if self.scripts is None or reading.chain in self.taught:
            return 0.0
        return min((self.scripts[name] for name in _scripts_in(reading.after)), default=0.0)

    def has_script_of(self, text: str) -> bool:
        """Tell whether all letters beyond ASCII of a text are of scripts that were damaged."""
        names, known = _scripts_in(text), self.scripts or {}
        return bool(names) and all(known.get(name, LEAST) > LEAST for name in names)

    def entry(self, chain: Chain) -> float:
        """Return the log weight of entering a chain."""
        if chain in self.taught:
            return self.taught[chain]
        weight = PRIORS[chain[-1]]
        for inner, outer in itertools.pairwise(chain):
            if inner.written_as != "utf-8":
                weight += PRIORS[inner]
            else:
                weight += AGAIN if inner == outer else ANOTHER * PRIORS[inner]
        if self.taught:
            known = {channel for taught in self.taught for channel in taught}
            if known >= set(chain):
                return weight / 2
            unicode = all(taught[0].written_as in UNICODE for taught in self.taught)
            weight += OTHERS
            if unicode and chain[0].written_as not in UNICODE:
                weight += LEGACY
        return weight


def _scripts_in(text: str) -> set[str]:
    """Return the scripts of the letters beyond ASCII of a text."""
    return {script(char) for char in text if char >= "\x80"} - {""}


def seen_in(channels: Iterable[Channel]) -> Evidence:
    """Return what it tells of a document that it went through some channels, with their losses."""
    lost: dict[Channel, frozenset[str]] = {}
    for channel in channels:
        had = lost.get(channel.lossless, frozenset())
        lost[channel.lossless] = had | {channel.loss} if channel.loss else had
    return Evidence(
        {(channel,): SEEN for channel in lost},
        lost={channel: names for channel, names in lost.items() if names},
    )


def learned(readings: Iterable[tuple[Reading, float]]) -> Evidence:
    """Return what the readings of words and their confidences teach: what is often and sure."""
    counts: Counter[Chain] = Counter()
    sure: list[str] = []
    spared = 0
    for reading, confidence in readings:
        if reading.chain and confidence >= SURE:
            counts[reading.chain] += 1
            sure.append(reading.after)
        elif not reading.chain and len(reading.after) > 2:
            spared += 1
    if not counts:
        return Evidence()
    most = max(counts.values())
    kept = [chain for chain in counts if counts[chain] > 1 and counts[chain] * 4 >= most]
    if most == 1:
        kept = [max(counts, key=Evidence().entry)]
    total = sum(counts[chain] for chain in kept) + spared + 2
    return Evidence(
        {chain: math.log((counts[chain] + 1) / total) + ENTERING for chain in kept},
        math.log((spared + 1) / total),
        scripts=scripts_of("".join(sure)),
    )


@dataclass(frozen=True, slots=True)
class Traits:
    """What a document is like, by which its lost characters are told.

    `habits` is the log weight of each mark, `opening` the same at the beginning of a line,
    `letters` that of each letter beyond ASCII, `echoes` the share of each trigram beyond ASCII
    among those that begin alike, `words` the words beyond ASCII in folded case and, where words are
    not spaced, every three letters in a row. `scripts` is the log weight of each script in what was
    damaged, if that is known. `returns` tells whether lines end with a carriage return and a line
    feed, `eaten` whether line feeds may have been lost with what was before them: none stands
    behind a mark. `controls` tells whether C1 controls stand in it: nothing removed them.
    """

    habits: Mapping[str, float] = field(default_factory=dict)
    opening: Mapping[str, float] = field(default_factory=dict)
    letters: Mapping[str, float] = field(default_factory=dict)
    echoes: Mapping[str, float] = field(default_factory=dict)
    words: Collection[str] = ()
    scripts: Mapping[str, float] | None = None
    returns: bool = False
    eaten: bool = False
    controls: bool = False


def traits_of(text: str, found: str | None = None) -> Traits:
    """Return what a document is like, without its own words: before any of it is sure.

    `found` is the document as it was found, if a part of `text` is repaired.
    """
    sample = text[:SAMPLE]
    language = language_of(sample)
    weights = habits(_MARK.findall(text), language)
    latin = language in LATIN and language == told_language(sample)
    scripts = Scripts({"LATIN": 0.0}) if latin else None
    returns = "\r\n" in text
    eaten = "\n" in text and not (returns or _MARKED_END.search(text))
    opened, letters = opening(weights, language), letters_of(language)
    return Traits(
        weights,
        opened,
        letters,
        scripts=scripts,
        returns=returns,
        eaten=eaten,
        controls=bool(_CONTROL.search(text if found is None else found)),
    )


_MARK = re.compile(f"[{''.join(sorted(MARKS))}]")
_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")
"""C1 controls, but for NEL, which ends lines."""
_MARKED_END = re.compile("[?・\ufffd]\n")


def with_own_words(traits: Traits, undoubted: str, repaired: str) -> Traits:
    """Return traits with the words and the trigrams of a text in which what was sure is repaired.

    U+FFFD stands in it for what is doubtful: the rest of a character may look like another one, and
    the rest of a word is none. And with the scripts of what was `repaired`, if that tells any.
    """
    scripts = scripts_of(repaired[:ECHOED]) or traits.scripts
    echoes, words = _echoes(undoubted[:ECHOED]), _words(undoubted[:ECHOED])
    return replace(traits, echoes=echoes, words=words, scripts=scripts)


def _echoes(text: str) -> Mapping[str, float]:
    # What begins a word behind a number tells nothing: postal codes stand before any place.
    counts = Counter(
        text[i : i + 3]
        for i in range(len(text) - 2)
        if text[i + 2] >= "\x80" and not (text[i].isdigit() and text[i + 1] == " ")
    )
    totals: Counter[str] = Counter()
    for trigram, count in counts.items():
        totals[trigram[:2]] += count
    return {trigram: count / (totals[trigram[:2]] + 1) for trigram, count in counts.items()}


def _words(text: str) -> Collection[str]:
    text = folded(text)
    found: set[str] = set()
    for match in _WORD.finditer(text):
        word, (start, end) = match.group(), match.span()
        if word >= FIRST_UNSPACED:
            found.update(word[at : at + 3] for at in range(len(word) - 2))
        if not (word.isascii() or "\ufffd" in text[max(0, start - 1) : end + 1]):
            found.add(word)
    return found


_WORD = re.compile(r"[^\W\d_]{3,}")
