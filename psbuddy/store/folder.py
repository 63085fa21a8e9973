"""Is the store on a disk of this machine? WAL mode needs memory shared on one host."""

from pathlib import Path

#: File systems that live on another machine, as the mount table names them.
_REMOTE = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "9p", "fuse.sshfs", "fuse.rclone")
)
_MOUNTS = Path("/proc/self/mountinfo")


def folder_note(path: Path, mounts: Path = _MOUNTS) -> str:
    """A sentence when the file lies on a network drive, else ""."""
    kind = file_system(path, mounts.read_text("utf-8", "replace")) if mounts.exists() else ""
    if kind not in _REMOTE and not str(path).startswith("\\\\"):
        return ""
    return (
        f"The store {path} is on a network drive ({kind or 'a share'}): only one program at a "
        "time can use it safely. Move it to a disk of this machine with --db."
    )


def file_system(path: Path, mountinfo: str) -> str:
    """Type of the file system a path lies on, by the text of /proc/self/mountinfo."""
    best, kind = "", ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(), right.split()
        if len(fields) < 5 or not kinds:
            continue
        mount = fields[4].encode().decode("unicode_escape")
        inside = str(path) == mount or str(path).startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, kinds[0]
    return kind
