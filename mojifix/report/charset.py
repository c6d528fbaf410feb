"""What charset files are in, as lines, as JSON, and as notes beside a repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mojifix.model import rounded
from mojifix.report.escape import shown_path

SHOWN = 3
"""Candidates that are named where no charset is sure."""

Guess = tuple[str, float]
"""A charset and its confidence, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about the charset of the file at `path`.

    `charset` is None for binary files, and where no charset is sure: `candidates` are then the
    likeliest ones. `newline` is `lf`, `crlf`, `cr`, `mixed` or `none`; `bom` tells of a byte order
    mark. `invalid` is the number of bytes that are not UTF-8 in a file that is, and `unread` that
    of lines with bytes that have no character in a legacy charset. In a mixed file, `lines` lines
    are in the charset `second`. `declared` is what the file says itself.
    """

    path: str
    charset: Guess | None = None
    candidates: tuple[Guess, ...] = ()
    binary: bool = False
    newline: str = "none"
    bom: bool = False
    invalid: int = 0
    unread: int = 0
    second: Guess | None = None
    lines: int = 0
    declared: str | None = None


def line(found: Finding) -> str:
    """Return `path: gbk 1.00 crlf`, with `bom` and what else there is to say."""
    shown = shown_path(found.path)
    if found.charset is None:
        return f"{shown}: {'binary' if found.binary else f'unknown {perhaps(found)}'.rstrip()}"
    parts = [_guess(found.charset), found.newline]
    if found.bom:
        parts.append("bom")
    if found.second:
        parts.append(f"mixed with {_guess(found.second)} in {_many(found.lines, 'line')}")
    elif found.invalid:
        parts.append(f"with {_many(found.invalid, 'invalid byte')}")
    elif found.unread:
        parts.append(f"with {_many(found.unread, 'unreadable line')}")
    return f"{shown}: {' '.join(parts)}"


def as_json(found: Finding) -> str:
    r"""Return the same as a line of JSON; bytes of the name that are not UTF-8 are `\udc80`."""
    import json

    charset, confidence = found.charset or (None, None)
    told: dict[str, object] = {
        "path": found.path,
        "charset": charset,
        "confidence": None if confidence is None else _figure(confidence),
        "newline": found.newline,
        "bom": found.bom,
        "binary": found.binary,
        "invalid_bytes": found.invalid,
        "unreadable_lines": found.unread,
        "second": None,
        "candidates": [_as_dict(guess) for guess in found.candidates[:SHOWN]],
    }
    if found.second:
        told["second"] = {**_as_dict(found.second), "lines": found.lines}
    return json.dumps(told)


def notes(found: Finding) -> Iterator[str]:
    """Yield what the user should know about the charset of a file that is repaired, a line each."""
    start = f"mojifix: {shown_path(found.path)}: "
    if found.second:
        many, them = _many(found.lines, "line"), "it" if found.lines == 1 else "them"
        yield f"{start}mixed: {many} in {_guess(found.second)}; --to utf-8 converts {them}"
    elif found.invalid:
        yield f"{start}{_many(found.invalid, 'invalid byte')} in the UTF-8, left as found"
    elif found.charset and found.unread:
        lines = _many(found.unread, "line")
        yield f"{start}in {_guess(found.charset)}; {lines} with other bytes, left as found"
    elif found.charset and not found.charset[0].startswith(("utf-", "ascii")):
        yield f"{start}in {_guess(found.charset)}; --to utf-8 converts it"


def conversion(found: Finding, *, written: bool) -> Iterator[str]:
    """Yield what becomes, or would, of a file that is converted to UTF-8."""
    start = f"mojifix: {shown_path(found.path)}: "
    source = found.second or found.charset
    assert source, "what has no charset is left alone"
    yield f"{start}{'converted' if written else 'to be converted'} from {_guess(source)}"
    if found.declared and found.declared != "utf-8":
        yield f"{start}still says that it is in {found.declared}"


def unfit(path: str, charset: str, number: int) -> str:
    """Return that a number of repairs can't be written in the charset of a file."""
    do = "does" if number == 1 else "do"
    return (
        f"mojifix: {shown_path(path)}: {_many(number, 'repair')} {do} not fit {charset}; "
        "--to utf-8 makes room"
    )


def perhaps(found: Finding) -> str:
    """Return the likeliest candidates in words; empty if there is none worth telling."""
    likely = found.candidates[:SHOWN]
    return f"(perhaps {', '.join(map(_guess, likely))})" if likely else ""


def _guess(guess: Guess) -> str:
    return f"{guess[0]} {rounded(guess[1])}"


def _as_dict(guess: Guess) -> dict[str, object]:
    return {"charset": guess[0], "confidence": _figure(guess[1])}


def _figure(confidence: float) -> float:
    return float(rounded(confidence))


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
