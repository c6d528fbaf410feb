"""The journal: what a run changed, enough to undo it.

JSON lines, in ASCII. The first line says what follows and from which root:

    {"mojifix": "journal", "version": 1, "root": "/data/corpus"}

Each file has one line or several; the last of them has the digests (SHA-256), and only then do the
others count. A patch is a byte offset in the old file, the old bytes and the new ones:

    {"path": "a.txt", "patches": [[2, "e988a5e6aa9a", "e2809973"]], "before": "…", "after": "…"}

A line `{"path": "a.txt", "dropped": true}` says that the file before it was not written after all.
Bytes of paths that are not UTF-8 stand as lone surrogates, as Python has them.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from typing import BinaryIO

from mojifix.files import faults
from mojifix.files.change import Patch
from mojifix.files.durable import sync_folder, write_all
from mojifix.files.roots import Git, inside

VERSION = 1

LINE = 1 << 16
"""Bytes of patches after which a line is ended and the file goes on in the next one."""

LONGEST = 1 << 28
"""Bytes of the longest line that is read. What mojifix writes is far below: a patch is at most as
long as a file that is repaired in one piece, and hexadecimal digits double it."""


class Journal:
    """A journal that is being written, by one process.

    With a `path` of its own it is made at once, which raises OSError. Without, it is made in the
    folder of the user's state when there is something to write, and files of which git keeps a copy
    are left out. `announce` is called with its path once it exists.
    """

    def __init__(self, root: str, path: str | None, announce: Callable[[str], None]) -> None:
        self.root = root
        self.path = path
        self._announce = announce
        self._git = None if path else Git()
        self._file: FileIO | None = None
        self._end = 0
        self._waiting: list[tuple[int, str, str]] = []
        self._size = 0
        if path:
            self._begin()

    def wants(self, target: str) -> bool:
        """Tell whether changes of `target` (absolute, without symlinks) are to be journalled."""
        return self._git is None or not self._git.keeps(target)

    def add(self, target: str, patch: Patch) -> None:
        """Write down a patch of `target`. Raises OSError."""
        self._waiting.append((patch.start, patch.old.hex(), patch.new.hex()))
        self._size += len(patch.old) + len(patch.new)
        if self._size >= LINE:
            self._write({"path": self._relative(target), "patches": self._taken()})

    def seal(self, target: str, before: str, after: str) -> None:
        """Write down that `target` is about to be replaced, and make that durable.

        `before` and `after` are digests of the whole file. Raises OSError.
        """
        entry = {"path": self._relative(target), "patches": self._taken()}
        self._write(entry | {"before": before, "after": after}, durable=True)

    def drop(self, target: str) -> None:
        """Take back what was written down about `target` last: it was not replaced."""
        self._taken()
        if self._file:
            with suppress(OSError):
                self._write({"path": self._relative(target), "dropped": True})

    def close(self) -> None:
        """End the journal."""
        if self._file:
            self._file.close()

    def _taken(self) -> list[tuple[int, str, str]]:
        taken, self._waiting, self._size = self._waiting, [], 0
        return taken

    def _relative(self, target: str) -> str:
        if not inside(target, self.root):
            raise OSError(None, f"is outside of the journal's root {self.root}")
        return os.path.relpath(target, self.root).replace(os.sep, "/")

    def _write(self, entry: Mapping[str, object], durable: bool = False) -> None:
        if self._file is None:
            self._begin()
        self._append(_line(entry))
        if durable and self._file:
            os.fsync(self._file.fileno())

    def _begin(self) -> None:
        self._file, self.path = _created(self.path)
        self._announce(self.path)
        self._append(_line({"mojifix": "journal", "version": VERSION, "root": self.root}))

    def _append(self, line: bytes) -> None:
        assert self._file
        try:
            # After a line that could neither be finished nor taken back, nothing may follow.
            if self._file.tell() != self._end:
                self._file.seek(self._file.truncate(self._end))
            middle = len(line) // 2
            write_all(self._file, line[:middle])
            faults.point("journal-half-written")
            write_all(self._file, line[middle:])
        except OSError as error:
            with suppress(OSError):
                self._file.seek(self._file.truncate(self._end))
            raise NoJournal(str(self.path), "be written", error) from error
        self._end += len(line)


def state_folder() -> str:
    """Return the folder for journals that were given no name."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    else:
        base = os.environ.get("XDG_STATE_HOME") or ""
        # The XDG specification says to ignore relative paths.
        base = base if os.path.isabs(base) else os.path.expanduser("~/.local/state")
    return os.path.join(base, "mojifix")


def _created(path: str | None) -> tuple[FileIO, str]:
    """Return a new file that only the user may read, and its path; never one that exists."""
    try:
        if path is None:
            os.makedirs(state_folder(), mode=0o700, exist_ok=True)
            stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            path = os.path.join(state_folder(), f"{stamp}-{secrets.token_hex(4)}.jsonl")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        sync_folder(os.path.dirname(os.path.abspath(path)))
        return FileIO(handle, "w"), path
    except OSError as error:
        raise NoJournal(path or state_folder(), "be made", error) from error


class NoJournal(OSError):
    """The journal failed, so the file is not written; `strerror` says why."""

    def __init__(self, path: str, what: str, error: OSError) -> None:
        super().__init__(error.errno, f"the journal {path} can't {what}: {error.strerror}")


def _line(entry: Mapping[str, object]) -> bytes:
    return json.dumps(entry, separators=(",", ":")).encode("ascii") + b"\n"


# --- reading --------------------------------------------------------------------------------------


class Malformed(ValueError):
    """A journal that can't be used; the message says what is wrong and in which line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a run did to one file. `path` is relative to the root of the journal.

    `before` and `after` are the digests of the whole file. `lines` are the byte offsets of its
    lines in the journal.
    """

    path: str
    before: str
    after: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A journal that was read. `cut` tells whether its last line is incomplete."""

    root: str
    entries: tuple[Entry, ...]
    cut: bool


def read_journal(file: BinaryIO) -> Written:
    """Check a whole journal and return what is in it, in the order in which it was written.

    Bounded memory, but for a few words for each file. Raises `Malformed` and OSError.
    """
    lines = _lines(file)
    root = _root(next(lines, (0, b"", True))[1])
    entries: list[Entry] = []
    starts: list[int] = []
    path, end, cut = "", 0, False
    for number, (at, line, whole) in enumerate(lines, 2):
        if not whole:
            # Its file was not replaced yet: that happens after the line is durable.
            cut = True
            break
        parsed = _parsed(line, number)
        if parsed.path != path or parsed.dropped:
            path, starts, end = parsed.path, [], 0
        if parsed.dropped:
            if entries and entries[-1].path == path:
                entries.pop()
            continue
        for patch in parsed.patches:
            if patch.start < end:
                raise Malformed(f"line {number}: patches overlap or are not in order")
            end = patch.end
        starts.append(at)
        if parsed.before:
            entries.append(Entry(path, parsed.before, parsed.after, tuple(starts)))
            path, starts, end = "", [], 0
    return Written(root, tuple(entries), cut)


def patches_of(entry: Entry, file: BinaryIO) -> Iterator[Patch]:
    """Yield the patches of an entry that `read_journal` found in `file`."""
    for at in entry.lines:
        file.seek(at)
        yield from _parsed(file.readline(LONGEST), 0).patches


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Yield offset and bytes of each line, and whether it is complete."""
    at = 0
    while line := file.readline(LONGEST):
        if len(line) == LONGEST and not line.endswith(b"\n"):
            raise Malformed(f"a line at byte {at} is too long")
        yield at, line, line.endswith(b"\n")
        at += len(line)


@dataclass(frozen=True, slots=True)
class _Line:
    path: str
    patches: tuple[Patch, ...]
    before: str
    after: str
    dropped: bool


_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")


def _root(line: bytes) -> str:
    header = _object(line, 1)
    if header.get("mojifix") != "journal":
        raise Malformed("not a journal of mojifix")
    if header.get("version") != VERSION:
        raise Malformed(f"version {header.get('version')!r} is not known, only {VERSION} is")
    root = header.get("root")
    if not isinstance(root, str) or not os.path.isabs(root) or not _is_name(root):
        raise Malformed("line 1: the root is not an absolute path")
    return root


def _parsed(line: bytes, number: int) -> _Line:
    entry = _object(line, number)
    path = entry.get("path")
    if not isinstance(path, str) or not _is_below(path):
        raise Malformed(f"line {number}: the path does not stay below the root")
    if entry.get("dropped") is True:
        return _Line(path, (), "", "", dropped=True)
    patches = entry.get("patches")
    if not isinstance(patches, list):
        raise Malformed(f"line {number}: no list of patches")
    before, after = entry.get("before", ""), entry.get("after", "")
    for digest in (before, after):
        if not isinstance(digest, str) or (digest and not _DIGEST.fullmatch(digest)):
            raise Malformed(f"line {number}: not a digest")
    if bool(before) != bool(after):
        raise Malformed(f"line {number}: one digest without the other")
    made = tuple(_patch(patch, number) for patch in patches)
    return _Line(path, made, str(before), str(after), dropped=False)


def _patch(value: object, number: int) -> Patch:
    match value:
        case [int(start), str(old), str(new)] if (
            type(start) is int and start >= 0 and _HEX.fullmatch(old) and _HEX.fullmatch(new)
        ):
            return Patch(start, bytes.fromhex(old), bytes.fromhex(new))
    raise Malformed(f"line {number}: not a patch")


def _object(line: bytes, number: int) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise Malformed(f"line {number}: not JSON" if number > 1 else "not a journal") from None
    if not isinstance(value, dict):
        raise Malformed(f"line {number}: not a JSON object")
    return value


def _is_below(path: str) -> bool:
    absolute = os.path.isabs(path) or bool(os.path.splitdrive(path)[0])
    return not absolute and not {"", ".", ".."} & set(path.split("/")) and _is_name(path)


def _is_name(path: str) -> bool:
    """Tell whether a path can exist: no NUL, and every surrogate stands for a byte."""
    try:
        return b"\0" not in os.fsencode(path)
    except ValueError:
        return False
