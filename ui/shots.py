"""A gallery of every screen, in both themes, two sizes and all states: `make shots`.

For people who change how things look. The examples are those of the tests, so this needs
the source tree; a packaged program has no use for it.
"""

import html
import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from psbuddy.store import StoreNewer
from ui.pages.application.page import ApplicationPage
from ui.pages.broken.page import BrokenPage
from ui.pages.broken.view import store_view
from ui.pages.fleet.page import FleetPage
from ui.pages.host.page import HostPage
from ui.pages.start.page import StartPage
from ui.render import THEMES, application, dashboard_widget, png, settle, styled
from ui.theme import Theme

SIZES = ((1440, 900), (1100, 700))
Make = Callable[[Theme], QWidget]


@dataclass(frozen=True, slots=True)
class Screen:
    name: str  # also the file name
    make: Make


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

    def show(statuses: Any) -> Make:
        def make(theme: Theme) -> QWidget:
            page = FleetPage(theme)
            page.show_data(statuses, samples.NOW)
            return page

        return make

    yield Screen("fleet", show(samples.loud()))
    yield Screen("fleet-forty", show(samples.fleet(40)))
    yield Screen("fleet-many", show(samples.fleet(120)))


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
    samples = _examples("ui.samples")

    def hosts(theme: Theme) -> QWidget:
        silent: Any = _Silent()
        page = HostPage(theme, silent)
        page.show_hosts(samples.hosts(), samples.NOW)
        return page

    def broken(theme: Theme) -> QWidget:
        page = BrokenPage(theme)
        page.show_view(store_view(StoreNewer("The store was written by a newer PS Buddy.")))
        return page

    yield Screen("hosts", hosts)
    yield Screen("start", StartPage)
    yield Screen("broken", broken)


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
