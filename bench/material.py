"""What the benchmarks measure with: texts, pieces of them, and ways to damage them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

from mojifix.charsets.charset import LOSSES, encode
from mojifix.charsets.damage import through
from mojifix.charsets.edits import EDITS
from mojifix.charsets.registry import CHARSETS, PRIORS, losses
from mojifix.model import Channel

ROOT = Path(__file__).parent.parent
FOLDERS = {"bench": ROOT / "bench" / "texts", "dev": ROOT / "fixtures" / "dev"}
PROSE = "en-prose"
"""English paragraphs of the seed's kind, apart from the texts of the languages."""

WITHOUT_SPACES = ("zh-Hans", "zh-Hant", "ja", "th")
_JOINERS = dict.fromkeys(("zh-Hans", "zh-Hant", "ja"), "")

_WESTERN = ("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "fi")
_CYRILLIC = ("ru", "uk", "bg")
WRITERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cp1252", "latin-1", "cp850", "cp437", "mac-roman"), _WESTERN),
    **dict.fromkeys(("cp1250", "iso-8859-2"), ("pl", "cs", "hu", "ro")),
    **dict.fromkeys(("cp1251", "koi8-r", "cp866", "iso-8859-5", "mac-cyrillic"), _CYRILLIC),
    "cp1253": ("el",),
    "cp1254": ("tr",),
    "cp1255": ("he",),
    "cp1256": ("ar",),
    "cp1257": ("lt",),
    "cp874": ("th",),
    "gbk": ("zh-Hans",),
    "big5": ("zh-Hant",),
    "cp932": ("ja",),
    "euc-jp": ("ja",),
    "cp949": ("ko",),
}
"""The languages that are written in a legacy charset. UTF-8 is for all."""

_PLAIN = {
    **dict.fromkeys("“”„«»״″", ('"',)),
    **dict.fromkeys("‘’‚׳′΄", ("'",)),
    **dict.fromkeys("—–―‑־−", ("–", "-")),
    "…": ("...",),
    "\u202f": ("\xa0", " "),
    "\xa0": (" ",),
    "ș": ("ş",),
    "ț": ("ţ",),
    "Ș": ("Ş",),
    "Ț": ("Ţ",),
    "₽": ("руб.",),
    "₴": ("грн",),
    "№": ("N",),
    "€": ("EUR",),
}
"""What is typed instead of a character that a charset lacks, the nearest first."""

T = TypeVar("T")


class Case(NamedTuple):
    """A text, what became of it, and where it belongs in the tables.

    `lost` tells how many places were lost: `0`, `1`, `2-3` or `4+`.
    """

    row: str
    language: str
    channel: str
    length: str
    loss: str
    original: str
    damaged: str
    lost: str = "0"


@cache
def paragraphs(which: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the sentences of every paragraph by language, out of `bench` or `dev`."""
    return {
        path.stem: tuple(
            tuple(block.splitlines()) for block in path.read_text("utf-8").strip().split("\n\n")
        )
        for path in sorted(FOLDERS[which].glob("*.txt"))
    }


def languages(which: str) -> list[str]:
    return [language for language in paragraphs(which) if language != PROSE]


def joined(sentences: Iterable[str], language: str) -> str:
    return _JOINERS.get(language, " ").join(sentences)


def pieces(which: str, language: str, length: str, rng: random.Random) -> list[str]:
    """Return pieces of the texts of a language in random order.

    `length` is `paragraph`, `sentence`, `phrase` (two or three words) or `word`. In languages that
    don't write spaces a word has 2 to 4 characters and a phrase 5 to 9, within a clause.
    """
    blocks = paragraphs(which)[language]
    if length == "paragraph":
        found = [joined(block, language) for block in blocks]
    elif length == "sentence":
        found = [sentence for block in blocks for sentence in block]
    else:
        found = [
            piece
            for block in blocks
            for sentence in block
            for piece in _words(sentence, language, length, rng)
        ]
    found = list(dict.fromkeys(found))
    rng.shuffle(found)
    return found


def _words(sentence: str, language: str, length: str, rng: random.Random) -> Iterator[str]:
    if language in WITHOUT_SPACES:
        sizes = (2, 4) if length == "word" else (5, 9)
        for clause in re.findall(r"[^\W\d_]{2,}", sentence):
            at = 0
            while at + sizes[0] <= len(clause):
                size = rng.randint(*sizes)
                yield clause[at : at + size]
                at += size
        return
    words = sentence.split(" ")
    count = 1 if length == "word" else rng.choice((2, 3))
    for at in range(0, len(words) - count + 1, count):
        piece = " ".join(words[at : at + count])
        if sum(map(str.isalpha, piece)) >= 2:
            yield piece


def written(text: str, charset: str) -> str | None:
    """Return `text` as it is typed in a charset: what that lacks gives way to plain characters.

    None when letters are lacking.
    """
    if charset in ("utf-8", "cesu-8"):
        return text
    typed = "".join(_typed(char, charset) for char in text)
    return typed if encode(typed, CHARSETS[charset]) is not None else None


@cache
def _typed(char: str, charset: str) -> str:
    choices = (char, *_PLAIN.get(char, ()))
    return next((c for c in choices if encode(c, CHARSETS[charset]) is not None), char)


def damaged(text: str, layers: Iterable[Channel]) -> str | None:
    """Send `text` through channels in their order; None when one doesn't take or change it."""
    for channel in layers:
        after = through(text, channel)
        if after is None or after == text:
            return None
        text = after
    return text


def in_turn(sources: Iterable[Iterator[T]]) -> Iterator[T]:
    """Yield one of each source in turn until all are used up."""
    waiting = list(sources)
    while waiting:
        left = []
        for source in waiting:
            for item in source:
                yield item
                left.append(source)
                break
        waiting = left


def shuffled(items: Iterable[T], rng: random.Random) -> list[T]:
    found = list(items)
    rng.shuffle(found)
    return found


class Sampler:
    """Makes cases: endless variety in an order that the seed decides, all channels in turn."""

    def __init__(self, which: str = "bench", seed: int = 0) -> None:
        self.which, self.seed = which, seed

    def rng(self, *name: object) -> random.Random:
        return random.Random(f"{self.seed} {' '.join(map(str, name))}")

    def languages(self, channel: Channel) -> tuple[str, ...]:
        """Return the languages that are written in the first charset of a channel."""
        every = tuple(languages(self.which))
        writers = WRITERS.get(channel.written_as, every)
        return tuple(language for language in writers if language in every)

    def cases(
        self, row: str, ways: Iterable[Sequence[Channel]], lengths: Sequence[str]
    ) -> Iterator[Case]:
        """Yield cases of all `ways` (the channels of the layers) in turn, languages in turn too."""
        order = shuffled(ways, self.rng(row))
        return in_turn(self._through(row, way, lengths) for way in order)

    def _through(self, row: str, way: Sequence[Channel], lengths: Sequence[str]) -> Iterator[Case]:
        rng = self.rng(row, *way)
        sources = [
            self._of(row, way, language, length)
            for language in shuffled(self.languages(way[0]), rng)
            for length in shuffled(lengths, rng)
        ]
        return in_turn(sources)

    def _of(self, row: str, way: Sequence[Channel], language: str, length: str) -> Iterator[Case]:
        rng = self.rng(row, *way, language, length)
        name = " + ".join(f"{c.written_as}>{c.read_as}" for c in way)
        for piece in pieces(self.which, language, length, rng):
            original = written(piece, way[0].written_as)
            after = None if original is None else damaged(original, way)
            if original is None or after is None:
                continue
            lost = loses(original, way[-1]) if way[-1].loss else 0
            if way[-1].loss and not lost:
                continue
            if way[0].written_as == "cesu-8" and max(original) < "\U00010000":
                continue  # the same as UTF-8
            yield Case(row, language, name, length, way[-1].loss, original, after, some(lost))

    def spans(self, row: str, ways: Iterable[Sequence[Channel]]) -> Iterator[Case]:
        """Yield paragraphs of which a sentence, or a few words of one, went through a channel."""
        order = shuffled(ways, self.rng(row))
        return in_turn(self._spans(row, way) for way in order)

    def _spans(self, row: str, way: Sequence[Channel]) -> Iterator[Case]:
        rng = self.rng(row, *way)
        name = " + ".join(map(str, way))
        order = shuffled(self.languages(way[0]), rng)
        return in_turn(self._spans_of(row, way, language, name) for language in order)

    def _spans_of(
        self, row: str, way: Sequence[Channel], language: str, name: str
    ) -> Iterator[Case]:
        rng = self.rng(row, *way, language)
        for block in shuffled(paragraphs(self.which)[language], rng):
            at = rng.randrange(len(block))
            before, span, behind = _cut(block[at], language, rng)
            original = written(span, way[0].written_as)
            after = None if original is None else damaged(original, way)
            if original is None or after is None:
                continue
            texts = [
                joined((*block[:at], before + middle + behind, *block[at + 1 :]), language)
                for middle in (original, after)
            ]
            yield Case(row, language, name, "span", "", *texts)

    def seed_kind(self, row: str) -> Iterator[Case]:
        """Yield English paragraphs that were read as GBK with bytes dropped.

        First in whole, then with places that another source left intact, as in the seed article.
        """
        channel = Channel("utf-8", "gbk", "drop")
        texts = paragraphs(self.which)
        blocks = [" ".join(block) for name in (PROSE, "en") for block in texts.get(name, ())]
        blocks = [block for block in blocks if loses(block, channel)]
        for share in (0.0, 0.1, 0.25):
            for number, block in enumerate(blocks):
                rng = self.rng(row, share, number)
                parts = re.split(r"(\S*[^\x00-\x7f]\S*)", block)
                for place, part in enumerate(parts):
                    if place % 2 and rng.random() >= share:
                        parts[place] = through(part, channel) or part
                whole = "".join(parts) if share else through(block, channel)
                if whole and whole != block:
                    yield Case(
                        row,
                        "en",
                        "utf-8>gbk",
                        "paragraph",
                        "drop",
                        block,
                        whole,
                        some(loses(block, channel)),
                    )

    def edited(self, row: str, edit: str, ways: Iterable[Sequence[Channel]]) -> Iterator[Case]:
        """Yield sentences that were damaged without a loss and edited afterwards."""
        for case in self.cases(row, ways, ("sentence",)):
            after = EDITS[edit](case.damaged)
            if after != case.damaged and EDITS[edit](case.original) == case.original:
                yield case._replace(loss=edit, damaged=after)


def _cut(sentence: str, language: str, rng: random.Random) -> tuple[str, str, str]:
    """Cut a span out of a sentence: all of it, or two to eight words (or 4 to 16 characters)."""
    if rng.random() < 0.34:
        return "", sentence, ""
    if language in WITHOUT_SPACES:
        size = min(len(sentence), rng.randint(4, 16))
        at = rng.randint(0, len(sentence) - size)
        return sentence[:at], sentence[at : at + size], sentence[at + size :]
    words = re.split(r"(?<= )", sentence)
    size = min(len(words), rng.randint(2, 8))
    at = rng.randint(0, len(words) - size)
    span = "".join(words[at : at + size])
    kept = span.rstrip(" ")
    return "".join(words[:at]), kept, span[len(kept) :] + "".join(words[at + size :])


def loses(text: str, channel: Channel) -> int:
    """Return how many places of `text` a channel loses: the U+FFFD that its reader writes."""
    loss = "whatwg" if LOSSES[channel.loss].patches else "replace"
    marked = through(text, Channel(channel.written_as, channel.read_as, loss))
    return marked.count("\ufffd") - text.count("\ufffd") if marked else 0


def some(count: int) -> str:
    """Return the class of a number of lost places."""
    return next(
        name for least, name in ((4, "4+"), (2, "2-3"), (1, "1"), (0, "0")) if count >= least
    )


def utf8_ways() -> list[tuple[Channel]]:
    return [(channel,) for channel in PRIORS if channel.written_as in ("utf-8", "cesu-8")]


def legacy_ways() -> list[tuple[Channel]]:
    return [(channel,) for channel in PRIORS if channel.written_as not in ("utf-8", "cesu-8")]


def lossy_ways(loss: str) -> list[tuple[Channel]]:
    return [
        (Channel(c.written_as, c.read_as, loss),)
        for c in PRIORS
        if c.written_as == "utf-8" and loss in losses(c.read_as)
    ]


_LAYERED = (
    "cp1252", "latin-1", "cp1250", "cp1251", "cp1253", "cp1254", "mac-roman", "cp437", "cp850",
    "koi8-r", "gbk", "cp932", "big5", "cp949",
)  # fmt: skip
_OFTEN_MIXED = ("cp1252", "latin-1", "cp1251", "mac-roman", "cp437", "gbk", "cp850", "koi8-r")
_LEGACY_FIRST = ("cp1251>latin-1", "cp1251>cp1252", "koi8-r>cp1251", "cp1251>koi8-r",
                 "cp866>cp1251", "gbk>latin-1", "cp932>latin-1", "cp949>latin-1", "big5>latin-1",
                 "cp1250>cp1252", "cp1253>latin-1", "cp1252>mac-roman")  # fmt: skip


def same_layers(count: int) -> list[tuple[Channel, ...]]:
    return [(Channel("utf-8", name),) * count for name in _LAYERED]


def mixed_layers(count: int) -> list[tuple[Channel, ...]]:
    """Return layers of different channels; the first one is a legacy pair in some of them."""
    steps = [Channel("utf-8", name) for name in _OFTEN_MIXED]
    firsts = [Channel(*name.split(">")) for name in _LEGACY_FIRST]
    ways = [(one, other) for one in (*steps, *firsts) for other in steps if one != other]
    for _ in range(count - 2):
        ways = [(*way, steps[(at * 7 + 3) % len(steps)]) for at, way in enumerate(ways)]
    return [way for way in ways if all(one != other for one, other in pairwise(way))]
