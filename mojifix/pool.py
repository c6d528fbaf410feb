"""Work in several processes: results in the order of the items, whatever is done first.

The executors of the standard library wait for running work when they are interrupted, and give up
altogether when a process dies (out of memory, say). Here an interrupt ends at once, and an item
whose process died is told apart while the others go on.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Done = TypeVar("Done")

QUICK = 0.05
"""Seconds after which a batch is cut short: two hundred times what it costs to hand over one."""

MOST = 64
"""Items in a batch."""

AHEAD = 10_000
"""Items by which results may be ahead of the one that is waited for, which bounds memory."""

GRACE = 5.0
"""Seconds that a process has to clean up after itself before it is killed."""


def cores() -> int:
    """Return how many processes can run at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    count = os.cpu_count() or 1
    return min(count, 60) if sys.platform == "win32" else count  # Windows waits for 63 at most


def in_order(
    work: Callable[[Item], Done],
    items: Sequence[Item],
    jobs: int,
    lost: Callable[[Item], Done],
) -> Iterator[Done]:
    """Yield `work(item)` for each item, in their order, worked out by `jobs` processes.

    Where a process died, `lost(item)` takes the place of the item that it was busy with. An
    exception in `work` is raised here. When the iterator is closed, or an exception passes through
    it, all processes are ended; `work` sees that as SystemExit.
    """
    pool = _Pool(work, items, lost)
    # Memory that the collector visits is copied in every process that was forked.
    gc.freeze()
    try:
        for _ in range(min(jobs, len(items))):
            pool.hire()
        while pool.shown < len(items):
            pool.hand_out()
            pool.take_in()
            yield from pool.ready()
    finally:
        pool.end()
        gc.unfreeze()


class _Worker:
    """A process, our end of the pipe to it, and the batch that it is busy with."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        import multiprocessing

        # A fork takes 10 ms and has everything loaded. It is safe: there are no threads.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
        self.connection, theirs = context.Pipe()
        self.process: Any = context.Process(
            target=_serve, args=(work, theirs, os.getpid()), daemon=True
        )
        with _interrupts_held():
            self.process.start()
        theirs.close()
        self.batch = range(0)
        self.began = 0.0


class _Pool(Generic[Item, Done]):
    """The state of one call of `in_order`. `shown` counts the results that have been yielded."""

    def __init__(
        self, work: Callable[[Item], Done], items: Sequence[Item], lost: Callable[[Item], Done]
    ) -> None:
        self.shown = 0
        self._work = work
        self._items = items
        self._lost = lost
        self._next = 0
        self._again: deque[range] = deque()
        self._size = 1
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, _Worker] = {}
        self._done: dict[int, list[Done]] = {}

    def hire(self) -> None:
        """Start a process."""
        self._idle.append(_Worker(self._work))

    def hand_out(self) -> None:
        """Give every idle process a batch, as far as there is one."""
        while self._idle and (batch := self._batch()):
            worker = self._idle.pop()
            worker.batch, worker.began = batch, time.monotonic()
            self._busy[worker.connection] = worker
            with suppress(OSError):  # a process that died is found out in `take_in`
                worker.connection.send([self._items[at] for at in batch])

    def take_in(self) -> None:
        """Wait for results and take them."""
        from multiprocessing.connection import wait

        for connection in wait(list(self._busy)):
            worker = self._busy.pop(connection)  # type: ignore[call-overload]
            try:
                reply = worker.connection.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            if isinstance(reply, BaseException):
                raise reply
            self._idle.append(worker)
            self._done[worker.batch.start] = reply
            if rest := worker.batch[len(reply) :]:
                self._again.append(rest)
            quick = time.monotonic() - worker.began < QUICK
            self._size = min(MOST, 2 * self._size) if quick else max(1, len(reply) // 2)

    def ready(self) -> Iterator[Done]:
        """Yield the results whose turn it is."""
        while self.shown in self._done:
            results = self._done.pop(self.shown)
            self.shown += len(results)
            yield from results

    def end(self) -> None:
        """End all processes, whatever they are doing."""
        workers = [*self._idle, *self._busy.values()]
        for worker in workers:
            worker.connection.close()
            worker.process.terminate()
        latest = time.monotonic() + GRACE
        for worker in workers:
            worker.process.join(max(0, latest - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def _batch(self) -> range:
        if self._again:
            batch = self._again.popleft()
            if rest := batch[self._size :]:
                self._again.appendleft(rest)
            return batch[: self._size]
        end = min(self._next + self._size, len(self._items), self.shown + AHEAD)
        batch = range(self._next, end)
        self._next = max(self._next, end)
        return batch

    def _bury(self, worker: _Worker) -> None:
        """Replace a process that died, and find out by which item."""
        worker.connection.close()
        worker.process.join()
        self.hire()
        if len(worker.batch) > 1:
            self._again += (range(at, at + 1) for at in worker.batch)
        else:
            at = worker.batch.start
            self._done[at] = [self._lost(self._items[at])]


def _serve(work: Callable[[Any], Any], connection: Connection, parent: int) -> None:
    """Answer each batch with a list of results, of one item at least, or with an exception."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # that is for the parent to act on
    signal.signal(signal.SIGTERM, _leave)
    with suppress(EOFError, OSError):
        while True:
            while not connection.poll(1):
                if os.getppid() != parent:  # killed; its end of the pipe lives on in our siblings
                    return
            connection.send(_results(work, connection.recv()))


def _results(work: Callable[[Any], Any], batch: list[Any]) -> list[Any] | Exception:
    # What is left goes back: files that take long lie side by side, and one process had them all.
    results: list[Any] = []
    latest = time.monotonic() + QUICK
    for item in batch:
        try:
            results.append(work(item))
        except Exception as error:  # noqa: BLE001 - raised again by the parent
            error.add_note(traceback.format_exc())
            return error
        if time.monotonic() > latest:
            break
    return results


def _leave(*_: object) -> None:
    # An exception, so that `work` can take away what is half done.
    raise SystemExit(128 + signal.SIGTERM)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let no interrupt hit a new process before it ignores them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
