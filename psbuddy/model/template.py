"""Templates of messages: what stands in their variable parts, `<*>`.

A template is its fixed parts in order. Fixed parts are found one after the other, each at its
first place: for such patterns that finds a fit whenever there is one, in linear time.
"""

from functools import lru_cache

WILDCARD = "<*>"
#: Longest message that is looked at, and the longest value that is told.
MESSAGE_CAP = 400
VALUE_CAP = 120
#: Lines of a record in which its message is looked for, and places in each.
_LINES = 40
_LINE_CAP = 2_000
_PLACES = 20

_Parts = tuple[str, ...]


def in_words(title: str) -> str:
    """A title as a person reads it: what varies is left out."""
    return title.replace(WILDCARD, "…")


def fixed_parts(template: str) -> _Parts:
    """The texts around the variable parts: one more than there are of those.

    A template that was cut at its end ("…") is open there.
    """
    if template.endswith("…"):
        template = template[:-1].rstrip("<*") + WILDCARD
    return tuple(" ".join(template.split()).split(WILDCARD))


def values_in(template: str, message: str) -> _Parts | None:
    """The value of every variable part; None where the message is of another template.

    Blanks count as one. Where a variable part may be empty, so may the blank beside it.
    """
    message = " ".join(message.split())
    for parts in _shapes(template):
        found = _fit(parts, message)
        if found is None:
            found = _fit(tuple(part.strip() for part in parts), message)
        if found is not None:
            return tuple(value.strip()[:VALUE_CAP] for value in found)
    return None


def message_in(template: str, record: str) -> str:
    """The part of a record that is the message of `template`, header cut off; "" if none is.

    `record`: a header and a message, perhaps with a stack trace in further lines.
    """
    if WILDCARD not in template and not template.endswith("…"):
        return ""
    lines = record.split("\n", _LINES)[:_LINES]
    for parts in _shapes(template):
        find = _from_first_part if parts[0].strip() else _from_first_word
        for line in lines:
            message = find(parts, " ".join(line[:_LINE_CAP].split()))
            if message:
                return message[:MESSAGE_CAP]
    return ""


@lru_cache(maxsize=2_000)
def _shapes(template: str) -> tuple[_Parts, ...]:
    """The template, and the same without a leading exception's name, which is no message's."""
    name, colon, rest = template.partition(": ")
    if colon and rest and " " not in name and WILDCARD not in name:
        return fixed_parts(template), fixed_parts(rest)
    return (fixed_parts(template),)


def _from_first_part(parts: _Parts, text: str) -> str:
    at = -1
    for _ in range(_PLACES):
        at = text.find(parts[0], at + 1)
        if at < 0:
            return ""
        if _fit(parts, text[at:]) is not None:
            return text[at:]
    return ""


def _from_first_word(parts: _Parts, text: str) -> str:
    """Where a template begins with a variable part, that is the word before its fixed one."""
    first = next((part for part in parts if part.strip()), "")
    at = text.find(first) if first else -1
    if at < 0:
        return ""
    start = text.rfind(" ", 0, at) + 1
    return text[start:] if _fit(parts, text[start:]) is not None else ""


def _fit(parts: _Parts, message: str) -> _Parts | None:
    """Values between the parts, the first at the beginning and the last at the end."""
    if len(parts) == 1:
        return () if message == parts[0] else None
    *firsts, last = parts
    if not message.startswith(firsts[0]):
        return None
    at = len(firsts[0])
    values = []
    for part in firsts[1:]:
        found = message.find(part, at)
        if found < 0:
            return None
        values.append(message[at:found])
        at = found + len(part)
    end = len(message) - len(last)
    if end < at or not message.endswith(last):
        return None
    return (*values, message[at:end])
