"""Which charset bytes are in: the language model, chardet and charset-normalizer vote.

Every candidate's decoding is scored as text. What two charsets decode alike is one candidate.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from mojifix.charsets.charset import decode
from mojifix.files.legacy import LEGACY, ODDS, STATEFUL, UNICODE, WIDER, known
from mojifix.language import trigrams
from mojifix.language.alphabets import foreign

WORD = re.compile(rb"[^\x00-\x20]*[\x80-\xff][^\x00-\x20]*")
"""Bytes between ASCII spaces with one beyond ASCII; no character of a legacy charset has a byte
below 0x30 behind its first."""

UTF8_CHARACTER = (
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf][\x80-\xbf])[\x80-\xbf]"
)
"""A pattern of what looks like a character of UTF-8 beyond ASCII."""

_UTF8_WORD = re.compile(
    rb"(?<![^\x00-\x20])(?:[\x21-\x7f]*+%b)+[\x21-\x7f]*+(?![^\x00-\x20])" % UTF8_CHARACTER
)

FIRST_LOOK = 240
"""Bytes of words on which all candidates are compared, and those are dropped that lie `BEHIND`."""

BEHIND = 40.0
"""Nats behind the best one; the right one lay at most 4 behind."""

NEGLIGIBLE = 15.0
"""Nats behind the best one after the vote, at which a candidate is not looked at any more."""

SAMPLE = 3000
"""Bytes of words on which those that are left are compared."""

FOREIGN = 4.0
"""Nats for a letter that does not belong to the others. Of sentences of `fixtures/dev`, all of 500
bytes are right then, instead of 99.0 %, and of 100 bytes 98.6 % instead of 98.0 %."""

WORDS = 10_000
"""Words, repeated ones too, among which the sample is taken."""

WINDOW = 1 << 14
"""Bytes of the file that the other detectors are given, and each part of a large file that words
are taken from."""

GROWTH = 100
"""Bytes by each of which the weight of chardet's log confidence grows by one, from 1 on: it rates
how like a language a text is, and not how probable. A constant weight of 1 was best at 20 bytes,
one of 20 at 5,000 (100 % right instead of 98.7 %)."""

FIRST = 3.0
"""Nats for chardet's first choice, times the logarithm of 1 + bytes / `TELLING`: it is right for
85 % of texts of 20 bytes and for 99.8 % of those of 500, of which we then read 99.8 % instead of
99.5 %."""

TELLING = 50

_TWINS = ("cp1250", "iso-8859-16")
"""Charsets whose bytes are the same in Romanian, with cedillas in one and with commas in the other.
The other detectors have one vote for both."""

UNHEARD_OF, DISMISSED = -5.0, -20.0
"""The log confidence for what chardet does not consider, and the least it may weigh."""

NORMALIZER = 0.5
"""Nats for charset-normalizer's choice: at 20 bytes another 0.1 % become right, later none."""

DECLARED, ASKED = 5.0, 40.0
"""Nats for what the file says it is, which is often wrong, and for what the user says it is."""

TEMPERATURE = 1.5
"""Trigrams overlap, so their evidence counts more than once; at 1.5 the confidence is calibrated
best (the expected error at 20 bytes is 0.006; 0.013 at 1.0, 0.019 at 2.0)."""

STRANGE = -6.5
"""Nats per byte of a text in an unknown charset, or none: right candidates lie at -1.5 to -5."""

CONTEXTS = 64
"""Places at which charsets are compared that read the sample alike, but not all of the file."""

UNKNOWN = -10.0
"""Nats for that as such."""

WIDE = 4096
"""Bytes that are looked at for a charset whose bytes beyond ASCII can't be told."""

HEAD, TAIL = 2048, 1024
"""Bytes at the start and the end of a file in which it may name its charset."""

_ESCAPES = {
    "iso-2022-jp": re.compile(rb"\x1b\$(?:[@B]|\(D)"),
    "iso-2022-kr": re.compile(rb"\x1b\$\)C"),
    "hz": re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}"),
}
"""What switches to characters of two bytes."""

_CEDILLAS = str.maketrans("şţŞŢ", "șțȘȚ")

_DECLARATION = re.compile(
    rb"(?:charset|encoding|coding)[\"']?\s*[:=]\s*[\"']?\s*([A-Za-z][\w.:-]+)"
    rb"|@charset\s+[\"']([\w.:-]+)"
)


class Guess(NamedTuple):
    """A charset and the probability, from 0 to 1, that the text in it is the right one."""

    charset: str
    confidence: float


class _Candidate(NamedTuple):
    """Charsets that decode a sample alike, the commonest first, and the text's log probability."""

    charsets: tuple[str, ...]
    weight: float


def guesses(data: bytes, asked: str | None = None) -> list[Guess]:
    """Return the legacy charsets that `data` may be in, the likeliest first.

    `asked` is the charset that the user names. One charset stands for all that decode the data
    alike. The confidences sum up to less than 1: the rest is for charsets that are not known, and
    for bytes that are no text. Empty when no charset has characters for all bytes.
    """
    telling = _without_utf8(data)
    sample = _sample(telling)
    votes = _Votes(_head(data, WINDOW), _twins(sample), declared(data), asked)
    found = _likely(_by_language(sample), votes)
    found = [
        part
        for one in found
        for part in _told_apart(telling, one._replace(charsets=_able(data, one.charsets)))
    ]
    weights = [one.weight + votes.weight(one.charsets) for one in found]
    unknown = UNKNOWN + STRANGE * len(sample)
    best = max((unknown, *weights))
    shares = [math.exp((weight - best) / TEMPERATURE) for weight in weights]
    total = sum(shares) + math.exp((unknown - best) / TEMPERATURE)
    ranked = sorted(zip(shares, found, strict=True), key=lambda pair: -pair[0])
    return [Guess(votes.preferred(one.charsets), share / total) for share, one in ranked]


def wide(data: bytes, *, whole: bool = True) -> Guess | None:
    """Return the kind of UTF-16 or UTF-32 that bytes with zeros among them are the likeliest in.

    `whole`: nothing follows them.
    """
    weights = {}
    for charset in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        decoder = codecs.getincrementaldecoder(charset)
        try:
            text = decoder().decode(data[:WIDE])
            decoder(UNICODE[charset]).decode(data, whole)
        except UnicodeDecodeError:
            continue
        weights[charset] = naturalness(text), UNKNOWN + STRANGE * len(text)
    if not weights:
        return None
    charset = max(weights, key=weights.__getitem__)
    weight, unknown = weights[charset]
    others = [weight for name, (weight, _) in weights.items() if name != charset]
    return Guess(charset, _share(weight, [unknown, *others]))


def stateful(data: bytes, *, whole: bool = True) -> Guess | None:
    """Return the charset of 7 bits that ASCII bytes are in, if they have its escape sequences.

    `whole`: nothing follows them.
    """
    for charset, escape in _ESCAPES.items():
        if not escape.search(data):
            continue
        decoder = codecs.getincrementaldecoder(STATEFUL[charset])
        try:
            decoder().decode(data, whole)
        except UnicodeDecodeError:
            continue
        head = data[:WIDE]
        text = decoder().decode(head)
        return Guess(charset, _share(naturalness(text), [naturalness(head.decode("ascii"))]))
    return None


def _share(weight: float, others: Iterable[float]) -> float:
    """Return the probability of what has this log weight, beside others."""
    return 1 / (1 + sum(math.exp(min(99.0, (o - weight) / TEMPERATURE)) for o in others))


def declared(data: bytes) -> str | None:
    """Return the charset that a text names at its start or, for editors, at its end."""
    for part in (data[:HEAD], data[-TAIL:]):
        for match in _DECLARATION.finditer(part):
            name = known((match[1] or match[2]).decode("ascii"))
            if name:
                return name
    return None


def naturalness(text: str) -> float:
    """Return the log probability of `text`, in nats."""
    text = unicodedata.normalize("NFC", text)
    weight = _weight(text)
    # Romanian has had commas in Unicode since 1999, and cedillas in older charsets.
    modern = text.translate(_CEDILLAS)
    return weight if modern == text else max(weight, _weight(modern))


def _likeness(text: str) -> float:
    """Return how like a text of one language `text` is, in nats."""
    return naturalness(text) - FOREIGN * foreign(text)


def _weight(text: str) -> float:
    padded = f"\n {text} "
    model = trigrams()
    return sum(
        map(model.__getitem__, map("".join, zip(padded, padded[1:], padded[2:], strict=False)))
    )


class _Votes:
    """What the other detectors, the file itself and the user say about bytes."""

    def __init__(
        self, data: bytes, twins: Sequence[str], said: str | None, asked: str | None
    ) -> None:
        import chardet
        import charset_normalizer

        self._chardet = {
            known(one["encoding"]): one["confidence"]
            for one in reversed(chardet.detect_all(data))
            if one["encoding"]
        }
        self._first = max(self._chardet.values(), default=1.0)
        self._trust = 1 + len(data) / GROWTH
        self._bonus = FIRST * math.log1p(len(data) / TELLING)
        best = charset_normalizer.from_bytes(data).best()
        self._normalizer = {known(name) for name in best.could_be_from_charset} if best else set()
        self._twins = twins
        self._named = {WIDER.get(said or ""): DECLARED, said: DECLARED, asked: ASKED}

    def weight(self, names: Iterable[str]) -> float:
        """Return the log weight, in nats, of a text that is one of these charsets."""
        voted = {*names} if {*self._twins}.isdisjoint(names) else {*names, *self._twins}
        confidence = max(self._chardet.get(name, 0.0) for name in voted)
        ratio = math.log(confidence / self._first) if confidence else UNHEARD_OF
        seconded = not self._normalizer.isdisjoint(voted)
        return (
            max(DISMISSED, self._trust * max(UNHEARD_OF, ratio))
            + self._bonus * (ratio == 0.0)
            + NORMALIZER * seconded
            + max(self._named.get(name, 0.0) for name in names)
        )

    def preferred(self, names: Sequence[str]) -> str:
        """Return the one of `names` that was named with most weight, else the first."""
        return max(names, key=lambda name: self._named.get(name, 0.0))


def _twins(sample: bytes) -> Sequence[str]:
    """Return the `_TWINS` if they differ in a sample only as they do in Romanian."""
    old, new = (decode(sample, LEGACY[name]) for name in _TWINS)
    return _TWINS if old is not None and old.translate(_CEDILLAS) == new else ()


def _likely(found: list[_Candidate], votes: _Votes) -> list[_Candidate]:
    """Return the candidates that may still be the best one."""
    weights = [one.weight + votes.weight(one.charsets) for one in found]
    least = max(weights, default=0.0) - NEGLIGIBLE
    return [one for one, weight in zip(found, weights, strict=True) if weight > least]


def _told_apart(data: bytes, one: _Candidate) -> list[_Candidate]:
    """Return a candidate for each text that charsets which read a sample alike make of `data`."""
    texts = _decoded(data, one.charsets)
    if len(texts) < 2:
        return [one._replace(charsets=tuple(names)) for names in texts.values()]
    firsts = [names[0] for names in texts.values()]
    unlike = bytes(
        byte
        for byte in range(0x80, 0x100)
        if len({decode(bytes([byte]), LEGACY[name]) for name in firsts}) > 1
    )
    places = re.compile(rb".{0,2}[%b].{0,2}" % re.escape(unlike), re.DOTALL)
    contexts = (
        dict.fromkeys(m[0] for m in islice(places.finditer(data), CONTEXTS)) if unlike else ()
    )
    found = []
    for names in texts.values():
        text = decode(b"\n\n".join(contexts), LEGACY[names[0]])
        gain = naturalness(text) + ODDS[names[0]] if text is not None else 0.0
        found.append(_Candidate(tuple(names), one.weight - ODDS[one.charsets[0]] + gain))
    return found


def _by_language(sample: bytes) -> list[_Candidate]:
    """Return the candidates that have characters for all of a sample and are not far behind."""
    names: Iterable[str] = LEGACY
    for limit in (FIRST_LOOK, SAMPLE):
        found = [
            _Candidate(tuple(same), _likeness(text) + ODDS[same[0]])
            for text, same in _decoded(_head(sample, limit), names).items()
        ]
        best = max((one.weight for one in found), default=0.0)
        found = [one for one in found if one.weight > best - BEHIND]
        if len(sample) <= limit:
            break
        names = [name for one in found for name in one.charsets]
    return found


def _sample(data: bytes) -> bytes:
    """Return words of `data` with bytes beyond ASCII, each once, with the letters beside them."""
    words: dict[bytes, None] = {}
    size = 0
    for word in islice(_words(data), WORDS):
        if word not in words:
            words[word] = None
            size += len(word)
            if size > SAMPLE:
                break
    return b"\n\n".join(words)


def _without_utf8(data: bytes) -> bytes:
    """Return `data` without the words that are UTF-8, unless all are.

    They are so by chance or by damage, and say nothing about the charset of the others.
    """
    rest = _UTF8_WORD.sub(b"", data)
    return data if rest.isascii() else rest


def _words(data: bytes) -> Iterator[bytes]:
    for part in _parts(data):
        for match in WORD.finditer(part):
            yield _with_neighbours(part, match)


def _with_neighbours(data: bytes, match: re.Match[bytes]) -> bytes:
    start, end = match.span()
    if start > 1 and data[start - 2] < 0x80:
        start -= 2
    if end + 1 < len(data) and data[end + 1] < 0x80:
        end += 2
    return data[start:end]


def _parts(data: bytes) -> Iterator[bytes]:
    """Yield `data`, if it is large in parts from all over, in the order of a quick look at it."""
    if len(data) <= 2 * WINDOW:
        yield data
        return
    for start in range(0, len(data), len(data) // 8):
        part = data[start : start + WINDOW // 8]
        # The first byte that is certainly no half of a character, the start of the file aside.
        border = re.search(rb"[\x00-\x20]", part) if start else None
        if not start or border:
            yield part[border.end() if border else 0 :]
    yield data


def _head(data: bytes, limit: int) -> bytes:
    """Return about `limit` bytes of `data` that end where a character does, if that can be told."""
    if len(data) <= limit:
        return data
    end = max(data.rfind(b" ", 0, limit), data.rfind(b"\n", 0, limit))
    return data[:end] if end > 0 else data[:limit]


def _able(data: bytes, names: Iterable[str]) -> tuple[str, ...]:
    """Return those charsets that have characters for all of `data`."""
    return tuple(name for name in names if decode(data, LEGACY[name]) is not None)


def _decoded(data: bytes, names: Iterable[str]) -> dict[str, list[str]]:
    """Return the texts that `data` may be with the charsets of each, the commonest first."""
    texts: dict[str, list[str]] = {}
    for name in names:
        text = decode(data, LEGACY[name])
        if text is not None:
            texts.setdefault(text, []).append(name)
    for same in texts.values():
        same.sort(key=ODDS.__getitem__, reverse=True)
    return texts
