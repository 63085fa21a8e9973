"""One log of a reply -> a LogObservation, everything checked. See `collectors.reply`."""

from dataclasses import replace
from typing import Any, TypeVar

from collectors import fields
from collectors.asked import Asked
from collectors.fields import Fields, ReplyError
from collectors.problems import sentence
from psbuddy.insight.causes import RawCause, identify
from psbuddy.insight.ledger import period_for
from psbuddy.model import latency
from psbuddy.model.observation import (
    OTHER_ROUTES,
    CauseCount,
    ChangeEvent,
    CheckEvent,
    Example,
    Gap,
    JobEvent,
    LevelCount,
    LogObservation,
    Position,
    RouteCount,
    TransactionCount,
)
from psbuddy.model.terms import LEVELS, Level, State

MINUTE, HOUR = 60, 3_600
_OLDEST = 631_152_000  # 1990
_FUTURE = 2 * 86_400  # a host's clock may be wrong by hours, not by years

_ROWS = 500_000  # minutes of a first visit: a year of two levels
_CAUSES = 5_000
_EVENTS = 50_000
_EXAMPLES = 20
_GAPS = 10_000
_FILES = 5_000
_PROBLEMS = 200
_NAME, _LINE, _TEXT, _PATH = 200, 2_048, 4_096, 4_096


class LogReader:
    """Reads one log of a reply. Raises ReplyError."""

    def __init__(self, values: Fields, asked: Asked) -> None:
        self._values = values
        self._asked = asked
        self._app, self._log = values.text("app", _NAME), values.text("log", _NAME)
        if (self._app, self._log) not in asked.logs:
            raise ReplyError(f"{values.place} is a log that was not asked for")
        self._moved = 0  # records whose time cannot be true

    def read(self) -> LogObservation:
        values = self._values
        levels, transactions = self._levels(), self._transactions()
        causes, jobs = self._causes(), self._jobs()
        return LogObservation(
            base_version=self._asked.versions.get((self._app, self._log), -1),
            app=self._app,
            log=self._log,
            positions=tuple(_position(each) for each in values.all("positions", _FILES)),
            format=values.text("format", _NAME),
            bytes_read=values.whole("bytes"),
            lines=values.whole("lines"),
            records=values.whole("records"),
            unparsed_lines=values.whole("unparsed_lines"),
            unparsed_bytes=values.whole("unparsed_bytes"),
            held_bytes=values.whole("held_bytes"),
            backlog_bytes=values.whole("backlog_bytes"),
            oversize_records=values.whole("oversize"),
            read_until=self._time(values.whole("read_until")) if values.whole("read_until") else 0,
            levels=levels,
            transactions=transactions,
            routes=self._routes(),
            causes=causes,
            jobs=jobs,
            changes=self._changes(),
            check_events=self._check_events(),
            gaps=self._gaps(),
            problems=self._problems(),
        )

    def _time(self, time: int, records: int = 0) -> int:
        """A time that can be true: an impossible one becomes the time of the visit."""
        if _OLDEST <= time <= self._asked.now + _FUTURE:
            return time
        self._moved += records
        return self._asked.now

    def _minute(self, value: Any, place: str, records: int) -> int:
        time = self._time(fields.whole(value, place, least=-fields.MOST), records)
        return time - time % MINUTE

    def _levels(self) -> tuple[LevelCount, ...]:
        counts: dict[tuple[int, Level], int] = {}
        for index, entry in enumerate(self._values.rows("levels", _ROWS)):
            place = f"{self._values.place}.levels[{index}]"
            minute, level, records = fields.row(entry, place, 3)
            records = fields.whole(records, place)
            key = (self._minute(minute, place, records), _level(level, place))
            counts[key] = counts.get(key, 0) + records
        in_order = sorted(counts.items(), key=lambda item: (item[0][0], LEVELS.index(item[0][1])))
        return tuple(LevelCount(*key, records) for key, records in in_order)

    def _transactions(self) -> tuple[TransactionCount, ...]:
        merged: dict[int, TransactionCount] = {}
        for index, entry in enumerate(self._values.rows("transactions", _ROWS)):
            one = self._transaction(entry, f"{self._values.place}.transactions[{index}]")
            before = merged.get(one.minute)
            merged[one.minute] = one if before is None else _sum(before, one)
        return tuple(merged[minute] for minute in sorted(merged))

    def _transaction(self, entry: Any, place: str) -> TransactionCount:
        minute, count, *rest = fields.row(entry, place, 6)
        count = fields.whole(count, place)
        return TransactionCount(
            self._minute(minute, place, count), count, *_durations(count, rest, place)
        )

    def _routes(self) -> tuple[RouteCount, ...]:
        merged: dict[tuple[int, str], RouteCount] = {}
        for index, entry in enumerate(self._values.rows("routes", _ROWS)):
            place = f"{self._values.place}.routes[{index}]"
            hour, route, count, *rest = fields.row(entry, place, 7)
            count = fields.whole(count, place)
            hour = self._minute(hour, place, 0) // HOUR * HOUR
            route = fields.text(route, place, _NAME) or OTHER_ROUTES
            one = RouteCount(hour, route, count, *_durations(count, rest, place))
            before = merged.get((hour, route))
            merged[hour, route] = one if before is None else _sum(before, one)
        return tuple(merged[key] for key in sorted(merged))

    def _causes(self) -> tuple[CauseCount, ...]:
        found: dict[tuple[str, Level], CauseCount] = {}
        for values in self._values.all("causes", _CAUSES):
            one = self._cause(values)
            key = (one.fingerprint, one.level)
            found[key] = _join(found[key], one) if key in found else one
        return tuple(found.values())

    def _cause(self, values: Fields) -> CauseCount:
        minutes: dict[int, int] = {}
        for entry in values.rows("minutes", _ROWS):
            minute, records = fields.row(entry, values.place, 2)
            records = fields.whole(records, values.place)
            at = self._minute(minute, values.place, 0)
            minutes[at] = minutes.get(at, 0) + records
        examples = tuple(
            Example(self._time(fields.whole(time, values.place)), _record(text, values.place))
            for time, text in (
                fields.row(each, values.place, 2) for each in values.rows("examples", _EXAMPLES)
            )
        )
        raw = RawCause(
            key=values.text("key", _NAME),
            level=_level(values.whole("level"), values.place),
            message=values.text("message", _TEXT),
            exception=values.text("exception", _NAME),
            frame=values.text("frame", _LINE),
            first=self._time(values.whole("first")),
            last=self._time(values.whole("last")),
            example=examples[0].text if examples else "",
        )
        identity = identify(raw)
        return CauseCount(
            fingerprint=identity.fingerprint,
            level=raw.level,
            title=identity.title,
            template=identity.template,
            exception=raw.exception,
            frame=raw.frame,
            first_seen=min(raw.first, raw.last),
            last_seen=max(raw.first, raw.last),
            minutes=tuple(sorted(minutes.items())),
            examples=examples,
        )

    def _jobs(self) -> tuple[JobEvent, ...]:
        return tuple(self._job(values) for values in self._values.all("jobs", _EVENTS))

    def _job(self, values: Fields) -> JobEvent:
        job, kind = values.text("job", _NAME), values.text("kind", _NAME)
        rule = self._asked.jobs.get((self._app, job))
        if rule is None or kind not in ("start", "finish", "fail"):
            raise ReplyError(f"{values.place} is no event of a job that was asked for")
        time = self._time(values.whole("time"), 1)
        period = values.text("period", _NAME)
        if not period and rule.kind is not None and (kind == "start" or rule.by_end):
            period = period_for(rule.kind, time, rule.zone)
        volume = values.number("volume", least=-1e15, most=1e15)
        return JobEvent(
            job=job,
            kind=kind,
            time=time,
            period=period,
            volume=None if volume is None else round(volume),
            reason=values.text("reason", _LINE),
            actor=values.text("actor", _NAME),
            text=values.text("text", _LINE),
        )

    def _changes(self) -> tuple[ChangeEvent, ...]:
        place = f"{self._values.place}.changes"
        return tuple(
            ChangeEvent(
                self._time(fields.whole(time, place), 1),
                fields.text(kind, place, _NAME),
                fields.text(label, place, _NAME),
            )
            for time, kind, label in (
                fields.row(each, place, 3) for each in self._values.rows("changes", _EVENTS)
            )
        )

    def _check_events(self) -> tuple[CheckEvent, ...]:
        place = f"{self._values.place}.check_events"
        return tuple(
            CheckEvent(
                fields.text(check, place, _NAME),
                state_of(state, place),
                self._time(fields.whole(time, place), 1),
            )
            for check, state, time in (
                fields.row(each, place, 3) for each in self._values.rows("check_events", _EVENTS)
            )
        )

    def _gaps(self) -> tuple[Gap, ...]:
        place = f"{self._values.place}.gaps"
        gaps = []
        for entry in self._values.rows("gaps", _GAPS):
            start, end, reason, size = fields.row(entry, place, 4)
            # 0 is the word for "unknown": the store then knows the last good visit.
            start, end = sorted(fields.whole(time, place, most=2**40) for time in (start, end))
            gaps.append(
                Gap(start, end, fields.text(reason, place, _LINE), fields.whole(size, place))
            )
        return tuple(gaps)

    def _problems(self) -> tuple[str, ...]:
        told = [
            sentence(
                values.text("code", _NAME),
                values.text("path", _PATH),
                values.text("detail", _LINE),
                self._asked.host,
            )
            for values in self._values.all("problems", _PROBLEMS)
        ]
        if self._moved:
            told.append(
                f"{self._moved} records of {self._log} on {self._asked.host} carry a time that "
                "cannot be true; they are counted at the time they were read. Is its time zone "
                "or format right?"
            )
        return tuple(told)


def _position(values: Fields) -> Position:
    path = values.text("path", _PATH)
    if not path:
        raise ReplyError(f"{values.place}.path is missing")
    return Position(
        path=path,
        device=values.whole("device", most=2**64),
        inode=values.whole("inode", most=2**64),
        offset=values.whole("offset"),
        size=values.whole("size"),
        modified=values.whole("modified", least=-fields.MOST),
        head_length=values.whole("head_length", most=1024),
        head_hash=values.text("head_hash", 128),
        tail_hash=values.text("tail_hash", 128),
        carry=values.text("carry", _TEXT),
    )


def _level(value: Any, place: str) -> Level:
    return LEVELS[fields.whole(value, place, most=len(LEVELS) - 1)]


def state_of(value: Any, place: str) -> State:
    """A state that a check can have. Raises ReplyError."""
    if value not in (State.UP, State.DOWN, State.UNKNOWN):
        raise ReplyError(f"{place} has a state that is none")
    return State(value)


def _record(value: Any, place: str) -> str:
    return fields.text(value, place, _TEXT)


def _durations(
    count: int, rest: list[Any], place: str
) -> tuple[int, float, float, tuple[tuple[int, int], ...]]:
    """failed, total, longest and buckets of so many transactions. Raises ReplyError."""
    failed, total, longest, buckets = rest
    pairs = [
        fields.row(pair, place, 2)
        for pair in fields.listed(buckets, place, latency.HIGHEST - latency.LOWEST + 1)
    ]
    counted = tuple(
        (
            fields.whole(bucket, place, least=latency.LOWEST, most=latency.HIGHEST),
            fields.whole(number, place),
        )
        for bucket, number in pairs
    )
    if sum(number for _, number in counted) > count:
        raise ReplyError(f"{place} has more durations than transactions")
    failed = fields.whole(failed, place, most=count)
    return failed, fields.number(total, place), fields.number(longest, place), counted


_Count = TypeVar("_Count", TransactionCount, RouteCount)


def _sum(one: _Count, other: _Count) -> _Count:
    return replace(
        one,
        transactions=one.transactions + other.transactions,
        failed=one.failed + other.failed,
        total_ms=one.total_ms + other.total_ms,
        max_ms=max(one.max_ms, other.max_ms),
        buckets=tuple(sorted(latency.merge((one.buckets, other.buckets)).items())),
    )


def _join(one: CauseCount, other: CauseCount) -> CauseCount:
    """Two groups of the host that are one cause."""
    minutes = latency.merge((one.minutes, other.minutes))  # sums by key, whatever the key is
    return replace(
        one,
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
        minutes=tuple(sorted(minutes.items())),
        examples=(one.examples + other.examples)[:_EXAMPLES],
    )
