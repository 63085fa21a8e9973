"""Finds what is plausibly a log in a host's usual folders, with a preview of each.

Growing files come first, then those with recent records, then by the share understood: the one
place that orders them. A file that was named is taken for a log whatever its name.
"""

import os
import stat
import time

from psbhost import levels, loglike, rights, texts
from psbhost.formats import Recogniser
from psbhost.jobs import Watches
from psbhost.masks import plain
from psbhost.records import STAMPED, Splitter
from psbhost.sources import Source
from psbhost.stamps import StampReader
from psbhost.tally import Tally
from psbhost.transactions import Rule
from psbhost.zones import Zone

MAX_FOLDERS = 4000
MAX_FILES = 20000
MAX_LOGS = 100
MAX_LOOKS = 400
DEPTH = 6
PREVIEW = 64 * 1024


def discover(request: dict, budget) -> dict:
    """The reply to a `discover` request: the most likely first, at most MAX_LOGS."""
    seconds = request.get("seconds", 10)
    seconds = min(60.0, float(seconds)) if isinstance(seconds, (int, float)) else 10.0
    deadline = time.monotonic() + seconds
    first, named = {}, set()
    for place in (request.get("folders") or [])[:64]:
        if not _take(place, first, named):
            _walk(place, first, deadline)
    newest = sorted(first, key=lambda path: (not loglike.promised(path), -first[path][1], path))
    _wait_for_growth(deadline)
    zone = Zone(request.get("zone"))
    logs = []
    found = [path for path in loglike.without_rotated(newest) if path not in named]
    for path in (sorted(named) + found)[:MAX_LOOKS]:
        entry, share = _describe(path, first[path], path in named, zone, budget)
        if entry is not None:
            logs.append((_rank(entry, share), entry))
    logs.sort(key=lambda item: item[0])
    return {"op": "discover", "logs": [entry for _, entry in logs[:MAX_LOGS]]}


def _rank(entry, share):
    """Growing, then by the day it was written last, then by what is understood of it."""
    day = entry["modified"] // 86400
    return (
        not entry["growing"], not entry["readable"], -day, -round(share, 1),
        -entry["modified"], entry["path"],
    )  # fmt: skip


def _take(place, found, named) -> bool:
    """Whether `place` is a file; then it is one of those found."""
    try:
        status = os.stat(place) if isinstance(place, str) else None
    except (OSError, ValueError):
        return False
    if status is None or not stat.S_ISREG(status.st_mode):
        return False
    found[place] = (status.st_size, status.st_mtime)
    named.add(place)
    return True


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
            if depth < DEPTH and not loglike.skipped(entry.name):
                pending.append((entry.path, depth + 1))
        elif entry.is_file(follow_symlinks=False) and loglike.candidate(entry.path):
            status = entry.stat(follow_symlinks=False)
            found[entry.path] = (status.st_size, status.st_mtime)
    except OSError:
        return


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


def _describe(path, first, named, zone, budget):
    """(entry, share of lines understood); (None, 0) for what is no log after all.

    `first`: size and time of change as they were found. A `named` file need only be text, and may
    be a link.
    """
    size, modified = first
    entry = {
        "path": path, "size": size, "growing": _growing(path, size, modified),
        "modified": int(modified), "format": "", "readable": True, "sample": [], "levels": {},
        "records": 0, "unparsed_lines": 0, "transactions": 0, "first": 0, "last": 0,
    }  # fmt: skip
    share, sure = 0.0, named or loglike.promised(path)
    try:
        source = Source(path, follow=named)
    except (OSError, ValueError) as error:
        _closed(entry, error)
        return (entry, share) if sure else (None, share)
    try:
        head = texts.plain(source.head(4096))
        if loglike.binary(head) or loglike.document(head):
            return None, share
        if budget.left():
            share = _preview(source, entry, zone, budget)
    except OSError as error:
        _closed(entry, error)
    finally:
        source.close()
    return (entry, share) if sure or share > loglike.MOST else (None, share)


def _closed(entry, error):
    """It cannot be read: what is in the way and, in `detail`, the one command for its owner."""
    entry["readable"] = False
    if getattr(error, "errno", None) in rights.DENIED:
        entry["detail"] = rights.denial(entry["path"], "")


def _preview(source, entry, zone, budget):
    """What is understood of the last 64 KB, from the first whole line on: the share of lines."""
    start = max(0, source.size - PREVIEW)
    start -= start % 2  # UTF-16 has two bytes a unit
    data = source.before(source.size, source.size - start)
    budget.spend(len(data))
    mark, encoding = texts.encoding_of(source.head(1024))
    data = data if start else data[len(mark) :]
    if encoding:
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
    if start:
        data = data[data.find(b"\n") + 1 :]
    reader = StampReader(zone, source.modified, source.path)
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
    return _share(splitter)


def _share(splitter) -> float:
    """Share of lines that belong to records with a stamp; records of many lines count whole."""
    if not splitter.lines or splitter.seen != STAMPED:
        return 0.0
    return 1.0 - float(splitter.unparsed_lines) / splitter.lines
