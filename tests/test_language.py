"""The language model: its binary is what its metadata says, and it reads what it writes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojifix.language import trigrams
from mojifix.language.ngrams import Trigrams, pack
from mojifix.language.typography import language_of, open_after, pair

ROOT = Path(__file__).parent.parent
BINARY = (ROOT / "mojifix" / "language" / "model.bin").read_bytes()
METADATA = json.loads((ROOT / "mojifix" / "language" / "model.json").read_text("utf-8"))


def test_the_binary_is_the_one_that_is_described() -> None:
    assert hashlib.sha256(BINARY).hexdigest() == METADATA["sha256"]


def test_the_model_was_trained_on_the_pinned_sources() -> None:
    sources = (ROOT / "tools" / "corpus.toml").read_bytes()
    assert hashlib.sha256(sources).hexdigest() == METADATA["sources_sha256"]


def test_the_binary_is_at_most_three_megabytes() -> None:
    assert len(BINARY) <= 3_000_000


def test_what_is_packed_is_read_back() -> None:
    unigrams = bytes([100]) * (65536 + 4096)
    pairs = {"ab": (-3.0, -0.5), "bc": (-2.0, -1.0)}
    model = Trigrams(pack(unigrams, {"c": -0.25}, pairs, {"abc": -7.0}))
    assert model["abc"] == pytest.approx(-7.0, abs=0.05)
    assert model["xbc"] == pytest.approx(-2.0, abs=0.05)
    assert model["abx"] == pytest.approx(-0.5 - 10.0, abs=0.05)
    assert model["bcx"] == pytest.approx(-1.0 - 0.25 - 10.0, abs=0.1)


def test_a_trigram_needs_its_pair() -> None:
    with pytest.raises(ValueError, match="not stored"):
        pack(bytes(65536 + 4096), {}, {}, {"abc": -1.0})


def test_a_foreign_binary_is_refused() -> None:
    with pytest.raises(ValueError, match="not a language model"):
        Trigrams(bytes(200))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), min_size=3, max_size=3))
def test_every_trigram_has_a_log_probability(text: str) -> None:
    assert -80 < trigrams()[text] <= 0


def test_natural_text_is_likelier_than_its_damage() -> None:
    model = trigrams()
    assert model["“it"] > model["鈥渋t"[:3]]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Hund und die Katze sind nicht auf dem Dach von dem Haus.", "de"),
        ("The cat and the dog are not of the house that was to let.", "en"),
        ("Он не на столе, и как это его что с ней но", "ru"),
        ("今天的天气很好，我们出去走走吧。", "zh"),
    ],
)
def test_the_language_is_told_by_its_commonest_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_closing_mark_closes_what_is_open() -> None:
    assert open_after("He said “yes") == "“"
    assert open_after("He said “yes”") == ""
    assert pair("“", "”") == ("", 0.0)
    assert pair("", "”")[1] < 0


def test_what_may_follow_two_characters_is_listed() -> None:
    followers = trigrams().followers("中国")
    assert "人" in followers
    assert not any(char.isascii() for char in followers)
