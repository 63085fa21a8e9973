"""Time zones by name, for jobs: a job without one lives in UTC."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo


def zone_of(name: str) -> tzinfo:
    """Time zone by its IANA name, "" is UTC. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name) if name else UTC
