"""Why this account may not read a file, and what the host's owner would type to let it.

Only told: nothing is ever tried with more rights than the account has.
"""

import errno
import os

from psbhost.lazily import Expression

DENIED = (errno.EACCES, errno.EPERM)
#: Groups that may do far more than read a log: nobody is told to join them.
PRIVILEGED = frozenset(
    [
        "root", "wheel", "sudo", "admin", "docker", "lxd", "libvirt", "disk", "kmem", "shadow",
        "bin", "sys", "daemon", "staff",
    ]
)  # fmt: skip
_NAME = Expression(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}\$?\Z")
_PLAIN = Expression(r"[A-Za-z0-9_@%+=:,./-]+\Z")
#: Paths that were denied since the program began.
denied = set()
#: What the group database said of this account when something was denied first.
_first = []


def denial(path: str, reason: str) -> str:
    """What keeps us from `path` and the one command; `reason` where that cannot be told."""
    denied.add(path)
    try:
        return words(*way(path)) or reason
    except (OSError, ValueError, KeyError, ImportError):
        return reason


def closed_door(path: str) -> str:
    """As `denial`, of the first folder on the way to `path` that lets nobody of us pass or look.

    "" where all is open: for patterns, which just match nothing behind a closed door.
    """
    try:
        user, entries, whole = way(path)
        told = words(user, entries, whole, listing=True)
    except (OSError, ValueError, KeyError, ImportError):
        return ""
    if told:
        denied.add(path)
    return told


def way(path: str):
    """(user, entries, whole): each folder on the way to a path and the path itself.

    As far as is seen: `whole` tells whether that is to its end.
    """
    import grp
    import pwd
    import stat

    found, at = [], "/"
    parts = [part for part in os.path.realpath(path).split("/") if part]
    for part in [""] + parts:
        at = os.path.join(at, part)
        try:
            status = os.stat(at)
        except OSError:
            break
        found.append(
            {
                "path": at,
                "mode": stat.filemode(status.st_mode),
                "owner": _named(pwd.getpwuid, status.st_uid),
                "group": _named(grp.getgrgid, status.st_gid),
                "pass": _may(at, os.X_OK),
                "read": _may(at, os.R_OK),
            }
        )
    return _named(pwd.getpwuid, os.geteuid()), found, len(found) > len(parts)


def words(user: str, entries: list, whole: bool, listing: bool = False) -> str:
    """What is in the way, and the command. "" where the rights of owner and group allow it."""
    for number, entry in enumerate(entries):
        last = whole and number == len(entries) - 1
        folder = entry["mode"].startswith("d")
        if folder and not entry["pass"] and (listing or not last):
            needs = "rx" if listing and number == len(entries) - 1 else "x"
            return "the folder %s %s" % (entry["path"], _told(user, entry, needs))
        if last and not entry["read"] and (listing or not folder):
            which = "the folder %s " % entry["path"] if listing else "it "
            return which + _told(user, entry, "r")
    return ""


def _told(user, entry, needs):
    told = "belongs to %s, group %s, mode %s" % (entry["owner"], entry["group"], entry["mode"])
    if not user:
        return told
    return "%s. Its owner can type there: %s" % (told, command(user, entry, needs))


def command(user: str, entry: dict, needs: str) -> str:
    """The one command that lets `user` in; `needs`: r, x or rx."""
    mode, group, path = entry["mode"], entry["group"], quoted(entry["path"])
    if entry["owner"] == user:
        return "chmod u+%s %s" % (needs, path)
    through_group = all(bit in mode[4:7].replace("s", "x") for bit in needs)
    if through_group and group not in PRIVILEGED and _NAME.match(group) and _NAME.match(user):
        return "sudo usermod -aG %s %s" % (group, user)
    return "sudo setfacl -m u:%s:%s %s" % (quoted(user), needs, path)


def quoted(text: str) -> str:
    """A word of a shell's command line."""
    if _PLAIN.match(text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"


def outdated() -> bool:
    """Whether this account joined a group since something was denied first.

    A login knows the groups of its beginning alone: then the program ends, and the next visit
    logs in anew. The new program takes what it finds for the beginning, so it happens once.
    """
    now = _groups()
    if not now:
        return False
    if not _first:
        _first.append(now)
    return not now <= _first[0]


def _groups():
    try:
        import pwd

        entry = pwd.getpwuid(os.geteuid())
        return frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid))
    except (KeyError, OSError, ImportError, AttributeError):
        return frozenset()


def _may(path, right):
    if os.access in os.supports_effective_ids:
        return os.access(path, right, effective_ids=True)
    return os.access(path, right)


def _named(ask, number):
    try:
        return ask(number)[0]
    except KeyError:
        return str(number)
