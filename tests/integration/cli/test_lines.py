"""From a cause, a moment or a run back to the very lines, through a real session."""

import bz2
import gzip
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from psbuddy.demo.sshd import LoopbackSshd
from tests.integration.cli.conftest import Done, Psbuddy
from tests.support.catalogues import hosts_section

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


class Shop:
    """One log of this machine with a failing job in it, collected."""

    def __init__(self, folder: Path, psbuddy: Psbuddy) -> None:
        self.log = folder / "app.log"
        self._folder, self._psbuddy = folder, psbuddy
        (folder / "catalogue").mkdir()
        self.text = self.catalogue()
        (folder / "catalogue" / "a.yaml").write_text(self.text)
        said = {100: "INFO close started", 180: "ERROR close failed", 200: "ERROR disk of a full"}
        with self.log.open("w") as out:
            for number in range(300):
                at = START + timedelta(seconds=number)
                level, _, text = said.get(number, f"INFO order password=canary{number}").partition(
                    " "
                )
                out.write(f"{at:%Y-%m-%d %H:%M:%S},001 {level} [m] c.F - {text} n{number}\n")
        assert self("collect", "--once").code == 0

    def catalogue(self, hosts: str = "local") -> str:
        return (
            f"applications:\n  shop:\n    name: Shop\n    hosts: {hosts}\n    timezone: UTC\n"
            f"    logs: {{app: {{path: {self.log}}}}}\n"
            "    jobs:\n      close:\n        log: app\n        start: close started\n"
            "        finish: close finished\n        fail: close failed\n"
        )

    def __call__(self, *arguments: str) -> Done:
        database = str(self._folder / "data" / "psbuddy.db")
        return self._psbuddy(*arguments, db=database, catalogue=self._folder / "catalogue")

    def cause(self, word: str) -> str:
        causes = json.loads(self("causes", "shop", "--json").out)["causes"]
        return next(str(each["cause"]) for each in causes if word in each["title"])


class FarShop(Shop):
    """The same seen through two hosts of a real sshd."""

    def __init__(self, folder: Path, psbuddy: Psbuddy, sshd: LoopbackSshd) -> None:
        self._sshd = sshd
        super().__init__(folder, psbuddy)

    def catalogue(self, hosts: str = "[host-1, host-2]") -> str:
        return hosts_section(self._sshd, ["host-1", "host-2"]) + super().catalogue(hosts)


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


def test_through_a_real_sshd(
    psbuddy: Psbuddy, tmp_path: Path, sshd: LoopbackSshd, tmp_home: Path
) -> None:
    far = FarShop(tmp_path, psbuddy, sshd)
    cause = far.cause("disk")
    done = far("lines", "shop", "--cause", cause, "-n", "5", "--host", "host-1")
    assert (done.code, numbers(done.out)) == (0, list(range(198, 203))), done
    assert "on host-1, around" in done.err
    with far.log.open("rb") as source, bz2.open(f"{far.log}.1.bz2", "wb") as out:
        shutil.copyfileobj(source, out)
    far.log.write_text(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S},001 INFO [m] c.F - begun anew\n")
    asked = ("lines", "shop", "--cause", cause, "-n", "3", "--host", "host-1", "--json")
    [place] = json.loads(far(*asked).out)["places"]
    assert (place["host"], place["path"]) == ("host-1", f"{far.log}.1.bz2")
    assert numbers("\n".join(place["lines"])) == [199, 200, 201]
    at = f"{START + timedelta(seconds=50):%Y-%m-%dT%H:%M:%S}"
    places = json.loads(far("lines", "shop", "--at", at, "-n", "1", "--json").out)["places"]
    assert [each["host"] for each in places] == ["host-1", "host-2"]  # a spike: wherever it was
    assert all(numbers("\n".join(each["lines"])) == [50] for each in places)
    (tmp_path / "catalogue" / "a.yaml").write_text(far.text.replace("host-1,", "").replace(
        f"port: {sshd.port}", "port: 1"))  # fmt: skip
    done = far("lines", "shop", "--at", at)
    assert done.code == 1
    assert "host-2" in done.err
    assert "Traceback" not in done.err


def test_a_long_line_and_secrets_as_a_person_sees_them(shop: Shop) -> None:
    with shop.log.open("a") as out:
        at = START + timedelta(seconds=400)
        out.write(f"{at:%Y-%m-%d %H:%M:%S},001 ERROR [m] c.F - big {'y' * 60_000}\n")
        out.write(f"{at:%Y-%m-%d %H:%M:%S},002 INFO [m] c.F - token=canary{'z' * 20} n401\n")
    done = shop("lines", "shop", "--at", f"{at:%Y-%m-%dT%H:%M:%S}", "-n", "3")
    assert done.code == 0, done
    assert re.search(r"^> .*y…$", done.out, re.MULTILINE)
    assert max(map(len, done.out.splitlines())) <= 4096 + 2
    assert "canary" not in done.out


def test_a_file_in_utf_16_that_was_rotated(shop: Shop) -> None:
    cause = shop.cause("disk")
    text = shop.log.read_text()
    shop.log.with_name("app.log.1").write_bytes(text.encode("utf-16"))
    shop.log.unlink()
    done = shop("lines", "shop", "--cause", cause, "-n", "3")
    assert (done.code, numbers(done.out)) == (0, [199, 200, 201]), done
