"""What jobs, deployments and services tell of themselves in a log, by the catalogue's patterns."""

from psbhost.masks import plain
from psbhost.patterns import LINE_CAP, Pattern, group

TEXT_CAP = 2048
EVENT_CAP = 5000


class Watches(object):
    """All patterns of one log. Raises PatternError."""

    def __init__(self, spec: dict):
        self._watches = []
        for job in spec.get("jobs") or ():
            for kind in ("start", "finish", "fail"):
                self._watch(job.get(kind), self._job_event, (job.get("job"), kind))
        for change in spec.get("changes") or ():
            self._watch(change.get("pattern"), self._change, change.get("kind"))
        for check in spec.get("checks") or ():
            for state in ("up", "down"):
                self._watch(check.get(state), self._check_event, (check.get("check"), state))
        self.jobs, self.changes, self.check_events = [], [], []

    def full(self) -> bool:
        """Whether reading should stop for this visit: the rest waits, nothing is dropped."""
        return len(self.jobs) + len(self.changes) + len(self.check_events) >= EVENT_CAP

    def metered(self) -> list:
        """The patterns, for what they cost."""
        return [pattern.regex for pattern, _, _ in self._watches]

    def _watch(self, source, handler, what):
        if isinstance(source, str) and source:
            self._watches.append((Pattern(source), handler, what))

    def add(self, data: bytes, batch, recogniser) -> None:
        """Look through the records of a block."""
        for pattern, handler, what in self._watches:
            if not pattern.may_match(data):
                continue
            literal = pattern.literal
            found = [
                i for i, record in enumerate(batch.records) if literal in batch.prefix + record
            ]
            for index in found:
                self._try(pattern, handler, what, batch, index, recogniser)

    def _try(self, pattern, handler, what, batch, index, recogniser):
        record = batch.record(index)
        line = record[:LINE_CAP].split(b"\n", 1)[0].rstrip()
        head = batch.head(index, recogniser)
        message = line[head.message :] if head is not None and not head.extra else line
        match = pattern.search(message, line)
        if match is None:
            return
        handler(what, match, batch.times[index], line)

    def _job_event(self, what, match, time, line):
        volume = "".join(char for char in group(match, "volume") if char.isdigit())[:18]
        self.jobs.append(
            {
                "job": what[0],
                "kind": what[1],
                "time": time,
                "period": plain(group(match, "period").encode("utf-8"), 64),
                "volume": int(volume) if volume else None,
                "reason": plain(group(match, "reason").encode("utf-8"), 500),
                "actor": plain(group(match, "actor").encode("utf-8"), 128),
                "text": plain(line, TEXT_CAP),
            }
        )

    def _change(self, kind, match, time, _line):
        self.changes.append([time, kind, plain(group(match, "label").encode("utf-8"), 200)])

    def _check_event(self, what, _match, time, _line):
        self.check_events.append([what[0], what[1], time])
