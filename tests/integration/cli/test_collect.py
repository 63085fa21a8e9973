"""From a log file on this machine to the tables: the whole way, through the command line."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Done, Psbuddy


class Watched:
    """A catalogue over one log of this machine, and a store that is not there yet."""

    def __init__(self, folder: Path, psbuddy: Psbuddy) -> None:
        self.log = folder / "app.log"
        self.catalogue = folder / "catalogue"
        self.catalogue.mkdir()
        self.truth: Counter[str] = Counter()
        self._db = str(folder / "data" / "psbuddy.db")
        self._psbuddy = psbuddy
        (self.catalogue / "a.yaml").write_text(
            f"applications:\n  shop:\n    name: Shop\n    hosts: local\n    timezone: UTC\n"
            f"    logs: {{app: {{path: {self.log}}}}}\n"
        )

    def write(self, lines: int, level: str) -> None:
        moment = datetime.now(UTC) - timedelta(minutes=30)
        with self.log.open("a") as stream:
            for number in range(lines):
                stamp = moment + timedelta(seconds=number)
                stream.write(
                    f"{stamp:%Y-%m-%d %H:%M:%S},000 {level} [main] c.e.Shop - order sent\n"
                )
        self.truth[level.lower()] += lines

    def run(self, *arguments: str) -> Done:
        return self._psbuddy(*arguments, db=self._db, catalogue=self.catalogue)

    def counted(self) -> Counter[str]:
        rows = json.loads(
            self.run(
                "sql", "--json", "select level, sum(records) as n from v_minute group by 1"
            ).out
        )
        return Counter({row["level"]: row["n"] for row in rows})


@pytest.fixture
def watched(tmp_path: Path, psbuddy: Psbuddy) -> Watched:
    return Watched(tmp_path, psbuddy)


def test_two_rounds_count_every_line_once(watched: Watched) -> None:
    for level in ("INFO", "ERROR"):
        watched.write(50, level)
        done = watched.run("collect", "--once")
        assert (done.code, done.out) == (0, "")
        assert "1 of 1 host read." in done.err
        assert watched.counted() == watched.truth
    assert "order sent" in watched.run("causes", "shop").out
    document = json.loads(watched.run("status", "--json").out)
    assert [app["app"] for app in document["applications"]] == ["shop"]
    assert document["applications"][0]["hosts_seen"] == 1


def test_routes_come_home_with_exact_sums_and_no_secret(watched: Watched) -> None:
    begin = datetime.now(UTC) - timedelta(minutes=50)
    for part in range(2):
        with watched.log.open("a") as stream:
            for number in range(600):
                stamp = begin + timedelta(seconds=600 * part + number)
                paths = (
                    "/orders/4711",
                    f"/api/v1/x/{number}?token=hunter2",
                    "/reset/S3cr3t",
                    "/a.css",
                )
                path = paths[number % 4]
                status = 500 if number % 40 == 1 else 200
                stream.write(
                    f'10.0.0.1 - - [{stamp:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" '
                    f'{status} 5 "-" "curl" {number % 100 / 1000:.3f}\n'
                )
        assert watched.run("collect", "--once").code == 0
    arguments = ("transactions", "shop", "--range", "2h", "--json")
    routes = {row["route"]: row for row in json.loads(watched.run(*arguments).out)["routes"]}
    names = {"GET /orders/{id}", "GET /api/v1/x/{id}", "GET /reset/{id}", "GET *.css"}
    assert set(routes) == names
    assert {row["transactions"] for row in routes.values()} == {300}
    assert routes["GET /api/v1/x/{id}"]["failed"] == 30
    assert sum(row["failed"] for row in routes.values()) == 30
    (stored,) = json.loads(
        watched.run(
            "sql", "--json", "select sum(transactions) as n, sum(failed) as f from v_route_hour"
        ).out
    )
    assert stored == {"n": 1200, "f": 30}
    assert "S3cr3t" not in watched.run("sql", "select route from route").out


def test_a_host_or_application_that_is_not_watched_is_wrong_use(watched: Watched) -> None:
    watched.write(1, "INFO")
    assert watched.run("collect", "--once", "--host", "nowhere").code == 2
    assert watched.run("collect", "--once", "--app", "nothing").code == 2


def test_a_wrong_catalogue_is_told_and_nothing_is_collected(watched: Watched) -> None:
    (watched.catalogue / "a.yaml").write_text("applications:\n  shop: {hsts: local}\n")
    done = watched.run("collect", "--once")
    assert done.code == 1
    assert "a.yaml:2" in done.err


def test_a_log_that_is_missing_is_said_with_what_to_do(watched: Watched) -> None:
    done = watched.run("collect", "--once")
    assert str(watched.log) in done.err
    assert "Traceback" not in done.err


def test_a_log_that_is_not_there_is_told_and_not_called_fine(watched: Watched) -> None:
    done = watched.run("collect", "--once")
    assert done.code == 1
    assert f"{watched.log} is not there" in done.err
    assert "1 of 1 host read, 1 problem told above." in done.err
    status = watched.run("status", "--json")
    assert status.code == 1
    assert json.loads(status.out)["applications"][0]["state"] == "unknown"
    watched.write(5, "INFO")
    assert watched.run("collect", "--once").code == 0
    assert watched.counted() == watched.truth


def test_status_says_why_a_host_could_not_be_visited(watched: Watched) -> None:
    (watched.catalogue / "a.yaml").write_text(
        "hosts:\n  far: {address: 127.0.0.9, port: 1}\n"
        "applications:\n  shop:\n    hosts: far\n    logs: {app: {path: /var/log/shop.log}}\n"
    )
    assert watched.run("collect", "--once").code == 1
    status = watched.run("status")
    assert status.code == 1
    assert "far (127.0.0.9 port 1) refuses connections" in status.err


def test_what_is_not_in_the_catalogue_brings_the_nearest(psbuddy: Psbuddy, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("applications: {shop: {name: Web shop, hosts: app-1}}")
    for option, given, near in (("--app", "shpo", "shop"), ("--host", "ap-1", "app-1")):
        done = psbuddy("collect", "--once", option, given, catalogue=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert f'Did you mean "{near}"?' in done.err
