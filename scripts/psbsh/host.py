"""The host as its shell tells of it: what files are, what is in them, what runs there."""

import errno
import posixpath
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psbsh.sums import cksum

#: Reads are cut to this many bytes of the host's blocks.
BLOCK = 4096
CHUNK = 65536
#: First bytes of a file that are compared after each read.
SIGHT = 64
_ERRORS = {
    "No such file or directory": errno.ENOENT,
    "Permission denied": errno.EACCES,
    "Not a directory": errno.ENOTDIR,
    "Too many levels of symbolic links": errno.ELOOP,
    "File name too long": errno.ENAMETOOLONG,
}
_KINDS = {"-": stat.S_IFREG, "d": stat.S_IFDIR, "l": stat.S_IFLNK, "p": stat.S_IFIFO}


class MovedError(BaseException):
    """A file is not the one it was when it was opened: what was read of it counts for nothing.

    Derived from BaseException because it must pass every handler of the reading code: a file
    that moved is no file that cannot be read.
    """


@dataclass(frozen=True, slots=True)
class Status:
    """What `os.stat` tells, as far as it is needed."""

    st_dev: int
    st_ino: int
    st_size: int
    st_mtime: int
    st_mode: int

    @property
    def identity(self) -> tuple[int, int]:
        return self.st_dev, self.st_ino


class Host:
    """Asks the shell. `ask(question) -> body`; all that fails is an OSError, or MovedError."""

    def __init__(self, ask: Callable[[bytes], bytes]) -> None:
        self._ask = ask
        told = [line.partition(" ") for line in self.lines("hello")]
        self.facts = {name: value for name, _, value in told if name != "tool"}
        self.tools = frozenset(value for name, _, value in told if name == "tool")
        self.awk = self.facts.get("awk", "")

    def ask(
        self, verb: str, *args: str, profile: Sequence[bytes] = (), packed: bool = False
    ) -> bytes:
        """The body of an answer. Raises OSError for an argument no line can carry."""
        lines = [f"{verb} {'z' if packed else '-'}".encode()]
        lines += [b"=" + _encoded(arg) for arg in args]
        lines += [b"+" + line for line in profile]
        return self._ask(b"\n".join([*lines, b".", b""]))

    def lines(self, verb: str, *args: str) -> list[str]:
        """The lines of an answer."""
        return self.ask(verb, *args).decode("utf-8", "surrogateescape").split("\n")[:-1]

    def now(self) -> int:
        """The host's clock, epoch seconds."""
        return int(self.lines("clock")[0].partition(" ")[2])

    def open(self, path: str, *, follow: bool) -> tuple[Status, bytes]:
        """(status, first kilobyte) of a file that may be read. Raises OSError."""
        body = self.ask("open", path, "file" if follow else "link")
        first, _, rest = body.partition(b"\n")
        status = parse_status(_decoded(first), path)
        readable, _, head = rest.partition(b"\n")
        if readable != b"r":
            raise OSError(errno.EACCES, "Permission denied", path)
        return status, head

    def status(self, path: str, *, follow: bool = True) -> Status:
        """As os.stat and os.lstat. Raises OSError."""
        return parse_status("".join(self.lines("status" if follow else "lstatus", path)), path)

    def slice(self, path: str, opened: Status, head: bytes, offset: int, length: int) -> bytes:
        """Bytes of the very file that was opened. Raises MovedError when it is another one."""
        first, count = offset // BLOCK, -(-(offset % BLOCK + length) // BLOCK)
        sight = head[:SIGHT]
        args = (path, str(len(sight)), str(BLOCK), str(first), str(count))
        body = self.ask("slice", *args, packed=length > BLOCK)
        data = _checked(body, path, opened, sight, offset + length)
        return data[offset % BLOCK :][:length]

    def condense(
        self,
        path: str,
        opened: Status,
        head: bytes,
        stretch: tuple[int, int],
        profile: Sequence[bytes],
    ) -> bytes:
        """What `condense.awk` says of the bytes of a stretch. Raises MovedError."""
        offset, end = stretch
        first, last = offset // CHUNK, -(-end // CHUNK)
        sight = head[:SIGHT]
        args = (path, str(len(sight)), str(CHUNK), str(first), str(last - first))
        cut = (b"d %d" % (offset % CHUNK), b"e %d" % (end - offset))
        body = self.ask("condense", *args, profile=(*cut, *profile), packed=True)
        return _checked(body, path, opened, sight, end)

    def entries(self, folder: str) -> list[tuple[str, Status]]:
        """Names and statuses (of links themselves) in a folder. Raises OSError."""
        lines = self.lines("list", folder)
        if lines and lines[0].startswith("! "):
            raise _error(lines[0], folder)
        found = []
        for line in lines:
            words = line.split(" ", 5) if line[:2] != "L " else line.split(None, 10)
            try:
                status = parse_status(line, folder)
            except OSError:
                continue
            name = words[-1].removeprefix("./")
            if line[:2] == "L ":
                name = name.partition(" -> ")[0]
            if name not in ("", ".", "..") and "/" not in name:
                found.append((name, status))
        return found

    def real(self, path: str) -> str:
        """As os.path.realpath."""
        return "\n".join(self.lines("real", path)) or path

    def way(self, path: str) -> tuple[str, list[dict[str, Any]], bool]:
        """As psbhost.rights.way."""
        first, *lines = self.lines("rights", path)
        found, at = [], "/"
        parts = [part for part in self.real(path).split("/") if part]
        for part, line in zip(["", *parts], lines, strict=False):
            at = posixpath.join(at, part)
            flags, mode, _, owner, group = (*line.split()[:5], *("",) * 5)[:5]
            if not mode:
                break
            found.append(
                {"path": at, "mode": mode[:10], "owner": owner, "group": group,
                 "pass": flags[:1] == "x", "read": flags[1:] == "r"}
            )  # fmt: skip
        return first.partition(" ")[2], found, len(found) > len(parts)


def _checked(body: bytes, path: str, opened: Status, sight: bytes, least: int) -> bytes:
    """What stands between two looks at a file, when the file that was opened is seen by both.

    `sight`: its first bytes, which must be the same after reading; `least`: its size then.
    """
    first, _, rest = body.partition(b"\n")
    data, _, last = rest.removesuffix(b"\n").rpartition(b"\n")
    line, _, checksum = last.partition(b"@")
    for told in (first, line):
        try:
            status = parse_status(_decoded(told.strip()), path)
        except OSError as error:
            raise MovedError(path) from error
        if status.identity != opened.identity or status.st_size < least:
            raise MovedError(path)
    if sight and checksum.split() != [b"%d" % cksum(sight), b"%d" % len(sight)]:
        raise MovedError(path)
    return data


def _encoded(text: str) -> bytes:
    if "\n" in text or "\0" in text:
        raise OSError(errno.EINVAL, "a name with a line break", text)
    return text.encode("utf-8", "surrogateescape")


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def parse_status(line: str, path: str) -> Status:
    """The status in a line of `stat`, or of `ls` where there is none. Raises OSError."""
    if line.startswith("L "):
        return _listed(line[2:].split(), path)
    words = line.split(" ", 5)
    try:
        device, inode, size, modified = (int(word) for word in words[:4])
        return Status(device, inode, size, modified, int(words[4], 16 if len(words[4]) < 6 else 8))
    except (ValueError, IndexError):
        raise _error(line, path) from None


def _error(line: str, path: str) -> OSError:
    for text, number in _ERRORS.items():
        if text in line:
            return OSError(number, text, path)
    return OSError(errno.EIO, line.removeprefix("! ")[:200] or "no answer", path)


def _listed(words: list[str], path: str) -> Status:
    """inode mode links user group size month day time-or-year, in UTC and by the minute.

    The minute's last second stands for it: a file is never taken for older than it is.
    """
    try:
        inode, mode, size = int(words[0]), words[1], int(words[5])
        moment = _moment(words[6], int(words[7]), words[8])
    except (ValueError, IndexError):
        raise _error(" ".join(words), path) from None
    return Status(0, inode, size, moment, _KINDS.get(mode[:1], stat.S_IFCHR))


def _moment(month: str, day: int, rest: str) -> int:
    now = time.time()
    if ":" not in rest:
        return _epoch(int(rest), month, day, "00:00")
    year = time.gmtime(now + 86400).tm_year
    moment = _epoch(year, month, day, rest)
    return moment if moment <= now + 86400 else _epoch(year - 1, month, day, rest)


def _epoch(year: int, month: str, day: int, clock: str) -> int:
    from calendar import timegm

    parsed = time.strptime(f"{year} {month} {day} {clock}:59", "%Y %b %d %H:%M:%S")
    return min(timegm(parsed), int(time.time()))
