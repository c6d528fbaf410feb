"""From a change to the disk: all of it or nothing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import FileIO
from types import TracebackType
from typing import Self

from mojifix.files import faults, leftovers
from mojifix.files.change import Change, Patch
from mojifix.files.durable import (
    BLOCK,
    Changed,
    Refused,
    digest,
    opened,
    overwrite,
    pour,
    sync_folder,
    write_all,
)
from mojifix.files.precautions import USUAL, Hardlinks, Precautions
from mojifix.files.read import Stamp, stamp_of


def rewrite(path: str, change: Change, stamp: Stamp, precautions: Precautions = USUAL) -> None:
    """Make `change` to the file at `path`, whose stamp was `stamp` when it was read.

    At any moment the file has its old bytes or all the new ones (but for `hardlinks="inplace"`).
    Mode, extended attributes with the ACL and, as far as the user may, owner and group are kept;
    the time of modification is new. A symlink stays, its target is rewritten. Raises OSError
    (`Refused` when the file is read-only or has other hard links, `Changed` when it changed since
    it was read); then the file is as it was and nothing is left beside it. A file that has the new
    bytes already, say from a run beside this one, is left so.
    """
    try:
        with Replacement(path, stamp, precautions) as new:
            for patch in change.patches:
                new.add(patch)
            new.commit(change.before, change.after)
    except Changed:
        if digest(path) != change.after:
            raise


class Replacement:
    """The new contents of a file while they are written, beside it, to take its place at the end.

    A context manager: left without `commit`, nothing has happened. Memory is bounded.
    """

    def __init__(self, path: str, stamp: Stamp, precautions: Precautions = USUAL) -> None:
        self._target = os.path.realpath(path)
        self._folder = os.path.dirname(self._target)
        self._stamp = stamp
        self._precautions = precautions
        journal = precautions.journal
        self._journal = journal if journal and journal.wants(self._target) else None
        self._before, self._after = sha256(), sha256()
        self._in_place = False
        self._temporary = leftovers.path_in(self._folder)

    def __enter__(self) -> Self:
        self._status = _writable(self._target, self._precautions.hardlinks)
        self._source = opened(self._target)
        try:
            self._refuse_if_changed()
            self._file = self._created()
            faults.point("created")
            return self  # noqa: TRY300 - an interrupt may come at any time
        except BaseException:
            self._source.close()
            _remove(self._temporary)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._source.close()
        try:
            if not leftovers.has_twin(self._temporary, self._stamp.inode):
                os.unlink(self._temporary)
        except FileNotFoundError:
            pass  # It has taken its place, whatever was raised afterwards.
        except OSError:
            self._drop()
        else:
            if not self._in_place or error:
                self._drop()
        self._file.close()

    def add(self, patch: Patch) -> None:
        """Copy what stands before `patch`, then write its new bytes instead of the old ones.

        Patches come in order. Raises OSError.
        """
        self._copy(patch.start - self._source.tell())
        old = self._source.read(len(patch.old))
        if old != patch.old:
            raise Changed
        self._before.update(old)
        self._put(patch.new)
        if self._journal:
            self._journal.add(self._target, patch)
        faults.point("half-written")

    def commit(self, before: str, after: str) -> None:
        """Copy the rest and put the new file in the place of the old one.

        `before` and `after` are the digests that the whole old and new file must have. Raises
        OSError.
        """
        self._copy(self._status.st_size)
        if self._before.hexdigest() != before or self._source.read(1):
            raise Changed
        _refuse_if_other(self._after.hexdigest(), after)
        faults.point("written")
        _take_on(self._temporary, self._target, self._status)
        os.fsync(self._file.fileno())
        faults.point("synced")
        if self._precautions.backup:
            self._back_up(self._target + self._precautions.backup, before)
            faults.point("backed-up")
        if self._journal:
            self._journal.seal(self._target, before, after)
            faults.point("journalled")
        self._refuse_if_changed()
        faults.point("checked")
        if self._status.st_nlink > 1 and self._precautions.hardlinks == "inplace":
            self._write_in_place(before, after)
            return
        if os.name == "nt":  # which renames no file that is open
            self._source.close()
            self._file.close()
        os.replace(self._temporary, self._target)
        faults.point("replaced")
        sync_folder(self._folder)
        faults.point("folder-synced")

    def _created(self) -> FileIO:
        try:
            return FileIO(leftovers.create(self._temporary), "r+")
        except OSError as error:
            raise Refused(f"its folder takes no new file: {error.strerror}") from error

    def _refuse_if_changed(self) -> None:
        if stamp_of(os.stat(self._target)) != self._stamp:
            raise Changed

    def _copy(self, count: int) -> None:
        """Copy up to `count` bytes as they are."""
        while count > 0 and (block := self._source.read(min(count, BLOCK))):
            self._before.update(block)
            self._put(block)
            count -= len(block)

    def _put(self, data: bytes) -> None:
        self._after.update(data)
        write_all(self._file, data)

    def _drop(self) -> None:
        if self._journal:
            self._journal.drop(self._target)

    def _back_up(self, backup: str, before: str) -> None:
        """Keep the old bytes under the name `backup`; one that has them already will do."""
        with self._copy_of_old() as temporary:
            _take_on(temporary, self._target, self._status)
            os.utime(temporary, ns=(self._status.st_atime_ns, self._status.st_mtime_ns))
            _publish(temporary, backup, before)
        sync_folder(self._folder)

    def _write_in_place(self, before: str, after: str) -> None:
        """Write the new bytes into the file itself, with a copy of the old ones beside it.

        When that fails, the old bytes are put back; after a kill the next run does so.
        """
        with self._copy_of_old() as temporary, FileIO(self._target, "r+") as target:
            old = leftovers.make_twin(temporary, self._temporary, self._stamp.inode)
            sync_folder(self._folder)
            try:
                overwrite(target, self._file, "in-place-half-written")
                faults.point("in-place-written")
                _refuse_if_other(digest(self._target), after)
                self._in_place = True
            except BaseException:
                with opened(old) as source:
                    overwrite(target, source)
                raise
            finally:
                if digest(self._target) in {before, after}:
                    os.unlink(old)

    @contextmanager
    def _copy_of_old(self) -> Iterator[str]:
        """Give the path of a temporary file with the old bytes, which goes afterwards."""
        temporary = leftovers.path_in(self._folder)
        try:
            with FileIO(leftovers.create(temporary), "r+") as file:
                self._source.seek(0)
                pour(self._source, file)
                os.fsync(file.fileno())
                yield temporary
        finally:
            _remove(temporary)


def _remove(temporary: str) -> None:
    with suppress(OSError):
        os.unlink(temporary)


def _refuse_if_other(written: str, verified: str) -> None:
    if written != verified:
        raise Refused("was not written as it was verified")


def _writable(target: str, hardlinks: Hardlinks) -> os.stat_result:
    status = os.stat(target)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("not a regular file")
    if status.st_nlink > 1 and hardlinks == "refuse":
        # Replacing the file would leave the old text under its other names.
        raise Refused(
            f"has {status.st_nlink} hard links; --hardlinks break parts it from them, "
            "--hardlinks inplace writes it for all of them"
        )
    # Root may write what is read-only, and does so as little as others.
    if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise Refused("is read-only")
    return status


def _publish(temporary: str, backup: str, before: str) -> None:
    """Give a finished copy its name, which nothing may have yet but a file with the same bytes."""
    if not os.path.lexists(backup):
        try:
            os.link(temporary, backup)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            os.rename(temporary, backup)
            return
        else:
            return
    if not stat.S_ISREG(os.lstat(backup).st_mode) or digest(backup) != before:
        raise Refused(f"its backup {os.path.basename(backup)} exists and holds something else")


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
    if dict(_attributes(temporary)) != dict(_attributes(target)):
        raise Refused("its extended attributes or its ACL can't be kept")
    ours = os.stat(temporary)
    if (ours.st_uid, ours.st_gid) != (status.st_uid, status.st_gid):
        # Those bits would lend the rights of somebody else than before.
        os.chmod(temporary, stat.S_IMODE(status.st_mode) & ~(stat.S_ISUID | stat.S_ISGID))


def _attributes(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the extended attributes that are the user's; the system's labels are its own affair."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(path)
    except OSError:  # a file system without extended attributes
        return
    for name in names:
        if name.startswith(("user.", "system.posix_acl_")):
            yield name, os.getxattr(path, name)
