"""The quick path for JSON lines: which keys carry time and level is learned per set of keys."""

from itertools import repeat

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
        heads = self._heads(lines) if lines else []
        if heads is None:
            return None
        times = [head.time for head in heads]
        found = [head.level for head in heads]
        return Batch(lines, times, found, b"", heads, "json"), last + b"\n"

    def _heads(self, lines):
        """Heads of all lines; None when one takes the careful way."""
        documents = jsonlines.load_all(lines)
        if documents is None:
            heads = [self._head(line) for line in lines]
            return None if None in heads else heads
        keys = list(map(self._keys, map(tuple, documents), documents))
        first = keys[0]
        if first[0] is None or keys.count(first) != len(keys):
            heads = list(map(self._of, documents, keys))
            return None if None in heads else heads
        times = self._times([document[first[0]] for document in documents])
        if None in times:
            return None
        graded = [document[first[1]] for document in documents] if first[1] else repeat(None)
        of_value, of_document = jsonlines.levels.from_value, jsonlines.level_of
        return [
            Head("json", time, of_value(level) or of_document(document), 0, extra=document)
            for document, time, level in zip(documents, times, graded)
        ]

    def _keys(self, shape, document):
        keys = self._shapes.get(shape)
        if keys is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            keys = self._shapes[shape] = _keys_of(document)
        return keys

    def _times(self, values):
        """As `_time` of each; those alike but for their fractions and seconds at once."""
        if set(map(type, values)) == {str} and len(set(map(len, values))) == 1:
            size = len(values[0])
            if 19 <= size < 31 and {value[4] for value in values} == {"-"}:
                seconds = [value[:19] for value in values]
                ends = {value[19:].lstrip(".,0123456789") for value in values}
                if len(ends) == 1:
                    found = {}
                    for value, second in zip(values, seconds):
                        if second not in found:
                            found[second] = self._time(value)
                    return [found[second] for second in seconds]
        return list(map(self._time, values))

    def _of(self, document, keys):
        """Head of an object; None when it takes the careful way."""
        if keys[0] is None:
            return None
        time = self._time(document[keys[0]])
        if time is None:
            return None
        level = jsonlines.levels.from_value(document[keys[1]]) if keys[1] else 0
        return Head("json", time, level or jsonlines.level_of(document), 0, extra=document)

    def _head(self, line):
        """Head of a line; None when it takes the careful way."""
        if line[:1] != b"{":
            return None
        document = jsonlines.load(line)
        if document is None:
            return None
        return self._of(document, self._keys(tuple(document), document))

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
