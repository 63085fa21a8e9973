"""A fleet to try: hosts behind a real SSH server, applications whose logs keep growing.

    with DemoFleet() as fleet:
        fleet.prepare(lambda share, step: None)
        fleet.start()
        ...  # collect fleet.catalogue_dir into fleet.db_url

Everything lies in one folder, nothing outlives `stop`.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

from psbuddy.demo import ledger_batch, orders
from psbuddy.demo.catalogue_text import catalogue_text
from psbuddy.demo.health import HealthServer
from psbuddy.demo.ledger import ledger_logs
from psbuddy.demo.merch import merch_logs
from psbuddy.demo.orders import orders_logs
from psbuddy.demo.rotation import Segment, segments, write_segment
from psbuddy.demo.shop import shop_logs
from psbuddy.demo.sim import LogSim
from psbuddy.demo.span import DAY, Span
from psbuddy.demo.sshd import LoopbackSshd, SshdUnavailable
from psbuddy.demo.truth import Truth
from psbuddy.demo.writer import LiveLog, Writer

#: (share done 0..1, what is being done)
Progress = Callable[[float, str], None]

ADDRESSES = {
    "led-app-1": "127.0.0.11",
    "led-app-2": "127.0.0.12",
    "led-db-1": "127.0.0.13",
    "shop-app-1": "127.0.0.21",
    "shop-app-2": "127.0.0.22",
    "shop-app-3": "127.0.0.23",
    "ord-app-1": "127.0.0.31",
    "ord-app-2": "127.0.0.32",
    "mer-app-1": "127.0.0.41",
}
#: Runs of a month need more than a month of history; the batch log is small.
BATCH_DAYS = 400
_SSHD_SHARE = 0.05


class DemoFleet:
    """`folder` None: a temporary one, removed by `stop`. `now` None: this moment.

    `ssh`: True insists on the SSH server (raises SshdUnavailable), False does without,
    None falls back to reading the logs directly and says so in `note`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        seed: int = 7,
        now: int | None = None,
        days: int = 30,
        ssh: bool | None = None,
        scale: float = 1.0,
    ) -> None:
        self._temporary = folder is None
        self.folder = (folder or Path(tempfile.mkdtemp(prefix="psbuddy-demo-"))).absolute()
        made = int(time.time()) if now is None else now
        self._clock_offset = 0.0 if now is None else made - time.time()
        self.span = Span(seed, made - days * DAY, made, scale)
        self.days = days
        self.note = ""
        self.truth = Truth()
        self._ssh = ssh
        self._cleanup = ExitStack()
        self._writer: Writer | None = None
        self._sims = _logs(self.span)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def catalogue_dir(self) -> Path:
        return self.folder / "catalogue"

    @property
    def hosts_dir(self) -> Path:
        """Holds one folder for each host, named by its alias."""
        return self.folder / "hosts"

    @property
    def db_url(self) -> str:
        return f"sqlite:///{self.folder / 'psbuddy.db'}"

    @property
    def host_count(self) -> int:
        return len(ADDRESSES)

    @property
    def logs(self) -> tuple[LogSim, ...]:
        return self._sims

    def path_of(self, sim: LogSim) -> Path:
        """Where the living file of a log is."""
        return self.hosts_dir / sim.host / sim.path

    def prepare(self, progress: Progress) -> None:
        """Start the SSH server, write the history and the catalogue. Raises SshdUnavailable."""
        progress(0.0, "starting an SSH server on loopback addresses")
        entries = self._host_entries()
        self._write_history(progress)
        progress(1.0, "writing the catalogue")
        self._write_catalogue(entries)

    def start(self) -> None:
        """Let the logs grow from the moment at which history ends."""
        live = [
            LiveLog(sim, self.path_of(sim), self.truth, self.span.seed, self.span.now)
            for sim in self._sims
        ]
        self._writer = Writer(live, lambda: time.time() + self._clock_offset)
        self._writer.start()

    def advance(self, until: int) -> None:
        """Write at once what happens before `until` (UTC epoch seconds); started fleets only."""
        if self._writer is None:
            raise RuntimeError("a fleet advances between start() and stop()")
        self._writer.advance(until)

    def pause(self) -> None:
        """Let the logs rest as they are; hosts and services stay."""
        if self._writer is not None:
            self._writer.stop()
            self.note = self._writer.problem or self.note
            self._writer = None

    def stop(self) -> None:
        """End everything that was started and remove a temporary folder. May be called twice."""
        self.pause()
        self._cleanup.close()
        if self._temporary and self.folder.exists():
            shutil.rmtree(self.folder)

    def _host_entries(self) -> dict[str, Mapping[str, object]]:
        if self._ssh is False:
            return {alias: {"transport": "local"} for alias in ADDRESSES}
        sshd = LoopbackSshd(self.folder / "sshd", ADDRESSES)
        try:
            sshd.start()
        except SshdUnavailable as error:
            if self._ssh:
                raise
            self.note = f"{error} The demo reads its logs directly in place of over SSH."
            return {alias: {"transport": "local"} for alias in ADDRESSES}
        self._cleanup.callback(sshd.stop)
        return {
            alias: {
                "address": address,
                "port": sshd.port,
                "user": sshd.user,
                "identity_file": sshd.identity_file,
                "known_hosts": sshd.known_hosts,
            }
            for alias, address in ADDRESSES.items()
        }

    def _write_history(self, progress: Progress) -> None:
        pieces = [(sim, segment) for sim in self._sims for segment in self._segments(sim)]
        for done, (sim, segment) in enumerate(pieces):
            share = _SSHD_SHARE + (1 - _SSHD_SHARE) * done / len(pieces)
            progress(share, f"writing the history of {sim.host}")
            block = sim.block(self.span.seed, segment.since, segment.until)
            path = self.path_of(sim)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_segment(path, segment, block.encoded())
            self.truth.of(sim.app, sim.host, sim.log).add(block)

    def _segments(self, sim: LogSim) -> tuple[Segment, ...]:
        since = _batch_span(self.span).since if sim.log == "batch" else self.span.since
        return segments(sim.rotation, sim.stamps.zone, since, self.span.now)

    def _write_catalogue(self, entries: Mapping[str, Mapping[str, object]]) -> None:
        health = HealthServer()
        self._cleanup.callback(health.stop)
        day = ledger_batch.close_day(self.span.now)
        values = {
            "DAYS": self.days,
            "BATCH_DAYS": max(BATCH_DAYS, self.days),
            "PORT": health.port,
            "CLOSE_DAY": day if day < 31 else "L",  # cron's word for the last day
            "IMPORT_MINUTE": (self.span.now - orders.RUNNING_FOR) // 60 % 60,
        }
        self.catalogue_dir.mkdir(parents=True, exist_ok=True)
        text = catalogue_text(entries, self.hosts_dir, values)
        (self.catalogue_dir / "demo.yaml").write_text(text, encoding="utf-8")


def _batch_span(span: Span) -> Span:
    return replace(span, since=min(span.since, span.now - BATCH_DAYS * DAY))


def _logs(span: Span) -> tuple[LogSim, ...]:
    return (
        *ledger_logs(span),
        ledger_batch.batch_log(_batch_span(span)),
        *shop_logs(span),
        *orders_logs(span),
        *merch_logs(span),
    )
