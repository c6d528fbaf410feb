"""Texts and lines that are damaged from end to end: undone by codecs, and judged as a whole.

Bytes are no UTF-8 by chance. Where all of a text, read back through one reader, is UTF-8 with
several characters in it, and what it says shows no damage, no word needs to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from mojifix.charsets.charset import encode
from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.model import Channel, Layer, Policy, Repair
from mojifix.repair.lost import bytes_of
from mojifix.repair.quoted import is_on_topic

CONFIDENCE = 0.9999
"""Of what is undone here. None of 20,000 damaged lines in `fixtures/dev` came out wrong."""

LEAST = 3
"""Characters out of UTF-8 that a text or a line has at least."""

FEW = 8
"""Readers, at most, that are tried: those that have the first characters, the commonest first."""

HEAD = 200
"""Code points of a text that show first whether a reader is worth trying."""

_LAST = re.compile(".*[\x00-\x7f]|", re.DOTALL)
_FAR = re.compile("[^\x00-\x7f]")
_SPAN = re.compile("[^\x00-\x7f]+(?:[!-~]*[^\x00-\x7f]+| [^\x00-\x7f]+)*")
"""Damaged words or parts of them, joined where one ASCII character is between them."""

IsClean = Callable[[str], bool]


def undone(text: str, policy: Policy, is_clean: IsClean) -> tuple[str, tuple[Channel, ...]] | None:
    """Return what a text was that is damaged from end to end, and the channels in their order.

    None where that is not so, or not sure. `is_clean` tells whether a text shows no damage.
    """
    if policy.min_confidence > CONFIDENCE or (not policy.include_quoted and is_on_topic(text)):
        return None
    chain: list[Channel] = []
    while len(chain) < policy.max_layers:
        step = _step(text, policy)
        if step is None:
            return None
        text, channel = step
        chain.insert(0, channel)
        if text.isascii() or is_clean(text):
            return text, tuple(chain)
    return None


def dense(text: str, policy: Policy, is_clean: IsClean) -> list[Repair]:
    """Return the repairs of a text that is damaged from end to end; none if it isn't."""
    whole = undone(text, policy, is_clean)
    return list(_repairs(text, 0, whole[1])) if whole else []


def dense_lines(text: str, policy: Policy, is_clean: IsClean) -> list[Repair]:
    """Return the repairs of those lines of a text that are damaged from end to end."""
    found: list[Repair] = []
    start = 0
    for line in text.split("\n"):
        if not line.isascii() and (one := undone(line, policy, is_clean)):
            found += _repairs(line, start, one[1])
        start += len(line) + 1
    return found


def _step(text: str, policy: Policy) -> tuple[str, Channel] | None:
    """Return a text that went through one channel as it was before, and the channel."""
    first = _FAR.search(text)
    head = text[first.start() : first.start() + HEAD] if first else ""
    whole = _LAST.match(head)
    if whole and len(head) == HEAD:
        head = whole.group()  # What may be half of a character is cut off.
    far = _FAR.findall(head)
    for name in _readers("".join(far[:LEAST])) if len(far) > 1 else ():
        channel = Channel("utf-8", name)
        if policy.channels is not None and str(channel) not in policy.channels:
            continue
        if _read_back(head, name) is None:
            continue
        before = _read_back(text, name)
        if before and "\ufffd" not in before:
            some = sum(1 for _ in islice(_FAR.finditer(before), LEAST))
            return (before, channel) if some == LEAST else None
    return None


def _read_back(text: str, name: str) -> str | None:
    """Return a text read back through a reader if that is UTF-8."""
    data = encode(text, CHARSETS[name])
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=1 << 12)
def _readers(chars: str) -> Sequence[str]:
    """Return the readers of UTF-8 that have some characters, the commonest first."""
    found = [
        channel.read_as
        for channel in sorted(PRIORS, key=lambda channel: -PRIORS[channel])
        if channel.written_as == "utf-8" and all(bytes_of(char, channel.read_as) for char in chars)
    ]
    return found[:FEW]


def _repairs(text: str, start: int, chain: tuple[Channel, ...]) -> Iterator[Repair]:
    layers = tuple(map(Layer, chain))
    readers = [CHARSETS[channel.read_as] for channel in reversed(chain)]
    for match in _SPAN.finditer(text):
        after = before = match.group()
        for reader in readers:
            data = encode(after, reader)
            assert data is not None, "a part of what was read back as a whole is read back"
            after = data.decode()
        span = match.span()
        yield Repair(
            start + span[0], start + span[1], before, after, layers, "exact", 0, CONFIDENCE
        )
