"""Seeded logs for the benchmarks, each with its truth: what any scan of it has to count."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psbuddy.model.latency import bucket_of

START = datetime(2026, 11, 1, tzinfo=UTC)
LEVELS = ["INFO"] * 650 + ["DEBUG"] * 295 + ["WARN"] * 30 + ["ERROR"] * 25
NUMBER = {"DEBUG": 2, "INFO": 3, "WARN": 4, "ERROR": 5}
_LOGGERS = (
    *("com.example.shop.order.OrderService", "com.example.shop.pay.PaymentGateway"),
    *("com.example.shop.stock.StockReservation", "c.e.shop.web.CartController"),
    "org.springframework.web.servlet.DispatcherServlet",
)
_SAID = (
    "Order {n} of customer {m} accepted, {k} positions, total {k}{m}.90 EUR",
    "took {t} ms: POST /orders for customer {m} answered with 201 after {k} attempts",
    "Reservation {n} confirmed by warehouse {k}; retries=0, last state was ERROR, now FINE",
    "Cart of session {m} updated with article {n}: quantity {k}, no errors, no warnings",
    "Completed initialization of request {n} in thread pool with {k} of 200 workers busy",
)
_WARNED = (
    "Payment provider answered slowly for order {n}: {t} ms of at most 900",
    "Stock of article {m} below its minimum in warehouse {k}",
    "Retry {k} of 5 for reservation {n}: connection reset by peer",
    "Pool of connections nearly exhausted: {m} of 1000 in use",
)
_TRACES = (
    "com.example.shop.OrderException: order {n} could not be stored\n"
    "\tat com.example.shop.order.OrderService.place(OrderService.java:217)\n"
    "\tat com.example.shop.web.CartController.checkout(CartController.java:88)\n"
    "\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:897)\n"
    "\tat java.base/java.lang.Thread.run(Thread.java:840)\n"
    "Caused by: java.sql.SQLTransientConnectionException: ERROR no connection within {t} ms\n"
    "\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:197)\n"
    "\tat com.example.shop.order.OrderDao.save(OrderDao.java:61)\n\t... 41 more\n",
    "java.lang.NullPointerException: customer {m}\n"
    "\tat com.example.shop.pay.PaymentGateway.charge(PaymentGateway.java:140)\n"
    "\tat com.example.shop.order.OrderService.place(OrderService.java:230)\n"
    "\tat java.base/java.lang.Thread.run(Thread.java:840)\n",
    "java.net.SocketTimeoutException: Read timed out after {t} ms\n"
    "\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)\n"
    "\tat com.example.shop.stock.StockReservation.call(StockReservation.java:93)\n"
    "ERROR is the state of the reservation\n",
)
Head = Callable[[datetime, int, str, str], str]


@dataclass
class Truth:
    """What is in a log."""

    levels: Counter[tuple[int, int]] = field(default_factory=Counter)  # (minute, level)
    roots: Counter[str] = field(default_factory=Counter)  # root exception of errors
    requests: Counter[int] = field(default_factory=Counter)  # minute
    failed: Counter[int] = field(default_factory=Counter)
    buckets: Counter[tuple[int, int]] = field(default_factory=Counter)  # (minute, bucket)


def _log4j(moment: datetime, n: int, level: str, logger: str) -> str:
    stamp = f"{moment:%Y-%m-%d %H:%M:%S},{moment.microsecond // 1000:03d}"
    return f"{stamp} {level:5} [http-nio-8080-exec-{n % 40}] {logger} - "


def _logback(moment: datetime, n: int, level: str, logger: str) -> str:
    stamp = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}"
    return f"{stamp} [http-nio-8080-exec-{n % 40}] {level:5} {logger} - "


def application(path: Path, megabytes: float, head: Head, seed: int = 7) -> Truth:
    """A Java application's log: 5.5 % warnings and errors, stack traces, durations in one text."""
    rng, truth, written, n = random.Random(seed), Truth(), 0, 0
    clock = START
    with path.open("w") as out:
        while written < megabytes * 1e6:
            n += 1
            clock += timedelta(milliseconds=rng.randrange(1, 60))
            level, kind = rng.choice(LEVELS), rng.randrange(5)
            values = {"n": n, "m": n % 997, "k": n % 7 + 1, "t": n * 7919 % 1900}
            minute = int(clock.timestamp()) // 60 * 60
            truth.levels[minute, NUMBER[level]] += 1
            text = _text(level, kind, values, minute, truth)
            written += out.write(head(clock, n, level, _LOGGERS[kind]) + text)
    return truth


def _text(level: str, kind: int, values: dict[str, int], minute: int, truth: Truth) -> str:
    if level == "WARN":
        return _WARNED[kind % 4].format(**values) + "\n"
    if level == "ERROR":
        trace = _TRACES[kind % 3]
        caused = [line for line in trace.splitlines() if line.startswith("Caused by: ")]
        root = (caused[-1][11:] if caused else trace).split(":")[0]
        truth.roots[root] += 1
        return "Request failed for customer {m}\n".format(**values) + trace.format(**values)
    if kind == 1:
        truth.requests[minute] += 1
        truth.buckets[minute, bucket_of(values["t"])] += 1
    return _SAID[kind].format(**values) + "\n"


def log4j(path: Path, megabytes: float, seed: int = 7) -> Truth:
    """Level right behind the stamp."""
    return application(path, megabytes, _log4j, seed)


def logback(path: Path, megabytes: float, seed: int = 7) -> Truth:
    """Level behind the thread's name."""
    return application(path, megabytes, _logback, seed)


_PATHS = (
    *("/", "/static/app.js", "/static/site.css", "/cart", "/orders", "/api/v1/customers/{m}"),
    *("/orders/{n}", "/orders/{n}/items/{k}", "/api/v2/stock/{m}?warehouse={k}", "/search?q={m}"),
)
_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
    "curl/8.5.0",
)
_STATUS = (200, 200, 200, 201, 200, 304, 200, 302, 200, 404, 200, 200, 503)


def access(path: Path, megabytes: float, seed: int = 7) -> Truth:
    """Combined format with the request time behind it."""
    rng, truth, written, n = random.Random(seed), Truth(), 0, 0
    clock = START
    with path.open("w") as out:
        while written < megabytes * 1e6:
            n += 1
            clock += timedelta(milliseconds=rng.randrange(1, 30))
            status, took = _STATUS[n % 13], int(rng.lognormvariate(4, 1))
            minute = int(clock.timestamp()) // 60 * 60
            truth.requests[minute] += 1
            truth.failed[minute] += status >= 500
            truth.buckets[minute, bucket_of(took)] += 1
            truth.levels[minute, 0] += 1
            target = _PATHS[n * 31 % 10].format(n=n, m=n % 997, k=n % 7)
            written += out.write(
                f"10.{n % 3}.{n % 200}.{n % 250} - - [{clock:%d/%b/%Y:%H:%M:%S} +0000] "
                f'"{"POST" if n % 9 == 0 else "GET"} {target} HTTP/1.1" {status} {n * 37 % 9000} '
                f'"https://shop.example.com/" "{_AGENTS[n % 3]}" {took / 1000:.3f}\n'
            )
    return truth


def syslog(path: Path, megabytes: float, seed: int = 7) -> Truth:
    """RFC 3164, without levels."""

    def record(moment: datetime, n: int) -> str:
        return (
            f"{moment:%b %d %H:%M:%S} host1 stockd[{n % 9000}]: shelf {n} counted in {n % 900} ms, "
            f"{n % 70} articles moved, ERROR count 0\n"
        )

    return _plain(path, megabytes, seed, record)


def _plain(path: Path, size: float, seed: int, record: Callable[[datetime, int], str]) -> Truth:
    rng, truth, written, n = random.Random(seed), Truth(), 0, 0
    clock = START
    with path.open("w") as out:
        while written < size * 1e6:
            n += 1
            clock += timedelta(milliseconds=rng.randrange(1, 60))
            truth.levels[int(clock.timestamp()) // 60 * 60, 0] += 1
            written += out.write(record(clock, n))
    return truth


def json_lines(path: Path, megabytes: float, seed: int = 7) -> Truth:
    """One object per line, with a duration."""
    rng, truth, written, n = random.Random(seed), Truth(), 0, 0
    clock = START
    with path.open("w") as out:
        while written < megabytes * 1e6:
            n += 1
            clock += timedelta(milliseconds=rng.randrange(1, 60))
            level, took = rng.choice(LEVELS), n * 7919 % 1900
            minute = int(clock.timestamp()) // 60 * 60
            truth.levels[minute, NUMBER[level]] += 1
            truth.requests[minute] += 1
            truth.failed[minute] += level == "ERROR"
            truth.buckets[minute, bucket_of(took)] += 1
            stamp = f"{clock:%Y-%m-%dT%H:%M:%S}.{clock.microsecond // 1000:03d}Z"
            written += out.write(
                f'{{"time":"{stamp}","level":"{level}","logger":"{_LOGGERS[n % 5]}",'
                f'"msg":"Order {n} of customer {n % 997} handled","duration_ms":{took}}}\n'
            )
    return truth


MAKERS: dict[str, Callable[[Path, float], Truth]] = {
    "log4j": log4j,
    "logback": logback,
    "syslog": syslog,
    "access": access,
    "json": json_lines,
}


def truths(name: str) -> Iterator[str]:
    """What is checked of a log."""
    yield "levels"
    if name in ("log4j", "logback"):
        yield "roots"
    if name != "syslog":
        yield from ("requests", "buckets")


_TRAPS = (
    "ERROR is only a line of text",
    "WARN: this too",
    "  2026-11-01 00:00:00,000 ERROR indented",
    "",
    "2026-11-01 is only a date",
    "\tat com.example.A.b(A.java:1)",
    "x" * 60_000,
)


def awkward(path: Path, records: int, seed: int) -> Truth:
    """What breaks naive scanners: steps back in time, level words in texts, ERROR in front of
    continuation lines, lines of 60 KB, bytes that are no UTF-8, CRLF."""
    rng, truth = random.Random(seed), Truth()
    ending = rng.choice((b"\n", b"\r\n"))
    clock = START
    with path.open("wb") as out:
        for n in range(records):
            clock += timedelta(milliseconds=rng.choice((1, 400, 9000)))
            late = timedelta(seconds=rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 65)))
            moment, level = clock - late, rng.choice(LEVELS[-400:])
            minute = int(moment.timestamp()) // 60 * 60
            truth.levels[minute, NUMBER[level]] += 1
            values = {"n": n, "m": n % 997, "k": n % 7, "t": n}
            text = rng.choice(_SAID).format(**values).encode() + rng.choice(
                (b"", b" \xff\xe9 \x80")
            )
            if level == "ERROR":
                root = rng.choice(("a.b.FirstException", "a.b.SecondException"))
                truth.roots[root] += 1
                text += (
                    b"\n" + root.encode() + b": %d\n\tat com.example.A.b(A.java:%d)" % (n, n % 9)
                )
            elif rng.random() < 0.1:
                text += b"\n" + rng.choice(_TRAPS).encode()
            head = _log4j(moment, n, level, _LOGGERS[n % 5]).encode()
            out.write((head + text + b"\n").replace(b"\n", ending))
    return truth
