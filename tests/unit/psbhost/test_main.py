"""The real program under the real interpreter flags, spoken to in frames."""

import json
import os
import shutil
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import frames
from psbhost.main import handle

import collectors.frames
from collectors.program import CODE, host_program
from psbuddy.assets import scripts_root

PYTHON = shutil.which("python3") or "python3"


class Program:
    """A running host program."""

    def __init__(self):
        self.child = subprocess.Popen(
            [PYTHON, "-I", "-S", "-c", CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
        )
        self.reader = frames.FrameReader(frames.MAX_REPLY)
        self.found = []

    def send(self, data):
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def receive(self):
        while not self.found:
            data = os.read(self.child.stdout.fileno(), 65536)
            assert data, self.child.stderr.read()
            self.found += self.reader.feed(data)
        return self.found.pop(0)

    def end(self):
        out, err = self.child.communicate(timeout=20)
        return self.child.returncode, out, err


@pytest.fixture
def program():
    one = Program()
    yield one
    one.child.kill()
    one.child.wait()
    for stream in (one.child.stdin, one.child.stdout, one.child.stderr):
        stream.close()


def test_hello_then_answers_then_the_end_of_input(program, tmp_path):
    log = tmp_path / "a.log"
    log.write_text("2026-11-24 10:00:00,001 ERROR [m] c.F - x\n")
    visit = {"op": "visit", "nonce": "n1", "facts": True, "budget": {"hold": 0},
             "logs": [{"app": "a", "log": "l", "path": str(log), "zone": [[0, 0]]}]}  # fmt: skip
    # everything at once: what the start command read ahead must not be lost
    program.send(
        host_program().opening + frames.encode(1, {"op": "ping"}) + frames.encode(2, visit)
    )
    number, hello = program.receive()
    assert (number, hello["op"], hello["program"]) == (0, "hello", host_program().sha256)
    number, ping = program.receive()
    assert (number, ping["op"]) == (1, "ping")
    number, reply = program.receive()
    assert (number, reply["nonce"], reply["program"]) == (2, "n1", host_program().sha256)
    assert reply["logs"][0]["levels"] == [[1795514400, 5, 1]]
    assert reply["facts"]["boot_time"] > 0
    assert program.end() == (0, b"", b"")


def test_nothing_a_peer_sends_makes_it_print_a_traceback(program):
    program.send(host_program().opening)
    program.receive()
    requests = [
        {}, {"op": None}, {"op": "visit", "logs": 3}, {"op": "visit", "logs": [{}]},
        {"op": "visit", "logs": [3]}, {"op": "visit", "budget": 7}, {"op": "lines"},
        {"op": "visit", "logs": [{"app": "a", "log": "l", "path": "\0"}]},
        {"op": "discover", "folders": [3]}, {"op": "assign"},
        {"op": "visit", "checks": [{"kind": []}]},
    ]  # fmt: skip
    for number, request in enumerate(requests):
        program.send(frames.encode(number + 1, request))
        found, reply = program.receive()
        assert found == number + 1
        assert reply["op"] in ("error", "visit", "discover")
        assert "Traceback" not in json.dumps(reply)
    program.send(b"noise" + frames.encode(99, {"op": "ping"}).replace(b'"ping"', b'"pong"'))
    assert program.receive()[1]["code"] == "bad frame"
    assert program.end() == (0, b"", b"")


def _loaded(code, *arguments):
    """What is in memory after this."""
    code = f"import sys; sys.path.insert(0, sys.argv[1]); {code}; print(*sys.modules)"
    told = subprocess.run(
        [PYTHON, "-I", "-S", "-c", code, str(scripts_root()), *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(told.stdout.split())


def test_hello_is_said_before_anything_that_takes_time_is_loaded():
    loaded = _loaded("import psbhost.start")
    ours = {name for name in loaded if name.startswith("psbhost.")}
    assert ours == {"psbhost.start", "psbhost.framing", "psbhost.digest"}
    assert not {"json", "re", "hashlib", "select"} & loaded


def test_a_heartbeat_loads_nothing(tmp_path):
    beat = collectors.frames.encode(7, {"op": "ping", "nonce": "00ff"})
    answered = tmp_path / "answered"
    loaded = _loaded(
        "import io; from psbhost import main; main.PROGRAM = 'me';"
        "main.answer(io.BytesIO(bytes.fromhex(sys.argv[2])), open(sys.argv[3], 'wb'), 1)",
        beat.hex(), str(answered),
    )  # fmt: skip
    assert not {"json", "re", "hashlib", "psbhost.budget"} & loaded
    ((number, reply),) = frames.FrameReader().feed(answered.read_bytes())
    assert (number, reply["op"], reply["program"]) == (7, "ping", "me")
    assert abs(reply["time"] - time.time()) < 3600


def test_it_is_polite_from_the_first_work_on(program):
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    program.send(host_program().opening + frames.encode(1, {"op": "ping", "nonce": "0"}))
    told = [program.receive()[1]["op"] for _ in range(2)]
    niceness = [os.getpriority(os.PRIO_PROCESS, program.child.pid)]
    for number in (2, 3):
        program.send(frames.encode(number, {"op": "visit"}))
        told.append(program.receive()[1]["op"])
        niceness.append(os.getpriority(os.PRIO_PROCESS, program.child.pid))
    assert told == ["hello", "ping", "visit", "visit"]
    assert niceness == [ours, min(19, ours + 10), min(19, ours + 10)]


def test_it_ends_by_itself_when_nobody_asks():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from psbhost.start import serve; serve('', 0.05)"
    )
    folder = str(scripts_root())
    done = subprocess.Popen(
        [PYTHON, "-I", "-S", "-c", code, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert done.wait(timeout=20) == 0
    assert b"hello" in done.stdout.read()
    done.stdin.close()
    done.stdout.close()


def test_a_closed_reader_ends_it_quietly(program):
    program.child.stdout.close()
    program.send(host_program().opening)
    program.child.stdin.close()
    assert program.child.wait(timeout=20) == 0
    assert program.child.stderr.read() == b""


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["op", "logs", "path", "app", "zone", "positions", "jobs", "transactions",
                         "budget", "hold", "seconds", "history", "checks", "kind"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["visit", "lines", "ping", "assign"]), values, values)
def test_any_request_gets_an_answer(operation, logs, more):
    request = {"op": operation, "logs": [logs], "path": more, "around": more, "budget": logs}
    reply = handle(request)
    assert reply["op"] in (operation, "error")


def test_one_bad_log_does_not_cost_the_others(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("2026-11-24 10:00:00,001 ERROR [m] c.F - x\n")
    good = {"app": "a", "log": "good", "path": str(log)}
    bad = {"app": "a", "log": "bad", "path": str(log), "zone": "nonsense"}
    reply = handle({"op": "visit", "logs": [bad, good], "budget": {"hold": 0}})
    assert [each["records"] for each in reply["logs"]] == [0, 1]
    assert reply["logs"][0]["problems"][0]["code"] in ("pattern", "unreadable")


def test_cost_and_time_are_told():
    before = time.time()
    reply = handle({"op": "visit", "nonce": "x"})
    assert before - 1 <= reply["time"] <= time.time() + 1
    assert set(reply["cost"]) == {"cpu_s", "rss", "bytes"}
    assert reply["facts"] is None


def test_a_reply_that_grows_too_large_leaves_logs_for_the_next_visit(tmp_path, monkeypatch):
    monkeypatch.setattr("psbhost.main.LARGEST_REPLY", 10)
    log = tmp_path / "a.log"
    log.write_text("2026-11-24 10:00:00,001 ERROR [m] c.F - x\n")
    logs = [{"app": "a", "log": name, "path": str(log)} for name in ("one", "two")]
    reply = handle({"op": "visit", "logs": logs, "budget": {"hold": 0}})
    assert [each["records"] for each in reply["logs"]] == [1, 0]
    assert reply["logs"][1]["backlog_bytes"] == log.stat().st_size
    assert reply["logs"][1]["read_until"] == 0
