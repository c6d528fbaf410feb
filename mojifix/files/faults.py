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


def _nothing(name: str) -> None:
    del name


def _armed(wish: str) -> dict[str, int | str]:
    action, _, place = wish.partition("@")
    name, _, count = place.partition(":")
    if action not in ACTIONS or name not in POINTS or not (count or "1").isdecimal():
        raise SystemExit(f"mojifix: MOJIFIX_FAULT={wish!r} names no fault")
    return {"action": action, "name": name, "left": int(count or "1")}


def _fail(name: str) -> None:
    if name != _fault["name"]:
        return
    _fault["left"] = int(_fault["left"]) - 1
    if _fault["left"] == 0:
        number = ACTIONS[str(_fault["action"])]
        if number is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.kill(os.getpid(), number)


_wish = os.environ.get("MOJIFIX_FAULT")
_fault = _armed(_wish) if _wish else {}

point = _fail if _wish else _nothing
"""Call it with the name of the point that is reached; raises OSError for `full`."""
