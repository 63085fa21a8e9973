"""Positions: where reading stopped, with the evidence that it is still the same content.

Evidence is the hash of the file's head (over a recorded length) and of the bytes before the
offset. The inode is a hint where to look first, never proof: file systems reuse it at once.
"""

import hashlib
import json

HEAD = 1024
TAIL = 256
MAX_POSITIONS = 64


def digest(data: bytes) -> str:
    """Hash of a slice of a file."""
    return hashlib.sha256(data).hexdigest()[:32]


def make(source, offset: int, carry: dict) -> dict:
    """Position at `offset` of an opened file."""
    length = min(HEAD, offset)
    return {
        "path": source.path,
        "device": source.device,
        "inode": source.inode,
        "offset": offset,
        "size": max(source.size, offset) if source.packed else source.size,
        "modified": source.modified,
        "head_length": length,
        "head_hash": digest(source.head(length)),
        "tail_hash": digest(source.before(offset, TAIL)),
        "carry": json.dumps(carry, separators=(",", ":")),
    }


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


def unchanged(source, position: dict) -> bool:
    """Whether nothing at all happened to a file since the position was taken."""
    return (
        source.path == position["path"]
        and source.inode == position["inode"]
        and source.device == position["device"]
        and source.size == position["size"]
        and source.modified == position["modified"]
    )


def matches(source, position: dict) -> bool:
    """Whether the content of a file continues this position.

    A position at offset 0 has no content to compare: path or inode must agree.
    """
    offset = position["offset"]
    if offset == 0:
        same_inode = source.inode == position["inode"] and source.device == position["device"]
        return same_inode or source.path == position["path"]
    if not source.packed and source.size < offset:
        return False
    length = min(HEAD, position["head_length"])
    if digest(source.head(length)) != position["head_hash"]:
        return False
    try:
        return digest(source.before(offset, TAIL)) == position["tail_hash"]
    except OSError:
        return False
