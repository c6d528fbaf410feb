"""Which files a command is about."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mojifix.files.leftovers import Leftover, is_ours


@dataclass(frozen=True, slots=True)
class Source:
    """A file to look at. `named`: given on the command line, not found in a walk."""

    path: str
    named: bool


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A path that leads to no file, and why not, in words for the user."""

    path: str
    reason: str


Found = Source | Leftover | Unreachable


def discover(paths: Iterable[str]) -> Iterator[Found]:
    """Yield the files at and under `paths`, each once.

    Named files come in the order given, whatever they are called. Directories are walked in sorted
    order; hidden directories (`.git`), symlinks and files that are not regular are skipped in walks
    only.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _at(path):
            where = os.path.abspath(found.path)
            if where not in seen:
                seen.add(where)
                yield found


def _at(path: str) -> Iterator[Found]:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        yield Unreachable(path, why(error))
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path)
    elif stat.S_ISREG(mode):
        yield Source(path, named=True)
    else:
        yield Unreachable(path, "not a regular file")


def _walk(folder: str) -> Iterator[Found]:
    # A stack instead of recursion: trees may be deeper than Python's stack.
    waiting = [(folder, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            ours = is_ours(os.path.basename(path))
            yield Leftover(path) if ours else Source(path, named=False)
            continue
        try:
            with os.scandir(path) as entries:
                inside = sorted(filter(_wanted, entries), key=lambda entry: entry.name)
        except OSError as error:
            yield Unreachable(path, why(error))
            continue
        waiting += [
            (os.path.normpath(entry.path), entry.is_dir(follow_symlinks=False))
            for entry in reversed(inside)
        ]


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return not entry.name.startswith(".")
    return entry.is_file(follow_symlinks=False)


def why(error: OSError | ValueError) -> str:
    """Return what went wrong, in words, without the path."""
    return getattr(error, "strerror", None) or str(error)
