"""The engine and a real sshd whose hosts have no Python, or one that is too old."""

import gzip
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collectors.engine import run_engine
from psbuddy.demo.sshd import LoopbackSshd, SshdUnavailable
from psbuddy.store import connect_readonly
from tests.support.bare import tools
from tests.support.catalogues import application, hosts_section
from tests.support.engines import AT_ONCE
from tests.support.hosts import route, soon, ssh_session
from tests.support.twin_corpus import corpus


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tools(tmp_path / "bin")


@pytest.fixture
def server(path: Path, tmp_path: Path) -> Iterator[LoopbackSshd]:
    server = LoopbackSshd(tmp_path / "sshd", {"bare": "127.0.4.1"}, extra=[f"SetEnv PATH={path}"])
    try:
        server.start()
    except SshdUnavailable as reason:
        pytest.skip(str(reason))
    yield server
    server.stop()


def test_a_growing_log_that_rotates_counts_as_with_python(
    server: LoopbackSshd, tmp_path: Path
) -> None:
    log, catalogue, db = tmp_path / "app.log", tmp_path / "catalogue", tmp_path / "d" / "store.db"
    catalogue.mkdir()
    hosts = ("bare", "local")
    text = hosts_section(server, ["bare"]) + application("shop", hosts, log)
    (catalogue / "shop.yaml").write_text(text)
    written = corpus("log4j", 7, 4_000).splitlines(keepends=True)
    said: list[str] = []
    for turn in range(4):
        with log.open("ab") as file:
            file.writelines(written[turn::4])
        os.utime(log, (1_795_540_000 + turn, 1_795_540_000 + turn))
        code = run_engine(str(db), catalogue, once=True, echo=said.append, budget=AT_ONCE)
        assert code == 0, said
        if turn == 1:
            log.rename(f"{log}.1")
        if turn == 2:
            Path(f"{log}.2.gz").write_bytes(gzip.compress(log.read_bytes()))
            os.truncate(log, 0)
    assert any("read with sh and awk" in line for line in said)
    with closing(connect_readonly(str(db))) as store:
        for query in (
            "SELECT minute, level, records FROM v_minute WHERE host = ? ORDER BY 1, 2",
            "SELECT reason, bytes FROM v_gap WHERE host = ?",
        ):
            bare, local = (store.execute(query, (host,)).fetchall() for host in hosts)
            assert [tuple(row) for row in bare] == [tuple(row) for row in local], query
        counted = store.execute("SELECT sum(records) FROM v_minute WHERE host = 'bare'").fetchone()
        ways = store.execute("SELECT DISTINCT transport FROM collection ORDER BY 1").fetchall()
    assert counted[0] > 3_900
    assert [row[0] for row in ways] == ["local", "ssh with sh and awk, as there is no Python 3.6+"]


@pytest.mark.parametrize(
    "python3",
    [
        "echo '  File \"psbhost\", line 1' >&2; echo 'SyntaxError: invalid syntax' >&2; exit 1",
        'cat >/dev/null & printf "\\001PSB1 0 j 55 %s\\n" '
        "c0ffee0000000000000000000000000000000000000000000000000000000000; exit 127",
    ],
    ids=["old", "broken"],
)
def test_a_python_that_cannot_be_used_is_none(
    python3: str, server: LoopbackSshd, path: Path, tmp_path: Path
) -> None:
    script = path / "python3"
    script.write_text(f"#!/bin/sh\n{python3}\n")
    script.chmod(0o755)
    with ssh_session(route(server, "bare"), tmp_path / "own") as session:
        session.start(soon())
        assert session.request({"op": "ping"}, soon())["program"] == session.program
        assert session.notes[-1].startswith("There is no Python 3.6 or newer on bare")


def test_one_login_serves_both_attempts(server: LoopbackSshd, tmp_path: Path) -> None:
    with ssh_session(route(server, "bare"), tmp_path / "own") as session:
        session.start(soon())
    assert server.log_text().count("Accepted publickey") == 1
