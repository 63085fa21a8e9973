"""`make shots`: one picture for each screen, theme and size, and a page that shows them all."""

import html
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QDialog

from tests.gallery.screens import Screen, screens
from ui.render import THEMES, application, png, settle, styled

#: First word of a screen's name -> the page it is a state of, in the order of the index.
_PAGES = {
    "fleet": "Fleet",
    "application": "Application dashboard",
    "hosts": "Hosts",
    "start": "First steps",
    "wizard": "First steps",
    "broken": "Store that cannot be used",
    "host": "Host keys",
    "login": "Logging in",
}
SIZES = ((1440, 900), (1100, 700))


def shoot(folder: Path, chosen: Iterable[Screen] = ()) -> list[Path]:
    """Write one PNG for each screen (all, or those chosen), theme and size, and an index page.

    Returns all files, the index last.
    """
    application()
    folder.mkdir(parents=True, exist_ok=True)
    shots: dict[str, list[Path]] = {}
    for screen in chosen or screens():
        for name, theme in THEMES.items():
            for width, height in SIZES:
                file = folder / f"{screen.name}-{name}-{width}x{height}.png"
                with styled(screen.make(theme), theme) as page:
                    if not isinstance(page, QDialog):
                        page.resize(width, height)
                    settle()
                    file.write_bytes(png(page))
                shots.setdefault(screen.name, []).append(file)
    index = folder / "index.html"
    index.write_text(_index(shots), encoding="utf-8")
    return [*(file for files in shots.values() for file in files), index]


def _index(shots: Mapping[str, Sequence[Path]]) -> str:
    """Grouped by page, one row for each state of it, light beside dark, large beside small."""
    pages: dict[str, list[str]] = {}
    for name in shots:
        pages.setdefault(_PAGES.get(name.partition("-")[0], "Others"), []).append(name)
    links = " · ".join(f'<a href="#{_anchor(page)}">{html.escape(page)}</a>' for page in pages)
    body = "".join(
        f'<h2 id="{_anchor(page)}">{html.escape(page)}</h2>'
        + "".join(f"<h3>{html.escape(name)}</h3><div>{_row(shots[name])}</div>" for name in names)
        for page, names in pages.items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>PS Buddy: screens</title>'
        "<style>body{font:13px system-ui;margin:16px;background:#777;color:#fff}a{color:#fff}"
        "nav{position:sticky;top:0;background:#777;padding:8px 0}h2{margin:32px 0 0}"
        "h3{font-weight:400;margin:16px 0 4px}div{display:flex;flex-wrap:wrap;gap:8px}"
        "figure{margin:0;flex:1 1 280px;max-width:640px}img{width:100%}</style>"
        f"<body><nav>{links}</nav>{body}</body></html>\n"
    )


def _row(files: Sequence[Path]) -> str:
    return "".join(
        f'<figure><a href="{html.escape(file.name)}"><img src="{html.escape(file.name)}" '
        f'loading="lazy" alt="{html.escape(file.stem)}"></a></figure>'
        for file in files
    )


def _anchor(page: str) -> str:
    return page.lower().replace(" ", "-")


def main(arguments: list[str]) -> int:
    """`python -m tests.gallery FOLDER`."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m tests.gallery FOLDER\n")
        return 2
    files = shoot(Path(arguments[0]))
    sys.stdout.write(f"{len(files) - 1} pictures, see {files[-1]}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
