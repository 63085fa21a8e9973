"""Facts of a host from what its shell prints: /proc where there is one, `df` and `uname`.

What cannot be read is 0 or null, never an error.
"""

from typing import Any

from psbhost import facts as usual

from psbsh.host import Host

#: Of a second, in /proc/*/stat.
_TICKS = 100


def sections(host: Host) -> dict[str, list[str]]:
    """What the host says of itself, by section."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in host.lines("machine"):
        if line.startswith("@"):
            name = line[1:]
            found[name] = []
        elif name:
            found[name].append(line)
    return found


def host_facts(host: Host, told: dict[str, list[str]]) -> dict[str, Any]:
    """As on the wire."""
    stat, memory = told.get("stat", []), _memory(told.get("memory", []))
    boot = next((line.split()[1] for line in stat if line.startswith("btime ")), "0")
    return {
        "boot_time": int(boot) if boot.isdigit() else 0,
        "cpus": sum(1 for line in stat if line.startswith("cpu")),
        "load_1m": _load(told.get("load", [])),
        "memory_total": memory.get("MemTotal", 0),
        "memory_available": memory.get("MemAvailable", memory.get("MemFree", 0)),
        "disks": _disks(told.get("mounts", []), told.get("disks", [])),
        "system": f"{host.facts.get('system', 'unknown')}, no Python 3.6+: sh and {host.awk}",
    }


def cpu_seconds(told: dict[str, list[str]]) -> float:
    """CPU seconds the shell and what it started have used so far; 0 where there is no /proc."""
    words = "".join(told.get("times", [])).rpartition(")")[2].split()[11:15]
    return sum(int(word) for word in words if word.isdigit()) / _TICKS


def _memory(lines: list[str]) -> dict[str, int]:
    found = {}
    for line in lines:
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            found[name] = int(words[0]) * 1024
    return found


def _load(lines: list[str]) -> float | None:
    words = (lines[0].rpartition("average")[2] if lines else "").replace(",", " ").split()
    for word in words:
        try:
            return round(float(word.strip(":s")), 2)
        except ValueError:
            continue
    return None


def _disks(mounts: list[str], disks: list[str]) -> list[list[Any]]:
    real, devices = set(), set()
    for line in mounts:
        words = line.split()
        if len(words) < 3 or words[2] not in usual._REAL or words[0] in devices:
            continue
        devices.add(words[0])
        if not words[2].startswith(("nfs", "cifs")):
            real.add(words[1].replace("\\040", " "))
    found: list[list[Any]] = []
    for line in disks[1:]:
        words = line.split(None, 5)
        if len(words) == 6 and words[1].isdigit() and words[3].isdigit():
            known = words[5] in real if mounts else words[0].startswith("/")
            if known and int(words[1]):
                found.append([words[5], int(words[1]) * 1024, int(words[3]) * 1024])
    return found[: usual.MAX_DISKS]
