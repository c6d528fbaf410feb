"""Putting files back as a journal says they were."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

from mojifix.files import leftovers
from mojifix.files.change import Patch
from mojifix.files.durable import Refused, digest
from mojifix.files.journal import Entry, patches_of, read_journal
from mojifix.files.precautions import Precautions
from mojifix.files.read import stamp_of
from mojifix.files.rewrite import Replacement
from mojifix.files.roots import inside


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a file: put `back`, `already` as it was, or `failed` for a `reason`."""

    path: str
    outcome: Literal["back", "already", "failed"]
    reason: str = ""


def undo(file: BinaryIO, precautions: Precautions) -> Iterator[Undone]:
    """Put the files of a journal back, the last one first, and yield what became of each.

    A file is put back only when it is, byte for byte, as the journal says it was left; what was
    put back before stays. So this may be interrupted and run again. Nothing outside of the root of
    the journal is written. Raises `Malformed` before anything is written, and OSError when the
    journal can't be read.
    """
    written = read_journal(file)
    root = os.path.realpath(written.root)
    swept: set[str] = set()
    for entry in reversed(written.entries):
        path = os.path.join(written.root, *entry.path.split("/"))
        try:
            target = os.path.realpath(path)
            if not inside(target, root):
                raise Refused(f"leads out of the journal's root {written.root}")
            folder = os.path.dirname(target)
            if folder not in swept:
                swept.add(folder)
                leftovers.sweep(folder)
            yield Undone(path, _put_back(target, entry, file, precautions))
        except OSError as error:
            yield Undone(path, "failed", error.strerror or str(error))
    if written.cut:
        reason = "its last line is cut off; what it held, if anything, was not put back"
        yield Undone(file.name, "failed", reason)


def _put_back(
    target: str, entry: Entry, file: BinaryIO, precautions: Precautions
) -> Literal["back", "already"]:
    stamp = stamp_of(os.stat(target))
    now = digest(target)
    if now == entry.before:
        return "already"
    if now != entry.after:
        raise Refused("changed since the journal was written; left as it is")
    with Replacement(target, stamp, precautions) as old:
        for patch in _inverse(patches_of(entry, file)):
            old.add(patch)
        old.commit(entry.after, entry.before)
    return "back"


def _inverse(patches: Iterable[Patch]) -> Iterator[Patch]:
    """Yield the patches that lead back."""
    shift = 0
    for patch in patches:
        yield replace(patch, start=patch.start + shift, old=patch.new, new=patch.old)
        shift += len(patch.new) - len(patch.old)
