"""What a policy accepts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import mojifix
from mojifix import Policy


def test_channels_may_be_any_sequence() -> None:
    policy = Policy(channels=["utf-8>gbk"])  # type: ignore[arg-type]
    assert policy.channels == ("utf-8>gbk",)
    assert mojifix.fix_text("It鈥檚 late, isn鈥檛 it?", policy) == "It’s late, isn’t it?"


def test_channels_may_be_the_objects() -> None:
    policy = Policy(channels=(mojifix.Channel("utf-8", "gbk"),))  # type: ignore[arg-type]
    assert mojifix.fix_text("It鈥檚 late, isn鈥檛 it?", policy) == "It’s late, isn’t it?"


def test_one_name_is_no_sequence_of_channels() -> None:
    with pytest.raises(TypeError, match="several names"):
        Policy(channels="utf-8>gbk")  # type: ignore[arg-type]


def test_no_reader_is_asked_that_is_not_allowed() -> None:
    policy = Policy(channels=("utf-8>cp1252",))
    found = mojifix.repair("StraÃe und GrÃ¶Ãe, âí.â", policy)
    channels = {layer.channel.lossless for one in found.repairs for layer in one.layers}
    assert set(map(str, channels)) <= {"utf-8>cp1252"}


def test_layers_are_whole_numbers() -> None:
    with pytest.raises(ValueError, match="max_layers"):
        Policy(max_layers=2.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("function", [mojifix.fix_text, mojifix.repair])
def test_bytes_are_no_text(function: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="bytes are decoded first"):
        function(b"caf\xc3\xa9")


def test_only_bytes_are_to_be_decoded() -> None:
    with pytest.raises(TypeError, match=r"expected text, not NoneType$"):
        list(mojifix.repair_many(["a", None]))  # type: ignore[list-item]


def test_bytes_are_not_damaged() -> None:
    with pytest.raises(TypeError, match="expected text, not bytes"):
        mojifix.damage(b"a", "utf-8>gbk")  # type: ignore[arg-type]


def test_one_text_is_not_many_records() -> None:
    with pytest.raises(TypeError, match="several texts"):
        next(mojifix.repair_many("cafÃ©"))


def test_a_mark_in_a_word_is_dead_unless_it_is_restored() -> None:
    assert mojifix.repair("la mati\ufffdre").dead == ((7, 8),)
    assert mojifix.repair("a \ufffd b").dead == ()
    assert mojifix.repair("Il est allÃ� au cafÃ©").dead == ()
