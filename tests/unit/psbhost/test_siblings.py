"""Which names are rotated predecessors of a log."""

import pytest
from psbhost import siblings


def rotated(path):
    return [one for one, _ in siblings.candidates(path)]


@pytest.mark.parametrize(
    ("base", "name", "is_one"),
    [
        ("app.log", "app.log.1", True),
        ("app.log", "app.log.12.gz", True),
        ("app.log", "app.log-20261124", True),
        ("app.log", "app.log-20261124.gz", True),
        ("app.log", "app.log.2026-11-24-10", True),
        ("app.log", "app-2026-11-24.log", True),
        ("app.log", "app-2026-11-24.1.log.gz", True),
        ("app.log", "app.1.log", True),
        ("app.log", "app.log.old", True),
        ("app-2026-11-24.log", "app-2026-11-23.log", True),
        ("messages", "messages-20261101", True),
        ("app.log", "app-1.log", False),
        ("app.log", "app-web.log", False),
        ("app.log", "app.log.lck", False),
        ("app.log", "app.log.conf", False),
        ("app.log", "application.log", False),
        ("app1.log", "app2.log", False),
        ("app.log", "other.log.1", False),
    ],
)
def test_names(tmp_path, base, name, is_one):
    for each in (base, name):
        (tmp_path / each).write_text("x")
    found = rotated(str(tmp_path / base))
    assert found == ([str(tmp_path / name)] if is_one else [])


def test_archive_folders_and_links(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "app.log.1").write_text("x")
    (tmp_path / "app.log").write_text("x")
    (tmp_path / "app.log.2").symlink_to(tmp_path / "app.log")
    assert rotated(str(tmp_path / "app.log")) == [str(tmp_path / "archive" / "app.log.1")]


def test_patterns(tmp_path):
    for name in ("b.log", "a.log", "c.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "d.log").mkdir()
    assert siblings.named(f"{tmp_path}/*.log") == [f"{tmp_path}/a.log", f"{tmp_path}/b.log"]
    assert siblings.named("/no/such.log") == ["/no/such.log"]
    assert siblings.is_glob("a*") and not siblings.is_glob("a.log")
    assert siblings.outside("/etc/passwd", f"{tmp_path}/*")
    assert not siblings.outside(f"{tmp_path}/a.log", f"{tmp_path}/*")
