"""Ten thousand hosts that never answer (F81), in a network of their own: no host that answers waits
for them, and they cost neither threads nor memory."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.blackhole import EVERY, PREPARE, command

SECONDS = 90


def test_hosts_that_answer_are_on_time_among_ten_thousand_that_do_not(tmp_path: Path) -> None:
    able = subprocess.run(
        ["unshare", "-n", "sh", "-c", PREPARE], capture_output=True, text=True, check=False
    )
    if able.returncode:
        pytest.skip(f"no network of our own can be made here: {able.stderr.strip()}")
    ended = subprocess.run(
        command(tmp_path, 10_000, SECONDS), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    saw = json.loads(ended.stdout.splitlines()[-1])
    print(saw)
    # Of a catalogue of that size the first seconds are its own: reading, planning.
    assert min(saw["visits"].values()) >= SECONDS * 0.6 / EVERY, saw
    assert saw["longest_gap"] <= EVERY * 1.5, saw
    assert saw["lost"] > 30, saw
    assert saw["paths"] == ["down 10.77.0.0/16"], saw
    assert saw["threads"] <= 64, saw
    assert saw["peak_bytes"] <= 300 * 2**20, saw
