"""A report file is whole or not there; what was there before stays until the new one is whole."""

import os
import resource
import signal
import stat
from pathlib import Path

import pytest

from psbuddy.report.files import UnwritableError, in_one_step


def test_the_pieces_are_there_at_the_end_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("old")
    with in_one_step(file) as write:
        write(b"ne")
        write(b"w")
        assert file.read_text() == "old"
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_what_breaks_off_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("old")
    with pytest.raises(RuntimeError, match="no picture"), in_one_step(file) as write:
        write(b"half")
        raise RuntimeError("no picture")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "latest.png"
    link.symlink_to(tmp_path / "real" / "shop.png")
    with in_one_step(link) as write:
        write(b"picture")
    assert link.is_symlink()
    assert (tmp_path / "real" / "shop.png").read_bytes() == b"picture"


def test_it_may_be_read_by_whom_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with in_one_step(tmp_path / "a.csv") as write:
            write(b"a")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o644


@pytest.mark.parametrize("place", ["/proc/a.png", "none/a.png", "folder"])
def test_a_place_that_cannot_be_written_is_told_before_any_work(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with (
        pytest.raises(UnwritableError, match=r"^\S+ cannot be written: [A-Z][^.]+\.$"),
        in_one_step(tmp_path / place),
    ):
        pytest.fail("the work was begun")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """The file is cut where a disk would be full: the limit is the kernel's own."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
    try:
        with (
            pytest.raises(UnwritableError, match="File too large"),
            in_one_step(tmp_path / "a.csv") as write,
        ):
            write(b"x" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []
