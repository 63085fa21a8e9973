"""What the status strips say and draw. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psbuddy import words
from psbuddy.model.series import Interval, Strip
from psbuddy.model.terms import State
from psbuddy.report.values import CheckStrip, Dashboard
from ui.panels.values import Line, Phase, Reading, Spans

#: Rows beyond this many are named in a sentence instead.
MOST_ROWS = 12
_SAID = {
    State.UP: "up",
    State.WATCH: "watch",
    State.DOWN: "down",
    State.UNKNOWN: "unknown",
    State.PAUSED: "paused",
}


@dataclass(frozen=True, slots=True)
class StripRow:
    """One strip. `spans`: by state, the stretches to paint; unknown ones are hatched."""

    name: str
    spans: tuple[tuple[State, Spans], ...]
    intervals: tuple[Interval, ...]
    share: str  # availability in words
    coverage: str

    def at(self, moment: float) -> Interval | None:
        index = bisect_right(self.intervals, moment, key=lambda item: item.start) - 1
        if index < 0 or moment > self.intervals[index].end:
            return None
        return self.intervals[index]


@dataclass(frozen=True, slots=True)
class UptimeView:
    phase: Phase
    reason: str
    sentence: str
    rows: tuple[StripRow, ...]

    def at(self, moment: float | None) -> Reading:
        """One line per row: its share of up time, and its state at the moment."""
        return Reading("", tuple(_line(row, moment) for row in self.rows))

    def reason_at(self, row: int, moment: float) -> str:
        """The whole story of one place of a strip, for its tooltip."""
        found = self.rows[row].at(moment) if 0 <= row < len(self.rows) else None
        if found is None:
            return ""
        said = f"{self.rows[row].name}: {_SAID[found.state]} for "
        return f"{said}{words.span(found.end - found.start)}. {found.reason}".strip()


def waiting(phase: Phase, reason: str) -> UptimeView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    return UptimeView(phase, reason, reason, ())


def uptime_view(dashboard: Dashboard) -> UptimeView:
    """Hosts first, then the checks that have something to tell, then the others."""
    names = short_names([strip.host for strip in dashboard.strips])
    hosts = [_row(s, name) for s, name in zip(dashboard.strips, names, strict=True)]
    if not hosts:
        return waiting(Phase.EMPTY, "No hosts are named for this application in the catalogue.")
    checks = sorted(dashboard.checks, key=_order)
    short = dict(zip((strip.host for strip in dashboard.strips), names, strict=True))
    rows = hosts + [_row(c.strip, _check_name(c, dashboard.checks, short)) for c in checks]
    return UptimeView(Phase.READY, "", _sentence(dashboard, len(rows)), tuple(rows[:MOST_ROWS]))


def short_names(hosts: Sequence[str]) -> list[str]:
    """Host names without the domain that all of them share."""
    domains = {host.partition(".")[2] for host in hosts}
    if len(hosts) < 2 or len(domains) != 1 or domains == {""}:
        return list(hosts)
    return [host.partition(".")[0] for host in hosts]


def _order(check: CheckStrip) -> tuple[bool, bool, str, str]:
    """Trouble first, checks that were never seen last."""
    strip = check.strip
    return not _troubled(strip), strip.availability is None, check.check, strip.host


def _troubled(strip: Strip) -> bool:
    return any(item.state in (State.DOWN, State.WATCH) for item in strip.intervals)


def _check_name(check: CheckStrip, checks: Sequence[CheckStrip], short: Mapping[str, str]) -> str:
    """A check that several hosts have carries the host's name too."""
    if sum(other.check == check.check for other in checks) < 2:
        return check.check
    return f"{check.check} {short.get(check.strip.host, check.strip.host)}"


def _row(strip: Strip, name: str) -> StripRow:
    spans: dict[State, list[tuple[float, float]]] = {}
    for item in strip.intervals:
        spans.setdefault(item.state, []).append((item.start, item.end))
    return StripRow(
        name=name,
        spans=tuple((state, tuple(found)) for state, found in spans.items()),
        intervals=strip.intervals,
        share=words.share(strip.availability),
        coverage=words.share(strip.observed),
    )


def _line(row: StripRow, moment: float | None) -> Line:
    if moment is None:
        seen = {"100 %": "", "0 %": "not observed"}.get(row.coverage, f"{row.coverage} observed")
        return Line(seen, row.share)
    found = row.at(moment)
    if found is None:
        return Line("not observed", row.share, "state unknown", "state unknown")
    said = _SAID[found.state] if not found.reason else f"{_SAID[found.state]}: {found.reason}"
    return Line(said, row.share, f"state {found.state}", f"state {found.state}")


def _sentence(dashboard: Dashboard, rows: int) -> str:
    known = [s for s in dashboard.strips if s.availability is not None]
    down = [s.host for s in known if s.availability is not None and s.availability < 1]
    said = f"{words.quantity(len(dashboard.strips), 'host')}"
    said += f", not always up: {words.listing(down)}." if down else ", none was seen down."
    if len(known) < len(dashboard.strips):
        said += f" Nothing is known of {len(dashboard.strips) - len(known)}."
    if rows > MOST_ROWS:
        said += f" {rows - MOST_ROWS} more rows are not drawn."
    return said
