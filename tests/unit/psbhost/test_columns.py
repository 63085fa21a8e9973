"""The columnar path is taken where records are regular, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psbhost.bytewise import cut
from psbhost.columns import AccessLayout, Layout, layout_for
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import UTC

LOG4J = b"2026-11-24 10:00:%02d,123 %s [main] com.foo - hello\n"


@pytest.fixture
def recogniser():
    return Recogniser(StampReader(UTC, 1795536000))


def layout(recogniser, line):
    return layout_for(line, recogniser.recognise(line), recogniser.reader)


def test_a_regular_block_is_split_and_its_last_record_handed_back(recogniser):
    body = b"".join(LOG4J % (n, (b"INFO ", b"ERROR")[n % 2]) for n in range(6))
    batch, last = layout(recogniser, body.split(b"\n")[0]).split(body, recogniser)
    assert list(batch.levels) == [3, 5, 3, 5, 3]
    assert list(batch.times) == [1795514400 + n for n in range(5)]
    assert batch.record(1) + b"\n" == LOG4J % (1, b"ERROR")
    assert last == LOG4J % (5, b"ERROR")


@pytest.mark.parametrize(
    "stranger",
    [
        b"2026-11-24 10:00:03X123 ERROR [main] no stamp\n",
        b"2026-11-24 10:00:03,12  ERROR [main] other width\n",
        b"2026-11-24 10:00:03,123 +0100 INFO [main] zone\n",
        b"\tat x\n[2026-11-24 10:00:00] INFO another program\n",
    ],
)
def test_a_block_with_a_stranger_is_handed_back(recogniser, stranger):
    body = LOG4J % (1, b"INFO ") + stranger + LOG4J % (2, b"INFO ")
    assert layout(recogniser, body.split(b"\n")[0]).split(body, recogniser) is None


@pytest.mark.parametrize("behind", [b"c-7", b":x ", b"]: "])
def test_what_follows_a_stamp_of_syslog_without_a_blank_is_a_stranger(recogniser, behind):
    line = b"Nov 24 10:00:03 mac-7 cts[258]: a job\n"
    body = line * 3 + line.replace(b"03 ", b"03" + behind) + line
    assert layout(recogniser, line).split(line * 5, recogniser) is not None
    assert layout(recogniser, line).split(body, recogniser) is None


def test_access_logs_have_their_own_layout(recogniser):
    line = b'10.0.0.1 - - [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 503 12 "-" "-" 0.120\n'
    found = layout(recogniser, line[:-1])
    assert isinstance(found, AccessLayout)
    batch, last = found.split(line * 3, recogniser)
    assert (list(batch.times), batch.requests.failed) == ([1795514400] * 2, b"\1\1")
    assert (batch.minutes(), last) == ([(1795514400, 0, 2)], line)
    batch, last = found.split(line + b"noise\n" + line * 2, recogniser)
    assert [record.count(b"\n") for record in batch.records] == [1, 0]
    batch, last = found.split(line + LOG4J % (1, b"INFO ") + line, recogniser)
    assert (list(batch.levels), batch.others, last) == ([0, 3], {1: "log4j"}, line)
    framed = (LOG4J % (1, b"ERROR")).replace(b"hello", b"\tat a.B.c(D.java:1)")
    assert found.split(line + framed + line, recogniser) is None


def test_requests_unlike_the_others_are_looked_at_one_by_one(recogniser):
    line = b'10.0.0.1 - - [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 503 12 "-" "-" 0.120\n'
    other = b'::1 - bob [24/Nov/2026:10:01:00 +0000] "GET \\"x HTTP/1.1" 200 - "-" "a" 12.5\n'
    batch, _ = layout(recogniser, line[:-1]).split(line + other + line * 2, recogniser)
    assert list(batch.times) == [1795514400, 1795514460, 1795514400]
    assert [time for time, _, _ in batch.requests.odd] == [1795514460]
    assert batch.formats() == {"access": 3}


@pytest.mark.parametrize(
    "line",
    [
        b'{"time":"2026-11-24T10:00:00Z","level":"info"}',
        b"web_1 | 2026-11-24 10:00:00 INFO x",
        b"<34>Oct 11 22:14:15 host su: x",
    ],
)
def test_what_has_no_columns_says_so(recogniser, line):
    with pytest.raises(ValueError, match=r"."):
        Layout(line, recogniser.recognise(line), recogniser.reader)


def test_the_head_of_a_columnar_record_is_that_of_care(recogniser):
    body = b"".join(LOG4J % (n, b"ERROR") for n in range(3))
    batch, _ = layout(recogniser, body.split(b"\n")[0]).split(body, recogniser)
    careful = recogniser.recognise(body.split(b"\n")[1])
    head = batch.head(1, recogniser)
    assert (head.format, head.time, head.message) == ("log4j", careful.time, careful.message)


def test_a_record_without_a_level_is_looked_at_alone(recogniser):
    body = (LOG4J * 2) % (1, b"INFO ", 2, b"WARN ") + b"2026-11-24 10:00:03,123 words only\n"
    body += LOG4J % (4, b"INFO ")
    batch, _ = layout(recogniser, body.split(b"\n")[0]).split(body, recogniser)
    assert list(batch.levels) == [3, 4, 0]
    assert batch.formats() == {"log4j": 2, "timestamp": 1}


@given(
    st.lists(st.sampled_from([b"\n2026-11-24", b"a" * 9000, b"\n", b"x", b"\n2026-", b"-24"])),
)
def test_a_text_is_cut_as_by_one_split(parts):
    body = b"".join(parts)
    assert cut(body, b"\n2026-11-24") == body.split(b"\n2026-11-24")
