"""The command line: exit codes, what is written where, and what is never touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import on_a_terminal
from typer.testing import CliRunner, Result

from mojifix.__about__ import __version__
from mojifix.cli import app
from mojifix.files.change import Unverified
from mojifix.files.read import stamp_of
from mojifix.model import Policy, Repair
from mojifix.model import Result as Found

ROOT = Path(__file__).parents[1]

DAMAGED = "It鈥檚 a cafÃ©.\r\nIt鈥檚 fine, isn鈥檛 it?\n"
REPAIRED = "It’s a café.\r\nIt’s fine, isn’t it?\n"
CLEAN = "It’s a café.\n"

WITHOUT_COLOURS = {"NO_COLOR": "", "TERM": "xterm"}


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, env=WITHOUT_COLOURS)


def command(
    *args: str | bytes | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in a process of its own, from the root of the source tree."""
    return subprocess.run(
        [sys.executable, "-m", "mojifix", *args],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=120,
    )


def suspicious(text: str, _: Policy) -> Found:
    """Stand in for `repair`: suspect the first character."""
    return Found(text, text, (), (Repair(0, 1, text[0], "x", (), "suspected", 0, 0.5),))


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.txt"
    path.write_bytes(DAMAGED.encode())
    return path


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.txt"
    path.write_bytes(CLEAN.encode())
    return path


# --- exit codes -----------------------------------------------------------------------------------


def test_exit_codes_of_check(damaged: Path, clean: Path) -> None:
    missing = clean.parent / "missing"
    assert run("check", clean).exit_code == 0
    assert run("check", damaged).exit_code == 1
    assert run("check", damaged, clean).exit_code == 1
    assert run("check", missing).exit_code == 2
    assert run("check", missing, damaged).exit_code == 2


def test_exit_codes_of_fix(damaged: Path, clean: Path) -> None:
    missing = clean.parent / "missing"
    assert run("fix", clean).exit_code == 0
    assert run("fix", damaged, missing).exit_code == 2
    assert damaged.read_bytes() == REPAIRED.encode()
    assert run("check", damaged).exit_code == 0


def test_what_is_only_suspected_is_shown_and_leaves_the_exit_code(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mojifix.work.repair", suspicious)
    done = run("check", clean)
    assert done.exit_code == 0
    assert "suspected, 0.50]" in done.stdout
    done = run("fix", clean)
    assert done.exit_code == 0
    assert "suspected, 0.50]" in done.stderr
    assert clean.read_bytes() == CLEAN.encode()


@pytest.mark.parametrize(
    "args",
    [
        ("fix",),
        ("mend", "a.txt"),
        ("check", "--mystery"),
        ("check", "--min-confidence", "1.1"),
        ("check", "--min-confidence", "nan"),
        ("check", "--min-confidence", "much"),
        ("check", "--color", "sometimes"),
        ("check", "--channel", "utf-8>klingon"),
        ("fix", "-", "a.txt"),
        ("explain",),
    ],
)
def test_wrong_usage_exits_2(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


@pytest.mark.parametrize("command", [("fix", "."), ("undo", "a.jsonl")])
def test_an_unknown_choice_is_told_with_the_known_ones(command: tuple[str, ...]) -> None:
    done = run(*command, "--hardlinks", "keep")
    assert "'--hardlinks': 'keep' is not one of 'refuse', 'break', 'inplace'\n" in done.stderr


def test_an_unknown_channel_is_told_with_the_nearest_one() -> None:
    assert "the nearest one is 'utf-8>gbk'" in run("check", "--channel", "utf8>gkb").stderr


def test_version() -> None:
    done = run("--version")
    assert (done.exit_code, done.stdout) == (0, f"mojifix {__version__}\n")


# --- fix ------------------------------------------------------------------------------------------


def test_fix_prints_a_diff_and_a_summary(damaged: Path) -> None:
    done = run("fix", damaged)
    assert done.exit_code == 0
    assert b"\n-It\xe9\x88\xa5\xe6\xaa\x9a a caf\xc3\x83\xc2\xa9.\r\n" in done.stdout_bytes
    assert "\n+It’s a café.\r\n".encode() in done.stdout_bytes
    journal, summary = done.stderr.splitlines()
    assert journal.startswith("mojifix: journal for mojifix undo: ")
    assert summary == "1 file, 1 repaired, 4 repairs (4 exact; 3 utf-8>gbk, 1 utf-8>cp1252)"


def test_no_diff_leaves_the_summary(damaged: Path) -> None:
    done = run("fix", "--no-diff", "--no-journal", damaged)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


def test_quiet_says_nothing(damaged: Path) -> None:
    assert run("fix", "-q", damaged).output == ""
    assert damaged.read_bytes() == REPAIRED.encode()


def test_quiet_still_tells_errors(tmp_path: Path) -> None:
    assert "missing" in run("fix", "-q", tmp_path / "missing").stderr


def test_the_diff_of_check_makes_what_fix_makes(damaged: Path) -> None:
    diff = run("check", "--diff", damaged).stdout_bytes
    assert damaged.read_bytes() == DAMAGED.encode()
    if not shutil.which("git"):
        pytest.skip("needs git")
    folder = damaged.parent
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", f"-p{len(folder.parts)}"],
        input=diff,
        cwd=folder,
        check=True,
    )
    assert damaged.read_bytes() == REPAIRED.encode()


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_bytes_outside_the_repairs_stay(tmp_path: Path, ending: str, bom: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"{bom}one\r\ntwo\x0c\x85It鈥檚\ta cafÃ©{ending}".encode())
    assert run("fix", path).exit_code == 0
    assert path.read_bytes() == f"{bom}one\r\ntwo\x0c\x85It’s\ta café{ending}".encode()


def test_a_file_without_repairs_is_not_touched(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("mojifix.files.rewrite.rewrite", written)
    before = clean.stat()
    assert run("fix", clean).exit_code == 0
    after = clean.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_ino) == (
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_ino,
    )


def test_a_second_run_changes_nothing(damaged: Path) -> None:
    run("fix", damaged)
    before = stamp_of(damaged.stat())
    assert run("fix", damaged).stdout == ""
    assert stamp_of(damaged.stat()) == before


def test_a_folder_is_repaired(damaged: Path) -> None:
    assert run("fix", damaged.parent).exit_code == 0
    assert damaged.read_bytes() == REPAIRED.encode()


def test_a_named_symlink_stays_and_its_target_is_repaired(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(damaged.parent)
    link = damaged.parent / "link"
    link.symlink_to(damaged.name)
    assert run("fix", link).exit_code == 0
    assert link.is_symlink()
    assert damaged.read_bytes() == REPAIRED.encode()


def test_a_missing_path_is_told_and_the_others_go_on(damaged: Path) -> None:
    done = run("fix", damaged.parent / "missing", damaged)
    assert done.exit_code == 2
    assert f"mojifix: {damaged.parent / 'missing'}: No such file" in done.stderr
    assert damaged.read_bytes() == REPAIRED.encode()


def test_an_unreadable_file_is_told_and_the_others_go_on(
    damaged: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mojifix.files.read import Stamp, read

    def read_but_not_clean(path: str) -> tuple[bytes, Stamp]:
        # Root may read everything, so the refusal is faked.
        if path == str(clean):
            raise PermissionError(13, "Permission denied", path)
        return read(path)

    monkeypatch.setattr("mojifix.work.read", read_but_not_clean)
    done = run("fix", clean, damaged)
    assert done.exit_code == 2
    assert f"mojifix: {clean}: Permission denied" in done.stderr
    assert damaged.read_bytes() == REPAIRED.encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the current folder")
def test_a_current_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    code = (
        "import os, sys; os.rmdir(os.getcwd()); sys.argv[1:] = ['fix', '-']; "
        "from mojifix.__main__ import main; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    folder = tmp_path / "gone"
    folder.mkdir()
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, input=b"x", capture_output=True, cwd=folder, env=env, check=False
    )
    told = b"mojifix: the current folder: is gone; go to another one\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_after_an_error_alone_nothing_is_said_to_be_clean(tmp_path: Path) -> None:
    assert run("check", tmp_path / "missing").stderr.endswith("\n0 files, 1 error\n")


def test_a_file_that_cannot_be_written_is_told_and_the_others_go_on(damaged: Path) -> None:
    linked = damaged.parent / "linked.txt"
    linked.write_bytes(DAMAGED.encode())
    os.link(linked, damaged.parent / "other.txt")
    done = run("fix", linked, damaged)
    assert done.exit_code == 2
    assert f"mojifix: {linked}: has 2 hard links" in done.stderr
    assert linked.read_bytes() == DAMAGED.encode()
    assert damaged.read_bytes() == REPAIRED.encode()
    assert done.stderr.endswith("1 error\n")


@pytest.mark.parametrize("data", [b"caf\xc3", b"\xff\xff\xff", b"\0" + DAMAGED.encode()])
def test_what_is_no_text_is_left_alone_with_a_note(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    done = run("fix", path)
    assert done.exit_code == 0
    assert f"mojifix: {path}: left alone" in done.stderr
    assert path.read_bytes() == data


def test_binary_files_found_in_a_walk_are_not_worth_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\0")
    assert "a.png" not in run("check", tmp_path).output


# --- options --------------------------------------------------------------------------------------


def test_channels_limit_what_is_repaired(damaged: Path) -> None:
    run("fix", "--channel", "utf-8>cp1252", damaged)
    assert damaged.read_bytes() == DAMAGED.replace("Ã©", "é").encode()


def test_a_channel_may_be_named_more_than_once(damaged: Path) -> None:
    run("fix", "--channel", "utf-8>cp1252", "--channel", "cp936", damaged)
    assert (
        run("fix", "--channel", "utf-8>cp1252", "--channel", "UTF8>cp936", damaged).exit_code == 0
    )
    assert damaged.read_bytes() == REPAIRED.encode()


def test_colours_on_demand(damaged: Path) -> None:
    assert "\x1b[31m" in run("check", "--diff", "--color", "always", damaged).stdout


@pytest.mark.parametrize("wish", ["auto", "never"])
def test_no_colours_in_a_pipe(damaged: Path, wish: str) -> None:
    assert "\x1b" not in run("check", "--diff", "--color", wish, damaged).stdout


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_has_colours_unless_no_color_is_set(
    damaged: Path, no_color: str, coloured: bool
) -> None:
    env = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mojifix", "check", "--diff", damaged]
    code, shown = on_a_terminal("stdout", command, env, stderr=subprocess.DEVNULL)
    assert code == 1
    assert (b"\x1b[31m" in shown) is coloured


# --- check ----------------------------------------------------------------------------------------


def test_check_prints_the_findings(damaged: Path) -> None:
    done = run("check", damaged)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{damaged}:1:3: 鈥檚 → ’s [utf-8>gbk, exact, ")
    assert lines[1].startswith(f"{damaged}:1:11: Ã© → é [utf-8>cp1252, exact, ")
    assert len(lines) == 4


def test_check_never_writes(damaged: Path) -> None:
    before = damaged.stat()
    run("check", damaged)
    assert damaged.stat().st_mtime_ns == before.st_mtime_ns
    assert damaged.read_bytes() == DAMAGED.encode()


def test_check_looks_at_the_current_folder(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(damaged.parent)
    assert run("check").stdout.startswith("damaged.txt:1:3: ")


def test_quiet_check_tells_by_its_exit_code(damaged: Path) -> None:
    done = run("check", "-q", damaged)
    assert (done.exit_code, done.output) == (1, "")


def test_names_are_shown_escaped(tmp_path: Path) -> None:
    path = tmp_path / "a\n\x1b[31mb.txt"
    path.write_bytes(DAMAGED.encode())
    done = run("check", path)
    assert r"a\n\x1b[31mb.txt:1:3" in done.stdout
    assert "\x1b" not in done.output


# --- standard input -------------------------------------------------------------------------------


def test_standard_input_that_fails_its_verification_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Unverified("a reason")

    monkeypatch.setattr("mojifix.files.change.planned", fail)
    done = run("fix", "-", stdin=DAMAGED.encode())
    assert done.exit_code == 2
    assert done.stdout_bytes == DAMAGED.encode()
    assert done.stderr == "mojifix: <stdin>: not repaired: a reason\n"


def test_fix_filters_bytes() -> None:
    done = run("fix", "-", stdin=b"\xef\xbb\xbf" + DAMAGED.encode())
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout_bytes == b"\xef\xbb\xbf" + REPAIRED.encode()


def test_the_diff_of_a_filter_goes_to_standard_error() -> None:
    done = run("fix", "--diff", "-", stdin=DAMAGED.encode())
    assert done.stdout_bytes == REPAIRED.encode()
    assert "--- a/<stdin>\n" in done.stderr


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0x", b"caf\xe9", CLEAN.encode()])
def test_a_filter_passes_the_rest_as_it_is(data: bytes) -> None:
    done = run("fix", "-", stdin=data)
    assert (done.exit_code, done.stdout_bytes) == (0, data)


def test_check_reads_standard_input() -> None:
    done = run("check", "-", stdin=DAMAGED.encode())
    assert done.exit_code == 1
    assert done.stdout.startswith("<stdin>:1:3: ")


# --- explain --------------------------------------------------------------------------------------


def test_explain_shows_layers_and_bytes() -> None:
    done = run("explain", "It鈥檚 fine")
    assert done.exit_code == 0
    assert "repaired: It’s fine" in done.stdout
    assert "written as utf-8: E2 80 99 73" in done.stdout


def test_explain_reads_standard_input() -> None:
    told = run("explain", "It鈥檚\nfine").stdout
    assert run("explain", "-", stdin="It鈥檚\nfine\n".encode()).stdout == told


def test_explain_says_when_there_is_nothing() -> None:
    assert run("explain", "fine").stdout.startswith("nothing found")


# --- the real process -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "env",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "LC_ALL": "C"},
    ],
)
def test_the_locale_does_not_matter(damaged: Path, env: dict[str, str]) -> None:
    done = command("check", damaged, env=env)
    assert done.returncode == 1
    assert "鈥檚 → ’s".encode() in done.stdout
    assert command("--help", env=env).returncode == 0


def test_a_name_that_is_not_utf8_is_repaired_and_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        with open(path, "wb") as file:
            file.write(DAMAGED.encode())
    except OSError:
        pytest.skip("the file system takes no such names")
    assert rb"caf\xe9.txt:1:3: " in command("check", tmp_path).stdout
    done = command("fix", path)
    assert done.returncode == 0
    assert rb"caf\351.txt" in done.stdout


def test_explain_takes_an_argument_that_is_not_utf8() -> None:
    assert command("explain", b"caf\xe9 It\xe9\x88\xa5\xe6\xaa\x9a").returncode == 0


def test_a_reader_that_goes_away_does_not_stop_the_repair(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_bytes(DAMAGED.encode())
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "mojifix", "fix", tmp_path],
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    os.close(theirs)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Broken pipe" not in done.stderr
    assert command("check", "-q", tmp_path).returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_an_error() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mojifix", "fix", "-"],
            input=DAMAGED.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
            timeout=120,
        )
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


def test_closed_standard_streams_do_no_harm(damaged: Path) -> None:
    shell = f'exec "{sys.executable}" -m mojifix fix "$0" <&- >&- 2>&-'
    done = subprocess.run(["sh", "-c", shell, damaged], check=False, cwd=ROOT, timeout=120)
    assert done.returncode == 0
    assert damaged.read_bytes() == REPAIRED.encode()


def test_a_filter_without_an_output_is_an_error() -> None:
    shell = f'exec "{sys.executable}" -m mojifix fix - >&-'
    done = subprocess.run(
        ["sh", "-c", shell], input=DAMAGED.encode(), check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 2


def test_an_interrupt_exits_130(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mojifix.work.repair", interrupted)
    assert run("fix", damaged).exit_code == 130
    assert damaged.read_bytes() == DAMAGED.encode()


# --- pre-commit -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_hooks_work_with_pre_commit(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    if not (ROOT / ".git").exists():
        pytest.skip("tells the files of the project by git")
    project, hooks = tmp_path / "project", tmp_path / "hooks"
    env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    env |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "a")
    env |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@localhost")

    def git(folder: Path, *args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=folder, env=env, check=True, capture_output=True, text=True
        )
        return done.stdout

    def repository(folder: Path, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        git(folder, "init", "-q")
        git(folder, "add", "-f", ".")
        git(folder, "commit", "-q", "-m", "first")

    def hook(name: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "try-repo", hooks, name, "--files", "a.txt"],
            cwd=project,
            env=env,
            check=False,
            capture_output=True,
        )

    # A copy of the work tree, because try-repo leaves out files that are new.
    names = git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0")
    repository(hooks, {n: (ROOT / n).read_bytes() for n in names if n and (ROOT / n).is_file()})
    repository(project, {"a.txt": DAMAGED.encode()})

    checked = hook("mojifix-check")
    assert checked.returncode == 1, checked
    assert "a.txt:1:3: 鈥檚 → ’s".encode() in checked.stdout, checked

    first = hook("mojifix-fix")
    assert first.returncode == 1, first
    assert b"files were modified by this hook" in first.stdout, first
    assert (project / "a.txt").read_bytes() == REPAIRED.encode()

    second = hook("mojifix-fix")
    assert second.returncode == 0, second
