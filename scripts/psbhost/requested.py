"""Counts requests of access logs: regular lines of a block in a few steps, others one by one."""

from collections import Counter
from itertools import compress

from psbhost import access
from psbhost.accesscolumns import TIME, runs
from psbhost.transactions import known_bucket

_MOST_TIMES = 20000
#: Different (route, time) of one hour that are counted before they are worked out.
_MOST_PAIRS = 20000


class Requested(object):
    """`minute`: what counts a minute; `routes`: what counts routes."""

    def __init__(self, rule, minute, routes):
        self._rule = rule
        self._minute = minute
        self._routes = routes
        self._times = {}  # what the ends of request lines mean: milliseconds and bucket
        self._open, self._texts = None, Counter()  # a minute and the ends of its lines
        self._hour, self._pairs = None, Counter()  # an hour, its routes and the ends of lines

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
        self._by_minute(requests)
        self._by_hour(requests)

    def _one(self, time, line, match):
        failed, milliseconds = self._rule.of_request(line, match)
        self._minute(time - time % 60).add(failed, milliseconds)
        name = self._routes.of_requests([match.group("q")])[0]
        self._routes.cell(time, name).add(failed, milliseconds)

    # -- minutes by the texts of times -------------------------------------------------------

    def _by_minute(self, requests):
        for minute, start, stop in runs(requests.times):
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
                        _last(entry, self._closer(requests, index))

    def _close(self):
        """Turn the texts of a minute into durations."""
        if self._open is not None:
            self._lasting(self._open, self._texts.items())
        self._texts.clear()
        self._open = None
        if len(self._times) >= _MOST_TIMES:
            self._close_hour()
            self._times.clear()

    def _lasting(self, entry, counted):
        """Add durations to a minute or a route, told as texts that are durations."""
        known, buckets = self._times, entry.buckets
        nanoseconds, longest = entry.nanoseconds, entry.longest
        for text, count in counted:
            milliseconds, bucket = known.get(text) or self._learn(text)
            nanoseconds += int(milliseconds * 1e6 + 0.5) * count
            if milliseconds > longest:
                longest = milliseconds
            buckets[bucket] = buckets.get(bucket, 0) + count
        entry.nanoseconds, entry.longest = nanoseconds, longest

    def _learn(self, text):
        """(milliseconds, bucket) of the end of a line; None where it does not end in the text."""
        found = None
        if b"\n" in text or len(text) < TIME:
            milliseconds = access.seconds_of(text.partition(b"\n")[0])
            found = None if milliseconds is None else (milliseconds, known_bucket(milliseconds))
        self._times[text] = found
        return found

    def _closer(self, requests, index):
        line = requests.lines[index]
        return self._rule.of_request(line, access.ACCESS.match(line))[1]

    # -- hours by routes and the texts of times ----------------------------------------------

    def _by_hour(self, requests):
        names = self._routes.of_requests(requests.asked)
        texts = requests.texts
        for hour, start, stop in _hours(requests.times):
            if hour != self._hour or len(self._pairs) > _MOST_PAIRS:
                self._close_hour()
                self._hour = hour
            inside = names[start:stop]
            for name, count in Counter(compress(inside, requests.failed[start:stop])).items():
                self._routes.cell(hour, name).failed += count
            if not texts:
                for name, count in Counter(inside).items():
                    self._routes.cell(hour, name).count += count
                continue
            self._pairs.update(zip(inside, texts[start:stop]))
            if not requests.clear:
                self._irregular(requests, names, start, stop)

    def _irregular(self, requests, names, start, stop):
        """Times that stand elsewhere are looked for once more, for their routes."""
        texts, times = requests.texts, self._times
        for index in range(start, stop):
            text = texts[index]
            if text not in times:
                self._learn(text)
            if times[text] is None:
                cell = self._routes.cell(self._hour, names[index])
                self._pairs[names[index], text] -= 1
                cell.count += 1
                _last(cell, self._closer(requests, index))

    def _close_hour(self):
        by_name = {}
        for (name, text), count in self._pairs.items():
            if count > 0:
                by_name.setdefault(name, []).append((text, count))
        for name, counted in by_name.items():
            cell = self._routes.cell(self._hour, name)
            cell.count += sum([count for _, count in counted])
            self._lasting(cell, counted)
        self._pairs.clear()

    def close(self) -> None:
        """Work out what is still kept as texts."""
        self._close()
        self._close_hour()


def _last(entry, milliseconds):
    if milliseconds is not None and 0 <= milliseconds < 1e13:
        entry.last(milliseconds, known_bucket(milliseconds), 1)


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
