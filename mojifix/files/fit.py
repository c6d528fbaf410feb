"""Documents in other charsets than UTF-8: converting them, and repairs that don't fit them."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from operator import not_

from mojifix.files.read import Document
from mojifix.model import Result
from mojifix.repair.splice.splice import splice


def fitted(document: Document, result: Result) -> Result:
    """Return `result` with the repairs that don't fit the charset of `document` as suspected."""
    return without(result, [document.encode(one.after) is not None for one in result.repairs])


def without(result: Result, kept: Sequence[bool]) -> Result:
    """Return `result` with those of its repairs as suspected for which `kept` is false."""
    if all(kept):
        return result
    repairs = list(compress(result.repairs, kept))
    left = (replace(one, kind="suspected") for one in compress(result.repairs, map(not_, kept)))
    return replace(
        result,
        text=splice(result.original, repairs) if repairs else result.original,
        repairs=tuple(repairs),
        suspected=tuple(sorted((*result.suspected, *left), key=lambda one: one.start)),
    )


def needs_conversion(document: Document) -> bool:
    """Tell whether some of a file is in another charset than UTF-8."""
    return document.charset != "utf-8" or document.second is not None


def in_utf8(document: Document) -> bytes:
    """Return the file in UTF-8, without the byte order mark of another charset.

    Lines in a second charset are read in it; other bytes that are not UTF-8 stay. Raises ValueError
    when there are lone surrogates, which UTF-8 can't say.
    """
    if document.charset != "utf-8":
        return document.text.encode()
    if document.second is None:
        return document.bom + document.text.encode("utf-8", "surrogateescape")
    from mojifix.charsets.charset import decode
    from mojifix.files.legacy import LEGACY

    data, charset = document.data, LEGACY[document.second.charset]
    parts, done = [], 0
    for start, end in document.lines:
        text = decode(data[start:end], charset)
        assert text is not None, "a line is in the second charset only if it decodes"
        parts += [data[done:start], text.encode()]
        done = end
    return b"".join([*parts, data[done:]])


def as_utf8(data: bytes) -> Document:
    """Return the document that `data` is in UTF-8, whatever else it could be."""
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return Document(bom, str(memoryview(data)[len(bom) :], "utf-8", "surrogateescape"))
