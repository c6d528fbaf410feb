"""CESU-8 as a codec: UTF-8 of UTF-16's surrogates, as old databases and Java write it.

After Unicode Technical Report 26, with NUL as C0 80, which Java's modified UTF-8 adds to it.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CESU_8 = "mojifix-cesu-8"
"""The name of the codec for `str.encode` and `bytes.decode`."""

_CHARACTERS = (
    rb"(?:[\x00-\x7f]|\xc0\x80|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])*+"
)


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:  # noqa: ARG001
    """Encode `text`; raises UnicodeEncodeError for lone surrogates, whatever `errors` says."""
    text.encode()
    # To compile that takes 8 ms, and next to no text needs it.
    astral = max(text, default="") > "\uffff"
    units = re.sub("[^\0-\uffff]", _surrogates, text) if astral else text
    return units.encode("utf-8", "surrogatepass").replace(b"\0", b"\xc0\x80"), len(text)


def _surrogates(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _decode(data: ReadableBuffer, errors: str = "strict") -> tuple[str, int]:  # noqa: ARG001
    """Decode `data`; raises UnicodeDecodeError for what CESU-8 isn't, whatever `errors` says."""
    data = bytes(data)
    match = re.match(_CHARACTERS, data)
    end = match.end() if match else 0
    if end < len(data):
        raise UnicodeDecodeError(CESU_8, data, end, end + 1, "not CESU-8")
    units = data.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be"), len(data)


def _search(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != CESU_8:
        return None
    return codecs.CodecInfo(_encode, _decode, name=CESU_8)


codecs.register(_search)
