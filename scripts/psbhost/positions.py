"""Positions: where reading stopped, with the evidence that it is still the same content.

Evidence is the hash of the file's head (over a recorded length) and of the bytes before the
offset. The inode is a hint where to look first, never proof: file systems reuse it at once.
"""

import json
import time

from psbhost.digest import sha256
from psbhost.packing import BrokenError

HEAD = 1024
TAIL = 256
#: Rotated files that were read to their end: the newest positions are kept.
MAX_FINISHED = 64
#: Files the path names: all positions are kept, up to this many.
MAX_NAMED = 2000
MAX_KNOWN = 4000
#: Seconds after its last change from which a file's time of change tells every later one.
RESTED = 2


def digest(data: bytes) -> str:
    """Hash of a slice of a file."""
    return sha256(data).hexdigest()[:32]


class Evidence(object):
    """Head and tail of what was read, kept from the very bytes that were counted."""

    def __init__(self, source, offset: int):
        self._source = source
        self.offset = offset
        self.skipped = 0  # NUL bytes of holes
        try:
            self.head = source.head(HEAD)
        except BrokenError:  # a packed file of which nothing is whole yet
            self.head = b""
        self.tail = source.before(offset, TAIL) if offset else b""

    def see(self, start: int, block: bytes) -> None:
        """A block was read at `start`: the head may grow, whether counted yet or not."""
        length = len(self.head)
        if length < HEAD and start <= length < start + len(block):
            self.head = (self.head + block[length - start :])[:HEAD]

    def advance(self, consumed: bytes, length=None) -> None:
        """These bytes follow and were counted; `length`: how many, of which these are the last."""
        self.offset += len(consumed) if length is None else length
        self.tail = (self.tail + consumed[-TAIL:])[-TAIL:]

    def leap(self, count: int) -> None:
        """A hole of that many NUL bytes follows and was passed over."""
        self.offset += count
        self.skipped += count
        self.tail = (self.tail + b"\0" * min(count, TAIL))[-TAIL:]

    def position(self, carry: dict) -> dict:
        """The position after what was counted.

        `carry` is completed: `r` the file had rested, `z` the size of a packed file on disk.
        """
        source, carry = self._source, dict(carry)
        if time.time() - source.modified >= RESTED:
            carry["r"] = 1
        if source.packed:
            carry["z"] = source.on_disk
        return {
            "path": source.path,
            "device": source.device,
            "inode": source.inode,
            "offset": self.offset,
            "size": self.offset + source.unread(self.offset),
            "modified": source.modified,
            "head_length": len(self.head),
            "head_hash": digest(self.head),
            "tail_hash": digest(self.tail),
            "carry": json.dumps(carry, separators=(",", ":")),
        }


def kept(positions: list, named=()) -> list:
    """The positions worth keeping, oldest first. `named`: paths of files the log's path names."""
    ordered = sorted(positions, key=lambda one: one["modified"])
    finished = [one for one in ordered if one["offset"] >= one["size"]]
    others = [id(one) for one in finished if one["path"] not in named]
    there = [id(one) for one in finished if one["path"] in named]
    dropped = set(others[:-MAX_FINISHED] + there[:-MAX_NAMED])
    return [one for one in ordered if id(one) not in dropped][-MAX_KNOWN:]


def untouched(position: dict, status) -> bool:
    """Whether a file that was read to its end is just as it was, by its os.stat result."""
    carry = carry_of(position)
    return (
        carry.get("r") == 1
        and position["offset"] >= position["size"]
        and status.st_dev == position["device"]
        and status.st_ino == position["inode"]
        and status.st_size == carry.get("z", position["size"])
        and int(status.st_mtime) == position["modified"]
    )


def carry_of(position: dict) -> dict:
    """What the position carries; empty when it is not ours."""
    try:
        carry = json.loads(position.get("carry") or "{}")
    except ValueError:
        return {}
    return carry if isinstance(carry, dict) else {}


def valid(position) -> bool:
    """Whether a position from outside has the fields and types it must have."""
    if not isinstance(position, dict) or not isinstance(position.get("path"), str):
        return False
    for name in ("device", "inode", "offset", "size", "modified", "head_length"):
        value = position.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return False
    return all(isinstance(position.get(name), str) for name in ("head_hash", "tail_hash"))


def matches(source, position: dict) -> bool:
    """Whether the content of a file continues this position."""
    return compare(source, position) is True


def compare(source, position: dict):
    """Whether the content of a file continues this position; None when it cannot be told yet.

    A position in an empty file has no content to compare: the inode must agree. A packed file
    that was read to its end is known by what names its content on disk: nobody appends to it.
    """
    offset, length = position["offset"], min(HEAD, position["head_length"])
    if length == 0:
        return source.inode == position["inode"] and source.device == position["device"]
    if not source.packed and source.size < offset:
        return False
    try:
        if not begins(source, position):
            return False
        if source.packed and settled(source, position):
            return True
        return not offset or digest(source.before(offset, TAIL)) == position["tail_hash"]
    except BrokenError:
        return None
    except OSError:
        return False


def settled(source, position: dict) -> bool:
    """Whether an opened file was read to its end and is just as it was then."""
    carry = carry_of(position)
    return (
        carry.get("r") == 1
        and position["offset"] >= position["size"]
        and source.device == position["device"]
        and source.inode == position["inode"]
        and source.on_disk == carry.get("z", position["size"])
        and source.modified == position["modified"]
    )


def begins(source, position: dict) -> bool:
    """Whether a file begins as the content of a position did. Raises BrokenError."""
    length = min(HEAD, position["head_length"])
    if not length or (not source.packed and source.size < length):
        return False
    if length not in source.digests:
        source.digests[length] = digest(source.head(length))
    return source.digests[length] == position["head_hash"]


def contains(source, other) -> bool:
    """Whether a file begins with all that is in another one, by their heads and its end."""
    if source.packed or other.packed or not 0 < other.size <= source.size:
        return False
    try:
        head = other.head(HEAD)
        return source.head(len(head)) == head and (
            source.before(other.size, TAIL) == other.before(other.size, TAIL)
        )
    except OSError:
        return False
