"""Questions to a host's shell and what it answers, see docs/protocol.md, "Without Python".

An answer cannot say its length before it is known, and nothing may be kept on the host: so its
end carries the nonce of the question, the checksum and the length of what came before.
"""

import zlib
from dataclasses import dataclass

ANSWER_CAP = 32 * 2**20  # bytes as sent
UNPACKED_CAP = 64 * 2**20
NOISE_CAP = 2**20
_MARK = b"\x01PSBSH "
_END = b"\nPSBSHEND "
_LONGEST_END = 120
_MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class ShellFrameError(Exception):
    """What came is not a whole answer. The text says what."""


def cksum(data: bytes) -> int:
    """What POSIX `cksum` prints first: the CRC of zlib with its bits the other way."""
    length = len(data).to_bytes(8, "little").rstrip(b"\0")
    crc = zlib.crc32(length.translate(_MIRROR), zlib.crc32(data.translate(_MIRROR), 0xFFFFFFFF))
    return int(f"{crc:032b}"[::-1], 2)


def question(number: int, nonce: str, text: bytes) -> bytes:
    """One question. `text`: verb and packing, arguments, a line with a dot."""
    return b"PSBSH %d %s " % (number, nonce.encode()) + text


@dataclass(slots=True)
class AnswerReader:
    """Collects the answer to one question. Bytes in front of its mark are noise."""

    number: int
    nonce: str
    _buffer: bytearray
    _begun: bool = False
    _looked: int = 0

    @classmethod
    def of(cls, number: int, nonce: str) -> "AnswerReader":
        return cls(number, nonce, bytearray())

    def feed(self, data: bytes) -> bytes | None:
        """The body, unpacked, once it is whole. Raises ShellFrameError."""
        self._buffer += data
        if not self._begun and not self._begin():
            return None
        end = _END + b"%d %s " % (self.number, self.nonce.encode())
        at = self._buffer.find(end, max(0, self._looked - _LONGEST_END))
        self._looked = len(self._buffer)
        if at < 0:
            if len(self._buffer) > ANSWER_CAP:
                raise ShellFrameError(f"an answer of more than {ANSWER_CAP} bytes")
            return None
        line_end = self._buffer.find(b"\n", at + len(end))
        if line_end < 0:
            self._looked = at
            return None
        body = bytes(self._buffer[:at])
        _check(body, bytes(self._buffer[at + len(end) : line_end]))
        return _unpacked(body)

    def _begin(self) -> bool:
        mark = _MARK + b"%d\n" % self.number
        at = self._buffer.find(mark)
        if at < 0:
            if len(self._buffer) > NOISE_CAP:
                raise ShellFrameError(f"more than {NOISE_CAP} bytes of other output")
            return False
        del self._buffer[: at + len(mark)]
        self._begun = True
        return True


def _check(body: bytes, told: bytes) -> None:
    """Raises ShellFrameError. A host that cannot compute a checksum tells none."""
    words = told.split()
    if words and words[:2] != [b"%d" % cksum(body), b"%d" % len(body)]:
        raise ShellFrameError("an answer whose checksum does not fit")


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(31)
    try:
        data = unpacker.decompress(body, UNPACKED_CAP)
    except zlib.error as error:
        raise ShellFrameError("an answer that cannot be unpacked") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ShellFrameError(f"an answer of more than {UNPACKED_CAP} bytes unpacked")
    return data
