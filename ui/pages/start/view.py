"""What discovery brought, in words. No Qt. Everything in it was said by a host: hostile."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from psbuddy import words

MAX_LOGS = 500
_LONGEST_DETAIL = 400  # with the command for the owner of the host in it
LEVEL_ORDER = ("critical", "error", "warning", "info", "debug", "trace", "none")


@dataclass(frozen=True, slots=True)
class FoundLog:
    """A log file that was found on a host and what was understood of its end."""

    path: str
    folder: str
    name: str
    size: str
    growing: bool
    readable: bool
    ticked: bool  # proposed
    known: bool  # its lines were recognised
    understood: str  # "logback: 41 records, 2 error, 39 info"
    sample: tuple[str, ...]


def found_logs(reply: Mapping[str, Any]) -> tuple[FoundLog, ...]:
    """Logs of a `discover` reply, in the order the host ranked them: the likeliest first."""
    raw = reply.get("logs")
    entries = raw[:MAX_LOGS] if isinstance(raw, list) else []
    known = [entry for entry in entries if isinstance(entry, dict) and _text(entry, "path")]
    return tuple(_log(entry) for entry in known)


def found_words(logs: Iterable[FoundLog], host: str, place: str = "") -> str:
    """The sentence above the list. `place`: the folder or file somebody named."""
    found = list(logs)
    growing = sum(log.growing for log in found)
    if not found and place:
        return (
            f"No logs were found at {place} on {host}. Is the path right, and may your account "
            "read it?"
        )
    if not found:
        return (
            f"No logs were found on {host} in the usual folders. Your account may not be allowed "
            "to read them: ask for membership in the group that owns /var/log, often adm."
        )
    if not growing:
        return f"{words.quantity(len(found), 'log')} found on {host}; none grew while we looked."
    verb = "grows" if growing == 1 else "grow"
    return f"{words.quantity(len(found), 'log')} found on {host}; {words.count(growing)} {verb}."


def folders_of(place: str) -> tuple[str, ...]:
    """Folders to look into for what somebody typed: itself and, for a file, the one it is in."""
    path = PurePosixPath(place)
    return (str(path), str(path.parent)) if path.suffix else (str(path),)


def within(logs: Iterable[FoundLog], place: str) -> tuple[FoundLog, ...]:
    """The logs that are `place` or lie in it; all of them when none does."""
    logs, path = tuple(logs), str(PurePosixPath(place))
    inside = path.rstrip("/") + "/"
    exact = tuple(log for log in logs if log.path == path or log.path.startswith(inside))
    return exact or logs


def app_id(name: str) -> str:
    """A catalogue id for a name: `Web shop (EU)` -> `web-shop-eu`; `app` when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "app"


def default_name(host: str) -> str:
    """`led-app-1` -> `Led app 1`; the user can change it."""
    if host == "local":
        return "This machine"
    return words.capital(words.job_name(host.partition("@")[2] or host))


def _log(entry: Mapping[str, Any]) -> FoundLog:
    path = _text(entry, "path")
    readable = entry.get("readable") is not False
    growing = entry.get("growing") is True
    known = _text(entry, "format") not in ("", "none")
    sample = entry.get("sample")
    lines = sample[:20] if isinstance(sample, list) else []
    return FoundLog(
        path=path,
        folder=str(PurePosixPath(path).parent),
        name=PurePosixPath(path).name,
        size=words.size(_number(entry, "size")),
        growing=growing,
        readable=readable,
        ticked=readable and growing and known,
        known=known,
        understood=_understood(entry, readable),
        sample=tuple(line[:500] for line in lines if isinstance(line, str)),
    )


def _understood(entry: Mapping[str, Any], readable: bool) -> str:
    if not readable:
        why = _text(entry, "detail")[:_LONGEST_DETAIL]
        return f"Not readable for your account: {why}" if why else "Not readable for your account"
    form, records = _text(entry, "format"), _number(entry, "records")
    if form in ("", "none"):
        return "No time stamp recognised: lines can be counted, not placed in time"
    parts = [words.quantity(records, "record")]
    levels = entry.get("levels")
    if isinstance(levels, dict):
        parts += [
            f"{words.count(_number(levels, level))} {level}"
            for level in LEVEL_ORDER
            if level != "none" and _number(levels, level)
        ]
    if transactions := _number(entry, "transactions"):
        parts.append(words.quantity(transactions, "transaction"))
    if unparsed := _number(entry, "unparsed_lines"):
        parts.append(f"{words.quantity(unparsed, 'line')} not understood")
    return f"{form}: {', '.join(parts)}"


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value[:4096] if isinstance(value, str) else ""


def _number(entry: Mapping[str, Any], key: str) -> int:
    value = entry.get(key)
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53
    return int(value) if good and value is not None else 0
