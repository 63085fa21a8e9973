"""Whether this machine has come into another network: a VPN that opened, a cable that was pulled.

Asked of the routing table: which of our own addresses would speak to the wide world and to each
of the private ranges. A datagram socket that is connected sends nothing.
"""

import contextlib
import socket
from collections.abc import Callable

_PLACES = (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET, "10.255.255.254"),
    (socket.AF_INET, "172.31.255.254"),
    (socket.AF_INET, "192.168.255.254"),
    (socket.AF_INET6, "2001:db8::1"),
)
_PORT = 9

Sources = tuple[str, ...]


def sources() -> Sources:
    """Our address towards each place, "" where there is no way."""
    return tuple(_source(family, place) for family, place in _PLACES)


def _source(family: socket.AddressFamily, place: str) -> str:
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((place, _PORT))
        return str(probe.getsockname()[0])
    return ""


class NetworkWatch:
    """Notices a change once it has stood for two looks: a change comes in several steps."""

    def __init__(self, look: Callable[[], Sources] = sources) -> None:
        self._look = look
        self._known = look()
        self._last = self._known

    def changed(self) -> bool:
        """To be asked once a second."""
        now, before = self._look(), self._last
        self._last = now
        if now != before or now == self._known:
            return False
        self._known = now
        return True
