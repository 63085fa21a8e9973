"""What the catalogue says of an application, as far as insight and screens need it.

Kept in the store with every catalogue that was in force, so that a copy of the store can be
read on a train, without catalogue and without hosts.
"""

from dataclasses import dataclass

from psbuddy.model.runs import JobDef


@dataclass(frozen=True, slots=True)
class AppDef:
    app: str
    name: str
    owner: str
    runbook: str
    hosts: tuple[str, ...]
    interval: int  # seconds between visits
    logs: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    jobs: tuple[JobDef, ...] = ()
