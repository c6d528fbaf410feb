"""Finding, reading and rewriting files."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mojifix.files.discover import Source, Unreachable, discover
from mojifix.files.read import Document, Opaque, Stamp, decoded, read
from mojifix.files.rewrite import Refused, rewrite, spliced
from mojifix.model import Repair


def a_repair(start: int, before: str, after: str) -> Repair:
    return Repair(start, start + len(before), before, after, (), "exact", 0, 1.0)


def stamp(path: Path) -> Stamp:
    return read(str(path))[1]


def left_beside(path: Path) -> list[str]:
    return sorted(set(os.listdir(path.parent)) - {path.name})


# --- discover -------------------------------------------------------------------------------------


def found(*paths: Path) -> list[Path]:
    items = list(discover(map(str, paths)))
    assert all(isinstance(item, Source) for item in items)
    return [Path(item.path) for item in items]


def test_a_folder_is_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    walked = [path.relative_to(tmp_path).as_posix() for path in found(tmp_path)]
    assert walked == ["a/b/c.txt", "a/z.txt", "b.txt", "c.txt"]


def test_a_hidden_folder_that_is_named_is_walked(tmp_path: Path) -> None:
    (tmp_path / ".notes").mkdir()
    (tmp_path / ".notes" / "a.txt").touch()
    assert found(tmp_path / ".notes") == [tmp_path / ".notes" / "a.txt"]


def test_a_symlink_that_is_named_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "link.txt").symlink_to("a.txt")
    assert found(tmp_path / "link.txt") == [tmp_path / "link.txt"]


def test_a_file_named_twice_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert found(tmp_path / "a.txt", tmp_path) == [tmp_path / "a.txt"]


def test_a_fifo_is_no_file_to_look_at(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == []
    assert list(discover([str(tmp_path / "pipe")])) == [
        Unreachable(str(tmp_path / "pipe"), "not a regular file")
    ]


def test_a_missing_path_is_unreachable(tmp_path: Path) -> None:
    (missing,) = discover([str(tmp_path / "missing")])
    assert missing == Unreachable(str(tmp_path / "missing"), os.strerror(errno.ENOENT))


def test_a_path_with_a_nul_is_unreachable() -> None:
    (item,) = discover(["a\0b"])
    assert isinstance(item, Unreachable)


def test_a_symlink_loop_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (item,) = discover([str(tmp_path / "loop")])
    assert isinstance(item, Unreachable)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    (item,) = discover([str(tmp_path)])
    assert isinstance(item, Unreachable)


# --- read -----------------------------------------------------------------------------------------


def test_text_keeps_its_newlines() -> None:
    assert decoded(b"a\r\nb\rc\n") == Document(b"", "a\r\nb\rc\n")


def test_a_byte_order_mark_is_kept_apart() -> None:
    assert decoded(b"\xef\xbb\xbfa") == Document(b"\xef\xbb\xbf", "a")


def test_a_nul_in_the_head_makes_it_binary() -> None:
    assert decoded(b"a\0b") == Opaque("binary", binary=True)


def test_a_nul_behind_the_head_is_text() -> None:
    data = b"a" * 8192 + b"\0"
    assert decoded(data) == Document(b"", data.decode())


# --- spliced --------------------------------------------------------------------------------------


def test_only_the_spans_are_replaced() -> None:
    data = "\ufeffé\r\n𝒳Ã©\tÃ¨\x7f".encode()
    document = decoded(data)
    assert isinstance(document, Document)
    repairs = [a_repair(4, "Ã©", "é"), a_repair(7, "Ã¨", "è")]
    assert spliced(data, document, repairs) == "\ufeffé\r\n𝒳é\tè\x7f".encode()


def test_without_repairs_the_bytes_stay() -> None:
    document = Document(b"", "é")
    assert spliced("é".encode(), document, []) == "é".encode()


# --- rewrite --------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    return path


def test_a_file_gets_its_new_bytes(file: Path) -> None:
    rewrite(str(file), b"new bytes", stamp(file))
    assert file.read_bytes() == b"new bytes"
    assert left_beside(file) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o4755])
def test_the_mode_is_kept(file: Path, mode: int) -> None:
    file.chmod(mode)
    rewrite(str(file), b"new", stamp(file))
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(file: Path) -> None:
    os.chown(file, 12345, 23456)
    file.chmod(0o6755)
    rewrite(str(file), b"new", stamp(file))
    status = file.stat()
    assert (status.st_uid, status.st_gid) == (12345, 23456)
    assert stat.S_IMODE(status.st_mode) == 0o6755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_rights_are_not_lent_when_the_owner_cannot_be_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    os.chown(file, 12345, 23456)
    file.chmod(0o6755)
    monkeypatch.setattr(os, "chown", refuse)
    rewrite(str(file), b"new", stamp(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


def test_extended_attributes_are_kept(file: Path) -> None:
    try:
        os.setxattr(file, "user.origin", b"crawl")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    rewrite(str(file), b"new", stamp(file))
    assert os.getxattr(file, "user.origin") == b"crawl"


def test_the_time_of_modification_is_new(file: Path) -> None:
    os.utime(file, (1, 1))
    rewrite(str(file), b"new", stamp(file))
    assert file.stat().st_mtime > 1_000_000


def test_a_symlink_stays_and_its_target_is_rewritten(file: Path) -> None:
    (file.parent / "sub").mkdir()
    link = file.parent / "sub" / "link"
    link.symlink_to("../a.txt")
    rewrite(str(link), b"new", stamp(link))
    assert os.readlink(link) == "../a.txt"
    assert file.read_bytes() == b"new"


def test_a_file_that_changed_since_it_was_read_is_left(file: Path) -> None:
    before = stamp(file)
    file.write_bytes(b"changed")
    with pytest.raises(Refused, match="changed"):
        rewrite(str(file), b"new", before)
    assert file.read_bytes() == b"changed"
    assert left_beside(file) == []


def test_a_file_with_other_hard_links_is_left(file: Path) -> None:
    os.link(file, file.parent / "b.txt")
    with pytest.raises(Refused, match="2 hard links"):
        rewrite(str(file), b"new", stamp(file))
    assert file.read_bytes() == b"old"


def test_a_file_that_may_not_be_written_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everything, so the answer is faked.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        rewrite(str(file), b"new", stamp(file))
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("step", ["fsync", "replace", "utime"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_failing_step_leaves_the_old_file_alone_in_its_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        rewrite(str(file), b"new", stamp(file))
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert left_beside(file) == []


def test_a_write_that_hits_the_size_limit_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    old = "It鈥檚 here.\n".encode() * 2000
    path.write_bytes(old)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "from mojifix.__main__ import main; sys.argv[1:] = ['fix', '-q', sys.argv[1]]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=False)
    assert done.returncode == 2
    assert str(path).encode() in done.stderr
    assert path.read_bytes() == old
    assert left_beside(path) == []
