"""From an alias to a session: which transport, by which route, trusted through which files."""

from pathlib import Path

from collectors.bounded import Watchdog
from collectors.known_hosts import KnownHostsFiles
from collectors.program import Program
from collectors.session import Session
from collectors.ssh_config import SshConfig
from collectors.transport.base import Transport
from collectors.transport.bastions import BastionTurns
from collectors.transport.local import LocalTransport
from collectors.transport.ssh import SshTransport, StageSeconds
from psbuddy.catalogue import HostEntry

OWN_KNOWN_HOSTS = "known_hosts"


class Connector:
    """What all hosts share. `data_folder` holds PS Buddy's own known_hosts file."""

    def __init__(
        self,
        data_folder: Path,
        *,
        program: Program | None = None,
        seconds: StageSeconds | None = None,
    ) -> None:
        self.known_hosts = KnownHostsFiles(data_folder / OWN_KNOWN_HOSTS)
        self._config = SshConfig()
        self._watchdog = Watchdog()
        self._turns = BastionTurns()
        self._program = program
        self._seconds = seconds

    def session(self, alias: str, entry: HostEntry) -> Session:
        """A session that is not started. Raises CollectError when the alias leads nowhere."""
        return Session(alias, self._transport(alias, entry), self._program)

    def stop(self) -> None:
        """End the watchdog's thread; sessions are closed by who holds them."""
        self._watchdog.stop()

    def _transport(self, alias: str, entry: HostEntry) -> Transport:
        if entry.transport == "local":
            return LocalTransport(self._watchdog)
        user, at, host = alias.rpartition("@")
        if at:  # typed in the wizard as user@host
            entry = entry.model_copy(update={"user": user})
        route = self._config.route(host, entry)
        return SshTransport(
            route, self.known_hosts, self._watchdog, turns=self._turns, seconds=self._seconds
        )
