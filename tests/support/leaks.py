"""What a test leaves behind is its failure: threads, child processes, file descriptors.

The message names where a thread was started, so that nobody has to search.
"""

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

#: How long something may need to end after its test has ended.
PATIENCE_SECONDS = 3.0
_TASKS = Path("/proc/self/task")

_births: WeakKeyDictionary[threading.Thread, str] = WeakKeyDictionary()


@contextmanager
def births_recorded() -> Iterator[None]:
    """While inside, each `threading.Thread.start` remembers who called it."""
    original = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        _births[thread] = "".join(traceback.format_stack(limit=6)[:-1])
        original(thread)

    threading.Thread.start = start
    try:
        yield
    finally:
        threading.Thread.start = original


def threads() -> set[threading.Thread]:
    """Living threads that Python code started."""
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread)  # Qt's and libraries' own
    }


def children() -> set[int]:
    """Process ids of living children of this process; none where the system does not say."""
    found: set[int] = set()
    for task in _TASKS.glob("*/children"):
        try:
            found.update(int(pid) for pid in task.read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue  # the thread ended while we looked
    return {pid for pid in found if _state(pid) not in ("", "Z")}


def descriptors() -> set[str]:
    """Open file descriptors of this process as "number -> what"."""
    found: set[str] = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.add(f"{link.name} -> {link.readlink()}")
        except FileNotFoundError:
            continue  # the one that listed the folder
    return found


def wait_for(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until `condition()` is true; AssertionError with its name when it never is."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{condition!r} was not true within {seconds} s")
        time.sleep(0.005)


def leaked_threads(before: Iterable[threading.Thread]) -> list[str]:
    """Descriptions of threads that did not exist before and do not end by themselves."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    left = threads() - set(before)
    for thread in left:
        if thread is not threading.current_thread():
            thread.join(max(0.0, deadline - time.monotonic()))
    return [f"{t!r}, started here:\n{_births.get(t, '?')}" for t in left if t.is_alive()]


def leaked_children(before: Iterable[int]) -> list[str]:
    """Descriptions of child processes left behind; they are ended here."""
    known = set(before)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := children() - known) and time.monotonic() < deadline:
        time.sleep(0.01)
    told = []
    for pid in left:
        command = _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ").strip()
        told.append(f"process {pid}: {command}")
        os.kill(pid, signal.SIGKILL)
    return told


def _state(pid: int) -> str:
    after_name = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return after_name[0] if after_name else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
