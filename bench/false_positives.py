"""Clean lines that are changed, by mojifix, ftfy and plsfix side by side.

    python bench/false_positives.py --limit 300        # a first look
    python bench/false_positives.py                    # 4,000 lines of a kind; --limit 0: all
    python bench/false_positives.py --kind ru --kind "code, Vim" --show 5
    python bench/false_positives.py --documents 200    # 200 lines at once, as mojifix is meant

Reads documentation in 28 languages, code, and what looks strange but is clean, out of packages that
are fetched into a cache (see `clean_text.py`; about 250 MB, Debian 12 only). Prints per kind the
lines, how many of them aren't ASCII, and how many each tool changed.

Clean text isn't always clean. The lines in `reviewed.json` were looked at and are counted apart:
`damaged` ones truly are, `quotes` ones show damage or line noise on purpose. A changed line that
isn't listed is a false positive until somebody has looked at it. plsfix tidies quotes and width as
well, which counts as a change here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from clean_text import CACHE, KINDS, LANGUAGES, sample
from peers import Repairer, repairers

TOTALS = {
    "languages, code, Markdown": [
        kind for kind in KINDS if kind in LANGUAGES or kind.startswith(("code", "Markdown"))
    ],
    "all but noise": [kind for kind in KINDS if kind != "hex, latin-1"],
}
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


def told(
    kind: str, changed: list[tuple[str, str]], reviewed: dict[str, dict[str, str]], most: int
) -> list[str]:
    """Return the first changes of lines that nobody has looked at, as text to print."""
    wrong = [(line, new) for line, new in changed if digest(line) not in reviewed]
    return [
        f"{kind} {digest(line)}\n  clean   {line!r}\n  changed {new!r}"
        for line, new in wrong[:most]
    ]


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
    heads = [f"{name} | damaged | quotes | MB/s" for name in tools]
    print(f"| kind | lines | not ASCII | {' | '.join(heads)} |")
    print("|---|--:|--:|" + "--:|" * 4 * len(tools))
    figures: dict[str, dict[str, int]] = {}
    shown: list[str] = []
    for kind in args.kind or KINDS:
        lines = sample(kind, args.limit or 10**9, args.cache)
        if args.non_ascii:
            lines = [line for line in lines if not line.isascii()]
        size = sum(len(line.encode("utf-8", "surrogatepass")) for line in lines) / 1e6
        row = f"| {kind} | {len(lines):,} | {sum(not line.isascii() for line in lines):,} |"
        figures[kind] = {"lines": len(lines)}
        for name, repairer in tools.items():
            start = time.perf_counter()
            changed = list(changes(lines, repairer, args.documents))
            rate = size / (time.perf_counter() - start)
            what = Counter(reviewed.get(digest(line), {}).get("what", "") for line, _ in changed)
            figures[kind][name] = what[""]
            row += f" {what['']} | {what['damaged']} | {what['quotes']} | {rate:.3g} |"
            if name == "mojifix":
                shown += told(kind, changed, reviewed, args.show)
        print(row, flush=True)
    for name, kinds in TOTALS.items():
        count = sum(figures[kind]["lines"] for kind in kinds if kind in figures)
        if count:
            rates = (
                sum(figures[kind][tool] for kind in kinds if kind in figures) / count * 1e5
                for tool in tools
            )
            cells = " | ".join(f"{rate:.1f} | | |" for rate in rates)
            print(f"| per 100,000: {name} | {count:,} | | {cells} |")
    print(*shown, sep="\n")
    if args.json:
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
