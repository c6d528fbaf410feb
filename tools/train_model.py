"""Train the character language model from the corpus that `tools/make_corpus.py` made.

    python tools/train_model.py [--corpus .corpus] [--out mojifix/language]

Writes `model.bin`, `lexicon.bin`, `words.txt`, `letters.txt`, `trigrams.txt`, `pictures.txt` and
their metadata, `model.json`; the same corpus gives the same bytes. Lines whose digest ends in 00
are held out: the cross-entropy printed at the end is measured on them.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mojifix.language import lexicon
from mojifix.language.identification import SMALLEST, STEP, UNLISTED, ascii_trigrams
from mojifix.language.lexicon import LONGEST, SHORTEST
from mojifix.language.ngrams import KINDS, MOST, UNIGRAM_STEP, Trigrams, fold, pack, trigrams_of

Keys = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.float64]

BIGRAMS = 142_000
TRIGRAMS = 393_400
"""How many are kept: with the lexicon they take 2.9 MB of the wheel, which is compressed."""

OF_KINDS = 8_000
"""How many trigrams of kinds are kept beside them."""

CONTEXTS = 20_000
"""How many single code points have a back-off weight."""

WORDS_SHARE = 0.25
"""The share of a language's mass that comes from its word list rather than from running text."""

WEIGHTS = {"en": 10.0, "code": 5.0, "zh-Hans": 24.0, "zh-Hant": 12.0, "ja": 14.0, "ko": 14.0}
WEIGHTS |= {"ru": 4.0} | dict.fromkeys(("de", "fr", "es"), 3.0)
WEIGHTS |= dict.fromkeys(("pt", "it", "pl", "uk", "cs"), 2.0)
WEIGHTS |= dict.fromkeys(("th", "be", "et", "eu", "gl", "hy", "ka", "kk", "sr"), 1.0)
"""The mass of a language in the mixture. By their share in public files."""

OTHERS, LESSER = 1.0, 0.4
"""The mass of every other language: of one that wordfreq has words of, and of one that it lacks."""

MASS = 4e6
"""Characters that a weight of 1 stands for: it sets how much is trusted that was seen once."""

COMMON = 300
"""Words of each language by which it is told from others."""

OWN_SCRIPT = frozenset(("zh", "ja", "ko", "ta", "hi", "bn"))
"""Languages that their script tells; English words among theirs would tell nothing."""

LEXICON_BYTES = 1_500_000
"""Size of the lexicon: about fifteen bits a word."""

ENGLISH_WORDS = 10_000
"""Words of English among the commonest of which those in ASCII are known, too."""

LEXICON_WORDS = 50_000
LEXICON = {"zh": 120_000, "ja": 70_000, "ar": 40_000, "he": 40_000, "mk": 10_000, "fa": 15_000}
"""Commonest words of a language of which those beyond ASCII are in the lexicon."""

UNSPACED = frozenset(("zh", "ja", "ko"))
"""Languages in which short words are looked for inside of runs of letters."""

STEMS_OF_TEXT = ("ko",)
"""Languages whose words, stems with what follows them, are taken from running text as well."""

WORDS_OF_TEXT = frozenset(
    (
        "af",
        "ast",
        "br",
        "cy",
        "eo",
        "et",
        "eu",
        "fy",
        "ga",
        "gd",
        "gl",
        "hsb",
        "lb",
        "nds",
        "nn",
        "oc",
        "sq",
    )
)
"""Languages that wordfreq lacks, of which the words are taken from running text: those of at least
300,000 characters whose letters and words are unlike those of their neighbours."""

VOWELS = frozenset("aeiouy")
"""Letters that are words; others are placeholders: %s."""

MARKUP = 4
"""Letters that a common word of English has at least if it is markup in text of another one."""

NO_LEXICON = frozenset(("bn", "hi", "ta", "ur"))
"""Languages whose script no charset of the channels has."""

FOREIGN = 0.004
"""Share of letters beyond ASCII below which a language has none of its own."""

UNSEEN, IMPOSSIBLE = 1e-9, 1e-11
"""Probability of a character that the corpus lacks; of a control, private-use or unassigned one."""

PICTURE = 3e-7
"""Probability of an emoji: the corpus has few of what people write to each other."""

SYMBOLS = (0x26, 0x27, 0x2B)
PICTURES = (0x1F3, 0x1F4, 0x1F5, 0x1F6, 0x1F9)
"""Blocks of 256 code points with many emoji, and those that are mostly that."""

ASCII_TRIGRAMS, ASCII_UNSEEN = 3050, 2e-5
"""How many trigrams of ASCII letters tell languages apart, and the share of one that is unseen."""

LONGEST_SAMPLE = 3_000_000
"""Characters of running text of which they are counted."""

SAME_LANGUAGE = {
    "sh": ("hr", "bs"),
    "az": ("crh",),
    "fur": ("lij", "lmo", "nap", "pms", "roa", "an"),
    "jv": ("su", "ilo"),
    "li": ("ksh", "wa"),
    "sw": ("xh",),
}
"""Languages with others that are told together with them, or that stand for others of their kind.
"""

OTHER_SCRIPTS = frozenset(("ar", "bg", "el", "fa", "he", "mk", "ru", "uk", "ur"))
"""Languages with common words that are not written in Latin letters."""

_M21 = np.uint64(0x1FFFFF)
_S21, _S42 = np.uint64(21), np.uint64(42)


@dataclass(frozen=True)
class Table:
    """Sorted keys of n-grams (21 bits a code point) and their weighted counts."""

    keys: Keys
    counts: Counts

    def get(self, keys: Keys) -> Counts:
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.counts[at], 0.0)


def held_out(line: str) -> bool:
    return zlib.crc32(line.encode()) % 256 == 0


def code_points(text: str) -> Keys:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def trigram_counts(text: str) -> Table:
    c = code_points(text)
    keys, counts = np.unique(c[:-2] << _S42 | c[1:-1] << _S21 | c[2:], return_counts=True)
    return Table(keys, counts.astype(np.float64))


def word_counts(path: Path, spaced: bool) -> Table:
    words, frequencies = [], []
    for line in path.read_text("utf-8").splitlines():
        word, _, frequency = line.partition("\t")
        # Where words are not spaced, what stands before one is unknown: U+0000.
        words.append(fold(f" {word} " if spaced else f"\0\0{word}"))
        frequencies.append(float(frequency))
    text = "".join(words)
    lengths = np.array([len(w) for w in words])
    weight = np.repeat(np.array(frequencies), lengths)
    owner = np.repeat(np.arange(len(words)), lengths)
    c = code_points(text)
    inside = owner[:-2] == owner[2:]
    keys = (c[:-2] << _S42 | c[1:-1] << _S21 | c[2:])[inside]
    return merged([Table(keys, weight[:-2][inside])])


def totals(groups: npt.NDArray[np.int64], weights: Counts) -> Counts:
    """Return the sum of the weights of every group."""
    return np.bincount(groups, weights=weights).astype(np.float64)


def merged(tables: list[Table]) -> Table:
    keys = np.concatenate([t.keys for t in tables])
    counts = np.concatenate([t.counts for t in tables])
    unique, inverse = np.unique(keys, return_inverse=True)
    return Table(unique, totals(inverse, counts))


def scaled(table: Table, mass: float) -> Table:
    return Table(table.keys, table.counts * (mass / table.counts.sum()))


def language_counts(corpus: Path, language: str) -> tuple[Table | None, int, int, list[str]]:
    """Return the weighted trigrams of a language, its characters, its words, and held-out lines."""
    text_file = corpus / "text" / f"{language}.txt"
    words_file = corpus / "words" / f"{language.split('-', maxsplit=1)[0]}.tsv"
    if language == "zh-Hant":
        words_file = corpus / "words" / "none"
    usual = OTHERS if words_file.exists() else LESSER
    mass = MASS * WEIGHTS.get(language, usual)
    tables, characters, words, held = [], 0, 0, []
    if text_file.exists():
        lines = text_file.read_text("utf-8").split("\n")
        held = [line for line in lines if held_out(line)]
        text = fold("\n\n" + "\n\n".join(line for line in lines if not held_out(line)) + "\n")
        characters = len(text)
        counts = trigram_counts(text)
        # Text that is scarce can't carry the whole mass of its language: it would pass for more
        # than was seen.
        tables.append(scaled(counts, min(mass, 10.0 * characters)))
    if words_file.exists():
        counts = word_counts(words_file, language not in ("zh-Hans", "ja"))
        words = sum(1 for _ in words_file.open(encoding="utf-8"))
        share = WORDS_SHARE if tables else 1.0
        tables.append(scaled(counts, mass * share))
    return (merged(tables) if tables else None), characters, words, held


def lower_order(table: Table) -> Table:
    """Return the counts of the last n-1 code points of every n-gram."""
    return merged([Table(table.keys & np.uint64((1 << 42) - 1), table.counts)])


def group(contexts: Keys, counts: Counts) -> tuple[Counts, Counts]:
    """Return the sum and the Witten-Bell share of novelty of every row's context."""
    _, inverse = np.unique(contexts, return_inverse=True)
    sums = totals(inverse, counts)
    # A type weighs no more than it was seen, so that scarce languages are not all novelty.
    types = totals(inverse, np.minimum(counts, 1.0))
    return sums[inverse], (types / (sums + types))[inverse]


def back_off(
    contexts: Keys, kept: npt.NDArray[np.bool_], p: Counts, lower: Counts
) -> tuple[Keys, Counts]:
    """Return the contexts and the log weights with which they back off to the lower order."""
    unique, inverse = np.unique(contexts, return_inverse=True)
    seen = totals(inverse, np.where(kept, p, 0.0))
    below = totals(inverse, np.where(kept, lower, 0.0))
    weight = np.maximum(1 - seen, 1e-4) / np.maximum(1 - below, 1e-4)
    return unique, np.log(np.minimum(weight, 1.0))


def unigram_scores(counts: Table) -> npt.NDArray[np.float64]:
    """Return the log probability of each stored unigram slot."""
    total = counts.counts.sum()
    p = np.full(0x110000, UNSEEN)
    for code_point in range(0x110000):
        if unicodedata.category(chr(code_point)) in ("Cc", "Cs", "Co", "Cn"):
            p[code_point] = IMPOSSIBLE
    seen = dict(zip(counts.keys.tolist(), (counts.counts / total).tolist(), strict=True))
    for code_point in range(0x10000):
        if not 0xD800 <= code_point < 0xF900:
            p[code_point] += seen.get(code_point, 0.0)
    astral = p[0x10000:].reshape(-1, 256).mean(axis=1)
    # What was counted is folded: a character stands for its whole block.
    astral += [seen.get(0xE000 + block, 0.0) / 256 for block in range(len(astral))]
    for block in PICTURES:
        astral[block - 0x100] += PICTURE
    return np.asarray(np.log(np.concatenate([p[:0x10000], astral])), dtype=np.float64)


def best(gain: Counts, number: int) -> npt.NDArray[np.bool_]:
    kept = np.zeros(len(gain), dtype=bool)
    kept[np.argsort(-gain, kind="stable")[:number]] = True
    return kept & (gain > 0)


def within_limit(firsts: Keys, gain: Counts, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which n-grams are among the `MOST` best of those kept with the same first one."""
    within = np.ones(len(gain), dtype=bool)
    counts = np.bincount(firsts[kept].astype(np.int64))
    for first in np.flatnonzero(counts > MOST):
        own = np.flatnonzero(kept & (firsts == np.uint64(first)))
        within[own[np.argsort(-gain[own], kind="stable")[MOST:]]] = False
    return within


def kinds_of(code_points: Keys) -> Keys:
    """Return code points with the kind of each letter in its place."""
    kinds = code_points.copy()
    for (start, end), name in KINDS.items():
        kinds[(code_points >= start) & (code_points < end)] = ord(name)
    return kinds


def by_kind(three: Table, lower: Counts) -> tuple[Keys, Counts, npt.NDArray[np.bool_]]:
    """Return the key of each trigram's kinds, its probability, and which trigrams have one.

    Those that end with anything but a letter, and have one before. `lower` are the probabilities of
    their last characters alone.
    """
    a, b, c = three.keys >> _S42, three.keys >> _S21 & _M21, three.keys & _M21
    kind_a, kind_b, kind_c = kinds_of(a), kinds_of(b), kinds_of(c)
    near = (kind_a != a) | (kind_b != b)
    keys = kind_a << _S42 | kind_b << _S21 | c
    has = near & (kind_c == c)
    p = np.zeros(len(keys))
    table = merged([Table(keys[near], three.counts[near])])
    sums, novelty = group(table.keys >> _S21, table.counts)
    at = np.searchsorted(table.keys, keys[near])
    p[near] = (1 - novelty[at]) * table.counts[at] / sums[at] + novelty[at] * lower[near]
    return keys, p, has


def kinds_worth(
    keys: Keys, counts: Counts, p: Counts, lower: Counts, has: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return which trigrams' kinds are among the `OF_KINDS` that tell most."""
    _, inverse = np.unique(keys, return_inverse=True)
    gain = totals(inverse, np.where(has, counts * np.log(np.where(has, p, 1.0) / lower), 0.0))
    return np.asarray(has & best(np.abs(gain), OF_KINDS)[inverse], dtype=np.bool_)


def build(three: Table) -> bytes:
    two, one = lower_order(three), None
    one = merged([Table(two.keys & _M21, two.counts)])
    uni = unigram_scores(one)
    p1 = np.exp(-np.rint(-uni / UNIGRAM_STEP) * UNIGRAM_STEP)

    def p_one(code_points: Keys) -> Counts:
        c = code_points.astype(np.int64)
        # Folded blocks beyond the first plane.
        return p1[np.where((c >= 0xE000) & (c < 0xF000), c + 0x2000, c)]

    context = two.keys >> _S21
    sums, novelty = group(context, two.counts)
    lower = p_one(two.keys & _M21)
    p2 = (1 - novelty) * two.counts / sums + novelty * lower
    _, p_pairs, pairs_have = by_kind(two, lower)

    context3 = three.keys >> _S21
    sums, novelty = group(context3, three.counts)
    at = np.searchsorted(two.keys, three.keys & np.uint64((1 << 42) - 1))
    p3 = (1 - novelty) * three.counts / sums + novelty * p2[at]
    gain3 = np.abs(three.counts * np.log(p3 / p2[at])) * (three.keys >> _S42 > 0)

    # A bigram earns its place by its own gain and by that of the best trigrams behind it, which
    # can't be stored without it.
    behind = np.minimum(np.searchsorted(two.keys, context3), len(two.keys) - 1)
    is_behind = two.keys[behind] == context3
    likely3 = best(gain3 * is_behind, TRIGRAMS)
    gain2 = np.abs(two.counts * np.log(p2 / np.where(pairs_have, p_pairs, lower))) * (context > 0)
    gain2 += 0.5 * np.bincount(behind, np.where(likely3, gain3, 0.0), minlength=len(gain2))
    contexts = min(len(np.unique(context)), CONTEXTS)
    kept2 = best(gain2, BIGRAMS)

    # What no kept bigram tells, the kinds of the letters before do.
    last = p_one(three.keys & _M21)
    kind_keys, p_kind, has_kind = by_kind(three, last)
    second = three.keys >> _S21 & _M21
    told = kept2[at] & (kinds_of(second) != second)
    below = np.where(kept2[at], p2[at], last)
    kept_kinds = kinds_worth(kind_keys, three.counts, p_kind, below, has_kind & ~told)
    lower3 = np.where(kept_kinds, p_kind, p2[at])
    p3 = (1 - novelty) * three.counts / sums + novelty * lower3
    gain3 = np.abs(three.counts * np.log(p3 / lower3)) * (three.keys >> _S42 > 0) * is_behind
    kept3 = best(np.where(kept2[behind], gain3, 0.0), TRIGRAMS)
    kept3 &= within_limit(three.keys >> _S42, gain3, kept3)
    weight3_keys, weight3 = back_off(context3, kept3, p3, lower3)
    weight2_keys, weight2 = back_off(context, kept2, p2, lower)
    at2 = np.minimum(np.searchsorted(weight3_keys, two.keys), len(weight3_keys) - 1)
    bow3 = np.where(weight3_keys[at2] == two.keys, weight3[at2], 0.0)

    def text(key: int, length: int) -> str:
        return "".join(chr(key >> 21 * place & 0x1FFFFF) for place in reversed(range(length)))

    bigrams = {
        text(int(k), 2): (math.log(p), w)
        for k, p, w in zip(two.keys[kept2], p2[kept2], bow3[kept2], strict=True)
    }
    of_kinds = dict(zip(kind_keys[kept_kinds].tolist(), p_kind[kept_kinds].tolist(), strict=True))
    bigrams |= {text(key >> 21, 2): (0.0, 0.0) for key in of_kinds} | bigrams
    trigrams_of_kinds = {text(key, 3): math.log(p) for key, p in of_kinds.items()}
    order = np.argsort(-np.bincount(np.searchsorted(weight2_keys, context), weights=two.counts))
    singles = {chr(int(weight2_keys[i])): float(weight2[i]) for i in order[:contexts]}
    trigrams = {
        text(int(k), 3): math.log(p) for k, p in zip(three.keys[kept3], p3[kept3], strict=True)
    }
    slots = np.clip(np.rint(-uni / UNIGRAM_STEP), 0, 255).astype(np.uint8).tobytes()
    return pack(slots, singles, bigrams, trigrams | trigrams_of_kinds)


def english_words(corpus: Path) -> Iterator[str]:
    """Yield the commonest words of English that have `SHORTEST` letters at least."""
    lines = (corpus / "words" / "en.tsv").read_text("utf-8").splitlines()
    for line in lines[:ENGLISH_WORDS]:
        word = line.split("\t")[0].casefold()
        if word.isascii() and word.isalpha() and len(word) >= SHORTEST:
            yield word


def known_words(corpus: Path) -> list[str]:
    """Return the words that the lexicon knows, in lower case: beyond ASCII, and common English."""
    found = set(english_words(corpus))
    for path in sorted((corpus / "words").glob("*.tsv")):
        if path.stem in NO_LEXICON:
            continue
        words = (line.split("\t")[0].casefold() for line in path.read_text("utf-8").splitlines())
        unspaced = path.stem in UNSPACED
        own = [
            word
            for word in itertools.islice(words, LEXICON.get(path.stem, LEXICON_WORDS))
            if word.isalpha()
            and not word.isascii()
            and (2 <= len(word) <= LONGEST if unspaced else len(word) >= SHORTEST)
        ]
        found.update(own)
    for language in STEMS_OF_TEXT:
        text = (corpus / "text" / f"{language}.txt").read_text("utf-8")
        counts = Counter(re.findall(rf"[가-힣]{{2,{LONGEST}}}", text))
        found.update(word for word, count in counts.items() if count > 1)
    for language in WORDS_OF_TEXT:
        counts = words_of_text(corpus, language)
        far = (word for word in counts if not word.isascii() and len(word) >= SHORTEST)
        found.update(word for word in far if counts[word] > 1)
    return sorted(found)


@cache
def words_of_text(corpus: Path, language: str) -> Counter[str]:
    """Return how often each word stands in the running text of a language, in lower case.

    Without those of English that are markup and names there, and but for vowels of ASCII, without
    single letters: they are placeholders, or what damage leaves.
    """
    text = (corpus / "text" / f"{language}.txt").read_text("utf-8")
    english = {word for word in english_words(corpus) if len(word) >= MARKUP}
    words = map(str.casefold, re.findall(r"[^\W\d_]+", text))
    return Counter(
        word for word in words if word not in english and (len(word) > 1 or word in VOWELS)
    )


def languages_of_words(corpus: Path) -> list[str]:
    """Return the languages of which words are known and that their script does not tell."""
    listed = {path.stem for path in (corpus / "words").glob("*.tsv")}
    return sorted((listed | set(WORDS_OF_TEXT)) - OWN_SCRIPT)


def letters_of(corpus: Path) -> str:
    """Return the letters beyond ASCII of each language in `common_words`, a line each.

    Its name, and each letter with its share among them, in thousandths.
    """
    lines = []
    for language in languages_of_words(corpus):
        text = corpus / "text" / f"{language}.txt"
        if not text.exists():
            continue
        counts = Counter(text.read_text("utf-8"))
        own = {c: n for c, n in counts.items() if "\x80" <= c < "\u2e80" and c.isalpha()}
        total = sum(own.values())
        if total < FOREIGN * sum(n for char, n in counts.items() if char.isalpha()):
            continue
        shares = {char: round(1000 * n / total) for char, n in own.items()}
        kept = sorted((char for char in own if shares[char]), key=lambda char: (-own[char], char))
        lines.append(" ".join((language, *(f"{char}{shares[char]}" for char in kept))))
    return "\n".join(lines) + "\n"


def pictures(corpus: Path) -> str:
    """Return the emoji in wordfreq's words, each with its share among them in millionths.

    And symbols of the first plane that are used like them.
    """
    counts: Counter[str] = Counter()
    for path in sorted((corpus / "words").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            word, count = line.split("\t")[:2]
            for char in word:
                if ord(char) >> 8 in (*SYMBOLS, *PICTURES):
                    counts[char] += int(float(count))
    total = sum(counts.values())
    shares = {char: round(1e6 * count / total) for char, count in counts.items()}
    kept = sorted(filter(shares.get, shares), key=lambda char: (-shares[char], char))
    return " ".join(f"{char}{shares[char]}" for char in kept) + "\n"


def common_words(corpus: Path) -> str:
    """Return the commonest words of each language that its script does not tell, a line each."""
    lines = []
    for language in languages_of_words(corpus):
        counts: Mapping[str, float]
        if language in WORDS_OF_TEXT:
            counts = words_of_text(corpus, language)
        else:
            listed = (corpus / "words" / f"{language}.tsv").read_text("utf-8").splitlines()
            pairs = (line.split("\t") for line in listed)
            counts = {word: float(count) for word, count in pairs}
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        words = [word for word in ranked if word.isalpha()][:COMMON]
        lines.append(" ".join((language, *words)))
    return "\n".join(lines) + "\n"


def common_trigrams(corpus: Path) -> str:
    """Return the trigrams of ASCII letters and spaces that tell Latin languages apart, a line each.

    The first line names the languages; then follow a trigram and a letter for each language, its
    weight beside the mean of all.
    """
    shares: dict[str, dict[bytes, float]] = {}
    for language in sorted({*languages_of_words(corpus), *UNLISTED}):
        if language not in OTHER_SCRIPTS:
            shares[language] = trigram_shares(corpus, language)
    mean: Counter[bytes] = Counter()
    for own in shares.values():
        mean.update({trigram: share / len(shares) for trigram, share in own.items()})
    kept = sorted(mean, key=lambda trigram: (-mean[trigram], trigram))[:ASCII_TRIGRAMS]
    lines = [" ".join(shares)]
    for trigram in sorted(kept):
        usual = math.log(mean[trigram] + ASCII_UNSEEN)
        beside = (math.log(own.get(trigram, 0.0) + ASCII_UNSEEN) - usual for own in shares.values())
        steps = (max(SMALLEST, min(-SMALLEST, round(weight / STEP))) for weight in beside)
        letters = "".join(chr(ord("a") + step - SMALLEST) for step in steps)
        lines.append(trigram.decode() + letters)
    return "\n".join(lines) + "\n"


def trigram_shares(corpus: Path, language: str) -> dict[bytes, float]:
    """Return the share of each trigram of ASCII letters and spaces in a language."""
    tables = []
    texts = [corpus / "text" / f"{one}.txt" for one in (language, *SAME_LANGUAGE.get(language, ()))]
    counts: Counter[bytes] = Counter()
    for path in filter(Path.exists, texts):
        for line in path.read_text("utf-8")[:LONGEST_SAMPLE].splitlines():
            counts.update(trigrams_of_ascii(line))
    tables.append(counts)
    listed = corpus / "words" / f"{language}.tsv"
    if listed.exists():
        counts = Counter()
        for line in listed.read_text("utf-8").splitlines():
            word, frequency = line.split("\t")[:2]
            for trigram in trigrams_of_ascii(word):
                counts[trigram] += int(float(frequency))
        tables.append(counts)
    tables = [table for table in tables if table]
    shares: Counter[bytes] = Counter()
    for table in tables:
        total = sum(table.values()) * len(tables)
        shares.update({trigram: count / total for trigram, count in table.items()})
    return dict(shares)


def trigrams_of_ascii(text: str) -> list[bytes]:
    """Return the trigrams of a text without gaps."""
    return [trigram for trigram in ascii_trigrams(text) if b"?" not in trigram]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path(".corpus"))
    parser.add_argument("--out", type=Path, default=Path("mojifix/language"))
    args = parser.parse_args()
    languages = {p.stem for p in (args.corpus / "text").glob("*.txt")}
    languages |= {p.stem for p in (args.corpus / "words").glob("*.tsv")} - {"zh"}
    tables, metadata, held = [], {}, {}
    for language in sorted(languages):
        table, characters, words, held[language] = language_counts(args.corpus, language)
        if table:
            tables.append(table)
            metadata[language] = {"characters": characters, "words": words}
    (args.out / "words.txt").write_text(common_words(args.corpus), "utf-8")
    words_known = known_words(args.corpus)
    packed = lexicon.pack(words_known, LEXICON_BYTES)
    (args.out / "lexicon.bin").write_bytes(packed)
    (args.out / "letters.txt").write_text(letters_of(args.corpus), "utf-8")
    (args.out / "trigrams.txt").write_text(common_trigrams(args.corpus), "utf-8")
    (args.out / "pictures.txt").write_text(pictures(args.corpus), "utf-8")
    binary = build(merged(tables))
    (args.out / "model.bin").write_bytes(binary)
    sources = Path(__file__).with_name("corpus.toml").read_bytes()
    described = {
        "sha256": hashlib.sha256(binary).hexdigest(),
        "bytes": len(binary),
        "licence": "CC-BY-SA-4.0",
        "sources_sha256": hashlib.sha256(sources).hexdigest(),
        "bigrams": BIGRAMS,
        "trigrams": TRIGRAMS,
        "lexicon": {
            "sha256": hashlib.sha256(packed).hexdigest(),
            "bytes": len(packed),
            "words": len(words_known),
        },
        "languages": metadata,
    }
    (args.out / "model.json").write_text(json.dumps(described, indent=1) + "\n", "utf-8")
    model = Trigrams(binary)
    print(f"{len(binary):,} bytes; nats per character on held-out lines:")
    for language, lines in sorted(held.items()):
        sample = lines[:400]
        characters = sum(map(len, sample))
        if characters:
            nats = -sum(model[t] for line in sample for t in trigrams_of(line)) / characters
            print(f"  {language:8} {nats:.3f}  ({characters:,} characters)")


if __name__ == "__main__":
    main()
