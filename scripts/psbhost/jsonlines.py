"""JSON lines of the usual writers: ECS, bunyan, pino, zap, logrus, serilog, docker."""

import json

from psbhost import levels

_decode = json.JSONDecoder().raw_decode
TIME_KEYS = (
    "@timestamp", "timestamp", "time", "ts", "@t", "datetime", "date", "t", "eventTime",
    "asctime", "Timestamp", "timeMillis", "logged_at", "created",
)  # fmt: skip
LEVEL_KEYS = (
    "level", "log.level", "severity", "lvl", "levelname", "loglevel", "log_level", "@l",
    "Level", "severity_text", "severityText", "LogLevel", "priority",
)  # fmt: skip
STACK_KEYS = (
    "stack_trace", "error.stack_trace", "stacktrace", "stack", "err.stack", "exc_info", "@x",
    "exception.stacktrace", "exception", "error.stack", "thrown.extendedStackTrace",
)  # fmt: skip
MESSAGE_KEYS = ("message", "msg", "@m", "@mt", "event", "text", "Message", "log", "error", "body")


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
    return levels.NONE


def stamp_of(document: dict):
    """The stamp's text or number, or None."""
    instant = document.get("instant")
    if isinstance(instant, dict):
        return instant.get("epochSecond")
    return first(document, TIME_KEYS)


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
