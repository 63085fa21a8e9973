"""Text of any encoding, cut anywhere: UTF-8 out, and the raw bytes of what was counted."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import texts
from psbhost.positions import Evidence
from psbhost.sources import Source
from psbhost.texts import HOLE, Text

LINES = "2026-11-24 10:00:00 ERROR naïve €uro 𝄞 text\r\nsecond line\n" * 40
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


class Cut:
    """A source that hands out its bytes in pieces of any length."""

    packed = False

    def __init__(self, data, seed):
        self.data, self.size, self.ended = data, len(data), False
        self._random = random.Random(seed)

    def head(self, length):
        return self.data[:length]

    def before(self, offset, length):
        return self.data[max(0, offset - length) : offset]

    def blocks(self, offset):
        while offset < len(self.data):
            end = offset + self._random.choice((1, 2, 3, 7, 64, 500))
            yield self.data[offset:end]
            offset = min(end, len(self.data))
        self.ended = True


def read(data, seed, take):
    """(text, raw offset after each bit that was counted), counting as a splitter does."""
    source = Cut(data, seed)
    evidence = Evidence(source, 0)
    text, found, rest, seen = Text(source, 0, evidence), b"", b"", []
    for block in text.blocks():
        found += block
        rest += block
        end = take(rest)
        text.counted(rest[:end])
        rest = rest[end:]
        seen.append(evidence.offset)
    assert evidence.tail == data[: evidence.offset][-256:]
    return found, rest, evidence, seen


def whole_lines(data):
    return data.rfind(b"\n") + 1


@pytest.mark.parametrize("encoding", MARKS)
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_any_encoding_any_cut(encoding, marked, seed):
    raw = (MARKS[encoding] if marked else b"") + LINES.encode(encoding)
    found, rest, evidence, seen = read(raw, seed, whole_lines)
    assert found.decode() == LINES
    assert rest == b""
    assert evidence.offset == len(raw)
    assert seen == sorted(seen)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 9), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_broken_utf_16_keeps_its_offsets(junk, seed, encoding):
    raw = MARKS[encoding] + LINES.encode(encoding)[:400] + junk + "\n".encode(encoding)
    found, _, evidence, _ = read(raw, seed, len)
    assert len(raw) - 3 <= evidence.offset <= len(raw)  # half a unit waits
    assert found.startswith(LINES[:200].encode()[:200])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([b"a line\n", b"half", b"\0", b"\0" * 63, b"\0" * 64, b"\0" * 999])),
    st.integers(0, 9),
)
def test_holes_are_passed_over_wherever_the_blocks_end(parts, seed):
    raw = b"".join(parts) + b"end\n"
    found, _, evidence, _ = read(raw, seed, len)
    assert evidence.offset == len(raw)
    whole, _, other, _ = read(raw, 99, len)
    assert (found, evidence.skipped) == (whole, other.skipped)
    assert b"\0" * HOLE not in found
    assert found.count(b"\0") + evidence.skipped == raw.count(b"\0")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_hole_of_any_place_leaves_the_text_around_it(encoding):
    def coded(text):
        return text.encode(encoding)

    for hole in (64, 100, 5000):
        raw = coded("first line of it\n") + b"\0" * hole + coded("second line of it\n")
        for seed in range(8):
            found, _, evidence, _ = read(raw, seed, len)
            assert found == b"first line of it\nsecond line of it\n"
            assert (evidence.offset, evidence.skipped) == (len(raw), hole)


def test_nul_bytes_at_the_end_are_left_for_what_may_be_written_there():
    raw = b"one\n" + b"\0" * 5000
    found, _, evidence, _ = read(raw, 1, len)
    assert (found, evidence.offset) == (b"one\n", 4)
    full = raw[:4] + b"two\n" + raw[8:]
    source = Cut(full, 2)
    again = Text(source, 4, Evidence(source, 4))
    assert b"".join(again.blocks()) == b"two\n"
    assert source.size == 8


def test_a_sparse_hole_is_not_read(tmp_path):
    path = tmp_path / "a.log"
    with path.open("wb") as out:
        out.truncate(6 << 30)
        out.seek(6 << 30)
        out.write(b"behind it\n")
    source = Source(str(path))
    evidence = Evidence(source, 0)
    text, cost, found = Text(source, 0, evidence), 0, b""
    for block in text.blocks():
        cost += text.cost
        found += block
        text.counted(block)
    source.close()
    assert found == b"behind it\n"
    assert evidence.offset == source.size == (6 << 30) + 10
    assert cost < 1 << 20


@pytest.mark.parametrize(
    ("head", "binary"),
    [
        (b"plain text\n", False),
        (LINES.encode("utf-16"), False),
        (LINES.encode("utf-16-be"), False),
        (b"\0" * 500 + b"text after a hole\n", False),
        ("Umlaute äöü\n".encode("latin-1"), False),
        (b"\x1b[31mred\x1b[0m\n", False),
        (b"\x7fELF\x02\x01\x01\0\0\0\0", True),
        (bytes(range(64)), True),
    ],
)
def test_what_is_no_text(head, binary):
    assert texts.is_binary(head) is binary
