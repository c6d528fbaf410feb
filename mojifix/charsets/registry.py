"""The charsets that mojifix knows and the channels between them: one row each.

To add a charset, add a row to `CHARSETS` and the channels that it takes part in to `_CHANNELS`.
"""

from __future__ import annotations

from mojifix.charsets.charset import MARKS, Charset
from mojifix.model import Channel


def _c1(codec: str) -> dict[int, str]:
    """Map the holes of a single-byte codec to C1 controls, as Windows and WHATWG decoders do."""
    holes = {}
    for byte in range(0x80, 0xA0):
        try:
            bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            holes[byte] = chr(byte)
    return holes


_CJK_LEADS = range(0x81, 0xFF)

CHARSETS: dict[str, Charset] = {
    row.name: row
    for row in (
        Charset("utf-8", "utf-8", leads=range(0xC2, 0xF5)),
        Charset("latin-1", "latin-1"),
        Charset("cp1252", "cp1252", singles=_c1("cp1252")),
        # Windows code page 936 and WHATWG "gbk": 0x80 is the euro sign and the user-defined area is
        # private use. Python's gb18030 has every pair of it.
        Charset("gbk", "gbk", singles={0x80: "€"}, pairs="gb18030", leads=_CJK_LEADS),
        Charset("gb18030", "gb18030", singles={0x80: "€"}, leads=_CJK_LEADS),
    )
}

ALIASES = {
    "utf8": "utf-8",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "cp936": "gbk",
    "windows-936": "gbk",
}

# Written as, read as, and the natural logarithm of how often a document is damaged like this. The
# order is by how common the channel is in public files; only its scale matters to the judge.
_CHANNELS: tuple[tuple[str, str, float], ...] = (
    ("utf-8", "cp1252", -7.0),
    ("utf-8", "latin-1", -8.0),
    ("utf-8", "gbk", -9.0),
    ("utf-8", "gb18030", -11.0),
)

PRIORS: dict[Channel, float] = {Channel(w, r): prior for w, r, prior in _CHANNELS}
"""The lossless channels, likeliest first, with the log of the prior probability of each."""


def losses(channel: Channel) -> tuple[str, ...]:
    """Return the names of the losses that the reader of a channel can cause."""
    reader = CHARSETS[channel.read_as]
    if reader.leads:
        return tuple(name for name in MARKS if name)
    # Single bytes are lost by readers that fill no holes: Python's.
    holes = any(not _has_character(reader, byte) for byte in range(0x80, 0x100))
    return ("drop", "replace") if holes else ()


def _has_character(reader: Charset, byte: int) -> bool:
    try:
        bytes([byte]).decode(reader.codec)
    except UnicodeDecodeError:
        return False
    return True


def channels() -> tuple[Channel, ...]:
    """Return every channel that mojifix knows, with each of its losses."""
    return tuple(
        Channel(c.written_as, c.read_as, loss) for c in PRIORS for loss in ("", *losses(c))
    )


def parse_channel(name: str) -> Channel:
    """Return the channel named like `utf-8>gbk` or `utf-8>gbk:drop`.

    Raises ValueError when the name is not one of `channels()`.
    """
    charsets, _, loss = name.strip().lower().partition(":")
    written_as, _, read_as = charsets.partition(">")
    channel = Channel(_canonical(written_as), _canonical(read_as), loss)
    if channel not in channels():
        raise ValueError(f"unknown channel {name!r}; mojifix.channels() lists the known ones")
    return channel


def _canonical(name: str) -> str:
    name = name.strip().replace("_", "-")
    return ALIASES.get(name, name)
