"""Frames survive noise and splits; nothing of a damaged one is used."""

import hashlib
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import frames

documents = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=2000), max_size=4)


@given(documents, st.integers(0, 10**9), st.lists(st.integers(1, 400), max_size=6))
def test_a_frame_comes_back_whatever_the_pieces(document, number, cuts):
    data = b"Welcome to host\nmotd \x01PSB" + frames.encode(number, document) + b"tail"
    reader, found, start = frames.FrameReader(), [], 0
    for cut in [*sorted(cuts), len(data)]:
        found += reader.feed(data[start:cut])
        start = max(start, cut)
    assert found == [(number, document)]


def test_large_documents_travel_packed():
    frame = frames.encode(3, {"a": "x" * 5000})
    assert b" z " in frame[:40]
    assert len(frame) < 300


@settings(max_examples=300)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_never_yields_another_document(position, flip):
    document = {"op": "visit", "text": "a" * 50}
    frame = bytearray(frames.encode(7, document))
    frame[position % len(frame)] ^= flip
    found = frames.FrameReader().feed(bytes(frame))
    assert all(isinstance(each, frames.FrameError) or each == document for _, each in found)


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_noise_is_skipped_and_the_next_frame_is_read(noise):
    reader = frames.FrameReader()
    reader.feed(noise.replace(b"\x01", b""))
    assert reader.feed(frames.encode(1, {"op": "ping"})) == [(1, {"op": "ping"})]


def test_a_frame_over_the_limit_is_refused_by_its_header():
    head = b"\x01PSB1 1 j 5000000 " + b"0" * 64 + b"\n"
    [(_, error)] = frames.FrameReader().feed(head)
    assert "over the limit" in str(error)


def test_a_packed_bomb_is_refused():
    payload = zlib.compress(b" " * (frames.MAX_UNPACKED + 10), 9)
    with pytest.raises(frames.FrameError, match="limit"):
        frames.unpack(b"z", payload, hashlib.sha256(payload).hexdigest())


@pytest.mark.parametrize("payload", [b"[1]", b"nonsense", b"[" * 100_000, b"\xff"])
def test_a_payload_that_is_no_object_is_refused(payload):
    with pytest.raises(frames.FrameError):
        frames.unpack(b"j", payload, hashlib.sha256(payload).hexdigest())


def test_a_wrong_end_mark_is_told_with_its_id():
    frame = frames.encode(9, {"a": 1}).replace(b"PSB1END 9", b"PSB1END 8")
    [(number, error)] = frames.FrameReader().feed(frame)
    assert number == 9
    assert "end mark" in str(error)
