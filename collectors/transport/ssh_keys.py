"""Which credentials are tried, in which order: each once, and never more than the server bears.

A wrong credential is never repeated by itself: servers lock out whole offices for that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from collectors.ssh_config import Route
from collectors.transport.ssh_agent import Agent, AgentError, agent_of
from collectors.transport.ssh_keyfile import (
    Credential,
    KeyFiles,
    LockedError,
    UnusableError,
    certified,
    is_certificate,
    public_blob,
)

#: One below the default MaxAuthTries of sshd.
MOST_CREDENTIALS = 5


@dataclass(frozen=True, slots=True)
class LockedKey:
    """A key file that needs its passphrase. `publics`: what it can be offered as, b"" unknown."""

    file: Path
    publics: tuple[tuple[str, bytes], ...]  # label, certificate or public key


@dataclass(slots=True)
class Keys:
    """Credentials in the order of ssh itself, and notes on those that cannot be used."""

    usable: list[Credential] = field(default_factory=list)
    locked: list[LockedKey] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@contextmanager
def keys_for(route: Route, files: KeyFiles) -> Iterator[Keys]:
    """The agent stays connected inside the block: it signs while we log in."""
    keys = Keys()
    agent = agent_of(route, keys.notes)
    try:
        _collect(route, agent, files, keys)
        yield keys
    finally:
        if agent is not None:
            agent.close()


def _collect(route: Route, agent: Agent | None, files: KeyFiles, keys: Keys) -> None:
    certificates = _certificates(route, keys.notes)
    held = _agent_credentials(agent, keys.notes)
    plain = {each.blob: each for each in held}
    publics = {file: public_blob(_beside(file, ".pub")) for file in route.identity_files}
    found: list[Credential] = []
    for file in route.identity_files:
        for certificate in (c for c in held if is_certificate(c.blob)):
            if publics[file] and _for(certificate.blob) == publics[file]:
                found.append(certificate)
        if publics[file] in plain:
            found += _with_certificates(plain[publics[file]], certificates)
    if not route.identities_only:
        for each in held:
            found += _with_certificates(each, certificates)
    for file in route.identity_files:
        if publics[file] not in plain:
            found += _of_file(file, publics[file], certificates, files, keys)
    if not found and not keys.locked and route.identities_only:
        missing = (file for file in route.identity_files if not file.exists())
        keys.notes += [f"the key file {file} is not there" for file in missing]
    once: dict[bytes, Credential] = {}
    for each in found:
        once.setdefault(each.blob, each)
    keys.usable = list(once.values())[:MOST_CREDENTIALS]


def _of_file(
    file: Path,
    public: bytes,
    certificates: dict[bytes, list[tuple[str, bytes]]],
    files: KeyFiles,
    keys: Keys,
) -> list[Credential]:
    if not file.exists():
        return []
    try:
        return _with_certificates(files.load(file), certificates)
    except LockedError:
        offers = [*certificates.get(public, ()), (f"key file {file}", public)]
        keys.locked.append(LockedKey(file, tuple(offers)))
    except UnusableError as error:
        keys.notes.append(f"the key file {file} {error}")
    return []


def unlocked(key: LockedKey, credential: Credential) -> tuple[Credential, ...]:
    """What the key can be offered as, now that `credential` signs for it."""
    offers = [(label, blob or credential.blob) for label, blob in key.publics]
    return tuple(replace(credential, label=label, blob=blob) for label, blob in offers)


def _with_certificates(
    credential: Credential, certificates: dict[bytes, list[tuple[str, bytes]]]
) -> list[Credential]:
    """The certificates of a key first, as ssh does, then the key alone."""
    known = certificates.get(credential.blob, ())
    return [*(replace(credential, label=name, blob=blob) for name, blob in known), credential]


def _certificates(route: Route, notes: list[str]) -> dict[bytes, list[tuple[str, bytes]]]:
    """Public key -> its certificates in files; those that cannot be used now are noted."""
    found: dict[bytes, list[tuple[str, bytes]]] = {}
    beside = [_beside(file, "-cert.pub") for file in route.identity_files]
    for path in dict.fromkeys((*route.certificate_files, *beside)):
        blob = public_blob(path)
        if not blob:
            if path in route.certificate_files:
                notes.append(f"the certificate {path} is not there, or is none")
            continue
        try:
            public, useless = certified(blob)
        except ValueError:
            notes.append(f"the certificate {path} cannot be read")
            continue
        if useless:
            notes.append(f"the certificate {path} {useless}")
        else:
            found.setdefault(public, []).append((f"certificate {path}", blob))
    return found


def _agent_credentials(agent: Agent | None, notes: list[str]) -> list[Credential]:
    if agent is None:
        return []
    try:
        held = agent.keys()
    except AgentError as error:
        notes.append(f"the SSH agent gave no keys ({error})")
        return []
    found = []
    for key in held:
        kind = "certificate" if is_certificate(key.blob) else "key"
        label = f"agent {kind} {key.comment or 'without a name'}"[:120]
        useless = _useless(key.blob) if kind == "certificate" else ""
        if useless:
            notes.append(f"the {label} {useless}")
            continue
        found.append(Credential(label, key.blob, partial(agent.sign, key.blob)))
    return found


def _for(certificate: bytes) -> bytes:
    try:
        return certified(certificate)[0]
    except ValueError:
        return b""


def _useless(certificate: bytes) -> str:
    try:
        return certified(certificate)[1]
    except ValueError:
        return ""  # of a kind that only the server understands


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)
