"""The rules of the house that can be read off the source: who imports whom, and who does I/O."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import mojifix

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
    "work": 7,
    "run": 8,
    "cli": 9,
    "__main__": 10,
}
"""A room imports from itself and from rooms of lower rank; files and report are neighbours."""

STEPS = {
    "proof": 0,
    "reading": 0,
    "splice": 1,
    "gate": 2,
    "decode": 3,
    "lattice": 4,
    "judge": 5,
    "inert": 5,
    "find": 6,
    "peel": 7,
    "": 8,  # mojifix/repair/__init__.py
}
"""A step of `repair` imports from itself and from steps of lower rank."""

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


def step(parts: tuple[str, ...]) -> str:
    """Return the step of `repair` that the names of a module within it begin with."""
    return "" if not parts or parts[0] == "__init__.py" else parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted((PACKAGE / "repair").rglob("*.py")), ids=module_id)
def test_steps_of_repair_import_one_way(path: Path) -> None:
    here = step(path.relative_to(PACKAGE / "repair").parts)
    for name in imports(parsed(path)):
        if name.startswith("mojifix.repair."):
            there = step(tuple(name.split(".")[2:]))
            assert there == here or STEPS[there] < STEPS[here], f"{here} imports {name}"


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


def modules_after(code: str) -> set[str]:
    """Return the modules that `code` loads beyond those that Python starts with."""
    code = (
        f"import sys; before = set(sys.modules); {code}; "
        "print(*(set(sys.modules) - before), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    return set(done.stdout.split())


def test_importing_the_library_loads_next_to_nothing() -> None:
    loaded = modules_after("import mojifix")
    assert {name for name in loaded if name.startswith("mojifix")} == {
        "mojifix",
        "mojifix.__about__",
        "mojifix.repair",
    }
    assert not loaded & {"dataclasses", "re", "typing"}


def test_ascii_text_is_repaired_without_charsets_and_languages() -> None:
    loaded = modules_after("import mojifix; mojifix.repair('plain'); mojifix.fix_text('plain')")
    assert {name for name in loaded if name.startswith("mojifix")} == {
        "mojifix",
        "mojifix.__about__",
        "mojifix.model",
        "mojifix.repair",
    }


def test_public_names_are_there_before_they_are_loaded() -> None:
    loaded = modules_after("from mojifix import *; channels, damage, Policy; import mojifix")
    assert {"mojifix.charsets.damage", "mojifix.charsets.registry", "mojifix.model"} <= loaded


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mojifix.nothing  # type: ignore[attr-defined]


@pytest.mark.slow
def test_starting_takes_little_longer_than_what_is_loaded_anyway(tmp_path: Path) -> None:
    """Held to half as much again as bench/startup.py is, which says what the times are."""
    small = tmp_path / "small.txt"
    small.write_text("small\n", "utf-8")
    commands = {
        "python": ["-c", ""],
        "typer": ["-c", "import typer"],
        "library": ["-c", "import mojifix"],
        "check": ["-m", "mojifix", "check", str(small)],
    }
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(7):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, *command], check=True, capture_output=True, cwd=PACKAGE.parent
            )
            best[name] = min(best[name], time.perf_counter() - began)
    assert best["check"] < 3 * best["typer"]
    assert best["library"] - best["python"] < (best["typer"] - best["python"]) / 3


NOT_FOR_A_CLEAN_FILE = IMPORTED_WHERE_USED - {"typer"} | {
    "hashlib",
    "json",
    "multiprocessing",
    "secrets",
    "tomllib",
}

ONLY_FOR_REPAIRS = {
    "mojifix.charsets.registry",
    "mojifix.files.change",
    "mojifix.files.detect",
    "mojifix.files.journal",
    "mojifix.files.legacy",
    "mojifix.files.rewrite",
    "mojifix.files.undo",
    "mojifix.language",
    "mojifix.pool",
    "mojifix.repair.peel",
    "mojifix.report.diff",
}
"""Or for files in other charsets, or for many files."""


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
    assert not modules & ONLY_FOR_REPAIRS


def test_a_clean_file_is_checked_without_the_language_model(
    clean_check: tuple[set[str], set[str]],
) -> None:
    _, opened = clean_check
    assert "small.txt" in opened
    assert "model.bin" not in opened


@pytest.mark.parametrize("name", sorted(set(mojifix.__all__) - {"__version__"}))
def test_annotations_are_found_at_runtime(name: str) -> None:
    """DuckDB and pydantic, among others, look at them."""
    public = getattr(mojifix, name)
    assert typing.get_type_hints(public)
