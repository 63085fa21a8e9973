"""Reads back the lines around a moment or a text, also from rotated and packed files."""

from psbhost import siblings
from psbhost.formats import Recogniser
from psbhost.masks import plain
from psbhost.sources import Source
from psbhost.stamps import StampReader
from psbhost.zones import Zone

LINE_CAP = 4096
MAX_SCANNED = 512 * 1024 * 1024


def lines_around(request: dict, budget) -> dict:
    """The reply to a `lines` request; `at` is -1 when nothing was found."""
    around = request.get("around") or {}
    before = _bounded(request.get("before"), 50, 2000)
    after = _bounded(request.get("after"), 50, 2000)
    cap = _bounded(request.get("cap"), 262144, 4 * 1024 * 1024)
    zone = Zone(request.get("zone"))
    best = None
    for path in [request["path"]] + siblings.rotated(request["path"]):
        found = _search(path, around, zone, before, after, budget)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
        if best is not None and best[0][0] == 0:
            break
        if not budget.left():
            break
    if best is None:
        return {"op": "lines", "lines": [], "at": -1, "first_offset": 0, "path": request["path"]}
    return _reply(best, cap)


def _bounded(value, default, highest):
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return default
    return min(value, highest)


def _reply(best, cap):
    _, path, lines, at, offset = best
    texts = [plain(line, LINE_CAP) for line in lines]
    while len(texts) > 1 and sum(len(text.encode("utf-8", "replace")) + 1 for text in texts) > cap:
        if at > len(texts) // 2:
            offset += len(lines.pop(0)) + 1
            texts.pop(0)
            at -= 1
        else:
            lines.pop()
            texts.pop()
    return {"op": "lines", "lines": texts, "at": at, "first_offset": offset, "path": path}


def _search(path, around, zone, before, after, budget):
    """(quality, path, lines, at, offset of the first) of the best line of one file.

    Quality: (0, 0) text and time agree; (1, seconds apart) the text alone; (2, seconds apart).
    """
    try:
        source = Source(path)
    except (OSError, ValueError):
        return None
    try:
        return _walk(source, _Target(around, zone, source.modified), before, after, budget)
    except OSError:
        return None
    finally:
        source.close()


class _Target(object):
    """What is looked for, and how near a line comes."""

    def __init__(self, around, zone, modified):
        time, text = around.get("time"), around.get("text")
        self._time = time if isinstance(time, (int, float)) and not isinstance(time, bool) else None
        self._text = text.encode("utf-8", "replace") if isinstance(text, str) else b""
        self._recogniser = Recogniser(StampReader(zone, modified))
        self._now = None

    def quality(self, line):
        """How near, lower is nearer; None when it is not it."""
        if self._time is None:
            return (1, 0) if self._text and self._text in line else None
        head = self._recogniser.recognise(line[:4096])
        if head is not None and head.time is not None:
            self._now = head.time
        apart = abs(self._now - self._time) if self._now is not None else 10**9
        with_text = bool(self._text) and (
            self._text in line or self._text in plain(line, LINE_CAP).encode("utf-8")
        )
        if with_text:
            return (0, 0) if apart <= 1 else (1, apart)
        return (2, apart) if head is not None and apart <= 3600 else None


def _walk(source, target, before, after, budget):
    best, wanted = None, 0
    previous, offset = [], 0
    for line in _lines(source, budget):
        quality = target.quality(line)
        if quality is not None and (best is None or quality < best[0]):
            first = offset - sum(len(one) + 1 for one in previous)
            best = (quality, source.path, previous + [line], len(previous), first)
            wanted = after
        elif wanted:
            best[2].append(line)
            wanted -= 1
        if best is not None and best[0] == (0, 0) and not wanted:
            break
        previous = (previous + [line])[-before:] if before else []
        offset += len(line) + 1
    return best


def _lines(source, budget):
    """Lines without their newline; one longer than 1 MB comes in parts."""
    rest, scanned = b"", 0
    for block in source.blocks(0):
        budget.spend(len(block))
        scanned += len(block)
        parts = (rest + block).split(b"\n")
        rest = parts.pop()
        for part in parts:
            yield part
        if len(rest) > 1024 * 1024:
            yield rest
            rest = b""
        if scanned > MAX_SCANNED or not budget.left():
            break
    if rest:
        yield rest
