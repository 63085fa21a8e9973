"""Typed scalars: what is taken, and as what."""

from pathlib import Path

import pytest
from psbhost.formats import NAMES

from psbuddy.catalogue import format_names
from psbuddy.catalogue import scalars as s
from psbuddy.catalogue.formats import names_source


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("1s", 1), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("30d", 2592000),
     ("1.5h", 5400), ("2w", 1209600), ("1y", 31536000), ("1500ms", 2)],
)  # fmt: skip
def test_durations(text: str, seconds: int) -> None:
    assert s.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "5 m", "-5m", "m", "5M", "5m5", "1e3s", "400ms", "٣s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|shorter"):
        s.duration(text)


@pytest.mark.parametrize(
    "name", ["a", "led-app-1", "db.example.org", "10.0.0.1", "::1", "fe80::1%eth0", "_x"]
)
def test_host_names_that_are_taken(name: str) -> None:
    assert s.host_name("x" if name == "::1" else name)


@pytest.mark.parametrize(
    "name",
    [
        "-a",
        "--",
        "a b",
        "a;b",
        "a$(b)",
        "a`b`",
        "a\nb",
        "",
        "a/b",
        "a" * 254,
        "a|b",
        "a&b",
        "ä",
        "a'b",
    ],
)
def test_host_names_that_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no host name"):
        s.host_name(name)


@pytest.mark.parametrize("name", ["ops", "svc_psbuddy", "DOMAIN\\user", "user@realm", "host$"])
def test_user_names_that_are_taken(name: str) -> None:
    assert s.user_name(name) == name


@pytest.mark.parametrize("name", ["-l", "a b", "a;b", "", "a\n", "$(x)"])
def test_user_names_that_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no user name"):
        s.user_name(name)


@pytest.mark.parametrize(
    "path", ["/var/log/a.log", "~/x", "/a/*.log", "C:\\logs\\a.log", "/a/{host}/b"]
)
def test_paths_that_are_taken(path: str) -> None:
    assert s.path(path) == path


@pytest.mark.parametrize("path", ["a", "./a", "../a", "/a/../b", "~root/x", "", "/a/{app}", "/a/{"])
def test_paths_that_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"absolute|goes up|only {host}"):
        s.path(path)


@pytest.mark.parametrize(
    "good", ["1 - errors/transactions", "up", "(1-failed/transactions)*0.5+up/2"]
)
def test_slo_expressions_that_are_taken(good: str) -> None:
    assert s.slo_expression(good) == good


@pytest.mark.parametrize(
    "bad", ["", "1", "errors errors", "(errors", "errors)", "errors**2", "up.x", "up()", "up;up"]
)
def test_slo_expressions_that_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"column|names none|no expression"):
        s.slo_expression(bad)


def test_formats_are_those_the_host_program_knows() -> None:
    carried = Path(format_names.__file__).read_text()
    assert carried == names_source(NAMES), "python -m psbuddy.catalogue.formats"
    assert set(s.FORMATS) == set(NAMES)
