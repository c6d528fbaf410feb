"""Typographic habits of languages: straight quotation marks and dashes as they would be typeset.

Software writes `"` and `'` where books and newspapers write the marks of their language, so
catalogues alone would teach a model that nobody uses them.
"""

from __future__ import annotations

import re
import zlib
from random import Random

_MARKS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("“", "”"),),
    "de": (("„", "“"), ("„", "“"), ("„", "“"), ("»", "«")),
    "cs": (("„", "“"),), "sk": (("„", "“"),), "sl": (("„", "“"), ("»", "«")),
    "bg": (("„", "“"),), "is": (("„", "“"),), "lt": (("„", "“"),), "et": (("„", "“"),),
    "pl": (("„", "”"),), "ro": (("„", "”"),), "hu": (("„", "”"),), "hr": (("„", "”"),),
    "sr": (("„", "”"),), "nl": (("“", "”"), ("„", "”")),
    "fr": (("«\xa0", "\xa0»"), ("«\xa0", "\xa0»"), ("«\u202f", "\u202f»"), ("“", "”")),
    "ru": (("«", "»"), ("«", "»"), ("„", "“")), "uk": (("«", "»"), ("“", "”")),
    "be": (("«", "»"),), "kk": (("«", "»"),), "el": (("«", "»"),), "nb": (("«", "»"),),
    "nn": (("«", "»"),), "fa": (("«", "»"),), "hy": (("«", "»"),), "ca": (("«", "»"),),
    "es": (("«", "»"), ("“", "”")), "it": (("«", "»"), ("“", "”")), "pt": (("“", "”"), ("«", "»")),
    "sv": (("”", "”"),), "fi": (("”", "”"),), "da": (("”", "”"), ("»", "«")),
    "ja": (("「", "」"), ("「", "」"), ("『", "』")), "zh-Hant": (("「", "」"), ("“", "”")),
    "zh-Hans": (("“", "”"),), "lv": (("“", "”"),), "tr": (("“", "”"),), "vi": (("“", "”"),),
    "ko": (("“", "”"),), "ar": (("“", "”"), ("«", "»")), "he": (("”", "”"), ("“", "”")),
}  # fmt: skip
"""Opening and closing marks of each language, repeated by how common they are."""

_EM_DASH = frozenset(("en", "ru", "uk", "be", "es", "it", "fr", "el", "bg", "zh-Hans", "ko", "kk"))
"""Languages that set a dash between spaces as an em dash rather than as an en dash."""

_DIALOGUE = dict.fromkeys(("fr", "es", "ru", "uk", "be", "bg", "pt", "el", "ro", "kk", "sr"), "—")
_DIALOGUE |= dict.fromkeys(("pl", "hu", "sv", "tr", "cs", "sk", "fi", "vi", "hr", "lt"), "–")
"""The dash before direct speech, in the languages that write it so."""


def educate(text: str, language: str) -> str:
    """Return a line of `text` with the marks of `language` in place of straight ones.

    Text without straight marks, and lines that are rather code, come back as they are.
    """
    if re.search(r"[<>{}\\$=|]|\w_\w|://", text):
        return text
    seed = zlib.crc32(text.encode("utf-8"))
    styles = _MARKS.get(language, (("“", "”"),))
    opening, closing = styles[seed % len(styles)]
    text = re.sub(r'"([^"]*)"', rf"{opening}\1{closing}", text)
    if language in ("en", "nl", "lv", "tr", "vi", "ko", "zh-Hans"):
        text = re.sub(r"(^|[\s(“])'([^'\s][^']*)'(?![\w])", r"\1‘\2’", text)
    text = re.sub(r"(?<=[^\W\d])'(?=[^\W\d])", "’", text)
    if language == "en":
        text = re.sub(r"(?<=s)'(?=\s)", "’", text)
    if language == "fr":
        text = re.sub(r" (?=[!?;:])", ("\xa0", "\u202f")[seed % 2], text)
    dash = "—" if language in _EM_DASH and seed % 32 else "–"
    text = re.sub(r"(?<=\S) --? (?=\S)", f" {dash} ", text)
    if language == "en" and seed % 8 == 0:
        text = text.replace(" — ", "—")
    text = re.sub(r"(?<=\d)-(?=\d{1,4}\b)(?!\d+-)", "–", text) if seed % 3 else text
    return re.sub(r"(?<=\S)\.\.\.", "…", text)


def quoting(text: str, language: str) -> str:
    """Return a line of prose with some of its words quoted or set off, as articles and novels do.

    Catalogues hold hardly any direct speech; this is where the model sees marks beside the letters
    and the punctuation of every language. The same line gives the same result.
    """
    styles = _MARKS.get(language, (("“", "”"),))
    words = text.split()
    if len(words) < 5 or re.search(r"[<>{}\\$=|%@#\[\]“”„«»‘—–]|\w_\w|://", text):
        return text
    random = Random(text)
    if language in _DIALOGUE and random.random() < 0.3:
        return f"{_DIALOGUE[language]} {text}"
    opening, closing = styles[random.randrange(len(styles))]
    first = 0 if random.random() < 0.4 else random.randrange(1, len(words) - 1)
    last = len(words) - 1 if random.random() < 0.35 else random.randrange(first, len(words))
    nested = language == "en" and random.random() < 0.15
    if nested:
        opening, closing = "‘", "’"

    def quote(first: int, last: int) -> None:
        words[first] = opening + words[first]
        if language == "en" or words[last][-1] in "!?…":
            words[last] += closing
        else:
            words[last] = re.sub(r"([.,:;]?)$", rf"{closing}\1", words[last], count=1)

    quote(first, last)
    behind = last + random.choice((1, 1, 2, 3))
    if behind + 2 < len(words) and random.random() < 0.5:
        # One speaker after the other, or the same one again.
        words[last] = re.sub(r"\w(?=\W?$)", r"\g<0>" + random.choice(".,?!"), words[last], count=1)
        quote(behind, random.randrange(behind + 1, len(words)))
    dash = "—" if language in _EM_DASH and random.random() < 0.97 else "–"
    if random.random() < 0.35:
        at = random.randrange(1, len(words))
        if language == "en" and random.random() < 0.2:
            words[at - 1 : at + 1] = [words[at - 1] + dash + words[at]]
        else:
            words.insert(at, dash)
    text = " ".join(words)
    if language == "en" and random.random() < 0.4:
        text = re.sub(r"\b(it|that|he|she|there|what|who) is\b", r"\1’s", text)
        text = re.sub(r"\b(is|was|do|does|did|could|would|have|has|are) not\b", r"\1n’t", text)
        text = re.sub(r"\b([a-z]{4,}) of the ([a-z]+)\b", r"\2’s \1", text)
    return text if random.random() < 0.97 else re.sub(r"[.,](?=\s|$)", "…", text, count=1)
