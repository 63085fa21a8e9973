"""The thinking of the fleet page, no Qt: order, filters, counts and every word on it.

Pure functions of what the store says and of `now`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psbuddy import words
from psbuddy.insight.contact import as_seen
from psbuddy.insight.evidence import beyond_chance, is_notable
from psbuddy.model.fleet import AppStatus, HostLine
from psbuddy.model.terms import URGENCY, State

#: Above this many applications lines are grouped by state, with counts.
GROUP_ABOVE = 60
#: Data older than this many visits (and at least STALE_SECONDS) is marked as old.
STALE_VISITS, STALE_SECONDS = 3, 180
#: Errors an hour below which a bar of the sparkline is never loud.
LOUD_AT_LEAST = 5.0
#: Under this age (seconds) a clock time needs no day beside it.
_SAME_NIGHT = 18 * words.HOUR

COUNT_WORDS = {
    State.DOWN: ("needs you", "need you"),
    State.WATCH: ("watch", "watch"),
    State.UP: ("fine", "fine"),
    State.UNKNOWN: ("unknown", "unknown"),
    State.PAUSED: ("paused", "paused"),
}
#: The order in which the header counts.
COUNT_ORDER = (State.DOWN, State.WATCH, State.UP, State.UNKNOWN, State.PAUSED)


@dataclass(frozen=True, slots=True)
class FleetLine:
    """One line of the page as it is shown. A group's heading has an empty `app`."""

    key: str  # "app:ledger" or "group:down"
    app: str
    state: State
    name: str
    headline: str
    first: str  # the verdict sentence in two parts, for lines with room: what is wrong,
    rest: str  # and everything else
    since: str
    errors: str
    job: str
    spark: tuple[float | None, ...]
    spark_limit: float | None  # errors an hour above which a bar is loud
    availability: str
    age: str
    stale: bool
    spoken: str  # the whole line for a screen reader
    details: str  # tooltip


class FleetFilter(NamedTuple):
    """What the user chose to see."""

    states: frozenset[State] = frozenset()  # empty: all
    owner: str = ""  # "": all
    collapsed: frozenset[State] = frozenset()  # groups folded away


class FleetView(NamedTuple):
    """Everything the page shows."""

    lines: tuple[FleetLine, ...] = ()
    counts: tuple[tuple[State, int, str], ...] = ()  # state, number, "2 need you"
    owners: tuple[str, ...] = ()
    stale: str = ""  # a sentence when all that is shown is old
    worst: State = State.UNKNOWN
    order: tuple[str, ...] = ()  # keys as sorted now


def fleet_view(
    statuses: Sequence[AppStatus],
    now: int,
    wanted: FleetFilter | None = None,
    *,
    held: Sequence[str] = (),
    zone: str = "",
) -> FleetView:
    """The page for `statuses`. `held`: keys whose present order must not change."""
    wanted = wanted or FleetFilter()
    owned = [status for status in statuses if wanted.owner in ("", status.owner)]
    shown = [s for s in owned if not wanted.states or s.state in wanted.states]
    ordered = _ordered(shown, held)
    lines = tuple(_line(status, now, zone) for status in ordered)
    if len(owned) > GROUP_ABOVE:
        lines = _grouped(lines, wanted.collapsed, held)
    return FleetView(
        lines=lines,
        counts=_counts(owned),
        owners=tuple(sorted({status.owner for status in statuses if status.owner})),
        stale=_stale_sentence(statuses, now, zone),
        worst=worst_state(status.state for status in statuses),
        order=tuple(line.key for line in lines),
    )


def worst_state(states: Iterable[State]) -> State:
    """The most urgent of `states`; unknown when there is none."""
    found = set(states)
    return next((state for state in URGENCY if state in found), State.UNKNOWN)


def hosts_words(hosts: Sequence[HostLine], now: int, newest: int, watched: int = 0) -> str:
    """`38 of 40 hosts · 12 s ago`: how much of the fleet is seen, and how old that is.

    `watched`: hosts the engine is to visit, met or not; 0 when it has not said. Hosts that the
    catalogue does not name any more do not count.
    """
    hosts = [as_seen(host, now) for host in hosts if host.state is not State.PAUSED]
    seen = sum(host.state in (State.UP, State.WATCH) for host in hosts)
    age = "first visits under way" if watched else "nothing collected yet"
    if newest:
        recent = now - newest < words.HOUR
        age = words.when(newest, now) if recent else known_words(newest, now)
    number = max(len(hosts), watched)
    if not number:
        return age
    total = f"{seen} of {words.quantity(number, 'host')}"
    return f"{total} · {age}"


def newest_collection(statuses: Sequence[AppStatus]) -> int:
    """When anything was last seen, 0 for never."""
    return max((status.last_collection for status in statuses), default=0)


def is_stale(status: AppStatus, now: int) -> bool:
    """Whether what is shown of this application is older than its rhythm allows."""
    if status.state is State.PAUSED:
        return False
    patience = max(STALE_SECONDS, STALE_VISITS * status.interval)
    return now - status.last_collection > patience


def known_words(time: int, now: int, zone: str = "") -> str:
    """`known at 23:40, 7 h ago`: the age of old data, so that nobody takes it for news."""
    if not time:
        return "never collected"
    age = now - time
    at = "at " if age < _SAME_NIGHT else ""
    return f"known {at}{_clock(time, now, zone)}, {words.span(age)} ago"


def _clock(time: int, now: int, zone: str) -> str:
    """`23:31` through the night that is meant anyway, `Sat 16:00` beyond it."""
    if 0 <= now - time < _SAME_NIGHT:
        return f"{words.local(time, zone):%H:%M}"
    return words.clock(time, now, zone)


def jump_order(statuses: Sequence[AppStatus]) -> list[AppStatus]:
    """Applications as the jump list offers them: most urgent first."""
    return sorted(statuses, key=urgency)


def urgency(status: AppStatus) -> tuple[int, int, str]:
    """Sorts applications by how much they need somebody."""
    # Within a state the freshest trouble first; quiet ones by name.
    loud = status.state in (State.DOWN, State.WATCH)
    return URGENCY.index(status.state), -status.since if loud else 0, status.name.casefold()


def _ordered(statuses: Iterable[AppStatus], held: Sequence[str]) -> list[AppStatus]:
    ordered = sorted(statuses, key=urgency)
    if not held:
        return ordered
    place = {key: index for index, key in enumerate(held)}
    return sorted(ordered, key=lambda status: place.get(_key(status), len(place)))


def _key(status: AppStatus) -> str:
    return f"app:{status.app}"


def _counts(statuses: Sequence[AppStatus]) -> tuple[tuple[State, int, str], ...]:
    numbers = {state: sum(s.state is state for s in statuses) for state in COUNT_ORDER}
    return tuple(
        (state, number, f"{words.count(number)} {COUNT_WORDS[state][number != 1]}")
        for state, number in numbers.items()
        if number
    )


def _line(status: AppStatus, now: int, zone: str) -> FleetLine:
    stale = is_stale(status, now)
    since = f"since {_clock(status.since, now, zone)}" if status.since else ""
    age = _age(status.last_collection, now)
    # What was available as long as it was seen is no news of what is not seen.
    known = status.known_availability
    available = words.share(known)
    errors = errors_words(status.errors_per_minute, status.normal_per_minute)
    job, (first, rest) = _job_column(status), sentence_parts(status.headline, status.sentence)
    parts = [
        status.name,
        COUNT_WORDS[status.state][0],
        status.headline,
        since,
        f"errors in the last hour {errors}" if errors != "—" else "errors not known",
        job,
        f"available {available}" if available != "—" else "",
        known_words(status.last_collection, now, zone) if stale else f"collected {age}",
    ]
    return FleetLine(
        key=_key(status),
        app=status.app,
        state=status.state,
        name=status.name,
        headline=status.headline,
        first=first,
        rest=rest,
        since=since,
        errors=errors,
        job=job,
        spark=_spark(status, now),
        spark_limit=_spark_limit(status),
        availability=available,
        age=age,
        stale=stale,
        spoken=", ".join(part for part in parts if part),
        details=_details(status, now, zone),
    )


def _age(time: int, now: int) -> str:
    if not time:
        return "never"
    if abs(now - time) < words.HOUR:
        return words.when(time, now)  # as the bar at the top says it, at the same moment
    return f"{words.span(now - time)} ago"


def errors_words(rate: float | None, normal: float | None) -> str:
    """Errors of the last hour: `3.2 × normal` where an hour is evidence for it, else
    `0.6 an hour, normal 24`, `0.4 a minute`, `—`."""
    if rate is None:
        return "—"
    if not normal:
        return words.rate(rate)
    if beyond_chance(rate * 60, normal * 60):
        times = rate / normal
        return "over 1,000 × normal" if times > 1000 else f"{words.decimal(times)} × normal"
    return words.rate_beside(rate, normal) if is_notable(rate, normal) else words.rate(rate)


def _spark(status: AppStatus, now: int) -> tuple[float | None, ...]:
    """The last 24 hours as of `now`: what passed since the line was computed is unobserved."""
    unseen = min(max(now - status.as_of, 0) // words.HOUR, len(status.spark))
    return (*status.spark[unseen:], *([None] * unseen))


def _spark_limit(status: AppStatus) -> float | None:
    """Loud bars only while errors are not normal: other hours had other normals."""
    rate, normal = status.errors_per_minute, status.normal_per_minute
    if rate is None or normal is None or not beyond_chance(rate * 60, normal * 60):
        return None
    return max(normal * 60 * 2, LOUD_AT_LEAST)


def _job_words(status: AppStatus) -> str:
    if not status.worst_job:
        return ""
    name, note = words.job_name(status.worst_job), status.worst_job_note
    return f"{name}: {note}" if note else name


def _job_column(status: AppStatus) -> str:
    """The worst job, unless the headline speaks of it already."""
    name = words.job_name(status.worst_job)
    return "" if name.casefold() in status.headline.casefold() else _job_words(status)


def sentence_parts(headline: str, sentence: str) -> tuple[str, str]:
    """The verdict sentence cut where its headline ends; together they say all of it, once."""
    first, found, rest = sentence.partition(". ")
    if sentence.startswith(headline) and not sentence.startswith(f"{headline},"):
        return headline, sentence[len(headline) :].lstrip(". ")
    if found and first.startswith(headline.partition(", ")[0]):
        return first, rest
    return headline, sentence


def _details(status: AppStatus, now: int, zone: str) -> str:
    lines = [status.sentence]
    if status.worst_job:
        lines.append(f"Worst job: {_job_words(status)}")
    if status.owner:
        lines.append(f"Owner: {status.owner}")
    if status.hosts_total:
        lines.append(f"{status.hosts_seen} of {words.quantity(status.hosts_total, 'host')} seen")
    if status.coverage is not None:
        lines.append(f"Last 24 hours: {words.share(status.coverage)} of the time observed")
    lines.append(
        words.capital(known_words(status.last_collection, now, zone))
        if is_stale(status, now)
        else f"Last collection {words.when(status.last_collection, now, zone)}"
    )
    return "\n".join(line for line in lines if line)


def _stale_sentence(statuses: Sequence[AppStatus], now: int, zone: str) -> str:
    watched = [status for status in statuses if status.state is not State.PAUSED]
    if not watched or not all(is_stale(status, now) for status in watched):
        return ""
    newest = newest_collection(statuses)
    if not newest:
        return "Nothing was collected yet: all states are unknown until the first visit ends."
    return f"{words.capital(known_words(newest, now, zone))}. What happened since is not known yet."


def _grouped(
    lines: Sequence[FleetLine], collapsed: Collection[State], held: Sequence[str]
) -> tuple[FleetLine, ...]:
    """Lines under a heading per state; with `held` everything stays in its row."""
    members = {state: [line for line in lines if line.state is state] for state in URGENCY}
    headings = {
        f"group:{state}": _heading(state, len(members[state]), state in collapsed)
        for state in URGENCY
        if members[state]
    }
    open_lines = {line.key: line for line in lines if line.state not in collapsed}
    if held:
        shown = {key: {**headings, **open_lines}.get(key) for key in held}
        kept = [line for line in shown.values() if line is not None]
        return (*kept, *(line for key, line in open_lines.items() if key not in shown))
    result: list[FleetLine] = []
    for state in URGENCY:
        result.extend(line for key, line in headings.items() if key == f"group:{state}")
        result.extend(line for line in members[state] if state not in collapsed)
    return tuple(result)


def _heading(state: State, number: int, folded: bool) -> FleetLine:
    title = f"{words.count(number)} {COUNT_WORDS[state][number != 1]}"
    return FleetLine(
        key=f"group:{state}",
        app="",
        state=state,
        name=title,
        headline="show" if folded else "",
        first="",
        rest="",
        since="",
        errors="",
        job="",
        spark=(),
        spark_limit=None,
        availability="",
        age="",
        stale=False,
        spoken=f"Group: {title}, {'folded' if folded else 'open'}",
        details="",
    )
