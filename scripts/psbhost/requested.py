"""Counts requests of access logs: regular lines of a block in a few steps, others one by one."""

from collections import Counter
from itertools import compress
from operator import add, mul

from psbhost import access
from psbhost.accesscolumns import TIME, runs
from psbhost.routes import STEP
from psbhost.transactions import known_bucket

#: Different durations that are numbered, at most STEP with those of one block.
_MOST_TIMES = 20000
#: Different (route, time) of one hour that are counted before they are worked out.
_MOST_PAIRS = 20000
#: Numbers of requests that tell no duration, and of ends of lines that do not tell it alone.
_NONE, _UNCLEAR = 0, -1


class Durations(object):
    """Durations by number, from the texts that request lines end in."""

    def __init__(self):
        self.clear()

    def __len__(self):
        return len(self._milliseconds)

    def clear(self) -> None:
        """Forget all numbers."""
        self._texts, self._numbers = _Memory(self._learn), {}
        self._milliseconds, self._nanoseconds, self._buckets = [0.0], [0], [None]

    def of_texts(self, texts) -> list:
        """Numbers of the ends of lines; _UNCLEAR where one tells nothing alone."""
        return list(map(self._texts.__getitem__, texts))

    def _learn(self, text):
        if b"\n" in text or len(text) < TIME:
            milliseconds = access.seconds_of(text.partition(b"\n")[0])
            if milliseconds is not None:
                return self.number(milliseconds)
        return _UNCLEAR

    def number(self, milliseconds) -> int:
        """The number of a duration, or of none."""
        if milliseconds is None or not 0 <= milliseconds < 1e13:
            return _NONE
        number = self._numbers.get(milliseconds)
        if number is None:
            number = self._numbers[milliseconds] = len(self._milliseconds)
            self._milliseconds.append(milliseconds)
            self._nanoseconds.append(int(milliseconds * 1e6 + 0.5))
            self._buckets.append(known_bucket(milliseconds))
        return number

    def last(self, entry, counted: dict) -> None:
        """Add to a minute or a route how often each duration was met."""
        counted.pop(_NONE, None)
        if not counted:
            return
        numbers, counts = list(counted), list(counted.values())
        entry.nanoseconds += sum(map(mul, map(self._nanoseconds.__getitem__, numbers), counts))
        longest = max(map(self._milliseconds.__getitem__, numbers))
        entry.longest = max(entry.longest, longest)
        buckets = entry.buckets
        for bucket, count in zip(map(self._buckets.__getitem__, numbers), counts):
            buckets[bucket] = buckets.get(bucket, 0) + count


class _Memory(dict):
    """Remembers what a function makes of a text."""

    def __init__(self, function):
        dict.__init__(self)
        self._function = function

    def __missing__(self, text):
        value = self[text] = self._function(text)
        return value


class Requested(object):
    """`minute`: what counts a minute; `routes`: what counts routes."""

    def __init__(self, rule, minute, routes):
        self._rule = rule
        self._minute = minute
        self._routes = routes
        routes.before_forgetting = self._close_hour
        self._durations = Durations()
        self._open, self._counts = None, Counter()  # a minute and its durations
        self._hour, self._pairs = None, Counter()  # an hour, and (route + duration)

    def add(self, requests) -> None:
        """Count the requests of a block."""
        for time, line, match in requests.odd:
            self._one(time, line, match)
        if not requests.failed:
            return
        rule = self._rule
        simple = rule.simple and (requests.texts or (requests.plain and not rule.field))
        if not simple:
            for time, line in zip(requests.times, requests.lines):
                self._one(time, line, access.ACCESS.match(line))
            return
        if len(self._durations) > _MOST_TIMES:
            self.close()
            self._durations.clear()
        numbers = self._numbers(requests) if requests.texts else None
        self._by_minute(requests, numbers)
        self._by_hour(requests, numbers)

    def _one(self, time, line, match):
        failed, milliseconds = self._rule.of_request(line, match)
        self._minute(time - time % 60).add(failed, milliseconds)
        name = self._routes.of_requests([match.group("q")])[0]
        self._routes.cell(time, name).add(failed, milliseconds)

    def _numbers(self, requests):
        """The duration of each request."""
        numbers = self._durations.of_texts(requests.texts)
        if not requests.clear and min(numbers) == _UNCLEAR:
            for at in [at for at, number in enumerate(numbers) if number == _UNCLEAR]:
                line = requests.lines[at]
                lasted = self._rule.of_request(line, access.ACCESS.match(line))[1]
                numbers[at] = self._durations.number(lasted)
        return numbers

    def _by_minute(self, requests, numbers):
        """Durations are counted by number as long as the minute is the same one."""
        for minute, start, stop in runs(requests.times):
            entry = self._minute(minute)
            entry.count += stop - start
            entry.failed += requests.failed[start:stop].count(1)
            if numbers is not None:
                if entry is not self._open:
                    self._close_minute()
                    self._open = entry
                self._counts.update(numbers[start:stop])

    def _by_hour(self, requests, numbers):
        codes = self._routes.codes(requests.asked)
        for hour, start, stop in _hours(requests.times):
            if hour != self._hour or len(self._pairs) > _MOST_PAIRS:
                self._close_hour()
                self._hour = hour
            inside, failed = codes[start:stop], requests.failed[start:stop]
            for code, count in Counter(compress(inside, failed)).items():
                self._cell(code).failed += count
            if numbers is None:
                for code, count in Counter(inside).items():
                    self._cell(code).count += count
            else:
                self._pairs.update(map(add, inside, numbers[start:stop]))

    def _cell(self, code):
        return self._routes.cell(self._hour, self._routes.name(code))

    def _close_minute(self):
        if self._open is not None:
            self._durations.last(self._open, self._counts)
        self._counts.clear()
        self._open = None

    def _close_hour(self):
        by_code = {}
        for pair, count in self._pairs.items():
            by_code.setdefault(pair // STEP, {})[pair % STEP] = count
        for number, counted in by_code.items():
            cell = self._cell(number * STEP)
            cell.count += sum(counted.values())
            self._durations.last(cell, counted)
        self._pairs.clear()

    def close(self) -> None:
        """Work out what is still kept as numbers."""
        self._close_minute()
        self._close_hour()


def _hours(times):
    """(hour, first index, index behind the last) of times in a row in one hour."""
    found = []
    for minute, start, stop in runs(times):
        hour = minute - minute % 3600
        if found and found[-1][0] == hour and found[-1][2] == start:
            found[-1][2] = stop
        else:
            found.append([hour, start, stop])
    return found
