"""What a run came to: the counters, the line that sums them up, and the exit code."""

from __future__ import annotations

from collections import Counter

from mojifix.model import Result
from mojifix.report.concise import way


class Tally:
    """Counts what happened to the files of a run, and from that alone decides its exit code."""

    def __init__(self) -> None:
        self.files = 0
        self.repaired = 0
        self.damaged = 0
        self.converted = 0
        self.to_be_converted = 0
        self.left_alone = 0
        self.errors = 0
        self.suspected = self.quoted = 0
        self.dead = 0
        self.ignored = 0
        self._kinds: Counter[str] = Counter()
        self._ways: Counter[str] = Counter()

    def add(self, other: Tally) -> None:
        """Count what another tally has counted."""
        self.files += other.files
        self.repaired += other.repaired
        self.damaged += other.damaged
        self.converted += other.converted
        self.to_be_converted += other.to_be_converted
        self.left_alone += other.left_alone
        self.errors += other.errors
        self.suspected += other.suspected
        self.quoted += other.quoted
        self.dead += other.dead
        self.ignored += other.ignored
        self._kinds.update(other._kinds)
        self._ways.update(other._ways)

    def add_fixed(self, result: Result) -> None:
        """Count a file of which all repairs, if there are any, were written."""
        self.repaired += bool(result.repairs)
        self._add(result)

    def add_checked(self, result: Result) -> None:
        """Count a file of which no repair was written."""
        self.damaged += bool(result.repairs)
        self._add(result)

    def add_piece(self, result: Result) -> None:
        """Count what was found in a part of a file; the file is counted by `add_pieces`."""
        self._add(result)
        self.files -= 1

    def add_pieces(self, *, written: bool) -> None:
        """Count the file whose parts were counted, and all repairs of which were written or not."""
        self.files += 1
        self.repaired += written and bool(self._kinds)
        self.damaged += not written and bool(self._kinds)

    def add_left_alone(self) -> None:
        """Count a file that is no text we can read."""
        self.left_alone += 1

    def add_converted(self, *, written: bool) -> None:
        """Count a file that was, or would be, converted to UTF-8."""
        self.converted += written
        self.to_be_converted += not written

    def add_error(self) -> None:
        """Count a path that could not be read or written."""
        self.errors += 1

    def add_ignored(self, number: int) -> None:
        """Count findings that the user wants to keep."""
        self.ignored += number

    def _add(self, result: Result) -> None:
        self.files += 1
        quoted = sum(one.kind == "quoted" for one in result.suspected)
        self.suspected += len(result.suspected) - quoted
        self.quoted += quoted
        self.dead += len(result.dead)
        self._kinds.update(repair.kind for repair in result.repairs)
        self._ways.update(way(repair) for repair in result.repairs)

    @property
    def exit_code(self) -> int:
        """0: clean, or everything is done; 1: repairs or conversions remain to be made; 2: errors.

        What is only suspected doesn't count: a hook that fails must be right. What can't be
        recovered doesn't either: nobody could make such a hook pass.
        """
        return 2 if self.errors else 1 if self.damaged or self.to_be_converted else 0

    def line(self) -> str:
        """Return the run in one line: files, repairs by kind and channel, what was left."""
        total = self._kinds.total()
        what = _many(total, "repair") if total else "nothing to repair"
        if total:
            what += f" ({_counts(self._kinds)}; {_counts(self._ways)})"
        done = _some(
            (self.repaired, "repaired"),
            (self.damaged, "damaged"),
            (self.converted, "converted"),
            (self.to_be_converted, "to be converted"),
        )
        left = _some(
            (self.suspected, "suspected"),
            (self.quoted, "quoted (--include-quoted repairs them)"),
            (self.dead, "unrecoverable"),
            (self.ignored, "ignored"),
            (self.left_alone, "left alone"),
        )
        found = [what] if self.files or not self.errors else []
        parts = [_many(self.files, "file"), *done, *found, *left]
        if self.errors:
            parts.append(_many(self.errors, "error"))
        return ", ".join(parts)


def _some(*counts: tuple[int, str]) -> list[str]:
    return [f"{number} {what}" for number, what in counts if number]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _counts(counter: Counter[str]) -> str:
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {name}" for name, number in ordered)
