"""Which opened file continues which position, and which files are read from their start."""

import errno
import os

from psbhost import positions as pos
from psbhost import predecessors, rights, siblings
from psbhost.packing import BrokenError, UnpackError
from psbhost.plan import Plan, since_of
from psbhost.sources import NotRegularError, Source

#: Files that are read side by side, the oldest first: a process may open only so many.
MAX_READS = 100
#: Files that a visit begins to read however many are being read.
LEAST_FRESH = 10
#: Named files that a visit opens; those that are as they were are not opened at all.
MAX_OPEN = 400
#: How often the plan is made anew where files are renamed while it is made.
ATTEMPTS = 5
#: Older files that are tried for a position that no newer one continues.
_LATE = 64


class Assigner(object):
    """Makes the plan for one log."""

    def __init__(self, path: str, known: list, now: int, history: int):
        self._path = siblings.pattern_of(path)
        self._known = [one for one in known[-pos.MAX_KNOWN :] if pos.valid(one)]
        self._now = now
        self._history = history
        self._glob = siblings.is_glob(path)

    def run(self) -> Plan:
        """The plan. Its sources are open."""
        for attempt in range(ATTEMPTS):
            self._begin()
            plan = self._attempt()
            if self._stood_still() or attempt == ATTEMPTS - 1:
                break
            for source in list(self._open.values()):
                source.close()
        plan.reads.sort(key=lambda read: (read[0].modified, read[0].path == self._path))
        return plan

    def _begin(self):
        self.plan = Plan()
        self._open = {}  # (device, inode) -> Source, of the files that are read
        self._settled = set()  # (device, inode) of files that need no reading
        self._denied = set()  # paths that could not be opened
        self._free = list(self._known)
        self._seen = None  # the candidates, once they were needed

    def _attempt(self):
        primaries = self._primaries()
        fresh = [one for one in primaries if not self._continue(one, self._same_path)]
        fresh = [one for one in fresh if not self._continue(one, self._same_content)]
        lost = self._others()
        if not self._known:
            fresh += self._past(primaries) if self._history > 0 else []
        elif lost or not self._proven(primaries):
            fresh += self._follow(fresh, lost)
        self._start(fresh)
        return self.plan

    def _stood_still(self) -> bool:
        """Whether no file was renamed while the rotated ones were looked for."""
        if self._seen is None:
            return True
        bases, inodes, found = self._seen
        if predecessors.names(predecessors.listed(bases, inodes)) != predecessors.names(found):
            return False
        return all(_is_at(source) for source, _ in self.plan.reads)

    # -- opening ---------------------------------------------------------------------------

    def _primaries(self):
        if not self._glob:
            self.plan.named = {self._path}
            source = self._opened(self._path, True)
            return [] if source is None else [source]
        waiting = self._unsettled(self._inside())
        opened = [self._opened(path, True) for path, _ in waiting]
        door = "" if self.plan.named or self.plan.problems else self._door()
        if door:
            self.plan.problem("unreadable", self._path, door)
        elif not self.plan.named and not self.plan.problems:
            self.plan.missing = True
            self.plan.problem("missing", self._path, "no file matches")
        return [source for source in opened if source is not None]

    def _door(self):
        """Why a pattern matches nothing, where a folder on its way is closed to us."""
        folder = siblings.fixed_folder(self._path)
        return rights.closed_door(folder) if folder else ""

    def _inside(self):
        """(path, status) of what the pattern names and does not lead elsewhere."""
        folders, found = {}, []
        for path, status in siblings.found(self._path):
            if siblings.outside(path, self._path, folders):
                self.plan.problem("outside", path, "leads out of the folder the catalogue names")
            else:
                found.append((path, status))
        self.plan.named = {path for path, _ in found}
        return found

    def _unsettled(self, found):
        """What must be opened: files that are as they were keep their position."""
        positions = {one["path"]: one for one in self._free}
        waiting = []
        for path, status in found:
            position = positions.get(path)
            if position is not None and pos.untouched(position, status):
                self._settle(position)
            else:
                waiting.append((path, status))
        waiting.sort(key=lambda one: (one[0] not in positions, one[1].st_mtime))
        for path, status in waiting[MAX_OPEN:]:
            self.plan.postponed += max(1, status.st_size)
            if path in positions:
                self._settle(positions[path])
        return sorted(waiting[:MAX_OPEN])

    def _settle(self, position, path=None):
        self._free.remove(position)
        self.plan.keep.append(position if path is None else dict(position, path=path))
        self._settled.add((position["device"], position["inode"]))

    def _opened(self, path, primary):
        try:
            source = Source(path, follow=primary)
        except (OSError, ValueError) as error:
            self._refused(path, primary, error)
            return None
        key = (source.device, source.inode)
        if key in self._open or key in self._settled:
            source.close()
            return None
        self._open[key] = source
        return source

    def _refused(self, path, primary, error):
        number = getattr(error, "errno", None)
        if isinstance(error, FileNotFoundError):
            if primary and not self._glob:
                self.plan.missing = True
                self.plan.problem("missing", path, "no such file")
        elif isinstance(error, NotRegularError):
            self.plan.problem("not a file", path, str(error))
        elif number in (errno.EMFILE, errno.ENFILE):
            self._denied.add(path)
            self.plan.postponed += 1
        elif number != errno.ELOOP or primary:
            self._denied.add(path)
            if primary or any(one["path"] == path for one in self._free):
                reason = getattr(error, "strerror", None) or str(error)
                if number in rights.DENIED:
                    reason = rights.denial(path, reason)
                self.plan.problem("unreadable", path, reason)

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
                closed = source.packed or source.path not in self.plan.named
                if closed and pos.settled(source, position):
                    self._release(source)
                    self._settle(position, source.path)
                else:
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
        there = bool(primaries) or bool(self._settled)
        return there and all((one.device, one.inode) in proven for one in primaries)

    def _others(self):
        """Positions no named file continues: still at their own path, or lost."""
        lost = []
        for position in list(self._free):
            if position not in self._free:
                continue
            if position["path"] == self._path:
                lost.append(position)
                continue
            try:
                if pos.untouched(position, os.lstat(position["path"])):
                    self._settle(position)
                    continue
            except (OSError, ValueError):
                lost.append(position)
                continue
            source = self._opened(position["path"], False)
            if source is not None and not self._continue(source, self._same_content):
                self._release(source)
            if position in self._free:
                lost.append(position)
        return [position for position in lost if position in self._free]

    # -- rotated files ---------------------------------------------------------------------

    def _follow(self, fresh, lost):
        """Find lost positions in rotated files; unknown files newer than the last visit are new."""
        bases = self._bases(fresh, lost)
        inodes = {one["inode"] for one in lost}
        floor = predecessors.floor(lost, self._now)
        self._seen = (bases, inodes, predecessors.listed(bases, inodes))
        unknown, late = [], []
        for path, status, base in self._seen[2]:
            newest = int(status.st_mtime)
            if newest < bases[base] and newest < floor and status.st_ino not in inodes:
                late.append(path)
                continue
            source = self._opened(path, False)
            if source is None or self._continue(source, self._same_content):
                continue
            name = os.path.basename(path)
            if newest < bases[base] or not predecessors.may_follow(name, base):
                self._release(source)
            else:
                unknown = self._oldest(unknown + [source], MAX_READS)
        self._late(late, lost)
        fresh = [source for source in unknown if not self._copy(source)]
        for source in unknown:
            if source not in fresh:
                self._release(source)
        for position in lost:
            if position in self._free and (
                self._is_live(position) or position["offset"] < position["size"]
            ):
                self._lose(position)
        return fresh

    def _bases(self, fresh, lost):
        if not self._glob:
            return predecessors.of_file(self._path, self._known, lost, self._now)
        return predecessors.of_pattern(
            self._path, self._known, self.plan.named, fresh, lost, self._now
        )

    def _late(self, paths, lost):
        """Clocks are set back: a lost position may be in an older file too."""
        for path in paths[:_LATE]:
            if not any(one in self._free and self._is_live(one) for one in lost):
                return
            source = self._opened(path, False)
            if source is not None and not self._continue(source, self._same_content):
                self._release(source)

    def _is_live(self, position) -> bool:
        """Whether a position stood in the file that was being written."""
        if self._glob or position["path"] == self._path:
            return True
        if any(one["path"] == self._path for one in self._known):
            return False
        return position["modified"] == max(one["modified"] for one in self._known)

    def _lose(self, position):
        """Say what could not be proven, or wait for a file that is away at the moment."""
        waits = position["path"] in self._denied or self.plan.postponed
        if (waits or (self.plan.missing and self._is_live(position))) and not self.plan.has(
            position["path"]
        ):
            self.plan.keep.append(position)
            return
        unread = max(0, position["size"] - position["offset"])
        replaced = any(one.path == position["path"] for one in self._open.values())
        if not unread and (not position["size"] or not replaced):
            return  # an empty file, or one that was read to its end and cleaned up
        reason = "rotated away before it was read"
        for source in self._open.values():
            same = source.inode == position["inode"] and source.path == position["path"]
            if same and source.size < position["size"]:
                reason = "truncated"
            elif same:
                reason = "rewritten in place"
        since = since_of(position)
        self.plan.gaps.append([since, max(since, self._now), reason, unread])

    def _copy(self, source) -> bool:
        """Whether a file repeats content a position covers already (copytruncate, packing)."""
        known = [one for one in self._known if one["head_length"] > 0]
        told = [pos.compare(source, position) for position in known]
        if True in told:
            return True
        if None in told:
            detail = "the compressed file ends early; tried again at the next visit"
            self.plan.problem("unreadable", source.path, detail)
            return True
        if source.packed:
            return False
        # copied before more was counted, which is gone since
        return any(pos.begins(source, one) and one["offset"] > source.size for one in self._free)

    def _repeats(self, source) -> bool:
        """Whether a file is the copy that copytruncate has just made of one that is read too."""
        name = os.path.basename(source.path)
        return any(
            pos.contains(other, source)
            for other in list(self._open.values())
            if other is not source
            and (not self._glob or siblings.belongs(name, os.path.basename(other.path)))
        )

    # -- first visit -----------------------------------------------------------------------

    def _past(self, primaries):
        """Rotated files of the first visit, as far back as the history goes."""
        fresh, since = [], self._now - self._history
        bases = [self._path] if not self._glob else [one.path for one in primaries]
        self._seen = (bases, (), predecessors.listed(bases, ()))
        for path, status, _ in self._seen[2]:
            source = self._opened(path, False) if status.st_mtime >= since else None
            if source is not None:
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
            old = self._glob and self._history > 0 and source.modified < since
            if old or (source.path != self._path and self._repeats(source)):
                self._release(source)
            elif self._unpacks(source):
                self.plan.reads.append((source, None))

    def _unpacks(self, source) -> bool:
        """Whether this host can unpack it; what it cannot is told and left alone."""
        try:
            source.head(1)
        except UnpackError as error:
            self.plan.problem("packed", source.path, str(error))
            self._release(source)
            return False
        except BrokenError:
            return True  # perhaps it is still being written: told while it is read
        return True


def _is_at(source) -> bool:
    try:
        status = os.stat(source.path)
    except (OSError, ValueError):
        return False
    return status.st_ino == source.inode and status.st_dev == source.device
