"""The charsets that files come in: what they are called and how often each is met."""

from __future__ import annotations

import codecs
from functools import cache

from mojifix.charsets.charset import Charset
from mojifix.charsets.registry import ALIASES, CHARSETS

UNICODE = {
    "utf-8": "surrogateescape",
    "utf-16-le": "surrogatepass",
    "utf-16-be": "surrogatepass",
    "utf-32-le": "surrogatepass",
    "utf-32-be": "surrogatepass",
}
"""Charsets of all characters, with the error handler that reads and writes back all bytes that can
be had back."""

STATEFUL = {"iso-2022-jp": "iso2022_jp_ext", "iso-2022-kr": "iso2022_kr", "hz": "hz"}
"""Charsets in which the meaning of a byte depends on all before it, with Python's codec."""

_ODDS = {
    "cp1252": 0.0,
    "cp1251 gbk cp932 cp949 big5 euc-jp": -0.5,
    "cp1250 cp1253 cp1254 cp1255 cp1256 cp1257 cp874 koi8-r iso-8859-2 latin-1": -1.0,
    "cp1258 gb18030 iso-8859-5 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-15 koi8-u": -1.5,
    "mac-roman cp437 cp850 cp852 cp866 mac-cyrillic iso-8859-4 iso-8859-13": -2.0,
    "cp855 iso-8859-6 cp737 cp775 cp857 cp862 cp865": -3.0,
    "cp720 cp860 cp861 cp863 cp869 cp1125 johab": -4.0,
    "mac-greek mac-turkish mac-latin2 mac-iceland": -4.0,
    "iso-8859-16": -6.0,
    "iso-8859-3 iso-8859-10 iso-8859-14 cp864 koi8-t kz1048 ptcp154": -8.0,
}

ODDS = {name: odds for names, odds in _ODDS.items() for name in names.split()}
"""The natural logarithm of how often a legacy charset is met, beside cp1252. An estimate: it
decides only where the text does not."""

_KEPT = {"johab": Charset("johab", "johab", leads=bytes(range(0x84, 0xFA)))}

LEGACY: dict[str, Charset] = {
    name: CHARSETS.get(name) or _KEPT.get(name) or Charset(name, name.replace("-", "_"))
    for name in ODDS
}
"""The charsets of `CHARSETS` and those in which text is kept but not damaged."""

WIDER = {"latin-1": "cp1252", "iso-8859-9": "cp1254", "gbk": "gb18030"}
"""Charsets that are named where one that has more characters is meant, as browsers take it."""


def known(name: str) -> str | None:
    """Return our name of a charset; None when we don't read it."""
    name = name.strip().lower().replace("_", "-")
    if name.startswith("x-") and name not in ALIASES:
        name = name[2:]
    name = ALIASES.get(name, name)
    if name in LEGACY or name in UNICODE or name in STATEFUL:
        return name
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    return _by_codec().get(codec)


@cache
def _by_codec() -> dict[str, str]:
    """Return our names by those of Python's codecs, the likeliest of several."""
    rows = [(row.codec, name) for name, row in reversed(LEGACY.items())]
    names = {codecs.lookup(codec).name: name for codec, name in rows}
    names |= {codecs.lookup(codec).name: name for name, codec in STATEFUL.items()}
    names |= {"iso2022_jp": "iso-2022-jp", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    names |= {"gb2312": "gbk", "big5": "big5", "big5hkscs": "big5", "shift_jis": "cp932"}
    names |= {"euc_kr": "cp949", "tis-620": "cp874", "iso8859-11": "cp874", "utf-8": "utf-8"}
    return names | {"cp858": "cp850", "ascii": "utf-8"}
