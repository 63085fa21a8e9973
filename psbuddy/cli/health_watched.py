"""What is watched: hosts that turn us away or do not answer, logs that are not read."""

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from psbuddy import words
from psbuddy.cli.health import Finding, fine, note, wrong
from psbuddy.cli.output import plain
from psbuddy.insight.contact import as_seen
from psbuddy.model.status import AppStatus, HostLine, LogState
from psbuddy.model.terms import Stage, State
from psbuddy.store import StoreError, connect_readonly
from psbuddy.store.read.collections import log_states
from psbuddy.store.read.fleet import app_statuses, host_lines
from psbuddy.store.sqlite import Error

#: What to do where the reason itself does not say: by the stage at which the visit ended.
_TODO = {
    Stage.RESOLVE.value: "Look at the name in ssh_config and in the catalogue, and at the VPN.",
    Stage.HOST_KEY.value: "Ask the owner of the host for its key; the window compares and asks.",
    Stage.AUTH.value: "Log in on the page of the host, or by psbuddy collect --once on a terminal.",
    Stage.FIRST_FRAME.value: "Look whether python3 or sh with awk starts there without a question.",
}
_ANY_TODO = "psbuddy collect --once --host {host} tries again and tells what happens."
_LOG_TODO = (
    "psbuddy hosts --report {host} tells what is read there; psbuddy catalogue discover finds."
)
#: First sentence, and what stands behind it: most reasons say there what to do.
_SENTENCES = re.compile(r"(.+?[.!?])\s+(?=[A-Z])(.+)", re.DOTALL)


def watched_findings(url: str) -> Iterator[Finding]:
    """Hosts and logs of the store at `url`; nothing where it cannot be read (told elsewhere)."""
    try:
        with closing(connect_readonly(url)) as connection:
            yield from _watched(connection, int(time.time()))
    except (StoreError, Error):
        return


def _watched(connection: sqlite3.Connection, now: int) -> Iterator[Finding]:
    statuses = app_statuses(connection)
    if not statuses:
        return
    hosts = [line for line in host_lines(connection) if line.state is not State.PAUSED]
    good = {line.host: line.last_good for line in hosts}
    logs = [log for each in statuses for log in log_states(connection, each.app)]
    found = [*_hosts(hosts, now), *_logs(logs, good)]
    if not found:
        read = words.quantity(len(logs), "log")
        yield fine("Watched", f"{words.quantity(len(hosts), 'host')} answered, {read} read")
    yield from found
    yield from _collector(statuses, now)


def _collector(statuses: Sequence[AppStatus], now: int) -> Iterator[Finding]:
    """Does anybody collect?"""
    try:
        from ui.pages.fleet.view import (  # noqa: PLC0415 - a stranger may be named ui
            is_stale,
            known_words,
            newest_collection,
        )
    except ImportError:  # told where packages are looked at
        return
    if all(is_stale(each, now) for each in statuses):
        yield note(
            "Collector",
            f"nothing came home lately: {known_words(newest_collection(statuses), now)}",
            "Open PS Buddy, or run psbuddy collect --watch; --once reads what is new now.",
        )


def _hosts(hosts: Iterable[HostLine], now: int) -> Iterator[Finding]:
    for line in hosts:
        if not line.reason or line.last_try <= line.last_good:
            continue
        reason, advice = _parted(line.reason)
        seen = f"last seen {words.when(line.last_good, now)}" if line.last_good else "never seen"
        todo = advice or _TODO.get(line.failed_at, _ANY_TODO).format(host=line.host)
        missed = as_seen(line, now).state is State.UP
        yield (note if missed else wrong)(f"Host {plain(line.host)}", f"{reason} ({seen})", todo)


def _logs(logs: Iterable[LogState], good: dict[str, int]) -> Iterator[Finding]:
    """`good`: hosts with the time of their last good visit; logs elsewhere are not looked at."""
    for log in logs:
        if log.host not in good:
            continue
        read = log.read_until > 0 and log.read_at >= good[log.host]
        for problem in log.problems:
            reason, advice = _parted(problem)
            what = f"Log {plain(log.app)}/{plain(log.log)} on {plain(log.host)}"
            todo = advice or _LOG_TODO.format(host=plain(log.host))
            yield (note if read else wrong)(what, reason, todo)


def _parted(text: str) -> tuple[str, str]:
    """What happened, and what to do about it."""
    found = _SENTENCES.fullmatch(text.strip())
    return (plain(found[1]), plain(found[2])) if found else (plain(text), "")
