"""A gallery of every screen, in both themes, two sizes and all states: `make shots`.

For people who change how things look. The examples are those of the tests, so this needs
the source tree; a packaged program has no use for it.
"""

import html
import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from psbuddy.store.errors import StoreDamaged, StoreError, StoreNewer, StoreNotWritable
from ui.engine_events import HostKeyQuestion
from ui.hostkey import HostKeyDialog
from ui.pages.application.page import ApplicationPage
from ui.pages.broken.page import BrokenPage
from ui.pages.broken.view import store_view
from ui.pages.fleet.data import Fleet
from ui.pages.host.page import HostPage
from ui.pages.start.page import StartPage
from ui.render import THEMES, application, dashboard_widget, png, settle, styled
from ui.theme import Theme
from ui.window import MainWindow

SIZES = ((1440, 900), (1100, 700))
Make = Callable[[Theme], QWidget]


@dataclass(frozen=True, slots=True)
class Screen:
    name: str  # also the file name
    make: Make


class _Window(MainWindow):
    """The whole window at the moment of the examples, which tells no time by itself."""

    def _now(self) -> int:
        return int(_examples("ui.samples").NOW)


class _Answers:
    """A reader that answers every question at once with `value`."""

    def __init__(self, value: object) -> None:
        self._value = value

    def ask(
        self, key: str, function: object, done: Callable[[Any], None], *_: Any, **__: Any
    ) -> None:
        done(self._value)


class _Silent:
    """A reader that never answers: the waiting state."""

    def ask(self, *args: object, **kwargs: object) -> None:
        return

    def forget(self, key: str) -> None:
        return


def _examples(name: str) -> Any:
    return importlib.import_module(f"tests.{name}")


def screens() -> tuple[Screen, ...]:
    """Every screen in every state."""
    return (*_fleet(), *_application(), *_others())


def _fleet() -> Iterator[Screen]:
    samples = _examples("ui.samples")
    loud = samples.loud()
    yield Screen("fleet", _window(loud))
    yield Screen("fleet-twelve", _window(samples.fleet(12)))
    yield Screen("fleet-forty", _window(samples.fleet(40)))
    yield Screen("fleet-many", _window(samples.fleet(120)))
    yield Screen("fleet-stale", _window(samples.shifted(loud, samples.NOW - 7 * 3600)))
    yield Screen("fleet-collecting", _window(loud, _progress))
    yield Screen("fleet-engine-stopped", _window(loud, _stopped))
    yield Screen("fleet-catalogue-mistake", _window(loud, _mistake))
    yield Screen("fleet-jump", _window(samples.fleet(40), lambda window: window.open_jump()))


def _window(statuses: Any, after: Callable[[MainWindow], None] | None = None) -> Make:
    samples = _examples("ui.samples")

    def make(theme: Theme) -> QWidget:
        window = _Window(theme)
        seen = samples.hosts()
        window.show_fleet(Fleet(statuses, seen, samples.NOW))
        window.show_page("fleet")
        if after is not None:
            after(window)
        return window

    return make


def _in_window(name: str, page_of: Callable[[Theme], QWidget]) -> Make:
    """A page in the whole window, as the user meets it."""

    def put(window: MainWindow) -> None:
        window.add_page(name, page_of(window.theme))
        window.show_page(name)

    empty = name in ("start", "broken")
    return _window(() if empty else _examples("ui.samples").loud(), put)


def _progress(window: MainWindow) -> None:
    window.bar.progress.setText("reading led-app-1 · 43 %")


def _stopped(window: MainWindow) -> None:
    sentence = (
        "Collection stopped, what you see grows old. The engine ended with status 1. "
        "It is started again in 10 s."
    )
    window.notice.tell(sentence, "Start now")


def _mistake(window: MainWindow) -> None:
    sentence = (
        "The catalogue has a mistake; the last good one stays in force. "
        "shop.yaml, line 12: intervall is no key here. Did you mean interval?"
    )
    window.notice.tell(sentence, "Open its folder")


def _application() -> Iterator[Screen]:
    examples = _examples("support.dashboards")
    for name, build in examples.CASES.items():
        yield Screen(f"application-{name}", _dashboard(build))
    yield Screen("application-crosshair", _dashboard(examples.dashboard, _point_and_choose))
    yield Screen("application-waiting", _page(examples.NOW, lambda page: None))
    yield Screen(
        "application-failed",
        _page(examples.NOW, lambda page: page.show_failure("database disk image is malformed.")),
    )


def _dashboard(
    build: Callable[[], Any], after: Callable[[ApplicationPage], None] | None = None
) -> Make:
    def make(theme: Theme) -> QWidget:
        page = dashboard_widget(build(), theme=theme.name, zone="UTC")
        page.body.build_all()
        if after is not None:
            after(page)
        return page

    return make


def _point_and_choose(page: ApplicationPage) -> None:
    page.body.set_highlight("c0")
    page.link.point(page.link.since + 0.985 * page.link.span)


def _page(now: int, after: Callable[[ApplicationPage], None]) -> Make:
    def make(theme: Theme) -> QWidget:
        page = ApplicationPage(theme, _Silent(), clock=lambda: now, zone="UTC")
        page.body.build_all()
        page.open_app("shop", "Web shop")
        after(page)
        return page

    return make


def _others() -> Iterator[Screen]:
    yield Screen("hosts", _in_window("hosts", _hosts))
    yield Screen("start", _in_window("start", StartPage))
    for name, error in _broken_stores():
        yield Screen(f"broken-{name}", _in_window("broken", partial(_broken, error)))
    yield Screen("host-key", partial(_host_key, False))
    yield Screen("host-key-changed", partial(_host_key, True))


def _hosts(theme: Theme) -> QWidget:
    samples = _examples("ui.samples")
    reader: Any = _Answers(samples.visits())
    page = HostPage(theme, reader, clock=lambda: samples.NOW)
    page.show_hosts(samples.hosts(), samples.NOW)
    return page


def _broken_stores() -> Iterator[tuple[str, StoreError]]:
    """Errors as the store itself words them."""
    path = "/home/ops/.local/share/psbuddy/psbuddy.db"
    yield (
        "newer",
        StoreNewer(
            f"The store {path} was written by PS Buddy 3.1, newer than this one (1.0). Install "
            "that version or a later one, or name another store with --db. Nothing was changed."
        ),
    )
    yield (
        "damaged",
        StoreDamaged(
            f"The store {path} is damaged (database disk image is malformed). Restore it from a "
            "backup, or move it away and let PS Buddy begin a new one."
        ),
    )
    yield (
        "not-writable",
        StoreNotWritable(
            f"The store {path} may only be read by you. Ask for write access to collect into it, "
            "or choose another place with --db; looking works as it is."
        ),
    )


def _broken(error: StoreError, theme: Theme) -> QWidget:
    page = BrokenPage(theme)
    page.show_view(store_view(error))
    return page


def _host_key(changed: bool, theme: Theme) -> QWidget:
    question = HostKeyQuestion(
        host="led-app-1",
        address="10.20.4.17",
        key_type="ssh-ed25519",
        fingerprint="SHA256:2uKXbVdkQ0yVYEtG7m4vG0F5c3ZP1mT0Qk9wJrL8s4E",
        changed=changed,
        known="SHA256:9fPq0mB8yN3sTzYhVtW1kD5uXeRcA7gLiJ2oQwE6v8M" if changed else "",
        detail="The key on record is in /home/ops/.ssh/known_hosts, line 14." if changed else "",
    )
    return HostKeyDialog(question, theme, None)


def shoot(folder: Path) -> list[Path]:
    """Write one PNG for each screen, theme and size, and an index page; return all files."""
    application()
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for screen in screens():
        for name, theme in THEMES.items():
            for width, height in SIZES:
                file = folder / f"{screen.name}-{name}-{width}x{height}.png"
                with styled(screen.make(theme), theme) as page:
                    if not isinstance(page, QDialog):
                        page.resize(width, height)
                    settle()
                    file.write_bytes(png(page))
                files.append(file)
    index = folder / "index.html"
    index.write_text(_index(files), encoding="utf-8")
    return [*files, index]


def _index(files: list[Path]) -> str:
    rows = "\n".join(
        f'<figure><a href="{html.escape(file.name)}"><img src="{html.escape(file.name)}" '
        f'width="640" loading="lazy" alt=""></a><figcaption>{html.escape(file.stem)}'
        "</figcaption></figure>"
        for file in files
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>PS Buddy: screens</title>'
        "<style>body{font:13px system-ui;margin:16px;background:#888}"
        "figure{display:inline-block;margin:8px}</style>"
        f"<body>{rows}</body></html>\n"
    )


def main(arguments: list[str]) -> int:
    """`python -m ui.shots FOLDER`."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m ui.shots FOLDER\n")
        return 2
    files = shoot(Path(arguments[0]))
    sys.stdout.write(f"{len(files) - 1} pictures, see {files[-1]}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
