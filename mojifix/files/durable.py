"""Reading and writing that is complete and lasts, or raises."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from io import FileIO
from typing import BinaryIO

from mojifix.files import faults

BLOCK = 1 << 20
"""Bytes that are read at once."""


class Refused(OSError):
    """A file that may not be rewritten; `strerror` says why. The file is as it was."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EPERM, reason)


class Changed(Refused):
    """A file that is not the one that was read any more."""

    def __init__(self) -> None:
        super().__init__("changed while it was being repaired")


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of `data` to an unbuffered file; a disk that fills up raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def sync_folder(folder: str) -> None:
    """Make the names in a folder durable, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def digest(path: str) -> str:
    """Return the SHA-256 of a regular file, in hexadecimal; raises OSError."""
    with opened(path) as file:
        return digest_of(file)


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256, in hexadecimal, of what is left to read of a file."""
    from hashlib import sha256  # loads OpenSSL, and who only reads a file does without

    found = sha256()
    while block := file.read(BLOCK):
        found.update(block)
    return found.hexdigest()


def overwrite(target: FileIO, source: BinaryIO | FileIO, fault: str = "") -> None:
    """Write all of `source` over `target`, in place, and make it durable; raises OSError."""
    source.seek(0)
    target.seek(0)
    while block := source.read(BLOCK):
        middle = len(block) // 2
        write_all(target, block[:middle])
        if fault:
            faults.point(fault)
        write_all(target, block[middle:])
    target.truncate()
    os.fsync(target.fileno())


def opened(path: str) -> BinaryIO:
    """Open a file for reading: not a symlink, and without waiting for the writer of a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(os.path.realpath(path), flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused("not a regular file")
    return open(handle, "rb")


def pour(source: BinaryIO, file: FileIO) -> None:
    """Copy what is left to read of `source` to the end of an unbuffered file; raises OSError."""
    while block := source.read(BLOCK):
        write_all(file, block)
