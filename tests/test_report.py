"""Views of repairs: diff, lines, summary, explanation."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojifix import repair as repaired
from mojifix.charsets.registry import CHARSETS, parse_channel
from mojifix.model import Kind, Layer, Repair, Result, rounded
from mojifix.report.concise import concise, span, still_there
from mojifix.report.diff import Style, unified
from mojifix.report.escape import escaped, shown_path, visible
from mojifix.report.explain import explain, lost_bytes
from mojifix.report.summary import Tally

GBK = (Layer(parse_channel("utf-8>gbk")),)


def a_repair(
    start: int, before: str, after: str, kind: Kind = "exact", confidence: float = 0.999
) -> Repair:
    return Repair(start, start + len(before), before, after, GBK, kind, 0, confidence)


def replaced(text: str, before: str, after: str) -> list[Repair]:
    return [a_repair(found.start(), before, after) for found in re.finditer(before, text)]


def after_repairs(text: str, repairs: list[Repair]) -> str:
    for repair in reversed(repairs):
        text = text[: repair.start] + repair.after + text[repair.end :]
    return text


# --- escape ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("a\x9bb", r"a\x9bb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\nb\rc", r"a\nb\rc"),
        ("\udc80", r"\udc80"),
        ("tab\tand é 鈥 👨‍👩‍👧", "tab\tand é 鈥 👨‍👩‍👧"),
    ],
)
def test_what_acts_on_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(("text", "shown"), [("\xa0", r"\xa0"), ("a\xa0b", "a\xa0b"), (" ", " ")])
def test_text_that_would_look_like_nothing_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_escaped_text_is_one_line_that_can_be_written(text: str) -> None:
    visible(text).encode()
    assert len(visible(text).splitlines()) <= 1


def test_a_path_with_bytes_that_are_not_utf8_is_shown() -> None:
    assert shown_path(os.fsdecode(b"a\xff\n\xc3\xa9")) == r"a\xff\né"


# --- concise --------------------------------------------------------------------------------------


def test_a_finding_has_path_line_and_column_in_code_points() -> None:
    text = "x\r\n𝒳 鈥渋t\n"
    (line,) = concise("a.txt", text, [a_repair(5, "鈥渋", "“i")])
    assert line == "a.txt:2:3: 鈥渋 → “i [utf-8>gbk, exact, 0.99]"


def test_findings_on_one_line_have_their_own_columns() -> None:
    text = "\nAB AB\nAB"
    places = [line.split(": ")[0] for line in concise("a", text, replaced(text, "AB", "x"))]
    assert places == ["a:2:1", "a:2:4", "a:3:1"]


def test_layers_are_named_in_the_order_of_damage() -> None:
    layers = (*GBK, Layer(parse_channel("utf-8>gb18030:drop")))
    (line,) = concise("a", "x", [Repair(0, 1, "x", "y", layers, "restored", 1, 0.5)])
    assert line == "a:1:1: x → y [utf-8>gbk + utf-8>gb18030, restored, 0.50]"


@pytest.mark.parametrize(
    ("confidence", "shown"), [(0.999999, "0.99"), (1.0, "1.00"), (0.29, "0.29"), (0.9499, "0.94")]
)
def test_confidence_is_rounded_down(confidence: float, shown: str) -> None:
    assert rounded(confidence) == shown


def test_suspected_spans_move_with_the_repairs_before_them() -> None:
    repairs = (a_repair(0, "AAAA", "a"), a_repair(8, "BB", "bbb"))
    suspected = (a_repair(5, "x", "y"), a_repair(11, "x", "y"))
    result = Result("a xxx bbb x", "AAAA xxxBB x", repairs, suspected)
    assert [span(finding)[0] for finding in still_there(result)] == [2, 9]


# --- diff -----------------------------------------------------------------------------------------


def applied(diff: str, old: str) -> str:
    """Apply a unified diff as strictly as possible, independently of how it was made."""
    lines = re.findall(r"[^\n]*\n", diff)
    source = re.findall(r"[^\n]*\n|[^\n]+", old)
    result: list[str] = []
    at = 0
    place = 2
    while place < len(lines):
        header = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", lines[place])
        assert header, lines[place]
        start, count, new_start, new_count = (
            int(number) if number else 1 for number in header.groups()
        )
        start -= bool(count)
        result += source[at:start]
        at = start
        assert len(result) == new_start - bool(new_count)
        place += 1
        begin = at, len(result)
        while place < len(lines) and lines[place][0] in " -+":
            sign, line = lines[place][0], lines[place][1:]
            place += 1
            if place < len(lines) and lines[place].startswith("\\"):
                line = line[:-1]
                place += 1
            if sign != "+":
                assert source[at] == line
                at += 1
            if sign != "-":
                result.append(line)
        assert (at - begin[0], len(result) - begin[1]) == (count, new_count)
    return "".join([*result, *source[at:]])


@given(st.data())
def test_a_diff_gives_the_repaired_text(data: st.DataObject) -> None:
    text = data.draw(st.text("ab\n", min_size=1, max_size=60))
    cuts = data.draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted))
    repairs = [
        a_repair(start, text[start:end], data.draw(st.text("xy\n", max_size=3)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    diff = "".join(unified("a.txt", text, repairs))
    assert applied(diff, text) == after_repairs(text, repairs)


def test_a_diff_has_three_lines_of_context_and_joins_near_changes() -> None:
    text = "".join(f"{number}\n" for number in range(1, 30))
    repairs = [a_repair(text.index(line) + 1, line[1:-1], "x") for line in ("\n5\n", "\n12\n")]
    repairs.append(a_repair(text.index("\n25\n") + 1, "25", "x"))
    headers = [line for line in unified("a", text, repairs) if line.startswith("@@")]
    assert headers == ["@@ -2,14 +2,14 @@\n", "@@ -22,7 +22,7 @@\n"]


def test_adjacent_changed_lines_are_removed_together() -> None:
    diff = "".join(unified("a", "AB\nAB\n", replaced("AB\nAB\n", "AB", "x")))
    assert diff == "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-AB\n-AB\n+x\n+x\n"


def test_a_missing_final_newline_is_told() -> None:
    diff = "".join(unified("a", "AB", replaced("AB", "AB", "x")))
    missing = "\\ No newline at end of file\n"
    assert diff == f"--- a/a\n+++ b/a\n@@ -1 +1 @@\n-AB\n{missing}+x\n{missing}"


def test_without_repairs_there_is_no_diff() -> None:
    assert list(unified("a", "text", [])) == []


NAMES = ["plain.txt", "sub/é.txt", "two words.txt", 'qu"ote\\.txt', "new\nline.txt", "tab\t.txt"]


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_diff_applies_with_git(tmp_path: Path, name: str, ending: str, bom: str) -> None:
    text = f"鈥渋t\x1b[0m is\r\n{'same' + ending if ending else 'same '}cafÃ©{ending}"
    repairs = [a_repair(0, "鈥渋", "“i"), *replaced(text, "Ã©", "é")]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((bom + text).encode())
    diff = "".join(unified(name, text, repairs, bom=bom)).encode()
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn"], input=diff, cwd=tmp_path, check=True, timeout=60
    )
    assert path.read_bytes() == (bom + after_repairs(text, repairs)).encode()


def test_an_absolute_path_is_relative_in_the_header() -> None:
    header = list(unified("/tmp/a", "AB\n", replaced("AB\n", "AB", "x")))[:2]
    assert header == ["--- a/tmp/a\n", "+++ b/tmp/a\n"]


def test_a_safe_diff_shows_no_active_characters() -> None:
    text = "\x1b[2JAB\u202e\r\n"
    diff = "".join(unified("a", text, replaced(text, "AB", "x"), Style(safe=True), "\ufeff"))
    assert diff.endswith("-\\x1b[2JAB\\u202e\r\n+\\x1b[2Jx\\u202e\r\n")
    assert "\ufeff" not in diff


def test_colours_add_nothing_but_colours() -> None:
    text = "one\nAB two\nthree\n"
    plain, coloured = (
        "".join(unified("a", text, replaced(text, "AB", "x"), Style(safe=True, colour=colour)))
        for colour in (False, True)
    )
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert "\x1b[31m-\x1b[7mAB\x1b[27m two\x1b[0m\n" in coloured


# --- summary --------------------------------------------------------------------------------------


def a_result(*repairs: Repair, suspected: tuple[Repair, ...] = ()) -> Result:
    return Result("", "", repairs, suspected)


def test_the_summary_counts_repairs_by_kind_and_channel() -> None:
    tally = Tally()
    one, two = a_repair(0, "A", "a"), a_repair(1, "B", "b", "restored")
    tally.add_fixed(a_result(one, two, two, suspected=(one,)))
    tally.add_fixed(a_result())
    tally.add_left_alone()
    assert tally.line() == (
        "2 files, 1 repaired, 3 repairs (2 restored, 1 exact; 3 utf-8>gbk), 1 suspected, "
        "1 left alone"
    )


def test_the_summary_of_nothing_says_so() -> None:
    tally = Tally()
    tally.add_checked(a_result())
    assert tally.line() == "1 file, nothing to repair"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], 0),
        (["add_fixed"], 0),
        (["add_checked"], 1),
        (["add_left_alone"], 0),
        (["add_checked", "add_error"], 2),
    ],
)
def test_the_exit_code_follows_from_the_counts(steps: list[str], code: int) -> None:
    tally = Tally()
    for step in steps:
        result = [a_result(a_repair(0, "A", "a"))] if step.endswith("ed") else []
        getattr(tally, step)(*result if step != "add_left_alone" else [])
    assert tally.exit_code == code


def test_quotations_are_counted_with_what_repairs_them() -> None:
    tally = Tally()
    tally.add_checked(a_result(suspected=(a_repair(0, "A", "a", "quoted"),)))
    assert tally.line() == "1 file, nothing to repair, 1 quoted (--include-quoted repairs them)"


def test_what_is_suspected_leaves_the_exit_code() -> None:
    tally = Tally()
    tally.add_checked(a_result(suspected=(a_repair(0, "A", "a", "suspected"),)))
    assert tally.exit_code == 0


# --- explain --------------------------------------------------------------------------------------


def explained(*repairs: Repair) -> str:
    return "\n".join(explain(Result("text", "text", repairs)))


def test_a_text_without_findings_says_so() -> None:
    assert list(explain(Result("fine", "fine"))) == [
        "nothing found: no part of this text looks mis-decoded"
    ]


def test_an_explanation_shows_the_bytes_and_which_were_lost() -> None:
    layers = (Layer(parse_channel("utf-8>gbk:drop")),)
    alternatives = (("—", 0.02), ("…", 0.01))
    shown = explained(Repair(5, 6, "鈥", "”", layers, "restored", 1, 0.97, alternatives))
    assert "” written as utf-8: E2 80 9D" in shown
    assert "read as gbk: 鈥 (bytes without a character dropped)" in shown
    assert "lost: 9D at byte 2" in shown
    assert "restored, confidence 0.97" in shown
    assert "— 0.02" in shown


def test_an_explanation_shows_each_layer() -> None:
    layer = Layer(parse_channel("utf-8>cp1252"))
    shown = explained(Repair(0, 4, "ÃƒÂ©", "é", (layer, layer), "exact", 0, 1.0))
    assert "é written as utf-8: C3 A9" in shown
    assert "Ã© written as utf-8: C3 83 C2 A9" in shown


def test_an_explanation_tells_of_dead_text() -> None:
    (line,) = explain(repaired("锟斤拷锟斤拷"))
    assert line == "unrecoverable: 锟斤拷锟斤拷, code points 0 to 6"


def test_an_explanation_tells_what_a_reader_did_with_two_bytes() -> None:
    layers = (Layer(parse_channel("utf-8>gbk:swallow")),)
    shown = explained(Repair(0, 2, "鈥?", "—1", layers, "restored", 1, 1.0))
    assert "(bytes without a character, and the byte after each, replaced by ?)" in shown


def test_an_explanation_names_edits() -> None:
    layers = (Layer(parse_channel("utf-8>cp1252"), ("nbsp-to-space",)),)
    assert "edited afterwards: nbsp-to-space" in explained(
        Repair(0, 2, "Ã ", "à", layers, "exact", 0, 1.0)
    )


@pytest.mark.parametrize(
    ("data", "reader", "loss", "lost"),
    [
        (b"\xe2\x80\x9d", "gbk", "drop", [(2, 3)]),
        (b"\xe2\x80\x9d", "gbk", "", [(2, 3)]),
        (b"\xe2\x80\x931", "gbk", "swallow", [(2, 4)]),
        (b"\xe2\x80\x931", "gbk", "question", [(2, 3)]),
        (b"\xe2\x80\x9ci", "gbk", "drop", []),
        (b"abc", "gbk", "drop", []),
        ("à”".encode(), "cp1252", "replace", [(4, 5)]),
        ("à”".encode(), "cp1252", "whatwg", []),
        ("円".encode(), "cp932", "nakaguro-swallow", [(2, 3)]),
    ],
)
def test_lost_bytes_are_found(
    data: bytes, reader: str, loss: str, lost: list[tuple[int, int]]
) -> None:
    assert list(lost_bytes(data, CHARSETS[reader], loss)) == lost
