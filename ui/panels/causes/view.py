"""The table of leading causes, and the text behind one of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from psbuddy import words
from psbuddy.insight import lives
from psbuddy.model.status import FoundExample
from psbuddy.report.values import CauseLine, Dashboard
from ui.panels.causes.story_view import example_head, marked
from ui.panels.ink import series_role
from ui.panels.values import Array, Phase

#: Examples shown for one cause.
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class CauseRowView:
    """`sort`: native values of the columns, for ordering; `texts`: the same as words."""

    cause: str
    role: str  # its colour, the same everywhere
    badge: str  # shape and word: ◇ NEW, ↩ BACK, ↗ RISING, ∅ MUTED, ≡ KNOWN, ✓ RESOLVED or ""
    texts: tuple[str, str, str, str, str]  # title, records, trend in words, first, last seen
    sort: tuple[str, int, float, int, int]
    spark: tuple[float | None, ...]  # None: not observed
    tip: str
    detail: str  # template and examples, plain text of several lines
    example: FoundExample | None = None  # the newest: where its lines can be asked for
    mark: str = ""  # what a person said of it: known, muted, resolved
    note: str = ""  # the reference of a known error
    until: int = 0  # when the mark ends, 0 = open
    aliases: int = 0  # further fingerprints that are this cause
    state: str = "ongoing"

    @property
    def quiet(self) -> bool:
        """Shown greyed: a person said that it is no alarm."""
        return self.state == "muted"


@dataclass(frozen=True, slots=True)
class CausesView:
    phase: Phase
    reason: str
    sentence: str
    rows: tuple[CauseRowView, ...]
    now: int = 0  # epoch seconds that "ago" is told from
    zone: str = ""


def waiting(phase: Phase, reason: str) -> CausesView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    return CausesView(phase, reason, reason, ())


def causes_view(
    dashboard: Dashboard, places: Mapping[str, int | None], zone: str = ""
) -> CausesView:
    """Rows in the order of the dashboard: new, back and rising ones first, then most records."""
    if not dashboard.observed and not dashboard.cause_lines:
        return waiting(Phase.UNKNOWN, "Nothing was observed in this range, so nothing is known.")
    if not dashboard.cause_lines:
        return waiting(
            Phase.EMPTY,
            "No errors or warnings were grouped in this range "
            f"({words.share(dashboard.coverage)} of it observed).",
        )
    rows = tuple(_row(line, places, dashboard.now, zone) for line in dashboard.cause_lines)
    return CausesView(Phase.READY, "", _sentence(dashboard), rows, dashboard.now, zone)


def _row(line: CauseLine, places: Mapping[str, int | None], now: int, zone: str) -> CauseRowView:
    row, trend = line.row, trend_of(line.spark)
    return CauseRowView(
        cause=row.cause,
        role=series_role(places.get(row.cause)),
        badge=lives.marked(row.state).upper(),
        state=row.state,
        texts=(
            row.title,
            words.count(row.records),
            _TRENDS[trend],
            words.when(row.first_seen, now, zone),
            words.when(row.last_seen, now, zone),
        ),
        sort=(row.title.casefold(), row.records, float(trend), row.first_seen, row.last_seen),
        spark=tuple(float(part) if np.isfinite(part) else None for part in line.spark),
        tip=_tip(line, now, zone),
        detail=_detail(line, now, zone),
        example=next((e for e in line.examples if e.host and e.log), None),
        mark=row.mark,
        note=row.note,
        until=row.until,
        aliases=row.aliases,
    )


_TRENDS = {1: "rising", 0: "level", -1: "falling"}


def trend_of(spark: Array) -> int:
    """1 rising, -1 falling, 0 neither: the last third against the first, twice or half."""
    seen = spark[np.isfinite(spark)]
    third = len(seen) // 3
    if not third:
        return 0
    early, late = float(seen[:third].sum()), float(seen[-third:].sum())
    if late > 2 * early and late - early >= 3:
        return 1
    return -1 if early > 2 * late and early - late >= 3 else 0


def _tip(line: CauseLine, now: int, zone: str) -> str:
    row = line.row
    parts = [row.title, words.quantity(row.records, "record")]
    if row.hosts:
        parts.append("on " + words.listing(row.hosts, 4))
    if meant := lives.life(row, now, zone):
        parts.append(words.capital(meant))
    if row.note and row.note not in meant:
        parts.append(row.note)
    return "\n".join(parts)


def _detail(line: CauseLine, now: int, zone: str) -> str:
    """What is known before the story of the cause is read."""
    row = line.row
    head = [marked(row.template or row.title)]
    if row.exception:
        head.append(f"Innermost exception: {row.exception}")
    if row.frame:
        head.append(f"First frame of the application: {row.frame}")
    for example in line.examples[:MOST_EXAMPLES]:
        head += ["", example_head(example, now, zone), example.text]
    return "\n".join(head)


def _sentence(dashboard: Dashboard) -> str:
    lines = dashboard.cause_lines
    fresh = sum(line.is_new for line in lines)
    said = words.quantity(len(lines), "cause")
    return f"{said}, {fresh} new." if fresh else f"{said}, none of them new."
