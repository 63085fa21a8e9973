"""The ssh_config that a held `ssh` reads, and the place where it leaves the key it was shown.

What must hold comes first, because ssh takes the first value it finds: no prompt, no unknown key
accepted, no file of the user written, no forwarding, no shared master. The user's own
configuration follows, for the host and for every jump host alike.
"""

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from collectors.transport.asking_folder import asking_folder

SHOWN_VARIABLE = "PSBUDDY_SHOWN_KEYS"
OWN_VARIABLE = "PSBUDDY_KNOWN_HOSTS"
_SYSTEM_CONFIG = Path("/etc/ssh/ssh_config")
_SECONDS = 10

# Known to some versions only: the others pass over them.
_MUST_HOLD = """\
IgnoreUnknown ForkAfterAuthentication,SessionType,StdinNull,UpdateHostKeys,KnownHostsCommand
StrictHostKeyChecking yes
UpdateHostKeys no
NumberOfPasswordPrompts 1
ControlMaster no
ControlPath none
ControlPersist no
ForwardAgent no
ForwardX11 no
Tunnel no
ClearAllForwardings yes
PermitLocalCommand no
RemoteCommand none
RequestTTY no
ForkAfterAuthentication no
StdinNull no
SessionType default
EscapeChar none
"""

# Only where the user says nothing.
_DEFAULTS = """\
Host *
ConnectTimeout 10
ServerAliveInterval 15
ServerAliveCountMax 3
"""

# Called by ssh with the host's name, the type and the key it was shown. What it prints are
# further known hosts: those that a person accepted in PS Buddy.
_KEYS_COMMAND = (
    "KnownHostsCommand /bin/sh -c "
    f'"[ $2 = NONE ] || echo $1 $2 $3 >> \\"${SHOWN_VARIABLE}\\"; '
    f'cat \\"${OWN_VARIABLE}\\" 2>/dev/null || true" sh %H %t %K\n'
)


class Prompts(StrEnum):
    """What ssh may ask for, and the lines of its configuration for that."""

    NONE = "BatchMode yes\n"
    #: Passphrases and passwords. The server itself is not made to ask: that may count as an
    #: attempt there, or send a message to a telephone.
    OURS = "BatchMode no\nKbdInteractiveAuthentication no\n"
    ALL = "BatchMode no\n"


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key that a server showed. `name`: the host as known_hosts spells it."""

    name: str
    key_type: str
    key: str  # base64


class OpensshFiles:
    """`config`: the user's configuration in place of ~/.ssh/config. `own`: accepted keys."""

    def __init__(self, ssh: str, config: Path | None, own: Path) -> None:
        self.ssh = ssh
        self._own = own
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._includes = [config] if config else [Path.home() / ".ssh" / "config", _SYSTEM_CONFIG]

    def config(self, *, users: bool, prompts: Prompts = Prompts.NONE) -> Path:
        """The file for `ssh -F`; `users`: with the user's own configuration in it."""
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="psbuddy-ssh-")
                for each in Prompts:
                    self._write(self._place(True, each), self._includes, each)
                    self._write(self._place(False, each), [], each)
            return self._place(users, prompts)

    def _place(self, users: bool, prompts: Prompts) -> Path:
        assert self._folder is not None
        name = f"{'users' if users else 'plain'}-{prompts.name.lower()}"
        return Path(self._folder.name) / name

    @contextmanager
    def shown(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """A file for the keys that one connection is shown, and the environment that names it."""
        descriptor, name = tempfile.mkstemp(prefix="shown-", dir=self.config(users=False).parent)
        os.close(descriptor)
        path = Path(name)
        try:
            yield path, {SHOWN_VARIABLE: name, OWN_VARIABLE: str(self._own)}
        finally:
            path.unlink(missing_ok=True)

    @property
    def can_ask(self) -> bool:
        """This ssh says whose prompt it shows, and whom it speaks with: since 8.5."""
        return os.name == "posix" and _knows_keys_command(self.ssh)

    def asking(self) -> AbstractContextManager[tuple[Path, dict[str, str]]]:
        """A place to ask for what one connection wants to know, and how ssh finds it."""
        return asking_folder(self.config(users=False).parent)

    def close(self) -> None:
        """Remove the files."""
        with self._lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def _write(self, path: Path, included: list[Path], prompts: Prompts) -> None:
        keys = _KEYS_COMMAND if os.name == "posix" and _knows_keys_command(self.ssh) else ""
        users = "".join(f'Include "{file}"\n' for file in included if file.is_file())
        path.write_text(f"{prompts}{_MUST_HOLD}{keys}Host *\n{users}{_DEFAULTS}")
        path.chmod(0o600)


def read_shown(path: Path) -> tuple[ShownKey, ...]:
    """The keys that were shown, in the order of the hops; empty with an ssh before 8.5."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    words = (line.split() for line in lines)
    return tuple(dict.fromkeys(ShownKey(*each) for each in words if len(each) == 3))


@cache
def _knows_keys_command(ssh: str) -> bool:
    """Since OpenSSH 8.5."""
    asked = [ssh, "-G", "-F", os.devnull, "-o", "KnownHostsCommand=none", "localhost"]
    try:
        answer = subprocess.run(
            asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
