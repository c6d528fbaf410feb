"""What is done so that nothing is lost when files are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mojifix.files.journal import Journal

Hardlinks = Literal["refuse", "break", "inplace"]


@dataclass(frozen=True, slots=True)
class Precautions:
    """What is done so that nothing is lost.

    `hardlinks`: whether a file with other names is refused, parted from them, or written in place.
    `backup`: what is added to the name of a file for a copy of its old bytes; empty for no copy.
    `journal`: where changes are written down before they are made.
    """

    hardlinks: Hardlinks = "refuse"
    backup: str = ""
    journal: Journal | None = None


USUAL = Precautions()
