"""From bytes to text and back: what a document says about its bytes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojifix.charsets.charset import decode
from mojifix.charsets.registry import CHARSETS
from mojifix.files.detect import Guess
from mojifix.files.places import STATEFUL, UNICODE
from mojifix.files.read import Document, not_sure

LEGACY = sorted(CHARSETS.keys() - {"utf-8", "cesu-8"})

SPELLINGS = {
    "gbk": b"a\x80\xa2\xe3\xa1\xa4\xc4\xe3\n",
    "gb18030": b"a\x80\x81\x30\x81\x30\xc4\xe3\x90\x30\x81\x30\n",
    "big5": b"a\x88\x62\x88\x66\xa7\x41\xa1\xc3\xfa\x40\n",
    "cp932": b"a\xb1\x82\xa0\x87\x90\x81\xe0\xfa\x54\n",
    "euc-jp": b"a\x8e\xb1\x8f\xb0\xa1\xa4\xa2\xad\xe2\n",
    "cp949": b"a\x81\x41\xb0\xa1\xc9\xa1\n",
    "cp1252": b"a\x81\xe9\x80\n",
}
"""Bytes with characters that have several spellings, of several lengths, or none in Python."""


def the_document(data: bytes, charset: str) -> Document | None:
    text = decode(data, CHARSETS[charset])
    return None if text is None else Document(b"", text, charset, data)


def assert_offsets_are_exact(document: Document, read: dict[int, int]) -> None:
    """`read` has the number of code points before each offset at which a character starts."""
    for offset, code_points in read.items():
        assert document.offset(code_points) == offset


def starts(data: bytes, charset: str) -> dict[int, int]:
    """Read character by character with the decoder itself, which is slow and sure."""
    found, at, done = {0: 0}, 0, 0
    while at < len(data):
        for length in (1, 2, 3, 4):
            text = decode(data[at : at + length], CHARSETS[charset])
            if text:
                break
        else:
            raise AssertionError(data[at:])
        at, done = at + length, done + len(text)
        found[at] = done
    return found


@pytest.mark.parametrize("charset", SPELLINGS)
def test_offsets_hold_for_every_spelling(charset: str) -> None:
    data = SPELLINGS[charset] * 3
    document = the_document(data, charset)
    assert document
    assert_offsets_are_exact(document, starts(data, charset))


@pytest.mark.parametrize("charset", LEGACY)
@given(data=st.binary(max_size=60))
def test_offsets_hold_for_any_bytes_of_a_legacy_charset(charset: str, data: bytes) -> None:
    document = the_document(data, charset)
    if document:
        assert_offsets_are_exact(document, starts(data, charset))


@pytest.mark.parametrize("charset", UNICODE)
@given(data=st.binary(max_size=60), bom=st.booleans())
def test_offsets_hold_for_any_bytes_of_unicode(charset: str, data: bytes, bom: bool) -> None:
    try:
        text = data.decode(charset, UNICODE[charset])
    except UnicodeDecodeError:
        return
    mark = "\ufeff".encode(charset) if bom else b""
    document = Document(mark, text, charset)
    offsets = [document.offset(number) for number in range(len(text) + 1)]
    assert (offsets[0], offsets[-1]) == (len(mark), len(mark + data))
    for char, (start, end) in zip(text, pairwise(offsets), strict=True):
        assert (mark + data)[start:end] == char.encode(charset, UNICODE[charset])


@pytest.mark.parametrize("charset", STATEFUL)
def test_offsets_hold_where_bytes_depend_on_those_before(charset: str) -> None:
    text = "ab한국cd국\nx" if charset == "iso-2022-kr" else "ab中国cd国\nx"
    data = text.encode(STATEFUL[charset])
    document = Document(b"", data.decode(STATEFUL[charset]), charset, data)
    offsets = [document.offset(number) for number in range(len(document.text) + 1)]
    for number, offset in enumerate(offsets):
        assert data[:offset].decode(STATEFUL[charset], "ignore") == document.text[:number]


@pytest.mark.parametrize("charset", ["gbk", "latin-1", "utf-8", "utf-16-le"])
def test_offsets_may_be_asked_for_in_any_order(charset: str) -> None:
    text = "abcé" * 9000
    document = Document(b"", text, charset, text.encode(charset))
    for number in (30000, 1, 35999, 35999, 0, 17):
        assert document.offset(number) == len(text[:number].encode(charset))


@pytest.mark.parametrize("number", [-1, 3])
def test_an_index_outside_the_text_is_an_error(number: int) -> None:
    with pytest.raises(IndexError):
        Document(b"", "ab").offset(number)


@pytest.mark.parametrize("charset", [*LEGACY, *UNICODE])
@given(text=st.text(max_size=20))
def test_what_is_encoded_is_read_back(charset: str, text: str) -> None:
    data = Document(b"", "", charset).encode(text)
    if charset in UNICODE:
        assert data is not None
        assert data.decode(charset, UNICODE[charset]) == text
    elif data is not None:
        assert decode(data, CHARSETS[charset]) == text


def test_what_does_not_fit_the_charset_has_no_bytes() -> None:
    assert Document(b"", "", "cp1252").encode("漢") is None
    assert Document(b"", "", "iso-2022-jp").encode("漢") is None
    assert Document(b"", "").encode("\udcc3\udca9") is None


def test_what_a_file_may_be_in_is_told_like_any_confidence() -> None:
    found = not_sure((Guess("cp1252", 0.296), Guess("cp1250", 0.5)), 0xE9, 3)
    assert "perhaps cp1252 0.29, cp1250 0.50: --charset NAME decides" in found.reason
