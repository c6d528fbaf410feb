"""How fast text is repaired, beside plsfix, ftfy and `bytes.decode`.

    python bench/speed.py --quick          # about a minute
    python bench/speed.py                  # some minutes
    python bench/speed.py --growth         # the cost per MB from 1 MB to 64 MB
    python bench/speed.py --real           # lines of LibreOffice's help instead of bench/texts
    python bench/speed.py --text ru --shape lines

All tools run in one process on the same text, in turn, and every round has other text, so that what
a tool remembers of a text is of no use. The results are ratios: the median over the rounds of the
other tool's time / mojifix's time. MB/s (of UTF-8) are context. The texts are parts of the
sentences of `bench/texts/` in random order, as lines of about 300 bytes, as documents of 4 KB and
of 1 MB. Words return often in them; `--real` tells what that is worth.

Where a tool is too slow for the time that a round may take, all tools get less text, and the table
says how much: documents become smaller, and are left out when they would be no larger than those of
the row before.
"""

from __future__ import annotations

import argparse
import email
import json
import math
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from clean_text import sample
from material import PROSE, WITHOUT_SPACES, joined, paragraphs
from peers import repairers

import mojifix

Repair = Callable[[str], object]
Mean = Callable[[Sequence[float]], float]
MEAN = statistics.geometric_mean

CLEAN = (
    "en ascii", "en", "fr", "de", "pl", "ru", "el", "ar", "th", "zh-Hans", "zh-Hant", "ja", "ko",
    "code",
)  # fmt: skip
DAMAGED: dict[str, tuple[str, tuple[str, ...]]] = {
    "fr cp1252": ("fr", ("utf-8>cp1252",)),
    "ru cp1251": ("ru", ("utf-8>cp1251",)),
    "fr cp1252 twice": ("fr", ("utf-8>cp1252", "utf-8>cp1252")),
    "ru from cp1251": ("ru", ("cp1251>cp1252",)),
    "ko from cp949": ("ko", ("cp949>latin-1",)),
    "en gbk, sparse": ("en", ("utf-8>gbk:drop",)),
    "zh-Hans gbk, lossy": ("zh-Hans", ("utf-8>gbk:drop",)),
    "ja cp932, lossy": ("ja", ("utf-8>cp932:drop",)),
}
SHAPES = {"lines": 300, "4 KB": 4_000, "1 MB": 1_000_000}
"""Bytes of an item."""

PROBES = 20
"""Items that tell how slow a tool is: one may hold a word that is new to it."""

LINES = 300
"""Items of a round, at most; `4 KB` has a tenth of it."""


def sentences(text: str, *, real: bool) -> list[str]:
    """Return the clean sentences that a text is made of."""
    if text == "code":
        paths = sorted(Path(email.__file__).parent.glob("*.py"))
        return [line for path in paths for line in path.read_text("utf-8").splitlines() if line]
    language = text.split(maxsplit=1)[0]
    if real:
        found = sample(language, 2000)
    else:
        blocks = list(paragraphs("bench")[language])
        if language == "en":
            blocks += paragraphs("bench")[PROSE]
        found = [sentence for block in blocks for sentence in block]
    if text == "en ascii":
        plain = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--", "–": "-"})
        found = [line.translate(plain).encode("ascii", "ignore").decode() for line in found]
    elif text == "en":
        found = [line for line in found if not line.isascii()] if not real else found
    return found


class Maker:
    """Makes items of a text, other ones every time: of parts of sentences, in random order."""

    def __init__(self, text: str, *, real: bool = False) -> None:
        name, self.channels = DAMAGED.get(text, (text, ()))
        self.language = name.split(maxsplit=1)[0]
        self.lines = sentences(name, real=real)
        if name != "code":
            cut = "(?<=[，。、；：！？「」“” ])" if self.language in WITHOUT_SPACES else " "
            self.lines = [part for line in self.lines for part in self._parts(re.split(cut, line))]
        self.rng = random.Random(text)

    def _parts(self, words: list[str]) -> list[str]:
        """Return all runs of up to six words, so that few lines are the same."""
        joiner = "" if self.language in WITHOUT_SPACES else " "
        starts = range(len(words))
        return [
            joiner.join(words[at : at + size])
            for at in starts
            for size in range(min(3, len(words)), 7)
            if at + size <= len(words)
        ]

    def line(self, size: int) -> str:
        """Return a line of about `size` bytes of UTF-8."""
        found: list[str] = []
        length = 0
        while length < size:
            part = self.rng.choice(self.lines)
            for channel in self.channels:
                part = through(part, channel)
            found.append(part)
            length += len(part.encode())
        if self.language == "code":
            return found[0]
        return joined(found, self.language)

    def item(self, size: int) -> str:
        found: list[str] = []
        length = 0
        while length < size:
            found.append(self.line(min(300, size)))
            length += len(found[-1].encode()) + 1
        return "\n".join(found)


def through(line: str, channel: str) -> str:
    """Damage a line; what can't be damaged without a loss becomes empty."""
    try:
        return mojifix.damage(line, channel)
    except ValueError:
        return ""


def seconds(function: Repair, items: Sequence[str]) -> float:
    start = time.perf_counter()
    for item in items:
        function(item)
    return time.perf_counter() - start


def decode_seconds(items: Sequence[str]) -> float:
    data = [item.encode() for item in items]
    start = time.perf_counter()
    for item in data:
        item.decode("utf-8")
    return time.perf_counter() - start


class Row(NamedTuple):
    """A text in a shape: bytes of a round, MB/s of mojifix, and the ratios.

    `whole` tells whether the items have the size of the shape, `ascii` whether all were ASCII.
    """

    text: str
    shape: str
    size: int
    whole: bool
    ascii: bool
    rate: float
    ratios: dict[str, float]


def slowest(maker: Maker, tools: dict[str, Repair]) -> float:
    """Return the seconds per byte of the slowest tool."""
    found = 0.0
    for function in tools.values():
        for _ in range(10):
            function(maker.item(100))  # what is loaded once, and patterns that are made once
        probes = [maker.item(300) for _ in range(PROBES)]
        found = max(found, seconds(function, probes) / sum(len(one.encode()) for one in probes))
    return found


def measured(
    text: str, shapes: Sequence[str], tools: dict[str, Repair], rounds: int, fits: int, maker: Maker
) -> Iterator[Row]:
    """Measure a text in several shapes, with about `fits` bytes a round."""
    last = 0
    for shape in shapes:
        size = min(SHAPES[shape], fits)
        most = {"lines": LINES, "4 KB": LINES // 10, "1 MB": 1}[shape]
        count = max(1, min(most, fits // size))
        whole = size == SHAPES[shape]
        if whole or size * count > last:
            yield one(maker, size, count, tools, rounds)._replace(
                text=text, shape=shape, whole=whole
            )
        last = size * count


def one(maker: Maker, size: int, count: int, tools: dict[str, Repair], rounds: int) -> Row:
    """Measure `count` items of `size` bytes, other ones in every round."""
    ratios: dict[str, list[float]] = {name: [] for name in (*tools, "decode")}
    rates = []
    plain = True
    for turn in range(rounds):
        items = [maker.item(size) for _ in range(count)]
        plain = plain and all(map(str.isascii, items))
        order = list(tools)
        order = order[turn % len(order) :] + order[: turn % len(order)]
        spent = {name: seconds(tools[name], items) for name in order}
        spent["decode"] = decode_seconds(items)
        for name, value in spent.items():
            ratios[name].append(value / spent["mojifix"])
        rates.append(sum(len(item.encode()) for item in items) / 1e6 / spent["mojifix"])
    medians = {name: statistics.median(r) for name, r in ratios.items() if name != "mojifix"}
    rate = statistics.median(rates)
    return Row("", "", size * count, whole=True, ascii=plain, rate=rate, ratios=medians)


def measurements(
    texts: Sequence[str], shapes: Sequence[str], rounds: int, limit: float, *, real: bool
) -> Iterator[Row]:
    """Measure texts in shapes; a round takes every tool about `limit` seconds at most."""
    tools: dict[str, Repair] = dict(repairers())
    for text in texts:
        maker = Maker(text, real=real)
        fits = max(300, int(limit / slowest(maker, tools)))
        yield from measured(text, shapes, tools, rounds, fits, maker)


def table(rows: Iterator[Row], names: Sequence[str]) -> list[Row]:
    """Print the rows as they come and return them."""
    print(f"| text | shape | KB | MB/s | {' | '.join(f'× {name}' for name in names)} |")
    print("|---|---|--:|--:|" + "--:|" * len(names))
    found = []
    for row in rows:
        found.append(row)
        cells = " | ".join(f"{row.ratios[name]:.3g}" for name in names)
        shape = row.shape if row.whole else f"{row.shape} (smaller)"
        print(
            f"| {row.text} | {shape} | {row.size / 1e3:.1f} | {row.rate:.3g} | {cells} |",
            flush=True,
        )
    return found


GOALS: tuple[tuple[str, str, Mean, float, Callable[[Row], bool]], ...] = (
    ("clean: geometric mean", "plsfix", MEAN, 10, lambda row: row.text in CLEAN),
    ("clean: least", "plsfix", min, 5, lambda row: row.text in CLEAN),
    ("clean, not ASCII: least", "ftfy", min, 30, lambda row: row.text in CLEAN and not row.ascii),
    ("clean, ASCII: least", "ftfy", min, 1, lambda row: row.text in CLEAN and row.ascii),
    ("clean documents: geometric mean", "decode", MEAN, 0.3,
     lambda row: row.text in CLEAN and row.shape != "lines"),
    ("sparse damage: least", "plsfix", min, 3, lambda row: row.text == "en gbk, sparse"),
    ("dense cp1252 and cp1251: least", "plsfix", min, 1,
     lambda row: row.text in ("fr cp1252", "ru cp1251")),
    ("dense GBK with losses: least", "ftfy", min, 1, lambda row: row.text == "zh-Hans gbk, lossy"),
)  # fmt: skip
"""What is told of the table: name, the tool that is compared, the mean, the goal, and the rows."""


def goals(rows: Sequence[Row]) -> None:
    print("\n| figure | against | times as fast | goal |\n|---|---|--:|--:|")
    for name, tool, mean, goal, chosen in GOALS:
        values = [row.ratios[tool] for row in rows if chosen(row) and tool in row.ratios]
        if values:
            print(f"| {name} | {tool} | {mean(values):.3g} | {goal:g} |")


def calls(tools: dict[str, Repair]) -> None:
    """Print what a call with a clean string of 40 characters costs."""
    rng = random.Random(0)
    print("\n| 40 characters | " + " | ".join(f"{name}, µs" for name in tools) + " |")
    print("|---|" + "--:|" * len(tools))
    for text in ("en ascii", "fr", "ru", "zh-Hans"):
        maker = Maker(text)
        lines = [" ".join(rng.choices(maker.lines, k=3)) for _ in range(200)]
        strings = [line[at : at + 40] for line in lines for at in (0, 7)]
        row = []
        for function in tools.values():
            function(strings[0])
            few = strings[: 400 if seconds(function, strings[:5]) < 0.005 else 20]
            row.append(min(seconds(function, few) for _ in range(5)) / len(few) * 1e6)
        print(f"| {text} | " + " | ".join(f"{us:.2f}" for us in row) + " |", flush=True)


def growth(texts: Sequence[str], limit: float) -> None:
    """Print the cost per MB of ever longer documents and how it grows by doubling."""
    tool = repairers(peers=False)["mojifix"]
    print("| text | sizes, KB | µs per KB | growth by doubling |\n|---|--:|--:|--:|")
    for text in texts:
        maker = Maker(text)
        tool(maker.item(300))
        probe = maker.item(2000)
        rate = seconds(tool, [probe]) / len(probe.encode())
        # All sizes together take twice the largest, and every one is measured three times.
        largest = min(64_000_000, max(64_000, limit / 6 / rate))
        sizes = [int(largest / 2**step) for step in range(6, -1, -1)]
        costs = []
        for size in sizes:
            item = maker.item(size)
            spent = min(seconds(tool, [item + "\n" * turn]) for turn in range(3))
            costs.append(spent * 1e9 / len(item.encode()))
        steps = range(len(sizes))
        slope = statistics.linear_regression(steps, [math.log2(cost) for cost in costs]).slope
        span = f"{sizes[0] / 1e3:,.0f} to {sizes[-1] / 1e3:,.0f}"
        shown = " ".join(f"{cost:.3g}" for cost in costs)
        print(f"| {text} | {span} | {shown} | {2**slope:.3f} |", flush=True)


def startup() -> None:
    """Print the time to start: bare Python, the import, typer, and a check of a small file."""
    small = Path(__file__).with_name("README.md")
    commands = {
        "python -c pass": ["-c", "pass"],
        "import mojifix": ["-c", "import mojifix"],
        "import typer": ["-c", "import typer"],
        "mojifix check README.md": ["-m", "mojifix", "check", str(small)],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(7):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *command], check=False, capture_output=True)
            times[name].append(time.perf_counter() - start)
    print("\n| start | ms |\n|---|--:|")
    for name, values in times.items():
        print(f"| {name} | {statistics.median(values) * 1e3:.0f} |")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds on less text")
    parser.add_argument("--growth", action="store_true", help="only the growth with the size")
    parser.add_argument("--real", action="store_true", help="text out of Debian's packages")
    parser.add_argument("--text", action="append", choices=(*CLEAN, *DAMAGED), metavar="TEXT")
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--rounds", type=int, help="5; 3 with --quick")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to FILE")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    limit = 0.15 if args.quick else 1.0
    texts = args.text or [*CLEAN, *DAMAGED]
    if args.growth:
        growth(args.text or ["en", "ru", "fr cp1252", "zh-Hans gbk, lossy"], limit * 60)
        return
    names = [name for name in repairers() if name != "mojifix"]
    rounds = args.rounds or (3 if args.quick else 5)
    rows = table(
        measurements(texts, args.shape or list(SHAPES), rounds, limit, real=args.real),
        [*names, "decode"],
    )
    goals(rows)
    if not args.text:
        calls(dict(repairers()))
        startup()
    if args.json:
        args.json.write_text(json.dumps([row._asdict() for row in rows], indent=1), "utf-8")


if __name__ == "__main__":
    main()
