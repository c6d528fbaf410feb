"""Whether confidence is what it says: of the repairs given 0.95, are 95 of 100 right?

    python bench/calibration.py --quick              # under a minute
    python bench/calibration.py --cases 5000
    python bench/calibration.py --show 10            # the surest of the wrong repairs
    python bench/calibration.py --kind restored --set dev

Damages the texts of `bench/texts/` (`--set dev`: those of `fixtures/dev/`) in all the ways of
`accuracy.py`, mixes clean sentences in, and looks at each repair on its own, applied or suspected.
A repair is right when what it replaces became what was found of exactly what it puts there: the
original up to the repair damages to the text before it, and the original up to its end to the text
up to its end. The last columns are claimed - right, and what sampling alone can make of it (95 %).

`undecided` repairs claim only that there was damage; they are right when their characters are, but
for those marked as U+FFFD, and have a table of their own. `quoted` ones claim nothing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from accuracy import rows
from material import Case, Sampler, in_turn, languages, pieces

import mojifix
from mojifix.charsets.damage import through
from mojifix.charsets.edits import EDITS
from mojifix.model import Channel, Repair

BANDS = (0.0, 0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.01)
QUICK_SECONDS = 45
TWICE = ("utf-8, sentences", "utf-8, 1-3 words", "legacy, sentences", "legacy, 1-3 words")
"""Rows that make two parts of the mixture; every other one makes one."""

TRACED_EDITS = ("nbsp-to-space", "c1-removed", "soft-hyphen-removed", "straightened-quotes")
"""Edits of single characters: what they make of a part doesn't depend on the rest."""


class Judged(NamedTuple):
    """A repair and whether it was right."""

    repair: Repair
    right: bool
    case: Case


class Damage:
    """How a case was damaged: what of its original became what of the text that was found."""

    def __init__(self, case: Case) -> None:
        self.case = case
        names = case.channel.split(" + ") if case.channel else []
        self.layers = [Channel(*name.split(">")) for name in names]
        if self.layers and case.loss and case.loss not in EDITS:
            last = self.layers[-1]
            self.layers[-1] = Channel(last.written_as, last.read_as, case.loss)
        self.edit = EDITS.get(case.loss, str)
        self.start = alike(case.original, case.damaged)
        tails = (text[self.start :][::-1] for text in (case.original, case.damaged))
        self.end = len(case.original) - alike(*tails)

    def traced(self) -> bool:
        """Whether damaging the part that differs gives what was found."""
        return self.until(len(self.case.original)) == self.case.damaged

    def until(self, at: int) -> str:
        """Return what the original up to the offset `at` became."""
        original = self.case.original
        inner = original[self.start : min(at, self.end)]
        for layer in self.layers if inner else ():
            inner = through(inner, layer) or ""
        behind = original[self.end : at] if at > self.end else ""
        return original[: min(at, self.start)] + self.edit(inner) + behind

    def made(self, repair: Repair) -> bool:
        """Whether what `repair` puts in its place is what was there."""
        original, damaged = self.case.original, self.case.damaged
        marked = repair.kind == "undecided"
        size = len(repair.after)
        for at in range(max(0, len(original) - size + 1)):
            part = original[at : at + size]
            same = fits(part, repair.after) if marked else part == repair.after
            if same and self.until(at) == damaged[: repair.start]:
                until = self.until(at + size)
                # A byte that a reader lost at the very end may have taken the next one with it.
                if until == damaged[: repair.end] or (
                    self.case.loss and abs(len(until) - repair.end) == 1
                ):
                    return True
        return False


def alike(one: str, other: str) -> int:
    """Return how many characters at the start of two texts are the same."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def fits(part: str, after: str) -> bool:
    return all(other in (one, "\ufffd") for one, other in zip(part, after, strict=True))


def mixture(sampler: Sampler) -> Iterator[Case]:
    """Yield cases of all rows in turn, clean sentences among them."""
    sources: list[Iterator[Case]] = []
    for row, cases in rows(sampler).items():
        kind, _, what = row.partition(", ")
        if kind == "edits" and what not in TRACED_EDITS:
            continue
        parts = itertools.tee(cases, 2) if row in TWICE else (cases,)
        count = len(parts)
        sources += [itertools.islice(part, at, None, count) for at, part in enumerate(parts)]
    clean = (
        (Case("clean", language, "", "sentence", "", text, text) for text in texts)
        for language in languages(sampler.which)
        for texts in [pieces(sampler.which, language, "sentence", sampler.rng("clean", language))]
    )
    return in_turn([*sources, in_turn(clean)])


def judged(cases: Iterator[Case], until: float) -> Iterator[Judged]:
    for case in cases:
        if time.perf_counter() > until:
            return
        damage = Damage(case)
        if not damage.traced():
            continue
        result = mojifix.repair(case.damaged)
        for repair in (*result.repairs, *result.suspected):
            if repair.kind != "quoted":
                yield Judged(repair, damage.made(repair), case)


def error(found: Sequence[Judged]) -> float:
    """Return the expected calibration error over the bands."""
    gaps = (abs(claimed(some) - share(some)) * len(some) for some in banded(found).values() if some)
    return sum(gaps) / max(1, len(found))


def banded(found: Sequence[Judged]) -> dict[tuple[float, float], list[Judged]]:
    return {
        (low, high): [one for one in found if low <= one.repair.confidence < high]
        for low, high in itertools.pairwise(BANDS)
    }


def claimed(some: Sequence[Judged]) -> float:
    return sum(one.repair.confidence for one in some) / len(some)


def share(some: Sequence[Judged]) -> float:
    return sum(one.right for one in some) / len(some)


def spread(some: Sequence[Judged]) -> float:
    """Return how far the share may be from the truth in 95 of 100 samples (Wilson)."""
    count, p, z = len(some), share(some), 1.96
    inner = p * (1 - p) / count + z * z / (4 * count * count)
    return z * math.sqrt(inner) / (1 + z * z / count)


def table(name: str, found: Sequence[Judged]) -> None:
    print(f"\n| {name}: confidence | repairs | claimed | right | difference | ± |")
    print("|---|--:|--:|--:|--:|--:|")
    for (low, high), some in banded(found).items():
        if some:
            gap = claimed(some) - share(some)
            band = f"{low:g} to {min(high, 1):g}"
            print(
                f"| {band} | {len(some)} | {claimed(some):.4f} | {share(some):.4f} "
                f"| {gap:+.4f} | {spread(some):.4f} |"
            )
    print(f"\nexpected calibration error: {error(found):.4f} of {len(found)} repairs")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--cases", type=int, default=2000, help="texts in all")
    parser.add_argument("--set", choices=("bench", "dev"), default="bench", help="which texts")
    parser.add_argument("--kind", choices=("exact", "restored", "suspected"), help="only these")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong repairs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the repairs to FILE")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    until = time.perf_counter() + QUICK_SECONDS if args.quick else math.inf
    cases = itertools.islice(mixture(Sampler(args.set, args.seed)), args.cases)
    found = list(judged(cases, until))
    undecided = [one for one in found if one.repair.kind == "undecided"]
    others = [one for one in found if one.repair.kind != "undecided"]
    if args.kind:
        others = [one for one in others if one.repair.kind == args.kind]
    table("all repairs", others)
    table("applied", [one for one in others if one.repair.kind != "suspected"])
    table("undecided", undecided)
    wrong = sorted((one for one in others if not one.right), key=lambda o: -o.repair.confidence)
    for repair, _, case in wrong[: args.show]:
        print(
            f"\n{repair.confidence:.5f} {repair.before!r} -> {repair.after!r}: {case.row},", end=""
        )
        print(f" {case.language}, {case.channel}\n  found  {case.damaged!r}")
        print(f"  wanted {case.original!r}")
    if args.json:
        rows_ = [
            {"confidence": o.repair.confidence, "right": o.right, "kind": o.repair.kind}
            | {"row": o.case.row, "language": o.case.language, "channel": o.case.channel}
            for o in found
        ]
        args.json.write_text(json.dumps(rows_, indent=1), "utf-8")


if __name__ == "__main__":
    main()
