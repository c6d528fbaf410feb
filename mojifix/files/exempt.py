"""What the user wants to keep as it is: by comments in the text, or by strings and patterns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from mojifix.model import Repair, Result
from mojifix.repair.splice.splice import splice

Span = tuple[int, int]

NAME = "mojifix"
"""What a text without this word can't have a comment for."""

HEAD = 5
"""Lines at the start of a text in which `ignore-file` counts; further down it is quoted."""

_COMMENT = r"(?<!\w)mojifix:[ \t]*(ignore-next-line|ignore-file|ignore|off|on)(?![\w-])"
_LINE_END = re.compile(r"\r\n|[\r\n]")


@dataclass(frozen=True, slots=True)
class Exemptions:
    """What is kept, besides what comments say: exact strings, and regular expressions."""

    strings: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


def whole(text: str) -> bool:
    """Tell whether a comment says that the whole text is to be kept."""
    if NAME not in text:
        return False
    for comment in re.finditer(_COMMENT, text):
        if comment[1] == "ignore-file":
            return len(_LINE_END.findall(text, 0, comment.start())) < HEAD
    return False


def without_exempt(result: Result, exemptions: Exemptions, off: bool = False) -> tuple[Result, int]:
    """Return `result` without the repairs that touch what is kept, and how many those are.

    `off`: whether what stands before this part of a text was kept, up to its end.
    """
    findings = (*result.repairs, *result.suspected)
    if not findings and not result.dead:
        return result, 0
    kept = _merged(sorted(_kept(result.original, exemptions, off)))
    if not kept:
        return result, 0

    def wanted(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
        return tuple(one for one in repairs if not _touches(kept, one.start, one.end))

    repairs, suspected = wanted(result.repairs), wanted(result.suspected)
    ignored = len(findings) - len(repairs) - len(suspected)
    dead = tuple(span for span in result.dead if not _touches(kept, *span))
    text = splice(result.original, list(repairs))
    return replace(result, text=text, repairs=repairs, suspected=suspected, dead=dead), ignored


def still_off(text: str, off: bool) -> bool:
    """Tell whether what follows a part of a text is kept; `off`: whether its start was."""
    if NAME in text:
        for comment in re.finditer(_COMMENT, text):
            off = off if comment[1] not in {"off", "on"} else comment[1] == "off"
    return off


def _kept(text: str, exemptions: Exemptions, off: bool) -> Iterator[Span]:
    if off or NAME in text:
        yield from _commented(text, 0 if off else None)
    for expression in _expressions(exemptions):
        yield from (match.span() for match in expression.finditer(text) if match.group())


@cache
def _expressions(exemptions: Exemptions) -> list[re.Pattern[str]]:
    sources = [*map(re.escape, exemptions.strings), *exemptions.patterns]
    return [re.compile(source, re.MULTILINE) for source in sources]


def _commented(text: str, off: int | None) -> Iterator[Span]:
    """Yield the spans, in code points, that comments say are to be kept; one begins at `off`."""
    start = end = 0
    for comment in re.finditer(_COMMENT, text):
        if comment.start() >= end:
            start, end = _line(text, comment.start())
        if comment[1] == "ignore":
            yield start, end
        elif comment[1] == "ignore-next-line":
            if end < len(text):
                yield _line(text, end)
        elif comment[1] == "off" and off is None:
            off = start
        elif comment[1] == "on" and off is not None:
            yield off, end
            off = None
    if off is not None:
        yield off, len(text)


def _line(text: str, at: int) -> Span:
    """Return the span of the line that the code point `at` is in, its end included."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    end = _LINE_END.search(text, at)
    return start, end.end() if end else len(text)


def _merged(spans: list[Span]) -> list[Span]:
    """Return sorted spans, those that overlap or meet made one."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _touches(spans: list[Span], start: int, end: int) -> bool:
    """Tell whether the span from `start` to `end` overlaps one of `spans`, sorted and apart."""
    at = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return (at >= 0 and start < spans[at][1]) or (at + 1 < len(spans) and spans[at + 1][0] < end)
