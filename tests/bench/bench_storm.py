"""How long the window's event loop is held while two hundred hosts come in at once.

The real window with its real engine as a child, 200 hosts over real OpenSSH servers, ten
applications, from nothing: every host is logged in to, read and committed. The servers share the
machine's processors, so the wall clock counts their storm too; a bare window beside the same
storm, in the same run, says how much of a gap is the machine's. The bar is on what the window's
own thread burns in one turn. `PSBUDDY_BENCH_HOSTS` says how many hosts.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.sshfleet import Host, fleet
from tests.support.catalogues import write_records
from ui.probe import TurnProbe
from ui.routing import Routing
from ui.theme import ThemeWatch

HOSTS = int(os.environ.get("PSBUDDY_BENCH_HOSTS", "200"))
APPLICATIONS = min(10, HOSTS)  # each has a host
SECONDS, AFTER_SECONDS = 120.0, 5.0
MOST_MS = 50.0
_PERIOD_MS = 5


class Gaps(QObject):
    """A timer that wants to fire every few milliseconds, and how late it was at worst."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_PERIOD_MS)

    def stop(self) -> None:
        self._timer.stop()

    def told(self) -> str:
        ordered = sorted(self.late_ms)
        return f"99 % within {ordered[len(ordered) * 99 // 100]:.1f} ms, worst {ordered[-1]:.1f} ms"

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - _PERIOD_MS))
        self._last = now


def catalogue(hosts: list[Host], folder: Path, log: Path) -> None:
    """Ten applications over the hosts."""
    folder.mkdir()
    lines = ["hosts:"]
    for host in hosts:
        lines += [
            f"  {host.alias}:",
            f"    address: {host.address}",
            f"    port: {host.server.port}",
            f"    user: {host.server.user}",
            f"    identity_file: {host.server.identity_file}",
            f"    known_hosts: {host.server.known_hosts}",
        ]
    lines.append("applications:")
    for number in range(APPLICATIONS):
        names = ", ".join(host.alias for host in hosts[number::APPLICATIONS])
        lines += [
            f"  app-{number}:",
            f"    hosts: [{names}]",
            "    every: 30s",
            f"    logs: {{app: {{path: {log}, timezone: UTC}}}}",
        ]
    (folder / "storm.yaml").write_text("\n".join(lines) + "\n")


class Watch(threading.Thread):
    """Looks into the store from a thread of its own until every host was read, and some more."""

    def __init__(self, db: Path, hosts: int) -> None:
        super().__init__(daemon=True)
        self._db, self._hosts = db, hosts
        self._never = threading.Event()
        self.seconds = 0.0
        self.read = 0

    def run(self) -> None:
        began = time.monotonic()
        while self.read < self._hosts and time.monotonic() < began + SECONDS:
            self._never.wait(0.25)  # the store tells nobody: it is asked, seldom beside a storm
            self.read = self._count()
        self.seconds = time.monotonic() - began
        self._never.wait(AFTER_SECONDS)  # what a storm leaves to do is measured too

    def _count(self) -> int:
        if not self._db.exists():
            return 0
        asked = "SELECT count(DISTINCT host_id) FROM collection WHERE outcome = 'ok'"
        try:
            with closing(sqlite3.connect(f"file:{self._db}?mode=ro", uri=True)) as store:
                return int(store.execute(asked).fetchone()[0])
        except sqlite3.Error:  # the store is being made
            return self.read


def storm(app: QApplication, db: Path) -> tuple[Watch, Gaps, TurnProbe]:
    """Run the loop until every host was read."""
    watch, gaps, probe = Watch(db, HOSTS), Gaps(), TurnProbe(MOST_MS)
    look = QTimer()
    look.timeout.connect(lambda: None if watch.is_alive() else app.quit())
    watch.start()
    look.start(100)
    app.exec()
    look.stop()
    gaps.stop()
    probe.stop()
    return watch, gaps, probe


def beside(app: QApplication, db: Path, folder: Path) -> Gaps:
    """A bare window while the engine alone makes the same storm."""
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    command = [sys.executable, "-m", "psbuddy", "--db", str(db), "--catalogue", str(folder)]
    engine = subprocess.Popen(
        [*command, "collect", "--watch", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, gaps, _ = storm(app, db)
    engine.communicate()  # its stdin ends, and it with it
    window.close()
    return gaps


def ours(app: QApplication, db: Path, folder: Path) -> tuple[Watch, Gaps, TurnProbe]:
    """The product's window with its engine."""
    theme = ThemeWatch(app)
    routing = Routing(app, theme, str(db), folder, engine=True)
    routing.open()
    measured = storm(app, db)
    routing.close()
    return measured


def main() -> int:
    app = QApplication(sys.argv)
    with tempfile.TemporaryDirectory() as name, fleet(Path(name), HOSTS) as hosts:
        root = Path(name)
        log = root / "app.log"
        write_records(log, 3000)
        catalogue(hosts, root / "catalogue", log)
        watch, gaps, probe = ours(app, root / "ours" / "psbuddy.db", root / "catalogue")
        bare = beside(app, root / "bare" / "psbuddy.db", root / "catalogue")
    print(f"{watch.read} of {HOSTS} hosts read in {watch.seconds:.1f} s, servers on this machine")
    print(f"  gaps of our window          {gaps.told()}")
    print(f"  gaps of a bare window       {bare.told()}")
    worst = probe.worst
    met = watch.read == HOSTS and worst.cpu_ms <= MOST_MS
    print(
        f"  longest turn of {probe.turns}: {worst.cpu_ms:.1f} ms CPU, {worst.wall_ms:.1f} ms wall"
    )
    turn = f"longest of {probe.turns} turns: {worst.cpu_ms:.1f} ms CPU"
    print(f"{'kept' if met else 'MISSED'}    {turn}, at most {MOST_MS:g}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
