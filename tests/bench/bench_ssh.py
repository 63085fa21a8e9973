"""Two hundred hosts in one breath: cold, tick after tick, and at rest, over real OpenSSH servers.

The servers share the machine and its processors, so wall-clock times count them in; processor
time is that of this process alone. Other programs visit the same hosts in the same run.
`PSBUDDY_BENCH_PEERS=no` leaves them out, `PSBUDDY_BENCH_HOSTS` says how many hosts.
"""

import os
import queue
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from collectors.connect import Connector
from collectors.engine import PATIENT, QUICK
from collectors.link import HostLink
from collectors.links import Links
from collectors.program import Program, host_program
from collectors.steps import PATIENCE, Runner, Steps
from collectors.transport import ssh
from psbuddy.catalogue import HostEntry
from tests.bench.hostprogram import visit
from tests.bench.sshfleet import Host, fleet, peers
from tests.support import standin

HOSTS = int(os.environ.get("PSBUDDY_BENCH_HOSTS", "200"))
TICKS, COLD_ROUNDS = 25, 3
IDLE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Bar:
    what: str
    value: float
    most: float
    unit: str

    @property
    def kept(self) -> bool:
        return self.value <= self.most


class Fleet:
    """All hosts over the engine's own pool and links, without its store."""

    def __init__(self, folder: Path, hosts: list[Host], program: Program) -> None:
        self._hosts = hosts
        self._entries = {host.alias: _entry(host) for host in hosts}
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._connector = Connector(folder, program=program)
        self._runner = Runner(QUICK, PATIENT, "bench")
        self.links = Links(
            self._runner,
            self._inbox.put,
            self._connector.session,
            self._entries.__getitem__,
            lambda host: None,
        )

    def everywhere(self, call: Callable[[HostLink], Steps[object]]) -> tuple[float, float]:
        """Do it on every host. Returns wall-clock and processor seconds. Raises what failed."""
        failed: list[Exception] = []
        missing = {host.alias for host in self._hosts}

        def done(host: str, _result: object, error: Exception | None) -> None:
            self.links.release(host)
            missing.remove(host)
            if error is not None:
                failed.append(error)

        wall, cpu = time.perf_counter(), time.process_time()
        for host in self._hosts:
            self.links.work(host.alias, call, partial(done, host.alias))
        while missing:  # what is told of a login comes the same way
            self._inbox.get()()
        took = time.perf_counter() - wall, time.process_time() - cpu
        if failed:
            raise failed[0]
        return took

    def once(self, command: str) -> tuple[float, float]:
        """Connect anew everywhere and run this, as other programs do it each time they look."""

        def run(link: HostLink) -> Steps[None]:
            yield PATIENCE
            session = self._connector.session(link.host, self._entries[link.host])
            try:
                channel = session._way.open(time.monotonic() + 60.0)
                if channel.exit_status() != 0:
                    raise RuntimeError(f"{command} did not end well on {link.host}")
            finally:
                session.close()

        usual, ssh.COMMAND = ssh.COMMAND, command
        try:
            return self.everywhere(run)
        finally:
            ssh.COMMAND = usual

    def close(self) -> None:
        self.links.close()
        self._runner.stop(time.monotonic() + 10)
        self._connector.stop()


def _entry(host: Host) -> HostEntry:
    server = host.server
    return HostEntry(
        address=host.address,
        port=server.port,
        user=server.user,
        identity_file=str(server.identity_file),
        known_hosts=str(server.known_hosts),
    )


def _ping(link: HostLink) -> Steps[object]:
    return link.ask({"op": "ping"}, 30.0)


def _resident() -> int:
    """Bytes of this process in memory now, where the system says so."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def measure_once(folder: Path, hosts: list[Host], what: str, command: str) -> Bar:
    """The quickest of a few cold rounds: other work on the machine only makes them slower."""
    ours = Fleet(folder, hosts, standin.program())
    try:
        wall, cpu = min(ours.once(command) for _ in range(COLD_ROUNDS))
    finally:
        ours.close()
    more = f"{cpu * 1000 / len(hosts):.2f} ms CPU a host"
    _say(f"  {f'cold: connect, log in, {what}':30} {wall:9.2f} {'s':12} {more}")
    return Bar(f"cold start, {what}", wall, 4.0, "s")


def measure_start(folder: Path, hosts: list[Host], program: Program) -> Bar:
    """The same with our program: each host answers its first request and stays connected."""
    rounds = []
    for number in range(COLD_ROUNDS):
        ours = Fleet(folder / str(number), hosts, program)
        try:
            rounds.append(ours.everywhere(_ping))
        finally:
            ours.close()
    wall, cpu = min(rounds)
    more = f"{cpu * 1000 / len(hosts):.2f} ms CPU a host, {len(program.opening) / 1000:.0f} KB sent"
    _say(f"  {'cold: connect, log in, answer':30} {wall:9.2f} {'s':12} {more}")
    return Bar("cold start, our program", wall, 4.0, "s")


def measure(folder: Path, hosts: list[Host], program: Program) -> list[Bar]:
    """Tick after tick, then at rest, then a first visit."""
    before = _resident()
    ours = Fleet(folder, hosts, program)
    try:
        cold = ours.everywhere(_ping)
        ticks = [ours.everywhere(_ping) for _ in range(TICKS)]
        cpu = time.process_time()
        time.sleep(IDLE_SECONDS)  # this is the measurement: what doing nothing costs
        idle = (time.process_time() - cpu) / IDLE_SECONDS
        memory = _resident()
        first, again = (ours.everywhere(_visit_of(folder)) for _ in range(2))
    finally:
        ours.close()
    each = 1000 / len(hosts)
    tick = statistics.median(wall for wall, _ in ticks)
    # Of the quicker ones: other work on the machine takes our caches, too.
    spent = statistics.quantiles((cpu for _, cpu in ticks), n=4)[0]
    grown = (memory - before) / len(hosts) / 1024
    fastest = min(wall for wall, _ in ticks)
    for label, value, unit, more in (
        ("next tick, median", tick * 1000, "ms", f"{spent * each:.2f} ms CPU a host"),
        ("next tick, fastest", fastest * 1000, "ms", f"cold : tick = {cold[0] / tick:.0f} : 1"),
        ("at rest", idle * 100, "% of a core", ""),
        ("held", memory / 2**20, "MB", f"{grown:.0f} KB a host"),
        ("first visit of a small log", first[0], "s", "the hosts compile what reads logs"),
        ("next visit of it", again[0], "s", f"{again[1] * each:.2f} ms CPU a host"),
    ):
        _say(f"  {label:30} {value:9.2f} {unit:12} {more}")
    return [
        Bar("steady tick", tick * 1000, 100.0, "ms"),
        Bar("client CPU of a tick a host", spent * each, 0.4, "ms"),
        Bar("at rest", idle * 100, 1.0, "% of a core"),
        Bar("held", memory / 2**20, 200.0, "MB"),
    ]


def _visit_of(folder: Path) -> Callable[[HostLink], Steps[object]]:
    """Read one log of a few records."""
    log = folder.with_suffix(".log")
    log.write_text(
        "".join(
            f"2026-12-01 04:00:{n:02},123 INFO  [main] com.acme.Shop - order {n}\n"
            for n in range(60)
        )
        + "2026-12-01 04:01:00,123 ERROR [main] com.acme.Shop - failed\n"
        "java.lang.IllegalStateException: closed\n\tat com.acme.Shop.run(Shop.java:12)\n"
    )
    asked = visit(log)
    return lambda link: link.ask(asked, 120.0)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """0 when every bar is kept."""
    with tempfile.TemporaryDirectory(prefix="psbuddy-bench-") as name:
        folder = Path(name)
        with fleet(folder, HOSTS) as hosts:
            _say(f"{HOSTS} hosts, servers on the same {os.cpu_count()} processors")
            bars = [measure_once(folder / "true", hosts, "true", "exec true")]
            python = "exec python3 -I -S -c pass"  # no program in Python starts sooner
            measure_once(folder / "python", hosts, "python", python)
            _say("With the host program as it ships (hosts start their interpreters here, too):")
            bars.append(measure_start(folder / "start", hosts, host_program()))
            steady = measure(folder / "whole", hosts, host_program())
            bars += steady
            if os.environ.get("PSBUDDY_BENCH_PEERS") != "no":
                _say("Others, cold, each time they look:")
                found = peers(folder, hosts, _say)
                tick = steady[0].value / 1000
                for peer in found:
                    _say(
                        f"  {peer.name:22} {peer.wall:7.2f} s   {peer.wall / tick:6.0f} x our tick"
                        f"   {peer.cpu / HOSTS * 1000:6.2f} ms CPU a host"
                    )
                if found:
                    best = min(peer.wall for peer in found)
                    bars.append(Bar("20 of our ticks", 20 * tick, best, "s"))
    for bar in bars:
        sign = "kept" if bar.kept else "MISSED"
        _say(f"{sign:7} {bar.what}: {bar.value:.2f} {bar.unit}, at most {bar.most:g}")
    return 0 if all(bar.kept for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
