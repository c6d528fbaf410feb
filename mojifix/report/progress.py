"""A progress bar on standard error, for a person who has waited for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0
"""Seconds after which a run is long."""

PAUSE = 0.1
"""Seconds between two looks of the bar."""


class Progress:
    """How far a run over `total` files is.

    The bar is shown only if it is `wanted` and the run is long. It must be hidden while something
    else is written, because both may go to the same terminal.
    """

    def __init__(self, total: int, wanted: bool) -> None:
        self._total = total
        self._wanted = wanted
        self._done = 0
        self._due = time.monotonic() + PATIENCE
        self._bar: Bar | None = None

    def step(self) -> None:
        """Count a file."""
        self._done += 1
        if self._wanted and time.monotonic() >= self._due:
            self._show()
            self._due = time.monotonic() + PAUSE

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Hide the bar."""
        if self._bar is not None:
            self._bar.stop()
        yield
        if self._bar is not None:
            self._bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                auto_refresh=False,  # no thread, beside which a fork would not be safe
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._bar.add_task("", total=self._total)
            self._bar.start()
        (task,) = self._bar.task_ids
        self._bar.update(task, completed=self._done, refresh=True)
