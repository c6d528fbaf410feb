"""One line for each finding, with the place that editors jump to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mojifix.model import Repair, Result
from mojifix.report.escape import shown_path, visible


def concise(path: str, text: str, repairs: Iterable[Repair]) -> Iterator[str]:
    """Yield `path:line:column: before → after [utf-8>gbk, restored, 0.99]` for each repair.

    `repairs` are repairs of `text`, sorted by `start`. Lines end with a line feed; lines and
    columns (in code points) count from 1.
    """
    shown = shown_path(path)
    line, at = 1, 0
    for repair in repairs:
        line += text.count("\n", at, repair.start)
        at = repair.start
        column = at - text.rfind("\n", 0, at)
        yield (
            f"{shown}:{line}:{column}: {visible(repair.before)} → {visible(repair.after)} "
            f"[{way(repair)}, {repair.kind}, {rounded(repair.confidence)}]"
        )


def still_suspected(result: Result) -> Iterator[Repair]:
    """Yield the suspected repairs of `result` with their spans in the repaired text."""
    shift = passed = 0
    for repair in result.suspected:
        while passed < len(result.repairs) and result.repairs[passed].start < repair.start:
            shift += len(result.repairs[passed].after) - len(result.repairs[passed].before)
            passed += 1
        yield replace(repair, start=repair.start + shift, end=repair.end + shift)


def way(repair: Repair) -> str:
    """Name the layers of a repair in the order in which they were added: `utf-8>gbk`."""
    return " + ".join(map(str, repair.layers))


def rounded(confidence: float) -> str:
    """Write a confidence with two decimals, rounded down: only certainty is 1.00."""
    return f"{math.floor(confidence * 100 + 1e-9) / 100:.2f}"
