"""Words that need an explanation: improbable ones, and those that are known otherwise."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from mojifix.charsets.charset import Charset, decode, encode
from mojifix.charsets.registry import CHARSETS, PRIORS, READERS, UNICODE, bytes_of, has_all
from mojifix.language import known_words, trigrams
from mojifix.language.contractions import contractions, joined_by
from mojifix.language.lexicon import COMMAS, folded
from mojifix.language.writing import small as small_letters
from mojifix.repair.gate.floors import is_ideograph

STRANGE, PAIR, MEAN = -11.0, -18.0, -5.5
"""Log probability of a character, of two neighbours together and of a character on average, below
which a word needs an explanation. Of the words of fixtures/dev one in eight lies below one of them,
of the same words sent through all channels all but one in seventy."""

TRIPLE, WIDE_MEAN = -42.0, -9.5
"""The same for text of which most is East Asian: of three neighbours together, and on average."""

CAPITALS, ALL_CAPITALS = -2.0, -4.0
"""Log weight of a word with a capital and of one in capitals, beside that of the same word in small
letters."""

VOWEL = -2.5
"""Log weight of a mark for a vowel in Arabic: the model saw next to none."""

SPELLED, BETTER = 3, 1.0
"""Letters, at least, of an unknown word that may be a known one in another charset, and the log
weight by which it is likelier then. On development samples three more legacy sentences of 40 are
repaired by looking at such words, and not one more clean line of 185,000 is changed."""

KNOWN_LETTERS = 4
"""Letters that a word has at least if it is taken to be what it is because it is known."""

PUNCTUATION = string.punctuation + "“”„’‘«»…—–"
"""What stands around words."""


@lru_cache(maxsize=1 << 16)
def is_strange(word: str) -> bool:
    """Tell whether a word between spaces is improbable or shows by its look that it is damaged."""
    if _is_known_by_look(word):
        return True
    if "—" in word and _BETWEEN.search(word):
        return any(map(is_strange, _BETWEEN.split(word)))
    alone = _ALONE.fullmatch(word)
    if alone:
        return _may_be_mark(alone[1])
    return _is_improbable(word)


def _is_improbable(word: str) -> bool:
    """Tell whether a word is improbable, as a whole or in some place."""
    model = trigrams()
    word = _VOWEL_MARK.sub("", _UNIT.sub("m", word))
    padded = f", {word} "
    scores = [model[padded[i : i + 3]] for i in range(len(word) + 1)]
    wide = [weight for char, weight in zip(word, scores, strict=False) if char >= "\u2e80"]
    if len(wide) * 2 > len(word):
        if sum(scores) < WIDE_MEAN * len(scores) or _is_unjapanese(word):
            return True
        # Signs around letters are probable whatever those are.
        if 1 < len(wide) < len(word) and sum(wide) < WIDE_MEAN * len(wide):
            return True
        narrow = (match.start() for match in _NARROW.finditer(word))
        if any(scores[at] + scores[at + 1] < PAIR for at in narrow):
            return True
        return any(
            a + b + c < TRIPLE for a, b, c in zip(scores, scores[1:], scores[2:], strict=False)
        )
    if sum(scores) < MEAN * len(scores) or min(scores[1:], default=0.0) < STRANGE:
        return True
    return any(a + b < PAIR for a, b in itertools.pairwise(scores))


_NARROW = re.compile("[\x80-\u2dff](?=[\x80-\u2dff])")
"""Two characters of other writing inside of a text of East Asia."""

_BETWEEN = re.compile("(?<=[a-z?!.,”’])—(?=[A-Za-z“‘])")
"""A dash without spaces, as in English: what is on both sides of it are words of their own."""


def _is_known_by_look(word: str) -> bool:
    """Tell whether a mark of English stands in a word as what charsets make of it.

    Or a letter does, as a sign: f”rra, —оздать.
    """
    return (
        any(apostrophes(word))
        or bool(_QUOTES_CUT_SHORT.search(word))
        or is_contraction(word)
        or is_joined(word)
        or (bool(_SIGN_INSIDE.search(word)) and is_misspelled(word))
        or is_beheaded(word)
    )


_BEHEADED = re.compile(r"([^\x00-\xa0А-Яа-яё])(?<![^\s(\[\"].)([а-яё]{4,})(?![^\W_])")
"""A Russian word whose first letter is none, or of another language."""


def is_beheaded(text: str) -> bool:
    """Tell whether a capital of a Russian or Bulgarian word is a sign: —оздать.

    Those are all that the charsets of Windows and of the Macintosh do not agree on, but for a few.
    """
    return any(map(_is_beheaded, _BEHEADED.finditer(text)))


def _is_beheaded(word: re.Match[str]) -> bool:
    first, rest = word.groups()
    known = known_words()
    return rest not in known and any(
        capital.lower() + rest in known for capital in _capitals().get(first, ())
    )


@cache
def _capitals() -> Mapping[str, Sequence[str]]:
    """Return the Cyrillic capitals that one of two charsets has where the other has a character."""
    found: dict[str, list[str]] = {}
    for names in itertools.permutations(("cp1251", "mac-cyrillic")):
        for char, was in _pairs(*(CHARSETS[name] for name in names)).items():
            if "А" <= was <= "Я":
                found.setdefault(char, []).append(was)
    return found


_SIGN = r"(?<=[^\W\d_])[^\w\x00-\xa0](?=[^\W\d_])"
"""What stands between letters and is none."""

_SIGN_INSIDE = re.compile(_SIGN)


def _is_unjapanese(word: str) -> bool:
    """Tell whether a word with kana has Han characters that no Japanese charset has."""
    if not _JAPANESE.search(word):
        return False
    return not has_all(filter(is_ideograph, word), "cp932")


_JAPANESE = re.compile("[\u3041-\u3096\u30a1-\u30fa]")

_CUT_SHORT = contractions("â", "â€")
"""Words like `don’t`, `it’s` and `l’homme` of which UTF-8 was read as Latin-1 and controls were
removed, or as cp1252 and ™ was."""


def apostrophes(text: str) -> Iterator[re.Match[str]]:
    """Return the words of which that is left; the first group is what stands for the apostrophe."""
    return _CUT_SHORT.finditer(text)


def is_apostrophe(text: str, at: int) -> bool:
    """Tell whether `â` at an offset is what is left of an apostrophe, or no letter of a word."""
    following = text[at + 1 : at + 2]
    if not (text[at - 1 : at].isalpha() and (following.isalpha() or following in _QUOTES)):
        return True
    return any(match.start(1) == at for match in apostrophes(text))


_QUOTES = frozenset("‘’")

_QUOTES_CUT_SHORT = re.compile("â[?\ufffd]{2}")

_ALONE = re.compile(
    "[!-/:;<=>@\\[-`{-~、。，：；！（）「」《》【】]*"
    "([\u3400-\u9fff\uac00-\ud7a3])\\1*"
    "[!-/:;<=>@\\[-`{-~、。，：；！（）「」《》【】]*"
)
"""A Han character or syllable of Hangul alone, without a question mark, which may stand for lost
bytes. It is a word like any other: dictionaries are full of them, and the two bytes of one
in ten are UTF-8 by chance."""

_MARKS_BEGIN = re.compile(rb"\xe2[\x80-\x9f]|\xe3\x80|\xef\xbc|\xf0\x9f")
"""How UTF-8 begins what stands alone as well: dashes, arrows, ticks, full-width marks, emoji."""


@lru_cache(maxsize=1 << 10)
def _may_be_mark(char: str) -> bool:
    """Tell whether a character of East Asia may be what is left of a symbol of UTF-8."""
    return any(_MARKS_BEGIN.match(data) for name in READERS for data in bytes_of(char, name))


_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmµμn]?m[²³]|[µμ][a-zA-Z]{1,3}|°[CF])(?![^\W\d_])")
"""Signs of units, which stand in tables without any text of their language."""

OTHER_SCRIPTS = "\u0370"
"""First character of those behind Latin. A single capital of Latin is seldom a word, even at the
beginning of a sentence."""


_DASHES = frozenset("–—")
"""What stands behind words and not behind commas."""


def score(text: str, model: Mapping[str, float], in_capitals: float = ALL_CAPITALS) -> float:
    """Return the log probability of a word between spaces.

    `in_capitals` is that of a word in capitals beside the same one in small letters. Romanian words
    with cedillas are those with commas.
    """
    if "ţ" in text or "Ţ" in text:
        text = text.translate(COMMAS)
    if "¿" in text or "¡" in text:
        text = _OPENED.sub("", text)
    if _VOWEL_MARK.search(text):
        text, vowels = _VOWEL_MARK.subn("", text)
        return score(text, model, in_capitals) + VOWEL * vowels
    padded = f"{'e' if text in _DASHES else ','} {text} "
    weight = sum([model[padded[i : i + 3]] for i in range(len(text) + 1)])
    word = text.strip(PUNCTUATION)
    begins = word[:1].isupper() and (len(word) > 1 or word >= OTHER_SCRIPTS)
    if begins and (text.isupper() or text.istitle()):
        padded = f", {small_letters(text)} "
        small = sum([model[padded[i : i + 3]] for i in range(len(padded) - 2)])
        return max(weight, small + (CAPITALS if text.istitle() else in_capitals))
    return weight


_VOWEL_MARK = re.compile("(?<=[\u0620-\u0652\u066e-\u06d3])[\u064b-\u0652\u0670]")
"""A mark of Arabic for a vowel, or for a doubled letter, behind a letter or another mark."""

_OPENED = re.compile("^[—–«“‘(]+(?=[¿¡])")
"""What opens speech before a question in Spanish: the model saw little of it."""


def is_contraction(word: str) -> bool:
    """Tell whether a word is a contraction whose apostrophe a legacy charset made another one."""
    return bool(_misread().search(word))


def is_joined(word: str) -> bool:
    """Tell whether two words of English are joined by what a legacy charset made of a dash.

    Of small letters that tells nothing: gasómetro.
    """
    return not word.isascii() and known_words().joins(word, _joined())


@cache
def _joined() -> re.Pattern[str]:
    return joined_by("".join(char for char in read_as("—–…") if not char.islower()))


@cache
def _misread() -> re.Pattern[str]:
    # Of what apostrophes are read as, small letters alone stand inside of other words.
    chars = read_as("’")
    small = "".join(filter(str.islower, chars))
    others = "".join(char for char in chars if char not in small)
    wide = "|".join(map(re.escape, _read_from_wide("’")))
    return contractions(f"[{small}]", f"(?:[{others}]|{wide})")


def _read_from_wide(mark: str) -> Sequence[str]:
    """Return what readers make of a mark out of East Asian charsets, if no small letter is in it.

    Charsets of one byte make two characters of it.
    """
    found: dict[str, None] = {}
    for channel in PRIORS:
        writer = CHARSETS[channel.written_as]
        if channel.written_as not in UNICODE and writer.leads:
            data = encode(mark, writer)
            read = decode(data, CHARSETS[channel.read_as]) if data else None
            if read and read != mark and not any(map(str.islower, read)):
                found[read] = None
    return tuple(found)


@cache
def read_as(marks: str) -> str:
    """Return the characters, sorted, that legacy charsets of one byte make of some others."""
    found = {char for table in _exchanged() for char, was in table.items() if was in marks}
    return "".join(sorted(found - set(marks)))


@cache
def comma() -> str:
    """Return the pattern of a comma between cells: before what closes a quotation is none."""
    return f",(?![{read_as('”’')}](?!\\w))"


def _exchanged() -> Iterator[Mapping[str, str]]:
    """Yield, for pairs of legacy charsets of one byte, what characters beyond ASCII were."""
    for channel in PRIORS:
        written, read = CHARSETS[channel.written_as], CHARSETS[channel.read_as]
        if channel.written_as in UNICODE or written.leads or read.leads:
            continue
        yield _pairs(written, read)


def _pairs(written: Charset, read: Charset) -> Mapping[str, str]:
    """Return what characters beyond ASCII were that one charset of one byte makes of another's."""
    both = ((read.table.get(byte, ""), written.table.get(byte, "")) for byte in _FAR)
    return {char: was for char, was in both if "\x80" <= char != was >= "\x80"}


_FAR = [bytes([value]) for value in range(0x80, 0x100)]


@cache
def _spellings() -> Sequence[Mapping[int, int]]:
    """Return, for pairs of charsets of one byte, which letters and signs were Latin letters.

    Beyond ASCII, both.
    """
    found: list[dict[int, int]] = []
    for pairs in _exchanged():
        table = {
            ord(char): ord(was)
            for char, was in pairs.items()
            if (_is_far_latin(char) or not char.isalpha()) and _is_far_latin(was)
        }
        if table and table not in found:
            found.append(table)
    return [own for own in found if not any(own.items() < more.items() for more in found)]


def _is_far_latin(char: str) -> bool:
    """Tell whether a character is a Latin letter beyond ASCII; "" is none."""
    return "\x80" <= char < OTHER_SCRIPTS and char.isalpha()


@lru_cache(maxsize=1 << 14)
def is_odd(word: str) -> bool:
    """Tell whether a word is strange, or unknown and a known one by the letters of a charset.

    That is no sign of damage on its own: many words are, of names above all.
    """
    plain = _PLAIN.fullmatch(word)
    if plain and _is_written(plain[1]):
        return False
    return is_strange(word) or is_misspelled(word)


_PLAIN = re.compile(r"[(\[¿¡]*(?:(?:[cdjlmnst]|[Qq]u|[CDJLMNST])’)?([^\W\d_]+)[.,:;!?)\]]*")
"""A word of letters alone, with what stands around any word, and before it in French."""


def _is_written(word: str) -> bool:
    """Tell whether a word of Latin letters is known; one of ASCII, whether it begins a sentence."""
    if word.isascii():
        return word.istitle()
    if len(word) < KNOWN_LETTERS or max(word) >= OTHER_SCRIPTS:
        return False
    return (word.istitle() or word.islower() or word.isupper()) and folded(word) in known_words()


def is_misspelled(word: str) -> bool:
    """Tell whether another charset makes a likelier word of what is not known in a word."""
    return any(map(_is_misspelled, _LETTERS.findall(word)))


_LETTERS = re.compile(rf"(?:[^\W\d_]|{_SIGN})+")
"""Letters, and signs between them that may be some."""

_OTHERS = re.compile("[\u0370-\u1fff\u2c00-\U0010ffff]")
"""Letters of other scripts than Latin."""


def _is_misspelled(word: str) -> bool:
    if len(word) < SPELLED or word.isascii() or _OTHERS.search(word):
        return False
    known = known_words()
    if folded(word) in known:
        return False
    for table in _spellings():
        was = word.translate(table)
        if was != word and folded(was) in known:
            model = trigrams()
            if score(was, model) > score(word, model) + BETTER:
                return True
    return False
