"""Python, our packages, SQLite, OpenSSH."""

import importlib.util
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import psbuddy
from psbuddy.cli.health import Finding, fine, note, wrong
from psbuddy.store.sqlite import OLDEST, VERSION, version_note

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SERVERS = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/opt/homebrew/sbin/sshd")


def program_findings() -> Iterator[Finding]:
    """What this program stands on."""
    yield fine("PS Buddy", f"{psbuddy.__version__} in {Path(psbuddy.__file__).parent}")
    yield fine("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _packages()
    yield from _ours()
    yield _sqlite()
    yield _client()
    yield _server()
    yield _host_python()


def _packages() -> Iterator[Finding]:
    """Every package we need, as our own metadata names it."""
    try:
        wanted = requires("psbuddy") or []
    except PackageNotFoundError:
        yield note("Packages", "PS Buddy runs from its folder, not installed", "Run make run once.")
        return
    missing, there = [], []
    for line in wanted:
        found = _NAME.match(line)
        if found is None or "extra ==" in line or _elsewhere(line):
            continue
        try:
            there.append(f"{found[0]} {version(found[0])}")
        except PackageNotFoundError:
            missing.append(found[0])
    if missing:
        yield wrong(
            "Packages", f"missing: {', '.join(missing)}", "Run make run, which installs them."
        )
    else:
        yield fine("Packages", ", ".join(there))


def _elsewhere(line: str) -> bool:
    """Needed on another system only."""
    marker = re.search(r"sys_platform == ['\"](\w+)['\"]", line)
    return marker is not None and marker[1] != sys.platform


def _ours() -> Iterator[Finding]:
    """`ui` and `collectors` are common names: are those on the path really ours?"""
    home = Path(psbuddy.__file__).resolve().parent.parent
    for name in ("ui", "collectors"):
        spec = importlib.util.find_spec(name)
        places = list(spec.submodule_search_locations or ()) if spec else []
        what = f"Package {name}"
        if not places:
            yield wrong(what, "not found", "Install PS Buddy again.")
        elif Path(places[0]).resolve().parent != home:
            todo = f"Another package named {name} is in the way. Use an environment of its own."
            yield wrong(what, f"taken from {places[0]}", todo)
        else:
            yield fine(what, places[0])


def _sqlite() -> Finding:
    found = ".".join(map(str, VERSION))
    said = version_note()
    if not said:
        return fine("SQLite", found)
    return (wrong if VERSION < OLDEST else note)("SQLite", found, said)


def _client() -> Finding:
    ssh = shutil.which("ssh")
    if ssh is None:
        todo = "~/.ssh/config is read in part only. Install the OpenSSH client."
        return note("OpenSSH client", "not found", todo)
    return fine("OpenSSH client", f"{_first_line([ssh, '-V'])} ({ssh})")


def _server() -> Finding:
    sshd = shutil.which("sshd") or next((each for each in _SERVERS if Path(each).exists()), None)
    if sshd is None:
        todo = "Only the demo needs it; without it the demo reads its logs directly."
        return note("OpenSSH server", "not found", todo)
    return fine("OpenSSH server", sshd)


def _host_python() -> Finding:
    """This machine as a host runs the host program under python3."""
    python = shutil.which("python3")
    if python is None:
        return note("python3", "not found", "Needed to watch this machine itself. Install python3.")
    return fine("python3", f"{_first_line([python, '-I', '-S', '-V'])} ({python})")


def _first_line(command: list[str]) -> str:
    """What a program says of its version, on whichever stream."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=10, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not start: {error}"
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0][:120] if lines else "says nothing"
