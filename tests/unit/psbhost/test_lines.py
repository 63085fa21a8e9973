"""Lines around a moment, also in rotated and packed files."""

import gzip

import pytest
from psbhost.main import handle

from tests.support.hostlog import Writer


@pytest.fixture
def writer(tmp_path):
    found = Writer(tmp_path / "a.log")
    found.write(200)
    return found


def ask(path, time=None, text="", **more):
    request = {
        "op": "lines",
        "path": str(path),
        "around": {"time": time, "text": text},
        "zone": [[0, 0]],
    }
    return handle({**request, "before": 3, "after": 2, **more})


def test_around_a_time_and_a_text(writer):
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77")
    assert [line.rsplit(" ", 1)[1] for line in found["lines"]] == [
        "74",
        "75",
        "76",
        "77",
        "78",
        "79",
    ]
    assert found["at"] == 3
    with writer.path.open("rb") as file:
        file.seek(found["first_offset"])
        assert file.readline().rstrip().decode() == found["lines"][0]


def test_the_nearest_time_when_the_text_is_gone(writer):
    found = ask(writer.path, 1795514400 + 77, "no such text")
    assert found["lines"][found["at"]].endswith("n 77")


def test_in_a_packed_predecessor(writer):
    packed = writer.path.with_name("a.log.1.gz")
    packed.write_bytes(gzip.compress(writer.path.read_bytes()))
    writer.path.write_text("2026-11-24 12:00:00,001 INFO [m] c.F - later\n")
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77")
    assert found["path"] == str(packed)
    assert found["lines"][found["at"]].endswith("n 77")


def test_a_cap_keeps_the_line_that_was_asked_for(writer):
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77", before=50, after=50, cap=500)
    assert sum(len(line) + 1 for line in found["lines"]) <= 500
    assert found["lines"][found["at"]].endswith("n 77")


def test_secrets_are_masked_there_too(writer):
    with writer.path.open("a") as out:
        out.write("2026-11-24 11:00:00,001 INFO [m] c.F - password=canary\n")
    found = ask(writer.path, 1795518000, "c.F - password=***")
    assert "canary" not in "".join(found["lines"])
    assert found["at"] >= 0


def test_what_is_not_there(writer, tmp_path):
    assert ask(writer.path, None, "no such text")["at"] == -1
    assert ask(tmp_path / "none", 1, "x")["lines"] == []
    assert ask(writer.path, 5, "")["at"] == -1
