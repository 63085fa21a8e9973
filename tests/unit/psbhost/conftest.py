"""A log of one test, and somebody who writes to it."""

import pytest

from tests.support.hostlog import Writer


@pytest.fixture
def log(tmp_path):
    return tmp_path / "app.log"


@pytest.fixture
def writer(log):
    return Writer(log)
