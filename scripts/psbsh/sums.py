"""The checksum of POSIX `cksum`, by the CRC of zlib: the same polynomial, bits the other way."""

import zlib

_MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def cksum(data: bytes) -> int:
    """What `cksum` prints first for these bytes."""
    size, length = len(data), b""
    while size:
        length += bytes([size & 255])
        size >>= 8
    crc = zlib.crc32((data + length).translate(_MIRROR), 0xFFFFFFFF)
    return int(f"{crc:032b}"[::-1], 2)
