"""A real child process: events in, requests out, and every way it can die."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.engine_client import EngineClient, engine_command
from ui.engine_desk import elsewhere_words
from ui.engine_events import (
    MAX_LINE,
    committed_of,
    host_key_of,
    parse_line,
    progress_words,
    request_line,
)

#: A child that says what it is told to and answers each request with its own words.
CHILD = """
import json, sys
for line in {lines!r}:
    sys.stdout.write(line + "\\n")
sys.stdout.flush()
for line in sys.stdin:
    asked = json.loads(line)
    if asked["request"] == "stop":
        break
    print(json.dumps({{"event": "answer", "id": asked["id"], "asked": asked}}), flush=True)
"""


@pytest.fixture
def clients() -> Iterator[list[EngineClient]]:
    made: list[EngineClient] = []
    yield made
    for client in made:
        client.stop()
        client.deleteLater()


def child(clients: list[EngineClient], *lines: str, code: str = "") -> EngineClient:
    program = code or CHILD.format(lines=list(lines))
    client = EngineClient([sys.executable, "-c", program])
    clients.append(client)
    return client


def test_events_become_values(qtbot: QtBot, clients: list[EngineClient]) -> None:
    event = {"event": "committed", "hosts": ["a"], "apps": ["b"], "kinds": ["runs"], "since": 5}
    client = child(clients, json.dumps(event))
    with qtbot.waitSignal(client.committed) as told:
        client.start()
    change = told.args[0]
    assert (change.hosts, change.apps, change.kinds) == (("a",), ("b",), ("runs",))
    assert (change.since, change.until) == (5, 0)


def test_a_request_gets_its_own_answer(qtbot: QtBot, clients: list[EngineClient]) -> None:
    client = child(clients)
    client.start()
    answers: list[object] = []
    client.discover("led-app-1", lambda reply: answers.append(reply["asked"]["host"]))
    client.discover("shop-app-1", lambda reply: answers.append(reply["asked"]["host"]))
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == ["led-app-1", "shop-app-1"]


def test_nonsense_and_endless_lines_are_told_and_left_out(
    qtbot: QtBot, clients: list[EngineClient]
) -> None:
    code = f"""
import sys
sys.stdout.write("not json\\n")
sys.stdout.write("x" * {MAX_LINE + 100_000} + "\\n")
sys.stdout.write('{{"event": "idle"}}\\n')
sys.stdout.flush()
sys.stdin.read()
"""
    client = child(clients, code=code)
    problems: list[str] = []
    client.problem.connect(problems.append)
    with qtbot.waitSignal(client.happened) as told:
        client.start()
    assert told.args[0] == {"event": "idle"}
    assert problems == [
        "The engine sent something that is no event; it was left out.",
        "The engine sent a message that was too long; it was left out.",
    ]


def test_ten_thousand_events_leave_the_window_its_turns(
    qtbot: QtBot, clients: list[EngineClient]
) -> None:
    code = """
import sys
for number in range(10_000):
    sys.stdout.write('{"event": "visiting", "host": "h%d", "share": 0.5}\\n' % number)
sys.stdout.write('{"event": "idle"}\\n')
sys.stdout.flush()
sys.stdin.read()
"""
    client = child(clients, code=code)
    seen: list[str] = []
    client.progress.connect(seen.append)
    client.start()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == "", timeout=20_000)
    assert len(seen) == 10_001
    assert seen[0] == "reading h0 · 50 %"


def test_a_dying_engine_says_why_and_is_started_again(
    qtbot: QtBot, clients: list[EngineClient]
) -> None:
    client = child(clients, code="import sys; sys.exit('no space left on device')")
    with qtbot.waitSignal(client.stopped) as told:
        client.start()
    assert told.args == ["The engine ended with status 1. It said: no space left on device.", 1]
    assert not client.is_running
    with qtbot.waitSignal(client.stopped, timeout=10_000) as again:
        pass
    assert again.args[1] == 3  # later each time
    with qtbot.waitSignal(client.running):
        client.restart()


def test_the_engines_own_sentence_is_the_reason(qtbot: QtBot, clients: list[EngineClient]) -> None:
    said = '{"event": "problem", "message": "The disk is full: /data. Make room."}'
    client = child(clients, code=f"import sys; print({said!r}, flush=True); sys.exit(1)")
    with qtbot.waitSignal(client.stopped) as told:
        client.start()
    assert told.args[0] == "The disk is full: /data. Make room."


def test_a_program_that_is_not_there_is_told(qtbot: QtBot, clients: list[EngineClient]) -> None:
    client = EngineClient(["/nowhere/psbuddy"])
    clients.append(client)
    with qtbot.waitSignal(client.stopped) as told:
        client.start()
    assert told.args[0].startswith("The engine could not be started: ")


def test_another_engine_on_this_store_is_no_failure(
    qtbot: QtBot, clients: list[EngineClient]
) -> None:
    code = """print('{"event": "busy", "message": "psbuddy (4711) collects here."}', flush=True)"""
    client = child(clients, code=code)
    with qtbot.assertNotEmitted(client.stopped, wait=200):
        with qtbot.waitSignal(client.elsewhere) as told:
            client.start()
        qtbot.waitUntil(lambda: not client.is_running)
    assert told.args == ["psbuddy (4711) collects here."]


def test_a_second_engine_waits_and_takes_over_when_the_first_has_ended(
    qtbot: QtBot, clients: list[EngineClient], tmp_path: Path
) -> None:
    (tmp_path / "catalogue").mkdir()
    command = engine_command(str(tmp_path / "store.db"), tmp_path / "catalogue")
    first, second = EngineClient(command), EngineClient(command, busy_ms=100)
    clients += [first, second]
    taken: list[bool] = []
    second.took_over.connect(lambda: taken.append(True))
    with qtbot.waitSignal(first.happened, timeout=20_000) as ready:
        first.start()
    assert ready.args[0]["event"] == "ready"
    with qtbot.waitSignal(second.elsewhere, timeout=20_000) as told:
        second.start()
    with qtbot.waitSignal(second.elsewhere, timeout=20_000):  # it looks again
        pass
    words = elsewhere_words(told.args[0])
    assert re.match(r"Another PS Buddy \(process \d+\) is collecting; this window", words)
    assert taken == []
    first.stop()
    qtbot.waitUntil(lambda: taken == [True], timeout=30_000)
    assert second.is_running


def test_stop_ends_even_a_deaf_child(qtbot: QtBot, clients: list[EngineClient]) -> None:
    code = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('{"event": "ready"}', flush=True)
while True:
    signal.pause()
"""
    client = child(clients, code=code)
    with qtbot.waitSignal(client.happened):
        client.start()
    client.stop()  # the suite fails if the process is still there
    assert not client.is_running
    assert not client.collect()


def test_the_command_line_is_a_list_and_nothing_is_glued(tmp_path: Path) -> None:
    command = engine_command("a b.db", tmp_path)
    assert command[:3] == [sys.executable, "-m", "psbuddy"]
    assert command[3:] == [
        "--db", "a b.db", "--catalogue", str(tmp_path), "collect", "--watch", "--jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"event": 5}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"x" * (MAX_LINE + 1),
    ],
)
def test_what_is_no_event_is_none(line: bytes) -> None:
    assert parse_line(line) is None


def test_fields_of_the_wrong_kind_count_as_absent() -> None:
    change = committed_of({"hosts": "abc", "apps": [1, "a"], "since": True, "until": 1e300})
    assert (change.hosts, change.apps, change.since, change.until) == ((), ("a",), 0, 0)
    key = host_key_of({"host": 5, "changed": "yes"})
    assert (key.host, key.changed) == ("", False)
    assert progress_words({"host": "a", "share": 7}) == "reading a"
    assert progress_words({}) == ""
    assert request_line("collect", {"host": "a\nb"}).count(b"\n") == 1
