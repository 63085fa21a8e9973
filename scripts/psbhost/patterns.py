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
    """One pattern over the first line of a record.

    `literal`: what each match holds. `opens`: matches begin with a literal, nothing outside of
    them and no flag decides what they are. `one_line`: no match holds a newline.
    """

    def __init__(self, source: str):
        try:
            self.regex = Metered(source)
            parsed = _sre.parse(source)
            self.literal = _longest_literal(parsed).encode("utf-8")
            self.opens = bool(self.literal) and _opens(parsed)
            self.one_line = not _any_part(parsed, _MORE_LINES) and not _flags(parsed) & re.DOTALL
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


def _longest_literal(parsed) -> str:
    if _flags(parsed) & (re.IGNORECASE | re.VERBOSE):
        return ""
    runs = [""]
    _walk(parsed, runs)
    return max(runs, key=len)


def _opens(parsed) -> bool:
    """Whether a pattern begins with two characters and has nothing that looks around."""
    first = [str(what[0]) for what in list(parsed)[:2]]
    plain = not _flags(parsed) & ~re.UNICODE
    return plain and first == ["LITERAL", "LITERAL"] and not _any_part(parsed, _AROUND)


#: Parts of patterns that look around, and those that give back nothing of what they took.
_AROUND = ("AT", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP", "POSSESSIVE_REPEAT")
#: Parts that may match a newline.
_MORE_LINES = (
    *("NOT_LITERAL", "NEGATE", "CATEGORY_SPACE", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD"),
    *(10, re.DOTALL + 0),
)


def _any_part(items, wanted) -> bool:
    """Whether a parsed pattern has one of these parts or numbers anywhere."""
    if isinstance(items, (list, tuple, type(_sre.parse("")))):
        if len(items) == 2 and str(items[0]) == "RANGE":
            return 10 in wanted and items[1][0] <= 10 <= items[1][1]
        return any(_any_part(item, wanted) for item in items)
    return (items if type(items) is int else str(items)) in wanted


def _flags(parsed) -> int:
    """The flags of a whole pattern."""
    return getattr(getattr(parsed, "state", None) or parsed.pattern, "flags", 0)


def _walk(items, runs):
    for operation, value in items:
        name = str(operation)
        if name == "LITERAL":
            runs[-1] += chr(value)
        elif name == "SUBPATTERN" and not any(value[1:3]):
            _walk(value[-1], runs)
        elif name != "AT":
            runs.append("")
