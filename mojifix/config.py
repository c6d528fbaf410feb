"""What the user asks for: every option, with its default and its range."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Literal

from mojifix.charsets.registry import channels, parse_channel
from mojifix.files.rewrite import Hardlinks
from mojifix.model import Policy

When = Literal["auto", "always", "never"]


class Misconfigured(ValueError):
    """A setting that can't be; the message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options, named as on the command line. What is not given has the default.

    Raises Misconfigured when a value is out of its range.
    """

    diff: bool | None = None
    min_confidence: float = Policy().min_confidence
    restore: bool = True
    channel: tuple[str, ...] = ()
    quiet: bool = False
    color: When = "auto"
    backup: str = ""
    hardlinks: Hardlinks = "refuse"
    policy: Policy = field(init=False)

    def __post_init__(self) -> None:
        if "/" in self.backup or os.sep in self.backup or "\0" in self.backup:
            raise Misconfigured(f"'{self.backup}' is no suffix of a file name, such as .orig")
        for name in self.channel:
            _refuse_unknown_channel(name)
        try:
            policy = Policy(self.min_confidence, self.restore, self.channel or None)
        except ValueError as error:
            raise Misconfigured(str(error)) from None
        object.__setattr__(self, "policy", policy)


def _refuse_unknown_channel(name: str) -> None:
    try:
        parse_channel(name)
    except ValueError:
        known = [str(channel) for channel in channels()]
        raise Misconfigured(
            f"unknown channel '{name}'; the nearest one is '{nearest(name, known)}'"
        ) from None


def nearest(name: str, known: list[str]) -> str:
    """Return the one of `known` that is most like `name`."""
    import difflib

    return difflib.get_close_matches(name.strip().lower(), known, n=1, cutoff=0)[0]
