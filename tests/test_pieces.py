"""Files larger than memory: where they are cut, and that nothing else differs."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from mojifix.charsets.charset import encode
from mojifix.cli import app
from mojifix.files.legacy import LEGACY, STATEFUL, UNICODE
from mojifix.files.pieces import cut, cut_up, pieces
from mojifix.files.read import Document, decoded
from mojifix.files.survey import survey

UTF8 = Document(b"", "")
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
    found = list(cut_up(io.BytesIO(data), "utf-8", size))
    assert b"".join(found) == data
    assert all(0 < len(piece) <= 3 * size for piece in found)


@given(st.text(alphabet="aé𝒳\n ", max_size=60), st.integers(8, 40))
def test_text_is_cut_between_characters(text: str, size: int) -> None:
    assert "".join(p.decode() for p in cut_up(io.BytesIO(text.encode()), "utf-8", size)) == text


def test_pieces_know_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mojifix.files.pieces.cut_up", lambda *_: iter([b"a\nb", b"\xc3\xa9c", b"d"])
    )
    found = [(piece.start, piece.line, piece.column) for piece in pieces(io.BytesIO(), UTF8)]
    assert found == [(0, 1, 1), (3, 2, 2), (6, 2, 4)]


def test_only_the_first_piece_has_a_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = b"\xef\xbb\xbf"
    monkeypatch.setattr("mojifix.files.pieces.cut_up", lambda *_: iter([mark + b"a\n", mark]))
    like = replace(UTF8, bom=mark)
    first, second = (piece.document for piece in pieces(io.BytesIO(), like))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.bom, first.text) == (mark, "a\n")
    assert (second.bom, second.text) == (b"", "\ufeff")


# --- the command line -----------------------------------------------------------------------------


def cut_into(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files into pieces of `size` bytes."""
    monkeypatch.setattr(
        "mojifix.files.pieces.cut_up", lambda file, charset: cut_up(file, charset, size)
    )


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a file of a hundred bytes large."""
    monkeypatch.setattr("mojifix.work.LARGE", 100)
    monkeypatch.setattr(
        "mojifix.files.pieces.cut_up", lambda file, charset: cut_up(file, charset, 64)
    )


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


def test_a_large_file_that_is_not_written_says_so(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = large.read_bytes()
    monkeypatch.setattr("mojifix.files.rewrite.Replacement.commit", fail)
    done = run("fix", "--diff", large)
    assert done.exit_code == 2
    assert large.read_bytes() == before
    assert "No space left on device; none of the repairs told of it was made" in done.stderr


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


def test_lines_in_another_charset_are_left_and_told(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    chinese = "这个文件的编码不是统一码，而是国标码。\n".encode("gbk")
    data = "plain café, one line of it, and one more\n".encode() * 40 + chinese * 6
    path.write_bytes(data + DAMAGED.encode())
    done = run("fix", path)
    assert done.exit_code == 0
    assert "mixed: 6 lines in gb" in done.stderr
    assert path.read_bytes() == data + REPAIRED.encode()


def test_no_diff_but_findings(large: Path) -> None:
    done = run("fix", "--diff", large)
    assert done.stdout.startswith(f"{large}:2:3: 鈥檚 → ’s")
    assert len(done.stdout.splitlines()) == 4


# --- other charsets -------------------------------------------------------------------------------

FRENCH = "L’été dernier, la vieille église était fermée à cause des travaux. "
RUSSIAN = "Вчера вечером мы долго гуляли по набережной и говорили о книгах. "
CHINESE = "昨天晚上我们在海边走了很久，谈论了很多关于书的事情。"
JAPANESE = "昨日の夜、私たちは海辺を長い間歩いて、本について話しました。"
TEXTS = {
    "utf-8": FRENCH,
    "utf-16-le": FRENCH,
    "utf-16-be": CHINESE,
    "utf-32-le": FRENCH,
    "utf-32-be": FRENCH,
    "cp1252": FRENCH,
    "cp850": FRENCH.replace("’", "'"),
    "koi8-r": RUSSIAN,
    "cp1251": RUSSIAN,
    "gbk": CHINESE,
    "gb18030": CHINESE + "㐀𠀀",
    "big5": "昨天晚上我們在海邊走了很久，談論了很多關於書的事情。",
    "cp932": JAPANESE,
    "euc-jp": JAPANESE,
    "cp949": "어젯밤 우리는 바닷가를 오래 걸으며 책에 대해 많은 이야기를 나누었다. ",
    "iso-2022-jp": JAPANESE,
}
FITTING = {name for name in TEXTS if name.startswith("utf") or name == "cp1252"}
"""Charsets in which there are the characters of damage, and those of its repair."""


def written(text: str, charset: str) -> bytes:
    if charset in STATEFUL:
        return text.encode(STATEFUL[charset])
    data = text.encode(charset) if charset in UNICODE else encode(text, LEGACY[charset])
    assert data is not None
    return data


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", " "], ids=ascii)
@pytest.mark.parametrize(
    ("charset", "bom"),
    [(name, bom) for name in TEXTS for bom in ("", "\ufeff") if not bom or name[:3] == "utf"],
)
@pytest.mark.parametrize("large", [False, True], ids=["whole", "pieces"])
def test_charset_newlines_and_mark_stay_around_a_repair(
    tmp_path: Path,
    charset: str,
    newline: str,
    bom: str,
    large: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mojifix.work.LARGE", 100 if large else 1 << 23)
    line = TEXTS[charset] + newline
    damage, repaired = ("musÃ©e", "musée") if charset in FITTING else ("museum", "museum")
    text = bom + (line * 6 + "{}, plain words and more" + newline) * 3 + line
    path = tmp_path / "large.txt"
    path.write_bytes(written(text.format(*[damage] * 3), charset))
    cut_into(1600, monkeypatch)
    done = run("fix", "--no-journal", path)
    assert done.exit_code == 0, done.stderr
    assert path.read_bytes() == written(text.format(*[repaired] * 3), charset)


@pytest.mark.parametrize("charset", TEXTS)
def test_a_large_file_is_converted_and_put_back(
    tmp_path: Path, charset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (TEXTS[charset] * 5 + "\n") * 9
    path = tmp_path / "large.txt"
    path.write_bytes(written(text, charset))
    cut_into(400, monkeypatch)
    done = run("fix", "--to", "utf-8", "--journal", tmp_path / "journal", path)
    assert done.exit_code == 0
    assert path.read_bytes().decode() == text
    run("undo", tmp_path / "journal")
    assert path.read_bytes() == written(text, charset)


def test_a_large_file_with_lone_surrogates_is_not_converted(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    data = ("\ufeff" + FRENCH * 4).encode("utf-16-le") + b"\x00\xd8a\0"
    path.write_bytes(data)
    done = run("fix", "--to", "utf-8", path)
    assert "left alone: it has lone surrogates" in done.stderr
    assert path.read_bytes() == data


@pytest.mark.parametrize("charset", TEXTS)
def test_the_charset_of_a_large_file_is_told(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(written((TEXTS[charset] * 3 + "\r\n") * 9, charset))
    shown = run("charset", path).stdout
    small = decoded(path.read_bytes())
    assert isinstance(small, Document)
    assert shown.startswith(f"{path}: {small.charset} ")
    assert shown.endswith(" crlf\n")


def test_what_cannot_be_read_decides_the_charset_of_a_large_file() -> None:
    data = (RUSSIAN * 9 + "\n").encode("cp1251") * 1000 + "“Ђ” ".encode("cp1251")
    found = survey(io.BytesIO(data)).document
    assert isinstance(found, Document)
    assert found.charset == "cp1251"


@given(st.text(alphabet="aé€\r\n ", max_size=60), st.sampled_from(["utf-16-le", "utf-32-be"]))
def test_wide_text_is_cut_between_characters(text: str, charset: str) -> None:
    data = (text + "𝒳" * 9).encode(charset)
    parts = list(cut_up(io.BytesIO(data), charset, 12))
    assert "".join(part.decode(charset) for part in parts) == text + "𝒳" * 9


@given(
    st.text(alphabet="a昨天晚上㐀𠀀,", max_size=60), st.sampled_from(["gb18030", "euc-jis-2004"])
)
def test_legacy_text_is_cut_between_characters(text: str, charset: str) -> None:
    name = "gb18030" if charset == "gb18030" else "euc-jp"
    data = text.encode(charset, "ignore")
    parts = list(cut_up(io.BytesIO(data), name, 12))
    assert "".join(part.decode(charset) for part in parts) == data.decode(charset)


# --- memory ---------------------------------------------------------------------------------------

BLOCKS = {
    "utf-8": (b"plain text of a line that is not very long\n" * 25_000, DAMAGED, REPAIRED),
    "utf-16-le": (
        "plain text of a line, café\n".encode("utf-16-le") * 20_000,
        DAMAGED,
        REPAIRED,
    ),
    "cp1252": ((FRENCH + "\n").encode("cp1252") * 16_000, "un musÃ©e\n", "un musée\n"),
    "gbk": ((CHINESE + "\n").encode("gbk") * 20_000, "", ""),
    "mixed": (
        ("plain text, café\n" * 9).encode() * 6_000 + (FRENCH + "\n").encode("cp1252") * 900,
        DAMAGED,
        REPAIRED,
    ),
}


def peak(*args: str | Path) -> tuple[int, int]:
    """Return the exit code of a run, and how many kilobytes it had at most."""
    # What getrusage tells holds the size of the process that started it as well.
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from mojifix.cli import app\n"
        "try:\n    app(sys.argv[1:])\n"
        "except SystemExit as done:\n"
        "    size = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "    print(done.code, size, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, check=True
    )
    status, kilobytes = map(int, done.stderr.split()[-2:])
    return status, kilobytes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "endless"),
    [(kind, endless) for kind in BLOCKS for endless in (False, True) if kind != "mixed"]
    + [("mixed", False)],
)
def test_memory_is_bounded(tmp_path: Path, kind: str, endless: bool) -> None:
    path = tmp_path / "large.txt"
    block, damaged, repaired = BLOCKS[kind]
    charset = "utf-8" if kind == "mixed" else kind
    newline, space = (char.encode(charset) for char in "\n ")
    if endless:
        block = block.replace(newline, space)
    with path.open("wb") as file:
        for _ in range(200 if kind == "utf-8" else 25):
            file.write(block)
        file.write(damaged.encode(charset))
    status, kilobytes = peak("fix", "-q", "--no-journal", path)
    assert status == 0
    assert kilobytes < 200_000
    end = repaired.encode(charset)
    with path.open("rb") as file:
        file.seek(-len(end) or -1, 2)
        assert file.read().endswith(end)
    status, kilobytes = peak("charset", path)
    assert status == 0
    assert kilobytes < 200_000
