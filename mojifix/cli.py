"""The command line: parses, calls, exits."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from mojifix.__about__ import __version__
from mojifix.config import Misconfigured, Settings, When
from mojifix.files.discover import discover, why
from mojifix.files.journal import Journal
from mojifix.files.rewrite import Hardlinks, Precautions
from mojifix.files.roots import common_folder
from mojifix.repair import repair
from mojifix.report.diff import Style
from mojifix.report.escape import escaped, shown_path
from mojifix.report.explain import explain as explained
from mojifix.report.stream import messages, output
from mojifix.run import Task, run, run_filter, run_undo

STDIN = "-"

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


def _paths(paths: list[str] | None) -> list[str] | None:
    if paths and STDIN in paths and len(paths) > 1:
        raise typer.BadParameter("'-' (standard input) stands alone, without other paths")
    return paths


class RepairOptions:
    """What may be repaired, for each command that repairs."""

    min_confidence: Annotated[
        float | None,
        typer.Option(metavar="P", help="Repair from this confidence on, from 0 to 1."),
    ]
    restore: Annotated[
        bool | None, typer.Option("--restore/--no-restore", help="Infer bytes that were lost.")
    ]
    channel: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Repair only what went through this channel, such as 'utf-8>gbk'. Repeatable.",
        ),
    ]
    color: Annotated[When | None, typer.Option(help="When to use colours; auto heeds NO_COLOR.")]


class FileOptions(RepairOptions):
    """What is done with files, for each command that takes some."""

    diff: Annotated[bool | None, typer.Option("--diff/--no-diff", help="Print a unified diff.")]
    quiet: Annotated[bool | None, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


class FixOptions(FileOptions):
    """What is done so that nothing is lost."""

    backup: Annotated[
        str | None,
        typer.Option(
            metavar="SUFFIX", help="Keep a copy of each changed file: its name and SUFFIX."
        ),
    ]
    hardlinks: Annotated[
        Hardlinks | None,
        typer.Option(help="Refuse files with other names, part them, or write in place."),
    ]


Given = dict[str, Any]
"""The options that were given, by name; the others have their defaults."""


def _with(options: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare `options` for a command, which gets those that were given as its argument `given`."""
    declared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
        for name, hint in get_type_hints(options, include_extras=True).items()
    ]

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(**values: Any) -> None:
            named = {option.name: values.pop(option.name) for option in declared}
            command(**values, given={n: value for n, value in named.items() if value is not None})

        own = inspect.signature(command, eval_str=True).parameters
        parameters = [*(own[name] for name in own if name != "given"), *declared]
        # What Typer reads.
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        return called

    return decorated


Paths = typer.Argument(metavar="PATH", show_default=False, callback=_paths)


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
@_with(FixOptions)
def fix(
    paths: Annotated[list[str], Paths],
    journal: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write down there what is changed, for undo."),
    ] = None,
    no_journal: Annotated[bool, typer.Option("--no-journal", help="Write no journal.")] = False,
    *,
    given: Given,
) -> None:
    """Repair files in place; folders are walked.

    Prints a diff of what was changed. '-' filters standard input to standard output, bytes in,
    bytes out; a diff is then printed to standard error, and only with --diff.

    Files that git doesn't keep a copy of are written down in a journal, from which undo puts them
    back.
    """
    settings = _settings(given)
    opened = None if no_journal or paths == [STDIN] else _journal(journal, paths, settings)
    _run(paths, settings, Precautions(settings.hardlinks, settings.backup, opened), fixing=True)


@app.command()
def undo(
    journal: Annotated[str, typer.Argument(metavar="JOURNAL", show_default=False)],
    hardlinks: Annotated[
        Hardlinks, typer.Option(help="Refuse files with other names, part them, or write in place.")
    ] = "refuse",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Put files back as they were before fix changed them.

    Files that changed since are left as they are. May be interrupted and run again.
    """
    raise typer.Exit(run_undo(journal, Precautions(hardlinks), quiet))


@app.command()
@_with(FileOptions)
def check(paths: Annotated[list[str] | None, Paths] = None, *, given: Given) -> None:
    """Print what fix would repair.

    One finding a line, or with --diff as a diff. Never writes. Without a path, looks at the current
    folder; '-' reads standard input.
    """
    _run(paths or ["."], _settings(given), Precautions(), fixing=False)


@app.command()
@_with(RepairOptions)
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)], given: Given
) -> None:
    """Show how a text was damaged.

    Each layer in the order in which it was added, the bytes, which of them were lost, what else was
    considered and how probable it is.
    """
    settings = _settings(given)
    out = output()
    try:
        out.lines(explained(repair(text, settings.policy), out.colours(settings.color)))
    except OSError as error:
        typer.echo(f"mojifix: standard output: {why(error)}", err=True)
        raise typer.Exit(2) from None


def _settings(given: Given) -> Settings:
    values: Given = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    try:
        return Settings(**values)
    except Misconfigured as error:
        raise typer.BadParameter(escaped(str(error))) from None


def _journal(path: str | None, paths: list[str], settings: Settings) -> Journal:
    def announce(path: str) -> None:
        if not settings.quiet:
            messages().lines([f"mojifix: journal for mojifix undo: {shown_path(path)}"])

    try:
        return Journal(common_folder(paths), path, announce)
    except OSError as error:
        raise typer.BadParameter(escaped(why(error))) from None


def _run(paths: list[str], settings: Settings, precautions: Precautions, *, fixing: bool) -> None:
    filtering = paths == [STDIN]
    shown_on = messages() if filtering and fixing else output()
    colour = shown_on.colours(settings.color)
    style = Style(safe=colour or shown_on.terminal, colour=colour)
    # Who filters reads the text itself.
    by_default = fixing and not filtering and not settings.quiet
    wanted = by_default if settings.diff is None else settings.diff
    task = Task(fixing, settings.policy, style if wanted else None, settings.quiet)
    raise typer.Exit(run_filter(task) if filtering else run(task, discover(paths), precautions))
