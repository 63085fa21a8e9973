"""From an alias to a session: which transport, by which route, trusted through which files."""

from functools import partial
from pathlib import Path

from collectors.bounded import Watchdog
from collectors.held import Held, HeldAsker
from collectors.known_hosts import KnownHostsFiles
from collectors.program import Program
from collectors.secret import Asker
from collectors.session import Session
from collectors.ssh_config import Route, SshConfig
from collectors.transport.automatic import AutomaticTransport, Reason, Reasons, openssh
from collectors.transport.base import Transport
from collectors.transport.bastions import BastionTurns
from collectors.transport.jumps import SharedJumps
from collectors.transport.local import LocalTransport
from collectors.transport.openssh import OpensshTransport
from collectors.transport.openssh_files import OpensshFiles
from collectors.transport.ssh import SshTransport
from collectors.transport.ssh_keyfile import KeyFiles
from collectors.transport.stages import StageSeconds
from collectors.transport.trust import known_name
from psbuddy.catalogue import HostEntry
from psbuddy.insight.path import Way, network_of

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
        self.held = Held()
        self._key_files = KeyFiles()
        self._config = SshConfig()
        self._watchdog = Watchdog()
        self._turns = BastionTurns()  # of ssh programs: each logs in at the jump host by itself
        self._jumps = SharedJumps()
        self._program = program
        self._seconds = seconds
        self._reasons = Reasons()
        self.ways: dict[str, Way] = {}  # of hosts that were looked for, by alias
        self._files = OpensshFiles(openssh() or "ssh", self._config.file, self.known_hosts.own)

    def session(self, alias: str, entry: HostEntry, asker: Asker | None = None) -> Session:
        """A session that is not started; without `asker` nobody is asked for secrets.

        Raises CollectError when the alias leads nowhere.
        """
        way = self._transport(alias, entry, asker or HeldAsker(self.held))
        return Session(alias, way, self._program)

    def way(self, alias: str, entry: HostEntry) -> Way | None:
        """How a host is reached, where that is known without looking for it."""
        if entry.transport != "local" and entry.address is not None:
            return self.ways.get(alias) or Way(network=network_of(entry.address))
        return self.ways.get(alias)

    def stop(self) -> None:
        """End the watchdog's thread; sessions are closed by who holds them."""
        self._watchdog.stop()
        self._files.close()

    def _transport(self, alias: str, entry: HostEntry, asker: Asker) -> Transport:
        if entry.transport == "local":
            return LocalTransport(self._watchdog)
        user, at, host = alias.rpartition("@")
        if at:  # typed in the wizard as user@host
            entry = entry.model_copy(update={"user": user})
        route = self._config.route(host, entry)
        self.ways[alias] = _way(route)
        library = SshTransport(
            route,
            self.known_hosts,
            self._watchdog,
            jumps=self._jumps,
            seconds=self._seconds,
            asker=asker,
            key_files=self._key_files,
        )
        if entry.transport == "paramiko":
            return library
        reason = Reason("the catalogue says so") if entry.transport == "openssh" else None
        return AutomaticTransport(
            alias,
            library,
            partial(self._by_program, route, asker),
            self._reasons,
            reason or self._needs(route),
        )

    def _needs(self, route: Route) -> Reason | None:
        """Why the library should not even be tried."""
        for hop in route.hops:
            if hop.needs_program:
                return Reason(hop.needs_program)
            hosts, name = self.known_hosts.of(hop.known_hosts), known_name(hop)
            place = hosts.authority(name)
            if place and not hosts.key_types(name) and openssh() is not None:
                return Reason(f"a certificate authority vouches for {hop.place} ({place})")
        return None

    def _by_program(self, route: Route, asker: Asker, reason: Reason) -> Transport:
        return OpensshTransport(
            route,
            self._files,
            self.known_hosts,
            self._watchdog,
            turns=self._turns,
            seconds=self._seconds,
            methods=reason.methods,
            asker=asker,
            key_files=self._key_files,
        )


def _way(route: Route) -> Way:
    """What a host shares with others: its first jump host, or the network it is in."""
    if route.jumps:
        return Way(jump=route.jumps[0].alias)
    return Way(network="" if route.proxy_command else network_of(route.hostname))
