"""Lines of many families of logs: where a record begins, its time, level and message; alone, one
family in a file, all in one file, and by columns as line by line."""

import random
from datetime import UTC, datetime
from itertools import groupby

import pytest
from psbhost import jsonlines, levels
from psbhost.formats import Recogniser
from psbhost.records import Splitter
from psbhost.stamps import StampReader
from psbhost.zones import UTC as PLAIN

from tests.support import families

NOW = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())
RECORDS = families.load()
FAMILIES = {name: list(group) for name, group in groupby(RECORDS, lambda one: one.family)}
#: Records whose first line does not tell all: the second one is read with it.
TWO_LINED = "java util logging"


def recogniser():
    return Recogniser(StampReader(PLAIN, NOW))


def head_of(record):
    """The head as the assembler settles it, and the text it was read from."""
    asked = recogniser()
    text = record.text.encode()
    head = asked.recognise(text) or asked.levelled(text)
    if head is not None and head.format == TWO_LINED and record.more:
        text = "\n".join(record.lines).encode()
        head = asked.recognise(text)
    return head, text


def splitter(columns=True):
    found = Splitter(recogniser(), {}, NOW)
    if not columns:
        found._columnar = lambda raw: None
    return found


def read(body, columns=True, block=None):
    """(text, time, level) of each record of a whole file."""
    cutter, rows, rest = splitter(columns), [], b""
    step = block or len(body)
    for start in range(0, len(body), step):
        batch, rest = cutter.split(rest + body[start : start + step])
        rows += rows_of(batch)
    return rows + rows_of(cutter.finish(rest))


def rows_of(batch):
    times = list(batch.times)
    return [(batch.record(at), times[at], batch.levels[at]) for at in range(len(batch.records))]


def body_of(records):
    return "".join(f"{line}\n" for one in records for line in one.lines).encode()


def test_there_are_enough_of_them():
    assert len(FAMILIES) >= 60
    assert len(RECORDS) >= 450


@pytest.mark.parametrize("family", FAMILIES)
def test_each_line_is_read_by_itself(family):
    wrong = []
    for record in FAMILIES[family]:
        head, text = head_of(record)
        if head is None:
            wrong.append(f"no head: {record.text}")
            continue
        told = (head.time, levels.NAMES[head.level])
        if told != (record.time, record.level):
            wrong.append(f"{told} for {record.time, record.level}: {record.text}")
        if isinstance(head.extra, dict):
            message = jsonlines.message_of(head.extra)
        else:
            message = text[head.message :].decode().strip()
        if record.message is not None and message != record.message.strip():
            wrong.append(f"{message!r}: {record.text}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_file_of_one_family_is_cut_where_its_records_begin(family):
    records = [one for one in FAMILIES[family] if one.time is not None]
    assert [row[0] for row in read(body_of(records))] == [
        "\n".join(one.lines).encode() for one in records
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_goes_on_never_has_a_head(family):
    for record in FAMILIES[family]:
        for line in record.more:
            assert recogniser().recognise(line.encode()) is None, line


@pytest.mark.parametrize("seed", range(3))
def test_all_in_one_file_are_told_apart(seed):
    # A padded first field goes on with a record of another format: only its like may follow.
    records = [one for one in RECORDS if one.time is not None and one.text[0] != " "]
    random.Random(seed).shuffle(records)
    wanted = {"\n".join(one.lines).encode(): one for one in records}
    found = {row[0]: row for row in read(body_of(records))}
    wrong = []
    for text, one in wanted.items():
        row = found.get(text)
        if row is None or levels.NAMES[row[2]] != one.level or row[1] != one.time:
            wrong.append(f"{row}: {one.lines}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("family", FAMILIES)
def test_by_columns_as_line_by_line(family):
    """Each record again and again among its kind: where columns are taken they tell the same."""
    records = [one for one in FAMILIES[family] if one.time is not None]
    for record in records:
        body = body_of([record] * 60 + records + [record] * 30)
        assert read(body) == read(body, columns=False), record.text
    body = body_of(records * 20)
    assert read(body, block=3000) == read(body, columns=False)


CARRIERS = {
    "log4j": "2026-11-24 10:00:{:02d},123 INFO  [main] com.acme.Shop - order {} placed",
    "thread first": "2026-11-24 10:00:{:02d}.123 [exec-7] WARN com.acme.Shop - order {} is late",
    "iso, no level": "2026-11-24 10:00:{:02d} step {} of the load ended",
    "iso zone, no level": "2026-11-24T10:00:{:02d}.123Z order {} arrived",
    "syslog": "Nov 24 10:00:{:02d} web01 sshd[{}]: Failed password for bob",
    "ctime": "[Tue Nov 24 10:00:{:02d} 2026] [error] [client 10.0.0.7] order {} is gone",
    "short": "26/11/24 10:00:{:02d} INFO storage.BlockManager: block {} added",
    "numeric": "24.11.2026 10:00:{:02d} step {} of the load ended",
    "android": "11-24 10:00:{:02d}.123  1702  {} D Cart: drawn",
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_stranger_among_many_alike_is_not_taken_for_one_of_them(carrier):
    many = [CARRIERS[carrier].format(n % 60, 1000 + n) for n in range(40)]
    wrong = []
    for record in RECORDS:
        body = "\n".join([*many, *record.lines, *many, ""]).encode()
        if read(body) != read(body, columns=False):
            wrong.append(record.text)
    assert not wrong, "\n".join(wrong)
