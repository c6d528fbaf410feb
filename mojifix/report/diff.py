"""A unified diff, built from the spans of the repairs and so in linear time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mojifix.model import Repair
from mojifix.report.escape import escaped

CONTEXT = 3
"""Unchanged lines around each change, as in every other diff."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_NEWLINE = "\\ No newline at end of file\n"

Line = list[tuple[str, bool]]
"""The parts of a line, and whether each was changed; the last one ends with the line feed."""


@dataclass(frozen=True, slots=True)
class Style:
    r"""How a diff is written.

    `safe`: what acts on a terminal is escaped, and a byte order mark is left out; such a diff is
    for reading and doesn't apply. `colour`: with ANSI colours, the changed spans in reverse video.
    """

    safe: bool = False
    colour: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """Adjacent lines that are replaced: `start` and `end` (half-open) of the old lines, from 0."""

    start: int
    end: int
    old: list[Line]
    new: list[Line]


def unified(
    path: str, text: str, repairs: Sequence[Repair], style: Style = Style(), bom: str = ""
) -> Iterator[str]:
    """Yield the lines, with their line feeds, of the diff from `text` to its repaired text.

    `repairs` are sorted and apart; without any nothing is yielded. `bom` stands in front of `text`
    in the file. The plain style applies with `patch -p1` and `git apply`.
    """
    if not repairs:
        return
    lines = _LINE.findall(text)
    first = "" if style.safe else bom
    for side, sign in (("a", "---"), ("b", "+++")):
        yield _painted(f"{sign} {_header_name(side, path)}", "1", style) + "\n"
    shift = 0
    for hunk in _hunks(_blocks(text, lines, repairs)):
        start = max(0, hunk[0].start - CONTEXT)
        end = min(len(lines), hunk[-1].end + CONTEXT)
        growth = sum(len(block.new) - len(block.old) for block in hunk)
        old, new = end - start, end - start + growth
        ranges = f"-{_range(start, old)} +{_range(start + shift, new)}"
        yield _painted(f"@@ {ranges} @@", "36", style) + "\n"
        shift += growth
        for sign, number, line in _signed(lines, hunk, start, end):
            whole = [(first, False), *line] if number == 0 and first else line
            yield _shown(sign, whole, style)


def _signed(
    lines: list[str], hunk: list[_Block], start: int, end: int
) -> Iterator[tuple[str, int, Line]]:
    """Yield sign, number (0 for the first one of the file) and parts of each line of a hunk."""
    at = start
    for block in hunk:
        for number in range(at, block.start):
            yield " ", number, [(lines[number], False)]
        for number, line in enumerate(block.old, block.start):
            yield "-", number, line
        for number, line in enumerate(block.new, block.start):
            yield "+", number, line
        at = block.end
    for number in range(at, end):
        yield " ", number, [(lines[number], False)]


def _blocks(text: str, lines: list[str], repairs: Sequence[Repair]) -> Iterator[_Block]:
    """Yield the blocks of lines that the repairs change, in order, no two of them adjacent."""
    starts = [0, *accumulate(map(len, lines))]
    waiting: list[Repair] = []
    first = last = line = 0
    for repair in repairs:
        while line + 1 < len(lines) and starts[line + 1] <= repair.start:
            line += 1
        if waiting and line > last + 1:
            yield _block(text, starts, first, last, waiting)
            waiting = []
        if not waiting:
            first = line
        last = max(last, line) if waiting else line
        waiting.append(repair)
        while starts[last + 1] < repair.end:
            last += 1
        # A line whose end is repaired away goes on in the next one.
        if repair.end == starts[last + 1] and last + 1 < len(lines):
            last += not repair.after.endswith("\n")
    if waiting:
        yield _block(text, starts, first, last, waiting)


def _block(
    text: str, starts: list[int], first: int, last: int, repairs: Sequence[Repair]
) -> _Block:
    old: Line = []
    new: Line = []
    at = starts[first]
    for repair in repairs:
        same = (text[at : repair.start], False)
        old += [same, (repair.before, True)]
        new += [same, (repair.after, True)]
        at = repair.end
    rest = (text[at : starts[last + 1]], False)
    return _Block(first, last + 1, _cut([*old, rest]), _cut([*new, rest]))


def _cut(parts: Line) -> list[Line]:
    """Cut the parts of several lines into lines."""
    lines: list[Line] = [[]]
    for part, changed in parts:
        for piece in _LINE.findall(part):
            lines[-1].append((piece, changed))
            if piece.endswith("\n"):
                lines.append([])
    return lines if lines[-1] else lines[:-1]


def _hunks(blocks: Iterator[_Block]) -> Iterator[list[_Block]]:
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block.start - hunk[-1].end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _range(start: int, count: int) -> str:
    if count == 1:
        return str(start + 1)
    return f"{start + 1 if count else start},{count}"


_COLOURS = {"-": "31", "+": "32", " ": ""}


def _shown(sign: str, line: Line, style: Style) -> str:
    ended = line[-1][0].endswith("\n")
    if ended:
        line = [*line[:-1], (line[-1][0][:-1], line[-1][1])]
    carriage = ""
    if style.safe and line[-1][0].endswith("\r"):
        # The usual end of a line in such files is not worth an escape on each of them.
        carriage = "\r"
        line = [*line[:-1], (line[-1][0][:-1], line[-1][1])]
    parts = []
    for part, changed in line:
        shown = escaped(part) if style.safe else part
        parts.append(f"\x1b[7m{shown}\x1b[27m" if style.colour and changed and shown else shown)
    whole = _painted(sign + "".join(parts), _COLOURS[sign], style) + carriage
    return f"{whole}\n" if ended else f"{whole}\n{_NO_NEWLINE}"


def _painted(text: str, colour: str, style: Style) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if style.colour and colour else text


_UNSAFE_NAME = re.compile(rb'[\x00-\x1f\x7f"\\]|[\x80-\xff]+')


def _header_name(side: str, path: str) -> str:
    """Return `path` as in git's headers: relative, and quoted when it holds unusual characters."""
    relative = os.path.splitdrive(os.path.normpath(path))[1].replace(os.sep, "/").lstrip("/")
    name = f"{side}/{relative}"
    if name.isprintable() and '"' not in name and "\\" not in name:
        # Without the tab a name would end at its first space.
        return f"{name}\t" if " " in name else name
    quoted = _UNSAFE_NAME.sub(_octal, os.fsencode(name))
    return f'"{quoted.decode("ascii")}"'


def _octal(match: re.Match[bytes]) -> bytes:
    return b"".join(b"\\%03o" % byte for byte in match.group())
