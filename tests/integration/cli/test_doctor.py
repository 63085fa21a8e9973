"""psbuddy doctor: what is wrong here, and what to do about each thing."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.cli.health import Health, fine, note, wrong
from psbuddy.cli.health_programs import program_findings
from psbuddy.cli.health_screen import screen_findings
from psbuddy.cli.health_store import store_findings
from psbuddy.cli.places import Places
from psbuddy.model.terms import Outcome, Stage
from psbuddy.store import open_store
from psbuddy.store.sqlite import DRIVER
from tests.integration.cli.conftest import Psbuddy
from tests.support import fleet_store
from tests.support.visits import NOON, failed, log, visit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalogue").mkdir()
    return tmp_path / "catalogue"


def test_the_doctor_finds_a_wrong_catalogue_and_a_whole_store(
    psbuddy: Psbuddy, folder: Path
) -> None:
    (folder / "a.yaml").write_text("applications: {a: {hosts: b, ownr: x}}")
    done = psbuddy("doctor", "--json", catalogue=folder)
    document = json.loads(done.out)
    found = {each["what"]: each for each in document["findings"]}
    assert (done.code, document["fine"]) == (1, False)
    assert found["Catalogue"]["health"] == "wrong"
    assert 'Did you mean "owner"?' in found["Catalogue"]["todo"]
    assert found["Store"]["health"] == "fine"
    for what in (
        "Python",
        "Packages",
        "SQLite",
        "Package ui",
        "Package collectors",
        "Qt libraries",
    ):
        assert found[what]["health"] in ("fine", "note"), found[what]


def test_the_doctor_finds_a_damaged_store(psbuddy: Psbuddy, fleet_db: str, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    content = bytearray(Path(fleet_db).read_bytes())
    content[8192:200_000] = bytes(200_000 - 8192)
    damaged.write_bytes(content)
    done = psbuddy("doctor", "--json", db=str(damaged))
    found = {each["what"]: each for each in json.loads(done.out)["findings"]}
    assert (done.code, found["Store"]["health"]) == (1, "wrong")
    assert "Traceback" not in done.err


def test_the_doctor_speaks_on_a_terminal_too(psbuddy: Psbuddy, folder: Path) -> None:
    (folder / "a.yaml").write_text("applications: {a: {hosts: b}}")
    done = psbuddy("doctor", catalogue=folder)
    assert done.code == 0, done.out
    assert done.err == "Nothing is wrong.\n"
    for word in ("PS Buddy", "SQLite", "OpenSSH client", "1 application in 1 file, valid"):
        assert word in done.out


def test_what_is_not_there_yet_is_no_mistake(tmp_path: Path) -> None:
    places = Places(str(tmp_path / "new" / "x.db"), tmp_path / "new" / "catalogue")
    found = {each.what: each for each in store_findings(places)}
    assert {each.health for each in found.values()} == {Health.FINE, Health.NOTE}
    assert "made by the first collection" in found["Store"].todo
    assert "made when it is needed" in found["Folder of the store"].found
    assert not (tmp_path / "new").exists()


def test_places_that_cannot_be_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    places = Places("mysql://x", tmp_path / "file" / "catalogue")
    found = {each.what: each for each in store_findings(places)}
    assert found["Store"].health is Health.WRONG
    assert found["Folder of the catalogue"].health is Health.WRONG
    assert "is no folder" in found["Folder of the catalogue"].found


def test_every_finding_that_is_not_fine_says_what_to_do() -> None:
    findings = [*program_findings(), *screen_findings(), fine("a", "b")]
    assert [each for each in findings if each.health is not Health.FINE and not each.todo] == []
    assert (note("a", "b", "c").health, wrong("a", "b", "c").todo) == (Health.NOTE, "c")


def test_a_stranger_named_ui_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "__init__.py").touch()
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from psbuddy.cli import main; "
    done = subprocess.run(
        [sys.executable, "-c", code + "sys.exit(main(['doctor', '--json']))"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PSBUDDY_DB": str(tmp_path / "x.db")},
    )
    found = {each["what"]: each for each in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found["Package ui"]["health"]) == (1, "wrong")
    assert str(tmp_path / "ui") in found["Package ui"]["found"]
    assert found["Package collectors"]["health"] == "fine"


def test_missing_programs_are_noted_not_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = {each.what: each for each in program_findings()}
    assert found["OpenSSH client"].health is Health.NOTE
    assert found["python3"].health is Health.NOTE


def test_the_doctor_names_hosts_and_logs_that_are_not_seen(
    psbuddy: Psbuddy, tmp_path: Path
) -> None:
    db = str(tmp_path / "x.db")
    refused = "deploy@h2 was not let in: no key was accepted."
    gone = "/var/log/b.log may not be read on h1. Its owner can type there: setfacl -m u:ops:r b"
    shop = dataclasses.replace(fleet_store.SHOP, hosts=("h1", "h2", "h3"))
    with open_store(db) as store:
        store.write_catalogue([shop], NOON)
        unread = log(name="closed", read_until=0, positions=(), problems=(gone,))
        store.commit(
            [visit(log(), unread, host="h1"), failed("h3", detail="h3 is away. Is it up?")], NOON
        )
        for at in (NOON, NOON + 60):
            store.commit([
                visit(host="h2", at=at, stage=Stage.AUTH, outcome=Outcome.FAILED, detail=refused)
            ], at)  # fmt: skip
    done = psbuddy("doctor", "--json", db=db)
    found = {each["what"]: each for each in json.loads(done.out)["findings"]}
    assert done.code == 1
    login = found["Host h2"]
    assert (login["health"], login["found"]) == ("wrong", f"{refused} (never seen)")
    assert "psbuddy collect --once" in login["todo"]
    assert (found["Host h3"]["health"], found["Host h3"]["todo"]) == ("wrong", "Is it up?")
    closed = found["Log shop/closed on h1"]
    assert closed["found"] == "/var/log/b.log may not be read on h1."
    assert closed["todo"].startswith("Its owner can type there: setfacl")
    assert "Host h1" not in found
    assert "Log shop/app on h1" not in found
    told = psbuddy("doctor", db=db)
    assert told.err == "3 things are wrong.\n"
    for word in ("Host h2", "Host h3", "Log shop/closed on h1", refused):
        assert word in told.out


def test_the_doctor_says_that_all_that_is_watched_is_seen(psbuddy: Psbuddy, tmp_path: Path) -> None:
    db = str(tmp_path / "x.db")
    with open_store(db) as store:
        store.write_catalogue([dataclasses.replace(fleet_store.SHOP, hosts=("h1",))], NOON)
        store.commit([visit(log())], NOON)
    found = {e["what"]: e for e in json.loads(psbuddy("doctor", "--json", db=db).out)["findings"]}
    assert found["Watched"]["found"] == "1 host answered, 1 log read"
    assert found["Collector"]["health"] == "note", "nobody has collected since"


def test_the_doctor_names_the_file_of_a_broken_catalogue(psbuddy: Psbuddy, folder: Path) -> None:
    (folder / "a.yaml").write_text("applications:\n  a: [\n")
    done = psbuddy("doctor", "--json", catalogue=folder)
    found = {each["what"]: each for each in json.loads(done.out)["findings"]}["Catalogue"]
    assert (done.code, found["health"]) == (1, "wrong")
    assert "last good stays in use" in found["found"]
    assert "a.yaml:" in found["todo"]


def test_the_doctor_compacts_and_looks_at_every_sum(
    psbuddy: Psbuddy, fleet_db: str, tmp_path: Path
) -> None:
    db = shutil.copy(fleet_db, tmp_path / "copy.db")
    ask = ("sql", "select host, minute, level, records from v_minute order by 1, 2, 3")
    before = psbuddy(*ask, db=str(db))
    whole = psbuddy("doctor", "--compact", "--json", db=str(db))
    assert "The store was" in whole.err
    found = {each["what"]: each for each in json.loads(whole.out)["findings"]}
    assert found["Counts"]["health"] == "fine"
    assert "all sums are right" in found["Counts"]["found"]
    sealed = psbuddy("sql", "--json", "select count(*) as n from minute_page", db=str(db))
    assert json.loads(sealed.out)[0]["n"] > 20
    assert psbuddy(*ask, db=str(db)) == before
    with closing(DRIVER.connect(db)) as writer:
        writer.execute("UPDATE minute_page SET data = zeroblob(length(data)) WHERE rowid = 3")
        writer.commit()
    damaged = psbuddy("doctor", "--json", db=str(db))
    found = {each["what"]: each for each in json.loads(damaged.out)["findings"]}
    assert (damaged.code, found["Counts"]["health"]) == (1, "wrong")
    assert "its page is damaged: its checksum is wrong" in found["Counts"]["found"]
    asked = psbuddy(*ask, db=str(db))
    assert asked.code == 1 and "damaged and missing here: 20" in asked.err
    assert psbuddy(*ask, "--range", "60m", db=str(db)).code == 0
