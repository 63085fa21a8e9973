"""Access logs: common and combined form of Apache and nginx, with what follows them."""

from psbhost.lazily import Expression

ACCESS = Expression(
    rb"(?:[\w.:-]+ )?\S+ \S+ [^\[\n]{1,80}?\[(?P<t>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)"
    rb"(?P<f>(?:\.\d+)?)(?P<z> [+-]\d{4}|)\] "
    rb"\"(?P<q>[^\"\\\n]*(?:\\.[^\"\\\n]*)*)\" (?P<s>\d{3})(?= |$|\r)"
)
#: A request time written with its name: seconds, as nginx has them.
NAMED_TIME = Expression(
    rb"\b(?:request_time|rt|req_time|upstream_time|response_time|duration|time_taken)[=:]\"?"
    rb"(\d+(?:\.\d+)?)\b"
)
FIRST_DECIMAL = Expression(rb"(?:^|[\s\",])(\d{1,7}\.\d{1,9})(?=$|[\s\",])")
_ONE_DECIMAL = Expression(rb" (\d{1,7}\.\d{1,9})\s*\Z")
LAST_NUMBER = Expression(rb"[\s\"](\d+)\"?\s*$")


def seconds_of(tail: bytes):
    """Milliseconds of a line's end that is one decimal (nginx's request time); else None."""
    match = _ONE_DECIMAL.match(tail)
    return float(match.group(1)) * 1000.0 if match else None


def behind_agent(line: bytes, status_end: int) -> bytes:
    """What stands behind the quoted referer and agent, or behind the status without them."""
    parts = _quoted(line[status_end:])
    if len(parts) < 5:
        return line[status_end:]
    return line[len(line) - len(b'"'.join(parts[4:])) :]


def tail_of(line: bytes, status_end: int) -> bytes:
    """What stands behind status and size, without quoted texts.

    Of two or more the first are referer and agent, whatever they say; others may be numbers.
    """
    _, _, behind = line[status_end:].lstrip().partition(b" ")
    parts = _quoted(behind)
    named = 4 if len(parts) > 4 else 0
    kept = parts[0:named:2] + [
        part for index, part in enumerate(parts[named:]) if index % 2 == 0 or _NUMBER.match(part)
    ]
    return b" ".join(kept)


def _quoted(text: bytes) -> list:
    """A text cut at its quotes: every second part stood in quotes."""
    if b"\\" in text:
        text = _ESCAPED.sub(b"__", text)
    return text.split(b'"')


_NUMBER = Expression(rb"[\d.]{1,20}$")
_ESCAPED = Expression(rb"\\.")
