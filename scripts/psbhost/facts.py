"""Facts of the host from /proc. What cannot be read is 0 or null, never an error."""

import os
import platform

_REAL = frozenset(
    "ext2 ext3 ext4 xfs btrfs zfs jfs reiserfs f2fs vfat nfs nfs4 cifs ocfs2 gfs2 overlay".split()
)
MAX_DISKS = 64


def host_facts() -> dict:
    """As on the wire."""
    memory = _memory()
    return {
        "boot_time": _boot_time(),
        "cpus": os.cpu_count() or 0,
        "load_1m": _load(),
        "memory_total": memory.get("MemTotal", 0),
        "memory_available": memory.get("MemAvailable", memory.get("MemFree", 0)),
        "disks": _disks(),
        "system": _system(),
    }


def _lines(path: str) -> list:
    try:
        with open(path, "rb") as file:
            return file.read(1024 * 1024).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _boot_time() -> int:
    for line in _lines("/proc/stat"):
        if line.startswith("btime "):
            return int(line.split()[1])
    return 0


def _load():
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None


def _memory() -> dict:
    found = {}
    for line in _lines("/proc/meminfo"):
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            found[name] = int(words[0]) * 1024
    return found


def _disks() -> list:
    found, devices = [], set()
    for line in _lines("/proc/self/mounts"):
        words = line.split()
        if len(words) < 3 or words[2] not in _REAL or words[0] in devices:
            continue
        devices.add(words[0])
        mount = words[1].replace("\\040", " ")
        if words[2].startswith(("nfs", "cifs")):
            continue  # a dead server would hold the visit
        try:
            status = os.statvfs(mount)
        except OSError:
            continue
        if status.f_blocks:
            found.append(
                [mount, status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize]
            )
    return found[:MAX_DISKS]


def _system() -> str:
    return "%s %s %s, Python %s" % (
        platform.system(),
        platform.release(),
        platform.machine(),
        platform.python_version(),
    )
