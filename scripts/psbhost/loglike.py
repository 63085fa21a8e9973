"""Which files are plausibly logs: told by name and folder first, by their content in the end."""

from psbhost.lazily import Expression
from psbhost.siblings import belongs
from psbhost.sources import PACKED

#: Folders that hold software, documents or kernel files, never logs worth watching.
_NEVER = frozenset(
    [
        "proc", "sys", "dev", "node_modules", ".git", ".hg", ".svn", "__pycache__", "journal",
        "site-packages", "dist-packages", "doc", "docs", "man", "licenses", "licences",
        "include", "locale", "zoneinfo", ".venv", "venv", ".cache", ".tox",
    ]
)  # fmt: skip
_NEVER_LIKE = Expression(r"^(?:cuda(?:-[\d.]+)?|.*\.(?:dist|egg)-info)$")
_SURE = (".log", ".out", ".err", ".trc")
_MAYBE = (".jsonl", ".ndjson", ".json", ".txt", "log")
_USUAL = frozenset(["messages", "syslog", "secure", "maillog", "cron"])
#: Binary ledgers of logins that live among logs.
_LOGINS = frozenset(["wtmp", "btmp", "utmp", "lastlog", "faillog"])
_DOCUMENT = Expression(
    r"^(?:licen[cs]e|copying|copyright|notice|readme|change_?log|changes|news|authors"
    r"|contributors|install|todo|requirements|version|package(?:-lock)?\.json|.*\.dist)\b"
)
_FOLDERS = frozenset(["log", "logs"])
#: What no log line starts with: lastlog, wtmp and journals hold NUL bytes in their head.
_BINARY = Expression(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
#: Share of lines that must be understood where name and folder promise nothing.
MOST = 0.5


def skipped(folder: str) -> bool:
    """Whether a folder of this name is not looked into."""
    return folder in _NEVER or _NEVER_LIKE.match(folder) is not None


def promised(path: str) -> bool:
    """Whether name or folder alone say that this is a log."""
    parts = path.lower().split("/")
    name = parts[-1]
    if name.endswith((".json", ".txt")):
        return False
    return name.endswith(_SURE) or name in _USUAL or bool(_FOLDERS.intersection(parts[:-1]))


def candidate(path: str) -> bool:
    """Whether a file is worth a look into its content."""
    name = path.rsplit("/", 1)[-1].lower()
    if name.endswith(PACKED) or name.startswith(".") or name in _LOGINS or _is_document(name):
        return False
    return name.endswith(_MAYBE) or promised(path)


def _is_document(name: str) -> bool:
    return not name.endswith(_SURE) and _DOCUMENT.match(name) is not None


def binary(head: bytes) -> bool:
    """Whether these first bytes are no text."""
    return _BINARY.search(head[:4096].replace(b"\x00" * 64, b"")) is not None


def document(head: bytes) -> bool:
    """Whether this is one JSON document over many lines (or an array), not a record a line."""
    first = head.lstrip()[:1]
    if first == b"[":
        return head.lstrip()[1:].lstrip()[:1] in (b"{", b"]", b"[", b'"')
    return first == b"{" and not head.lstrip().split(b"\n", 1)[0].rstrip().endswith(b"}")


def without_rotated(paths) -> list:
    """Paths but those that are rotations of another one in the same folder, order kept."""
    folders = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, set()).add(name)
    return [path for path in paths if not _rotated(path, folders)]


def _rotated(path, folders) -> bool:
    folder, _, name = path.rpartition("/")
    beside = folders[folder]
    for at, char in enumerate(name):
        if char not in ".-_" or not at:
            continue
        stem = name[:at]
        ends = {"", ".log", ".out", ".err", ".trc", ".txt", ".jsonl", ".json"}
        for base in (stem + end for end in ends):
            if base != name and base in beside and belongs(name, base):
                return True
    return False
