"""The leak checks themselves must notice what they are there for."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support import leaks


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "PATIENCE_SECONDS", 0.05)


def test_a_thread_left_behind_is_named_with_its_birthplace(impatient: None) -> None:
    before = leaks.threads()
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="forgotten")
    thread.start()
    told = leaks.leaked_threads(before)
    release.set()
    thread.join()
    assert len(told) == 1
    assert "forgotten" in told[0]
    assert "test_a_thread_left_behind" in told[0]


def test_a_child_left_behind_is_named_and_ended(impatient: None) -> None:
    before = leaks.children()
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    told = leaks.leaked_children(before)
    assert child.wait(timeout=10) == -9
    assert f"process {child.pid}" in told[0]


def test_an_open_file_is_seen() -> None:
    before = leaks.descriptors()
    with Path(os.devnull).open():
        assert any("/dev/null" in line for line in leaks.descriptors() - before)


def test_home_is_not_the_users(tmp_home: Path) -> None:
    assert Path.home() == tmp_home
