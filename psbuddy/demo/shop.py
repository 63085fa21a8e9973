"""Web shop: an nginx access log with request times and a Spring application behind it.

The story of the demo: a deployment a few hours ago; four minutes later one of three hosts
begins to fail with a cause that was never seen before, and goes on failing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from psbuddy.demo import shop_batch
from psbuddy.demo.mix import Line, durations, kinds_by_status, mixed, numbers, picks
from psbuddy.demo.outages import Outage, quiet, service_records
from psbuddy.demo.records import Drawn, Record
from psbuddy.demo.shape import RETAIL, Rate, Rates, weekly
from psbuddy.demo.sim import LogSim, Millis, Rotation, Stream
from psbuddy.demo.span import Span
from psbuddy.demo.stamps import Stamps, nginx, spring
from psbuddy.demo.traces import Thrown, trace
from psbuddy.model.terms import Level

ZONE = "Europe/London"
HOSTS = ("shop-app-1", "shop-app-2", "shop-app-3")
BAD_HOST = "shop-app-2"
VERSION, BEFORE = "4.18.2", "4.18.1"
STARTED = "Started ShopApplication in 9.8 seconds"
STOPPED = "Stopping ShopApplication: graceful shutdown"
DEPLOYED_AGO = 3 * 3600 + 7 * 60
CAUSE_AFTER = 4 * 60
_ERRORS = 0.055  # a minute and host, on a normal day
_FLOOR = 0.03  # errors a minute and host at the quietest hour
_WORSE = 3.0  # times the normal errors of all hosts, on top of them

_PATHS = (
    ("GET /", 14, 38),
    ("GET /category/shoes", 16, 64),
    ("GET /product/48211", 24, 55),
    ("GET /search?q=boots", 12, 120),
    ("POST /cart/items", 9, 71),
    ("GET /cart", 10, 46),
    ("POST /checkout/address", 4, 88),
    ("POST /checkout/pay", 4, 410),
    ("GET /static/app.css", 7, 3),
)
_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
    "ShopApp/7.2 (iPhone; iOS 19.1)",
)
_PAYMENT = trace(
    Thrown(
        "com.acme.shop.payment.PaymentUnavailableException",
        "payment provider did not answer",
        (
            "com.acme.shop.payment.PaymentClient.charge(PaymentClient.java:131)",
            "com.acme.shop.checkout.CheckoutService.pay(CheckoutService.java:88)",
        ),
    ),
    Thrown(
        "java.net.SocketTimeoutException",
        "Read timed out",
        (
            "java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)",
            "com.acme.shop.payment.PaymentClient.charge(PaymentClient.java:117)",
        ),
    ),
)
_CART = trace(
    Thrown(
        "java.lang.NullPointerException",
        'Cannot invoke "com.acme.shop.cart.Price.amount()" because "price" is null',
        (
            "com.acme.shop.cart.CartMapper.total(CartMapper.java:64)",
            "com.acme.shop.cart.CartService.view(CartService.java:140)",
        ),
    )
)
_SEARCH = trace(
    Thrown(
        "com.acme.shop.search.SearchException",
        "query was not answered",
        ("com.acme.shop.search.SearchGateway.query(SearchGateway.java:52)",),
    ),
    Thrown(
        "org.apache.http.conn.ConnectionPoolTimeoutException",
        "Timeout waiting for connection from pool",
        (
            "org.apache.http.impl.conn.PoolingHttpClientConnectionManager.leaseConnection"
            "(PoolingHttpClientConnectionManager.java:316)",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The rollout of VERSION: one host after the other. UTC seconds."""

    started: int

    @property
    def trouble(self) -> int:
        """When the new cause is first seen."""
        return self.started + CAUSE_AFTER

    def restart_of(self, host: str) -> Outage:
        begin = self.started - 22 + HOSTS.index(host) * 35
        return Outage(begin, begin + 22)


def access_format(rng: Generator, stamps: list[str], times: Millis) -> Drawn:
    """Requests of an ordinary day in nginx's combined format, with the request time at the end."""
    n = times.size
    weights = np.array([weight for _, weight, _ in _PATHS], float)
    path = rng.choice(len(_PATHS), n, p=weights / weights.sum())
    status = rng.choice([200, 304, 302, 404, 499, 500, 502], n,
                        p=[0.902, 0.045, 0.028, 0.018, 0.0035, 0.0022, 0.0013])  # fmt: skip
    medians = np.array([median for _, _, median in _PATHS], float)
    seconds = durations(rng, n, 1.0) * medians[path] / 1000
    requests = [_PATHS[place][0] for place in path.tolist()]
    return _requests(rng, stamps, requests, status, seconds)


def failing_payments(rng: Generator, stamps: list[str], times: Millis) -> Drawn:
    """Payments that time out after ten seconds."""
    n = times.size
    seconds = 10.0 + durations(rng, n, 0.02)
    return _requests(rng, stamps, ["POST /checkout/pay"] * n, np.full(n, 504), seconds)


def _requests(
    rng: Generator,
    stamps: list[str],
    requests: list[str],
    status: NDArray[np.int64],
    seconds: NDArray[np.float64],
) -> Drawn:
    n = len(stamps)
    rows = zip(
        numbers(rng, n, 1, 250),
        numbers(rng, n, 1, 250),
        stamps,
        requests,
        status.tolist(),
        numbers(rng, n, 180, 48_000),
        picks(rng, n, _AGENTS),
        seconds.tolist(),
        strict=True,
    )
    texts = [
        f'10.40.{a}.{b} - - [{stamp}] "{request} HTTP/1.1" {code} {size} "-" "{agent}" {took:.3f}\n'
        for a, b, stamp, request, code, size, agent, took in rows
    ]
    return Drawn(np.zeros(n, np.int8), texts, kinds_by_status(status))


def _line(level: str, thread: int, logger: str, message: str) -> str:
    return f" {level:>5} 4711 --- [nio-8080-exec-{thread}] {logger:<40} : {message}\n"


def _orders(rng: Generator, n: int) -> list[str]:
    rows = zip(
        numbers(rng, n, 1, 40), numbers(rng, n, 10**6, 10**7), numbers(rng, n, 1, 9), strict=True
    )
    logger = "c.a.shop.checkout.CheckoutService"
    return [_line("INFO", t, logger, f"Order S-{o} placed, {k} items") for t, o, k in rows]


def _carts(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 40), numbers(rng, n, 1 << 28, 1 << 32), strict=True)
    logger = "c.a.shop.cart.CartService"
    return [_line("INFO", t, logger, f"Cart {cart:08x} merged after sign-in") for t, cart in rows]


def _stock(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 40), numbers(rng, n, 10_000, 99_999), strict=True)
    logger = "c.a.shop.stock.StockClient"
    return [_line("WARN", t, logger, f"Stock of article {a} is older than 15 min") for t, a in rows]


def _cart_bug(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 40), numbers(rng, n, 1 << 28, 1 << 32), strict=True)
    logger = "c.a.shop.cart.CartController"
    return [_line("ERROR", t, logger, f"Cart {c:08x} cannot be shown") + _CART for t, c in rows]


def _search_bug(rng: Generator, n: int) -> list[str]:
    logger = "c.a.shop.search.SearchController"
    return [
        _line("ERROR", t, logger, "Search failed, an empty page was shown") + _SEARCH
        for t in numbers(rng, n, 1, 40)
    ]


def _payment_bug(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 1, 40), numbers(rng, n, 10**6, 10**7), strict=True)
    logger = "c.a.shop.checkout.CheckoutService"
    return [_line("ERROR", t, logger, f"Payment of order S-{o} failed") + _PAYMENT for t, o in rows]


def _steady(per_minute: float, floor: float) -> Rate:
    """The week of a shop that keeps a floor: customers of other time zones are awake."""
    rate = weekly(RETAIL, ZONE, per_minute)

    def floored(minutes: NDArray[np.int64]) -> Rates:
        return np.maximum(rate(minutes), floor)

    return floored


def _trouble(scale: float) -> Rate:
    """Payments that fail; by night enough of them to be seen."""
    return _steady(_ERRORS * _WORSE * len(HOSTS) * scale, _FLOOR * 3 * len(HOSTS))


def _app_streams(host: str, deployment: Deployment, scale: float) -> tuple[Stream, ...]:
    errors = mixed(Line(3, Level.ERROR, _cart_bug), Line(2, Level.ERROR, _search_bug))
    work = mixed(
        Line(6, Level.INFO, _orders), Line(4, Level.INFO, _carts), Line(0.5, Level.WARNING, _stock)
    )
    streams = (
        Stream(weekly(RETAIL, ZONE, 0.55 * scale), work),
        Stream(_steady(_ERRORS * scale, _FLOOR), errors),
    )
    if host != BAD_HOST:
        return streams
    new = mixed(Line(1, Level.ERROR, _payment_bug))
    return (*streams, Stream(_trouble(scale), new, since=deployment.trouble))


def _access_streams(host: str, deployment: Deployment, scale: float) -> tuple[Stream, ...]:
    streams = (Stream(weekly(RETAIL, ZONE, 2.4 * scale), access_format),)
    if host != BAD_HOST:
        return streams
    return (*streams, Stream(_trouble(scale), failing_payments, since=deployment.trouble))


def shop_logs(span: Span) -> tuple[LogSim, ...]:
    """Logs of the application."""
    deployment = Deployment(span.now - DEPLOYED_AGO)
    past = Outage.days_ago(span.now, ZONE, 20, 3, 5, lasts=26)
    logs = []
    for host in HOSTS:
        restart = deployment.restart_of(host)
        outages = (past, restart) if host == "shop-app-3" else (restart,)
        silent = quiet(outages)
        logs.append(
            LogSim("shop", host, "access", "shop/access.log", nginx(ZONE),
                   _access_streams(host, deployment, span.scale), (), silent,
                   Rotation(every=1200))
        )  # fmt: skip
        logs.append(
            LogSim("shop", host, "app", "shop/app.log", spring(ZONE),
                   _app_streams(host, deployment, span.scale),
                   _script(host, outages, span, deployment), silent)
        )  # fmt: skip
    return tuple(logs)


def _script(
    host: str, outages: tuple[Outage, ...], span: Span, deployment: Deployment
) -> tuple[Record, ...]:
    stamps = spring(ZONE)
    restart = deployment.restart_of(host)
    told = list(service_records(outages, span.since, stamps, _service_line, (STOPPED, STARTED)))
    told += [_version(stamps, outage.up, BEFORE) for outage in outages if outage != restart]
    told.append(_version(stamps, restart.up, VERSION))
    if host == BAD_HOST:
        (text,) = _payment_bug(np.random.default_rng(span.seed), 1)
        first = deployment.trouble * 1000 + 7_412
        told.append(Record(first, Level.ERROR, stamps.one(first) + text))
    if host == shop_batch.HOST:
        told += shop_batch.job_records(span)
    return tuple(sorted(told, key=lambda record: record.time_ms))


def _version(stamps: Stamps, up: int, version: str) -> Record:
    time = up * 1000 - 9_900
    text = _service_line(stamps.one(time), f"Starting shop version {version} using Java 21.0.9")
    return Record(time, Level.INFO, text)


def _service_line(stamp: str, message: str) -> str:
    return (
        f"{stamp}  INFO 4711 --- [           main] {'c.a.shop.ShopApplication':<40} : {message}\n"
    )
