"""Logs found on a host, with what is understood of them."""

import os
from pathlib import Path

from psbhost.main import handle

from tests.support.hostlog import Writer, age


def test_logs_are_found_newest_first_with_a_preview(tmp_path):
    (tmp_path / "app" / "deep").mkdir(parents=True)
    live = Writer(tmp_path / "app" / "deep" / "live.log")
    live.write(3, "ERROR")
    with live.path.open("a") as out:
        out.write("\tat a.b(C.java:1)\npassword=canary\n")
    old = Writer(tmp_path / "app" / "old.log")
    old.write(2)
    age(old.path, 86_400)
    (tmp_path / "app" / "data.bin").write_bytes(b"x")
    (tmp_path / "app" / "rotated.log.gz").write_bytes(b"x")
    (tmp_path / "app" / "link.log").symlink_to(live.path)
    os.mkfifo(tmp_path / "app" / "pipe.log")
    reply = handle({"op": "discover", "folders": [str(tmp_path), "/no/such"], "seconds": 0.2})
    first, second = reply["logs"]
    assert (first["path"], first["growing"], first["format"]) == (str(live.path), True, "log4j")
    assert (first["records"], first["levels"], first["unparsed_lines"]) == (3, {"error": 3}, 0)
    assert first["sample"][-1] == "password=***"
    assert first["first"] <= first["last"]
    assert (second["path"], second["growing"]) == (str(old.path), False)


def test_a_large_log_is_previewed_from_its_end(tmp_path):
    live = Writer(tmp_path / "a.log")
    live.write(5000)
    [found] = handle({"op": "discover", "folders": [str(tmp_path)], "seconds": 0.1})["logs"]
    assert 500 < found["records"] < 5000
    assert found["levels"] == {"info": found["records"]}


def test_only_what_is_plausibly_a_log_is_listed(tmp_path):
    junk = tmp_path / "lib" / "site-packages" / "x-1.dist-info"
    junk.mkdir(parents=True)
    (junk / "direct_url.log").write_text("2026-11-24 10:00:00 INFO a\n")
    (tmp_path / "direct_url.json").write_text('{\n  "url": "file:///x"\n}\n')
    (tmp_path / "LICENSE.txt").write_text("Permission is hereby granted\n")
    (tmp_path / "notes.txt").write_text("Some words\nand more words\n")
    (tmp_path / "wtmp.log").write_bytes(b"\x07\x00\x00\x00tty")
    stamped = Writer(tmp_path / "stamped.txt")
    stamped.write(5)
    live = Writer(tmp_path / "app.log")
    live.write(5)
    rotated = Writer(tmp_path / "app.log.1")
    rotated.write(5)
    (tmp_path / "events.json").write_text('{"time": "2026-11-24T10:00:00Z", "level": "info"}\n' * 4)
    reply = handle({"op": "discover", "folders": [str(tmp_path)], "seconds": 0.1})
    names = {Path(log["path"]).name for log in reply["logs"]}
    assert names == {"stamped.txt", "app.log", "events.json"}


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path):
    odd = Writer(tmp_path / "batch-2026.output.3")
    odd.write(5)
    (tmp_path / "notes").write_text("Some words\nand more words\n")
    (tmp_path / "core").write_bytes(b"\x7fELF\x00\x01\x02" * 40)
    (tmp_path / "latest").symlink_to(odd.path)
    (tmp_path / "other.log").write_text("2026-11-24 10:00:00 INFO a\n")
    places = [str(tmp_path / name) for name in ("batch-2026.output.3", "notes", "core", "latest")]
    reply = handle({"op": "discover", "folders": [*places, 7, "\0"], "seconds": 0.1})
    found = {Path(log["path"]).name: log for log in reply["logs"]}
    assert set(found) == {"batch-2026.output.3", "notes", "latest"}
    assert found["latest"]["records"] == found["batch-2026.output.3"]["records"] == 5
    assert (found["notes"]["format"], found["notes"]["readable"]) == ("none", True)


def test_a_named_rotation_is_found_beside_its_log(tmp_path):
    for name in ("app.log", "app.log.1"):
        Writer(tmp_path / name).write(3)
    places = [str(tmp_path / "app.log.1"), str(tmp_path)]
    reply = handle({"op": "discover", "folders": places, "seconds": 0.1})
    assert sorted(Path(log["path"]).name for log in reply["logs"]) == ["app.log", "app.log.1"]
