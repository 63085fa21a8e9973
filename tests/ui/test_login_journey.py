"""From an alias typed in the window, by way of a passphrase, to a host that is collected."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from psbuddy.demo.sshd import LoopbackSshd
from tests.support.catalogues import write_records
from tests.ui.rooms import Rooms, look_below, watch_here
from ui.login import LoginDialog
from ui.routing import Routing

PASSPHRASE = "open sesame"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A host whose key needs its passphrase, as the user's ssh_config names it; its log."""
    log = tmp_path / "logs" / "ledger.log"
    log.parent.mkdir()
    write_records(log, 100)
    with LoopbackSshd(tmp_path / "sshd", {"led-app-1": "127.0.2.1"}) as server:
        command = ["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f"]
        subprocess.run([*command, server.identity_file], check=True)
        config = tmp_path / "ssh_config"
        config.write_text(
            f"Host led-app-1\n  HostName 127.0.2.1\n  Port {server.port}\n  User {server.user}\n"
            f"  IdentityFile {server.identity_file}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {server.known_hosts}\n"
        )
        monkeypatch.setenv("PSBUDDY_SSH_CONFIG", str(config))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield log


def login_dialog(qtbot: QtBot, routing: Routing) -> LoginDialog:
    window = routing.window

    def asked() -> LoginDialog | None:
        shown = [d for d in window.findChildren(LoginDialog) if d.isVisible()]
        return shown[0] if shown else None

    qtbot.waitUntil(lambda: asked() is not None, timeout=30_000)
    dialog = asked()
    assert dialog is not None
    return dialog


def type_passphrase(qtbot: QtBot, routing: Routing) -> None:
    dialog = login_dialog(qtbot, routing)
    assert dialog.question.host == "led-app-1"
    assert dialog.question.fingerprint.startswith("SHA256:")
    assert "keyring" not in dialog.question.keeps  # there is none here
    (field,) = dialog.findChildren(QLineEdit)
    QTest.keyClicks(field, PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)


def add_host(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
    host: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Routing:
    """A window whose user has just asked to look at the host."""
    routing = rooms.open(str(tmp_path / "psbuddy.db"), engine=True)
    look_below(host.parent, rooms.engine_of(routing), monkeypatch)
    assert routing.ways.start is not None
    QTest.keyClicks(routing.ways.start.alias, "led-app-1")
    QTest.keyClick(routing.ways.start.alias, Qt.Key.Key_Return)
    return routing


def test_who_adds_a_host_is_asked_at_once(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
    host: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    routing = add_host(rooms, qtbot, tmp_path, host, monkeypatch)
    type_passphrase(qtbot, routing)
    wizard = routing.ways.wizard
    assert wizard is not None
    qtbot.waitUntil(lambda: wizard._model.rowCount() == 1, timeout=30_000)


def test_a_login_after_one_that_failed_shows_the_logs_by_itself(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
    host: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    routing = add_host(rooms, qtbot, tmp_path, host, monkeypatch)
    login_dialog(qtbot, routing).reject()
    wizard, button = routing.ways.wizard, routing.window.notice._button
    assert wizard is not None
    qtbot.waitUntil(lambda: button.text() == "Log in again", timeout=30_000)
    assert wizard._model.rowCount() == 0
    button.click()
    type_passphrase(qtbot, routing)
    qtbot.waitUntil(lambda: wizard._model.rowCount() == 1, timeout=30_000)


def test_a_host_that_waits_is_a_notice_and_its_button_lets_it_in(
    rooms: Rooms,
    qtbot: QtBot,
    tmp_path: Path,
    host: Path,
) -> None:
    watch_here(tmp_path / "catalogue", "ledger", host, host="led-app-1")
    routing = rooms.open(str(tmp_path / "psbuddy.db"), engine=True)
    window = routing.window
    qtbot.waitUntil(lambda: "wants the passphrase" in window.notice.text, timeout=30_000)
    window.notice._button.click()
    type_passphrase(qtbot, routing)
    rooms.wait_for_a_visit(routing)
    assert window.notice.text == ""
