"""Two hundred loopback hosts behind real OpenSSH servers, and other programs that visit them."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psbuddy.demo.sshd import MOST_HOSTS, LoopbackSshd

#: As an account without a profile has it: what this account's profile costs is not measured.
_ACCOUNT = ("SetEnv HOME=/nonexistent PATH=/usr/bin:/bin",)
_PEERS = ("asyncssh", "parallel-ssh", "ClusterShell", "ansible-core")
_FORKS = 32


@dataclass(frozen=True, slots=True)
class Host:
    alias: str
    address: str
    server: LoopbackSshd


@contextmanager
def fleet(folder: Path, count: int) -> Iterator[list[Host]]:
    """`count` hosts, sixteen to a server; all end with the block."""
    with ExitStack() as servers:
        hosts: list[Host] = []
        for number in range(0, count, MOST_HOSTS):
            names = {
                f"bench-{n}": f"127.9.{n // 250}.{n % 250 + 1}"
                for n in range(number, min(number + MOST_HOSTS, count))
            }
            server = LoopbackSshd(folder / f"sshd-{number}", names, extra=_ACCOUNT)
            servers.enter_context(server)
            hosts += [Host(alias, address, server) for alias, address in names.items()]
        yield hosts


def ssh_config(hosts: list[Host], file: Path) -> Path:
    """What other programs need to reach the same hosts."""
    file.write_text(
        "".join(
            f"Host {host.alias}\n  HostName {host.address}\n  Port {host.server.port}\n"
            f"  User {host.server.user}\n  IdentityFile {host.server.identity_file}\n"
            f"  UserKnownHostsFile {host.server.known_hosts}\n"
            "  IdentitiesOnly yes\n  BatchMode yes\n  KexAlgorithms curve25519-sha256\n"
            for host in hosts
        )
    )
    return file


@dataclass(frozen=True, slots=True)
class Peer:
    """One visit of all hosts. `wall`, `cpu`: seconds, the processor's of the program alone."""

    name: str
    wall: float
    cpu: float


_ASYNCSSH = """
import asyncio, sys, asyncssh
config = sys.argv[1]
gate = asyncio.Semaphore(32)
async def one(host):
    async with gate:
        async with asyncssh.connect(host, config=[config]) as connection:
            assert (await connection.run("true")).exit_status == 0
async def main():
    await asyncio.gather(*map(one, sys.argv[2:]))
asyncio.run(main())
"""
_PARALLEL_SSH = """
import sys
from pssh.clients import ParallelSSHClient
from pssh.config import HostConfig
hosts, configs = [], []
for each in sys.argv[2:]:
    address, port, user, key = each.split(",")
    hosts.append(address)
    configs.append(HostConfig(port=int(port), user=user, private_key=key, allow_agent=False))
client = ParallelSSHClient(hosts, host_config=configs, pool_size=32, num_retries=1)
for answer in client.run_command("true", stop_on_errors=True):
    list(answer.stdout)
client.join()
"""


def peers(folder: Path, hosts: list[Host], tell: Callable[[str], object]) -> list[Peer]:
    """Other programs, as far as they are here or can be had; each visits every host once."""
    python = _venv(folder / "peers", tell)
    config = ssh_config(hosts, folder / "ssh_config")
    names = [host.alias for host in hosts]
    told = [f"{h.address},{h.server.port},{h.server.user},{h.server.identity_file}" for h in hosts]
    inventory = folder / "inventory"
    inventory.write_text("".join(f"{name}\n" for name in names))
    options = f"-F {config} -o ControlMaster=no"
    ansible = {
        "ANSIBLE_SSH_ARGS": options,
        "ANSIBLE_HOME": str(folder),
        "ANSIBLE_LOCAL_TEMP": str(folder),
    }
    commands: Mapping[str, tuple[list[str], dict[str, str]]] = {
        "asyncssh": ([python, "-c", _ASYNCSSH, str(config), *names], {}),
        "parallel-ssh": ([python, "-c", _PARALLEL_SSH, str(config), *told], {}),
        "clush": (
            [_tool(python, "clush"), "-f", str(_FORKS), "-w", ",".join(names),
             "-o", options, "true"],
            {},
        ),
        "ansible raw": (
            [_tool(python, "ansible"), "all", "-i", str(inventory), "-f", str(_FORKS),
             "-m", "raw", "-a", "true"],
            ansible,
        ),
    }  # fmt: skip
    found = []
    for name, (command, environment) in commands.items():
        peer = _time(name, command, environment) if command[0] else "it is not installed"
        if isinstance(peer, Peer):
            found.append(peer)
        else:
            tell(f"  {name:22} absent: {peer}")
    return found


def _time(name: str, command: list[str], environment: dict[str, str]) -> Peer | str:
    """What one run took, or why it does not count."""
    started, before = time.monotonic(), os.times()
    ended = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        timeout=300,
    )
    wall, after = time.monotonic() - started, os.times()
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines() or ["no word"]
        return f"it ended with status {ended.returncode}: {said[-1][:160]}"
    cpu = after.children_user + after.children_system
    return Peer(name, wall, cpu - before.children_user - before.children_system)


def _venv(folder: Path, tell: Callable[[str], object]) -> str:
    """A Python of their own, never ours; "" where they cannot be had."""
    python = folder / "bin" / "python"
    made = [[sys.executable, "-m", "venv", str(folder)]]
    made += [[str(python), "-m", "pip", "install", "-q", peer] for peer in _PEERS]
    for command in made:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            tell(f"  {command[-1]:22} not installed: {last[:160]}")
    return str(python) if python.exists() else ""


def _tool(python: str, name: str) -> str:
    beside = Path(python).with_name(name) if python else None
    return str(beside) if beside is not None and beside.exists() else shutil.which(name) or ""
