"""What is counted of one log in one visit: every record once."""

from collections import Counter

from psbhost.causes import Causes
from psbhost.levels import WARNING
from psbhost.transactions import Minute


class Tally(object):
    """Counts per minute and level, causes, transactions and events."""

    def __init__(self, rule, watches, groups: int):
        self._rule = rule
        self._levels = Counter()
        self._minutes = {}
        self.causes = Causes(groups)
        self.watches = watches
        self.first = None
        self.last = None

    def add(self, batch, data: bytes, recogniser) -> None:
        """Count a batch. `data`: the bytes it was cut from, or more."""
        if not batch.records:
            return
        for (second, level), count in Counter(zip(batch.times, batch.levels)).items():
            self._levels[second - second % 60, level] += count
        self._span(batch.times)
        if max(batch.levels) >= WARNING:
            self._bad(batch, recogniser)
        self.watches.add(data, batch, recogniser)
        self._transactions(batch, recogniser)

    def _span(self, times):
        low, high = min(times), max(times)
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)

    def _bad(self, batch, recogniser):
        for index, level in enumerate(batch.levels):
            if level >= WARNING:
                head = batch.head(index, recogniser)
                self.causes.add(batch.record(index), batch.times[index], level, head)

    def _transactions(self, batch, recogniser):
        rule = self._rule
        if batch.requests is not None and rule.pattern is None:
            for record, request, time in zip(batch.records, batch.requests, batch.times):
                self._transaction(time, rule.of_request(record, request))
            return
        if batch.heads is None and not rule.field and rule.pattern is None:
            return
        for index, record in enumerate(batch.records):
            head = batch.heads[index] if batch.heads is not None else None
            if head is not None and head.extra is None and not rule.field and rule.pattern is None:
                continue
            if head is None:
                record = batch.record(index)
            found = rule.of(record, head)
            if found is not None:
                self._transaction(batch.times[index], found)

    def _transaction(self, time, found):
        minute = time - time % 60
        entry = self._minutes.get(minute)
        if entry is None:
            entry = self._minutes[minute] = Minute()
        entry.add(found[0], found[1])

    def levels(self) -> list:
        """[minute, level, records], sorted."""
        return [[minute, level, count] for (minute, level), count in sorted(self._levels.items())]

    def transactions(self) -> list:
        """Rows as on the wire, sorted by minute."""
        return [self._minutes[minute].reply(minute) for minute in sorted(self._minutes)]
