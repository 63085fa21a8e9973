"""Transactions that a pattern of the catalogue finds, a block of records at a time.

What is done for each record that matches runs in C: durations stay texts, and what a text means
is worked out once.
"""

from bisect import bisect_left
from collections import Counter
from itertools import compress, repeat
from operator import contains, itemgetter

from psbhost.batches import Batch
from psbhost.metered import TEXT_CAP
from psbhost.transactions import known_bucket

_MOST_TEXTS = 50000


class Durations(object):
    """What the texts of durations mean. `read`: milliseconds of one, or None."""

    def __init__(self, read):
        self._read = read
        self._milliseconds = {}
        self._nanoseconds = _Memory(self._learn)
        self._buckets = {}

    def _learn(self, text):
        """Nanoseconds; no bucket is known of a text that is no duration."""
        if len(self._milliseconds) >= _MOST_TEXTS:
            self._milliseconds.clear()
            self._nanoseconds.clear()
            self._buckets.clear()
        milliseconds = self._read(text)
        if milliseconds is None or not 0 <= milliseconds < 1e13:
            milliseconds, bucket = 0.0, None
        else:
            bucket = known_bucket(milliseconds)
        self._milliseconds[text], self._buckets[text] = milliseconds, bucket
        return int(milliseconds * 1e6 + 0.5)

    def add(self, entry, texts: list) -> None:
        """Add to a minute what its transactions lasted."""
        lasted = list(map(self._nanoseconds.__getitem__, texts))
        entry.nanoseconds += sum(lasted)
        longest = self._milliseconds[texts[lasted.index(max(lasted))]]
        entry.longest = max(entry.longest, longest)
        known = entry.buckets
        for bucket, count in Counter(map(self._buckets.__getitem__, texts)).items():
            if bucket is not None:
                known[bucket] = known.get(bucket, 0) + count


class _Memory(dict):
    """Remembers what a function makes of a text."""

    def __init__(self, function):
        dict.__init__(self)
        self._function = function

    def __missing__(self, text):
        value = self._function(text)
        self[text] = value
        return value


class Patterned(object):
    """Finds the transactions of a rule with a pattern, when it tells durations at most.

    `minute`: the entry of a minute, made when it is new.
    """

    def __init__(self, rule, minute):
        self._pattern = rule.pattern
        self._durations = Durations(rule.milliseconds)
        self._minute = minute
        pattern = rule.pattern
        self._timed = "duration" in pattern.regex.names
        #: Whether one search through many records finds what a search in each of them finds.
        self._regular = pattern.opens and pattern.one_line and pattern.regex.groups < 2

    def add(self, batch) -> None:
        """Count the transactions of a batch."""
        if self._regular and batch.body and short(batch, TEXT_CAP):
            self._whole(batch)
        else:
            self._searched(batch)

    def _whole(self, batch):
        """Count by a search through all records in a row in one minute."""
        begin, between = 0, 1 + len(batch.prefix)
        marker = batch.prefix if self._pattern.literal in b"".join(batch.more) else b""
        runs = list(batch.minutes())
        for at, (minute, start, stop) in enumerate(runs, 1):
            end = batch.end
            if at < len(runs):
                end = begin + sum(map(len, batch.records[start:stop])) + between * (stop - start)
            texts = self._pattern.regex.first_in(batch.body, begin, end, marker)
            self._count(minute, texts)
            begin = end

    def _searched(self, batch):
        """Count by a search in each record that may match."""
        wanted, matches = found(self._pattern, batch)
        if None in matches:
            wanted = [index for index, match in zip(wanted, matches) if match is not None]
            matches = list(filter(None, matches))
        texts = list(map(itemgetter("duration" if self._timed else 0), matches))
        done = 0
        for minute, _, stop in Batch.minutes(batch):  # in the order of the records
            end = bisect_left(wanted, stop, done)
            self._count(minute, texts[done:end])
            done = end

    def _count(self, minute, texts):
        if texts:
            entry = self._minute(minute)
            entry.count += len(texts)
            if self._timed:
                self._durations.add(entry, texts)


def short(batch, cap: int) -> bool:
    """Whether each record of a batch with its text at hand has at most so many bytes."""
    body, separator, step = batch.body, b"\n" + batch.prefix, cap // 2
    starts = range(0, batch.end - step, step)
    ends = range(step + len(separator), batch.end + cap, step)
    if min(map(body.find, repeat(separator), starts, ends), default=0) >= 0:
        return True  # a record begins in each half
    return max(map(len, batch.records)) <= cap - len(batch.prefix)


def found(pattern, batch) -> tuple:
    """(indexes, matches or None) of the records of a batch that hold the pattern's literal."""
    literal, prefix, records = pattern.literal, batch.prefix, batch.records
    wanted = range(len(records))
    if _may_begin(literal, prefix):
        records = [prefix + record for record in records]
        return wanted, pattern.regex.searches(records)
    if literal:
        wanted = list(compress(wanted, map(contains, records, repeat(literal))))
    if len(wanted) != len(records):
        records = [records[index] for index in wanted]
    if prefix:
        records = [prefix + record for record in records]
    return wanted, pattern.regex.searches(records)


def _may_begin(literal, prefix):
    """Whether a prefix may hold the literal or its beginning."""
    if not prefix or not literal:
        return bool(prefix)
    ends = any(prefix.endswith(literal[:length]) for length in range(1, len(literal) + 1))
    return ends or literal in prefix
