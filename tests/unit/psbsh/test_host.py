"""What a host's tools print, read."""

import stat
import time
from typing import Any

import pytest
from psbsh import facts
from psbsh.condensed import UnsureError, parse
from psbsh.host import Host, MovedError, parse_status
from psbsh.sums import cksum
from psbsh.wire import HOST, SESSION, Wire


def test_a_status_of_stat_and_of_ls() -> None:
    found = parse_status("64768 397 12 1795540000 81a4", "/l")
    assert (found.identity, found.st_size, found.st_mtime) == ((64768, 397), 12, 1795540000)
    assert stat.S_ISREG(found.st_mode)
    listed = parse_status("L 397 -rw-r--r-- 1 0 0 12 Nov 24  2023 /l", "/l")
    assert (listed.st_ino, listed.st_size) == (397, 12)
    assert time.gmtime(listed.st_mtime)[:5] == (2023, 11, 24, 0, 0)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("! cannot statx '/l': No such file or directory", FileNotFoundError),
        ("! cannot access '/l': Permission denied", PermissionError),
        ("! x: Not a directory", NotADirectoryError),
        ("", OSError),
        ("a b c d e", OSError),
    ],
)
def test_an_error_is_the_one_the_host_has(line: str, kind: type[OSError]) -> None:
    with pytest.raises(kind):
        parse_status(line, "/l")


def host(body: bytes) -> Host:
    return Host(lambda question: b"awk mawk\n" if question[:5] == b"hello" else body)


def sliced(after: str, head: bytes = b"head", before: str = "1 2 9 5 81a4") -> bytes:
    opened = parse_status("1 2 9 5 81a4", "/l")
    body = f"{before}\n".encode() + b"head12345" + f"\n{after}\n".encode()
    return host(body).slice("/l", opened, head, 4, 5)


def test_a_slice_is_believed_when_the_file_is_still_the_same() -> None:
    assert sliced(f"1 2 12 6 81a4@{cksum(b'head')} 4") == b"12345"


@pytest.mark.parametrize(
    "after",
    [
        f"1 3 12 6 81a4@{cksum(b'head')} 4",  # another inode
        f"1 2 8 6 81a4@{cksum(b'head')} 4",  # truncated
        "1 2 12 6 81a4@1 4",  # truncated and grown again
        "1 2 12 6 81a4@",
        "! No such file or directory@",
    ],
)
def test_a_file_that_moved_counts_for_nothing(after: str) -> None:
    with pytest.raises(MovedError):
        sliced(after)


def test_a_name_with_a_line_break_cannot_be_asked_for() -> None:
    with pytest.raises(OSError, match="line break"):
        host(b"").status("/a\n=b")


@pytest.mark.parametrize(
    "body",
    [b"", b"!NUL bytes\n", b"c x K 1\nE 1 1 1 0\n", b"r 1 99\nE 1 1 1 0\n", b"c 1 K 1 0 a\n",
     b"g 1 1\n1 2\n", b"E 1\n", b"zzz\n"],
)  # fmt: skip
def test_an_answer_of_awk_that_is_not_whole_is_doubted(body: bytes) -> None:
    with pytest.raises(UnsureError):
        parse(body)


def test_facts_of_a_host_with_nothing_are_unknown() -> None:
    found = facts.host_facts(host(b""), {})
    assert found["boot_time"] == found["cpus"] == found["memory_total"] == 0
    assert found["load_1m"] is None
    assert found["disks"] == []
    assert facts.cpu_seconds({}) == 0


def test_facts_of_df_without_proc() -> None:
    told = {
        "disks": [
            "Filesystem 1024-blocks Used Available Capacity Mounted on",
            "/dev/hd4 100 60 40 60% /opt/a b",
            "tmpfs 9 0 9 0% /run",
        ],
        "load": [" 10:00 up 1 day, load average: 0.50, 0.40, 0.30"],
    }
    found = facts.host_facts(host(b""), told)
    assert found["disks"] == [["/opt/a b", 102400, 40960]]
    assert found["load_1m"] == 0.5


class _Stream:
    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def read(self, size: int) -> bytes:
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def write(self, data: bytes) -> None:
        self.data += data

    def flush(self) -> None:
        return


def test_what_the_session_says_meanwhile_waits() -> None:
    def message(kind: bytes, data: bytes) -> bytes:
        return kind + b"%08x" % len(data) + data

    source: Any = _Stream(message(SESSION, b"one") + message(HOST, b"answer"))
    sink: Any = _Stream()
    wire = Wire(source, sink)
    assert wire.ask(b"question") == b"answer"
    assert sink.data == message(HOST, b"question")
    assert wire.session() == b"one"
    assert wire.session() == b""
    with pytest.raises(EOFError):
        wire.ask(b"more")
