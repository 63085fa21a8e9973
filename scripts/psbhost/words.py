"""Durations told in the text of a record: `took 35 ms`, `Completed 200 OK in 12ms`, `elapsed=0.2s`.

They are taken for transactions only where they are hard to mistake: a usual word, a number and its
unit, in a record below warning or beside a status; of ten minutes at most; and never where the
record speaks of a job, a start or upkeep. Looking costs, so a file in which none was found for
QUIET records is not looked through any further: a job that ends now and then, or a server that
tells how long its start took, is no latency of requests anyway.
"""

import re
from itertools import compress, repeat
from operator import contains

from psbhost import requestlines
from psbhost.levels import INFO

#: Records without a duration after which a file is not looked through any more.
QUIET = 2000
#: What a record that tells a duration holds.
LITERALS = (
    *(b"took", b"lapsed", b"uration", b"atency", b"ompleted", b"esponded", b"Took"),
    *(b"HTTP/", b"[GIN]"),
)
#: Milliseconds beyond which it is no request.
_LONGEST = 600000.0
_CAP = 4096
_NAMES = (
    rb"(?:took|elapsed|duration|latency|(?:elapsed|response|request|processing|execution|total|query)"
    rb"[ _-]?time|time[ _-]?(?:taken|elapsed))"
)
_UNIT = rb"(?P<u>ns|us|\xc2\xb5s|msecs?|ms|millis(?:econds?)?|secs?|seconds?|s)(?![\w/%])"
_NUMBER = (
    rb"(?:(?P<n>\d{1,9}(?:\.\d{1,9})?) ?" + _UNIT + rb"|(?P<c>\d\d?:[0-5]\d:[0-5]\d\.\d{1,9}))"
)
_FORMS = (
    # duration_ms=12, "elapsedMs": 3.5
    re.compile(
        rb"(?<![\w.-])(?:took|elapsed|duration|latency|(?:elapsed|response|request|processing|"
        rb"execution|total)_?[Tt]ime)_?(?P<u>[Mm]s|[Mm]illis|[Mm]illiseconds|[Ss]econds|[Ss]ecs?|us|ns|s)"
        rb"[\"']? ?[=:] ?[\"']?(?P<n>\d{1,9}(?:\.\d{1,9})?)(?![\w.:])(?P<c>)"
    ),
    # took 1.2s, duration=120ms, elapsed: 00:00:03.120, response time was 35 ms
    re.compile(
        rb"(?<![\w.-])(?i:" + _NAMES + rb")[\"']?(?: ?[=:] ?| (?:of|was|is) | )[\"'(]?" + _NUMBER
    ),
    # Completed 200 OK in 12ms, responded 200 in 12.3456 ms
    re.compile(rb"\b[CcRr](?:ompleted|esponded)\b(?: [^\s]{1,60}){0,5}? in " + _NUMBER),
)
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
#: What is no request: jobs, starts and ends of programs, upkeep, waiting.
_OTHER_WORK = re.compile(
    rb"\b(?:jobs?|batch(?:es)?|backups?|import(?:ed|ing|s)?|export(?:ed|ing|s)?|etl|migrat(?:ed|ion|"
    rb"ions|ing)|initiali[sz](?:ed|ation|ing)|start(?:ed|ing|up)|boot(?:ed|ing|strap)?|shut ?down|"
    rb"stopp(?:ed|ing)|warm-?up|gc|pause[ds]?|garbage|compact(?:ed|ion|ing)|checkpoints?|vacuum|"
    rb"autovacuum|reindex(?:ed|ing)?|indexing|rebuil[dt]|deploy(?:ed|ment|ing)?|scheduled?|nightly|"
    rb"daily|cron|crawl(?:ed|ing)?|clean-?up|sleep(?:ing|s)?|wait(?:ed|ing)|timeouts?|timed out|"
    rb"retry(?:ing)?|expir(?:es|ed|y)|uptime|ttl|replicat(?:ed|ion|ing)|snapshots?|rotat(?:ed|ion|ing))\b",
    re.IGNORECASE,
)


def _unit(text):
    """Milliseconds of a unit."""
    text = text.lower()
    if text[:2] == b"ms" or text[:5] == b"milli":
        return 1.0
    if text[:1] == b"s":
        return 1000.0
    return 0.000001 if text == b"ns" else 0.001


def duration_in(line: bytes):
    """(milliseconds, the words that tell it) of a line; None where none is told plainly."""
    for form in _FORMS:
        found = form.search(line)
        if found is not None:
            break
    else:
        return None
    if found.group("c"):
        hours, minutes, seconds = found.group("c").split(b":")
        milliseconds = (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000.0
    else:
        milliseconds = float(found.group("n")) * _unit(found.group("u"))
    return (milliseconds, found.group(0)) if milliseconds <= _LONGEST else None


def transaction_in(line: bytes, level: int):
    """((failed, milliseconds, target or None), the words that tell it) of a line, or None."""
    request = requestlines.of_line(line)
    if request is not None:
        return request, b"request"
    told = duration_in(line)
    if told is None:
        return None
    found = _STATUS.search(line)
    status = int(found.group("s") or found.group("t")) if found is not None else 0
    if (level > INFO and not status) or _OTHER_WORK.search(line) is not None:
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


class Words(object):
    """Looks for durations in the records of one file after the other. `on`: whether at all."""

    def __init__(self, on: bool):
        self.on = on
        self.count = 0
        self.example = ""
        self._quiet = 0  # records since the last duration

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
        hits = _holding(batch, data, _candidates(batch))
        return any(self._look(batch, index) is not None for index in hits)

    def find(self, batch, data: bytes, places=None) -> list:
        """(index, (failed, milliseconds, target)) of the records that tell a duration.

        `places`: where the records stand among how many, for a batch that is only a part.
        """
        if self.settled:
            return []
        candidates = _candidates(batch)
        hits = _holding(batch, data, candidates)
        if places is None:
            if candidates is not None:
                order = {index: place for place, index in enumerate(candidates)}
            total = len(batch.records) if candidates is None else len(candidates)
        found, passed = [], 0
        for index in hits:
            told = self._look(batch, index)
            if told is None:
                continue
            if places is not None:
                place = places[0][index]
            else:
                place = index if candidates is None else order[index]
            if self._quiet + place - passed >= QUIET:
                self._quiet = QUIET
                return found
            self._quiet, passed = 0, place + 1
            found.append((index, self._counted(told)))
        self.skip((places[1] if places is not None else total) - passed)
        return found

    def _look(self, batch, index):
        head = batch.heads[index] if batch.heads is not None else None
        if head is not None and (head.extra is not None or head.format in requestlines.BY_FORMAT):
            return None
        return transaction_in(batch.line(index)[:_CAP], batch.levels[index])

    def _counted(self, told):
        found, text = told
        self.count += 1
        if not self.example:
            self.example = text.decode("utf-8", "replace").strip(" \"'(")
        return found


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
    found, coloured = set(), b"\x1b" in data  # which may stand within a word
    for literal in LITERALS:
        if coloured or literal in data:
            found.update(compress(range(len(records)), map(contains, records, repeat(literal))))
    if candidates is not None:
        found.intersection_update(candidates)
    return sorted(found)
