"""The form of one frame."""

from psbhost.digest import sha256


def framed(number: int, flags: str, payload: bytes) -> bytes:
    """A frame around a payload."""
    head = "\x01PSB1 %d %s %d %s\n" % (number, flags, len(payload), sha256(payload).hexdigest())
    tail = "\nPSB1END %d\n" % number
    return head.encode("ascii") + payload + tail.encode("ascii")
