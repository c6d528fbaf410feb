"""One line for each finding, with the place that editors jump to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mojifix.model import Repair, Result, rounded
from mojifix.report.escape import shown_path, visible

Finding = Repair | tuple[int, int]
"""A repair, or the span of text of which nothing can be restored."""


def concise(
    path: str, text: str, findings: Iterable[Finding], first: tuple[int, int] = (1, 1)
) -> Iterator[str]:
    """Yield `path:line:column: before → after [utf-8>gbk, restored, 0.99]` for each repair.

    For a span without a repair, `path:line:column: before [unrecoverable]`. `findings` are in
    `text`, in order. Lines end with a line feed; lines and columns (in code points) count from 1.
    `first`: the line and the column at which `text` starts.
    """
    shown = shown_path(path)
    (line, before), at, begin = first, 0, 0
    for finding in findings:
        start, end = span(finding)
        line += text.count("\n", at, start)
        begin = max(begin, text.rfind("\n", at, start) + 1)
        at = start
        column = at - begin + 1
        if line == first[0]:
            column += before - 1
        if isinstance(finding, Repair):
            what = (
                f"{visible(finding.before)} → {visible(finding.after)} "
                f"[{way(finding)}, {finding.kind}, {rounded(finding.confidence)}]"
            )
        else:
            what = f"{visible(text[start:end])} [unrecoverable]"
        yield f"{shown}:{line}:{column}: {what}"


def span(finding: Finding) -> tuple[int, int]:
    """Return the span of a finding, in code points."""
    return (finding.start, finding.end) if isinstance(finding, Repair) else finding


def everything(result: Result) -> list[Finding]:
    """Return what was found in the original text, in order."""
    return sorted([*result.repairs, *result.suspected, *result.dead], key=span)


def unrepaired(result: Result) -> list[Finding]:
    """Return what was found and not repaired, in order, with its spans in the original text."""
    return sorted([*result.suspected, *result.dead], key=span)


def still_there(result: Result) -> Iterator[Finding]:
    """Yield what was found and not repaired, in order, with its spans in the repaired text."""
    shift = passed = 0
    for finding in unrepaired(result):
        start, end = span(finding)
        while passed < len(result.repairs) and result.repairs[passed].start < start:
            shift += len(result.repairs[passed].after) - len(result.repairs[passed].before)
            passed += 1
        if isinstance(finding, Repair):
            yield replace(finding, start=start + shift, end=end + shift)
        else:
            yield start + shift, end + shift


def way(repair: Repair) -> str:
    """Name the layers of a repair in the order in which they were added: `utf-8>gbk`."""
    return " + ".join(map(str, repair.layers))
