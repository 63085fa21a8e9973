"""What a login wants is asked with who asks; what is typed goes to the engine and nowhere else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from tests.ui import samples
from ui.engine_events import LoginWanted, SecretQuestion, question_of
from ui.login import LoginDialog
from ui.login_desk import LoginDesk, wanted_words
from ui.pages.host.page import HostPage
from ui.plain import PlainLabel
from ui.theme import LIGHT
from ui.window import MainWindow

QUESTION = SecretQuestion(
    number=7,
    host="led-app-1",
    place="bastion-1 (10.0.0.4 port 2222)",
    user="ops",
    fingerprint="SHA256:abc",
    kind="password",
    heading="",
    prompts=(("Password:", False),),
    keeps=("no", "session", "keyring"),
)
EVENT = {
    "event": "secret_question",
    "id": 7,
    "host": "led-app-1",
    "place": "bastion-1 (10.0.0.4 port 2222)",
    "user": "ops",
    "fingerprint": "SHA256:abc",
    "kind": "password",
    "heading": "",
    "prompts": [{"text": "Password:", "echo": False}],
    "keeps": ["no", "session", "keyring"],
}


class Engine(QObject):
    """What the desk needs of the engine's client, and what it was asked."""

    happened = Signal(dict)
    stopped = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.runs = True

    def request(self, name: str, fields: dict[str, Any]) -> bool:
        self.asked.append((name, fields))
        return self.runs


def wanted(host: str, **changes: Any) -> dict[str, Any]:
    event = {"event": "login_wanted", "host": host, "wants": "a password", "about": host}
    return event | changes


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow(LIGHT)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def desk(engine: Engine, window: MainWindow) -> LoginDesk:
    return LoginDesk(engine, window, window)


def dialog(qtbot: QtBot, question: SecretQuestion = QUESTION) -> LoginDialog:
    made = LoginDialog(question, LIGHT, None)
    qtbot.addWidget(made)
    made.show()
    return made


def texts(shown: LoginDialog) -> str:
    return "\n".join(label.text() for label in shown.findChildren(PlainLabel))


def test_who_asks_is_told(qtbot: QtBot) -> None:
    told = texts(dialog(qtbot))
    for part in ("led-app-1", "bastion-1 (10.0.0.4 port 2222)", "ops", "SHA256:abc", "Password"):
        assert part in told


def test_an_event_of_the_engine_becomes_the_question() -> None:
    assert question_of(EVENT) == QUESTION
    broken = question_of({"event": "secret_question", "prompts": ["x", {"text": 3}], "keeps": 1})
    assert broken.prompts == (("", False),)


def test_the_keyboard_alone_is_enough(qtbot: QtBot) -> None:
    shown = dialog(qtbot)
    (field,) = shown.findChildren(QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClick(field, Qt.Key.Key_Return)  # nothing is typed yet
    assert shown.isVisible()
    QTest.keyClicks(field, "open sesame")
    with qtbot.waitSignal(shown.answered) as answered:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert answered.args == [QUESTION, ["open sesame"], "session"]
    assert field.text() == ""


def test_how_long_it_is_kept_is_chosen(qtbot: QtBot) -> None:
    shown = dialog(qtbot)
    shown.findChildren(QLineEdit)[0].setText("x")
    keyring = next(b for b in shown.findChildren(QRadioButton) if "keyring" in b.text())
    keyring.setChecked(True)
    with qtbot.waitSignal(shown.answered) as answered:
        shown.accept()
    assert answered.args == [QUESTION, ["x"], "keyring"]


def test_a_code_is_never_offered_to_be_kept(qtbot: QtBot) -> None:
    prompts = (("Login:", True), ("Code:", False))
    shown = dialog(qtbot, replace(QUESTION, kind="answers", prompts=prompts, keeps=()))
    assert shown.findChildren(QRadioButton) == []
    first, second = shown.findChildren(QLineEdit)
    assert first.echoMode() is QLineEdit.EchoMode.Normal
    first.setText("ops")
    assert not shown._log_in.isEnabled()
    second.setText("123456")
    with qtbot.waitSignal(shown.answered) as answered:
        shown.accept()
    assert answered.args[1:] == [["ops", "123456"], "no"]


@pytest.mark.parametrize("typed", ["", "something"])
def test_closing_sends_nothing_that_was_typed(qtbot: QtBot, typed: str) -> None:
    shown = dialog(qtbot)
    shown.findChildren(QLineEdit)[0].setText(typed)
    with qtbot.waitSignal(shown.answered) as answered:
        shown.close()
    assert answered.args[1] is None


def test_foreign_words_stay_plain(qtbot: QtBot) -> None:
    prompts = (("<b>Code</b>\x1b[2J:", False),)
    shown = dialog(qtbot, replace(QUESTION, heading="<img src=x>\x07", prompts=prompts))
    assert "<img src=x>‹BEL›" in texts(shown)
    assert "<b>Code</b>‹ESC›[2J" in texts(shown)


def test_many_hosts_are_one_notice_and_its_button_logs_in(
    desk: LoginDesk, engine: Engine, window: MainWindow
) -> None:
    for number in range(1, 6):
        engine.happened.emit(wanted(f"h-{number}", about="key", wants="the passphrase of k"))
    assert window.notice.text == (
        "5 hosts are not collected: h-1, h-2, h-3 and 2 more. They want the passphrase of k."
    )
    window.notice.pressed.connect(desk.act)
    window.notice._button.click()
    assert engine.asked == [("login", {"host": "h-1"})]
    for number in range(1, 6):
        engine.happened.emit({"event": "login", "host": f"h-{number}", "ok": True, "detail": ""})
    assert window.notice.text == ""


def test_a_question_is_a_dialog_and_its_answer_a_request(
    desk: LoginDesk, engine: Engine, window: MainWindow, qtbot: QtBot
) -> None:
    engine.happened.emit(EVENT)
    shown = window.findChild(LoginDialog)
    assert shown is not None
    shown.findChildren(QLineEdit)[0].setText("open sesame")
    shown.accept()
    assert engine.asked == [("answer", {"id": 7, "values": ["open sesame"], "keep": "session"})]


def test_a_question_that_is_over_closes_without_an_answer(
    desk: LoginDesk, engine: Engine, window: MainWindow
) -> None:
    engine.happened.emit(EVENT)
    shown = window.findChild(LoginDialog)
    assert shown is not None
    engine.happened.emit({"event": "secret_over", "id": 7, "host": "led-app-1"})
    assert not shown.isVisible()
    engine.happened.emit({**EVENT, "id": 8})
    engine.stopped.emit("It ended.", 1)
    assert not [each for each in window.findChildren(LoginDialog) if each.isVisible()]
    assert engine.asked == []


def test_who_waits_for_a_host_logs_in_at_once(desk: LoginDesk, engine: Engine) -> None:
    engine.happened.emit(wanted("h-1", now=True))
    assert engine.asked == [("login", {"host": "h-1"})]


def test_a_login_that_failed_says_why_and_offers_another(
    desk: LoginDesk, engine: Engine, window: MainWindow
) -> None:
    detail = "h-1 refused to let ops in with that password."
    engine.happened.emit({"event": "login", "host": "h-1", "ok": False, "detail": detail})
    assert window.notice.text == detail
    desk.act(window.notice._action)
    assert engine.asked == [("login", {"host": "h-1"})]


def test_without_an_engine_it_is_said(desk: LoginDesk, engine: Engine, window: MainWindow) -> None:
    engine.runs = False
    desk.login("h-1")
    assert "does not run" in window.notice.text


def test_the_words_for_one_two_and_different() -> None:
    one, two = LoginWanted("a", "a password", "1"), LoginWanted("b", "a code", "2")
    assert wanted_words((one,)) == "a is not collected: it wants a password."
    assert wanted_words((one, two)) == (
        "2 hosts are not collected: a and b. They want somebody to log in."
    )


def test_the_page_of_a_host_logs_in(qtbot: QtBot, tmp_path: Path) -> None:
    class Reader:
        def ask(self, *_: object, **__: object) -> None: ...

    page = HostPage(LIGHT, Reader(), clock=lambda: samples.NOW)
    qtbot.addWidget(page)
    page.show_hosts(samples.every_host(), samples.NOW)
    page.show_host("led-app-1")
    page.show()
    assert not page._login.isVisible()
    page.set_wanting({"led-app-1": "a password"})
    assert page._login.isVisible()
    assert "waits for somebody to log in" in str(
        page._hosts.index(page._hosts.row_of("led-app-1")).data(Qt.ItemDataRole.AccessibleTextRole)
    )
    with qtbot.waitSignal(page.login_wanted) as asked:
        QTest.keyClick(page._login, Qt.Key.Key_Space)
    assert asked.args == ["led-app-1"]
    page.set_wanting({})
    assert not page._login.isVisible()
