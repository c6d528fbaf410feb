"""Finding, reading and rewriting files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mojifix.files.discover import Source, Unreachable, discover
from mojifix.files.read import Document, Opaque, decoded

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
