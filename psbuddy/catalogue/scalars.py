"""The typed scalars of the catalogue: text in, value out, or a sentence that says what to write.

Nothing is guessed: a scalar is the text that was written (`tree`), and the key decides what
it may be. Every function raises ValueError with words for the person who writes the file.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from psbuddy.calendars import codes, meant
from psbuddy.catalogue.format_names import FORMATS
from psbuddy.catalogue.problems import nearest
from psbuddy.catalogue.tree import UNPRINTABLE

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:%-]{0,252}")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@\\-]{0,63}\$?")
_UNIT = re.compile(r"[A-Za-z0-9_:][A-Za-z0-9:_.@\\-]{0,254}")
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+", re.ASCII)
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdwy])", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_CALENDAR = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[A-Z]{3,4}")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_SLO_TOKEN = re.compile(r"\s*([A-Za-z_]+|\d+(?:\.\d+)?|[-+*/()])", re.ASCII)
SLO_NAMES = ("errors", "failed", "observed", "records", "transactions", "up", "warnings")


class NearMissError(ValueError):
    """A wrong name, with the valid one that is nearest."""

    def __init__(self, sentence: str, near: str) -> None:
        self.near = near
        super().__init__(sentence)


def _needs(condition: object, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)


def identifier(value: str) -> str:
    """An id: lower case, digits, dot, dash, underscore; begins with a letter or digit."""
    _needs(
        _ID.fullmatch(value),
        "is no id: use a-z, 0-9, dot, dash and underscore, begin with a letter or digit, "
        "at most 64 characters",
    )
    return value


def log_format(value: str) -> str:
    """A format that hosts recognise by this name."""
    if value not in FORMATS:
        known = ", ".join(FORMATS)
        raise NearMissError(f"is no format; known are {known}", nearest(value, FORMATS))
    return value


def host_name(value: str) -> str:
    """An ssh_config alias, name or address; never something ssh could take for an option."""
    _needs(
        _HOST.fullmatch(value),
        "is no host name or ssh alias: use letters, digits, dot, dash, underscore and colon, "
        "and do not begin with a dash",
    )
    return value


def user_name(value: str) -> str:
    _needs(_USER.fullmatch(value), "is no user name: letters, digits, dot, dash, underscore")
    return value


def unit_name(value: str) -> str:
    _needs(_UNIT.fullmatch(value), "is no systemd unit name, such as nginx.service")
    return value


def one_line(value: str) -> str:
    """Any text that fits on one line of a screen and holds nothing invisible."""
    _needs(value.strip(), "is empty")
    _needs(len(value) <= 300, "is longer than 300 characters")
    _needs(not UNPRINTABLE.search(value), "holds an invisible character; remove it")
    return value.strip()


def path(value: str) -> str:
    """A path on a host, or a glob: absolute, or below the home folder; {host} is its alias."""
    _needs(len(value) <= 1024, "is longer than 1,024 characters")
    absolute = value.startswith(("/", "~/")) or re.match(r"[A-Za-z]:[\\/]", value)
    _needs(absolute, 'is not absolute: begin with "/" or "~/"')
    for braces in re.findall(r"\{[^}]*\}?", value):
        if braces != "{host}":
            near = "{host}" if nearest(braces, ["{host}"]) else ""
            raise NearMissError(f"holds {braces[:40]}; only {{host}} stands for something", near)
    _needs(".." not in re.split(r"[\\/]", value), 'goes up with ".."; write the path it leads to')
    return value


def duration(value: object) -> int:
    """Seconds of "90s", "1m", "1h30m", "30d"; "0" is none."""
    text = str(value).strip()
    if text == "0":
        return 0
    _needs(_DURATION.fullmatch(text), 'is no duration: write a number and a unit, as in "30s", '
           '"5m", "1h30m", "30d"')  # fmt: skip
    parts = _DURATION_PART.findall(text)
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    _needs(seconds >= 1, "is shorter than a second")
    return round(seconds)


def whole(value: object) -> int:
    """A whole number, in decimal whatever it begins with."""
    text = str(value).strip()
    _needs(_WHOLE.fullmatch(text), "is no whole number")
    return int(text)


def number(value: object) -> float:
    text = str(value).strip()
    _needs(_NUMBER.fullmatch(text), "is no number")
    return float(text)


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def zone(value: str) -> str:
    """An IANA time zone that this machine knows."""
    hint = "is no time zone; write one as in Europe/London, or UTC"
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        near = nearest(value, _zones())
        raise NearMissError(hint, near) from None
    return value


def cron(value: str) -> str:
    """Five fields: minute, hour, day of month, month, day of week."""
    try:
        CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        said = str(error).rstrip(".")
        raise ValueError(
            f"is no schedule ({said}): five fields, minute hour day month weekday, "
            'as in "30 22 * * 1-5"'
        ) from None
    _needs(len(value.split()) == 5, 'must have five fields, as in "30 22 * * 1-5"')
    return value


def clock(value: str) -> str:
    _needs(_CLOCK.fullmatch(value), 'is no time of day: write it as "03:00" (00:00 to 23:59)')
    return value


def calendar(value: str) -> str:
    """A country, a part of one, or a market, whose public holidays are known."""
    hint = 'is no calendar: write a country, as in "GB-ENG" or "DE", or a market, as in "XNYS"'
    known = codes()
    if value in known or (not known and _CALENDAR.fullmatch(value)):
        return value
    wanted = meant(value[:20])
    raise NearMissError(hint, wanted if wanted in known else nearest(wanted, known))


def http_url(value: str) -> str:
    """An http or https address without a password in it."""
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("is no web address") from None
    _needs(
        parts.scheme in ("http", "https") and parts.hostname and port_is_valid,
        'is no web address: begin with "http://" or "https://" and a host',
    )
    _needs(not re.search(r"\s", value) and len(value) <= 2048, "holds a space, or is too long")
    _needs(parts.username is None, "names a user or password; a catalogue is no place for secrets")
    _needs(not (parts.hostname or "").startswith("-"), "has a host that begins with a dash")
    return value


def flag(value: object) -> bool:
    _needs(value in ("true", "false", True, False), 'must be "true" or "false"')
    return value in ("true", True)


def slo_expression(value: str) -> str:
    """Share of good events: arithmetic on counts of the application, nothing else."""
    position, tokens = 0, []
    text = value.rstrip()
    while position < len(text):
        token = _SLO_TOKEN.match(text, position)
        _needs(token, f"cannot be read at column {position + 1}; use + - * / ( ) and names")
        assert token is not None
        tokens.append(token[1])
        position = token.end()
    for name in tokens:
        if (name[0].isalpha() or name[0] == "_") and name not in SLO_NAMES:
            raise NearMissError(
                f"uses {name}; known are {', '.join(SLO_NAMES)}", nearest(name, SLO_NAMES)
            )
    _needs(any(token in SLO_NAMES for token in tokens), f"names none of {', '.join(SLO_NAMES)}")
    _needs(_is_sum(tokens), "is no expression; write it as in 1 - errors/transactions")
    return text


def _is_sum(words: list[str]) -> bool:
    """Operands and operators alternate and every parenthesis is closed."""
    depth, operand_next = 0, True
    for word in words:
        opens_or_names = word == "(" or word not in "+-*/)"
        if opens_or_names != operand_next:
            return False
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth < 0:
            return False
        operand_next = word in "(+-*/"
    return depth == 0 and not operand_next


def as_list(value: Any) -> Any:
    """One name may be written without brackets."""
    return [value] if isinstance(value, str) else value


def nothing_is_empty(value: Any) -> Any:
    """A section whose entries are all commented out is an empty section."""
    return {} if value is None else value


def _schema(kind: str, example: str, pattern: str = "") -> WithJsonSchema:
    said: dict[str, Any] = {"type": kind, "examples": [example]}
    if pattern:
        said["pattern"] = pattern
    return WithJsonSchema(said)


LogFormat = Annotated[
    str, AfterValidator(log_format), WithJsonSchema({"type": "string", "enum": list(FORMATS)})
]
Id = Annotated[str, AfterValidator(identifier)]
Host = Annotated[str, AfterValidator(host_name)]
User = Annotated[str, AfterValidator(user_name)]
Unit = Annotated[str, AfterValidator(unit_name)]
Line = Annotated[str, AfterValidator(one_line)]
Path = Annotated[str, AfterValidator(path)]
Zone = Annotated[str, AfterValidator(zone)]
Cron = Annotated[str, AfterValidator(cron)]
Clock = Annotated[str, AfterValidator(clock), _schema("string", "03:00", f"^{_CLOCK.pattern}$")]
Country = Annotated[str, AfterValidator(calendar)]
Url = Annotated[str, AfterValidator(http_url)]
SloExpression = Annotated[str, AfterValidator(slo_expression)]
Duration = Annotated[int, BeforeValidator(duration), WithJsonSchema(
    {"type": ["string", "integer"], "pattern": f"^(0|{_DURATION.pattern})$", "examples": ["1m"]}
)]  # fmt: skip
Whole = Annotated[int, BeforeValidator(whole)]
Number = Annotated[float, BeforeValidator(number)]
Hosts = Annotated[tuple[Host, ...], BeforeValidator(as_list), WithJsonSchema(
    {"type": ["array", "string"], "items": {"type": "string"}, "examples": [["led-app-1"]]}
)]  # fmt: skip
