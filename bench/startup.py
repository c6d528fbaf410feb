"""How long it takes until there is something to see.

    python bench/startup.py             # --runs N

Runs each command in turn and prints the shortest time, and the times compared with what each is
measured by. Two goals: `mojifix check` of a small file takes at most twice as long as to import
Typer, and to import mojifix takes at most 15 ms more than bare Python.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.txt"
        small.write_text("A small text.\n", "utf-8")
        commands = {
            "python": ["-c", "pass"],
            "import typer": ["-c", "import typer"],
            "import mojifix": ["-c", "import mojifix"],
            "mojifix check": ["-m", "mojifix", "check", str(small)],
        }
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(runs):
            for name, command in commands.items():
                began = time.perf_counter()
                subprocess.run([sys.executable, *command], check=True, capture_output=True)
                best[name] = min(best[name], time.perf_counter() - began)
    for name, seconds in best.items():
        print(f"{name:14} {seconds * 1000:6.0f} ms")
    print(f"\nmojifix check / import typer: {best['mojifix check'] / best['import typer']:.2f}")
    over = best["import mojifix"] - best["python"]
    print(f"import mojifix over bare Python: {over * 1000:.0f} ms")


if __name__ == "__main__":
    main()
