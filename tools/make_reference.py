"""Write `docs/reference.md` from the command line and the settings.

python tools/make_reference.py      # writes; a test proves that the file is what this makes
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from mojifix.cli import app
from mojifix.config import PER_PATH, Settings, hints, key

REFERENCE = Path(__file__).parents[1] / "docs" / "reference.md"

HEAD = """\
# Reference

Every command, option and key. This page is written by `tools/make_reference.py`; what the options
mean together is told in [configuration.md](configuration.md).
"""

ABOUT_KEYS = """\
## Keys

Keys of `mojifix.toml`, and of `[tool.mojifix]` in `pyproject.toml`. A key that is an option has a
variable in the environment, too: its name in capitals after `MOJIFIX_`, with `_` for `-`, such as
`MOJIFIX_MIN_CONFIDENCE`. White space parts the items of a list there. Keys that are marked *by
path* may stand in `[[overrides]]` as well.
"""


def reference() -> str:
    """Return the page."""
    group: Any = typer.main.get_command(app)
    commands: dict[str, Any] = group.commands
    parts = [HEAD, "## Commands\n"]
    parts += [_command(name, command) for name, command in commands.items()]
    parts += ["## Options\n", "| option | meaning | commands |\n|---|---|---|"]
    parts += [*_options(commands), "", ABOUT_KEYS, *_keys()]
    return "\n".join(parts) + "\n"


def _command(name: str, command: Any) -> str:
    pieces = " ".join(command.collect_usage_pieces(typer.Context(command)))
    told = re.sub(r"(?<!\n)\n(?!\n)", " ", command.help.strip())
    return f"### `mojifix {name} {pieces}`\n\n{told}\n"


def _options(commands: dict[str, Any]) -> Iterator[str]:
    """Yield a row for each option, in the order in which the commands have them."""
    rows: dict[str, list[str]] = {}
    for name, command in commands.items():
        for option in command.params:
            if option.param_type_name == "option":
                rows.setdefault(f"{_spelling(option)} | {option.help}", []).append(name)
    for row, names in rows.items():
        yield f"| {row} | {'all' if len(names) == len(commands) else ', '.join(names)} |"


def _spelling(option: Any) -> str:
    names = [*sorted(option.opts, key=len), *option.secondary_opts]
    if not option.is_flag:
        values = option.type_descriptor.choices
        value = "\\|".join(values) if values else option.metavar
        names[-1] += f" {value}"
    return ", ".join(f"`{name}`" for name in names)


def _keys() -> Iterator[str]:
    yield "| key | value | default | |\n|---|---|---|---|"
    for field in fields(Settings):
        by_path = "by path" if field.name in PER_PATH else ""
        default = _written(field.default)
        yield f"| `{key(field.name)}` | {_value(field.name)} | {default} | {by_path} |"


def _value(name: str) -> str:
    hint = hints()[name]
    if get_origin(hint) is Literal:
        return ", ".join(f'`"{value}"`' for value in get_args(hint))
    if hint in (bool, bool | None):
        return "true or false"
    return {int: "whole number", float: "number", str: "string"}.get(hint, "list of strings")


def _written(default: Any) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return "`[]`"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


if __name__ == "__main__":
    REFERENCE.write_text(reference(), "utf-8")
