"""Counts the demo's logs again, with code that shares nothing with the simulator."""

import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

LEVELS = {
    "TRACE": "trace", "DEBUG": "debug", "INFO": "info", "WARN": "warning",
    "WARNING": "warning", "ERROR": "error",
}  # fmt: skip
LOGBACK = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d[.,]\d{3} +([A-Z]+) ")
ACCESS = re.compile(r"\[(\d\d/\w{3}/\d{4}:\d\d:\d\d):\d\d ([+-]\d{4})\] \"[^\"]*\" (\d{3}) ")
SYSLOG = re.compile(r"<(13[124])>(\w{3} [ \d]\d \d\d:\d\d):\d\d mer-app-1 \w+\[\d+\]: ")
SEVERITY = {"131": "error", "132": "warning", "134": "info"}

Counts = Counter[tuple[int, str]]


def lines_of(log: Path) -> list[str]:
    """All lines of a log and its rotated siblings, oldest file first."""
    files = sorted(log.parent.glob(log.name + "*"), key=lambda path: path.stat().st_mtime)
    lines = []
    for path in files:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines += data.decode("ascii").splitlines()
    return lines


def epoch(text: str, style: str, zone: str) -> int:
    moment = datetime.strptime(text, style)  # noqa: DTZ007 - the zone is given below
    return int(moment.replace(tzinfo=moment.tzinfo or ZoneInfo(zone)).timestamp())


def count_logback(lines: list[str], zone: str) -> Counts:
    found = (LOGBACK.match(line) for line in lines)
    return Counter((epoch(m[1], "%Y-%m-%d %H:%M", zone), LEVELS[m[2]]) for m in found if m)


def count_syslog(lines: list[str], zone: str, now: int) -> Counts:
    counts: Counts = Counter()
    for line in lines:
        match = SYSLOG.match(line)
        assert match, line
        year = datetime.fromtimestamp(now, ZoneInfo(zone)).year
        time = epoch(f"{year} {match[2]}", "%Y %b %d %H:%M", zone)
        if time > now:
            time = epoch(f"{year - 1} {match[2]}", "%Y %b %d %H:%M", zone)
        counts[time, SEVERITY[match[1]]] += 1
    return counts


def count_json(lines: list[str]) -> Counts:
    counts: Counts = Counter()
    for line in lines:
        record = json.loads(line)
        moment = datetime.fromisoformat(record["@timestamp"]).astimezone(UTC)
        counts[int(moment.timestamp()) // 60 * 60, LEVELS[record["level"]]] += 1
    return counts


def count_access(lines: list[str]) -> Counter[tuple[int, bool]]:
    """Requests per minute and whether they failed."""
    counts: Counter[tuple[int, bool]] = Counter()
    for line in lines:
        match = ACCESS.search(line)
        assert match, line
        minute = epoch(f"{match[1]} {match[2]}", "%d/%b/%Y:%H:%M %z", "UTC")
        counts[minute, match[3][0] == "5"] += 1
    return counts
