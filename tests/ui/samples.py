"""Application and host lines as a large company's fleet would give them. Deterministic."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from psbuddy.model.status import AppStatus, HostLine, Visit, VisitDay
from psbuddy.model.terms import State
from ui.engine_events import HostKeyQuestion
from ui.pages.host.view import HostKnown

NOW = 1_795_536_000  # 2026-11-24 16:00 UTC

NAMES = (
    "Accounts payable", "Archive", "Asset register", "Billing", "Card gateway", "Claims",
    "Customer master", "Data warehouse load", "Dispatch", "Document store", "Fraud screening",
    "Fuel cards", "Goods received", "HR self service", "Identity", "Invoice scanning",
    "Loyalty", "Mail relay", "Mainframe bridge", "Master data", "Partner portal", "Payroll",
    "Price engine", "Procurement", "Product catalogue", "Returns", "Rostering", "Sales ledger",
    "Search", "Stock count", "Store replication", "Supplier portal", "Tax engine",
    "Time recording", "Treasury", "Warehouse control",
)  # fmt: skip
OWNERS = ("finance-apps", "shop-team", "supply-chain", "people-systems", "platform")


def status(app: str, name: str, state: State, **changes: object) -> AppStatus:
    """A line with quiet defaults; `changes` replace fields."""
    values: dict[str, object] = {
        "app": app,
        "name": name,
        "owner": "finance-apps",
        "runbook": "https://wiki.example/" + app,
        "state": state,
        "since": NOW - 86_400 * 3,
        "sentence": f"All quiet. {name} works as usual.",
        "headline": "All quiet",
        "errors_per_minute": 0.4,
        "normal_per_minute": 0.4,
        "spark": tuple(float((hour * 7 + len(name) * 3) % 9 + 14) for hour in range(24)),
        "worst_job": "",
        "worst_job_note": "",
        "availability": 1.0,
        "coverage": 1.0,
        "hosts_seen": 2,
        "hosts_total": 2,
        "last_collection": NOW - 12,
        "interval": 60,
        "as_of": NOW - 12,
    }
    return AppStatus(**(values | changes))


def loud() -> tuple[AppStatus, ...]:
    """The four lines of the wireframe."""
    quiet = tuple(float(3 + hour % 4) for hour in range(23))
    return (
        status(
            "ledger",
            "General Ledger",
            State.DOWN,
            since=NOW - 16 * 3600 - 29 * 60,
            headline="Month close for 2026-11 was started twice",
            sentence="Month close for 2026-11 was started twice (22:04 and 23:31, second by hand, "
            "no restart parameters). The first had finished with 48,211 records. "
            "Rerun policy: never.",
            spark=(*quiet, 5.0),
            availability=0.9998,
            worst_job="month-close",
            worst_job_note="twice",
        ),
        status(
            "shop",
            "Web shop",
            State.DOWN,
            owner="shop-team",
            since=NOW - 6 * 3600 - 9 * 60,
            headline="Errors 3.2 times normal, new cause “SocketTimeout in PaymentClient.charge”",
            sentence="Errors 3.2 times normal since 09:51. New cause “SocketTimeout in "
            "PaymentClient.charge” makes up 78 %, only on shop-app-2.",
            errors_per_minute=12.8,
            normal_per_minute=4.0,
            spark=(
                *(float(200 + hour * 7 % 60) for hour in range(17)),
                *(610.0, 720.0, 810.0, 690.0, 770.0, 780.0, 765.0),
            ),
            availability=0.9971,
        ),
        status(
            "queue",
            "Order queue",
            State.WATCH,
            owner="supply-chain",
            since=NOW - 20 * 60,
            headline="Import orders runs 12 min longer than usual, should end 16:25",
            sentence="Import orders runs 12 min longer than usual, should end 16:25. It has read "
            "8,912 of about 11,400 orders; the deadline is 17:00. No error so far.",
            worst_job="import-orders",
            worst_job_note="12 min over",
        ),
        status(
            "merch",
            "Merchandising",
            State.UNKNOWN,
            owner="supply-chain",
            since=NOW - 13 * 3600 - 50 * 60,
            headline="Not seen: bastion-1 does not answer",
            sentence="Not seen: bastion-1 does not answer, so 2 hosts cannot be seen. "
            "Nothing says they are down.",
            errors_per_minute=None,
            normal_per_minute=None,
            spark=(*(float(2 + h % 3) for h in range(10)), *([None] * 14)),
            availability=None,
            coverage=0.42,
            hosts_seen=0,
            last_collection=NOW - 13 * 3600 - 50 * 60,
        ),
    )


def fleet(size: int = 40) -> tuple[AppStatus, ...]:
    """The loud four and quiet ones up to `size`."""
    quiet = (
        status(
            f"app-{number}",
            NAMES[number % len(NAMES)] + (f" {number // len(NAMES) + 1}" if number >= 36 else ""),
            State.UP,
            owner=OWNERS[number % len(OWNERS)],
            errors_per_minute=(0.01, 0.4, 0.5, 0.0)[number % 4],
            headline=("All quiet", "All quiet. 14 jobs finished last night")[number % 3 == 1],
            last_collection=NOW - 12 - number % 40,
        )
        for number in range(max(size - 4, 0))
    )
    return (*loud(), *quiet)[:size]


def hosts(seen: int = 38, total: int = 40) -> tuple[HostLine, ...]:
    return tuple(
        HostLine(
            host=f"led-app-{number}",
            state=State.UP if number < seen else State.UNKNOWN,
            since=NOW - 3600,
            reason="" if number < seen else "bastion-1 does not answer",
            last_good=NOW - 12 if number < seen else NOW - 50_000,
            last_try=NOW - 12,
            transport="ssh",
        )
        for number in range(total)
    )


def every_host() -> tuple[HostLine, ...]:
    """Seen, missed once, silent, and one that left the catalogue."""
    seen, missed, silent, left = hosts(3, 4)
    missed = replace(
        missed, state=State.UNKNOWN, last_good=NOW - 72, last_try=NOW - 12, failures=1,
        failed_at="tcp", reason="led-app-1 did not answer on port 22 within 10 s.",
    )  # fmt: skip
    silent = replace(
        silent, state=State.UNKNOWN, since=NOW - 50_000, last_good=NOW - 50_000, failures=2,
        failed_at="tcp", reason="bastion-1 does not answer.",
    )  # fmt: skip
    reason = "No application of the catalogue names it any more; what was seen of it stays."
    return seen, missed, silent, replace(left, state=State.PAUSED, reason=reason)


def found() -> dict[str, Any]:
    """What a host says of its logs, in its own order."""
    app = {"info": 402, "warning": 21, "error": 9}
    logs = [
        _found("/opt/ledger/logs/ledger-app.log", 48_211_904, "logback", 432, app, unparsed=3),
        _found("/opt/ledger/logs/batch.log", 1_910_220, "logback", 88, {"info": 86, "error": 2}),
        _found("/var/log/nginx/access.log", 318_220_113, "combined", 511, {}, transactions=511),
        _found("/opt/ledger/logs/console.out", 9_120_400, "none", 0, {}),
        _found("/var/log/audit/audit.log", 7_110_200, "", 0, {}, readable=False),
        _found("/var/log/ledger/import.log", 220_118, "logback", 140, {"info": 140}, False),
        _found("/var/log/unattended-upgrades/unattended-upgrades.log", 12_004, "python",
               31, {"info": 31}, False),
    ]  # fmt: skip
    return {"event": "answer", "host": "led-app-1", "logs": logs}


def _found(
    path: str,
    size: int,
    form: str,
    records: int,
    levels: dict[str, int],
    growing: bool = True,
    **more: Any,
) -> dict[str, Any]:
    sample = [
        f"2026-11-24 15:59:{second:02d},{second * 7:03d} INFO  [main] c.e.ledger.Posting - "
        f"batch 4711 posted {second * 12} records"
        for second in range(8, 54, 9)
    ]
    return {
        "path": path, "size": size, "growing": growing, "format": form, "records": records,
        "levels": levels, "sample": sample, "unparsed_lines": more.get("unparsed", 0),
        "transactions": more.get("transactions", 0), "readable": more.get("readable", True),
    }  # fmt: skip


def visits() -> tuple[Visit, ...]:
    """Three hours of one host: a visit a minute, one that failed."""
    return tuple(visit(number, failed=number == 7) for number in range(180))


def known() -> HostKnown:
    """What the store says of that host."""
    days = tuple(
        VisitDay(
            day=f"2026-11-{24 - number:02}",
            visits=1440 - (number == 0) * 480,
            failed=(1, 0, 0, 12)[number % 4],
            logins=(1, 2, 0, 13)[number % 4],
            bytes_read=288_000_000 + number * 9_100_000,
            bytes_received=5_100_000 + number * 41_000,
            cpu_seconds=31.4 + number,
            memory_bytes=14_200_000,
            start_seconds=0.31,
        )
        for number in range(14)
    )
    notes = ("Options of ssh_config without effect here: Ciphers aes256-ctr; Compression yes.",)
    return HostKnown(visits(), days, notes, ("/opt/ledger/logs/ledger-app.log",))


def visit(number: int, *, failed: bool = False) -> Visit:
    """The visit `number` minutes before the newest one."""
    return Visit(
        host="led-app-0",
        started=NOW - 12 - number * 60,
        seconds=10.0 if failed else 0.31 + number % 7 * 0.04,
        stage="tcp" if failed else "done",
        outcome="failed" if failed else "ok",
        detail="No answer on port 22 within 10 s." if failed else "",
        bytes_read=0 if failed else 180_000 + number * 911 % 70_000,
        bytes_sent=900,
        bytes_received=0 if failed else 3_100 + number * 37 % 900,
        cpu_seconds=None if failed else 0.02 + number % 5 * 0.004,
        memory_bytes=None if failed else 14_200_000,
        transport="ssh",
        program="" if failed else "3f9c" * 16,
        connected=0 if failed else NOW - 12 - (6 if number < 7 else 700) * 60,
        logins=int(number == 6),
        login_seconds=0.24 if number == 6 else None,
        start_seconds=0.31 if number == 6 else None,
    )


def shifted(statuses: Iterable[AppStatus], now: int) -> tuple[AppStatus, ...]:
    """The same lines as if NOW were `now`."""
    by = now - NOW
    return tuple(
        replace(
            each,
            since=each.since + by,
            last_collection=each.last_collection + by,
            as_of=each.as_of + by,
        )
        for each in statuses
    )


def key_question(**changes: object) -> HostKeyQuestion:
    """What the window is asked about a key nobody has seen; `changes` are its fields."""
    values: dict[str, object] = {
        "host": "led-app-1",
        "address": "10.0.0.5",
        "key_type": "ssh-ed25519",
        "fingerprint": "SHA256:new",
        "changed": False,
        "known": "",
        "detail": "",
    }
    return HostKeyQuestion(**(values | changes))
