"""Texts and lines that are damaged from end to end: undone by codecs, and judged as a whole.

Bytes are no UTF-8 by chance. Where all of a text, read back through one reader, is UTF-8 with
several characters in it, and what it says shows no damage, no word needs to be looked at. Where it
has few, those make known words.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS, LIKELIEST, bytes_of, parse_channel
from mojifix.language import known_words
from mojifix.language.identification import are_common, is_word_of, told_language
from mojifix.model import Channel, Layer, Policy, Repair
from mojifix.repair.decode.chance import is_utf8_by_chance
from mojifix.repair.decode.cut import may_be_lost
from mojifix.repair.decode.legacy import told_alone
from mojifix.repair.decode.lost import MARKED
from mojifix.repair.decode.readback import read_back
from mojifix.repair.decode.transcode import Transcoder
from mojifix.repair.decode.whole import Whole, told_whole
from mojifix.repair.gate.customary import is_row
from mojifix.repair.gate.lines import WORD
from mojifix.repair.gate.quoted import is_on_topic, told_apart
from mojifix.repair.gate.scripts import is_plain
from mojifix.repair.gate.strange import OTHER_SCRIPTS, PUNCTUATION, is_strange
from mojifix.repair.proof import holds
from mojifix.repair.splice.spans import same_ascii

CONFIDENCE = 0.999
"""Of what is undone here: of 3,400 pieces of `fixtures/dev` that were, none came out wrong, and of
2,001 others one."""

LEAST = 3
"""Characters out of UTF-8 from which on they need not make known words."""

BEGINNING, SAMPLE, STRANGE = 2_000, 50, 0.45
"""Code points from the first one beyond ASCII on in which words are looked at, how many of them,
and the share of them that may be strange."""

LONGEST = 40
"""Code points before the first one beyond ASCII in which its word begins."""

MANY, PLAIN = 10, 0.9
"""Lines from which on a text has plain ones, and the share of those."""

SHOUTED = 2
"""Known words of a text in capitals, at least, and half of all, if those are its own."""

HEAD = 200
"""Code points of a long text that show first whether a reader is worth trying."""

KEPT = 1 << 16
"""Words that are remembered."""

_LAST = re.compile(".*[\x00-\x7f]|", re.DOTALL)
_FAR = re.compile("[^\x00-\x7f]")
_SOME = re.compile(f"(?:[\x00-\x7f]*[^\x00-\x7f]){{{LEAST}}}")
_SPAN = re.compile("[^\x00-\x7f]+(?:[!-~]*[^\x00-\x7f]+| [^\x00-\x7f]+)*")
"""Damaged words or parts of them, joined where one ASCII character is between them."""

IsClean = Callable[[str], bool]


def undone(
    text: str, policy: Policy, is_clean: IsClean, transcoder: Transcoder | None = None
) -> tuple[str, tuple[Channel, ...]] | None:
    """Return what a text was that is damaged from end to end, and the channels in their order.

    None where that is not so, or not sure. `is_clean` tells whether a text shows no damage. A text
    that is a whole document, not one of its lines, has a `transcoder`: it may be out of a legacy
    charset, and where few characters are damaged, known words are enough.
    """
    if policy.min_confidence > CONFIDENCE:
        return None
    found = text
    chain: list[Channel] = []
    while len(chain) < policy.max_layers:
        step = _step(text, policy)
        if step is None and transcoder:
            step = _legacy_step(text, transcoder)
        if step is None:
            return None
        damaged, (text, channel) = text, step
        if not (transcoder or _SOME.match(text)):
            return None
        chain.insert(0, channel)
        if _is_sound(text, is_clean):
            told = _has_several(text) or _is_told(damaged, text)
            quoted = not policy.include_quoted and _is_quoted(found, tuple(chain))
            is_sure = told and not quoted and not is_row(found)
            return (text, tuple(chain)) if is_sure else None
    return None


def _has_several(text: str) -> bool:
    """Tell whether a text has several characters beyond ASCII that are not one again and again."""
    first = _FAR.search(text)
    if first is None or not _SOME.match(text):
        return False
    return not text[:BEGINNING].replace(first.group(), "").isascii()


def _is_quoted(text: str, chain: tuple[Channel, ...]) -> bool:
    """Tell whether some of the damage of a text that went through a chain is there on purpose."""
    return is_on_topic(text) and any(
        repair.kind == "quoted" for repair in told_apart(text, repairs_of(text, chain))
    )


def _is_sound(text: str, is_clean: IsClean) -> bool:
    """Tell whether a text shows no other damage: that of KOI8, for one, is in capitals."""
    first = _FAR.search(text)
    far = first.start() if first else 0
    start = max(text.rfind(" ", 0, far) + 1, far - LONGEST)
    words = text[start : start + BEGINNING].split()
    if not _natural.issuperset(words) and _are_strange(text, words):
        return False
    if text.isupper() and any(map(str.isupper, _FAR.findall(text))):
        # What went through KOI8 is in capitals as well, but hardly a word of it is known.
        words = _beyond_ascii(words)
        known = sum(map(_is_known, words))
        if known < SHOUTED or 2 * known < len(words):
            return False
    if is_plain(text):
        return True
    # A few names in a long text may be strange.
    lines = [line for line in text.split("\n") if not line.isascii()]
    mostly_plain = len(lines) < MANY or sum(map(is_plain, lines)) >= PLAIN * len(lines)
    return mostly_plain and is_clean(text)


_natural: set[str] = set()
"""Words that were found not to be strange: up to `KEPT`."""


def _are_strange(text: str, words: Sequence[str]) -> bool:
    """Tell whether many of the words beyond ASCII at the beginning of a text are strange."""
    sample = _beyond_ascii(words)
    strange = list(filter(is_strange, sample))
    if len(_natural) >= KEPT:
        _natural.clear()
    _natural.update(filter(str.isascii, words))
    _natural.update(set(sample).difference(strange))
    if _SOME.match(text):
        # A letter may be a word: È.
        strange = [word for word in strange if not _is_known(word)]
    return len(strange) > STRANGE * len(sample)


def _beyond_ascii(words: Iterable[str]) -> list[str]:
    return [word for word in words if not word.isascii()][:SAMPLE]


@lru_cache(maxsize=1 << 14)
def _is_known(word: str) -> bool:
    """Tell whether a word is known, or no more than typography.

    What is at a known word is no part of one that nobody knows: в, but not в£; signs of Western
    Europe are. Nor is a letter again and again a word.
    """
    if not _LETTER.search(word):
        return True
    known = (known_words().spelled(word) > 0 and not _AGAIN.search(word)) or are_common(word)
    if not known or max(word) < OTHER_SCRIPTS:
        return known
    return not _LETTER.search(_RUN.sub("", word.strip(PUNCTUATION)))


def _is_told(text: str, before: str) -> bool:
    """Tell whether all words of what a text was are known, and none of its own is so by chance.

    Nor is it told by letters alone that were Han characters alone, 茅 茅 [Mao2] is no é é, unless
    they are words of the language of the words beside them.
    """
    words = [word for word in before.split() if not word.isascii()]
    if not all(map(_is_known, words)):
        return False
    cores = [word.strip(PUNCTUATION) for word in words]
    if all(len(core) == 1 and core.isalpha() for core in cores) and _HAN.search(text):
        language = told_language(" ".join(filter(str.isascii, before.split())))
        if not all(is_word_of(core, language) for core in cores):
            return False
    pairs = zip(text.split(" "), before.split(" "), strict=False)
    spelled = known_words().spelled
    return not any(is_utf8_by_chance(word, was, spelled) for word, was in pairs)


_HAN = re.compile("[\u3400-\u9fff]")
_RUN, _AGAIN = re.compile(r"[^\W\d_]+"), re.compile(r"([^\W\d_])\1\1")
_LETTER = re.compile("[\x80-\u200f]|[^\\W\x00-\x7f]")
"""What is no typography: letters, and what two characters make that are UTF-8 by chance."""


def repairs_of(text: str, chain: tuple[Channel, ...]) -> list[Repair]:
    """Return the repairs of a text that went through a chain from end to end."""
    return list(_repairs(text, 0, chain))


def repairs_of_words(text: str, whole: Whole) -> Iterator[Repair]:
    """Yield the repairs of the words of a text that went through a channel, as far as proven."""
    layers = (Layer(whole.channel),)
    for start, end, after in whole.words:
        if after != text[start:end] and holds(after, text[start:end], layers, text[end : end + 1]):
            yield _repair(text, start, end, after, layers)


def dense_lines(text: str, policy: Policy, is_clean: IsClean) -> list[Repair]:
    """Return the repairs of those lines of a text that are damaged from end to end.

    Of a line that looks plain that is so only if others went through the same channels: of many
    clean ones in Chinese, some are UTF-8 by chance.
    """
    found: list[tuple[str, int, tuple[Channel, ...]]] = []
    shown: set[tuple[Channel, ...]] = set()
    start = 0
    for line in text.split("\n"):
        # Few characters may have gone through several channels: what they teach is not sure.
        if not line.isascii() and (one := undone(line, policy, is_clean)):
            found.append((line, start, one[1]))
            if one[1] not in shown and not is_plain(line):
                shown.add(one[1])
        start += len(line) + 1
    return [
        repair
        for line, at, chain in found
        if chain in shown
        for repair in _repairs(line, at, chain)
    ]


def _step(text: str, policy: Policy) -> tuple[str, Channel] | None:
    """Return a text that went through one channel as it was before, and the channel.

    None as well where readers give different texts, unless the likeliest one alone is plain.
    """
    first = _FAR.search(text)
    if first is None:
        return None
    at = first.start()
    head = text if len(text) < 2 * HEAD else _head(text[at : at + HEAD])
    found: tuple[str, str] | None = None
    sure = False
    for name in _readers(text[at : at + 2], policy.channels):
        before = None if _lacking(name)(head) else _read_back(head, name)
        if before is not None and head is not text:
            before = _read_back(text, name)
        if found and before not in (None, found[0]):
            sure = sure or is_plain(found[0])
            if not sure or is_plain(before):
                return None
        if before and not found:
            found = before, name
    if found is None or "\ufffd" in found[0]:
        return None
    if may_be_lost(text, found[1]) or (CHARSETS[found[1]].leads and MARKED.search(found[0])):
        return None  # That is for the lattice.
    return found[0], Channel("utf-8", found[1])


def _legacy_step(text: str, transcoder: Transcoder) -> tuple[str, Channel] | None:
    """Return a text that went through a channel out of a legacy charset as it was before."""
    if is_plain(text):
        return None
    channel: Channel | None = None
    if "\n" not in text:
        line = told_alone(text, transcoder)
        channel = line.channel if line and not line.doubtful else None
    if channel is None:
        whole = told_whole(text, transcoder)
        channel = whole.channel if whole and whole.is_all else None
    before = read_back(text, (channel,)) if channel else None
    return (before, channel) if channel and before else None


def _head(text: str) -> str:
    """Return the beginning of a text without what may be half of a character."""
    whole = _LAST.match(text)
    assert whole, "the pattern matches the empty text as well"
    return whole.group()


@cache
def _lacking(name: str) -> Callable[[str], object]:
    """Return what searches for a character that a reader of one byte a character does not have."""
    charset = CHARSETS[name]
    if charset.leads:
        return lambda _: None
    chars = "".join(char for char in charset.writings if char > "\x7f")
    return re.compile(f"[^\x00-\x7f{re.escape(chars)}]").search


def _read_back(text: str, name: str) -> str | None:
    """Return a text read back through a reader if that is UTF-8."""
    data = encode(text, CHARSETS[name])
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None


def is_utf8(word: str) -> bool:
    """Tell whether a word may be one of a text that some reader reads back as UTF-8 as a whole.

    Words may end at what is part of a character to a reader of East Asia.
    """
    far = _FAR.search(word)
    if far is None:
        return False
    if max(word) >= "\u2e80":
        return any(_is_part(word, name) for name in _known(None))
    at = far.start()
    return any(_read_back(word, name) is not None for name in _readers(word[at : at + 2], None))


def _is_part(word: str, name: str) -> bool:
    """Tell whether a word is written by a reader as UTF-8 but for characters cut at its ends."""
    data = encode(word, CHARSETS[name])
    if data is None:
        return False
    start = next((at for at, byte in enumerate(data) if not 0x80 <= byte < 0xC0), len(data))
    try:
        getincrementaldecoder("utf-8")().decode(data[start:])
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=1 << 14)
def _readers(chars: str, names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the readers for which two characters may begin UTF-8, the commonest first.

    Of those in the named channels, or of all.
    """
    written = [_written(char) for char in chars]
    return tuple(
        name for name in _known(names) if _begins(b"".join(one.get(name, b"") for one in written))
    )


@lru_cache(maxsize=8)
def _known(names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the readers of UTF-8, the commonest first: of those in the named channels, or all."""
    allowed = LIKELIEST if names is None else {parse_channel(name).lossless for name in names}
    return tuple(
        channel.read_as
        for channel in LIKELIEST
        if channel.written_as == "utf-8" and channel in allowed
    )


@lru_cache(maxsize=1 << 13)
def _written(char: str) -> Mapping[str, bytes]:
    """Return, by reader, how it writes a character."""
    return {name: ways[0] for name in _known(None) if (ways := bytes_of(char, name))}


def _begins(data: bytes) -> bool:
    """Tell whether bytes may begin a character of UTF-8 of more than one byte."""
    return data[:1] >= b"\xc2" and b"\x80" <= data[1:2] <= b"\xbf"


def _repairs(text: str, start: int, chain: tuple[Channel, ...]) -> Iterator[Repair]:
    layers = tuple(map(Layer, chain))
    # A character of two bytes may end in one of ASCII.
    parts = WORD if CHARSETS[chain[0].written_as].leads else _SPAN
    for match in parts.finditer(text):
        after = before = match.group()
        for channel in reversed(chain):
            data = encode(after, CHARSETS[channel.read_as])
            was = decode(data, CHARSETS[channel.written_as]) if data else None
            assert was is not None, "a part of what was read back as a whole is read back"
            after = was
        if after != before:
            at = match.start()
            yield _repair(text, at, at + len(before), after, layers, start)


def _repair(
    text: str, start: int, end: int, after: str, layers: tuple[Layer, ...], offset: int = 0
) -> Repair:
    """Return the repair of a span of a text that begins at an offset of its document."""
    lead, tail = same_ascii(text[start:end], after)
    start, end, after = start + lead, end - tail, after[lead : len(after) - tail]
    before = text[start:end]
    return Repair(start + offset, end + offset, before, after, layers, "exact", 0, CONFIDENCE)
