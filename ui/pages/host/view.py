"""What we do on a host, in words and rows. No Qt."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psbuddy import words
from psbuddy.insight.contact import as_seen, is_missed, missed_words
from psbuddy.model.command import COMMAND, SHELL_COMMAND
from psbuddy.model.status import HostLine, Visit, VisitDay
from psbuddy.model.terms import Stage, State

STATE_SENTENCES = {
    State.UP: "Seen",
    State.WATCH: "Seen, with trouble",
    State.DOWN: "Down",
    State.UNKNOWN: "Not seen",
    State.PAUSED: "Not visited",  # the catalogue does not name it any more
}
HEADINGS = ("Visited", "Stage", "Took", "Read there", "Sent to us", "Host CPU", "Memory", "Detail")
DAY_HEADINGS = (
    *("Day", "Visits", "Failed", "Logins", "Read there", "Sent to us", "Host CPU", "Memory"),
    "Program start",
)
_STAGES: Final = tuple(Stage)
_SLOW_START: Final = 2.0  # seconds: far beyond any shell and any Python
PROMISE = (
    "One connection is kept and reused. The program is sent over it, lives in memory and ends "
    "with it: nothing is installed, no file is written, no root is needed. It reads only the "
    "paths the catalogue names and returns counts, groups and examples."
)


@dataclass(frozen=True, slots=True)
class HostKnown:
    """What the store knows of one host. `met`: first good visit of its state, `boot`: its start."""

    visits: tuple[Visit, ...] = ()  # newest first
    days: tuple[VisitDay, ...] = ()  # newest first
    notes: tuple[str, ...] = ()  # of the way there
    files: tuple[str, ...] = ()  # from which something was read
    met: int = 0
    boot: int = 0


@dataclass(frozen=True, slots=True)
class HostView:
    """Everything the page says of one host."""

    host: str
    state: State
    headline: str
    reason: str
    deeds: str  # what we did here lately, in figures
    rows: tuple[tuple[str, ...], ...]  # one visit each, as in HEADINGS
    failed: tuple[bool, ...]  # one per row
    connection: str = ""  # since when, how often let in, what the beginning took
    notes: tuple[str, ...] = ()  # of the way there: why it was taken, what it leaves out
    bars: tuple[float, ...] = ()  # how far each visit came, oldest first: 1 is the end
    stages: str = ""  # the same in words
    days: tuple[tuple[str, ...], ...] = ()  # as in DAY_HEADINGS
    files: tuple[str, ...] = ()  # from which something was read


def host_view(line: HostLine, known: HostKnown, now: int, zone: str = "") -> HostView:
    """The page for `line`."""
    missed, visits = is_missed(line, now), known.visits
    return HostView(
        host=line.host,
        state=as_seen(line, now).state,
        headline=f"{words.capital(missed_words(line, now, zone))}."
        if missed
        else _headline(line, known.met, known.boot, now, zone),
        reason=_sentence(line.reason),
        deeds=deeds(line, visits, now, zone),
        rows=tuple(_row(visit, now, zone) for visit in visits),
        failed=tuple(visit.outcome != "ok" for visit in visits),
        connection=connection_words(line, known, now, zone),
        notes=known.notes,
        bars=tuple(_reached(visit) for visit in reversed(visits)),
        stages=stage_words(visits),
        days=tuple(_day_row(day) for day in known.days),
        files=known.files,
    )


def connection_words(line: HostLine, known: HostKnown, now: int, zone: str = "") -> str:
    """The last connection, how often one was made, and what its beginning cost."""
    used = next((visit for visit in known.visits if visit.connected), None)
    if used is None:
        return ""
    over = f" over {used.transport}" if used.transport else ""
    since = words.clock(used.connected, now, zone)
    carried = sum(visit.connected == used.connected for visit in known.visits)
    parts = [
        f"The last connection{over} was made at {since} and carried "
        f"{words.quantity(carried, 'visit')}."
    ]
    if known.days:
        logins = sum(day.logins for day in known.days)
        visits = words.quantity(sum(day.visits for day in known.days), "visit")
        days = words.quantity(len(known.days), "day")
        parts.append(f"{words.quantity(logins, 'login')} for {visits} on {days}.")
    made = next((visit for visit in known.visits if visit.start_seconds is not None), None)
    return " ".join([*parts, *_beginning(made)])


def _beginning(made: Visit | None) -> list[str]:
    if made is None or made.start_seconds is None:
        return []
    let_in = words.duration(made.login_seconds or 0.0)
    start = words.duration(made.start_seconds)
    told = [f"Let in after {let_in}; the shell and our program were ready {start} later."]
    if made.start_seconds >= _SLOW_START:
        told.append("That is long: does the account's profile start something heavy?")
    return told


def stage_words(visits: Sequence[Visit]) -> str:
    """How far the visits came, in one sentence."""
    if not visits:
        return ""
    ended = Counter(visit.stage for visit in visits if visit.outcome != "ok")
    order = [stage.value for stage in _STAGES]
    failed = [
        f"{words.count(number)} failed at {stage}"
        for stage, number in sorted(
            ended.items(), key=lambda each: order.index(each[0]) if each[0] in order else 0
        )
    ]
    done = f"{words.count(len(visits) - sum(ended.values()))} came to the end"
    return f"Of {words.quantity(len(visits), 'visit')} {', '.join([done, *failed])}."


def _reached(visit: Visit) -> float:
    if visit.outcome == "ok":
        return 1.0
    number = next((n for n, stage in enumerate(_STAGES) if stage.value == visit.stage), 0)
    return (number + 1) / (len(_STAGES) + 1)


def _headline(line: HostLine, met: int, boot: int, now: int, zone: str) -> str:
    """How it stands since when; what a boot proves is not called seen."""
    state = STATE_SENTENCES[line.state]
    if not line.since:
        return f"{state}."
    since = words.clock(line.since, now, zone)
    if line.state in (State.UP, State.WATCH) and boot == line.since and met > boot:
        first = words.clock(met, now, zone)
        return f"Up since {since} (its boot time), {state.lower()} since {first}."
    return f"{state} since {since}."


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", "…")) else text + "."


def deeds(line: HostLine, visits: Sequence[Visit], now: int, zone: str = "") -> str:
    """The cost of the visits that are shown, summed: what an auditor asks first."""
    if not visits:
        return "This host was not visited yet."
    oldest = visits[-1].started
    cpu = [visit.cpu_seconds for visit in visits if visit.cpu_seconds is not None]
    over = f" over {line.transport}" if line.transport else ""
    parts = [
        f"{words.quantity(len(visits), 'visit')}{over} since {words.clock(oldest, now, zone)}",
        f"{words.size(sum(v.bytes_read for v in visits))} of logs read there",
        f"{words.size(sum(v.bytes_received for v in visits))} sent to us",
    ]
    if cpu:
        share = sum(cpu) / max(now - oldest, 1)
        parts.append(f"{words.duration(sum(cpu))} of its CPU time ({words.share(share)} of a core)")
    return f"{', '.join(parts)}."


def program_words(visits: Sequence[Visit]) -> str:
    """The whole hash of the program that ran there last, in two rows of 32."""
    program = next((visit.program for visit in visits if visit.program), "")
    return f"Program sha256 {program[:32]} {program[32:64]}".rstrip() if program else ""


def host_text(view: HostView, visits: Sequence[Visit]) -> str:
    """The page as text for a mail to whoever asks what we do there."""
    program = next((visit.program for visit in visits if visit.program), "")
    lines = [f"PS Buddy on {view.host}", f"{view.headline} {view.reason}".strip(), view.deeds]
    lines += [view.connection] if view.connection else []
    lines += [f"Program sha256 in full: {program}"] if program else []
    lines += [PROMISE, "", "Command that is run (our program comes over its standard input):"]
    lines.append(f"  {SHELL_COMMAND if _by_shell(visits) else COMMAND}")
    if view.notes:
        lines += ["", "Notes:", *(f"  {note}" for note in view.notes)]
    if view.files:
        lines += ["", "Files that were read:", *(f"  {path}" for path in view.files)]
    if view.days:
        lines += ["", "By day:", *_aligned((DAY_HEADINGS, *view.days))]
    if view.rows:
        lines += ["", view.stages, "", "Visits:", *_aligned((HEADINGS, *view.rows))]
    return "\n".join(lines)


def _by_shell(visits: Sequence[Visit]) -> bool:
    return bool(visits) and "sh and awk" in visits[0].transport


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under each other; the last one as long as it is."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    return [
        "  ".join(
            (*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1])
        ).rstrip()
        for row in rows
    ]


def _day_row(day: VisitDay) -> tuple[str, ...]:
    start = day.start_seconds
    return (
        day.day,
        words.count(day.visits),
        words.count(day.failed),
        words.count(day.logins),
        words.size(day.bytes_read),
        words.size(day.bytes_received),
        words.duration(day.cpu_seconds),
        words.size(day.memory_bytes) if day.memory_bytes else "—",
        words.duration(start) if start is not None else "—",
    )


def list_note(line: HostLine, now: int, zone: str = "", wants: str = "") -> str:
    """The quiet words under a host's name in the list. `wants`: of whoever logs in."""
    if wants:
        return "waits for somebody to log in"
    if is_missed(line, now):
        return missed_words(line, now, zone)
    if line.state is State.UP:
        return f"visited {words.when(line.last_good, now, zone)}"
    if not line.last_good:
        return "never seen"
    if line.state is State.PAUSED:
        return f"no longer watched, last seen {words.when(line.last_good, now, zone)}"
    return f"last seen {words.when(line.last_good, now, zone)}"


def _row(visit: Visit, now: int, zone: str) -> tuple[str, ...]:
    ok = visit.outcome == "ok"
    return (
        words.clock(visit.started, now, zone, seconds=True),
        "done" if ok else f"failed at {visit.stage}",
        words.duration(visit.seconds),
        words.size(visit.bytes_read) if ok else "—",
        words.size(visit.bytes_received),
        words.duration(visit.cpu_seconds) if visit.cpu_seconds is not None else "—",
        words.size(visit.memory_bytes) if visit.memory_bytes else "—",
        visit.detail,
    )


def natural(host: str) -> list[tuple[int, str]]:
    """Sort key by which `app-2` comes before `app-10`."""
    parts = re.split(r"(\d{1,18})", host.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
