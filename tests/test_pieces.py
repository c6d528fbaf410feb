"""Files larger than memory: where they are cut, and that nothing else differs."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from mojifix.cli import app
from mojifix.files.pieces import cut, cut_up, pieces
from mojifix.files.read import Document, Opaque

DAMAGED = "It鈥檚 a cafÃ©.\n"
REPAIRED = "It’s a café.\n"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


# --- where files are cut --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one\ntwo\n", "thr"),
        ("one\r\n", "two"),
        ("é" * 9 + "abcd", "efgh" + "é"),
        ("éé", "é"),
        ("one\n", "# mojifix: ignore-next-line\n"),
    ],
)
def test_the_place_of_a_cut(before: str, after: str) -> None:
    assert cut((before + after).encode()) == len(before.encode())


def test_half_a_character_is_left_for_later() -> None:
    assert cut("éé".encode()[:3]) == 2


def test_bytes_that_start_no_character_are_cut_anywhere() -> None:
    assert cut(b"\x80" * 9) == 9


@given(
    st.lists(st.sampled_from(["\n", "mojifix:", "é", "abcdefghij", " ", "\x80"]), max_size=60),
    st.integers(4, 40),
)
def test_nothing_is_lost_between_the_pieces(parts: list[str], size: int) -> None:
    data = "".join(parts).encode("latin-1" if "\x80" in parts else "utf-8")
    found = list(cut_up(io.BytesIO(data), size))
    assert b"".join(found) == data
    assert all(0 < len(piece) <= 2 * size for piece in found)


@given(st.text(alphabet="aé𝒳\n ", max_size=60), st.integers(8, 40))
def test_text_is_cut_between_characters(text: str, size: int) -> None:
    assert "".join(p.decode() for p in cut_up(io.BytesIO(text.encode()), size)) == text


def test_pieces_know_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mojifix.files.pieces.cut_up", lambda _: iter([b"a\nb", b"\xc3\xa9c", b"d"])
    )
    found = [(piece.start, piece.line, piece.column) for piece in pieces(io.BytesIO(), None)]
    assert found == [(0, 1, 1), (3, 2, 2), (6, 2, 4)]


def test_only_the_first_piece_has_a_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = b"\xef\xbb\xbf"
    monkeypatch.setattr("mojifix.files.pieces.cut_up", lambda _: iter([mark + b"a\n", mark]))
    first, second = (piece.document for piece in pieces(io.BytesIO(), None))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.bom, first.text) == (mark, "a\n")
    assert (second.bom, second.text) == (b"", "\ufeff")


def test_a_piece_in_another_charset_is_opaque(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = "这个文件的编码不是统一码，而是国标码。\n".encode("gbk") * 9
    monkeypatch.setattr("mojifix.files.pieces.cut_up", lambda _: iter([b"a\n", chinese]))
    assert isinstance([piece.document for piece in pieces(io.BytesIO(), None)][1], Opaque)


# --- the command line -----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a file of a hundred bytes large."""
    monkeypatch.setattr("mojifix.run.LARGE", 100)
    monkeypatch.setattr("mojifix.files.pieces.cut_up", lambda file: cut_up(file, 64))


LINES = ("plain text\r\n", DAMAGED, "caf\u00e9\n", "\x00\x0c\n", "long " * 40 + "\n", "\n")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.txt"
    path.write_bytes(("\ufeff" + "".join(LINES) * 2 + "end").encode())
    return path


def test_a_large_file_is_repaired_and_put_back(large: Path, tmp_path: Path) -> None:
    before = large.read_bytes()
    done = run("fix", "--journal", tmp_path / "journal", large)
    assert done.exit_code == 0
    assert large.read_bytes() == before.replace(DAMAGED.encode(), REPAIRED.encode())
    assert "1 file, 1 repaired, 4 repairs" in done.stderr
    assert run("undo", tmp_path / "journal").exit_code == 0
    assert large.read_bytes() == before


def test_findings_in_a_large_file_have_their_lines(large: Path) -> None:
    done = run("check", large)
    places = [line.split(" ")[0].removeprefix(str(large)) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert places == [":2:3:", ":2:11:", ":8:3:", ":8:11:"]


def test_columns_go_on_in_a_line_that_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(("x" * 150 + DAMAGED).encode())
    assert run("check", path).stdout.startswith(f"{path}:1:153: 鈥檚 → ’s")


def test_a_large_file_without_damage_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(("café\n" * 40).encode())
    before = path.stat()
    assert run("fix", path).exit_code == 0
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_large_file_stays_whole_when_a_piece_is_not_verified(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mojifix.files.change import proven

    left = [True, True, True, False]
    monkeypatch.setattr(
        "mojifix.files.change.proven", lambda text, one: left.pop(0) and proven(text, one)
    )
    before = large.read_bytes()
    done = run("fix", large)
    assert done.exit_code == 2
    assert f"mojifix: {large}: not repaired: the proof" in done.stderr
    assert large.read_bytes() == before
    assert [path.name for path in large.parent.iterdir()] == [large.name]


def test_a_large_file_that_changes_meanwhile_is_left(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mojifix.files.change import planned

    def interfering(*args: object) -> object:
        large.write_bytes(b"changed" + large.read_bytes())
        return planned(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("mojifix.files.change.planned", interfering)
    done = run("fix", large)
    assert done.exit_code == 2
    assert "changed while" in done.stderr
    assert large.read_bytes().startswith(b"changed")


def test_comments_hold_across_pieces(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    filler = "plain\n" * 20
    text = f"# mojifix: off\n{filler}{DAMAGED}{filler}# mojifix: on\n{filler}{DAMAGED}"
    path.write_bytes(text.encode())
    assert run("fix", path).exit_code == 0
    assert path.read_bytes() == text[: -len(DAMAGED)].encode() + REPAIRED.encode()


def test_a_large_file_may_be_kept_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(("# mojifix: ignore-file\n" + DAMAGED * 20).encode())
    done = run("fix", path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.read_bytes().count(DAMAGED.encode()) == 20


def test_a_large_binary_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(b"\0" + DAMAGED.encode() * 20)
    done = run("fix", path)
    assert done.exit_code == 0
    assert "left alone: binary" in done.stderr


def test_parts_in_another_charset_are_left_and_told(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    chinese = "这个文件的编码不是统一码，而是国标码。\n".encode("gbk")
    data = b"plain text, one line of it, and one more\n" * 2 + chinese * 6 + DAMAGED.encode()
    path.write_bytes(data)
    done = run("fix", path)
    assert done.exit_code == 0
    assert "parts left alone: not UTF-8" in done.stderr
    assert chinese * 4 in path.read_bytes()


def test_no_diff_but_findings(large: Path) -> None:
    done = run("fix", "--diff", large)
    assert done.stdout.startswith(f"{large}:2:3: 鈥檚 → ’s")
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.slow
def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    block = b"plain text of a line that is not very long\n" * 25_000
    with path.open("wb") as file:
        for number in range(200):
            file.write(block if number % 2 else block.replace(b"\n", b" "))
        file.write(DAMAGED.encode())
    code = (
        "import resource, sys\n"
        "from mojifix.cli import app\n"
        "try:\n    app(['fix', '-q', '--no-journal', sys.argv[1]])\n"
        "except SystemExit as done:\n"
        "    print(done.code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True)
    status, kilobytes = map(int, done.stdout.split())
    assert status == 0
    assert kilobytes < 200_000
    with path.open("rb") as file:
        file.seek(-len(REPAIRED.encode()), 2)
        assert file.read() == REPAIRED.encode()
