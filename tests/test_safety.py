"""Nothing is lost: the command line as a whole, on trees with everything in them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mojifix.cli import app
from mojifix.files.faults import POINTS

ROOT = Path(__file__).parents[1]

DAMAGED = "It鈥檚 a cafÃ©.\n"
REPAIRED = "It’s a café.\n"


def run(*args: str | bytes | Path) -> Result:
    return CliRunner().invoke(app, [os.fsdecode(arg) for arg in args])


def command(*args: str | bytes | Path, fault: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the real command in a process of its own, which fails at the point `fault`."""
    env = {name: value for name, value in os.environ.items() if name != "MOJIFIX_FAULT"}
    return subprocess.run(
        [sys.executable, "-m", "mojifix", *args],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**env, **({"MOJIFIX_FAULT": fault} if fault else {})},
        timeout=120,
    )


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "root" / "damaged.txt"
    path.parent.mkdir()
    path.write_bytes(DAMAGED.encode())
    return path


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the bytes and the mode of each file under `folder`."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- what stays -----------------------------------------------------------------------------------

NEWLINES = ("\n", "\r\n", "\r", "\n\r", "\x85", "\u2028", "\x0b", "\x0c", "\r\r\n")


@pytest.mark.parametrize("newline", NEWLINES, ids=ascii)
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_newlines_stay_in_other_charsets(tmp_path: Path, charset: str, newline: str) -> None:
    path = tmp_path / "a.txt"
    for end in ("", newline):
        text = f"\ufeffIt鈥檚 one{newline}{newline}plain \0\x1a{newline}It鈥檚 two{end}"
        path.write_bytes(text.encode(charset))
        assert run("fix", "-q", path).exit_code == 0
        assert path.read_bytes() == text.replace("鈥檚", "’s").encode(charset)


@pytest.mark.parametrize("bom", ["", "\ufeff", "\ufeff\ufeff"], ids=["none", "one", "two"])
@pytest.mark.parametrize("newline", NEWLINES, ids=ascii)
def test_newlines_and_byte_order_marks_stay(tmp_path: Path, newline: str, bom: str) -> None:
    path = tmp_path / "a.txt"
    for end in ("", newline, newline * 2):
        text = f"{bom}It鈥檚 one{newline}{newline}plain \0\x1a{newline}It鈥檚 two{end}"
        path.write_bytes((" " * 9000 + text).encode())
        assert run("fix", "-q", path).exit_code == 0
        assert path.read_bytes() == (" " * 9000 + text.replace("鈥檚", "’s")).encode()


# --- undo -----------------------------------------------------------------------------------------


def test_undo_takes_the_journal_that_fix_names(damaged: Path, journals: Path) -> None:
    done = run("fix", damaged)
    (journal,) = journals.iterdir()
    assert f"mojifix: journal for mojifix undo: {journal}\n" in done.stderr
    done = run("undo", journal)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"mojifix: {damaged}: put back\n" in done.stderr
    assert done.stderr.endswith("1 put back, 0 as they were already\n")
    assert damaged.read_bytes() == DAMAGED.encode()


def test_undo_leaves_what_changed_since(damaged: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    run("fix", "--journal", journal, damaged)
    damaged.write_bytes(b"changed")
    done = run("undo", journal)
    assert done.exit_code == 2
    assert f"mojifix: {damaged}: changed since" in done.stderr
    assert damaged.read_bytes() == b"changed"


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\n", b"[]\n[]\n", DAMAGED.encode()])
def test_what_is_no_journal_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a\x1b[31m"
    path.write_bytes(data)
    done = run("undo", path)
    assert done.exit_code == 2
    assert r"a\x1b[31m: " in done.stderr
    assert "\x1b" not in done.stderr


def test_a_journal_that_is_missing_is_told(tmp_path: Path) -> None:
    done = run("undo", tmp_path / "missing")
    assert done.exit_code == 2
    assert "No such file" in done.stderr


def test_a_journal_that_exists_is_wrong_usage(damaged: Path, tmp_path: Path) -> None:
    (tmp_path / "journal").touch()
    assert run("fix", "--journal", tmp_path / "journal", damaged).exit_code == 2
    assert damaged.read_bytes() == DAMAGED.encode()


def test_a_journal_that_cannot_be_made_stops_all_writes(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    done = run("fix", damaged)
    assert done.exit_code == 2
    assert "journal" in done.stderr
    assert damaged.read_bytes() == DAMAGED.encode()


def test_no_journal_on_demand(damaged: Path, journals: Path) -> None:
    assert run("fix", "--no-journal", damaged).exit_code == 0
    assert not journals.exists()


@pytest.mark.parametrize("args", [("--journal", "j", "--no-journal"), ("--backup", "a/b")])
def test_wrong_usage_exits_2(damaged: Path, args: tuple[str, ...]) -> None:
    assert run("fix", *args, damaged).exit_code == 2
    assert damaged.read_bytes() == DAMAGED.encode()


def test_a_clean_git_work_tree_needs_no_journal(damaged: Path, journals: Path) -> None:
    for args in (["init", "-q"], ["add", "."]):
        try:
            subprocess.run(["git", *args], cwd=damaged.parent, check=True)
        except FileNotFoundError:
            pytest.skip("needs git")
    assert run("fix", damaged).exit_code == 0
    assert not journals.exists()
    subprocess.run(["git", "restore", "."], cwd=damaged.parent, check=True)
    assert damaged.read_bytes() == DAMAGED.encode()


def test_a_backup_is_kept_and_not_repaired_next_time(damaged: Path) -> None:
    assert run("fix", "--backup", ".orig", damaged.parent).exit_code == 0
    assert run("fix", "--backup", ".orig", damaged.parent).exit_code == 0
    assert everything(damaged.parent).keys() == {"damaged.txt", "damaged.txt.orig"}
    assert (damaged.parent / "damaged.txt.orig").read_bytes() == DAMAGED.encode()


NAMES = (b"a b", b"-rf", b"a\nb", b"\xff\xfe", b"\x1b[31m", "\u202ea".encode(), b"a" * 250)


def tree(folder: Path, count: int) -> None:
    """Make `count` files: most clean, some damaged, some binary, of all kinds of names."""
    chance = random.Random(count)
    for number in range(count):
        inside = folder / f"{number % 7}" / f"{number % 3}"
        inside.mkdir(parents=True, exist_ok=True)
        name = os.fsencode(inside / str(number)) + (
            chance.choice(NAMES) if number % 5 == 0 else b""
        )
        text = chance.choice((DAMAGED, "Müller’s café\r\n", "plain\n", "", "\ufeffplain", "\0\xff"))
        try:
            with open(name, "wb") as file:
                file.write(text.encode("latin-1" if "\0" in text else "utf-8"))
        except OSError:  # a file system that takes no such names
            continue
        os.chmod(name, chance.choice((0o644, 0o600, 0o755)))


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_undo_after_fix_gives_the_same_tree(tmp_path: Path, count: int) -> None:
    root, journal = tmp_path / "root", tmp_path / "journal"
    tree(root, count)
    before = everything(root)
    assert command("fix", "-j2", "--journal", journal, root).returncode == 0
    after = everything(root)
    changed = {name for name in before if before[name] != after[name]}
    assert {before[name][0] for name in changed} == {DAMAGED.encode()}
    assert {after[name][0] for name in changed} == {REPAIRED.encode()}
    assert DAMAGED.encode() not in {data for data, _ in after.values()}
    done = command("undo", journal)
    assert done.returncode == 0, done
    assert everything(root) == before


@pytest.mark.parametrize("args", [(), ("--to", "utf-8")])
def test_undo_gives_the_bytes_of_a_file_in_another_charset_back(
    damaged: Path, tmp_path: Path, args: tuple[str, ...]
) -> None:
    text = "Die Mühle steht am Fluß, schön und groß. Das cafÃ© öffnet um acht Uhr früh.\n"
    damaged.write_bytes(text.encode("cp1252"))
    done = run("fix", *args, "--charset", "cp1252", "--journal", tmp_path / "journal", damaged)
    assert done.exit_code == 0
    assert damaged.read_bytes() == text.replace("Ã©", "é").encode("utf-8" if args else "cp1252")
    assert run("undo", tmp_path / "journal").exit_code == 0
    assert damaged.read_bytes() == text.encode("cp1252")


# --- links and special files ----------------------------------------------------------------------


def test_a_named_link_out_of_the_root_is_skipped_with_a_note(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    link = tmp_path / "inside" / "link"
    link.symlink_to(damaged)
    monkeypatch.chdir(tmp_path / "inside")
    done = run("fix", "link")
    assert done.exit_code == 0
    assert "link: left alone: a symbolic link that leads out of" in done.stderr
    assert damaged.read_bytes() == DAMAGED.encode()


def test_hard_links_are_refused_parted_or_written_for_all(damaged: Path, journals: Path) -> None:
    other = damaged.parent / "other"
    os.link(damaged, other)
    done = run("fix", damaged)
    assert done.exit_code == 2
    assert "has 2 hard links; --hardlinks break" in done.stderr
    assert run("fix", "--hardlinks", "inplace", damaged).exit_code == 0
    assert other.read_bytes() == damaged.read_bytes() == REPAIRED.encode()
    (journal,) = journals.iterdir()
    assert run("undo", "--hardlinks", "break", journal).exit_code == 0
    assert (damaged.read_bytes(), other.read_bytes()) == (DAMAGED.encode(), REPAIRED.encode())


def test_what_cannot_be_repaired_is_told_and_the_others_go_on(damaged: Path) -> None:
    folder = damaged.parent
    (folder / "read-only").write_bytes(DAMAGED.encode())
    (folder / "read-only").chmod(0o444)
    os.mkfifo(folder / "pipe")
    done = run("fix", folder / "read-only", folder / "pipe", damaged)
    assert done.exit_code == 2
    assert f"mojifix: {folder / 'read-only'}: is read-only\n" in done.stderr
    assert f"mojifix: {folder / 'pipe'}: not a regular file\n" in done.stderr
    assert damaged.read_bytes() == REPAIRED.encode()
    assert (folder / "read-only").read_bytes() == DAMAGED.encode()


def test_a_change_that_is_not_verified_is_not_written(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mojifix.files.change.proven", lambda *_: False)
    done = run("fix", damaged)
    assert done.exit_code == 2
    assert f"mojifix: {damaged}: not repaired: the proof" in done.stderr
    assert damaged.read_bytes() == DAMAGED.encode()


# --- runs that are killed -------------------------------------------------------------------------

STEPS = [name for name in POINTS if not name.startswith("in-place")]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_old_or_new_and_the_next_run_sweeps(
    damaged: Path, tmp_path: Path, step: str
) -> None:
    journal = tmp_path / "journal"
    # The first line is the header, which is written before anything else.
    count = ":2" if step == "journal-half-written" else ""
    done = command(
        "fix", "--backup", "~", "--journal", journal, damaged, fault=f"kill@{step}{count}"
    )
    assert done.returncode == -9
    done_before = step in {"replaced", "folder-synced"}
    assert damaged.read_bytes() == (REPAIRED if done_before else DAMAGED).encode()
    left = set(os.listdir(damaged.parent)) - {damaged.name, f"{damaged.name}~"}
    assert len(left) == (step not in {"read", "planned", "replaced", "folder-synced"})
    undone = run("undo", journal)
    assert undone.exit_code == (2 if step == "journal-half-written" else 0)
    assert damaged.read_bytes() == DAMAGED.encode()
    assert run("fix", "--backup", "~", damaged.parent).exit_code == 0
    assert everything(damaged.parent).keys() == {damaged.name, f"{damaged.name}~"}
    assert damaged.read_bytes() == REPAIRED.encode()


def test_a_walk_sweeps_where_nothing_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    leftover = tmp_path / "sub" / ".mojifix-0123456789abcdef.tmp"
    leftover.write_bytes(DAMAGED.encode())
    assert run("check", "--hidden", tmp_path).exit_code == 0
    assert leftover.exists()
    assert run("fix", tmp_path).exit_code == 0
    assert not leftover.exists()


@pytest.mark.parametrize("step", ["in-place-half-written", "in-place-written"])
def test_a_kill_while_writing_in_place_is_taken_back_by_the_next_run(
    damaged: Path, tmp_path: Path, step: str
) -> None:
    os.link(damaged, damaged.parent / "other")
    args = ("fix", "--hardlinks", "inplace", "--journal")
    assert command(*args, tmp_path / "journal", damaged, fault=f"kill@{step}").returncode == -9
    done = run("undo", "--hardlinks", "inplace", tmp_path / "journal")
    assert done.exit_code == 0
    assert everything(damaged.parent).keys() == {damaged.name, "other"}
    assert damaged.read_bytes() == DAMAGED.encode()


def test_a_file_that_changes_after_it_was_read_is_left(damaged: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mojifix", "fix", "--no-journal", damaged],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "MOJIFIX_FAULT": "stop@read"},
    )
    os.waitpid(process.pid, os.WUNTRACED)
    damaged.write_bytes(b"changed by somebody")
    os.kill(process.pid, signal.SIGCONT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"changed while it was being repaired" in err
    assert everything(damaged.parent) == {"damaged.txt": (b"changed by somebody", 0o100644)}


def test_a_wrong_fault_is_told(damaged: Path) -> None:
    assert b"MOJIFIX_FAULT" in command("fix", damaged, fault="kill@nowhere").stderr
    assert damaged.read_bytes() == DAMAGED.encode()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the faults are those of Linux")
def test_no_fault_loses_a_file() -> None:
    harness = [sys.executable, ROOT / "bench" / "faults.py", "--runs", "20", "--seed", "2"]
    done = subprocess.run(harness, capture_output=True, check=False, timeout=600)
    notes = done.stderr.replace(b"full disk: left out, it needs root\n", b"")
    assert (done.returncode, notes) == (0, b"")


# --- two runs at once -----------------------------------------------------------------------------


def test_two_runs_on_one_tree_do_not_hurt_each_other(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for number in range(40):
        (root / f"{number}.txt").write_bytes(DAMAGED.encode())
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "mojifix", "fix", "-q", "--journal", tmp_path / name, root],
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        for name in ("one", "two")
    ]
    told = [process.communicate(timeout=120)[1] for process in runs]
    assert {data for data, _ in everything(root).values()} == {REPAIRED.encode()}
    assert len(os.listdir(root)) == 40
    assert not [line for line in b"".join(told).splitlines() if b"changed while" not in line]
    for name in ("one", "two"):
        run("undo", "-q", tmp_path / name)
    assert {data for data, _ in everything(root).values()} == {DAMAGED.encode()}


# --- hostile names --------------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "root"
    root.mkdir()
    for name in NAMES:
        try:
            with open(os.fsencode(root) + b"/" + name, "wb") as file:
                file.write(DAMAGED.encode())
        except OSError:
            pytest.skip("the file system takes no such names")
    return root


def test_hostile_names_are_repaired_and_put_back(hostile: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    done = command("fix", "--journal", journal, hostile)
    assert done.returncode == 0
    assert {data for data, _ in everything(hostile).values()} == {REPAIRED.encode()}
    assert journal.read_bytes().isascii()
    assert b"\x1b" not in journal.read_bytes()
    assert len([json.loads(line) for line in journal.read_bytes().splitlines()]) == len(NAMES) + 1
    done = command("undo", journal)
    assert done.returncode == 0
    assert done.stderr.count(b"\n") == len(NAMES) + 1
    assert b"\x1b" not in done.stderr
    assert "\u202e".encode() not in done.stderr
    assert {data for data, _ in everything(hostile).values()} == {DAMAGED.encode()}


def test_an_interrupted_run_tells_how_far_it_came(damaged: Path) -> None:
    other = damaged.with_name("zzz.txt")
    other.write_bytes(damaged.read_bytes())
    done = command("fix", "-j1", "--no-journal", damaged, other, fault="interrupt@planned:2")
    assert done.returncode == 130
    assert done.stderr.startswith(b"mojifix: interrupted; until then: 1 file, 1 repaired, ")
    assert damaged.read_bytes() != other.read_bytes()
