"""The tools that are measured side by side."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

import mojifix

Repairer = Callable[[str], str]

PEERS = (("ftfy", "fix_encoding"), ("plsfix", "fix_text"))
"""plsfix has nothing that leaves quotes and width alone, so its results are compared with what it
makes of the clean text."""


def repairers(*, peers: bool = True, undecided: str = "mark") -> dict[str, Repairer]:
    """Return mojifix and the peers that are installed, by name."""
    policy = mojifix.Policy(undecided=undecided)  # type: ignore[arg-type]
    found: dict[str, Repairer] = {"mojifix": lambda text: mojifix.fix_text(text, policy)}
    for name, function in PEERS if peers else ():
        try:
            found[name] = getattr(importlib.import_module(name), function)
        except ImportError:
            print(f"{name} is not installed: pip install {name}", file=sys.stderr)
    return found
