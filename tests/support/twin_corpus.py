"""Awkward logs by a seed: what a reader without Python must count exactly as the one with it."""

import json
import random
import time
from collections.abc import Callable, Iterator

_BEGIN = 1_795_400_000
_WORDS = (
    "order", "payment", "timeout", "ERROR", "user", "INFO", "failed", "warn", "after", "Exception",
    "retry", "cache", "FATAL:", "id=", "grün", "dead", "beef", "face", "a", "node-7", "x.y.Z",
)  # fmt: skip
_TYPES = ("java.io.IOException", "com.acme.Foo1Exception", "com.acme.Foo2Exception", "a.b.BadError")
_TRAPS = (
    "ERROR is only text here", "  2026-11-24 10:00:00,000 ERROR indented", "", "WARN 17 too", "}",
    "{ not json", "order at 10:15 was late", "12:30:59 is no stamp here", "total 123456789012345",
    "level=error tail=1", "--- end ---", "[ERROR] in brackets", "{not json either}",
    '{"level":"warn","msg":"json in a trace"}', "2026-99-99 10:00:00,000 ERROR no such day",
)  # fmt: skip


class Draw:
    """Random parts of lines; time runs, and sometimes back."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.now = float(_BEGIN)

    def tick(self) -> float:
        self.now += self.rng.choice((0, 0, 0.013, 0.2, 1, 3, 0.5))
        late = self.rng.random() < 0.03  # out of order, across a minute's change
        return self.now - self.rng.choice((1, 20, 70)) if late else self.now

    def stamp(self, style: str, zone: int = 0) -> str:
        moment = self.tick()
        text = time.strftime(style, time.gmtime(moment + zone))
        return text.replace("%f", f"{int(moment * 1000) % 1000:03d}")

    def hex(self, length: int) -> str:
        return "".join(self.rng.choice("0123456789abcdef") for _ in range(length))

    def uuid(self) -> str:
        return "-".join(self.hex(n) for n in (8, 4, 4, 4, 12))

    def text(self) -> str:
        rng = self.rng
        words = [rng.choice(_WORDS) for _ in range(rng.randrange(1, 6))]
        number = str(rng.randrange(10 ** rng.randrange(1, 9)))
        words.append(rng.choice(("", number, self.uuid(), self.hex(12), f"10.0.0.{number[:2]}")))
        rng.shuffle(words)
        return " ".join(words)

    def message(self) -> str:
        """One of a few statements with changing values, or loose words."""
        rng = self.rng
        number, short = rng.randrange(10**6), rng.randrange(300)
        first, node = rng.choice(("a", "1", "22", "be")), self.hex(rng.choice((4, 8, 9, 16)))
        return rng.choice((
            f"order {number} of customer {self.uuid()} failed",
            f"no answer from 10.0.{short}.{short % 9} within {number % 5000} ms",
            f"{first} timeout on node {node}",
            "pool is empty",
            f"job nightly started for 2026-11-{number % 28 + 1:02d}",
            f"secret password=hunter{short} sent to bob@example.org",
            self.text(),
        ))  # fmt: skip

    def trace(self) -> list[str]:
        """Continuation lines, some of them traps."""
        rng = self.rng
        lines = [f"{rng.choice(_TYPES)}: {self.message()}"]
        for _ in range(rng.randrange(1, 4)):
            line = rng.randrange(400)
            lines.append(f"\tat com.acme.Service{line % 3}.run(Service.java:{line})")
        if rng.random() < 0.4:
            lines.append(f"Caused by: {rng.choice(_TYPES)}: id {rng.randrange(9999)}")
            lines.append("\t... 12 more")
        if rng.random() < 0.3:
            lines.append(rng.choice(_TRAPS))
        return lines


def _levelled(draw: Draw, head: Callable[[str], str], bad: float) -> list[str]:
    rng = draw.rng
    if rng.random() < bad:
        lines = [head(rng.choice(("WARN", "ERROR", "ERROR", "FATAL"))) + draw.message()]
        return lines + (draw.trace() if rng.random() < 0.5 else [])
    lines = [head(rng.choice(("INFO", "INFO", "DEBUG", "TRACE"))) + draw.message()]
    return lines + (draw.trace() if rng.random() < 0.03 else [])


def log4j(draw: Draw) -> list[str]:
    thread = draw.rng.choice(("main", f"pool-1-thread-{draw.rng.randrange(30)}", "ERROR-x", "a b"))

    def head(level: str) -> str:
        return f"{draw.stamp('%Y-%m-%d %H:%M:%S,%f')} {level:5} [{thread}] c.a.Foo - "

    return _levelled(draw, head, 0.1)


def threads(draw: Draw) -> list[str]:
    thread = draw.rng.choice(("main", f"http-nio-exec-{draw.rng.randrange(30)}", "E", "info"))

    def head(level: str) -> str:
        return f"{draw.stamp('%Y-%m-%dT%H:%M:%S.%f')}Z [{thread}] {level} c.a.Foo : "

    return _levelled(draw, head, 0.05)


def spring(draw: Draw) -> list[str]:
    thread, process = f"nio-{draw.rng.randrange(20)}", draw.rng.choice((7, 4711))

    def head(level: str) -> str:
        stamp = draw.stamp("%Y-%m-%d %H:%M:%S.%f", 3600)
        return f"{stamp}+01:00 {level:>5} {process} --- [{thread}] c.a.Foo{draw.hex(1)} : "

    return _levelled(draw, head, 0.05)


def python(draw: Draw) -> list[str]:
    name = draw.rng.choice("xyz")

    def head(level: str) -> str:
        return f"{draw.stamp('%Y-%m-%d %H:%M:%S,%f')} - app.{name} - {level} - "

    return _levelled(draw, head, 0.05)


def glog(draw: Draw) -> list[str]:
    level, stamp = draw.rng.choice("IIIIWE"), draw.stamp("%m%d %H:%M:%S.%f")
    process, line = draw.rng.randrange(99), draw.rng.randrange(400)
    return [f"{level}{stamp}123 {process:5d} main.cc:{line}] {draw.message()}"]


def syslog(draw: Draw) -> list[str]:
    day = draw.stamp("%b %d %H:%M:%S")
    day = day[:4] + (" " + day[5:] if day[4] == "0" else day[4:])
    tag = draw.rng.choice((f"sshd[{draw.rng.randrange(99999)}]", "kernel", "CRON[1]", "su"))
    return [f"{day} web-1 {tag}: now {draw.message()}"]


def target(draw: Draw) -> str:
    """A path whose ids are of every kind."""
    rng = draw.rng
    number, hex8 = str(rng.randrange(10 ** rng.randrange(1, 12))), draw.hex(8)
    ids = (
        *(number, draw.uuid(), draw.hex(rng.randrange(1, 20)), f"u{number}", f"a-{number}-b"),
        *(f"v{number[-1]}", "b@example.org", "red%20shoe", draw.hex(9).upper(), "cafe", "oauth2"),
        *(f"x{hex8}y", f"{hex8}.css", f"web{number[0]}.example", "token", "Secret1", ":id"),
        *(f"app.{hex8}.js", "getCustomerOrders", f"{number[:2]}.{number[-1]}"),
    )
    path = "/" + "/".join(rng.choice(ids) for _ in range(rng.randrange(11)))
    host = rng.choice(("", "", "", "", f"http://{draw.hex(9)}.example:8080"))
    return host + path + rng.choice(("", f"?q={number}&x=a;b#c", f";s={draw.hex(9)}", "#top"))


def access(draw: Draw) -> list[str]:
    rng = draw.rng
    stamp = draw.stamp("%d/%b/%Y:%H:%M:%S")
    status = rng.choice((200, 200, 200, 204, 302, 404, 500, 503))
    client = rng.choice(("10.1.2.3", "192.168.0.77", "::1", "2001:db8::7", "pc7.example"))
    line = (
        f"{client} - {rng.choice(('-', 'bob'))} [{stamp} +0000] "
        f'"{rng.choice(("GET", "POST"))} {target(draw)} HTTP/1.1" '
        f"{status} {rng.choice(('-', str(rng.randrange(10**6))))}"
    )
    if rng.random() < 0.8:
        agent = rng.choice(("Mozilla/5.0 (X11)", "curl/7", "-", "n/a", 'od\\"d'))
        line += f' "{rng.choice(("-", "http://a/b"))}" "{agent}"'
        took = f" {rng.random() * 3:.3f}"
        line += rng.choice(("", took, f"{took} 0.001", " rt=0.250"))
    return [line]


def jsonish(draw: Draw) -> list[str]:
    record = {
        "@timestamp": draw.stamp("%Y-%m-%dT%H:%M:%S.%fZ"),
        "level": draw.rng.choice(("info", "error", "WARN")),
        "message": draw.message(),
        "duration_ms": draw.rng.randrange(500),
    }
    if draw.rng.random() < 0.1:
        del record["@timestamp"]
    return [json.dumps(record)]


def mixed(draw: Draw) -> list[str]:
    chance = draw.rng.random()
    return log4j(draw) if chance < 0.6 else spring(draw) if chance < 0.85 else jsonish(draw)


def plain(draw: Draw) -> list[str]:
    return [f"{draw.stamp('%Y-%m-%d %H:%M:%S')} {draw.message()}"]


def took(draw: Draw) -> list[str]:
    """Transactions told in words, now and then in a line of its own."""
    stamp, number = draw.stamp("%Y-%m-%d %H:%M:%S.%f"), draw.rng.randrange(3000)
    lines = [f"{stamp} INFO [x] c.D - step {number}"]
    if draw.rng.random() < 0.3:
        lines[draw.rng.randrange(1) :] = [f"{lines[0]} took {number} ms"]
    elif draw.rng.random() < 0.1:
        lines.append(f"and took {number} ms")
    return lines


def wrapped(draw: Draw) -> list[str]:
    """A program's lines behind syslog's head, its traces line by line."""
    if draw.rng.random() < 0.97:
        return syslog(draw)
    first = syslog(draw)[0]
    head = first[: first.index(": ") + 2]
    return [head + line for line in ("java.lang.Error: x", *draw.trace())]


def container(draw: Draw) -> list[str]:
    """The container runtime interface: stamp, stream, flag, and the program's own line."""
    stamp, rng = draw.stamp("%Y-%m-%dT%H:%M:%S.%f123456Z"), draw.rng
    flag = "P" if rng.random() < 0.05 else "F"
    lines = log4j(draw) if rng.random() < 0.7 else jsonish(draw)
    return [f"{stamp} {rng.choice(('stdout', 'stderr'))} {flag} {line}" for line in lines]


def logfmt(draw: Draw) -> list[str]:
    stamp, level = draw.stamp("%Y-%m-%dT%H:%M:%SZ"), draw.rng.choice(("info", "warn", "error"))
    return [f'time={stamp} level={level} msg="{draw.message()}" took={draw.rng.randrange(99)}ms']


def jul(draw: Draw) -> list[str]:
    """java.util.logging: two lines a record."""
    stamp, level = draw.stamp("%b %d, %Y %I:%M:%S AM"), draw.rng.choice(("INFO", "SEVERE"))
    return [f"{stamp} com.acme.Service run", f"{level}: {draw.message()}"]


def database(draw: Draw) -> list[str]:
    """PostgreSQL: level in the middle, statements over several lines."""
    stamp, level = draw.stamp("%Y-%m-%d %H:%M:%S.%f"), draw.rng.choice(("LOG", "ERROR", "FATAL"))
    lines = [f"{stamp} UTC [{draw.rng.randrange(9999)}] app@shop {level}:  {draw.message()}"]
    return lines + (["\tselect 1", "where x=2"] if draw.rng.random() < 0.1 else [])


def nginx(draw: Draw) -> list[str]:
    """The error log of nginx: dates with slashes, the level in brackets."""
    stamp, level = draw.stamp("%Y/%m/%d %H:%M:%S"), draw.rng.choice(("notice", "error", "warn"))
    return [
        f"{stamp} [{level}] {draw.rng.randrange(999)}#0: *{draw.rng.randrange(99)} {draw.text()}"
    ]


def seconds(draw: Draw) -> list[str]:
    """Epoch seconds, squid's way and others."""
    return [f"{draw.tick():.3f} {draw.rng.choice(('INFO', 'ERROR'))} worker-1 {draw.message()}"]


def words(draw: Draw, chance: float = 0.3) -> list[str]:
    """Durations in the text of some records: plain ones, and those that are no request's."""
    rng, number = draw.rng, draw.rng.randrange(3000)
    level = rng.choice(("INFO", "INFO", "DEBUG", "WARN", "ERROR"))
    head = f"{draw.stamp('%Y-%m-%d %H:%M:%S,%f')} {level:5} [exec-{number % 9}] c.a.Foo - "
    told = (
        *(f"order {number} completed in {number} ms", f"GET /a/{number} took {number / 1000}s"),
        *(f"Completed {rng.choice((200, 404, 500))} in {number}ms", f"job took {number} ms"),
        *(f"elapsed: 00:00:0{number % 9}.{number:04d}", f"latency={number}ms status=503"),
        *(f"method=GET path=/a/{number} duration={number}us", f"took {number} min"),
        f"duration of the lease is {number}",
    )
    lines = [head + (rng.choice(told) if rng.random() < chance else draw.message())]
    return lines + (draw.trace() if rng.random() < 0.02 else [])


def sparse(draw: Draw) -> list[str]:
    """So few that looking is given up now and then."""
    return words(draw, 0.0025)


def proxy(draw: Draw) -> list[str]:
    """HAProxy behind syslog's head, among other programs."""
    head, rng = syslog(draw)[0], draw.rng
    if rng.random() < 0.4:
        return [head]
    times = f"{rng.randrange(9)}/0/{rng.randrange(9)}/{rng.randrange(99)}/{rng.randrange(5000)}"
    return [
        f"{head[:15]} lb haproxy[7]: 10.0.0.1:{rng.randrange(9999)} [06/Feb/2026:12:14:14.655] "
        f"in b/s {times} {rng.choice((200, 404, 503))} 99 - - ---- 1/1/1/1/0 0/0 "
        f'"GET {target(draw)} HTTP/1.1"'
    ]


def squid(draw: Draw) -> list[str]:
    """Squid's own layout of requests."""
    rng = draw.rng
    return [
        f"{draw.tick():.3f} {rng.randrange(9999):6d} 10.0.0.{rng.randrange(9)} "
        f"TCP_{rng.choice(('MISS', 'HIT'))}/{rng.choice((200, 503))} {rng.randrange(9999)} GET "
        f"http://a.example{target(draw)} - DIRECT/1.2.3.4 text/html"
    ]


def nothing(draw: Draw) -> list[str]:
    return [draw.text()]


KINDS: dict[str, Callable[[Draw], list[str]]] = {
    "log4j": log4j, "threads": threads, "spring": spring, "python": python, "glog": glog,
    "syslog": syslog, "access": access, "json": jsonish, "mixed": mixed, "plain": plain,
    "took": took, "wrapped": wrapped, "container": container, "logfmt": logfmt, "jul": jul,
    "database": database, "nginx": nginx, "seconds": seconds, "nothing": nothing,
    "words": words, "sparse": sparse, "proxy": proxy, "squid": squid,
}  # fmt: skip


def lines(kind: str, seed: int, records: int) -> Iterator[bytes]:
    """Lines with their ends: some too long, of bad bytes, with CR before LF."""
    draw = Draw(seed * 1000 + len(kind))
    crlf = draw.rng.random() < 0.2
    for _ in range(records):
        for line in KINDS[kind](draw):
            data = line.encode()
            chance = draw.rng.random()
            if chance < 0.0008:
                data += b" " + b"x1" * 30_000
            elif chance < 0.004:
                data += b" \xff\xfe\x80\xc3"
            yield data + (b"\r\n" if crlf else b"\n")


def corpus(kind: str, seed: int, records: int) -> bytes:
    """The whole log."""
    return b"".join(lines(kind, seed, records))
