"""When a job is due: its cron line in its own zone, its business-day rule, its deadline.

cronsim follows Debian's cron on the nights the clocks change: a job in the doubled hour is due
once. A business day is a working day of the job's `calendar`.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import takewhile

from cronsim import CronSim

from psbuddy.insight.calendar import allowed
from psbuddy.insight.zones import zone_of
from psbuddy.model.runs import JobDef

_MOST_STARTS = 20_000
#: A start this much before its due time still belongs to it: clocks differ.
EARLY = 600
_BELATED = 6 * 3_600  # seconds after a due time in which a start is still taken to be for it


def expected_starts(job: JobDef, since: int, until: int) -> tuple[int, ...]:
    """Due times in [since, until), ascending epoch seconds; () for a job without cron line.

    The newest 20,000 at most are wanted by anyone, so a denser range is refused with
    ValueError. Raises CronSimError for a line that is not cron.
    """
    if not job.cron or until <= since:
        return ()
    before = datetime.fromtimestamp(since, UTC).astimezone(zone_of(job.timezone))
    due = CronSim(job.cron, before - timedelta(seconds=1))
    starts: list[int] = []
    for moment in takewhile(lambda m: m.timestamp() < until, due):
        if allowed(moment.date(), job.on, job.calendar):
            starts.append(int(moment.timestamp()))
        if len(starts) > _MOST_STARTS:
            raise ValueError(f"{job.app}/{job.job}: more than {_MOST_STARTS} starts in one range")
    return tuple(starts)


@lru_cache(maxsize=20_000)
def due_of(job: JobDef, start: int) -> int:
    """The due time a start belongs to: of the six hours before it, or the minutes after it,
    whichever is nearer; the start itself where there is none.

    What is due at 23:58 is for that day, also when it begins at 00:01.
    """
    due = expected_starts(job, start - _BELATED, start + EARLY + 1)
    place = bisect_right(due, start)
    near = due[max(0, place - 1) : place + 1]
    return min(near, key=lambda time: abs(time - start), default=start)


def deadline_after(job: JobDef, start: int) -> int | None:
    """The deadline of a run due (or begun) at `start`: the first HH:MM on or after it."""
    return _deadline(job.deadline, job.timezone, start) if job.deadline else None


@lru_cache(maxsize=20_000)
def _deadline(deadline: str, timezone: str, start: int) -> int:
    hour, minute = (int(part) for part in deadline.split(":"))
    moment = datetime.fromtimestamp(start, zone_of(timezone))
    limit = moment.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if limit < moment:
        limit += timedelta(days=1)  # wall clock arithmetic: the same HH:MM tomorrow
    return int(limit.timestamp())
