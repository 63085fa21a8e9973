"""Opened files: regular only, plain or packed, never past their end."""

import bz2
import gzip
import lzma
import os

import pytest
from psbhost.sources import BLOCK, BrokenError, NotRegularError, Source

DATA = b"".join(b"line %d\n" % n for n in range(60_000))
PACKERS = {
    "a.log": bytes,
    "a.log.gz": gzip.compress,
    "a.log.bz2": bz2.compress,
    "a.log.xz": lzma.compress,
}


@pytest.fixture(params=PACKERS)
def source(request, tmp_path):
    path = tmp_path / request.param
    path.write_bytes(PACKERS[request.param](DATA))
    found = Source(str(path))
    yield found
    found.close()


def test_content_from_any_offset(source):
    assert b"".join(source.blocks(0)) == DATA
    assert b"".join(source.blocks(BLOCK + 7)) == DATA[BLOCK + 7 :]
    assert b"".join(source.blocks(len(DATA))) == b""


def test_slices(source):
    assert source.head(100) == DATA[:100]
    assert source.before(BLOCK + 50, 256) == DATA[BLOCK + 50 - 256 : BLOCK + 50]
    assert source.before(len(DATA), 10) == DATA[-10:]
    assert source.before(len(DATA) + 1, 10) == b""
    assert source.whole() is True


def test_a_packed_file_that_ends_early_is_broken(tmp_path):
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(DATA)[:-500])
    source = Source(str(path))
    assert source.whole() is False
    with pytest.raises(BrokenError):
        list(source.blocks(0))
    source.close()


def test_a_name_alone_packs_nothing(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(b"plain\n")
    source = Source(str(path))
    assert b"".join(source.blocks(0)) == b"plain\n"
    source.close()


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "p")
    for path in (tmp_path / "p", tmp_path, "/dev/null"):
        with pytest.raises(NotRegularError):
            Source(str(path))


def test_a_link_is_followed_only_where_it_may_be(tmp_path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    Source(str(tmp_path / "b")).close()
    with pytest.raises(OSError, match=r"."):
        Source(str(tmp_path / "b"), follow=False)


def test_what_is_appended_after_opening_waits(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one\n")
    source = Source(str(path))
    with path.open("ab") as out:
        out.write(b"two\n")
    assert b"".join(source.blocks(0)) == b"one\n"
    source.close()
