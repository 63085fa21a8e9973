"""General Ledger: a Java application that posts journals; logback layout, stack traces."""

import numpy as np
from numpy.random import Generator

from psbuddy.demo.mix import Line, durations, mixed, numbers, picks
from psbuddy.demo.outages import Outage, quiet, service_records
from psbuddy.demo.records import FAILED, TRANSACTION, Record
from psbuddy.demo.shape import FLAT, OFFICE, Shape, weekly
from psbuddy.demo.sim import LogSim, Rotation, Stream
from psbuddy.demo.span import Span
from psbuddy.demo.stamps import logback
from psbuddy.demo.traces import Thrown, trace
from psbuddy.model.terms import Level

ZONE = "Europe/London"
HOSTS = ("led-app-1", "led-app-2")
STARTED = "Started LedgerApplication in 14.2 seconds"
STOPPED = "Stopping LedgerApplication: signal TERM"

_POSTING = "c.a.ledger.posting.PostingService"
_LOCK = trace(
    Thrown(
        "org.springframework.dao.CannotAcquireLockException",
        "could not execute statement [ORA-00060: deadlock detected while waiting for resource]",
        (
            "com.acme.ledger.posting.JournalRepository.lockAccount(JournalRepository.java:118)",
            "com.acme.ledger.posting.PostingService.post(PostingService.java:204)",
        ),
    ),
    Thrown(
        "org.hibernate.exception.LockAcquisitionException",
        "could not execute statement",
        (
            "org.hibernate.dialect.OracleDialect.lambda$buildSQLExceptionConversionDelegate$4"
            "(OracleDialect.java:1162)",
        ),
    ),
    Thrown(
        "java.sql.SQLException",
        "ORA-00060: deadlock detected while waiting for resource",
        ("oracle.jdbc.driver.T4CTTIoer11.processError(T4CTTIoer11.java:629)",),
    ),
)
_RATES = trace(
    Thrown(
        "com.acme.ledger.fx.RateNotFoundException",
        "no closing rate for currency pair",
        (
            "com.acme.ledger.fx.RateTable.closing(RateTable.java:77)",
            "com.acme.ledger.fx.Revaluation.revalue(Revaluation.java:142)",
        ),
    )
)


def _line(level: str, thread: int, logger: str, message: str) -> str:
    return f" {level:<5} [http-nio-8080-exec-{thread}] {logger} - {message}\n"


def _posted(rng: Generator, n: int) -> list[str]:
    took = durations(rng, n, 84).astype(int).tolist()
    rows = zip(
        numbers(rng, n, 1, 26),
        numbers(rng, n, 4_000_000, 9_999_999),
        numbers(rng, n, 2, 40),
        took,
        strict=True,
    )
    return [
        _line("INFO", t, _POSTING, f"Posted journal J-{j} lines={k} took {ms} ms")
        for t, j, k, ms in rows
    ]


def _rejected(rng: Generator, n: int) -> list[str]:
    took = durations(rng, n, 31).astype(int).tolist()
    rows = zip(numbers(rng, n, 1, 26), numbers(rng, n, 4_000_000, 9_999_999), took, strict=True)
    return [
        _line("WARN", t, _POSTING, f"Journal J-{j} rejected: period is closed, took {ms} ms")
        for t, j, ms in rows
    ]


def _reports(rng: Generator, n: int) -> list[str]:
    rows = zip(
        numbers(rng, n, 1, 26),
        picks(rng, n, ("trial-balance", "open-items", "cost-centre", "cash-position")),
        numbers(rng, n, 3, 1900),
        strict=True,
    )
    logger = "c.a.ledger.report.ReportController"
    return [_line("INFO", t, logger, f"Report {name} rows={k}") for t, name, k in rows]


def _slow(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 26), numbers(rng, n, 1_050, 4_800), strict=True)
    logger = "c.a.ledger.sql.SlowQueryLog"
    return [_line("WARN", t, logger, f"Slow query on GL_BALANCES: {ms} ms") for t, ms in rows]


def _deadlock(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 26), numbers(rng, n, 4_000_000, 9_999_999), strict=True)
    return [
        _line("ERROR", t, _POSTING, f"Posting of journal J-{j} failed, will be retried") + _LOCK
        for t, j in rows
    ]


def _no_rate(rng: Generator, n: int) -> list[str]:
    rows = zip(
        numbers(rng, n, 1, 26), picks(rng, n, ("GBP/THB", "EUR/CLP", "USD/KZT")), strict=True
    )
    logger = "c.a.ledger.fx.Revaluation"
    return [_line("ERROR", t, logger, f"Revaluation skipped {pair}") + _RATES for t, pair in rows]


def _refreshed(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 4), numbers(rng, n, 900, 1400), strict=True)
    text = " DEBUG [scheduling-{}] c.a.ledger.cache.ChartOfAccounts - Refreshed {} accounts\n"
    return [text.format(t, k) for t, k in rows]


def ledger_streams(scale: float, zone: str = ZONE, shape: Shape = OFFICE) -> tuple[Stream, ...]:
    """What the application writes; `scale` 1 is about one record a minute."""
    work = mixed(
        Line(70, Level.INFO, _posted, TRANSACTION),
        Line(1.2, Level.WARNING, _rejected, FAILED),
        Line(18, Level.INFO, _reports),
        Line(2.5, Level.WARNING, _slow),
    )
    faults = mixed(Line(3, Level.ERROR, _deadlock), Line(1, Level.ERROR, _no_rate))
    return (
        Stream(weekly(shape, zone, 0.95 * scale), work),
        Stream(weekly(shape, zone, 0.018 * scale), faults),
        Stream(weekly(FLAT, zone, 0.08 * scale), mixed(Line(1, Level.DEBUG, _refreshed))),
    )


def ledger_logs(span: Span) -> tuple[LogSim, ...]:
    """Logs of the application."""
    outage = Outage.days_ago(span.now, ZONE, 16, 6, 12, lasts=41)  # a patched server
    logs = []
    for host in HOSTS:
        mine = (outage,) if host == "led-app-2" else ()
        logs.append(
            LogSim(
                "ledger",
                host,
                "app",
                "ledger/app.log",
                logback(ZONE),
                ledger_streams(span.scale),
                _script(host, mine, span),
                quiet(mine),
                Rotation(),
            )
        )
    return tuple(logs)


def _script(host: str, outages: tuple[Outage, ...], span: Span) -> tuple[Record, ...]:
    stamps = logback(ZONE)
    words = (STOPPED, STARTED)
    told = list(service_records(outages, span.since, stamps, _service_line, words))
    if host == HOSTS[0]:  # causes as old as our history are no news, even after a quiet Sunday
        rng = np.random.default_rng(span.seed)
        for seconds, rests in ((420, _deadlock), (960, _no_rate)):
            time = (span.since + seconds) * 1000
            told.append(Record(time, Level.ERROR, stamps.one(time) + rests(rng, 1)[0]))
    return tuple(sorted(told, key=lambda record: record.time_ms))


def _service_line(stamp: str, message: str) -> str:
    return f"{stamp} INFO  [main] c.a.ledger.LedgerApplication - {message}\n"
