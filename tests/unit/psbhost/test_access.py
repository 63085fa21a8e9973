"""Access lines of Apache and nginx, and what follows the request."""

import pytest
from psbhost.access import ACCESS, tail_of

LINE = b'1.2.3.4 - - [24/Nov/2026:10:00:00 +0000] "%s" 200 12 "https://a/" "b 1.0" 0.5 "x" "7"'


@pytest.mark.parametrize(
    "request_line", [b"GET / HTTP/1.1", b'GET /\\"q\\" HTTP/1.0', b"\\x16\\x03", b"-", b""]
)
def test_any_request_line_is_a_request(request_line):
    match = ACCESS.match(LINE % request_line)
    assert match.group("q") == request_line
    assert match.group("s") == b"200"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"1.2.3.4 - -",
        b'x - - [yesterday] "GET /" 200 1',
        b'x - - [24/Nov/2026:10:00:00] "GET /" OK',
    ],
)
def test_what_is_no_request(line):
    assert ACCESS.match(line) is None


def test_the_tail_leaves_size_and_quoted_texts_out():
    line = LINE % b"GET /"
    assert tail_of(line, ACCESS.match(line).end("s")).split() == [b"0.5", b"7"]
