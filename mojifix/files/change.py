"""From repairs to what changes in the bytes of a file, verified before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from mojifix.files.fit import without
from mojifix.files.read import Document, Opaque, reread
from mojifix.model import Repair, Result
from mojifix.repair.proof import holds
from mojifix.repair.splice.splice import splice


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


Find = Callable[[Document], Result]
"""What finds the repairs of a document, as for its file: by its policy, less what is kept."""


def patches(document: Document, repairs: Iterable[Repair], data: bytes) -> Iterator[Patch]:
    """Yield a patch of `data`, the bytes of `document`, for each repair that changes them.

    `repairs` are sorted, apart, and fit the charset of the document.
    """
    for one in repairs:
        start, end = document.offset(one.start), document.offset(one.end)
        new = document.encode(one.after)
        assert new is not None, "repairs that don't fit the charset were left out"
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


ROUNDS = 4
"""Times that repairs are left out, and what is left is verified again, at most."""


def planned(
    old: bytes, data: bytes, document: Document, result: Result, find: Find
) -> tuple[Change, Result]:
    """Return the verified change that makes the bytes of a file, `old`, those of a repaired text.

    And the result of that: `result`, which was found in `document`, whose bytes are `data` (`old`,
    or what it was converted to), less the repairs of lines that a second pass, with `find`, would
    repair again. Raises `Unverified` when the new bytes don't read as the repaired text, or when
    the proof of a repair doesn't hold.
    """
    left: set[int] = set()
    for _ in range(ROUNDS):
        changes = tuple(patches(document, result.repairs, data))
        new = patched(data, changes)
        second = verified(result, reread(new, document), find)
        again = set().union(*_lines(result.text, second.repairs))
        if again <= left:
            whole = changes if data is old else (Patch(0, old, new),)
            return Change(whole, sha256(old).hexdigest(), sha256(new).hexdigest()), result
        left |= again
        kept = [left.isdisjoint(lines) for lines in _lines(result.original, result.repairs)]
        if all(kept):
            break
        result = without(result, kept)
    raise Unverified("a second pass would change the text once more")


def verified(result: Result, new: Document | Opaque, find: Find) -> Result:
    """Return what a second pass finds in `new`, the new bytes read again.

    Raises `Unverified` unless they read as the repaired text, and the proof of each repair holds.
    """
    if isinstance(new, Opaque):
        raise Unverified(f"the new bytes would not be text: {new.reason}")
    if new.text != splice(result.original, list(result.repairs)):
        raise Unverified("the new bytes would read as another text than the repaired one")
    for one in result.repairs:
        if not proven(result.original, one):
            raise Unverified(f"the proof of the repair at character {one.start} does not hold")
    return find(new)


def _lines(text: str, repairs: Iterable[Repair]) -> Iterator[range]:
    """Yield the numbers of the lines of a text that each of its repairs is in, which are sorted."""
    line = at = 0
    for one in repairs:
        line += text.count("\n", at, one.start)
        at = one.start
        yield range(line, line + text.count("\n", one.start, one.end) + 1)


def proven(text: str, one: Repair) -> bool:
    """Tell whether `one`, damaged again, gives what was found in `text`.

    Of a repair that is undecided, one of the readings must.
    """
    if text[one.start : one.end] != one.before:
        return False
    readings = [after for after, _ in one.alternatives] if one.kind == "undecided" else [one.after]
    following = text[one.end : one.end + 1]
    return any(holds(after, one.before, one.layers, following) for after in readings)
