"""Which server key belongs to which host: a reader of known_hosts files of our own.

paramiko's loader gives up on a whole file at its first `@cert-authority` line, never matches
wildcards and takes a second for 3,000 lines; this one reads once and indexes. `@revoked` is
honoured; who is vouched for by `@cert-authority` is known, the `ssh` program checks it. PS Buddy
writes accepted keys to its own file only, never to the user's.
"""

import base64
import binascii
import contextlib
import fnmatch
import hashlib
import hmac
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from collectors.errors import HostKeyQuestion

DEFAULT_PORT = 22
_FILE_CAP = 8 * 2**20
_REVOKED, _AUTHORITY = "@revoked", "@cert-authority"


class Trust(Enum):
    """What the files say of a key."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """One line: a key and where it stands."""

    key_type: str
    key: str  # base64
    revoked: bool
    place: str  # "file, line 12"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is known of a host: `known` are the keys it should have instead."""

    trust: Trust
    known: tuple[KnownKey, ...] = ()


@dataclass(slots=True)
class KnownHosts:
    """Keys of several files, indexed by name. `notes`: what was left out, in whole sentences."""

    notes: list[str] = field(default_factory=list)
    _names: dict[str, list[KnownKey]] = field(default_factory=dict)
    _patterns: list[tuple[tuple[str, ...], KnownKey]] = field(default_factory=list)
    _hashed: list[tuple[bytes, bytes, KnownKey]] = field(default_factory=list)
    _authorities: list[tuple[tuple[str, ...], KnownKey]] = field(default_factory=list)

    def keys_of(self, name: str) -> tuple[KnownKey, ...]:
        """Keys of a host as known_hosts spells it (see `spell`)."""
        wanted = name.lower()
        found = list(self._names.get(wanted, ()))
        found += [key for patterns, key in self._patterns if _matches(wanted, patterns)]
        encoded = wanted.encode()
        found += [
            key
            for salt, digest, key in self._hashed
            if hmac.compare_digest(hmac.digest(salt, encoded, "sha1"), digest)
        ]
        return tuple(found)

    def key_types(self, name: str) -> tuple[str, ...]:
        """Types of the keys known for a host: what to ask its server for first."""
        return tuple(dict.fromkeys(k.key_type for k in self.keys_of(name) if not k.revoked))

    def authority(self, name: str) -> str:
        """Where it stands that a certificate authority vouches for a host; "" when nowhere.

        One whose own key is marked @revoked for that host vouches for nobody.
        """
        wanted = name.lower()
        revoked = {known.key for known in self.keys_of(name) if known.revoked}
        places = (
            known.place
            for names, known in self._authorities
            if _matches(wanted, names) and known.key not in revoked
        )
        return next(places, "")

    def judge(self, name: str, key_type: str, key: str) -> Opinion:
        """What the files say of this key for this host."""
        keys = self.keys_of(name)
        if any(known.revoked and known.key == key for known in keys):
            return Opinion(Trust.REVOKED, keys)
        good = tuple(known for known in keys if not known.revoked)
        if any((known.key_type, known.key) == (key_type, key) for known in good):
            return Opinion(Trust.KNOWN, good)
        return Opinion(Trust.CHANGED if good else Trust.UNKNOWN, good)

    def read(self, path: Path) -> None:
        """Add the lines of a file. One that is not there or cannot be read gives a note."""
        try:
            if path.stat().st_size > _FILE_CAP:
                self.notes.append(f"{path} was left out: it is larger than {_FILE_CAP} bytes.")
                return
            text = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        except OSError as error:
            self.notes.append(f"{path} could not be read: {error.strerror}.")
            return
        for number, line in enumerate(text.splitlines(), 1):
            self._add(line.split(), f"{path}, line {number}")

    def _add(self, words: list[str], place: str) -> None:
        if not words or words[0].startswith("#"):
            return
        marker = words.pop(0) if words[0].startswith("@") else ""
        markers = ("", _REVOKED, _AUTHORITY)
        if len(words) < 3 or marker not in markers or not _is_base64(words[2]):
            self.notes.append(f"{place} could not be understood and was left out.")
            return
        if marker == _AUTHORITY:
            vouching = KnownKey(words[1], words[2], revoked=False, place=place)
            self._authorities.append((tuple(words[0].lower().split(",")), vouching))
            return
        known = KnownKey(words[1], words[2], marker == _REVOKED, place)
        self._index(words[0], known)

    def _index(self, names: str, known: KnownKey) -> None:
        if names.startswith("|1|"):
            try:
                salt, digest = (base64.b64decode(part) for part in names[3:].split("|"))
            except (ValueError, binascii.Error):
                self.notes.append(f"{known.place} could not be understood and was left out.")
                return
            self._hashed.append((salt, digest, known))
            return
        listed = tuple(names.lower().split(","))
        if any(set(name) & set("*?!") for name in listed):
            self._patterns.append((listed, known))
            return
        for name in listed:
            self._names.setdefault(name, []).append(known)


class KnownHostsFiles:
    """Reads files again when they change, and adds accepted keys to our own one."""

    def __init__(self, own: Path) -> None:
        self.own = own
        self._lock = threading.Lock()
        self._read: dict[tuple[Path, ...], tuple[tuple[int, ...], KnownHosts]] = {}

    def of(self, files: Sequence[Path]) -> KnownHosts:
        """What these files and our own say together."""
        paths = (*files, self.own)
        state = tuple(_changed(path) for path in paths)
        with self._lock:
            cached = self._read.get(paths)
            if cached is not None and cached[0] == state:
                return cached[1]
            hosts = _read_all(paths)
            self._read[paths] = (state, hosts)
            return hosts

    def accept(self, question: HostKeyQuestion) -> None:
        """Remember a key that a person vouched for. Raises OSError."""
        self.own.parent.mkdir(parents=True, exist_ok=True)
        line = f"{question.name} {question.key_type} {question.key}\n"
        with self._lock:
            descriptor = os.open(self.own, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(line)
            self._read.clear()


def spell(name: str, port: int) -> str:
    """A host as known_hosts spells it."""
    return name if port == DEFAULT_PORT else f"[{name}]:{port}"


def sha256(key: str) -> str:
    """Fingerprint of a base64 key as ssh prints it."""
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _read_all(paths: Iterable[Path]) -> KnownHosts:
    hosts = KnownHosts()
    for path in paths:
        hosts.read(path)
    return hosts


def _changed(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime_ns
    return 0


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    """As in sshd(8): one negated match refuses, else one match is enough."""

    # Brackets are literal here ("[host]:2222"), in fnmatch they are a set.
    def hit(pattern: str) -> bool:
        return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))

    if any(p.startswith("!") and hit(p[1:]) for p in patterns):
        return False
    return any(hit(p) for p in patterns if not p.startswith("!"))


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return False
    return True
