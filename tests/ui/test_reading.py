"""Reads happen elsewhere, answers arrive here, only the newest question is answered."""

import sqlite3
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from psbuddy.store.read.fleet import app_statuses
from ui.reading import Reader
from ui.worker import TellUser, Worker


def test_a_read_runs_on_the_worker_and_is_answered_here(qtbot: QtBot, fleet_store: str) -> None:
    reader = Reader(fleet_store)
    threads: list[int] = []
    answers: list[int] = []

    def read(connection: sqlite3.Connection) -> int:
        threads.append(threading.get_ident())
        return len(app_statuses(connection))

    def done(number: int) -> None:
        threads.append(threading.get_ident())
        answers.append(number)

    reader.ask("fleet", read, done, pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    reader.close()
    assert answers == [40]
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_only_the_newest_question_of_a_key_is_answered(qtbot: QtBot, fleet_store: str) -> None:
    reader = Reader(fleet_store)
    gate = threading.Event()
    answers: list[str] = []
    ran: list[str] = []

    def slow(_: sqlite3.Connection) -> str:
        gate.wait(10)
        return "first"

    def quick(name: str) -> str:
        ran.append(name)
        return name

    reader.ask("page", slow, answers.append, pytest.fail)
    reader.ask("page", lambda _: quick("second"), answers.append, pytest.fail)
    reader.ask("page", lambda _: quick("third"), answers.append, pytest.fail)
    reader.ask("other", lambda _: quick("other"), answers.append, pytest.fail)
    gate.set()
    qtbot.waitUntil(lambda: not reader.busy)
    reader.close()
    assert answers == ["third", "other"]
    assert ran == ["third", "other"]  # a void question is not even read


def test_a_forgotten_question_is_not_answered(qtbot: QtBot, fleet_store: str) -> None:
    reader = Reader(fleet_store)
    answers: list[str] = []
    reader.ask("page", lambda _: "old", answers.append, pytest.fail)
    reader.forget("page")
    reader.ask("other", lambda _: "new", answers.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    reader.close()
    assert answers == ["new"]


def test_nobody_is_called_for_an_owner_that_is_gone(qtbot: QtBot, fleet_store: str) -> None:
    reader = Reader(fleet_store)
    owner = QObject()
    answers: list[str] = []
    gate = threading.Event()
    reader.ask("a", lambda _: gate.wait(10), answers.append, answers.append, owner=owner)
    import shiboken6

    shiboken6.delete(owner)
    gate.set()
    reader.ask("b", lambda _: "b", answers.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    reader.close()
    assert answers == ["b"]


def test_a_missing_store_is_told_in_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    reader = Reader(str(tmp_path / "none.db"))
    told: list[str] = []
    reader.ask("fleet", app_statuses, pytest.fail, told.append)
    qtbot.waitUntil(lambda: bool(told))
    reader.close()
    assert "There is no store at" in told[0]


def test_bad_sql_is_told_and_the_next_question_works(qtbot: QtBot, fleet_store: str) -> None:
    reader = Reader(fleet_store)
    told: list[str] = []
    answers: list[int] = []
    reader.ask("bad", lambda c: c.execute("SELECT 1 FROM nowhere"), pytest.fail, told.append)
    reader.ask("good", lambda c: len(app_statuses(c)), answers.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    reader.close()
    assert told[0].startswith("The store could not be read: no such table")
    assert answers == [40]


def test_closing_interrupts_the_running_query(qtbot: QtBot, fleet_store: str) -> None:
    reader = Reader(fleet_store)
    started = threading.Event()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    def read(connection: sqlite3.Connection) -> object:
        started.set()
        return connection.execute(endless).fetchone()

    reader.ask("endless", read, pytest.fail, pytest.fail)
    assert started.wait(10)
    reader.close()  # the suite fails if the thread is still there
    reader.close()
    reader.ask("late", read, pytest.fail, pytest.fail)
    assert not reader.busy


def test_unexpected_errors_of_work_are_logged_and_told(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker("test")
    told: list[str] = []

    def broken() -> None:
        raise ValueError("a bug")

    def refused() -> None:
        raise TellUser("Try another name.")

    worker.ask("bug", broken, pytest.fail, told.append)
    worker.ask("refused", refused, pytest.fail, told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    worker.close()
    assert told == ["a bug", "Try another name."]
    assert [record.message for record in caplog.records] == ["work on 'bug' failed"]
