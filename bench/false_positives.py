"""Clean lines that are changed, by mojifix, ftfy and plsfix side by side.

    python bench/false_positives.py --limit 300        # a first look
    python bench/false_positives.py                    # 4,000 lines of a kind; --limit 0: all
    python bench/false_positives.py --kind ru --kind "code, Vim" --show 5
    python bench/false_positives.py --documents 200    # 200 lines at once, as mojifix is meant

Reads documentation in 28 languages, code, and what looks strange but is clean, out of packages that
are fetched into a cache (see `clean_text.py`; about 250 MB, Debian 12 only). Prints per kind the
lines, how many of them aren't ASCII, and how many each tool changed. Lines that are listed in
`reviewed.json` were looked at: they are damaged in truth, or quote damage to discuss it, and are
counted apart. plsfix tidies quotes, width and line ends of any text, and that is counted: a line
counts for it when it's changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

from clean_text import CACHE, KINDS, sample
from peers import Repairer, repairers

REVIEWED = Path(__file__).with_name("reviewed.json")


def digest(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def changes(lines: list[str], repairer: Repairer, size: int) -> Iterator[tuple[str, str]]:
    """Yield the lines that `repairer` changes and what it makes of them, `size` lines at once."""
    for start in range(0, len(lines), size):
        block = lines[start : start + size]
        text = "\n".join(block)
        result = repairer(text)
        if result == text:
            continue
        after = result.split("\n")
        if len(after) != len(block):  # a line end went with it
            yield text, result
            continue
        yield from ((line, new) for line, new in zip(block, after, strict=True) if line != new)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int, default=4000, help="lines of a kind; 0 for all")
    parser.add_argument("--kind", action="append", choices=KINDS, metavar="KIND", help="repeatable")
    parser.add_argument("--documents", type=int, default=1, metavar="N", help="N lines at once")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N changes a kind")
    parser.add_argument("--no-peers", action="store_true", help="mojifix only")
    parser.add_argument("--non-ascii", action="store_true", help="leave out lines of ASCII")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    tools = repairers(peers=not args.no_peers)
    reviewed: dict[str, dict[str, str]] = json.loads(REVIEWED.read_text("utf-8"))
    heads = [f"{name} | reviewed | MB/s" for name in tools]
    print(f"| kind | lines | not ASCII | {' | '.join(heads)} |")
    print("|---|--:|--:|" + "--:|--:|--:|" * len(tools))
    totals = dict.fromkeys(tools, 0)
    figures: dict[str, dict[str, object]] = {}
    shown: list[str] = []
    count = 0
    for kind in args.kind or KINDS:
        lines = sample(kind, args.limit or 10**9, args.cache)
        if args.non_ascii:
            lines = [line for line in lines if not line.isascii()]
        count += len(lines)
        size = sum(len(line.encode("utf-8", "surrogatepass")) for line in lines) / 1e6
        row = f"| {kind} | {len(lines):,} | {sum(not line.isascii() for line in lines):,} |"
        figures[kind] = {"lines": len(lines)}
        for name, repairer in tools.items():
            start = time.perf_counter()
            changed = list(changes(lines, repairer, args.documents))
            spent = time.perf_counter() - start
            wrong = [(line, new) for line, new in changed if digest(line) not in reviewed]
            totals[name] += len(wrong)
            figures[kind][name] = len(wrong)
            row += f" {len(wrong)} | {len(changed) - len(wrong)} | {size / spent:.2f} |"
            if name == "mojifix":
                shown += [
                    f"{kind} {digest(line)}\n  clean   {line!r}\n  changed {new!r}"
                    for line, new in wrong[: args.show]
                ]
        print(row, flush=True)
    rates = [f"{totals[name] / max(1, count) * 1e5:.1f}" for name in tools]
    print(f"| per 100,000 | {count:,} | | " + " | | | ".join(rates) + " | | |")
    print(*shown, sep="\n")
    if args.json:
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
