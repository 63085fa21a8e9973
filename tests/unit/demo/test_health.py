import urllib.error
import urllib.request

import pytest

from psbuddy.demo.health import HealthServer


@pytest.fixture
def server():
    server = HealthServer()
    yield server
    server.stop()


def test_a_service_answers_that_it_is_up(server: HealthServer) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/health/shop", timeout=10) as reply:
        assert reply.status == 200
        assert reply.read() == b'{"status":"UP"}\n'


def test_another_address_is_not_found(server: HealthServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/admin", timeout=10)
    assert caught.value.code == 404
    caught.value.close()
