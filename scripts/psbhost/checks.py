"""Checks seen from the host: process, systemd unit, port, HTTP, command.

Each has its deadline. What cannot be known is unknown, with the reason; it is never up.
"""

import os
import socket
import subprocess
import time

MAX_BODY = 65536
DETAIL_CAP = 300
MAX_TIMEOUT = 60.0


def run_check(spec: dict) -> dict:
    """Result of one check. Never raises."""
    started = time.monotonic()
    kind = spec.get("kind")
    try:
        runner = _KINDS.get(kind)
        if runner is None:
            state, detail = "unknown", "this program knows no check of kind %r" % (kind,)
        else:
            state, detail = runner(spec, _timeout(spec))
    except (KeyError, TypeError, ValueError) as error:
        state, detail = "unknown", "the check is not described well: %s" % error
    except OSError as error:
        state, detail = "unknown", error.strerror or str(error)
    elapsed = round((time.monotonic() - started) * 1000, 1)
    return {
        "app": spec.get("app"),
        "check": spec.get("check"),
        "state": state,
        "detail": detail[:DETAIL_CAP],
        "ms": elapsed,
    }


def _timeout(spec) -> float:
    value = spec.get("timeout", 5)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        return 5.0
    return min(float(value), MAX_TIMEOUT)


def _process(spec, _timeout_s):
    name, least = spec["name"], int(spec.get("min", 1))
    if not os.path.isdir("/proc/self"):
        return "unknown", "this host has no /proc"
    found = sum(1 for pid in os.listdir("/proc") if pid.isdigit() and _is_process(pid, name))
    detail = "%d running, %d expected" % (found, least)
    return ("up" if found >= least else "down"), detail


def _is_process(pid: str, name: str) -> bool:
    """By the program's name, the kernel's short name, or a script an interpreter runs."""
    if int(pid) == os.getpid():
        return False
    try:
        with open("/proc/%s/cmdline" % pid, "rb") as file:
            words = file.read(8192).split(b"\0")
        with open("/proc/%s/comm" % pid, "rb") as file:
            short = file.read(64).strip()
        with open("/proc/%s/stat" % pid, "rb") as file:
            state = file.read(1024).rpartition(b")")[2].split()[:1]
    except OSError:
        return False
    if state == [b"Z"]:
        return False
    wanted = name.encode("utf-8")
    if wanted == short or (len(wanted) > 15 and wanted[:15] == short and words[0] == b""):
        return True
    return any(os.path.basename(word) == wanted or word == wanted for word in words[:3] if word)


def _unit(spec, timeout):
    argv = ["systemctl", "show", "--property=LoadState,ActiveState,SubState", "--", spec["name"]]
    code, output = _run(argv, timeout)
    if code is None:
        return "unknown", output
    fields = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    if code != 0 or "ActiveState" not in fields:
        return "unknown", "systemctl does not answer: %s" % output.strip()[:200]
    if fields.get("LoadState") == "not-found":
        return "unknown", "there is no unit %s" % spec["name"]
    detail = "%s (%s)" % (fields["ActiveState"], fields.get("SubState", ""))
    return ("up" if fields["ActiveState"] in ("active", "reloading") else "down"), detail


def _port(spec, timeout):
    address, port = spec.get("address") or "127.0.0.1", int(spec["port"])
    started = time.monotonic()
    try:
        socket.create_connection((address, port), timeout).close()
    except socket.gaierror as error:
        return "unknown", "the name %s does not resolve: %s" % (address, error.strerror)
    except socket.timeout:
        return "down", "no answer within %g s" % timeout
    except (ConnectionError, OSError) as error:
        return "down", error.strerror or str(error)
    return "up", "open in %d ms" % ((time.monotonic() - started) * 1000)


def _http(spec, timeout):
    from http.client import HTTPException
    from urllib.parse import urlsplit

    url = urlsplit(spec["url"])
    if url.scheme not in ("http", "https") or not url.hostname:
        return "unknown", "not an http or https address"
    try:
        return _request(url, spec, timeout)
    except socket.gaierror as error:
        return "unknown", "the name %s does not resolve: %s" % (url.hostname, error.strerror)
    except socket.timeout:
        return "down", "no answer within %g s" % timeout
    except HTTPException as error:
        return "down", "no HTTP answer: %s" % type(error).__name__
    except OSError as error:
        return "down", error.strerror or str(error)


def _request(url, spec, timeout):
    from http.client import HTTPConnection, HTTPSConnection

    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    deadline = time.monotonic() + timeout
    connection = kind(url.hostname, url.port, timeout=timeout)
    try:
        target = (url.path or "/") + ("?" + url.query if url.query else "")
        connection.request("GET", target, headers={"User-Agent": "psbuddy-check"})
        answer = connection.getresponse()
        body = _body(answer, connection, deadline)
        return _judge(answer.status, body, spec, timeout - (deadline - time.monotonic()))
    finally:
        connection.close()


def _body(answer, connection, deadline):
    """At most MAX_BODY bytes, within the deadline even when they drip."""
    body = b""
    while len(body) < MAX_BODY:
        left = deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout()
        if connection.sock is not None:
            connection.sock.settimeout(left)
        chunk = answer.read1(4096)
        if not chunk:
            break
        body += chunk
    return body


def _judge(status, body, spec, seconds):
    expected = spec.get("expect")
    codes = expected if isinstance(expected, list) else [expected] if expected else None
    good = status in codes if codes else 200 <= status < 400
    detail = "%d in %d ms" % (status, seconds * 1000)
    text = spec.get("contains")
    if good and text and text.encode("utf-8") not in body:
        return "down", detail + ", the expected text is missing"
    return ("up" if good else "down"), detail


def _command(spec, timeout):
    argv = spec["argv"]
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        return "unknown", "the command must be a list of words"
    code, output = _run(argv, timeout)
    if code is None:
        return "unknown", output
    if code in (126, 127):
        return "unknown", "the command could not run: exit %d" % code
    lines = output.strip().splitlines()
    detail = "exit %d" % code + (": " + lines[-1] if lines else "")
    return ("up" if code == int(spec.get("expect", 0)) else "down"), _masked(detail)


def _masked(text):
    from psbhost.masks import plain

    return plain(text.encode("utf-8"), DETAIL_CAP)


def _run(argv, timeout):
    """(exit code, output); (None, reason) when it did not run or did not end in time."""
    try:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=dict(os.environ, LC_ALL="C"),
            cwd="/",
        )
    except FileNotFoundError:
        return None, "%s is not installed here" % argv[0]
    except OSError as error:
        return None, "%s could not be started: %s" % (argv[0], error.strerror)
    return _drain(child, argv[0], timeout)


def _drain(child, name, timeout):
    """Read what it says, keep the end of it, stop it with its children at the deadline."""
    import select

    deadline, kept = time.monotonic() + timeout, b""
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
                return None, "%s did not end within %g s" % (name, timeout)
            chunk = os.read(child.stdout.fileno(), 65536)
            if not chunk:
                break
            kept = (kept + chunk)[-MAX_BODY:]
        try:
            code = child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None, "%s did not end within %g s" % (name, timeout)
        return code, kept.decode("utf-8", "replace")
    finally:
        _stop(child)


def _stop(child):
    import signal

    if child.poll() is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except OSError:
            child.kill()
        child.wait()
    child.stdout.close()


_KINDS = {
    "process": _process,
    "unit": _unit,
    "port": _port,
    "http": _http,
    "command": _command,
}
