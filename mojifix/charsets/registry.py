"""The charsets that mojifix knows and the channels between them: one row each.

To add a charset, add a row to `CHARSETS` and the channels that it takes part in to `_READ_AS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from mojifix.charsets import tables
from mojifix.charsets.cesu8 import CESU_8
from mojifix.charsets.charset import LOSSES, Charset, decode
from mojifix.model import Channel


def _c1(*holes: int) -> dict[int, str]:
    """Map holes to C1 controls, as Windows and WHATWG decoders do."""
    return {byte: chr(byte) for byte in holes}


def _private(first: int, *holes: int) -> dict[int, str]:
    """Map holes to the private-use characters from `first` on, as Windows does."""
    return {byte: chr(first + number) for number, byte in enumerate(holes)}


_CJK = bytes(range(0x81, 0xFF))
_EUC = bytes(range(0xA1, 0xFF))

CHARSETS: dict[str, Charset] = {
    row.name: row
    for row in (
        Charset("utf-8", "utf-8", leads=bytes(range(0xC2, 0xF5))),
        Charset("cesu-8", CESU_8, leads=bytes((0xC0, *range(0xC2, 0xF0)))),
        # Browsers read latin-1 as cp1252 and iso-8859-9 as cp1254; here they are what they say. The
        # controls are none of its characters: programs that write it put a mark in their place.
        Charset("latin-1", "latin-1", windows=_c1(*range(0x80, 0xA0))),
        Charset("cp1250", "cp1250", _c1(0x81, 0x83, 0x88, 0x90, 0x98)),
        Charset("cp1251", "cp1251", _c1(0x98)),
        Charset("cp1252", "cp1252", _c1(0x81, 0x8D, 0x8F, 0x90, 0x9D)),
        Charset(
            "cp1253",
            "cp1253",
            _c1(0x81, 0x88, 0x8A, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x98, 0x9A, 0x9C, 0x9D, 0x9E, 0x9F),
            windows=_private(0xF8F9, 0xAA, 0xD2, 0xFF),
        ),
        Charset("cp1254", "cp1254", _c1(0x81, 0x8D, 0x8E, 0x8F, 0x90, 0x9D, 0x9E)),
        Charset(
            "cp1255",
            "cp1255",
            _c1(0x81, 0x8A, *range(0x8C, 0x91), 0x9A, *range(0x9C, 0xA0)) | {0xCA: "\u05ba"},
            windows=_private(0xF88D, *range(0xD9, 0xE0), 0xFB, 0xFC, 0xFF),
        ),
        Charset("cp1256", "cp1256"),
        Charset(
            "cp1257",
            "cp1257",
            _c1(0x81, 0x83, 0x88, 0x8A, 0x8C, 0x90, 0x98, 0x9A, 0x9C, 0x9F),
            windows=_private(0xF8FC, 0xA1, 0xA5),
        ),
        Charset("cp1258", "cp1258", _c1(0x81, 0x8A, 0x8D, 0x8E, 0x8F, 0x90, 0x9A, 0x9D, 0x9E)),
        Charset(
            "cp874",
            "cp874",
            _c1(*range(0x81, 0x85), *range(0x86, 0x91), *range(0x98, 0xA0)),
            windows=_private(0xF8C1, *range(0xDB, 0xDF), *range(0xFC, 0x100)),
        ),
        # The WHATWG's, like Python's. Windows' 28597 and 28598 are of 1987 and seldom used.
        *(
            Charset(f"iso-8859-{part}", f"iso8859-{part}")
            for part in (2, 4, 5, 7, 8, 9, 13, 15, 16)
        ),
        # With the euro sign, the ohm and the Ukrainian letters of Mac OS since 1998.
        Charset("mac-roman", "mac-roman"),
        Charset("mac-cyrillic", "mac-cyrillic"),
        *(Charset(name, name) for name in ("cp437", "cp850", "cp852", "cp855", "cp866")),
        Charset("koi8-r", "koi8-r"),
        # Browsers and Windows read the Belarusian letter; Python follows RFC 2319.
        Charset("koi8-u", "koi8-u", {0xAE: "ў", 0xBE: "Ў"}),
        # Windows code page 936, and the characters of GB 18030-2000 that it lacks, which browsers
        # read too. Where GB 18030-2000 and Windows have private use, so has this; the WHATWG moved
        # those pairs to Unicode's newer characters (A8BC, A6D9-A6F3, FE59-FEA0) and A3A0 to U+3000.
        # Browsers read sequences of four bytes, too: that is gb18030.
        Charset("gbk", "gbk", {0x80: "€"}, "gb18030", _CJK, windows={0xFF: "\uf8f5"}),
        Charset(
            "gb18030",
            "gb18030",
            {0x80: "€"},
            leads=_CJK,
            longer=rb"[\x81-\xfe](?:\Z|[0-9](?:\Z|[\x81-\xfe](?:\Z|[0-9])))",
        ),
        # Windows code page 950, and Hong Kong's characters as the WHATWG has them where Windows has
        # private use; private use where the WHATWG has nothing.
        Charset(
            "big5",
            "cp950",
            pairs="big5hkscs",
            leads=_CJK,
            runs=tables.BIG5,
            windows={0x80: "\x80", 0xFF: "\uf8f8"},
            private={
                0xFA40: range(0xE000, 0xE311),
                0x8E40: range(0xE311, 0xEEB8),
                0x8140: range(0xEEB8, 0xF6B1),
                0xC6A1: range(0xF6B1, 0xF849),
            },
            trails=bytes((*range(0x40, 0x7F), *_EUC)),
        ),
        # Python's is Windows'.
        Charset(
            "cp932",
            "cp932",
            leads=bytes((*range(0x81, 0xA0), *range(0xE0, 0xFD))),
            windows=_private(0xF8F0, 0xA0, 0xFD, 0xFE, 0xFF),
        ),
        # The WHATWG's, with NEC's row 13 (①, ㈱) and IBM's characters.
        Charset(
            "euc-jp",
            "euc_jp",
            leads=bytes((0x8E, 0x8F, *_EUC)),
            runs=tables.EUC_JP,
            trails=_EUC,
            longer=rb"\x8f[\xa1-\xfe](?:[\x80-\xff]|\Z)?",
        ),
        # With Windows' user-defined rows C9 and FE.
        Charset(
            "cp949",
            "cp949",
            leads=_CJK,
            windows={0x80: "\x80", 0xFF: "\uf8f7"},
            private={0xC9A1: range(0xE000, 0xE05E), 0xFEA1: range(0xE05E, 0xE0BC)},
            trails=_EUC,
        ),
    )
}

ALIASES = {
    "utf8": "utf-8",
    "cesu8": "cesu-8",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "cp936": "gbk",
    "gb2312": "gbk",
    "euc-cn": "gbk",
    "cp950": "big5",
    "big5-hkscs": "big5",
    "big5hkscs": "big5",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "eucjp": "euc-jp",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "uhc": "cp949",
    "macroman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "maccyrillic": "mac-cyrillic",
    "x-mac-cyrillic": "mac-cyrillic",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "tis-620": "cp874",
}
ALIASES |= {f"iso8859-{part}": f"iso-8859-{part}" for part in (2, 4, 5, 7, 8, 9, 13, 15, 16)}
ALIASES |= {"iso8859-1": "latin-1"}
_CODE_PAGES = "1250 1251 1252 1253 1254 1255 1256 1257 1258 874 437 850 852 855 866 932 936 949 950"
ALIASES |= {
    f"{prefix}{page}": ALIASES.get(f"cp{page}", f"cp{page}")
    for page in _CODE_PAGES.split()
    for prefix in ("windows-", "ibm", "ms")
}

CYRILLIC = ("koi8-r", "cp1251", "cp866", "iso-8859-5", "mac-cyrillic")
"""The charsets of Cyrillic that are read as one another."""

_READ_AS: tuple[tuple[str, float, str], ...] = (
    ("utf-8", -6.5, "cp1252"),
    ("utf-8", -7.5, "latin-1"),
    ("utf-8", -9.0, "gbk cp1251 cp1250 cp1254 mac-roman cp437 koi8-r"),
    ("utf-8", -9.5, "cp850 cp866 cp932 big5 cp949 cp1253"),
    ("utf-8", -10.0, "cp1255 cp1256 cp1257 cp1258 cp874 cp852 euc-jp"),
    ("utf-8", -11.0, "gb18030 cp855 mac-cyrillic"),
    ("utf-8", -11.0, "iso-8859-2 iso-8859-5 iso-8859-7 iso-8859-9 iso-8859-15"),
    ("cesu-8", -11.0, "cp1252 latin-1"),
    ("utf-8", -11.5, "koi8-u iso-8859-4 iso-8859-8 iso-8859-13 iso-8859-16"),
    *((w, -9.0, "cp1252 latin-1") for w in ("cp1251", "gbk", "cp949", "cp932", "koi8-r")),
    ("cp1252", -6.5, "latin-1"),
    *((w, -9.5, "cp1252 latin-1") for w in ("cp1250", "big5", "euc-jp", "cp1253", "cp874")),
    *((w, -10.0, "cp1252 latin-1") for w in ("cp1254", "cp1255", "cp1256", "cp1257")),
    *((w, -10.0, "cp1252 latin-1") for w in ("cp866", "cp850", "cp437", "mac-roman")),
    ("iso-8859-2", -10.5, "cp1252 latin-1"),
    *((w, -9.5, " ".join(r for r in CYRILLIC if r != w)) for w in CYRILLIC),
    ("gbk", -10.0, "big5 cp932 cp949 cp1250 cp1254"),
    ("cp949", -10.0, "gbk cp1250 cp1254 cp1251 mac-roman"),
    ("cp932", -10.0, "gbk euc-jp cp1250 cp1254 cp850 cp437 mac-roman"),
    ("big5", -10.0, "gbk"),
    ("euc-jp", -10.0, "cp932"),
    ("cp1252", -9.5, "cp850 cp437 mac-roman cp1251 cp1250 cp1253"),
    ("cp1252", -11.0, "gbk big5 cp932"),
    ("cp850", -12.0, "mac-roman"),
    ("cp437", -12.0, "mac-roman"),
    ("mac-roman", -12.0, "cp850 cp437"),
    ("cp1256", -10.5, "cp1254"),
    ("cp1250", -10.5, "cp1254"),
    ("cp1251", -10.5, "mac-roman cp1254"),
    ("cp949", -10.5, "cp932 big5"),
    ("euc-jp", -10.5, "gbk"),
    ("cp852", -10.5, "cp1250 cp1252"),
    # Names in archives, which programs read in the charset of DOS.
    ("cp866", -10.5, "cp437 cp850"),
    *((w, -11.0, "cp437") for w in ("gbk", "big5", "cp949", "cp1251", "cp852")),
    ("cp1251", -11.0, "cp850 cp1250"),
    ("cp852", -11.0, "cp850"),
    ("iso-8859-2", -10.5, "cp1250"),
    ("cp1250", -11.0, "iso-8859-2 cp852"),
    ("cp1254", -11.0, "cp1250"),
)  # fmt: skip
"""Written as, the natural logarithm of how often a document is damaged like this, and read as. The
order is by how common the channels are in public files; only its scale matters to the judge."""

PRIORS: dict[Channel, float] = {
    Channel(written_as, read_as): prior
    for written_as, prior, readers in _READ_AS
    for read_as in readers.split()
}
"""The lossless channels with the log of the prior probability of each."""

UNICODE = frozenset(("utf-8", "cesu-8"))
"""The writers that are no legacy charsets: bytes are text in them by chance only."""

LIKELIEST = tuple(sorted(PRIORS, key=lambda channel: -PRIORS[channel]))
"""All channels, the likeliest first."""

READERS = tuple(dict.fromkeys(channel.read_as for channel in PRIORS))
"""The names of the charsets that text is read as in some channel."""


@cache
def losses(read_as: str) -> tuple[str, ...]:
    """Return the names of the losses that a reader can cause."""
    reader = CHARSETS[read_as]
    if read_as == "utf-8":
        return ()
    if reader.leads:
        japanese = read_as in ("cp932", "euc-jp")
        return tuple(name for name in LOSSES if japanese or not name.startswith("nakaguro"))
    return tuple(
        name
        for name, loss in LOSSES.items()
        if loss.mark != "・" and _loses(reader, name, loss.mark)
    )


def _loses(reader: Charset, name: str, mark: str) -> bool:
    text = decode(bytes(range(0x80, 0x100)), reader, name)
    return text is not None and (mark in text if mark else len(text) < 0x80)


@cache
def channels() -> tuple[Channel, ...]:
    """Return every channel that mojifix knows, with each of its losses."""
    return tuple(
        Channel(c.written_as, c.read_as, loss) for c in PRIORS for loss in ("", *losses(c.read_as))
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


@lru_cache(maxsize=1 << 13)
def bytes_of(char: str, reader: str) -> tuple[bytes, ...]:
    """Return every way in which a reader's charset writes a character.

    None for U+FFFD: where it is found it stands for lost bytes, though GB 18030 can write it.
    """
    return () if char == "\ufffd" else CHARSETS[reader].bytes_of(char)


def has_all(chars: Iterable[str], reader: str) -> bool:
    """Tell whether a reader has all of some characters."""
    return all(bytes_of(char, reader) for char in chars)
