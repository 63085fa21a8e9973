"""Log messages with a known truth: statements as software writes them, values drawn by seed.

Each system is a list of statements; `{kind}` draws a value of that kind. Two lines have one
cause when they come from one statement. Written for the tests, from no log of anyone.
"""
# ruff: noqa: E501  (a draw is easier to read in one line)

import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_USERS = [
    "root",
    "admin",
    "oracle",
    "backup",
    "jsmith",
    "m.garcia",
    "postgres",
    "deploy",
    "svc_batch",
    "ubuntu",
    "test",
    "guest",
    "ftp",
    "nagios",
    "kjohnson",
    "w.chen",
    "operator",
    "pi",
    "jenkins",
    "mysql",
    "tomcat",
    "www-data",
    "zabbix",
]
_WORDS = [
    "orders",
    "payments",
    "invoice",
    "customer",
    "shipment",
    "ledger",
    "quote",
    "catalog",
    "basket",
    "search",
    "session",
    "audit",
    "report",
    "refund",
    "stock",
    "price",
    "tax",
    "billing",
    "account",
    "profile",
]
_CLASSES = [
    "OrderService",
    "PaymentGateway",
    "InvoiceWriter",
    "LedgerPoster",
    "TaxEngine",
    "StockReader",
    "PriceFeed",
    "SessionStore",
    "AuditTrail",
    "BasketController",
    "RefundJob",
    "ShipmentPlanner",
]
_PACKAGES = ("com.acme.shop", "org.example.ledger.core", "net.contoso.batch", "io.initech.pricing")
_TLDS = ("com", "net", "org", "de", "fr", "co.uk", "com.br", "nl", "local", "internal")
_FILES = [
    "app.log",
    "data.csv",
    "ledger.dat",
    "input.xml",
    "orders.json",
    "part-00017.parquet",
    "core.dump",
    "run.sh",
]


def _hex(r: random.Random, length: int) -> str:
    return "".join(r.choice("0123456789abcdef") for _ in range(length))


def _ip(r: random.Random) -> str:
    return ".".join(str(r.randint(1, 254)) for _ in range(4))


def _host(r: random.Random) -> str:
    shape = r.randrange(4)
    name = r.choice(["web", "db", "lon-app", "node", "srv", "mx", "proxy"])
    if shape == 0:
        return f"{name}{r.randint(1, 99):02d}"
    if shape == 1:
        return f"{name}-{r.randint(1, 999)}.{r.choice(_WORDS)}.example.{r.choice(_TLDS)}"
    if shape == 2:
        return f"{r.choice(_WORDS)}.{r.choice(_WORDS)}.{r.choice(_TLDS)}"
    return "-".join(_ip(r).split(".")) + f".dsl.{r.choice(_WORDS)}.{r.choice(_TLDS)}"


def _path(r: random.Random) -> str:
    folders = [r.choice(["var", "opt", "data", "srv", "home", "usr"])]
    folders += [r.choice(_WORDS) for _ in range(r.randint(1, 4))]
    return "/" + "/".join(folders) + "/" + r.choice(_FILES)


def _winpath(r: random.Random) -> str:
    folders = [r.choice(_WORDS).title() for _ in range(r.randint(1, 3))]
    return (
        "C:\\" + "\\".join(folders) + "\\" + r.choice(_CLASSES) + r.choice([".dll", ".exe", ".cfg"])
    )


def _letters(r: random.Random, length: int) -> str:
    return "".join(r.choice(string.ascii_letters + string.digits) for _ in range(length))


def _uuid(r: random.Random) -> str:
    return "-".join(_hex(r, n) for n in (8, 4, 4, 4, 12))


def _size(r: random.Random) -> str:
    return r.choice([f"{r.uniform(0, 999):.1f} {u}" for u in ("B", "KB", "MB", "GB")])


def _duration(r: random.Random) -> str:
    return r.choice(
        [
            f"{r.randint(1, 90000)} ms",
            f"{r.uniform(0, 60):.3f} sec",
            f"{r.randint(1, 60)}s",
            "<1 sec",
        ]
    )


def _stamp(r: random.Random) -> str:
    day, clock = (
        f"2026-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
        f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d}",
    )
    return r.choice([f"{day}T{clock}Z", f"{day} {clock}", f"{day} {clock},{r.randint(0, 999):03d}"])


KINDS: dict[str, Callable[[random.Random], str]] = {
    "int": lambda r: str(r.choice([r.randint(0, 9), r.randint(0, 999), r.randint(0, 10**9)])),
    "neg": lambda r: str(r.randint(-(10**18), 10**18)),
    "float": lambda r: f"{r.uniform(-10, 1000):.{r.randint(1, 6)}f}",
    "hex": lambda r: "0x" + _hex(r, r.choice([4, 8, 16])),
    "hex8": lambda r: _hex(r, 8),
    "obj": lambda r: r.choice(_CLASSES) + "@" + _hex(r, r.choice([6, 7, 8])),
    "sha": lambda r: _hex(r, 40),
    "uuid": _uuid,
    "ip": _ip,
    "ipport": lambda r: f"{_ip(r)}:{r.randint(1024, 65535)}",
    "slaship": lambda r: f"/{_ip(r)}:{r.randint(1024, 65535)}",
    "mac": lambda r: ":".join(_hex(r, 2) for _ in range(6)),
    "host": _host,
    "hostport": lambda r: f"{_host(r)}:{r.choice([80, 443, 8080, 5432, 9092])}",
    "user": lambda r: r.choice(_USERS),
    "path": _path,
    "winpath": _winpath,
    "url": lambda r: f"https://{r.choice(_WORDS)}.example.com/{r.choice(_WORDS)}/{r.randint(1, 9999)}?q=a",
    "route": lambda r: f"/api/v1/{r.choice(_WORDS)}/{r.randint(1, 99999)}",
    "mail": lambda r: f"{r.choice(_USERS)}@{r.choice(_WORDS)}.example.{r.choice(_TLDS)}",
    "size": _size,
    "dur": _duration,
    "stamp": _stamp,
    "class": lambda r: f"{r.choice(_PACKAGES)}.{r.choice(_WORDS)}.{r.choice(_CLASSES)}",
    "word": lambda r: r.choice(_WORDS),
    "quoted": lambda r: f"'{r.choice(_WORDS)}_{r.choice(_WORDS)}'",
    "dquoted": lambda r: f'"{r.choice(_WORDS)}_{r.choice(_WORDS)}"',
    "id": lambda r: f"{r.choice(['ORD', 'INV', 'TX'])}-{r.randint(10000, 999999)}",
    "block": lambda r: f"blk_{r.randint(-(10**18), 10**18)}",
    "attempt": lambda r: f"attempt_{r.randint(10**12, 10**13)}_{r.choice('mr')}_{r.randint(0, 99):06d}_0",
    "blocks": lambda r: " ".join(f"blk_{r.randint(1, 10**15)}" for _ in range(r.randint(1, 60))),
    "ints": lambda r: " ".join(str(r.randint(100, 9999)) for _ in range(r.randint(2, 12))),
    "nodes": lambda r: ", ".join(f"node-{r.randint(1, 999)}" for _ in range(r.randint(1, 9))),
    "optsize": lambda r: r.choice(["", " (1.23 KB)", f" ({_size(r)})"]),
    "opthost": lambda r: r.choice(["()", f"({_host(r)})"]),
    "token": lambda r: _letters(r, 24) + "7Qx",
    "bool": lambda r: r.choice(["true", "false"]),
    "pct": lambda r: f"{r.randint(0, 100)}%",
    "eth": lambda r: r.choice(["eth0", "eth1", "ens192", "bond0", "lo"]),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    statement: str
    message: str


def _systems() -> dict[str, tuple[str, ...]]:
    """Statements by system: a name in brackets begins one."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "statements.txt").read_text("utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            found[line[1:-1]] = statements = []
        elif line:
            statements.append(line)
    return {name: tuple(each) for name, each in found.items()}


SYSTEMS = _systems()


def lines(system: str, count: int, seed: int) -> Iterator[Line]:
    """`count` messages of a system; some statements are common, most are rare."""
    r = random.Random(f"{system}/{seed}")
    statements = SYSTEMS[system]
    weights = [1 / (1 + place) ** 1.2 for place in range(len(statements))]
    order = list(statements)
    r.shuffle(order)
    for statement in r.choices(order, weights, k=count):
        values = {name: _Draw(draw, r) for name, draw in KINDS.items()}
        yield Line(statement, statement.format_map(values))


class _Draw:
    """Draws a new value each time it is formatted."""

    def __init__(self, draw: Callable[[random.Random], str], r: random.Random):
        self._draw, self._r = draw, r

    def __format__(self, _spec: str) -> str:
        return self._draw(self._r)
