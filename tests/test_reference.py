"""The reference is what its tool makes of the command line."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import get_type_hints

from mojifix.cli import FixOptions
from mojifix.config import hints, key

TOOL = Path(__file__).parents[1] / "tools" / "make_reference.py"


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_its_tool_makes() -> None:
    made = tool()
    assert made.REFERENCE.read_text("utf-8") == made.reference(), "run tools/make_reference.py"


def test_every_option_and_key_is_in_the_reference() -> None:
    page = tool().reference()
    assert [name for name in get_type_hints(FixOptions) if f"--{key(name)}" not in page] == []
    assert [name for name in hints() if f"| `{key(name)}` |" not in page] == []
