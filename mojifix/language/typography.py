"""What a window of three characters can't see: quotation marks that come in pairs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

QUOTES = frozenset('"“”„«»')
MARKS = frozenset("“”‘’„‚«»‹›–—•‒―…")
"""Marks of which a document has a habit: its own quotation marks, its own dash."""

_CLOSES = {"“": "”", "„": "“”", "«": "»", "»": "«"}

UNPAIRED = -4.0
"""Log weight of a mark that closes nothing, opens inside its own kind, or is never closed. In the
training text about one mark in twenty is unpaired within its line."""

_UNCLOSED = {'"': -8.0}
"""Log weight of `"` that is not closed at the end of its line: in code and data it hardly ever
is."""


def unclosed(open_marks: str) -> float:
    """Return the log weight of marks that are still open at the end of a line."""
    return sum(_UNCLOSED.get(mark, UNPAIRED) for mark in open_marks)


def pair(open_marks: str, mark: str) -> tuple[str, float]:
    """Return the quotation marks that are open after `mark`, and the log weight of `mark` there.

    `open_marks` are the marks open before it: at most one curly or angular one, and `"`.
    """
    if mark == '"':
        return (open_marks.replace(mark, "") if mark in open_marks else open_marks + mark), 0.0
    straight = '"' if '"' in open_marks else ""
    open_mark = open_marks.replace('"', "")
    if open_mark and mark in _CLOSES[open_mark]:
        return straight, 0.0
    if mark in "“„«":
        return mark + straight, UNPAIRED if open_mark else 0.0
    return open_marks, UNPAIRED


def open_after(text: str, open_marks: str = "") -> str:
    """Return the marks that are open after `text`."""
    for mark in _QUOTE.findall(text):
        open_marks, _ = pair(open_marks, mark)
    return open_marks


def lonely(context: str, char: str) -> float:
    """Return the log weight of `char` after two characters that may be a space and a mark.

    A quotation mark leans on a letter on one side at least; only dashes stand between spaces.
    """
    alone = char == " " and context[0] == " " and context[1] in _LEANING
    return UNPAIRED if alone else 0.0


_LEANING = frozenset("“”‘’")
_QUOTE = re.compile('["“”„«»]')

_WORDS = {
    "en": "the of and to is that for it with was his",
    "de": "der die und das ist nicht ein mit auf dem von",
    "fr": "le la les des et est une dans pour que du",
    "es": "el los las que una por con del para como y",
    "pt": "os uma que com para por dos como seu mais em",
    "it": "il che di una per con della sono gli nel e",
    "nl": "het een van en dat niet op zijn voor met de",
    "sv": "och att det som en inte med var har till",
    "da": "og at det som en ikke med var har til af",
    "nb": "og det som en ikke med var har til av jeg",
    "fi": "ja ei oli on se kun hän mutta niin ovat",
    "pl": "i w nie na to do jest jak po od z",
    "cs": "a na je se to v do jako ale byl",
    "sk": "a na je sa to v do ako ale bol",
    "hu": "a az hogy nem egy volt meg csak de mint",
    "ro": "de la nu cu un din pe care este pentru",
    "tr": "bir bu ve de da ne ama gibi kadar sonra",
    "vi": "anh em trong khi cho con ra ta nh",
    "ru": "и в не на что с как но его он",
    "uk": "і в не на що з як але його він",
    "bg": "и в не на че с като но да е",
    "el": "και το να του της με για που δεν τα",
}
"""Words by which a language is told from its neighbours: those that no text does without."""

_HABITS = {
    "en": "“”—", "en-GB": "“”–", "de": "„“–", "fr": "«»—", "es": "«»—", "pt": "“”–", "it": "«»–",
    "nl": "“”–", "sv": "””–", "da": "””–", "nb": "«»–", "fi": "””–", "pl": "„”–", "cs": "„“–", "sk":
    "„“–", "hu": "„”–", "ro": "„”–", "tr": "“”–", "vi": "“”–", "ru": "«»—", "uk": "«»—", "bg":
    "„“–", "el": "«»–", "zh": "“”—", "ko": "“”—", "ja": "“”—",
}  # fmt: skip
"""Opening quotation mark, closing one, and dash between words, after Wikipedia's table "Quotation
mark" (summary table of primary levels) and the Unicode CLDR `delimiters`."""

_KINDS = ("“”„«»‹›", "–—•‒―")
"""Marks of which a document uses one kind and seldom another."""

_TRUST = 3.0
"""How many marks of a document weigh as much as the habit of its language."""

_RARE = 0.004
"""Share of the marks of a kind that are not the habit of the language."""


def language_of(text: str) -> str:
    """Return the language that the commonest words of `text` are from.

    Where that is not clear, English if the text is ASCII for the most part, else `""`.
    """
    if len(re.findall("[가-힣]", text)) * 5 > len(text):
        return "ko"
    if len(re.findall("[\u4e00-\u9fff\u3040-\u30ff]", text)) * 5 > len(text):
        return "ja" if re.search("[\u3040-\u30ff]", text) else "zh"
    words = Counter(re.findall(r"\b[^\W\d_]{1,5}\b", text.lower()))
    counts = {
        language: sum(words[word] for word in known.split()) for language, known in _WORDS.items()
    }
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    clear = counts[first] >= 3 and counts[first] > 1.3 * counts[second]
    if clear:
        return first
    return "en" if len(text.encode("ascii", "ignore")) * 10 > len(text) * 8 else ""


def habits(marks: Iterable[str], language: str) -> Mapping[str, float]:
    """Return the log weight of every mark in a document that has these marks and this language."""
    counts = Counter(marks)
    if language == "en" and counts["‘"] > counts["“"]:
        language = "en-GB"
    weights: dict[str, float] = {}
    for kind in _KINDS:
        usual = [mark for mark in kind if mark in _HABITS.get(language, kind)]
        rare = len(kind) - len(usual)
        seen = sum(counts[mark] for mark in kind)
        shares = {}
        for mark in kind:
            prior = (1 - _RARE * rare) / len(usual) if mark in usual else _RARE
            shares[mark] = (counts[mark] + _TRUST * prior) / (seen + _TRUST)
        top = max(shares.values())
        weights |= {mark: math.log(share / top) for mark, share in shares.items()}
    return weights
