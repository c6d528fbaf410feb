"""Programs on a terminal."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest


def on_a_terminal(
    stream: str, command: Sequence[str | Path], env: Mapping[str, str], **others: Any
) -> tuple[int, bytes]:
    """Run a program whose `stream` (stdout or stderr) is a terminal.

    Returns its exit code, and what it wrote there. `others`: what else subprocess is told.
    """
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.Popen(command, env=env, **{stream: theirs}, **others)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux's way to say that the other side was closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return done.wait(60), shown
