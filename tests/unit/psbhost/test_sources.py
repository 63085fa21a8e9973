"""Opened files: regular only, plain or packed, never past their end."""

import bz2
import gzip
import io
import lzma
import os
import shutil
import subprocess
import zipfile

import pytest
from psbhost import sources
from psbhost.packing import Unpacker
from psbhost.sources import BLOCK, BrokenError, NotRegularError, Source, UnpackError

DATA = b"".join(b"line %d\n" % n for n in range(60_000))


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", data)
    return out.getvalue()


def zst(data):
    if shutil.which("zstd") is None:
        pytest.skip("there is no zstd here")
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


PACKERS = {
    "a.log": bytes,
    "a.log.gz": gzip.compress,
    "a.log.bz2": bz2.compress,
    "a.log.xz": lzma.compress,
    "a.log.zst": zst,
    "a.log.zip": zipped,
    "two members.gz": lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]),
    "two streams.xz": lambda data: lzma.compress(data[:999]) + lzma.compress(data[999:]),
    "packed, without its ending": gzip.compress,
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


@pytest.mark.parametrize("name", ["a.gz", "a.bz2", "a.xz", "a.zst"])
def test_a_packed_file_that_ends_early_gives_what_is_there_and_is_broken(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(PACKERS[f"a.log.{name[2:]}"](os.urandom(400_000) + DATA)[:-500])
    source, found = Source(str(path)), []
    with pytest.raises(BrokenError):
        found.extend(source.blocks(0))
    if name != "a.bz2":  # that packs 900 KB at a time
        assert sum(map(len, found)) > 250_000
    assert source.ended is False
    assert source.unread(0) > 0
    source.close()


def test_what_cannot_be_unpacked_says_what_would_help(tmp_path, monkeypatch):
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        archive.writestr("a", "x")
        archive.writestr("b", "x")
    monkeypatch.setenv("PATH", "")
    for start, word in (
        (b"\x28\xb5\x2f\xfd....", "install the program zstd"),
        (b"\x04\x22\x4d\x18....", r"\.lz4"),
        (many.getvalue(), "2 files"),
    ):
        path = tmp_path / "a.log.1"
        path.write_bytes(start)
        source = Source(str(path))
        with pytest.raises(UnpackError, match=word):
            source.head(1)
        source.close()


def test_a_packed_file_left_half_read_is_not_unpacked_from_its_start_again(tmp_path, monkeypatch):
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(DATA * 4))
    begun = []
    begin = Unpacker._begin
    monkeypatch.setattr(Unpacker, "_begin", lambda self: (begun.append(1), begin(self)))
    offset, found = 0, b""
    for _ in range(9):
        source = Source(str(path))
        for block in source.blocks(offset):
            found += block
            offset += len(block)
            break
        source.close()
    assert found == (DATA * 4)[: len(found)]
    assert begun == [1]
    assert len(sources._kept) == 1
    sources.forget_unpackers()
    assert not sources._kept


def test_a_file_truncated_while_it_is_read_gives_nothing_of_what_follows(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(DATA)
    source = Source(str(path))
    blocks = source.blocks(0)
    first = next(blocks)
    path.write_bytes(b"other\n" * 200_000)
    assert first == DATA[:BLOCK]
    assert list(blocks) == []
    assert source.ended is False
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
