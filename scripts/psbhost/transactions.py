"""Transactions: one unit of work in a log, with a duration where the log tells one.

Each request line of an access log is one. Other logs have them when the catalogue names a
field or a pattern, or when a JSON record plainly carries a duration.
"""

import re
from collections import Counter
from itertools import compress, repeat
from operator import contains

from psbhost import access, jsonlines, requestlines
from psbhost.buckets import bucket_of
from psbhost.levels import ERROR
from psbhost.metered import Metered
from psbhost.patterns import Pattern

_UNITS = {
    "s": 1000.0,
    "ms": 1.0,
    "us": 0.001,
    "µs": 0.001,
    "ns": 0.000001,
    "min": 60000.0,
    "m": 60000.0,
}
#: JSON fields that are durations whatever the program: name, unit.
_PLAIN_FIELDS = (
    ("duration_ms", "ms"), ("durationMs", "ms"), ("elapsed_ms", "ms"), ("elapsedMs", "ms"),
    ("took_ms", "ms"), ("latency_ms", "ms"), ("responseTime", "ms"), ("response_time_ms", "ms"),
    ("elapsed", ""), ("took", ""), ("latency", ""), ("duration", ""), ("request_time", "s"),
    ("response_time", ""), ("duration_s", "s"), ("elapsed_seconds", "s"), ("event.duration", "ns"),
)  # fmt: skip
_NO_FIELD, _NO_TARGET = ("", ""), ([], [], [])
_STATUS_FIELDS = (
    "status",
    "status_code",
    "statusCode",
    "http.response.status_code",
    "res.statusCode",
    "http_status",
    "code",
)
#: Fields that hold a route, with its placeholders; that hold the method; the path or address.
_ROUTE_FIELDS = ("http.route", "route", "url.template", "endpoint", "url.path_template")
_METHOD_FIELDS = (
    "method", "http.method", "http.request.method", "req.method", "request.method", "Method",
    "request_method", "requestMethod", "http_method", "RequestMethod", "verb",
    "httpRequest.requestMethod",
)  # fmt: skip
_TARGET_FIELDS = (
    "path", "url.path", "uri", "request_uri", "requestUri", "requestURI", "url", "req.url",
    "request.url", "request.path", "request.uri", "http.target", "http.url", "http.path",
    "RequestPath", "Path", "request_path", "requestPath", "url.original", "url.full", "target",
    "httpRequest.requestUrl", "request", "request_line", "http_request",
)  # fmt: skip
_QUANTITY = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|min)?\s*$")


_MOST_BUCKETS = 50000
#: So few transactions are counted one by one.
_FEW = 4
_BUCKETS = {}


def known_bucket(milliseconds: float) -> int:
    """As `bucket_of`, remembered."""
    bucket = _BUCKETS.get(milliseconds)
    if bucket is None:
        if len(_BUCKETS) >= _MOST_BUCKETS:
            _BUCKETS.clear()
        bucket = _BUCKETS[milliseconds] = bucket_of(milliseconds)
    return bucket


class Minute(object):
    """Transactions of one minute. Sums are of whole nanoseconds: any order gives the same."""

    __slots__ = ("buckets", "count", "failed", "longest", "nanoseconds")

    def __init__(self):
        self.count = self.failed = self.nanoseconds = 0
        self.longest = 0.0
        self.buckets = {}

    def add(self, failed: bool, milliseconds, count: int = 1) -> None:
        """Count `count` alike; `milliseconds` None: they carry no duration."""
        self.count += count
        self.failed += count if failed else 0
        if milliseconds is not None and 0 <= milliseconds < 1e13:
            self.last(milliseconds, known_bucket(milliseconds), count)

    def add_all(self, failed: bool, lasted: list) -> None:
        """Count transactions that lasted so many milliseconds each, None where none is told."""
        if len(lasted) < _FEW:
            for milliseconds in lasted:
                self.add(failed, milliseconds)
            return
        self.count += len(lasted)
        self.failed += len(lasted) if failed else 0
        told = [each for each in lasted if each is not None and 0 <= each < 1e13]
        if not told:
            return
        self.nanoseconds += sum([int(each * 1e6 + 0.5) for each in told])
        self.longest = max(self.longest, max(told))
        for bucket, count in Counter(map(known_bucket, told)).items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def last(self, milliseconds: float, bucket: int, count: int) -> None:
        """`count` of those counted lasted so long."""
        self.nanoseconds += int(milliseconds * 1e6 + 0.5) * count
        if milliseconds > self.longest:
            self.longest = milliseconds
        self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def merge(self, other) -> None:
        """Add what another one counted."""
        self.count += other.count
        self.failed += other.failed
        self.nanoseconds += other.nanoseconds
        self.longest = max(self.longest, other.longest)
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def reply(self, minute: int) -> list:
        """As on the wire."""
        buckets = [[bucket, self.buckets[bucket]] for bucket in sorted(self.buckets)]
        total = round(self.nanoseconds / 1e6, 3)
        return [minute, self.count, self.failed, total, round(self.longest, 3), buckets]


class Rule(object):
    """What counts as a transaction in one log. Raises ValueError, re.error for a bad rule."""

    def __init__(self, spec):
        self.off = spec is False
        spec = spec or {}
        self._shapes = {}
        self._states = {}
        self._targets = {}
        if not isinstance(spec, dict):
            raise ValueError("transactions must be an object")
        self.field = spec.get("duration") or ""
        self.unit = spec.get("unit") or ""
        if self.unit and self.unit not in _UNITS:
            raise ValueError("unknown unit %r" % self.unit)
        pattern, failed = spec.get("pattern"), spec.get("failed")
        self.pattern = Pattern(pattern) if pattern else None
        groups = re.compile(pattern).groupindex if pattern else {}
        self._durations = {}
        self.failed = Metered(failed) if failed else None
        own = self.off or self.field or self.pattern is not None
        #: Whether durations told in the text of a record count.
        self.words = spec.get("words") is not False and not own
        #: Whether a pattern tells durations at most.
        self.plain = self.pattern is not None and self.failed is None and "route" not in groups
        name = re.escape(self.field.encode("utf-8"))
        #: Whether a request's time is read from its end alone.
        self.simple = not failed and self.unit in ("", "s")
        self._named = (
            re.compile(rb"(?<![\w.])" + name + rb"\"?\s?[=:]\s?\"?(\d+(?:\.\d+)?)(ns|us|ms|s|m)?\b")
            if self.field
            else None
        )

    def metered(self) -> list:
        """The patterns, for what they cost."""
        own = [self.pattern.regex] if self.pattern is not None else []
        return own + ([self.failed] if self.failed is not None else [])

    def of(self, record: bytes, head):
        """(failed, milliseconds or None, target or None) of a transaction, None for none.

        The target is what `Routes.of_target` makes a route of.
        """
        if self.off:
            return None
        if self.pattern is not None:
            return self._by_pattern(record)
        if head is not None and head.format == "access":
            return self.of_request(record, head.extra) + (head.extra.group("q"),)
        if head is not None and isinstance(head.extra, dict):
            return self._of_json(record, head)
        if head is not None and not self.field and head.format in requestlines.BY_FORMAT:
            return requestlines.of_format(head.format, record)
        return self._of_text(record, head) if self._named is not None else None

    def _by_pattern(self, record):
        found = self.pattern.regex.search(record)
        return None if found is None else self._matched(record, found)

    def _matched(self, record, found):
        text = found.group("duration") if "duration" in found.re.groupindex else None
        failed = self._failed(record, False) if self.failed is not None else False
        if text not in self._durations:
            if len(self._durations) >= _MOST_BUCKETS:
                self._durations.clear()
            self._durations[text] = self.milliseconds(text)
        return failed, self._durations[text], self._pattern_target(found)

    @staticmethod
    def _pattern_target(found):
        if "route" not in found.re.groupindex:
            return None
        return "", (found.group("route") or b"").decode("utf-8", "replace")

    def milliseconds(self, text):
        """What a pattern's duration means; None for no duration."""
        told = text.decode("ascii", "replace") if text else None
        return _scaled(told, self.unit or "ms")

    def of_batch(self, batch) -> list:
        """(index, what `of` says) of the records of a batch that match the pattern."""
        wanted = range(len(batch.records))
        literal, prefix = self.pattern.literal, batch.prefix
        ends = [prefix.endswith(literal[:length]) for length in range(1, len(literal) + 1)]
        if literal and literal not in prefix and not any(ends):
            wanted = list(compress(wanted, map(contains, batch.records, repeat(literal))))
        records = [batch.record(index) for index in wanted]
        matches = self.pattern.regex.searches(records)
        return [
            (index, self._matched(record, match))
            for index, record, match in zip(wanted, records, matches)
            if match is not None
        ]

    def _failed(self, record, otherwise):
        return bool(self.failed.search(record)) if self.failed is not None else otherwise

    def of_request(self, record, match):
        """(failed, milliseconds or None) of an access line."""
        failed = match.group("s") >= b"500"
        if self.failed is not None:
            failed = self._failed(record, failed)
        end = match.end("s")
        line = record.split(b"\n", 1)[0].rstrip()
        tail = access.tail_of(line, end)
        return failed, self._request_time(line, tail, end)

    def _request_time(self, line, tail, status_end):
        behind = access.behind_agent(line, status_end)
        if self._named is not None:
            found = self._named.search(behind)
            if found:
                unit = (found.group(2) or b"").decode() or self.unit or "s"
                return float(found.group(1)) * _UNITS[unit]
        found = access.NAMED_TIME.search(behind)
        if found:
            return float(found.group(1)) * _UNITS[self.unit or "s"]
        return self._trailing(tail)

    def _trailing(self, tail):
        found = access.FIRST_DECIMAL.search(tail)
        if found:
            return float(found.group(1)) * _UNITS[self.unit or "s"]
        if not self.field:
            return None
        found = access.LAST_NUMBER.search(tail)
        unit = self.unit or {"%D": "us", "%T": "s"}.get(self.field, "us")
        return float(found.group(1)) * _UNITS[unit] if found else None

    def _of_json(self, record, head):
        document = head.extra
        shape, flat = tuple(document), record.find(b"{", 1) < 0  # no object in an object
        milliseconds = self._json_duration(document, shape, flat)
        if milliseconds is None:
            return None
        status = self._status(document, shape, flat)
        if isinstance(status, str) and status.isdigit():
            status = int(status)
        is_status = isinstance(status, int) and not isinstance(status, bool) and 100 <= status < 600
        failed = self._failed(record, status >= 500 if is_status else head.level >= ERROR)
        return failed, milliseconds, self._json_target(document, shape, is_status)

    def _json_target(self, document, shape, is_status):
        """(method, path) where a record tells what was asked for."""
        known = self._targets.get(shape)
        if known is None:
            if len(self._targets) >= 1000:
                self._targets.clear()
            known = self._targets[shape] = tuple(
                None if jsonlines.nested(document) else [n for n in names if n in document]
                for names in (_ROUTE_FIELDS, _METHOD_FIELDS, _TARGET_FIELDS)
            )
        if known == _NO_TARGET:
            return None
        route, method, path = (
            _text_of(document, names if own is None else own)
            for own, names in zip(known, (_ROUTE_FIELDS, _METHOD_FIELDS, _TARGET_FIELDS))
        )
        if route:
            return method, route
        return (method, path) if path and (method or is_status or " " in path) else None

    def _status(self, document, shape, flat):
        """The status, looked for under the keys records of this shape have."""
        known = self._states.get(shape)
        if known is None:
            known = [name for name in _STATUS_FIELDS if name in document]
            if len(self._states) >= 1000:
                self._states.clear()
            self._states[shape] = known
        for name in known:
            if document[name] is not None:
                return document[name]
        if flat or not jsonlines.nested(document):
            return None
        return jsonlines.first(document, _STATUS_FIELDS)

    def _json_duration(self, document, shape, flat):
        if self.field:
            return _scaled(jsonlines.lookup(document, self.field), self.unit)
        known = self._shapes.get(shape)
        if known is None:
            known = next((each for each in _PLAIN_FIELDS if each[0] in document), _NO_FIELD)
            if len(self._shapes) >= 1000:
                self._shapes.clear()
            self._shapes[shape] = known
        if flat and known is _NO_FIELD:
            return None
        found = _scaled(document.get(known[0]), known[1])
        return found if found is not None else self._any_duration(document)

    @staticmethod
    def _any_duration(document):
        for name, unit in _PLAIN_FIELDS:
            if name in document or ("." in name and jsonlines.nested(document)):
                found = _scaled(jsonlines.lookup(document, name), unit)
                if found is not None:
                    return found
        return None

    def _of_text(self, record, head):
        found = self._named.search(record[:8192])
        if found is None:
            return None
        unit = (found.group(2) or b"").decode() or self.unit or "ms"
        level = head.level if head is not None else 0
        failed = self._failed(record, level >= ERROR)
        return failed, float(found.group(1)) * _UNITS[unit], None


def _text_of(document, names):
    """The first of these fields that is a text; "" for none."""
    for name in names:
        value = jsonlines.lookup(document, name)
        if value and isinstance(value, str):
            return value
    return ""


def _scaled(value, unit):
    """Milliseconds of a value; without a unit: ms, but seconds for a fraction; "12 ms" as told."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        if value != value or not 0 <= value < 1e15:
            return None
        unit = unit or ("ms" if isinstance(value, int) else "s")
        return value * _UNITS[unit]
    if not isinstance(value, str):
        return None
    found = _QUANTITY.match(value)
    if found is None:
        return None
    unit = found.group(2) or unit or ("s" if "." in found.group(1) else "ms")
    return float(found.group(1)) * _UNITS[unit]
