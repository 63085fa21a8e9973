"""Which opened file continues which position, and which files are read from their start."""

import errno
import os

from psbhost import positions as pos
from psbhost import siblings
from psbhost.sources import NotRegularError, Source

#: Files that are read side by side, the oldest first: a process may open only so many.
MAX_READS = 100
#: Files that a visit begins to read however many are being read.
LEAST_FRESH = 10


class Plan(object):
    """What to read, oldest first, and what could not be proven."""

    def __init__(self):
        self.reads = []  # (Source, position or None)
        self.keep = []  # positions that stay as they are
        self.gaps = []  # [from, to, reason, bytes]
        self.problems = []  # {"code", "path", "detail"}
        self.missing = False
        self.postponed = 0  # bytes of files that wait for the next visit

    def problem(self, code: str, path: str, detail: str) -> None:
        """Note what could not be read."""
        if len(self.problems) < 50:
            self.problems.append({"code": code, "path": path, "detail": detail})

    def close(self) -> None:
        """Close all files."""
        for source, _ in self.reads:
            source.close()


class Assigner(object):
    """Makes the plan for one log."""

    def __init__(self, path: str, known: list, now: int, history: int):
        self._path = path
        self._known = [one for one in known[: pos.MAX_KNOWN] if pos.valid(one)]
        self._now = now
        self._history = history
        self._glob = siblings.is_glob(path)
        self.plan = Plan()
        self._open = {}  # (device, inode) -> Source, of the files that are read
        self._free = list(self._known)

    def run(self) -> Plan:
        """The plan. Its sources are open."""
        primaries = self._primaries()
        fresh = [one for one in primaries if not self._continue(one, self._same_path)]
        fresh = [one for one in fresh if not self._continue(one, self._same_content)]
        lost = self._others()
        if not self._known:
            fresh += self._past(primaries) if self._history > 0 else []
        elif lost or not self._proven(primaries):
            fresh += self._follow(primaries, lost)
        self._start(fresh)
        self.plan.reads.sort(key=lambda read: (read[0].modified, read[0].path == self._path))
        return self.plan

    # -- opening ---------------------------------------------------------------------------

    def _primaries(self):
        found = []
        for path in siblings.named(self._path):
            if self._glob and siblings.outside(path, self._path):
                self.plan.problem("outside", path, "leads out of the folder the catalogue names")
                continue
            source = self._opened(path, True)
            if source is not None:
                found.append(source)
        if self._glob and not found and not self.plan.problems:
            self.plan.missing = True
            self.plan.problem("missing", self._path, "no file matches")
        return found

    def _opened(self, path, primary):
        try:
            source = Source(path, follow=primary)
        except FileNotFoundError:
            if primary:
                self.plan.missing = True
                self.plan.problem("missing", path, "no such file")
            return None
        except NotRegularError as error:
            self.plan.problem("not a file", path, str(error))
            return None
        except (OSError, ValueError) as error:
            if primary or getattr(error, "errno", None) in (errno.EMFILE, errno.ENFILE):
                reason = getattr(error, "strerror", None) or str(error)
                self.plan.problem("unreadable", path, reason)
            return None
        key = (source.device, source.inode)
        if key in self._open:
            source.close()
            return None
        self._open[key] = source
        return source

    def _release(self, source):
        self._open.pop((source.device, source.inode), None)
        source.close()

    # -- identity --------------------------------------------------------------------------

    def _same_path(self, source, position):
        return position["path"] == source.path

    def _same_content(self, source, position):
        return position["head_length"] > 0 or position["inode"] == source.inode

    def _continue(self, source, rule) -> bool:
        """Continue a free position in this file, if its content proves it."""
        hinted = sorted(
            self._free, key=lambda one: (not one["head_length"], one["inode"] != source.inode)
        )
        for position in hinted:
            if rule(source, position) and pos.matches(source, position):
                self._free.remove(position)
                self.plan.reads.append((source, position))
                return True
        return False

    def _proven(self, primaries) -> bool:
        """Whether every named file continues what was read of it: then nothing was rotated.

        An empty file proves nothing: it may have been filled, rotated and made anew.
        """
        proven = {
            (source.device, source.inode)
            for source, position in self.plan.reads
            if position["head_length"]
        }
        return bool(primaries) and all((one.device, one.inode) in proven for one in primaries)

    def _others(self):
        """Positions no named file continues: still at their own path, or lost."""
        lost = []
        for position in list(self._free):
            if position not in self._free:
                continue
            if position["path"] != self._path and _untouched(position):
                self._free.remove(position)
                self.plan.keep.append(position)
                continue
            source = None
            if position["path"] != self._path:
                source = self._opened(position["path"], False)
            if source is not None and not self._continue(source, self._same_content):
                self._release(source)
            if position in self._free:
                lost.append(position)
        return [position for position in lost if position in self._free]

    def _follow(self, primaries, lost):
        """Find lost positions in rotated files; unknown files newer than the last visit are new."""
        known = [one["modified"] for one in self._known]
        since = max([time for time in known if time <= self._now], default=min(known))
        fresh, unknown = [], []
        for path in self._candidates(primaries, lost):
            source = self._opened(path, False)
            if source is None or self._continue(source, self._same_content):
                continue
            if source.modified < since:
                self._release(source)
            else:
                unknown = self._oldest(unknown + [source], MAX_READS)
        for source in unknown:
            if self._copy(source):
                self._release(source)
            else:
                fresh.append(source)
        for position in lost:
            if position in self._free and (
                self._is_live(position) or position["offset"] < position["size"]
            ):
                self._lose(position)
        return fresh

    def _candidates(self, primaries, lost):
        if self._glob:
            bases = [one.path for one in primaries]
            bases += [siblings.base_of(one["path"], self._path) for one in self._known]
        else:
            bases = [self._path] + [os.path.realpath(one["path"]) for one in lost]
        seen = []
        for base in dict.fromkeys(bases):
            seen += [path for path in siblings.rotated(base) if path not in seen]
        return _without_packed_twins(seen)

    def _is_live(self, position) -> bool:
        """Whether a position stood in the file that was being written."""
        if self._glob or position["path"] == self._path:
            return True
        if any(one["path"] == self._path for one in self._known):
            return False
        return position["modified"] == max(one["modified"] for one in self._known)

    def _lose(self, position):
        """Say what could not be proven, or wait for a file that is away at the moment."""
        if self.plan.missing and self._is_live(position):
            self.plan.keep.append(position)
            return
        unread = max(0, position["size"] - position["offset"])
        replaced = any(one.path == position["path"] for one in self._open.values())
        if not unread and (not position["size"] or not replaced):
            return  # an empty file, or one that was read to its end and cleaned up
        since = pos.carry_of(position).get("t")
        since = since if isinstance(since, int) else position["modified"]
        reason = "rotated away before it was read"
        for source in self._open.values():
            same = source.inode == position["inode"] and source.path == position["path"]
            if same and source.size < position["size"]:
                reason = "truncated"
            elif same:
                reason = "rewritten in place"
        self.plan.gaps.append([since, max(since, self._now), reason, unread])

    def _copy(self, source) -> bool:
        """Whether a file repeats content a position covers already (copytruncate, packing)."""
        known = [one for one in self._known if one["head_length"] > 0]
        if any(pos.matches(source, position) for position in known):
            return True
        if any(pos.begins(source, one) and one["offset"] > source.size for one in self._free):
            return not source.packed  # copied before more was counted, which is gone since
        return source.packed and not self._sound(source)

    def _repeats(self, source) -> bool:
        """Whether a file is the copy that copytruncate has just made of one that is read too."""
        name = os.path.basename(source.path)
        return any(
            pos.contains(other, source)
            for other in list(self._open.values())
            if other is not source
            and (not self._glob or siblings.belongs(name, os.path.basename(other.path)))
        )

    def _sound(self, source) -> bool:
        if source.whole():
            return True
        self.plan.problem(
            "unreadable",
            source.path,
            "the compressed file ends early; tried again at the next visit",
        )
        return False

    # -- first visit -----------------------------------------------------------------------

    def _past(self, primaries):
        """Rotated files of the first visit, as far back as the history goes."""
        fresh = []
        since = self._now - self._history
        paths = []
        bases = [self._path] if not self._glob else [one.path for one in primaries]
        for base in bases:
            paths += [path for path in siblings.rotated(base) if path not in paths]
        for path in _without_packed_twins(paths):
            source = self._opened(path, False)
            if source is None:
                continue
            if source.modified < since or (source.packed and not self._sound(source)):
                self._release(source)
            else:
                fresh = self._oldest(fresh + [source], MAX_READS)
        return fresh

    def _oldest(self, sources, spare=0):
        """As many of the oldest as may be begun; the others wait for the next visit.

        `spare`: how many more may be open before it is worth to sort them.
        """
        most = max(LEAST_FRESH, MAX_READS - len(self.plan.reads))
        if len(sources) <= most + spare:
            return sources
        sources.sort(key=lambda one: (one.modified, one.path))
        for source in sources[most:]:
            self.plan.postponed += source.size
            self._release(source)
        return sources[:most]

    def _start(self, fresh):
        since = self._now - self._history
        for source in self._oldest(fresh):
            old = self._glob and not self._known and self._history > 0 and source.modified < since
            if old or (source.path != self._path and self._repeats(source)):
                self._release(source)
                continue
            self.plan.reads.append((source, None))


def _untouched(position) -> bool:
    """Whether a rotated file that was read to its end is just as it was."""
    try:
        status = os.lstat(position["path"])
    except (OSError, ValueError):
        return False
    return (
        status.st_dev == position["device"]
        and status.st_ino == position["inode"]
        and status.st_size == position["size"]
        and int(status.st_mtime) == position["modified"]
        and position["offset"] == position["size"]
    )


def _without_packed_twins(paths):
    """Leave out `x.gz` where `x` is there too: it is being packed at this moment."""
    present = set(paths)
    return [
        path
        for path in paths
        if not (path.endswith((".gz", ".bz2", ".xz")) and path.rpartition(".")[0] in present)
    ]
