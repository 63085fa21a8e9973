"""Rotated siblings of a log: where history is put, and what logrotate does to a living file."""

import gzip
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from psbuddy.demo.sim import Rotation

_SQUEEZE = 1  # zlib level: the demo must start soon
_NUMBERED = re.compile(r"\.(\d+)(\.gz)?$")


@dataclass(frozen=True, slots=True)
class Segment:
    """What one file of a log holds: [since, until) seconds. `suffix` "" is the living one."""

    since: int
    until: int
    suffix: str

    @property
    def packed(self) -> bool:
        return self.suffix.endswith(".gz")


def segments(rotation: Rotation, zone: str, since: int, now: int) -> tuple[Segment, ...]:
    """Files that [since, now) lies in, oldest first, with delaycompress as logrotate does."""
    cuts = [since, *midnights(rotation.days, zone, since, now)]
    ends = [*cuts[1:], now]
    files = len(cuts)
    return tuple(
        Segment(begin, end, _suffix(rotation, zone, end, files - 1 - place))
        for place, (begin, end) in enumerate(zip(cuts, ends, strict=True))
    )


def midnights(days: int, zone: str, since: int, until: int) -> Iterator[int]:
    """Local midnights in (since, until) at which a log with that period is rotated."""
    there = ZoneInfo(zone)
    day = datetime.fromtimestamp(since, there).date()
    while True:
        day += timedelta(days=1)
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=there).timestamp())
        if midnight >= until:
            return
        if midnight > since and day.toordinal() % days == 0:  # an ordinal of 7 n is a Sunday
            yield midnight


def _suffix(rotation: Rotation, zone: str, end: int, age: int) -> str:
    if age == 0:
        return ""
    packed = ".gz" if age > 1 else ""
    if rotation.dated:
        return f"-{datetime.fromtimestamp(end, ZoneInfo(zone)):%Y%m%d}{packed}"
    return f".{age}{packed}"


def write_segment(log: Path, segment: Segment, data: bytes) -> None:
    """Write one file of a log's history, stamped with the time of its last record."""
    path = log.with_name(log.name + segment.suffix)
    path.write_bytes(_pack(data, segment.until) if segment.packed else data)
    os.utime(path, (segment.until, segment.until))


def rotate(log: Path, rotation: Rotation, now: int) -> None:
    """One rotation of a living log: by renaming, or by copying and truncating.

    After a renaming the writer goes on in the renamed file until it opens its log again,
    as a real program does. Numbered names only move on; dated ones are made unique.
    """
    first = _dated_name(log, now) if rotation.dated else log.with_name(log.name + ".1")
    if not rotation.dated:
        _shift(log, rotation.keep)
    if rotation.copytruncate:
        shutil.copy2(log, first)
        os.truncate(log, 0)
    else:
        log.rename(first)
        log.touch()


def _dated_name(log: Path, now: int) -> Path:
    day = datetime.fromtimestamp(now, UTC)
    name = log.with_name(f"{log.name}-{day:%Y%m%d}")
    return name if not name.exists() else log.with_name(f"{log.name}-{day:%Y%m%d%H%M%S}")


def _shift(log: Path, keep: int) -> None:
    numbers = {}
    for path in log.parent.glob(log.name + ".*"):
        match = _NUMBERED.fullmatch(path.name[len(log.name) :])
        if match:
            numbers[int(match[1])] = path
    for number in sorted(numbers, reverse=True):
        path = numbers[number]
        if number >= keep:
            path.unlink()
        elif path.suffix == ".gz":
            path.rename(log.with_name(f"{log.name}.{number + 1}.gz"))
        else:
            _pack_away(path, log.with_name(f"{log.name}.{number + 1}.gz"))


def _pack_away(path: Path, packed: Path) -> None:
    modified = path.stat().st_mtime
    draft = packed.with_suffix(".part")
    draft.write_bytes(_pack(path.read_bytes(), int(modified)))
    os.utime(draft, (modified, modified))
    draft.rename(packed)
    path.unlink()


def _pack(data: bytes, modified: int) -> bytes:
    return gzip.compress(data, _SQUEEZE, mtime=modified)
