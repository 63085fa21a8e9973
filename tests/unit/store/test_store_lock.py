"""The lock among writers, also across processes and after a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from psbuddy.store.errors import StoreBusy
from psbuddy.store.lock import WriterLock

ROOT = Path(__file__).parents[3]


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    first = WriterLock(tmp_path / "store.db")
    with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
        WriterLock(tmp_path / "store.db")
    other = WriterLock(tmp_path / "other.db")  # another store is another matter
    first.release()
    WriterLock(tmp_path / "store.db").release()
    other.release()
    other.release()


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from psbuddy.store.lock import WriterLock; "
        f"lock = WriterLock(Path({str(tmp_path / 'store.db')!r})); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy, match=f"process {child.pid}"):
            WriterLock(tmp_path / "store.db")
        child.send_signal(signal.SIGKILL)
    WriterLock(tmp_path / "store.db").release()


def test_the_file_goes_only_when_the_store_was_none(tmp_path: Path) -> None:
    lock = tmp_path / "store.db.lock"
    WriterLock(tmp_path / "store.db").release()
    assert lock.exists()
    WriterLock(tmp_path / "store.db").release(remove=True)
    assert not lock.exists()
