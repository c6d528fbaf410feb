"""A run over many files: what is done with each, what is told about it, and what all came to."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mojifix.files import faults
from mojifix.files.change import Change, fitting, patched, patches, planned
from mojifix.files.discover import Found, Unreachable, why
from mojifix.files.leftovers import Leftover, sweep
from mojifix.files.read import Document, Opaque, Stamp, decoded, read
from mojifix.files.rewrite import Precautions, rewrite
from mojifix.files.roots import inside, root_of
from mojifix.files.undo import undo
from mojifix.model import Policy, Result
from mojifix.repair import repair
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
    `quiet`: nothing is told but errors.
    """

    fix: bool
    policy: Policy
    diff: Style | None = None
    quiet: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one file.

    `out` is for standard output: what other programs read (findings, diffs). `err` is the rest.
    `change` is still to be written to the file at `path`, whose stamp is `stamp`.
    """

    out: str = ""
    err: str = ""
    tally: Tally = field(default_factory=Tally)
    path: str = ""
    stamp: Stamp | None = None
    change: Change | None = None

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


def run(
    task: Task,
    sources: Iterable[Found],
    precautions: Precautions,
) -> int:
    """Do `task` with every file, tell what became of each, and return the exit code."""
    out, err = output(), messages()
    tally = Tally()
    writer = _Writer(precautions, task.quiet)
    try:
        for source in sources:
            outcome = writer.settle(process(source, task))
            tally.add(outcome.tally)
            err.write(outcome.err)
            out.write(outcome.out)
            if out.closed and not task.fix:
                break
    except OSError as error:
        _fail_streams(tally, err, error)
    finally:
        writer.close()
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
        data = _standard_input()
        document = decoded(data)
        if isinstance(document, Opaque):
            outcome.leave(name, document.reason, task.quiet)
            repaired = data
        else:
            result = repair(document.text, task.policy)
            repaired = patched(data, patches(document, fitting(document, result.repairs), data))
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


class _Writer:
    """Writes what was planned. There is one in a run, so the journal has one writer."""

    def __init__(self, precautions: Precautions, quiet: bool) -> None:
        self._precautions = precautions
        self._quiet = quiet
        self._swept: set[str] = set()

    def settle(self, outcome: Outcome) -> Outcome:
        """Write the change of `outcome`, if any; returns what became of the file then."""
        if not outcome.path:
            return outcome
        self._sweep(os.path.dirname(os.path.realpath(outcome.path)), outcome)
        if outcome.change is None or outcome.stamp is None:
            return outcome
        try:
            rewrite(outcome.path, outcome.change, outcome.stamp, self._precautions)
        except OSError as error:
            failed = Outcome()
            failed.fail(outcome.path, why(error))
            return failed
        return outcome

    def close(self) -> None:
        """End the journal."""
        if self._precautions.journal:
            self._precautions.journal.close()

    def _sweep(self, folder: str, outcome: Outcome) -> None:
        if folder not in self._swept:
            self._swept.add(folder)
            notes = sweep(folder)
            if not self._quiet:
                outcome.say(f"mojifix: {escaped(note)}" for note in notes)


def run_undo(journal: str, precautions: Precautions, quiet: bool) -> int:
    """Put back the files of the journal at a path, tell of each, and return the exit code."""
    err, outcome = messages(), Outcome()
    counts: Counter[str] = Counter()
    try:
        with open(journal, "rb") as file:
            for one in undo(file, precautions):
                counts[one.outcome] += 1
                if one.outcome == "failed":
                    outcome.fail(one.path, one.reason)
                elif one.outcome == "back" and not quiet:
                    outcome.say([f"mojifix: {shown_path(one.path)}: put back"])
                err.write(outcome.err)
                outcome.err = ""
    except (OSError, ValueError) as error:
        outcome.fail(journal, why(error))
        err.write(outcome.err)
    if not quiet:
        err.lines([f"{counts['back']} put back, {counts['already']} as they were already"])
    return outcome.tally.exit_code


def process(source: Found, task: Task) -> Outcome:
    """Do `task` with one file; what is to be written is planned and verified, not written."""
    outcome = Outcome()
    if isinstance(source, Leftover):
        outcome.path = source.path if task.fix else ""
        return outcome
    if isinstance(source, Unreachable):
        outcome.fail(source.path, source.reason)
        return outcome
    try:
        if task.fix and source.named and os.path.islink(source.path):
            root = root_of(os.curdir)
            if not inside(os.path.realpath(source.path), root):
                reason = f"a symbolic link that leads out of {shown_path(root)}"
                outcome.leave(source.path, reason, task.quiet)
                return outcome
        data, stamp = read(source.path)
        faults.point("read")
        document = decoded(data)
        if isinstance(document, Opaque):
            if source.named or not document.binary:
                outcome.leave(source.path, document.reason, task.quiet)
            return outcome
        result = repair(document.text, task.policy)
        if task.fix and result.repairs:
            outcome.path, outcome.stamp = source.path, stamp
            outcome.change = planned(data, document, result, task.policy)
            faults.point("planned")
    except OSError as error:
        outcome.fail(source.path, why(error))
        return outcome
    _report(outcome, task, source.path, document, result)
    return outcome


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
