"""The quick path for JSON lines: which keys carry time and level is learned per set of keys."""

from psbhost import jsonlines
from psbhost.batches import Batch
from psbhost.formats import Head, json_time

_MOST_SHAPES = 1000
_MOST_STAMPS = 50000


class JsonLayout(object):
    """Blocks in which every line is one JSON object with a stamp."""

    format = "json"

    def __init__(self, reader):
        self._reader = reader
        self._shapes = {}
        self._stamps = {}

    def split(self, body: bytes, recogniser):
        """(Batch, last record), or None when one line is something else."""
        lines = body.split(b"\n")
        lines.pop()
        last = lines.pop()
        if self._head(last) is None:
            return None
        heads = []
        for line in lines:
            head = self._head(line)
            if head is None:
                return None
            heads.append(head)
        times = [head.time for head in heads]
        found = [head.level for head in heads]
        return Batch(lines, times, found, b"", heads, "json"), last + b"\n"

    def _head(self, line):
        """Head of a line; None when it takes the careful way."""
        if line[:1] != b"{":
            return None
        document = jsonlines.load(line)
        if document is None:
            return None
        shape = tuple(document)
        keys = self._shapes.get(shape)
        if keys is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            keys = self._shapes[shape] = _keys_of(document)
        if keys[0] is None:
            return None
        time = self._time(document[keys[0]])
        if time is None:
            return None
        level = jsonlines.levels.from_value(document[keys[1]]) if keys[1] else 0
        return Head("json", time, level or jsonlines.level_of(document), 0, extra=document)

    def _time(self, value):
        """As `formats.json_time`; texts are remembered up to their fraction.

        None also for what may be a time of day: the lines before it tell its date.
        """
        if isinstance(value, str) and len(value) < 19 and ":" in value:
            return None
        if not isinstance(value, str) or len(value) < 19 or value[4] != "-":
            return json_time(value, self._reader)
        key = (value[:19], value[19:].lstrip(".,0123456789") if len(value) < 31 else value)
        time = self._stamps.get(key)
        if time is None:
            if len(self._stamps) >= _MOST_STAMPS:
                self._stamps.clear()
            time = self._stamps[key] = json_time(value, self._reader)
        return time


def _keys_of(document):
    """(key of the time, key of the level), each None where the careful way must look."""
    if "instant" in document or ("log" in document and "stream" in document):
        return None, None
    time = next((name for name in jsonlines.TIME_KEYS if name in document), None)
    level = next((name for name in jsonlines.LEVEL_KEYS if name in document), None)
    return time, level
