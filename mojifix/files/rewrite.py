"""From repairs back to bytes, and from bytes to the disk: all of them or none."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress

from mojifix.files.read import Document, Stamp, stamp_of
from mojifix.model import Repair


class Refused(OSError):
    """A file that may not be rewritten; `strerror` says why. The file is as it was."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EPERM, reason)


def spliced(data: bytes, document: Document, repairs: Sequence[Repair]) -> bytes:
    """Return `data`, the bytes of `document`, with the spans of `repairs` replaced.

    `repairs` are sorted and apart. All other bytes are copied, never encoded again.
    """
    parts: list[bytes] = []
    copied = 0
    for repair in repairs:
        written = document.encode(repair.after)
        assert written is not None, "repairs that don't fit the charset were left out"
        parts += [data[copied : document.offset(repair.start)], written]
        copied = document.offset(repair.end)
    return b"".join([*parts, data[copied:]])


def rewrite(path: str, data: bytes, stamp: Stamp) -> None:
    """Make `data` the contents of the file at `path`, whose stamp was `stamp` when it was read.

    At any moment the file has its old bytes or all the new ones. Mode, extended attributes and,
    as far as the user may, owner and group are kept; the time of modification is new. A symlink
    stays, its target is rewritten. Raises OSError (`Refused` when the file changed since it was
    read or has other hard links); then the file is as it was and nothing is left beside it.
    """
    target = os.path.realpath(path)
    status = os.stat(target)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("not a regular file")
    if status.st_nlink > 1:
        # Replacing the file would leave the old text under its other names.
        raise Refused(f"has {status.st_nlink} hard links, which rewriting it would part")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    folder = os.path.dirname(target)
    handle, temporary = tempfile.mkstemp(prefix=".mojifix-", suffix=".tmp", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            _take_on(temporary, target, status)
            os.fsync(handle)
        _refuse_if_changed(target, stamp)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)


def _refuse_if_changed(target: str, stamp: Stamp) -> None:
    if stamp_of(os.stat(target)) != stamp:
        raise Refused("changed while it was being repaired")


def _take_on(temporary: str, target: str, status: os.stat_result) -> None:
    """Give the temporary file the owner, mode and extended attributes of the target."""
    ours = os.stat(temporary)
    if (ours.st_uid, ours.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.chown(temporary, status.st_uid, status.st_gid)
        except PermissionError:
            # Only root may give files away. The group may still be one of the user's own.
            with suppress(PermissionError):
                os.chown(temporary, -1, status.st_gid)
    # After chown, which clears the set-user-id and set-group-id bits.
    shutil.copystat(target, temporary)
    os.utime(temporary)
    ours = os.stat(temporary)
    if (ours.st_uid, ours.st_gid) != (status.st_uid, status.st_gid):
        # Those bits would lend the rights of somebody else than before.
        os.chmod(temporary, stat.S_IMODE(status.st_mode) & ~(stat.S_ISUID | stat.S_ISGID))


def _sync_folder(folder: str) -> None:
    """Make the new name durable. The file is whole either way, so failing here is no error."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
