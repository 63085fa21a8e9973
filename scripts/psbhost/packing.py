"""Compressed files: told by their first bytes, unpacked forward block by block, never to disk."""

import io
import os

BLOCK = 128 * 1024
#: Unpacked bytes that are kept behind the newest one: a record that waits is read again.
WINDOW = 3 * 512 * 1024
HEAD = 4096
#: Memory one .xz file may ask for: xz -9 needs 65 MB.
XZ_MEMORY = 80 * 1024 * 1024
_START = 10
_KINDS = (
    (b"\x1f\x8b\x08", "gz"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"), (b"\x04\x22\x4d\x18", "lz4"), (b"\x1f\x9d", "Z"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x89LZO", "lzo"),
)  # fmt: skip


class BrokenError(OSError):
    """A compressed file that ends early or is damaged: perhaps it is still being written."""


class UnpackError(OSError):
    """A compressed file this host has no means to unpack. The text says what would help."""


def kind_of(start: bytes) -> str:
    """The packing that these first bytes announce; "" for none."""
    for magic, kind in _KINDS:
        if start.startswith(magic):
            return kind
    if start[:3] == b"BZh" and start[4:_START] == b"1AY&SY":
        return "bz2"
    # pzstd writes a frame to be skipped first
    return "zst" if start[1:4] == b"\x2a\x4d\x18" and start[:1] in b"PQRSTUVWXYZ[\\]^_" else ""


class Unpacker(object):
    """One compressed file, read forward; what lies a little behind can be read again.

    Takes over the file descriptor. Raises BrokenError, UnpackError.
    """

    def __init__(self, descriptor: int, kind: str):
        self._fd = descriptor
        self._kind = kind
        self._stream = self._child = self._error = None
        self._taken = 0
        self._window = bytearray()
        self._end = 0  # unpacked bytes so far
        self.head = b""
        self.finished = False

    def read(self, offset: int, length: int) -> bytes:
        """Up to `length` unpacked bytes from `offset`; fewer only where the content ends."""
        if offset < self._end - len(self._window) or (self._stream is None and not self._error):
            self._begin()
        while self._error is None and self._end < offset + length:
            try:
                if not self._next():
                    break
            except Exception as error:  # each packer has errors of its own
                self._stop()
                self._error = str(error) or type(error).__name__
        if self._error is not None and self._end <= offset:
            raise BrokenError(self._error)
        start = offset - (self._end - len(self._window))
        return bytes(self._window[start : start + length])

    def usable(self) -> bool:
        """Whether its file is still open."""
        try:
            os.fstat(self._fd)
        except (OSError, LookupError):  # LookupError: where files of another host are read
            return False
        return True

    def total(self) -> int:
        """Unpacked bytes, once `finished`."""
        return self._end

    def left(self) -> int:
        """Compressed bytes not yet taken, about; at least one while not finished."""
        if self.finished:
            return 0
        taken = self._raw.tell() if self._stream is not None else self._taken
        return max(1, os.fstat(self._fd).st_size - taken)

    def close(self) -> None:
        """End it for good."""
        self._stop()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _next(self) -> bool:
        if self.finished:
            return False
        # one read at a time: what comes before the damage is not lost with it
        block = getattr(self._stream, "read1", self._stream.read)(BLOCK)
        if not block:
            if self._child is not None and self._child.wait() != 0:
                raise BrokenError("the compressed file ends early or is damaged")
            self.finished = True
            return False
        if len(self.head) < HEAD and self._end < HEAD:
            self.head = (self.head[: self._end] + block)[:HEAD]
        self._end += len(block)
        self._window += block
        if len(self._window) > WINDOW + BLOCK:
            del self._window[:-WINDOW]
        return True

    def _begin(self):
        self._stop()
        self._window, self._end, self.finished = bytearray(), 0, False
        self._error = None
        self._raw = _Raw(self._fd)
        try:
            self._stream = self._opened()
        except UnpackError:
            raise
        except Exception as error:  # such as a .zip whose directory is not written yet
            raise BrokenError(str(error)) from error

    def _opened(self):
        raw = io.BufferedReader(self._raw, 65536)
        if self._kind == "gz":
            import gzip

            return gzip.GzipFile(fileobj=raw, mode="rb")
        if self._kind == "bz2":
            import bz2

            return bz2.BZ2File(raw, "rb")
        if self._kind == "xz":
            return _Xz(raw)
        if self._kind == "zip":
            return _only_member(raw)
        if self._kind == "zst":
            return self._zst(raw)
        raise UnpackError("packed as .%s, which cannot be unpacked here" % self._kind)

    def _zst(self, raw):
        try:
            from compression.zstd import ZstdFile  # Python 3.14

            return ZstdFile(raw)
        except ImportError:
            pass
        import subprocess

        os.lseek(self._fd, 0, os.SEEK_SET)
        try:
            self._child = subprocess.Popen(
                ["zstd", "-dcq"], stdin=self._fd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise UnpackError(
                "packed with zstd: install the program zstd on the host to have it read"
            ) from error
        return self._child.stdout

    def _stop(self):
        child, self._child = self._child, None
        stream, self._stream = self._stream, None
        if stream is not None:
            self._taken = self._raw.tell()
        if child is not None:
            child.kill()
            child.stdout.close()
            child.wait()
        elif stream is not None:
            stream.close()


class _Raw(io.RawIOBase):
    """Reads by position: nobody else's reading of the file moves it."""

    def __init__(self, descriptor):
        io.RawIOBase.__init__(self)
        self._fd, self._at = descriptor, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = os.pread(self._fd, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset, whence=0):
        base = (0, self._at, os.fstat(self._fd).st_size)[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self):
        return self._at


class _Xz(object):
    """An .xz file within bounded memory; several streams one behind the other are one text."""

    def __init__(self, raw):
        import lzma

        self._raw, self._make = raw, lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY)
        self._decoder = self._make()

    def read(self, length):
        while True:
            decoder = self._decoder
            if decoder.eof:
                rest = (decoder.unused_data or self._raw.read(BLOCK)).lstrip(b"\0")
                if not rest:
                    return b""
                self._decoder = decoder = self._make()
            else:
                rest = self._raw.read(BLOCK) if decoder.needs_input else b""
                if decoder.needs_input and not rest:
                    raise BrokenError("the compressed file ends early")
            found = decoder.decompress(rest, length)
            if found:
                return found

    def close(self):
        self._raw.close()


def _only_member(raw):
    import zipfile

    archive = zipfile.ZipFile(raw)
    members = [one for one in archive.infolist() if not one.filename.endswith("/")]
    if len(members) != 1:
        raise UnpackError("a .zip with %d files is no rotated log" % len(members))
    return archive.open(members[0])
