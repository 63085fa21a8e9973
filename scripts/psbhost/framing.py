"""The form of one frame, and frames that need no JSON package."""

import os
import time

from psbhost.digest import sha256


def framed(number: int, flags: str, payload: bytes) -> bytes:
    """A frame around a payload."""
    head = "\x01PSB1 %d %s %d %s\n" % (number, flags, len(payload), sha256(payload).hexdigest())
    tail = "\nPSB1END %d\n" % number
    return head.encode("ascii") + payload + tail.encode("ascii")


def word(number: int, op: str, program: str, more: str = "") -> bytes:
    """A frame of few words: no JSON package is loaded for it."""
    text = '{"op":"%s","program":"%s","time":%.3f%s}' % (op, program, time.time(), more)
    return framed(number, "j", text.encode("ascii"))


def forget(stdout) -> None:
    """Nobody listens any more: let what is still buffered go nowhere, without a complaint."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stdout.fileno())
        os.close(nowhere)
    except (AttributeError, OSError, ValueError):
        return
