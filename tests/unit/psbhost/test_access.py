"""Access lines of Apache and nginx, and what follows the request."""

import pytest
from psbhost.access import ACCESS, behind_agent, tail_of

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


@pytest.mark.parametrize(
    ("line", "behind", "tail"),
    [
        (b'200 12 "-" "1.5"', b"", b""),  # an agent is no time
        (b'200 12 "0.7" "curl/8" 0.5', b" 0.5", b"0.5"),
        (b'200 12 "-" "a\\"b 1.5"', b"", b""),
        (b'200 12 "a\\"" "b" "0.25"', b' "0.25"', b"0.25"),
        (b'200 12 "0.25"', b' 12 "0.25"', b"0.25"),  # one alone may be a time
        (b"200 12 0.25", b" 12 0.25", b"0.25"),
        (b"200 12", b" 12", b""),
    ],
)
def test_referer_and_agent_are_never_times(line, behind, tail):
    assert behind_agent(line, 3) == behind
    assert tail_of(line, 3).split() == tail.split()
