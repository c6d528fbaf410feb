"""Whether a file is ever lost: writes that fail and are killed at every step.

    python bench/faults.py                    # 1,000 runs of mojifix; --runs N, --seed N
    python bench/faults.py --tools VENV/bin   # the same faults, tool by tool, as a table

Each run of mojifix repairs a small tree while one thing goes wrong. Then every file must be the old
or the new one. `undo` must bring all of the old tree back, and the next `fix` all of the new one,
with nothing left beside it.

The table is for tools that rewrite files in place. They are found in a folder of programs:

    python3 -m venv VENV && VENV/bin/pip install black ruff typos codespell pyupgrade

Files are repaired at once or, half of the time, in pieces as large ones are; by one process or in a
pool. Needs Linux, and strace for the table. The full disk is a small tmpfs: without root it is left
out, with a note.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import mojifix.run
import mojifix.work
from mojifix.cli import app
from mojifix.files import faults
from mojifix.files.leftovers import is_ours

PLAIN = "A line of plain text that nobody needs to repair, again and again.\n" * 120
DAMAGED = f"Ð¿Ñ€Ð¸Ð²ÐµÑ‚\n{PLAIN}Ð¿Ñ€Ð¸Ð²ÐµÑ‚\n"
REPAIRED = f"привет\n{PLAIN}привет\n"
OLD, NEW = DAMAGED.encode(), REPAIRED.encode()
THEIRS = b"What somebody else wrote meanwhile.\n"
NAMES = ("a.txt", "b.txt", "c.txt")

STEPS = tuple(name for name in faults.POINTS if not name.startswith("in-place"))
IN_PLACE = ("in-place-half-written", "in-place-written")
BEFORE_THE_LAST_LOOK = STEPS[STEPS.index("read") : STEPS.index("checked")]
"""Between the last look and the renaming there is a moment that no program can close."""

SIZES = (0, 1 << 23)
"""Bytes above which a file is repaired in pieces: all files, or none."""

WAIT = 60
"""Seconds after which a run hangs."""


def tree(folder: Path) -> None:
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes(OLD)


def call(*args: str | Path, before: Callable[[], None] | None = None) -> int:
    """Start mojifix in a copy of this process, which has everything loaded; return its id."""
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        os.setsid()
        # Of a shell's background, it would be ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        if before:
            before()
        app([str(arg) for arg in args], prog_name="mojifix")
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else 2
    except KeyboardInterrupt:
        code = 130
    finally:
        os._exit(code)


def finish(child: int) -> int:
    """Wait for a run and return its exit code, negative for a signal."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            with suppress(ProcessLookupError):  # workers that a killed run has left behind
                os.killpg(child, signal.SIGKILL)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise SystemExit("a run hangs")


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[bool]:
    """Mount a tmpfs on a new folder; gives False when that is not allowed."""
    folder.mkdir()
    size = f"size={kilobytes}k"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, left: int) -> Path:
    """Fill the disk of `folder` but for about `left` bytes; return the file to delete."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with filler.open("r+b") as file:
        file.truncate(max(0, filler.stat().st_size - max(0, left - free)))
    return filler


# --- mojifix --------------------------------------------------------------------------------------


@dataclass
class Trial:
    """One run in which something goes wrong, and what it came to."""

    folder: Path
    chance: random.Random
    theirs: str = ""
    in_place: bool = False
    options: tuple[str | Path, ...] = ()
    troubles: list[str] = field(default_factory=list)

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    def fix(self, *options: str | Path, before: Callable[[], None] | None = None) -> int:
        jobs = f"-j{self.chance.choice((1, 2))}"
        # A pool from the first file on, and files that are large.
        mojifix.run.PATIENCE = 0.0
        mojifix.work.LARGE = self.chance.choice(SIZES)
        args = ("fix", "--isolated", jobs, "--journal", self.journal, *options, self.tree)
        return call(*args, before=before)

    def expect(self, when: str, *allowed: bytes) -> Counter[str]:
        found: Counter[str] = Counter()
        for name in NAMES:
            data = (self.tree / name).read_bytes()
            wanted = (THEIRS,) if name == self.theirs else allowed
            if data not in wanted:
                self.troubles.append(f"{when}: {name} has {len(data)} bytes of something else")
            found["old" if data == OLD else "new" if data == NEW else "other"] += 1
        return found

    def check(self) -> Counter[str]:
        """Look at the files, take all back, and repair again."""
        found: Counter[str] = Counter()
        if not self.in_place:
            found = self.expect("after the fault", OLD, NEW)
        links = ("--hardlinks", "inplace")
        finish(call("undo", *links, self.journal))
        if not self.in_place or self.journal.exists():
            self.expect("after undo", OLD)
        self.journal.unlink(missing_ok=True)
        code = finish(self.fix(*links))
        if code:
            self.troubles.append(f"the next run exits with {code}")
        self.expect("after the next run", NEW)
        left = [name for name in os.listdir(self.tree) if is_ours(name)]
        if left:
            self.troubles.append(f"left over: {left}")
        return found


def at_a_point(action: str) -> Callable[[Trial], None]:
    def go_wrong(trial: Trial) -> None:
        fault = f"{action}@{trial.chance.choice(STEPS)}:{trial.chance.randint(1, 4)}"
        backup = trial.chance.choice(((), ("--backup", "~")))
        finish(trial.fix(*backup, before=lambda: faults.arm(fault)))

    return go_wrong


def at_a_moment(number: signal.Signals) -> Callable[[Trial], None]:
    def go_wrong(trial: Trial) -> None:
        child = trial.fix("-j2")
        time.sleep(trial.chance.uniform(0.01, 1.0))
        with suppress(ProcessLookupError):
            os.killpg(child, number)
        finish(child)

    return go_wrong


def at_a_size(trial: Trial) -> None:
    limit = trial.chance.randint(0, len(OLD) + 500)
    finish(trial.fix(before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))


def on_a_full_disk(trial: Trial) -> None:
    filler = fill(trial.folder, trial.chance.randint(0, 5 * len(OLD)))
    finish(trial.fix(*trial.chance.choice(((), ("--backup", "~")))))
    filler.unlink()


def while_others_write(trial: Trial) -> None:
    point = trial.chance.choice(BEFORE_THE_LAST_LOOK)
    # Large files are not read and planned as a whole.
    mojifix.work.LARGE = 1 << 23 if point in {"read", "planned"} else trial.chance.choice(SIZES)
    args = ("fix", "--isolated", "-j1", "--backup", "~", "--journal", trial.journal, trial.tree)
    # The journal's first line is no step of a file.
    count = ":2" if point == "journal-half-written" else ""
    child = call(*args, before=lambda: faults.arm(f"stop@{point}{count}"))
    os.waitpid(child, os.WUNTRACED)
    trial.theirs = NAMES[0]
    if trial.chance.random() < 0.5:
        (trial.tree / NAMES[0]).write_bytes(THEIRS)
    else:
        (trial.folder / "theirs").write_bytes(THEIRS)
        os.replace(trial.folder / "theirs", trial.tree / NAMES[0])
    os.kill(child, signal.SIGCONT)
    finish(child)


def in_place(trial: Trial) -> None:
    for name in NAMES:
        os.link(trial.tree / name, trial.folder / name)
    trial.in_place = True
    action = trial.chance.choice(("kill", "full", "interrupt"))
    fault = f"{action}@{trial.chance.choice(IN_PLACE)}:{trial.chance.randint(1, 3)}"
    finish(trial.fix("--hardlinks", "inplace", before=lambda: faults.arm(fault)))


FAULTS: dict[str, tuple[int, Callable[[Trial], None]]] = {
    "SIGKILL at a named point": (30, at_a_point("kill")),
    "SIGKILL at any moment, two processes": (10, at_a_moment(signal.SIGKILL)),
    "Ctrl-C at a named point": (10, at_a_point("interrupt")),
    "Ctrl-C at any moment, two processes": (10, at_a_moment(signal.SIGINT)),
    "a step says that the disk is full": (10, at_a_point("full")),
    "limit of the file size": (10, at_a_size),
    "full disk": (10, on_a_full_disk),
    "others write the file meanwhile": (5, while_others_write),
    "any of these while writing in place": (5, in_place),
}
"""What goes wrong, and in how many of a hundred runs."""


def measure(runs: int, seed: int, work: Path) -> bool:
    mojifix.repair(DAMAGED)
    print("| what goes wrong | runs | files | old | new | others' | troubles |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    sound, total, troubled = True, Counter[str](), 0
    with small_disk(work / "disk", 400) as mounted:
        pass
    for name, (share, go_wrong) in FAULTS.items():
        if go_wrong is on_a_full_disk and not mounted:
            print(f"{name}: left out, it needs root", file=sys.stderr)
            continue
        files: Counter[str] = Counter()
        count, bad = max(1, runs * share // 100), 0
        for number in range(count):
            chance = random.Random(f"{seed} {name} {number}")
            folder = work / "run"
            with small_disk(folder, 400):
                trial = Trial(folder, chance)
                tree(trial.tree)
                go_wrong(trial)
                files += trial.check()
            shutil.rmtree(folder)
            bad += bool(trial.troubles)
            for trouble in trial.troubles:
                print(f"{name}, run {number}: {trouble}", file=sys.stderr)
        told = (files["old"], files["new"], files["other"])
        counts = " | ".join(map(str, (count, files.total(), *told, bad)))
        print(f"| {name} | {counts} |", flush=True)
        total += files
        troubled += bad
        sound = sound and not bad
    return sound


# --- other tools ----------------------------------------------------------------------------------

LINES = 'x=[1,2]\nword="accomodate"\nz="%s" % (x,)\n'
"""What each of the other tools makes longer."""

PAGE = 4096
SOURCE = LINES * next(n for n in range(400, 9999) if -n * len(LINES) % PAGE < 200)
"""A file that needs one more page of the disk afterwards."""


@dataclass(frozen=True)
class Tool:
    """A program that rewrites a file in place: its arguments, and a file that it changes."""

    name: str
    args: tuple[str, ...]
    file: str = "source.py"
    text: str = SOURCE


TOOLS = (
    Tool("mojifix", ("fix", "-q", "--no-journal", "--isolated"), "text.txt", DAMAGED * 3),
    Tool("black", ("-q",)),
    Tool("ruff", ("format", "--no-cache", "-q")),
    Tool("typos", ("-w",)),
    Tool("codespell", ("-w",)),
    Tool("pyupgrade", ("--py38-plus",)),
)

CALLS = "openat,creat,write,writev,pwrite64,ftruncate,rename,renameat,renameat2,fsync,close,read"


def program(tool: Tool, folder: Path) -> list[str]:
    if tool.name == "mojifix":
        return [sys.executable, "-m", "mojifix", *tool.args]
    return [str(folder / tool.name), *tool.args]


def started(
    command: list[str], inject: str = "", before: Callable[[], None] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program, under strace if a fault is to be injected into its calls on its file."""
    if inject:
        watch = ["strace", "-f", "-qq", "-o", os.devnull, "-P", command[-1]]
        command = [*watch, "-e", f"trace={CALLS}", "-e", f"inject={inject}", *command]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=before,  # noqa: PLW1509
        start_new_session=True,
        env={**os.environ, "BLACK_CACHE_DIR": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"},
    )


def calls(command: list[str], log: Path) -> list[str]:
    """Return the names of the calls that a program makes on its file."""
    watch = ["strace", "-f", "-qq", "-o", str(log), "-P", command[-1], "-e", f"trace={CALLS}"]
    subprocess.run([*watch, *command], capture_output=True, check=False)
    lines = log.read_text("utf-8", "replace").splitlines()
    names = [line.split(maxsplit=1)[1].split("(")[0] for line in lines if "(" in line]
    return [name for name in names if name.isidentifier()]


def limits(tool: Tool, command: list[str], path: Path) -> Iterator[None]:
    del tool, path
    for limit in (0, 1, 1024, 4096, 8192, 16384):

        def before(limit: int = limit) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        started(command, before=before).wait(WAIT)
        yield


def full_disks(tool: Tool, command: list[str], path: Path) -> Iterator[None]:
    for left in (0, 4096, 8192, 16384):
        filler = fill(path.parent, left)
        started(command).wait(WAIT)
        filler.unlink()
        yield
    del tool


def signals(number: str) -> Callable[[Tool, list[str], Path], Iterator[None]]:
    def at_each_call(tool: Tool, command: list[str], path: Path) -> Iterator[None]:
        count = Counter(calls(command, path.parent / "log"))
        path.write_text(tool.text)
        for name, times in sorted(count.items()):
            for when in range(1, times + 1):
                started(command, f"{name}:signal={number}:when={when}").wait(WAIT)
                yield

    return at_each_call


def others_write(tool: Tool, command: list[str], path: Path) -> Iterator[None]:
    """Stop the program after each time that it has read from the file, and change the file."""
    reads = calls(command, path.parent / "log").count("read")
    path.write_text(tool.text)
    for when, way in product(range(1, reads + 1), ("in place", "by renaming")):
        process = started(command, f"read:signal=STOP:when={when}")
        stopped = 0
        end = time.monotonic() + WAIT
        # strace stops it for a moment at each call, too.
        while stopped < 5 and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
            stopped = stopped + 1 if "t" in states(process.pid) else 0
        if way == "in place":
            path.write_bytes(THEIRS)
        else:
            (path.parent / "theirs").write_bytes(THEIRS)
            os.replace(path.parent / "theirs", path)
        while process.poll() is None and time.monotonic() < end:
            os.killpg(process.pid, signal.SIGCONT)
            time.sleep(0.1)
        yield


def states(parent: int) -> Iterator[str]:
    """Yield the state of each process that is a child of `parent`."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, above = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent:
                yield state


COLUMNS: dict[str, Callable[[Tool, list[str], Path], Iterator[None]]] = {
    "file size limit": limits,
    "full disk": full_disks,
    "SIGKILL": signals("KILL"),
    "Ctrl-C": signals("INT"),
    "written by others": others_write,
}


def compare(programs: Path, work: Path) -> None:
    print(f"| tool | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}")
    for tool in TOOLS:
        with small_disk(work / tool.name, 400) as mounted:
            if not mounted:
                raise SystemExit("the full disk needs root")
            path = work / tool.name / tool.file
            command = [*program(tool, programs), str(path)]
            old = tool.text.encode()
            path.write_bytes(old)
            started(command).wait(WAIT)
            new = path.read_bytes()
            if new == old:
                raise SystemExit(f"{tool.name} changes nothing: {command}")
            cells = []
            for faulty in COLUMNS.values():
                lost = runs = 0
                path.write_bytes(old)
                for _ in faulty(tool, command, path):
                    found = path.read_bytes() if path.exists() else b""
                    kept = (THEIRS,) if faulty is others_write else (old, new)
                    lost += found not in kept
                    runs += 1
                    path.write_bytes(old)
                cells.append(f"{lost} of {runs} lost" if lost else f"{runs} kept")
            print(f"| {version(tool, programs)} | {' | '.join(cells)} |", flush=True)


def version(tool: Tool, programs: Path) -> str:
    if tool.name == "mojifix":
        return f"mojifix {mojifix.__version__}"
    python = programs / "python"
    code = f"from importlib.metadata import version; print(version({tool.name!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return f"{tool.name} {done.stdout.strip()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tools", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        if options.tools:
            compare(options.tools, Path(work))
        elif not measure(options.runs, options.seed, Path(work)):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
