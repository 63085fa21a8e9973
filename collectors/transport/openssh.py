"""A host over a held `ssh` process: for whatever paramiko cannot do.

Kerberos, host certificates, FIDO keys, algorithms that only the user's ssh_config still allows.
The same frames go through its standard input and output; its own account of its steps says how
far it got. What it wants to know is asked for as the library's logins ask: openssh_askpass.py.
"""

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from collectors.bounded import Watchdog
from collectors.errors import (
    AuthError,
    CollectError,
    DeadlineError,
    ExpiredError,
    HostKeyRefusedError,
    HostKeyUnknownError,
    LoginWantedError,
    ProgramError,
    UnreachableError,
)
from collectors.held import Held, HeldAsker
from collectors.known_hosts import KnownHostsFiles, sha256
from collectors.program import COMMAND, SHELL_COMMAND
from collectors.secret import Asker, Kind, SecretQuestion
from collectors.ssh_config import Route
from collectors.transport.bastions import BastionTurns
from collectors.transport.local import LocalChannel
from collectors.transport.openssh_askpass import Askpass, hop_of
from collectors.transport.openssh_files import OpensshFiles, Prompts, ShownKey, read_shown
from collectors.transport.openssh_progress import Progress
from collectors.transport.ssh_keyfile import KeyFiles
from collectors.transport.stages import StageSeconds
from collectors.transport.trust import check_key, known_name
from psbuddy.model.terms import Stage

#: In ssh's last words: the server would have asked.
_PROMPTS_LEFT = re.compile(r"\(.*\bkeyboard-interactive\b.*\)")
#: In the last words of the ssh that logs in at a jump host.
_DENIED = re.compile(r"^(?P<user>[^@\s]+)@(?P<host>\S+): Permission denied \(", re.MULTILINE)
#: ssh's own exit status when it failed, not the remote program.
_SSH_FAILED = 255


class OpensshTransport:
    """One host. `methods`: only these ways to log in are tried, as ssh names them."""

    name = "openssh"

    def __init__(
        self,
        route: Route,
        files: OpensshFiles,
        known_hosts: KnownHostsFiles,
        watchdog: Watchdog,
        *,
        turns: BastionTurns | None = None,
        seconds: StageSeconds | None = None,
        methods: tuple[str, ...] = (),
        asker: Asker | None = None,
        key_files: KeyFiles | None = None,
    ) -> None:
        self.notes: tuple[str, ...] = route.notes
        self._route = route
        self._files = files
        self._known_hosts = known_hosts
        self._watchdog = watchdog
        self._turns = turns or BastionTurns()
        self._seconds = seconds or StageSeconds()
        self._methods = methods
        self._asker = asker or HeldAsker(Held())
        self._key_files = key_files or KeyFiles()
        self._aborted = threading.Event()
        self._channel: OpensshChannel | None = None

    def open(self, deadline: float) -> "OpensshChannel":
        with self._turns.turn(self._route, deadline, self._aborted):
            return self._start(COMMAND, deadline)

    def shell(self, deadline: float) -> "OpensshChannel":
        if self._channel is not None:
            self._channel.close()
        with self._turns.turn(self._route, deadline, self._aborted):
            return self._start(SHELL_COMMAND, deadline)

    @property
    def stands(self) -> bool:
        return False  # one process, one program, one connection

    def again(self, deadline: float) -> "OpensshChannel":
        raise NotImplementedError  # it does not stand

    def abort(self) -> None:
        self._aborted.set()
        channel = self._channel
        if channel is not None:
            channel.break_off()

    def _start(self, command: str, deadline: float) -> "OpensshChannel":
        with self._files.shown() as (shown, environment), self._asking(shown) as (askpass, more):
            process = self._spawn(command, {**environment, **more}, asks=askpass is not None)
            channel = OpensshChannel(process, self._watchdog)
            self._channel = channel
            if askpass is not None:
                askpass.start(deadline, channel.break_off)
            try:
                if self._aborted.is_set():
                    raise UnreachableError(Stage.TCP, f"{self._route.place} was no longer wanted.")
                if not channel.progress.wait(self._seconds_of, deadline):
                    raise self._unanswered(askpass, channel.progress) or self._failure(
                        channel.progress, read_shown(shown)
                    )
            except TimeoutError:
                channel.close()
                raise self._late(channel.progress.stage) from None
            except BaseException:
                channel.close()
                raise
        return channel

    @contextmanager
    def _asking(self, shown: Path) -> Iterator[tuple[Askpass | None, dict[str, str]]]:
        """Somebody who answers ssh, and the environment in which it asks them."""
        if not self._files.can_ask:
            yield None, {}
            return
        with self._files.asking() as (folder, environment):
            askpass = Askpass(
                self._route,
                self._asker,
                folder,
                partial(read_shown, shown),
                fingerprint=sha256,
                key_files=self._key_files,
            )
            right: bool | None = None
            try:
                yield askpass, environment
                right = True
            except AuthError as error:
                right = (
                    None if isinstance(error, LoginWantedError) or self._aborted.is_set() else False
                )
                raise
            finally:
                askpass.stop(right=right)

    def _unanswered(self, askpass: Askpass | None, progress: Progress) -> CollectError | None:
        """What a person has to say first: what ssh asked, or what it was not allowed to ask."""
        if askpass is not None and askpass.expired:
            return ExpiredError(askpass.expired)
        if askpass is None:
            return None
        if askpass.unanswered is not None:
            return LoginWantedError(askpass.unanswered)
        hop = self._refused_by(progress)
        if hop is None:
            return None
        asked = self._asker.patience or askpass.has_answered
        if asked or not _PROMPTS_LEFT.search(progress.said):
            return None
        alias, wants = self._route.alias, "a password or a code"
        question = SecretQuestion(alias, hop.place, hop.user, "", Kind.ANSWERS, wants=wants)
        return LoginWantedError(question)

    def _spawn(
        self, command: str, environment: dict[str, str], *, asks: bool
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [self._files.ssh, *self._arguments(asks=asks), "--", self._route.alias, command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "LC_ALL": "C", **environment},
                start_new_session=os.name == "posix",  # no terminal to ask on, ends with its jumps
            )
        except OSError as error:
            raise UnreachableError(
                Stage.RESOLVE,
                f"{self._files.ssh} could not be started: {error.strerror}. Install OpenSSH.",
            ) from error

    def _arguments(self, *, asks: bool) -> list[str]:
        route = self._route
        # Whether to ask stands in the file, which jump hosts read as well.
        prompts = Prompts.NONE
        if asks:
            prompts = Prompts.ALL if self._asker.patience else Prompts.OURS
        file = self._files.config(users=route.from_config, prompts=prompts)
        arguments = ["-F", str(file)]
        options = {"LogLevel": "DEBUG1", **dict(route.overrides)}
        if self._methods:
            options["PreferredAuthentications"] = ",".join(self._methods)
        for key, value in options.items():
            arguments += ["-o", f"{key}={value}"]
        return arguments

    def _seconds_of(self, stage: Stage) -> float:
        login = self._seconds.login + self._asker.patience
        if stage in (Stage.RESOLVE, Stage.TCP):
            # Jump hosts log in within this one.
            connect = max(self._seconds.connect, self._route.connect_seconds)
            hop = connect + self._seconds.handshake + login
            return connect + hop * len(self._route.jumps)
        if stage in (Stage.BANNER, Stage.KEX, Stage.HOST_KEY):
            return self._seconds.handshake
        return login if stage is Stage.AUTH else self._seconds.channel

    def _failure(self, progress: Progress, shown: tuple[ShownKey, ...]) -> CollectError:
        refused = self._refused_key(shown)
        if refused is not None:
            return refused
        said = _words(progress.said)
        kind, sentence = _FAILURES[progress.stage]
        place, user = self._route.place, self._route.user
        through = self._route.jumps[-1].place if self._route.jumps else ""
        if through and progress.stage in (Stage.RESOLVE, Stage.TCP, Stage.BANNER):
            jump = self._refused_by(progress)
            if jump is not None:
                kind, sentence = _FAILURES[Stage.AUTH]
                told = sentence.format(place=jump.place, user=jump.user, said=said)
                return kind(Stage.AUTH, told)
            return UnreachableError(
                Stage.TCP,
                f"{place} cannot be reached through {through} (ssh: {said}). Whether the host "
                "itself is up is not known.",
            )
        return kind(progress.stage, sentence.format(place=place, user=user, said=said))

    def _refused_by(self, progress: Progress) -> Route | None:
        """Who refused to let us in: the host, or a jump host on the way; None when nobody did."""
        if progress.stage is Stage.AUTH:
            return self._route
        found = _DENIED.search(progress.said)
        return hop_of(self._route, found["user"], found["host"]) if found else None

    def _refused_key(self, shown: tuple[ShownKey, ...]) -> CollectError | None:
        for hop in self._route.hops:
            hosts = self._known_hosts.of(hop.known_hosts)
            for key in shown:
                if key.name == known_name(hop) and "-cert-" not in key.key_type:
                    try:
                        check_key(hop, key.key_type, key.key, hosts)
                    except (HostKeyUnknownError, HostKeyRefusedError) as error:
                        return error
        return None

    def _late(self, stage: Stage) -> CollectError:
        return DeadlineError(stage, _LATE[stage].format(place=self._route.place))


class OpensshChannel(LocalChannel):
    """The ssh child: what it says of itself is read, what the host says is handed on."""

    def __init__(self, process: subprocess.Popen[bytes], watchdog: Watchdog) -> None:
        self.progress = Progress()
        super().__init__(process, watchdog)

    def complaints(self) -> str:
        return self.progress.said

    def exit_status(self) -> int | None:
        status = super().exit_status()
        return None if status is None or status < 0 or status == _SSH_FAILED else status

    def break_off(self) -> None:
        """End the child; its end is noticed by who waits for it."""
        self._kill()

    def _hear(self, data: bytes) -> None:
        self.progress.feed(data)


_Kind = Callable[[Stage, str], CollectError]
_FAILURES: dict[Stage, tuple[_Kind, str]] = {
    Stage.RESOLVE: (
        UnreachableError,
        "{place} could not be reached (ssh: {said}). Is the name right, and the network there?",
    ),
    Stage.TCP: (UnreachableError, "{place} cannot be reached (ssh: {said})."),
    Stage.BANNER: (
        UnreachableError,
        "{place} closed the connection before saying anything (ssh: {said}). Is that an SSH "
        "server? Does it turn away because of too many connections (MaxStartups, penalties)?",
    ),
    Stage.KEX: (
        UnreachableError,
        "{place} and ssh have no algorithm in common, or it broke off while keys were exchanged "
        "(ssh: {said}). An old server can be allowed for this host alone, in ssh_config: see "
        "KexAlgorithms, HostKeyAlgorithms and Ciphers.",
    ),
    Stage.HOST_KEY: (
        UnreachableError,
        "ssh does not trust the key of {place} (ssh: {said}). Connect to it once on a terminal, "
        "compare the fingerprint with the host's own, then collect now.",
    ),
    Stage.AUTH: (
        AuthError,
        "{place} refused to let {user} in (ssh: {said}). PS Buddy does not try again by itself, "
        "so that no account gets locked: see that ssh logs in on a terminal without a question "
        "(a valid Kerberos ticket, a key in the agent), then collect now.",
    ),
    Stage.CHANNEL: (
        ProgramError,
        "{place} let us in but refuses to start programs (ssh: {said}). Is the account limited "
        "to file transfer, or is MaxSessions of its sshd used up?",
    ),
}
_LATE = {
    Stage.RESOLVE: "The name of {place} was not resolved in time.",
    Stage.TCP: "{place} does not answer: the connection was not made in time.",
    Stage.BANNER: "{place} accepts the connection but says nothing. Is that an SSH server?",
    Stage.KEX: "{place} stopped answering while keys were exchanged.",
    Stage.HOST_KEY: "{place} stopped answering while keys were exchanged.",
    Stage.AUTH: "{place} did not finish the login in time.",
    Stage.CHANNEL: "{place} let us in but did not start a program in time.",
}


def _words(said: str) -> str:
    """The last sentences of ssh, on one line, short and without control characters."""
    line = " ".join(said.split())[-300:]
    return "".join(c if c.isprintable() else "?" for c in line) or "no word"
