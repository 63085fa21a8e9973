"""Frames: whole or nothing, whatever the stream does."""

import hashlib
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors import frames
from collectors.frames import FrameError, FrameReader, encode


def reply(number: int, body: bytes, flag: str = "j", **wrong: object) -> bytes:
    length = wrong.get("length", len(body))
    digest = wrong.get("digest", hashlib.sha256(body).hexdigest())
    end = wrong.get("end", number)
    return (
        f"\x01PSB1 {number} {flag} {length} {digest}\n".encode()
        + body
        + f"\nPSB1END {end}\n".encode()
    )


@settings(max_examples=50)
@given(st.dictionaries(st.text(), st.text()), st.binary(max_size=300), st.integers(1, 50))
def test_a_frame_survives_noise_and_any_cutting(
    payload: dict[str, str], noise: bytes, size: int
) -> None:
    stream = noise.replace(b"\x01", b"") + encode(7, payload) + b"\nbye\n" + encode(8, payload)
    reader, found = FrameReader(), []
    for start in range(0, len(stream), size):
        found += reader.feed(stream[start : start + size])
    assert [(f.request_id, f.payload) for f in found] == [(7, payload), (8, payload)]


def test_large_requests_are_packed() -> None:
    payload = {"a": "x" * 100_000}
    assert len(encode(1, payload)) < 2_000
    assert next(iter(FrameReader().feed(encode(1, payload)))).payload == payload


def test_what_only_looks_like_a_mark_is_noise() -> None:
    reader = FrameReader()
    assert next(reader.feed(b"\x01PSB1 nonsense\n" + reply(3, b"{}"))).request_id == 3
    assert reader.noise.startswith("\x01PSB1 nonsense")


def test_a_log_line_with_a_frame_inside_stays_content() -> None:
    inner = reply(99, b"{}").decode()
    found = list(FrameReader().feed(encode(1, {"text": inner})))
    assert [(f.request_id, f.payload) for f in found] == [(1, {"text": inner})]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (reply(1, b"{}", digest="0" * 64), "hash"),
        (reply(1, b"{}", end=2), "end mark"),
        (reply(1, b"{}", length=99_999_999), "cap"),
        (reply(1, b"[]"), "object"),
        (reply(1, b"{"), "JSON"),
        (reply(1, b'{"a": NaN}'), "JSON"),
        (reply(1, b"[" * 100_000), "JSON"),
        (reply(1, b"{}", "z"), "unpacked"),
        (reply(1, zlib.compress(b"{}")[:-3], "z"), "unpacked"),
        (b"x" * (frames.NOISE_CAP + 10), "other output"),
    ],
)
def test_what_is_not_whole_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(FrameError, match=why):
        list(FrameReader().feed(data))


def test_a_zip_bomb_is_refused() -> None:
    bomb = zlib.compress(b" " * (frames.UNPACKED_CAP + 1))
    with pytest.raises(FrameError, match="unpacked"):
        list(FrameReader().feed(reply(1, bomb, "z")))


def test_a_cut_frame_gives_nothing() -> None:
    data = reply(1, json.dumps({"a": 1}).encode())
    for end in range(len(data)):
        assert list(FrameReader().feed(data[:end])) == []


def test_requests_over_the_cap_are_refused() -> None:
    import random

    noise = random.Random(1).randbytes(frames.REQUEST_CAP).hex()
    with pytest.raises(FrameError, match="cap"):
        encode(1, {"a": noise})
