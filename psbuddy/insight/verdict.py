"""The verdict on an application: one state, since when, and the sentence that opens it.

The most urgent concern leads; others are named after it. What cannot be seen is unknown and
never healthy; what is known as a fact (a double start, a failed run) stays said meanwhile.
"""

from dataclasses import replace
from typing import NamedTuple

from psbuddy import words
from psbuddy.insight import concerns, sight
from psbuddy.insight.concerns import Concern, Rank
from psbuddy.insight.evidence import is_notable
from psbuddy.insight.facts import AppFacts, JobFact
from psbuddy.insight.lives import life
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import URGENCY, Outcome, State

_NEWS = 6 * 3_600  # seconds that an episode is told after its end
_FULL = 0.995  # coverage that needs no word
_LEADS = {"regressed": "returned cause", "known": "known error"}


class VerdictLine(NamedTuple):
    state: State
    since: int  # epoch seconds, 0 when unknown
    headline: str
    sentence: str


def verdict(facts: AppFacts, previous: AppStatus | None = None) -> VerdictLine:
    """State, since, headline and sentence. `previous` keeps the since of a state that stays."""
    found = [*concerns.twice(facts), *concerns.failed_jobs(facts)]
    lost = sight.blind(facts)
    if lost is None:
        found += concerns.down_checks(facts)
        lost = sight.unread(facts)
        if lost is None:
            found += concerns.errors(facts, previous)
            found += concerns.rises(facts)
            found += concerns.lively_causes(facts)
            found += concerns.slow_jobs(facts)
            found += sight.unseen(facts)
    if lost is not None:
        found = [*(c for c in found if c.state is State.DOWN), lost]
    found = sorted(found, key=_urgency)
    if not found:
        return _quiet(facts, previous)
    return _loud(facts, found)


class JobWords(NamedTuple):
    """One job in words. `urgency`: smaller is more urgent, for ordering jobs."""

    urgency: tuple[int, int, int]
    note: str  # without the job's name, a few words
    sentence: str


def job_line(facts: AppFacts, job: JobFact) -> JobWords:
    """What is to be said of one job as of now: what is wrong, or how long it takes."""
    alone = replace(facts, jobs=(job,))
    found = [
        *concerns.twice(alone), *concerns.failed_jobs(alone), *concerns.slow_jobs(alone)
    ]  # fmt: skip
    if found:
        lead = min(found, key=_urgency)
        sentence = f"{lead.headline}{lead.aside}. {lead.rest}".strip()
        return JobWords(_urgency(lead), lead.note, sentence)
    quiet = (len(URGENCY), 0, -(job.last.started if job.last else 0))
    if job.last is None:
        return JobWords(quiet, "no run seen yet", "No run has been seen yet.")
    if job.last.outcome is Outcome.RUNNING:
        note = f"running for {words.duration(facts.now - job.last.started)}"
        return JobWords(quiet, note, f"{words.capital(note)}{concerns.usual(job)}.")
    if job.last.outcome is not Outcome.OK:
        note = concerns.unhappy_end(job.last, facts.now, facts.zone)
        return JobWords(quiet, note, f"{words.capital(note)}.")
    seconds = job.last.seconds
    note = "finished" if seconds is None else f"took {words.duration(seconds)}"
    return JobWords(quiet, note, f"{words.capital(concerns.took(job, job.last))}.")


def _urgency(concern: Concern) -> tuple[int, int, int]:
    return URGENCY.index(concern.state), concern.rank, -concern.since


def _loud(facts: AppFacts, found: list[Concern]) -> VerdictLine:
    lead, others = found[0], found[1:]
    parts = [f"{lead.headline}{lead.aside}.", lead.rest]
    if others:
        named = [_lowered(other.headline) for other in others[:2]]
        more = f", and {len(others) - 2} more" if len(others) > 2 else ""
        parts.append(f"Also: {'; '.join(named)}{more}.")
    parts += [_muted(facts), sight.missed(facts), sight.behind(facts)]
    if lead.state is not State.UNKNOWN:
        parts.append(_observed(facts))
    sentence = " ".join(part for part in parts if part)
    return VerdictLine(lead.state, lead.since, _headline(facts, lead), sentence)


def _headline(facts: AppFacts, lead: Concern) -> str:
    cause = facts.errors.lead
    if lead.rank is Rank.ERRORS and cause is not None:
        kind = "new cause" if cause.is_new else _LEADS.get(cause.state, "mostly")
        return f"{lead.headline}, {kind} {cause.title}"
    return lead.headline


def _quiet(facts: AppFacts, previous: AppStatus | None) -> VerdictLine:
    stays = previous is not None and previous.state is State.UP
    since = previous.since if stays and previous is not None else 0
    if previous is not None and not stays:
        since = facts.now
    headline = _calm(facts)
    parts = [
        f"{headline}.",
        _error_words(facts),
        _newborn(facts),
        _returned(facts),
        _muted(facts),
        _ended(facts),
        _batch(facts),
        sight.missed(facts),
        sight.behind(facts),
        _observed(facts),
    ]
    return VerdictLine(State.UP, since, headline, " ".join(part for part in parts if part))


def _calm(facts: AppFacts) -> str:
    """What nothing wrong comes to: quiet only where errors would have been seen."""
    errors = facts.errors
    if not facts.app.logs:
        return "All quiet"
    if errors.per_minute is None:
        return "No log tells of errors" if errors.untold else "Errors not observed just now"
    unjudged = errors.per_minute > 0 and errors.normal_per_minute is None
    return "No normal known yet" if unjudged else "All quiet"


def _error_words(facts: AppFacts) -> str:
    errors = facts.errors
    if not facts.app.logs:
        return "No log tells of errors."
    if errors.per_minute is None:
        return "None of the records carries a level." if errors.untold else ""
    daypart = words.daypart(facts.now, facts.zone)
    now = "No errors" if errors.per_minute <= 0 else _errors_at(errors.per_minute)
    if errors.normal_per_minute is None:
        return f"{now} ({concerns.unjudged(facts)})."
    if is_notable(errors.per_minute, errors.normal_per_minute):
        return f"{now}; normal is {words.rate(errors.normal_per_minute)}."
    return f"{now}, normal for a {daypart}."


def _errors_at(per_minute: float) -> str:
    number, _, unit = words.rate(per_minute).partition(" ")
    return f"{number} {'error' if number == '1' else 'errors'} {unit}"


def _newborn(facts: AppFacts) -> str:
    """A new cause is worth a word even where it is too rare to change the state."""
    born = facts.errors.newborn
    if not born:
        return ""
    title, records = born[0]
    more = f", and {words.count(len(born) - 1)} more" if len(born) > 1 else ""
    return f'New in the last 24 h: "{title}", {words.quantity(records, "record")}{more}.'


def _returned(facts: AppFacts) -> str:
    """So is one that came back after long; those that a person said are gone are a concern."""
    back = [row for row in facts.errors.lively if row.state == "regressed"]
    if not back:
        return ""
    told = words.capital(life(back[0], facts.now, facts.zone))
    more = f", and {words.count(len(back) - 1)} more" if len(back) > 1 else ""
    return f'{told}: "{back[0].title}", {words.quantity(back[0].records, "record")}{more}.'


def _muted(facts: AppFacts) -> str:
    """What no rate holds because a person muted it is said all the same."""
    muted = facts.errors.muted
    if not muted:
        return ""
    return f"Without {words.quantity(muted, 'record')} of muted causes in the last 24 h."


def _ended(facts: AppFacts) -> str:
    """An episode or a rise that is over is still news for some hours."""
    episode, rise = facts.errors.episode, facts.errors.rise
    if rise is not None and not rise.ongoing and facts.now - rise.until <= _NEWS:
        return f"Errors {concerns.rose(facts, rise)}; that is over."
    if episode is None or episode.ongoing or facts.now - episode.until > _NEWS:
        return ""
    ends = [words.clock(t, facts.now, facts.zone) for t in (episode.since, episode.until)]
    size = words.ratio(episode.ratio) if episode.normal_per_minute * 1_440 >= 1 else "unusual"
    return f"Errors were {size} from {ends[0]} to {ends[1]}."


def _batch(facts: AppFacts) -> str:
    done = [
        (job, job.last)
        for job in facts.jobs
        if job.last and job.last.outcome is Outcome.OK and facts.now - job.last.ended < 86_400
    ]
    running = [job for job in facts.jobs if job.last and job.last.outcome is Outcome.RUNNING]
    parts = []
    if done:
        longest = max(done, key=lambda pair: pair[1].seconds or 0)
        told = concerns.took(*longest)
        many = f"{words.quantity(len(done), 'job')} finished in the last 24 h; {told}"
        parts.append(f"{many if len(done) > 1 else words.capital(told)}.")
    for job in running[:1]:
        if job.forecast and job.forecast.likely is not None:
            told = concerns.finish(job.forecast, job.deadline, facts.now, facts.zone)
            parts.append(f"{words.capital(words.job_name(job.job.job))} is running, {told}.")
    return " ".join(parts)


def _observed(facts: AppFacts) -> str:
    if facts.coverage is None or facts.coverage >= _FULL:
        return ""
    return f"{words.share(facts.coverage)} of the last 24 h observed."


def _lowered(text: str) -> str:
    """First letter small, unless the word is a name or shorthand."""
    first = text.partition(" ")[0]
    return text[:1].lower() + text[1:] if first[1:].islower() or len(first) == 1 else text
