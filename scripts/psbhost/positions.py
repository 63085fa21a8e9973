"""Positions: where reading stopped, with the evidence that it is still the same content.

Evidence is the hash of the file's head (over a recorded length) and of the bytes before the
offset. The inode is a hint where to look first, never proof: file systems reuse it at once.
"""

import hashlib
import json

HEAD = 1024
TAIL = 256
#: Positions of files that were read to their end, the newest; of others all are kept.
MAX_FINISHED = 64
MAX_KNOWN = 1000


def digest(data: bytes) -> str:
    """Hash of a slice of a file."""
    return hashlib.sha256(data).hexdigest()[:32]


class Evidence(object):
    """Head and tail of what was read, kept from the very bytes that were counted."""

    def __init__(self, source, offset: int):
        self._source = source
        self.offset = offset
        self._head = source.head(HEAD)
        self._tail = source.before(offset, TAIL) if offset else b""

    def see(self, start: int, block: bytes) -> None:
        """A block was read at `start`: the head may grow, whether counted yet or not."""
        length = len(self._head)
        if length < HEAD and start <= length < start + len(block):
            self._head = (self._head + block[length - start :])[:HEAD]

    def advance(self, consumed: bytes) -> None:
        """These bytes follow and were counted."""
        self.offset += len(consumed)
        self._tail = (self._tail + consumed[-TAIL:])[-TAIL:]

    def position(self, carry: dict) -> dict:
        """The position after what was counted."""
        source = self._source
        return {
            "path": source.path,
            "device": source.device,
            "inode": source.inode,
            "offset": self.offset,
            "size": max(source.size, self.offset) if source.packed else source.size,
            "modified": source.modified,
            "head_length": len(self._head),
            "head_hash": digest(self._head),
            "tail_hash": digest(self._tail),
            "carry": json.dumps(carry, separators=(",", ":")),
        }


def kept(positions: list) -> list:
    """The positions worth keeping, oldest first."""
    ordered = sorted(positions, key=lambda one: one["modified"])
    finished = [one for one in ordered if one["offset"] >= one["size"]]
    dropped = [id(one) for one in finished[:-MAX_FINISHED]]
    return [one for one in ordered if id(one) not in dropped]


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
    """Whether the content of a file continues this position.

    A position in an empty file has no content to compare: the inode must agree.
    """
    offset, length = position["offset"], min(HEAD, position["head_length"])
    if length == 0:
        return source.inode == position["inode"] and source.device == position["device"]
    if not source.packed and source.size < offset:
        return False
    try:
        if not begins(source, position):
            return False
        return not offset or digest(source.before(offset, TAIL)) == position["tail_hash"]
    except OSError:
        return False


def begins(source, position: dict) -> bool:
    """Whether a file begins as the content of a position did."""
    length = min(HEAD, position["head_length"])
    if not length or (not source.packed and source.size < length):
        return False
    try:
        return digest(source.head(length)) == position["head_hash"]
    except OSError:
        return False


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
