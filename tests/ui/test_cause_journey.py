"""Two causes made one and muted in the real window while the real engine collects."""

import time
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from psbuddy.store import connect_readonly
from tests.ui.test_window import Rooms, rooms  # noqa: F401 - a fixture
from ui.panels.causes.widget import CausesPanel


def test_what_is_decided_in_the_window_holds_while_the_engine_collects(
    rooms: Rooms,  # noqa: F811
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
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "pay.yaml").write_text(
        "applications:\n  pay:\n    name: Payments\n    hosts: local\n"
        f"    logs: {{app: {{path: {log}, timezone: UTC}}}}\n"
    )
    db = str(tmp_path / "psbuddy.db")
    routing = rooms.open(db, engine=True)
    window = routing.window
    qtbot.waitUntil(lambda: window.has_page("application"), timeout=20_000)
    qtbot.waitUntil(
        lambda: bool(window.statuses) and window.statuses[0].last_collection > 0, timeout=30_000
    )
    routing.open_app("pay")
    page = routing._application
    assert page is not None
    qtbot.waitUntil(lambda: "causes" in page.body.panels, timeout=20_000)
    causes = page.body.panels["causes"]
    assert isinstance(causes, CausesPanel)
    qtbot.waitUntil(lambda: causes.model.rowCount() == 2, timeout=20_000)
    causes.table.selectAll()
    causes.table.setFocus()
    qtbot.keyClick(causes.table, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: causes.model.rowCount() == 1, timeout=20_000)
    row = causes.model.row(0)
    assert row is not None and (row.texts[1], row.aliases) == ("5", 1)
    causes.table.selectRow(0)
    qtbot.keyClick(causes.table, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: causes.model.row(0).badge == "∅ MUTED", timeout=20_000)  # type: ignore[union-attr]
    with closing(connect_readonly(db)) as conn:
        found = conn.execute("SELECT records, state FROM v_cause").fetchall()
    assert found == [(5, "muted")]
