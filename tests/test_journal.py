"""The journal and undo: what is written down, what is put back, and what is not believed."""

from __future__ import annotations

import io
import json
import os
import subprocess
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojifix.files import journal as module
from mojifix.files.change import Change, Patch, patched
from mojifix.files.journal import Journal, Malformed, NoJournal, patches_of, read_journal
from mojifix.files.precautions import Precautions
from mojifix.files.read import read
from mojifix.files.rewrite import rewrite
from mojifix.files.roots import Git
from mojifix.files.undo import Undone, undo

OLD, NEW = b"one two three", b"1 two 3"
PATCHES = (Patch(0, b"one", b"1"), Patch(8, b"three", b"3"))


def hexdigest(data: bytes) -> str:
    return sha256(data).hexdigest()


def silent(_: str) -> None:
    pass


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root"
    path.mkdir()
    return path


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def fix(
    file: Path, journal: Journal, old: bytes = OLD, patches: tuple[Patch, ...] = PATCHES
) -> None:
    file.write_bytes(old)
    change = Change(patches, hexdigest(old), hexdigest(patched(old, patches)))
    rewrite(str(file), change, read(str(file))[1], Precautions(journal=journal))


def put_back(journal: Path) -> list[Undone]:
    with journal.open("rb") as file:
        return list(undo(file, Precautions()))


def lines(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.read_bytes().splitlines()]


# --- writing --------------------------------------------------------------------------------------


def test_a_change_is_written_down(root: Path, written: Path) -> None:
    journal = Journal(str(root), str(written), silent)
    fix(root / "a.txt", journal)
    journal.close()
    assert lines(written) == [
        {"mojifix": "journal", "version": 1, "root": str(root)},
        {
            "path": "a.txt",
            "patches": [[0, b"one".hex(), b"1".hex()], [8, b"three".hex(), b"3".hex()]],
            "before": hexdigest(OLD),
            "after": hexdigest(NEW),
        },
    ]


def test_only_the_user_may_read_a_journal(root: Path, written: Path) -> None:
    Journal(str(root), str(written), silent).close()
    assert written.stat().st_mode & 0o777 == 0o600


def test_a_journal_never_takes_the_place_of_another_file(root: Path, written: Path) -> None:
    written.write_bytes(b"precious")
    with pytest.raises(NoJournal, match="File exists"):
        Journal(str(root), str(written), silent)
    assert written.read_bytes() == b"precious"


def test_without_a_path_the_journal_is_made_when_it_is_needed(root: Path, journals: Path) -> None:
    told: list[str] = []
    journal = Journal(str(root), None, told.append)
    assert not journals.exists()
    fix(root / "a.txt", journal)
    journal.close()
    assert [str(path) for path in journals.iterdir()] == told


def test_many_patches_take_several_lines(
    root: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINE", 3)
    journal = Journal(str(root), str(written), silent)
    fix(root / "a.txt", journal)
    journal.close()
    assert ["before" in line for line in lines(written)] == [False, False, False, True]
    assert [one.outcome for one in put_back(written)] == ["back"]
    assert (root / "a.txt").read_bytes() == OLD


def test_what_was_not_replaced_after_all_is_dropped(
    root: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no")

    journal = Journal(str(root), str(written), silent)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="no"):
            fix(root / "a.txt", journal)
    journal.close()
    assert lines(written)[-1] == {"path": "a.txt", "dropped": True}
    assert put_back(written) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_journal_that_cannot_be_written_stops_the_write(root: Path) -> None:
    journal = Journal(str(root), None, silent)
    full = io.FileIO("/dev/full", "w")
    journal._file, journal.path = full, "/dev/full"
    with pytest.raises(NoJournal, match="No space left"):
        fix(root / "a.txt", journal)
    full.close()
    assert (root / "a.txt").read_bytes() == OLD
    assert os.listdir(root) == ["a.txt"]


def test_a_line_that_was_cut_off_by_a_full_disk_is_taken_back(
    root: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        if name == "journal-half-written":
            raise OSError(28, "No space left on device")

    journal = Journal(str(root), str(written), silent)
    with monkeypatch.context() as patch:
        patch.setattr("mojifix.files.faults.point", fail)
        with pytest.raises(NoJournal):
            fix(root / "a.txt", journal)
    fix(root / "b.txt", journal)
    journal.close()
    assert [one.outcome for one in put_back(written)] == ["back"]
    assert (root / "b.txt").read_bytes() == OLD


def test_a_file_outside_of_the_root_is_not_written(root: Path, written: Path) -> None:
    journal = Journal(str(root), str(written), silent)
    outside = root.parent / "a.txt"
    with pytest.raises(OSError, match="outside"):
        fix(outside, journal)
    journal.close()
    assert outside.read_bytes() == OLD


# --- git ------------------------------------------------------------------------------------------


@pytest.fixture
def tracked(root: Path) -> Path:
    file = root / "sub" / "a\n\u00e9.txt"
    file.parent.mkdir()
    file.write_bytes(OLD)
    for command in (["init", "-q"], ["add", "."]):
        try:
            subprocess.run(["git", *command], cwd=root, check=True)
        except FileNotFoundError:
            pytest.skip("needs git")
    return file


def test_git_keeps_a_tracked_file_of_a_clean_work_tree(tracked: Path) -> None:
    assert Git().keeps(str(tracked))


def test_git_does_not_keep_an_untracked_file(tracked: Path) -> None:
    other = tracked.parent / "b.txt"
    other.touch()
    assert not Git().keeps(str(other))
    assert Git().keeps(str(tracked))


def test_git_does_not_keep_the_files_of_a_dirty_work_tree(tracked: Path) -> None:
    (tracked.parent / "b.txt").write_bytes(OLD)
    subprocess.run(["git", "add", "."], cwd=tracked.parent, check=True)
    (tracked.parent / "b.txt").write_bytes(NEW)
    assert not Git().keeps(str(tracked))


def test_a_work_tree_that_we_made_dirty_was_clean(tracked: Path) -> None:
    other = tracked.parent / "b.txt"
    other.write_bytes(OLD)
    subprocess.run(["git", "add", "."], cwd=tracked.parent, check=True)
    git = Git()
    assert git.keeps(str(tracked))
    tracked.write_bytes(NEW)
    assert git.keeps(str(other))


def test_git_does_not_keep_a_file_that_was_edited_since_it_was_asked(tracked: Path) -> None:
    git = Git()
    assert git.keeps(str(tracked))
    tracked.write_bytes(NEW)
    assert not git.keeps(str(tracked))


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_git_does_not_keep_the_edits_of_a_file_that_it_does_not_look_at(
    tracked: Path, mark: str
) -> None:
    subprocess.run(["git", "update-index", mark, tracked.name], cwd=tracked.parent, check=True)
    tracked.write_bytes(NEW)
    assert not Git().keeps(str(tracked))


def test_git_does_not_keep_line_ends_that_it_converts(tracked: Path, root: Path) -> None:
    (root / ".gitattributes").write_text("* text=auto\n")
    tracked.write_bytes(b"a\r\n")
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    assert not Git().keeps(str(tracked))


def test_git_does_not_keep_what_is_outside_of_a_work_tree(tmp_path: Path) -> None:
    assert not Git().keeps(str(tmp_path / "a.txt"))


@pytest.mark.usefixtures("tracked")
def test_no_monitor_of_an_unknown_work_tree_is_run(tracked: Path, root: Path) -> None:
    monitor = root / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch '{root}/ran'\n")
    monitor.chmod(0o755)
    subprocess.run(["git", "config", "core.fsmonitor", str(monitor)], cwd=root, check=True)
    assert Git().keeps(str(tracked))
    assert not (root / "ran").exists()


# --- undo -----------------------------------------------------------------------------------------


@pytest.fixture
def journal(root: Path, written: Path) -> Path:
    """Return the journal of a run that changed a.txt and b.txt."""
    one = Journal(str(root), str(written), silent)
    fix(root / "a.txt", one)
    fix(root / "b.txt", one)
    one.close()
    return written


def test_files_are_put_back_the_last_one_first(root: Path, journal: Path) -> None:
    assert put_back(journal) == [
        Undone(str(root / "b.txt"), "back"),
        Undone(str(root / "a.txt"), "back"),
    ]
    assert (root / "a.txt").read_bytes() == (root / "b.txt").read_bytes() == OLD


def test_what_was_put_back_stays(journal: Path, root: Path) -> None:
    with journal.open("rb") as file:
        next(undo(file, Precautions()))  # and is interrupted
    assert [one.outcome for one in put_back(journal)] == ["already", "back"]
    assert [one.outcome for one in put_back(journal)] == ["already", "already"]
    assert (root / "a.txt").read_bytes() == (root / "b.txt").read_bytes() == OLD


def test_a_file_that_changed_since_is_left(journal: Path, root: Path) -> None:
    (root / "b.txt").write_bytes(b"changed")
    first, second = put_back(journal)
    assert (first.outcome, second.outcome) == ("failed", "back")
    assert "changed since" in first.reason
    assert (root / "b.txt").read_bytes() == b"changed"


def test_a_file_that_is_gone_is_told(journal: Path, root: Path) -> None:
    (root / "b.txt").unlink()
    assert [one.outcome for one in put_back(journal)] == ["failed", "back"]


def test_a_folder_that_became_a_link_out_of_the_root_is_not_followed(
    root: Path, written: Path
) -> None:
    (root / "sub").mkdir()
    one = Journal(str(root), str(written), silent)
    fix(root / "sub" / "a.txt", one)
    one.close()
    (root / "sub").rename(root.parent / "elsewhere")
    (root / "sub").symlink_to("../elsewhere")
    (failed,) = put_back(written)
    assert "leads out" in failed.reason
    assert (root.parent / "elsewhere" / "a.txt").read_bytes() == NEW


def test_names_that_are_not_utf8_are_put_back(root: Path, written: Path) -> None:
    name = os.fsdecode(b"-a\n\xff\xe9.txt")
    one = Journal(str(root), str(written), silent)
    try:
        fix(root / name, one)
    except OSError:
        pytest.skip("the file system takes no such names")
    finally:
        one.close()
    assert written.read_bytes().isascii()
    assert put_back(written) == [Undone(str(root / name), "back")]
    assert (root / name).read_bytes() == OLD


# --- journals that are cut off or made up ---------------------------------------------------------


def test_a_journal_that_is_cut_off_says_so_and_serves_for_the_rest(
    journal: Path, root: Path
) -> None:
    data = journal.read_bytes()
    for length in range(data.index(b"\n") + 1, len(data)):
        journal.write_bytes(data[:length])
        with journal.open("rb") as file:
            found = read_journal(file)
        whole = data[:length].count(b"\n") - 1
        assert len(found.entries) == whole
        assert found.cut is not data[:length].endswith(b"\n")
    outcomes = [one.outcome for one in put_back(journal)]
    assert outcomes == ["back", "failed"]
    assert (root / "a.txt").read_bytes() == OLD


@pytest.mark.parametrize("length", [0, 1, 30])
def test_a_journal_without_a_whole_first_line_is_none(journal: Path, length: int) -> None:
    journal.write_bytes(journal.read_bytes()[:length])
    with pytest.raises(Malformed):
        put_back(journal)


DIGESTS = {"before": hexdigest(OLD), "after": hexdigest(NEW)}
GOOD: dict[str, Any] = {"path": "a.txt", "patches": [[0, "6f6e65", "31"]], **DIGESTS}


@pytest.mark.parametrize(
    "entry",
    [
        [],
        1,
        {},
        GOOD | {"path": "../a.txt"},
        GOOD | {"path": "/etc/passwd"},
        GOOD | {"path": "a//b"},
        GOOD | {"path": "./a"},
        GOOD | {"path": ""},
        GOOD | {"path": "a\0b"},
        GOOD | {"path": "\ud800"},
        GOOD | {"path": 1},
        GOOD | {"patches": {}},
        GOOD | {"patches": [[0, "6f6e65"]]},
        GOOD | {"patches": [[-1, "6f6e65", "31"]]},
        GOOD | {"patches": [[True, "6f6e65", "31"]]},
        GOOD | {"patches": [[0.0, "6f6e65", "31"]]},
        GOOD | {"patches": [[0, "6f6e6", "31"]]},
        GOOD | {"patches": [[0, "zz", "31"]]},
        GOOD | {"patches": [[0, "6F", "31"]]},
        GOOD | {"patches": [[4, "6f", "31"], [4, "6f", "31"]]},
        GOOD | {"before": "abc"},
        GOOD | {"before": ""},
        GOOD | {"after": None},
    ],
)
def test_a_made_up_entry_is_refused_before_anything_is_written(
    journal: Path, root: Path, entry: object
) -> None:
    with journal.open("ab") as file:
        file.write(json.dumps(entry).encode() + b"\n")
    with pytest.raises(Malformed, match="line 4"):
        put_back(journal)
    assert (root / "a.txt").read_bytes() == NEW


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\xff", b"[" * 100_000, b'{"path": ' + b"9" * 5000 + b"}", b"NaN", b"\0"]
)
def test_a_line_that_is_no_json_is_refused(journal: Path, line: bytes) -> None:
    with journal.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(Malformed, match="line 4"):
        put_back(journal)


@pytest.mark.parametrize(
    "header",
    [
        {"mojifix": "journal", "version": 2, "root": "/"},
        {"mojifix": "journal", "version": 1, "root": "here"},
        {"mojifix": "journal", "version": 1},
        {"mojifix": "diary", "version": 1, "root": "/"},
        {"mojifix": "journal", "version": 1, "root": "/\0"},
    ],
)
def test_a_journal_of_another_kind_is_refused(written: Path, header: dict[str, object]) -> None:
    written.write_text(json.dumps(header) + "\n")
    with pytest.raises(Malformed):
        put_back(written)


def test_a_line_that_is_too_long_is_refused(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 100)
    with pytest.raises(Malformed, match="too long"):
        put_back(journal)


def test_patches_that_do_not_lead_back_are_not_made(journal: Path, root: Path) -> None:
    text = journal.read_text().replace(b"one".hex(), b"uno".hex(), 1)
    journal.write_text(text)
    first, second = put_back(journal)
    assert (first.outcome, second.outcome) == ("back", "failed")
    assert (root / "a.txt").read_bytes() == NEW
    assert sorted(os.listdir(root)) == ["a.txt", "b.txt"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "path": st.sampled_from(["a.txt", "../x", "b", "a\0"]) | JSON,
        "patches": st.lists(
            st.tuples(st.integers(-1, 20), st.sampled_from(["", "6f", "zz"]), st.just("31")) | JSON
        )
        | JSON,
        "before": st.sampled_from([hexdigest(OLD), hexdigest(NEW), ""]) | JSON,
        "after": st.sampled_from([hexdigest(OLD), hexdigest(NEW), ""]) | JSON,
        "dropped": st.booleans() | JSON,
    },
)


@given(
    st.lists(
        ENTRIES.map(lambda one: json.dumps(one).encode()) | st.binary(max_size=40), max_size=6
    ),
    st.booleans(),
    st.integers(0, 400),
)
@settings(deadline=None, max_examples=300, derandomize=True)
def test_a_journal_of_any_bytes_is_read_or_refused(
    entries: list[bytes], headed: bool, cut: int
) -> None:
    header = [b'{"mojifix":"journal","version":1,"root":"/nowhere/at/all"}'] if headed else []
    file = io.BytesIO(b"\n".join([*header, *entries, b""])[: cut or None])
    try:
        found = read_journal(file)
    except Malformed:
        return
    for entry in found.entries:
        assert all(patch.start >= 0 for patch in patches_of(entry, file))
        assert not entry.path.startswith(("/", ".."))


@given(flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=3))
@settings(deadline=None, max_examples=200, derandomize=True)
def test_flipped_bytes_of_a_journal_never_make_a_file_of_other_bytes(
    flips: list[tuple[float, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    root = folder / "root"
    root.mkdir()
    one = Journal(str(root), str(folder / "journal"), silent)
    fix(root / "a.txt", one)
    one.close()
    raw = bytearray((folder / "journal").read_bytes())
    for place, byte in flips:
        raw[int(place * len(raw))] = byte
    (folder / "journal").write_bytes(raw)
    with suppress(Malformed):
        put_back(folder / "journal")
    assert (root / "a.txt").read_bytes() in {OLD, NEW}
    assert os.listdir(root) == ["a.txt"]
