"""What a person asks of one host between visits: the lines around an error, the logs it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collectors.zone_table import transitions
from psbuddy import words
from psbuddy.catalogue import Catalogue

#: Where logs usually are. The host looks at names and ends of files, and reads nothing else.
USUAL_FOLDERS = (
    "/var/log",
    "/opt",
    "/srv",
    "/home",
    "/usr/local",
    "/app",
    "/apps",
    "/data",
    "/u01",
)
_DISCOVER_SECONDS = 10
_MOST_LINES = 500
_LINES_CAP = 262_144
_LINES_SECONDS = 20.0  # what the host may take to look for lines
_PATIENCE = 20.0  # seconds beyond what the host itself may take


class ErrandError(Exception):
    """The errand cannot be run. The text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One request to one host; `payloads` are tried in turn until one finds something."""

    request_id: object
    host: str
    payloads: tuple[dict[str, Any], ...]
    seconds: float


def discover(request: Mapping[str, Any]) -> Errand:
    """Which logs are there? Works for a host that is in no catalogue yet."""
    host = _text(request, "host")
    folders = request.get("folders")
    wanted = [f for f in folders if isinstance(f, str)] if isinstance(folders, list) else []
    payload = {
        "op": "discover",
        "folders": wanted[:50] or list(USUAL_FOLDERS),
        "seconds": _DISCOVER_SECONDS,
    }
    return Errand(request.get("id"), host, (payload,), _DISCOVER_SECONDS + _PATIENCE)


def lines(request: Mapping[str, Any], catalogue: Catalogue, now: int) -> Errand:
    """The lines around a moment of a log of the catalogue, and of no other file.

    Keys of the request: host, app, log, time (epoch seconds), text (of the record), before,
    after. Rotated and compressed files of that log are looked through too. Raises ErrandError.
    """
    host, app, log = (_text(request, key) for key in ("host", "app", "log"))
    application = catalogue.applications.get(app)
    spec = application.log_specs(host).get(log) if application else None
    if spec is None:
        raise ErrandError(f"{app or 'The application'} has no log {log!r} on {host}.")
    time = request.get("time")
    if not isinstance(time, int) or isinstance(time, bool):
        raise ErrandError("A moment is needed to look around: time, in epoch seconds.")
    payload = {
        "op": "lines",
        "path": spec.path,
        "around": {"time": time, "text": _text(request, "text")[:80]},
        "before": _count(request, "before"),
        "after": _count(request, "after"),
        "cap": _LINES_CAP,
        "zone": transitions(spec.timezone, now) if spec.timezone else None,
        "format": spec.format,
        "pattern": spec.pattern,
    }
    return Errand(request.get("id"), host, (payload,), _LINES_SECONDS + _PATIENCE)


def explained(
    reply: Mapping[str, Any], payload: Mapping[str, Any], host: str, now: int
) -> dict[str, Any]:
    """The reply to `lines`; where nothing was found, with a `message` that says why."""
    if reply.get("lines") or payload.get("op") != "lines":
        return dict(reply)
    path, oldest = str(payload.get("path")), reply.get("oldest")
    detail = str(reply.get("detail"))[:300]
    since = "later"
    if isinstance(oldest, int) and 0 < oldest < 1 << 32:
        since = words.when(oldest, now)
    told = {
        "missing": f"{path} is not there on {host} any more, nor a rotated file of it.",
        "unreadable": f"The lines cannot be read on {host}: {detail}. Ask for read access there.",
        "rotated away": f"The line is gone from {host}: its file was rotated away. The oldest "
        f"record that is still there is of {since}.",
    }
    usual = (
        f"{path} on {host} has no such line, and no record within an hour of it. "
        "It may have been deleted or rewritten."
    )
    return {**reply, "message": told.get(str(reply.get("reason")), usual)}


def _text(request: Mapping[str, Any], key: str) -> str:
    value = request.get(key)
    return value if isinstance(value, str) else ""


def _count(request: Mapping[str, Any], key: str) -> int:
    value = request.get(key, 50)
    good = isinstance(value, int) and not isinstance(value, bool)
    return max(0, min(_MOST_LINES, value)) if good else 50
