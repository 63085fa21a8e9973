"""The numbers of a reply as columns of bytes, which take a third of what they take as JSON.

`laid` cuts the tables of each log out of a reply and writes them down column by column; what
they leave in the reply says how to read them. A table that is not in its usual order, or would
become larger, stays as it is. See docs/protocol.md; the workstation reads with
`collectors/columns.py`.
"""

_MINUTE, _HOUR = 60, 3600
#: Numbers below this are one byte.
SMALL = 252
#: Cells of a table of buckets for each count in it.
_MOST_CELLS = 16


def laid(document: dict) -> tuple:
    """(the reply without its tables, their bytes); the reply itself stays as it was."""
    found, logs = bytearray(), []
    for log in document.get("logs") or ():
        log = dict(log)
        _levels(log, found)
        for name, step in (("transactions", _MINUTE), ("routes", _HOUR)):
            _durations(log, name, step, found)
        if isinstance(log.get("causes"), list):
            log["causes"] = [_cause(cause, found) for cause in log["causes"]]
        logs.append(log)
    return dict(document, logs=logs), bytes(found)


def numbers(values) -> bytes:
    """Whole numbers from 0 on: one byte each, larger ones behind a mark of their length."""
    if not values or max(values) < SMALL:
        return bytes(values)
    found = bytearray()
    for value in values:
        if value < SMALL:
            found.append(value)
        elif value < 2 * SMALL:
            found += bytes((SMALL, value - SMALL))
        else:
            mark, length = next(one for one in _LENGTHS if value < 1 << 8 * one[1])
            found.append(mark)
            found += value.to_bytes(length, "big")
    return bytes(found)


_LENGTHS = ((253, 2), (254, 4), (255, 8))


def _steps(times, step: int) -> list:
    """Times in order, as multiples of a step: the first one, then how far each is on."""
    before, found = 0, []
    for time in times:
        found.append((time - before) // step)
        before = time
    return found


def _in_steps(times, step: int) -> bool:
    return all(time >= 0 and time % step == 0 for time in times)


def _whole(values) -> bool:
    return all(value.__class__ is int and 0 <= value < 1 << 63 for value in values)


def _levels(log, found):
    rows = log.get("levels")
    if not rows or rows != sorted(rows) or not _in_steps([row[0] for row in rows], _MINUTE):
        return
    levels = sorted({row[1] for row in rows})
    counts = []
    for level in levels:
        own = [row for row in rows if row[1] == level]
        counts.append(len(own))
        found += numbers(_steps([row[0] for row in own], _MINUTE))
        found += numbers([row[2] for row in own])
    log["levels"] = {"levels": levels, "rows": counts}


def _cause(cause, found):
    rows = cause.get("minutes")
    if not rows or rows != sorted(rows) or not _in_steps([row[0] for row in rows], _MINUTE):
        return cause
    found += numbers(_steps([row[0] for row in rows], _MINUTE))
    found += numbers([row[1] for row in rows])
    return dict(cause, minutes={"rows": len(rows)})


def _durations(log, name, step, found):
    """A table of transactions: a time, perhaps a name, counts, milliseconds, buckets."""
    rows = log.get(name)
    if not rows or rows != sorted(rows) or not _in_steps([row[0] for row in rows], step):
        return
    told = {"rows": len(rows)}
    if name == "routes":
        routes = sorted({row[1] for row in rows})
        by_route = {route: [] for route in routes}
        for row in rows:
            by_route[row[1]].append([row[0]] + row[2:])
        told = {"routes": routes, "rows": [len(by_route[route]) for route in routes]}
        groups = [by_route[route] for route in routes]
    else:
        groups = [rows]
    rows = [row for group in groups for row in group]
    milliseconds = [_thousandths([row[at] for row in rows]) for at in (3, 4)]
    buckets = _buckets([row[5] for row in rows])
    if None in milliseconds or buckets is None:
        return
    for group in groups:
        found += numbers(_steps([row[0] for row in group], step))
    found += numbers([row[1] for row in rows]) + numbers([row[2] for row in rows])
    told["scales"] = []
    for values in milliseconds:
        scale = 1000 if not any(value % 1000 for value in values) else 1
        told["scales"].append(scale)
        found += numbers([value // scale for value in values])
    told["lowest"], told["order"], cells = buckets
    found += cells
    log[name] = told


def _thousandths(values):
    """Milliseconds as whole thousandths of one; None when they are not."""
    found = [round(value * 1000) for value in values]
    return found if _whole(found) and [one / 1000 for one in found] == values else None


def _buckets(rows):
    """(lowest bucket, places of the columns, their bytes); None where most of it would be empty.

    The fullest columns come first: neighbours are packed together, and should be alike.
    """
    keys = [bucket for row in rows for bucket, _ in row]
    if not keys:
        return 0, [], b""
    lowest, width = min(keys), max(keys) - min(keys) + 1
    if width * len(rows) > _MOST_CELLS * len(keys) + 1000:
        return None
    lines = []
    for row in rows:
        line = [0] * width
        for bucket, count in row:
            line[bucket - lowest] = count
        lines.append(line)
    columns = list(zip(*lines))
    order = sorted(range(width), key=lambda at: -sum(columns[at]))
    return lowest, order, b"".join([numbers(columns[at]) for at in order])
