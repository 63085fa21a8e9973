"""Requests in the lines of proxies and web servers that have a layout of their own.

Each gives (failed, milliseconds or None, target) as `transactions.Rule.of` does, None for a line
that is no request.
"""

import re

_METHODS = (
    rb"GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|REPORT|MKCOL|SEARCH|NONE"
)
#: Squid's own layout: milliseconds, client, result and status, size, method, address.
_SQUID = re.compile(
    rb"\d{9,10}\.\d{3}\s{1,20}(?P<n>\d{1,10}) \S{1,100} [A-Z_]{1,40}/(?P<s>\d{3}) \d{1,20} "
    rb"(?P<m>[A-Z-]{2,20}) (?P<p>\S+)"
)
#: W3C: the method and the path, then anything, then numbers: status, ..., milliseconds.
_W3C = re.compile(rb" (?P<m>" + _METHODS + rb") (?P<p>/\S*) ")
_W3C_END = re.compile(rb" (?P<s>[1-5]\d\d)(?: \d{1,20}){1,5} (?P<n>\d{1,10})\s*$")
_HAPROXY = re.compile(
    rb" -?\d{1,9}/-?\d{1,9}/-?\d{1,9}/-?\d{1,9}/\+?(?P<n>\d{1,9}) (?P<s>-1|\d{3}) \+?\d{1,20} "
    rb"[^\"\n]{0,2000}\"(?P<q>[^\"\n]{1,4000})\""
)
_ENVOY = re.compile(
    rb"\] \"(?P<q>[^\"\n]{1,4000})\" (?P<s>\d{1,3}) \S{1,40} "
    rb"(?:\S{1,80} \S{1,80} \"[^\"\n]{0,300}\" )?"
    rb"\d{1,20} \d{1,20} (?P<n>\d{1,10}) "
)
_GIN = re.compile(
    rb"\[GIN\] [^|\n]{10,40}\| {0,3}(?P<s>\d{3}) {0,3}\|"
    rb" {0,20}(?P<d>\d[\d.hmnu\xc2\xb5s]{0,30}s) {0,3}\|"
    rb"[^|\n]{1,80}\| {0,3}(?P<m>[A-Z]{3,10}) {1,12}\"?(?P<p>/[^\s\"]{0,2000})"
)
_PARTS = re.compile(rb"(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|ns|us|\xc2\xb5s|s)")
_UNITS = {b"h": 3600000.0, b"m": 60000.0, b"s": 1000.0, b"ms": 1.0, b"us": 0.001, b"ns": 0.000001}


def _of_squid(line):
    return _told(_SQUID.match(line))


def _of_w3c(line):
    found, end = _W3C.search(line), _W3C_END.search(line)
    if found is None:
        return None
    if end is None:
        return False, None, (found.group("m"), found.group("p"))
    target = (found.group("m"), found.group("p"))
    return int(end.group("s")) >= 500, float(end.group("n")), target


def _of_gin(line):
    found = _GIN.search(line)
    if found is None:
        return None
    parts = _PARTS.findall(found.group("d"))
    milliseconds = sum(float(number) * _UNITS.get(unit, 0.001) for number, unit in parts)
    return int(found.group("s")) >= 500, milliseconds, (found.group("m"), found.group("p"))


def _told(found):
    if found is None:
        return None
    groups = found.re.groupindex
    target = found.group("q") if "q" in groups else (found.group("m"), found.group("p"))
    status = int(found.group("s"))
    return status >= 500 or status <= 0, float(found.group("n")), target


#: By the format of the head.
BY_FORMAT = {"squid": _of_squid, "w3c": _of_w3c}


def of_format(name: str, record: bytes):
    """The request of a record whose format is a request's, else None."""
    reader = BY_FORMAT.get(name)
    found = reader(_first(record)) if reader is not None else None
    return None if found is None else _decoded(found)


def of_line(line: bytes):
    """The request in a line of HAProxy, Envoy or Gin, else None."""
    found = None
    if b"HTTP/" in line:
        found = _told(_HAPROXY.search(line)) or _told(_ENVOY.search(line))
    if found is None and b"[GIN]" in line:
        found = _of_gin(line)
    return None if found is None else _decoded(found)


def _first(record):
    return record.partition(b"\n")[0][:8192]


def _decoded(found):
    failed, milliseconds, target = found
    if isinstance(target, tuple):
        target = tuple(part.decode("utf-8", "replace") for part in target)
    return failed, milliseconds, target
