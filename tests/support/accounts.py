"""A throw-away account with a password, for what sshd only asks real accounts."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    password: str


@contextmanager
def throw_away() -> Iterator[Account]:
    """An account of this machine, removed at the end; skips where none can be made."""
    if os.geteuid() != 0 or not (shutil.which("useradd") and shutil.which("chpasswd")):
        pytest.skip("only root can make an account with a password to log in with")
    account = Account(f"psb{secrets.token_hex(4)}", secrets.token_urlsafe(16))
    made = subprocess.run(
        ["useradd", "--no-create-home", "--home-dir", "/", "--shell", "/bin/sh", account.name],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip(f"no account can be made here: {made.stderr.strip()}")
    try:
        subprocess.run(
            ["chpasswd"], input=f"{account.name}:{account.password}\n", text=True, check=True
        )
        yield account
    finally:
        subprocess.run(
            ["userdel", "--force", account.name], capture_output=True, text=True, check=False
        )
