"""What a channel may have done at one place, and what it weighs there."""

from __future__ import annotations

import itertools
import weakref

import pytest

from mojifix.charsets.charset import decode
from mojifix.charsets.damage import through
from mojifix.charsets.registry import CHARSETS, READERS, parse_channel
from mojifix.language.writing import LEAST, scripts_of
from mojifix.repair.decode.evidence import Traits
from mojifix.repair.decode.lost import _STARTS, _lost_starts
from mojifix.repair.lattice.hypothesis import Hypothesis, Settings
from mojifix.repair.lattice.weights import SCRIPTS, Weights


def told(channel: str) -> Hypothesis:
    one = parse_channel(channel)
    return Hypothesis(one, Settings(-9.0, Weights(Traits(), one.read_as)))


def test_a_character_is_read_as_its_bytes() -> None:
    ((_, _, context, _, (emitted, rest, _, _)),) = told("utf-8>cp1252").read("ab", b"\xc3", "©")
    assert (emitted, rest, context) == ("é", b"", "bé")


def test_a_character_that_fits_nowhere_is_not_read() -> None:
    assert told("utf-8>cp1252").read("ab", b"\xc3", "x") == ()


def test_bytes_wait_for_their_character() -> None:
    ((*_, (emitted, rest, _, _)),) = told("utf-8>gbk").read("ab", b"", "鈥")
    assert (emitted, rest) == ("", b"\xe2\x80")


def test_what_a_part_may_have_been_hangs_on_the_reader() -> None:
    assert list(told("utf-8>cp1252:substitute").completed("Ã?", "n")) == ["Á", "Í", "Ï", "Ð", "Ý"]
    assert "É" in told("utf-8>latin-1:question").completed("Ã?", "n")
    assert list(told("utf-8>cp1252:substitute").completed("Ã©", "n")) == []
    assert list(told("utf-8>gbk:drop").completed("鈥", "n")) == []


@pytest.mark.parametrize(
    ("context", "waiting", "following"),
    [("n ", b"\xe2\x80", " "), (", ", b"\xe4\xbd", "。"), ("on", b"\xe2\x80", "s")],
)
def test_steps_of_most_promise_come_first(context: str, waiting: bytes, following: str) -> None:
    steps = told("utf-8>gbk:drop").dropped(context, waiting, following)
    bounds = [bound for bound, *_ in steps]
    assert bounds
    assert bounds == sorted(bounds, reverse=True)


def test_what_waits_has_its_price() -> None:
    ((bound, weight, *_),) = told("utf-8>cp1252").read(". ", b"", "â")
    assert bound < weight


def test_marks_that_may_close_something_are_among_what_was_swallowed() -> None:
    steps = told("utf-8>gbk:swallow").marked("数据", b"\xe3\x80", ";", False)  # noqa: FBT003
    assert {"。'", '。"', "。)"} <= {move[0] for *_, move in steps}


def test_marks_stand_for_characters_that_leave_as_many() -> None:
    channel = parse_channel("utf-8>euc-jp:replace")
    by_marks = told("utf-8>euc-jp:replace").wholly_lost("a ", 3, " ")
    assert by_marks
    for marks, steps in by_marks:
        assert {through(move[0], channel) for *_, move in steps} == {"\ufffd" * marks}


def test_a_lost_letter_is_of_the_script_of_what_was_damaged() -> None:
    korean = Traits(scripts=scripts_of("상품의 이름과 값을 적으세요"))
    plain, weighed = Weights(Traits(), "cp949"), Weights(korean, "cp949")
    assert weighed.lost["* 선"] == pytest.approx(plain.lost["* 선"], abs=0.01)
    assert weighed.lost["* 無"] == pytest.approx(plain.lost["* 無"] + SCRIPTS * LEAST, abs=0.01)


def test_what_was_asked_is_remembered_as_long_as_the_hypothesis_lives() -> None:
    one = told("utf-8>gbk:drop")
    assert one.dropped("n ", b"\xe2\x80", " ") is one.dropped("n ", b"\xe2\x80", " ")
    gone = weakref.ref(one)
    del one
    assert gone() is None


def test_what_follows_tells_which_character_lost_its_first_bytes() -> None:
    steps = told("utf-8>cp949:whatwg").begun_under("\n\n", "놁")
    assert b"\xec\x97" in {move[1] for *_, move in steps}  # 없
    assert len(steps) <= 3


def test_marks_before_the_rest_of_a_character_stand_for_its_beginning() -> None:
    by_marks = told("utf-8>cp949:whatwg").wholly_lost("\n\n", 1, "놁")
    assert not by_marks


@pytest.mark.parametrize(("returns", "expected"), [(True, "。\r"), (False, "。")])
def test_a_reader_that_swallows_takes_what_ends_the_line(*, returns: bool, expected: str) -> None:
    channel = parse_channel("utf-8>cp932:swallow")
    hypothesis = Hypothesis(
        channel, Settings(-9.0, Weights(Traits(), channel.read_as), returns=returns)
    )
    steps = hypothesis.marked("した", b"\xe3\x80", "\n", True)  # noqa: FBT003
    assert expected in {move[0] for *_, move in steps}


@pytest.mark.parametrize("controls", [True, False])
def test_nothing_removed_controls_where_some_stand(*, controls: bool) -> None:
    channel = parse_channel("utf-8>latin-1")
    weights = Weights(Traits(), channel.read_as)
    hypothesis = Hypothesis(channel, Settings(-9.0, weights, controls=controls))
    assert ("c1-removed" in hypothesis.edits) is not controls
    assert "nbsp-to-space" in hypothesis.edits


@pytest.mark.parametrize("reader", [name for name in READERS if CHARSETS[name].leads])
def test_what_is_dropped_hangs_on_the_first_byte_behind_it_alone(reader: str) -> None:
    charset = CHARSETS[reader]
    for pair in itertools.product(range(0x80, 0xC0, 9), range(0x40, 0xFF, 17)):
        data = bytes(pair)
        read = decode(data, charset)
        if read is None or len(read) > 1 or decode(data, charset, "drop") != read:
            continue
        lost = [start for start in _STARTS if decode(start + data, charset, "drop") == read]
        assert list(_lost_starts(data[0], reader, "drop", alone=False)) == lost
