"""Each thing that may be wrong with an application, as a sentence of its own.

One function per kind of concern: facts in, concerns out. `psbuddy.insight.verdict` chooses.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from psbuddy import words
from psbuddy.calendars import codes
from psbuddy.insight.baseline import MIN_HOURS
from psbuddy.insight.calendar import is_business_day
from psbuddy.insight.durations import FinishForecast
from psbuddy.insight.facts import AppFacts, CheckFact, JobFact, LeadingCause
from psbuddy.insight.ledger import period_of
from psbuddy.insight.lives import alarms, broken_promise, life
from psbuddy.insight.onset import Rise
from psbuddy.model.runs import Run
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Outcome, Rerun, State, Verdict

_SERIOUS_RATIO, _STILL_SERIOUS = 3.0, 2.4
_TOLD_UNSEEN = 600  # seconds out of sight just before a rise that are said
_SAME_EPISODE = 1_800  # seconds that an onset may move while more is seen of it
_KEPT = {Verdict.OVERRUN: 8 * 3_600, Verdict.LATE: 8 * 3_600}  # seconds after the end
_KEPT_OTHERS = 86_400


class Rank(IntEnum):
    """Which concern leads the sentence, first wins."""

    TWICE = 1
    DOWN = 2
    ERRORS = 3
    JOB = 4
    SLOW = 5
    CAUSE = 6
    UNSEEN = 7


@dataclass(frozen=True, slots=True)
class Concern:
    rank: Rank
    state: State
    since: int
    headline: str  # without full stop: one line of the fleet page
    rest: str = ""  # whole sentences that follow it
    aside: str = ""  # ends the first sentence, not shown in one line
    note: str = ""  # of a job: the same without its name, a few words


def twice(facts: AppFacts) -> Iterator[Concern]:
    """A second start of a period that allows one; it stays until the next business day."""
    for job in facts.jobs:
        if job.twice is None:
            continue
        second, first = job.twice
        if facts.now >= attention_until(second.started, job.job.timezone, job.job.calendar):
            continue
        clocks = words.pair(first.started, second.started, facts.now, facts.zone)
        by = f", the second by {second.actor}" if second.actor else ""
        yield Concern(
            Rank.TWICE,
            State.DOWN,
            second.started,
            f"{_named(job, second)} was started twice",
            f"{_first_run(first)} Rerun policy: {job.job.rerun.value}.",
            aside=f" ({clocks}{by})",
            note="started twice",
        )


def attention_until(time: int, zone: str, calendar: str = "") -> int:
    """The same time of day on the next business day, 24 hours later at least."""
    moment = words.local(time, zone or "UTC") + timedelta(days=1)
    while not is_business_day(moment.date(), calendar):
        moment += timedelta(days=1)
    return max(int(moment.timestamp()), time + 86_400)


def down_checks(facts: AppFacts) -> Iterator[Concern]:
    """Checks that are down: the service is, if it is so wherever it is checked."""
    places: dict[str, list[CheckFact]] = defaultdict(list)
    for check in facts.checks:
        if check.state is not State.UNKNOWN:
            places[check.check].append(check)
    for name, seen in places.items():
        down = [check for check in seen if check.state is State.DOWN]
        if not down:
            continue
        everywhere = len(down) == len(seen)
        hosts = words.listing([check.host for check in down])
        since = min(check.since for check in down)
        others = "" if everywhere else f"It is up on {len(seen) - len(down)} of {len(seen)} hosts."
        detail = f"Last answer: {words.sentence(down[0].detail)}" if down[0].detail else ""
        yield Concern(
            Rank.DOWN,
            State.DOWN if everywhere else State.WATCH,
            since,
            f"{name} is down on {hosts} since {words.clock(since, facts.now, facts.zone)}",
            " ".join(part for part in (others, detail) if part),
        )


def errors(facts: AppFacts, previous: AppStatus | None = None) -> Iterator[Concern]:
    """An episode of errors that goes on. One that was serious stays so until it is clearly less.

    (Else a ratio about the limit would call people at every other visit.)
    """
    episode = facts.errors.episode
    if episode is None or not episode.ongoing:
        return
    since = words.clock(episode.since, facts.now, facts.zone)
    if episode.normal_per_minute * 60 * 24 < 1:
        headline = f"{words.quantity(episode.records, 'error')} since {since}, normally none"
    else:
        headline = f"Errors {words.ratio(episode.ratio)} since {since}"
    was_serious = previous is not None and previous.state is State.DOWN
    same = previous is not None and abs(previous.since - episode.since) < _SAME_EPISODE
    serious = episode.ratio >= (_STILL_SERIOUS if was_serious and same else _SERIOUS_RATIO)
    lead = facts.errors.lead
    yield Concern(
        Rank.ERRORS,
        State.DOWN if serious else State.WATCH,
        episode.since,
        headline,
        _lead(lead),
    )


def rises(facts: AppFacts) -> Iterator[Concern]:
    """Errors that rose while no normal is known: nothing says how bad it is, so it is watched."""
    rise = facts.errors.rise
    if rise is None or not rise.ongoing:
        return
    yield Concern(
        Rank.ERRORS,
        State.WATCH,
        rise.since,
        f"Errors {rose(facts, rise)}",
        " ".join(part for part in (_no_normal(facts), _lead(facts.errors.lead)) if part),
    )


def rose(facts: AppFacts, rise: Rise) -> str:
    """`rose at 14:10: 240 in 20 min, 12 in the 2 h before`."""
    when = words.at(rise.since, facts.now, facts.zone)
    if rise.unseen >= _TOLD_UNSEEN:
        lost = rise.since - rise.unseen
        clocks = words.pair(lost, rise.since, facts.now, facts.zone)
        when = f"out of sight between {clocks}"
    before = words.count(rise.before_records) if rise.before_records else "none"
    return (
        f"rose {when}: {words.count(rise.records)} in {words.span(rise.seconds)}, "
        f"{before} in the {words.span(rise.before_seconds)} before"
    )


def unjudged(facts: AppFacts) -> str:
    """Why errors of this hour have no normal, without full stop."""
    if facts.errors.hours_observed < MIN_HOURS:
        so_far = words.span(facts.errors.hours_observed * 3_600)
        return f"{so_far} observed so far, a normal takes {MIN_HOURS:.0f} h"
    return f"no {words.daypart(facts.now, facts.zone)} has been observed before"


def _no_normal(facts: AppFacts) -> str:
    return f"No normal is known yet: {unjudged(facts)}."


def lively_causes(facts: AppFacts) -> Iterator[Concern]:
    """Causes that rise above their own normal while errors as a whole do not, and those that came
    back though a person said they are gone."""
    episode, lead = facts.errors.episode, facts.errors.lead
    told = any(found and found.ongoing for found in (episode, facts.errors.rise))
    for row in facts.errors.lively:
        if not alarms(row) or (lead is not None and row.cause == lead.cause):
            continue
        if told and not broken_promise(row):
            continue  # its records are part of what is told
        alone = len(row.hosts) == 1 and len(facts.app.hosts) > 1
        where = f", only on {row.hosts[0]}" if alone else ""
        yield Concern(
            Rank.CAUSE,
            State.WATCH,
            row.rising_since if row.state == "rising" else row.back_at,
            f'"{row.title}" is {life(row, facts.now, facts.zone)}',
            f"{words.quantity(row.records, 'record')} in the last 24 h{where}.",
        )


def failed_jobs(facts: AppFacts) -> Iterator[Concern]:
    """Last runs that failed, deadlines that passed."""
    for job in facts.jobs:
        run = job.last
        if run is None or not _fresh(job, facts.now):
            continue
        name = _named(job, run)
        if job.verdict is Verdict.FAILED:
            grave = job.job.rerun is not Rerun.ALWAYS or bool(job.job.deadline)
            told = unhappy_end(run, facts.now, facts.zone)
            yield Concern(
                Rank.JOB,
                State.DOWN if grave else State.WATCH,
                run.ended or run.started,
                f"{name} {told}",
                " ".join((_reason(run), f"Rerun policy: {job.job.rerun.value}.")).strip(),
                note=told,
            )
        elif job.verdict is Verdict.MISSED_DEADLINE and job.deadline is not None:
            yield _deadline(facts, job, run, name)


def unhappy_end(run: Run, now: int, zone: str) -> str:
    """`failed at 22:45`, `was aborted Mon 22:45`; `started at 22:04, no end of it was seen`."""
    if run.outcome is Outcome.UNKNOWN:
        return f"started {words.at(run.started, now, zone)}, no end of it was seen"
    word = "was aborted" if run.outcome is Outcome.ABORTED else "failed"
    return f"{word} {words.at(run.ended or run.started, now, zone)}"


def slow_jobs(facts: AppFacts) -> Iterator[Concern]:
    """Runs that take, took or began longer than usual, or were suspiciously fast."""
    for job in facts.jobs:
        if job.missed is not None:
            yield _not_started(facts, job)
            continue
        run = job.last
        if run is None or not _fresh(job, facts.now):
            continue
        if job.verdict is Verdict.OVERRUN:
            yield _overrun(facts, job, run)
        elif job.verdict is Verdict.LATE:
            told = f"started {words.span(job.late_by)} late"
            yield Concern(
                Rank.SLOW, State.WATCH, run.started, f"{_named(job, run)} {told}", note=told
            )
        elif job.verdict is Verdict.SHORT and run.seconds is not None:
            told = f"took only {words.duration(run.seconds)}"
            yield Concern(
                Rank.SLOW,
                State.WATCH,
                run.ended,
                f"{_named(job, run)} {told}{usual(job)}",
                f"It finished with {_records(run)}. Was its input complete?",
                note=told,
            )
        elif job.verdict is Verdict.NORMAL and _in_danger(job):
            yield _endangered(facts, job, run)


def took(job: JobFact, run: Run) -> str:
    """`month close took 41 min (usually 38 to 47 min)`."""
    if run.seconds is None:
        return f"{words.job_name(job.job.job)} finished"
    return f"{words.job_name(job.job.job)} took {words.duration(run.seconds)}{usual(job)}"


def _lead(lead: LeadingCause | None) -> str:
    if lead is None:
        return ""
    kind = "New cause" if lead.is_new else "Cause"
    text = f'{kind} "{lead.title}" makes up {words.share(lead.share)}'
    if lead.only_on:
        text += f", only on {lead.only_on}"
    if lead.life:
        text += f", {lead.life}"
    if lead.is_new and lead.deployment:
        text += f", first seen {words.span(lead.born - lead.deployed)} after deployment "
        text += lead.deployment
    return text + "."


def _first_run(first: Run) -> str:
    if first.outcome is Outcome.OK:
        return f"The first had finished with {_records(first)}."
    if first.outcome is Outcome.RUNNING:
        return "The first was still running."
    if first.outcome in {Outcome.FAILED, Outcome.ABORTED}:
        return f"The first had failed. {_reason(first)}".strip()
    return "No end of the first has been seen."


def _deadline(facts: AppFacts, job: JobFact, run: Run, name: str) -> Concern:
    limit = job.deadline or 0
    told = words.clock(limit, facts.now, facts.zone)
    if run.outcome is Outcome.RUNNING:
        rest = f"Still running after {words.duration(facts.now - run.started)}{usual(job)}."
    else:
        rest = f"It finished {words.span(run.ended - limit)} after it."
    said = f"missed its deadline {told}"
    return Concern(Rank.JOB, State.DOWN, limit, f"{name} {said}", rest, note=said)


def _overrun(facts: AppFacts, job: JobFact, run: Run) -> Concern:
    running = run.outcome is Outcome.RUNNING
    taken = facts.now - run.started if running else run.seconds or 0
    over = words.span(taken - job.middle)
    name = words.capital(words.job_name(job.job.job))
    if not running:
        told = f"took {over} longer than usual"
        rest = f"{words.capital(took(job, run))}."
        return Concern(Rank.SLOW, State.WATCH, run.ended, f"{name} {told}", rest, note=told)
    end = job.forecast.likely if job.forecast else None
    ends = f", ends {words.clock(end, facts.now, facts.zone)}" if end else ""
    beyond = " No run so far took as long." if job.forecast and job.forecast.beyond else ""
    told = f"runs {over} longer than usual{ends}"
    return Concern(
        Rank.SLOW,
        State.WATCH,
        run.started + round(job.high),
        f"{name} {told}",
        f"Running for {words.duration(taken)}{usual(job)}.{beyond}{_chance(facts, job)}",
        note=told,
    )


def _not_started(facts: AppFacts, job: JobFact) -> Concern:
    missed = job.missed
    assert missed is not None
    passed = job.deadline is not None and facts.now > job.deadline
    told = words.clock(missed.due, facts.now, facts.zone)
    rest = "Its log was read past that time and shows no start."
    if passed and job.deadline is not None:
        rest += f" Its deadline {words.clock(job.deadline, facts.now, facts.zone)} has passed."
    if job.job.on.endswith("business-day") and job.job.calendar not in codes():
        rest += " Public holidays are not known: the catalogue names no calendar for it."
    return Concern(
        Rank.JOB if passed else Rank.SLOW,
        State.DOWN if passed else State.WATCH,
        missed.due,
        f"{words.capital(words.job_name(job.job.job))} has not started, due {told}",
        rest,
        note=f"not started, due {told}",
    )


def _in_danger(job: JobFact) -> bool:
    chance = job.forecast.on_time if job.forecast else None
    return chance is not None and chance < 0.5


def _endangered(facts: AppFacts, job: JobFact, run: Run) -> Concern:
    return Concern(
        Rank.SLOW,
        State.WATCH,
        run.started,
        f"{_named(job, run)} will likely miss its deadline",
        _chance(facts, job).strip(),
        note="will likely miss its deadline",
    )


def _chance(facts: AppFacts, job: JobFact) -> str:
    """` Finishes at 02:41, 90 % by 03:05, deadline 03:00: 78 %.`"""
    forecast = job.forecast
    if forecast is None or forecast.likely is None or forecast.safe is None:
        return ""
    return f" {words.capital(finish(forecast, job.deadline, facts.now, facts.zone))}."


def finish(
    forecast: FinishForecast, deadline: int | None, now: int, zone: str, told: int = 0
) -> str:
    """`finishes at 02:41, 90 % by 03:05, deadline 03:00: 78 %`.

    `told`: a time told just before, whose day need not be said again.
    """
    if forecast.likely is None or forecast.safe is None:
        return ""
    told = told or now
    text = f"finishes {words.at(forecast.likely, now, zone)}"
    if words.local(forecast.likely, zone).date() == words.local(told, zone).date():
        text = f"finishes at {words.local(forecast.likely, zone):%H:%M}"
    told = forecast.likely
    text += f", 90 % by {words.then(forecast.safe, told, now, zone)}"
    if deadline is not None and forecast.on_time is not None:
        limit = words.then(deadline, told, now, zone)
        text += f", deadline {limit}: {words.chance(forecast.on_time)}"
    return text


def _fresh(job: JobFact, now: int) -> bool:
    run = job.last
    if run is None:
        return False
    if run.outcome is Outcome.RUNNING:
        return True
    return now - (run.ended or run.started) < _KEPT.get(job.verdict, _KEPT_OTHERS)


def _named(job: JobFact, run: Run) -> str:
    period = period_of(job.job, run)
    name = words.capital(words.job_name(job.job.job))
    return f"{name} for {period}" if period else name


def _records(run: Run) -> str:
    return "no record count" if run.volume is None else words.quantity(run.volume, "record")


def _reason(run: Run) -> str:
    return words.sentence(words.capital(run.reason)) if run.reason else ""


def usual(job: JobFact) -> str:
    """` (usually 38 to 47 min)`, nothing while nothing is expected."""
    if not job.low <= job.high:  # NaN: nothing is expected yet
        return ""
    return f" (usually {words.span_range(job.low, job.high)})"
