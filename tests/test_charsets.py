"""Charsets and channels: damage is what real readers do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mojifix
from mojifix.charsets.charset import decode, encode
from mojifix.charsets.registry import CHARSETS, parse_channel


@pytest.mark.parametrize(
    ("text", "channel", "damaged"),
    [
        ("“it", "utf-8>gbk", "鈥渋t"),
        ("pause” its", "utf-8>gbk:drop", "pause鈥 its"),
        ("pause” its", "utf-8>gbk:replace", "pause鈥\ufffd its"),
        ("50 – 100", "utf-8>gbk:question", "50 鈥? 100"),
        ("50–100", "utf-8>gbk:swallow", "50鈥?00"),
        ("别漏", "utf-8>gbk", "鍒\ue0a3紡"),
        ("é’", "utf-8>cp1252", "Ã©â€™"),
        ("”", "utf-8>cp1252", "â€\x9d"),
        ("”", "utf-8>cp1252:drop", "â€"),
        ("”", "utf-8>latin-1", "â\x80\x9d"),
    ],
)
def test_damage(text: str, channel: str, damaged: str) -> None:
    assert mojifix.damage(text, channel) == damaged


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(codec="utf-8")))
@pytest.mark.parametrize("loss", ["ignore", "replace"])
def test_drop_and_replace_are_pythons(loss: str, text: str) -> None:
    ours = {"ignore": "drop", "replace": "replace"}[loss]
    assert mojifix.damage(text, f"utf-8>gbk:{ours}") == text.encode().decode("gbk", loss)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary())
@pytest.mark.parametrize("name", ["cp1252", "latin-1"])
def test_single_byte_readers_lose_nothing(name: str, data: bytes) -> None:
    text = decode(data, CHARSETS[name])
    assert text is not None
    assert encode(text, CHARSETS[name]) == data


@pytest.mark.parametrize("name", ["utf-8>cp936", "UTF8>GBK", " utf-8>gbk "])
def test_charsets_have_aliases(name: str) -> None:
    assert str(parse_channel(name)) == "utf-8>gbk"


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown channel"):
        mojifix.damage("é", "utf-8>klingon")


def test_damage_that_would_lose_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="without loss"):
        mojifix.damage("pause” its", "utf-8>gbk")


def test_channels_can_be_parsed_by_their_names() -> None:
    for channel in mojifix.channels():
        assert parse_channel(str(channel)) == channel
