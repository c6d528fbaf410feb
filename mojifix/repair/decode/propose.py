"""Candidates that are known by their look: those of ftfy's heuristics, and known words."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

from mojifix.charsets.registry import CHARSETS
from mojifix.language import known_words, trigrams
from mojifix.language.identification import Tongue
from mojifix.language.lexicon import folded
from mojifix.model import Channel, Layer
from mojifix.repair.decode.quotations import channel_at, quotation_marks
from mojifix.repair.gate.customary import is_measure
from mojifix.repair.gate.signs import signs
from mojifix.repair.gate.strange import apostrophes, score
from mojifix.repair.proof import holds

LONGEST, LONGEST_ALIGNED = 2000, 100
"""Code points of a line from which on ftfy is not asked, and of a part of one from which on its
answer is taken as a whole: aligning is not linear."""

MOST_LAYERS = 3
"""Layers of one channel by which an answer of ftfy is explained."""

_LATIN_1 = Channel("utf-8", "latin-1")
_STRIPPED = Layer(_LATIN_1, ("c1-removed",))
_QUESTIONED = Layer(replace(_LATIN_1, loss="question"))
_SPACED = Layer(Channel("utf-8", "cp1252"), ("nbsp-to-space",))
_COLLAPSED = Layer(Channel("utf-8", "cp1252"), ("nbsp-removed",))
_WITHOUT_TRADEMARK = Layer(Channel("utf-8", "cp1252"), ("trademark-removed",))

_EURO_LEFT = re.compile(r"â\??¬")
_EURO = re.compile(r"(?:(?<=[0-9])|(?<=[0-9][ \xa0]))â\??¬|(?<!\w)â\??¬(?=[ \xa0]?[0-9])")
"""What is left of a euro sign at a number, and what stands for what is not."""

_SPACE_LEFT = re.compile(
    "(?:(?<=[a-z]{2})|(?<=[a-z][.,:;!?])|(?<=[0-9]))Â(?= ?(?:[\\w°%€$£(“‘«'\"]|\\Z))(?!\\w)"
)
_LISTED = re.compile("[À-ÁÃ-ÖØ-Þ]")
"""What is left of U+00A0 behind a word or a number; and capitals that are listed with it."""

_JOINED = re.compile(r"(?<!\w)Ã (?=s |qu(?:el(?:[ea]s?|outr[oa]s?)|ilo)(?!\w))")
"""What is left of à in the words of Portuguese that begin with it, of which U+00A0 became a space:
no space stands there."""

_ALONE = re.compile(r"(?<!\w)Ã(?= ([a-z]+|Ã\S))")
"""What is left of à as a word, whose U+00A0 is one space with the one behind it."""

_BLANK = re.compile(r"(?:(?<!\S)|(?<=€))â €(?=\Z|\s(?![0-9])|â €)")
"""What is left of U+2800, by which captions keep empty lines, where U+00A0 became a space."""

_BLANK_BEGINS, _NO_TONGUE = "â", Tongue()

_LATIN_WORD = re.compile(
    "(?<![^\\W\\d_])(?:[A-Za-z]|[ÃÄÅ][\xa0-\xbf]?){5,}(?![^\\W\\d_]|[?\ufffd])"
)
_PAIR, _LONE = re.compile("[ÃÄÅ][\xa0-\xbf]"), re.compile("[ÃÄÅ](?![\xa0-\xbf])")
_UNNATURAL = re.compile("(?<=[a-z])[ÃÄÅ](?![\xa0-\xbf])|\\AÃ(?=[a-z])|[ÃÄÅ](?=[ÃÄÅ][a-z])")
"""A first byte of UTF-8 alone, where no such letter stands."""

MOST_LETTERS = 2
"""Letters of a word, at most, that are put back."""

CLEARER, CAPITAL_CLEARER = 3.0, 5.0
"""Log weight by which a known word is likelier than the next one; and by which it is if it begins
with what is put back: any capital may."""

_EDITS: tuple[tuple[str, ...], ...] = (
    (),
    ("nbsp-to-space",),
    ("nbsp-removed",),
    ("straightened-quotes",),
    ("c1-removed",),
    ("soft-hyphen-removed",),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed repair of a span of a line, with layers that are proven to explain it.

    Its look alone tells of some that they are `known`; others are `placed` where signs stand and no
    letter does; signs beside such ones are both.
    """

    start: int
    end: int
    after: str
    layers: tuple[Layer, ...]
    known: bool = False
    placed: bool = False


def known_by_look(word: str, channels: Sequence[Channel]) -> Iterator[Channel]:
    """Yield the channels of what the look of a word, or of a part of it, tells; not those of ftfy.

    The number beside a euro sign, and the space behind what is left of U+00A0, may be missing.
    """
    for propose in (stripped_words, _contractions):
        yield from (one.layers[-1].channel for one in propose(word, channels))
    quoting = channel_at(word)
    if quoting and quoting in channels:
        yield quoting
    if _EURO_LEFT.search(word) and _LATIN_1 in channels:
        yield _LATIN_1
    if (_SPACE_LEFT.search(word) or word == _BLANK_BEGINS) and _SPACED.channel in channels:
        yield _SPACED.channel


def candidates(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield what may be repaired in `line` by its look, and `channels` can explain."""
    yield from _contractions(line, channels)
    yield from _euros(line, channels)
    yield from _spaces(line, channels)
    yield from _signs(line, channels)
    yield from _of_ftfy(line, channels)


def _contractions(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield the apostrophes inside of words in `line` of which controls or ™ were removed.

    Those of English words, and of French and Italian ones.
    """
    for match in apostrophes(line):
        layer = _STRIPPED if match[1] == "â" else _WITHOUT_TRADEMARK
        if layer.channel in channels:
            yield Candidate(*match.span(1), "’", (layer,), known=True)


def _euros(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield the euro signs at numbers in `line` of which a control was lost."""
    if _LATIN_1 in channels:
        for match in _EURO.finditer(line):
            layer = _QUESTIONED if "?" in match[0] else _STRIPPED
            yield Candidate(*match.span(), "€", (layer,), known=True)


def _spaces(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield the U+00A0 in `line` that became spaces behind the Â that damage made."""
    if _SPACED.channel in channels and not _LISTED.search(line):
        for match in _SPACE_LEFT.finditer(line):
            at = match.start()
            if line.startswith(" ", match.end()):
                yield Candidate(at, at + 2, "\xa0", (_SPACED,), known=True)


def _signs(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield the signs at numbers in `line` that became other characters, and others with them.

    And the quotation marks that became signs.
    """
    for start, end, sign, channel, beside in (*signs(line), *quotation_marks(line)):
        if channel in channels:
            yield Candidate(start, end, sign, (Layer(channel),), placed=True, known=beside)


def stripped_words(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield the words of `line` that are known once controls are put back: Ãsterreich, bÄdzie."""
    if _LATIN_1 not in channels:
        return
    for match in _LATIN_WORD.finditer(line):
        word = match.group()
        if _UNNATURAL.search(word):
            after = _completed(word)
            if after:
                yield Candidate(*match.span(), after, (_STRIPPED,), known=True)


def spaced_letters(
    line: str, channels: Sequence[Channel], tongue: Tongue = _NO_TONGUE, *, shown: bool = False
) -> Iterator[Candidate]:
    """Yield the letters in `line` of which U+00A0, their last byte, became a space or part of one.

    Where other damage out of UTF-8 is `shown`, and à is a word of the language, Ã is that more
    often than a capital.
    """
    if _SPACED.channel not in channels:
        return
    for pattern, was in ((_JOINED, "à"), (_BLANK, "\u2800")):
        for match in pattern.finditer(line):
            yield Candidate(*match.span(), was, (_SPACED,), known=True, placed=True)
    if shown and "à" in tongue.words:
        for match in _ALONE.finditer(line):
            if may_be_letter(line, match.start()) and not _is_completed(match[1]):
                yield Candidate(*match.span(), "à", (_COLLAPSED,), known=True)


def may_be_letter(line: str, at: int) -> bool:
    """Tell whether Ã at an offset of a line may be that letter: its word is it alone."""
    return bool(_ALONE.match(line, at)) and not _JOINED.match(line, at)


def _is_completed(rest: str) -> bool:
    """Tell whether letters behind Ã and a space are a word with a capital that is lost: Ã gua."""
    letters = filter(str.isupper, _completions("Ã"))
    return any(folded(letter + rest) in known_words() for letter in letters)


def _completed(word: str) -> str:
    """Return the known word that a word with first bytes of UTF-8 was; "" if none is clear."""
    places = [match.start() for match in _LONE.finditer(word)]
    if len(places) > MOST_LETTERS:
        return ""
    known, model = known_words(), trigrams()
    weights: dict[str, float] = {}
    for letters in itertools.product(*(_letters(word, place) for place in places)):
        chars = list(word)
        for place, letter in zip(places, letters, strict=True):
            chars[place] = letter
        whole = _PAIR.sub(lambda pair: pair.group().encode("latin-1").decode(), "".join(chars))
        if folded(whole) in known:
            weights[whole] = score(whole, model)
    best = heapq.nlargest(2, weights, key=weights.__getitem__)
    clearer = CLEARER if places[0] else CAPITAL_CLEARER
    is_clear = len(best) == 1 or (best and weights[best[0]] >= weights[best[1]] + clearer)
    return best[0] if is_clear else ""


def _letters(word: str, place: int) -> Sequence[str]:
    """Return the letters that the first byte at `place` may be left of, in the case of the word."""
    capitals = _LONE.sub("", word).isupper()
    return [
        letter
        for letter in _completions(word[place])
        if (letter.isupper() if capitals else not place or letter.islower())
    ]


@cache
def _completions(lead: str) -> Sequence[str]:
    """Return the letters that begin with a byte of UTF-8 and end with a control."""
    first = lead.encode("latin-1")
    letters = ((first + bytes([byte])).decode() for byte in range(0x80, 0xA0))
    return [letter for letter in letters if letter.isalpha()]


def _of_ftfy(line: str, channels: Sequence[Channel]) -> Iterator[Candidate]:
    """Yield what ftfy's heuristics would repair in `line` and `channels` can explain."""
    if len(line) > LONGEST:
        return
    import ftfy

    proposed = ftfy.fix_encoding(line)
    if proposed == line or "\ufffd" in proposed:
        return
    known = [c for c in channels if c.written_as == "utf-8" and not CHARSETS[c.read_as].leads]
    for start, end, after in _changes(line, proposed):
        layers = _explained(line, start, end, after, known)
        if layers and not is_measure(line[max(0, start - 1) : end + 1]):
            yield Candidate(start, end, after, layers)


def _changes(line: str, proposed: str) -> Iterator[tuple[int, int, str]]:
    """Yield the spans of a line that another one changes, and what they are there."""
    ours, theirs = (_PARTS.findall(one) for one in (line, proposed))
    places = [0, *itertools.accumulate(map(len, ours))]
    for tag, first, last, their_first, their_last in _opcodes(ours, theirs):
        if tag == "equal":
            continue
        at, part = places[first], line[places[first] : places[last]]
        other = "".join(theirs[their_first:their_last])
        if len(part) > LONGEST_ALIGNED:
            yield at, at + len(part), other
            continue
        for tag_inside, start, end, after_start, after_end in _opcodes(part, other):
            if tag_inside != "equal":
                yield at + start, at + end, other[after_start:after_end]


def _opcodes(one: Sequence[str], other: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return how one text, or its parts, becomes another: of many parts the rare ones tell."""
    return SequenceMatcher(None, one, other).get_opcodes()


_PARTS = re.compile(r"[^\x00-\x2f:-@\[-`{-\x7f]+|[\x00-\x2f:-@\[-`{-\x7f]+")
"""Words, and the punctuation of ASCII between them."""


def _explained(
    line: str, start: int, end: int, after: str, channels: Sequence[Channel]
) -> tuple[Layer, ...] | None:
    before, following = line[start:end], line[end:]
    for depth in range(MOST_LAYERS):
        for channel in channels:
            for edits in _EDITS:
                layers = (*[Layer(channel)] * depth, Layer(channel, edits))
                if holds(after, before, layers, following):
                    return layers
    return None
