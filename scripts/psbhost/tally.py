"""What is counted of one log in one visit: every record once."""

from collections import Counter
from itertools import compress

from psbhost import access
from psbhost.accesscolumns import runs as access_runs
from psbhost.causes import Causes
from psbhost.levels import NAMES, WARNING
from psbhost.patterned import Patterned
from psbhost.transactions import Minute, known_bucket

#: Counts per minute that one log may hold in one visit: about 16 MB.
MOST_KEPT = 50000
#: Levels whose records are grouped.
_MOST_TIMES = 20000
_LEVELS = range(len(NAMES))
_BAD = bytes([level >= WARNING for level in range(256)])


class Tally(object):
    """Counts per minute and level, causes, transactions and events."""

    def __init__(self, rule, watches, groups: int, span: bool = True):
        self._rule = rule
        self._patterned = Patterned(rule, self._minute) if rule.plain else None
        self._levels = Counter()
        self._minutes = {}
        self._times = {}  # what the ends of request lines mean: milliseconds and bucket
        self._open, self._texts = None, Counter()  # a minute and the ends of its lines
        self.causes = Causes(groups)
        self.watches = watches
        self._span = span  # whether the first and the last second are wanted
        self.first = None
        self.last = None

    def add(self, batch, data: bytes, recogniser) -> None:
        """Count a batch. `data`: the bytes it was cut from, or more."""
        if not batch.records:
            return
        self._count(batch.minutes(), batch.levels)
        if self._span:
            self._widen(batch.times)
        if max(batch.levels) >= WARNING:
            self._bad(batch, recogniser)
        self.watches.add(data, batch, recogniser)
        self._transactions(batch, recogniser)

    def full(self) -> bool:
        """Whether reading should stop for this visit: what is kept per minute has its bound, the
        rest waits. A minute of transactions with its buckets weighs about four counts."""
        if self.watches.full():
            return True
        kept = len(self._levels) + 4 * len(self._minutes)
        return kept + self.causes.minutes() > MOST_KEPT

    def _count(self, minutes, levels):
        counts, count = self._levels, levels.count
        whole = len(minutes) == 1
        for minute, start, stop in minutes:
            if not whole:
                count = levels[start:stop].count
            for level in _LEVELS:
                found = count(level)
                if found:
                    counts[minute, level] += found

    def _widen(self, times):
        low, high = min(times), max(times)
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)

    def _bad(self, batch, recogniser):
        levels = batch.levels
        if isinstance(levels, bytes):
            levels = levels.translate(_BAD)
        else:
            levels = [level >= WARNING for level in levels]
        self.causes.add_from(batch, list(compress(range(len(levels)), levels)), recogniser)

    def _transactions(self, batch, recogniser):
        rule = self._rule
        if self._patterned is not None:
            self._patterned.add(batch)
        elif rule.pattern is not None:
            self._by_pattern(batch)
        elif batch.requests is not None:
            self._requests(batch.requests)
        elif batch.heads is not None or rule.field:
            self._one_by_one(batch)

    def _by_pattern(self, batch):
        found = self._rule.of_batch(batch)
        times = batch.times_of([index for index, _ in found])
        minutes = [time - time % 60 for time in times]
        told = Counter(zip(minutes, [what for _, what in found]))
        for (minute, (failed, milliseconds)), count in told.items():
            self._minute(minute).add(failed, milliseconds, count)

    def _one_by_one(self, batch):
        rule = self._rule
        for index, record in enumerate(batch.records):
            head = batch.heads[index] if batch.heads is not None else None
            if head is not None and head.extra is None and not rule.field:
                continue
            if head is None:
                record = batch.record(index)
            found = rule.of(record, head)
            if found is not None:
                self._transaction(batch.times[index], found)

    def _requests(self, requests):
        """Regular request lines by minute and the text of their time, others one by one."""
        rule = self._rule
        for time, line, match in requests.odd:
            self._transaction(time, rule.of_request(line, match))
        if not requests.failed:
            return
        simple = rule.simple and (requests.texts or (requests.plain and not rule.field))
        if not simple:
            for time, line in zip(requests.times, requests.lines):
                self._transaction(time, rule.of_request(line, access.ACCESS.match(line)))
            return
        for minute, start, stop in access_runs(requests.times):
            entry = self._minute(minute)
            entry.count += stop - start
            entry.failed += requests.failed[start:stop].count(1)
            if requests.texts:
                self._lasted(entry, requests, start, stop)

    def _lasted(self, entry, requests, start, stop):
        """Times are counted as texts as long as the minute is the same one."""
        if entry is not self._open:
            self._close()
            self._open = entry
        texts = requests.texts[start:stop]
        self._texts.update(texts)
        if requests.clear:
            return
        for text in set(texts):
            if self._times.get(text, 0) == 0:
                self._learn(text)
            if self._times[text] is None:
                del self._texts[text]
                for index in range(start, stop):
                    if requests.texts[index] == text:
                        self._closer(entry, requests, index)

    def _close(self):
        """Turn the texts of a minute into durations."""
        known = self._times
        for text, count in self._texts.items():
            milliseconds, bucket = known.get(text) or self._learn(text)
            self._open.last(milliseconds, bucket, count)
        self._texts.clear()
        self._open = None
        if len(known) >= _MOST_TIMES:
            known.clear()

    def _learn(self, text):
        """(milliseconds, bucket) of the end of a line; None where it does not end in the text."""
        found = None
        if b"\n" in text:
            milliseconds = access.seconds_of(text[: text.find(b"\n")])
            found = None if milliseconds is None else (milliseconds, known_bucket(milliseconds))
        self._times[text] = found
        return found

    def _closer(self, entry, requests, index):
        line = requests.lines[index]
        _, milliseconds = self._rule.of_request(line, access.ACCESS.match(line))
        if milliseconds is not None and 0 <= milliseconds < 1e13:
            entry.last(milliseconds, known_bucket(milliseconds), 1)

    def _transaction(self, time, found):
        self._minute(time - time % 60).add(found[0], found[1])

    def _minute(self, minute):
        entry = self._minutes.get(minute)
        if entry is None:
            entry = self._minutes[minute] = Minute()
        return entry

    def levels(self) -> list:
        """[minute, level, records], sorted."""
        return [[minute, level, count] for (minute, level), count in sorted(self._levels.items())]

    def transactions(self) -> list:
        """Rows as on the wire, sorted by minute."""
        self._close()
        return [self._minutes[minute].reply(minute) for minute in sorted(self._minutes)]
