"""Temporary files: named and locked so that those of killed runs can be told and swept.

A temporary file `.mojifix-0123456789abcdef.tmp` holds the new contents of a file. While a file is
written in place, the twin `.mojifix-0123456789abcdef.42.old` holds its old contents; 42 is the
inode of the file.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from itertools import zip_longest
from typing import BinaryIO

from mojifix.files.durable import BLOCK, opened, overwrite

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True)
class Leftover:
    """A temporary file of mojifix that a walk met, maybe of a run that is still going on."""

    path: str


OLD = 24 * 60 * 60
"""Seconds after which a temporary file that can't be locked to find out has no owner any more."""

_NAME = re.compile(r"\.mojifix-[0-9a-f]{16}\.(?:tmp|([0-9]+)\.old)")


def is_ours(name: str) -> bool:
    """Tell whether a file of this name is a temporary file of mojifix."""
    return _NAME.fullmatch(name) is not None


def path_in(folder: str) -> str:
    """Return the path of a temporary file that `create` can make in `folder`."""
    import secrets  # takes as long to load as this module, and a walk needs only names

    return os.path.join(folder, f".mojifix-{secrets.token_hex(8)}.tmp")


def create(path: str) -> int:
    """Make the file at `path`, from `path_in`; returns its handle, to read and to write.

    Only the user may read it. It is locked for as long as the handle is open, so that sweeping
    leaves it alone. Raises OSError.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        handle = os.open(path, flags, 0o600)
        if lock(handle) is not False and _is_at(handle, path):
            return handle
        # A sweep took it for a leftover between the two steps.
        os.close(handle)


def make_twin(finished: str, temporary: str, inode: int) -> str:
    """Rename `finished`, the old bytes of the file with `inode`, to the twin of `temporary`.

    Both were made by `create`. Returns the path of the twin; raises OSError.
    """
    path = _twin(temporary, inode)
    os.rename(finished, path)
    return path


def has_twin(temporary: str, inode: int) -> bool:
    """Tell whether the old bytes of the file with `inode` are still kept beside `temporary`."""
    return os.path.lexists(_twin(temporary, inode))


def sweep(folder: str) -> list[str]:
    """Remove the temporary files in `folder` whose run is over.

    A file that such a run was writing in place gets its old bytes back. Returns notes about those,
    in words for the user.
    """
    try:
        with os.scandir(folder) as entries:
            ours = sorted(entry.name for entry in entries if is_ours(entry.name))
    except OSError:
        return []
    notes: list[str] = []
    for name in ours:
        path = os.path.join(folder, name)
        with suppress(OSError):
            if name.endswith(".old"):
                notes += _put_back(folder, name)
            elif not any(other.startswith(name[:-3]) and other != name for other in ours):
                _remove(path)
    return notes


def _twin(temporary: str, inode: int) -> str:
    return f"{temporary.removesuffix('tmp')}{inode}.old"


def _remove(path: str) -> None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags)
    try:
        if not _is_leftover(handle, path):
            return
        if os.name != "nt":  # where no file that is open can be removed
            # Under the lock: its maker, if it is just being made, sees that it is gone.
            os.unlink(path)
            return
    finally:
        os.close(handle)
    os.unlink(path)


def _put_back(folder: str, name: str) -> list[str]:
    """Undo a write in place that was cut off half-way; return notes about it."""
    old_path = os.path.join(folder, name)
    new_path = os.path.join(folder, f".{name.split('.')[1]}.tmp")
    match = _NAME.fullmatch(name)
    assert match
    with opened(old_path) as old:
        if not _is_leftover(old.fileno(), old_path):
            return []
        with os.scandir(folder) as entries:
            same = [entry for entry in entries if entry.inode() == int(match[1])]
        found = [entry.path for entry in same if entry.is_file(follow_symlinks=False)]
        for path in found:
            with opened(new_path) as new, FileIO(path, "r+") as target:
                if _is_mixture(target, old, new):
                    overwrite(target, old)
                    os.unlink(old_path)
                    _remove(new_path)
                    return [f"{path} has its old bytes again after a run that was killed"]
        return [f"{old_path} keeps the old bytes of a file that was changed after a killed run"]


def _is_mixture(target: FileIO, old: BinaryIO, new: BinaryIO) -> bool:
    """Tell whether each byte of `target` is that of `old` or of `new` in its place.

    It is never shorter than both: a write in place cuts off what is too long at its end.
    """
    sizes = [os.fstat(file.fileno()).st_size for file in (target, old, new)]
    if sizes[0] < min(sizes[1:]):
        return False
    while block := target.read(BLOCK):
        one, other = old.read(len(block)), new.read(len(block))
        if block not in (one, other):
            pairs = zip_longest(block, one[: len(block)], other[: len(block)])
            if any(byte not in pair for byte, *pair in pairs):
                return False
    return True


def _is_leftover(handle: int, path: str) -> bool:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        return False
    free = lock(handle)
    if free is None:
        free = time.time() - status.st_mtime > OLD
    return free and _is_at(handle, path)


def lock(handle: int) -> bool | None:
    """Lock an open file, and tell whether that worked; None where files can't be locked."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno == errno.EWOULDBLOCK else None
    return True


def _is_at(handle: int, path: str) -> bool:
    with suppress(OSError):
        return os.path.samestat(os.fstat(handle), os.stat(path, follow_symlinks=False))
    return False
