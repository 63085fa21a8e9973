"""Five minutes: from an empty store to a chart, with the real engine, as a user walks it."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import State
from psbuddy.store import connect_readonly
from tests.ui.rooms import Rooms, look_below, watch_here
from ui.hostkey import HostKeyDialog


@pytest.fixture
def growing_log(tmp_path: Path) -> Iterator[Path]:
    """A log of this machine that somebody writes to."""
    path = tmp_path / "logs" / "ledger.log"
    path.parent.mkdir()
    end = threading.Event()

    def write() -> None:
        number = 0
        while not end.wait(0.1):
            number += 1
            stamp = time.strftime("%Y-%m-%d %H:%M:%S,000")
            with path.open("a") as log:
                log.write(f"{stamp} INFO [main] c.a.Ledger - entry {number} posted\n")

    writer = threading.Thread(target=write, name="somebody's program")
    writer.start()
    yield path
    end.set()
    writer.join()


def test_from_nothing_to_a_chart(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
    growing_log: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    db = tmp_path / "psbuddy.db"
    routing = rooms.open(str(db), engine=True)
    window = routing.window
    assert window.page == "start"
    engine = rooms.engine_of(routing)
    qtbot.waitUntil(db.exists, timeout=20_000)
    look_below(growing_log.parent, engine, monkeypatch)
    routing.ways.start.local_button.click()
    wizard = routing.ways.wizard
    assert wizard is not None
    qtbot.waitUntil(lambda: wizard._model.rowCount() == 1, timeout=30_000)
    assert wizard._model.ticked == (str(growing_log),)
    assert "entry" in wizard._sample.toPlainText()
    wizard._watch.click()
    qtbot.waitUntil(lambda: window.page == "fleet", timeout=30_000)
    assert window.statuses or window.fleet.beginning.title.text() == "First visit under way"
    rooms.wait_for_a_visit(routing)
    assert window.statuses[0].app == "this-machine"
    assert window.statuses[0].state in (State.UP, State.WATCH)
    qtbot.waitUntil(lambda: window.has_page("application"), timeout=20_000)
    QTest.keyClick(window.fleet._list, Qt.Key.Key_Down)
    QTest.keyClick(window.fleet._list, Qt.Key.Key_Return)
    assert window.page == "application"
    assert records(db) > 0


def test_two_windows_on_one_store_and_only_one_collects(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    db = tmp_path / "psbuddy.db"
    first = rooms.open(str(db), engine=True)
    collecting = rooms.engine_of(first)
    with qtbot.waitSignal(collecting.happened, timeout=20_000):
        pass
    second = rooms.open(str(db), engine=True)
    qtbot.waitUntil(lambda: "takes over when it ends" in second.window.notice.text, timeout=20_000)
    qtbot.waitUntil(lambda: not second.engine.is_running)
    assert collecting.is_running
    collecting.stop()
    qtbot.waitUntil(lambda: not second.window.notice.text, timeout=40_000)
    assert second.engine.is_running


def records(db: Path) -> int:
    connection = connect_readonly(str(db))
    total = connection.execute("SELECT coalesce(sum(records), 0) FROM v_minute").fetchone()[0]
    connection.close()
    return int(total)


def test_an_alias_a_fingerprint_and_the_logs_found_there(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
    growing_log: Path,
    sshd: LoopbackSshd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = tmp_path / "ssh_config"
    config.write_text(
        f"Host led-app-1\n  HostName 127.0.1.1\n  Port {sshd.port}\n  User {sshd.user}\n"
        f"  IdentityFile {sshd.identity_file}\n  UserKnownHostsFile {tmp_path}/nobody\n"
        f"  GlobalKnownHostsFile {tmp_path}/nobody\n"
    )
    monkeypatch.setenv("PSBUDDY_SSH_CONFIG", str(config))
    routing = rooms.open(str(tmp_path / "psbuddy.db"), engine=True)
    look_below(growing_log.parent, rooms.engine_of(routing), monkeypatch)
    start = routing.ways.start
    assert start is not None
    QTest.keyClicks(start.alias, "led-app-1")
    QTest.keyClick(start.alias, Qt.Key.Key_Return)
    window = routing.window
    qtbot.waitUntil(lambda: window.findChild(HostKeyDialog) is not None, timeout=30_000)
    dialog = window.findChild(HostKeyDialog)
    assert dialog.question.address == "127.0.1.1"
    assert dialog.question.fingerprint.startswith("SHA256:")
    assert not dialog._trust.isEnabled()
    dialog._compared.click()
    dialog._trust.click()
    wizard = routing.ways.wizard
    assert wizard is not None
    qtbot.waitUntil(lambda: wizard._model.rowCount() == 1, timeout=30_000)
    assert wizard._model.ticked == (str(growing_log),)
    wizard._watch.click()
    rooms.wait_for_a_visit(routing)
    assert window.statuses[0].name == "Led app 1"
    assert [line.host for line in window.hosts] == ["led-app-1"]


def test_from_the_window_to_the_very_lines_on_the_host(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    log = tmp_path / "pay.log"
    stamp = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() - 120))
    lines = [f"{stamp}:{n:02d},000 INFO [main] c.e.Pay - paid order {n}" for n in range(20)]
    lines.insert(10, f"{stamp}:09,500 ERROR [main] c.e.Pay - no route to the bank")
    log.write_text("\n".join(lines) + "\n")
    watch_here(tmp_path / "catalogue", "pay", log)
    routing = rooms.wait_for_pages(rooms.open(str(tmp_path / "psbuddy.db"), engine=True))
    rooms.wait_for_a_visit(routing)
    causes = rooms.causes_of(routing, "pay", rows=1)
    causes.table.selectRow(0)
    detail = causes.detail
    assert "no route to the bank" in detail.toPlainText()
    causes.around.click()
    qtbot.waitUntil(lambda: "paid order 12" in detail.toPlainText(), timeout=20_000)
    marked = [line for line in detail.toPlainText().splitlines() if line.startswith("▶")]
    assert marked == [f"▶ {lines[10]}"]
    assert "paid order 5" in detail.toPlainText()
