"""The rules of the house that can be read off the source: who imports whom, and who does I/O."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mojifix"

RANKS = {
    "__about__": 0,
    "model": 0,
    "charsets": 1,
    "language": 2,
    "repair": 3,
    "": 4,  # mojifix/__init__.py
    "files": 5,
    "report": 5,
    "config": 6,
    "pool": 6,
    "run": 7,
    "cli": 8,
    "__main__": 9,
}
"""A room imports from itself and from rooms of lower rank; files and report are neighbours."""

CORE = {"__about__", "model", "charsets", "language", "repair", ""}

IMPORTED_WHERE_USED = {
    "ftfy",
    "typer",
    "rich",
    "chardet",
    "charset_normalizer",
    "pathspec",
    "pydantic",
    "pyarrow",
}

IO_MODULES = {"io", "os", "pathlib", "shutil", "socket", "subprocess", "sys", "tempfile"}

IO_CALLS = {
    "get_data",
    "input",
    "open",
    "print",
    "read_bytes",
    "read_text",
    "write_bytes",
    "write_text",
}

ALLOWED_IO = {
    ("language/__init__.py", "get_data"),  # the model, as package data
    ("language/ngrams.py", "sys"),  # sys.byteorder
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            yield node.module or ""
            if node.module == "mojifix":
                yield from (f"mojifix.{alias.name}" for alias in node.names)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def module_id(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", modules(), ids=module_id)
def test_imports_run_one_way(path: Path) -> None:
    here = room(path)
    for name in imports(parsed(path)):
        parts = name.split(".")
        if parts[0] == "mojifix" and len(parts) > 1 and parts[1] in RANKS:
            there = parts[1]
            assert there == here or RANKS[there] < RANKS[here], f"{here} imports {name}"


def test_every_room_has_a_rank() -> None:
    assert {room(path) for path in modules()} <= set(RANKS)


@pytest.mark.parametrize("path", modules(), ids=module_id)
def test_only_the_command_line_imports_typer(path: Path) -> None:
    found = {name.split(".")[0] for name in imports(parsed(path))}
    assert "click" not in found
    assert "typer" not in found or room(path) == "cli"


@pytest.mark.parametrize("path", [path for path in modules() if room(path) in CORE], ids=module_id)
def test_the_core_does_no_io(path: Path) -> None:
    tree = parsed(path)
    used = {name.split(".")[0] for name in imports(tree)} & IO_MODULES
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", None))
            if called in IO_CALLS:
                used.add(called)
    where = module_id(path)
    assert {name for name in used if (where, name) not in ALLOWED_IO} == set()


def test_importing_the_library_loads_the_standard_library_and_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import mojifix; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    loaded = set(done.stdout.split())
    assert "mojifix" in loaded
    assert not loaded & IMPORTED_WHERE_USED
    assert loaded - {"mojifix"} <= set(sys.stdlib_module_names)


NOT_FOR_A_CLEAN_FILE = IMPORTED_WHERE_USED - {"typer"} | {"multiprocessing", "tomllib"}


def traces(folder: Path, *args: str) -> tuple[set[str], set[str]]:
    """Run the command in `folder`; return the modules that it loaded and the files it opened."""
    code = (
        "import sys\nopened = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0])))\n"
        "from mojifix.__main__ import main\n"
        "try: main()\n"
        "finally: print('\\n', '|'.join(sys.modules), '\\n', '|'.join(opened), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
    )
    modules, opened = done.stderr.splitlines()[-2:]
    return set(modules.strip().split("|")), {Path(p).name for p in opened.strip().split("|")}


@pytest.fixture(scope="module")
def clean_check(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    folder = tmp_path_factory.mktemp("clean")
    (folder / "small.txt").write_text("small\n", "utf-8")
    return traces(folder, "check", "small.txt")


def test_a_clean_file_is_checked_without_what_it_does_not_need(
    clean_check: tuple[set[str], set[str]],
) -> None:
    modules, _ = clean_check
    assert "mojifix.run" in modules
    assert not {name.partition(".")[0] for name in modules} & NOT_FOR_A_CLEAN_FILE


def test_a_clean_file_is_checked_without_the_language_model(
    clean_check: tuple[set[str], set[str]],
) -> None:
    _, opened = clean_check
    assert "small.txt" in opened
    assert "model.bin" not in opened
