import hashlib
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from psbuddy.catalogue import load_catalogue
from psbuddy.demo.fleet import DemoFleet
from psbuddy.demo.sshd import SshdUnavailable
from psbuddy.demo.truth import LogTruth
from tests.support import recount

NOW = int(datetime(2026, 11, 24, 16, 20, 35, tzinfo=UTC).timestamp())


def quiet(share: float, step: str) -> None:
    assert 0 <= share <= 1
    assert step


def made(folder: Path, *, seed: int = 7, days: int = 3) -> DemoFleet:
    fleet = DemoFleet(folder, seed=seed, now=NOW, days=days, ssh=False, scale=0.5)
    fleet.prepare(quiet)
    return fleet


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def by_level(log: LogTruth) -> dict[tuple[int, str], int]:
    return {(minute, level.value): n for (minute, level), n in log.levels().items()}


def test_the_same_seed_and_moment_write_the_same_bytes_another_seed_others(tmp_path: Path) -> None:
    found = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        with made(tmp_path / name, seed=seed, days=1) as fleet:
            found.append(digest(fleet.hosts_dir))
    assert found[0] == found[1]
    assert found[0].keys() == found[2].keys()
    assert all(found[0][name] != found[2][name] for name in found[0])
    assert len(found[0]) > 10


def test_the_truth_equals_a_count_of_the_files(tmp_path: Path) -> None:
    with made(tmp_path) as fleet:
        assert len(fleet.logs) == 12
        for sim in fleet.logs:
            log = fleet.truth.of(sim.app, sim.host, sim.log)
            lines = recount.lines_of(fleet.path_of(sim))
            assert log.records > 50, sim.key
            if sim.log == "access":
                failed = {key: n for key, n in recount.count_access(lines).items() if key[1]}
                assert sum(failed.values()) == sum(bad for _, bad in log.transactions().values())
                assert len(lines) == log.records == sum(by_level(log).values())
            elif sim.app == "orders":
                assert recount.count_json(lines) == by_level(log)
            elif sim.app == "merch":
                assert recount.count_syslog(lines, "America/New_York", NOW) == by_level(log)
            else:
                assert recount.count_logback(lines, "Europe/London") == by_level(log), sim.key


def test_job_events_are_those_of_the_files(tmp_path: Path) -> None:
    with made(tmp_path) as fleet:
        (batch,) = [sim for sim in fleet.logs if sim.log == "batch"]
        lines = recount.lines_of(fleet.path_of(batch))
        for job, words in (("day-close", "DAY CLOSE"), ("month-close", "MONTH CLOSE")):
            told = fleet.truth.jobs("ledger", job)
            starts = [line for line in lines if f"{words} started" in line]
            assert [e.text.rstrip() for e in told if e.kind == "start"] == starts
            assert len(starts) > 10
        second = fleet.truth.jobs("ledger", "month-close")[-2]
        assert (second.kind, second.actor, second.period) == ("start", "rkane", "2026-10")


def test_the_catalogue_is_valid_and_its_paths_are_the_files(tmp_path: Path) -> None:
    with made(tmp_path, days=1) as fleet:
        catalogue = load_catalogue(fleet.catalogue_dir)
        paths = {
            Path(spec.path)
            for app in catalogue.applications.values()
            for host in app.hosts
            for spec in app.log_specs(host).values()
        }
        assert paths == {fleet.path_of(sim) for sim in fleet.logs}
        assert all(path.is_file() for path in paths)
        url = catalogue.applications["shop"].checks["health"].http
        assert url is not None
        with urllib.request.urlopen(url, timeout=10) as reply:
            assert reply.status == 200
        assert {entry.transport for entry in catalogue.hosts.values()} == {"local"}


def test_a_living_fleet_goes_on_where_history_ended(tmp_path: Path) -> None:
    with made(tmp_path, days=1) as fleet:
        before = fleet.truth.records
        fleet.start()
        fleet.advance(NOW + 600)
        fleet.stop()
        assert fleet.truth.records > before + 50
        for sim in fleet.logs:
            if sim.app == "orders":
                log = fleet.truth.of(sim.app, sim.host, sim.log)
                assert recount.count_json(recount.lines_of(fleet.path_of(sim))) == by_level(log)


@pytest.fixture
def no_openssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no OpenSSH server is installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("psbuddy.demo.sshd._SEARCH", str(tmp_path))


@pytest.mark.usefixtures("no_openssh")
def test_without_an_ssh_server_it_reads_directly_and_says_so(tmp_path: Path) -> None:
    with DemoFleet(tmp_path / "f", now=NOW, days=1, scale=0.1) as fleet:
        fleet.prepare(quiet)
        assert "openssh-server" in fleet.note
        assert fleet.note.endswith("The demo reads its logs directly in place of over SSH.")
        hosts = load_catalogue(fleet.catalogue_dir).hosts
        assert {entry.transport for entry in hosts.values()} == {"local"}


@pytest.mark.usefixtures("no_openssh")
def test_who_insists_on_ssh_is_told_why_not(tmp_path: Path) -> None:
    with (
        DemoFleet(tmp_path / "f", now=NOW, days=1, ssh=True) as fleet,
        pytest.raises(SshdUnavailable, match="openssh-server"),
    ):
        fleet.prepare(quiet)


def test_only_a_started_fleet_advances(tmp_path: Path) -> None:
    with (
        DemoFleet(tmp_path, now=NOW, days=1, ssh=False) as fleet,
        pytest.raises(RuntimeError, match="between start"),
    ):
        fleet.advance(NOW + 60)


def test_stop_removes_a_temporary_folder_and_may_be_called_twice() -> None:
    fleet = DemoFleet(now=NOW, days=1, ssh=False, scale=0.1)
    fleet.prepare(quiet)
    fleet.start()
    assert fleet.folder.is_dir()
    fleet.stop()
    assert not fleet.folder.exists()
    fleet.stop()


def test_a_folder_that_was_given_stays(tmp_path: Path) -> None:
    with made(tmp_path / "kept", days=1) as fleet:
        fleet.start()
    assert (tmp_path / "kept" / "catalogue" / "demo.yaml").is_file()


@pytest.mark.parametrize("days", [1, 8])
def test_history_is_as_long_as_asked_for(tmp_path: Path, days: int) -> None:
    with DemoFleet(tmp_path, now=NOW, days=days, ssh=False, scale=0.1) as fleet:
        fleet.prepare(quiet)
        first = min(fleet.truth.of("shop", "shop-app-1", "access").transactions())
        assert NOW - days * 86_400 - 60 <= first < NOW - days * 86_400 + 7_200
