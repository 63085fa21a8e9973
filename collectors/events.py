"""What the engine says, as plain objects: the events of docs/engine.md, one function each."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from collectors.errors import HostKeyQuestion
from collectors.secret import Keep, SecretQuestion
from psbuddy.insight.path import Down
from psbuddy.model.observation import Committed, Observation

Event = dict[str, Any]


def ready(version: str, db: str, catalogue: str) -> Event:
    return {"event": "ready", "version": version, "db": db, "catalogue": catalogue}


def busy(message: str) -> Event:
    return {"event": "busy", "message": message}


def problem(message: str, host: str = "") -> Event:
    return {"event": "problem", "message": message, **({"host": host} if host else {})}


def catalogue(apps: Iterable[str], hosts: Iterable[str], problems: Iterable[str]) -> Event:
    return {
        "event": "catalogue",
        "apps": list(apps),
        "hosts": list(hosts),
        "problems": list(problems),
    }


def visiting(host: str, apps: Iterable[str], share: float | None) -> Event:
    event: Event = {"event": "visiting", "host": host, "apps": list(apps)}
    return event if share is None else {**event, "share": share}


def collected(observation: Observation, *, asked: bool = False) -> Event:
    """`asked`: a person is asked at once about what is wrong."""
    return {
        "event": "collected",
        "host": observation.host,
        "apps": [app for app, _ in observation.apps],
        "outcome": str(observation.outcome),
        "stage": str(observation.stage),
        "detail": observation.detail,
        "asked": asked,
        "seconds": round(observation.seconds, 3),
        "bytes_received": observation.bytes_received,
        "backlog_bytes": sum(log.backlog_bytes for log in observation.logs),
        "problems": [problem for log in observation.logs for problem in log.problems],
    }


def committed(changed: Committed) -> Event:
    return {"event": "committed", **{k: _plain(v) for k, v in asdict(changed).items()}}


def host_key(question: HostKeyQuestion, detail: str, known: str | None, place: str = "") -> Event:
    """`known`: fingerprint on record when the key was refused; None for a first contact. `place`:
    the file and line that hold it."""
    return {
        "event": "host_key",
        "host": question.host,
        "address": question.address,
        "port": question.port,
        "key_type": question.key_type,
        "fingerprint": question.sha256,
        "changed": known is not None,
        "known": known or "",
        "place": place,
        "detail": detail,
    }


def login_wanted(host: str, question: SecretQuestion, detail: str, *, now: bool) -> Event:
    """`now`: a person waits for it already."""
    return {
        "event": "login_wanted",
        "host": host,
        **_asked(question),
        "wants": question.wants,
        "about": question.about,
        "now": now,
        "detail": detail,
    }


def secret_question(number: int, question: SecretQuestion, keeps: tuple[Keep, ...]) -> Event:
    """`keeps`: for how long the answer may be held; empty: never."""
    return {
        "event": "secret_question",
        "id": number,
        "host": question.host,
        **_asked(question),
        "heading": question.heading,
        "prompts": [{"text": each.text, "echo": each.echo} for each in question.prompts],
        "keeps": [str(each) for each in keeps],
    }


def secret_over(number: int, host: str) -> Event:
    return {"event": "secret_over", "id": number, "host": host}


def login(host: str, detail: str, *, ok: bool) -> Event:
    return {"event": "login", "host": host, "ok": ok, "detail": detail}


def _asked(question: SecretQuestion) -> Event:
    return {
        "place": question.place,
        "user": question.user,
        "fingerprint": question.fingerprint,
        "kind": str(question.kind),
    }


def status(counts: Mapping[str, int]) -> Event:
    return {"event": "status", **counts}


def path_down(down: Down, message: str, since: int, apps: int, first: bool) -> Event:
    """`first`: it is news; else only its counts are others than told."""
    return {**_path(down), "state": "down", "message": message, "since": since, "apps": apps,
            "first": first}  # fmt: skip


def path_over(down: Down, message: str) -> Event:
    """`message`: "" when it is part of a larger loss now."""
    return {**_path(down), "state": "back" if message else "over", "message": message}


def _path(down: Down) -> Event:
    return {
        "event": "path",
        "kind": str(down.kind),
        "name": down.name,
        "hosts": len(down.hosts),
    }


def idle() -> Event:
    return {"event": "idle"}


def woke(seconds: float) -> Event:
    return {"event": "woke", "seconds": round(seconds)}


def answer(request_id: object, host: str, reply: Mapping[str, Any]) -> Event:
    fields = {k: v for k, v in reply.items() if k not in ("op", "nonce", "event", "id", "host")}
    return {"event": "answer", "id": request_id, "host": host, **fields}


def refusal(request_id: object, host: str, message: str) -> Event:
    return {"event": "answer", "id": request_id, "host": host, "message": message}


def stopped(code: int) -> Event:
    return {"event": "stopped", "code": code}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
