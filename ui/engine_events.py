"""Lines of the engine's stdout -> values; requests -> lines of its stdin. No Qt.

docs/engine.md is the contract. The engine passes on what hosts and logs said, so a line is
hostile: its size is capped before it is parsed, and a field of the wrong kind counts as absent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psbuddy.model.observation import Committed

#: A longer line is dropped and told as a problem: parsing it would stop the window.
MAX_LINE = 2 * 1024 * 1024
MOST_PROMPTS = 16


@dataclass(frozen=True, slots=True)
class HostKeyQuestion:
    """A host showed a key. `changed`: another one is on record, so it is refused."""

    host: str
    address: str
    key_type: str
    fingerprint: str
    changed: bool
    known: str  # fingerprint on record, "" when there is none
    detail: str  # a sentence of the engine's
    port: int = 22
    place: str = ""  # the file and line that hold the key on record


@dataclass(frozen=True, slots=True)
class LoginWanted:
    """A host is not collected before somebody logs in."""

    host: str
    wants: str  # in words
    about: str  # the same for all hosts that one answer helps


@dataclass(frozen=True, slots=True)
class SecretQuestion:
    """What is asked during a login. `prompts`: the server's words, and whether typing shows."""

    number: int
    host: str
    place: str  # who asks: the host, or a jump host on its way
    user: str
    fingerprint: str
    kind: str  # passphrase, password, answers
    heading: str
    prompts: tuple[tuple[str, bool], ...]
    keeps: tuple[str, ...]  # how long the answer may be kept; none: never


def parse_line(line: bytes) -> dict[str, Any] | None:
    """The event in one line, None when it is not one."""
    if len(line) > MAX_LINE:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("event"), str) else None


def request_line(name: str, fields: Mapping[str, object]) -> bytes:
    """One request as the engine reads it."""
    return json.dumps({"request": name, **fields}).encode() + b"\n"


def committed_of(event: Mapping[str, Any]) -> Committed:
    return Committed(
        hosts=texts(event, "hosts"),
        apps=texts(event, "apps"),
        kinds=texts(event, "kinds"),
        since=number(event, "since"),
        until=number(event, "until"),
    )


def host_key_of(event: Mapping[str, Any]) -> HostKeyQuestion:
    return HostKeyQuestion(
        host=text(event, "host"),
        address=text(event, "address"),
        key_type=text(event, "key_type"),
        fingerprint=text(event, "fingerprint"),
        changed=event.get("changed") is True,
        known=text(event, "known"),
        detail=text(event, "detail"),
        port=number(event, "port") or 22,
        place=text(event, "place"),
    )


def login_wanted_of(event: Mapping[str, Any]) -> LoginWanted:
    return LoginWanted(text(event, "host"), text(event, "wants", 300), text(event, "about"))


def question_of(event: Mapping[str, Any]) -> SecretQuestion:
    listed = event.get("prompts")
    asked = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return SecretQuestion(
        number=number(event, "id"),
        host=text(event, "host"),
        place=text(event, "place"),
        user=text(event, "user"),
        fingerprint=text(event, "fingerprint"),
        kind=text(event, "kind"),
        heading=text(event, "heading", 1000),
        prompts=tuple(
            (text(each, "text", 500), each.get("echo") is True) for each in asked[:MOST_PROMPTS]
        ),
        keeps=texts(event, "keeps"),
    )


def progress_words(event: Mapping[str, Any]) -> str:
    """One quiet line: `reading led-app-1 · 43 %`."""
    host = text(event, "host")
    share = event.get("share")
    if not host:
        return ""
    if isinstance(share, int | float) and 0 <= share <= 1:
        return f"reading {host} · {round(share * 100)} %"
    return f"reading {host}"


def text(event: Mapping[str, Any], key: str, limit: int = 4000) -> str:
    value = event.get(key)
    return value[:limit] if isinstance(value, str) else ""


def texts(event: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = event.get(key)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def number(event: Mapping[str, Any], key: str) -> int:
    value = event.get(key)
    finite = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
    return int(value) if finite and value is not None else 0
