"""Durations told in the text of a record: `took 35 ms`, `Completed 200 OK in 12ms`, `elapsed=0.2s`.

They are taken for transactions only where they are hard to mistake: a usual word, a number and its
unit, in a record below warning or beside a status; of ten minutes at most; and never where the
record speaks of a job, a start or upkeep. Looking costs, so a file in which none was found for
QUIET records is not looked through any further: a job that ends now and then, or a server that
tells how long its start took, is no latency of requests anyway.
"""

import re
from bisect import bisect_right
from itertools import accumulate, compress, repeat
from operator import contains, itemgetter

from psbhost import requestlines
from psbhost.bytewise import ZEROS
from psbhost.levels import INFO, NONE

#: Records without a duration after which a file is not looked through any more.
QUIET = 2000
#: What a record that tells a duration holds, and how far behind its word's beginning.
KEYS = ((b"took", 0), (b"Took", 0), (b"lapsed", 1), (b"uration", 1), (b"atency", 1))
VERBS = ((b"ompleted", 1), (b"esponded", 1))
#: What the lines of proxies hold; these have no level.
PROXIES = (b"HTTP/", b"[GIN]")
LITERALS = tuple(literal for literal, _ in KEYS + VERBS)
#: Milliseconds beyond which it is no request.
_LONGEST = 600000.0
_CAP = 4096
_UNIT = rb"(?P<u>ns|us|\xc2\xb5s|msecs?|ms|millis(?:econds?)?|secs?|seconds?|s)(?![\w/%])"
_NUMBER = (
    rb"(?:(?P<n>\d{1,9}(?:\.\d{1,9})?) ?" + _UNIT + rb"|(?P<c>\d\d?:[0-5]\d:[0-5]\d\.\d{1,9}))"
)
#: duration_ms=12, "elapsedMs": 3.5
_SUFFIXED = re.compile(
    rb"(?<![\w.-])(?:took|elapsed|duration|latency)_?"
    rb"(?P<u>[Mm]s|[Mm]illis|[Mm]illiseconds|[Ss]econds|[Ss]ecs?|us|ns|s)"
    rb"[\"']? ?[=:] ?[\"']?(?P<n>\d{1,9}(?:\.\d{1,9})?)(?![\w.:])(?P<c>)"
).match
#: took 1.2s, duration=120ms, elapsed: 00:00:03.120, latency was 35 ms
_KEYED = re.compile(
    rb"(?<![\w.-])(?:[Tt]ook|[Ee]lapsed(?:[ _-]?time)?|[Dd]uration|[Ll]atency)"
    rb"[\"']?(?: ?[=:] ?| (?:of|was|is) | )[\"'(]?" + _NUMBER
).match
#: Completed 200 OK in 12ms, responded 200 in 12.3456 ms
_DONE = re.compile(rb"(?<!\w)[CcRr](?:ompleted|esponded)(?: [^\s]{1,60}){0,5}? in " + _NUMBER).match
_STATUS = re.compile(
    rb"(?<![\w.])(?:[Ss]tatus(?:[ _]?[Cc]ode)?|http_status)[\"']? ?[=:] ?[\"']?"
    rb"(?P<s>[1-5]\d\d)(?!\w)"
    rb"|\b[CcRrAa](?:ompleted|esponded|nswered)(?: with)? (?P<t>[1-5]\d\d)\b"
)
_REQUEST = re.compile(
    rb"\b(?P<m>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\b[ \"']{1,3}(?P<p>/[^\s\"'|,;)]{0,500})"
)
_METHOD = re.compile(rb"\b(?:method|verb)=[\"']?(?P<m>[A-Za-z]{3,10})\b")
_PATH = re.compile(rb"\b(?:path|uri|url|route|endpoint|request_uri)=[\"']?(?P<p>/[^\s\"']{0,500})")
_WORD = re.compile(rb"[a-z]{2,}")
#: What is no request: jobs, starts and ends of programs, upkeep, waiting.
_OTHER_WORK = frozenset(
    b"job jobs batch batches backup backups import imports imported importing export exports "
    b"exported exporting etl migrated migrating migration migrations initialized initialised "
    b"initializing initialising initialization initialisation started starting startup boot "
    b"booted booting bootstrap shut shutdown stopped stopping warmup warm gc pause paused pauses "
    b"garbage compacted compaction compacting checkpoint checkpoints vacuum autovacuum reindex "
    b"reindexed reindexing indexing rebuild rebuilt deploy deployed deployment deploying schedule "
    b"scheduled schedules nightly daily cron crawl crawled crawling cleanup clean sleep sleeping "
    b"sleeps wait waited waiting timed timeout timeouts retry retrying expires expired expiry "
    b"uptime ttl replicated replication replicating snapshot snapshots rotated rotation "
    b"rotating".split()
)


def _unit(text):
    """Milliseconds of a unit."""
    text = text.lower()
    if text[:2] == b"ms" or text[:5] == b"milli":
        return 1.0
    if text[:1] == b"s":
        return 1000.0
    return 0.000001 if text == b"ns" else 0.001


def _told(line):
    """The match of the first words that tell a duration, or None."""
    places = []
    for keys, forms in ((KEYS, (_SUFFIXED, _KEYED)), (VERBS, (_DONE,))):
        for literal, behind in keys:
            at = line.find(literal)
            while at >= 0 and len(places) < _MOST_WORDS:
                places.append((at - behind, forms))
                at = line.find(literal, at + 1)
    places.sort(key=_first)
    for at, forms in places:
        for form in forms if at >= 0 else ():
            found = form(line, at)
            if found is not None:
                return found
    return None


_MOST_WORDS = 20
_first = itemgetter(0)


def duration_in(line: bytes):
    """(milliseconds, the words that tell it) of a line; None where none is told plainly."""
    found = _told(line)
    if found is None:
        return None
    if found.group("c"):
        hours, minutes, seconds = found.group("c").split(b":")
        milliseconds = (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000.0
    else:
        milliseconds = float(found.group("n")) * _unit(found.group("u"))
    return (milliseconds, found.group(0)) if milliseconds <= _LONGEST else None


def transaction_in(line: bytes, level: int):
    """((failed, milliseconds, target or None), the words that tell it) of a line, or None."""
    if level == NONE:
        request = requestlines.of_line(line)
        if request is not None:
            return request, b"request"
    told = duration_in(line)
    if told is None:
        return None
    found = _STATUS.search(line)
    status = int(found.group("s") or found.group("t")) if found is not None else 0
    if level > INFO and not status:
        return None
    if not _OTHER_WORK.isdisjoint(_WORD.findall(line.lower())):
        return None
    return (status >= 500, told[0], _target(line)), told[1]


def _target(line):
    found = _REQUEST.search(line)
    if found is not None:
        method, path = found.group("m"), found.group("p")
    else:
        found, method = _PATH.search(line), b""
        if found is None:
            return None
        path, named = found.group("p"), _METHOD.search(line)
        method = named.group("m") if named is not None else b""
    return method.decode("ascii"), path.decode("utf-8", "replace")


class Plain(object):
    """Where lines of one shape tell what: which run of digits is the duration, which the status."""

    __slots__ = ("_duration", "_fraction", "_milliseconds", "_moving", "_status", "_target")

    def __init__(self, line, found):
        before = len(_DIGITS.findall(line[: found.start("n")]))
        self._duration = before
        self._fraction = b"." in found.group("n")
        self._milliseconds = _unit(found.group("u"))
        status = _LIKE_STATUS.search(line)
        at = max(status.start("s"), status.start("t")) if status is not None else -1
        self._status = len(_DIGITS.findall(line[:at])) if at >= 0 else -1
        self._target = _target(line)
        #: Whether other lines of this shape may have other targets.
        self._moving = self._target is not None and any(map(str.isdigit, self._target[1]))

    def read(self, line, runs, level):
        """What `transaction_in` finds in a line of this shape; `runs`: its digits."""
        at = self._duration
        number = runs[at] + b"." + runs[at + 1] if self._fraction else runs[at]
        milliseconds = float(number) * self._milliseconds
        status = 0
        if self._status >= 0:
            text = runs[self._status]
            status = int(text) if len(text) == 3 and b"1" <= text[:1] <= b"5" else 0
        if milliseconds > _LONGEST or (level > INFO and not status):
            return None
        return status >= 500, milliseconds, _target(line) if self._moving else self._target


_CLOCK = re.compile(rb"\d:\d\d:\d\d\.\d")
_DIGITS = re.compile(rb"[0-9]+")
_LIKE_STATUS = re.compile(_STATUS.pattern.replace(rb"[1-5]\d\d", rb"\d+"))
_SPACED = bytes(byte if 48 <= byte <= 57 or byte == 10 else 32 for byte in range(256))
#: Shapes of lines: none of them is a transaction, or each must be looked at by itself.
_NEVER, _ALONE = "never", "alone"
_MOST_SHAPES, _LONGEST_SHAPE, _LONGEST_RUN = 5000, 1000, 9
_TOO_LONG = b"0" * (_LONGEST_RUN + 1)


def _kind(line, shape):
    """What is known of all lines of a shape, from one whose numbers have at most nine digits."""
    if b"HTTP/" in shape or b"[GIN]" in shape:
        return _ALONE
    places = [at for at in map(line.find, LITERALS) if at >= 0]
    if _CLOCK.search(line, min(places, default=len(line))) is not None:
        return _ALONE  # whether digits are a clock's depends on them
    found = _told(line)
    if found is None or not _OTHER_WORK.isdisjoint(_WORD.findall(line.lower())):
        return _NEVER
    if len(_LIKE_STATUS.findall(line)) > 1:
        return _ALONE
    return Plain(line, found)


class Words(object):
    """Looks for durations in the records of one file after the other. `on`: whether at all."""

    def __init__(self, on: bool):
        self.on = on
        self.count = 0
        self.example = ""
        self._quiet = 0  # records since the last duration
        self._shapes = {}

    def begin(self, carry: dict) -> None:
        """A file begins where it was left."""
        quiet = carry.get("d")
        known = isinstance(quiet, int) and not isinstance(quiet, bool)
        self._quiet = min(QUIET, max(0, quiet)) if known else 0

    def carry(self) -> dict:
        """What the next visit of the file needs to know."""
        return {"d": self._quiet} if self.on and self._quiet else {}

    @property
    def settled(self) -> bool:
        """Whether the rest of the file needs no look."""
        return not self.on or self._quiet >= QUIET

    def skip(self, count: int) -> None:
        """So many records hold none of LITERALS."""
        self._quiet = min(QUIET, self._quiet + count)

    def any_in(self, batch, data: bytes) -> bool:
        """Whether a record of a batch tells a duration that may count."""
        if self.settled:
            return False
        return bool(self._looked(batch, _holding(batch, data, _candidates(batch))))

    def find(self, batch, data: bytes, places=None) -> list:
        """(index, (failed, milliseconds, target)) of the records that tell a duration.

        `places`: where the records stand among how many, for a batch that is only a part.
        """
        if self.settled:
            return []
        candidates = _candidates(batch)
        found = self._looked(batch, _holding(batch, data, candidates))
        if places is None:
            places = _places(batch, candidates)
        passed = 0
        for count, (index, _) in enumerate(found):
            place = places[0][index]
            if self._quiet + place - passed >= QUIET:
                self._quiet = QUIET
                return self._counted(batch, found[:count])
            self._quiet, passed = 0, place + 1
        self.skip(places[1] - passed)
        return self._counted(batch, found)

    def _looked(self, batch, hits):
        """(index, what `transaction_in` finds) of the records that tell a duration."""
        heads, levels, line_of = batch.heads, batch.levels, batch.line
        if heads is not None:
            hits = [index for index in hits if not _elsewhere(heads[index])]
        lines = [line_of(index)[:_CAP] for index in hits]
        joined = b"\n".join(lines)
        digits = joined.translate(_SPACED).split(b"\n")
        joined = joined.translate(ZEROS)
        short = _TOO_LONG not in joined
        kinds = map(self._shapes.get, _squeezed(joined).split(b"\n"))
        found = []
        for index, line, kind, numbers in zip(hits, lines, kinds, digits):
            if kind is _NEVER and short:
                continue
            runs = numbers.split()
            if kind is None or kind is _ALONE or (not short and _too_long(runs)):
                told = self._alone(line, runs, levels[index])
            else:
                told = None if kind is _NEVER else kind.read(line, runs, levels[index])
            if told is not None:
                found.append((index, told))
        return found

    def _alone(self, line, runs, level):
        """A line looked at by itself; its shape is remembered."""
        shape = _squeezed(line.translate(ZEROS))
        if len(shape) <= _LONGEST_SHAPE and not _too_long(runs) and shape not in self._shapes:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            self._shapes[shape] = _kind(line, shape)
        told = transaction_in(line, level)
        return None if told is None else told[0]

    def _counted(self, batch, found):
        self.count += len(found)
        if found and not self.example:
            index = found[0][0]
            text = transaction_in(batch.line(index)[:_CAP], batch.levels[index])[1]
            self.example = text.decode("utf-8", "replace").strip(" \"'(")
        return found


def _squeezed(text):
    """A text of zeros with fewer of them: whatever comes out alike has its numbers alike."""
    return text.replace(b"000", b"0").replace(b"00", b"0")


def _too_long(runs):
    return max(map(len, runs), default=0) > _LONGEST_RUN


def _elsewhere(head):
    """Whether transactions of such a record are told otherwise."""
    return head is not None and (head.extra is not None or head.format in requestlines.BY_FORMAT)


def _places(batch, candidates):
    """Where each candidate stands, and how many there are."""
    if candidates is None:
        return range(len(batch.records)), len(batch.records)
    return {index: place for place, index in enumerate(candidates)}, len(candidates)


def _candidates(batch):
    """Indexes of the records that are no requests of access logs; None for all."""
    if batch.requests is not None:
        return sorted(batch.others)
    if batch.heads is None or not any(_is_access(head) for head in batch.heads):
        return None
    return [index for index, head in enumerate(batch.heads) if not _is_access(head)]


def _is_access(head):
    return head is not None and head.format == "access"


def _holding(batch, data, candidates):
    """Indexes of the records that hold one of the literals, in order."""
    if candidates is not None and not candidates:
        return []
    records = batch.records
    wanted = LITERALS + PROXIES if NONE in batch.levels else LITERALS
    if candidates is None and batch.body:
        return _in_body(batch, wanted)
    if candidates is not None:
        return [at for at in candidates if any(word in records[at] for word in wanted)]
    found, coloured = set(), b"\x1b" in data  # which may stand within a word
    for literal in wanted:
        if coloured or literal in data:
            found.update(compress(range(len(records)), map(contains, records, repeat(literal))))
    return sorted(found)


def _in_body(batch, literals):
    """The same for a batch with its text at hand."""
    body, end, places = batch.body, batch.end, []
    for literal in literals:
        at = body.find(literal, 0, end)
        while at >= 0:
            places.append(at)
            at = body.find(literal, at + 1, end)
    if not places:
        return []
    between = 1 + len(batch.prefix)
    ends = list(accumulate([len(record) + between for record in batch.records]))
    return sorted({bisect_right(ends, at) for at in places})
