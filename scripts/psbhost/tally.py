"""What is counted of one log in one visit: every record once."""

from collections import Counter

from psbhost.access import request_time
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
        for index in [at for at, level in enumerate(batch.levels) if level >= WARNING]:
            head = batch.head(index, recogniser)
            self.causes.add(batch.record(index), batch.times[index], batch.levels[index], head)

    def _transactions(self, batch, recogniser):
        rule = self._rule
        if batch.requests is not None and rule.pattern is None:
            self._requests(batch)
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

    def _requests(self, batch):
        """Request lines with one decimal at their end are counted by minute, status and time."""
        simple = self._rule.failed is None and self._rule.unit in ("", "s")
        # Behind request, referer and agent: nothing else quoted may hold a named time.
        tails = [
            record[record.rfind(b'"') + 1 :] if record.count(b'"') == 6 else b""
            for record in batch.records
        ]
        states = [request.group("s") for request in batch.requests]
        minutes = [time - time % 60 for time in batch.times]
        usual = {tail: simple and request_time(tail) for tail in set(tails)}
        for (minute, state, tail), count in Counter(zip(minutes, states, tails)).items():
            if usual[tail]:
                self._minute(minute).add(state >= b"500", usual[tail], count)
        for index, tail in enumerate(tails):
            if not usual[tail]:
                found = self._rule.of_request(batch.records[index], batch.requests[index])
                self._minute(minutes[index]).add(found[0], found[1])

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
        return [self._minutes[minute].reply(minute) for minute in sorted(self._minutes)]
