"""Trust needs an explicit act; a changed key cannot be trusted at all."""

from pytestqt.qtbot import QtBot

from tests.ui.samples import key_question
from ui.hostkey import HostKeyDialog
from ui.plain import PlainLabel
from ui.theme import LIGHT


def texts(dialog: HostKeyDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(PlainLabel))


def test_everything_to_compare_is_there(qtbot: QtBot) -> None:
    dialog = HostKeyDialog(key_question(port=2222), LIGHT, None)
    qtbot.addWidget(dialog)
    for part in (
        "led-app-1",
        "10.0.0.5, port 2222",
        "ssh-ed25519",
        "SHA256:new",
        "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
    ):
        assert part in texts(dialog)


def test_trust_waits_until_somebody_compared(qtbot: QtBot) -> None:
    dialog = HostKeyDialog(key_question(), LIGHT, None)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._trust.isEnabled()
    assert dialog._refuse.isDefault()
    dialog._compared.click()
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog._trust.click()
    assert answered.args == [key_question(), True]


def test_closing_is_a_no(qtbot: QtBot) -> None:
    dialog = HostKeyDialog(key_question(), LIGHT, None)
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog.close()
    assert answered.args == [key_question(), False]


def test_a_changed_key_shows_both_and_offers_no_trust(qtbot: QtBot) -> None:
    dialog = HostKeyDialog(key_question(changed=True, known="SHA256:old"), LIGHT, None)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "SHA256:old" in texts(dialog)
    assert "SHA256:new" in texts(dialog)
    assert "led-app-1 is refused" in texts(dialog)
    assert not dialog._trust.isVisible()
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog.accept()  # however it is closed, it is no yes
    assert answered.args[1] is False


def test_the_warning_is_whole_and_each_fingerprint_is_there_once(qtbot: QtBot) -> None:
    said = "Host key changed: " + "Shown: SHA256:new. Known: SHA256:old. " * 20
    keys = key_question(
        changed=True, known="SHA256:old", place="/home/ops/known_hosts:3", detail=said
    )
    dialog = HostKeyDialog(keys, LIGHT, None)
    qtbot.addWidget(dialog)
    shown = texts(dialog)
    assert shown.count("SHA256:old") == shown.count("SHA256:new") == 1
    assert "someone may be in between" in shown
    assert "/home/ops/known_hosts:3" in shown
    assert "more characters" not in shown


def test_a_revoked_key_is_told_as_that_and_cannot_be_trusted(qtbot: QtBot) -> None:
    said = "Host key revoked: led-app-1 shows a key that is marked @revoked in known_hosts."
    dialog = HostKeyDialog(key_question(changed=True, known="", detail=said), LIGHT, None)
    qtbot.addWidget(dialog)
    shown = texts(dialog)
    assert dialog.windowTitle() == "The host's key is revoked"
    assert shown.count("known_hosts") == 1  # said once, by the dialog itself
    assert "known_hosts marks as revoked" in shown
    assert "SHA256:new" in shown
    assert "remove the old line" not in shown
    assert not dialog._trust.isVisible()


def test_a_hostile_host_name_stays_plain(qtbot: QtBot) -> None:
    dialog = HostKeyDialog(key_question(host="<b>x</b>\x1b"), LIGHT, None)
    qtbot.addWidget(dialog)
    assert "<b>x</b>‹ESC›" in texts(dialog)
