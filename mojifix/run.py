"""A run over many files: what is written, what is told, and what all came to.

What only some runs need is imported there: most find nothing, in few files.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from mojifix.config import Config
from mojifix.files.discover import Found, Source, Unreachable, why
from mojifix.files.leftovers import sweep
from mojifix.files.precautions import Precautions
from mojifix.files.read import decoded
from mojifix.report import charset
from mojifix.report.escape import escaped, shown_path
from mojifix.report.progress import Progress
from mojifix.report.stream import Stream, messages, output
from mojifix.report.summary import Tally
from mojifix.work import (
    LeftAlone,
    Outcome,
    Task,
    asked_for,
    filtered,
    finding,
    process,
    process_large,
    surveyed,
)

if TYPE_CHECKING:
    from mojifix.files.survey import Survey

STDIN_NAME = "<stdin>"

PATIENCE = 0.2
"""Seconds after which more processes pay: to start one takes a tenth of that."""


def run(task: Task, sources: Iterable[Found], precautions: Precautions, jobs: int = 1) -> int:
    """Do `task` with every file, tell what became of each, and return the exit code.

    This process alone writes, with `precautions`; the others plan what is to be written. `jobs`:
    in how many processes at most; 0 for as many as there are cores. What is told, and in which
    order, is the same for any number.
    """
    out, err = output(), messages()
    tally = Tally()
    found = list(sources)
    progress = Progress(len(found), wanted=err.terminal and not task.quiet)
    writer = _Writer(task, precautions)
    try:
        with (
            closing(writer),
            closing(_outcomes(task, found, jobs)) as outcomes,
            closing(progress),
        ):
            for planned_outcome in outcomes:
                with closing(writer.settle(planned_outcome)) as settled:
                    for outcome in settled:
                        tally.add(outcome.tally)
                        if outcome.err or outcome.out:
                            with progress.hidden():
                                err.write(outcome.err)
                                out.write(outcome.out)
                progress.step()
                if out.closed and not task.fix:
                    break
    except OSError as error:
        _fail_streams(tally, err, error)
    except KeyboardInterrupt:
        if not task.quiet:
            err.lines([f"mojifix: interrupted; until then: {tally.line()}"])
        raise
    if not task.quiet:
        err.lines([tally.line()])
    return tally.exit_code


def _outcomes(task: Task, sources: list[Found], jobs: int) -> Generator[Outcome, None, None]:
    # Here first: many runs are over by then, and what is loaded here is loaded in every process.
    patience = time.monotonic() + PATIENCE
    done = 0
    while done < len(sources) and (jobs == 1 or time.monotonic() < patience):
        yield process(task, sources[done])
        done += 1
    if done < len(sources):
        from mojifix.pool import cores, in_order

        work, rest, jobs = partial(process, task), sources[done:], jobs or cores()
        yield from map(work, rest) if jobs == 1 else in_order(work, rest, jobs, _lost)


def _lost(source: Found) -> Outcome:
    outcome = Outcome()
    outcome.fail(source.path, "the process that was busy with it died; out of memory?")
    return outcome


def run_filter(task: Task, name: str | None = None) -> int:
    """Do `task` with standard input, called `name` if it has one, and return the exit code.

    When it is fixed, it is copied to standard output, whatever it is, and the rest is told on
    standard error.
    """
    out, err = output(), messages()
    outcome = Outcome()
    if task.fix and out.closed:
        _fail_streams(outcome.tally, err, OSError(errno.EBADF, "standard output is closed"))
        return outcome.tally.exit_code
    try:
        data = standard_input()
        if not (name and task.config.settings.selection.excludes(name)):
            data = filtered(task, outcome, data, name or STDIN_NAME)
        if task.fix:
            out.write_bytes(data)
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
    """Writes what was planned. A run has one, so its journal has one writer."""

    def __init__(self, task: Task, precautions: Precautions) -> None:
        self._task = task
        self._precautions = precautions
        self._swept: set[str] = set()

    def settle(self, outcome: Outcome) -> Generator[Outcome, None, None]:
        """Do what is still to be done with a file; yields what became of it, maybe in parts."""
        if outcome.path:
            self._sweep(os.path.dirname(os.path.realpath(outcome.path)), outcome)
        told = ""
        try:
            if outcome.change and outcome.stamp:
                from mojifix.files.rewrite import rewrite

                rewrite(outcome.path, outcome.change, outcome.stamp, self._precautions)
            if outcome.large:
                for part in process_large(self._task, outcome.large, self._precautions):
                    if part.out and self._task.fix:
                        told = "; none of the repairs told of it was made"
                    yield part
        except LeftAlone as reason:
            outcome.leave(outcome.path, f"{reason}{told}", self._task.quiet)
        except OSError as error:
            path = outcome.large.source.path if outcome.large else outcome.path
            outcome = Outcome()
            outcome.fail(path, why(error) + told)
        yield outcome

    def close(self) -> None:
        """End the journal."""
        if self._precautions.journal:
            self._precautions.journal.close()

    def _sweep(self, folder: str, outcome: Outcome) -> None:
        if folder not in self._swept:
            self._swept.add(folder)
            notes = sweep(folder)
            if not self._task.quiet:
                outcome.say(f"mojifix: {escaped(note)}" for note in notes)


def run_undo(journal: str, precautions: Precautions, quiet: bool) -> int:
    """Put back the files of the journal at a path, tell of each, and return the exit code."""
    from mojifix.files.undo import undo

    err = messages()
    tally = Tally()
    counts: Counter[str] = Counter()
    try:
        with open(journal, "rb") as file:
            for one in undo(file, precautions):
                counts[one.outcome] += 1
                outcome = Outcome()
                if one.outcome == "failed":
                    outcome.fail(one.path, one.reason)
                elif one.outcome == "back" and not quiet:
                    outcome.say([f"mojifix: {shown_path(one.path)}: put back"])
                tally.add(outcome.tally)
                err.write(outcome.err)
    except (OSError, ValueError) as error:
        outcome = Outcome()
        outcome.fail(journal, why(error))
        tally.add(outcome.tally)
        err.write(outcome.err)
    if not quiet:
        err.lines([f"{counts['back']} put back, {counts['already']} as they were already"])
    return tally.exit_code


def run_charset(
    config: Config, sources: Iterable[Found] | None, name: str | None, *, as_json: bool
) -> int:
    """Tell the charset of every file (None: of standard input, called `name`).

    Returns the exit code.
    """
    from mojifix.files.survey import summed_up

    out, err, outcome = output(), messages(), Outcome()

    def tell(path: str, surveyed: Survey) -> None:
        found = finding(path, surveyed)
        out.lines([charset.as_json(found) if as_json else charset.line(found)])

    try:
        if sources is None:
            path, data = name or STDIN_NAME, standard_input()
            tell(path, summed_up(data, decoded(data, asked_for(config.at(path)))))
        for source in sources or ():
            if isinstance(source, Unreachable):
                outcome.fail(source.path, source.reason)
            elif isinstance(source, Source):
                try:
                    tell(source.path, surveyed(source.path, asked_for(config.at(source.path))))
                except OSError as error:
                    outcome.fail(source.path, why(error))
            err.write(outcome.err)
            outcome.err = ""
            if out.closed:
                break
    except OSError as error:
        _fail_streams(outcome.tally, err, error)
    return outcome.tally.exit_code


def standard_input() -> bytes:
    """Return all of standard input, however closed it is."""
    # Python sets it to None when the caller closed it, whatever typeshed says.
    stdin: object = sys.stdin
    return b"" if stdin is None else sys.stdin.buffer.read()


def _fail_streams(tally: Tally, err: Stream, error: OSError) -> None:
    tally.add_error()
    err.lines([f"mojifix: standard input or output: {escaped(why(error))}"])
