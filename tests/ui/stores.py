"""Real store files for the window, written through the store's own door."""

from collections.abc import Sequence
from pathlib import Path

from psbuddy.model.application import AppDef
from psbuddy.model.observation import HostCost, Observation
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Outcome, Stage
from psbuddy.store import open_store


def make_store(
    path: Path, statuses: Sequence[AppStatus], *, now: int, hosts: Sequence[str] = ()
) -> str:
    """A store at `path` that holds `statuses` and one good visit to each of `hosts`."""
    with open_store(str(path)) as store:
        store.write_catalogue([app_def(status, hosts) for status in statuses], now)
        if hosts:
            store.commit([visit(host, now - 12) for host in hosts], now)
        store.write_status(statuses)
    return str(path)


def rewrite(path: str, statuses: Sequence[AppStatus]) -> None:
    """What another process does after a visit: new lines for the fleet page."""
    with open_store(path) as store:
        store.write_status(statuses)


def app_def(status: AppStatus, hosts: Sequence[str]) -> AppDef:
    return AppDef(
        app=status.app,
        name=status.name,
        owner=status.owner,
        runbook=status.runbook,
        hosts=tuple(hosts) or ("led-app-1",),
        interval=status.interval,
    )


def visit(host: str, started: int, **changes: object) -> Observation:
    values: dict[str, object] = {
        "host": host,
        "started": started,
        "seconds": 0.42,
        "stage": Stage.DONE,
        "outcome": Outcome.OK,
        "detail": "",
        "bytes_sent": 900,
        "bytes_received": 12_400,
        "transport": "ssh",
        "program": "3f" * 32,
        "cost": HostCost(cpu_seconds=0.04, memory_bytes=14_000_000, bytes_read=1_400_000),
    }
    return Observation(**(values | changes))
