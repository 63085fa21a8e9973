"""Logs of systems unlike each other, with a known truth: statements, values and heads by seed.

`strangers_dev.txt` are systems that rules may be tuned on, `strangers_held.txt` are looked at only
to see what the rules are worth. A statement begins with its level's letter; the system's head says
how that is written. In a statement `{kind}` draws a value, `{a|b}` one of several texts that are
one statement, `[[a|b]]` is a statement for each (so people label states and reasons in words),
`{?text}` is there or not, `{*kind}` is a list, `{n:1-9}` a number. Written for the tests, from no
log of anyone.
"""
# ruff: noqa: E501  (a draw is easier to read in one line)

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.grouping_corpus import KINDS

Head = Callable[[datetime, str, random.Random], str]
Draw = Callable[[random.Random], str]

_SYLLABLES = ("ba", "chi", "dor", "el", "fen", "gru", "hul", "iva", "jes", "kor", "lin", "mu", "nox",
              "ole", "pra", "que", "rim", "sta", "tou", "urs", "vek", "wyn", "xan", "yor", "zed")  # fmt: skip


def _hex(count: int) -> Draw:
    return lambda r: f"{r.getrandbits(4 * count):0{count}x}"


def _name(r: random.Random) -> str:
    return "".join(r.choice(_SYLLABLES) for _ in range(r.randint(2, 3)))


def _humps(r: random.Random) -> str:
    return r.choice(("phone", "nick", "image", "birth")) + r.choice(("Number", "Name", "Data"))


def _host(r: random.Random) -> str:
    return r.choice((
        f"{_name(r)}{r.randint(1, 99)}", f"{_name(r)}-{r.choice('abc')}{r.randint(1, 9)}",
        f"{_name(r)}.{_name(r)}.{r.choice(('com', 'net', 'org', 'local'))}",
    ))  # fmt: skip


def _ip6(r: random.Random) -> str:
    return r.choice((
        f"fe80::{_hex(4)(r)}:{_hex(4)(r)}:fe{_hex(2)(r)}:{_hex(4)(r)}", f"2001:db8::{_hex(3)(r)}",
        f"2a00:{_hex(4)(r)}:{_hex(2)(r)}::{r.randint(1, 9)}", "::1",
    ))  # fmt: skip


def _zone(r: random.Random) -> str:
    return f"{_name(r)}.{r.choice(('com', 'de', 'example', 'io', 'co.uk', 'internal'))}"


def _sql(r: random.Random) -> str:
    table = r.choice(("orders", "ledger", "stock_item", "session"))
    return r.choice((
        f"SELECT * FROM {table} WHERE id = {r.randint(1, 9999)}",
        f"UPDATE {table} SET {_name(r)} = '{_name(r)}' WHERE {_name(r)} > now()",
        f"INSERT INTO {table} ({_name(r)}, {_name(r)}) VALUES ($1, $2)", "COMMIT", "BEGIN",
        f"DELETE FROM {table} WHERE {_name(r)} IN (SELECT {_name(r)} FROM {table})",
    ))  # fmt: skip


def _free(r: random.Random) -> str:
    words = ("please", "call", "back", "about", "the", "late", "parcel", "Not", "as", "described",
             "rack", "door", "moved", "twice", "spare", "check", "noise", "again", "client")  # fmt: skip
    return " ".join(r.choice(words) for _ in range(r.randint(1, 6)))


def _chat(r: random.Random) -> str:
    words = ("gg", "lol", "anyone", "up", "for", "a", "raid", "no", "wait", "brb", "that", "lag",
             "is", "bad", "nice", "base", "where", "r", "u", "wood", "diamonds", "plz")  # fmt: skip
    return " ".join(r.choice(words) for _ in range(r.randint(1, 9))) + r.choice(
        ("", "!", "?", " :)")
    )


def _reasons(r: random.Random) -> str:
    every = (
        "Insufficient cpu", "Insufficient memory", "node(s) had untolerated taint {dedicated: gpu}",
        "node(s) didn't match Pod's node affinity/selector", "Too many pods",
    )  # fmt: skip
    picked = r.sample(every, r.randint(1, 3))
    return ", ".join(f"{r.randint(1, 9)} {each}" for each in picked)


def _gamer(r: random.Random) -> str:
    return r.choice((
        _name(r).title(), f"xX{_name(r)}Xx", f"{_name(r)}{r.randint(1, 2010)}",
        f"{_name(r).title()}_{_name(r)}", f"The{_name(r).title()}", _name(r),
    ))  # fmt: skip


def _image(r: random.Random) -> str:
    tag = r.choice(("latest", f"v{r.randint(1, 9)}.{r.randint(0, 40)}.0", _hex(8)(r)))
    return r.choice(("registry.local/", "ghcr.io/", "")) + f"{_name(r)}/{_name(r)}:{tag}"


def _user(r: random.Random) -> str:
    return r.choice(("root", "admin", _name(r), _name(r), f"{_name(r)}.{_name(r)}", f"svc_{_name(r)}",
                     f"{_name(r)[0]}{_name(r)}{r.randint(1, 9)}"))  # fmt: skip


def _fullname(r: random.Random) -> str:
    return r.choice((f"{_name(r).title()} {_name(r).title()}", f"{_name(r).title()} de {_name(r).title()}",
                     f"{_name(r).title()} {r.choice('ABC')}. {_name(r).title()}"))  # fmt: skip


def _money(r: random.Random) -> str:
    code = r.choice(("EUR", "USD", "GBP", "JPY", "SEK"))
    return r.choice((f"{code} {r.uniform(1, 99999):,.2f}", f"{r.uniform(1, 999):.2f} {code}"))


def _upper(length: int) -> Draw:
    return lambda r: "".join(r.choice("ABCDEFGHKLMNPRSTUVX") for _ in range(length))


def _job(r: random.Random) -> str:
    return r.choice((f"{_upper(4)(r)}{r.randint(1, 9999):04}", _upper(6)(r), f"{_upper(5)(r)}D"))


def _of(*choices: str) -> Draw:
    return lambda r: r.choice(choices)


def _date(r: random.Random) -> str:
    return f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}"


_OWN: dict[str, Draw] = {
    **{f"x{count}": _hex(count) for count in (2, 3, 4, 6, 8, 12, 16, 24, 64)},
    "name": _name, "host": _host, "ip6": _ip6, "user": _user, "fullname": _fullname, "free": _free,
    "free1": lambda r: r.choice(("TXTT", "IN1", "AAA", "foo")), "chat": _chat, "sql": _sql,
    "clock": lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}",
    "date": _date, "mon": _of("Nov", "Dec", "Jan"), "month": _of("NOVEMBER", "DECEMBER", "MAY"),
    "weekday": _of("MONDAY", "TUESDAY", "FRIDAY"), "hexup": lambda r: _hex(16)(r).upper(),
    "dotmac": lambda r: f"{_hex(4)(r)}.{_hex(4)(r)}.{_hex(4)(r)}",
    "iface": lambda r: r.choice(("GigabitEthernet", "TenGigabitEthernet", "Vlan", "Port-channel"))
    + r.choice((f"{r.randint(1, 9)}/0/{r.randint(1, 48)}", str(r.randint(1, 400)))),
    "siface": lambda r: f"{r.choice(('Gi', 'Te', 'Po', 'Fa'))}{r.randint(1, 9)}/{r.randint(0, 48)}",
    "switchy": lambda r: f"{_name(r)}-sw{r.randint(1, 9)}(FOC{_upper(4)(r)})", "image": _image,
    "hexname": lambda r: f"{r.choice(('Band', 'Watch'))}-{_hex(3)(r).upper()}", "humps": _humps,
    "pkg": lambda r: f"com.{_name(r)}.{_name(r)}", "money2": _money,
    "upath": lambda r: f"/Users/{_name(r)}/Library/{r.choice(('Caches', 'Application Support'))}/{_name(r)}",
    "branch": lambda r: r.choice(("main", "develop", f"feature/{_name(r)}-{_name(r)}", f"fix-{_name(r)}")),
    "artifactpath": lambda r: f"{r.choice(('build', 'target', 'dist'))}/{r.choice(('*.xml', 'reports', 'app.jar'))}",
    "restdocker": lambda r: r.choice(("apt-get update", ". /app", f"PORT={r.randint(80, 9999)}", "/srv")),
    "npmpkg": lambda r: r.choice((_name(r), f"@{_name(r)}/{_name(r)}", f"{_name(r)}-{_name(r)}")),
    "ver": lambda r: f"{r.randint(0, 9)}.{r.randint(0, 40)}.{r.randint(0, 9)}",
    "artifacthost": lambda r: f"https://repo.{_name(r)}.org", "crate": lambda r: f"{_name(r)}-{_name(r)}",
    "urlpath": lambda r: "/" + "/".join(_name(r) for _ in range(r.randint(1, 3))),
    "testname": lambda r: f"{r.choice(('should', 'test'))}{_name(r).title()}",
    "testfile": lambda r: f"src/{_name(r)}/{_name(r)}.test.ts",
    "testphrase": lambda r: f"{r.choice(('parses', 'rejects', 'keeps', 'sorts'))} {r.choice(('empty', 'long', 'bad'))} {_name(r)}s",
    "repo": lambda r: f"{_name(r)}/{_name(r)}", "agent": lambda r: f"agent-{_name(r)}",
    "table": lambda r: r.choice((_name(r), f"{_name(r)}_{_name(r)}")),
    "column": lambda r: r.choice(("id", f"{_name(r)}_at", _name(r))), "slot": lambda r: f"slot_{_name(r)}",
    "param": _of("work_mem", "shared_buffers", "statement_timeout", "max_connections", "log_lock_waits"),
    "float": lambda r: f"{r.uniform(0, 999):.{r.randint(1, 3)}f}", "ok": lambda r: f"{r.randint(0, 31)}/{r.randint(0, 31)}",
    "float4": lambda r: f"{r.uniform(0, 200):.4f}", "dll": lambda r: f"{_name(r)}.{r.choice(('dll', 'sys', 'mui', 'exe'))}",
    "asm": lambda r: f"Microsoft-Windows-{_name(r).title()}{r.choice(('', '-Driver', '-Core'))}",
    "winver": lambda r: f"{r.choice('610')}.{r.randint(0, 3)}.{r.randint(7600, 19041)}.{r.randint(1, 9999)}",
    "kbpkg": lambda r: f"Package_{r.choice(('', f'{r.randint(1, 99)}_'))}for_KB{r.randint(2000000, 5000000)}~31bf3856ad364e35~amd64~~{r.randint(6, 10)}.{r.randint(0, 3)}.1.{r.randint(0, 9)}",
    "rg": lambda r: f"/aggr{r.randint(0, 9)}/plex0/rg{r.randint(0, 9)}", "disk": lambda r: f"{r.randint(0, 9)}{r.choice('abcd')}.{r.randint(0, 99)}.{r.randint(0, 23)}",
    "vendor": _of("NETSTOR", "SEAGATE", "HITACHI"), "model": lambda r: f"X{r.randint(100, 999)}_{_upper(5)(r)}",
    "fw": lambda r: f"NA{r.randint(10, 99)}", "snapname": lambda r: r.choice((f"hourly.{r.randint(0, 9)}", f"nightly.{_date(r)}", f"before_{_name(r)}")),
    "vol": lambda r: f"vol_{_name(r)}", "tld": _of("com", "org", "de"), "filer": lambda r: f"{_name(r)}-{r.choice('ab')}",
    "lunpath": lambda r: f"/vol/{_name(r)}/lun{r.randint(0, 9)}", "domuser": lambda r: f"{_upper(4)(r)}\\{_name(r)}", "pool": lambda r: f"pool{r.randint(0, 9)}",
    "ns": lambda r: r.choice(("default", "kube-system", _name(r))), "cname": lambda r: r.choice((_name(r), f"{_name(r)}-{_name(r)}")),
    "pod": lambda r: f"{_name(r)}-{_hex(9)(r)}-{_hex(3)(r)}zq", "knode": lambda r: r.choice((f"ip-10-{r.randint(0, 99)}-{r.randint(0, 99)}-{r.randint(0, 99)}.ec2.internal", f"worker-{_name(r)}")),
    "rs": lambda r: f"{_name(r)}-{_hex(9)(r)}", "kvol": lambda r: r.choice((f"pvc-{_hex(8)(r)}", f"kube-api-access-{_name(r)[:5]}", "config", f"{_name(r)}-data")),
    "leader": lambda r: f"{_name(r)}-{_hex(8)(r)}_{KINDS['uuid'](r)}", "nodereasons": _reasons,
    "merchant": lambda r: r.choice((f"M{r.randint(10000, 99999)}", f"{_name(r)}-shop", f"{_name(r)}_{r.choice(('de', 'uk'))}")),
    "brand": _of("VISA", "MASTERCARD", "AMEX", "JCB", "MAESTRO"), "acq": lambda r: r.choice(("NordAcq", "Elipay", "FirstData-EU", "Zwift")),
    "payid": lambda r: f"{r.choice(('pay', 'ch', 're'))}_{''.join(r.choice('abcdefghkmnpqrstuvwxyzABCDEFGH23456789') for _ in range(16))}",
    "iban": lambda r: f"DE{r.randint(10, 99)} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(10, 99)}",
    "country": _of("Germany", "Brazil", "United Kingdom", "Korea, Republic of", "France", "Chile"), "rule": lambda r: r.choice(("bin_country", "night", "amount", "new_card", "proxy")),
    "eventname": _of("payment.created", "payment.failed", "refund.created", "payout.paid", "dispute.opened"), "hsm": lambda r: f"hsm-{_name(r)}:{r.randint(1000, 9000)}",
    "keyname": lambda r: f"{r.choice(('zpk', 'tmk', 'kek'))}.{_name(r)}", "letters": lambda r: "".join(r.choice("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNP23456789") for _ in range(20)),
    "acqfile": lambda r: f"{_upper(3)(r)}_{r.randint(20260101, 20261231)}.{r.choice(('csv', 'dat'))}", "gamer": _gamer,
    "coord": lambda r: f"{r.uniform(-999, 999):.{r.randint(1, 9)}f}", "adv": _of("Stone Age", "Getting an Upgrade", "Monster Hunter", "We Need to Go Deeper", "Hot Stuff", "Acquire Hardware", "Suit Up"),
    "cmd": lambda r: r.choice(("home", "tpa ", "spawn", "msg ")) + r.choice(("", _name(r), f"{_name(r)} hi")), "world": lambda r: r.choice(("world", _name(r))),
    "map": _of("de_harbor", "Old Mill", "Frostbite", "Canyon Rush", "cp_dock", "Sunken Temple"), "plugin": lambda r: f"{_name(r).title()}{r.choice(('Core', 'Edit', 'Guard', ''))}",
    "item": _of("Diamond Sword", "Oak Log", "Torch", "Iron Ingot", "Bread", "Ender Pearl"), "jobname": _job, "stepname": lambda r: r.choice(("STEP", "RUN", "SORT", "COPY")) + str(r.randint(1, 99)),
    "dsn": lambda r: ".".join(_upper(r.randint(3, 7))(r) for _ in range(r.randint(2, 4))) + r.choice(("", f".G{r.randint(1, 9999):04}V00")), "volser": lambda r: f"{_upper(3)(r)}{r.randint(0, 999):03}",
    "ddname": lambda r: r.choice(("SYSUT1", "SYSPRINT", "SORTOUT", "STEPLIB", "INFILE")), "tsouser": lambda r: f"{_upper(4)(r)}{r.choice(('', '01', '2'))}", "racfgroup": _upper(5),
    "lu": lambda r: f"{_upper(3)(r)}.{_upper(5)(r)}{r.randint(1, 9)}", "plan": lambda r: f"{_upper(3)(r)}{r.choice(('P', 'B'))}{r.randint(100, 999)}", "cics": _of("CICSPA1", "CICSTA2", "CICSPB1"),
    "tran": _upper(4), "abend": _of("ASRA", "AICA", "AEY9", "ATNI"), "struct": lambda r: f"{_upper(4)(r)}_{_upper(4)(r)}", "nodename": lambda r: f"{_upper(2)(r).lower()}{r.randint(1, 999)}",
    "qname": lambda r: r.choice(("www.", "", f"{_name(r)}.", f"_sip._tcp.{_name(r)}.")) + _zone(r), "zone": _zone, "serial": lambda r: str(r.randint(2020010100, 2026123199)),
    "zfile": lambda r: f"/etc/bind/{r.choice(('db.', 'zones/'))}{_zone(r)}", "revzone": lambda r: f"{r.choice((f'{r.randint(16, 31)}.172', '254.169', 'D.F', '8.E.F'))}.{r.choice(('IN-ADDR.ARPA', 'IP6.ARPA'))}",
    "gid": lambda r: f"{_hex(4)(r)}:{_hex(4)(r)}:{_hex(4)(r)}:{_hex(4)(r)}", "size": lambda r: r.choice((f"{r.uniform(1, 999):.1f}GB", f"{r.randint(1, 999)} MB", f"{r.uniform(1, 9):.2f} TiB")),
}  # fmt: skip
_ALL = KINDS | _OWN


def said(text: str, r: random.Random) -> str:
    """A statement with values drawn."""
    found, at = [], 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1] in "{}":
            found.append(text[at + 1])
            at += 2
        elif text[at] == "{":
            end = _closing(text, at)
            found.append(_drawn(text[at + 1 : end], r))
            at = end + 1
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


def _closing(text: str, at: int) -> int:
    depth = 0
    for place in range(at, len(text)):
        if text[place - 1] == "\\":
            continue
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place
    raise ValueError(text)


def _drawn(inside: str, r: random.Random) -> str:
    if inside in _ALL:
        return _ALL[inside](r)
    if inside.startswith("?"):
        return said(inside[1:], r) if r.random() < 0.5 else ""
    if inside.startswith("*"):
        return ", ".join(_ALL[inside[1:]](r) for _ in range(r.randint(1, 5)))
    if inside.startswith("n:"):
        low, high = inside[2:].rsplit("-", 1) if "--" not in inside else inside[2:].split("--")
        number = r.randint(int(low), int(high) if "--" not in inside else -int(high))
        return f"{number:0{len(low)}}" if low[0] == "0" and len(low) > 1 else str(number)
    return said(r.choice(list(_choices(inside))), r)


def _choices(inside: str) -> Iterator[str]:
    depth, start = 0, 0
    for at, char in enumerate(inside):
        depth += (char == "{") - (char == "}")
        if char == "|" and not depth:
            yield inside[start:at]
            start = at + 1
    yield inside[start:]


def _cisco(at: datetime, _level: str, r: random.Random) -> str:
    return f"{at:%b %d %H:%M:%S} core-sw{r.randint(1, 3)} {r.randint(1, 99999)}: {at:%b %d %H:%M:%S}.{at.microsecond // 1000:03}: "


def _ras(at: datetime, level: str, r: random.Random) -> str:
    place = f"R{r.randint(0, 77):02}-M{r.randint(0, 1)}-N{r.choice('0123456789ABCDEF')}-{r.choice('CI')}:J{r.randint(2, 18):02}-U{r.choice(('01', '11'))}"
    word = {"I": "INFO", "F": "FATAL", "E": "ERROR", "W": "WARNING", "S": "SEVERE"}[level]
    return (
        f"{r.choice(('-', '-', '-', 'KERNDTLB', 'APPREAD'))} {int(at.timestamp())} {at:%Y.%m.%d} {place} "
        f"{at:%Y-%m-%d-%H.%M.%S.%f} {place} RAS {r.choice(('KERNEL', 'APP'))} {word} "
    )


def _epoch(at: datetime, _level: str, r: random.Random) -> str:
    return f"{r.randint(100000, 999999)} node-{r.randint(0, 255)} {r.choice(('unix.hw', 'switch_module', 'action'))} {r.choice(('state_change.unavailable', 'error', 'start'))} {int(at.timestamp())} 1 "


def _words(**names: str) -> dict[str, str]:
    return names


_LEVEL = _words(I="INFO", W="WARN", E="ERROR", D="DEBUG", F="FATAL")
_PG = _words(L="LOG", E="ERROR", F="FATAL", W="WARNING")
_ONTAP = _words(I="info", N="notice", E="error", W="warning", A="alert")
_KUBE = _words(N="Normal", W="Warning")


def _desktop(at: datetime, _level: str, r: random.Random) -> str:
    who = r.choice(
        (
            "kernel[0]",
            "com.apple.cts[258]",
            f"sharingd[{r.randint(30, 99999)}]",
            f"Google Chrome[{r.randint(30, 99999)}]",
            "corecaptured[31174]",
        )
    )
    return f"{at:%b} {at.day:2} {at:%H:%M:%S} {r.choice(('calvisitor-10-105', 'authorMacBook-Pro'))} {who}: "


HEADS: dict[str, Head] = {
    "ras": _ras,
    "phone": lambda at, level, r: f"{at:%Y%m%d}-{at.hour}:{at.minute}:{at.second}:{at.microsecond // 1000}|{r.choice(('Step_LSC', 'Step_SPUtils', 'HiH_HiSync'))}|{r.randint(30000000, 30009999)}|",
    "desktop": _desktop,
    "switch": _cisco,
    "builds": lambda at, level, r: f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}Z {r.choice(('00O', '01E'))} {_LEVEL[level]} ",
    "database": lambda at, level, r: f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03} UTC [{r.randint(100, 99999)}]{r.choice((' ', f' {_name(r)}@{_name(r)} '))}{_PG[level]}:  ",
    "states": _epoch,
    "updates": lambda at, level, r: f"{at:%Y-%m-%d %H:%M:%S}, {({'I': 'Info', 'E': 'Error', 'W': 'Warning'})[level]:<22}",
    "array": lambda at, level, r: f"{at:%a %b %d %H:%M:%S} UTC [{_name(r)}-a: {r.choice(('config_thread', 'raid', 'api_dpool_01'))}:{_ONTAP[level]}]: ",
    "pods": lambda at, level, r: f"{at:%Y-%m-%dT%H:%M:%SZ}\t{_KUBE[level]}\t",
    "payments": lambda at, level, r: f"{at:%d/%m/%Y %H:%M:%S},{at.microsecond // 1000:03} [{r.choice(('pool-1-thread-', 'http-'))}{r.randint(1, 40)}] {_LEVEL[level]:<5} pay.{r.choice(('Auth', 'Settle', 'Hsm'))} - ",
    "arena": lambda at, level, r: f"[{at:%d%b%Y %H:%M:%S}.{at.microsecond // 1000:03}] [{r.choice(('Server thread', 'Worker-Main-3', 'User Authenticator #4'))}/{_LEVEL[level]}]: ",
    "batch": lambda at, level, r: f"{at:%Y%j} {at:%H:%M:%S}.{at.microsecond // 10000:02} JOB{r.randint(1, 99999):05}  ",
    "names": lambda at, level, r: f"{at:%d-%b-%Y %H:%M:%S}.{at.microsecond // 1000:03} {r.choice(('queries', 'general', 'xfer-in', 'resolver'))}: {({'I': 'info', 'E': 'error', 'W': 'warning'})[level]}: ",
    "racks": lambda at, level, r: f"- {int(at.timestamp())} {at:%Y.%m.%d} {r.choice(('dn', 'en', 'cn'))}{r.randint(1, 999)} {at:%b} {at.day:2} {at:%H:%M:%S} {r.choice(('dn', 'tbird-admin'))}{r.randint(1, 999)}/{r.choice(('dn', 'an'))}{r.randint(1, 999)} {r.choice(('crond(pam_unix)[%d]', 'kernel', 'dhcpd', 'ntpd[%d]', 'sshd[%d]')).replace('%d', str(r.randint(1, 32000)))}: ",
}  # fmt: skip
#: What PS Buddy should call a level's letter where the system's head tells one.
LEVELS = dict.fromkeys("012", "critical") | {
    "3": "error", "4": "warning", "5": "info", "6": "info", "7": "debug",
    "A": "critical", "F": "critical", "S": "error", "E": "error", "W": "warning", "N": "info",
    "I": "info", "L": "info", "D": "debug",
}  # fmt: skip
#: Systems whose heads tell no level.
UNGRADED = ("phone", "desktop", "states", "racks", "batch")


@dataclass(frozen=True)
class Line:
    statement: str
    text: str  # raw: head and message
    time: datetime
    level: str  # the statement's letter


def _expanded(line: str) -> list[str]:
    """`is [[true|false]]` tells two things: a statement for each."""
    before, opening, rest = line.partition("[[")
    if not opening:
        return [line]
    choices, _, after = rest.partition("]]")
    return [each for choice in choices.split("|") for each in _expanded(before + choice + after)]


def _systems(name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = statements = []
        elif line:
            statements += _expanded(line)
    return {name: tuple(each) for name, each in found.items()}


DEV, HELD = _systems("strangers_dev.txt"), _systems("strangers_held.txt")


def lines(system: str, count: int, seed: int) -> Iterator[Line]:
    """`count` lines of a system: one statement is a third of them, many come once or twice."""
    r = random.Random(f"{system}/{seed}")
    order = list((DEV | HELD)[system])
    r.shuffle(order)
    weights = [1 / (1 + place) ** 1.8 for place in range(len(order))]
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    for statement in r.choices(order, weights, k=count):
        at += timedelta(milliseconds=r.randint(0, 2500))
        head = HEADS[system](at, statement[0], r)
        message = said(statement[2:].replace("\\042", '"'), r)
        yield Line(statement, head + message, at, statement[0])
