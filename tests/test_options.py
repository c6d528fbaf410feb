"""Each option of the commands, the exit codes, and that several processes tell the same."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import on_a_terminal
from typer.testing import CliRunner, Result

from mojifix.cli import app
from mojifix.model import Policy
from mojifix.model import Result as Found
from mojifix.work import Outcome

ROOT = Path(__file__).parents[1]

DAMAGED = "It鈥檚 a cafÃ©.\n"
REPAIRED = "It’s a café.\n"
CLEAN = "A café.\n"
DEAD = "ï¿½ï¿½ï¿½\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)


def files(done: Result) -> list[str]:
    """Return the files with findings in the output of check."""
    return list(dict.fromkeys(line.partition(":")[0] for line in done.stdout.splitlines()))


# --- exit codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize(
    ("text", "checked", "fixed"),
    [
        (CLEAN, 0, 0),
        (DAMAGED, 1, 0),
        (DEAD, 0, 0),
        (f"mojifix: ignore-file\n{DAMAGED}", 0, 0),
        (f"mojifix: off\n{DAMAGED}", 0, 0),
        ("\0", 0, 0),
        ("", 0, 0),
    ],
)
@pytest.mark.parametrize("options", [(), ("-q",), ("--diff",), ("-j", "2")])
def test_exit_codes(
    project: Path, command: str, text: str, checked: int, fixed: int, options: tuple[str, ...]
) -> None:
    write(project, a_txt=text, b_txt=CLEAN)
    assert run(command, *options, ".").exit_code == (checked if command == "check" else fixed)
    assert run(command, *options, "a.txt", "missing").exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        ("fix",),
        ("fix", "--null", "."),
        ("fix", "-", "--files-from", "x"),
        ("check", "--stdin-filename", "a.txt", "."),
        ("check", "--files-from", "missing"),
        ("check", "--config", "x", "--isolated"),
        ("check", "-j", "-1"),
        ("check", "--undecided", "perhaps"),
        ("check", "--max-layers", "0"),
        ("check", "--exclude", "a\\"),
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_usage_exits_2(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


# --- which files ----------------------------------------------------------------------------------


def test_ignored_and_hidden_files_are_left_out(project: Path) -> None:
    write(project, _gitignore="b.txt\n", a_txt=DAMAGED, b_txt=DAMAGED, _c=DAMAGED)
    assert files(run("check")) == ["a.txt"]
    assert files(run("check", "--no-ignore")) == ["a.txt", "b.txt"]
    assert files(run("check", "--hidden")) == [".c", "a.txt"]


def test_include_and_exclude(project: Path) -> None:
    write(project, a_txt=DAMAGED, b_md=DAMAGED, c__d_txt=DAMAGED)
    assert files(run("check", "--include", "*.md")) == ["b.md"]
    assert files(run("check", "--exclude", "c/", "--exclude", "*.md")) == ["a.txt"]
    assert files(run("check", "--exclude", "c/", "--extend-exclude", "*.md")) == ["a.txt"]


def test_force_exclude(project: Path) -> None:
    write(project, a_txt=DAMAGED, mojifix_toml='exclude = ["a.txt"]')
    assert files(run("check", "a.txt")) == ["a.txt"]
    assert files(run("check", "--force-exclude", "a.txt")) == []


def test_follow(project: Path) -> None:
    write(project, in__a_txt=DAMAGED)
    (project / "in" / "z").symlink_to("a.txt")
    (project / "link").symlink_to("in")
    assert "mojifix: link: left alone: symbolic link" in run("check", ".").stderr
    assert files(run("check", "--follow", ".")) == ["in/a.txt"]


def test_links_are_followed_from_the_folder_that_is_named(project: Path) -> None:
    write(project, out__a_txt=DAMAGED, in__b_txt=CLEAN)
    (project / "in" / "link").symlink_to("../out/a.txt")
    assert run("fix", "--follow", "in").exit_code == 0
    assert (project / "out" / "a.txt").read_bytes() == REPAIRED.encode()


@pytest.mark.parametrize("named", ["link", "link/a.txt"])
def test_a_folder_that_a_link_leads_to_out_of_the_project_is_left_alone(
    project: Path, tmp_path_factory: pytest.TempPathFactory, named: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write(outside, a_txt=DAMAGED)
    (project / "link").symlink_to(outside)
    done = run("fix", named)
    assert "a symbolic link that leads out of" in done.stderr
    assert (outside / "a.txt").read_bytes() == DAMAGED.encode()


def test_paths_come_from_a_file(project: Path) -> None:
    write(project, a_txt=DAMAGED, b__c_txt=DAMAGED, d_txt=DAMAGED, list="a.txt\nb\n")
    assert files(run("check", "--files-from", "list")) == ["a.txt", "b/c.txt"]
    assert files(run("check", "--files-from", "list", "d.txt")) == ["d.txt", "a.txt", "b/c.txt"]


def test_paths_come_from_standard_input(project: Path) -> None:
    write(project, a_txt=DAMAGED, b_txt=DAMAGED)
    (project / "c\nd.txt").write_bytes(DAMAGED.encode())
    assert files(run("check", "--files-from", "-", stdin=b"a.txt\nb.txt")) == ["a.txt", "b.txt"]
    listed = run("check", "--files-from", "-", "-0", stdin=b"a.txt\0c\nd.txt\0")
    assert files(listed) == ["a.txt", r"c\nd.txt"]


def test_an_empty_list_is_nothing_to_do(project: Path) -> None:
    write(project, a_txt=DAMAGED, list="")
    done = run("fix", "--files-from", "list")
    assert (done.exit_code, done.stderr) == (0, "0 files, nothing to repair\n")


def test_standard_input_may_have_a_name(project: Path) -> None:
    write(project, mojifix_toml='exclude = ["a.txt"]')
    named = ("--stdin-filename", "a.txt")
    assert files(run("check", "-", *named, stdin=DAMAGED.encode())) == ["a.txt"]
    fixed = run("fix", "-", *named, stdin=DAMAGED.encode())
    assert fixed.stdout == REPAIRED
    forced = run("fix", "-", *named, "--force-exclude", stdin=DAMAGED.encode())
    assert (forced.exit_code, forced.stdout) == (0, DAMAGED)


# --- what is repaired -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "policy"),
    [
        ((), Policy()),
        (("--undecided", "keep"), Policy(undecided="keep")),
        (("--include-quoted",), Policy(include_quoted=True)),
        (("--max-layers", "1"), Policy(max_layers=1)),
        (("--no-restore",), Policy(restore=False)),
        (("--min-confidence", "0.5"), Policy(min_confidence=0.5)),
        (("--min-restored", "0.9"), Policy(min_restored=0.9)),
        (("--channel", "utf-8>gbk"), Policy(channels=("utf-8>gbk",))),
    ],
)
@pytest.mark.parametrize("command", ["check", "fix", "explain"])
def test_options_make_the_policy(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    options: tuple[str, ...],
    policy: Policy,
) -> None:
    seen = []

    def look(text: str, policy: Policy) -> Found:
        seen.append(policy)
        return Found(text, text)

    monkeypatch.setattr("mojifix.work.repair", look)
    monkeypatch.setattr("mojifix.cli.repair", look)
    write(project, a_txt=DAMAGED)
    assert run(command, *options, "a.txt").exit_code in (0, 2)
    assert seen == [policy]


def test_comments_keep_lines(project: Path) -> None:
    text = f"{DAMAGED.strip()} # mojifix: ignore\n{DAMAGED}"
    write(project, a_txt=text)
    done = run("fix", "a.txt")
    assert (project / "a.txt").read_text("utf-8") == text[: -len(DAMAGED)] + REPAIRED
    assert done.stderr.endswith(", 2 ignored\n")


def test_configured_strings_and_patterns_keep_text(project: Path) -> None:
    toml = 'ignore-strings = ["It鈥檚"]\nignore-patterns = ["caf."]'
    write(project, a_txt=DAMAGED, mojifix_toml=toml)
    assert run("check", "a.txt").stdout == ""
    assert run("check", "a.txt").stderr == "1 file, nothing to repair, 2 ignored\n"


def test_dead_text_is_told(project: Path) -> None:
    write(project, a_txt=DAMAGED + DEAD)
    done = run("check", "a.txt")
    assert done.stdout.splitlines()[-1] == "a.txt:2:1: ï¿½ï¿½ï¿½ [unrecoverable]"
    assert ", 1 unrecoverable\n" in done.stderr
    done = run("fix", "a.txt")
    assert "a.txt:2:1: ï¿½ï¿½ï¿½ [unrecoverable]\n" in done.stderr


# --- several processes ----------------------------------------------------------------------------


def test_any_number_of_processes_tells_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mojifix.run.PATIENCE", 0)
    for number in range(40):
        text = (CLEAN, DAMAGED, DEAD, "\0", f"mojifix: off\n{DAMAGED}")[number % 5]
        write(project, **{f"{number % 3}__{number}_txt": text})
    (project / "link").symlink_to("0")
    told = [
        run("check", "-j", jobs, *more, ".", "missing")
        for jobs in "1230"
        for more in ((), ("--diff",))
    ]
    assert len({(done.exit_code, done.stdout_bytes, done.stderr_bytes) for done in told}) == 2


def test_several_processes_repair(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mojifix.run.PATIENCE", 0)
    for number in range(20):
        write(project, **{f"{number}_txt": DAMAGED})
    done = run("fix", "-j", "2", ".")
    assert done.exit_code == 0
    assert "\n20 files, 20 repaired, 40 repairs " in done.stderr
    assert {path.read_text("utf-8") for path in project.glob("*.txt")} == {REPAIRED}


def test_short_runs_start_no_processes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("mojifix.pool.in_order", refuse)
    monkeypatch.setattr("mojifix.run.PATIENCE", 3600)
    write(project, a_txt=CLEAN, b_txt=CLEAN)
    assert run("check", ".").exit_code == 0
    assert run("check", "-j", "2", ".").exit_code == 0


def test_long_runs_start_as_many_processes_as_there_are_cores(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def look(*args: object) -> Iterator[Outcome]:
        asked.append(args[2])
        return iter(())

    monkeypatch.setattr("mojifix.pool.in_order", look)
    monkeypatch.setattr("mojifix.run.PATIENCE", 0)
    monkeypatch.setattr("mojifix.pool.cores", lambda: 3)
    write(project, a_txt=CLEAN, b_txt=CLEAN)
    run("check", ".")
    run("check", "-j", "7", ".")
    assert asked == [3, 7]


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_an_interrupt_ends_all_processes(project: Path) -> None:
    for number in range(2000):
        write(project, **{f"{number}_txt": DAMAGED})
    command = [sys.executable, "-m", "mojifix", "fix", "-j", "2", "--no-diff", str(project)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    # A group of its own, to which a terminal would send the interrupt.
    running = subprocess.Popen(command, stderr=subprocess.PIPE, env=env, start_new_session=True)
    workers: list[int] = []
    while len(workers) < 2 or (project / "0.txt").read_text("utf-8") == DAMAGED:
        time.sleep(0.05)
        workers = children(running.pid)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b"Traceback" not in told
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    texts = {path.read_text("utf-8") for path in project.glob("*.txt")}
    assert texts == {DAMAGED, REPAIRED}
    assert sorted(os.listdir(project)) == sorted([".git", *(f"{n}.txt" for n in range(2000))])


# --- the progress bar -----------------------------------------------------------------------------


def check_on_terminal(project: Path, *options: str, patience: float) -> tuple[bytes, bytes]:
    """Run check with standard error on a terminal; return what it wrote there, and to a file."""
    code = (
        f"import mojifix.report.progress as p; p.PATIENCE = {patience}; p.PAUSE = 0\n"
        "from mojifix.__main__ import main; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    command = [sys.executable, "-c", code, "check", *options, project]
    with tempfile.TemporaryFile() as out:
        _, shown = on_a_terminal("stderr", command, env, stdout=out)
        out.seek(0)
        return shown, out.read()


def test_who_waits_sees_a_bar(project: Path) -> None:
    write(project, a_txt=DAMAGED, b_txt=CLEAN, c_txt=CLEAN)
    shown, found = check_on_terminal(project, patience=0)
    assert re.search(rb"3/3", shown)
    assert shown.endswith(b"utf-8>gbk)\r\n")
    assert found.count(b"\n") == 2
    assert b"\x1b" not in found


@pytest.mark.parametrize(("options", "patience"), [((), 3600), (("-q",), 0)])
def test_others_see_none(project: Path, options: tuple[str, ...], patience: float) -> None:
    write(project, a_txt=CLEAN, b_txt=CLEAN)
    shown, _ = check_on_terminal(project, *options, patience=patience)
    assert b"2/2" not in shown
    assert b"\x1b" not in shown
