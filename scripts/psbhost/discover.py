"""Finds logs that are being written in a host's usual folders, with a preview of each."""

import os
import time

from psbhost import levels
from psbhost.formats import Recogniser
from psbhost.jobs import Watches
from psbhost.masks import plain
from psbhost.records import Splitter
from psbhost.sources import PACKED, Source
from psbhost.stamps import StampReader
from psbhost.tally import Tally
from psbhost.transactions import Rule
from psbhost.zones import Zone

MAX_FOLDERS = 4000
MAX_FILES = 20000
MAX_LOGS = 200
DEPTH = 6
PREVIEW = 64 * 1024
_NAMES = (
    ".log",
    ".out",
    ".err",
    ".jsonl",
    ".json",
    ".txt",
    "log",
    "messages",
    "syslog",
    "catalina.out",
)
_SKIP = frozenset(["proc", "sys", "dev", "run", "node_modules", ".git", "__pycache__", "journal"])


def discover(request: dict, budget) -> dict:
    """The reply to a `discover` request: newest first."""
    seconds = request.get("seconds", 10)
    seconds = min(60.0, float(seconds)) if isinstance(seconds, (int, float)) else 10.0
    deadline = time.monotonic() + seconds
    first = {}
    for folder in (request.get("folders") or [])[:64]:
        _walk(folder, first, deadline)
    newest = sorted(first.items(), key=lambda item: -item[1][1])[:MAX_LOGS]
    _wait_for_growth(deadline)
    zone = Zone(request.get("zone"))
    logs = []
    for path, (size, modified) in newest:
        growing = _growing(path, size, modified)
        logs.append(_describe(path, size, modified, growing, zone, budget))
    return {"op": "discover", "logs": logs}


def _walk(root, found, deadline):
    pending, visited = [(root, 0)], 0
    while pending and visited < MAX_FOLDERS and len(found) < MAX_FILES:
        folder, depth = pending.pop(0)
        visited += 1
        if time.monotonic() > deadline:
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except (OSError, ValueError, TypeError):
            continue
        for entry in entries:
            _visit(entry, depth, pending, found)


def _visit(entry, depth, pending, found):
    try:
        if entry.is_dir(follow_symlinks=False):
            if depth < DEPTH and entry.name not in _SKIP:
                pending.append((entry.path, depth + 1))
        elif entry.is_file(follow_symlinks=False) and _is_log(entry.name):
            status = entry.stat(follow_symlinks=False)
            found[entry.path] = (status.st_size, status.st_mtime)
    except OSError:
        return


def _is_log(name: str) -> bool:
    return name.lower().endswith(_NAMES) and not name.endswith(PACKED)


def _wait_for_growth(deadline):
    """Give writers a moment, at most two seconds, to be seen writing."""
    time.sleep(max(0.0, min(2.0, deadline - time.monotonic())))


def _growing(path, size, modified) -> bool:
    try:
        status = os.stat(path)
    except OSError:
        return False
    grown = status.st_size != size or status.st_mtime != modified
    return grown or time.time() - status.st_mtime < 300


def _describe(path, size, modified, growing, zone, budget):
    entry = {
        "path": path, "size": size, "growing": growing, "modified": int(modified), "format": "",
        "readable": True, "sample": [], "levels": {}, "records": 0, "unparsed_lines": 0,
        "transactions": 0, "first": 0, "last": 0,
    }  # fmt: skip
    try:
        source = Source(path, follow=False)
    except (OSError, ValueError):
        entry["readable"] = False
        return entry
    try:
        if budget.left():
            _preview(source, entry, zone, budget)
    except OSError:
        entry["readable"] = False
    finally:
        source.close()
    return entry


def _preview(source, entry, zone, budget):
    """What is understood of the last 64 KB, from the first whole line on."""
    start = max(0, source.size - PREVIEW)
    data = source.before(source.size, source.size - start)
    budget.spend(len(data))
    if start:
        data = data[data.find(b"\n") + 1 :]
    reader = StampReader(zone, source.modified)
    recogniser = Recogniser(reader)
    splitter = Splitter(recogniser, {"h": 2 if start else 0}, source.modified)
    tally = Tally(Rule(None), Watches({}), 50)
    batch, rest = splitter.split(data)
    tally.add(batch, data, recogniser)
    tally.add(splitter.finish(rest), rest, recogniser)
    counts = {}
    for _, level, count in tally.levels():
        counts[levels.NAMES[level]] = counts.get(levels.NAMES[level], 0) + count
    best = (
        max(sorted(splitter.formats), key=lambda name: splitter.formats[name])
        if splitter.formats
        else ""
    )
    entry.update(
        format=best,
        sample=[plain(line, 300) for line in data.splitlines()[-5:]],
        levels=counts,
        records=splitter.records,
        unparsed_lines=splitter.unparsed_lines,
        transactions=sum(row[1] for row in tally.transactions()),
        first=tally.first or 0,
        last=tally.last or 0,
    )
