"""A host over SSH: a paramiko Transport built by hand, stage by stage, each with its deadline.

No SSHClient: it tries every key it can find, ignores deadlines in places and reports a frozen
server, a silent one and a full one with the same words. Here the stage that was reached tells
them apart.
"""

import contextlib
import logging
import socket
import threading
import time
from functools import partial

import paramiko

from collectors.bounded import SLICE_SECONDS, Watchdog, remaining
from collectors.errors import (
    AuthError,
    DeadlineError,
    OtherWayError,
    ProgramError,
    UnreachableError,
)
from collectors.held import Held, HeldAsker
from collectors.known_hosts import KnownHosts, KnownHostsFiles, sha256
from collectors.program import COMMAND, SHELL_COMMAND
from collectors.secret import Asker
from collectors.ssh_config import Route
from collectors.transport import ssh_socket
from collectors.transport.jumps import Lease, SharedJumps, Visitor
from collectors.transport.ssh_channel import SshChannel
from collectors.transport.ssh_keyfile import KeyFiles
from collectors.transport.ssh_login import Door, Login
from collectors.transport.stages import StageSeconds
from collectors.transport.trust import check_key, known_name
from psbuddy.model.terms import Stage

# The library logs each failure with its traceback; ours are told once, in our words. And
# whatever level the program logs at, what the library knows at DEBUG is nobody's business.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)

_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
_COMFORTABLE_POLL = 5.0
_CURVE = "curve25519-sha256"
#: How the note about them begins; the host page tells them apart by it.
UNAPPLIED = "Options of ssh_config without effect here"
#: A transport's thread needs milliseconds to notice its end, unless it waits for an agent.
_END_SECONDS = 1.0


def _with_standard_name() -> tuple[dict[str, type], tuple[str, ...]]:
    """Key exchanges with curve25519-sha256, which the library knows by its older name alone."""
    known, preferred = dict(paramiko.Transport._kex_info), paramiko.Transport._preferred_kex
    older = _CURVE + "@libssh.org"
    if older in known and _CURVE not in known:
        known[_CURVE] = known[older]
        place = preferred.index(older)
        preferred = (*preferred[:place], _CURVE, *preferred[place:])
    return known, tuple(preferred)


class _Transport(paramiko.Transport):  # type: ignore[misc]
    """A transport that sleeps: the library's looks at its socket ten times a second."""

    # A private attribute, so only where its meaning was tried.
    if paramiko.__version__.split(".")[0] == "5":
        _active_check_timeout = _COMFORTABLE_POLL
        _kex_info, _preferred_kex = _with_standard_name()


class SshTransport:
    """One host over SSH, through shared jump hosts where it has some. Opened once."""

    name = "ssh"

    def __init__(
        self,
        route: Route,
        known_hosts: KnownHostsFiles,
        watchdog: Watchdog,
        *,
        jumps: SharedJumps | None = None,
        seconds: StageSeconds | None = None,
        asker: Asker | None = None,
        key_files: KeyFiles | None = None,
    ) -> None:
        self.notes: tuple[str, ...] = (*route.notes, *_left_out(route))
        self._route = route
        self._known_hosts = known_hosts
        self._watchdog = watchdog
        self._jumps = jumps or SharedJumps()
        self._seconds = seconds or StageSeconds()
        self._asker = asker or HeldAsker(Held())
        self._key_files = key_files or KeyFiles()
        self._links: list[paramiko.Transport] = []  # ours alone, the outermost first
        self._lease: Lease | None = None  # of the jump host, where there is one
        self._aborted = threading.Event()
        self._command: paramiko.Channel | None = None

    def open(self, deadline: float) -> SshChannel:
        try:
            jump = self._jump_host(deadline)
            self._link(self._route, jump, deadline)
            return self._start_command(COMMAND, deadline)
        except BaseException:
            self._give_up()
            raise

    @property
    def stands(self) -> bool:
        return bool(self._links) and self._links[-1].is_active()

    def again(self, deadline: float) -> SshChannel:
        self._end_command()
        return self._start_command(COMMAND, deadline)

    def shell(self, deadline: float) -> SshChannel:
        self._end_command()
        return self._start_command(SHELL_COMMAND, deadline)

    def _end_command(self) -> None:
        """Of the program alone: the connection goes on."""
        if self._command is not None:
            with contextlib.suppress(OSError, EOFError):
                self._command.close()

    def abort(self) -> None:
        self._aborted.set()
        self._give_up()

    def _give_up(self) -> None:
        close_all(self._links)
        lease = self._lease
        if lease is not None:
            lease.release()

    def _jump_host(self, deadline: float) -> paramiko.Transport | None:
        if not self._route.jumps:
            return None
        visitor = Visitor(
            connect=partial(self._open_jump, deadline),
            close=lambda transport: close_all([transport]),
            deadline=deadline,
            aborted=self._aborted,
            by_person=self._asker.patience > 0,
            host=self._route.alias,
        )
        self._lease = self._jumps.lease(self._route.jumps, visitor)
        return self._lease.transport

    def _open_jump(
        self, deadline: float, hop: Route, below: paramiko.Transport | None
    ) -> paramiko.Transport:
        """Log in at a jump host, for all who wait for it. Ours to break off until it stands."""
        transport = self._link(hop, below, deadline)
        self._links.remove(transport)
        return transport

    def _link(
        self, hop: Route, below: paramiko.Transport | None, deadline: float
    ) -> paramiko.Transport:
        """Connect to one hop and log in; it is in `_links` as soon as it can be broken off."""
        connection = self._connect(hop, below, deadline)
        try:
            transport = _Transport(connection)
        except BaseException:
            connection.close()
            raise
        self._links.append(transport)
        if self._aborted.is_set():  # between the two lines above nobody could close it
            raise UnreachableError(Stage.TCP, f"{hop.place} was no longer wanted.")
        hosts = self._known_hosts.of(hop.known_hosts)
        self.notes = tuple(dict.fromkeys((*self.notes, *hosts.notes)))
        self._shake_hands(hop, transport, hosts, deadline)
        shown = self._shown_key(hop, transport)
        check_key(hop, shown.get_name(), shown.get_base64(), hosts)
        self._log_in(hop, transport, sha256(shown.get_base64()), deadline)
        if hop.alive_seconds:
            transport.set_keepalive(hop.alive_seconds)
        return transport

    def _connect(
        self, hop: Route, below: paramiko.Transport | None, deadline: float
    ) -> socket.socket | paramiko.Channel:
        if below is None:
            return ssh_socket.connect(hop, self._seconds.connect, deadline, self._aborted)
        try:
            return below.open_channel(
                "direct-tcpip",
                (hop.hostname, hop.port),
                ("127.0.0.1", 0),
                timeout=min(hop.connect_seconds or self._seconds.connect, remaining(deadline)),
            )
        except Exception as error:
            raise UnreachableError(Stage.TCP, _not_through(self._route, hop)) from error

    def _shake_hands(
        self, hop: Route, transport: paramiko.Transport, hosts: KnownHosts, deadline: float
    ) -> None:
        seconds = min(self._seconds.handshake, remaining(deadline))
        transport.banner_timeout = transport.handshake_timeout = seconds
        _prefer(transport, hosts.key_types(known_name(hop)))
        done = threading.Event()
        transport.start_client(event=done)
        finished = self._wait(done, transport, seconds)
        if finished and transport.is_active():
            _check_order(hop, transport)
            return
        failure = transport.get_exception()
        if isinstance(failure, paramiko.ssh_exception.IncompatiblePeer):
            raise _other_way(hop, failure) from failure
        stage = Stage.KEX if transport.remote_version else Stage.BANNER
        kind = UnreachableError if finished else DeadlineError
        raise kind(stage, _handshake_sentence(hop, stage, finished)) from failure

    @staticmethod
    def _wait(done: threading.Event, transport: paramiko.Transport, seconds: float) -> bool:
        """Whether `done` came in time; a closed transport ends the wait too."""
        until = time.monotonic() + seconds
        while not done.wait(SLICE_SECONDS):
            if not transport.is_active():
                return True
            if time.monotonic() >= until:
                return False
        return True

    @staticmethod
    def _shown_key(hop: Route, transport: paramiko.Transport) -> paramiko.PKey:
        try:
            return transport.get_remote_server_key()
        except paramiko.SSHException as error:
            raise UnreachableError(
                Stage.HOST_KEY, f"{hop.place} hung up before the login."
            ) from error

    def _log_in(
        self, hop: Route, transport: paramiko.Transport, fingerprint: str, deadline: float
    ) -> None:
        # A person who types gets time of their own: sshd waits for it, and so does the engine.
        until = min(deadline, time.monotonic() + self._seconds.login + self._asker.patience)
        login = Login(
            Door(self._route.alias, hop, fingerprint),
            transport,
            self._asker,
            self._key_files,
            self._aborted.is_set,
        )
        with self._watchdog.guard(until, lambda: close_all([transport])):
            try:
                login.run(until)
            except (AuthError, UnreachableError) as error:
                if time.monotonic() < until:
                    raise
                raise DeadlineError(
                    Stage.AUTH, f"{hop.place} did not finish the login in time."
                ) from error

    def _start_command(self, command: str, deadline: float) -> SshChannel:
        until = min(deadline, time.monotonic() + self._seconds.channel)
        transport = self._links[-1]
        try:
            with self._watchdog.guard(until, self._give_up):
                channel = transport.open_session(timeout=remaining(until))
                # The library waits here for ever, even when the transport is closed meanwhile.
                channel._wait_for_event = partial(_wait_for_reply, channel, transport)
                channel.exec_command(command)
        except Exception as error:
            if time.monotonic() >= until:
                raise DeadlineError(
                    Stage.CHANNEL,
                    f"{self._route.place} let us in but did not start a program in time.",
                ) from error
            raise ProgramError(
                Stage.CHANNEL,
                f"{self._route.place} let us in but refuses to start programs. Is the account "
                "limited to file transfer, or is MaxSessions of its sshd used up?",
            ) from error
        self._command = channel
        return SshChannel(channel, self._give_up, self._watchdog)


def close_all(links: list[paramiko.Transport]) -> None:
    """Close transports, the innermost first. Never fails, and is quick: see `_END_SECONDS`."""
    for transport in reversed(tuple(links)):
        connection = transport.sock
        if isinstance(connection, socket.socket):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.close()  # a channel of the jump host
        # Its thread ends by itself now. Closing the descriptor under it could make it read
        # from whatever gets the same number next.
        if transport.is_alive():
            transport.join(_END_SECONDS)
        transport.close()
        transport.packetizer.complete_handshake()  # else its timer outlives the connection
        connection.close()  # paramiko leaves it open once the peer has gone


def _left_out(route: Route) -> tuple[str, ...]:
    """A sentence about what ssh_config asks for and the library does not do."""
    if not route.unapplied:
        return ()
    return (f"{UNAPPLIED}: {'; '.join(route.unapplied)}.",)


def _not_through(route: Route, hop: Route) -> str:
    before = route.hops[route.hops.index(hop) - 1] if hop in route.hops else route.jumps[-1]
    return (
        f"{hop.place} cannot be reached through {before.place}: the jump "
        "host could not connect. Whether the host itself is up is not known."
    )


def _wait_for_reply(channel: paramiko.Channel, transport: paramiko.Transport) -> None:
    while not channel.event.wait(SLICE_SECONDS):
        if not transport.is_active():
            raise paramiko.SSHException("The connection was closed.")
    if not channel.event_ready:
        raise transport.get_exception() or paramiko.SSHException("The request was refused.")


def _prefer(transport: paramiko.Transport, key_types: tuple[str, ...]) -> None:
    options = transport.get_security_options()
    options.ciphers = (*_CIPHERS, *(c for c in options.ciphers if c.endswith("-ctr")))
    wanted = [t for known in key_types for t in _algorithms(known) if t in options.key_types]
    options.key_types = (*wanted, *(t for t in options.key_types if t not in wanted))


def _check_order(hop: Route, transport: paramiko.Transport) -> None:
    """Without strict key exchange messages can be cut from the start of some ciphers' streams.

    (CVE-2023-48795, "Terrapin".) Those are not offered; were they ever, they would be refused.
    """
    cipher = str(transport.remote_cipher)
    if not transport.agreed_on_strict_kex and ("chacha20" in cipher or cipher.endswith("-cbc")):
        raise UnreachableError(
            Stage.KEX,
            f"{hop.place} has no strict key exchange (its sshd is older than the remedy for "
            f"CVE-2023-48795), so {cipher} is not safe with it. Update its OpenSSH, or let it "
            "offer aes128-gcm@openssh.com or aes128-ctr.",
        )


def _algorithms(key_type: str) -> tuple[str, ...]:
    return ("rsa-sha2-512", "rsa-sha2-256") if key_type == "ssh-rsa" else (key_type,)


def _other_way(hop: Route, failure: Exception) -> OtherWayError:
    said = str(failure)[:200]
    return OtherWayError(
        Stage.KEX,
        f"{hop.place} only speaks algorithms that are no longer considered safe ({said}). "
        "Its OpenSSH must be updated.",
        f"{hop.place} speaks nothing that our SSH library knows ({said})",
    )


def _handshake_sentence(hop: Route, stage: Stage, finished: bool) -> str:
    if not finished and stage is Stage.BANNER:
        return f"{hop.place} accepts the connection but says nothing. Is that an SSH server?"
    if not finished:
        return f"{hop.place} stopped answering while keys were exchanged."
    if stage is Stage.BANNER:
        return (
            f"{hop.place} closed the connection before saying anything. Is that an SSH server? "
            "Does it turn away because of too many connections (MaxStartups, penalties)?"
        )
    return f"{hop.place} broke off while keys were exchanged."
