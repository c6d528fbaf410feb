"""What the user asks for: on the command line, in the environment, and in a configuration file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from mojifix.files.discover import Selection, why
from mojifix.files.exempt import Exemptions
from mojifix.files.ignore import Patterns, place, project_root, wrong_pattern
from mojifix.files.precautions import Hardlinks
from mojifix.model import Policy, Undecided

OWN = "mojifix.toml"
SHARED = "pyproject.toml"

When = Literal["auto", "always", "never"]
To = Literal["keep", "utf-8"]
Values = Mapping[str, Any]
"""Settings by the names of their fields."""

_POLICY = Policy()


class Misconfigured(ValueError):
    """A setting that can't be.

    `where` is an option, or a file and maybe a key in it; `reason` says what is wrong and what to
    do.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Settings:
    """The options, with their defaults.

    A field `min_confidence` is the option `--min-confidence`, the variable `MOJIFIX_MIN_CONFIDENCE`
    and the key `min-confidence`. Patterns are relative to where they were given.
    """

    min_confidence: float = _POLICY.min_confidence
    min_restored: float = _POLICY.min_restored
    restore: bool = _POLICY.restore
    channel: tuple[str, ...] = ()
    max_layers: int = _POLICY.max_layers
    undecided: Undecided = _POLICY.undecided
    include_quoted: bool = _POLICY.include_quoted
    ignore_strings: tuple[str, ...] = ()
    ignore_patterns: tuple[str, ...] = ()
    include: Patterns | None = None
    exclude: Patterns | None = None
    extend_exclude: tuple[Patterns, ...] = ()
    force_exclude: bool = False
    ignore_files: bool = True
    hidden: bool = False
    follow: bool = False
    jobs: int = 0
    charset: str = ""
    to: To = "keep"
    diff: bool | None = None
    quiet: bool = False
    color: When = "auto"
    backup: str = ""
    hardlinks: Hardlinks = "refuse"

    @property
    def policy(self) -> Policy:
        """What may be repaired."""
        return Policy(
            min_confidence=self.min_confidence,
            min_restored=self.min_restored,
            restore=self.restore,
            channels=self.channel or None,
            max_layers=self.max_layers,
            undecided=self.undecided,
            include_quoted=self.include_quoted,
        )

    @property
    def exemptions(self) -> Exemptions:
        """What is kept in a text."""
        return Exemptions(self.ignore_strings, self.ignore_patterns)

    @property
    def selection(self) -> Selection:
        """Which files are wanted."""
        return Selection(
            include=(self.include,) if self.include else (),
            exclude=(self.exclude, *self.extend_exclude) if self.exclude else self.extend_exclude,
            force=self.force_exclude,
            ignore_files=self.ignore_files,
            hidden=self.hidden,
            follow=self.follow,
        )


PER_PATH = frozenset(
    (
        "min_confidence",
        "min_restored",
        "restore",
        "channel",
        "max_layers",
        "undecided",
        "include_quoted",
        "ignore_strings",
        "ignore_patterns",
        "charset",
        "to",
    )
)
"""The settings that may differ from path to path: what is repaired in a text, and how it is read
and written."""


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for the files that `paths` matches, or that are in folders which it matches."""

    paths: Patterns
    values: Values


@dataclass(frozen=True, slots=True)
class Config:
    """The settings for everything, and those for some paths.

    `given`, from the command line and the environment, outweighs all overrides; of these, the last
    one that matches wins.
    """

    settings: Settings = Settings()
    overrides: tuple[Override, ...] = ()
    given: Values = field(default_factory=dict)

    def at(self, path: str) -> Settings:
        """Return the settings for a file."""
        values: dict[str, Any] = {}
        if self.overrides:
            full = place(path)
            for override in self.overrides:
                if override.paths.cover(full, folder=False):
                    values |= override.values
        return replace(self.settings, **{**values, **self.given}) if values else self.settings


def load(
    given: Values, paths: Iterable[str] = (), file: str | None = None, isolated: bool = False
) -> Config:
    """Return the configuration for a run.

    `given` is from the command line or the environment. It outweighs the configuration file, which
    is `file`, or unless `isolated` the nearest one to what all of `paths` are in. Raises
    Misconfigured.
    """
    try:
        here = os.path.realpath(os.curdir)
    except FileNotFoundError:
        raise Misconfigured("the current folder", "is gone; go to another one") from None
    ours = {name: _value(option(name), name, value, here) for name, value in given.items()}
    found = file or (None if isolated else nearest_file(_common_folder(paths)))
    values, overrides = _read(found) if found else ({}, ())
    merged = {**values, **ours}
    merged["extend_exclude"] = (*values.get("extend_exclude", ()), *ours.get("extend_exclude", ()))
    per_path = {name: value for name, value in ours.items() if name in PER_PATH}
    return Config(Settings(**merged), overrides, per_path)


def option(name: str) -> str:
    """Return the option for a field of Settings."""
    return f"--{key(name)}"


def key(name: str) -> str:
    """Return the key for a field of Settings."""
    return name.replace("_", "-")


def nearest_file(folder: str) -> str | None:
    """Return the configuration file nearest to `folder` (an absolute path).

    It is looked for from there upwards, to the root of the project if there is one. mojifix.toml
    comes before pyproject.toml, which counts only if it has a section for mojifix.
    """
    root = project_root(folder)
    while True:
        own, shared = os.path.join(folder, OWN), os.path.join(folder, SHARED)
        if os.path.isfile(own):
            return own
        if os.path.isfile(shared) and _section(shared) is not None:
            return shared
        above = os.path.dirname(folder)
        if folder in (root, above):
            return None
        folder = above


def _common_folder(paths: Iterable[str]) -> str:
    """Return the folder that all of `paths` are in; the current one if there is none."""
    places = [place(path) for path in paths]
    try:
        common = os.path.commonpath(places)
    except ValueError:  # no paths, or on several drives
        return os.path.realpath(os.curdir)
    return common if os.path.isdir(common) else os.path.dirname(common)


def _read(path: str) -> tuple[dict[str, Any], tuple[Override, ...]]:
    """Return what a configuration file sets; raises Misconfigured."""
    section = _section(path)
    prefix = "tool.mojifix." if os.path.basename(path) == SHARED else ""
    if section is None:
        raise Misconfigured(path, "has no section [tool.mojifix]")
    tables = section.pop("overrides", [])
    values = _values(path, prefix, section, frozenset(hints()))
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise Misconfigured(f"{path}: {prefix}overrides", "expected tables, [[overrides]]")
    overrides = tuple(
        _override(path, f"{prefix}overrides[{number}].", table)
        for number, table in enumerate(tables)
    )
    return values, overrides


def _override(path: str, prefix: str, table: dict[str, Any]) -> Override:
    if "paths" not in table:
        raise Misconfigured(f"{path}: {prefix}paths", "missing; it says for which files")
    paths = _value(f"{path}: {prefix}paths", "include", table.pop("paths"), _base(path))
    return Override(paths, _values(path, prefix, table, PER_PATH))


def _values(
    path: str, prefix: str, table: dict[str, Any], allowed: frozenset[str]
) -> dict[str, Any]:
    names = {key(name): name for name in allowed}
    values = {}
    for name, value in table.items():
        if name not in names:
            known = [*names, "overrides" if allowed != PER_PATH else "paths"]
            raise Misconfigured(f"{path}: {prefix}{name}", f"unknown{nearest(name, known)}")
        where = f"{path}: {prefix}{name}"
        values[names[name]] = _value(where, names[name], value, _base(path))
    return values


def _base(path: str) -> str:
    """Return the folder that patterns in a configuration file are relative to."""
    return os.path.dirname(os.path.realpath(path))


def _section(path: str) -> dict[str, Any] | None:
    """Return what a configuration file says to mojifix, if anything; raises Misconfigured."""
    shared = os.path.basename(path) == SHARED
    try:
        with open(path, "rb") as file:
            data = file.read()
        if shared and b"mojifix" not in data:
            return None
        import tomllib

        table: dict[str, Any] = tomllib.loads(data.decode())
    except OSError as error:
        raise Misconfigured(path, why(error)) from None
    except (ValueError, RecursionError) as error:  # of decoding, or of TOML
        raise Misconfigured(path, f"no TOML: {error}") from None
    tools: Any = table.get("tool", {})
    if shared and not isinstance(tools, dict):
        raise Misconfigured(f"{path}: tool", "expected a table")
    section: Any = tools.get("mojifix") if shared else table
    if section is not None and not isinstance(section, dict):
        raise Misconfigured(f"{path}: tool.mojifix", "expected a table")
    return section


@cache
def hints() -> dict[str, Any]:
    """Return the types of the settings by name."""
    return get_type_hints(Settings)


def _value(where: str, name: str, value: Any, base: str) -> Any:
    """Return a value as its field takes it; raises Misconfigured."""
    hint = hints()[name]
    expected = _mismatch(value, hint)
    if expected:
        raise Misconfigured(where, f"expected {expected}, not {_described(value)}")
    wrong = _wrong(name, value)
    if wrong:
        raise Misconfigured(where, wrong)
    if hint == Patterns | None:
        return Patterns(base, tuple(value))
    if hint == tuple[Patterns, ...]:
        return (Patterns(base, tuple(value)),)
    return tuple(value) if isinstance(value, list) else value


def _mismatch(value: Any, hint: Any) -> str | None:
    """Say which type was expected, if `value` has another one."""
    if hint in (bool, bool | None):
        return None if isinstance(value, bool) else "true or false"
    if hint is int:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole else "a whole number"
    if hint is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return None if number else "a number"
    if hint is str:
        return None if isinstance(value, str) else "a string"
    if get_origin(hint) is Literal:
        return None if value in get_args(hint) else f"one of {', '.join(map(repr, get_args(hint)))}"
    strings = isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    return None if strings else "a list of strings"


def _described(value: Any) -> str:
    names = {bool: "true or false", str: "a string", list: "a list", dict: "a table"}
    return names.get(type(value), "") or repr(value)


def _wrong(name: str, value: Any) -> str | None:
    """Say what is wrong with a value of the right type, if anything."""
    match name:
        case "min_confidence" | "min_restored" if not 0 <= value <= 1:  # true for NaN, too
            return f"{value} is not in the range from 0 to 1"
        case "max_layers" if value < 1:
            return f"{value} is not 1 or more"
        case "jobs" if value < 0:
            return f"{value} is not 0 or more"
        case "backup" if os.path.basename(value) != value or "\0" in value:
            return "not the end of a file name, such as .orig"
        case "charset" if value:
            return _wrong_charset(value)
    check = _CHECKS.get(name)
    return next(filter(None, map(check, value)), None) if check else None


def _wrong_charset(name: str) -> str | None:
    from mojifix.files.legacy import LEGACY, STATEFUL, UNICODE, known

    if known(name) is not None:
        return None
    names = [*LEGACY, *UNICODE, *STATEFUL]
    return f"unknown charset '{name}'{nearest(name, names)}"


def _wrong_channel(name: str) -> str | None:
    from mojifix.charsets.registry import channels, parse_channel

    try:
        parse_channel(name)
    except ValueError:
        names = [str(channel) for channel in channels()]
        return f"unknown channel '{name}'{nearest(name, names)}"
    return None


def _wrong_expression(pattern: str) -> str | None:
    import re

    try:
        re.compile(pattern, re.MULTILINE)
    except re.error as error:
        return f"'{pattern}' is no regular expression: {error}"
    return None


def _wrong_string(text: str) -> str | None:
    return None if text else "an empty string is everywhere"


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "channel": _wrong_channel,
    "ignore_patterns": _wrong_expression,
    "ignore_strings": _wrong_string,
    "include": wrong_pattern,
    "exclude": wrong_pattern,
    "extend_exclude": wrong_pattern,
}
"""What says what is wrong with one of several strings, if anything."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint at the one of `names` that is most like `name`; "" if none is like it."""
    import difflib

    found = difflib.get_close_matches(name.strip().lower(), names, n=1, cutoff=ALIKE)
    return f"; the nearest one is '{found[0]}'" if found else ""


ALIKE = 0.4
"""Share of two names that is alike (`difflib.SequenceMatcher.ratio`) from which on one may be meant
by the other."""
