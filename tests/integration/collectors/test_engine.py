"""The engine over a real sshd, a real store and the real host program."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collectors.engine import run_engine
from psbuddy.demo.sshd import LoopbackSshd, _descendants
from psbuddy.store import connect_readonly
from tests.support import leaks
from tests.support.catalogues import application, hosts_section, write_records
from tests.support.engines import AT_ONCE, running


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(connect_readonly(str(db))) as connection:
        return [tuple(row) for row in connection.execute(query)]


def records(db: Path) -> dict[str, int]:
    return dict(rows(db, "SELECT host, sum(records) FROM v_minute GROUP BY host"))  # type: ignore[arg-type]


def watch(catalogue: Path, sshd: LoopbackSshd, log: Path, hosts: tuple[str, ...]) -> None:
    ssh = [host for host in hosts if host != "local"]
    text = (hosts_section(sshd, ssh) if ssh else "") + application("shop", hosts, log)
    (catalogue / "shop.yaml").write_text(text)


def once(db: Path, catalogue: Path, **options: Any) -> tuple[int, list[dict[str, Any]]]:
    seen: list[dict[str, Any]] = []
    code = run_engine(
        str(db), catalogue, once=True, on_event=seen.append, budget=AT_ONCE, **options
    )
    return code, seen


def test_ssh_and_local_bring_home_the_same(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    watch(catalogue, sshd, log, ("host-1", "host-2", "local"))
    code, seen = once(db, catalogue)
    assert code == 0, seen
    assert records(db) == {"host-1": 1000, "host-2": 1000, "local": 1000}
    causes = rows(db, "SELECT cause, template, records FROM v_cause")
    assert [count for _, _, count in causes] == [300]
    assert len(
        set(rows(db, "SELECT minute, level, records FROM v_minute WHERE host='local'"))
    ) == len(rows(db, "SELECT DISTINCT minute, level, records FROM v_minute"))


def test_what_was_counted_is_not_counted_again(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    watch(catalogue, sshd, log, ("host-1",))
    once(db, catalogue)
    write_records(log, 50, age=60)
    once(db, catalogue)
    assert records(db) == {"host-1": 1050}


def test_held_bytes_are_waited_for(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    """A record written this very moment may still grow; `--once` comes back for it."""
    watch(catalogue, sshd, log, ("local",))
    write_records(log, 1, age=0)
    assert run_engine(str(db), catalogue, once=True) == 0
    assert records(db) == {"local": 1001}


def test_a_host_that_cannot_be_reached_is_told_and_the_others_go_on(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    text = hosts_section(sshd, ["host-1", "host-2"]).replace(
        f"    address: 127.0.1.2\n    port: {sshd.port}", "    address: 127.0.2.9\n    port: 1"
    )
    (catalogue / "a.yaml").write_text(text + application("shop", ["host-1", "host-2"], log))
    said: list[str] = []
    code = run_engine(str(db), catalogue, once=True, echo=said.append, budget=AT_ONCE)
    assert code == 1
    assert len(said) == 1
    assert said[0].startswith("host-2 (127.0.2.9 port 1) refuses connections.")
    assert records(db) == {"host-1": 1000}
    outcomes = dict(rows(db, "SELECT host, outcome FROM v_collection"))
    assert outcomes == {"host-1": "ok", "host-2": "failed"}


def test_names_that_are_not_there_are_wrong_use(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    watch(catalogue, sshd, log, ("host-1",))
    code, seen = once(db, catalogue, hosts=("host-9",))
    assert code == 2
    assert "There is no host 'host-9'" in seen[-2]["message"]


def test_a_bad_catalogue_is_told(db: Path, catalogue: Path) -> None:
    (catalogue / "bad.yaml").write_text("applications:\n  shop:\n    hots: [a]\n")
    code, seen = once(db, catalogue)
    assert code == 1
    told = next(event for event in seen if event["event"] == "catalogue")
    assert "bad.yaml" in told["problems"][0]


def test_an_unknown_key_is_asked_and_remembered(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    text = hosts_section(sshd, ["host-1"], known=False) + application("shop", ["host-1"], log)
    (catalogue / "a.yaml").write_text(text)
    asked: list[str] = []

    def yes(question: Any) -> bool:
        asked.append(question.sha256)
        return True

    said: list[str] = []
    assert once(db, catalogue, ask=yes, echo=said.append)[0] == 0
    assert said == []  # the question says it all
    assert once(db, catalogue, ask=yes)[0] == 0
    assert len(asked) == 1
    assert f"[127.0.1.1]:{sshd.port}" in (db.parent / "known_hosts").read_text()


def test_an_unknown_key_without_a_person_says_how_to_accept_it(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    text = hosts_section(sshd, ["host-1"], known=False) + application("shop", ["host-1"], log)
    (catalogue / "a.yaml").write_text(text)
    said: list[str] = []
    assert run_engine(str(db), catalogue, once=True, echo=said.append) == 1
    assert "psbuddy collect --once --host host-1" in said[0]
    said.clear()
    code, _ = once(db, catalogue, ask=lambda question: False, echo=said.append)
    assert code == 1
    assert said == ["The key of host-1 was not accepted. host-1 is not collected."]
    assert not (db.parent / "known_hosts").exists()


@pytest.fixture
def engine_catalogue(catalogue: Path, log: Path, sshd: LoopbackSshd) -> Iterator[Path]:
    watch(catalogue, sshd, log, ("host-1", "local"))
    yield catalogue


def test_the_window_hears_of_every_commit(db: Path, engine_catalogue: Path, log: Path) -> None:
    with running(db, engine_catalogue) as engine:
        assert engine.wait("ready")["db"].endswith("store.db")
        assert engine.wait("catalogue")["apps"] == ["shop"]
        engine.wait("collected", host="host-1", outcome="ok")
        if not any(event["event"] == "committed" for event in engine.seen):
            engine.wait("committed")
        committed = [event for event in engine.seen if event["event"] == "committed"]
        assert committed[0]["apps"] == ["shop"]
        write_records(log, 5, age=120)
        engine.ask("collect", host="local")
        engine.wait("visiting", host="local")
        engine.wait("collected", host="local", outcome="ok")
    assert engine.code == 0


def test_a_second_engine_on_the_same_store_is_refused(db: Path, engine_catalogue: Path) -> None:
    with running(db, engine_catalogue) as first:
        first.wait("ready")
        with running(db, engine_catalogue) as second:
            assert str(os.getpid()) in second.wait("busy")["message"]
            assert second.wait("stopped")["code"] == 1
        first.ask("stop")
        assert first.wait("stopped")["code"] == 0


def test_a_catalogue_that_turns_bad_keeps_the_last_good_one(
    db: Path, engine_catalogue: Path
) -> None:
    file = engine_catalogue / "shop.yaml"
    good = file.read_text()
    with running(db, engine_catalogue) as engine:
        engine.wait("collected", host="local")
        file.write_text(good + "  other:\n    hots: [x]\n")
        told = engine.wait("catalogue")
        assert "shop.yaml" in told["problems"][0]
        assert told["apps"] == ["shop"]
        engine.ask("collect", host="local")
        engine.wait("collected", host="local", outcome="ok")
        file.write_text(good + "  other:\n    hosts: [local]\n")
        assert engine.wait("catalogue", problems=[])["apps"] == ["shop", "other"]


def test_a_key_question_is_answered_by_a_request(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    text = hosts_section(sshd, ["host-1"], known=False) + application("shop", ["host-1"], log)
    (catalogue / "a.yaml").write_text(text)
    with running(db, catalogue) as engine:
        engine.wait("collected", host="host-1", outcome="failed", stage="host key")
        question = engine.wait("host_key")
        assert question["changed"] is False
        assert engine.wait("status", waiting=1)["hosts"] == 1
        engine.ask("host_key", host="host-1", fingerprint="SHA256:wrong", accept=True)
        assert "no open question" in engine.wait("problem")["message"]
        engine.ask("host_key", host="host-1", fingerprint=question["fingerprint"], accept=True)
        engine.wait("collected", host="host-1", outcome="ok")


def test_a_host_that_refuses_our_key_is_not_tried_again_by_itself(
    db: Path, catalogue: Path, log: Path, tmp_path: Path
) -> None:
    with LoopbackSshd(tmp_path / "own-sshd", {"host-1": "127.0.2.1"}) as server:
        (server.folder / "authorized_keys").write_text("")
        text = hosts_section(server, ["host-1"]) + application("shop", ["host-1"], log)
        (catalogue / "a.yaml").write_text(text)
        with running(db, catalogue) as engine:
            failed = engine.wait("collected", host="host-1", outcome="failed")
            assert failed["stage"] == "auth"
            assert engine.wait("status", waiting=1)
            engine.ask("collect", host="host-1")
            engine.wait("collected", host="host-1", outcome="failed", stage="auth")
        assert server.log_text().count("Failed publickey") == 2  # one by itself, one by request


def test_logs_are_found_on_a_host_that_is_in_no_catalogue(
    db: Path, catalogue: Path, log: Path, tmp_path: Path, sshd: LoopbackSshd, tmp_home: Path
) -> None:
    (tmp_home / ".ssh" / "config").write_text(
        f"Host new-host\n  HostName 127.0.1.3\n  Port {sshd.port}\n  User {sshd.user}\n"
        f"  IdentityFile {sshd.identity_file}\n  IdentitiesOnly yes\n"
        f"  UserKnownHostsFile {tmp_path}/none\n"
    )
    with running(db, catalogue) as engine:
        engine.ask("discover", id=7, host="new-host", folders=[str(tmp_path)])
        question = engine.wait("host_key", host="new-host")
        engine.ask("host_key", host="new-host", fingerprint=question["fingerprint"], accept=True)
        found = engine.wait("answer", id=7)
        assert str(log) in [each["path"] for each in found["logs"]], found
        engine.ask("discover", id=8, host="-oProxyCommand=touch x", folders=[str(tmp_path)])
        assert "cannot be the name of a host" in engine.wait("answer", id=8)["message"]


def test_lines_around_an_error(db: Path, engine_catalogue: Path, log: Path) -> None:
    import calendar
    import time as clock

    with running(db, engine_catalogue) as engine:
        engine.wait("collected", host="local", outcome="ok")
        line = log.read_text().splitlines()[500]
        time = calendar.timegm(clock.strptime(line[:19], "%Y-%m-%d %H:%M:%S"))
        fields = {"host": "local", "app": "shop", "time": time, "text": line}
        engine.ask("lines", id=1, log="app", before=3, after=2, **fields)
        found = engine.wait("answer", id=1)
        assert found["lines"][found["at"]] == line, found
        engine.ask("lines", id=2, log="shadow", **fields)
        assert "has no log 'shadow'" in engine.wait("answer", id=2)["message"]


def test_nonsense_on_stdin_is_told_and_harmless(db: Path, engine_catalogue: Path) -> None:
    with running(db, engine_catalogue) as engine:
        engine.ask("make coffee")
        assert "no request 'make coffee'" in engine.wait("problem")["message"]
        os.write(engine._requests, b"not json\n")
        assert "no request" in engine.wait("problem")["message"]


def test_it_stops_though_a_host_hangs(db: Path, catalogue: Path, log: Path, tmp_path: Path) -> None:
    with LoopbackSshd(tmp_path / "own-sshd", {"host-1": "127.0.2.1"}) as server:
        text = hosts_section(server, ["host-1"]) + application("shop", ["host-1"], log)
        (catalogue / "a.yaml").write_text(text)
        os.kill(server.pid, signal.SIGSTOP)
        with running(db, catalogue) as engine:
            engine.wait("visiting", host="host-1")
            engine.close_input()
            # The deadline of the handshake alone is 15 s.
            assert engine.wait("stopped", seconds=5)["code"] == 0


def child(db: Path, catalogue: Path) -> "subprocess.Popen[bytes]":
    code = (
        "import sys; from pathlib import Path; from collectors.engine import run_engine;"
        "sys.exit(run_engine(sys.argv[1], Path(sys.argv[2]), jsonl=True))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(db), str(catalogue)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("way", ["end of input", "SIGTERM", "broken pipe"])
def test_the_child_process_ends(db: Path, engine_catalogue: Path, way: str) -> None:
    process = child(db, engine_catalogue)
    assert process.stdin and process.stdout and process.stderr
    for line in process.stdout:
        if json.loads(line)["event"] == "collected":
            break
    if way == "end of input":
        process.stdin.close()
    elif way == "SIGTERM":
        process.send_signal(signal.SIGTERM)
    else:
        process.stdout.close()
        process.stdin.write(b'{"request": "collect"}\n')
        process.stdin.flush()
    assert process.wait(10) == 0
    assert process.stderr.read() == b""
    process.stderr.close()
    process.stdout.close()
    if not process.stdin.closed:
        process.stdin.close()


def test_nothing_stays_open(db: Path, engine_catalogue: Path) -> None:
    once(db, engine_catalogue)
    before = len(leaks.descriptors())
    once(db, engine_catalogue)
    leaks.wait_for(lambda: len(leaks.descriptors()) <= before)


def test_a_reply_that_is_cut_counts_nothing_and_the_next_visit_everything(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    watch(catalogue, sshd, log, ("host-1",))
    file = catalogue / "shop.yaml"
    whole = file.read_text()
    # The check ends the program that runs it, after the log was read and before the reply.
    file.write_text(whole + "    checks:\n      trap: {command: [/bin/sh, -c, 'kill -9 $PPID']}\n")
    code, seen = once(db, catalogue)
    failed = next(event for event in seen if event["event"] == "collected")
    assert code == 1
    assert failed["stage"] == "last frame"
    assert "Nothing of it was counted" in failed["detail"]
    assert records(db) == {}
    file.write_text(whole)
    assert once(db, catalogue)[0] == 0
    assert records(db) == {"host-1": 1000}


def test_a_changed_key_is_told_once_and_nothing_is_asked(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    kind, key = other.with_suffix(".pub").read_text().split()[:2]
    known = tmp_path / "known"
    known.write_text(f"[127.0.1.1]:{sshd.port} {kind} {key}\n")
    text = hosts_section(sshd, ["host-1"]).replace(str(sshd.known_hosts), str(known))
    (catalogue / "a.yaml").write_text(text + application("shop", ["host-1"], log))
    assert once(db, catalogue)[0] == 1
    ((state, headline),) = rows(db, "SELECT state, headline FROM app_status")
    assert (state, headline.partition(" since")[0]) == ("watch", "Host key changed on host-1")
    with running(db, catalogue) as engine:
        told = engine.wait("host_key", host="host-1", changed=True)
        assert told["known"].startswith("SHA256:")
        assert told["known"] != told["fingerprint"]
        assert told["place"].startswith(str(known))
        engine.ask("host_key", host="host-1", fingerprint=told["fingerprint"], accept=True)
        assert "no open question" in engine.wait("problem")["message"]
        known.unlink()  # the old line is removed: now it may be asked
        engine.ask("collect", host="host-1")
        assert engine.wait("host_key", host="host-1")["changed"] is False


def test_after_sleep_everything_is_visited_over_new_connections(
    db: Path, engine_catalogue: Path, monkeypatch: pytest.MonkeyPatch, sshd: LoopbackSshd
) -> None:
    import time
    from types import SimpleNamespace

    slept = [0.0]
    clocks = SimpleNamespace(time=lambda: time.time() + slept[0], monotonic=time.monotonic)
    monkeypatch.setattr("collectors.conductor.time", clocks)
    with running(db, engine_catalogue) as engine:
        engine.wait("collected", host="host-1", outcome="ok")
        logins = sshd.log_text().count("Accepted publickey")
        slept[0] = 8 * 3600.0
        assert engine.wait("woke")["seconds"] >= 8 * 3600 - 5
        engine.wait("collected", host="host-1", outcome="ok")
        assert sshd.log_text().count("Accepted publickey") == logins + 1


def _program_behind(server: LoopbackSshd) -> int:
    """Process id of the host program that the server runs for us."""
    for pid in _descendants(server.pid):
        with contextlib.suppress(OSError):
            if b"-I\0-S" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    raise AssertionError("the server runs no program of ours")


def test_a_host_whose_heart_stops_is_visited_long_before_its_time(
    db: Path, catalogue: Path, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.links.PING_AFTER", 0.5)
    monkeypatch.setattr("collectors.link.BEAT_SECONDS", 0.3)
    with LoopbackSshd(tmp_path / "own-sshd", {"host-1": "127.0.2.1"}) as server:
        apps = application("shop", ["host-1"], log, every="10m")
        (catalogue / "a.yaml").write_text(hosts_section(server, ["host-1"]) + apps)
        with running(db, catalogue) as engine:
            engine.wait("collected", host="host-1", outcome="ok")
            program = _program_behind(server)
            os.kill(program, signal.SIGSTOP)
            engine.wait("visiting", host="host-1")
            engine.wait("collected", host="host-1", outcome="ok")
            assert server.log_text().count("Accepted publickey") == 2
            os.kill(program, signal.SIGKILL)


def test_what_was_left_out_of_known_hosts_is_told_once(
    db: Path, catalogue: Path, log: Path, sshd: LoopbackSshd, tmp_path: Path
) -> None:
    known = tmp_path / "known"
    known.write_text("@strange *.lab ssh-rsa QUFBQQ==\n" + sshd.known_hosts.read_text())
    text = hosts_section(sshd, ["host-1", "host-2"]).replace(str(sshd.known_hosts), str(known))
    (catalogue / "a.yaml").write_text(text + application("shop", ["host-1", "host-2"], log))
    code, seen = once(db, catalogue)
    assert code == 0
    told = [event["message"] for event in seen if event["event"] == "problem"]
    assert len(told) == 1
    assert "could not be understood and was left out" in told[0]
