"""Which files belong to a log: what its path names, and the rotated files beside them."""

import fnmatch
import glob
import os

from psbhost.lazily import Expression
from psbhost.sources import PACKED

MAX_FILES = 2000
#: Folders beside a log that are looked into for its rotated files.
MAX_FOLDERS = 60
_MAGIC = Expression(r"[*?\[]")
_DIGIT = Expression(r"\d")
_DIGITS = Expression(r"\d+")
_WORD = Expression(r"[A-Za-z]{5,}")
_ARCHIVES = frozenset(
    ["archive", "archived", "archives", "old", "backup", "backups", "bak", "rotated", "history"]
)
#: A folder per month or day: 2026, 2026-11, 20261124, 11.
_DATED = Expression(r"\d{2,8}(?:[-_.]\d{1,4}){0,3}$")
#: Parts of a date in a path, as strftime has them.
_DATES = {
    "%Y": "[0-9][0-9][0-9][0-9]", "%y": "[0-9][0-9]", "%m": "[0-9][0-9]", "%d": "[0-9][0-9]",
    "%H": "[0-9][0-9]", "%j": "[0-9][0-9][0-9]",
}  # fmt: skip


def pattern_of(path: str) -> str:
    """The path as a pattern: `app-%Y-%m-%d.log` names the files of all days."""
    if "%Y" not in path and "%y" not in path:
        return path
    for code, digits in _DATES.items():
        path = path.replace(code, digits)
    return path


def named(path: str) -> list:
    """Files a catalogue path names, in order; a plain path is named even when missing."""
    path = pattern_of(path)
    if not _MAGIC.search(path):
        return [path]
    return [one for one, status in found(path) if not _is_folder(status)]


def found(pattern: str) -> list:
    """(path, status) of what a pattern names, in order; the newest where there are too many."""
    each = []
    for path in sorted(glob.iglob(pattern)):
        try:
            status = os.stat(path)
        except OSError:
            continue
        if not _is_folder(status):
            each.append((path, status))
    newest = sorted(each, key=lambda one: -one[1].st_mtime)[:MAX_FILES]
    return each if len(each) <= MAX_FILES else sorted(newest, key=lambda one: one[0])


def modified(path: str) -> float:
    """When a file was changed last; 0 for one that is not there."""
    try:
        return os.stat(path).st_mtime
    except (OSError, ValueError):
        return 0.0


def _is_folder(status) -> bool:
    return status.st_mode & 0o170000 == 0o040000


def is_glob(path: str) -> bool:
    """Whether the path is a pattern."""
    return bool(_MAGIC.search(pattern_of(path)))


def fixed_folder(pattern: str) -> str:
    """The folder in which a pattern begins to choose."""
    return os.path.dirname(_MAGIC.split(pattern, 1)[0])


def outside(path: str, pattern: str, known=None) -> bool:
    """Whether a file found by a pattern leaves the folder the pattern starts in.

    `known`: real paths of folders that were asked for before.
    """
    known = {} if known is None else known
    fixed = os.path.dirname(_MAGIC.split(pattern, 1)[0])
    for folder in (fixed or ".", os.path.dirname(path) or "."):
        if folder not in known:
            known[folder] = os.path.realpath(folder)
    root = known[fixed or "."].rstrip("/") + "/"
    try:
        linked = os.lstat(path).st_mode & 0o170000 == 0o120000
    except OSError:
        linked = False
    real = os.path.realpath(path) if linked else known[os.path.dirname(path) or "."] + "/"
    return not real.startswith(root)


def base_of(path: str, pattern: str) -> str:
    """The file that `path` is a rotation of, by a pattern that names it; else `path` itself."""
    folder, name = os.path.split(path)
    if os.path.basename(folder).lower() in _ARCHIVES:
        folder = os.path.dirname(folder)
    ending = os.path.splitext(_unpacked(name))[1]
    for end in range(len(name) - 1, 0, -1):
        for base in (name[:end], name[:end] + ending):
            whole = os.path.join(folder, base)
            if base != name and belongs(name, base) and fnmatch.fnmatchcase(whole, pattern):
                return whole
    return path


def candidates(path: str, inodes=(), listings=None) -> list:
    """(path, status) of files that may be rotated predecessors of `path`, newest first.

    `inodes`: files of the same folder with these numbers are among them whatever their name.
    `listings`: folders that were listed before.
    """
    listings = {} if listings is None else listings
    folder, base = os.path.split(os.path.realpath(path))
    each = []
    for below in [folder] + _around(path, folder, listings):
        for name, entry in _listed(below, listings)[0]:
            if below == folder and name == base:
                continue
            if below == folder and inodes and not belongs(name, base):
                if not hasattr(entry, "inode") or entry.inode() not in inodes:
                    continue
            elif not (belongs(name, base) or (below != folder and name == base)):
                continue
            status = _status(entry)
            if status is not None:
                each.append((os.path.join(below, name), status))
    each.sort(key=lambda one: (-one[1].st_mtime, one[0]))
    return each[:MAX_FILES]


def _status(entry):
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _around(path, folder, listings) -> list:
    """Folders that may hold rotated files: archives, folders per date, twins of a linked one."""
    more = []
    for name in _listed(folder, listings)[1]:
        below = os.path.join(folder, name)
        if name.lower() in _ARCHIVES or _DATED.match(name):
            more.append(below)
            for inner in _listed(below, listings)[1]:
                if _DATED.match(inner):
                    more.append(os.path.join(below, inner))
        if len(more) >= MAX_FOLDERS:
            break
    if folder != os.path.dirname(path):  # such as today -> 2026-11-24
        parent, name = os.path.split(folder)
        shape = _DIGITS.sub("#", name)
        twins = [
            os.path.join(parent, one)
            for one in _listed(parent, listings)[1]
            if "#" in shape and one != name and _DIGITS.sub("#", one) == shape
        ]
        more += twins[:MAX_FOLDERS]
    return more


def _listed(folder, listings) -> tuple:
    """([(name, entry) of files], [names of folders, the last first])."""
    if folder not in listings:
        listings[folder] = _entries(folder)
    return listings[folder]


def _entries(folder: str) -> tuple:
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    if entry.is_file(follow_symlinks=False):
                        files.append((entry.name, entry))
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                except OSError:
                    continue
                if len(files) >= 20 * MAX_FILES:
                    break
    except OSError:
        return [], []
    return files, sorted(folders, reverse=True)


def belongs(name: str, base: str) -> bool:
    """`app.log` -> app.log.1, app.log-20261101.gz, app-2026-11-01.log, app.1.log.gz."""
    if name.startswith((base + ".", base + "-", base + "_")):
        return _is_rotation(name[len(base) + 1 :], True)
    stem, dot, ending = base.rpartition(".")
    if dot and name.startswith(stem) and len(name) > len(stem) and name[len(stem)] in ".-_":
        middle, there, rest = name[len(stem) + 1 :].partition("." + ending)
        if there and rest in ("",) + PACKED and _is_rotation(middle, name[len(stem)] == "."):
            return True
    dated = len(_DIGIT.findall(base)) >= 6
    return dated and _DIGITS.sub("#", _unpacked(name)) == _DIGITS.sub("#", base)


def _is_rotation(tail: str, numbers: bool) -> bool:
    """A date, a number where numbers mean rotation, or a word such as `old`."""
    tail = _unpacked(tail)
    if tail in ("", "old", "bak", "prev", "previous"):
        return True
    digits = len(_DIGIT.findall(tail))
    return digits >= (1 if numbers else 6) and not _WORD.search(tail)


def _unpacked(name: str) -> str:
    for ending in PACKED:
        if name.endswith(ending):
            return name[: -len(ending)]
    return name


def without_packed_twins(paths) -> list:
    """Leave out `x.gz` where `x` is there too: it is being packed at this moment."""
    present = set(paths)
    return [path for path in paths if not (path.endswith(PACKED) and _unpacked(path) in present)]
