"""Checks by the tools a host has. What none of them can tell is unknown, with the reason."""

import posixpath
import time
from typing import Any
from urllib.parse import urlsplit

from psbhost import checks as usual

from psbsh.host import Host

_NO_ANSWER = {6: "the name does not resolve", 7: "connection refused", 28: "no answer in time"}


def run_check(host: Host, spec: dict[str, Any]) -> dict[str, Any]:
    """As psbhost.checks.run_check."""
    started = time.monotonic()
    try:
        kind = _KINDS.get(str(spec.get("kind")))
        if kind is None:
            state, detail = "unknown", f"this program knows no check of kind {spec.get('kind')!r}"
        else:
            state, detail = kind(host, spec, usual._timeout(spec))
    except (KeyError, TypeError, ValueError) as error:
        state, detail = "unknown", f"the check is not described well: {error}"
    except OSError as error:
        state, detail = "unknown", error.strerror or str(error)
    return {
        "app": spec.get("app"),
        "check": spec.get("check"),
        "state": state,
        "detail": detail[: usual.DETAIL_CAP],
        "ms": round((time.monotonic() - started) * 1000, 1),
    }


def _process(host: Host, spec: dict[str, Any], timeout: float) -> tuple[str, str]:
    if "ps" not in host.tools:
        return "unknown", "this host has no ps"
    name, least = spec["name"], int(spec.get("min", 1))
    own = host.facts.get("pid", "")
    found = sum(1 for line in host.lines("processes") if _is_process(line, name, own))
    return ("up" if found >= least else "down"), f"{found} running, {least} expected"


def _is_process(line: str, name: str, own: str) -> bool:
    """By the program's name, the kernel's short name, or a script an interpreter runs."""
    words = line.split()
    if len(words) < 3 or words[0] == own or words[1].startswith("Z"):
        return False
    short, args = words[2], words[3:6]
    if name == short or (len(name) > 15 and name[:15] == short and args[:1] == [f"[{short}]"]):
        return True
    return any(word == name or posixpath.basename(word) == name for word in args)


def _unit(host: Host, spec: dict[str, Any], timeout: float) -> tuple[str, str]:
    if "systemctl" not in host.tools:
        return "unknown", "systemctl is not installed here"
    wanted = "--property=LoadState,ActiveState,SubState"
    code, output = _run(host, timeout, ["systemctl", "show", wanted, "--", spec["name"]])
    fields = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    if code != 0 or "ActiveState" not in fields:
        return "unknown", f"systemctl does not answer: {output.strip()[:200]}"
    if fields.get("LoadState") == "not-found":
        return "unknown", f"there is no unit {spec['name']}"
    detail = f"{fields['ActiveState']} ({fields.get('SubState', '')})"
    return ("up" if fields["ActiveState"] in ("active", "reloading") else "down"), detail


def _port(host: Host, spec: dict[str, Any], timeout: float) -> tuple[str, str]:
    address, port = spec.get("address") or "127.0.0.1", int(spec["port"])
    started = time.monotonic()
    if "nc" in host.tools:
        argv = ["nc", "-z", "-w", str(max(1, round(timeout))), address, str(port)]
    elif "bash" in host.tools:
        argv = ["bash", "-c", ': </dev/tcp/"$1"/"$2"', "bash", address, str(port)]
    else:
        return "unknown", "this host has neither nc nor bash to try a port with"
    code, output = _run(host, timeout, argv)
    if code == 0:
        return "up", f"open in {(time.monotonic() - started) * 1000:.0f} ms"
    if "not known" in output or "resolve" in output or "Name or service" in output:
        return "unknown", f"the name {address} does not resolve"
    if code in (124, 143):
        return "down", f"no answer within {timeout:g} s"
    return "down", "Connection refused" if "refused" in output else "not open"


def _http(host: Host, spec: dict[str, Any], timeout: float) -> tuple[str, str]:
    url = urlsplit(spec["url"])
    if url.scheme not in ("http", "https") or not url.hostname:
        return "unknown", "not an http or https address"
    if "curl" not in host.tools:
        return "unknown", "this host has no curl to ask with"
    started = time.monotonic()
    argv = ["curl", "-sS", "-q", "--globoff", "-m", f"{timeout:g}", "-A", "psbuddy-check",
            "-w", "\n%{http_code}", "--", spec["url"]]  # fmt: skip
    code, output = _run(host, timeout + 1, argv)
    if code == 6:
        return "unknown", f"the name {url.hostname} does not resolve"
    if code != 0:
        return "down", _NO_ANSWER.get(code, f"no HTTP answer (curl {code})")
    body, _, status = output.rstrip("\n").rpartition("\n")
    return usual._judge(int(status), body.encode(), spec, time.monotonic() - started)


def _command(host: Host, spec: dict[str, Any], timeout: float) -> tuple[str, str]:
    argv = spec["argv"]
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        return "unknown", "the command must be a list of words"
    code, output = _run(host, timeout, argv)
    if code in (124, 143) and "timeout" in host.tools:
        return "unknown", f"{argv[0]} did not end within {timeout:g} s"
    if code in (126, 127):
        return "unknown", f"the command could not run: exit {code}"
    lines = output.strip().splitlines()
    detail = f"exit {code}" + (": " + lines[-1] if lines else "")
    state = "up" if code == int(spec.get("expect", 0)) else "down"
    return state, usual._masked(detail)


def _run(host: Host, timeout: float, argv: list[str]) -> tuple[int, str]:
    """(exit status, output) of a command on the host."""
    body = host.ask("run", str(max(1, round(timeout))), *argv).decode("utf-8", "replace")
    output, _, code = body.rstrip("\n").rpartition("\n@exit ")
    return int(code), output


_KINDS = {"process": _process, "unit": _unit, "port": _port, "http": _http, "command": _command}
