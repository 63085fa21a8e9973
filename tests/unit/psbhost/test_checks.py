"""Checks against real processes, ports and HTTP servers; what is not known is unknown."""

import http.server
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from psbhost.checks import run_check

from tests.support.leaks import wait_for


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if self.path == "/bad" else 200)
        self.end_headers()
        self.wfile.write(b"status: fine" * 10)

    def log_message(self, *_args):
        pass


@pytest.fixture
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def silent():
    """A port that accepts and never speaks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def state(**spec):
    found = run_check({"app": "a", "check": "c", "timeout": 2, **spec})
    assert found["ms"] >= 0
    assert found["detail"]
    return found["state"]


def test_http(web):
    assert state(kind="http", url=web + "/") == "up"
    assert state(kind="http", url=web + "/bad") == "down"
    assert state(kind="http", url=web + "/bad", expect=503) == "up"
    assert state(kind="http", url=web + "/", contains="fine") == "up"
    assert state(kind="http", url=web + "/", contains="magic") == "down"


def test_http_that_cannot_be_had(silent):
    assert state(kind="http", url=f"http://127.0.0.1:{closed_port()}/") == "down"
    assert state(kind="http", url=f"http://127.0.0.1:{silent}/", timeout=0.1) == "down"
    assert state(kind="http", url="ftp://x/") == "unknown"
    assert state(kind="http", url="http://no-such-host.invalid/") == "unknown"


def test_port(silent):
    assert state(kind="port", address="127.0.0.1", port=silent) == "up"
    assert state(kind="port", address="127.0.0.1", port=closed_port()) == "down"


def test_process():
    assert state(kind="process", name="no-such-program-here") == "down"
    child = subprocess.Popen(["sleep", "60"])
    assert state(kind="process", name="sleep") == "up"
    assert state(kind="process", name="sleep", min=10_000) == "down"
    child.kill()
    child.wait()


def test_command(tmp_path):
    assert state(kind="command", argv=["true"]) == "up"
    assert state(kind="command", argv=["false"]) == "down"
    assert state(kind="command", argv=["false"], expect=1) == "up"
    assert state(kind="command", argv=["/no/such/program"]) == "unknown"
    assert state(kind="command", argv="true; rm -rf /") == "unknown"
    found = run_check({"kind": "command", "argv": ["echo", "; touch x password=canary"]})
    assert found["detail"] == "exit 0: ; touch x password=***"


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path):
    note = tmp_path / "pid"
    script = f"sleep 300 & echo $! > {note}; wait"
    assert state(kind="command", argv=["sh", "-c", script], timeout=0.5) == "unknown"
    stat = Path(f"/proc/{note.read_text().strip()}/stat")

    def ended():
        return not stat.exists() or stat.read_text().split()[2] in "ZX"

    wait_for(ended)  # a killed process may take a moment to leave


def test_a_command_that_talks_without_end_takes_bounded_memory():
    argv = [
        sys.executable,
        "-c",
        "import sys\nfor _ in range(400): sys.stdout.write('x' * 100000)\nprint('end')",
    ]
    found = run_check({"kind": "command", "argv": argv, "timeout": 20})
    assert found["state"] == "up"
    assert len(found["detail"]) <= 300


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"kind": "magic"},
        {"kind": "port"},
        {"kind": "port", "port": "x"},
        {"kind": "process"},
        {"kind": "command", "argv": []},
        {"kind": "http", "url": ""},
    ],
)
def test_what_is_not_described_well_is_unknown(spec):
    assert state(**spec) == "unknown"


def test_a_unit_is_unknown_where_systemd_does_not_answer():
    found = run_check({"kind": "unit", "name": "no-such-unit-here.service"})
    assert found["state"] == "unknown"
    assert found["detail"]
