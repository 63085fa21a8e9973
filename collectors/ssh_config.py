"""How an alias is reached: `ssh -G` says it exactly, cached until a configuration file changes.

A host that the catalogue gives an address is described there in full and ssh_config is not
asked; single keys of the catalogue (port, user, ...) win over ssh_config. The environment
variable PSBUDDY_SSH_CONFIG names another file than ~/.ssh/config.
"""

import getpass
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collectors import ssh_config_reader, ssh_tokens
from collectors.errors import UnreachableError
from collectors.ssh_unapplied import unapplied
from psbuddy.catalogue import HostEntry
from psbuddy.model.terms import Stage

CONFIG_VARIABLE = "PSBUDDY_SSH_CONFIG"
_SYSTEM_CONFIG = Path("/etc/ssh/ssh_config")
_SECONDS = 20  # `Match exec` may run a command
_JUMPS = 4
_INCLUDES = 64
_NOBODY = "localhost"  # whose options are those of an empty configuration
# An alias reaches a command line (as one argument): nothing that could be an option or a path.
_ALIAS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:%-]{0,254}")
_JUMP = re.compile(
    r"(?:ssh://)?(?:(?P<user>[^@]+)@)?(?P<host>\[[^]]+\]|[^:]+)(?::(?P<port>\d+))?/?"
)
#: Ways to log in, in the order of ssh, and the options that switch them off.
_METHODS = {
    "publickey": "pubkeyauthentication",
    "keyboard-interactive": "kbdinteractiveauthentication",
    "password": "passwordauthentication",
}
_DEFAULT_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")


@dataclass(frozen=True, slots=True)
class Route:
    """Everything needed to reach one host over SSH."""

    alias: str
    hostname: str
    port: int
    user: str
    identity_files: tuple[Path, ...] = ()
    identities_only: bool = False
    identity_agent: str = ""  # socket path, "none", or "" for the environment's
    certificate_files: tuple[Path, ...] = ()
    known_hosts: tuple[Path, ...] = ()
    key_alias: str = ""  # HostKeyAlias
    jumps: tuple["Route", ...] = ()
    proxy_command: str = ""
    notes: tuple[str, ...] = ()
    from_config: bool = True  # ssh_config was asked, not only the catalogue
    overrides: tuple[tuple[str, str], ...] = ()  # what the catalogue says, as options of ssh
    methods: tuple[str, ...] = ()  # to log in by, in this order; empty: those of ssh itself
    needs_program: str = ""  # why only the ssh program can follow the configuration
    unapplied: tuple[str, ...] = ()  # options of ssh_config that our SSH library does not do
    connect_seconds: float = 0.0  # ConnectTimeout; 0: nothing is said
    alive_seconds: int = 0  # ServerAliveInterval
    family: str = ""  # AddressFamily: "inet", "inet6" or ""

    @property
    def hops(self) -> tuple["Route", ...]:
        """Every server on the way, the host itself last."""
        return (*self.jumps, self)

    @property
    def place(self) -> str:
        """For sentences: who is meant and where that is."""
        port = "" if self.port == 22 else f" port {self.port}"
        where = "" if self.hostname == self.alias and not port else f" ({self.hostname}{port})"
        return f"{self.alias}{where}"


class SshConfig:
    """Resolves aliases. One instance is shared by all workers."""

    def __init__(self, config: Path | None = None) -> None:
        named = os.environ.get(CONFIG_VARIABLE)
        self.file = config or (Path(named) if named else None)  # in place of ~/.ssh/config
        self._lock = threading.Lock()
        self._cache: dict[str, tuple[tuple[tuple[str, int], ...], dict[str, list[str]]]] = {}
        self._nobodys: dict[str, list[str]] | None = None

    def route(self, alias: str, entry: HostEntry | None = None) -> Route:
        """How to reach `alias`. Raises UnreachableError at stage resolve."""
        if not _ALIAS.fullmatch(alias):
            raise UnreachableError(
                Stage.RESOLVE,
                f"{alias[:80]!r} cannot be the name of a host: use letters, digits, "
                'and "." "-" "_", beginning with a letter or digit.',
            )
        if entry is not None and entry.address is not None:
            return _catalogue_route(alias, entry)
        options = self._options(alias)
        return self._merge(alias, entry, options, depth=0)

    def _merge(
        self, alias: str, entry: HostEntry | None, options: dict[str, list[str]], depth: int
    ) -> Route:
        identity = entry.identity_file if entry else None
        known = entry.known_hosts if entry else None
        values = _tokens(alias, entry, options)

        def files(key: str) -> tuple[Path, ...]:
            return _paths([ssh_tokens.expanded_path(v, values) for v in options.get(key, [])])

        return Route(
            alias=alias,
            hostname=_one(options, "hostname", alias),
            port=(entry.port if entry else None) or int(_one(options, "port", "22")),
            user=(entry.user if entry else None) or _one(options, "user", getpass.getuser()),
            identity_files=_paths([identity]) if identity else files("identityfile"),
            identities_only=bool(identity) or _one(options, "identitiesonly", "no") == "yes",
            identity_agent=_agent(_one(options, "identityagent", "")),
            certificate_files=files("certificatefile"),
            known_hosts=_paths([known] if known else _known_hosts_of(options)),
            key_alias=_one(options, "hostkeyalias", ""),
            jumps=self._jumps(_one(options, "proxyjump", "none"), depth),
            proxy_command=_command(options, values),
            notes=tuple(options.get("notes", ())),
            overrides=_overrides(entry) if depth == 0 else (),
            methods=_methods(options),
            needs_program=_needs_program(alias, options, files("identityfile")),
            unapplied=unapplied(options, self._of_nobody()),
            connect_seconds=float(_number(options, "connecttimeout")),
            alive_seconds=_number(options, "serveraliveinterval"),
            family=_one(options, "addressfamily", "any").removeprefix("any"),
        )

    def _jumps(self, listed: str, depth: int) -> tuple[Route, ...]:
        if listed == "none":
            return ()
        if depth >= _JUMPS:
            raise UnreachableError(
                Stage.RESOLVE, f"ProxyJump goes through more than {_JUMPS} hosts: see ssh_config."
            )
        routes: list[Route] = []
        for jump in listed.split(","):
            routes += self._jump(jump.strip(), depth)
        return tuple(routes)

    def _jump(self, jump: str, depth: int) -> tuple[Route, ...]:
        match = _JUMP.fullmatch(jump)
        host = match["host"].strip("[]") if match else ""
        if match is None or not _ALIAS.fullmatch(host):
            raise UnreachableError(
                Stage.RESOLVE, f"ProxyJump {jump[:80]!r} could not be understood: see ssh_config."
            )
        port = int(match["port"]) if match["port"] else None
        entry = HostEntry(port=port, user=match["user"])
        route = self._merge(host, entry, self._options(host), depth + 1)
        return (*route.jumps, route)

    def _options(self, alias: str) -> dict[str, list[str]]:
        state = tuple(self._state())
        with self._lock:
            cached = self._cache.get(alias)
        if cached is not None and cached[0] == state:
            return cached[1]
        ssh = shutil.which("ssh")
        options = self._ask_ssh(ssh, alias, self.file) if ssh else self._read_ourselves(alias)
        with self._lock:
            self._cache[alias] = (state, options)
        return options

    def _ask_ssh(self, ssh: str, alias: str, file: Path | None) -> dict[str, list[str]]:
        which = ["-F", str(file)] if file else []
        try:
            answer = subprocess.run(
                [ssh, "-G", *which, "--", alias],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnreachableError(
                Stage.RESOLVE,
                f'"ssh -G {alias}" gave no answer ({error}). Try it on a terminal.',
            ) from error
        if answer.returncode != 0:
            said = answer.stderr.strip()[:300] or f"exit status {answer.returncode}"
            raise UnreachableError(
                Stage.RESOLVE, f"The SSH configuration cannot be read for {alias}: {said}"
            )
        options: dict[str, list[str]] = {}
        for line in answer.stdout.splitlines():
            key, _, value = line.partition(" ")
            options.setdefault(key.lower(), []).append(value.strip())
        return options

    def _read_ourselves(self, alias: str) -> dict[str, list[str]]:
        """Without an ssh program: our own small reader, which says what it cannot follow."""
        options, notes = ssh_config_reader.read(self._files(), alias)
        return {**options, "notes": notes}

    def _files(self) -> list[tuple[Path, Path]]:
        """The files that are read, each with the folder where its Includes begin."""
        users = Path.home() / ".ssh"
        if self.file:
            return [(self.file, users)]
        return [(users / "config", users), (_SYSTEM_CONFIG, _SYSTEM_CONFIG.parent)]

    def _of_nobody(self) -> dict[str, list[str]]:
        """The options where nothing is configured, as this version of ssh has them."""
        if self._nobodys is None:
            ssh = shutil.which("ssh")
            self._nobodys = self._ask_ssh(ssh, _NOBODY, Path(os.devnull)) if ssh else {}
        return self._nobodys

    def _state(self) -> Iterator[tuple[str, int]]:
        waiting, seen = self._files(), set[Path]()
        while waiting and len(seen) < _INCLUDES:
            path, folder = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            try:
                yield str(path), path.stat().st_mtime_ns
                text = path.read_text(errors="replace")
            except OSError:
                yield str(path), 0  # not there, and that it appears is a change too
                continue
            for line in re.findall(r"(?im)^\s*include[\s=]+(.+)$", text):
                waiting += [(each, folder) for each in ssh_config_reader.included(folder, line)]


def _catalogue_route(alias: str, entry: HostEntry) -> Route:
    folder = Path.home() / ".ssh"
    keys = [entry.identity_file] if entry.identity_file else [folder / k for k in _DEFAULT_KEYS]
    known = [entry.known_hosts] if entry.known_hosts else [folder / "known_hosts"]
    return Route(
        alias=alias,
        hostname=entry.address or alias,
        port=entry.port or 22,
        user=entry.user or getpass.getuser(),
        identity_files=_paths(keys),
        identities_only=entry.identity_file is not None,
        known_hosts=_paths(known),
        from_config=False,
        overrides=_overrides(entry),
    )


def _methods(options: dict[str, list[str]]) -> tuple[str, ...]:
    """What the user prefers to log in by, without what they switched off."""
    preferred = _one(options, "preferredauthentications", ",".join(_METHODS)).split(",")
    return tuple(
        method
        for method in preferred
        if method in _METHODS and _one(options, _METHODS[method], "yes") not in ("no", "false")
    ) or ("none",)


def _tokens(alias: str, entry: HostEntry | None, options: dict[str, list[str]]) -> dict[str, str]:
    """What tokens stand for; the catalogue wins there too."""
    said = {"port": entry.port, "user": entry.user} if entry else {}
    given = {key: [str(value)] for key, value in said.items() if value}
    return ssh_config_reader.tokens({**options, **given}, alias).values()


def _command(options: dict[str, list[str]], values: dict[str, str]) -> str:
    """The ProxyCommand, its tokens put in: `ssh -G` leaves them to who runs it."""
    told = _one(options, "proxycommand", "none")
    known = {letter: values[letter] for letter in "%hnpr"}
    return "" if told == "none" else ssh_tokens.expanded(told, known)


def _number(options: dict[str, list[str]], key: str) -> int:
    told = _one(options, key, "0")
    return int(told) if told.isdecimal() else 0


def _needs_program(alias: str, options: dict[str, list[str]], keys: tuple[Path, ...]) -> str:
    """What the configuration asks for and our SSH library does not have; "" if nothing."""
    if _one(options, "preferredauthentications", "").startswith("gssapi"):
        return f"ssh_config wants Kerberos for {alias}"
    if _one(options, "pkcs11provider", "none") != "none":
        return f"ssh_config names a smart card for {alias}"
    if _one(options, "revokedhostkeys", "none") != "none":
        return f"ssh_config names a list of revoked host keys for {alias}"
    there = [path for path in keys if path.exists()]
    if there and all(path.name.endswith("_sk") for path in there):
        return f"the key of {alias} is a security key ({there[0]})"
    return ""


def _overrides(entry: HostEntry | None) -> tuple[tuple[str, str], ...]:
    if entry is None:
        return ()
    said = {
        "HostName": entry.address,
        "Port": str(entry.port) if entry.port else None,
        "User": entry.user,
        "IdentityFile": _quoted(entry.identity_file),
        "IdentitiesOnly": "yes" if entry.identity_file else None,
        "UserKnownHostsFile": _quoted(entry.known_hosts),
    }
    return tuple((key, value) for key, value in said.items() if value)


def _quoted(path: str | Path | None) -> str | None:
    # A percent sign begins a token of ssh there.
    return None if path is None else f'"{Path(path).expanduser()}"'.replace("%", "%%")


def _one(options: dict[str, list[str]], key: str, default: str) -> str:
    values = options.get(key)
    return values[0] if values and values[0] else default


def _known_hosts_of(options: dict[str, list[str]]) -> list[str]:
    files: list[str] = []
    for key in ("userknownhostsfile", "globalknownhostsfile"):
        for value in options.get(key, []):
            files += [word for word in value.split() if word not in ("none", "/dev/null")]
    return files


def _agent(value: str) -> str:
    if value in ("", "SSH_AUTH_SOCK"):
        return ""
    if value.startswith("$"):
        return os.environ.get(value.strip("${}"), "none")
    return value if value == "none" else str(Path(value).expanduser())


def _paths(values: list[str] | list[Path] | list[str | Path]) -> tuple[Path, ...]:
    return tuple(
        dict.fromkeys(Path(value).expanduser() for value in values if str(value) != "none")
    )
