"""Which files belong to a log: what its path names, and the rotated files beside them."""

import fnmatch
import glob
import os
import re

MAX_FILES = 2000
_MAGIC = re.compile(r"[*?\[]")
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z]{5,}")
_ARCHIVES = ("", "archive", "archived", "old", "backup")


def named(path: str) -> list:
    """Files a catalogue path names, in order; a plain path is named even when missing."""
    if not _MAGIC.search(path):
        return [path]
    found = sorted(one for one in glob.iglob(path) if not os.path.isdir(one))
    return found[:MAX_FILES]


def is_glob(path: str) -> bool:
    """Whether the path is a pattern."""
    return bool(_MAGIC.search(path))


def outside(path: str, pattern: str) -> bool:
    """Whether a file found by a pattern leaves the folder the pattern starts in."""
    fixed = os.path.dirname(_MAGIC.split(pattern, 1)[0])
    root = os.path.realpath(fixed or ".")
    real = os.path.realpath(path)
    return not (real == root or real.startswith(root.rstrip("/") + "/"))


def base_of(path: str, pattern: str) -> str:
    """The file that `path` is a rotation of, by a pattern that names it; else `path` itself."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) in _ARCHIVES:
        folder = os.path.dirname(folder)
    ending = os.path.splitext(_unpacked(name))[1]
    for end in range(len(name) - 1, 0, -1):
        for base in (name[:end], name[:end] + ending):
            whole = os.path.join(folder, base)
            if base != name and belongs(name, base) and fnmatch.fnmatchcase(whole, pattern):
                return whole
    return path


def rotated(path: str) -> list:
    """Paths beside `path` that may be its rotated predecessors, newest first."""
    folder, base = os.path.split(os.path.realpath(path))
    found = []
    for below in _ARCHIVES:
        for name, status in _entries(os.path.join(folder, below)):
            whole = os.path.join(folder, below, name)
            if (below or name != base) and belongs(name, base):
                found.append((-status.st_mtime, whole))
    return [whole for _, whole in sorted(found)][:MAX_FILES]


def _entries(folder: str) -> list:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    if entry.is_file(follow_symlinks=False):
                        found.append((entry.name, entry.stat(follow_symlinks=False)))
                except OSError:
                    continue
                if len(found) >= 20 * MAX_FILES:
                    break
    except OSError:
        return []
    return found


def belongs(name: str, base: str) -> bool:
    """`app.log` -> app.log.1, app.log-20261101.gz, app-2026-11-01.log, app.1.log.gz."""
    if name.startswith((base + ".", base + "-", base + "_")):
        return _is_rotation(name[len(base) + 1 :], True)
    stem, dot, ending = base.rpartition(".")
    if dot and name.startswith(stem) and len(name) > len(stem) and name[len(stem)] in ".-_":
        middle, found, rest = name[len(stem) + 1 :].partition("." + ending)
        if (
            found
            and rest in ("", ".gz", ".bz2", ".xz")
            and _is_rotation(middle, name[len(stem)] == ".")
        ):
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
    for ending in (".gz", ".bz2", ".xz"):
        if name.endswith(ending):
            return name[: -len(ending)]
    return name
