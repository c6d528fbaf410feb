"""Files in other charsets than UTF-8, from the command line: what is kept, told and converted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mojifix.charsets.charset import encode
from mojifix.cli import app
from mojifix.files.legacy import LEGACY
from mojifix.files.read import stamp_of

FRENCH = "L’été dernier, la vieille église était fermée à cause des travaux."
DAMAGED = "Elle a visité le musÃ©e de Besançon."
REPAIRED = "Elle a visité le musée de Besançon."
CHINESE = "昨天晚上我们在海边走了很久，谈论了很多关于书的事情。"
RUSSIAN = "Вчера вечером мы долго гуляли по набережной и говорили о книгах."

NEWLINES = ["\n", "\r\n", "\r"]
UNICODE = ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)


def written(text: str, charset: str) -> bytes:
    if charset in UNICODE:
        return text.encode(charset)
    data = encode(text, LEGACY[charset])
    assert data is not None
    return data


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.txt"


# --- repairs in the charset of the file -----------------------------------------------------------


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("ending", ["", "newline"])
@pytest.mark.parametrize("charset", ["cp1252", "mac-roman"])
def test_damage_in_a_legacy_file_is_repaired_in_its_charset(
    file: Path, charset: str, newline: str, ending: str
) -> None:
    ending = newline if ending else ""
    old, new = (f"{FRENCH}\x0c\t{newline}{line}{ending}" for line in (DAMAGED, REPAIRED))
    file.write_bytes(written(old, charset))
    done = run("fix", file)
    assert done.exit_code == 0
    assert file.read_bytes() == written(new, charset)


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("charset", UNICODE)
def test_a_unicode_file_keeps_its_form(file: Path, charset: str, bom: str, newline: str) -> None:
    old, new = (f"{bom}{FRENCH}{newline}{line}{newline}" for line in (DAMAGED, REPAIRED))
    file.write_bytes(written(old, charset))
    assert run("fix", file).exit_code == 0
    assert file.read_bytes() == written(new, charset)


def test_what_does_not_fit_the_charset_is_left_and_told(file: Path) -> None:
    # The damage is Polish in UTF-8, read as cp1252: cp1252 has no ś, ć or ż.
    damaged = "Å›wiadomoÅ›Ä‡ i życie".replace("ż", "z")
    data = written(f"{FRENCH}\n{damaged}\n{DAMAGED}\n", "cp1252")
    file.write_bytes(data)
    done = run("fix", file)
    assert file.read_bytes() == data.replace(b"\xc3\xa9", b"\xe9")
    assert "1 repair does not fit cp1252" in done.stderr
    assert "świadomość" in done.stderr


def test_a_healthy_legacy_file_is_told_and_not_touched(file: Path) -> None:
    file.write_bytes(written(RUSSIAN, "koi8-r"))
    before = file.stat()
    done = run("fix", file)
    assert done.exit_code == 0
    assert re.search("a.txt: in koi8-r [01].[0-9]{2}; --to utf-8 converts it\n", done.stderr)
    assert stamp_of(file.stat()) == stamp_of(before)


def test_an_unsure_charset_is_told_with_its_candidates(file: Path) -> None:
    file.write_bytes(b"a \xc4\n")
    done = run("fix", "--to", "utf-8", file)
    assert done.exit_code == 0
    assert "left alone: not UTF-8 (byte 0xc4 at offset 2); perhaps " in done.stderr
    assert file.read_bytes() == b"a \xc4\n"


def test_invalid_bytes_stay_beside_a_repair(file: Path) -> None:
    old = f"{FRENCH}\n\xff {DAMAGED}\n".encode().replace("\xff".encode(), b"\xff")
    file.write_bytes(old)
    done = run("fix", file)
    assert "1 invalid byte in the UTF-8, left as found" in done.stderr
    assert file.read_bytes() == old.replace("Ã©".encode(), "é".encode())


def test_a_diff_shows_invalid_bytes_as_they_are(file: Path) -> None:
    file.write_bytes(b"caf\xff " + DAMAGED.encode() + b"\n" + FRENCH.encode())
    assert b"\n-caf\xff Elle" in run("check", "--diff", file).stdout_bytes


# --- converting -----------------------------------------------------------------------------------


def test_a_legacy_file_is_converted_on_request(file: Path) -> None:
    file.write_bytes(written(f"{FRENCH}\r\n{DAMAGED}\r\n", "cp1252"))
    done = run("fix", "--to", "utf-8", file)
    assert done.exit_code == 0
    assert file.read_bytes() == f"{FRENCH}\r\n{REPAIRED}\r\n".encode()
    assert "converted from cp1252" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("1 file, 1 repaired, 1 converted, 1 repair")


def test_a_file_without_damage_is_converted_too(file: Path) -> None:
    file.write_bytes(b"\xff\xfe" + RUSSIAN.encode("utf-16-le"))
    assert run("fix", "--to", "utf-8", file).exit_code == 0
    assert file.read_bytes() == RUSSIAN.encode()


def test_check_tells_what_would_be_converted(file: Path) -> None:
    file.write_bytes(written(RUSSIAN, "cp866"))
    done = run("check", "--to", "utf-8", file)
    assert done.exit_code == 1
    assert "to be converted from cp866" in done.stderr
    assert file.read_bytes() == written(RUSSIAN, "cp866")


def test_a_declaration_that_becomes_wrong_is_told(file: Path) -> None:
    file.write_bytes(written(f'<meta charset="gb2312">{CHINESE}', "gbk"))
    assert f"{file}: still says that it is in gbk" in run("fix", "--to", "utf-8", file).stderr


def test_a_mixed_file_is_told_and_converted_on_request(file: Path) -> None:
    data = f"{CHINESE}\n".encode() * 3 + written("第二天我们又去了那里\n", "gbk")
    file.write_bytes(data)
    told = run("fix", file).stderr
    assert re.search("mixed: 1 line in gbk [01].[0-9]{2}; --to utf-8 converts it\n", told)
    assert file.read_bytes() == data
    assert run("fix", "--to", "utf-8", file).exit_code == 0
    assert file.read_bytes() == f"{CHINESE}\n".encode() * 3 + "第二天我们又去了那里\n".encode()


def test_an_invalid_byte_is_not_converted(file: Path) -> None:
    data = f"{CHINESE}\n".encode() * 3 + "第二天".encode()[:-1]
    file.write_bytes(data)
    assert run("fix", "--to", "utf-8", file).exit_code == 0
    assert file.read_bytes() == data


def test_standard_input_is_converted() -> None:
    done = run("fix", "--to", "utf-8", "-", stdin=written(RUSSIAN, "koi8-r"))
    assert done.stdout_bytes == RUSSIAN.encode()


def test_the_user_may_say_the_charset(file: Path) -> None:
    file.write_bytes(b"a \xc4\n")
    assert run("fix", "--charset", "KOI8-R", "--to", "utf-8", file).exit_code == 0
    assert file.read_text("utf-8") == "a д\n"


def test_an_unknown_charset_is_told_with_the_nearest_one() -> None:
    done = run("check", "--charset", "koi8r7")
    assert done.exit_code == 2
    assert "the nearest one is 'koi8-" in done.stderr


# --- mojifix charset ------------------------------------------------------------------------------

SHOWN = [
    (b"plain\n", "ascii 1.00 lf"),
    (b"", "ascii 1.00 none"),
    ("é\r\n".encode(), "utf-8 1.00 crlf"),
    ("\ufeffé\r".encode(), "utf-8 1.00 cr bom"),
    (written(f"{RUSSIAN}\r\n{RUSSIAN}\n", "koi8-r"), "koi8-r 1.00 mixed"),
    (RUSSIAN.encode("utf-16-be"), "utf-16-be 1.00 none"),
    (b"\0\1\2", "binary"),
    (f"{CHINESE}\n".encode() + b"\xe6\n", "utf-8 1.00 lf with 1 invalid byte"),
    (
        f"{CHINESE}\n".encode() * 2 + written("第二天我们又去了那里\n", "gbk"),
        "utf-8 1.00 lf mixed with gbk 1.00 in 1 line",
    ),
]


@pytest.mark.parametrize(("data", "shown"), SHOWN)
def test_charsets_are_printed(file: Path, data: bytes, shown: str) -> None:
    file.write_bytes(data)
    done = run("charset", file)
    assert done.exit_code == 0
    assert done.stdout.replace("0.99", "1.00") == f"{file}: {shown}\n"


def test_an_unsure_charset_is_printed_with_its_candidates(file: Path) -> None:
    file.write_bytes(b"a \xc4\n")
    assert run("charset", file).stdout.startswith(f"{file}: unknown (perhaps ")


def test_json_has_all_of_it(file: Path) -> None:
    file.write_bytes(f"\ufeff{RUSSIAN}\n".encode())
    assert json.loads(run("charset", "--format", "json", file).stdout) == {
        "path": str(file),
        "charset": "utf-8",
        "confidence": 1.0,
        "newline": "lf",
        "bom": True,
        "binary": False,
        "invalid_bytes": 0,
        "unreadable_lines": 0,
        "second": None,
        "candidates": [],
    }


def test_json_of_a_mixed_file(file: Path) -> None:
    file.write_bytes(f"{CHINESE}\n".encode() * 2 + written("第二天我们又去了那里\n", "gbk"))
    told = json.loads(run("charset", "--format", "json", file).stdout)
    assert told["second"]["charset"] == "gbk"
    assert told["second"]["lines"] == 1


def test_charset_reads_standard_input() -> None:
    done = run("charset", "-", stdin=written(RUSSIAN, "cp1251"))
    assert done.stdout.replace("0.99", "1.00") == "<stdin>: cp1251 1.00 none\n"


def test_charset_walks_folders_and_tells_of_missing_ones(file: Path) -> None:
    file.write_bytes(b"a\n")
    done = run("charset", file.parent, file.parent / "missing")
    assert done.exit_code == 2
    assert done.stdout == f"{file}: ascii 1.00 lf\n"
    assert "missing: No such file" in done.stderr


# --- a few bytes without a character --------------------------------------------------------------


@pytest.fixture
def cut(file: Path) -> bytes:
    """A file in GBK in which the last character of a line was cut, and damage in another one."""
    line = written(CHINESE + "\n", "gbk")
    data = line * 15 + line[:-2] + b"\n" + line * 15 + written("鈥渋t would be good鈥\n", "gbk")
    file.write_bytes(data)
    return data


def test_lines_that_can_be_read_are_repaired_beside_one_that_cannot(file: Path, cut: bytes) -> None:
    done = run("fix", file)
    assert done.exit_code == 0
    assert "in gbk 1.00; 1 line with other bytes, left as found" in done.stderr
    damaged, repaired = (
        written(text, "gbk") for text in ("鈥渋t would be good鈥", "“it would be good”")
    )
    assert file.read_bytes() == cut.replace(damaged, repaired)


def test_a_file_with_a_line_that_cannot_be_read_is_put_back(
    file: Path, cut: bytes, tmp_path: Path
) -> None:
    run("fix", "--journal", tmp_path / "journal", file)
    assert run("undo", tmp_path / "journal").exit_code == 0
    assert file.read_bytes() == cut


@pytest.mark.usefixtures("cut")
def test_a_line_that_cannot_be_read_is_told(file: Path) -> None:
    assert run("charset", file).stdout == f"{file}: gbk 1.00 lf with 1 unreadable line\n"
    told = json.loads(run("charset", "--format", "json", file).stdout)
    assert told["unreadable_lines"] == 1


def test_a_file_with_a_line_that_cannot_be_read_is_not_converted(file: Path, cut: bytes) -> None:
    done = run("fix", "--to", "utf-8", file)
    assert "left alone: gbk has no character for bytes in 1 of its lines" in done.stderr
    assert file.read_bytes() == cut


def test_a_file_with_many_lines_that_cannot_be_read_is_left_alone(file: Path) -> None:
    line = written(CHINESE + "\n", "gbk")
    file.write_bytes((line * 5 + line[:-2] + b"\n") * 9)
    assert "left alone: not UTF-8" in run("fix", file).stderr
