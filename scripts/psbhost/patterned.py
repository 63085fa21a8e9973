"""Transactions that a pattern of the catalogue finds, a block of records at a time.

What is done for each record that matches runs in C: durations stay texts, and what a text means
is worked out once.
"""

from bisect import bisect_left
from collections import Counter
from itertools import compress, repeat
from operator import add, contains, itemgetter, methodcaller, sub

from psbhost.batches import Batch
from psbhost.metered import TEXT_CAP
from psbhost.transactions import known_bucket

_MOST_TEXTS = 50000
_duration = itemgetter("duration")


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
        self._timed = "duration" in rule.pattern.regex.groups

    def add(self, batch) -> None:
        """Count the transactions of a batch."""
        if not (self._pattern.opens and batch.body and self._whole(batch)):
            self._searched(batch)

    def _whole(self, batch) -> bool:
        """Count by one search through all of a batch; False where records must be searched."""
        body, separator = batch.body, b"\n" + batch.prefix
        matches = self._pattern.regex.all_in(body, batch.end, len(batch.records))
        if not matches:
            return not self._pattern.regex.stopped
        starts = list(map(methodcaller("start"), matches))
        if not self._within(matches, starts, batch, separator):
            return False
        ends = map(add, starts[1:], repeat(len(separator) - 1))
        apart = list(map(body.find, repeat(separator), starts, ends))
        if -1 in apart:  # of one record the first counts
            first = [True] + [found >= 0 for found in apart]
            matches, starts = list(compress(matches, first)), list(compress(starts, first))
        self._count(matches, starts, self._runs(batch))
        return True

    def _within(self, matches, starts, batch, separator) -> bool:
        """Whether each match is within the first bytes of one record."""
        if not self._pattern.one_line and b"\n" in b"".join(map(itemgetter(0), matches)):
            return False
        bounds = [0] + starts + [batch.end]
        reach = list(map(sub, bounds[2:], bounds))
        if max(reach) <= TEXT_CAP:  # a record begins behind the match before, ends before the next
            return True
        for match, far in zip(matches, reach):
            if far > TEXT_CAP:
                begin = batch.body.rfind(separator, 0, match.start()) + 1
                if match.end() - begin > TEXT_CAP:
                    return False
        return True

    @staticmethod
    def _runs(batch):
        """(minute, where its records end in the text) of the records in a row in one minute."""
        runs, at = list(batch.minutes()), 0
        between = 1 + len(batch.prefix)
        for minute, start, stop in runs[:-1]:
            at += sum(map(len, batch.records[start:stop])) + between * (stop - start)
            yield minute, at
        yield runs[-1][0], batch.end

    def _searched(self, batch):
        """Count by a search in each record that may match."""
        wanted, matches = found(self._pattern, batch)
        if None in matches:
            wanted = [index for index, match in zip(wanted, matches) if match is not None]
            matches = list(filter(None, matches))
        runs = Batch.minutes(batch)  # in the order of the records
        self._count(matches, wanted, ((minute, stop) for minute, _, stop in runs))

    def _count(self, matches, places, runs):
        """Count matches by minute. `places`: of each, in the measure of the ends of the runs."""
        texts = list(map(_duration, matches)) if self._timed else []
        done, total = 0, len(matches)
        for minute, stop in runs:
            if done == total:
                return
            end = bisect_left(places, stop, done)
            if end > done:
                entry = self._minute(minute)
                entry.count += end - done
                if texts:
                    self._durations.add(entry, texts[done:end])
            done = end


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
