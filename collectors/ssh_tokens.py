"""The tokens of ssh_config: %h and its like, ${NAME}, and the tilde.

`ssh -G` leaves them in IdentityFile, CertificateFile and ProxyCommand: whoever uses those has
to put in what they stand for, as ssh does when it connects.
"""

import hashlib
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"%(.)", re.DOTALL)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Who is connected to: `alias` as typed, the rest as ssh_config resolved it."""

    alias: str
    hostname: str
    port: str
    user: str
    key_alias: str = ""
    local_user: str = ""

    def values(self) -> dict[str, str]:
        """What each letter stands for."""
        local = socket.gethostname()
        identity = f"{local}{self.hostname}{self.port}{self.user}"
        return {
            "%": "%",
            "C": hashlib.sha1(identity.encode(), usedforsecurity=False).hexdigest(),
            "d": str(Path.home()),
            "h": self.hostname,
            "i": str(os.getuid()) if hasattr(os, "getuid") else "",
            "k": self.key_alias or self.alias,
            "L": local.split(".", 1)[0],
            "l": local,
            "n": self.alias,
            "p": self.port,
            "r": self.user,
            "u": self.local_user,
        }


def expanded(text: str, values: Mapping[str, str]) -> str:
    """With %-tokens put in; those that nobody knows stay as they are."""
    return _TOKEN.sub(lambda match: values.get(match[1], match[0]), text)


def expanded_path(text: str, values: Mapping[str, str]) -> str:
    """The same for paths, where ${NAME} and a tilde stand for something too."""
    named = _VARIABLE.sub(lambda match: os.environ.get(match[1], match[0]), text)
    return os.path.expanduser(expanded(named, values))  # noqa: PTH111 - no path yet
