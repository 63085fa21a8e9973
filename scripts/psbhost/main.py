"""Answers requests on the standard streams until the input ends or nothing comes for long."""

import os
import select
import sys
import time

from psbhost import frames
from psbhost.framing import forget, word

PROGRAM = ""
MAX_LOGS = 2000
#: Bytes of JSON after which a visit reads no further log.
LARGEST_REPLY = 24 * 1024 * 1024
#: Columns below this size may be larger than the same numbers as JSON.
SMALL_COLUMNS = 16384


def handle(request: dict) -> dict:
    """The reply to one request. Never raises: what fails is an error reply."""
    operation = request.get("op") if isinstance(request, dict) else None
    handler = _HANDLERS.get(operation) if isinstance(operation, str) else None
    if handler is None:
        return error("bad request", "unknown operation %r" % (operation,))
    try:
        return handler(request)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as failure:
        return error("bad request", "%s: %s" % (type(failure).__name__, failure))
    except MemoryError:
        return error("memory", "the host has not enough memory for this request")
    except Exception as failure:
        return error("failed", "%s: %s" % (type(failure).__name__, failure))


def error(code: str, detail: str) -> dict:
    """An error reply."""
    return {"op": "error", "code": code, "detail": str(detail)[:500]}


def _visit(request):
    import json

    from psbhost.budget import Budget, memory_used
    from psbhost.scan import LogScan

    started = time.process_time()
    limits = request.get("budget") or {}
    budget = Budget(
        _limit(limits.get("seconds"), 20, 600), _limit(limits.get("bytes"), 67108864, 1 << 40)
    )
    logs, size = [], 0
    for spec in (request.get("logs") or [])[:MAX_LOGS]:
        logs.append(_one_log(LogScan, spec, budget, limits))
        size += len(json.dumps(logs[-1]))
        if size > LARGEST_REPLY:
            budget.end()  # what is left waits for the next visit: a reply has its cap
    checks = _checks(request.get("checks") or [])
    return {
        "op": "visit",
        "nonce": request.get("nonce"),
        "program": PROGRAM,
        "time": round(time.time(), 3),
        "cost": {
            "cpu_s": round(time.process_time() - started, 4),
            "rss": memory_used(),
            "bytes": budget.bytes,
        },
        "facts": _facts() if request.get("facts") else None,
        "logs": logs,
        "checks": checks,
    }


def _facts():
    from psbhost.facts import host_facts

    return host_facts()


def _checks(specs):
    if not specs:
        return []
    from psbhost.checks import run_check

    return [run_check(spec) for spec in specs[:MAX_LOGS] if isinstance(spec, dict)]


def _one_log(scanner, spec, budget, limits):
    """One log's part of the reply; a failure in one log never costs the others."""
    try:
        return scanner(spec, time.time(), budget, limits).run()
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, OSError) as failure:
        if not isinstance(spec, dict):
            raise TypeError("a log must be an object") from failure
        return _failed_log(spec, "%s: %s" % (type(failure).__name__, failure))


def _failed_log(spec, detail):
    """A log of which nothing could be read; its positions stay where they were."""
    reply = {
        "app": spec.get("app"),
        "log": spec.get("log"),
        "format": "",
        "positions": spec.get("positions") or [],
    }
    for name in ("bytes", "lines", "records", "unparsed_lines", "unparsed_bytes", "held_bytes",
                 "backlog_bytes", "oversize", "read_until"):  # fmt: skip
        reply[name] = 0
    for name in ("levels", "transactions", "routes", "causes", "jobs", "changes", "check_events",
                 "gaps"):  # fmt: skip
        reply[name] = []
    reply["problems"] = [
        {"code": "unreadable", "path": str(spec.get("path"))[:1000], "detail": detail[:500]}
    ]
    return reply


def _limit(value, default, highest):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        return default
    return min(value, highest)


def _lines(request):
    from psbhost.budget import Budget
    from psbhost.lines import lines_around

    return lines_around(request, Budget(20, 1 << 30))


def _discover(request):
    from psbhost.budget import Budget
    from psbhost.discover import discover

    return discover(request, Budget(60, 64 * 1024 * 1024))


def _explain(request):
    from psbhost.explain import explain

    return explain(request)


def _assign(request):
    from psbhost.listing import listing

    return listing(request)


def _ping(_request):
    return {"op": "ping", "program": PROGRAM, "time": round(time.time(), 3)}


_HANDLERS = {
    "visit": _visit,
    "lines": _lines,
    "discover": _discover,
    "assign": _assign,
    "explain": _explain,
    "ping": _ping,
}


def answer(stdin, stdout, idle: float) -> None:
    """Answer until the input ends or `idle` seconds pass without any.

    The start command may have read ahead: what is in the buffer of `stdin` is answered first.
    """
    try:
        _answer(stdin, stdout, idle)
    except KeyboardInterrupt:
        return
    except (BrokenPipeError, ConnectionError):
        forget(stdout)


def _answer(stdin, stdout, idle):
    reader, is_polite = frames.FrameReader(), False
    for data in _input(stdin, idle):
        for number, document in reader.feed(data):
            if document is frames.PING:
                stdout.write(word(number, "ping", PROGRAM))
                stdout.flush()
            elif isinstance(document, frames.FrameError):
                _send(stdout, number, error("bad frame", str(document)))
            else:
                is_polite = is_polite or lower_priority()
                _reply(stdout, number, document)
        if _joined():
            return


def lower_priority() -> bool:
    """Be polite before the first work: nice 10. A host that forbids it is read all the same."""
    try:
        os.nice(10)
    except OSError:
        pass
    return True


def _joined() -> bool:
    """Whether something was denied and the account has joined a group since."""
    rights = sys.modules.get("psbhost.rights")
    return rights is not None and rights.denied and rights.outdated()


def _input(stdin, idle):
    """Chunks of input: first what is buffered already, then what arrives."""
    try:
        descriptor = stdin.fileno()
    except (AttributeError, OSError, ValueError):
        while True:
            data = stdin.read(65536)
            if not data:
                return
            yield data
    buffered = _buffered(stdin, descriptor)
    if buffered:
        yield buffered
    while select.select([descriptor], [], [], idle)[0]:
        data = os.read(descriptor, 65536)
        if not data:
            return
        yield data


def _buffered(stdin, descriptor) -> bytes:
    """What the start command read ahead, without waiting for more."""
    if not hasattr(stdin, "peek"):
        return b""
    blocking = os.get_blocking(descriptor)
    os.set_blocking(descriptor, False)
    try:
        ahead = len(stdin.peek(1))
        return stdin.read(ahead) if ahead else b""
    finally:
        os.set_blocking(descriptor, blocking)


def _reply(stdout, number, request):
    document, frame = handle(request), None
    if isinstance(request, dict) and request.get("columns") is True and "logs" in document:
        from psbhost.replycolumns import laid

        shorter, columns = laid(document)
        frame = _frame(number, shorter, columns)
        if len(columns) < SMALL_COLUMNS:
            frame = min(frame, _frame(number, document, b""), key=len)
    if frame is None:
        frame = _frame(number, document)
    stdout.write(frame)
    stdout.flush()


def _send(stdout, number, document):
    stdout.write(_frame(number, document))
    stdout.flush()


def _frame(number, document, columns=None):
    try:
        return frames.encode(number, document, columns)
    except (frames.FrameError, ValueError) as failure:
        return frames.encode(number, error("too large", str(failure)))
