"""Ignore files, compared with git on generated trees."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from mojifix.files.discover import Selection, Source, discover
from mojifix.files.ignore import Patterns

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


def walked(folder: Path) -> list[str]:
    """Return the files that a walk of `folder` takes, hidden ones and all, relative to it."""
    found = discover([str(folder)], Selection(hidden=True))
    return [Path(x.path).relative_to(folder).as_posix() for x in found if isinstance(x, Source)]


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def git(folder: Path, *args: str, stdin: bytes = b"") -> bytes:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "core.excludesFile=", *args]
    done = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, check=False, env=env
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


NAMES = ["a", "b", "ab", "a.txt", "b.txt", "build", "x y", "é", "[a]", "#a", "!b", "a\\b", "c\nd"]
PARTS = [
    *NAMES,
    "*",
    "?",
    "**",
    "*.txt",
    "a*",
    "*b",
    "[ab]",
    "[!a]*",
    "[a-c].txt",
    "\\#a",
    "\\!b",
    "\\[a\\]",
    "x\\ y",
    "a?",
    "[]a]",
    "[^b]",
]


def a_pattern(chance: random.Random) -> str:
    parts = [
        p.replace("\n", "") for p in chance.choices(PARTS, k=chance.choice((1, 1, 1, 2, 2, 3)))
    ]
    line = "/".join(parts)
    line = chance.choice(("", "", "", "/", "**/")) + line
    line += chance.choice(("", "", "", "/", "/**", " ", "\r"))
    return chance.choice(("", "", "", "!", "!")) + line


def a_tree(folder: Path, chance: random.Random) -> list[str]:
    """Make files, folders and ignore files; return the files, relative to the root."""
    git(folder, "init", "-q")
    files = set()
    for _ in range(40):
        path = folder.joinpath(*chance.choices(NAMES, k=chance.randint(1, 4)))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue
        if path.is_file():
            files.add(path.relative_to(folder).as_posix())
    folders = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    for one in dict.fromkeys([folder, *chance.sample(folders, min(3, len(folders)))]):
        if ".git" not in one.parts:
            lines = [a_pattern(chance) for _ in range(chance.randint(1, 6))]
            (one / ".gitignore").write_bytes("\n".join(lines).encode())
    (folder / ".git" / "info" / "exclude").write_text(a_pattern(chance), "utf-8")
    return sorted({*files, *(p.relative_to(folder).as_posix() for p in folder.rglob(".gitignore"))})


def ignored_by_git(folder: Path, files: list[str]) -> set[str]:
    listed = "\0".join(files).encode()
    out = git(folder, "check-ignore", "--no-index", "-z", "--stdin", stdin=listed)
    return set(out.decode().split("\0")) - {""}


@needs_git
@pytest.mark.parametrize("seed", range(60))
def test_walks_take_what_git_does_not_ignore(tmp_path: Path, seed: int) -> None:
    files = a_tree(tmp_path, random.Random(seed))
    assert set(walked(tmp_path)) == set(files) - ignored_by_git(tmp_path, files)


@pytest.mark.parametrize(
    ("pattern", "matched", "other"),
    [
        ("*a*b*c", "xaxbxc", "xaxcxb"),
        ("a***b", "ab", "ba"),
        ("*[ab]*?*c", "xbxc", "bc"),
        ("*.*.txt", "a.b.txt", "a.txt"),
        (r"*\**x", "a*bx", "abx"),
        ("*aab*", "aaab", "aa"),
        ("**/a/**/b/**/c", "x/a/b/b/y/c", "a/c/b"),
        ("a/**/b*/**/c", "a/b/x/c", "x/a/b/c"),
    ],
)
def test_several_stars(pattern: str, matched: str, other: str) -> None:
    rules = Patterns("/", (pattern,))
    assert rules.verdict(f"/{matched}", folder=False)
    assert not rules.verdict(f"/{other}", folder=False)


@pytest.mark.parametrize(
    "pattern", ["*" * 60 + "b", "*a" * 30 + "b", "*[ac]?" * 30 + "b", "**/a/" * 9 + "b"]
)
def test_no_pattern_takes_ages(pattern: str) -> None:
    rules = Patterns("/", (pattern,))
    start = time.perf_counter()
    assert not rules.verdict("/" + "a" * 250, folder=False)
    assert not rules.verdict("/" + "a/" * 60 + "c", folder=False)
    assert time.perf_counter() - start < 5
