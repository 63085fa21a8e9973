"""Catalogues of tests: hosts of the shared sshd, one application, growing logs."""

import time
from collections.abc import Iterable
from pathlib import Path

from psbuddy.demo.sshd import LoopbackSshd


def hosts_section(server: LoopbackSshd, aliases: Iterable[str], *, known: bool = True) -> str:
    """The `hosts:` section for aliases of the server."""
    lines = ["hosts:"]
    for alias in aliases:
        lines += [
            f"  {alias}:",
            f"    address: {server.addresses[alias]}",
            f"    port: {server.port}",
            f"    user: {server.user}",
            f"    identity_file: {server.identity_file}",
            f"    known_hosts: {server.known_hosts if known else '/nonexistent/known_hosts'}",
        ]
    return "\n".join(lines) + "\n"


def application(app: str, hosts: Iterable[str], log: Path, *, every: str = "10s") -> str:
    """The `applications:` section with one application and one log."""
    return (
        f"applications:\n  {app}:\n    hosts: [{', '.join(hosts)}]\n    every: {every}\n"
        f"    logs:\n      app: {{path: {log}, timezone: UTC}}\n"
    )


def write_records(log: Path, count: int, *, error_every: int = 10, age: int = 3600) -> None:
    """Append records of the last `age` seconds; each `error_every`th is an error."""
    start = time.time() - age
    with log.open("a") as file:
        for number in range(count):
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(start + number))
            level = "ERROR" if number % error_every == 0 else "INFO"
            file.write(f"{stamp},123 {level} [main] com.example.Order - order {number} came\n")
