"""JSON lines of the usual writers: ECS, bunyan, pino, zap, logrus, Serilog, journald."""

import json
from itertools import repeat

from psbhost import levels

_decoder = json.JSONDecoder()
_decode = _decoder.raw_decode
TIME_KEYS = (
    "@timestamp", "timestamp", "time", "ts", "@t", "datetime", "date", "t", "eventTime",
    "asctime", "Timestamp", "timeMillis", "logged_at", "created", "timeUnixNano", "T",
    "__REALTIME_TIMESTAMP", "timestampSeconds", "observedTimeUnixNano", "TimeGenerated",
    "EventTime", "start_time", "when",
)  # fmt: skip
#: A name stands before the number of its school: 30 is info to bunyan, a warning to Python.
LEVEL_KEYS = (
    "levelname", "severityText", "severity_text", "SeverityText", "level", "log.level",
    "severity", "lvl", "loglevel", "log_level", "@l", "Level", "LogLevel", "priority",
    "PRIORITY", "Severity", "L", "level_name",
)  # fmt: skip
STACK_KEYS = (
    "stack_trace", "error.stack_trace", "stacktrace", "stack", "err.stack", "exc_info", "@x",
    "exception.stacktrace", "exception", "error.stack", "thrown.extendedStackTrace",
)  # fmt: skip
#: Templates before the texts made of them: they are the same for all their records.
MESSAGE_KEYS = (
    "message", "msg", "@mt", "@m", "event", "text", "Message", "log", "error", "body",
    "MessageTemplate", "RenderedMessage", "short_message", "MESSAGE", "Body", "M", "stringValue",
    "jsonPayload", "textPayload",
)  # fmt: skip
_SECONDS_WITHIN = ("$date", "epochSecond", "seconds", "_seconds", "$numberLong")


def load(line: bytes):
    """The object of a line, or None when the line is not one JSON object."""
    if line[-1:] == b"\r":
        line = line[:-1]
    if line[-1:] != b"}":
        line = line.rstrip()
        if line[-1:] != b"}":
            return None
    try:
        text = line.decode("utf-8", "replace")
        value, end = _decode(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and end == len(text) else None


def load_all(lines: list):
    """The objects of lines that are one JSON object each from their first byte to their last;
    None where one is something else, or must be looked at by itself."""
    texts = b"\n".join(lines).decode("utf-8", "replace").split("\n")
    try:
        found = list(map(_decoder.scan_once, texts, repeat(0)))
    except (ValueError, RecursionError):
        return None
    if len(found) != len(lines) or list(map(len, texts)) != [end for _, end in found]:
        return None
    documents = [value for value, _ in found]
    return documents if set(map(type, documents)) == {dict} else None


def lookup(document: dict, name: str):
    """Value of a key, given plain (`log.level` as written) or as a dotted path."""
    if name in document:
        return document[name]
    value = document
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def first(document: dict, names: tuple):
    """The first of these keys that is there and not null."""
    get = document.get
    for name in names:
        value = get(name)
        if value is not None:
            return value
    if nested(document):
        for name in names:
            if "." in name:
                value = lookup(document, name)
                if value is not None:
                    return value
    return None


def nested(document: dict) -> bool:
    """Whether a dotted path can lead anywhere in it."""
    return dict in map(type, document.values())


def level_of(document: dict) -> int:
    """Level of a JSON record."""
    for name in LEVEL_KEYS:
        if name in document or ("." in name and nested(document)):
            found = levels.from_value(lookup(document, name))
            if found:
                return found
    return _school(document)


def _school(document):
    """Level of the writers that have a way of their own."""
    number = first(document, ("severityNumber", "SeverityNumber", "severity_number"))
    if number is not None:
        return levels.from_telemetry(number)
    if "levelno" in document:
        return levels.from_python(document["levelno"])
    if "@t" in document and "@l" not in document and ("@mt" in document or "@m" in document):
        return levels.INFO  # Serilog leaves the usual level out
    if "s" in document and "c" in document and "msg" in document:
        letter = str(document["s"])[:1]  # MongoDB; debug has a digit behind it: D1 to D5
        return levels.from_word(letter.encode("ascii", "replace"))
    return levels.NONE


def stamp_of(document: dict):
    """The stamp's text or number, or None."""
    instant = document.get("instant")
    if isinstance(instant, dict):
        return instant.get("epochSecond")
    value = first(document, TIME_KEYS)
    if isinstance(value, dict):
        return first(value, _SECONDS_WITHIN)
    date = document.get("date")
    if isinstance(date, str) and isinstance(value, str) and len(date) == 10 and len(value) < 19:
        return date + " " + value
    return value


def message_of(document: dict) -> str:
    """The message, as text."""
    value = first(document, MESSAGE_KEYS)
    if isinstance(value, dict):
        value = first(value, MESSAGE_KEYS)
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)[:2000]


def stack_of(document: dict) -> str:
    """A stack trace carried in the record, or ''."""
    for name in STACK_KEYS:
        value = lookup(document, name)
        if isinstance(value, str) and value:
            return value
    return ""
