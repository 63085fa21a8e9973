"""Access logs: common and combined form of Apache and nginx, with what follows them."""

import re

ACCESS = re.compile(
    rb"(?:[\w.:-]+ )?\S+ \S+ [^\[\n]{1,80}?\[(?P<t>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)"
    rb"(?P<f>(?:\.\d+)?)(?P<z> [+-]\d{4}|)\] "
    rb"\"(?P<q>[^\"\\\n]*(?:\\.[^\"\\\n]*)*)\" (?P<s>\d{3})(?= |$|\r)"
)
#: nginx and Apache error logs are ordinary stamped heads; only the request line is special.
NAMED_TIME = re.compile(
    rb"\b(?:request_time|rt|req_time|upstream_time|response_time|duration|time_taken)[=:]\"?"
    rb"(\d+(?:\.\d+)?)\b"
)
TRAILING = re.compile(rb"[\s\"](\d+\.\d{1,9})(?:\"?(?:[ ,]+(?:\"?[\d.:\-, ]+\"?|-|\.|p|\"[^\"]*\"))*)?\s*$")
LAST_NUMBER = re.compile(rb"[\s\"](\d+)\"?\s*$")


def tail_of(line: bytes, status_end: int) -> bytes:
    """What stands after the quoted referer and agent (or after the size without them)."""
    end = line.find(b"\n")
    line = line[: end if end >= 0 else len(line)]
    quote = line.rfind(b'" ', status_end)
    return line[quote + 1 :] if quote >= 0 else line[status_end:]
