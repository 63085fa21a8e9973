"""What a host is asked: catalogue and positions -> the `visit` request of docs/protocol.md.

Everything from the catalogue travels as JSON data; nothing becomes part of a command.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from collectors.asked import Asked, JobPeriod
from collectors.zone_table import transitions
from psbuddy.catalogue import Application, CheckSpec, LogSpec
from psbuddy.model.observation import Position

#: (host, app, log) -> (number of commits the log has seen, its positions)
ReadFrom = Callable[[str, str, str], tuple[int, tuple[Position, ...]]]


@dataclass(frozen=True, slots=True)
class Budget:
    """What one visit may cost the host, and how long unfinished records wait."""

    seconds: int = 20
    bytes: int = 64 * 2**20
    groups: int = 500
    hold: int = 2
    hold_partial: int = 10


@dataclass(frozen=True, slots=True)
class Visit:
    """A request and the measure of its reply."""

    request: dict[str, Any]
    asked: Asked


def visit(
    host: str,
    applications: Sequence[Application],
    read_from: ReadFrom,
    now: int,
    budget: Budget | None = None,
) -> Visit:
    """The request for one host: logs, checks and facts of these applications."""
    logs: list[dict[str, Any]] = []
    versions: dict[tuple[str, str], int] = {}
    for app in applications:
        for name, spec in app.log_specs(host).items():
            version, positions = read_from(host, app.id, name)
            versions[app.id, name] = version
            logs.append(_log(app, name, spec, positions, now))
    checks = [
        {"app": app.id, "check": name, **_check(spec)}
        for app in applications
        for name, spec in app.host_checks(host).items()
    ]
    request = {
        "op": "visit",
        "now": now,
        "columns": True,
        "budget": asdict(budget or Budget()),
        "facts": True,
        "logs": logs,
        "checks": checks,
    }
    return Visit(request, _asked(host, applications, request, versions, now))


def _asked(
    host: str,
    applications: Sequence[Application],
    request: dict[str, Any],
    versions: dict[tuple[str, str], int],
    now: int,
) -> Asked:
    jobs = {
        (app.id, job.job): JobPeriod(
            job.period, job.timezone, by_end=app.jobs[job.job].start is None
        )
        for app in applications
        for job in app.job_defs()
    }
    return Asked(
        host=host,
        now=now,
        logs=frozenset((log["app"], log["log"]) for log in request["logs"]),
        checks=frozenset((check["app"], check["check"]) for check in request["checks"]),
        versions=versions,
        jobs=jobs,
    )


def _log(
    app: Application, name: str, spec: LogSpec, positions: tuple[Position, ...], now: int
) -> dict[str, Any]:
    return {
        "app": app.id,
        "log": name,
        "path": spec.path,
        "zone": transitions(spec.timezone, now) if spec.timezone else None,
        "format": spec.format,
        "pattern": spec.pattern,
        "history": spec.history,
        "transactions": _transactions(spec),
        "jobs": [
            {"job": job, **_given(start=each.start, finish=each.finish, fail=each.fail)}
            for job, each in app.log_jobs(name).items()
        ],
        "changes": [
            {"kind": each.kind, "pattern": each.pattern} for each in app.log_changes(name).values()
        ],
        "checks": [
            {"check": check, "up": each.up, "down": each.down}
            for check, each in app.log_checks(name).items()
        ],
        "positions": [asdict(position) for position in positions],
    }


def _transactions(spec: LogSpec) -> dict[str, Any] | bool | None:
    """`false`: none are wanted; `null`: as the format tells."""
    wanted = spec.transactions
    if wanted is None:
        return False
    given: dict[str, Any] = _given(
        duration=wanted.duration, pattern=wanted.pattern, unit=wanted.unit, failed=wanted.failed
    )
    if not wanted.words:
        given["words"] = False
    return given or None


def _check(spec: CheckSpec) -> dict[str, Any]:
    detail: dict[str, Any]
    match spec.kind:
        case "http":
            detail = {"url": spec.http, "expect": spec.expected, "timeout": spec.timeout_s}
        case "process":
            detail = {"name": spec.process, "min": spec.min}
        case "unit":
            detail = {"name": spec.unit}
        case "port":
            detail = {"address": spec.address, "port": spec.port, "timeout": spec.timeout_s}
        case _:
            argv = list(spec.command or ())
            detail = {"argv": argv, "expect": spec.expected, "timeout": spec.timeout_s}
    return {"kind": spec.kind, **detail}


def _given(**values: str | None) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
