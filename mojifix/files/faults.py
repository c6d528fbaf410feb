"""Named places at which tests make a rewrite fail.

`MOJIFIX_FAULT=kill@synced` sends SIGKILL to this process when it comes to the point `synced`, and
`kill@synced:3` when it comes there for the third time. Without the variable a point is a call of a
function that does nothing.
"""

from __future__ import annotations

import errno
import os
import signal

POINTS = (
    "read",
    "planned",
    "created",
    "half-written",
    "written",
    "synced",
    "backed-up",
    "journal-half-written",
    "journalled",
    "checked",
    "replaced",
    "folder-synced",
    "in-place-half-written",
    "in-place-written",
)
"""The points in the order in which a rewrite comes to them."""

ACTIONS = {
    "kill": getattr(signal, "SIGKILL", signal.SIGTERM),
    "stop": getattr(signal, "SIGSTOP", signal.SIGTERM),
    "interrupt": signal.SIGINT,
    "full": None,
}
"""What may happen at a point: a signal to this process, or for `full` a disk that is full."""


def point(name: str) -> None:
    """Say that the point `name` is reached; raises OSError for `full`."""


def arm(wish: str) -> None:
    """Make a fault happen, named as in `MOJIFIX_FAULT`, instead of one named before."""
    action, _, place = wish.partition("@")
    name, _, count = place.partition(":")
    if action not in ACTIONS or name not in POINTS or not (count or "1").isdecimal():
        raise SystemExit(f"mojifix: MOJIFIX_FAULT={wish!r} names no fault")
    left = int(count or "1")

    def armed(reached: str) -> None:
        nonlocal left
        left -= reached == name
        if reached == name and left == 0:
            number = ACTIONS[action]
            if number is None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.kill(os.getpid(), number)

    globals()["point"] = armed


if "MOJIFIX_FAULT" in os.environ:
    arm(os.environ["MOJIFIX_FAULT"])
