"""The series of a dashboard as rows: one per bucket, empty where it was not observed."""

from collections.abc import Iterator, Sequence
from typing import Any

from psbuddy.cli.output import iso
from psbuddy.model.series import Values
from psbuddy.model.terms import LEVELS
from psbuddy.report.dashboard import Dashboard


def dashboard_rows(dashboard: Dashboard) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Header and rows. Times are UTC, ISO 8601; counts per bucket of `dashboard.step` seconds."""
    columns = _columns(dashboard)
    arrays = list(columns.values())

    def rows() -> Iterator[Sequence[Any]]:
        for index, time in enumerate(dashboard.times):
            yield [iso(int(time)), dashboard.step, *(float(array[index]) for array in arrays)]

    return ["time", "seconds", *columns], rows()


def _columns(dashboard: Dashboard) -> dict[str, Values]:
    transactions = dashboard.transactions
    levels = dashboard.levels
    return {
        "observed_share": levels.observed,
        **{f"records_{level}": levels.counts[level] for level in LEVELS if level in levels.counts},
        "errors": dashboard.errors,
        "errors_normal_low": dashboard.normal.low,
        "errors_normal": dashboard.normal.middle,
        "errors_normal_high": dashboard.normal.high,
        "transactions": transactions.count,
        "transactions_failed": transactions.failed,
        "p50_ms": transactions.p50_ms,
        "p95_ms": transactions.p95_ms,
        "p99_ms": transactions.p99_ms,
        "max_ms": transactions.max_ms,
        **{
            f"cause_{row.cause}": counts
            for row, counts in zip(dashboard.causes.rows, dashboard.causes.counts, strict=True)
        },
        "cause_other": dashboard.causes.other,
    }
