"""Opened log files: regular files only, never a pipe or a device, plain or compressed."""

import os
import stat

from psbhost.packing import BLOCK, BrokenError, Unpacker, UnpackError, kind_of

__all__ = ["BLOCK", "PACKED", "BrokenError", "NotRegularError", "Source", "UnpackError"]
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".lz4", ".Z", ".7z", ".lzo")
#: First bytes that are compared after each read: another file may have taken the place.
_SIGHT = 64
#: The unpacker of the file that the last visit left half read, by what names its content.
_kept = {}


class NotRegularError(OSError):
    """The path names something that is not a regular file."""


class Source(object):
    """One opened file. `size` is fixed at opening: what is appended later waits.

    `ended`: whether reading came to that size (of a packed file: to the end of its content).
    """

    def __init__(self, path: str, follow: bool = True):
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
        if not follow:
            flags |= getattr(os, "O_NOFOLLOW", 0)
        self.path = path
        self._fd = os.open(path, flags)
        try:
            status = os.fstat(self._fd)
            if not stat.S_ISREG(status.st_mode):
                raise NotRegularError("not a regular file")
            self._first = os.pread(self._fd, _SIGHT, 0)
        except OSError:
            self.close()
            raise
        self.device, self.inode = status.st_dev, status.st_ino
        self.size, self.modified = status.st_size, int(status.st_mtime)
        self.on_disk = status.st_size
        self.ended = self.given_up = False
        self._kind = kind_of(self._first)
        self.packed = bool(self._kind)
        self._identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime)
        self._unpacker = None
        self.digests = {}  # of its first bytes, by their number

    def close(self) -> None:
        """Close the file. One that was left in the middle keeps its unpacker for the next visit."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        unpacker, self._unpacker = getattr(self, "_unpacker", None), None
        if unpacker is None:
            return
        if unpacker.finished or not unpacker.head:
            unpacker.close()
            return
        forget_unpackers()
        _kept[self._identity] = unpacker

    def head(self, length: int) -> bytes:
        """The first bytes of the (unpacked) content, of a packed file at most 4096."""
        if not self.packed:
            return os.pread(self._fd, length, 0)
        unpacker = self._unpacked()
        if not unpacker.head:
            unpacker.read(0, length)
        return unpacker.head[:length]

    def before(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes right before `offset`; b"" when the content ends earlier."""
        start = max(0, offset - length)
        if self.packed:
            found = self._unpacked().read(start, offset - start)
            return found if len(found) == offset - start else b""
        if offset > os.fstat(self._fd).st_size:
            return b""
        return os.pread(self._fd, offset - start, start)

    def blocks(self, offset: int):
        """Blocks of bytes from `offset` on, and numbers: that many NUL bytes that are a hole.

        Raises BrokenError, UnpackError, OSError.
        """
        self.ended = False
        return self._packed_blocks(offset) if self.packed else self._plain_blocks(offset)

    def unread(self, offset: int) -> int:
        """Bytes behind `offset` that wait (of a packed file about how many, compressed).

        None where it was `given_up`: damaged for good.
        """
        if self.given_up:
            return 0
        if not self.packed:
            return max(0, self.size - offset)
        unpacker = self._unpacked()
        return max(0, unpacker.total() - offset) if unpacker.finished else unpacker.left()

    def _plain_blocks(self, offset):
        while offset < self.size:
            block = os.pread(self._fd, min(BLOCK, self.size - offset), offset)
            if not block or not self._is_same(offset + len(block)):
                return
            offset += len(block)
            yield block
            if block[:1] == b"\0" and not block.strip(b"\0"):
                hole = self._hole(offset)
                offset += hole
                if hole:
                    yield hole
        self.ended = True

    def _is_same(self, end) -> bool:
        """Whether what was just read was read before anybody truncated the file."""
        if os.fstat(self._fd).st_size < end:
            return False
        return os.pread(self._fd, len(self._first), 0) == self._first

    def _hole(self, offset) -> int:
        """Bytes from `offset` on that were never written, where the file system tells."""
        if not hasattr(os, "SEEK_DATA"):
            return 0
        try:
            data = os.lseek(self._fd, offset, os.SEEK_DATA)
        except OSError as error:
            import errno

            # ENXIO: no data any more up to the end of the file
            data = self.size if error.errno == errno.ENXIO else offset
        return max(0, min(data, self.size) - offset)

    def _packed_blocks(self, offset):
        while True:
            block = self._unpacked().read(offset, BLOCK)
            if not block:
                self.ended = True
                return
            offset += len(block)
            yield block

    def _unpacked(self):
        if self._unpacker is None:
            self._unpacker = _kept.pop(self._identity, None)
        if self._unpacker is None or not self._unpacker.usable():
            self._unpacker = Unpacker(os.dup(self._fd), self._kind)
        return self._unpacker


def forget_unpackers() -> None:
    """Close what waits for the next visit."""
    while _kept:
        _kept.popitem()[1].close()
