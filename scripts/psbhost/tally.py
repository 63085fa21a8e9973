"""What is counted of one log in one visit: every record once."""

from collections import Counter

from psbhost.causes import Causes
from psbhost.levels import NAMES
from psbhost.patterned import Patterned
from psbhost.requested import Requested
from psbhost.requestlines import BY_FORMAT, of_format
from psbhost.routes import Routes
from psbhost.transactions import Minute
from psbhost.words import Words

#: Counts per minute that one log may hold in one visit: about 16 MB.
MOST_KEPT = 50000
#: Levels whose records are grouped.
_LEVELS = range(len(NAMES))


class Tally(object):
    """Counts per minute and level, causes, transactions and events."""

    def __init__(self, rule, watches, groups: int, span: bool = True):
        self._rule = rule
        self._patterned = Patterned(rule, self._minute) if rule.plain else None
        self._levels = Counter()
        self._minutes = {}
        self.by_route = Routes(Minute)
        self.words = Words(rule.words)
        self._requested = Requested(rule, self._minute, self.by_route)
        self.causes = Causes(groups)
        self.watches = watches
        self._span = span  # whether the first and the last second are wanted
        self.first = None
        self.last = None

    def add(self, batch, data: bytes, recogniser, places=None) -> None:
        """Count a batch. `data`: the bytes it was cut from, or more; `places`: see `Words.find`."""
        if not batch.records:
            if places is not None:
                self.words.skip(places[1])
            return
        self._count(batch.minutes(), batch.levels)
        if self._span:
            self._widen(batch.times)
        if batch.mark_bad():
            self.causes.add_from(batch, recogniser)
        self.watches.add(data, batch, recogniser)
        self._transactions(batch)
        self._in_words(batch, data, places)

    def full(self) -> bool:
        """Whether reading should stop for this visit: what is kept per minute has its bound, the
        rest waits. A minute of transactions with its buckets weighs about four counts."""
        if self.watches.full():
            return True
        kept = len(self._levels) + 4 * (len(self._minutes) + len(self.by_route))
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

    def _in_words(self, batch, data, places):
        found = self.words.find(batch, data, places)
        if found:
            self._together(batch, found)

    def _transactions(self, batch):
        rule = self._rule
        if rule.off:
            return
        if self._patterned is not None:
            self._patterned.add(batch)
        elif rule.pattern is not None:
            self._by_pattern(batch)
        elif batch.requests is not None:
            self._requested.add(batch.requests)
        elif batch.heads is not None or rule.field:
            self._one_by_one(batch)
        elif batch.format in BY_FORMAT or not BY_FORMAT.keys().isdisjoint(batch.others.values()):
            self._by_format(batch)

    def _by_pattern(self, batch):
        self._together(batch, self._rule.of_batch(batch))

    def _together(self, batch, found):
        """Count (index, what `Rule.of` says), those alike of a minute at once."""
        groups = {}
        times = batch.times_of([index for index, _ in found])
        for time, (_, (failed, milliseconds, target)) in zip(times, found):
            key = (time - time % 60, failed, target)
            if key in groups:
                groups[key].append(milliseconds)
            else:
                groups[key] = [milliseconds]
        for (minute, failed, target), lasted in groups.items():
            self._minute(minute).add_all(failed, lasted)
            if target is not None:
                name = self.by_route.of_target(target)
                self.by_route.cell(minute, name).add_all(failed, lasted)

    def _by_format(self, batch):
        for index, time in enumerate(batch.times):
            name = batch.others.get(index, batch.format)
            found = of_format(name, batch.record(index)) if name in BY_FORMAT else None
            if found is not None:
                self._transaction(time, found)

    def _one_by_one(self, batch):
        rule, together = self._rule, []
        for index, record in enumerate(batch.records):
            head = batch.heads[index] if batch.heads is not None else None
            if head is not None and head.extra is None and not rule.field:
                if head.format not in BY_FORMAT:
                    continue
            if head is None:
                record = batch.record(index)
            found = rule.of(record, head)
            if found is not None:
                together.append((index, found))
        self._together(batch, together)

    def _transaction(self, time, found):
        failed, milliseconds, target = found
        self._minute(time - time % 60).add(failed, milliseconds)
        if target is not None:
            name = self.by_route.of_target(target)
            self.by_route.cell(time, name).add(failed, milliseconds)

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
        self._requested.close()
        return [self._minutes[minute].reply(minute) for minute in sorted(self._minutes)]

    def routes(self) -> list:
        """Rows as on the wire, sorted by hour and route."""
        self._requested.close()
        return self.by_route.reply()
