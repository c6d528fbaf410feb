"""Which files a command is about."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mojifix.files.ignore import (
    OWN,
    VCS,
    Level,
    Patterns,
    level_in,
    levels_above,
    place,
    project_root,
)
from mojifix.files.leftovers import Leftover, is_ours


@dataclass(frozen=True, slots=True)
class Source:
    """A file to look at. `named`: given by the user, not found in a walk."""

    path: str
    named: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that a walk left out although nobody asked for that, and why, for the user."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A path that leads to no file, and why not, in words for the user."""

    path: str
    reason: str


Found = Source | Skipped | Leftover | Unreachable


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files are wanted.

    `include`: in walks, only files that these match or that are in folders which these match; all
    if there are none. `exclude`: neither files nor folders that one of these matches. `force`: what
    the user names may be excluded as well. `ignore_files`: .gitignore and its kind are heeded.
    `hidden`: hidden files and folders are wanted. `follow`: symlinks in a walk are followed, but
    not out of the project.
    """

    include: tuple[Patterns, ...] = ()
    exclude: tuple[Patterns, ...] = ()
    force: bool = False
    ignore_files: bool = True
    hidden: bool = False
    follow: bool = False

    def excludes(self, path: str) -> bool:
        """Tell whether the file or folder at `path`, named by the user, is excluded."""
        if not self.force:
            return False
        full = place(path)
        is_folder = os.path.isdir(full)
        if any(one.cover(full, is_folder) for one in self.exclude):
            return True
        return self.ignore_files and _ignored_by_own(full, is_folder)


def discover(paths: Iterable[str], selection: Selection = Selection()) -> Iterator[Found]:
    """Yield the files at and under `paths`, each once.

    Named files come in the order given, whatever they are called, unless exclusion is forced.
    Folders are walked in sorted order. Files that are not regular are skipped in walks only.
    """
    seen: set[str] = set()
    for path in paths:
        for found, real in _at(path, selection):
            if real not in seen:
                seen.add(real)
                yield found


def _at(path: str, selection: Selection) -> Iterator[tuple[Found, str]]:
    """Yield what is found, and where that really is."""
    try:
        mode = os.stat(path).st_mode
        real = os.path.realpath(path)
    except (OSError, ValueError) as error:
        yield Unreachable(path, why(error)), path
        return
    if selection.excludes(path):
        return
    if stat.S_ISDIR(mode):
        yield from _Walk(real, selection).files(path)
    elif stat.S_ISREG(mode):
        yield Source(path, named=True), real
    else:
        yield Unreachable(path, "not a regular file"), real


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something that a walk comes to.

    `path` is how it is shown, `full` where it is, `real` where its links lead. `above` is what
    holds for it from the folders that it is in. `named`: by the user.
    """

    path: str
    full: str
    real: str
    folder: bool
    above: Level | None


class _Walk:
    """A walk of a folder that the user named."""

    def __init__(self, folder: str, selection: Selection) -> None:
        self._start = folder
        self._selection = selection
        self._root = project_root(folder) or folder
        self._entered: set[str] = set()

    def files(self, path: str) -> Iterator[tuple[Found, str]]:
        """Yield what is found under the folder, shown as `path`, and where that really is."""
        try:
            above = levels_above(self._start) if self._selection.ignore_files else None
        except OSError as error:
            yield Unreachable(error.filename or path, why(error)), self._start
            return
        # A stack instead of recursion: trees may be deeper than Python's stack.
        waiting = [_Entry(path, self._start, self._start, folder=True, above=above)]
        while waiting:
            entry = waiting.pop()
            if not entry.folder:
                yield Source(entry.path, named=False), entry.real
            elif entry.real not in self._entered:
                self._entered.add(entry.real)
                try:
                    inside, skipped = self._inside(entry)
                except OSError as error:
                    yield Unreachable(error.filename or entry.path, why(error)), entry.full
                    continue
                waiting += reversed(inside)
                yield from skipped

    def _inside(self, folder: _Entry) -> tuple[list[_Entry], list[tuple[Found, str]]]:
        """Return what is wanted in a folder, sorted, and what is skipped with a note."""
        with os.scandir(folder.path) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
        above = folder.above
        if self._selection.ignore_files:
            above = level_in(folder.full, {entry.name for entry in entries}, above)
        inside: list[_Entry] = []
        skipped: list[tuple[Found, str]] = []
        for entry in entries:
            found = self._entry(entry, folder, above)
            if isinstance(found, _Entry):
                inside.append(found)
            elif found is not None:
                skipped.append((found, os.path.join(folder.full, entry.name)))
        return inside, skipped

    def _entry(
        self, entry: os.DirEntry[str], above: _Entry, level: Level | None
    ) -> _Entry | Skipped | Leftover | None:
        if is_ours(entry.name):
            return Leftover(os.path.normpath(entry.path))
        if entry.name.startswith(".") and not self._selection.hidden:
            return None
        if entry.is_symlink():
            return self._link(entry, above, level)
        folder = entry.is_dir(follow_symlinks=False)
        full = os.path.join(above.full, entry.name)
        if not (folder or entry.is_file(follow_symlinks=False)):
            return None
        if not self._wanted(entry.name, full, folder, level):
            return None
        real = os.path.join(above.real, entry.name)
        return _Entry(os.path.normpath(entry.path), full, real, folder, level)

    def _link(
        self, entry: os.DirEntry[str], above: _Entry, level: Level | None
    ) -> _Entry | Skipped | None:
        follow = self._selection.follow
        # Not that of `entry`, which raises OSError when links go round in circles.
        folder = follow and os.path.isdir(entry.path)
        full = os.path.join(above.full, entry.name)
        if not self._wanted(entry.name, full, folder, level):
            return None
        path = os.path.normpath(entry.path)
        if not follow:
            return Skipped(path, "symbolic link; --follow follows it")
        if not (folder or os.path.isfile(entry.path)):
            return Skipped(path, "symbolic link that leads to no file")
        real = os.path.realpath(entry.path)
        if real != self._root and not real.startswith(os.path.join(self._root, "")):
            return Skipped(path, f"symbolic link that leads out of {self._root}")
        return _Entry(path, full, real, folder, level)

    def _wanted(self, name: str, full: str, folder: bool, level: Level | None) -> bool:
        selection = self._selection
        if name in VCS or (level and level.ignore(full, folder)):
            return False
        if any(one.verdict(full, folder) for one in selection.exclude):
            return False
        if folder or not selection.include:
            return True
        return any(one.cover(full, folder=False) for one in selection.include)


def _ignored_by_own(path: str, folder: bool) -> bool:
    """Tell whether .mojifixignore ignores the entry at `path` or a folder that it is in."""
    root = project_root(os.path.dirname(path))
    while root is not None and path != root:
        above = levels_above(path)
        if above is not None and above.ignore(path, folder, (OWN,)):
            return True
        path, folder = os.path.dirname(path), True
    return False


def listed(data: bytes, null: bool) -> list[str]:
    """Return the paths in a list of them: one a line, or each ended by NUL.

    A list all of whose lines end in CR LF is one of Windows.
    """
    lines = data.split(b"\0") if null else data.split(b"\n")
    if not null and all(line.endswith(b"\r") for line in lines if line):
        lines = [line[:-1] for line in lines]
    return [os.fsdecode(line) for line in lines if line]


def why(error: OSError | ValueError) -> str:
    """Return what went wrong, in words, without the path."""
    return getattr(error, "strerror", None) or str(error)
