"""Three ways in, and the walk from an alias to watched logs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from psbuddy.catalogue import load_catalogue
from ui.engine_client import EngineClient
from ui.pages.start.page import StartPage
from ui.pages.start.view import app_id, default_name, found_logs, found_words
from ui.pages.start.wizard import WizardPage
from ui.theme import LIGHT
from ui.worker import Worker

REPLY = {
    "event": "answer",
    "host": "led-app-1",
    "logs": [
        {"path": "/opt/ledger/app.log", "size": 2_000, "growing": True, "format": "logback",
         "readable": True, "records": 41, "levels": {"info": 39, "error": 2}, "unparsed_lines": 1,
         "transactions": 3, "sample": ["2026-11-24 \x1b[31mERROR <b>no</b>"]},
        {"path": "/var/log/secret.log", "size": 10, "growing": True, "format": "syslog",
         "readable": False},
        {"path": "/var/log/odd.log", "size": 1_500_000, "growing": True, "format": "none",
         "readable": True},
        {"path": "/var/log/quiet.log", "size": 10, "growing": False, "format": "syslog",
         "readable": True, "records": 2, "levels": {}, "sample": ["x"]},
    ],
}  # fmt: skip


def test_what_was_found_stays_in_the_order_of_the_host() -> None:
    logs = found_logs(REPLY)
    turned = found_logs(REPLY | {"logs": REPLY["logs"][::-1]})
    assert turned == logs[::-1]
    assert [log.name for log in logs] == ["app.log", "secret.log", "odd.log", "quiet.log"]
    assert [log.ticked for log in logs] == [True, False, False, False]
    assert logs[0].understood == (
        "logback: 41 records, 2 error, 39 info, 3 transactions, 1 line not understood"
    )
    assert logs[1].understood == "Not readable for your account"
    why = "it belongs to root, group adm, mode -rw-r-----. Its owner can type there: sudo x"
    (told,) = found_logs({"logs": [{"path": "/a.log", "readable": False, "detail": why}]})
    assert told.understood == f"Not readable for your account: {why}"
    assert logs[2].understood.startswith("No time stamp recognised")


def test_the_sentence_above_the_list() -> None:
    assert found_words(found_logs(REPLY), "led-app-1") == "4 logs found on led-app-1; 3 grow."
    assert "ask for membership" in found_words((), "led-app-1")


@pytest.mark.parametrize(
    "reply",
    [{}, {"logs": "x"}, {"logs": [5, {}, {"path": 7}]}, {"logs": None}],
)
def test_a_hostile_reply_is_an_empty_one(reply: dict[str, Any]) -> None:
    assert found_logs(reply) == ()


def test_hostile_fields_count_as_absent() -> None:
    (log,) = found_logs(
        {"logs": [{"path": "/a", "size": -5, "levels": 3, "sample": [1, "a" * 999]}]}
    )
    assert log.size == "0 B"
    assert log.sample == ("a" * 500,)


def test_names_and_ids() -> None:
    assert app_id("Web shop (EU)") == "web-shop-eu"
    assert app_id("§§") == "app"
    assert default_name("led-app-1") == "Led app 1"
    assert default_name("ops@db.example") == "Db.example"
    assert default_name("local") == "This machine"


def test_the_three_ways_tell_what_was_chosen(qtbot: QtBot) -> None:
    page = StartPage(LIGHT)
    qtbot.addWidget(page)
    assert not page.host_button.isEnabled()
    QTest.keyClicks(page.alias, "  led-app-1 ")
    with qtbot.waitSignal(page.add_host) as alias:
        QTest.keyClick(page.alias, Qt.Key.Key_Return)
    assert alias.args == ["led-app-1"]
    with qtbot.waitSignal(page.watch_local):
        page.local_button.click()
    with qtbot.waitSignal(page.try_demo):
        page.demo_button.click()


class FakeEngine(EngineClient):
    """Answers `discover` when the test says so; everything else is the real class."""

    def __init__(self) -> None:
        super().__init__(["/nowhere"])
        self.asked: list[tuple[str, Callable[[Mapping[str, Any]], None]]] = []
        self.folders: list[tuple[str, ...]] = []

    def discover(
        self, host: str, reply: Callable[[Mapping[str, Any]], None], folders: Sequence[str] = ()
    ) -> bool:
        self.asked.append((host, reply))
        self.folders.append(tuple(folders))
        return True


def test_tick_and_watch_writes_the_catalogue(qtbot: QtBot, tmp_path: Path) -> None:
    engine, worker = FakeEngine(), Worker("test")
    page = WizardPage(LIGHT, engine, worker, tmp_path)
    qtbot.addWidget(page)
    page.look_at("led-app-1")
    engine.asked[0][1](REPLY)
    assert page._sample.toPlainText() == "2026-11-24 ‹ESC›[31mERROR <b>no</b>"
    assert page._watch.text() == "Watch 1 log"
    tick = page._model.index(2, 0)
    assert page._model.setData(tick, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert page._watch.text() == "Watch 2 logs"
    page._name.setText("General Ledger")
    with qtbot.waitSignal(page.watched, timeout=10_000) as watched:
        page._watch.click()
    worker.close()
    assert watched.args == ["general-ledger"]
    application = load_catalogue(tmp_path).applications["general-ledger"]
    assert application.name == "General Ledger"
    assert application.hosts == ("led-app-1",)
    assert sorted(log.path for log in application.logs.values()) == [
        "/opt/ledger/app.log",
        "/var/log/odd.log",
    ]


def test_a_place_of_the_users_own_is_looked_at(qtbot: QtBot, tmp_path: Path) -> None:
    engine, worker = FakeEngine(), Worker("test")
    page = WizardPage(LIGHT, engine, worker, tmp_path)
    qtbot.addWidget(page)
    page.look_at("led-app-1")
    page._where.setText("opt")
    page._look.click()
    assert page._status.text().startswith("A place begins with /")
    page._where.setText("/opt/ledger/app.log")
    page._look.click()
    assert engine.folders == [(), ("/opt/ledger/app.log", "/opt/ledger")]
    engine.asked[0][1](REPLY)  # the answer to the older question comes late
    assert page._model.rowCount() == 0
    engine.asked[1][1](REPLY)
    assert [page._model.index(row, 0).data() for row in range(page._model.rowCount())] == [
        "/opt/ledger/app.log"
    ]
    assert "sample" in page._model.headerData(3, Qt.Orientation.Horizontal)
    page.look_at("led-app-1", "/opt/none")
    engine.asked[2][1]({"event": "answer", "host": "led-app-1", "logs": []})
    assert page._status.text().startswith("No logs were found at /opt/none on led-app-1.")
    worker.close()


def test_an_unreadable_log_cannot_be_ticked(qtbot: QtBot, tmp_path: Path) -> None:
    engine, worker = FakeEngine(), Worker("test")
    page = WizardPage(LIGHT, engine, worker, tmp_path)
    qtbot.addWidget(page)
    page.look_at("led-app-1")
    engine.asked[0][1](REPLY)
    index = page._model.index(1, 0)
    assert not page._model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable
    assert not page._model.setData(
        index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole
    )
    worker.close()


def test_a_host_that_does_not_answer_is_told_and_can_be_asked_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    engine, worker = FakeEngine(), Worker("test")
    page = WizardPage(LIGHT, engine, worker, tmp_path)
    qtbot.addWidget(page)
    page.look_at("led-app-9")
    assert not page._again.isEnabled()
    engine.asked[0][1]({"event": "answer", "host": "led-app-9", "message": "No such alias."})
    assert page._status.text() == "No such alias."
    page._again.click()
    assert [host for host, _ in engine.asked] == ["led-app-9", "led-app-9"]
    worker.close()


def test_a_catalogue_that_cannot_be_written_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "general-ledger.yaml"
    broken.write_text("applications: [")
    engine, worker = FakeEngine(), Worker("test")
    page = WizardPage(LIGHT, engine, worker, tmp_path)
    qtbot.addWidget(page)
    page.look_at("led-app-1")
    engine.asked[0][1](REPLY)
    page._name.setText("General Ledger")
    page._watch.click()
    qtbot.waitUntil(lambda: page._status.text().startswith("The catalogue was not changed."))
    worker.close()
    assert broken.read_text() == "applications: ["


def test_without_an_engine_it_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    worker = Worker("test")
    page = WizardPage(LIGHT, EngineClient(["/nowhere"]), worker, tmp_path)
    qtbot.addWidget(page)
    page.look_at("local")
    assert "is not running" in page._status.text()
    assert page._again.isEnabled()
    worker.close()
