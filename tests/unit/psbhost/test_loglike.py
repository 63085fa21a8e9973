"""Names, folders and content of logs, told from those of other files."""

import pytest
from psbhost import loglike


@pytest.mark.parametrize(
    "path",
    [
        "/var/log/dpkg.log",
        "/var/log/syslog",
        "/opt/x/catalina.out",
        "/opt/x/logs/trace",
        "/a/b.trc",
    ],
)
def test_names_and_folders_of_logs_promise_one(path: str) -> None:
    assert loglike.candidate(path)
    assert loglike.promised(path)


@pytest.mark.parametrize("path", ["/var/log/data.json", "/opt/x/events.jsonl", "/opt/notes.txt"])
def test_some_names_are_worth_a_look_and_promise_nothing(path: str) -> None:
    assert loglike.candidate(path)
    assert loglike.promised(path) is False


@pytest.mark.parametrize(
    "path",
    ["/var/log/LICENSE.txt", "/opt/README.txt", "/opt/changelog", "/var/log/a.log.gz", "/opt/a.so"],
)
def test_documents_and_packed_files_are_no_candidates(path: str) -> None:
    assert not loglike.candidate(path)


@pytest.mark.parametrize(
    ("folder", "left_out"),
    [("site-packages", True), ("x-1.0.dist-info", True), ("cuda", True), ("cuda-12.4", True),
     ("doc", True), (".git", True), ("shop", False), ("log", False)],
)  # fmt: skip
def test_trees_of_software_are_left_out(folder: str, left_out: bool) -> None:
    assert loglike.skipped(folder) is left_out


def test_json_documents_are_told_from_json_lines() -> None:
    assert loglike.document(b'{\n  "url": "x"\n}\n')
    assert loglike.document(b'[{"a": 1}]')
    assert not loglike.document(b'{"time": 1, "msg": "x"}\n{"time": 2, "msg": "y"}\n')
    assert not loglike.document(b"[2026-11-24 10:00:00] INFO started\n")


def test_binary_is_told_from_text() -> None:
    assert loglike.binary(b"\x07\x00\x00\x00ts/0")
    assert not loglike.binary("2026-11-24 ERROR müde \x1b[31mred\t\n".encode())


def test_rotated_siblings_go_and_their_order_stays() -> None:
    paths = ["/l/b.log", "/l/a.log.1", "/l/a.log", "/l/a-2026-11-23.log", "/l/c.log.1", "/l/syslog"]
    assert loglike.without_rotated(paths) == ["/l/b.log", "/l/a.log", "/l/c.log.1", "/l/syslog"]
