"""Commands that write files: export and snapshot."""

import csv
from pathlib import Path

import pytest

from psbuddy.store.views import VIEWS
from tests.integration.cli.conftest import MOMENT, Psbuddy


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_view_is_exported_whole(psbuddy: Psbuddy, tmp_path: Path) -> None:
    done = psbuddy("export", str(tmp_path / "new" / "folder"))
    assert (done.code, done.out) == (0, "")
    files = {file.stem: file for file in (tmp_path / "new" / "folder").iterdir()}
    assert sorted(files) == sorted(VIEWS)
    counted = psbuddy("sql", "select count(*) from v_minute").out.split()[-1]
    assert len(rows(files["v_minute"])) == int(counted)
    assert [run["verdict"] for run in rows(files["v_run"])].count("twice") == 1


@pytest.mark.parametrize("option", ["--parquet", "--openmetrics"])
def test_what_is_not_there_yet_says_so(psbuddy: Psbuddy, tmp_path: Path, option: str) -> None:
    done = psbuddy("export", str(tmp_path / "x"), option)
    assert (done.code, "not there yet" in done.err) == (2, True)
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_made_is_wrong_use(psbuddy: Psbuddy, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = psbuddy("export", str(tmp_path / "file" / "x"))
    assert (done.code, "cannot be written" in done.err) == (2, True)


def test_a_snapshot_as_csv_has_the_series(psbuddy: Psbuddy, tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    done = psbuddy("snapshot", "shop", "-o", str(file), "--range", "24h", "--until", MOMENT)
    assert done.code == 0
    found = rows(file)
    assert found[0]["time"] == "2026-11-30T10:20:00Z"
    assert sum(int(row["errors"]) for row in found if row["errors"]) > 100
    assert all(row["time"].endswith("Z") for row in found)


def test_a_snapshot_as_csv_of_causes_tells_their_state(psbuddy: Psbuddy, tmp_path: Path) -> None:
    file = tmp_path / "causes.csv"
    for kind, column in (("causes", "told"), ("runs", "verdict")):
        done = psbuddy("snapshot", "shop", "-o", str(file), "--rows", kind, "--until", MOMENT)
        assert done.code == 0, done
        assert column in file.read_text("utf-8-sig").partition("\r\n")[0].split(",")
    assert psbuddy("snapshot", "shop", "-o", str(file), "--rows", "hosts").code == 2
    psbuddy("snapshot", "shop", "-o", str(file), "--rows", "causes", "--until", MOMENT)
    assert {row["state"] for row in rows(file)} == {"new", "ongoing"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x.pdf", "not there yet"),
        ("x.svg", "not there yet"),
        ("x.xlsx", "not there yet"),
        ("x.gif", "What kind of file"),
        ("x", "What kind of file"),
        ("none/x.png", "is not there"),
    ],
)
def test_a_file_that_cannot_be_is_wrong_use(
    psbuddy: Psbuddy, tmp_path: Path, name: str, says: str
) -> None:
    done = psbuddy("snapshot", "shop", "-o", str(tmp_path / name))
    assert (done.code, says in done.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["png", "html", "csv"])
def test_a_place_that_cannot_be_written_is_one_sentence(
    psbuddy: Psbuddy, tmp_path: Path, kind: str
) -> None:
    (tmp_path / f"x.{kind}").mkdir()
    for place in (f"/proc/x.{kind}", tmp_path / f"x.{kind}"):
        done = psbuddy("snapshot", "shop", "-o", str(place))
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"{place} cannot be written: ")
        assert done.err.endswith(". Choose another place with --output.\n")
    assert len(list(tmp_path.iterdir())) == 1


def test_an_unknown_theme_is_wrong_use(psbuddy: Psbuddy, tmp_path: Path) -> None:
    done = psbuddy("snapshot", "shop", "-o", str(tmp_path / "x.png"), "--theme", "pink")
    assert (done.code, "light or dark" in done.err) == (2, True)
