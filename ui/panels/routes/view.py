"""The table of routes. Pure."""

from dataclasses import dataclass

import numpy as np

from psbuddy import words
from psbuddy.model.observation import OTHER_ROUTES
from psbuddy.model.series import RouteRow
from psbuddy.report.values import Dashboard
from ui.panels.nothing import is_blank
from ui.panels.values import Phase

#: From this share of failures on a number is set in the colour of trouble.
_MANY = 0.01


@dataclass(frozen=True, slots=True)
class RouteRowView:
    """`sort`: native values of the columns, for ordering; `texts`: the same as words."""

    route: str
    texts: tuple[str, str, str, str, str, str]
    sort: tuple[str, int, float, float, float, float]
    failing: bool  # a share of failures that should be seen
    quiet: bool  # the sum of the others
    tip: str


@dataclass(frozen=True, slots=True)
class RoutesView:
    phase: Phase
    reason: str
    sentence: str
    rows: tuple[RouteRowView, ...]


def waiting(phase: Phase, reason: str) -> RoutesView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    return RoutesView(phase, reason, reason, ())


def routes_view(dashboard: Dashboard) -> RoutesView:
    """Rows in the order of the dashboard: most failures first, then the slowest."""
    if dashboard.routes:
        rows = tuple(_row(row) for row in dashboard.routes)
        return RoutesView(Phase.READY, "", f"{words.quantity(len(rows), 'route')}.", rows)
    if is_blank(dashboard):
        return waiting(Phase.UNKNOWN, "")
    if not np.nansum(dashboard.transactions.count) > 0:
        return waiting(Phase.EMPTY, "")  # the panel of transactions says why
    if dashboard.routes_named:
        return waiting(Phase.EMPTY, "None of the transactions in this range named a route.")
    return waiting(
        Phase.EMPTY,
        "The logs with these transactions name no route. Access logs do, and records in JSON "
        "with a path beside their duration; a pattern of the catalogue may have the group “route”.",
    )


def _row(row: RouteRow) -> RouteRowView:
    quiet = row.route == OTHER_ROUTES
    name = "all other routes" if quiet else row.route
    share = words.share(row.failed_share)
    return RouteRowView(
        route=row.route,
        texts=(
            name,
            words.count(row.transactions),
            f"{words.count(row.failed)} = {share}" if row.failed else "0",
            _lasted(row.p50_ms),
            _lasted(row.p95_ms),
            _lasted(row.max_ms),
        ),
        sort=(
            name.casefold(),
            row.transactions,
            float(row.failed),
            row.p50_ms or 0.0,
            row.p95_ms or 0.0,
            row.max_ms or 0.0,
        ),
        failing=row.failed_share >= _MANY,
        quiet=quiet,
        tip=_tip(row, name),
    )


def _lasted(milliseconds: float | None) -> str:
    return "" if milliseconds is None else words.duration(milliseconds / 1000)


def _tip(row: RouteRow, name: str) -> str:
    parts = [
        name,
        f"{words.quantity(row.transactions, 'transaction')}, {words.count(row.failed)} failed",
    ]
    if row.p50_ms is not None:
        shown = (("median", row.p50_ms), ("95 % within", row.p95_ms), ("99 % within", row.p99_ms))
        parts.append(", ".join(f"{word} {_lasted(value)}" for word, value in shown))
        if row.total_ms is not None:
            parts.append(f"{words.duration(row.total_ms / 1000)} of work in all")
    return "\n".join(parts)
