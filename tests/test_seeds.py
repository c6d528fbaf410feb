"""The articles: damaged places repaired, intact ones untouched."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import mojifix

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "seeds"


@pytest.fixture
def shared_article() -> tuple[str, str]:
    damaged, expected = SHARED / "ap-article.damaged.txt", SHARED / "ap-article.expected.txt"
    if not damaged.exists():
        pytest.skip("the article is somebody's text and not in the repository")
    return damaged.read_text("utf-8"), expected.read_text("utf-8")


def test_the_article_is_repaired_exactly(shared_article: tuple[str, str]) -> None:
    damaged, expected = shared_article
    result = mojifix.repair(damaged)
    assert result.text == expected
    assert len(result.repairs) == 37
    assert result.suspected == ()


def test_the_repaired_article_is_clean(shared_article: tuple[str, str]) -> None:
    _, expected = shared_article
    assert mojifix.fix_text(expected) is expected


def test_own_article_is_damaged_by_its_script() -> None:
    script = runpy.run_path(str(ROOT / "seeds" / "damage.py"))
    original = (ROOT / "seeds" / "article.txt").read_text("utf-8")
    damaged = (ROOT / "seeds" / "article.damaged.txt").read_text("utf-8")
    assert script["damage"](original) == damaged


def test_no_sure_repair_of_own_article_is_wrong() -> None:
    original = (ROOT / "seeds" / "article.txt").read_text("utf-8")
    damaged = (ROOT / "seeds" / "article.damaged.txt").read_text("utf-8")
    result = mojifix.repair(damaged, mojifix.Policy(min_restored=0.95))
    open_places = {r.before for r in result.suspected} | {"\ufffd"}
    assert len(result.repairs) >= 50
    for line, found in zip(original.split("\n"), result.text.split("\n"), strict=True):
        if not any(place in found for place in open_places):
            assert found == line


def test_own_article_is_repaired_but_for_few_places() -> None:
    original = (ROOT / "seeds" / "article.txt").read_text("utf-8")
    damaged = (ROOT / "seeds" / "article.damaged.txt").read_text("utf-8")
    found = mojifix.fix_text(damaged)
    assert len(found) == len(original)
    assert sum(a != b for a, b in zip(found, original, strict=True)) <= 2


@pytest.mark.parametrize("language", ["en", "zh", "fr", "de", "ru"])
def test_clean_text_is_the_same_object(language: str) -> None:
    text = (ROOT / "fixtures" / "texts" / f"{language}.txt").read_text("utf-8")
    assert mojifix.fix_text(text) is text


@pytest.mark.parametrize("language", ["en", "zh", "fr", "de", "ru"])
def test_text_read_as_cp1252_is_repaired_exactly(language: str) -> None:
    text = (ROOT / "fixtures" / "texts" / f"{language}.txt").read_text("utf-8")
    assert mojifix.fix_text(mojifix.damage(text, "utf-8>cp1252")) == text
