"""The engine asked for lines by the window, while it visits: rotated, packed, gone."""

import calendar
import lzma
import time as clock
from pathlib import Path

from psbuddy.demo.sshd import LoopbackSshd
from tests.support.catalogues import application, hosts_section, write_records
from tests.support.engines import running


def test_lines_of_a_log_that_rotates_and_goes_through_a_real_sshd(
    tmp_path: Path, sshd: LoopbackSshd
) -> None:
    log, folder = tmp_path / "app.log", tmp_path / "catalogue"
    folder.mkdir()
    write_records(log, 1000)
    text = hosts_section(sshd, ["host-1"]) + application("shop", ["host-1"], log)
    (folder / "shop.yaml").write_text(text)
    line = log.read_text().splitlines()[500]
    time = calendar.timegm(clock.strptime(line[:19], "%Y-%m-%d %H:%M:%S"))
    asked = {"host": "host-1", "app": "shop", "log": "app", "before": 2, "after": 1}
    with running(tmp_path / "data" / "store.db", folder) as engine:
        engine.wait("collected", host="host-1", outcome="ok")
        engine.ask("lines", id=1, time=time, text=line, **asked)
        found = engine.wait("answer", id=1)
        assert (found["at"], found["lines"][2], found["path"]) == (2, line, str(log))
        packed = log.with_name("app.log.1.xz")
        packed.write_bytes(lzma.compress(log.read_bytes()))
        log.write_text("")
        engine.ask("lines", id=2, time=time, text=line, **asked)
        found = engine.wait("answer", id=2)
        assert (found["lines"][found["at"]], found["path"]) == (line, str(packed))
        engine.ask("lines", id=3, time=time + 90_000, text="", **asked)
        found = engine.wait("answer", id=3)
        assert (found["at"], found["lines"]) == (-1, [])
        assert "no record within an hour of it" in found["message"]
        packed.unlink()
        log.unlink()
        engine.ask("lines", id=4, time=time, text=line, **asked)
        found = engine.wait("answer", id=4)
        assert "is not there on host-1 any more" in found["message"]
        engine.ask("lines", id=5, text=line, **asked)
        assert "A moment is needed" in engine.wait("answer", id=5)["message"]
