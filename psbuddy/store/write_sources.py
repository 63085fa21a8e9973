"""Where reading of every log stands: positions, coverage, gaps, what was understood."""

import json
from typing import Final

from psbuddy.model.observation import Gap, Position
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch, Reading
from psbuddy.store.caps import DETAIL, TEXT, cap
from psbuddy.store.names import SourceRow
from psbuddy.store.sql import Cursor, insert

#: A line stamped earlier than this before now is not taken for the beginning of observation.
_OLDEST: Final = 20 * 366 * 86_400

_POSITION: Final = insert(
    t.position,
    *("source_id", "path", "device", "inode", "byte_offset", "size", "modified"),
    *("head_length", "head_hash", "tail_hash", "carry"),
)
_SOURCE: Final = """UPDATE source SET version = version + 1,
  format = CASE WHEN ? <> '' THEN ? ELSE format END,
  lines = lines + ?, records = records + ?, unparsed_lines = unparsed_lines + ?,
  unparsed_bytes = unparsed_bytes + ?, bytes_read = bytes_read + ?,
  oversize_records = oversize_records + ?, held_bytes = ?, backlog_bytes = ?,
  first_observed = ?, read_until = ?, read_at = ?, problems = ?
WHERE source_id = ?"""
_GAP: Final = insert(t.gap, "source_id", "from_time", "to_time", "reason", "bytes", "noticed")


def stored_positions(
    cursor: Cursor, host: str, app: str, log: str
) -> tuple[int, tuple[Position, ...]]:
    """Version and positions of one log; (0, ()) before its first commit."""
    cursor.execute(
        "SELECT source_id, version FROM source JOIN application USING (app_id) "
        "JOIN host USING (host_id) WHERE app = ? AND host = ? AND log = ?",
        (cap(app), cap(host), cap(log)),
    )
    row = cursor.fetchone()
    if row is None:
        return 0, ()
    cursor.execute(
        "SELECT path, device, inode, byte_offset, size, modified, head_length, head_hash, "
        "tail_hash, carry FROM position WHERE source_id = ? ORDER BY path",
        (row[0],),
    )
    return row[1], tuple(
        Position(_path(path), int(device), int(inode), *rest)
        for path, device, inode, *rest in cursor.fetchall()
    )


def write_sources(batch: Batch) -> None:
    """Replace positions and move coverage on; last, because others need what was before."""
    states = []
    positions: dict[int, tuple[Position, ...]] = {}
    for reading in batch.readings:
        source = batch.names.source(reading.log.app, reading.host, reading.log.log)
        _write_gaps(batch, reading, source)
        after = _coverage(batch.now, reading, source)
        states.append(_state(reading, after))
        positions[source.source_id] = reading.log.positions
        batch.names.read(reading.host, reading.log.log, after)
        batch.touched.apps.add(source.app)
    batch.cursor.executemany(_SOURCE, states)
    batch.cursor.executemany(
        "DELETE FROM position WHERE source_id = ?", [(source_id,) for source_id in positions]
    )
    batch.cursor.executemany(
        _POSITION, [_position(key, p) for key, found in positions.items() for p in found]
    )


def _position(source_id: int, p: Position) -> tuple[object, ...]:
    return (
        *(source_id, _path_text(p.path), str(p.device), str(p.inode), p.offset, p.size, p.modified),
        *(p.head_length, cap(p.head_hash), cap(p.tail_hash), p.carry),
    )


def _path_text(path: str) -> str:
    """A path as text. File names need not be UTF-8: one that is not is kept as JSON."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return json.dumps(path)
    return json.dumps(path) if path.startswith('"') else path


def _path(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text


def _coverage(now: int, reading: Reading, source: SourceRow) -> SourceRow:
    log = reading.log
    until = max(source.read_until, log.read_until)
    known = [c.minute for c in log.levels if now - _OLDEST <= c.minute <= now]
    known += [first for first in (source.first_observed, log.read_until) if first > 0]
    first = min(known, default=0)
    return SourceRow(source.source_id, source.app, source.version + 1, first, until)


def _state(reading: Reading, after: SourceRow) -> tuple[object, ...]:
    log = reading.log
    problems = json.dumps([cap(problem, DETAIL) for problem in log.problems[:50]])
    return (
        *(cap(log.format), cap(log.format), log.lines, log.records, log.unparsed_lines),
        *(log.unparsed_bytes, log.bytes_read, log.oversize_records, log.held_bytes),
        *(log.backlog_bytes, after.first_observed, after.read_until, reading.started),
        *(problems, after.source_id),
    )


def _write_gaps(batch: Batch, reading: Reading, source: SourceRow) -> None:
    rows = []
    for gap in reading.log.gaps:
        since, until = _bounds(gap, reading, source)
        reason = cap(gap.reason, TEXT)
        rows.append((source.source_id, since, until, reason, gap.bytes, reading.started))
        batch.touched.fact(source.app, "gaps", since, until)
    if rows:
        batch.cursor.executemany(_GAP, rows)


def _bounds(gap: Gap, reading: Reading, source: SourceRow) -> tuple[int, int]:
    """When the lost lines were written: where not told, between the two reads around."""
    since = gap.from_time or source.read_until or reading.started
    until = gap.to_time if gap.to_time > gap.from_time else reading.started
    return since, max(since, until)
