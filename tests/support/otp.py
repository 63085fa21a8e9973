"""A real sshd that wants one-time codes, by PAM: each of its codes opens once."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from psbuddy.demo.sshd import LoopbackSshd
from tests.support.servers import Servers

_PAM = Path("/etc/pam.d")
_ASKS = ("UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes")
_CHECK = """#!/bin/sh
code=$(tr -d '\\0')
grep -qx "$code" {codes} || exit 1
sed -i "/^$code$/d" {codes}
"""
_SERVICE = """auth optional pam_echo.so One-time code for %u
auth requisite pam_exec.so expose_authtok quiet {check}
auth required pam_permit.so
account required pam_permit.so
session required pam_permit.so
"""


class _OwnService(LoopbackSshd):
    """PAM knows an sshd by the name of its program."""

    service = ""

    def _try_start(self, binary: str) -> bool:
        own = self.folder / self.service
        own.unlink(missing_ok=True)
        own.symlink_to(Path(binary).resolve())
        return super()._try_start(str(own))


@contextmanager
def asking_for_codes(group: Servers, *codes: str) -> Iterator[LoopbackSshd]:
    """A server of the group that lets in whoever has one of the codes."""
    if os.geteuid() != 0 or not _PAM.is_dir() or shutil.which("sed") is None:
        pytest.skip("only root can tell PAM of one-time codes")
    service = f"psb{secrets.token_hex(4)}"
    folder = group.folder / service
    folder.mkdir()
    (folder / "codes").write_text("".join(f"{code}\n" for code in codes))
    check = folder / "check"
    check.write_text(_CHECK.format(codes=folder / "codes"))
    check.chmod(0o700)
    file = _PAM / service
    file.write_text(_SERVICE.format(check=check))
    try:
        number = len(group.made) + 1
        server = _OwnService(
            group.folder / f"sshd-{number}", {f"host-{number}": f"127.0.2.{number}"}, extra=_ASKS
        )
        server.service = service
        group.made.append(server)
        server.start()
        yield server
    finally:
        file.unlink()
