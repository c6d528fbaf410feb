"""The command line: parses, calls, exits.

Annotations are no strings here: Typer would have to compile each of them.
"""

import inspect
import os
from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from mojifix.__about__ import __version__
from mojifix.config import Config, Misconfigured, To, When, load
from mojifix.files.discover import discover, listed, why
from mojifix.files.precautions import Hardlinks, Precautions
from mojifix.files.read import read
from mojifix.model import Undecided
from mojifix.repair import repair
from mojifix.report.escape import escaped, shown_path
from mojifix.report.stream import messages, output
from mojifix.run import run, run_charset, run_filter, run_undo, standard_input
from mojifix.work import Task

if TYPE_CHECKING:
    from mojifix.files.journal import Journal
    from mojifix.report.diff import Style

STDIN = "-"


class _Swift:
    """Of a command: convert only what needs it.

    Typer converts everything with pydantic, which takes longer to load than all the rest.
    """

    def get_params(self, context: Any) -> Any:
        parameters = super().get_params(context)  # type: ignore[misc]
        for parameter in parameters:
            parameter.process_value = partial(_process_value, parameter)
        return parameters


class _Command(_Swift, TyperCommand):
    pass


class _Group(_Swift, TyperGroup):
    pass


def _process_value(parameter: Any, context: Any, value: Any) -> Any:
    """Return the value of a parameter, without Typer's help if it needs no conversion."""
    # Typer's own, not promised to stay: without it only time is lost.
    wanted = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if value is None and not parameter.required:
        return parameter.callback(context, parameter, value) if parameter.callback else value
    if wanted is str and isinstance(value, str):
        return value
    if wanted == list[str] and value:
        return list(value)
    if get_origin(wanted) is Literal and isinstance(value, str):
        if value not in (choices := get_args(wanted)):
            reason = f"{value!r} is not one of {', '.join(map(repr, choices))}"
            raise typer.BadParameter(reason, ctx=context, param=parameter)
        return value
    return type(parameter).process_value(parameter, context, value)


app = typer.Typer(
    cls=_Group,
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


def _option(*names: str, env: str, **more: Any) -> Any:
    """Declare an option that a variable in the environment may set as well."""
    return typer.Option(*names, envvar=f"MOJIFIX_{env}", show_envvar=False, **more)


class RepairOptions:
    """What may be repaired, for each command that repairs. Defaults are those of Settings."""

    min_confidence: Annotated[
        float | None,
        _option(
            env="MIN_CONFIDENCE",
            metavar="P",
            help="Repair from this probability of the model on, from 0 to 1; 0.95 by default.",
        ),
    ]
    min_restored: Annotated[
        float | None,
        _option(
            env="MIN_RESTORED",
            metavar="P",
            help="Where bytes were surely lost, take the likeliest character from this probability "
            "of the model on, from 0 to 1; 0.5 by default.",
        ),
    ]
    restore: Annotated[
        bool | None,
        _option(
            "--restore/--no-restore",
            env="RESTORE",
            help="Infer bytes that were lost, as by default, or never.",
        ),
    ]
    channel: Annotated[
        list[str] | None,
        _option(
            env="CHANNEL",
            metavar="NAME",
            help="Repair only what went through this channel, such as 'utf-8>gbk'. Repeatable.",
        ),
    ]
    max_layers: Annotated[
        int | None,
        _option(
            env="MAX_LAYERS", metavar="N", help="Take off so many layers of damage; 6 by default."
        ),
    ]
    undecided: Annotated[
        Undecided | None,
        _option(
            env="UNDECIDED",
            help="What becomes of a lost character that can't be told: U+FFFD (mark, the default), "
            "what is found (keep), or the likeliest one (guess).",
        ),
    ]
    include_quoted: Annotated[
        bool | None,
        _option(
            "--include-quoted/--no-include-quoted",
            env="INCLUDE_QUOTED",
            help="Repair damage that the text quotes on purpose, too.",
        ),
    ]
    color: Annotated[
        When | None, _option(env="COLOR", help="When to use colours; auto heeds NO_COLOR.")
    ]
    config: Annotated[
        str | None,
        _option(
            env="CONFIG",
            metavar="FILE",
            help="The configuration file, instead of the nearest mojifix.toml or pyproject.toml.",
        ),
    ]
    isolated: Annotated[
        bool | None, _option("--isolated", env="ISOLATED", help="Heed no configuration file.")
    ]


class FileOptions(RepairOptions):
    """What is done with which files, for each command that takes some."""

    charset: Annotated[
        str | None,
        _option(
            env="CHARSET", metavar="NAME", help="What files that are not UTF-8 are said to be in."
        ),
    ]
    to: Annotated[
        To | None,
        _option(env="TO", help="Keep the charset of files, as by default, or convert to UTF-8."),
    ]
    diff: Annotated[
        bool | None, _option("--diff/--no-diff", env="DIFF", help="Print a unified diff.")
    ]
    quiet: Annotated[
        bool | None,
        _option("--quiet/--no-quiet", "-q", env="QUIET", help="Print nothing but errors."),
    ]
    jobs: Annotated[
        int | None,
        _option(
            "--jobs",
            "-j",
            env="JOBS",
            metavar="N",
            help="In how many processes at most; by default, or for 0, as many as there are cores.",
        ),
    ]
    include: Annotated[
        list[str] | None,
        _option(
            env="INCLUDE",
            metavar="GLOB",
            help="In folders, only files that this matches. Repeatable.",
        ),
    ]
    exclude: Annotated[
        list[str] | None,
        _option(
            env="EXCLUDE",
            metavar="GLOB",
            help="In folders, nothing that this matches. Repeatable; replaces what is configured.",
        ),
    ]
    extend_exclude: Annotated[
        list[str] | None,
        _option(
            env="EXTEND_EXCLUDE",
            metavar="GLOB",
            help="Like --exclude, but adds to what is configured. Repeatable.",
        ),
    ]
    force_exclude: Annotated[
        bool | None,
        _option(
            "--force-exclude/--no-force-exclude",
            env="FORCE_EXCLUDE",
            help="Exclude what is named on the command line, too.",
        ),
    ]
    ignore_files: Annotated[
        bool | None,
        _option(
            "--ignore-files/--no-ignore",
            env="IGNORE_FILES",
            help="Heed .gitignore, .ignore and .mojifixignore in folders, as by default, or not.",
        ),
    ]
    hidden: Annotated[
        bool | None,
        _option(
            "--hidden/--no-hidden", env="HIDDEN", help="In folders, hidden files and folders, too."
        ),
    ]
    follow: Annotated[
        bool | None,
        _option(
            "--follow/--no-follow",
            env="FOLLOW",
            help="In folders, follow symbolic links, but never out of the project.",
        ),
    ]
    files_from: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Take more paths from FILE, one a line; '-' is standard input.",
        ),
    ]
    null: Annotated[
        bool | None,
        typer.Option(
            "-0", "--null", help="The paths of --files-from end with NUL, not with lines."
        ),
    ]
    stdin_filename: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Call standard input so in reports, for excluding it and for settings by path.",
        ),
    ]


class FixOptions(FileOptions):
    """What is done so that nothing is lost, for the command that writes."""

    journal: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write down there what is changed, for undo."),
    ]
    no_journal: Annotated[bool | None, typer.Option("--no-journal", help="Write no journal.")]
    backup: Annotated[
        str | None,
        _option(
            env="BACKUP",
            metavar="SUFFIX",
            help="Keep a copy of each changed file, with SUFFIX added to its name.",
        ),
    ]
    hardlinks: Annotated[
        Hardlinks | None,
        _option(
            env="HARDLINKS", help="Refuse files with other names, part them, or write in place."
        ),
    ]


READING = frozenset(
    (
        "charset",
        "config",
        "isolated",
        "include",
        "exclude",
        "extend_exclude",
        "force_exclude",
        "ignore_files",
        "hidden",
        "follow",
        "files_from",
        "null",
        "stdin_filename",
    )
)
"""The options of FileOptions that say which files are read, and how."""

Given = dict[str, Any]
"""The options that were given, by name; the others have their defaults."""


DECLARED = {
    name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
    for options in (RepairOptions, FileOptions, FixOptions)
    for name, hint in options.__annotations__.items()
}
"""All options by name, as parameters of a function."""


def _with(
    options: type, only: frozenset[str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare `options` for a command, which gets those that were given as its argument `given`.

    `only`: the names of those that are declared, if not all.
    """
    names = {name for one in options.__mro__ for name in getattr(one, "__annotations__", ())}
    declared = [
        parameter
        for name, parameter in DECLARED.items()
        if name in names and (only is None or name in only)
    ]

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(**values: Any) -> None:
            named = {option.name: values.pop(option.name) for option in declared}
            given = {name: value for name, value in named.items() if value not in (None, [], ())}
            command(**values, given=given)

        own = inspect.signature(command).parameters
        parameters = [*(own[name] for name in own if name != "given"), *declared]
        # What Typer reads.
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        return called

    return decorated


Paths = typer.Argument(metavar="PATH", show_default=False)


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

    Most options may also be set in the environment (MOJIFIX_MIN_CONFIDENCE) or in mojifix.toml or
    pyproject.toml, by a key of the same name (min-confidence).
    """


@app.command(cls=_Command)
@_with(FixOptions)
def fix(paths: Annotated[list[str] | None, Paths] = None, *, given: Given) -> None:
    """Repair files in place; folders are walked.

    Prints a diff of what was changed. '-' filters standard input to standard output, bytes in,
    bytes out; a diff is then printed to standard error, and only with --diff.

    Files that git doesn't keep a copy of are written down in a journal, from which undo puts them
    back.
    """
    _run(paths or [], given, fixing=True)


@app.command(cls=_Command)
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


@app.command(cls=_Command)
@_with(FileOptions)
def check(paths: Annotated[list[str] | None, Paths] = None, *, given: Given) -> None:
    """Print what fix would repair.

    One finding a line, or with --diff as a diff. Never writes. Without a path, looks at the current
    folder; '-' reads standard input.
    """
    _run(paths or [], given, fixing=False)


@app.command(cls=_Command)
@_with(RepairOptions)
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)], given: Given
) -> None:
    """Show how a text was damaged.

    Each layer in the order in which it was added, the bytes, which of them were lost, what else was
    considered and how probable it is. '-' reads the text, in UTF-8, from standard input.
    """
    from mojifix.report.explain import explain as explained

    settings = _config(given, []).settings
    out = output()
    try:
        if text == STDIN:
            text = standard_input().decode("utf-8", "surrogateescape").removesuffix("\n")
        out.lines(explained(repair(text, settings.policy), out.colours(settings.color)))
    except OSError as error:
        typer.echo(f"mojifix: standard input or output: {why(error)}", err=True)
        raise typer.Exit(2) from None


@app.command("charset", cls=_Command)
@_with(FileOptions, READING)
def show_charset(
    paths: Annotated[list[str] | None, Paths] = None,
    format: Annotated[  # noqa: A002
        Literal["lines", "json"], typer.Option(help="A line of words each, or a line of JSON.")
    ] = "lines",
    *,
    given: Given,
) -> None:
    """Print the charset of each file, how sure that is, and how its lines end.

    Without a path, looks at the current folder; '-' reads standard input.
    """
    named, name, config = _chosen(paths or [], given, default=os.curdir)
    sources = None if paths == [STDIN] else discover(named, config.settings.selection)
    raise typer.Exit(run_charset(config, sources, name, as_json=format == "json"))


def _config(given: Given, paths: list[str]) -> Config:
    file, isolated = given.pop("config", None), bool(given.pop("isolated", None))
    if file and isolated:
        raise typer.BadParameter("--config and --isolated exclude each other")
    try:
        return load(given, paths, file, isolated=isolated)
    except Misconfigured as error:
        reason = escaped(error.reason)
        if error.where.startswith("--"):
            raise typer.BadParameter(reason, param_hint=f"'{error.where}'") from None
        typer.echo(f"mojifix: {shown_path(error.where)}: {reason}", err=True)
        raise typer.Exit(2) from None


def _chosen(
    paths: list[str], given: Given, default: str | None
) -> tuple[list[str], str | None, Config]:
    """Return all paths that are named, the name of standard input, and the configuration."""
    more, name = _more_paths(given), given.pop("stdin_filename", None)
    filtering = STDIN in paths
    if filtering and (more is not None or len(paths) > 1):
        raise typer.BadParameter("'-' (standard input) stands alone, without other paths")
    if name and not filtering:
        raise typer.BadParameter("--stdin-filename needs '-' (standard input)")
    if not paths and more is None:
        if default is None:
            raise typer.BadParameter("which files? For the current folder, say '.'")
        paths = [default]
    named = ([name] if name else []) if filtering else [*paths, *(more or ())]
    return named, name, _config(given, named)


def _journal(paths: list[str], file: str | None, quiet: bool) -> "Journal":
    from mojifix.files.journal import Journal
    from mojifix.files.roots import common_folder, root_of

    def announce(path: str) -> None:
        if not quiet:
            messages().lines([f"mojifix: journal for mojifix undo: {shown_path(path)}"])

    try:
        # Links that are followed lead anywhere in the project.
        return Journal(root_of(common_folder(paths)), file, announce)
    except OSError as error:
        raise typer.BadParameter(escaped(why(error))) from None


def _run(paths: list[str], given: Given, *, fixing: bool) -> None:
    file, journalled = given.pop("journal", None), not given.pop("no_journal", None)
    if file and not journalled:
        raise typer.BadParameter("--journal and --no-journal exclude each other")
    named, name, config = _chosen(paths, given, default=None if fixing else os.curdir)
    filtering = paths == [STDIN]
    settings = config.settings
    shown_on = messages() if filtering and fixing else output()
    colour = shown_on.colours(settings.color)
    # Who filters reads the text itself.
    by_default = fixing and not filtering and not settings.quiet
    wanted = by_default if settings.diff is None else settings.diff
    style = _style(colour or shown_on.terminal, colour) if wanted else None
    task = Task(fixing, config, style, settings.quiet)
    if filtering:
        raise typer.Exit(run_filter(task, name))
    journal = _journal(named, file, settings.quiet) if fixing and journalled else None
    precautions = Precautions(settings.hardlinks, settings.backup, journal)
    raise typer.Exit(run(task, discover(named, settings.selection), precautions, settings.jobs))


def _style(safe: bool, colour: bool) -> "Style":
    from mojifix.report.diff import Style

    return Style(safe, colour)


def _more_paths(given: Given) -> list[str] | None:
    """Return the paths of --files-from, if it was given."""
    file, null = given.pop("files_from", None), bool(given.pop("null", None))
    if file is None:
        if null:
            raise typer.BadParameter("-0 needs --files-from")
        return None
    try:
        return listed(standard_input() if file == STDIN else read(file)[0], null=null)
    except OSError as error:
        raise typer.BadParameter(f"{shown_path(file)}: {why(error)}") from None
