"""The columnar path is taken where records are regular, and nowhere else."""

import pytest
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
    assert batch.levels == [3, 5, 3, 5, 3]
    assert batch.times == [1795514400 + n for n in range(5)]
    assert batch.record(1) + b"\n" == LOG4J % (1, b"ERROR")
    assert last == LOG4J % (5, b"ERROR")


@pytest.mark.parametrize(
    "stranger",
    [
        b"2026-11-24 10:00:03X123 ERROR [main] no stamp\n",
        b"2026-11-24 10:00:03,12  ERROR [main] other width\n",
        b"2026-11-24 10:00:03,123 +0100 INFO [main] zone\n",
        b"2026-11-24 10:00:03,123 words only\n",
        b"\tat x\n[2026-11-24 10:00:00] INFO another program\n",
    ],
)
def test_a_block_with_a_stranger_is_handed_back(recogniser, stranger):
    body = LOG4J % (1, b"INFO ") + stranger + LOG4J % (2, b"INFO ")
    assert layout(recogniser, body.split(b"\n")[0]).split(body, recogniser) is None


def test_access_logs_have_their_own_layout(recogniser):
    line = b'10.0.0.1 - - [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 503 12 "-" "-" 0.120\n'
    found = layout(recogniser, line[:-1])
    assert isinstance(found, AccessLayout)
    batch, last = found.split(line * 3, recogniser)
    assert [match.group("s") for match in batch.requests] == [b"503", b"503"]
    assert last == line
    assert found.split(line + b"noise\n" + line, recogniser) is None


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
    line = LOG4J[:-1] % (7, b"ERROR")
    found = layout(recogniser, line).head(line, 5, 5)
    careful = recogniser.recognise(line)
    assert (found.format, found.message) == (careful.format, careful.message)
