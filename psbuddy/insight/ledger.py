"""The ledger of business periods: which run is for which, and what it deserves to be told."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from psbuddy.model.terms import PeriodKind


def zone_of(name: str) -> tzinfo:
    """Time zone by its IANA name, "" is UTC. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name) if name else UTC


def period_for(kind: PeriodKind, time: int, zone: str) -> str:
    """Business period that epoch second `time` falls in: 2026-11-24, 2026-W48 or 2026-11."""
    day = datetime.fromtimestamp(time, zone_of(zone)).date()
    if kind is PeriodKind.DAY:
        return day.isoformat()
    if kind is PeriodKind.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return f"{day.year:04d}-{day.month:02d}"
