"""Pictures of screens without a screen: for snapshots, reports and the gallery.

Reads at once instead of through the reader's thread, and works in a process that has no
QApplication yet.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QIODevice,
    QMessageLogContext,
    QPoint,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from psbuddy.report.dashboard import Dashboard, load_dashboard
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses
from ui.pages.application.page import ApplicationPage
from ui.pages.fleet.page import FleetPage
from ui.theme import DARK, LIGHT, Theme, apply_theme

Page = TypeVar("Page", bound=QWidget)
log = logging.getLogger(__name__)
THEMES = {"light": LIGHT, "dark": DARK}
SIZE = (1440, 900)


class PictureError(RuntimeError):
    """A picture could not be made; the text says why."""


class _NoReader:
    """For values that are already there."""

    def ask(self, *args: object, **kwargs: object) -> None:
        raise PictureError("This picture is drawn from given values; nothing is read.")


def application() -> QApplication:
    """The QApplication of this process; without one an offscreen one in our style."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qInstallMessageHandler(_tell)
    app = QApplication(["psbuddy"])
    app.setStyle("Fusion")
    return app


def _tell(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    """Qt's own messages go to the log; the offscreen plugin's remark on each window does not."""
    if message and "propagateSizeHints" not in message:
        log.warning("Qt: %s", message)


def dashboard_png(
    db_url: str,
    app: str,
    since: int,
    until: int,
    *,
    theme: str = "light",
    size: tuple[int, int] = SIZE,
    scale: float = 1.0,
    zone: str = "",
    whole: bool = True,
) -> bytes:
    """The dashboard of `app` over [since, until) as PNG; the same bytes for the same store.

    `size` in logical pixels; with `whole` it grows downward until nothing is cut. `scale`:
    device pixels a logical one. Raises what the store raises for what it cannot read.
    """
    with closing(connect_readonly(db_url)) as connection:
        dashboard = load_dashboard(connection, app, since, until, until, zone=zone)
    return picture_of(dashboard, theme=theme, size=size, scale=scale, zone=zone, whole=whole)


def dashboard_widget(
    dashboard: Dashboard, *, theme: str = "light", zone: str = ""
) -> ApplicationPage:
    """The page with all its panels built and a value shown in it; the caller closes it."""
    application()
    page = ApplicationPage(THEMES[theme], _NoReader(), clock=lambda: dashboard.now, zone=zone)
    page.show_value(dashboard)
    return page


def picture_of(
    dashboard: Dashboard,
    *,
    theme: str = "light",
    size: tuple[int, int] = SIZE,
    scale: float = 1.0,
    zone: str = "",
    whole: bool = True,
) -> bytes:
    """As `dashboard_png`, of a value that is already there."""
    page = dashboard_widget(dashboard, theme=theme, zone=zone)
    return _dashboard_picture(page, size, scale, whole)


def fleet_png(
    db_url: str,
    *,
    theme: str = "light",
    size: tuple[int, int] = SIZE,
    scale: float = 1.0,
    now: int | None = None,
) -> bytes:
    """The fleet page as PNG. `now`: the moment ages are counted from, by default this one."""
    application()
    with closing(connect_readonly(db_url)) as connection:
        statuses = app_statuses(connection)
    page = FleetPage(THEMES[theme])
    page.show_data(statuses, int(time.time()) if now is None else now)
    with styled(page, THEMES[theme]):
        page.resize(*size)
        return png(page, scale)


def _dashboard_picture(
    page: ApplicationPage, size: tuple[int, int], scale: float, whole: bool
) -> bytes:
    page.body.build_all()
    for part in (page.header.picker, page.header.save):
        part.hide()  # nothing to press in a picture
    page.body.hide_offers()
    with styled(page, page.theme):
        page.resize(*size)
        settle()
        if whole:
            page.resize(size[0], max(size[1], page.whole_height()))
        return png(page, scale)


@contextmanager
def styled(page: Page, theme: Theme) -> Iterator[Page]:
    """The look of `theme` while the picture is taken; then the page is gone."""
    app = application()
    before = app.palette(), app.styleSheet()
    apply_theme(app, theme)
    _lay_out(page)
    try:
        yield page
    finally:
        page.close()
        page.deleteLater()
        settle()
        app.setPalette(before[0])
        app.setStyleSheet(before[1])


def _lay_out(widget: QWidget) -> None:
    """Layouts work only in a widget that counts as shown; it comes to no screen."""
    if not widget.isVisible():
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        widget.show()
    settle()


def settle() -> None:
    """Let layouts and deferred deletions happen."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def png(widget: QWidget, scale: float = 1.0) -> bytes:
    """PNG of a widget that need not be shown. The first painting settles sizes: thrown away."""
    _lay_out(widget)
    _paint(widget, scale)
    settle()
    image = _paint(widget, scale)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise PictureError("The picture could not be written as PNG.")
    return bytes(data.data())


def _paint(widget: QWidget, scale: float) -> QImage:
    width, height = round(widget.width() * scale), round(widget.height() * scale)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    widget.render(image, QPoint())
    return image
