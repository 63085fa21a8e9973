"""Key files and certificates of the user: read, unlocked, and made to sign."""

import base64
import hashlib
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from paramiko import Message

from collectors.secret import Secret

_PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
_FILE_CAP = 2**16
_RSA_HASHES: dict[str, hashes.HashAlgorithm] = {
    "rsa-sha2-256": hashes.SHA256(),
    "rsa-sha2-512": hashes.SHA512(),
}
_CURVE_HASHES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}
_CERTIFICATE = "-cert-v01@openssh.com"


class LockedError(Exception):
    """The key file needs its passphrase, or another one than it was given."""


class UnusableError(Exception):
    """No key that can be used. `str(error)` says why, to go after the file's name."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A key that can sign, and how a person knows it. `blob`: its public half or certificate."""

    label: str
    blob: bytes
    sign: Callable[[bytes, str], bytes]  # data, algorithm -> signature as it is sent

    @property
    def key_type(self) -> str:
        return type_of(self.blob)


def type_of(blob: bytes) -> str:
    """ "ssh-ed25519", "ssh-rsa-cert-v01@openssh.com" """
    name: bytes = Message(blob).get_string()
    return name.decode(errors="replace")


def is_certificate(blob: bytes) -> bool:
    return type_of(blob).endswith(_CERTIFICATE)


class KeyFiles:
    """Loads key files. A passphrase costs its time once for each file, not once for each host."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(32)
        self._open: dict[str, tuple[int, bytes, _PrivateKey]] = {}

    def load(self, file: Path, passphrase: Secret | None = None) -> Credential:
        """Raises LockedError, UnusableError."""
        try:
            state = file.stat()
            if os.name == "posix" and state.st_mode & 0o077:
                raise UnusableError(f"can be read by others: chmod 600 {file}")
            with file.open("rb") as stream:
                data = stream.read(_FILE_CAP)
        except OSError as error:
            raise UnusableError(f"cannot be read ({error.strerror})") from error
        key = self._key(str(file), state.st_mtime_ns, data, passphrase)
        return Credential(f"key file {file}", _public(key), _signing(key))

    def _key(self, file: str, changed: int, data: bytes, passphrase: Secret | None) -> _PrivateKey:
        if passphrase is None:
            return _private_key(data, None)
        typed = passphrase.reveal().encode()
        proof = hashlib.blake2b(typed, key=self._salt).digest()
        with self._lock:
            known = self._open.get(file)
        if known is not None and known[:2] == (changed, proof):
            return known[2]
        key = _private_key(data, typed)
        with self._lock:
            self._open[file] = (changed, proof, key)
        return key


def public_blob(path: Path) -> bytes:
    """Of a .pub or certificate file; b"" where there is none."""
    try:
        words = path.read_text(errors="replace")[:_FILE_CAP].split()
        blob = base64.b64decode(words[1], validate=True)
        return blob if type_of(blob) == words[0] else b""
    except (OSError, ValueError, IndexError):
        return b""


def certified(blob: bytes) -> tuple[bytes, str]:
    """The public key that a certificate is for, and why it is of no use now ("" if it is).

    Raises ValueError when it is no certificate.
    """
    line = type_of(blob).encode() + b" " + base64.b64encode(blob)
    try:
        found = serialization.load_ssh_public_identity(line)
    except Exception as error:
        raise ValueError("no certificate") from error
    if not isinstance(found, serialization.SSHCertificate):
        raise ValueError("no certificate")
    now = time.time()
    late = f"has expired ({_day(found.valid_before)})" if found.valid_before < now else ""
    early = f"is valid from {_day(found.valid_after)} only" if found.valid_after > now else ""
    return _encoded(found.public_key()), late or early


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _private_key(data: bytes, passphrase: bytes | None) -> _PrivateKey:
    """Raises LockedError, UnusableError, cut off from what was raised below."""
    load = serialization.load_pem_private_key
    if b"BEGIN OPENSSH PRIVATE KEY" in data:
        load = serialization.load_ssh_private_key
    try:
        key = load(data, passphrase)
    except TypeError:
        raise LockedError from None
    except ValueError:
        if passphrase is not None:
            raise LockedError from None
        raise UnusableError("is no private key") from None
    except Exception as error:  # noqa: BLE001 - a strange key file must not hide the others
        raise UnusableError(f"is of a kind we cannot use ({type(error).__name__})") from None
    if isinstance(key, _PrivateKey):
        return key
    raise UnusableError("is of a kind that is no longer considered safe")


def _encoded(public: object) -> bytes:
    text: bytes = public.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return base64.b64decode(text.split()[1])


def _public(key: _PrivateKey) -> bytes:
    return _encoded(key.public_key())


def _signing(key: _PrivateKey) -> Callable[[bytes, str], bytes]:
    def sign(data: bytes, algorithm: str) -> bytes:
        message = Message()
        if isinstance(key, rsa.RSAPrivateKey):
            message.add_string(algorithm)
            message.add_string(key.sign(data, padding.PKCS1v15(), _RSA_HASHES[algorithm]))
        elif isinstance(key, ed25519.Ed25519PrivateKey):
            message.add_string(algorithm)
            message.add_string(key.sign(data))
        else:
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(_CURVE_HASHES[key.curve.name])))
            pair = Message()
            pair.add_mpint(r)
            pair.add_mpint(s)
            message.add_string(algorithm)
            message.add_string(pair.asbytes())
        signature: bytes = message.asbytes()
        return signature

    return sign
