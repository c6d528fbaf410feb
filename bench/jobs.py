"""How much faster several processes are.

    python bench/jobs.py                # 2,000 files; --files N, --runs N, --jobs N,N,…

Writes a tree of text files of several KB, most of them clean, and checks it with one process and
with more, in turn. Prints the shortest time of each, how long all cores were busy in it, and the
throughput compared with one process. On a machine that has other things to do, compare the time of
the cores: where it stays the same, nothing but the cores is lacking.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEXT = (
    "the mill stands by a river that was wider when it was built and its wheel has not turned for "
    "years but who walks past on a still evening hears the water under the floor or so they say"
)
DAMAGE = ("Itâ€™s fine.", "a cafÃ© by the river", "itâ€™s dÃ©jÃ vu, isnâ€™t it?")


def write_tree(folder: Path, files: int) -> int:
    """Write the files and return their size in bytes; every tenth one has a little damage."""
    chance = random.Random(4)
    words = TEXT.split()
    size = 0
    for number in range(files):
        lines = [" ".join(chance.choices(words, k=12)) for _ in range(chance.randint(30, 120))]
        if number % 10 == 0:
            lines.insert(chance.randrange(len(lines)), chance.choice(DAMAGE))
        path = folder / f"{number % 40:02}" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        data = "\n".join(lines).encode()
        path.write_bytes(data)
        size += len(data)
    return size


def check(folder: Path, jobs: int) -> tuple[float, float, bytes]:
    """Return the seconds that a check takes, those of all cores together, and what it prints."""
    command = [sys.executable, "-m", "mojifix", "check", "--isolated", "-j", str(jobs), folder]
    began, used = time.perf_counter(), children_seconds()
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    taken = time.perf_counter() - began
    return taken, children_seconds() - used, done.stdout + done.stderr


def children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", default=f"1,{min(2, os.cpu_count() or 1)}")
    options = parser.parse_args()
    jobs = [int(number) for number in options.jobs.split(",")]
    with tempfile.TemporaryDirectory() as name:
        size = write_tree(Path(name), options.files)
        print(f"{options.files} files, {size / 1e6:.1f} MB, {options.runs} runs\n")
        best = dict.fromkeys(jobs, (float("inf"), float("inf")))
        told = set()
        for _ in range(options.runs):
            for number in jobs:
                taken, cores, output = check(Path(name), number)
                best[number] = min(best[number], (taken, cores))
                told.add(output)
        assert len(told) == 1, "what is told depends on the number of processes"
    print("jobs  seconds  of cores    MB/s  throughput")
    for number, (taken, cores) in best.items():
        gain = best[jobs[0]][0] / taken
        print(f"{number:4} {taken:8.2f} {cores:9.2f} {size / 1e6 / taken:7.2f} {gain:10.2f}×")


if __name__ == "__main__":
    main()
