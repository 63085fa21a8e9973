"""Between the engine and the window: what it says becomes a notice, a question, a re-read.

Imported after the first paint: it brings the values that commits are made of.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from psbuddy import words
from ui.engine_client import EngineClient
from ui.engine_events import HostKeyQuestion, number, texts
from ui.hostkey import HostKeyDialog
from ui.login_desk import LOGIN, LoginDesk
from ui.pages.fleet.beginning import Watched
from ui.paths import Paths
from ui.window import MainWindow

RESTART, CATALOGUE, ELSEWHERE, HOST_KEY = "restart", "catalogue", "elsewhere", "hostkey:"
PATH = "path"
#: How long it is said that a path is back.
BACK_MS = 20_000


class EngineDesk(QObject):
    """Owns the engine's client; `committed` passes on what changed in the store."""

    committed = Signal(object)  # Committed
    watching = Signal(object)  # Watched
    path_news = Signal(object)  # PathNews: a way to many hosts went down, or came back

    def __init__(
        self, command: list[str], window: MainWindow, catalogue: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._catalogue = catalogue
        self._watched = Watched()
        self._keys: dict[str, HostKeyQuestion] = {}
        self._key_notice = ""  # the action of the notice about changed keys
        self._paths = Paths()
        self._elsewhere = ""  # what was said of another engine
        self.engine = EngineClient(command, self)
        self.logins = LoginDesk(self.engine, window, self)
        self.engine.committed.connect(self.committed)
        self.engine.host_key_question.connect(self.host_key)
        self.engine.problem.connect(window.notice.tell)
        self.engine.catalogue_read.connect(self.catalogue_read)
        self.engine.progress.connect(window.show_progress)
        self.engine.happened.connect(self._count)
        self.engine.happened.connect(self._path)
        self.engine.happened.connect(self._key_is_over)
        self.engine.running.connect(lambda: window.notice.clear(RESTART))
        self.engine.stopped.connect(self.engine_stopped)
        self.engine.elsewhere.connect(self.engine_elsewhere)
        self.engine.took_over.connect(self.engine_took_over)

    def act(self, action: str) -> None:
        """The button of one of our notices was pressed."""
        if action == RESTART:
            self.engine.restart()
        elif action == CATALOGUE:
            _open_folder(self._catalogue)
        elif action.startswith(LOGIN):
            self.logins.act(action)
        elif action.startswith(HOST_KEY):
            question = self._keys.get(action.removeprefix(HOST_KEY))
            if question is not None:
                self._keys[question.host] = self._keys.pop(question.host)  # the next one is next
                self._ask_key(question)
                self._tell_changed()

    def host_key(self, question: HostKeyQuestion) -> None:
        """An unknown key is asked about at once and once; a changed one is a notice."""
        if self._keys.get(question.host) == question:
            return
        self._keys[question.host] = question
        self._tell_changed()
        if not question.changed:
            self._ask_key(question)

    def _tell_changed(self) -> None:
        """One notice for all hosts whose key has changed; its button shows one after the other."""
        hosts = tuple(host for host, question in self._keys.items() if question.changed)
        if not hosts:
            if self._key_notice:
                self._window.notice.clear(self._key_notice)
                self._key_notice = ""
            return
        self._key_notice = HOST_KEY + hosts[0]
        revoked = tuple(host for host in hosts if not self._keys[host].known)
        said, button = changed_words(hosts, revoked), "See the key" if revoked else "See both keys"
        self._window.notice.tell(said, button, self._key_notice)

    def _key_is_over(self, event: Mapping[str, Any]) -> None:
        """A host that is collected again, or another engine, which says anew what is wrong."""
        before = len(self._keys)
        if event["event"] == "ready":
            self._keys.clear()
        elif event["event"] == "collected" and event.get("outcome") == "ok":
            self._keys.pop(str(event.get("host")), None)
        if len(self._keys) != before:
            self._tell_changed()

    def catalogue_read(self, problems: tuple[str, ...]) -> None:
        """Mistakes in the catalogue stay on screen until they are mended."""
        if not problems:
            self._window.notice.clear(CATALOGUE)
            return
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        sentence = f"The catalogue has a mistake; the last good one stays in force. {problems[0]}"
        self._window.notice.tell(f"{sentence}{more}", "Open its folder", CATALOGUE)

    def _count(self, event: Mapping[str, Any]) -> None:
        """How much the engine is to visit, as soon as it says so."""
        before = self._watched
        if event["event"] == "catalogue":
            apps, hosts = len(texts(event, "apps")), len(texts(event, "hosts"))
            faulty = bool(texts(event, "problems"))
            self._watched = Watched(apps, hosts, faulty, known=True)
        elif event["event"] == "status" and number(event, "hosts") > 0:
            self._watched = before._replace(hosts=number(event, "hosts"))
        if self._watched != before:
            self.watching.emit(self._watched)

    def _path(self, event: Mapping[str, Any]) -> None:
        """A way that is down stays on screen until it is back, and is told once."""
        if event["event"] == "ready":
            self._paths.forget()
            self._window.notice.clear(PATH)
        if event["event"] != "path":
            return
        news = self._paths.take(event)
        if self._paths.words:
            self._window.notice.tell(self._paths.words, "", PATH)
        elif news is not None:
            self._window.notice.tell(f"{news.title}. {news.message}", "", PATH)
            QTimer.singleShot(BACK_MS, self, self._back_was_read)
        else:
            self._window.notice.clear(PATH)
        if news is not None:
            self.path_news.emit(news)

    def _back_was_read(self) -> None:
        if not self._paths.words:
            self._window.notice.clear(PATH)

    def engine_stopped(self, sentence: str, wait: int) -> None:
        """Never a silent window: what stopped, why, and when it goes on."""
        again = f" It is started again in {wait} s." if wait else ""
        text = f"Collection stopped, what you see grows old. {sentence}{again}"
        self._window.notice.tell(text, "Start now", RESTART)

    def engine_elsewhere(self, sentence: str) -> None:
        """Another engine holds the store: said once, not at every look."""
        if sentence == self._elsewhere:
            return
        self._elsewhere = sentence
        self._window.notice.clear(RESTART)
        self._window.notice.tell(elsewhere_words(sentence), "", ELSEWHERE)

    def engine_took_over(self) -> None:
        """The other one has ended; this window's engine collects now."""
        self._elsewhere = ""
        self._window.notice.clear(ELSEWHERE)

    def _ask_key(self, question: HostKeyQuestion) -> None:
        dialog = HostKeyDialog(question, self._window.theme, self._window)
        dialog.answered.connect(self._key_answered)
        dialog.open()

    def _key_answered(self, question: HostKeyQuestion, accepted: bool) -> None:
        if not question.changed:
            self._keys.pop(question.host, None)
            self.engine.answer_host_key(question.host, question.fingerprint, accepted)


def changed_words(hosts: tuple[str, ...], revoked: tuple[str, ...] = ()) -> str:
    """Every host by name: each may have somebody in between. `revoked`: those of them whose key
    is marked so."""
    what = "changed or revoked" if revoked else "changed"
    if revoked == hosts:
        what = "revoked"
    if len(hosts) == 1:
        return f"Host key {what}: {hosts[0]} is refused, someone may be in between."
    names = words.listing(hosts, cap=len(hosts))
    return f"Host key {what}: {len(hosts)} hosts are refused, someone may be in between: {names}."


def elsewhere_words(sentence: str) -> str:
    """What the window says of another engine, given the engine's own sentence about it."""
    found = re.search(r"\(process \d{1,10}\)", sentence)
    who = f"Another PS Buddy {found[0]}" if found else "Another PS Buddy"
    return f"{who} is collecting; this window shows what it stores and takes over when it ends."


def _open_folder(folder: Path) -> None:
    from PySide6.QtCore import QUrl  # noqa: PLC0415 - rarely wanted
    from PySide6.QtGui import QDesktopServices  # noqa: PLC0415

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
