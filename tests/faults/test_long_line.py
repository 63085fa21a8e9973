"""A line of one gigabyte without an end, over a real sshd: bounded memory, one record, no loss."""

import json
import os
import time
from pathlib import Path

import pytest

from psbuddy.cli import main
from psbuddy.demo.sshd import LoopbackSshd
from tests.support.catalogues import application, hosts_section, write_records

MEGABYTE = b"x" * 1_000_000


def test_one_gigabyte_without_a_newline(
    tmp_path: Path, sshd: LoopbackSshd, capsys: pytest.CaptureFixture[str]
) -> None:
    log, catalogue = tmp_path / "app.log", tmp_path / "catalogue"
    catalogue.mkdir()
    text = hosts_section(sshd, ["host-1"]) + application("shop", ["host-1"], log)
    (catalogue / "shop.yaml").write_text(text)
    write_records(log, 100)
    with log.open("ab") as file:
        for _ in range(1_000):
            file.write(MEGABYTE)
        file.write(b"\n")
    write_records(log, 100)
    os.utime(log, (time.time() - 60,) * 2)
    places = ("--db", str(tmp_path / "psbuddy.db"), "--catalogue", str(catalogue))
    assert main(["collect", "--once", *places]) == 0
    question = (
        "select (select sum(records) from v_minute) as records, max(memory_bytes) as memory,"
        " (select sum(oversize_records) from source) as oversize from collection"
    )
    capsys.readouterr()
    assert main(["sql", "--json", question, *places]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["records"], found["oversize"]) == (200, 1)
    assert found["memory"] < 100_000_000
