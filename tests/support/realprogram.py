"""The host program as it runs on a host: a child of its own, the bundle on its input."""

import re
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psbhost import frames

from collectors.program import COMMAND, host_program

#: Reports its highest resident memory on stderr. Not `ru_maxrss`: that survives an exec, and so
#: tells of the process that started this one.
_METER = (
    "import atexit,sys;"
    'm=lambda: [x for x in open("/proc/self/status") if x.startswith("VmHWM")][0].split()[1];'
    'atexit.register(lambda: sys.stderr.write("PEAK "+m()+"\\n"));'
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the documents, the bytes as sent and unpacked, the peak memory (KiB)."""

    documents: list[dict[str, Any]]
    raw: bytes
    unpacked: bytes
    peak: int


def ask(*requests: dict[str, Any], seconds: float = 300) -> Answer:
    """Run the program, answer these requests, end."""
    opening = host_program().opening
    asked = b"".join(frames.encode(n, request) for n, request in enumerate(requests, start=1))
    command = COMMAND.replace("import sys;", "import sys;" + _METER, 1)
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        input=opening + asked,
        capture_output=True,
        check=True,
        timeout=seconds,
    )
    reader = frames.FrameReader()
    documents = [document for _, document in reader.feed(done.stdout)]
    peak = re.search(rb"PEAK (\d+)", done.stderr)
    assert peak, done.stderr
    return Answer(documents, done.stdout, _unpacked(done.stdout), int(peak.group(1)))


def _unpacked(stream: bytes) -> bytes:
    """Every packed payload, unpacked again."""
    found = []
    for match in re.finditer(rb"\x01PSB1 \d+ (\w+) (\d+) [0-9a-f]{64}\n", stream):
        payload = stream[match.end() : match.end() + int(match.group(2))]
        found.append(zlib.decompress(payload) if b"z" in match.group(1) else payload)
    return b"".join(found)


def visit(path: Path, **spec: Any) -> dict[str, Any]:
    """A request to visit one log."""
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0, **spec}
    budget = {"seconds": 300, "bytes": 1 << 40, "hold": 0, "hold_partial": 0}
    return {"op": "visit", "budget": budget, "logs": [log]}
