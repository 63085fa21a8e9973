"""The thirty ways in which log shippers lose or double lines, each with a writer that never pauses.

Zero lost, zero doubled, or a gap that says how many bytes it is about. Every record has a minute
of its own (tests/support/live.py): a loss or a double shows by itself, not only in a sum.
"""

import bz2
import gzip
import json
import lzma
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psbhost.sources import Source

from tests.support.hostlog import Watched
from tests.support.live import BEGIN, Stage, until

NOBODY = 65534
SCRIPTS = Path(__file__).parents[2] / "scripts"
Case = Callable[[Path], None]
CASES: list[tuple[str, Case]] = []


def case(number: int, sentence: str) -> Callable[[Case], Case]:
    """Enter a case into the table."""

    def entered(function: Case) -> Case:
        CASES.append((f"{number:02d} {sentence}", function))
        return function

    return entered


@case(1, "rename and create between visits")
def renamed(folder: Path) -> None:
    with Stage(folder) as stage:
        for _ in range(4):
            stage.visit()
            stage.rename()
        stage.exact()


@case(2, "two and more rotations between visits")
def rotated_often(folder: Path) -> None:
    with Stage(folder) as stage:
        stage.visit()
        for rotations in (2, 3, 5):
            for _ in range(rotations):
                stage.writer.more(5)
                stage.rename()
            stage.visit()
        stage.exact()


@case(3, "copytruncate, the new size below the offset")
def copied_and_truncated(folder: Path) -> None:
    with Stage(folder, torn=False) as stage:
        stage.visit(300)
        offset = stage.watched.positions[0]["offset"]
        stage.copytruncate()
        assert stage.log.stat().st_size < offset
        stage.visit(1)
        stage.visit()
        stage.exact_but_destroyed()


@case(4, "copytruncate, then regrown beyond the offset")
def copied_and_regrown(folder: Path) -> None:
    with Stage(folder, torn=False) as stage:
        stage.visit(5)
        offset = stage.watched.positions[0]["offset"]
        stage.copytruncate()
        until(lambda: stage.log.stat().st_size > offset + 4000)
        stage.visit()
        stage.exact_but_destroyed()


@case(5, "copytruncate with an identical first kilobyte")
def same_banner(folder: Path) -> None:
    banner = ("=" * 60 + " banner\n") * 40
    (folder / "app.log").write_text(banner)
    with Stage(folder, torn=False) as stage:
        stage.visit(5)
        offset = stage.watched.positions[0]["offset"]
        stage.copytruncate(size=len(banner))
        until(lambda: stage.log.stat().st_size > offset + 4000)
        stage.visit()
        stage.exact_but_destroyed()


@case(6, "the inode is given to the new file at once")
def inode_reused(folder: Path) -> None:
    with Stage(folder, mode="path", torn=False) as stage:
        for number in range(1, 6):
            stage.visit()
            inode = stage.log.stat().st_ino
            shutil.copy2(stage.log, folder / "copy")
            (folder / "copy").rename(folder / f"app.log.{number}")
            late = stage.log.read_bytes()[(folder / f"app.log.{number}").stat().st_size :]
            stage.log.unlink()
            until(stage.log.exists)
            if stage.log.stat().st_ino == inode and not late:
                break
        stage.visit()
        stage.exact_but_destroyed()


@case(7, "two instances whose logs have the same head")
def same_head(folder: Path) -> None:
    banner = ("=" * 60 + " banner\n") * 40
    other = folder / "app2.log"
    for path in (folder / "app.log", other):
        path.write_text(banner)
    second = Stage(folder, "app2.log", stamp=lambda n: 100_000 + n)
    second.log = second.writer.path = other
    with Stage(folder) as stage, second:
        both = Watched(folder / "app*.log")
        for _ in range(3):
            stage.visit()
            second.visit()
            both.visit(hold=2, hold_partial=10)
            for one in (stage, second):
                one.log.rename(f"{one.log}.{time.monotonic_ns()}")
                one.reopened()
        stage.exact()
        second.exact()
        both.visit()
        records = stage.writer.written + second.writer.written
        assert sum(n for (_, level), n in both.levels.items() if level) == records
        assert both.gaps == []


@case(8, "packed at once: gz, bz2, xz, zst")
def packed_at_once(folder: Path) -> None:
    with Stage(folder) as stage:
        for number, (ending, pack) in enumerate(packers(), 1):
            stage.visit()
            plain = stage.rename(f"app.log-2026112{number}")
            plain.with_name(plain.name + ending).write_bytes(pack(plain.read_bytes()))
            plain.unlink()
        stage.visit()
        stage.exact()


@case(9, "delaycompress: .1 plain, then .2.gz")
def packed_later(folder: Path) -> None:
    with Stage(folder) as stage:
        for _ in range(4):
            stage.visit()
            stage.rename()
            stage.writer.more(3)
            older = folder / "app.log.2"
            if older.exists():
                pack(older)
        stage.exact()


@case(10, "dateext, index and date patterns of log4j and logback, archive folders")
def all_names(folder: Path) -> None:
    names = (
        "app.log-20261124", "app.log-20261124-1795", "app.log.2026-11-24-10", "app-2026-11-25.log",
        "app-2026-11-25.1.log.gz", "app.2.log", "archive/app.log.7", "old/app-2026-11-26.log.gz",
        "2026-11/app-11-24-2026-1.log.gz", "archive/2026/app.log.2026-11-27.xz",
        "app.log-20261128.bz2",
    )  # fmt: skip
    with Stage(folder) as stage:
        for number, name in enumerate(names):
            if number % 3 != 2:
                stage.visit()
            packer = dict(packers()).get(Path(name).suffix)
            if packer is None:
                stage.rename(name)
                continue
            whole = stage.rename(name + ".tmp")
            (folder / name).write_bytes(packer(whole.read_bytes()))
            whole.unlink()
        stage.visit()
        stage.exact()


@case(11, "the writer goes on in the renamed file")
def writes_on(folder: Path) -> None:
    with Stage(folder) as stage:
        stage.visit()
        for _ in range(2):
            target = stage.rename(reopen=False)
            stage.visit()
            stage.visit()
            assert not stage.log.exists() and target.stat().st_size > 0
            stage.reopened()
            stage.visit()
        stage.exact()


@case(12, "the file is away at a visit, then back")
def away(folder: Path) -> None:
    with Stage(folder) as stage:
        stage.visit()
        for path in ("gone.part", "app.log.1"):
            hidden = stage.rename(path, reopen=False)
            stage.visit()
            assert stage.watched.codes == ["missing"]
            assert stage.watched.last["read_until"] == 0
            if path == "gone.part":
                hidden.rename(stage.log)
            stage.reopened()
        stage.exact()


@case(13, "an empty file")
def empty(folder: Path) -> None:
    (folder / "app.log").touch()
    watched = Watched(folder / "app.log")
    watched.visit()
    assert (watched.records, watched.codes) == (0, [])
    with Stage(folder) as stage:
        stage.watched.positions = watched.positions
        for number in range(3):
            stage.rename(f"app.log.2026112{number}", reopen=False)
            stage.log.touch()
            stage.visit()
            stage.reopened()
        stage.exact()


@case(14, "a file below a kilobyte grows over the length of the hash")
def short(folder: Path) -> None:
    with Stage(folder) as stage:
        for _ in range(3):
            sizes = []
            while not sizes or sizes[-1] < 3000:
                stage.visit(1)
                sizes.append(stage.log.stat().st_size)
            stage.rename()
        stage.exact()


@case(15, "a line, a character or a stack trace cut at the end of the file")
def cut(folder: Path) -> None:
    with Stage(folder, extra=lambda n: " é€𝄞") as stage:
        for _ in range(60):
            stage.visit(1)
        stage.exact()
        assert len(stage.watched.causes) == 1  # all traces were whole


@case(16, "a line over a megabyte")
def long_line(folder: Path) -> None:
    with Stage(folder, extra=lambda n: "x" * 3_000_000 if n == 20 else "") as stage:
        for _ in range(6):
            stage.visit(5)
        stage.rename()
        stage.exact()


@case(17, "CRLF")
def crlf(folder: Path) -> None:
    with Stage(folder, end="\r\n") as stage:
        for _ in range(5):
            stage.visit()
        stage.rename()
        stage.exact()


@case(18, "a hole of NUL bytes: truncated under a writer that does not append")
def hole(folder: Path) -> None:
    with Stage(folder, mode="seek", torn=False) as stage:
        stage.visit(200)
        stage.copytruncate()
        until(lambda: stage.log.exists() and stage.log.stat().st_size > 0)
        stage.visit()
        assert "hole" in stage.watched.codes
        stage.copytruncate("app.log.2")
        stage.visit()
        stage.exact_but_destroyed()


@case(19, "a link that is turned to another file, and one to another folder")
def link(folder: Path) -> None:
    for where in ("current", "today"):
        place = folder / where
        place.mkdir()
        days = []
        for day in (23, 24, 25):
            name = f"app-2026-11-{day}.log" if where == "current" else f"2026-11-{day}/app.log"
            (place / name).parent.mkdir(exist_ok=True)
            days.append(place / name)
        pointer = place / where
        watched_path = f"{where}/{where}" + ("" if where == "current" else "/app.log")
        stage = Stage(folder, watched_path)
        stage.log = stage.writer.path = days[0]
        pointer.symlink_to(target(days[0], where))
        with stage:
            for day in days[1:]:
                stage.visit()
                stage.log = stage.writer.path = day
                stage.reopened()
                stage.writer.more(3)
                pointer.unlink()
                pointer.symlink_to(target(day, where))
            stage.visit()
            stage.exact()


def target(log: Path, where: str) -> Path:
    return log if where == "current" else log.parent


@case(20, "the clock goes back, records out of order")
def clock_back(folder: Path) -> None:
    with Stage(folder, stamp=lambda n: n if n % 7 else max(1, n - 40)) as stage:
        for number in range(4):
            stage.visit()
            rotated = stage.rename(f"app.log.2026112{number}")
            back = time.time() - 3600 * number
            os.utime(rotated, (back, back))
        stage.exact()


@case(21, "the day changes inside a block")
def day_change(folder: Path) -> None:
    with Stage(folder, stamp=lambda n: 1440 - 30 + n) as stage:
        for _ in range(4):
            stage.visit()
        stage.exact()
        assert {(minute - BEGIN) // 86_400 for minute, _ in stage.watched.levels} >= {0, 1}


@case(22, "the number of the device changes")
def other_device(folder: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == folder.stat().st_dev:
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=memory) as second:
        (folder / "one").mkdir()
        (folder / "logs").symlink_to(folder / "one")
        stage = Stage(folder, "logs/app.log")
        stage.log = stage.writer.path = folder / "logs" / "app.log"
        with stage:
            stage.visit()
            device = stage.watched.positions[0]["device"]
            stage.writer.end_it()
            shutil.copytree(folder / "one", second, dirs_exist_ok=True)
            (folder / "logs").unlink()
            (folder / "logs").symlink_to(second)
            on = Stage(folder, "logs/app.log")
            on.log = on.writer.path = stage.log
            on.writer.written, on.watched = stage.writer.written, stage.watched
            with on:
                on.visit()
                assert on.watched.positions[-1]["device"] != device
                on.exact()


@case(23, "the permission is lost after a rotation, and given again")
def permission_lost(_: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Stage(folder) as stage:
            stage.visit()
            with unreadable(stage.log):
                stage.visit()
                assert stage.watched.codes == ["unreadable"]
            stage.visit()
            assert stage.watched.codes == []
            stage.rename()
            with unreadable(stage.log):
                stage.visit()
            stage.visit()
            stage.exact()


@case(24, "rewritten in place at the same size")
def rewritten(folder: Path) -> None:
    with Stage(folder) as stage:
        stage.visit()
        stage.finish()
        before, size = stage.watched.records, stage.log.stat().st_size
        line = b"2026-11-24 11:00:00,001 ERROR [m] c.F - replaced"
        with stage.log.open("r+b") as out:
            out.write(line.ljust(size - 1, b".") + b"\n")
        stage.watched.visit(hold=0)
        assert stage.watched.records == before + 1
        assert [gap[2] for gap in stage.watched.gaps] == ["rewritten in place"]


@case(25, "rotated while it is read")
def while_read(folder: Path) -> None:
    with Stage(folder, extra=lambda n: "x" * 900) as stage:
        for turn in range(6):
            stage.writer.more(200)
            taken = Source._plain_blocks

            def rotating(self: Source, offset: int, turn: int = turn) -> Iterator[bytes | int]:
                for block in taken(self, offset):  # noqa: B023
                    yield block
                    if self.path == str(stage.log) and not (folder / f"app.log.9{turn}").exists():
                        stage.rename(f"app.log.9{turn}")

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Source, "_plain_blocks", rotating)
                stage.visit()
        stage.exact()


@case(26, "the reply is lost: the same is read again")
def reply_lost(folder: Path) -> None:
    with Stage(folder) as stage:
        for _ in range(4):
            stage.visit()
            lost = Watched(stage.log)
            lost.positions = stage.watched.positions
            lost.visit()
            stage.rename()
            lost.visit()
        stage.exact()


@case(27, "a .gz that is still being written, and one that stays damaged")
def gz_in_progress(folder: Path) -> None:
    with Stage(folder) as stage:
        stage.visit()
        plain = stage.rename("app.log.tmp")
        raw = gzip.compress(plain.read_bytes())
        packed = folder / "app.log-20261124.gz"
        for size in (3, len(raw) // 2, len(raw) - 4):
            packed.write_bytes(raw[:size])
            stage.visit()
        packed.write_bytes(raw)
        plain.unlink()
        stage.visit()
        stage.exact()
    damaged = folder / "b.log"
    damaged.write_bytes(gzip.compress(os.urandom(300_000).hex().encode())[:200_000])
    os.utime(damaged, (time.time() - 5000,) * 2)
    watched = Watched(damaged)
    watched.visit()
    assert [gap[2] for gap in watched.gaps] == ["the compressed file is damaged"]
    watched.visit()
    assert len(watched.gaps) == 1


@case(28, "a host with Python 3.6")
def old_python(folder: Path) -> None:
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    pythons = [*home.glob(".pyenv/versions/3.6*/bin/python3.6"), shutil.which("python3.6")]
    works = [p for p in pythons if p and subprocess.run([p, "-c", ""], check=False).returncode == 0]
    if not works:
        pytest.skip("there is no Python 3.6 here")
    with Stage(folder, torn=False) as stage:
        stage.visit()
        packed = stage.rename("app.log.2026112")
        (folder / "app.log.2026112.xz").write_bytes(lzma.compress(packed.read_bytes()))
        packed.unlink()
        stage.writer.more(20)
        stage.writer.end_it()
        log = {**stage.watched.spec, "positions": stage.watched.positions}
        request = {"op": "visit", "budget": {"hold": 0, "hold_partial": 0}, "logs": [log]}
        code = (
            "import sys, json; sys.path.insert(0, sys.argv[1]); from psbhost.main import handle; "
            "print(json.dumps(handle(json.load(sys.stdin))))"
        )
        told = subprocess.run(
            [works[0], "-I", "-S", "-c", code, SCRIPTS],
            input=json.dumps(request), capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = json.loads(told.stdout)["logs"][0]
        again = stage.watched.visit(hold=0, hold_partial=0)
        assert found["records"] > 20
        assert [found[each] for each in ("levels", "causes", "positions")] == [
            again[each] for each in ("levels", "causes", "positions")
        ]
        stage.exact()


@case(29, "UTF-16")
def utf16(folder: Path) -> None:
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        place = folder / encoding
        place.mkdir()
        (place / "app.log").write_bytes(mark)
        with Stage(place, encoding=encoding, end="\r\n", extra=lambda n: " é𝄞") as stage:
            for number in range(4):
                stage.visit()
                plain = stage.rename(f"app.log.2026112{number}")
                if number == 2:
                    stage.writer.more(3)
                    pack(plain)
            stage.exact()


@case(30, "the predecessor is deleted before it is read: a gap with its bytes")
def deleted(folder: Path) -> None:
    with Stage(folder) as stage:
        stage.visit(100)
        [position] = stage.watched.positions
        unread = position["size"] - position["offset"]
        assert unread > 0
        rotated_file = stage.rename()
        rotated_file.unlink()
        stage.visit()
        stage.finish()
        [gap] = stage.watched.gaps
        assert gap[2:] == ["rotated away before it was read", unread]
        assert max(stage.counted.values()) == 1


def packers() -> list[tuple[str, Callable[[bytes], bytes]]]:
    """What this machine can pack."""
    found: list[tuple[str, Callable[[bytes], bytes]]] = [
        (".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress),
    ]  # fmt: skip
    return [*found, (".zst", zst)] if shutil.which("zstd") else found


def zst(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


def pack(path: Path) -> None:
    """As gzip does: the time stays."""
    status = path.stat()
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    os.utime(packed, ns=(status.st_atime_ns, status.st_mtime_ns))
    path.unlink()


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """A file that this account may not read; for root: as another account."""
    path.chmod(0o600 if os.geteuid() == 0 else 0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        path.chmod(0o644)


@pytest.mark.skipif(sys.platform != "linux", reason="hosts are POSIX systems; inodes are theirs")
@pytest.mark.parametrize("play", [pytest.param(play, id=name) for name, play in CASES])
def test_rotation(play: Case, tmp_path: Path) -> None:
    play(tmp_path)


def test_all_thirty_are_here() -> None:
    assert [name[:2] for name, _ in CASES] == [f"{number:02d}" for number in range(1, 31)]
