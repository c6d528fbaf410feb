"""Which files a walk takes, and which ones it leaves out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mojifix.files.discover import Selection, Skipped, Source, Unreachable, discover, listed
from mojifix.files.ignore import Patterns


def tree(folder: Path, *names: str, **contents: str) -> Path:
    """Make empty files and, by their names with `_` for the leading dot, files with contents."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    for name, text in contents.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


def walked(folder: Path, selection: Selection | None = None) -> list[str]:
    found = discover([str(folder)], selection or Selection())
    return [Path(x.path).relative_to(folder).as_posix() for x in found if isinstance(x, Source)]


def patterns(base: Path, *lines: str) -> tuple[Patterns, ...]:
    return (Patterns(str(base), lines),)


# --- ignore files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [".gitignore", ".ignore", ".mojifixignore"])
def test_each_ignore_file_is_heeded(tmp_path: Path, name: str) -> None:
    tree(tmp_path, "a.txt", "b.txt")
    (tmp_path / name).write_text("a.*\n", "utf-8")
    assert walked(tmp_path) == ["b.txt"]


def test_without_ignore_files_all_is_walked(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt", _gitignore="a.*", _ignore="*", _mojifixignore="*")
    assert walked(tmp_path, Selection(ignore_files=False)) == ["a.txt", "b.txt"]


def test_our_own_file_outweighs_the_others(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt", _gitignore="*.txt", _ignore="!a.txt", _mojifixignore="a.txt")
    assert walked(tmp_path) == []
    tree(tmp_path, _mojifixignore="!b.txt")
    assert walked(tmp_path) == ["a.txt", "b.txt"]


def test_a_deeper_file_outweighs_those_above(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "in/a.txt", _gitignore="a.txt")
    tree(tmp_path / "in", _gitignore="!a.txt")
    assert walked(tmp_path) == ["in/a.txt"]


def test_ignore_files_above_count_up_to_the_root_of_the_project(tmp_path: Path) -> None:
    project = tree(tmp_path / "p", ".git/x", "in/deep/a.txt", "in/deep/b.txt", "in/deep/c.txt")
    tree(tmp_path, _gitignore="c.txt")
    tree(project, _gitignore="a.txt")
    tree(project / "in", _ignore="b.txt")
    assert walked(project / "in" / "deep") == ["c.txt"]


def test_a_repository_in_a_repository_has_rules_of_its_own(tmp_path: Path) -> None:
    tree(tmp_path, ".git/x", "a.txt", "in/.git/x", "in/a.txt", "in/b.txt", _gitignore="a.txt")
    tree(tmp_path / "in", _gitignore="b.txt")
    assert walked(tmp_path) == ["in/a.txt"]


def test_an_ignored_folder_that_is_named_is_walked(tmp_path: Path) -> None:
    tree(tmp_path, ".git/x", "build/a.txt", _gitignore="build/")
    assert walked(tmp_path) == []
    assert walked(tmp_path / "build") == ["a.txt"]


def test_an_ignored_file_that_is_named_is_taken(tmp_path: Path) -> None:
    tree(tmp_path, ".git/x", "a.txt", _gitignore="*", _mojifixignore="*")
    assert list(discover([str(tmp_path / "a.txt")])) == [
        Source(str(tmp_path / "a.txt"), named=True)
    ]


def test_a_linked_work_tree_has_the_excludes_of_its_repository(tmp_path: Path) -> None:
    tree(tmp_path, "main/.git/info/x", "main/.git/worktrees/w/x", "w/a.txt", "w/b.txt")
    tree(tmp_path / "main/.git/info", exclude="a.txt")
    tree(tmp_path / "main/.git/worktrees/w", commondir="../..\n")
    tree(tmp_path / "w", _git=f"gitdir: {tmp_path}/main/.git/worktrees/w\n")
    assert walked(tmp_path / "w") == ["b.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_ignore_file_that_cannot_be_read_keeps_its_folder_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", _gitignore="")
    (tmp_path / ".gitignore").chmod(0)
    (item,) = discover([str(tmp_path)])
    assert isinstance(item, Unreachable)


def test_a_folder_in_place_of_an_ignore_file_is_told(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", ".gitignore/x")
    (item,) = discover([str(tmp_path)])
    assert item == Unreachable(str(tmp_path / ".gitignore"), "Is a directory")


# --- hidden files ---------------------------------------------------------------------------------


def test_hidden_files_and_folders_are_skipped_in_a_walk(tmp_path: Path) -> None:
    tree(tmp_path, ".a", ".b/c.txt", "d.txt")
    assert walked(tmp_path) == ["d.txt"]


def test_hidden_files_are_walked_on_demand(tmp_path: Path) -> None:
    tree(tmp_path, ".a", ".b/c.txt", "d.txt")
    assert walked(tmp_path, Selection(hidden=True)) == [".a", ".b/c.txt", "d.txt"]


@pytest.mark.parametrize("name", [".git", ".hg", ".jj", ".svn"])
def test_the_folders_of_version_control_are_never_walked(tmp_path: Path, name: str) -> None:
    tree(tmp_path, f"{name}/a.txt", "b.txt")
    assert walked(tmp_path, Selection(hidden=True, ignore_files=False)) == ["b.txt"]


# --- include and exclude --------------------------------------------------------------------------


def test_include_limits_a_walk(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.md", "docs/c.md", "docs/d.txt", "po/e.po")
    assert walked(tmp_path, Selection(include=patterns(tmp_path, "*.md"))) == ["b.md", "docs/c.md"]
    chosen = walked(tmp_path, Selection(include=patterns(tmp_path, "docs/", "/*.txt")))
    assert chosen == ["a.txt", "docs/c.md", "docs/d.txt"]


def test_include_takes_back(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt")
    chosen = walked(tmp_path, Selection(include=patterns(tmp_path, "*.txt", "!b.txt")))
    assert chosen == ["a.txt"]


def test_include_does_not_limit_what_is_named(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    chosen = Selection(include=patterns(tmp_path, "*.md"), force=True)
    assert len(list(discover([str(tmp_path / "a.txt")], chosen))) == 1


def test_exclude_prunes_a_walk(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "data/b.txt", "in/data/c.txt", "in/d.txt")
    assert walked(tmp_path, Selection(exclude=patterns(tmp_path, "data/"))) == ["a.txt", "in/d.txt"]
    chosen = walked(tmp_path, Selection(exclude=patterns(tmp_path, "/data")))
    assert chosen == ["a.txt", "in/d.txt", "in/data/c.txt"]


def test_what_is_named_is_excluded_by_force_only(tmp_path: Path) -> None:
    tree(tmp_path, "data/in/a.txt")
    named = [str(tmp_path / "data" / "in" / "a.txt"), str(tmp_path / "data" / "in")]
    excluded = patterns(tmp_path, "data/")
    assert len(list(discover(named, Selection(exclude=excluded)))) == 1
    assert list(discover(named, Selection(exclude=excluded, force=True))) == []


def test_force_heeds_our_own_ignore_file_but_not_those_of_git(tmp_path: Path) -> None:
    tree(tmp_path, ".git/x", "data/a.txt", "b.txt", _mojifixignore="data/", _gitignore="b.txt")
    named = [str(tmp_path / "data" / "a.txt"), str(tmp_path / "b.txt")]
    assert list(discover(named, Selection(force=True))) == [Source(named[1], named=True)]
    assert len(list(discover(named, Selection(force=True, ignore_files=False)))) == 2


# --- symbolic links -------------------------------------------------------------------------------


def test_links_are_skipped_with_a_note(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    (tmp_path / "link.txt").symlink_to("a.txt")
    noted = [found for found in discover([str(tmp_path)]) if isinstance(found, Skipped)]
    assert noted == [Skipped(str(tmp_path / "link.txt"), "symbolic link; --follow follows it")]


def test_links_are_followed_on_demand(tmp_path: Path) -> None:
    tree(tmp_path, ".git/x", "in/a.txt", "there/b.txt")
    (tmp_path / "in" / "link").symlink_to("../there", target_is_directory=True)
    (tmp_path / "in" / "b.txt").symlink_to("../there/b.txt")
    assert walked(tmp_path / "in", Selection(follow=True)) == ["a.txt", "b.txt"]
    (tmp_path / "in" / "b.txt").unlink()
    assert walked(tmp_path / "in", Selection(follow=True)) == ["a.txt", "link/b.txt"]


def test_followed_links_may_go_round_in_circles(tmp_path: Path) -> None:
    tree(tmp_path, "a/b.txt")
    (tmp_path / "a" / "up").symlink_to("..", target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to("self")
    assert walked(tmp_path, Selection(follow=True)) == ["a/b.txt"]


def test_followed_links_never_leave_the_project(tmp_path: Path) -> None:
    tree(tmp_path, "out/secret.txt", "p/.git/x", "p/a.txt")
    (tmp_path / "p" / "out").symlink_to("../out", target_is_directory=True)
    (tmp_path / "p" / "b.txt").symlink_to("../out/secret.txt")
    found = list(discover([str(tmp_path / "p")], Selection(follow=True)))
    assert [type(one) for one in found] == [Skipped, Skipped, Source]


def test_a_link_does_not_hide_the_file_behind_it_from_git_rules(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", _gitignore="link.txt")
    (tmp_path / "link.txt").symlink_to("a.txt")
    assert list(discover([str(tmp_path)])) == [Source(str(tmp_path / "a.txt"), named=False)]


def test_a_file_reached_in_two_ways_is_taken_once(tmp_path: Path) -> None:
    tree(tmp_path, "in/a.txt")
    (tmp_path / "link").symlink_to("in", target_is_directory=True)
    named = [str(tmp_path / "link" / "a.txt"), str(tmp_path / "in")]
    assert list(discover(named)) == [Source(named[0], named=True)]


# --- odd trees and lists --------------------------------------------------------------------------


def test_deep_trees_are_walked(tmp_path: Path) -> None:
    # Deeper than Python's stack, and within the length of a path.
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(os.open("a.txt", os.O_CREAT, dir_fd=folder))
    os.close(folder)
    try:
        assert [Path(path).name for path in walked(tmp_path)] == ["a.txt"]
    finally:
        # pytest would remove it recursively.
        subprocess.run(["rm", "-r", tmp_path / "d"], check=True)


@pytest.mark.parametrize(
    ("data", "null", "paths"),
    [
        (b"", False, []),
        (b"a b\n\nc\n", False, ["a b", "c"]),
        (b"a", False, ["a"]),
        (b"a\nb\0c\0", True, ["a\nb", "c"]),
        (b"caf\xe9\n", False, [os.fsdecode(b"caf\xe9")]),
        (b"a\r\nb\r\n", False, ["a", "b"]),
        (b"a\r\nb\n", False, ["a\r", "b"]),
    ],
)
def test_paths_are_listed(data: bytes, null: bool, paths: list[str]) -> None:
    assert listed(data, null) == paths
