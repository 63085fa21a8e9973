"""Lists the records of one file one by one: what `psbuddy scan --assign` prints."""

import json
import re

from psbhost.causes import message_and_stack
from psbhost.formats import NAMES, Recogniser
from psbhost.masks import plain
from psbhost.positions import Evidence
from psbhost.records import Splitter
from psbhost.sources import Source
from psbhost.stamps import StampReader
from psbhost.texts import Text
from psbhost.traces import trace_of
from psbhost.zones import Zone

MAX_ROWS = 4000


def listing(request: dict) -> dict:
    """One page of records from `offset` on; ask again with `next` until `end`.

    A row: lines of the record, time, level, message, exception, frame. A row whose time is
    null stands for lines in front of the first record.
    """
    only, pattern = request.get("format") or None, request.get("pattern")
    if only is not None and only not in NAMES:
        raise ValueError("unknown format %r; known are %s" % (only, ", ".join(NAMES)))
    source = Source(request["path"])
    try:
        reader = StampReader(Zone(request.get("zone")), source.modified, source.path)
        compiled = re.compile(pattern.encode("utf-8")) if pattern else None
        recogniser = Recogniser(reader, only, compiled)
        carry = json.loads(request.get("carry") or "{}")
        splitter = Splitter(recogniser, carry, source.modified)
        return _page(source, int(request.get("offset") or 0), splitter, recogniser)
    finally:
        source.close()


def _page(source, offset, splitter, recogniser):
    rows, rest, ended = [], b"", True
    evidence = Evidence(source, offset)
    text = Text(source, offset, evidence)
    for block in text.blocks():
        data = rest + block
        before = splitter.lines
        batch, rest = splitter.split(data)
        text.counted(data[: len(data) - len(rest)])
        _rows(rows, batch, splitter.lines - before, recogniser)
        if len(rows) >= MAX_ROWS:
            ended = False
            break
    if ended and rest:
        before = splitter.lines
        batch = splitter.finish(rest)
        text.counted(rest)
        _rows(rows, batch, splitter.lines - before, recogniser)
    carry = json.dumps(splitter.carry())
    return {"op": "assign", "rows": rows, "next": evidence.offset, "carry": carry, "end": ended}


def _rows(rows, batch, lines, recogniser):
    counts = [record.count(b"\n") + 1 for record in batch.records]
    loose = lines - sum(counts)
    if loose > 0 and rows and rows[-1][1] is not None:
        rows[-1][0] += loose
    elif loose > 0:
        rows.append([loose, None, 0, "", "", ""])
    for index, count in enumerate(counts):
        record = batch.record(index)
        message, stack = message_and_stack(record, batch.head(index, recogniser))
        names = trace_of(stack[:65536].decode("utf-8", "replace")) if stack else ("", "")
        text = plain(message, 1024).strip()
        rows.append([count, batch.times[index], batch.levels[index], text, names[0], names[1]])
