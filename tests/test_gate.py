"""The gate: what it leaves out to be fast is nothing that it would find."""

from __future__ import annotations

import pytest

from mojifix.charsets.registry import CHARSETS, PRIORS
from mojifix.model import Channel
from mojifix.repair.gate import FIRST_WIDE, suspects

WIDE = [c for c in PRIORS if c.written_as == "utf-8" and CHARSETS[c.read_as].leads]


@pytest.mark.parametrize("channel", WIDE, ids=str)
def test_readers_of_several_bytes_are_looked_for_only_where_their_characters_are(
    channel: Channel,
) -> None:
    below = [chr(code) for code in range(0x20, ord(FIRST_WIDE)) if chr(code) != "?"]
    assert not [char for char in below if suspects(channel).search(char)]
    assert not suspects(channel).search("".join(below))
