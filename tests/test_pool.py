"""Work in several processes."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from mojifix.pool import cores, in_order

QUICK_ITEMS = 500


def double(number: int) -> int:
    return 2 * number


def slow_first(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)
    return number


def whoami(_: int) -> int:
    time.sleep(0.01)
    return os.getpid()


def whoami_slow_last(number: int) -> int:
    time.sleep(0 if number < QUICK_ITEMS else 0.02)
    return os.getpid()


def fail_at_7(number: int) -> int:
    if number == 7:
        raise KeyError(number)
    return number


def die_at_7(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def clean_up(path: str) -> None:
    """Wait for long; leave `path` behind only when not told to stop."""
    Path(path).touch()
    try:
        time.sleep(60)
    except BaseException:
        Path(path).unlink()
        raise


def lost(number: int) -> int:
    return -number


def test_results_come_in_order() -> None:
    assert list(in_order(double, range(1000), 3, lost)) == [2 * n for n in range(1000)]


def test_a_slow_item_changes_no_order() -> None:
    assert list(in_order(slow_first, range(50), 3, lost)) == list(range(50))


def test_nothing_takes_no_process() -> None:
    assert list(in_order(double, [], 3, lost)) == []


def test_the_work_is_done_elsewhere_by_all() -> None:
    workers = set(in_order(whoami, range(100), 2, lost))
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_slow_items_side_by_side_are_shared_out() -> None:
    slow = list(in_order(whoami_slow_last, range(QUICK_ITEMS + 64), 2, lost))[QUICK_ITEMS:]
    assert min(Counter(slow).values()) >= 24
    assert len(set(slow)) == 2


def test_an_exception_is_raised_here() -> None:
    with pytest.raises(KeyError) as caught:
        list(in_order(fail_at_7, range(20), 2, lost))
    assert "fail_at_7" in caught.value.__notes__[0]


def test_an_item_whose_process_died_is_told_apart() -> None:
    done = list(in_order(die_at_7, range(100), 2, lost))
    assert done == [-7 if n == 7 else n for n in range(100)]


def test_ending_early_lets_work_clean_up(tmp_path: Path) -> None:
    marks = [str(tmp_path / name) for name in "ab"]
    outcomes = in_order(clean_up, marks, 2, lambda _: None)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupted)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            next(outcomes)
        assert time.monotonic() - began < 5
    finally:
        signal.signal(signal.SIGALRM, before)
    assert list(tmp_path.iterdir()) == []


def test_closing_ends_the_processes() -> None:
    workers = cast("Generator[int, None, None]", in_order(whoami, range(1000), 2, lost))
    one = next(workers)
    workers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(one, 0)


def test_processes_do_not_outlive_their_parent() -> None:
    read, write = os.pipe()
    parent = os.fork()
    if parent == 0:
        with suppress(BaseException):
            for pid in in_order(whoami, range(10_000), 2, lost):
                os.write(write, b"%d\n" % pid)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pids:
        worker = int(pids.readline())
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
        for _ in range(100):
            try:
                os.kill(worker, 0)
            except ProcessLookupError:
                break
            time.sleep(0.05)
        else:
            pytest.fail("still there")


def test_there_is_a_core() -> None:
    assert cores() >= 1
