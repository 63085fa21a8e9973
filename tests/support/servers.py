"""OpenSSH servers of one test, each with lines of its own in sshd_config, and ways to them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from psbuddy.demo.sshd import LoopbackSshd


class Servers:
    """Made in `folder`, each at an address of its own; stopped together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[LoopbackSshd] = []

    def make(self, *extra: str, key_type: str = "ed25519") -> LoopbackSshd:
        """Started, with `extra` lines before all others."""
        number = len(self.made) + 1
        return self.serve({f"host-{number}": f"127.0.2.{number}"}, *extra, key_type=key_type)

    def serve(
        self, hosts: Mapping[str, str], *extra: str, key_type: str = "ed25519"
    ) -> LoopbackSshd:
        """The same for hosts that are named."""
        folder = self.folder / f"sshd-{len(self.made) + 1}"
        server = LoopbackSshd(folder, hosts, extra=extra, key_type=key_type)
        self.made.append(server)
        server.start()
        return server


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Servers that end with the block."""
    group = Servers(folder)
    try:
        yield group
    finally:
        for server in group.made:
            server.stop()


def host_block(server: LoopbackSshd, *lines: str, known: bool = True) -> str:
    """What a user would write into ssh_config for the first host of a server."""
    ((alias, address),) = server.addresses.items()
    told = [
        f"Host {alias}",
        *lines,
        f"HostName {address}",
        f"Port {server.port}",
        f"User {server.user}",
        f"IdentityFile {server.identity_file}",
        "IdentitiesOnly yes",
        f"UserKnownHostsFile {server.known_hosts if known else '/dev/null'}",
        "GlobalKnownHostsFile /dev/null",
    ]
    return "\n  ".join(told) + "\n\n"
