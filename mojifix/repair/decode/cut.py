"""What is left of UTF-8 that lost bytes: for the lattice, and for no legacy charset."""

from __future__ import annotations

import re

from mojifix.charsets.charset import encode
from mojifix.charsets.registry import CHARSETS

SEQUENCES, FIRSTS = 3, 2
"""Characters out of UTF-8 that a word has at least, and first bytes or, of three, first two bytes
of them, at most, if it is of one script."""

NAKAGURO = "・"


def is_cut_utf8(data: bytes) -> bool:
    """Tell whether data is UTF-8 of one script, of which some bytes are lost.

    Characters of three bytes begin with few pairs, `à®` and `à¯` of Tamil, and those of two with
    few first bytes, behind most of which the second one is.
    """
    if _ALL_OF_THREE.fullmatch(data):
        pairs = _FIRST_TWO.findall(data)
        return len(pairs) >= SEQUENCES and len(set(pairs)) <= FIRSTS
    if _ALL_OF_TWO.fullmatch(data):
        first, whole = _LEAD.findall(data), _PAIR.findall(data)
        return len(whole) >= SEQUENCES and 2 * len(whole) > len(first) and len(set(first)) <= FIRSTS
    return False


_ALL_OF_THREE = re.compile(rb"(?:[\x00-\x7f]|[\xe0-\xef][\x80-\xbf]{1,2})*")
_ALL_OF_TWO = re.compile(rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]?)*")
_LEAD, _PAIR = re.compile(rb"[\xc2-\xdf]"), re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_FIRST_TWO = re.compile(rb"[\xe0-\xef][\x80-\xbf]")
_CUT_SHORT = re.compile("[\u00c2-\u00f4][?\ufffd]")

CUT_INSIDE = re.compile(
    "[ÃÄÅ][?\ufffd](?=[A-Za-z])|[\u00c2-\u00f4][?\ufffd][\u00c2-\u00f4][?\ufffd]"
)
"""What is left of quotation marks and dashes, of any character, and of Latin letters inside words
or of two letters, where controls were replaced."""


def may_be_lost(text: str, reader: str) -> bool:
    """Tell whether a mark in a word may stand for bytes that a reader of two bytes lost."""
    if reader in ("cp932", "euc-jp") and NAKAGURO in text:
        return True
    return bool(CHARSETS[reader].leads) and bool(_INSIDE.search(text))


_INSIDE = re.compile("[^\x00-\x7f]\\?[^\x00-\x7f]")

WITHOUT_LEAD = re.compile("\\?[^\\w\\s\x00-\x7f«»“”‘’„…–—‹›]")
"""What a second byte of UTF-8 looks like whose first one was lost: for the lattice, too."""

_ALPHABETS = (
    b"\xc2\xc3\xc4\xc5\xe2",
    b"\xc2\xd0\xd1\xe2",
    b"\xc2\xce\xcf\xe2",
    b"\xd7",
    b"\xd8\xd9",
)
"""First bytes of UTF-8's Latin, Cyrillic, Greek, Hebrew and Arabic letters, and punctuation."""

_PLAIN_BYTES = re.compile(rb"[\x00-\x7f]+")
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_FIRST = re.compile(rb"[\xc2-\xf4][\x80-\xbf]*")
_KANA = b"\xe3"
_QUOTE_BEGINS = "â€"


def is_stripped(word: str) -> bool:
    """Tell whether a word looks like UTF-8 read as Latin-1 or cp1252 that lost controls.

    Some characters are whole, of others the first byte is left, no byte stands without one, and
    all are of one alphabet; or the first byte of kana returns, or there is what quotation marks and
    dashes begin with.
    """
    if _QUOTE_BEGINS in word:
        return True
    data = encode(word, CHARSETS["latin-1"]) or encode(word, CHARSETS["cp1252"])
    if not data:
        return False
    far = _PLAIN_BYTES.sub(b"", data)
    if far.count(_KANA) > 2 and far.count(_KANA) * 4 >= len(far):
        return True
    firsts = {first[0] for first in _FIRST.findall(far)}
    return (
        bool(_WHOLE.search(far))
        and not _FIRST.sub(b"", far)
        and any(firsts <= set(alphabet) for alphabet in _ALPHABETS)
    )


def is_cut_short(word: str) -> bool:
    """Tell whether a word looks like UTF-8 read as cp1252 of which controls were lost."""
    if _QUOTE_BEGINS in word or CUT_INSIDE.search(word):
        return True
    return bool(_CUT_SHORT.search(word)) and is_stripped(word)
