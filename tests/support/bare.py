"""A host without Python: nothing in its PATH but a shell, one awk and the standard tools."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from collectors.bounded import Watchdog
from collectors.session import Session
from collectors.transport.local import LocalChannel, LocalTransport

_TOOLS = (
    "sh", "cat", "dd", "tr", "tee", "cksum", "sed", "head", "tail", "cut", "find", "uname",
    "date", "renice", "grep", "ls", "printf", "sleep", "readlink", "stat", "gzip", "ps", "df",
    "timeout", "env", "id",
)  # fmt: skip
#: Every awk the reader must agree with.
AWKS = ("mawk", "gawk", "gawk --posix", "busybox awk")


def installed(awk: str) -> bool:
    return shutil.which(awk.split(maxsplit=1)[0]) is not None


def tools(folder: Path, awk: str = "", *, without: tuple[str, ...] = ()) -> Path:
    """A folder to be the whole PATH of a host. `awk`: its command; "" for the first there is."""
    folder.mkdir(parents=True, exist_ok=True)
    awk = awk or next(each for each in AWKS if installed(each))
    for name in _TOOLS:
        found = shutil.which(name)
        if found is not None and name not in without:
            (folder / name).symlink_to(found)
    program, *options = awk.split()
    script = folder / "awk"
    words = " ".join([str(shutil.which(program)), *options])
    script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    script.chmod(0o755)
    return folder


class BareTransport(LocalTransport):
    """This machine with another PATH, in which no python3 is."""

    def __init__(self, watchdog: Watchdog, path: Path) -> None:
        super().__init__(watchdog)
        self._path = path

    def open(self, deadline: float) -> LocalChannel:
        return self._start(["sh", "-c", "exec python3 -I -S"], deadline)

    def _start(self, argv: list[str], deadline: float) -> LocalChannel:
        return super()._start(["env", "-i", f"PATH={self._path}", *argv], deadline)


@contextmanager
def bare_session(path: Path) -> Iterator[Session]:
    """A started session with such a host."""
    watchdog = Watchdog()
    session = Session("bare", BareTransport(watchdog, path))
    try:
        session.start(time.monotonic() + 30)
        yield session
    finally:
        session.close()
        watchdog.stop()


def visit(session: Session, path: Path | str, **spec: Any) -> dict[str, Any]:
    """What a visit tells of one log; events in an order of their own."""
    budget = {"seconds": 60, "hold": 0, "hold_partial": 0, **spec.pop("budget", {})}
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0, **spec}
    request = {"op": "visit", "budget": budget, "logs": [log], "checks": []}
    found: dict[str, Any] = session.request(request, time.monotonic() + 60)["logs"][0]
    found["read_until"] = bool(found["read_until"])
    for name in ("jobs", "changes", "check_events"):
        found[name].sort(key=repr)
    return found


def old(path: Path, moment: int = 1_795_540_000) -> Path:
    """The file, as if it was written last at that moment."""
    os.utime(path, (moment, moment))
    return path
