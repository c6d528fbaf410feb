"""What a policy accepts."""

from __future__ import annotations

import pytest

import mojifix
from mojifix import Policy


def test_channels_may_be_any_sequence() -> None:
    policy = Policy(channels=["utf-8>gbk"])  # type: ignore[arg-type]
    assert policy.channels == ("utf-8>gbk",)
    assert mojifix.fix_text("It鈥檚 late, isn鈥檛 it?", policy) == "It’s late, isn’t it?"


def test_one_name_is_no_sequence_of_channels() -> None:
    with pytest.raises(TypeError, match="several names"):
        Policy(channels="utf-8>gbk")  # type: ignore[arg-type]
