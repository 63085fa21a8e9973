"""Tables as CSV that a spreadsheet opens without executing any of it."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from psbuddy.insight.lives import life
from psbuddy.model.terms import LEVELS
from psbuddy.report.files import in_one_step
from psbuddy.report.values import Dashboard

Cell = str | int | float | None
Rows = list[list[Cell]]

_PIECE = 5_000  # rows written at once

#: First characters by which a spreadsheet takes a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def to_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """CSV text with a header row first. Unknown is an empty cell, never 0."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def write_csv(file: Path, rows: Iterable[Sequence[Cell]]) -> int:
    """Write a long table, header first, in pieces, and put it in place in one step.

    Returns the number of rows without the header. UTF-8 with a mark, for spreadsheets. Raises
    UnwritableError.
    """
    written = -1
    with in_one_step(file) as write:
        write(BOM_UTF8)
        waiting = iter(rows)
        while piece := list(islice(waiting, _PIECE)):
            write(to_csv(piece).encode())
            written += len(piece)
    return written


def series_rows(dashboard: Dashboard) -> Rows:
    """A row per bucket, times as UTC ISO text: records by level, normal errors, transactions and
    latency, share observed."""
    levels, transactions = dashboard.levels, dashboard.transactions
    columns = {
        **{level.value: levels.counts[level] for level in LEVELS},
        "errors": dashboard.errors,
        "normal_errors": dashboard.normal.middle,
        "normal_errors_high": dashboard.normal.high,
        "transactions": transactions.count,
        "failed": transactions.failed,
        "p50_ms": transactions.p50_ms,
        "p95_ms": transactions.p95_ms,
        "max_ms": transactions.max_ms,
        "observed": levels.observed,
    }
    rows: Rows = [["time", *columns]]
    for i, time in enumerate(levels.times.tolist()):
        rows.append([_iso(time), *(_number(values[i]) for values in columns.values())])
    return rows


def cause_csv_rows(dashboard: Dashboard, zone: str = "") -> Rows:
    """Causes of the range with their state, also in words, their template and one example."""
    rows: Rows = [
        ["cause", "level", "title", "template", "records", "state", "told", "mark", "reference",
         "mark_until", "first_seen", "last_seen", "hosts", "example"]
    ]  # fmt: skip
    for line in dashboard.cause_lines:
        row = line.row
        example = line.examples[0].text if line.examples else ""
        rows.append(
            [row.cause, row.level.value, row.title, row.template, row.records, row.state,
             life(row, dashboard.now, zone), row.mark, row.note, _iso(row.until),
             _iso(row.first_seen), _iso(row.last_seen), " ".join(row.hosts), example]
        )  # fmt: skip
    return rows


def run_csv_rows(dashboard: Dashboard) -> Rows:
    """Runs of the range, each with what was expected of it."""
    rows: Rows = [
        ["job", "host", "period", "started", "ended", "seconds", "outcome", "volume", "verdict",
         "expected_seconds", "low_seconds", "high_seconds", "actor", "reason"]
    ]  # fmt: skip
    for line in dashboard.jobs:
        band = line.history.band
        for i, run in enumerate(line.history.runs):
            expected = (
                [_number(edge[i]) for edge in (band.middle, band.low, band.high)]
                if band is not None
                else [None, None, None]
            )
            rows.append(
                [run.job, run.host, run.period, _iso(run.started), _iso(run.ended), run.seconds,
                 run.outcome.value, run.volume, run.verdict.value, *expected, run.actor, run.reason]
            )  # fmt: skip
    return rows


def _cell(value: Cell) -> Cell:
    """Text that would be a formula gets an apostrophe; control characters are left out."""
    if not isinstance(value, str):
        return value
    text = "".join(c for c in value if c in "\n\t" or c.isprintable())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: float) -> Cell:
    if not np.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else round(float(value), 6)


def _iso(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else ""
