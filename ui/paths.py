"""What the window says of ways that are down: one notice, one notification. No Qt.

The engine decides (docs/engine.md, `path`); here its events become words on screen.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ui.engine_events import text

_MOST = 100  # an engine that names more is not believed


class PathNews(NamedTuple):
    """A notification. `over`: what was down is back."""

    title: str
    message: str
    over: bool


class Paths:
    """Ways that are down now."""

    def __init__(self) -> None:
        self._down: dict[tuple[str, str], str] = {}

    def take(self, event: Mapping[str, Any]) -> PathNews | None:
        """Take note of a `path` event; what is news of it."""
        key, message = (text(event, "kind"), text(event, "name")), text(event, "message", 600)
        if text(event, "state") == "down":
            if len(self._down) < _MOST or key in self._down:
                self._down[key] = message
            return PathNews("Path down", _without(message), False) if event.get("first") else None
        known = self._down.pop(key, None)
        if known is None or not message:
            return None
        return PathNews("Path back", _without(message), True)

    def forget(self) -> None:
        """The engine begins anew: it tells again what is down."""
        self._down.clear()

    @property
    def words(self) -> str:
        """All that is down in one notice, "" for nothing."""
        if not self._down:
            return ""
        first, *others = self._down.values()
        more = f" {len(others)} more {'path is' if len(others) == 1 else 'paths are'} down."
        return first + (more if others else "")


def _without(message: str) -> str:
    """The message below a title that says its first words already."""
    _, found, rest = message.partition(": ")
    return rest[:1].upper() + rest[1:] if found else message
