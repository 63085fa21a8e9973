"""Frames of the wire: a mark, an id, a length and a hash around a JSON document.

A reader skips noise before a mark; a frame whose hash or end mark is wrong is no frame.
"""

import zlib

from psbhost.digest import sha256
from psbhost.framing import framed

MARK = b"\x01PSB1 "
MAX_REQUEST = 4 * 1024 * 1024
MAX_REPLY = 8 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_HEADER = 160
COMPRESS_FROM = 1024
#: A heartbeat, as the workstation writes it. To read and answer it loads nothing: the JSON package
#: takes longer to load than all that is needed until the first visit.
_PING = b'{"op":"ping","nonce":"'
PING = {"op": "ping"}


class FrameError(ValueError):
    """The bytes are not a whole, honest frame."""


def encode(number: int, document: dict, columns=None) -> bytes:
    """One frame around a JSON document, and columns of numbers that belong to it.

    Raises FrameError when it exceeds MAX_REPLY.
    """
    import json

    payload = json.dumps(document, separators=(",", ":"), allow_nan=False).encode("utf-8")
    flags = "j"
    if len(payload) + len(columns or b"") > MAX_UNPACKED:
        raise FrameError("reply too large")
    if columns is not None:
        from psbhost.replycolumns import packed

        payload = packed(payload, columns)
        flags = "d"
    elif len(payload) >= COMPRESS_FROM:
        payload = zlib.compress(payload, 6)
        flags = "z"
    if len(payload) > MAX_REPLY:
        raise FrameError("reply too large")
    return framed(number, flags, payload)


def parse_header(line: bytes, limit: int) -> tuple:
    """(id, flags, length, digest) of a header line. Raises FrameError."""
    parts = line.strip(b"\n").split(b" ")
    if len(parts) != 5 or not parts[1].isdigit() or not parts[3].isdigit():
        raise FrameError("header is malformed")
    if len(parts[1]) > 18 or len(parts[3]) > 12:
        raise FrameError("header is malformed")
    number, flags, length, digest = int(parts[1]), parts[2], int(parts[3]), parts[4]
    if flags not in (b"j", b"z") or len(digest) != 64:
        raise FrameError("header is malformed")
    if length > limit:
        raise FrameError("frame of %d bytes is over the limit of %d" % (length, limit))
    return number, flags, length, digest.decode("ascii", "replace")


def unpack(flags: bytes, payload: bytes, digest: str) -> dict:
    """The document of a payload. Raises FrameError for another hash, size or kind."""
    if sha256(payload).hexdigest() != digest:
        raise FrameError("hash differs")
    if flags == b"z":
        try:
            unpacker = zlib.decompressobj()
            payload = unpacker.decompress(payload, MAX_UNPACKED)
        except zlib.error:
            raise FrameError("payload does not unpack") from None
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise FrameError("payload does not unpack within its limit")
    if payload.startswith(_PING):
        return PING
    import json

    try:
        document = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError):
        raise FrameError("payload is not JSON") from None
    if not isinstance(document, dict):
        raise FrameError("payload is not an object")
    return document


class FrameReader:
    """Cuts frames out of a byte stream that may carry noise."""

    def __init__(self, limit: int = MAX_REQUEST):
        self._limit = limit
        self._buffer = b""

    def feed(self, data: bytes) -> list:
        """Whole frames found so far as (id, document or FrameError), oldest first."""
        self._buffer += data
        found = []
        while True:
            step = self._next()
            if step is None:
                return found
            found.append(step)

    def _next(self):
        start = self._buffer.find(MARK)
        if start < 0:
            self._buffer = self._buffer[-(len(MARK) - 1) :]
            return None
        if start:
            self._buffer = self._buffer[start:]
        end = self._buffer.find(b"\n", 0, MAX_HEADER)
        if end < 0:
            if len(self._buffer) >= MAX_HEADER:
                self._buffer = self._buffer[1:]
                return self._next()
            return None
        return self._body(end)

    def _body(self, end: int):
        try:
            number, flags, length, digest = parse_header(self._buffer[:end], self._limit)
        except FrameError as error:
            self._buffer = self._buffer[1:]
            return (0, error)
        tail = b"\nPSB1END %d\n" % number
        stop = end + 1 + length + len(tail)
        if len(self._buffer) < stop:
            return None
        payload = self._buffer[end + 1 : end + 1 + length]
        if self._buffer[end + 1 + length : stop] != tail:
            self._buffer = self._buffer[1:]
            return (number, FrameError("end mark is missing"))
        self._buffer = self._buffer[stop:]
        try:
            return (number, unpack(flags, payload, digest))
        except FrameError as error:
            return (number, error)
