"""The numbers of a reply as columns of bytes, which take a third of what they take as JSON.

`laid` cuts the tables of each log out of a reply and writes them down column by column; what
they leave in the reply says how to read them. A table that is not in its usual order, or would
become larger, stays as it is. See docs/protocol.md; the workstation reads with
`collectors/columns.py`.
"""

import zlib

_MINUTE, _HOUR = 60, 3600
#: What replies are made of, as a preset dictionary: the rarest first. Both ends hold the same.
WORDS = (
    b"java.lang.java.util.IllegalStateExceptionNullPointerExceptionRuntimeException: "
    b"failedTimeoutExceptionconnection refused\\n\\tat org.springframework.\\n\\tat com."
    b"\\nCaused by: "
    b'access.log","application.log","/var/log/","code":"detail":"job":"status":"started":'
    b'[http-nio-8080-exec-INFO WARN  ERROR "other","GET /","POST /2026-11-01 00:00:00,000 '
    b'{"op":"visit","nonce":"","program":"","time":17,"cost":{"cpu_s":0.0,"rss":2,"bytes":},'
    b'"facts":null,"logs":[{"app":"","log":"","format":"log4j","lines":,"records":,'
    b'"unparsed_lines":0,"unparsed_bytes":0,"oversize":0,"bytes":,"held_bytes":0,'
    b'"backlog_bytes":0,"read_until":17,"positions":[{"path":"/","device":,"inode":,"offset":,'
    b'"size":,"modified":17,"head_length":1024,"head_hash":"","tail_hash":"",'
    b'"carry":"{\\"t\\":17,\\"h\\":2,\\"m\\":0,\\"d\\":2000,\\"r\\":1}"}],'
    b'"levels":{"levels":[2,3],"rows":[1,1],"implied":[4,5]},'
    b'"transactions":{"rows":1,"counted":true,"scales":[1000,1000],"widths":[3,2],"lowest":,'
    b'"order":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]},'
    b'"routes":{"routes":["GET /"],"rows":[1,1]},'
    b'"causes":[{"key":"","level":4,"message":"","exception":"","frame":"","first":17,"last":17,'
    b'"minutes":{"rows":1},"examples":[[17,""],[17,""]]},{"key":"","level":5,"message":"'
    b'"jobs":[],"changes":[],"check_events":[],"gaps":[],"problems":[]}],"checks":[]}'
)
#: How columns are packed: the first byte behind the JSON; how the second way does it.
BY_ZLIB, BY_LZMA = b"\0", b"\1"
LZMA = {"lc": 0, "lp": 0, "pb": 0, "dict_size": 1 << 18}
_WORTH_LZMA = 4096
#: Numbers below this are one byte.
SMALL = 252
#: Cells of a table of buckets for each count in it.
_MOST_CELLS = 16


def laid(document: dict) -> tuple:
    """(the reply without its tables, their bytes); the reply itself stays as it was."""
    found, logs = bytearray(), []
    for log in document.get("logs") or ():
        whole, log = log, dict(log)
        for name, step in (("transactions", _MINUTE), ("routes", _HOUR)):
            _durations(log, name, step, found)
        if isinstance(log.get("causes"), list):
            log["causes"] = [_cause(cause, found) for cause in log["causes"]]
        _levels(log, whole, found)
        logs.append(log)
    return dict(document, logs=logs), bytes(found)


def packed(payload: bytes, columns: bytes) -> bytes:
    """The JSON of a reply whose reader knows WORDS, behind its length, and its columns."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, WORDS)
    payload = packer.compress(payload) + packer.flush()
    return len(payload).to_bytes(4, "big") + payload + _packed_columns(columns)


def _packed_columns(columns: bytes) -> bytes:
    """Columns of small numbers, in the way that makes them smallest: by blocks that are small, for
    each column has its own statistics, or by a coder that adapts, where Python has it."""
    if not columns:
        return b""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 4, zlib.Z_FILTERED)
    found = BY_ZLIB + packer.compress(columns) + packer.flush()
    if len(columns) < _WORTH_LZMA:
        return found
    try:
        import lzma
    except ImportError:
        return found
    filters = [dict(LZMA, id=lzma.FILTER_LZMA1)]
    other = BY_LZMA + lzma.compress(columns, lzma.FORMAT_RAW, filters=filters)
    return min(found, other, key=len)


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


def planes(values, width: int) -> bytes:
    """Whole numbers of so many bytes: the highest byte of each, then the next ones."""
    found = b"".join([value.to_bytes(width, "big") for value in values])
    return b"".join([found[at::width] for at in range(width)])


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


def _levels(log, whole, found):
    """Levels of which another table tells all: those of the causes, of requests without one."""
    rows = log.get("levels")
    if not rows or rows != sorted(rows) or not _in_steps([row[0] for row in rows], _MINUTE):
        return
    causes = _caused(whole.get("causes") or ())
    asked = [[row[0], row[1]] for row in whole.get("transactions") or []]
    levels, counts, implied = [], [], []
    for level in sorted({row[1] for row in rows}):
        own = [[row[0], row[2]] for row in rows if row[1] == level]
        if own == (asked if level == 0 else causes.get(level)):
            implied.append(level)
            continue
        levels.append(level)
        counts.append(len(own))
        found += numbers(_steps([row[0] for row in own], _MINUTE))
        found += numbers([row[1] for row in own])
    log["levels"] = {"levels": levels, "rows": counts, "implied": implied}


def _caused(causes):
    """[minute, records] of the causes of each level."""
    sums = {}
    for cause in causes:
        own = sums.setdefault(cause.get("level"), {})
        for minute, count in cause["minutes"]:
            own[minute] = own.get(minute, 0) + count
    return {level: [[at, own[at]] for at in sorted(own)] for level, own in sums.items()}


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
    told["counted"] = all(row[1] == sum([count for _, count in row[5]]) for row in rows)
    if not told["counted"]:
        found += numbers([row[1] for row in rows])
    found += numbers([row[2] for row in rows])
    told["scales"], told["widths"] = [], []
    for values in milliseconds:
        scale = 1000 if not any(value % 1000 for value in values) else 1
        values = [value // scale for value in values]
        width = (max(values).bit_length() + 7) // 8
        told["scales"].append(scale)
        told["widths"].append(width)
        found += planes(values, width)
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
