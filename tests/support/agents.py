"""A real ssh-agent for the length of a block."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def agent_with(folder: Path, *files: Path) -> Iterator[str]:
    """Its address, once it listens and holds the keys of these files."""
    address = str(folder / "agent")
    process = subprocess.Popen(["ssh-agent", "-D", "-a", address], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        process.stdout.readline()  # it says where, after it began to listen
        for file in files:
            env = {**os.environ, "SSH_AUTH_SOCK": address}
            subprocess.run(["ssh-add", "-q", file], check=True, env=env)
        yield address
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
