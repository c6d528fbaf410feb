"""Settings: where they come from, which ones win, and what is said about wrong ones."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from mojifix.cli import FixOptions, app
from mojifix.config import PER_PATH, Config, Misconfigured, Settings, hints, key, load, nearest_file
from mojifix.files.ignore import Patterns
from mojifix.model import Policy

CONFIG_ONLY = {"ignore_strings", "ignore_patterns"}
"""Settings that are too unwieldy for a command line."""

CLI_ONLY = {
    "config",
    "isolated",
    "files_from",
    "null",
    "stdin_filename",
    "journal",
    "no_journal",
}
"""Options that say where settings and paths come from, or are about one run."""

DAMAGED = "It鈥檚 a cafÃ©.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project under version control, with a damaged file, as the current folder."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.txt").write_text(DAMAGED, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configured(project: Path, toml: str) -> Path:
    path = project / "mojifix.toml"
    path.write_text(toml, "utf-8")
    return path


def refused(toml: str, project: Path) -> str:
    """Return what is said about a configuration, without the path."""
    path = configured(project, toml)
    with pytest.raises(Misconfigured) as caught:
        load({})
    return str(caught.value).removeprefix(f"{path}: ")


def check(*args: str, env: dict[str, str] | None = None) -> Any:
    return CliRunner().invoke(app, ["check", *args], env=env)


# --- the one list of settings ---------------------------------------------------------------------


def test_settings_and_options_are_the_same() -> None:
    options = set(get_type_hints(FixOptions))
    assert options - CLI_ONLY == set(hints()) - CONFIG_ONLY


def test_settings_cover_the_policy() -> None:
    names = {field.name for field in fields(Policy)}
    assert names - {"channels"} | {"channel"} <= set(hints())


def test_the_defaults_are_those_of_the_library() -> None:
    assert Settings().policy == Policy()


def test_settings_by_path_are_settings() -> None:
    assert set(hints()) >= PER_PATH


# --- anything at all ------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from([*map(key, hints()), "overrides", "paths"]) | st.text(max_size=5)


def toml(value: Any) -> str:
    """Write a value in TOML, in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return str(value)
    return '""' if value is None else json.dumps(value)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=3))
def test_any_configuration_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, Any], override: dict[str, Any]
) -> None:
    # Not above the folders of other tests, which would heed it.
    path = tmp_path_factory.mktemp("fuzz") / "mojifix.toml"
    lines = [f"{json.dumps(name)} = {toml(value)}" for name, value in table.items()]
    for name, value in override.items():
        lines.append(f"[[overrides]]\npaths = ['a']\n{json.dumps(name)} = {toml(value)}")
    path.write_text("\n".join(lines), "utf-8", "surrogatepass")
    with suppress(Misconfigured):
        assert load({}, [], str(path)).at("a").policy


@given(st.binary(max_size=50))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    # Not above the folders of other tests, which would heed it.
    path = tmp_path_factory.mktemp("fuzz") / "mojifix.toml"
    path.write_bytes(data)
    with suppress(Misconfigured):
        load({}, [], str(path))


# --- which file -----------------------------------------------------------------------------------


def test_the_nearest_file_counts(project: Path) -> None:
    (project / "in" / "deep").mkdir(parents=True)
    outer = configured(project, "")
    inner = configured(project / "in", "")
    assert nearest_file(str(project / "in" / "deep")) == str(inner)
    assert nearest_file(str(project)) == str(outer)


def test_no_file_above_the_root_of_the_project_counts(project: Path) -> None:
    inner = project / "sub"
    (inner / ".git").mkdir(parents=True)
    configured(project, "")
    assert nearest_file(str(inner)) is None


def test_our_own_file_comes_before_the_shared_one(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.mojifix]\n", "utf-8")
    assert nearest_file(str(project)) == str(project / "pyproject.toml")
    assert nearest_file(str(project)) != str(configured(project, ""))
    assert nearest_file(str(project)) == str(project / "mojifix.toml")


def test_a_shared_file_without_a_section_does_not_count(project: Path) -> None:
    (project / "in").mkdir()
    (project / "in" / "pyproject.toml").write_text("[project]\nname = 'mojifix'\n", "utf-8")
    outer = configured(project, "")
    assert nearest_file(str(project / "in")) == str(outer)


def test_the_file_is_that_of_what_the_paths_have_in_common(project: Path) -> None:
    for name, confidence in (("one", 0.5), ("two", 0.6)):
        (project / name).mkdir()
        configured(project / name, f"min-confidence = {confidence}")
    configured(project, "min-confidence = 0.7")
    assert load({}, ["one/a", "one/b"]).settings.min_confidence == 0.5
    assert load({}, ["one/a", "two/b"]).settings.min_confidence == 0.7
    assert load({}, []).settings.min_confidence == 0.7


def test_a_file_may_be_named(project: Path) -> None:
    configured(project, "min-confidence = 0.7")
    other = project / "other.toml"
    other.write_text("min-confidence = 0.6", "utf-8")
    assert load({}, [], str(other)).settings.min_confidence == 0.6


def test_isolation_leaves_files_alone(project: Path) -> None:
    configured(project, "mystery = 1")
    assert load({}, [], isolated=True) == Config(Settings())


# --- which one wins -------------------------------------------------------------------------------


def test_the_command_line_outweighs_the_environment_and_that_the_file(project: Path) -> None:
    configured(project, 'channel = ["utf-8>koi8-r"]')
    assert check("a.txt").exit_code == 0
    env = {"MOJIFIX_CHANNEL": "utf-8>cp1252"}
    assert "[utf-8>cp1252, exact" in check("a.txt", env=env).stdout
    assert "utf-8>gbk" not in check("a.txt", env=env).stdout
    assert "[utf-8>gbk, exact" in check("a.txt", "--channel", "utf-8>gbk", env=env).stdout


def test_a_switch_can_be_turned_off_again(project: Path) -> None:
    configured(project, "quiet = true")
    assert check("a.txt").output == ""
    assert check("a.txt", "--no-quiet").output != ""
    assert check("a.txt", env={"MOJIFIX_QUIET": "0"}).output != ""


def test_added_exclusions_add_up_and_others_replace(project: Path) -> None:
    configured(project, 'exclude = ["a"]\nextend-exclude = ["b"]')
    given = {"exclude": ["c"], "extend_exclude": ["d"]}
    lines = [patterns.lines for patterns in load(given).settings.selection.exclude]
    assert lines == [("c",), ("b",), ("d",)]


def test_patterns_are_relative_to_where_they_were_given(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "in").mkdir()
    configured(project, 'exclude = ["/a"]')
    monkeypatch.chdir(project / "in")
    settings = load({"include": ["/b"]}).settings
    assert settings.exclude == Patterns(str(project), ("/a",))
    assert settings.include == Patterns(str(project / "in"), ("/b",))


# --- by path --------------------------------------------------------------------------------------

OVERRIDES = """
restore = false

[[overrides]]
paths = ["in/", "*.po"]
min-confidence = 0.5
restore = true

[[overrides]]
paths = ["in/a.txt"]
min-confidence = 0.6
"""


def test_overrides_are_for_the_paths_that_match(project: Path) -> None:
    configured(project, OVERRIDES)
    config = load({})
    assert config.at("a.txt").restore is False
    assert config.at("x.po").restore is True
    assert config.at("in/deep/b.txt").min_confidence == 0.5


def test_the_last_override_wins(project: Path) -> None:
    configured(project, OVERRIDES)
    settings = load({}).at("in/a.txt")
    assert (settings.min_confidence, settings.restore) == (0.6, True)


def test_what_is_given_outweighs_overrides(project: Path) -> None:
    configured(project, OVERRIDES)
    assert load({"min_confidence": 0.99}).at("in/a.txt").min_confidence == 0.99


def test_overrides_change_what_is_repaired(project: Path) -> None:
    configured(project, '[[overrides]]\npaths = ["a.txt"]\nchannel = ["utf-8>cp1252"]')
    assert "utf-8>gbk" not in check().stdout
    assert "utf-8>cp1252" in check().stdout


def test_overrides_know_standard_input_by_its_name(project: Path) -> None:
    configured(project, '[[overrides]]\npaths = ["a.txt"]\nchannel = ["utf-8>koi8-r"]')
    runner = CliRunner()
    assert runner.invoke(app, ["check", "-"], input=DAMAGED).exit_code == 1
    named = runner.invoke(app, ["check", "-", "--stdin-filename", "a.txt"], input=DAMAGED)
    assert named.exit_code == 0


# --- what can't be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("mim-confidence = 1", "mim-confidence: unknown; the nearest one is 'min-confidence'"),
        ("override = 1", "override: unknown; the nearest one is 'overrides'"),
        ("min-confidence = 'high'", "min-confidence: expected a number, not a string"),
        ("min-confidence = true", "min-confidence: expected a number, not true or false"),
        ("min-confidence = 2", "min-confidence: 2 is not in the range from 0 to 1"),
        ("min-confidence = nan", "min-confidence: nan is not in the range from 0 to 1"),
        ("restore = 1", "restore: expected true or false, not 1"),
        ("max-layers = 1.5", "max-layers: expected a whole number, not 1.5"),
        ("max-layers = 0", "max-layers: 0 is not 1 or more"),
        ("jobs = -1", "jobs: -1 is not 0 or more"),
        ("undecided = 'x'", "undecided: expected one of 'mark', 'keep', 'guess', not a string"),
        ("channel = 'utf-8>gbk'", "channel: expected a list of strings, not a string"),
        ("exclude = [1]", "exclude: expected a list of strings, not a list"),
        ("channel = ['utf8>gkb']", "channel: unknown channel 'utf8>gkb'; the nearest one is"),
        ("ignore-patterns = ['(']", "ignore-patterns: '(' is no regular expression"),
        ("exclude = ['a\\']", "exclude: 'a\\' is no pattern"),
        ("overrides = 1", "overrides: expected tables, [[overrides]]"),
        ("[[overrides]]\nrestore = true", "overrides[0].paths: missing"),
        (
            "[[overrides]]\npaths = []\nresto = true",
            "overrides[0].resto: unknown; the nearest one is 'restore'",
        ),
        ("[[overrides]]\npaths = []\nhidden = true", "overrides[0].hidden: unknown"),
        ("min-confidence", "no TOML: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place(project: Path, toml: str, reason: str) -> None:
    assert refused(toml, project).startswith(reason)


def test_what_is_like_no_setting_is_told_without_a_hint(project: Path) -> None:
    assert refused("zzz = 1", project) == "zzz: unknown"


def test_a_file_that_is_no_text_is_told(project: Path) -> None:
    (project / "mojifix.toml").write_bytes(b"\xff")
    with pytest.raises(Misconfigured, match=r"mojifix\.toml: no TOML"):
        load({})


def test_the_section_of_the_shared_file_is_named(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.mojifix]\nrestore = 1\n", "utf-8")
    with pytest.raises(Misconfigured, match=r"pyproject\.toml: tool\.mojifix\.restore: expected"):
        load({})
    (project / "pyproject.toml").write_text("[tool]\nmojifix = 1\n", "utf-8")
    with pytest.raises(Misconfigured, match=r"pyproject\.toml: tool\.mojifix: expected a table"):
        load({})


def test_a_named_file_without_a_section_is_told(project: Path) -> None:
    (project / "pyproject.toml").write_text("", "utf-8")
    with pytest.raises(Misconfigured, match=r"no section \[tool\.mojifix\]"):
        load({}, [], str(project / "pyproject.toml"))


def test_tools_are_a_table(project: Path) -> None:
    (project / "pyproject.toml").write_text("# mojifix\ntool = 1\n")
    with pytest.raises(Misconfigured, match=r"pyproject\.toml: tool: expected a table"):
        load({})


def test_toml_that_is_too_deep_is_told(project: Path) -> None:
    (project / "mojifix.toml").write_text("x = " + "[" * 20_000)
    with pytest.raises(Misconfigured, match="no TOML"):
        load({})


def test_an_empty_string_is_not_ignored(project: Path) -> None:
    (project / "mojifix.toml").write_text('ignore-strings = [""]\n')
    with pytest.raises(Misconfigured, match="an empty string is everywhere"):
        load({})


def test_a_wrong_configuration_exits_2_and_names_file_and_key(project: Path) -> None:
    path = configured(project, "hiden = true")
    done = check()
    assert done.exit_code == 2
    assert done.stderr == f"mojifix: {path}: hiden: unknown; the nearest one is 'hidden'\n"


@pytest.mark.usefixtures("project")
def test_a_missing_configuration_exits_2() -> None:
    done = check("--config", "missing.toml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "missing.toml: No such file" in done.stderr


@pytest.mark.usefixtures("project")
def test_a_wrong_option_is_named() -> None:
    assert "'--max-layers': 0 is not 1 or more" in check("--max-layers", "0").stderr


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIN_CONFIDENCE", "2"),
        ("MIN_CONFIDENCE", "high"),
        ("JOBS", "many"),
        ("CHANNEL", "klingon"),
        ("RESTORE", "perhaps"),
        ("COLOR", "blue"),
    ],
)
def test_a_wrong_variable_exits_2(name: str, value: str) -> None:
    done = check(env={f"MOJIFIX_{name}": value})
    assert done.exit_code == 2
    assert f"--{key(name.lower())}" in done.stderr.replace("no-restore", "restore")
