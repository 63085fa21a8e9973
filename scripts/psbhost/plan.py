"""What a visit reads of one log, oldest first, and what of it could not be proven or read."""

from psbhost import positions as pos
from psbhost.packing import BrokenError

#: Seconds after which nobody is still writing a compressed file that ends early.
SETTLED = 600


class Plan(object):
    """Filled by `psbhost.assign`, read by `psbhost.scan`."""

    def __init__(self):
        self.reads = []  # (Source, position or None)
        self.keep = []  # positions that stay as they are
        self.named = set()  # paths of the files that the log's path names
        self.gaps = []  # [from, to, reason, bytes]
        self.problems = []  # {"code", "path", "detail"}
        self.missing = False
        self.postponed = 0  # bytes of files that wait for the next visit

    def problem(self, code: str, path: str, detail: str) -> None:
        """Note what could not be read."""
        told = {"code": code, "path": path, "detail": detail}
        if len(self.problems) < 50 and told not in self.problems:
            self.problems.append(told)

    def broken(self, source, evidence, error, now) -> bool:
        """Reading failed there: whether no later visit can do better."""
        if not isinstance(error, BrokenError):
            self.problem("unreadable", source.path, error.strerror or str(error))
            return False
        if now - source.modified < SETTLED:
            detail = "the compressed file ends early; tried again at the next visit"
            self.problem("unreadable", source.path, detail)
            return False
        unread = source.unread(evidence.offset)
        since = source.modified
        self.gaps.append([since, max(since, int(now)), "the compressed file is damaged", unread])
        source.given_up = True
        return True

    def close(self) -> None:
        """Close all files."""
        for source, _ in self.reads:
            source.close()

    def has(self, path: str) -> bool:
        """Whether a position of this path comes home already: there is one for each path."""
        return any(one["path"] == path for one in self.keep) or any(
            source.path == path for source, _ in self.reads
        )


def since_of(position: dict) -> int:
    """When the last record that was counted was written, as far as that is known."""
    since = pos.carry_of(position).get("t")
    return since if isinstance(since, int) else position["modified"]
