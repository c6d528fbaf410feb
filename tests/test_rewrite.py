"""Changing files: what is verified before, what is kept, what is refused, what is left behind."""

from __future__ import annotations

import errno
import os
import stat
import struct
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from linecache import getline
from pathlib import Path
from types import FrameType

import pytest

from mojifix.files import leftovers
from mojifix.files import rewrite as rewriting
from mojifix.files.change import Change, Patch, Unverified, patched, patches, planned
from mojifix.files.durable import Refused
from mojifix.files.precautions import Precautions
from mojifix.files.read import Document, Opaque, Stamp, decoded, read, reread
from mojifix.files.rewrite import rewrite
from mojifix.model import Repair, Result
from mojifix.repair import repair
from mojifix.repair.splice.splice import splice

ROOT = Path(__file__).parents[1]
DAMAGED = "It鈥檚 a cafÃ©.\n"


def a_repair(start: int, before: str, after: str) -> Repair:
    return Repair(start, start + len(before), before, after, (), "exact", 0, 1.0)


def hexdigest(data: bytes) -> str:
    return sha256(data).hexdigest()


def change(old: bytes, new: bytes) -> Change:
    return Change((Patch(0, old, new),), hexdigest(old), hexdigest(new))


def stamp(path: Path) -> Stamp:
    return read(str(path))[1]


def write(path: Path, new: bytes, precautions: Precautions | None = None) -> None:
    old = path.read_bytes()
    rewrite(str(path), change(old, new), stamp(path), precautions or Precautions())


def left_beside(path: Path) -> list[str]:
    return sorted(set(os.listdir(path.parent)) - {path.name})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    return path


# --- patches --------------------------------------------------------------------------------------


def test_only_the_spans_are_replaced() -> None:
    data = "\ufeffé\r\n𝒳Ã©\tÃ¨\x7f".encode()
    document = decoded(data)
    assert isinstance(document, Document)
    repairs = [a_repair(4, "Ã©", "é"), a_repair(7, "Ã¨", "è")]
    assert patched(data, patches(document, repairs, data)) == "\ufeffé\r\n𝒳é\tè\x7f".encode()


def test_without_repairs_the_bytes_stay() -> None:
    assert patched("é".encode(), []) == "é".encode()


def test_a_repair_that_changes_no_byte_is_no_patch() -> None:
    document = Document(b"", "é")
    assert list(patches(document, [a_repair(0, "é", "é")], "é".encode())) == []


# --- verification ---------------------------------------------------------------------------------


def plan(text: str, result: Result | None = None) -> Change:
    data = text.encode()
    found = result or repair(text)
    return planned(data, data, Document(b"", text), found, lambda new: repair(new.text))[0]


def test_a_sound_repair_is_planned_with_its_digests() -> None:
    done = plan(DAMAGED)
    assert done.before == hexdigest(DAMAGED.encode())
    assert done.after == hexdigest("It’s a café.\n".encode())
    assert [patch.start for patch in done.patches] == [2, 14]


def test_a_repair_whose_proof_does_not_hold_is_not_planned() -> None:
    sound = repair(DAMAGED)
    wrong = replace(sound.repairs[0], after="’z")
    with pytest.raises(Unverified, match="proof"):
        plan(DAMAGED, replace(sound, repairs=(wrong, *sound.repairs[1:])))


def test_a_repair_of_another_text_is_not_planned() -> None:
    sound = repair(DAMAGED)
    with pytest.raises(Unverified, match="proof"):
        plan(DAMAGED, replace(sound, repairs=(replace(sound.repairs[0], start=1, end=3),)))


def test_a_line_that_a_second_pass_would_repair_again_is_left() -> None:
    text = f"{DAMAGED}{DAMAGED}"
    sound = repair(text)
    half = replace(sound, repairs=sound.repairs[:3], text=splice(text, list(sound.repairs[:3])))
    data = text.encode()
    change, result = planned(data, data, Document(b"", text), half, lambda new: repair(new.text))
    assert [patch.start for patch in change.patches] == [2, 14]
    assert result.text == f"It’s a café.\n{DAMAGED}"
    assert [one.start for one in result.suspected] == [sound.repairs[2].start]


def test_what_a_second_pass_repairs_elsewhere_is_not_planned() -> None:
    sound = repair(f"clean\n{DAMAGED}")
    found = replace(sound, repairs=sound.repairs[:1])
    with pytest.raises(Unverified, match="second pass"):
        planned(
            data := sound.original.encode(),
            data,
            Document(b"", sound.original),
            replace(found, text=splice(sound.original, list(found.repairs))),
            lambda _: replace(sound, repairs=(replace(sound.repairs[0], start=0, end=1),)),
        )


@pytest.mark.parametrize(
    ("read_again", "reason"),
    [(Opaque("no text here", binary=True), "no text here"), (Document(b"", "a"), "another text")],
)
def test_bytes_that_do_not_read_as_the_repaired_text_are_not_planned(
    monkeypatch: pytest.MonkeyPatch, read_again: Document | Opaque, reason: str
) -> None:
    monkeypatch.setattr("mojifix.files.change.reread", lambda *_: read_again)
    with pytest.raises(Unverified, match=reason):
        plan(DAMAGED)


@pytest.mark.parametrize("charset", ["cp1252", "utf-16-le", "gbk", "utf-8"])
def test_a_document_reads_the_same_again(charset: str) -> None:
    mark = b"\xff\xfe" if charset == "utf-16-le" else b""
    document = Document(mark, "café", charset)
    data = mark + (document.encode("café") or b"")
    assert reread(data, document) == replace(document, data=data)


@pytest.mark.parametrize(
    ("charset", "data"), [("gbk", b"\x81"), ("utf-16-le", b"a"), ("utf-8", b"a")]
)
def test_what_does_not_read_in_its_charset_is_opaque(charset: str, data: bytes) -> None:
    mark = b"\xef\xbb\xbf" if charset == "utf-8" else b""
    assert isinstance(reread(data, Document(mark, "", charset)), Opaque)


def test_a_place_that_is_undecided_is_proven_by_one_of_its_readings() -> None:
    sound = repair(DAMAGED).repairs[0]
    readings = (("’z", 0.6), (sound.after, 0.4))
    undecided = replace(sound, kind="undecided", after="\ufffds", alternatives=readings)
    result = replace(repair(DAMAGED), repairs=(undecided, *repair(DAMAGED).repairs[1:]))
    assert plan(DAMAGED, result).patches[0].new == "\ufffds".encode()


# --- what is kept ---------------------------------------------------------------------------------


def test_a_file_gets_its_new_bytes(file: Path) -> None:
    write(file, b"new bytes")
    assert file.read_bytes() == b"new bytes"
    assert left_beside(file) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o4755])
def test_the_mode_is_kept(file: Path, mode: int) -> None:
    file.chmod(mode)
    write(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(file: Path) -> None:
    os.chown(file, 12345, 23456)
    file.chmod(0o6755)
    write(file, b"new")
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
    write(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


def set_attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except (OSError, AttributeError):
        pytest.skip("the file system has no such attributes")


def test_extended_attributes_are_kept(file: Path) -> None:
    set_attribute(file, "user.origin", b"crawl")
    write(file, b"new")
    assert os.getxattr(file, "user.origin") == b"crawl"


def test_the_acl_is_kept(file: Path) -> None:
    # Version 2, then tag, permissions and id: owner rw, user 12345 r, group r, mask r, others none.
    entries = ((1, 6, -1), (2, 4, 12345), (4, 4, -1), (16, 4, -1), (32, 0, -1))
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    set_attribute(file, "system.posix_acl_access", acl)
    write(file, b"new")
    assert os.getxattr(file, "system.posix_acl_access") == acl


def test_a_file_whose_attributes_cannot_be_kept_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_attribute(file, "user.origin", b"crawl")
    monkeypatch.setattr("shutil.copystat", lambda *_: None)
    with pytest.raises(Refused, match="extended attributes"):
        write(file, b"new")
    assert file.read_bytes() == b"old"
    assert left_beside(file) == []


def test_the_time_of_modification_is_new(file: Path) -> None:
    os.utime(file, (1, 1))
    write(file, b"new")
    assert file.stat().st_mtime > 1_000_000


def test_a_symlink_stays_and_its_target_is_rewritten(file: Path) -> None:
    (file.parent / "sub").mkdir()
    link = file.parent / "sub" / "link"
    link.symlink_to("../a.txt")
    write(link, b"new")
    assert os.readlink(link) == "../a.txt"
    assert file.read_bytes() == b"new"


# --- what is refused ------------------------------------------------------------------------------


def test_a_file_that_changed_since_it_was_read_is_left(file: Path) -> None:
    planned_change, before = change(b"old", b"new"), stamp(file)
    file.write_bytes(b"changed")
    with pytest.raises(Refused, match="changed"):
        rewrite(str(file), planned_change, before)
    assert file.read_bytes() == b"changed"
    assert left_beside(file) == []


def test_a_change_that_the_stamp_does_not_tell_is_noticed(file: Path) -> None:
    status = file.stat()
    planned_change = Change((Patch(0, b"o", b"n"),), hexdigest(b"old"), hexdigest(b"nld"))
    file.write_bytes(b"odd")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(Refused, match="changed"):
        rewrite(str(file), planned_change, stamp(file))
    assert file.read_bytes() == b"odd"


def test_a_file_that_another_run_repaired_alike_is_done(file: Path) -> None:
    planned_change, before = change(b"old", b"new"), stamp(file)
    write(file, b"new")
    rewrite(str(file), planned_change, before)
    assert file.read_bytes() == b"new"
    assert left_beside(file) == []


def test_bytes_that_are_not_those_that_were_verified_are_not_put_in_place(file: Path) -> None:
    wrong = replace(change(b"old", b"new"), after=hexdigest(b"other"))
    with pytest.raises(Refused, match="verified"):
        rewrite(str(file), wrong, stamp(file))
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("mode", [0o444, 0o555, 0])
def test_a_read_only_file_is_left(file: Path, mode: int) -> None:
    planned_change, before = change(b"old", b"new"), stamp(file)
    file.chmod(mode)
    with pytest.raises(OSError, match="read-only"):
        rewrite(str(file), planned_change, before)
    file.chmod(0o600)
    assert file.read_bytes() == b"old"


def test_a_fifo_is_not_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="regular"):
        rewrite(str(tmp_path / "pipe"), change(b"old", b"new"), Stamp(0, 0, 0, 0))


def test_a_folder_that_takes_no_file_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> tuple[int, str]:
        raise PermissionError(errno.EACCES, "Permission denied")

    # Root may write everywhere, so the refusal is faked.
    monkeypatch.setattr(leftovers, "create", refuse)
    with pytest.raises(Refused, match="folder takes no new file: Permission denied"):
        write(file, b"new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_in_a_read_only_folder_is_left(file: Path) -> None:
    file.parent.chmod(0o555)
    try:
        with pytest.raises(Refused, match="folder takes no new file"):
            write(file, b"new")
    finally:
        file.parent.chmod(0o755)
    assert file.read_bytes() == b"old"


# --- hard links -----------------------------------------------------------------------------------


@pytest.fixture
def other(file: Path) -> Path:
    path = file.parent / "b.txt"
    os.link(file, path)
    return path


@pytest.mark.usefixtures("other")
def test_a_file_with_other_hard_links_is_left(file: Path) -> None:
    with pytest.raises(Refused, match="2 hard links"):
        write(file, b"new")
    assert file.read_bytes() == b"old"


def test_hard_links_are_parted_on_demand(file: Path, other: Path) -> None:
    write(file, b"new", Precautions(hardlinks="break"))
    assert (file.read_bytes(), other.read_bytes()) == (b"new", b"old")


@pytest.mark.parametrize("new", [b"newer", b"n", b""])
def test_hard_links_are_written_in_place_on_demand(file: Path, other: Path, new: bytes) -> None:
    write(file, new, Precautions(hardlinks="inplace"))
    assert other.read_bytes() == new
    assert file.stat().st_ino == other.stat().st_ino
    assert left_beside(file) == ["b.txt"]


def test_a_failing_write_in_place_puts_the_old_bytes_back(
    file: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        if name == "in-place-half-written":
            raise OSError(errno.EIO, "broken")

    monkeypatch.setattr("mojifix.files.faults.point", fail)
    with pytest.raises(OSError, match="broken"):
        write(file, b"newer", Precautions(hardlinks="inplace"))
    assert other.read_bytes() == b"old"
    assert left_beside(file) == ["b.txt"]


# --- backups --------------------------------------------------------------------------------------


def test_a_backup_has_the_old_bytes_and_mode_and_time(file: Path) -> None:
    file.chmod(0o640)
    os.utime(file, (1, 1))
    write(file, b"new", Precautions(backup=".orig"))
    backup = file.parent / "a.txt.orig"
    assert backup.read_bytes() == b"old"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o640
    assert backup.stat().st_mtime == 1
    assert backup.stat().st_nlink == 1
    assert left_beside(file) == ["a.txt.orig"]


def test_a_backup_never_takes_the_place_of_another_file(file: Path) -> None:
    backup = file.parent / "a.txt.orig"
    backup.write_bytes(b"precious")
    with pytest.raises(Refused, match=r"a\.txt\.orig exists"):
        write(file, b"new", Precautions(backup=".orig"))
    assert (file.read_bytes(), backup.read_bytes()) == (b"old", b"precious")
    assert left_beside(file) == ["a.txt.orig"]


def test_a_backup_of_the_same_bytes_will_do(file: Path) -> None:
    (file.parent / "a.txt.orig").write_bytes(b"old")
    write(file, b"new", Precautions(backup=".orig"))
    assert file.read_bytes() == b"new"


# --- what is left behind --------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["fsync", "replace", "utime"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_failing_step_leaves_the_old_file_alone_in_its_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert left_beside(file) == []


def test_a_write_that_hits_the_size_limit_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    old = "It鈥檚 here.\n".encode() * 2000
    path.write_bytes(old)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "from mojifix.__main__ import main; "
        "sys.argv[1:] = ['fix', '-q', '--no-journal', sys.argv[1]]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=False)
    assert done.returncode == 2
    assert str(path).encode() in done.stderr
    assert path.read_bytes() == old
    assert left_beside(path) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of open files
@pytest.mark.parametrize("backup", ["", "~"])
def test_an_interrupt_anywhere_leaves_nothing_beside(file: Path, backup: str) -> None:
    for count in range(1000):
        left = count

        def interrupted(frame: FrameType, event: str, _: object) -> object:
            nonlocal left
            code = frame.f_code
            if code.co_filename not in {rewriting.__file__, leftovers.__file__} or left < 0:
                return None
            if code.co_name in {"__exit__", "_remove"}:  # which clear up
                return None
            left -= event == "line" and "_remove(" not in getline(code.co_filename, frame.f_lineno)
            if left < 0:
                raise KeyboardInterrupt
            return interrupted

        before = sys.gettrace()
        sys.settrace(interrupted)
        try:
            write(file, b"new", Precautions(backup=backup))
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
        beside = set(left_beside(file)) - {f"{file.name}{backup}"}
        assert (count, beside) == (count, set())
        if left >= 0:
            break
        file.write_bytes(b"old")
    assert (count > 50, file.read_bytes()) == (True, b"new")


def test_a_leftover_without_an_owner_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".mojifix-0123456789abcdef.tmp").touch()
    assert leftovers.sweep(str(tmp_path)) == []
    assert os.listdir(tmp_path) == []


def test_a_temporary_file_in_use_is_not_swept(tmp_path: Path) -> None:
    path = leftovers.path_in(str(tmp_path))
    handle = leftovers.create(path)
    try:
        # A lock belongs to the handle: another one stands for another process.
        leftovers.sweep(str(tmp_path))
        assert os.path.exists(path)
    finally:
        os.close(handle)
    leftovers.sweep(str(tmp_path))
    assert not os.path.exists(path)


@pytest.mark.parametrize(
    "name", [".mojifix-0123.tmp", ".mojifix-0123456789abcdef.tmp.txt", "mojifix.tmp", ".mojifix"]
)
def test_files_of_others_are_not_swept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    leftovers.sweep(str(tmp_path))
    assert os.listdir(tmp_path) == [name]


def test_a_link_with_the_name_of_a_leftover_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    (tmp_path / ".mojifix-0123456789abcdef.tmp").symlink_to("precious")
    leftovers.sweep(str(tmp_path))
    assert (tmp_path / "precious").exists()


def test_without_locks_only_old_leftovers_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "lock", lambda _: None)
    young, old = (tmp_path / f".mojifix-{16 * digit}.tmp" for digit in "01")
    young.touch()
    old.touch()
    os.utime(old, (1, 1))
    leftovers.sweep(str(tmp_path))
    assert os.listdir(tmp_path) == [young.name]


def cut_off(file: Path, old: bytes, new: bytes) -> None:
    """Leave `file` as a run that was killed while it wrote in place does."""
    name = f".mojifix-{'0' * 16}."
    (file.parent / f"{name}tmp").write_bytes(new)
    (file.parent / f"{name}{file.stat().st_ino}.old").write_bytes(old)


@pytest.mark.parametrize("now", [b"old text", b"new text", b"new woxt", b"new words"])
def test_a_write_in_place_that_was_cut_off_is_taken_back(file: Path, now: bytes) -> None:
    file.write_bytes(now)
    cut_off(file, b"old text", b"new words")
    (note,) = leftovers.sweep(str(file.parent))
    assert str(file) in note
    assert file.read_bytes() == b"old text"
    assert left_beside(file) == []


@pytest.mark.parametrize("kind", ["old", "target"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    name = f".mojifix-{'0' * 16}"
    (tmp_path / f"{name}.tmp").touch()
    os.mkfifo(tmp_path / "pipe")
    old = tmp_path / f"{name}.{(tmp_path / 'pipe').stat().st_ino}.old"
    if kind == "old":
        os.mkfifo(old)
    else:
        old.touch()
    leftovers.sweep(str(tmp_path))
    assert old.exists()


@pytest.mark.parametrize("now", [b"something else", b"new", b""])
def test_a_file_that_was_edited_after_a_write_in_place_was_cut_off_is_left(
    file: Path, now: bytes
) -> None:
    file.write_bytes(now)
    cut_off(file, b"old text", b"new words")
    (note,) = leftovers.sweep(str(file.parent))
    assert "keeps the old bytes" in note
    assert file.read_bytes() == now
    assert any(name.endswith(".old") for name in left_beside(file))
