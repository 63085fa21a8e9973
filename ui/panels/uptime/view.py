"""What the status strips say and draw. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from psbuddy import words
from psbuddy.model.series import Interval, Strip
from psbuddy.model.terms import State
from psbuddy.report.values import CheckStrip, Dashboard
from ui.panels.values import Line, Phase, Reading, Spans, lag_of

#: Rows beyond this many are named in a sentence instead.
MOST_ROWS = 12
#: A history is short when this much of what is missing lies at the start of the range.
_SHORT = 0.9
_SEEN = (State.UP, State.WATCH, State.DOWN)
_NO_SHARE = words.share(None)
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
    coverage: str  # how much of the range was observed, or since when; "" for all of it
    host: str = ""  # the host a click on the name leads to, "" for a check
    checks: tuple[tuple[str, Strip], ...] = ()  # told in this row's words, not drawn

    def at(self, moment: float) -> Interval | None:
        return _interval_at(self.intervals, moment)

    def checks_at(self, moment: float) -> str:
        """`service, health up`: what the checks folded into this row say at a moment."""
        said: dict[State, list[str]] = {}
        for name, strip in self.checks:
            found = _interval_at(strip.intervals, moment)
            if found is not None and found.state is not State.UNKNOWN:
                said.setdefault(found.state, []).append(name)
        return "; ".join(f"{', '.join(names)} {_SAID[state]}" for state, names in said.items())


@dataclass(frozen=True, slots=True)
class UptimeView:
    phase: Phase
    reason: str
    sentence: str
    rows: tuple[StripRow, ...]

    def at(self, moment: float | None) -> Reading:
        """One line per row: its share of up time, and its state at the moment.

        Where nothing is known of the moment no share stands beside it.
        """
        return Reading("", tuple(_line(row, moment) for row in self.rows))

    def reason_at(self, row: int, moment: float) -> str:
        """The whole story of one place of a strip, for its tooltip."""
        found = self.rows[row].at(moment) if 0 <= row < len(self.rows) else None
        if found is None:
            return ""
        said = f"{self.rows[row].name}: {_SAID[found.state]} for "
        checks = self.rows[row].checks_at(moment)
        more = [part for part in (found.reason, f"Checks: {checks}." if checks else "") if part]
        return " ".join([f"{said}{words.span(found.end - found.start)}.", *more])


def waiting(phase: Phase, reason: str) -> UptimeView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    return UptimeView(phase, reason, reason, ())


def _interval_at(intervals: Sequence[Interval], moment: float) -> Interval | None:
    index = bisect_right(intervals, moment, key=lambda item: item.start) - 1
    return intervals[index] if index >= 0 and moment <= intervals[index].end else None


def uptime_view(dashboard: Dashboard, zone: str = "") -> UptimeView:
    """Hosts first, then the checks that tell more than their host's row does.

    A host's row holds its checks already: one that was never down, or down just when its host
    was, is told in that row's words. A check seen from no host of the application has a row.
    """
    if not dashboard.strips:
        return waiting(Phase.EMPTY, "No hosts are named for this application in the catalogue.")
    hosts = {strip.host: strip for strip in dashboard.strips}
    names = short_names(list(hosts))
    short = dict(zip(hosts, names, strict=True))
    own = sorted((c for c in dashboard.checks if _own_row(c, hosts)), key=_order)
    folded = [check for check in dashboard.checks if check not in own]
    rows = [
        replace(
            _row(strip, short[host], dashboard, zone),
            host=host,
            checks=tuple((c.check, c.strip) for c in folded if c.strip.host == host),
        )
        for host, strip in hosts.items()
    ]
    rows += [_row(c.strip, _check_name(c, own, short), dashboard, zone) for c in own]
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


def _own_row(check: CheckStrip, hosts: Mapping[str, Strip]) -> bool:
    host = hosts.get(check.strip.host)
    return host is None or (_troubled(check.strip) and _downs(check.strip) != _downs(host))


def _downs(strip: Strip) -> list[tuple[int, int]]:
    return [(item.start, item.end) for item in strip.intervals if item.state is State.DOWN]


def _troubled(strip: Strip) -> bool:
    return any(item.state in (State.DOWN, State.WATCH) for item in strip.intervals)


def _check_name(check: CheckStrip, checks: Sequence[CheckStrip], short: Mapping[str, str]) -> str:
    """A check that several hosts have carries the host's name too."""
    if sum(other.check == check.check for other in checks) < 2:
        return check.check
    return f"{check.check} {short.get(check.strip.host, check.strip.host)}"


def _coverage(strip: Strip, dashboard: Dashboard, zone: str) -> str:
    """How much was seen; of a short history, since when; of one not seen now, until when."""
    if strip.availability is None:
        return "not observed"
    last = strip.intervals[-1]
    if last.state is State.UNKNOWN and last.end - last.start > lag_of(dashboard):
        return f"as last seen {words.clock(last.start, dashboard.now, zone)}"
    first = strip.intervals[0]
    if first.state is State.UNKNOWN and first.end - first.start >= _SHORT * (1 - strip.observed) * (
        dashboard.until - dashboard.since
    ):
        return f"observed since {words.clock(first.end, dashboard.now, zone)}"
    seen = words.share(strip.observed)
    return "" if seen == "100 %" else f"{seen} observed"


def _row(strip: Strip, name: str, dashboard: Dashboard, zone: str) -> StripRow:
    spans: dict[State, list[tuple[float, float]]] = {}
    for item in strip.intervals:
        spans.setdefault(item.state, []).append((item.start, item.end))
    return StripRow(
        name=name,
        spans=tuple((state, tuple(found)) for state, found in spans.items()),
        intervals=strip.intervals,
        share=words.share(strip.availability),
        coverage=_coverage(strip, dashboard, zone),
    )


def _line(row: StripRow, moment: float | None) -> Line:
    if moment is None:
        return Line(row.coverage, row.share)
    found = row.at(moment)
    if found is None:
        return Line("not observed", _NO_SHARE, "state unknown", "state unknown")
    more = found.reason or row.checks_at(moment)
    said = f"{_SAID[found.state]}: {more}" if more else _SAID[found.state]
    # Beside "unknown" the share of the rest of the range would read as that of this moment.
    share = row.share if found.state in _SEEN else _NO_SHARE
    return Line(said, share, f"state {found.state}", f"state {found.state}")


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
