"""Terrapin (CVE-2023-48795): strict key exchange where the server has it, else no weak cipher."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest

from collectors.errors import UnreachableError
from collectors.ssh_config import Route
from collectors.transport import ssh
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage

HOP = Route("old", "10.0.0.1", 22, "ops")


@contextmanager
def shaken(
    server_cipher: str, client_ciphers: tuple[str, ...] = ()
) -> Iterator[paramiko.Transport]:
    """Our end of a connection with a server that knows no strict key exchange."""
    ours, theirs = socket.socketpair()
    server = paramiko.Transport(theirs, strict_kex=False)
    client = ssh._Transport(ours)
    try:
        server.add_server_key(paramiko.RSAKey.generate(2048))
        server.get_security_options().ciphers = (server_cipher,)
        ssh._prefer(client, ())
        if client_ciphers:
            client.get_security_options().ciphers = client_ciphers
        done = threading.Event()
        server.start_server(event=threading.Event(), server=paramiko.ServerInterface())
        client.start_client(event=done)
        assert done.wait(20)
        yield client
    finally:
        ssh.close_all([client])
        ssh.close_all([server])


def test_nothing_weak_is_ever_offered() -> None:
    ours, theirs = socket.socketpair()
    transport = ssh._Transport(ours)
    ssh._prefer(transport, ())
    offered = transport.get_security_options().ciphers
    assert offered
    assert all(name.endswith("-ctr") or "-gcm@" in name for name in offered)
    ours.close()
    theirs.close()


def test_without_strict_order_a_safe_cipher_is_let_through() -> None:
    with shaken("aes128-ctr") as client:
        assert not client.agreed_on_strict_kex
        ssh._check_order(HOP, client)


def test_without_strict_order_a_weak_cipher_is_refused() -> None:
    with shaken("aes128-cbc", ("aes128-cbc",)) as client:
        assert client.is_active()
        with pytest.raises(UnreachableError, match="CVE-2023-48795") as caught:
            ssh._check_order(HOP, client)
    assert caught.value.stage is Stage.KEX


def test_a_server_that_has_it_is_taken_at_its_word(sshd: LoopbackSshd) -> None:
    connection = socket.create_connection((sshd.addresses["host-1"], sshd.port))
    client = ssh._Transport(connection)
    try:
        ssh._prefer(client, ())
        client.start_client(timeout=20)
        assert client.agreed_on_strict_kex
    finally:
        ssh.close_all([client])


def test_a_server_that_knows_the_curve_by_its_standard_name_alone(tmp_path: Path) -> None:
    with LoopbackSshd(
        tmp_path, {"host-1": "127.0.2.1"}, extra=["KexAlgorithms curve25519-sha256"]
    ) as server:
        connection = socket.create_connection((server.addresses["host-1"], server.port))
        client = ssh._Transport(connection)
        try:
            ssh._prefer(client, ())
            client.start_client(timeout=20)
            assert client.is_active()
        finally:
            ssh.close_all([client])
