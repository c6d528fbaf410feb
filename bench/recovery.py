"""How much of damaged text is recovered: the texts of `fixtures/texts`, through every loss.

    python bench/recovery.py

Prints, for mojifix, ftfy and plsfix side by side (plsfix where it is installed), the share of
damaged places that are restored exactly and the edit distance that is left of the damage. The texts
were written for mojifix. The temperature of the lattice was set on the same texts, so the figures
for lost bytes are those of a development set.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import mojifix

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "zh", "fr", "de", "ru")
CHANNELS = (
    "utf-8>cp1252", "utf-8>gbk", "utf-8>gbk:drop", "utf-8>gbk:replace", "utf-8>gbk:question",
    "utf-8>gbk:swallow",
)  # fmt: skip
Edit = tuple[str, int, int, int, int]


def edits(one: str, other: str) -> list[Edit]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return [edit for edit in matcher.get_opcodes() if edit[0] != "equal"]


def size(some: list[Edit]) -> int:
    return sum(max(end - start, e - s) for _, start, end, s, e in some)


def tools() -> dict[str, Callable[[str], str]]:
    found: dict[str, Callable[[str], str]] = {"mojifix": mojifix.fix_text}
    for name, function in (("ftfy", "fix_encoding"), ("plsfix", "fix_text")):
        try:
            found[name] = getattr(importlib.import_module(name), function)
        except ImportError:
            print(f"{name} is not installed")
    return found


def damaged_text(text: str, channel: str) -> str | None:
    """Damage every line on its own: a reader that swallows bytes would swallow line ends too."""
    try:
        return "\n".join(mojifix.damage(line, channel) for line in text.split("\n"))
    except ValueError:
        return None


def main() -> None:
    functions = tools()
    heads = "".join(f" {name} places | {name} left |" for name in functions)
    print(f"| text | channel | places |{heads}\n|---|---|--:|" + "--:|" * 2 * len(functions))
    for language in LANGUAGES:
        text = (ROOT / "fixtures" / "texts" / f"{language}.txt").read_text("utf-8")
        for channel in CHANNELS:
            damaged = damaged_text(text, channel)
            if damaged is None:
                continue
            places = edits(text, damaged)
            row = f"| {language} | {channel} | {len(places)} |"
            for function in functions.values():
                rest = edits(text, function(damaged))
                bad = sum(
                    any(a <= end and start <= b for _, a, b, _, _ in rest)
                    for _, start, end, _, _ in places
                )
                restored, left = 1 - bad / len(places), size(rest) / size(places)
                row += f" {restored:.1%} | {left:.1%} |"
            print(row)


if __name__ == "__main__":
    main()
