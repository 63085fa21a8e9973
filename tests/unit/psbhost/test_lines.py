"""Lines around a moment, also in rotated and packed files, of any size and encoding."""

import bz2
import gzip
import json
import lzma
import os
import shutil
import subprocess
import sys
import time as clock
from pathlib import Path

import pytest
from psbhost import lines, sources
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
    assert ask(writer.path, None, "no such text")["reason"] == "not found"
    assert ask(tmp_path / "none", 1, "x")["reason"] == "missing"
    early = ask(writer.path, 5, "")
    assert (early["at"], early["lines"]) == (-1, [])
    assert (early["reason"], early["oldest"]) == ("rotated away", 1795514401)
    late = ask(writer.path, 1795514400 + 86_400, "")
    assert late["reason"] == "not found"


def test_what_may_not_be_read_is_told(writer, tmp_path):
    writer.path.unlink()
    writer.path.mkdir()
    found = ask(writer.path, 1795514400, "")
    assert found["reason"] == "unreadable"
    assert found["detail"].startswith(str(writer.path))


def zst(data):
    if shutil.which("zstd") is None:
        pytest.skip("there is no zstd here")
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.log-20261124.gz", gzip.compress),
        ("a.log.2.bz2", bz2.compress),
        ("archive/a-2026-11-24.log.xz", lzma.compress),
        ("a.log.1.zst", zst),
        ("2026-11/a.log.3", bytes),
    ],
)
def test_in_rotated_files_of_all_kinds(writer, name, pack):
    rotated = writer.path.parent / name
    rotated.parent.mkdir(exist_ok=True)
    rotated.write_bytes(pack(writer.path.read_bytes()))
    writer.path.write_text("2026-11-24 12:00:00,001 INFO [m] c.F - later\n")
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77")
    assert found["path"] == str(rotated)
    assert found["lines"][found["at"]].endswith("n 77")
    assert [line.rsplit(" ", 1)[1] for line in found["lines"]] == [str(n) for n in range(74, 80)]
    sources.forget_unpackers()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_in_any_encoding_with_its_offset(tmp_path, encoding):
    text = "".join(
        f"2026-11-24 10:{n // 60:02d}:{n % 60:02d},001 INFO [m] c.F - é {n}\r\n" for n in range(900)
    )
    path = tmp_path / "a.log"
    path.write_bytes(text.encode(encoding))
    found = ask(path, 1795514400 + 600, "c.F - é 600")
    assert found["lines"][found["at"]].rstrip().endswith("é 600")
    raw = path.read_bytes()[found["first_offset"] :]
    coded = encoding.replace("-sig", "") if encoding != "utf-16" else "utf-16-le"
    assert raw.decode(coded).splitlines()[0] == found["lines"][0].rstrip()


def big(path, records):
    """Ten records a second from 08:00 on, each of 200 bytes."""
    with path.open("wb") as out:
        for n in range(records):
            at = clock.strftime("%Y-%m-%d %H:%M:%S", clock.gmtime(1795507200 + n // 10))
            out.write((f"{at},001 INFO [m] c.F - n {n} ".ljust(199, "x") + "\n").encode())


def test_a_large_file_is_halved_not_read(tmp_path):
    path = tmp_path / "a.log"
    big(path, 60_000)
    for wanted in (3, 31_234, 59_990):
        counted = _Counting()
        request = {
            "path": str(path), "zone": [[0, 0]], "before": 3, "after": 2,
            "around": {"time": 1795507200 + wanted // 10, "text": f"c.F - n {wanted} "},
        }  # fmt: skip
        found = lines.lines_around(request, counted)
        assert f"n {wanted} " in found["lines"][found["at"]]
        assert found["first_offset"] == max(0, wanted - 3) * 200
        assert counted.bytes < path.stat().st_size / 3


class _Counting:
    def __init__(self):
        self.bytes = 0

    def spend(self, count):
        self.bytes += count

    def left(self):
        return True


def test_of_two_thousand_rotated_files_only_the_likely_ones_are_opened(
    writer, tmp_path, monkeypatch
):
    for number in range(2000):
        path = tmp_path / f"a.log.{number + 1}"
        path.write_text("")
        os.utime(path, (1795514400 - 86_400 * 3 - number,) * 2)
    os.utime(writer.path, (1795514400 + 300,) * 2)
    opened = []
    monkeypatch.setattr(lines, "Source", lambda path: opened.append(path) or sources.Source(path))
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77")
    assert found["lines"][found["at"]].endswith("n 77")
    assert opened == [str(writer.path)]


def test_a_pattern_of_paths(writer, tmp_path):
    day = tmp_path / "2026-11-24"
    day.mkdir()
    writer.path.rename(day / "a.log")
    found = ask(tmp_path / "*" / "a.log", 1795514400 + 77, "c.F - n 77")
    assert found["path"] == str(day / "a.log")
    (tmp_path / "2026-11-25").mkdir()
    (tmp_path / "2026-11-25" / "a.log").symlink_to("/etc/passwd")
    assert ask(tmp_path / "*" / "a.log", None, "root:")["at"] == -1


def test_a_masked_text_is_found_whatever_the_file_says(writer):
    with writer.path.open("a") as out:
        out.write("2026-11-24 11:00:00,001 INFO [m] c.F - user a password=canary for job 17\n")
    found = ask(writer.path, 1795518000, "c.F - user a password=*** for job 17")
    assert found["lines"][found["at"]].endswith("for job 17")


def test_the_pattern_of_the_catalogue_tells_the_time(tmp_path):
    path = tmp_path / "a.log"
    path.write_text("".join(f"#17 at 24.11.2026 10:00:{n:02d} said {n}\n" for n in range(60)))
    pattern = r"#\d+ at (?P<time>\d+\.\d+\.\d+ \d+:\d+:\d+) (?P<message>.*)"
    found = ask(path, 1795514400 + 30, "", pattern=pattern)
    assert found["lines"][found["at"]].endswith("said 30")


@pytest.mark.parametrize("name", ["a.log.1", "a.log-20261124", "a.2026-11-24.log", "old/a.log.1"])
def test_in_a_file_that_was_renamed(writer, name):
    rotated = writer.path.parent / name
    rotated.parent.mkdir(exist_ok=True)
    writer.path.rename(rotated)
    writer.path.write_text("2026-11-24 12:00:00,001 INFO [m] c.F - later\n")
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77")
    assert (found["path"], found["at"]) == (str(rotated), 3)
    assert found["lines"][3].endswith("n 77")


def test_in_the_copy_of_a_file_that_was_truncated_and_written_on(writer):
    copy = writer.path.with_name("a.log.1")
    shutil.copyfile(writer.path, copy)
    with writer.path.open("r+") as file:
        file.truncate()
        for n in range(200, 260):
            at = clock.strftime("%Y-%m-%d %H:%M:%S", clock.gmtime(1795514400 + n))
            file.write(f"{at},001 INFO [m] c.F - n {n}\n")
    for wanted, path in ((77, copy), (230, writer.path)):
        found = ask(writer.path, 1795514400 + wanted, f"c.F - n {wanted}")
        assert found["path"] == str(path)
        assert found["lines"][found["at"]].endswith(f"n {wanted}")


def test_beyond_the_end_the_last_record_is_the_nearest(writer):
    found = ask(writer.path, 1795514400 + 1_000, "")
    assert found["lines"][found["at"]].endswith("n 200")
    assert found["at"] == len(found["lines"]) - 1 == 3
    assert ask(writer.path, 1795514400 + 2 * lines.REACH, "")["reason"] == "not found"


def test_of_a_long_line_the_beginning_and_a_mark(writer):
    with writer.path.open("a") as out:
        out.write("2026-11-24 11:00:00,001 INFO [m] c.F - long " + "x" * 60_000 + "\n")
        out.write("2026-11-24 11:00:01,001 INFO [m] c.F - after it\n")
    found = ask(writer.path, 1795518000, "c.F - long x")
    meant = found["lines"][found["at"]]
    assert (len(meant), meant[-1]) == (lines.LINE_CAP, "…")
    assert found["lines"][found["at"] + 1].endswith("after it")


def test_secrets_are_masked_in_every_line_also_of_a_packed_file(writer):
    with writer.path.open("a") as out:
        for n in range(5):
            out.write(f"2026-11-24 11:00:0{n},001 INFO [m] c.F - step {n}\n")
            out.write(f"  Authorization: Bearer canary{n}abcdefghijklmnop\n")
    writer.path.with_name("a.log.1.gz").write_bytes(gzip.compress(writer.path.read_bytes()))
    writer.path.write_text("2026-11-24 12:00:00,001 INFO [m] c.F - later\n")
    found = ask(writer.path, 1795518002, "c.F - step 2", before=6, after=6)
    assert found["path"].endswith(".gz")
    assert found["lines"][found["at"]].endswith("step 2")
    assert sum("Bearer ***" in line for line in found["lines"]) == 5
    assert "canary" not in "".join(found["lines"])


def test_a_file_deleted_between_two_questions(writer):
    assert ask(writer.path, 1795514400 + 77, "c.F - n 77")["at"] == 3
    writer.path.unlink()
    found = ask(writer.path, 1795514400 + 77, "c.F - n 77")
    assert (found["reason"], found["lines"]) == ("missing", [])


_BIG = """
import json, re, sys
sys.path.insert(0, sys.argv[1])
from psbhost.main import handle
path, told = sys.argv[2], []
for wanted in (77, 2_990, 3_005, 5_900):
    around = {"time": 1795507200 + wanted, "text": "c.F - n %d " % wanted}
    found = handle({"op": "lines", "path": path, "around": around, "zone": [[0, 0]]})
    told.append(found["lines"][found["at"]] if found["at"] >= 0 else found["reason"])
with open("/proc/self/status") as status:
    print(json.dumps([told, int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read()).group(1))]))
"""


def test_two_gigabytes_with_a_hole_need_little_memory(tmp_path):
    path = tmp_path / "a.log"
    with path.open("wb") as out:
        for n in range(6_000):
            if n == 3_000:
                out.seek(2 << 30, os.SEEK_CUR)
            at = clock.strftime("%Y-%m-%d %H:%M:%S", clock.gmtime(1795507200 + n))
            out.write(f"{at},001 INFO [m] c.F - n {n} of many\n".encode())
    assert path.stat().st_size > 2 << 30
    scripts = str(Path(lines.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _BIG, scripts, str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    told, kilobytes = json.loads(done.stdout)
    assert [line.split(" n ")[1].split()[0] for line in told] == ["77", "2990", "3005", "5900"]
    assert kilobytes < 48 * 1024
