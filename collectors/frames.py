"""Frames of the wire, see docs/protocol.md: length, id, hash and end mark around JSON.

A frame is whole or it is nothing. Bytes between frames (motd, profile output) are noise and
are skipped up to a cap.
"""

import hashlib
import json
import lzma
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from collectors.columns import BY_LZMA, BY_ZLIB, LZMA, WORDS, put_back

REQUEST_CAP = 4 * 2**20  # bytes as sent
REPLY_CAP = 8 * 2**20  # bytes as sent
UNPACKED_CAP = 64 * 2**20
NOISE_CAP = 4 * 2**20  # a profile may print a megabyte
_NOISE_KEPT = 4096
_COMPRESS_FROM = 16 * 2**10

_MARK = b"\x01PSB1 "
_HEADER = re.compile(rb"\x01PSB1 (\d{1,10}) ([jzd]) (\d{1,8}) ([0-9a-f]{64})\n")
_HEADER_CAP = 6 + 10 + 1 + 1 + 1 + 8 + 1 + 64 + 1


class FrameError(Exception):
    """The stream holds something that is no whole frame. The text says what."""


class NoiseError(FrameError):
    """There is more around the frames than a motd or a profile explains."""


@dataclass(frozen=True, slots=True)
class Frame:
    request_id: int
    payload: dict[str, Any]


def encode(request_id: int, payload: dict[str, Any]) -> bytes:
    """One frame. Raises FrameError when it is over the request cap."""
    body = _ENCODER.encode(payload).encode()
    flag = "j"
    if len(body) > _COMPRESS_FROM:
        body, flag = zlib.compress(body, 1), "z"
    if len(body) > REQUEST_CAP:
        raise FrameError(f"the request is {len(body)} bytes, the cap is {REQUEST_CAP}")
    digest = hashlib.sha256(body).hexdigest()
    header = f"\x01PSB1 {request_id} {flag} {len(body)} {digest}\n".encode()
    return header + body + f"\nPSB1END {request_id}\n".encode()


class FrameReader:
    """Bytes in, frames out. Keeps what is not whole yet; `noise` is the first of the rest."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skipped = 0
        self._noise = bytearray()

    @property
    def noise(self) -> str:
        """The beginning of what was not a frame, as plain text."""
        rest = b"" if self._buffer.startswith(_MARK) else self._buffer
        return (self._noise + rest)[:_NOISE_KEPT].decode(errors="replace")

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not whole yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Frames that became whole. Raises FrameError; the reader is of no use after that."""
        self._buffer += data
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        header = self._find_header()
        if header is None:
            return None
        request_id, flag = int(header[1]), header[2]
        length, digest = int(header[3]), header[4].decode()
        if length > REPLY_CAP:
            raise FrameError(f"a reply of {length} bytes is announced, the cap is {REPLY_CAP}")
        start = header.end()
        end_mark = f"\nPSB1END {request_id}\n".encode()
        if len(self._buffer) < start + length + len(end_mark):
            return None
        body = bytes(self._buffer[start : start + length])
        if self._buffer[start + length : start + length + len(end_mark)] != end_mark:
            raise FrameError("a reply without its end mark")
        if hashlib.sha256(body).hexdigest() != digest:
            raise FrameError("a reply whose hash does not fit")
        del self._buffer[: start + length + len(end_mark)]
        return Frame(request_id, _with_columns(body) if flag == b"d" else _decode(body, flag))

    def _find_header(self) -> re.Match[bytes] | None:
        while True:
            at = self._buffer.find(_MARK)
            if at < 0:
                self._skip(max(0, len(self._buffer) - len(_MARK) + 1))
                return None
            self._skip(at)
            header = _HEADER.match(self._buffer)
            if header is not None:
                return header
            if len(self._buffer) < _HEADER_CAP and b"\n" not in self._buffer:
                return None
            self._skip(1)  # it only looked like one

    def _skip(self, count: int) -> None:
        if not count:
            return
        self._skipped += count
        if self._skipped > NOISE_CAP:
            raise NoiseError(f"more than {NOISE_CAP} bytes of other output")
        self._noise += self._buffer[: min(count, max(0, _NOISE_KEPT - len(self._noise)))]
        del self._buffer[:count]


def _unpack(body: bytes, words: bytes = b"") -> bytes:
    unpacker = zlib.decompressobj(zdict=words)
    try:
        body = unpacker.decompress(body, UNPACKED_CAP)
    except zlib.error as error:
        raise FrameError("a reply that cannot be unpacked") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise FrameError(f"a reply of more than {UNPACKED_CAP} bytes unpacked")
    return body


def _with_columns(body: bytes) -> dict[str, Any]:
    """A reply whose tables stand behind it, column by column."""
    end = 4 + int.from_bytes(body[:4], "big")
    payload = _decode(_unpack(body[4:end], WORDS), b"j")
    try:
        put_back(payload, _columns(body[end:]))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise FrameError("a reply whose columns cannot be read") from error
    return payload


def _columns(packed: bytes) -> bytes:
    if not packed:
        return b""
    if packed[:1] == BY_ZLIB:
        return _unpack(packed[1:])
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, **LZMA}])
    try:
        found = unpacker.decompress(packed[1:], UNPACKED_CAP)
    except (lzma.LZMAError, EOFError) as error:
        raise FrameError("a reply that cannot be unpacked") from error
    if packed[:1] != BY_LZMA or not unpacker.eof:
        raise FrameError("a reply whose columns are not whole")
    return found


def _decode(body: bytes, flag: bytes) -> dict[str, Any]:
    if flag == b"z":
        body = _unpack(body)
    try:
        payload = _DECODER.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise FrameError("a reply that is not JSON") from error
    if not isinstance(payload, dict):
        raise FrameError("a reply that is not a JSON object")
    return payload


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


# Made once: the functions of the module make a new one for each call with options.
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
