"""How long each stage of a connection may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """Seconds. `handshake` is for banner and key exchange together."""

    connect: float = 10.0
    handshake: float = 15.0
    login: float = 20.0
    channel: float = 10.0
