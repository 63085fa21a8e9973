"""The words at the top of a dashboard. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from psbuddy import words
from psbuddy.model.terms import State
from psbuddy.report.values import Dashboard
from ui.panels.values import stale_from

#: Problems shown at once; the rest are counted.
MOST_PROBLEMS = 2
_DAYS_ONLY = 60 * 86_400
#: Characters of an owner or a runbook that is no address.
MOST_OWNER = 36


@dataclass(frozen=True, slots=True)
class HeaderView:
    state: State
    name: str
    facts: str  # "owner shop-team · 4 hosts · 99.71 % observed"
    runbook: str  # an http(s) address that may be opened, else ""
    headline: str  # the loud part of the verdict
    rest: str  # what follows it
    problems: tuple[str, ...]
    age: str  # "data from 12 s ago", "data from 23:40, 7 h ago"
    old: bool = False  # older than visits explain


def header_view(dashboard: Dashboard, zone: str = "") -> HeaderView:
    status = dashboard.status
    headline, rest = split_verdict(status.headline, status.sentence)
    problems = dashboard.problems[:MOST_PROBLEMS]
    if len(dashboard.problems) > MOST_PROBLEMS:
        more = len(dashboard.problems) - MOST_PROBLEMS
        problems = (*problems, f"{words.quantity(more, 'more problem')} of this kind.")
    return HeaderView(
        state=status.state,
        name=dashboard.app.name or dashboard.app.app,
        facts=_facts(dashboard),
        runbook=safe_address(dashboard.app.runbook),
        headline=headline,
        rest=rest,
        problems=problems,
        age=age_words(dashboard, dashboard.now, zone),
        old=is_old(dashboard, dashboard.now),
    )


def split_verdict(headline: str, sentence: str) -> tuple[str, str]:
    """The first sentence and all after it; the headline only where there is no sentence."""
    text = sentence.strip() or headline.strip()
    if headline and text.startswith(headline):
        loud = headline.rstrip(". ")
        rest = text[len(loud) :].lstrip()
        if rest.startswith("."):
            return f"{loud}.", rest[1:].lstrip()
        if not rest:
            return text, ""
    first, stop, rest = text.partition(". ")
    return (f"{first}.", rest.strip()) if stop else (text, "")


def safe_address(address: str) -> str:
    """`address` if a browser may be sent there, else "": never file:, never a command."""
    parts = urlsplit(address.strip())
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _facts(dashboard: Dashboard) -> str:
    parts = []
    if dashboard.app.owner:
        parts.append(f"owner {_short(dashboard.app.owner)}")
    if dashboard.app.runbook and not safe_address(dashboard.app.runbook):
        parts.append(f"runbook {_short(dashboard.app.runbook)}")
    parts.append(words.quantity(len(dashboard.app.hosts), "host"))
    if dashboard.coverage is None:
        parts.append("nothing observed")
    else:
        parts.append(f"{words.share(dashboard.coverage)} observed")
    return "  ·  ".join(parts)


def _short(text: str) -> str:
    """The whole is in the tooltip of the facts."""
    return text if len(text) <= MOST_OWNER else text[: MOST_OWNER - 1] + "…"


def age_words(dashboard: Dashboard, now: int, zone: str = "") -> str:
    """How old the newest data is as of `now`, which goes on after the dashboard was read."""
    if not dashboard.last_collection:
        return "never collected"
    told = words.when(dashboard.last_collection, now, zone)
    if told.endswith(("ago", "just now")):
        return f"data from {told}"
    return f"data from {told}, {words.span(now - dashboard.last_collection)} ago"


def is_old(dashboard: Dashboard, now: int) -> bool:
    """Whether visits do not explain how old the newest data is."""
    return stale_from(dashboard, now) is not None


def range_text(since: int, until: int, now: int, zone: str = "") -> str:
    """The range beside the axis, short: days alone where it is long, the day once."""
    first, last = words.local(since, zone), words.local(until, zone)
    if until - since > _DAYS_ONLY:
        return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"
    year = "" if first.year == last.year == words.local(now, zone).year else " %Y"
    start = f"{first:%a} {first.day} {first.strftime('%b' + year)} {first:%H:%M}"
    same = first.date() == last.date()
    end = "" if same else f"{last:%a} {last.day} {last.strftime('%b' + year)} "
    return f"{start} to {end}{last:%H:%M}"
