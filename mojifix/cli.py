"""The command line: parses, calls, exits."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Literal

import typer

from mojifix.__about__ import __version__
from mojifix.charsets.registry import channels, parse_channel
from mojifix.files.discover import Unreachable, discover, why
from mojifix.files.read import Document, Opaque, Stamp, decoded, read
from mojifix.files.rewrite import rewrite, spliced
from mojifix.model import Policy, Result
from mojifix.repair import repair
from mojifix.report.concise import concise, still_suspected
from mojifix.report.diff import Style, unified
from mojifix.report.escape import escaped, shown_path
from mojifix.report.explain import explain as explained
from mojifix.report.stream import Stream, messages, output
from mojifix.report.summary import Tally

STDIN = "-"
STDIN_NAME = "<stdin>"
DEFAULT = Policy()

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        output().lines([f"mojifix {__version__}"])
        raise typer.Exit


def _probability(value: float) -> float:
    if not 0 <= value <= 1:  # true for NaN, too
        raise typer.BadParameter(f"{value} is not in the range from 0 to 1")
    return value


def _known_channels(names: list[str] | None) -> list[str] | None:
    for name in names or ():
        try:
            parse_channel(name)
        except ValueError:
            import difflib

            known = [str(channel) for channel in channels()]
            nearest = difflib.get_close_matches(name.strip().lower(), known, n=1, cutoff=0)[0]
            raise typer.BadParameter(
                f"unknown channel '{escaped(name)}'; the nearest one is '{nearest}'"
            ) from None
    return names


def _paths(paths: list[str] | None) -> list[str] | None:
    if paths and STDIN in paths and len(paths) > 1:
        raise typer.BadParameter("'-' (standard input) stands alone, without other paths")
    return paths


Paths = typer.Argument(metavar="PATH", show_default=False, callback=_paths)
Diff = Annotated[bool | None, typer.Option("--diff/--no-diff", help="Print a unified diff.")]
MinConfidence = Annotated[
    float,
    typer.Option(
        metavar="P", callback=_probability, help="Repair from this confidence on, from 0 to 1."
    ),
]
NoRestore = Annotated[bool, typer.Option("--no-restore", help="Never infer bytes that were lost.")]
Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        metavar="NAME",
        callback=_known_channels,
        help="Repair only what went through this channel, such as 'utf-8>gbk'. Repeatable.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
When = Literal["auto", "always", "never"]
Color = Annotated[When, typer.Option(help="When to use colours; auto heeds NO_COLOR.")]


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Repair mis-decoded text: bytes that were read in another charset than they were written in.

    Exit codes: 0 clean, or everything that was found is repaired; 1 repairs remain to be made;
    2 wrong usage, or a file could not be read or written. What is only suspected is printed and
    leaves the exit code as it is.
    """


@app.command()
def fix(
    paths: Annotated[list[str], Paths],
    diff: Diff = None,
    min_confidence: MinConfidence = DEFAULT.min_confidence,
    no_restore: NoRestore = False,
    channel: Channels = None,
    quiet: Quiet = False,
    color: Color = "auto",
) -> None:
    """Repair files in place; folders are walked.

    Prints a diff of what was changed. '-' filters standard input to standard output, bytes in,
    bytes out; a diff is then printed to standard error, and only with --diff.
    """
    filtering = paths == [STDIN]
    policy = _policy(min_confidence, no_restore, channel)
    run = _Run(policy, not (quiet or filtering) if diff is None else diff, quiet, color)
    with run.reporting():
        if filtering:
            _filter(run)
        else:
            _fix_files(run, paths)
    raise typer.Exit(run.tally.exit_code)


@app.command()
def check(
    paths: Annotated[list[str] | None, Paths] = None,
    diff: Diff = None,
    min_confidence: MinConfidence = DEFAULT.min_confidence,
    no_restore: NoRestore = False,
    channel: Channels = None,
    quiet: Quiet = False,
    color: Color = "auto",
) -> None:
    """Print what fix would repair.

    One finding a line, or with --diff as a diff. Never writes. Without a path, looks at the current
    folder; '-' reads standard input.
    """
    run = _Run(_policy(min_confidence, no_restore, channel), bool(diff), quiet, color)
    with run.reporting():
        for file in _files(run, paths or ["."]):
            result = repair(file.document.text, run.policy)
            run.tally.add_checked(result)
            suspected = concise(file.path, result.original, result.suspected)
            if run.diff:
                run.show_diff(file, result, run.out)
                run.say(suspected)
            elif not quiet:
                findings = sorted([*result.repairs, *result.suspected], key=lambda one: one.start)
                run.out.lines(concise(file.path, result.original, findings))
            if run.out.closed:
                break
        run.say([run.tally.line()])
    raise typer.Exit(run.tally.exit_code)


@app.command()
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)],
    min_confidence: MinConfidence = DEFAULT.min_confidence,
    no_restore: NoRestore = False,
    channel: Channels = None,
    color: Color = "auto",
) -> None:
    """Show how a text was damaged.

    Each layer in the order in which it was added, the bytes, which of them were lost, what else was
    considered and how probable it is.
    """
    run = _Run(_policy(min_confidence, no_restore, channel), diff=False, quiet=False, color=color)
    with run.reporting():
        run.out.lines(explained(repair(text, run.policy), run.out.colours(color)))
    raise typer.Exit(run.tally.exit_code)


def _policy(min_confidence: float, no_restore: bool, names: list[str] | None) -> Policy:
    return Policy(min_confidence, not no_restore, tuple(names) if names else None)


@dataclass(frozen=True, slots=True)
class _File:
    """The text of a file. `stamp` is None for standard input."""

    path: str
    data: bytes
    stamp: Stamp | None
    document: Document


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: what it was asked, where it writes, what it came to.

    `out` takes what other programs read (findings, diffs, filtered text), `err` the rest.
    """

    policy: Policy
    diff: bool
    quiet: bool
    color: When
    out: Stream = field(default_factory=output)
    err: Stream = field(default_factory=messages)
    tally: Tally = field(default_factory=Tally)

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Make errors of standard input and output errors of the run; files have caught theirs."""
        try:
            yield
        except OSError as error:
            self.fail("standard input or output", why(error))

    def say(self, lines: Iterable[str]) -> None:
        if not self.quiet:
            self.err.lines(lines)

    def fail(self, path: str, reason: str) -> None:
        self.tally.add_error()
        self.err.lines([f"mojifix: {shown_path(path)}: {escaped(reason)}"])

    def leave(self, path: str, opaque: Opaque) -> None:
        self.tally.add_left_alone()
        self.say([f"mojifix: {shown_path(path)}: left alone: {opaque.reason}"])

    def show_diff(self, file: _File, result: Result, to: Stream) -> None:
        colour = to.colours(self.color)
        style = Style(safe=colour or to.terminal, colour=colour)
        bom = file.document.bom.decode()
        to.write("".join(unified(file.path, result.original, result.repairs, style, bom)))


def _fix_files(run: _Run, paths: list[str]) -> None:
    for file in _files(run, paths):
        result = repair(file.document.text, run.policy)
        if result.repairs and file.stamp:
            try:
                rewrite(file.path, spliced(file.data, file.document, result.repairs), file.stamp)
            except OSError as error:
                run.fail(file.path, why(error))
                continue
        run.tally.add_fixed(result)
        if run.diff:
            run.show_diff(file, result, run.out)
        run.say(concise(file.path, result.text, still_suspected(result)))
    run.say([run.tally.line()])


def _filter(run: _Run) -> None:
    """Repair standard input; what is no text passes as it is."""
    data = _standard_input()
    document = decoded(data)
    if isinstance(document, Opaque):
        run.out.write_bytes(data)
        run.leave(STDIN_NAME, document)
        return
    result = repair(document.text, run.policy)
    run.out.write_bytes(spliced(data, document, result.repairs))
    run.tally.add_fixed(result)
    if run.diff:
        run.show_diff(_File(STDIN_NAME, data, None, document), result, run.err)
        run.say(concise(STDIN_NAME, result.text, still_suspected(result)))
        run.say([run.tally.line()])


def _files(run: _Run, paths: list[str]) -> Iterator[_File]:
    """Yield the files that are text; the others are reported."""
    if paths == [STDIN]:
        data = _standard_input()
        document = decoded(data)
        if isinstance(document, Opaque):
            run.leave(STDIN_NAME, document)
        else:
            yield _File(STDIN_NAME, data, None, document)
        return
    for found in discover(paths):
        if isinstance(found, Unreachable):
            run.fail(found.path, found.reason)
            continue
        try:
            data, stamp = read(found.path)
        except OSError as error:
            run.fail(found.path, why(error))
            continue
        document = decoded(data)
        if not isinstance(document, Opaque):
            yield _File(found.path, data, stamp, document)
        elif found.named or not document.binary:
            run.leave(found.path, document)


def _standard_input() -> bytes:
    # Python sets it to None when the caller closed it, whatever typeshed says.
    stdin: object = sys.stdin
    return b"" if stdin is None else sys.stdin.buffer.read()
