"""From a cause, a moment or a run back to the very lines, through a real session."""

import gzip
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Done, Psbuddy

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


class Shop:
    """One log of this machine with a failing job in it, collected."""

    def __init__(self, folder: Path, psbuddy: Psbuddy) -> None:
        self.log = folder / "app.log"
        self._folder, self._psbuddy = folder, psbuddy
        (folder / "catalogue").mkdir()
        (folder / "catalogue" / "a.yaml").write_text(
            f"applications:\n  shop:\n    name: Shop\n    hosts: local\n    timezone: UTC\n"
            f"    logs: {{app: {{path: {self.log}}}}}\n"
            "    jobs:\n      close:\n        log: app\n        start: close started\n"
            "        finish: close finished\n        fail: close failed\n"
        )
        said = {100: "INFO close started", 180: "ERROR close failed", 200: "ERROR disk of a full"}
        with self.log.open("w") as out:
            for number in range(300):
                at = START + timedelta(seconds=number)
                level, _, text = said.get(number, f"INFO order password=canary{number}").partition(
                    " "
                )
                out.write(f"{at:%Y-%m-%d %H:%M:%S},001 {level} [m] c.F - {text} n{number}\n")
        assert self("collect", "--once").code == 0

    def __call__(self, *arguments: str) -> Done:
        database = str(self._folder / "data" / "psbuddy.db")
        return self._psbuddy(*arguments, db=database, catalogue=self._folder / "catalogue")

    def cause(self, word: str) -> str:
        causes = json.loads(self("causes", "shop", "--json").out)["causes"]
        return next(each["cause"] for each in causes if word in each["title"])


@pytest.fixture
def shop(tmp_path: Path, psbuddy: Psbuddy) -> Shop:
    return Shop(tmp_path, psbuddy)


def numbers(out: str) -> list[int]:
    return [int(n) for n in re.findall(r" n(\d+)$", out, re.MULTILINE)]


def test_from_a_cause(shop: Shop) -> None:
    done = shop("lines", "shop", "--cause", shop.cause("disk")[:8], "-n", "7")
    assert done.code == 0, done
    assert numbers(done.out) == list(range(197, 204))
    assert re.search(r"^> .* n200$", done.out, re.MULTILINE)
    assert "canary" not in done.out
    assert str(shop.log) in done.err


def test_from_a_moment_and_from_a_run(shop: Shop) -> None:
    at = f"{START + timedelta(seconds=50):%Y-%m-%dT%H:%M:%S}"
    assert numbers(shop("lines", "shop", "--at", at, "-n", "3").out) == [49, 50, 51]
    assert numbers(shop("lines", "shop", "--run", "close", "-n", "1").out) == [180]


def test_from_a_file_that_was_rotated_and_packed_since(shop: Shop) -> None:
    cause = shop.cause("disk")
    packed = shop.log.with_name("app.log-20261124.gz")
    with shop.log.open("rb") as source, gzip.open(packed, "wb") as out:
        shutil.copyfileobj(source, out)
    shop.log.write_text(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S},001 INFO [m] c.F - begun anew\n")
    [place] = json.loads(shop("lines", "shop", "--cause", cause, "-n", "3", "--json").out)["places"]
    assert place["path"] == str(packed)
    assert place["lines"][place["at"]].endswith("n200")
    packed.unlink()
    done = shop("lines", "shop", "--cause", cause)
    assert done.code == 1
    assert "its file was rotated away" in done.err
    shop.log.unlink()
    assert "is not there on local any more" in shop("lines", "shop", "--cause", cause).err


def test_what_cannot_be_looked_for(shop: Shop) -> None:
    for arguments, code, said in (
        ((), 2, "one of --cause, --at and --run"),
        (("--cause", "f00"), 2, "has no cause"),
        (("--at", "noon"), 2, '--at "noon" is no time'),
        (("--run", "clos"), 2, 'Did you mean "close"'),
        (("--run", "close", "--period", "1999-01"), 1, "No run of close for 1999-01"),
        (("--at", "2026-01-01", "--host", "x"), 1, "has the logs app on local"),
    ):
        done = shop("lines", "shop", *arguments)
        assert (done.code, said in done.err) == (code, True), done


def test_a_host_that_is_not_reached_says_so(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "catalogue" / "a.yaml"
    file.write_text(file.read_text().replace("hosts: local", "hosts: no-such-host.invalid"))
    done = shop("lines", "shop", "--at", "2026-01-01")
    assert done.code == 1
    assert "no-such-host.invalid" in done.err
