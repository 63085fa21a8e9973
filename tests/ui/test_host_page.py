"""What we do on a host, in figures that add up."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from psbuddy.model.command import COMMAND, SHELL_COMMAND
from psbuddy.model.observation import Committed, HostFacts
from psbuddy.model.status import HostLine, Visit, VisitDay
from psbuddy.model.terms import Outcome, Stage, State
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.read.fleet import host_lines
from tests.ui import samples
from tests.ui.stores import make_store, visit
from ui.pages.host.page import HostPage
from ui.pages.host.view import (
    HEADINGS,
    PROMISE,
    HostKnown,
    deeds,
    host_text,
    host_view,
    list_note,
    natural,
    program_words,
)
from ui.reading import Reader
from ui.theme import LIGHT

NOW = 1_795_536_000
LINE = HostLine("led-app-1", State.UNKNOWN, NOW - 3600, "it is silent", NOW - 3700, NOW - 5, "ssh")


def a_visit(started: int, *, ok: bool = True) -> Visit:
    return Visit(
        host="led-app-1",
        started=started,
        seconds=0.42 if ok else 10.0,
        stage="done" if ok else "tcp",
        outcome="ok" if ok else "failed",
        detail="" if ok else "No answer on port 22.",
        bytes_read=1_400_000 if ok else 0,
        bytes_sent=900,
        bytes_received=12_400 if ok else 0,
        cpu_seconds=0.04 if ok else None,
        memory_bytes=14_000_000 if ok else None,
        transport="ssh",
        program="3f" * 32 if ok else "",
    )


def test_the_deeds_add_up() -> None:
    visits = [a_visit(NOW - 5, ok=False), a_visit(NOW - 60), a_visit(NOW - 400)]
    assert deeds(LINE, visits, NOW, "UTC") == (
        "3 visits over ssh since 15:53, 2.8 MB of logs read there, 25 kB sent to us, "
        "80 ms of its CPU time (0.02 % of a core)."
    )
    assert deeds(LINE, [], NOW) == "This host was not visited yet."


def test_what_a_boot_proves_is_not_called_seen() -> None:
    line = HostLine("h", State.UP, NOW - 5040, "", NOW, NOW, "ssh")
    view = host_view(line, HostKnown(met=NOW - 60, boot=NOW - 5040), NOW, "UTC")
    assert view.headline == "Up since 14:36 (its boot time), seen since 15:59."
    assert host_view(line, HostKnown(met=NOW - 60), NOW, "UTC").headline == "Seen since 14:36."
    assert "no root is needed" in PROMISE


def test_the_whole_hash_is_on_the_page() -> None:
    assert program_words([a_visit(NOW)]) == f"Program sha256 {'3f' * 16} {'3f' * 16}"
    assert program_words([a_visit(NOW, ok=False)]) == ""


def test_the_text_to_copy_holds_the_whole_hash_and_every_visit() -> None:
    visits = [a_visit(NOW - 5, ok=False), a_visit(NOW - 60)]
    text = host_text(host_view(LINE, HostKnown(tuple(visits)), NOW, "UTC"), visits)
    assert text.startswith("PS Buddy on led-app-1\nNot seen since 15:00. it is silent.\n2 visits")
    assert f"Program sha256 in full: {'3f' * 32}" in text
    assert "nothing is installed" in text
    assert text.splitlines()[-2].endswith("No answer on port 22.")


def test_a_failed_visit_says_where_and_claims_no_figures() -> None:
    view = host_view(LINE, HostKnown((a_visit(NOW - 5, ok=False),)), NOW, "UTC")
    assert view.headline == "Not seen since 15:00."
    assert view.reason == "it is silent."
    assert view.rows[0] == (
        "15:59:55", "failed at tcp", "10 s", "—", "0 B", "—", "—", "No answer on port 22.",
    )  # fmt: skip
    assert view.failed == (True,)
    assert len(view.rows[0]) == len(HEADINGS)


def test_one_missed_visit_is_told_with_the_age_of_the_last_contact() -> None:
    missed = replace(LINE, last_good=NOW - 70, last_try=NOW - 10, failures=1)
    view = host_view(missed, HostKnown(), NOW, "UTC")
    assert (view.state, view.reason) == (State.UP, "it is silent.")
    assert view.headline == "Last seen 1 min ago, one visit failed."
    assert list_note(missed, NOW, "UTC") == "last seen 1 min ago, one visit failed"


def test_a_host_that_left_the_catalogue_is_not_visited_any_more() -> None:
    view = host_view(replace(LINE, state=State.PAUSED), HostKnown(), NOW, "UTC")
    assert view.headline == "Not visited since 15:00."
    told = list_note(replace(LINE, state=State.PAUSED), NOW, "UTC")
    assert told == "no longer watched, last seen 14:58"


def test_the_list_never_calls_an_unseen_host_visited() -> None:
    assert list_note(LINE, NOW, "UTC") == "last seen 14:58"
    never = HostLine("x", State.UNKNOWN, 0, "", 0, NOW, "ssh")
    assert list_note(never, NOW) == "never seen"


def test_hosts_are_in_the_order_a_person_counts() -> None:
    hosts = ["app-10", "app-2", "App-1", "db"]
    assert sorted(hosts, key=natural) == ["App-1", "app-2", "app-10", "db"]


def a_day(day: str, logins: int) -> VisitDay:
    return VisitDay(day, 1440, 2, logins, 2_000_000, 40_000, 31.0, 14_000_000, 0.25)


def test_the_connection_is_told_with_what_its_beginning_took() -> None:
    kept = replace(a_visit(NOW - 5), connected=NOW - 3600)
    made = replace(a_visit(NOW - 3600), connected=NOW - 3600, login_seconds=0.2, start_seconds=0.3)
    known = HostKnown((kept, made), (a_day("2026-11-24", 1), a_day("2026-11-23", 2)))
    assert host_view(LINE, known, NOW, "UTC").connection == (
        "The last connection over ssh was made at 15:00 and carried 2 visits. "
        "3 logins for 2,880 visits on 2 days. Let in after 200 ms; "
        "the shell and our program were ready 300 ms later."
    )
    slow = HostKnown((replace(made, start_seconds=9.0),))
    assert "profile start something heavy?" in host_view(LINE, slow, NOW, "UTC").connection
    lost = HostKnown((a_visit(NOW - 5, ok=False), made))
    assert "made at 15:00 and carried 1 visit." in host_view(LINE, lost, NOW, "UTC").connection
    assert host_view(LINE, HostKnown((a_visit(NOW),)), NOW, "UTC").connection == ""


def test_each_visit_is_a_bar_as_high_as_it_came() -> None:
    visits = (a_visit(NOW), replace(a_visit(NOW, ok=False), stage="auth"), a_visit(NOW, ok=False))
    view = host_view(LINE, HostKnown(visits), NOW, "UTC")
    tcp, auth, done = view.bars
    assert 0 < tcp < auth < done == 1.0
    assert view.stages == "Of 3 visits 1 came to the end, 1 failed at tcp, 1 failed at auth."


def test_the_text_for_a_security_team_is_whole_and_plain() -> None:
    note = "Options of ssh_config without effect here: Compression yes."
    visits = (a_visit(NOW - 60),)
    known = HostKnown(visits, (a_day("2026-11-24", 1),), (note,), ("/var/log/a.log",))
    text = host_text(host_view(LINE, known, NOW, "UTC"), visits)
    assert f"  {COMMAND}\n" in text
    assert f"Notes:\n  {note}\n" in text
    assert "Files that were read:\n  /var/log/a.log\n" in text
    lines = text.splitlines()
    heading = lines[lines.index("By day:") + 1]
    row = lines[lines.index("By day:") + 2]
    assert row.index("1,440") == heading.index("Visits")
    assert row.endswith("250 ms")
    shell = (replace(visits[0], transport="ssh with sh and awk, as there is no Python 3.6+"),)
    assert SHELL_COMMAND in host_text(host_view(LINE, HostKnown(shell), NOW, "UTC"), shell)


@pytest.fixture
def store(tmp_path: Path) -> str:
    now = int(time.time())
    db = make_store(tmp_path / "a.db", (), now=now, hosts=("led-app-1", "led-app-2"))
    with open_store(db) as opened:
        failed = visit(
            "led-app-2",
            now - 3,
            outcome=Outcome.FAILED,
            stage=Stage.TCP,
            detail="<b>No</b> answer",
            cost=None,
        )
        opened.commit([failed], now)
    return db


def test_choosing_a_host_reads_its_visits(qtbot: QtBot, store: str, tmp_path: Path) -> None:
    reader = Reader(store)
    page = HostPage(LIGHT, reader)
    qtbot.addWidget(page)
    page.show_hosts(lines(store))
    page.show_host("led-app-2")
    qtbot.waitUntil(lambda: page._visits.rowCount() == 2)
    cell = page._visits.index(0, len(HEADINGS) - 1)
    assert cell.data() == "<b>No</b> answer"
    assert "<b>" not in cell.data(3)  # the tooltip
    assert page._title.text() == "led-app-2"
    assert page._program.text().startswith("Program sha256 3f3f")
    page._copy.click()
    assert QGuiApplication.clipboard().text().startswith("PS Buddy on led-app-2\n")
    page.save_to(tmp_path / "led-app-2.txt")
    assert (tmp_path / "led-app-2.txt").read_text().startswith("PS Buddy on led-app-2\n")
    page.save_to(tmp_path / "nowhere" / "x.txt")
    assert "could not be written" in page._headline.text()
    page.show_days()
    assert page._days.rowCount() == 1
    assert page._days.index(0, 1).data() == "2"
    reader.close()


def test_each_state_is_painted_in_its_own_shape(
    qtbot: QtBot, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[object] = []
    monkeypatch.setattr(
        "ui.pages.host.page.paint_state", lambda _p, _r, state, _t: painted.append(state)
    )
    reader = Reader(store)
    page = HostPage(LIGHT, reader)
    qtbot.addWidget(page)
    page.show_hosts(samples.every_host(), samples.NOW)
    page.grab()
    assert painted == [State.UP, State.UP, State.UNKNOWN, State.PAUSED]
    assert all(isinstance(state, State) for state in painted)
    reader.close()


def test_a_commit_for_another_host_causes_no_read(qtbot: QtBot, store: str) -> None:
    reader = Reader(store)
    page = HostPage(LIGHT, reader)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.show_hosts(lines(store))
    qtbot.waitUntil(lambda: page._visits.rowCount() == 1 and not reader.busy)
    page.concerns(Committed(("other",), (), (), 0, 0))
    assert not reader.busy
    page.concerns(Committed(("led-app-1",), (), (), 0, 0))
    assert reader.busy
    qtbot.waitUntil(lambda: not reader.busy)
    reader.close()


def test_no_hosts_is_said(qtbot: QtBot, store: str) -> None:
    reader = Reader(store)
    page = HostPage(LIGHT, reader)
    qtbot.addWidget(page)
    page.show_hosts(())
    assert page._title.text() == "No host was visited yet"
    reader.close()


def lines(db: str) -> tuple[HostLine, ...]:
    connection = connect_readonly(db)
    found = host_lines(connection)
    connection.close()
    return found


def test_a_boot_before_the_first_visit_is_told_apart(qtbot: QtBot, tmp_path: Path) -> None:
    now = int(time.time())
    db = make_store(tmp_path / "b.db", (), now=now)
    facts = HostFacts(now - 60, 0.0, now - 5000, 2, 0.1, 1, 1)
    with open_store(db) as opened:
        opened.commit([visit("led-app-1", now - 60, facts=facts)], now)
    reader = Reader(db)
    page = HostPage(LIGHT, reader)
    qtbot.addWidget(page)
    page.show_hosts(lines(db))
    qtbot.waitUntil(lambda: "(its boot time), seen since" in page._headline.text())
    reader.close()
