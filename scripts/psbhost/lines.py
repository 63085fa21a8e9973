"""Reads back the lines around a moment or a text, also from rotated and packed files.

Opens the file whose time fits first; finds the moment in a large plain file by halving, in a
packed one by looking at the first record of each block. Nothing is read that is not needed.
"""

from psbhost import rights, siblings
from psbhost.formats import Recogniser
from psbhost.masks import plain
from psbhost.metered import Metered
from psbhost.sources import BLOCK, Source
from psbhost.stamps import StampReader
from psbhost.texts import Text, encoding_of
from psbhost.zones import Zone

LINE_CAP = 4096
#: Files that are opened, and bytes that are looked through for a text that stands elsewhere.
MAX_OPENED = 40
#: Files of a pattern whose rotated ones are looked for.
MAX_BASES = 20
MAX_SCANNED = 512 * 1024 * 1024
#: Seconds that records may be out of order, and that a record may be away from the moment.
DISORDER, REACH = 120, 3600
#: Times in a file and the time of its last change may be this far apart: a wrong zone.
SKEW = 26 * 3600
_WINDOW = 1024 * 1024
_PROBE = 64 * 1024


def lines_around(request: dict, budget) -> dict:
    """The reply to a `lines` request; `at` is -1 when nothing was found, `reason` says why."""
    around = request.get("around") or {}
    pattern = Metered(request["pattern"]) if request.get("pattern") else None
    target = _Target(around, Zone(request.get("zone")), request.get("format") or None, pattern)
    search = _Search(request, target, budget)
    best = search.run()
    if best is None:
        return {
            "op": "lines", "lines": [], "at": -1, "first_offset": 0, "path": request["path"],
            "reason": search.reason(), "detail": search.detail, "oldest": search.oldest or 0,
        }  # fmt: skip
    return _reply(best, _bounded(request.get("cap"), 262144, 4 * 1024 * 1024))


def _bounded(value, default, highest):
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return default
    return min(value, highest)


def _reply(best, cap):
    lines, at, offset = best.lines, best.at, best.offset
    texts = [plain(line, LINE_CAP) for line in lines]
    while len(texts) > 1 and sum(len(text.encode("utf-8", "replace")) + 1 for text in texts) > cap:
        if at > len(texts) // 2:
            offset += len(lines.pop(0)) + 1
            texts.pop(0)
            at -= 1
        else:
            lines.pop()
            texts.pop()
    return {"op": "lines", "lines": texts, "at": at, "first_offset": offset, "path": best.path}


class _Found(object):
    """A line and those around it. `quality`: (0, 0) text and time agree; (1, seconds apart) the
    text alone; (2, seconds apart) the nearest record.
    """

    def __init__(self, quality, path, previous, block, index):
        self.quality, self.path = quality, path
        self.lines, self.at = previous + [block[index]], len(previous)
        self._block, self._index = block, index
        self.offset = 0

    def settle(self):
        """Find the offset of the first line, once it is sure that this is the one."""
        block, before = self._block, self.lines[: self.at]
        ahead = block.text.raw_length(_joined(block[: self._index]))
        self.offset = max(0, block.at + ahead - block.text.raw_length(_joined(before)))
        self._block = None
        return self


def _joined(lines) -> bytes:
    return b"".join([line + b"\n" for line in lines])


class _Target(object):
    """What is looked for, and how near a line comes."""

    def __init__(self, around, zone, only=None, pattern=None):
        time, text = around.get("time"), around.get("text")
        self.time = time if isinstance(time, (int, float)) and not isinstance(time, bool) else None
        text = text.split("\n", 1)[0].strip() if isinstance(text, str) else ""
        self.text = text.encode("utf-8", "replace")
        pieces = text.replace("\ufffd", "***").split("***")
        #: A part of the text that stands in the file as it is, whatever was masked.
        self.needle = max(pieces, key=len).strip().encode("utf-8", "replace")
        self._zone, self._only, self._pattern = zone, only, pattern
        self.now = None

    def begin(self, source):
        """Times of this file from here on."""
        reader = StampReader(self._zone, source.modified, source.path)
        self._recogniser = Recogniser(reader, self._only, self._pattern)
        self.now = None

    def stamp(self, line):
        """The time of a record that begins with this line, None for a line that begins none."""
        head = self._recogniser.recognise(line[:LINE_CAP])
        return head.time if head is not None else None

    def first_stamp(self, lines):
        """The first time in some lines; None when there is none."""
        for line in lines:
            stamp = self.stamp(line)
            if stamp is not None:
                return stamp
        return None

    def says_it(self, line) -> bool:
        """Whether the text stands in the line, as it is or as it was masked."""
        return self.needle in line and (
            self.text in line or self.text in plain(line, LINE_CAP).encode("utf-8")
        )

    def quality(self, line):
        """How near, lower is nearer; None when it is not it."""
        found = bool(self.text) and self.says_it(line)
        if self.time is None:
            return (1, 0) if found else None
        stamp = self.stamp(line)
        if stamp is not None:
            self.now = stamp
        apart = abs(self.now - self.time) if self.now is not None else 10**9
        if found:
            return (0, 0) if apart <= 1 else (1, apart)
        return (2, apart) if stamp is not None and apart <= REACH else None


class _Search(object):
    """Through the files of one log, the likeliest first."""

    def __init__(self, request, target, budget):
        self._path = request["path"]
        self._before = _bounded(request.get("before"), 50, 2000)
        self._after = _bounded(request.get("after"), 50, 2000)
        self._target, self._budget = target, budget
        self._best = None
        self._scanned = self._opened = self._unsure = 0
        self.oldest = None  # of the records that are still there
        self.detail = ""

    def run(self):
        """The best that was found, or None."""
        files = self._files()
        for path in files[:MAX_OPENED]:
            self._look(path, self._by_time if self._target.time is not None else self._by_text)
            if self._done():
                return self._best
        if self._target.time is not None and len(self._target.needle) >= 8:
            for path in files[:MAX_OPENED]:
                self._look(path, self._by_text)
                if self._done():
                    break
        return self._best

    def reason(self) -> str:
        """Why nothing was found."""
        if self._unsure and not self._opened:
            return "unreadable"
        if not self._opened:
            return "missing"
        if self._target.time is not None and (self.oldest or 0) > self._target.time:
            return "rotated away"
        return "unreadable" if self._unsure else "not found"

    def _done(self) -> bool:
        if not self._budget.left() or self._scanned > MAX_SCANNED:
            return True
        return self._best is not None and self._best.quality[0] == 0

    def _files(self):
        """Paths, the one first that was written last soon after the moment."""
        folders, listings = {}, {}
        pattern = siblings.pattern_of(self._path)
        named = [
            path
            for path in siblings.named(pattern)
            if not siblings.is_glob(pattern) or not siblings.outside(path, pattern, folders)
        ]
        times = {path: siblings.modified(path) for path in named}
        for base in sorted(named, key=lambda path: -times[path])[:MAX_BASES]:
            for path, status in siblings.candidates(base, (), listings):
                times.setdefault(path, status.st_mtime)
        if self._target.time is None:
            return sorted(times, key=lambda path: (-times[path], path))
        moment = self._target.time

        def rank(path):
            after = times[path] - moment
            return (0, after, path) if after >= -2 else (1, -after, path)

        return [
            path
            for path in sorted(times, key=rank)
            if path in named or times[path] >= moment - SKEW
        ]

    def _look(self, path, way):
        try:
            source = Source(path)
        except (OSError, ValueError) as error:
            if not isinstance(error, FileNotFoundError):
                self._failed(path, error)
            return
        try:
            self._target.begin(source)
            self._opened += 1
            way(source)
        except OSError as error:
            self._failed(path, error)
        finally:
            source.close()

    def _failed(self, path, error):
        self._unsure += 1
        reason = getattr(error, "strerror", None) or str(error)
        if getattr(error, "errno", None) in rights.DENIED:
            reason = rights.denial(path, reason)
        self.detail = "%s: %s" % (path, reason)

    # -- by time ---------------------------------------------------------------------------

    def _by_time(self, source):
        moment, target = self._target.time, self._target
        first = self._first_time(source)
        if first is not None:
            self.oldest = first if self.oldest is None else min(first, self.oldest)
            if first > moment + REACH:
                return
        walk = _Walk(source, target, self._before, self._after)
        for lines, following in self._pairs(source, self._start(source, moment)):
            begins = target.first_stamp(following[:50]) if following is not None else None
            if begins is not None and begins < moment - DISORDER:
                walk.skip(lines)
                continue
            at = target.first_stamp(lines[:50])
            if at is not None and at > moment + REACH and walk.satisfied():
                break
            walk.through(lines)
            if walk.complete():
                break
        self._take(walk.best)

    def _first_time(self, source):
        for lines, _ in self._pairs(source, 0):
            return self._target.first_stamp(lines[:200])
        return None

    def _start(self, source, moment) -> int:
        """A place in front of the moment in a plain file, by halving."""
        low, high = 0, source.size
        encoding = encoding_of(source.head(1024))[1]
        while not source.packed and high - low > _WINDOW:
            middle = (low + high) // 4 * 2
            data = source.before(min(high, middle + _PROBE), min(high, middle + _PROBE) - middle)
            self._budget.spend(len(data))
            if encoding:
                data = data.decode(encoding, "replace").encode("utf-8", "replace")
            stamp = self._target.first_stamp(data.split(b"\n")[1:-1])
            if stamp is None and high - low < 64 * _WINDOW:
                break  # one long record: from here on line by line
            if stamp is not None and stamp < moment - DISORDER:
                low = middle
            else:
                high = middle
        return low

    # -- by text ---------------------------------------------------------------------------

    def _by_text(self, source):
        if len(self._target.needle) < 1:
            return
        walk = _Walk(source, self._target, self._before, self._after)
        for lines, _ in self._pairs(source, 0):
            joined = b"\n".join(lines)
            if walk.wanted or self._target.needle in joined:
                walk.through(lines)
            else:
                walk.skip(lines)
            if walk.complete() or (self._target.time is None and walk.best and not walk.wanted):
                break
        self._take(walk.best)

    # -- common ----------------------------------------------------------------------------

    def _take(self, found):
        if found is not None and (self._best is None or found.quality < self._best.quality):
            self._best = found.settle()

    def _pairs(self, source, start):
        """(lines of a block, those of the next one or None); the first, cut line is left out."""
        blocks = self._blocks(source, start)
        kept = next(blocks, None)
        while kept is not None:
            following = next(blocks, None)
            yield _Lines(kept), following[2] if following is not None else None
            kept = following

    def _blocks(self, source, start):
        """(raw offset, Text, lines) of each block, lines whole."""
        counter = _Counter(start)
        text, rest, cut = Text(source, start), b"", start > 0
        text.follow(counter)
        for block in text.blocks():
            self._budget.spend(text.cost)
            self._scanned += text.cost
            data = rest + block
            end = data.rfind(b"\n") + 1
            if cut and end:
                first = data.find(b"\n") + 1
                text.counted(data[:first])
                data, end, cut = data[first:], end - first, False
            if not end and len(data) < 8 * BLOCK:
                rest = data
                continue
            end = end or len(data)
            text.counted(b"")  # what belongs to no line: a byte-order mark, a hole
            at, rest = counter.offset, data[end:]
            text.counted(data[:end])
            if not cut and end:
                yield at, text, data[:end].split(b"\n")[:-1] or [data[:end]]
            if not self._budget.left() or self._scanned > MAX_SCANNED:
                return
        if rest and not cut:
            yield counter.offset, text, [rest]


class _Counter(object):
    """Learns how many raw bytes were passed."""

    def __init__(self, offset):
        self.offset = offset

    def see(self, start, block):
        """Nothing is kept of it."""

    def advance(self, data):
        self.offset += len(data)

    def leap(self, count):
        self.offset += count


class _Lines(list):
    """Lines of a block, and where they stand."""

    def __init__(self, block):
        list.__init__(self, block[2])
        self.at, self.text = block[0], block[1]


class _Walk(object):
    """Line by line, remembering those before."""

    def __init__(self, source, target, before, after):
        self._source, self._target = source, target
        self._before, self._after = before, after
        self._previous = []
        self.best, self.wanted = None, 0

    def skip(self, lines):
        """None of these can be it."""
        self._previous = (self._previous + list(lines))[-self._before :] if self._before else []

    def through(self, lines):
        """Each of these may be it."""
        for index, line in enumerate(lines):
            quality = self._target.quality(line)
            if quality is not None and (self.best is None or quality < self.best.quality):
                self.best = _Found(quality, self._source.path, list(self._previous), lines, index)
                self.wanted = self._after
            elif self.wanted:
                self.best.lines.append(line)
                self.wanted -= 1
            if self._before:
                self._previous.append(line)
                del self._previous[: -self._before]

    def satisfied(self) -> bool:
        """Whether all lines that were asked for are there."""
        return self.best is None or not self.wanted

    def complete(self) -> bool:
        """Whether nothing better can come."""
        return self.best is not None and self.best.quality == (0, 0) and not self.wanted
