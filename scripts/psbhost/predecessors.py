"""Where rotated files of a log are looked for, and from when on an unknown one is news."""

import os

from psbhost import siblings


def of_file(path: str, known: list, lost: list, now: int) -> dict:
    """Files whose rotated ones are looked at -> the time from which an unknown one is new."""
    paths = [path] + [os.path.realpath(one["path"]) for one in lost]
    return dict.fromkeys(paths, _newest(known, now))


def of_pattern(pattern: str, known: list, named, fresh: list, lost: list, now: int) -> dict:
    """The same for a pattern: for each of its files by itself, as far as it was read before.

    `named`: paths that are there now; `fresh`: sources that continue no position.
    """
    away = [one for one in known if one["path"] not in named or one in lost]
    based = [(siblings.base_of(one["path"], pattern), one) for one in away]
    newest = _newest(known, now)
    bases = dict.fromkeys([one.path for one in fresh] + [base for base, _ in based], newest)
    own = {}
    for base, one in based + [(one["path"], one) for one in known]:
        if base in bases and one["modified"] <= now:
            own[base] = max(own.get(base, 0), one["modified"])
    bases.update(own)
    return bases


def _newest(known, now) -> int:
    """The newest change that was seen; clocks are set back, so none of the future."""
    times = [one["modified"] for one in known]
    return max([time for time in times if time <= now], default=min(times))


def listed(bases, inodes) -> list:
    """(path, status, base) of all candidates, each once."""
    listings, found = {}, {}
    for base in bases:
        for path, status in siblings.candidates(base, inodes, listings):
            found.setdefault(path, (path, status, base))
    return [found[path] for path in siblings.without_packed_twins(found)]


def names(found: list) -> list:
    """What tells whether two lists name the same files."""
    return sorted((path, status.st_ino) for path, status, _ in found)


def floor(lost: list, now: int) -> int:
    """A file that was changed before all lost positions were taken holds none of them."""
    times = [one["modified"] for one in lost]
    return min([time if time <= now else 0 for time in times], default=1 << 62)


def may_follow(name: str, base: str) -> bool:
    """Whether a name alone, without a position in the file, makes it a rotated file of this log."""
    own = os.path.basename(os.path.realpath(base))
    return name == own or siblings.belongs(name, own)
