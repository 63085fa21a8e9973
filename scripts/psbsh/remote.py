"""The host's files as the modules of `psbhost` expect them: as much of `os` and `glob` as they use.

`wear` puts it in the place of both in every module that touches files. This process serves one
host; nothing else in it opens a file.
"""

import fnmatch
import io
import os
import posixpath
import re
import stat
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from psbsh.host import Host, Status

#: Read ahead where blocks are read one after the other.
AHEAD = 1024 * 1024
#: Numbers of files, far from any descriptor of this process.
_FIRST = 1_000_000
_MAGIC = re.compile(r"[*?\[]")


class _Handle:
    """An opened file of the host."""

    def __init__(self, path: str, status: Status, head: bytes) -> None:
        self.path = path
        self.status = status
        self.head = head  # as it was when the file was opened
        self.window = (0, b"")  # offset, bytes that are at hand


class RemoteOs:
    """Stands for the module `os`. Raises OSError as that does, and MovedError."""

    O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW, O_CLOEXEC = 0, 1, 2, 4, 8
    SEEK_SET = 0
    sep = "/"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._handles: dict[int, _Handle] = {}
        self._next = _FIRST
        self.until = sys.maxsize  # nobody reads beyond: so far ahead it may be read
        self._listings: dict[str, list[tuple[str, Status]]] = {}
        self.path = _Paths(host, self)

    @property
    def has_awk(self) -> bool:
        return bool(self._host.awk)

    def forget(self) -> None:
        """A new look at everything: what was remembered of folders and files is dropped."""
        self._listings.clear()
        self._handles.clear()

    def open(self, path: str, flags: int) -> int:
        status, head = self._host.open(path, follow=not flags & self.O_NOFOLLOW)
        self._next += 1
        self._handles[self._next] = _Handle(path, status, head[: status.st_size])
        return self._next

    def close(self, number: int) -> None:
        self._handles.pop(number, None)

    def fstat(self, number: int) -> Status:
        return self._handles[number].status

    def condense(self, number: int, offset: int, end: int, profile: list[bytes]) -> bytes:
        """What awk makes of the bytes from `offset` to `end`. Raises MovedError."""
        handle = self._handles[number]
        return self._host.condense(handle.path, handle.status, handle.head, (offset, end), profile)

    def pread(self, number: int, length: int, offset: int) -> bytes:
        handle = self._handles[number]
        length = max(0, min(length, handle.status.st_size - offset))
        for start, data in ((0, handle.head), handle.window):
            if start <= offset and offset + length <= start + len(data):
                return data[offset - start :][:length]
        wanted = length
        if length >= BLOCK_READ:
            wanted = max(length, min(AHEAD, min(self.until, handle.status.st_size) - offset))
        data = self._host.slice(handle.path, handle.status, handle.head, offset, wanted)
        if length >= BLOCK_READ:
            handle.window = (offset, data)
        return data[:length]

    def lseek(self, number: int, offset: int, whence: int) -> int:
        return 0  # reading is by position

    def dup(self, number: int) -> int:
        self._next += 1
        self._handles[self._next] = self._handles[number]
        return self._next

    def fdopen(self, number: int, mode: str) -> io.BufferedReader:
        """A reader of its own from the start."""
        return io.BufferedReader(_Raw(self, number), BLOCK_READ)

    def stat(self, path: str) -> Status:
        return self._host.status(path)

    def lstat(self, path: str) -> Status:
        return self._host.status(path, follow=False)

    def listing(self, folder: str) -> list[tuple[str, Status]]:
        """Entries of a folder, asked for once."""
        if folder not in self._listings:
            self._listings[folder] = self._host.entries(folder)
        return self._listings[folder]

    def scandir(self, folder: str) -> "_Scan":
        return _Scan([_Entry(folder, name, status) for name, status in self.listing(folder)])

    def listdir(self, folder: str) -> list[str]:
        return [name for name, _ in self.listing(folder)]


#: Reads of at least this size follow each other.
BLOCK_READ = 128 * 1024


class _Raw(io.RawIOBase):
    """Reads an opened file from its start."""

    def __init__(self, remote: RemoteOs, number: int) -> None:
        self._remote = remote
        self._number = number
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        size = self._remote.fstat(self._number).st_size
        self._at = offset + (0, self._at, size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._remote.pread(self._number, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


class _Entry:
    """As os.DirEntry; links are never followed."""

    def __init__(self, folder: str, name: str, status: Status) -> None:
        self.name = name
        self.path = posixpath.join(folder, name)
        self._status = status

    def is_file(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISREG(self._status.st_mode)

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISDIR(self._status.st_mode)

    def is_symlink(self) -> bool:
        return stat.S_ISLNK(self._status.st_mode)

    def stat(self, *, follow_symlinks: bool) -> Status:
        return self._status


class _Scan(list[_Entry]):
    """What os.scandir returns."""

    def __enter__(self) -> "_Scan":
        return self

    def __exit__(self, *error: object) -> None:
        return

    def close(self) -> None:
        return


class _Paths:
    """Stands for `os.path`: names are taken apart as on any POSIX host."""

    def __init__(self, host: Host, remote: RemoteOs) -> None:
        self._host = host
        self._remote = remote

    def __getattr__(self, name: str) -> Any:
        if name in ("split", "join", "basename", "dirname", "splitext", "isabs", "sep"):
            return getattr(posixpath, name)
        raise AttributeError(name)

    def realpath(self, path: str) -> str:
        try:
            return self._host.real(path)
        except OSError:
            return path

    def isdir(self, path: str) -> bool:
        return self._is(path, stat.S_ISDIR)

    def isfile(self, path: str) -> bool:
        return self._is(path, stat.S_ISREG)

    def exists(self, path: str) -> bool:
        return self._is(path, lambda mode: True)

    def _is(self, path: str, test: Any) -> bool:
        try:
            return bool(test(self._remote.stat(path).st_mode))
        except OSError:
            return False


def iglob(remote: RemoteOs, pattern: str) -> Iterator[str]:
    """As glob.iglob for an absolute pattern; `**` is as `*`, hidden names need a dot."""
    found = ["/"]
    parts = [part for part in pattern.split("/") if part]
    for number, part in enumerate(parts):
        found = list(_step(remote, found, part, last=number == len(parts) - 1))
    yield from found


def _step(remote: RemoteOs, folders: list[str], part: str, *, last: bool) -> Iterator[str]:
    for folder in folders:
        if not _MAGIC.search(part):
            path = posixpath.join(folder, part)
            if not last or remote.path.exists(path):
                yield path
            continue
        try:
            names = remote.listdir(folder)
        except OSError:
            continue
        for name in fnmatch.filter(names, part):
            if name[:1] != "." or part[:1] == ".":
                yield posixpath.join(folder, name)


def wear(remote: RemoteOs) -> None:
    """Every module of psbhost that is loaded sees the host's files instead of this machine's."""
    globber = SimpleNamespace(iglob=lambda pattern: iglob(remote, pattern))
    for name, module in list(sys.modules.items()):
        if not name.startswith("psbhost."):
            continue
        if getattr(module, "os", None) is os:
            module.os = remote  # type: ignore[attr-defined]
        if hasattr(module, "glob"):
            module.glob = globber  # type: ignore[attr-defined]
