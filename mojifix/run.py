"""A run over many files: what is done with each, what is told about it, and what all came to.

What only some runs need is imported there: most find nothing, in few files.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from mojifix.config import Config, Settings
from mojifix.files import faults
from mojifix.files.discover import Found, Skipped, Source, Unreachable, why
from mojifix.files.exempt import still_off, whole, without_exempt
from mojifix.files.fit import as_utf8, fitted, in_utf8, needs_conversion
from mojifix.files.leftovers import Leftover, sweep
from mojifix.files.pieces import LARGE, Piece, head, pieces
from mojifix.files.precautions import Precautions
from mojifix.files.read import (
    WORTH_TELLING,
    Document,
    Opaque,
    Stamp,
    decoded,
    newlines,
    read,
    stamp_of,
)
from mojifix.model import Result
from mojifix.repair import repair
from mojifix.report import charset
from mojifix.report.concise import concise, everything, still_there, unrepaired
from mojifix.report.escape import escaped, shown_path
from mojifix.report.progress import Progress
from mojifix.report.stream import Stream, messages, output
from mojifix.report.summary import Tally

if TYPE_CHECKING:
    from mojifix.files.change import Change, Patch
    from mojifix.files.rewrite import Replacement
    from mojifix.report.diff import Style

STDIN_NAME = "<stdin>"

PATIENCE = 0.2
"""Seconds after which more processes pay: to start one takes a tenth of that."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is done with each file.

    `fix`: files are repaired, not only looked at. `diff`: how diffs are written; None for no diffs.
    `quiet`: nothing is told but errors.
    """

    fix: bool
    config: Config
    diff: Style | None = None
    quiet: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one file.

    `out` is for standard output: what other programs read (findings, diffs). `err` is the rest.
    `path` is that of a file in whose folder something is to be written or swept: `change`, if any,
    provided that its stamp is still `stamp`. `large` is a file that is still to be worked on, in
    pieces.
    """

    out: str = ""
    err: str = ""
    tally: Tally = field(default_factory=Tally)
    path: str = ""
    stamp: Stamp | None = None
    change: Change | None = None
    large: Source | None = None

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
    try:
        data = standard_input()
        if not (name and task.config.settings.selection.excludes(name)):
            data = _filtered(task, outcome, data, name or STDIN_NAME)
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


def _filtered(task: Task, outcome: Outcome, data: bytes, name: str) -> bytes:
    data, document = _read(task, outcome, name, data)
    if isinstance(document, Opaque):
        outcome.leave(name, document.reason, task.quiet)
        return data
    result = _found(task, outcome, name, document)
    _report(task, outcome, name, document, result)
    from mojifix.files.change import patched, patches

    return patched(data, patches(document, result.repairs, data))


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
        try:
            if outcome.change and outcome.stamp:
                from mojifix.files.rewrite import rewrite

                rewrite(outcome.path, outcome.change, outcome.stamp, self._precautions)
            if outcome.large:
                yield from _process_large(self._task, outcome.large, self._precautions)
        except OSError as error:
            path = outcome.large.path if outcome.large else outcome.path
            outcome = Outcome()
            outcome.fail(path, why(error))
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
    out, err, outcome = output(), messages(), Outcome()

    def tell(path: str, data: bytes) -> None:
        found = _finding(path, data, decoded(data, _asked(config.at(path))))
        out.lines([charset.as_json(found) if as_json else charset.line(found)])

    try:
        if sources is None:
            tell(name or STDIN_NAME, standard_input())
        for source in sources or ():
            if isinstance(source, Unreachable):
                outcome.fail(source.path, source.reason)
            elif isinstance(source, Source):
                try:
                    data, _ = read(source.path)
                except OSError as error:
                    outcome.fail(source.path, why(error))
                else:
                    tell(source.path, data)
            err.write(outcome.err)
            outcome.err = ""
            if out.closed:
                break
    except OSError as error:
        _fail_streams(outcome.tally, err, error)
    return outcome.tally.exit_code


def process(task: Task, source: Found) -> Outcome:
    """Do `task` with one file; what is to be written is planned and verified, not written."""
    outcome = Outcome()
    if isinstance(source, Unreachable):
        outcome.fail(source.path, source.reason)
    elif isinstance(source, Skipped):
        outcome.leave(source.path, source.reason, task.quiet)
    elif isinstance(source, Leftover):
        outcome.path = source.path if task.fix else ""
    else:
        try:
            _process_file(task, outcome, source)
        except OSError as error:
            # What was told until here did not come about.
            outcome = Outcome()
            outcome.fail(source.path, why(error))
    return outcome


def _process_file(task: Task, outcome: Outcome, source: Source) -> None:
    backup = task.config.settings.backup
    if backup and not source.named and source.path.endswith(backup):
        return
    if task.fix and source.named and os.path.islink(source.path):
        from mojifix.files.roots import inside, root_of

        root = root_of(os.curdir)
        if not inside(os.path.realpath(source.path), root):
            reason = f"a symbolic link that leads out of {shown_path(root)}"
            outcome.leave(source.path, reason, task.quiet)
            return
    if _is_large(task, outcome, source):
        return
    found, stamp = read(source.path)
    faults.point("read")
    data, document = _read(task, outcome, source.path, found)
    if isinstance(document, Opaque):
        if source.named or not document.binary:
            outcome.leave(source.path, document.reason, task.quiet)
        return
    result = _found(task, outcome, source.path, document)
    if task.fix and (result.repairs or data is not found):
        from mojifix.files.change import planned

        outcome.path, outcome.stamp = source.path, stamp
        outcome.change = planned(
            found, data, document, result, lambda new: _found(task, Outcome(), source.path, new)
        )
        faults.point("planned")
    _report(task, outcome, source.path, document, result)


def _is_large(task: Task, outcome: Outcome, source: Source) -> bool:
    """Tell whether a file is done with or left to be worked on in pieces."""
    settings = task.config.at(source.path)
    if settings.to != "keep" or os.stat(source.path).st_size <= LARGE:
        return False
    document = head(source.path, _asked(settings))
    if isinstance(document, Opaque):
        if source.named or not document.binary:
            outcome.leave(source.path, document.reason, task.quiet)
        return True
    if document.charset != "utf-8":
        return False
    outcome.path, outcome.large = source.path if task.fix else "", source
    return True


def _process_large(task: Task, source: Source, precautions: Precautions) -> Iterator[Outcome]:
    """Do `task` with a file in pieces; yields what to tell of each, and then the counts.

    Raises OSError; then nothing is written.
    """
    from hashlib import sha256

    from mojifix.files.change import patched
    from mojifix.files.durable import opened
    from mojifix.files.rewrite import Replacement

    total, left = Outcome(), 0
    before, after = sha256(), sha256()
    with opened(source.path) as file, ExitStack() as writing:
        stamp = stamp_of(os.fstat(file.fileno()))
        new: Replacement | None = None
        for piece, result, changes in _repaired_pieces(task, total, source, file):
            before.update(piece.data)
            after.update(patched(piece.data, changes))
            left += isinstance(piece.document, Opaque)
            for patch in changes:
                new = new or writing.enter_context(Replacement(source.path, stamp, precautions))
                new.add(replace(patch, start=piece.start + patch.start))
            total.tally.add_piece(result)
            yield _told(task, source.path, result, (piece.line, piece.column))
        if new:
            new.commit(before.hexdigest(), after.hexdigest())
    total.tally.add_pieces(written=task.fix)
    if left and not task.quiet:
        total.say([f"mojifix: {shown_path(source.path)}: {left} parts left alone: not UTF-8"])
    yield total


def _repaired_pieces(
    task: Task, total: Outcome, source: Source, file: BinaryIO
) -> Iterator[tuple[Piece, Result, tuple[Patch, ...]]]:
    """Yield each piece of a file with what was found in it and the patches, verified, of the piece.

    None at all when a comment says that the whole file is to be kept.
    """
    from mojifix.files.change import planned

    settings = task.config.at(source.path)
    off = False
    for piece in pieces(file, _asked(settings)):
        document = piece.document
        if isinstance(document, Opaque):
            yield piece, Result("", ""), ()
            continue
        if piece.start == 0 and whole(document.text):
            return
        result = _found_in_piece(settings, off, total.tally, document)
        changes: tuple[Patch, ...] = ()
        if task.fix and result.repairs:
            again = partial(_found_in_piece, settings, off, Tally())
            changes = planned(piece.data, piece.data, document, result, again).patches
        yield piece, result, changes
        off = still_off(document.text, off)


def _found_in_piece(settings: Settings, off: bool, tally: Tally, document: Document) -> Result:
    result = repair(document.text, settings.policy)
    result, ignored = without_exempt(result, settings.exemptions, off)
    tally.add_ignored(ignored)
    return fitted(document, result)


def _told(task: Task, path: str, result: Result, first: tuple[int, int]) -> Outcome:
    """Return what to tell of a piece of a file. Instead of a diff, what was repaired is listed."""
    outcome = Outcome()
    if task.fix:
        listed = result.repairs if task.diff else ()
        outcome.out = "".join(f"{x}\n" for x in concise(path, result.original, listed, first))
        if not task.quiet:
            outcome.say(concise(path, result.text, still_there(result), first))
    elif not task.quiet:
        found = everything(result)
        outcome.out = "".join(f"{x}\n" for x in concise(path, result.original, found, first))
    return outcome


def _read(task: Task, outcome: Outcome, path: str, data: bytes) -> tuple[bytes, Document | Opaque]:
    """Return the bytes to repair, converted if that is asked for, and what they say."""
    settings = task.config.at(path)
    document = decoded(data, _asked(settings))
    if isinstance(document, Opaque):
        return data, document
    keep = settings.to == "keep" or not needs_conversion(document) or whole(document.text)
    if keep:
        if not task.quiet and (document.invalid or document.charset != "utf-8"):
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


def _asked(settings: Settings) -> str | None:
    """Return our name of the charset that the user says files are in, if any."""
    if not settings.charset:
        return None
    from mojifix.files.legacy import known

    return known(settings.charset)


def _finding(path: str, data: bytes, document: Document | Opaque) -> charset.Finding:
    """Return what to tell about the charset of a file."""
    if isinstance(document, Opaque):
        likely = tuple(g for g in document.guesses if g.confidence >= WORTH_TELLING)
        return charset.Finding(path, None, likely, document.binary)
    from mojifix.files.detect import declared

    is_ascii = document.charset == "utf-8" and data.isascii()
    return charset.Finding(
        path,
        ("ascii" if is_ascii else document.charset, document.confidence),
        newline=newlines(document.text),
        bom=bool(document.bom),
        invalid=document.invalid,
        second=document.second,
        lines=len(document.lines),
        declared=declared(data),
    )


def _found(task: Task, outcome: Outcome, path: str, document: Document) -> Result:
    """Find what there is to repair in a text, but for what the user wants to keep."""
    settings = task.config.at(path)
    if whole(document.text):
        return Result(document.text, document.text)
    result = repair(document.text, settings.policy)
    result, ignored = without_exempt(result, settings.exemptions)
    outcome.tally.add_ignored(ignored)
    fit = fitted(document, result)
    if fit is not result and not task.quiet:
        number = len(result.repairs) - len(fit.repairs)
        outcome.say([charset.unfit(path, document.charset, number)])
    return fit


def _report(task: Task, outcome: Outcome, path: str, document: Document, result: Result) -> None:
    if task.fix:
        outcome.tally.add_fixed(result)
    else:
        outcome.tally.add_checked(result)
    if task.diff:
        from mojifix.report.diff import unified

        bom = "\ufeff" if document.bom else ""
        outcome.out += "".join(unified(path, result.original, result.repairs, task.diff, bom))
    if task.quiet:
        return
    if task.fix:
        outcome.say(concise(path, result.text, still_there(result)))
    elif task.diff:
        outcome.say(concise(path, result.original, unrepaired(result)))
    else:
        found = concise(path, result.original, everything(result))
        outcome.out += "".join(f"{line}\n" for line in found)


def standard_input() -> bytes:
    """Return all of standard input, however closed it is."""
    # Python sets it to None when the caller closed it, whatever typeshed says.
    stdin: object = sys.stdin
    return b"" if stdin is None else sys.stdin.buffer.read()


def _fail_streams(tally: Tally, err: Stream, error: OSError) -> None:
    tally.add_error()
    err.lines([f"mojifix: standard input or output: {escaped(why(error))}"])
