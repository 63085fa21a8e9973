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
        words += rng.choice(([], [str(rng.randrange(10**rng.randrange(1, 9)))], [self.uuid()],
                             [self.hex(12)], [f"{rng.randrange(256)}.0.0.{rng.randrange(9)}"]))  # fmt: skip
        rng.shuffle(words)
        return " ".join(words)

    def message(self) -> str:
        """One of a few statements with changing values, or loose words."""
        rng = self.rng
        return rng.choice((
            f"order {rng.randrange(10**6)} of customer {self.uuid()} failed",
            f"no answer from 10.0.{rng.randrange(300)}.{rng.randrange(300)} within {rng.randrange(5000)} ms",
            f"{rng.choice(('a', '1', '22', 'be'))} timeout on node {self.hex(rng.choice((4, 8, 9, 16)))}",
            "pool is empty", f"job nightly started for 2026-11-{rng.randrange(1, 29):02d}",
            f"secret password=hunter{rng.randrange(10)} sent to bob@example.org",
            self.text(),
        ))  # fmt: skip

    def trace(self) -> list[str]:
        """Continuation lines, some of them traps."""
        rng = self.rng
        lines = [f"{rng.choice(_TYPES)}: {self.message()}"]
        for _ in range(rng.randrange(1, 4)):
            lines.append(
                f"\tat com.acme.Service{rng.randrange(3)}.run(Service.java:{rng.randrange(400)})"
            )
        if rng.random() < 0.4:
            lines += [f"Caused by: {rng.choice(_TYPES)}: id {rng.randrange(9999)}", "\t... 12 more"]
        if rng.random() < 0.3:
            lines.append(rng.choice((
                "ERROR is only text here", "  2026-11-24 10:00:00,000 ERROR indented", "",
                "WARN 17 too", "}", "{ not json", "order at 10:15 was late", "12:30:59 is no stamp here",
                "total 123456789012345", "level=error tail=1", "--- end ---", "[ERROR] in brackets",
            )))  # fmt: skip
        return lines


def _levelled(draw: Draw, head: Callable[[str], str], bad: float) -> list[str]:
    rng = draw.rng
    if rng.random() < bad:
        lines = [head(rng.choice(("WARN", "ERROR", "ERROR", "FATAL"))) + draw.message()]
        return lines + (draw.trace() if rng.random() < 0.5 else [])
    lines = [head(rng.choice(("INFO", "INFO", "DEBUG", "TRACE"))) + draw.message()]
    return lines + (draw.trace() if rng.random() < 0.03 else [])


def log4j(draw: Draw) -> list[str]:
    thread = draw.rng.choice(
        ("main", "pool-1-thread-%d" % draw.rng.randrange(30), "ERROR-x", "a b")
    )
    return _levelled(
        draw,
        lambda level: f"{draw.stamp('%Y-%m-%d %H:%M:%S,%f')} {level:5} [{thread}] c.a.Foo - ",
        0.1,
    )


def threads(draw: Draw) -> list[str]:
    thread = draw.rng.choice(
        ("main", "http-nio-8080-exec-%d" % draw.rng.randrange(30), "E", "info")
    )
    return _levelled(
        draw,
        lambda level: f"{draw.stamp('%Y-%m-%dT%H:%M:%S.%f')}Z [{thread}] {level} c.a.Foo : ",
        0.05,
    )


def spring(draw: Draw) -> list[str]:
    return _levelled(
        draw,
        lambda level: (
            f"{draw.stamp('%Y-%m-%d %H:%M:%S.%f', 3600)}+01:00 {level:>5} "
            f"{draw.rng.choice((7, 4711))} --- [nio-{draw.rng.randrange(20)}] c.a.Foo{draw.hex(1)} : "
        ),
        0.05,
    )


def python(draw: Draw) -> list[str]:
    return _levelled(
        draw,
        lambda level: (
            f"{draw.stamp('%Y-%m-%d %H:%M:%S,%f')} - app.{draw.rng.choice('xyz')} - {level} - "
        ),
        0.05,
    )


def glog(draw: Draw) -> list[str]:
    return [
        f"{draw.rng.choice('IIIIWE')}{draw.stamp('%m%d %H:%M:%S.%f')}123 {draw.rng.randrange(99):5d} "
        f"main.cc:{draw.rng.randrange(400)}] {draw.message()}"
    ]


def syslog(draw: Draw) -> list[str]:
    day = draw.stamp("%b %d %H:%M:%S")
    day = day[:4] + (" " + day[5:] if day[4] == "0" else day[4:])
    tag = draw.rng.choice(("sshd[%d]" % draw.rng.randrange(99999), "kernel", "CRON[1]", "su"))
    return [f"{day} web-1 {tag}: {draw.message()}"]


def access(draw: Draw) -> list[str]:
    rng = draw.rng
    stamp = draw.stamp("%d/%b/%Y:%H:%M:%S")
    status = rng.choice((200, 200, 200, 204, 302, 404, 500, 503))
    line = (
        f"{rng.choice(('10.1.2.3', '192.168.0.77', '::1', 'pc7.example'))} - "
        f"{rng.choice(('-', 'bob'))} [{stamp} +0000] "
        f'"{rng.choice(("GET", "POST"))} /cart/{draw.hex(6)}?q={rng.randrange(99)} HTTP/1.1" '
        f"{status} {rng.choice(('-', str(rng.randrange(10**6))))}"
    )
    if rng.random() < 0.8:
        agent = rng.choice(("Mozilla/5.0 (X11)", "curl/7", "-", "1.5", 'od\\"d'))
        line += f' "{rng.choice(("-", "http://a/b"))}" "{agent}"'
        line += rng.choice(
            ("", f" {rng.random() * 3:.3f}", f" {rng.random():.3f} 0.001", " rt=0.250")
        )
    return [line]


def jsonish(draw: Draw) -> list[str]:
    rng = draw.rng
    record = {"@timestamp": draw.stamp("%Y-%m-%dT%H:%M:%S.%fZ"), "level": rng.choice(("info", "error", "WARN")),
              "message": draw.message(), "duration_ms": rng.randrange(500)}  # fmt: skip
    if rng.random() < 0.1:
        del record["@timestamp"]
    return [json.dumps(record)]


def mixed(draw: Draw) -> list[str]:
    chance = draw.rng.random()
    return log4j(draw) if chance < 0.6 else spring(draw) if chance < 0.85 else jsonish(draw)


def plain(draw: Draw) -> list[str]:
    return [f"{draw.stamp('%Y-%m-%d %H:%M:%S')} {draw.message()}"]


def nothing(draw: Draw) -> list[str]:
    return [draw.text()]


KINDS = {
    each.__name__: each
    for each in (
        log4j,
        threads,
        spring,
        python,
        glog,
        syslog,
        access,
        jsonish,
        mixed,
        plain,
        nothing,
    )
}


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
