"""From repairs to what changes in the bytes of a file, verified before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mojifix.files.read import Document, Opaque, decoded
from mojifix.model import Repair, Result
from mojifix.repair import splice
from mojifix.repair.proof import holds


@dataclass(frozen=True, slots=True)
class Patch:
    """The bytes `old`, which start at the byte offset `start` of the old file, become `new`."""

    start: int
    old: bytes
    new: bytes

    @property
    def end(self) -> int:
        """The byte offset behind `old` in the old file."""
        return self.start + len(self.old)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written to a file: everything but the patches stays, byte for byte.

    `patches` are sorted and apart. `before` and `after` are the SHA-256 digests, in hexadecimal, of
    the whole old and the whole new file. A change is small and can be sent to another process.
    """

    patches: tuple[Patch, ...]
    before: str
    after: str


class Unverified(OSError):
    """A change that failed its verification; `strerror` says why. Nothing was written."""

    def __init__(self, reason: str) -> None:
        super().__init__(None, f"not repaired: {reason}")


Find = Callable[[str], Result]
"""What finds the repairs of a text, with the policy and the exemptions of its file."""

Decode = Callable[[bytes], Document | Opaque]


def fitting(document: Document, repairs: Iterable[Repair]) -> Iterator[Repair]:
    """Yield the repairs that can be written in the charset of `document`."""
    return (one for one in repairs if document.encode(one.after) is not None)


def patches(document: Document, repairs: Iterable[Repair], data: bytes) -> Iterator[Patch]:
    """Yield a patch of `data`, the bytes of `document`, for each repair that changes them.

    `repairs` are sorted, apart, and fit the charset of the document.
    """
    for one in repairs:
        start, end = document.offset(one.start), document.offset(one.end)
        new = document.encode(one.after)
        assert new is not None
        if data[start:end] != new:
            yield Patch(start, data[start:end], new)


def patched(data: bytes, changes: Iterable[Patch]) -> bytes:
    """Return `data` with `changes` made: all other bytes are copied, never encoded again."""
    parts: list[bytes] = []
    copied = 0
    for patch in changes:
        parts += [data[copied : patch.start], patch.new]
        copied = patch.end
    return b"".join([*parts, data[copied:]])


def planned(
    data: bytes, document: Document, result: Result, find: Find, decode: Decode = decoded
) -> Change:
    """Return the verified change that `result`, found in `document` (`data`), makes to the file.

    Repairs that don't fit the charset of the document are left out. Raises `Unverified` when the
    new bytes don't decode (with `decode`) to the repaired text, when the proof of a repair doesn't
    hold, or when a second pass, with `find`, would repair the new text again.
    """
    made = tuple(fitting(document, result.repairs))
    changes = tuple(patches(document, made, data))
    new = patched(data, changes)
    verify(result.original, made, decode(new), find)
    return Change(changes, sha256(data).hexdigest(), sha256(new).hexdigest())


def verify(text: str, made: Sequence[Repair], read: Document | Opaque, find: Find) -> None:
    """Raise `Unverified` unless `read`, the new bytes read again, is `text` soundly repaired.

    `made` are the repairs of `text` that were written.
    """
    if isinstance(read, Opaque):
        raise Unverified(f"the new bytes would not be text: {read.reason}")
    if read.text != splice(text, list(made)):
        raise Unverified("the new bytes would read as another text than the repaired one")
    for one in made:
        if text[one.start : one.end] != one.before or not proven(text, one):
            raise Unverified(f"the proof of the repair at character {one.start} does not hold")
    if any(fitting(read, find(read.text).repairs)):
        raise Unverified("a second pass would change the text once more")


def proven(text: str, one: Repair) -> bool:
    """Tell whether `one`, damaged again, gives what was found in `text`.

    Of a repair that is undecided, one of the readings must.
    """
    readings = [after for after, _ in one.alternatives] if one.kind == "undecided" else [one.after]
    following = text[one.end : one.end + 1]
    return any(holds(after, one.before, one.layers, following) for after in readings)
