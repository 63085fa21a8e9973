"""A Kerberos realm for one test: a KDC on loopback, its database and tickets in a folder."""

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import leaks

REALM = "PSB.TEST"
_PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
_SEARCH = "/usr/sbin:/usr/local/sbin:/sbin:/usr/bin:/usr/lib/mit/sbin"

_CLIENT = """\
[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
"""
_SERVER = """\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    acl_file = {folder}/acl
    max_life = 1h
  }}
[logging]
  kdc = FILE:{folder}/kdc.log
"""


@dataclass(frozen=True, slots=True)
class Realm:
    """`environment`: what a program needs to find it. `folder` holds all of it."""

    folder: Path
    environment: dict[str, str]

    def add_host(self, name: str) -> None:
        """A host's principal, its key in the keytab that sshd reads."""
        principal = f"host/{name}@{REALM}"
        self._admin(f"addprinc -randkey {principal}")
        self._admin(f"ktadd -k {self.folder}/keytab {principal}")

    def ticket(self, user: str) -> None:
        """Log `user` in, as kinit does."""
        self._admin(f"addprinc -randkey {user}")
        self._admin(f"ktadd -k {self.folder}/{user}.keytab {user}")
        self._run("kinit", "-k", "-t", f"{self.folder}/{user}.keytab", user)

    def _admin(self, query: str) -> None:
        self._run("kadmin.local", "-r", REALM, "-q", query)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(_find(program)), *arguments],
            env={**os.environ, **self.environment},
            check=True,
            capture_output=True,
        )


@contextmanager
def realm(folder: Path) -> Iterator[Realm]:
    """A realm of this test alone; skips where no KDC can be had."""
    missing = [name for name in _PROGRAMS if _find(name) is None]
    if missing:
        pytest.skip(f"no Kerberos realm without {', '.join(missing)} (apt: krb5-kdc krb5-user)")
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {"realm": REALM, "port": port, "folder": folder}
    (folder / "krb5.conf").write_text(_CLIENT.format(**values))
    (folder / "kdc.conf").write_text(_SERVER.format(**values))
    made = Realm(
        folder,
        {
            "KRB5_CONFIG": str(folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(folder / "kdc.conf"),
            "KRB5_KTNAME": f"FILE:{folder}/keytab",
            "KRB5CCNAME": f"FILE:{folder}/tickets",
            "KRB5RCACHENAME": f"dfl:{folder}/replays",
        },
    )
    made._run("kdb5_util", "create", "-s", "-r", REALM, "-P", secrets.token_hex(16))
    kdc = subprocess.Popen(
        [str(_find("krb5kdc")), "-n"],
        env={**os.environ, **made.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        leaks.wait_for(lambda: _listens(port))
        yield made
    finally:
        kdc.terminate()
        kdc.wait()


def _find(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_SEARCH)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
