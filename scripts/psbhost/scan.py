"""Scans one log of a visit: what is new since its positions, aggregated."""

import re

from psbhost import positions as pos
from psbhost.assign import Assigner
from psbhost.formats import NAMES, Recogniser
from psbhost.jobs import Watches
from psbhost.metered import Metered
from psbhost.patterns import PatternError
from psbhost.records import Splitter
from psbhost.stamps import StampReader
from psbhost.tally import Tally
from psbhost.texts import Text, is_binary
from psbhost.transactions import Rule
from psbhost.zones import Zone

DEFAULT_HOLD = 2
DEFAULT_HOLD_PARTIAL = 10


class LogScan(object):
    """One log, one visit. `now`: the host's clock; `budget`: what the visit may still cost."""

    def __init__(self, spec: dict, now: float, budget, limits: dict):
        self._spec = spec
        self._now = now
        self._budget = budget
        self._hold = _number(limits.get("hold"), DEFAULT_HOLD)
        self._hold_partial = _number(limits.get("hold_partial"), DEFAULT_HOLD_PARTIAL)
        self._groups = int(_number(limits.get("groups"), 500))
        self._splitters = []
        self._positions = []
        self._bytes = self._held = self._backlog = 0
        self._formats = {}
        self._complete = True

    def run(self) -> dict:
        """The log's part of the reply. Never raises for what a file contains."""
        try:
            self._prepare()
        except (PatternError, re.error, ValueError) as error:
            return self._refused("pattern", str(error))
        history = int(_number(self._spec.get("history"), 0))
        assigner = Assigner(
            self._spec["path"], self._spec.get("positions") or [], int(self._now), history
        )
        self._plan = assigner.run()
        self._backlog = self._plan.postponed
        self._complete = not self._plan.postponed
        try:
            for source, position in self._plan.reads:
                self._read(source, position)
        finally:
            self._plan.close()
        self._complain()
        return self._reply()

    def _prepare(self):
        spec = self._spec
        self._zone = Zone(spec.get("zone"))
        self._only = spec.get("format") or None
        if self._only is not None and self._only not in NAMES:
            raise ValueError("unknown format %r; known are %s" % (self._only, ", ".join(NAMES)))
        pattern = spec.get("pattern")
        self._pattern = Metered(pattern) if pattern else None
        watches = Watches(spec)
        rule = Rule(spec.get("transactions"))
        rule.words = rule.words and not spec.get("jobs")  # a run is no request
        self._metered = watches.metered() + rule.metered()
        self._metered += [self._pattern] if self._pattern is not None else []
        self.tally = Tally(rule, watches, self._groups, span=False)

    def _complain(self):
        """A pattern that cost too much is a problem of the log: what it counts is incomplete."""
        for pattern in self._metered:
            if pattern.stopped:
                self._plan.problem("pattern", self._spec["path"], pattern.complaint())

    def _heads_stopped(self) -> bool:
        """Without its own pattern a log has no records: the rest waits for the next visit."""
        return self._pattern is not None and self._pattern.stopped

    def _refused(self, code, detail):
        """Nothing is read; the positions stay where they were."""
        self._plan = _NoPlan(self._spec)
        self._plan.problems = [{"code": code, "path": self._spec["path"], "detail": detail[:500]}]
        self.tally = Tally(Rule(None), Watches({}), 1)
        self._complete = False
        return self._reply()

    # -- reading ---------------------------------------------------------------------------

    def _read(self, source, position):
        offset = position["offset"] if position else 0
        carry = pos.carry_of(position) if position else {}
        reader = StampReader(self._zone, source.modified, source.path)
        recogniser = Recogniser(reader, self._only, self._pattern)
        splitter = Splitter(recogniser, carry, source.modified)
        self.tally.words.begin(carry)
        evidence, self._text = pos.Evidence(source, offset), None
        rest, at_end = b"", True
        try:
            rest, at_end = self._blocks(source, offset, splitter, recogniser, evidence)
        except OSError as error:
            at_end = self._plan.broken(source, evidence, error, self._now)
        if at_end and rest and self._is_whole(source, rest):
            batch = splitter.finish(rest)
            self.tally.add(batch, rest, recogniser)
            self._text.counted(rest)
            rest = b""
        self._held += self._text.raw_length(rest) if at_end and rest else 0
        self._complete = self._complete and at_end
        if not at_end:
            self._backlog += source.unread(evidence.offset)
        self._finish(source, splitter, evidence)

    def _blocks(self, source, offset, splitter, recogniser, evidence):
        rest, text = b"", Text(source, offset, evidence)
        self._text = text
        if not self._budget.left() or self.tally.full():
            return rest, text.at_end()
        for block in text.blocks():
            self._budget.spend(text.cost)
            self._bytes += text.cost
            end = block.rfind(b"\n") + 1 or len(block)
            data = b"".join((rest, memoryview(block)[:end]))  # the one copy of a block
            batch, rest = splitter.split(data)
            text.counted(data, len(data) - len(rest))
            rest += block[end:]
            self.tally.add(batch, data, recogniser)
            if self._heads_stopped():
                return rest, False
            if not self._budget.left() or self.tally.full():
                return rest, text.at_end()
        return rest, source.ended

    def _is_whole(self, source, rest) -> bool:
        """Whether the last record of a file has waited long enough for more lines."""
        wait = self._hold if rest.endswith(b"\n") else self._hold_partial
        age = self._now - source.modified
        return source.packed or age >= wait or age < -1  # written in the future: no waiting helps

    def _finish(self, source, splitter, evidence):
        carry = splitter.carry()
        carry.update(self.tally.words.carry())
        self._positions.append(evidence.position(carry))
        self._splitters.append(splitter)
        for name, count in splitter.formats.items():
            self._formats[name] = self._formats.get(name, 0) + count
        skipped = evidence.skipped + splitter.nul_bytes
        if skipped:
            self._plan.problem("hole", source.path, "%d NUL bytes were passed over" % skipped)
        elif is_binary(evidence.head):
            self._plan.problem("binary", source.path, "holds bytes that are no text")

    # -- the reply -------------------------------------------------------------------------

    def _reply(self):
        tally, plan, spec = self.tally, self._plan, self._spec
        if self._backlog and not any(one["code"] == "budget" for one in plan.problems):
            plan.problem(
                "budget", spec["path"], "%d bytes are left for the next visit" % self._backlog
            )
        seen_end = self._complete and not plan.missing and not self._unreadable()
        reply = {"app": spec.get("app"), "log": spec.get("log"), "format": self._format()}
        for name in ("lines", "records", "unparsed_lines", "unparsed_bytes", "oversize"):
            reply[name] = sum(getattr(splitter, name) for splitter in self._splitters)
        reply.update(
            bytes=self._bytes,
            held_bytes=self._held,
            backlog_bytes=self._backlog,
            read_until=int(self._now) if seen_end else 0,
            positions=pos.kept(self._positions + plan.keep, plan.named),
            levels=tally.levels(),
            transactions=tally.transactions(),
            routes=tally.routes(),
            causes=tally.causes.reply(),
            jobs=tally.watches.jobs,
            changes=tally.watches.changes,
            check_events=tally.watches.check_events,
            gaps=plan.gaps,
            problems=plan.problems,
        )
        if tally.words.count:
            reply["words"] = [tally.words.count, tally.words.example[:100]]
        return reply

    def _unreadable(self) -> bool:
        return any(
            one["code"] in ("unreadable", "not a file", "outside") for one in self._plan.problems
        )

    def _format(self) -> str:
        """The format most records have."""
        if not self._formats:
            return ""
        return max(sorted(self._formats), key=lambda name: self._formats[name])


class _NoPlan(object):
    """Stands for the plan of a log that was refused before it was looked at."""

    def __init__(self, spec):
        self.keep = [one for one in spec.get("positions") or [] if pos.valid(one)]
        self.gaps, self.problems, self.missing, self.named = [], [], False, ()


def _number(value, default):
    """A number from a request, or its default."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:
        return value
    return default
