"""Checks of the regular expressions a catalogue brings."""

import re

from psbuddy.catalogue.backtracking import explodes
from psbuddy.catalogue.problems import nearest
from psbuddy.catalogue.scalars import NearMissError

MAX_LENGTH = 1000

#: Named groups the job patterns understand.
JOB_GROUPS = ("period", "volume", "reason", "actor")
_NEWER = re.compile(r"\(\?>|(?<!\\)[*+?}]\+")


def pattern(value: str) -> str:
    """A regular expression that the oldest host understands and no line can hang.

    Raises ValueError with the position of what is wrong.
    """
    if not value:
        raise ValueError("is empty")
    if len(value) > MAX_LENGTH:
        raise ValueError(f"is longer than {MAX_LENGTH:,} characters")
    try:
        compiled = re.compile(value)
    except re.error as error:
        place = f" at position {error.pos + 1}" if error.pos is not None else ""
        raise ValueError(f"is no regular expression: {error.msg}{place}") from None
    except (OverflowError, RecursionError):
        raise ValueError("is nested or repeated too far") from None
    if compiled.search(""):
        raise ValueError("matches an empty line, so it would match everything")
    newer = _NEWER.search(_without_sets(value))
    if newer:
        raise ValueError(
            f"uses {newer[0]} at position {newer.start() + 1}, which only newer hosts understand"
        )
    if explodes(value):
        raise ValueError(
            "can take hours on one line, because a repeat inside a repeat can read the same "
            "text in several ways; write the inner one so that it must end at a certain character"
        )
    return value


def _without_sets(value: str) -> str:
    """The pattern with escapes and character sets blanked, positions kept."""
    blank = re.sub(r"\\.", "..", value)
    return re.sub(r"\[\^?\]?[^\]]*\]", lambda found: "." * len(found[0]), blank)


def groups(value: str) -> tuple[str, ...]:
    """Names of the groups, () when the pattern does not compile."""
    try:
        return tuple(re.compile(value).groupindex)
    except (re.error, OverflowError, RecursionError):
        return ()


def need_groups(value: str, needed: tuple[str, ...], why: str) -> str:
    """Raises ValueError when a named group is missing."""
    found = groups(value)
    for name in needed:
        if name not in found:
            near = nearest(name, found)
            has = f"; it has (?P<{near}>...)" if near else ""
            raise NearMissError(
                f"needs the group (?P<{name}>...), {why}{has}", name if near else ""
            )
    return value


def job_pattern(value: str) -> str:
    """A pattern of a job: known groups only, since a misspelt one would be lost silently."""
    pattern(value)
    for name in groups(value):
        if name not in JOB_GROUPS:
            raise NearMissError(
                f"has the group {name}; known are {', '.join(JOB_GROUPS)}",
                nearest(name, JOB_GROUPS),
            )
    return value


def log_pattern(value: str) -> str:
    return need_groups(pattern(value), ("time", "message"), "which a record cannot be without")


def change_pattern(value: str) -> str:
    return need_groups(pattern(value), ("label",), "the version or name to show on the time axis")
