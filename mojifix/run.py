"""A run over many files: what is done with each, what is told about it, and what all came to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from mojifix.files.detect import declared
from mojifix.files.discover import Source, Unreachable, why
from mojifix.files.fit import as_utf8, fitted, in_utf8, needs_conversion
from mojifix.files.read import (
    WORTH_TELLING,
    Document,
    Opaque,
    decoded,
    invalid_bytes,
    newlines,
    read,
)
from mojifix.files.rewrite import rewrite, spliced
from mojifix.model import Policy, Result
from mojifix.repair import repair
from mojifix.report import charset
from mojifix.report.concise import concise, still_suspected
from mojifix.report.diff import Style, unified
from mojifix.report.escape import escaped, shown_path
from mojifix.report.stream import Stream, messages, output
from mojifix.report.summary import Tally

STDIN_NAME = "<stdin>"


@dataclass(frozen=True, slots=True)
class Task:
    """What is done with each file.

    `fix`: files are repaired, not only looked at. `diff`: how diffs are written; None for no diffs.
    `quiet`: nothing is told but errors. `charset`: the one that files are said to be in that are
    not UTF-8. `to_utf8`: files in another charset are converted.
    """

    fix: bool
    policy: Policy
    diff: Style | None = None
    quiet: bool = False
    charset: str | None = None
    to_utf8: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one file.

    `out` is for standard output: what other programs read (findings, diffs). `err` is the rest.
    """

    out: str = ""
    err: str = ""
    tally: Tally = field(default_factory=Tally)

    def say(self, lines: Iterable[str]) -> None:
        """Tell the user something, a line each."""
        self.err += "".join(f"{line}\n" for line in lines)

    def fail(self, path: str, reason: str) -> None:
        """Tell of an error, and count it."""
        self.tally.add_error()
        self.say([f"mojifix: {shown_path(path)}: {escaped(reason)}"])

    def leave(self, path: str, reason: str, quiet: bool) -> None:
        """Tell why a file is left alone, and count it."""
        self.tally.add_left_alone()
        if not quiet:
            self.say([f"mojifix: {shown_path(path)}: left alone: {reason}"])


def run(task: Task, sources: Iterable[Source | Unreachable]) -> int:
    """Do `task` with every file, tell what became of each, and return the exit code."""
    out, err = output(), messages()
    tally = Tally()
    try:
        for source in sources:
            outcome = process(source, task)
            tally.add(outcome.tally)
            err.write(outcome.err)
            out.write(outcome.out)
            if out.closed and not task.fix:
                break
    except OSError as error:
        _fail_streams(tally, err, error)
    if not task.quiet:
        err.lines([tally.line()])
    return tally.exit_code


def run_filter(task: Task, name: str = STDIN_NAME) -> int:
    """Do `task` with standard input, called `name`; returns the exit code.

    When it is fixed, it is copied to standard output, whatever it is, and the rest is told on
    standard error.
    """
    out, err = output(), messages()
    outcome = Outcome()
    try:
        data, document = _read(task, name, outcome, _standard_input())
        if isinstance(document, Opaque):
            outcome.leave(name, document.reason, task.quiet)
            repaired = data
        else:
            result = _repaired(task, name, outcome, document)
            repaired = spliced(data, document, result.repairs)
            _report(outcome, task, name, document, result)
        if task.fix:
            out.write_bytes(repaired)
            err.write(outcome.err + outcome.out)
        else:
            err.write(outcome.err)
            out.write(outcome.out)
    except OSError as error:
        _fail_streams(outcome.tally, err, error)
    if not task.quiet and (task.diff or not task.fix):
        err.lines([outcome.tally.line()])
    return outcome.tally.exit_code


def run_charset(
    sources: Iterable[Source | Unreachable] | None, asked: str | None, *, as_json: bool
) -> int:
    """Tell the charset of every file (None: of standard input) and return the exit code.

    `asked` is the charset that files are said to be in that are not UTF-8.
    """
    out, err, outcome = output(), messages(), Outcome()
    told = charset.as_json if as_json else charset.line
    try:
        if sources is None:
            data = _standard_input()
            out.lines([told(_finding(STDIN_NAME, data, decoded(data, asked)))])
        for source in sources or ():
            if isinstance(source, Unreachable):
                outcome.fail(source.path, source.reason)
            else:
                try:
                    data, _ = read(source.path)
                except OSError as error:
                    outcome.fail(source.path, why(error))
                else:
                    out.lines([told(_finding(source.path, data, decoded(data, asked)))])
            if out.closed:
                break
            err.write(outcome.err)
            outcome.err = ""
    except OSError as error:
        _fail_streams(outcome.tally, err, error)
    return outcome.tally.exit_code


def process(source: Source | Unreachable, task: Task) -> Outcome:
    """Do `task` with one file."""
    outcome = Outcome()
    if isinstance(source, Unreachable):
        outcome.fail(source.path, source.reason)
        return outcome
    try:
        found, stamp = read(source.path)
        data, document = _read(task, source.path, outcome, found)
        if isinstance(document, Opaque):
            if source.named or not document.binary:
                outcome.leave(source.path, document.reason, task.quiet)
            return outcome
        result = _repaired(task, source.path, outcome, document)
        if task.fix and (result.repairs or data is not found):
            rewrite(source.path, spliced(data, document, result.repairs), stamp)
    except OSError as error:
        # What was told until here did not come about.
        outcome = Outcome()
        outcome.fail(source.path, why(error))
        return outcome
    _report(outcome, task, source.path, document, result)
    return outcome


def _read(task: Task, path: str, outcome: Outcome, data: bytes) -> tuple[bytes, Document | Opaque]:
    """Return the bytes to repair, converted if that is asked for, and what they say."""
    document = decoded(data, task.charset)
    if isinstance(document, Opaque):
        return data, document
    if not task.to_utf8 or not needs_conversion(document):
        if not task.quiet:
            outcome.say(charset.notes(_finding(path, data, document)))
        return data, document
    try:
        converted = in_utf8(document)
    except ValueError:
        return data, Opaque("it has lone surrogates, which UTF-8 can't say", binary=False)
    outcome.tally.add_converted(written=task.fix)
    if not task.quiet:
        outcome.say(charset.conversion(_finding(path, data, document), written=task.fix))
    return converted, as_utf8(converted)


def _finding(path: str, data: bytes, document: Document | Opaque) -> charset.Finding:
    """Return what to tell about the charset of a file."""
    if isinstance(document, Opaque):
        likely = tuple(g for g in document.guesses if g.confidence >= WORTH_TELLING)
        return charset.Finding(path, None, likely, document.binary)
    is_ascii = document.charset == "utf-8" and data.isascii()
    return charset.Finding(
        path,
        ("ascii" if is_ascii else document.charset, document.confidence),
        newline=newlines(document.text),
        bom=bool(document.bom),
        invalid=invalid_bytes(document),
        second=document.second,
        lines=len(document.lines),
        declared=declared(data),
    )


def _repaired(task: Task, path: str, outcome: Outcome, document: Document) -> Result:
    """Repair a document as far as its charset has the characters; tell of the rest."""
    result = repair(document.text, task.policy)
    fit = fitted(document, result)
    if fit is not result and not task.quiet:
        number = len(result.repairs) - len(fit.repairs)
        outcome.say([charset.unfit(path, document.charset, number)])
    return fit


def _report(outcome: Outcome, task: Task, path: str, document: Document, result: Result) -> None:
    if task.fix:
        outcome.tally.add_fixed(result)
    else:
        outcome.tally.add_checked(result)
    if task.diff:
        bom = document.bom.decode()
        outcome.out += "".join(unified(path, result.original, result.repairs, task.diff, bom))
    if task.quiet:
        return
    if task.fix:
        outcome.say(concise(path, result.text, still_suspected(result)))
    elif task.diff:
        outcome.say(concise(path, result.original, result.suspected))
    else:
        findings = sorted([*result.repairs, *result.suspected], key=lambda one: one.start)
        outcome.out += "".join(f"{x}\n" for x in concise(path, result.original, findings))


def _standard_input() -> bytes:
    # Python sets it to None when the caller closed it, whatever typeshed says.
    stdin: object = sys.stdin
    return b"" if stdin is None else sys.stdin.buffer.read()


def _fail_streams(tally: Tally, err: Stream, error: OSError) -> None:
    tally.add_error()
    err.lines([f"mojifix: standard input or output: {escaped(why(error))}"])
