"""Patterns of the catalogue: compiled once, guarded by their longest literal.

A block of log is searched for the literal first; only records that hold it meet the pattern.
"""

import re

from psbhost.metered import Metered

try:
    from re import _parser as _sre  # Python 3.11 and newer
except ImportError:
    import sre_parse as _sre

LINE_CAP = 4096


class PatternError(ValueError):
    """A pattern of the catalogue is not a regular expression."""


class Pattern(object):
    """One pattern over the first line of a record."""

    def __init__(self, source: str):
        try:
            self.regex = Metered(source)
            self.literal = _longest_literal(source).encode("utf-8")
        except (re.error, OverflowError, RecursionError, AttributeError) as error:
            raise PatternError("%s in %r" % (error, str(source)[:200])) from error

    def may_match(self, data: bytes) -> bool:
        """Whether any record in these bytes can match."""
        return self.literal in data

    def search(self, message: bytes, line: bytes):
        """The match in the message, else in the whole first line."""
        return self.regex.search(message) or self.regex.search(line)


def group(match, name: str) -> str:
    """Text of a named group, "" when there is none."""
    if name not in match.re.groupindex:
        return ""
    return (match.group(name) or b"").decode("utf-8", "replace").strip()


def _longest_literal(source: str) -> str:
    parsed = _sre.parse(source)
    flags = getattr(parsed, "state", None) or getattr(parsed, "pattern", None)
    if getattr(flags, "flags", 0) & (re.IGNORECASE | re.VERBOSE):
        return ""
    runs = [""]
    _walk(parsed, runs)
    return max(runs, key=len)


def _walk(items, runs):
    for operation, value in items:
        name = str(operation)
        if name == "LITERAL":
            runs[-1] += chr(value)
        elif name == "SUBPATTERN" and not any(value[1:3]):
            _walk(value[-1], runs)
        elif name != "AT":
            runs.append("")
