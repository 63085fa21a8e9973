"""Access logs: common and combined form of Apache and nginx, with what follows them."""

import re

ACCESS = re.compile(
    rb"(?:[\w.:-]+ )?\S+ \S+ [^\[\n]{1,80}?\[(?P<t>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)"
    rb"(?P<f>(?:\.\d+)?)(?P<z> [+-]\d{4}|)\] "
    rb"\"(?P<q>[^\"\\\n]*(?:\\.[^\"\\\n]*)*)\" (?P<s>\d{3})(?= |$|\r)"
)
#: A request time written with its name: seconds, as nginx has them.
NAMED_TIME = re.compile(
    rb"\b(?:request_time|rt|req_time|upstream_time|response_time|duration|time_taken)[=:]\"?"
    rb"(\d+(?:\.\d+)?)\b"
)
FIRST_DECIMAL = re.compile(rb"(?:^|[\s\",])(\d{1,7}\.\d{1,9})(?=$|[\s\",])")
_ONE_DECIMAL = re.compile(rb" (\d{1,7}\.\d{1,9})\s*\Z")
LAST_NUMBER = re.compile(rb"[\s\"](\d+)\"?\s*$")


def seconds_of(tail: bytes):
    """Milliseconds of a line's end that is one decimal (nginx's request time); else None."""
    match = _ONE_DECIMAL.match(tail)
    return float(match.group(1)) * 1000.0 if match else None


def behind_agent(line: bytes, status_end: int) -> bytes:
    """What stands behind the quoted referer and agent, or behind the status without them."""
    at = status_end
    for _ in range(4):
        at = line.find(b'"', at) + 1
        if not at:
            return line[status_end:] if line.count(b'"', status_end) < 4 else line
    return line[at:]


def tail_of(line: bytes, status_end: int) -> bytes:
    """What stands behind status and size, without quoted texts (referer, agent)."""
    _, _, behind = line[status_end:].lstrip().partition(b" ")
    parts = behind.split(b'"')
    kept = [part for index, part in enumerate(parts) if index % 2 == 0 or _NUMBER.match(part)]
    return b" ".join(kept)


_NUMBER = re.compile(rb"[\d.]{1,20}$")
