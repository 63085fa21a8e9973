"""Hosts without Python: a shell and awk give what the host program gives, byte for byte."""

import gzip
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.session import Session
from tests.support.bare import AWKS, bare_session, installed, old, tools, visit
from tests.support.hosts import local_session, soon
from tests.support.twin_corpus import KINDS, corpus

SEEDS = range(10)
WATCHED: dict[str, Any] = {
    "jobs": [{"job": "n", "start": r"job nightly started for (?P<period>\S+)"}],
    "changes": [{"kind": "deployment", "pattern": r"pool is (?P<label>\w+)"}],
    "checks": [{"check": "c", "down": "no answer from"}],
}
TIMED: dict[str, Any] = {"transactions": {"pattern": r"took (?P<duration>\d+) ms", "unit": "ms"}}
NAMED: dict[str, Any] = {"transactions": {"duration": "step", "unit": "ms", "failed": "step 1"}}


def specs(kind: str, seed: int) -> dict[str, Any]:
    if kind == "took":
        return NAMED if seed % 2 else TIMED
    return WATCHED if seed % 2 else {}


@pytest.fixture(scope="module")
def python() -> Iterator[Session]:
    with local_session() as session:
        session.start(soon())
        yield session


@pytest.fixture(scope="module", params=AWKS)
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    if not installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    with bare_session(tools(tmp_path_factory.mktemp("path") / "bin", request.param)) as session:
        yield session


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_with_every_awk(
    kind: str, bare: Session, python: Session, tmp_path: Path
) -> None:
    log = tmp_path / "a.log"
    for seed in SEEDS if kind in ("log4j", "access") else (0, 1):
        log.write_bytes(corpus(kind, seed, 800))
        old(log)
        wanted = visit(python, log, **specs(kind, seed))
        found = visit(bare, log, **specs(kind, seed))
        assert wanted["lines"] >= 500
        assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True), seed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_looking_for_durations_is_given_up_where_python_does(
    seed: int, bare: Session, python: Session, tmp_path: Path
) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(corpus("sparse", seed, 12_000))
    old(log)
    wanted, found = visit(python, log), visit(bare, log)
    assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)
    assert wanted["words"][0] > 0


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with bare_session(tools(tmp_path_factory.mktemp("path") / "bin")) as session:
        yield session


def test_it_says_that_it_is_the_fallback(shell: Session) -> None:
    reply = shell.request({"op": "visit", "facts": True}, soon())
    assert "no Python 3.6+" in shell.transport
    assert "read with sh and awk" in shell.notes[-1]
    assert "no Python 3.6+" in reply["facts"]["system"]
    assert reply["facts"]["memory_total"] > 2**20
    assert reply["facts"]["disks"]
    assert reply["program"] == shell.program
    assert reply["cost"]["cpu_s"] > 0


def test_most_of_a_log_never_travels(shell: Session, tmp_path: Path) -> None:
    log = tmp_path / "quiet.log"
    lines = [
        f"2026-11-23 10:{n // 600 % 60:02d}:{n // 10 % 60:02d},{n % 1000:03d} INFO [m] c.F - n {n}"
        for n in range(30_000)
    ]
    log.write_text("\n".join(lines) + "\n")
    visit(shell, log)  # learns what its lines look like
    before = shell.traffic[1]
    found = visit(shell, log)
    assert found["records"] == 30_000
    assert (shell.traffic[1] - before) * 20 < log.stat().st_size


def test_a_pattern_without_fixed_text_is_told(
    shell: Session, python: Session, tmp_path: Path
) -> None:
    log = old(_written(tmp_path / "a.log", corpus("log4j", 1, 800)))
    spec: dict[str, Any] = {"changes": [{"kind": "deployment", "pattern": r"(?P<label>\d+)$"}]}
    wanted, found = (visit(each, log, **spec) for each in (python, shell))
    assert [one["code"] for one in found.pop("problems")] == ["loose"]
    assert wanted.pop("problems") == []
    assert found == wanted
    assert found["changes"]


def _places(positions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what tells how long ago a file was written when it was looked at."""
    return [{**one, "carry": json.loads(one["carry"]) | {"r": 0}} for one in positions]


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_growing_log_that_is_rotated_in_every_way(
    shell: Session, python: Session, tmp_path: Path
) -> None:
    log = tmp_path / "app.log"
    written = corpus("log4j", 3, 3_000).splitlines(keepends=True)
    known: dict[str, list[dict[str, Any]]] = {"shell": [], "python": []}
    totals = {"shell": 0, "python": 0}
    step = len(written) // 8
    for number in range(8):
        with log.open("ab") as file:
            file.write(b"".join(written[number * step : (number + 1) * step]))
        for name, session in (("shell", shell), ("python", python)):
            found = visit(session, log, positions=known[name], history=0)
            known[name] = found["positions"]
            totals[name] += found["records"]
            assert found["gaps"] == []
        assert _places(known["shell"]) == _places(known["python"])
        if number == 2:
            log.rename(f"{log}.1")
            Path(f"{log}.1").open("ab").close()
        if number == 4:  # copytruncate
            Path(f"{log}.2").write_bytes(log.read_bytes())
            os.truncate(log, 0)
        if number == 6:
            packed = Path(f"{log}.3.gz")
            packed.write_bytes(gzip.compress(log.read_bytes()))
            log.unlink()
    assert totals["shell"] == totals["python"] > 2_000


def test_what_was_lost_is_a_gap(shell: Session, python: Session, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(corpus("python", 1, 500))
    known = visit(shell, log, budget={"bytes": 1})["positions"]
    log.write_bytes(corpus("python", 2, 50))
    wanted, found = (visit(each, log, positions=known) for each in (python, shell))
    assert len(found["gaps"]) == 1
    assert found["gaps"][0][2:] == wanted["gaps"][0][2:]


@pytest.mark.parametrize("size", [1, 300_000])
def test_the_budget_ends_where_python_ends(
    size: int, shell: Session, python: Session, tmp_path: Path
) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(corpus("spring", 1, 5_000))
    old(log)
    wanted, found = (visit(each, log, budget={"bytes": size}) for each in (python, shell))
    assert found == wanted
    assert found["backlog_bytes"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n\n", b"no newline", b"\0" * 70_000 + b"2026-11-23 10:00:00,001 INFO x\n" * 2_000,
        "2026-11-23 10:00:00,001 INFO größe\n".encode("utf-16") * 900,
        b"2026-11-23 10:00:00,001 INFO \x1b[31mred\x1b[0m\n" * 2_000,
        b"2026-11-23 10:00:00,001 ERROR x\n" * 2_000 + b"y" * 1_200_000 + b"\n" + b"z\n" * 20_000,
        b"2026-11-23 10:00:00,001 INFO a \0 b\n" * 2_000,
    ],
    ids=["empty", "blank", "partial", "hole", "utf-16", "colours", "endless", "nul"],
)  # fmt: skip
def test_strange_files(data: bytes, shell: Session, python: Session, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(data)
    old(log)
    assert visit(shell, log) == visit(python, log)


def test_what_cannot_be_read_is_told_alike(shell: Session, python: Session, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    os.mkfifo(tmp_path / "fifo")
    for name in ("gone.log", "d", "fifo", "no*match", "d/../gone"):
        wanted, found = (visit(each, tmp_path / name) for each in (python, shell))
        assert found == wanted, name


def test_globs_and_rotated_files_are_found_alike(
    shell: Session, python: Session, tmp_path: Path
) -> None:
    for name in ("a.log", "b.log", "a.log.1", ".c.log", "name with space.log", "a'b.log"):
        old(_written(tmp_path / name, corpus("plain", 1, 50)))
    old(_written(tmp_path / "a.log.2.gz", gzip.compress(corpus("plain", 2, 50))))
    for pattern in ("*.log", "a.log", "[ab].log"):
        spec = {"history": 10**9}
        wanted, found = (visit(each, tmp_path / pattern, **spec) for each in (python, shell))
        assert found == wanted, pattern


def test_lines_and_discover_work_too(shell: Session, tmp_path: Path) -> None:
    log = tmp_path / "log" / "app.log"
    log.parent.mkdir()
    log.write_text("".join(f"2026-11-23 10:00:{n:02d},000 INFO step {n}\n" for n in range(60)))
    asked = {
        "op": "lines",
        "path": str(log),
        "around": {"text": "step 30"},
        "before": 1,
        "after": 1,
    }
    found = shell.request(asked, soon())
    assert [line.rpartition(" ")[2] for line in found["lines"]] == ["29", "30", "31"]
    asked = {"op": "discover", "folders": [str(tmp_path)], "seconds": 1}
    assert [one["path"] for one in shell.request(asked, soon())["logs"]] == [str(log)]


def test_checks_by_the_tools_there_are(shell: Session) -> None:
    asked: list[dict[str, Any]] = [
        {"check": "p", "kind": "process", "name": "sh", "min": 1},
        {"check": "q", "kind": "process", "name": "no-such-program"},
        {"check": "c", "kind": "command", "argv": ["sh", "-c", "echo $1; exit 3", "x", "a b"],
         "expect": 3, "timeout": 5},
        {"check": "s", "kind": "command", "argv": ["sleep", "9"], "timeout": 1},
        {"check": "m", "kind": "command", "argv": ["no-such-program"], "timeout": 1},
        {"check": "u", "kind": "unit", "name": "x.service"},
        {"check": "t", "kind": "port", "port": 1},
        {"check": "h", "kind": "http", "url": "http://127.0.0.1:1/"},
    ]  # fmt: skip
    checks = [{"app": "a", **one} for one in asked]
    reply = shell.request({"op": "visit", "checks": checks}, soon())
    told = {one["check"]: (one["state"], one["detail"]) for one in reply["checks"]}
    assert told["p"][0] == "up"
    assert told["q"][0] == "down"
    assert told["c"] == ("up", "exit 3: a b")
    assert {told[name][0] for name in "smuth"} == {"unknown"}
    assert "nc" in told["t"][1]


def test_nothing_in_a_path_becomes_a_command(shell: Session, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    log = tmp_path / f"$(touch {trap.name})`touch x`;'\".log"
    log.write_bytes(corpus("plain", 1, 20))
    assert visit(shell, log.parent / "*.log")["records"] == 20
    found = visit(shell, f"{tmp_path}/a\nb.log")
    assert [one["code"] for one in found["problems"]] == ["unreadable"]
    assert not trap.exists()


def test_nothing_is_written_there(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "a.log"
    log.parent.mkdir()
    log.write_bytes(corpus("log4j", 1, 800))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with bare_session(tools(tmp_path / "bin")) as session:
        visit(session, log)
    after = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if "bin" not in p.parts}
    assert {p: m for p, m in after.items() if p != tmp_path} == {
        p: m for p, m in before.items() if p != tmp_path
    }


def test_a_host_without_stat_and_gzip(python: Session, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(corpus("spring", 1, 800))
    old(log)
    without = ("stat", "gzip", "readlink", "timeout", "renice")
    with bare_session(tools(tmp_path / "bin", without=without)) as session:
        found = visit(session, log)
    wanted = visit(python, log)
    for name in ("levels", "causes", "records", "lines", "transactions"):
        assert found[name] == wanted[name], name


def test_local_time_is_the_hosts(
    tmp_path: Path, python: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(corpus("spring", 2, 100))
    with bare_session(tools(tmp_path / "bin")) as session:
        assert visit(session, log, zone=None) == visit(python, log, zone=None)


def test_idle_sessions_answer_the_heartbeat(shell: Session) -> None:
    reply = shell.request({"op": "ping"}, soon())
    assert abs(reply["time"] - time.time()) < 5
