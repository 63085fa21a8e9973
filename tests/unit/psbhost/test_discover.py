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
