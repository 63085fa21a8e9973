"""Whatever a command raises becomes an exit code and a sentence."""

from pathlib import Path
from typing import NoReturn

import pytest

from psbuddy.catalogue import CatalogueError, Problem
from psbuddy.cli.guard import CliError, guarded, write_report
from psbuddy.store.errors import StoreMissing, StoreUrlError


def raising(error: BaseException) -> int:
    def work() -> NoReturn:
        raise error

    return guarded(work)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (CliError("Say more.", 2), 2, "Say more."),
        (CliError("It is so."), 1, "It is so."),
        (StoreMissing("No store."), 1, "No store."),
        (StoreUrlError("No address."), 2, "No address."),
        (CatalogueError([Problem("a.yaml", 3, "x", "is wrong.")]), 1, "a.yaml:3: x: is wrong."),
        (SystemExit(7), 7, ""),
        (SystemExit(None), 0, ""),
        (SystemExit("bye"), 1, ""),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_known_errors_are_told_as_they_are(
    error: BaseException, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(error) == code
    assert says in capsys.readouterr().err


def test_an_unexpected_error_is_one_sentence_and_a_file(
    tmp_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(ZeroDivisionError("by nothing\nat all")) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "ZeroDivisionError: by nothing" in said
    assert "Traceback" not in said
    (file,) = tmp_home.rglob("errors.log")
    assert str(file) in said
    assert "Traceback" in file.read_text()


def test_no_log_file_is_no_second_error(
    tmp_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_home / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_home / "file"))
    assert raising(ZeroDivisionError()) == 1
    assert "could not be written down" in capsys.readouterr().err


def test_the_log_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    (tmp_path / "errors.log").write_bytes(b"x" * 1024 * 1024 + b"y")
    file = write_report(tmp_path, ValueError("new"))
    assert file.stat().st_size < 10_000
    assert (tmp_path / "errors.log.1").stat().st_size == 1024 * 1024 + 1
