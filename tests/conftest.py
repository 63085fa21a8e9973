"""Rules of the whole suite: nobody touches the user's files, nobody leaves anything running.

Imports neither Qt nor paramiko: the tests of one wing must not pay for another.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import leaks

#: Alias -> loopback address of the hosts that the shared OpenSSH server answers as.
SSHD_HOSTS = {f"host-{number}": f"127.0.1.{number}" for number in range(1, 5)}


def _point_home_to(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("HOME", str(folder))
    for name, below in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
    ):
        (folder / below).mkdir(parents=True, exist_ok=True)
        patch.setenv(name, str(folder / below))
    (folder / ".ssh").mkdir(mode=0o700, exist_ok=True)
    # ssh itself asks the account for the home folder, not the environment.
    config = folder / ".ssh" / "config"
    config.touch(mode=0o600)
    patch.setenv("PSBUDDY_SSH_CONFIG", str(config))
    for name in ("PSBUDDY_DB", "PSBUDDY_CATALOGUE", "SSH_AUTH_SOCK"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def _home_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the user's own files, whether it remembers to or not."""
    with pytest.MonkeyPatch.context() as patch:
        _point_home_to(tmp_path_factory.mktemp("home"), patch)
        yield


@pytest.fixture
def tmp_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of this test alone, with an empty ~/.ssh/config."""
    home = tmp_path / "home"
    home.mkdir()
    _point_home_to(home, monkeypatch)
    return home


@pytest.fixture(scope="session", autouse=True)
def _thread_births() -> Iterator[None]:
    with leaks.births_recorded():
        yield


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """Fails a test that leaves a thread or a child process behind, and says which."""
    threads, children = leaks.threads(), leaks.children()
    yield
    left = leaks.leaked_threads(threads) + leaks.leaked_children(children)
    if left:
        pytest.fail("this test left running:\n" + "\n".join(left), pytrace=False)


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator["object"]:
    """A real OpenSSH server (psbuddy.demo.sshd.LoopbackSshd) that answers as host-1 to host-4."""
    from psbuddy.demo.sshd import LoopbackSshd, SshdUnavailable

    server = LoopbackSshd(tmp_path_factory.mktemp("sshd"), SSHD_HOSTS)
    try:
        server.start()
    except SshdUnavailable as reason:
        pytest.skip(str(reason))
    yield server
    server.stop()
