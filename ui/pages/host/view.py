"""What we do on a host, in words and rows. No Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from psbuddy import words
from psbuddy.insight.contact import as_seen, is_missed, missed_words
from psbuddy.model.status import HostLine, Visit
from psbuddy.model.terms import State

STATE_SENTENCES = {
    State.UP: "Seen",
    State.WATCH: "Seen, with trouble",
    State.DOWN: "Down",
    State.UNKNOWN: "Not seen",
    State.PAUSED: "Not visited",  # the catalogue does not name it any more
}
HEADINGS = ("Visited", "Stage", "Took", "Read there", "Sent to us", "Host CPU", "Memory", "Detail")
PROMISE = (
    "One connection is kept and reused. The program is sent over it, lives in memory and ends "
    "with it: nothing is installed, no file is written, no root is needed. It reads only the "
    "paths the catalogue names and returns counts, groups and examples."
)


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


def host_view(
    line: HostLine,
    visits: Sequence[Visit],
    now: int,
    zone: str = "",
    *,
    met: int = 0,
    boot: int = 0,
) -> HostView:
    """The page for `line`. `met`: first good visit of this state, `boot`: the host's start."""
    missed = is_missed(line, now)
    return HostView(
        host=line.host,
        state=as_seen(line, now).state,
        headline=f"{words.capital(missed_words(line, now, zone))}."
        if missed
        else _headline(line, met, boot, now, zone),
        reason=_sentence(line.reason),
        deeds=deeds(line, visits, now, zone),
        rows=tuple(_row(visit, now, zone) for visit in visits),
        failed=tuple(visit.outcome != "ok" for visit in visits),
    )


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
    lines += [f"Program sha256 in full: {program}"] if program else []
    table = [" | ".join(row) for row in (HEADINGS, *view.rows)]
    return "\n".join([*lines, PROMISE, "", *table])


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
