"""Which hosts want somebody to log in: one notice for all, a dialog for what is asked."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.engine_client import EngineClient
from ui.engine_events import LoginWanted, SecretQuestion, login_wanted_of, number, question_of, text
from ui.login import LoginDialog
from ui.window import MainWindow

LOGIN = "login:"
_NAMED = 3


class LoginDesk(QObject):
    """Hears the engine's events; `wanting` passes on what each host wants, in words."""

    wanting = Signal(dict)  # host -> words

    def __init__(self, engine: EngineClient, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._window = window
        self._wanted: dict[str, LoginWanted] = {}
        self._dialogs: dict[int, LoginDialog] = {}
        self._shown = ""  # the action of our notice
        engine.happened.connect(self._hear)
        engine.stopped.connect(lambda *_: self._reset())

    @property
    def wanted(self) -> dict[str, str]:
        """What each host wants, in words."""
        return {host: wanted.wants for host, wanted in self._wanted.items()}

    def login(self, host: str) -> None:
        """The user wants to log in to `host`."""
        if not self._engine.request("login", {"host": host}):
            self._window.notice.tell(
                "Collection does not run, so nobody can log in. Start it first."
            )

    def act(self, action: str) -> None:
        """The button of our notice was pressed."""
        self.login(action.removeprefix(LOGIN))

    def _hear(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "login_wanted":
                self._want(login_wanted_of(event), now=event.get("now") is True)
            case "secret_question":
                self._ask(question_of(event))
            case "secret_over":
                dialog = self._dialogs.pop(number(event, "id"), None)
                if dialog is not None:
                    dialog.withdraw()
            case "login":
                self._ended(text(event, "host"), text(event, "detail"), event.get("ok") is True)

    def _want(self, wanted: LoginWanted, *, now: bool) -> None:
        if now:
            self.login(wanted.host)
            return
        self._wanted[wanted.host] = wanted
        self._changed()

    def _ended(self, host: str, detail: str, ok: bool) -> None:
        if ok:
            self._wanted.pop(host, None)
            self._changed()
        else:
            self._shown = LOGIN + host
            self._window.notice.tell(detail, "Log in again", self._shown)

    def _changed(self) -> None:
        """Tell of all hosts in one sentence; its button logs in to the first."""
        self.wanting.emit(self.wanted)
        if not self._wanted:
            if self._shown:
                self._window.notice.clear(self._shown)
                self._shown = ""
            return
        self._shown = LOGIN + next(iter(self._wanted))
        self._window.notice.tell(wanted_words(tuple(self._wanted.values())), "Log in", self._shown)

    def _ask(self, question: SecretQuestion) -> None:
        dialog = LoginDialog(question, self._window.theme, self._window)
        dialog.answered.connect(self._answered)
        self._dialogs[question.number] = dialog
        dialog.open()

    def _answered(self, question: SecretQuestion, values: list[str] | None, keep: str) -> None:
        self._dialogs.pop(question.number, None)
        self._engine.request("answer", {"id": question.number, "values": values, "keep": keep})

    def _reset(self) -> None:
        """The engine has ended: what it asked is void; it will say anew what is wanted."""
        for dialog in tuple(self._dialogs.values()):
            dialog.withdraw()
        self._dialogs.clear()
        self._wanted.clear()
        self._shown = ""
        self.wanting.emit({})


def wanted_words(wanted: tuple[LoginWanted, ...]) -> str:
    """One sentence for any number of hosts."""
    first = wanted[0]
    if len(wanted) == 1:
        return f"{first.host} is not collected: it wants {first.wants}."
    names = [each.host for each in wanted[:_NAMED]]
    more = len(wanted) - len(names)
    listed = (
        f"{', '.join(names)} and {more} more"
        if more
        else " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    )
    same = len({each.about for each in wanted}) == 1
    what = first.wants if same else "somebody to log in"
    return f"{len(wanted)} hosts are not collected: {listed}. They want {what}."
