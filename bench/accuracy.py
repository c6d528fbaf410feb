"""How much of damaged text is recovered, by mojifix, ftfy and plsfix side by side.

    python bench/accuracy.py --quick                 # under a minute
    python bench/accuracy.py                         # all; --cases N a row, 300 by default
    python bench/accuracy.py --group losses --show 5 # what failed, of the rows that match
    python bench/accuracy.py --by channel            # or language, length, loss, lost

Damages the texts of `bench/texts/` (`--set dev`: those of `fixtures/dev/`) through every channel.
The sample is the same whenever the seed is; with `--quick` the clock may end a row early, which the
table shows with a `*`, and edits and paragraphs are left out unless `--group` asks for them.

exact: the result equals the original. similar: 1 - edit distance / length, averaged. left: edit
distance after / before, of all cases together. worse: the distance grew. plsfix also tidies
typography, so it is compared with what it makes of the original.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from material import Case, Sampler, legacy_ways, lossy_ways, mixed_layers, same_layers, utf8_ways
from peers import Repairer, repairers
from rapidfuzz.distance import Levenshtein

from mojifix.charsets.charset import LOSSES
from mojifix.charsets.edits import EDITS

SENTENCE = ("sentence",)
WORDS = ("word", "phrase")
QUICK_SECONDS = 45
QUICK_CASES = 60


def rows(sampler: Sampler) -> dict[str, Iterator[Case]]:
    """Return the rows of the table, as endless as the texts allow."""
    cases = sampler.cases
    found = {
        "utf-8, sentences": cases("utf-8, sentences", utf8_ways(), SENTENCE),
        "utf-8, 1-3 words": cases("utf-8, 1-3 words", utf8_ways(), WORDS),
        "utf-8, paragraphs": cases("utf-8, paragraphs", utf8_ways(), ("paragraph",)),
        "legacy, sentences": cases("legacy, sentences", legacy_ways(), SENTENCE),
        "legacy, 1-3 words": cases("legacy, 1-3 words", legacy_ways(), WORDS),
        "legacy, paragraphs": cases("legacy, paragraphs", legacy_ways(), ("paragraph",)),
        "layers, two same": cases("layers, two same", same_layers(2), SENTENCE),
        "layers, two mixed": cases("layers, two mixed", mixed_layers(2), SENTENCE),
        "layers, three same": cases("layers, three same", same_layers(3), SENTENCE),
        "layers, three mixed": cases("layers, three mixed", mixed_layers(3), SENTENCE),
        "span, utf-8": sampler.spans("span, utf-8", utf8_ways()),
        "span, legacy": sampler.spans("span, legacy", legacy_ways()),
    }
    for loss in LOSSES:
        row = f"losses, {loss}"
        found[row] = cases(row, lossy_ways(loss), SENTENCE)
    found["seed, gbk dropped"] = sampler.seed_kind("seed, gbk dropped")
    for edit in EDITS:
        row = f"edits, {edit}"
        found[row] = sampler.edited(row, edit, utf8_ways())
    return found


class Outcome(NamedTuple):
    """What a tool made of a case."""

    result: str
    exact: bool
    similar: float
    before: int
    after: int


class Tally:
    """The figures of some outcomes."""

    def __init__(self) -> None:
        self.count = self.exact = self.worse = self.before = self.after = 0
        self.similar = 0.0

    def add(self, outcome: Outcome) -> None:
        self.count += 1
        self.exact += outcome.exact
        self.similar += outcome.similar
        self.before += outcome.before
        self.after += outcome.after
        self.worse += outcome.after > outcome.before

    def figures(self) -> dict[str, float]:
        count = max(1, self.count)
        return {
            "exact": self.exact / count,
            "similar": self.similar / count,
            "left": self.after / max(1, self.before),
            "worse": self.worse / count,
        }


def tried(case: Case, name: str, repairer: Repairer) -> Outcome:
    result = repairer(case.damaged)
    wanted = repairer(case.original) if name == "plsfix" else case.original
    if result == case.original:
        wanted = case.original
    before = Levenshtein.distance(case.damaged, case.original)
    after = Levenshtein.distance(result, wanted)
    similar = 1 - after / max(1, len(result), len(wanted))
    return Outcome(result, result == wanted, similar, before, after)


class Run:
    """Measures rows and remembers the figures, by row and by what `--by` says."""

    def __init__(self, tools: dict[str, Repairer], by: str | None, show: int) -> None:
        self.tools, self.by, self.show = tools, by, show
        self.rows: dict[str, dict[str, Tally]] = {}
        self.groups: dict[str, dict[str, Tally]] = defaultdict(self._tallies)
        self.totals: dict[str, dict[str, Tally]] = {}
        self.failures: list[tuple[Case, Outcome]] = []
        self.seconds = dict.fromkeys(tools, 0.0)
        self.clocked: set[str] = set()

    def _tallies(self) -> dict[str, Tally]:
        return {name: Tally() for name in self.tools}

    def measure(self, rows: dict[str, Iterator[Case]], seconds: float) -> None:
        """Measure the rows, each for about the same time, until they or `seconds` are used up."""
        self.rows = {row: self._tallies() for row in rows}
        groups = (f"all {row.partition(',')[0]}" for row in rows)
        self.totals = {group: self._tallies() for group in (*groups, "all")}
        waiting = dict.fromkeys(rows, 0.0)
        shown: Counter[str] = Counter()
        while waiting:
            row = min(waiting, key=waiting.__getitem__)
            if sum(self.seconds.values()) > seconds:
                self.clocked = set(waiting)
                break
            case = next(rows[row], None)
            if case is None:
                del waiting[row]
                continue
            start = time.perf_counter()
            outcome = self._tried(case)
            waiting[row] += time.perf_counter() - start
            if not outcome.exact and shown[row] < self.show:
                shown[row] += 1
                self.failures.append((case, outcome))

    def _tried(self, case: Case) -> Outcome:
        """Try every tool on a case; return what the first one, mojifix, made of it."""
        outcomes = []
        group = f"all {case.row.partition(',')[0]}"
        places = [self.rows[case.row], self.totals[group], self.totals["all"]]
        if self.by:
            places.append(self.groups[str(getattr(case, self.by))])
        for name, repairer in self.tools.items():
            start = time.perf_counter()
            outcome = tried(case, name, repairer)
            self.seconds[name] += time.perf_counter() - start
            outcomes.append(outcome)
            for place in places:
                place[name].add(outcome)
        return outcomes[0]

    def table(self, head: str, groups: dict[str, dict[str, Tally]]) -> Iterator[str]:
        names = [f"{name} {figure}" for name in self.tools for figure in Tally().figures()]
        yield f"| {head} | cases | " + " | ".join(names) + " |"
        yield "|---|--:|" + "--:|" * len(names)
        for group, tallies in groups.items():
            count = next(iter(tallies.values())).count
            if not count:
                continue
            star = "*" if group in self.clocked else ""
            cells = [
                f"{value:.3f}" if figure == "similar" else f"{value:.1%}"
                for tally in tallies.values()
                for figure, value in tally.figures().items()
            ]
            yield f"| {group} | {count}{star} | " + " | ".join(cells) + " |"

    def summary(self) -> dict[str, object]:
        def figures(tallies: dict[str, Tally]) -> dict[str, object]:
            return {name: {"cases": t.count, **t.figures()} for name, t in tallies.items()}

        return {
            "rows": {row: figures(tallies) for row, tallies in self.rows.items()},
            "by": {group: figures(tallies) for group, tallies in sorted(self.groups.items())},
            "totals": {group: figures(tallies) for group, tallies in self.totals.items()},
        }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--cases", type=int, help="cases a row")
    parser.add_argument("--set", choices=("bench", "dev"), default="bench", help="which texts")
    parser.add_argument("--group", action="append", help="rows that contain this; repeatable")
    parser.add_argument("--by", choices=("channel", "language", "length", "loss", "lost"))
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N failures a row")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--undecided", choices=("mark", "keep", "guess"), default="mark")
    parser.add_argument("--no-peers", action="store_true", help="mojifix only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    tools = repairers(peers=not args.no_peers, undecided=args.undecided)
    chosen = {
        row: cases
        for row, cases in rows(Sampler(args.set, args.seed)).items()
        if any(name in row for name in args.group or ("",))
        if args.group or not (args.quick and re.match("edits|.*paragraphs", row))
    }
    if not chosen:
        raise SystemExit(f"no row contains {' or '.join(args.group)}")
    cases = args.cases or (QUICK_CASES if args.quick else 300)
    for repairer in tools.values():
        repairer("Ã©tÃ©")  # loads what is loaded once
    run = Run(tools, args.by, args.show)
    run.measure(
        {row: islice(found, cases) for row, found in chosen.items()},
        QUICK_SECONDS if args.quick else float("inf"),
    )
    print(*run.table("row", {**run.rows, **run.totals}), sep="\n")
    if args.by:
        print("", *run.table(args.by, dict(sorted(run.groups.items()))), sep="\n")
    print("\nseconds:", ", ".join(f"{name} {spent:.1f}" for name, spent in run.seconds.items()))
    for case, outcome in sorted(
        run.failures, key=lambda failure: list(chosen).index(failure[0].row)
    ):
        print(f"\n{case.row} | {case.language} | {case.channel} | {case.loss}")
        print(f"  found  {case.damaged!r}\n  got    {outcome.result!r}\n  wanted {case.original!r}")
    if args.json:
        args.json.write_text(json.dumps(run.summary(), ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
