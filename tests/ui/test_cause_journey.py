"""Two causes made one and muted in the real window while the real engine collects."""

import time
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from psbuddy.store import connect_readonly
from tests.ui.rooms import Rooms, watch_here


def test_what_is_decided_in_the_window_holds_while_the_engine_collects(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    log = tmp_path / "pay.log"
    stamp = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() - 120))
    log.write_text(
        "".join(f"{stamp}:{n:02d},000 INFO [main] c.e.Pay - paid order {n}\n" for n in range(20))
        + f"{stamp}:30,000 ERROR [main] c.e.Pay - no route to the bank\n" * 3
        + f"{stamp}:40,000 ERROR [main] c.e.Pay - vault door stays open\n" * 2
        + f"{stamp}:50,000 INFO [main] c.e.Pay - paid order 21\n"
    )
    watch_here(tmp_path / "catalogue", "pay", log)
    db = str(tmp_path / "psbuddy.db")
    routing = rooms.wait_for_pages(rooms.open(db, engine=True))
    rooms.wait_for_a_visit(routing)
    causes = rooms.causes_of(routing, "pay", rows=2)
    causes.table.selectAll()
    causes.table.setFocus()
    qtbot.keyClick(causes.table, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: causes.model.rowCount() == 1, timeout=20_000)
    row = causes.model.row(0)
    assert row is not None and (row.texts[1], row.aliases) == ("5", 1)
    causes.table.selectRow(0)
    qtbot.keyClick(causes.table, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: causes.model.row(0).badge == "∅ MUTED", timeout=20_000)
    with closing(connect_readonly(db)) as conn:
        found = conn.execute("SELECT records, state FROM v_cause").fetchall()
    assert found == [(5, "muted")]
