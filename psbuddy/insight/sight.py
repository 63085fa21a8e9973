"""What cannot be seen: hosts, logs and checks of which nothing is known. Never called healthy."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from psbuddy import words
from psbuddy.insight.concerns import Concern, Rank
from psbuddy.insight.contact import is_key_refused, is_key_revoked
from psbuddy.insight.facts import AppFacts, HostFact, LogFact
from psbuddy.insight.path import MARK, is_path
from psbuddy.model.terms import State

#: Visits that may fail to come before what is on screen counts as unknown.
STALE_INTERVALS = 3
_STALE_LEAST = 180  # seconds
_BEHIND = 3_600  # seconds that a log which is caught up with may lie behind the clock


def stale_after(interval: int) -> int:
    """Seconds without a good visit after which an application is unknown."""
    return max(_STALE_LEAST, STALE_INTERVALS * interval)


def blind(facts: AppFacts) -> Concern | None:
    """Nothing of this application has been seen lately."""
    last = facts.last_collection
    lost = [host for host in facts.hosts if host.state is State.UNKNOWN]
    everywhere = bool(facts.hosts) and len(lost) == len(facts.hosts)
    refused = [host for host in lost if is_key_refused(host.reason)]
    if refused and (everywhere or not last):
        return _refused(facts, refused)
    if not last:
        reason = facts.last_failure or "No visit has succeeded yet."
        return Concern(Rank.UNSEEN, State.UNKNOWN, 0, "Not seen yet", reason)
    if not everywhere and facts.now - last <= stale_after(facts.app.interval):
        return None
    since = max((host.since for host in lost), default=0) if everywhere else 0
    since = since or last
    told = words.clock(since, facts.now, facts.zone)
    what = "Path down" if everywhere and _by_path(lost) else "Unknown"
    return Concern(Rank.UNSEEN, State.UNKNOWN, since, f"{what} since {told}", _why(facts))


def unread(facts: AppFacts) -> Concern | None:
    """Its hosts answer, yet none of its logs has been read to its end lately; of an application
    without logs, no check has an answer."""
    if not facts.app.logs:
        return _unanswered(facts)
    lost = _unread(facts)
    if not facts.logs or len(lost) < len(facts.logs):
        return None
    since = max(log.read_until for log in lost)
    told = f" since {words.clock(since, facts.now, facts.zone)}" if since else " yet"
    backlog = sum(log.backlog_bytes for log in lost)
    problems = [log.problem for log in lost if log.problem and not log.backlog_bytes]
    why = problems[0] if problems else "No log has been read to its end."
    if backlog and not problems:
        why = f"{words.size(backlog)} are still to be read."
    return Concern(Rank.UNSEEN, State.UNKNOWN, since, f"Logs not read{told}", words.sentence(why))


def _unanswered(facts: AppFacts) -> Concern | None:
    if not facts.app.checks or any(c.state is not State.UNKNOWN for c in facts.checks):
        return None
    since = max((check.since for check in facts.checks), default=0)
    told = _since(facts, since) if since else " yet"
    detail = next((check.detail for check in facts.checks if check.detail), "")
    why = words.sentence(detail) or "No visit has brought an answer."
    return Concern(Rank.UNSEEN, State.UNKNOWN, since, f"Checks not answered{told}", why)


def unseen(facts: AppFacts) -> Iterator[Concern]:
    """Some hosts, logs or checks cannot be seen, while others can."""
    yield from _hosts(facts)
    yield from _logs(facts)
    yield from _checks(facts)


def missed(facts: AppFacts) -> str:
    """`One visit to shop-app-2 failed; it was last seen at 10:19.`, "" where none did."""
    hosts = [host for host in facts.hosts if host.missed]
    if not hosts:
        return ""
    names = words.listing([host.host for host in hosts])
    they = "it was" if len(hosts) == 1 else "they were"
    last = words.at(min(host.missed for host in hosts), facts.now, facts.zone)
    return f"One visit to {names} failed; {they} last seen {last}."


def _hosts(facts: AppFacts) -> Iterator[Concern]:
    lost = [host for host in facts.hosts if host.state is State.UNKNOWN]
    if not lost or len(lost) == len(facts.hosts):
        return
    refused = [host for host in lost if is_key_refused(host.reason)]
    if refused:
        yield _refused(facts, refused)
    lost = [host for host in lost if host not in refused]
    if not lost:
        return
    since = min(host.since for host in lost)
    they = "it is" if len(lost) == 1 else "they are"
    observed = sum(host.state is not State.UNKNOWN for host in facts.hosts)
    seen = f"{observed} of {len(facts.hosts)} hosts are observed"
    # A path is nobody's fault here: no state that calls people for each application behind it.
    by_path = _by_path(lost)
    why = _shared([host.reason for host in lost]) if by_path else lost[0].reason
    yield Concern(
        Rank.UNSEEN,
        State.UNKNOWN if by_path else State.WATCH,
        since,
        f"{words.listing([host.host for host in lost])} not seen{_since(facts, since)}",
        f"{words.sentence(why)} Nothing says {they} down; {seen}.".strip(),
    )


def _refused(facts: AppFacts, hosts: Sequence[HostFact]) -> Concern:
    """A person has to look: no later visit mends it. Fingerprints are for the host's own page."""
    revoked = [host for host in hosts if is_key_revoked(host.reason)]
    told = revoked or hosts
    since = min(host.since for host in told)
    names = words.listing([host.host for host in told])
    valid = "the key that is valid" if revoked else "the new key"
    others = [host.host for host in hosts if host not in told]
    also = f"It changed on {words.listing(others)} as well. " if others else ""
    return Concern(
        Rank.UNSEEN,
        State.WATCH,
        since,
        f"Host key {'revoked' if revoked else 'changed'} on {names}{_since(facts, since)}",
        f"{also}Someone may be in between, so PS Buddy does not log in there. Have an "
        f"administrator confirm {valid}.",
    )


def _logs(facts: AppFacts) -> Iterator[Concern]:
    """A log that is still being caught up with is a concern once it lags behind; see `behind`.

    One without a reason is none: the catalogue may have taken it from that host.
    """
    lost = [
        log
        for log in _unread(facts)
        if (_lags(facts, log) if log.backlog_bytes else bool(log.problem))
    ]
    if not lost:
        return
    since = min(log.read_until for log in lost)
    headline = f"{words.capital(_log_names(lost))} not read{_since(facts, since)}"
    first = lost[0]
    left = f"{words.size(first.backlog_bytes)} are still to be read."
    why = left if first.backlog_bytes else words.sentence(first.problem)
    yield Concern(Rank.UNSEEN, State.WATCH, since, headline, why)


def behind(facts: AppFacts) -> str:
    """`Log app of shop-app-1 is not read to its end yet: 3 GB are still to be read.`"""
    late = [log for log in _unread(facts) if log.backlog_bytes and not _lags(facts, log)]
    if not late or len(late) == len(facts.logs):
        return ""
    left = words.size(sum(log.backlog_bytes for log in late))
    are = "is" if len(late) == 1 else "are"
    its = "its" if len(late) == 1 else "their"
    return f"{words.capital(_log_names(late))} {are} not read to {its} end yet: {left} are left."


def _lags(facts: AppFacts, log: LogFact) -> bool:
    """Whether what is still to be read has been waiting for long."""
    return 0 < log.read_until < facts.now - _BEHIND


def _log_names(logs: Sequence[LogFact]) -> str:
    return words.listing([f"log {log.log} of {log.host}" for log in logs])


def _checks(facts: AppFacts) -> Iterator[Concern]:
    """A check without an answer, on a host that answers."""
    hidden = {host.host for host in facts.hosts if host.state is State.UNKNOWN}
    lost = [c for c in facts.checks if c.state is State.UNKNOWN and c.host not in hidden]
    if not lost:
        return
    since = min(check.since for check in lost)
    names = words.listing([f"{check.check} of {check.host}" for check in lost])
    headline = f"{names} cannot be told{_since(facts, since)}"
    yield Concern(Rank.UNSEEN, State.WATCH, since, headline, words.sentence(lost[0].detail))


def _unread(facts: AppFacts) -> list[LogFact]:
    """Logs of hosts that answer whose end has not been seen lately."""
    hidden = {host.host for host in facts.hosts if host.state is State.UNKNOWN}
    old = facts.now - stale_after(facts.app.interval)
    return [log for log in facts.logs if log.host not in hidden and log.read_until < old]


def _by_path(lost: Sequence[HostFact]) -> bool:
    """Whether all of them are lost by what lies between, not by themselves."""
    return bool(lost) and all(is_path(host.reason) for host in lost)


def _shared(reasons: Sequence[str]) -> str:
    """The sentences with which all reasons begin."""
    if len(set(reasons)) == 1:
        return reasons[0]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*reasons, strict=False))
    return "".join(letters[0] for letters in alike).rpartition(". ")[0]


def _why(facts: AppFacts) -> str:
    lost = [host for host in facts.hosts if host.state is State.UNKNOWN]
    reasons = {host.reason for host in lost if host.reason}
    names = [host.host for host in lost]
    if _by_path(lost):
        they = "it is" if len(names) == 1 else "they are"
        why = words.capital(words.sentence(_shared([h.reason for h in lost]).removeprefix(MARK)))
        return f"{why} {words.listing(names)} cannot be seen; nothing says {they} down."
    if len(reasons) == 1 and names:
        text = f"{words.listing(names)} cannot be seen: {reasons.pop().rstrip('.')}."
    elif names:
        text = f"{words.listing(names)} cannot be seen."
    else:
        text = facts.last_failure or "No visit has come home since."
    return f"{text} Nothing says it is down."


def _since(facts: AppFacts, time: int) -> str:
    return f" since {words.clock(time, facts.now, facts.zone)}" if time else ""
