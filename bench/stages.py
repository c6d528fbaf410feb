"""Where the time goes: the share of each stage of a repair, for clean, sparse and dense text.

    python bench/stages.py            # prints a table of docs/speed.md
    python bench/stages.py --bytes 300000 --text ru

The texts are those of `speed.py`, in one document of `--bytes` bytes. Each is repaired once before,
so that what is loaded and learned once does not count. Built-in functions count for the stage that
calls them. The profiler makes Python's part look larger than it is; `speed.py` tells the speed.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections import Counter

from speed import CLEAN, DAMAGED, Maker

import mojifix

STAGES = {
    "patterns": ("repair/gate/scripts", "repair/gate/usual", "repair/__init__"),
    "words of marked lines": ("repair/inert", "repair/gate/"),
    "codecs of whole texts": ("repair/decode/dense", "charsets/"),
    "lattice": ("repair/lattice/", "repair/decode/lost"),
    "words through codecs": ("repair/decode/",),
    "language model": ("language/",),
    "judgement, proof, splice": ("repair/",),
}
"""The modules of each stage; the first that fits counts."""

TEXTS = (*CLEAN[1:-1], *DAMAGED)


def stage_of(file: str) -> str:
    inside = file.partition("/mojifix/")[2]
    for stage, modules in STAGES.items():
        if inside.startswith(modules):
            return stage
    return "" if inside or "/" in file else "built-in"


def shares(text: str) -> Counter[str]:
    """Return the seconds of each stage that a repair of `text` takes."""
    profiler = cProfile.Profile()
    profiler.runcall(mojifix.fix_text, text)
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    found: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        stage = stage_of(file)
        if stage and stage != "built-in":
            found[stage] += own
            continue
        for (caller, _, _), (_, _, spent, _) in callers.items():
            found[stage_of(caller) if stage_of(caller) in STAGES else "other"] += spent
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", action="append", choices=TEXTS, metavar="TEXT")
    parser.add_argument("--bytes", type=int, default=100_000, help="of clean text; 100,000")
    args = parser.parse_args()
    names = [*STAGES, "other"]
    print(f"| text | MB/s | {' | '.join(names)} |")
    print("|---|--:|" + "--:|" * len(names))
    for name in args.text or TEXTS:
        maker = Maker(name)
        size = args.bytes if name in CLEAN or "drop" not in str(DAMAGED[name]) else 2000
        mojifix.fix_text(maker.item(size))
        text = maker.item(size)
        start = time.perf_counter()
        mojifix.fix_text(text)
        rate = len(text.encode()) / 1e6 / (time.perf_counter() - start)
        # Other text, for nothing that was learned of the first.
        found = shares(maker.item(size))
        total = sum(found.values()) or 1.0
        cells = " | ".join(f"{found[stage] / total:.0%}" for stage in names)
        print(f"| {name} | {rate:.3g} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
