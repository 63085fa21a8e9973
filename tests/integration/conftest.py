"""Servers with lines of their own in sshd_config, for the length of one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import Servers, servers


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Servers]:
    with servers(tmp_path) as made:
        yield made
