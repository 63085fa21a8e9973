"""What leads where: the store's first read, the engine's events, the pages made when needed."""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from psbuddy.store.connect import connect_readonly
from psbuddy.store.errors import StoreError, StoreMissing, StoreOlder
from psbuddy.store.sqlite import Error as SqliteError
from ui.pages.fleet.beginning import Watched
from ui.pages.fleet.data import Fleet, read_fleet
from ui.theme import Theme, ThemeWatch
from ui.ways_in import WaysIn
from ui.window import MainWindow

if TYPE_CHECKING:
    from psbuddy.model.causes import Decision
    from psbuddy.model.observation import Committed
    from ui.engine_client import EngineClient
    from ui.engine_desk import EngineDesk
    from ui.live import LiveFleet
    from ui.pages.application.page import ApplicationPage
    from ui.pages.broken.page import BrokenPage
    from ui.pages.broken.view import BrokenView
    from ui.pages.host.page import HostPage
    from ui.paths import PathNews
    from ui.reading import Reader
    from ui.snapshots import SnapshotDesk
    from ui.tray import Tray
    from ui.worker import Worker

RETRY, OPEN_OTHER, WARM_AGAIN, STALE = "retry", "open", "warm", "stale"
NO_ENGINE = "Collection does not run, so the host cannot be asked. Start it and try again."


class Routing(QObject):
    """Owns window, reader, worker and engine for one store, and takes them all down again."""

    def __init__(
        self,
        app: QApplication,
        watch: ThemeWatch,
        db_url: str,
        catalogue: Path,
        *,
        engine: bool = True,
        start_app: str | None = None,
        command: list[str] | None = None,
    ) -> None:
        super().__init__(app)
        self._watch = watch
        self._db_url = db_url
        self._catalogue = catalogue
        self._wants_engine = engine
        self._wanted_app = start_app or ""
        self._command = command
        self.window = MainWindow(watch.theme)
        self.ways = WaysIn(self.window, catalogue, self._helpers, self)
        self.reader: Reader | None = None
        self.worker: Worker | None = None
        self._desk: EngineDesk | None = None
        self._live: LiveFleet | None = None
        self._tray: Tray | None = None
        self._application: ApplicationPage | None = None
        self._snapshots: SnapshotDesk | None = None
        self._hosts: HostPage | None = None
        self._broken: BrokenPage | None = None
        self._catalogued = Watched()
        self._adding = False  # the ways in are shown although something is watched
        self._is_broken = False
        self._is_older = False  # the engine brings the store up to date
        self._to_do: list[Callable[[], None]] = []  # after the first paint
        self._connect()

    def _connect(self) -> None:
        window = self.window
        window.first_painted.connect(self._bring_in)
        window.page_wanted.connect(self.show_page)
        window.app_wanted.connect(self.open_app)
        window.host_wanted.connect(self.open_host)
        window.refresh_wanted.connect(self.collect_now)
        window.notice_pressed.connect(self._act)
        self.ways.page_wanted.connect(self.show_page)
        self.ways.watched.connect(self._watched)
        self._watch.changed.connect(self._set_theme)

    # -- first paint -----------------------------------------------------------------------

    def open(self) -> None:
        """Show what the store knows, before anything else is imported or started."""
        self._first_read()
        self.window.show()

    @property
    def engine(self) -> "EngineClient | None":
        """The engine's client, once it was started."""
        return self._desk.engine if self._desk is not None else None

    def _helpers(self) -> "tuple[EngineClient, Worker] | None":
        """Who looks at hosts and works beside the window, once both are there."""
        engine, worker = self.engine, self.worker
        return None if engine is None or worker is None else (engine, worker)

    def _first_read(self) -> None:
        try:
            connection = connect_readonly(self._db_url)
            try:
                fleet = read_fleet(connection)
            finally:
                connection.close()
        except StoreMissing:
            fleet = Fleet()
        except (StoreError, SqliteError) as error:
            self._is_older = isinstance(error, StoreOlder)
            self._show_broken(error)
            return
        self._is_broken = False
        self.window.show_fleet(fleet)
        self.window.show_watched(self._catalogued, collecting=self._wants_engine)
        self.show_page("fleet")

    def _bring_in(self) -> None:
        """After the first paint: the reader, the engine, and the charts' imports in a thread."""
        self._to_do = [self._start_icon]
        if not self._is_broken:
            self._to_do += [self._start_reading, self._start_engine]
            self._to_do += [self._start_tray, self._start_charts]
        elif self._is_older:
            self._to_do += [self._start_engine]
        QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        """One thing per turn of the loop, so that the window answers in between."""
        if self._to_do:
            self._to_do.pop(0)()
            QTimer.singleShot(0, self, self._go_on)

    def _start_icon(self) -> None:
        from ui.icons import app_icon  # noqa: PLC0415 - after the first paint

        self.window.setWindowIcon(app_icon())

    def _start_reading(self) -> None:
        if self.reader is not None:
            return
        from ui.live import LiveFleet  # noqa: PLC0415 - after the first paint
        from ui.reading import Reader  # noqa: PLC0415
        from ui.worker import Worker  # noqa: PLC0415

        self.reader = Reader(self._db_url, self)
        self.worker = Worker("window's helper", self)
        self._live = LiveFleet(self.reader, self)
        self._live.read.connect(self._show_fleet)
        self._live.failed.connect(self._not_read)
        self._live.start()

    def _start_engine(self) -> None:
        if not self._wants_engine or self._desk is not None:
            return
        from ui.engine_client import engine_command  # noqa: PLC0415 - after the first paint
        from ui.engine_desk import EngineDesk  # noqa: PLC0415

        command = self._command or engine_command(self._db_url, self._catalogue)
        self._desk = EngineDesk(command, self.window, self._catalogue, self)
        self._desk.committed.connect(self._committed)
        self._desk.watching.connect(self._show_watched)
        self._desk.logins.wanting.connect(self._show_wanting)
        self._desk.path_news.connect(self._tell_path)
        self._desk.engine.start()

    def _tell_path(self, news: "PathNews") -> None:
        if self._tray is not None:
            self._tray.tell_path(news)

    def _start_tray(self) -> None:
        from ui.tray import Tray  # noqa: PLC0415 - after the first paint

        if Tray.available() and self._tray is None:
            self._tray = Tray(self.window.theme, self)
            self._tray.activated.connect(self._raise)
            self._tray.quit_wanted.connect(self.window.close)

    def _start_charts(self) -> None:
        if self._application is None and self.worker is not None:
            self.worker.ask("charts", _import_charts, self._make_charts, self._no_charts)

    def _make_charts(self, _: None) -> None:
        from ui.decisions import DecisionDesk  # noqa: PLC0415 - imported by now
        from ui.pages.application.page import ApplicationPage  # noqa: PLC0415
        from ui.snapshots import SnapshotDesk  # noqa: PLC0415

        if self.reader is None or self.worker is None:
            return
        page = ApplicationPage(self.window.theme, self.reader)
        page.back_requested.connect(lambda: self.show_page("fleet"))
        page.host_chosen.connect(self.open_host)
        page.loaded.connect(lambda _: self.window.tell_ages())
        page.lines_wanted.connect(self._fetch_lines)
        decisions = DecisionDesk(self._db_url, self.worker, page)
        decisions.written.connect(self._decided)
        decisions.failed.connect(self.window.notice.tell)
        page.decision_wanted.connect(decisions.decide)
        self._snapshots = SnapshotDesk(lambda: self._db_url, self.window, self)
        self._snapshots.told.connect(self.window.notice.tell_news)
        self._snapshots.failed.connect(self.window.notice.tell)
        page.snapshot_wanted.connect(self._snapshots.ask)
        self._application = page
        self.window.add_page("application", page)
        gc.freeze()  # what is up stays up: later collections need not look at it
        if self._wanted_app:
            QTimer.singleShot(0, self, lambda: self.open_app(self._wanted_app))

    def _no_charts(self, message: str) -> None:
        self.window.notice.tell(f"The charts cannot be shown: {message}", "Try again", WARM_AGAIN)

    # -- pages -----------------------------------------------------------------------------

    def show_page(self, name: str) -> None:
        """Fleet, hosts, start: made when first wanted."""
        if self._is_broken:
            return  # nothing else can be shown before the store can be read
        if name == "fleet" and not self._is_watching:
            name = "start"
        if name == "start":
            self.ways.offer(watching=self._is_watching)
        self._adding = name == "start" and self._is_watching
        if name == "hosts" and not self._make_hosts():
            return
        self.window.show_page(name)

    def open_app(self, app: str) -> None:
        """The dashboard of one application; as soon as the charts are there."""
        self._wanted_app = app
        if self._application is None:
            self.window.bar.progress.setText("opening …")
            return
        self._wanted_app = ""
        self.window.bar.progress.setText("")
        name = next((s.name for s in self.window.statuses if s.app == app), app)
        self.window.fleet.select(app)
        self._application.open_app(app, name)
        self.window.show_page("application")

    @property
    def _is_watching(self) -> bool:
        """Whether anything is watched; before the engine has said so, the folder's names tell."""
        if self.window.statuses or self._catalogued.apps:
            return True
        if self._catalogued.known and not self._catalogued.faulty:
            return False
        return next(self._catalogue.glob("*.yaml"), None) is not None

    def open_host(self, host: str) -> None:
        """What we do on one host."""
        self.show_page("hosts")
        if self._hosts is not None:
            self._hosts.show_host(host)

    def _fetch_lines(self, where: dict[str, object]) -> None:
        """The lines around a record come from its host, by way of the engine."""
        page, engine = self._application, self.engine
        if page is None:
            return
        shown = partial(page.show_lines, where=where)
        if engine is None or not engine.lines(where, shown):
            shown({"message": NO_ENGINE})

    def _decided(self, _: "Decision") -> None:
        if self._application is not None:
            self._application.refresh()
        if self.engine is not None:
            self.engine.request("refresh", {})  # a muted cause alarms no more

    def _make_hosts(self) -> bool:
        if self.reader is None:
            return False
        if self._hosts is None:
            from ui.pages.host.page import HostPage  # noqa: PLC0415 - when first wanted

            self._hosts = HostPage(self.window.theme, self.reader)
            if self._desk is not None:
                self._hosts.set_wanting(self._desk.logins.wanted)
            self._hosts.login_wanted.connect(self._log_in)
            self.window.add_page("hosts", self._hosts)
        self._hosts.show_hosts(self.window.hosts)
        return True

    def _show_broken(self, error: Exception) -> None:
        from ui.pages.broken.page import BrokenPage  # noqa: PLC0415 - only when something is
        from ui.pages.broken.view import store_view  # noqa: PLC0415

        if self._broken is None:
            self._broken = BrokenPage(self.window.theme)
            self._broken.pressed.connect(self._act)
            self.window.add_page("broken", self._broken)
        self._is_broken = True
        view: BrokenView = store_view(error)
        self._broken.show_view(view)
        self.window.show_page("broken")

    # -- what happens ----------------------------------------------------------------------

    def collect_now(self) -> None:
        """F5: visit now what is on screen, and read again in any case."""
        if self.engine is not None:
            shown = self.window.page == "application" and self._application is not None
            self.engine.collect(app=self._application.app if shown and self._application else "")
        if self._live is not None:
            self._live.refresh()
        if self._application is not None and self.window.page == "application":
            self._application.refresh()

    def _watched(self, app: str) -> None:
        """The catalogue names an application more: the engine sees it, the page waits for it."""
        self._wanted_app = ""
        self._catalogued = Watched()  # the engine will say it anew
        self.window.show_watched(self._catalogued, collecting=True)
        self.show_page("fleet")
        self.collect_now()

    def _log_in(self, host: str) -> None:
        if self._desk is not None:
            self._desk.logins.login(host)

    def _show_wanting(self, wanting: dict[str, str]) -> None:
        if self._hosts is not None:
            self._hosts.set_wanting(wanting)

    def _show_watched(self, watched: Watched) -> None:
        self._catalogued = watched
        self.window.show_watched(watched, collecting=True)
        if self.window.page in ("fleet", "start") and not self._adding:
            self.show_page("fleet")  # or the ways in, when nothing is watched after all

    def _show_fleet(self, fleet: Fleet) -> None:
        self.window.notice.clear(STALE)
        self.window.show_fleet(fleet)
        if fleet.statuses and self.window.page == "start" and not self._adding:
            self.show_page("fleet")
        if self._hosts is not None and self.window.page == "hosts":
            self._hosts.show_hosts(fleet.hosts, fleet.read_at)
        if self._tray is not None:
            self._tray.show_data(fleet.statuses, fleet.read_at)

    def _not_read(self, message: str) -> None:
        """The store went away under us; what is on screen stays, and says so."""
        if self.window.statuses:
            self.window.notice.tell(f"Not refreshed, what you see is older. {message}", "", STALE)

    def _committed(self, change: "Committed") -> None:
        if self._is_broken and self._is_older:
            self._reopen(self._db_url)
        if self._live is not None:
            self._live.refresh()
        if self._application is not None:
            self._application.on_committed(change)
        if self._hosts is not None:
            self._hosts.concerns(change)

    def _act(self, action: str) -> None:
        """A button of a notice or of a broken page was pressed."""
        if action == WARM_AGAIN:
            self.window.notice.clear()
            self._bring_in()
        elif action == RETRY:
            self._reopen(self._db_url)
        elif action == OPEN_OTHER:
            self._choose_store()
        elif self._desk is not None:
            self._desk.act(action)

    def _choose_store(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - rarely wanted

        dialog = QFileDialog(self.window, "Open a store", "", "Stores (*.db);;All files (*)")
        dialog.fileSelected.connect(self._reopen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _reopen(self, db_url: str) -> None:
        self._db_url = db_url
        self._first_read()
        self._bring_in()

    def _raise(self) -> None:
        if self.window.isMinimized():
            self.window.showNormal()
        else:
            self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _set_theme(self, theme: Theme) -> None:
        self.window.set_theme(theme)
        if self._tray is not None:
            self._tray.theme = theme

    def close(self) -> None:
        """End the engine, the threads and the tray; safe to call twice."""
        self._to_do.clear()
        self.window.hide()
        if self._snapshots is not None:
            self._snapshots.close()
        if self.engine is not None:
            self.engine.stop()
        if self.reader is not None:
            self.reader.close()
        if self.worker is not None:
            self.worker.close()
        if self._tray is not None:
            self._tray.close()
        self.window.close()


def _import_charts() -> None:
    """The dear imports, in the helper's thread: numpy and pyqtgraph."""
    import ui.pages.application.page  # noqa: F401, PLC0415
