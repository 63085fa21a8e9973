"""Opened log files: regular files only, never a pipe or a device, plain or compressed."""

import os
import stat

BLOCK = 128 * 1024
PACKED = (".gz", ".bz2", ".xz")


class NotRegularError(OSError):
    """The path names something that is not a regular file."""


class BrokenError(OSError):
    """A compressed file that ends early or is damaged: perhaps it is still being written."""


class Source(object):
    """One opened file. `size` is fixed at opening: what is appended later waits."""

    def __init__(self, path: str, follow: bool = True):
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
        if not follow:
            flags |= getattr(os, "O_NOFOLLOW", 0)
        self.path = path
        self._fd = os.open(path, flags)
        status = os.fstat(self._fd)
        if not stat.S_ISREG(status.st_mode):
            os.close(self._fd)
            raise NotRegularError("not a regular file")
        self.device, self.inode = status.st_dev, status.st_ino
        self.size, self.modified = status.st_size, int(status.st_mtime)
        self.packed = path.endswith(PACKED) and self._magic()

    def _magic(self) -> bool:
        start = os.pread(self._fd, 6, 0)
        return start[:2] == b"\x1f\x8b" or start[:3] == b"BZh" or start == b"\xfd7zXZ\x00"

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def head(self, length: int) -> bytes:
        """The first bytes of the (unpacked) content."""
        if not self.packed:
            return os.pread(self._fd, length, 0)
        found = b""
        for block in self._unpacked():
            found += block
            if len(found) >= length:
                break
        return found[:length]

    def before(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes right before `offset`; b"" when the content ends earlier."""
        if not self.packed:
            if offset > os.fstat(self._fd).st_size:
                return b""
            start = max(0, offset - length)
            return os.pread(self._fd, offset - start, start)
        seen, kept = 0, b""
        for block in self._unpacked():
            if seen + len(block) >= offset:
                return (kept + block[: offset - seen])[-length:]
            seen += len(block)
            kept = (kept + block)[-length:]
        return kept if seen == offset else b""

    def blocks(self, offset: int):
        """Blocks from `offset` to the size at opening. Raises BrokenError, OSError."""
        if self.packed:
            for block in self._skip(offset):
                yield block
            return
        while offset < self.size:
            block = os.pread(self._fd, min(BLOCK, self.size - offset), offset)
            if not block:
                return
            offset += len(block)
            yield block

    def whole(self) -> bool:
        """Whether a compressed file unpacks to its end."""
        try:
            for _ in self._unpacked() if self.packed else ():
                pass
        except OSError:
            return False
        return True

    def _skip(self, offset):
        for block in self._unpacked():
            if offset >= len(block):
                offset -= len(block)
                continue
            yield block[offset:] if offset else block
            offset = 0

    def _unpacked(self):
        os.lseek(self._fd, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._fd), "rb") as raw:
            try:
                stream = _opener(self.path)(raw)
                while True:
                    block = stream.read(BLOCK)
                    if not block:
                        return
                    yield block
            except Exception as error:  # each packer has errors of its own
                raise BrokenError(str(error)) from error


def _opener(path: str):
    if path.endswith(".gz"):
        import gzip

        return lambda raw: gzip.GzipFile(fileobj=raw, mode="rb")
    if path.endswith(".bz2"):
        import bz2

        return lambda raw: bz2.BZ2File(raw, "rb")
    import lzma

    return lambda raw: lzma.LZMAFile(raw, "rb")
