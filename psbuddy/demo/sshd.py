"""A real OpenSSH server on loopback addresses, in a folder of its own.

The demo fleet and the test suite reach "their hosts" through it. It never touches a file of
the user: own host key, own user key, own authorized_keys, own known_hosts, all inside the
folder it is given. It ends with the process that started it, even when that one is killed.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

START_SECONDS = 15.0
STOP_SECONDS = 5.0
#: MAX_LISTEN_SOCKS of OpenSSH.
MOST_HOSTS = 16
_PORT_ATTEMPTS = 5
_PRIVILEGE_SEPARATION = Path("/run/sshd")
_SEARCH = "/usr/sbin:/usr/local/sbin:/sbin:/opt/homebrew/sbin:/usr/libexec"

# Our pipe on the guard's stdin closes when we end, however we end: then sshd goes too.
_GUARD = 'exec 3<&0; "$@" & pid=$!; { read -r _ <&3; kill "$pid"; } & wait "$pid"'

#: Refused by older servers, wanted by newer ones: each is left out where it is not known.
_OPTIONAL = ("PerSourcePenalties no",)


class SshdUnavailable(Exception):  # noqa: N818 - a state of this machine, not a mistake
    """No OpenSSH server can run here. The text is a whole sentence for the user."""


class LoopbackSshd:
    """One OpenSSH server that answers as several hosts.

    `hosts`: alias -> loopback address. `extra`: further lines for sshd_config, which win over
    the usual ones. `port`: 0 for a free one. `key_type`: of the host key. Usable as a context
    manager.
    """

    def __init__(
        self,
        folder: Path,
        hosts: Mapping[str, str],
        *,
        extra: Sequence[str] = (),
        port: int = 0,
        key_type: str = "ed25519",
    ) -> None:
        self.folder = folder.absolute()
        self.addresses: dict[str, str] = dict(hosts)
        self.port = port
        self.user = _user()
        self.identity_file = self.folder / "user_key"
        self.known_hosts = self.folder / "known_hosts"
        self.log_file = self.folder / "sshd.log"
        self._host_key = self.folder / "host_key"
        self._pid_file = self.folder / "sshd.pid"
        self._extra = tuple(extra)
        self._fixed_port = port != 0
        self._key_type = key_type
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Process id of the listening server."""
        return int(self._pid_file.read_text())

    def log_text(self) -> str:
        """What the server has said so far."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def start(self) -> None:
        """Start it and wait until it listens on every address. Raises SshdUnavailable."""
        if self._guard is not None:
            return
        if os.name != "posix":
            raise SshdUnavailable("The OpenSSH server of the demo needs Linux or macOS.")
        if len(self.addresses) > MOST_HOSTS:
            raise SshdUnavailable(
                f"One OpenSSH server listens on at most {MOST_HOSTS} addresses, not on "
                f"{len(self.addresses)}. Start several."
            )
        binary = _find("sshd", "an OpenSSH server", "openssh-server")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        _make_privilege_separation_folder()
        keygen = _find("ssh-keygen", "ssh-keygen", "openssh-client")
        _make_key(keygen, self._host_key, self._key_type)
        _make_key(keygen, self.identity_file, "ed25519")
        _write(self.folder / "authorized_keys", self.identity_file.with_suffix(".pub").read_text())
        for attempt in range(_PORT_ATTEMPTS):
            if not self._fixed_port:
                self.port = _free_port(tuple(self.addresses.values()))
            if self._try_start(binary):
                return
            if self._fixed_port or attempt == _PORT_ATTEMPTS - 1:
                break
        raise SshdUnavailable(
            f"The OpenSSH server {binary} did not start on {', '.join(self.addresses.values())}. "
            f"Its own words are in {self.log_file}: {_last_line(self.log_text())}"
        )

    def stop(self) -> None:
        """End the server and the sessions it serves; nothing else."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        sessions = tuple(_descendants(guard.pid))
        assert guard.stdin is not None
        guard.stdin.close()
        for pid in sessions:
            _signal(pid, signal.SIGCONT)  # a frozen one must be able to end
        try:
            guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            guard.kill()
            guard.wait()
        for pid in sessions:
            _signal(pid, signal.SIGKILL)

    def _try_start(self, binary: str) -> bool:
        config = self._write_config(binary)
        self._write_known_hosts()
        self._pid_file.unlink(missing_ok=True)
        with self.log_file.open("wb") as log:
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "sshd", binary, "-D", "-e", "-f", str(config)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl+C is for the program, it ends the server in order
            )
        if self._wait_until_listening(self._guard):
            return True
        self.stop()
        return False

    def _wait_until_listening(self, guard: subprocess.Popen[bytes]) -> bool:
        wanted = [f"Server listening on {a} port {self.port}." for a in self.addresses.values()]
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            said = self.log_text()
            if all(line in said for line in wanted) and self._has_pid():
                return True
            if guard.poll() is not None or "Bind to port" in said:
                return False
            time.sleep(0.01)
        return False

    def _has_pid(self) -> bool:
        """The file is made first and written then."""
        return self._pid_file.exists() and self._pid_file.read_text().strip().isdigit()

    def _write_config(self, binary: str) -> Path:
        config = self.folder / "sshd_config"
        optional = list(_OPTIONAL)
        while True:
            _write(config, "\n".join((*self._extra, *optional, *self._config_lines(), "")))
            check = subprocess.run(
                [binary, "-t", "-f", str(config)], capture_output=True, text=True, check=False
            )
            if check.returncode == 0:
                return config
            if not optional:
                raise SshdUnavailable(
                    f"The OpenSSH server {binary} refuses its configuration {config}: "
                    f"{' '.join(check.stderr.split())[:300]}"
                )
            optional.pop()

    def _config_lines(self) -> Iterator[str]:
        yield f"Port {self.port}"
        for address in self.addresses.values():
            yield f"ListenAddress {address}"
        yield f'HostKey "{self._host_key}"'
        yield f'PidFile "{self._pid_file}"'
        yield f'AuthorizedKeysFile "{self.folder / "authorized_keys"}"'
        yield "StrictModes no"
        yield "UsePAM no"
        yield "PasswordAuthentication no"
        yield "KbdInteractiveAuthentication no"
        yield "PubkeyAuthentication yes"
        yield "PermitRootLogin prohibit-password"
        yield "PermitUserEnvironment no"
        yield "AllowTcpForwarding yes"
        yield "X11Forwarding no"
        yield "UseDNS no"
        yield "PrintMotd no"
        if not any(line.startswith("MaxStartups") for line in self._extra):
            yield "MaxStartups 500:30:1000"  # of these the last one wins
        yield "MaxSessions 500"
        yield "LogLevel VERBOSE"

    def _write_known_hosts(self) -> None:
        kind, key = self._host_key.with_suffix(".pub").read_text().split()[:2]
        lines = (f"[{address}]:{self.port} {kind} {key}\n" for address in self.addresses.values())
        _write(self.known_hosts, "".join(lines))


def _user() -> str:
    if os.name != "posix":
        return getpass.getuser()
    import pwd  # noqa: PLC0415 - not on every platform

    # Not getpass: the server asks the account, whatever the environment says.
    return pwd.getpwuid(os.geteuid()).pw_name


def _find(name: str, what: str, package: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=_SEARCH)
    if found is None:
        raise SshdUnavailable(
            f"There is no {what} on this machine. Install the package {package} "
            "(for example: sudo apt-get install " + package + ")."
        )
    return found


def _make_privilege_separation_folder() -> None:
    # As root sshd refuses to start without it; on a machine where no sshd runs as a service
    # nobody has made it since the last boot.
    if os.geteuid() == 0 and not _PRIVILEGE_SEPARATION.exists():
        _PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)


def _make_key(keygen: str, key: Path, key_type: str) -> None:
    if key.exists() and key.with_suffix(".pub").exists():
        return
    key.unlink(missing_ok=True)
    made = subprocess.run(
        [keygen, "-q", "-t", key_type, "-N", "", "-C", "ps-buddy-loopback", "-f", str(key)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise SshdUnavailable(f"{keygen} could not write {key}: {_last_line(made.stderr)}")


def _free_port(addresses: Sequence[str]) -> int:
    """A port that is free on every one of the addresses at this moment."""
    for _ in range(50):
        with socket.socket() as first:
            _bind(first, addresses[0], 0)
            port = int(first.getsockname()[1])
            if all(_is_free(address, port) for address in addresses[1:]):
                return port
    raise SshdUnavailable(f"No port is free on all of {', '.join(addresses)}.")


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            _bind(probe, address, port)
        except OSError:
            return False
    return True


def _bind(probe: socket.socket, address: str, port: int) -> None:
    try:
        probe.bind((address, port))
    except OSError as error:
        if port:
            raise
        raise SshdUnavailable(
            f"The loopback address {address} cannot be used on this machine: {error.strerror}."
        ) from error


def _descendants(pid: int) -> Iterator[int]:
    """Children and their children, by /proc; none where there is no /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        parents.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    waiting = [pid]
    while waiting:
        for child in parents.get(waiting.pop(), ()):
            yield child
            waiting.append(child)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # it has ended already: what was wanted


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing."
