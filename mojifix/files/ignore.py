"""Patterns in the language of .gitignore, and the files that hold them.

A path is matched as git does it: entry by entry from the top, so that nothing in an ignored folder
comes back. pathspec translates a pattern; which pattern decides is told here, because its own
matching answers for whole paths, where a folder's pattern may outweigh a later one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

OWN = ".mojifixignore"
NAMES = (OWN, ".ignore", ".gitignore")
"""The files that hold patterns; what an earlier one says outweighs what a later one says."""

VCS = frozenset((".git", ".hg", ".jj", ".svn"))
"""What makes a folder the root of a project, and is never walked."""


_STARS = re.compile(
    r"(?:\[\^/\]\*)+"
    r"((?:\\.|\[\^/\](?!\*)|\[(?!\^/\])\^?\]?[^]/]*\](?![*+?])|[^][\\/()^$.*+?{}|])*)"
    r"(?=\[\^/\]\*)"
)
"""In an expression by pathspec: a star, and what is between it and the next one in an entry."""

_FOLDERS = re.compile(
    r"\(\?:(\.\+/|/\.\+)\)\?"
    r"((?:(?!\(\?:/\.\+\)\?).)*)"
    r"(?=\(\?:/\.\+\)\?)"
)
"""The same for `**`, and what is between it and the next one."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns that are relative to a folder, `base` (an absolute path).

    Lines that are no patterns match nothing, as in git; `wrong_pattern` tells of them.
    """

    base: str
    lines: tuple[str, ...]

    def verdict(self, path: str, folder: bool) -> bool | None:
        """Say what the last pattern that matches `path` itself, an absolute path, makes of it.

        True: the pattern matches; False: it takes back (`!`) what others match; None: none does.
        """
        relative = _relative(path, self.base)
        for pattern, folders_only in _compiled(self.lines):
            if folder or not folders_only:
                match = pattern.match_file(relative)
                # The only group in pathspec's expressions stands for a match of a parent folder.
                if match is not None and match.match.lastindex is None:
                    return pattern.include
        return None

    def cover(self, path: str, folder: bool) -> bool:
        """Tell whether `path`, an absolute path, or a folder that it is in matches."""
        inside = path.startswith(_prefix(self.base))
        at = len(_prefix(self.base)) if inside else 1
        while (at := path.find(os.sep, at)) != -1:
            if self.verdict(path[:at], folder=True):
                return True
            at += 1
        return bool(self.verdict(path, folder))


@cache
def _compiled(lines: tuple[str, ...]) -> list[tuple[GitIgnoreSpecPattern, bool]]:
    """Return the patterns, the last one first, and whether they match folders only."""
    patterns = []
    for line in reversed(lines):
        with suppress(ValueError):
            pattern, folders_only = _pattern(line)
            if pattern.include is not None:
                patterns.append((pattern, folders_only))
    return patterns


def _pattern(line: str) -> tuple[GitIgnoreSpecPattern, bool]:
    """Return the pattern in a line, and whether it matches folders only; raises ValueError."""
    import warnings

    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    text = _without_blanks(_octets(line))
    # A slash at the end says folders only; one elsewhere, that the whole path is meant.
    bare = text.removesuffix("/")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what looks odd in a translation is no news
            regex, include = GitIgnoreSpecPattern.pattern_to_regex("" if bare == "!" else bare)
            compiled = None if regex is None else re.compile(_without_retries(regex))
            return GitIgnoreSpecPattern(compiled, include), bare != text
    except re.error as error:
        raise ValueError(str(error)) from None


def _without_retries(regex: str) -> str:
    """Return an expression that matches the same in linear time.

    What is between two stars may as well be the first that matches. To try all others would take
    ages for a pattern with many stars.
    """
    regex = _STARS.sub(r"(?>[^/]*?\1)", regex)
    return _FOLDERS.sub(lambda m: f"(?>(?:{m[1].replace('+', '+?')})??{m[2]}(?=/))", regex)


def wrong_pattern(line: str) -> str | None:
    """Say what is wrong with a line if it is no pattern."""
    try:
        _pattern(line)
    except ValueError:
        return f"'{line}' is no pattern of the kind that .gitignore has"
    return None


def _without_blanks(line: str) -> str:
    """Return `line` without the spaces at its end that are not quoted."""
    bare = line.rstrip(" ")
    quoted = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1 and bare != line
    return bare + " " if quoted else bare


def _relative(path: str, base: str) -> str:
    """Return `path` as patterns see it; outside of `base`, they see the whole path."""
    prefix = _prefix(base)
    relative = path[len(prefix) :] if path.startswith(prefix) else path.lstrip(os.sep)
    if os.sep != "/":
        relative = relative.replace(os.sep, "/")
    # No pattern has a line feed, but `.` and `$` in expressions treat it apart.
    return _octets(relative).replace("\n", "\uffff")


def _octets(text: str) -> str:
    """Return `text` with a character for each of its bytes, as git matches them."""
    return text if text.isascii() else os.fsencode(text).decode("latin-1")


def _prefix(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep


@dataclass(frozen=True, slots=True)
class Level:
    """What the ignore files say about the entries of one folder, and of the folders in it.

    `rules` are by the names of the files, and by "exclude" for a repository's own. `repository`:
    the folder is the root of a git repository, for which .gitignore of folders above is not meant.
    """

    rules: dict[str, Patterns]
    repository: bool
    above: Level | None

    def ignore(self, path: str, folder: bool, names: Iterable[str] = (*NAMES, "exclude")) -> bool:
        """Tell whether the entry at `path`, an absolute path, is ignored by files of these names.

        Folders that it is in are not looked at: who walks has not entered those.
        """
        for name in names:
            for rules in self._chain(name):
                verdict = rules.verdict(path, folder)
                if verdict is not None:
                    return verdict
        return False

    def _chain(self, name: str) -> Iterator[Patterns]:
        level: Level | None = self
        while level is not None:
            if name in level.rules:
                yield level.rules[name]
            if level.repository and name in (".gitignore", "exclude"):
                return
            level = level.above


def level_in(folder: str, names: Iterable[str], above: Level | None) -> Level | None:
    """Return the level for `folder` (an absolute path), in which there are entries `names`.

    It is `above` where the folder has nothing to say. Raises OSError if a file can't be read.
    """
    rules = {}
    for name in NAMES:
        if name in names:
            rules[name] = _read(os.path.join(folder, name), folder)
    repository = ".git" in names
    if repository:
        with suppress(OSError):  # it is rarely there
            rules["exclude"] = _read(_exclude_file(os.path.join(folder, ".git")), folder)
    return Level(rules, repository, above) if rules or repository else above


def levels_above(folder: str) -> Level | None:
    """Return the level that holds for `folder` (an absolute path) from the folders above it.

    The highest of them is the root of its project; without one, none holds. Raises OSError if a
    file can't be read.
    """
    root = project_root(folder)
    above: list[str] = []
    while root is not None and folder != root:
        folder = os.path.dirname(folder)
        above.append(folder)
    found: Level | None = None
    for one in reversed(above):
        names = [n for n in (*NAMES, ".git") if os.path.lexists(os.path.join(one, n))]
        found = level_in(one, names, found)
    return found


def place(path: str) -> str:
    """Return the absolute path of `path`, with the links that lead to its folder resolved."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def project_root(folder: str) -> str | None:
    """Return the nearest folder under version control, from `folder` (an absolute path) upwards."""
    while True:
        if any(os.path.lexists(os.path.join(folder, name)) for name in VCS):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _read(path: str, base: str) -> Patterns:
    with open(path, "rb") as file:
        text = os.fsdecode(file.read().removeprefix(b"\xef\xbb\xbf"))
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return Patterns(base, tuple(line for line in lines if line and not line.startswith("#")))


def _exclude_file(git: str) -> str:
    """Return the path of info/exclude; in linked work trees and submodules `git` is a file."""
    if not os.path.isdir(git):
        with open(git, "rb") as file:
            pointer = os.fsdecode(file.read()).removeprefix("gitdir:").strip()
        git = os.path.join(os.path.dirname(git), pointer)
        with suppress(OSError), open(os.path.join(git, "commondir"), "rb") as file:
            git = os.path.join(git, os.fsdecode(file.read()).strip())
    return os.path.join(git, "info", "exclude")
