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


def _of(*choices: str) -> Callable[[random.Random], str]:
    return lambda r: r.choice(choices)


def _many(noun: str, most: int = 5_000, plural: str = "") -> Callable[[random.Random], str]:
    """`1 file`, `1,204 files`: the noun follows the number, as people write it."""

    def draw(r: random.Random) -> str:
        number = r.choice([1, r.randint(0, 9), r.randint(0, most)])
        return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

    return draw


def _list(draw: Callable[[random.Random], str], most: int = 5) -> Callable[[random.Random], str]:
    """`a`, `a and b`, `a, b and c`."""

    def several(r: random.Random) -> str:
        names = [draw(r) for _ in range(r.randint(1, most))]
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

    return several


def _name(r: random.Random) -> str:
    """A name nobody has listed: two or three syllables."""
    syllables = ["ka", "lo", "mi", "ren", "sol", "tav", "ber", "dun", "fi", "gar", "hel", "jo"]
    return "".join(r.choice(syllables) for _ in range(r.randint(2, 3)))


def _two(draw: Callable[[random.Random], str], sign: str) -> Callable[[random.Random], str]:
    return lambda r: f"{draw(r)}{sign}{_name(r)}"


def _netspan(r: random.Random) -> str:
    days = r.choice(["", "", f"{r.randint(1, 40)}."])
    return f"{days}{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}" + r.choice(
        ["", f".{r.randint(0, 10**7 - 1):07}"]
    )


def _daytime(r: random.Random) -> str:
    clock = f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}"
    return r.choice(["", f"{r.randint(1, 9)}-"]) + clock


def _span(r: random.Random) -> str:
    return r.choice([
        f"{r.randint(1, 999)}ms", f"{r.uniform(0, 99):.2f}s", f"{r.randint(1, 59)} seconds",
        "1 minute", f"{r.randint(2, 59)} minutes", f"{r.randint(1, 9)}h{r.randint(0, 59)}m",
        f"{r.randint(1, 23)}h {r.randint(1, 59)}m {r.randint(1, 59)}s", f"{r.randint(2, 9)} days",
    ])  # fmt: skip


def _nodelist(r: random.Random) -> str:
    rack = r.choice(["gpu", "cn", "bigmem", "login"])
    return r.choice([
        f"{rack}{r.randint(1, 99):03}", f"{rack}[{r.randint(1, 40):03}-{r.randint(41, 99):03}]",
        f"{rack}[{r.randint(1, 9)},{r.randint(10, 20)}-{r.randint(21, 40)}]",
        f"{rack}{r.randint(1, 99):03},{rack}{r.randint(1, 99):03}",
    ])  # fmt: skip


def _phrase(r: random.Random) -> str:
    words = ["Daily", "Sales", "Quality", "Nordic", "Export", "Summary", "Blue", "Batch", "Monthly"]
    return " ".join(r.choice(words) for _ in range(r.randint(1, 4)))


def _fullname(r: random.Random) -> str:
    first = ["Ana", "Bo", "Chen", "Dora", "Emil", "Fatima", "Goran", "Hana", "Ivo", "Jana"]
    return f"{r.choice(first)} {_name(r).title()}"


def _optional(draw: Callable[[random.Random], str]) -> Callable[[random.Random], str]:
    return lambda r: r.choice(["", draw(r)])


_PERSON = _of("amara", "bjorn", "chidi", "dolores", "eitan", "farah", "gunther", "hideo", "ines",
              "jarek", "kwame", "leila", "mateo", "noor", "oksana", "pavel", "quentin", "rosa")  # fmt: skip
_SYMBOL = _of(
    "VOD.L",
    "BMW.DE",
    "ESZ6",
    "AAPL",
    "TSLA",
    "NESN.S",
    "FGBLZ6",
    "EURUSD",
    "XAU",
    "CLF7",
    "MSFT",
    "SAP",
)


def _fqdn(r: random.Random) -> str:
    first = r.choice(["mail", "mx1", "smtp-out", "a12"])
    return f"{first}.{_name(r)}.{r.choice(['com', 'net', 'de', 'org', 'io'])}"


KINDS |= {
    "small": lambda r: str(r.randint(0, 128)),
    "signed": lambda r: str(r.randint(-5000, 5000)),
    "signedms": lambda r: f"{r.randint(-900, 900):+} ms",
    "signedfloat": lambda r: f"{r.uniform(-40, 900):.{r.randint(0, 2)}f}",
    "sci": lambda r: r.choice([f"{r.uniform(0, 9):.4f}", f"{r.uniform(1, 9):.2e}"]),
    "ratio": lambda r: f"{r.random():.{r.randint(2, 4)}f}",
    "score": lambda r: f"{r.uniform(-2, 12):.1f}",
    "hex2": lambda r: _hex(r, 2), "hex4": lambda r: _hex(r, 4),
    "queueid": lambda r: r.choice([_hex(r, 10).upper(), _hex(r, 11).upper(), "4" + _letters(r, 14)]),
    "fqdn": _fqdn, "relay": lambda r: r.choice(["none", "local", f"{_fqdn(r)}[{_ip(r)}]:25"]),
    "dsn": lambda r: f"{r.choice('245')}.{r.randint(0, 7)}.{r.randint(0, 9)}",
    "smtpreply": lambda r: f"250 2.0.0 Ok: queued as {_hex(r, 10).upper()}",
    "saslclause": _optional(lambda r: f", sasl_method=PLAIN, sasl_username={_PERSON(r)}"),
    "msgid": lambda r: f"{_letters(r, r.randint(12, 30))}@{_fqdn(r)}",
    "dnsbl": _of("zen.spamhaus.org", "bl.spamcop.net", "b.barracudacentral.org"),
    "smtpverb": _of("EHLO", "AUTH", "RCPT", "DATA", "CONNECT", "STARTTLS", "UNKNOWN"),
    "mappath": lambda r: f"/etc/postfix/{r.choice(['virtual', 'access', 'transport', 'aliases'])}" + r.choice(["", ".db"]),
    "cipher": _of("TLS_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ADH-AES256-SHA", "TLS_CHACHA20_POLY1305_SHA256"),
    "shortstamp": lambda r: f"{r.choice(['Nov', 'Dec'])} {r.randint(1, 28):2} {r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}",
    "login": lambda r: r.choice([_PERSON(r), f"{_PERSON(r)}@{_fqdn(r)}", f"{_PERSON(r)}.{_name(r)}"]),
    "mech": _of("PLAIN", "LOGIN", "CRAM-MD5"),
    "session": lambda r: _letters(r, 16) + "/" + _letters(r, 3), "attempts": _many("attempt", 9),
    "folder": _of("INBOX", "Sent", "Trash", "Archive/2026", "Lists/dev", "Junk", "Drafts"),
    "rulename": _phrase, "duration": _span, "messages": _many("message"),
    "queuename": _of("incoming", "active", "deferred", "hold", "corrupt"),
    "virus": lambda r: f"{r.choice(['Win', 'Js', 'Doc'])}.{r.choice(['Trojan', 'Dropper'])}.{_name(r).title()}-{r.randint(1, 9999)}",
    "quotedfile": lambda r: f'"{_name(r)}.{r.choice(["zip", "docm", "exe"])}"',
    "nodelist": _nodelist, "node": lambda r: f"{r.choice(['gpu', 'cn', 'bigmem'])}{r.randint(1, 250):03}",
    "partition": _of("long", "short", "gpu", "interactive", "debug", "bigmem", "preempt"),
    "person": _PERSON, "persons": _list(_PERSON, 4), "daytime": _daytime,
    "sizei": lambda r: f"{r.uniform(0, 900):.1f}{r.choice(['K', 'M', 'G', ' GiB', ' MB', 'MiB', ' kB', ' B'])}",
    "reasonclause": _optional(lambda r: f" due to failure of node cn{r.randint(1, 99)}"),
    "project": lambda r: f"{r.choice(['astro', 'cfd', 'bio', 'lattice'])}-{_name(r)}",
    "jobs": _many("job"), "associations": _many("association"), "records": _many("record", 90_000),
    "resname": lambda r: f"{_name(r)}_{r.choice(['course', 'maint', 'dev'])}",
    "license": _of("matlab", "ansys", "comsol", "abaqus", "fluent"),
    "range": lambda r: f"0-{r.randint(2, 999)}", "tasks": _many("task", 512), "pages": _many("page", 64),
    "nfs": lambda r: f"nfs{r.randint(1, 9)}:/export/{_name(r)}",
    "ost": lambda r: f"scratch-OST{_hex(r, 4)}-osc-{_hex(r, 16)}", "nid": lambda r: f"{_ip(r)}@o2ib{r.randint(0, 3)}",
    "rack": lambda r: f"R{r.randint(1, 40)}", "watts": lambda r: r.choice([f"{r.randint(1, 40)} kW", "unlimited"]),
    "switchname": lambda r: f"{r.choice(['leaf', 'spine'])}{r.randint(1, 40)}", "children": _many("child", 48, "children"),
    "comp": _of("ALPHA", "BROKERX", "HUB1", "CLEARCO", "DESK7", "OMEGA"),
    "symbol": _SYMBOL, "price": lambda r: f"{r.uniform(0.1, 5000):.{r.randint(2, 5)}f}",
    "money": lambda r: r.choice([f"{r.uniform(1, 10**7):,.2f} EUR", f"USD {r.randint(1, 10**8):,}", f"${r.uniform(0, 99):.2f}"]),
    "venueclause": _optional(lambda r: f" on {r.choice(['XLON', 'XETR', 'BATE', 'dark pool'])}"),
    "canceller": _of("client", "exchange", "risk", "system", "trader"),
    "day": lambda r: f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "instruments": _many("instrument"), "account": lambda r: f"{r.choice(['HF', 'RET', 'PROP'])}{r.randint(100, 99999)}",
    "tier": _of("gold", "silver", "bronze", "platinum"), "ccy": _of("EUR", "USD", "JPY", "GBP", "CHF", "NOK", "SEK"),
    "source": _of("reuters", "bloomberg", "ecb", "internal"), "pctsigned": lambda r: f"{r.uniform(-9, 9):+.2f}%",
    "counterparty": lambda r: r.choice(["Bank of Foo", "ACME Capital LLC", "Nordbank AG", "Kestrel Partners", "Ostrava Invest", "Lindqvist & Sons"]),
    "trader": lambda r: f"{_PERSON(r)}", "micros": lambda r: f"{r.uniform(1, 999):.1f}us",
    "feed": _of("EQ-1", "EQ-2", "FUT-A", "OPT-B", "FX"), "packets": _many("packet"), "trades": _many("trade"),
    "books": _many("book"), "millis": lambda r: f"{r.uniform(0, 900):.1f} ms", "poolname": _of("default", "io", "heavy", "compute", "backfill"),
    "imsi": lambda r: f"26201{r.randint(10**9, 10**10 - 1)}", "apn": _of("internet", "ims", "corp.acme", "m2m.telematics"),
    "cellid": lambda r: f"{r.randint(1, 99)}-{r.randint(1, 256)}",
    "enb": lambda r: f"enb-{_name(r)}-{r.randint(1, 99)}", "tacs": _many("TAC", 9),
    "dcmd": _of("CCR-I", "CCR-U", "ULR", "AIR", "RAR"),
    "dsession": lambda r: f"{_fqdn(r)};{r.randint(1, 10**9)};{r.randint(1, 999)}", "bytes": _many("byte", 90_000),
    "callid": lambda r: f"{_hex(r, 16)}@{_ip(r)}", "msisdn": lambda r: f"+49{r.randint(10**9, 10**10)}",
    "clock": lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}",
    "sipuser": lambda r: r.choice([_PERSON(r), str(r.randint(1000, 9999))]), "pctf": lambda r: f"{r.uniform(0, 100):.{r.randint(0, 2)}f}%",
    "codec": _of("PCMA", "G729", "opus", "AMR-WB", "EVS"), "file": lambda r: f"{_name(r)}_{r.randint(1, 99)}.{r.choice(['csv', 'asn1', 'py', 'scala'])}",
    "board": lambda r: f"{r.randint(0, 3)}/{r.randint(0, 15)}", "celsius": lambda r: f"{r.uniform(10, 99):.1f}°C",
    "version": lambda r: r.choice([f"{r.randint(0, 9)}.{r.randint(0, 30)}.{r.randint(0, 9)}", f"v{r.randint(1, 9)}.{r.randint(0, 9)}-rc{r.randint(1, 4)}"]),
    "clockref": _of("gps0", "ptp", "synce1", "ntp"), "nanos": lambda r: f"{r.randint(-900, 900)} ns",
    "procname": _of("cellmgr", "l2sched", "oamd", "snmpd", "gtpd"), "heartbeats": _many("heartbeat", 9),
    "hexdump": lambda r: " ".join(_hex(r, 2) for _ in range(r.randint(8, 32))),
    "param": lambda r: f"{r.choice(['pMax', 'tReordering', 'qRxLevMin', 'maxUe', 'drxCycle'])}", "params": _many("parameter", 40),
    "pvalue": lambda r: r.choice(["on", "off", "auto", str(r.randint(0, 999)), "true", "false", "default"]),
    "users": _many("user", 400), "antenna": lambda r: f"A{r.randint(1, 8)}", "imei": lambda r: str(r.randint(10**14, 10**15)),
    "dag": lambda r: f"{r.choice(['daily', 'hourly', 'ml'])}_{r.choice(_WORDS)}", "task": lambda r: f"{r.choice(['load', 'clean', 'join', 'export'])}_{r.choice(_WORDS)}",
    "rows": _many("row", 10**6), "copies": _many("copy", 9, "copies"),
    "worker": lambda r: f"wrk-{_name(r)}-{r.randint(0, 9)}",
    "table": lambda r: f"{r.choice(['raw', 'stage', 'mart'])}.{r.choice(_WORDS)}", "column": lambda r: f"{r.choice(_WORDS)}_{r.choice(['id', 'ts', 'total'])}",
    "columns": _list(lambda r: f"{r.choice(_WORDS)}_{r.choice(['id', 'ts', 'total'])}"), "sqltype": _of("BIGINT", "VARCHAR(40)", "TIMESTAMP", "DOUBLE", "NUMERIC(10,2)"),
    "partkey": _of("dt", "day", "load_date"), "check": lambda r: r.choice(["not_null", "unique", "row_count", "fk_valid", "range"]),
    "bucket": lambda r: f"{r.choice(['acme', 'prod'])}-{r.choice(_WORDS)}", "key": lambda r: f"{r.choice(_WORDS)}/{r.choice(_WORDS)}/part-{r.randint(0, 99):05}.parquet",
    "bucketurl": lambda r: f"s3://acme-{r.choice(_WORDS)}/{_name(r)}/", "verclause": _optional(lambda r: f" (generation {r.randint(1, 10**12)})"),
    "glob": lambda r: f"{r.choice(_WORDS)}/*.csv", "files": _many("file"), "days": _many("day", 90), "stages": _many("stage", 30),
    "sqlerror": lambda r: r.choice([f'relation "{_name(r)}" does not exist', f'relation "{_name(r)}_{_name(r)}" does not exist']),
    "conn": lambda r: f"{r.choice(['warehouse', 'crm', 'sftp', 'lake'])}_{r.choice(['prod', 'dev', 'ro'])}", "model": lambda r: f"{_name(r)}-{r.choice(['churn', 'price', 'rank'])}",
    "env": _of("staging", "production", "canary", "shadow"), "httpcode": _of("200", "204", "404", "500", "503"),
    "topic": lambda r: f"{r.choice(_WORDS)}.{r.choice(['v1', 'events', 'dlq'])}",
    "group": lambda r: f"{_name(r)}-consumers", "members": _many("member", 40),
    "stagename": _of("collect", "count", "save", "reduceByKey", "parquet"), "times": _many("time", 30),
    "appid": lambda r: f"application_{r.randint(10**12, 10**13)}_{r.randint(0, 9999):04}", "podname": lambda r: f"{r.choice(_WORDS)}-{_hex(r, 10)}-{_letters(r, 5).lower()}",
    "quotedphrase": lambda r: f"'{_phrase(r)}'",
    "mails": _list(lambda r: f"{_PERSON(r)}@{_fqdn(r)}", 3),
    "device": lambda r: f"{r.choice(['pump', 'valve', 'scale', 'robot', 'camera'])}-{_name(r)}", "comport": lambda r: f"COM{r.randint(1, 24)}",
    "rev": lambda r: r.choice("ABCDE"), "volts": lambda r: f"{r.uniform(2, 4):.2f} V", "readings": _many("reading"),
    "sensor": lambda r: f"{r.choice(['TT', 'PT', 'FT', 'LT'])}{r.randint(100, 999)}{r.choice(['', 'A', 'B'])}", "unit": _of("bar", "°C", "l/min", "mm", "%"),
    "netspan": _netspan, "fullname": _fullname, "plc": lambda r: f"{r.choice(['mixing', 'filling', 'packing', 'palletizer', 'boiler', 'washer'])}",
    "tags": _many("tag"), "tag": lambda r: f"Plant.{r.choice(['Mixing', 'Filling', 'Packing'])}.{r.choice(['M', 'V', 'T'])}{r.randint(1, 99)}.{r.choice(['Speed', 'Level', 'State'])}",
    "nsuri": lambda r: f"urn:acme:{_name(r)}:server", "opcid": lambda r: f"ns={r.randint(0, 9)};i={r.randint(1, 9999)}",
    "line": lambda r: f"L{r.randint(1, 9)}", "pieces": _many("piece"), "shiftclause": _optional(lambda r: f" (shift {r.choice(['early', 'late', 'night'])})"),
    "alarmcode": lambda r: f"A-{r.randint(1000, 9999)}",
    "equipment": lambda r: f"{r.choice(['Mixer', 'Filler', 'Oven', 'Conveyor'])} {r.randint(1, 12)}", "door": lambda r: f"{r.choice(['North', 'South', 'Dock'])}-{r.randint(1, 9)}",
    "uncpath": lambda r: f"\\\\{r.choice(['nas', 'prn', 'fs'])}{r.randint(1, 9)}\\{_name(r)}" + r.choice(["", f"\\{_name(r)}.bak"]),
    "service": lambda r: r.choice(["HistorianSvc", "Print Spooler", "AcmeGateway", "Windows Update", "SQL Server (PLANT)"]),
    "assembly": lambda r: f"Acme.{r.choice(['Drivers', 'Core', 'Hmi'])}.{_name(r).title()}, Version={r.randint(1, 9)}.0.0.0", "regkey": lambda r: f"HKLM\\SOFTWARE\\Acme\\{_name(r).title()}",
    "comclass": lambda r: f"Acme.{r.choice(['Scanner', 'Printer', 'Scale'])}",
    "domainuser": lambda r: f"PLANT\\{_PERSON(r)}", "workstation": lambda r: f"WS-{_name(r).upper()}", "samples": _many("sample"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    statement: str
    message: str


def _expanded(line: str) -> list[str]:
    """`now [[UP|DOWN]]` tells two things: a statement for each."""
    before, opening, rest = line.partition("[[")
    if not opening:
        return [line]
    choices, _, after = rest.partition("]]")
    return [each for choice in choices.split("|") for each in _expanded(before + choice + after)]


def _systems(name: str) -> dict[str, tuple[str, ...]]:
    """Statements by system: a name in brackets begins one."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            found[line[1:-1]] = statements = []
        elif line:
            statements += _expanded(line)
    return {name: tuple(each) for name, each in found.items()}


SYSTEMS = _systems("statements.txt")
#: Written after the rules were made, to see what they are worth elsewhere.
UNLIKE = _systems("statements_unlike.txt")


def lines(system: str, count: int, seed: int) -> Iterator[Line]:
    """`count` messages of a system; some statements are common, most are rare."""
    r = random.Random(f"{system}/{seed}")
    statements = (SYSTEMS | UNLIKE)[system]
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
