"""psbuddy doctor: what is wrong here, and what to do about each thing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from psbuddy.cli.health import Health, fine, note, wrong
from psbuddy.cli.health_programs import program_findings
from psbuddy.cli.health_screen import screen_findings
from psbuddy.cli.health_store import store_findings
from psbuddy.cli.places import Places
from tests.integration.cli.conftest import Psbuddy


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
