"""Routes in the order a person wants them, and what is worst in one sentence."""

from collections.abc import Iterable, Sequence

from psbuddy import words
from psbuddy.model.observation import OTHER_ROUTES
from psbuddy.model.series import RouteRow

#: Routes with fewer transactions are no example of a slow one: the slowest of three is chance.
_ENOUGH = 20


def worst_first(rows: Iterable[RouteRow]) -> tuple[RouteRow, ...]:
    """Most failures first, then the slowest; the sum of the others last."""
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                row.route == OTHER_ROUTES,
                -row.failed,
                -(row.p95_ms or 0.0),
                -row.transactions,
                row.route,
            ),
        )
    )


def worst_sentence(rows: Sequence[RouteRow]) -> str:
    """Which route fails most, which is slowest; "" where neither can be told."""
    named = [row for row in rows if row.route != OTHER_ROUTES]
    parts = []
    failing = max(named, key=lambda row: row.failed, default=None)
    if failing is not None and failing.failed:
        share = words.share(failing.failed_share)
        parts.append(
            f"{failing.route} fails most: {words.count(failing.failed)} of "
            f"{words.count(failing.transactions)} ({share})."
        )
    timed = [row for row in named if row.p95_ms is not None and row.transactions >= _ENOUGH]
    slowest = max(timed, key=lambda row: row.p95_ms or 0.0, default=None)
    if slowest is not None and slowest.p95_ms is not None:
        within = words.duration(slowest.p95_ms / 1000)
        same = slowest is failing and bool(parts)
        name = "It is the slowest, too" if same else f"{slowest.route} is slowest"
        parts.append(f"{name}: 95 % within {within}.")
    return " ".join(parts)
