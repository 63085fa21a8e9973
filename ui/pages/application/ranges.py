"""Which stretch of time a dashboard shows, and how the user moves it. Pure."""

from dataclasses import dataclass

DAY = 86_400
#: Name on the button and seconds.
PRESETS: dict[str, int] = {
    "1h": 3_600,
    "6h": 21_600,
    "24h": DAY,
    "7d": 7 * DAY,
    "30d": 30 * DAY,
    "1y": 365 * DAY,
    "5y": 1_826 * DAY,
}
DEFAULT = "24h"
#: Spoken names, for screen readers.
SPOKEN = {
    "1h": "one hour",
    "6h": "six hours",
    "24h": "24 hours",
    "7d": "seven days",
    "30d": "30 days",
    "1y": "one year",
    "5y": "five years",
}
_SHORTEST = 60


@dataclass(frozen=True, slots=True)
class Range:
    """[since, until) in epoch seconds. With a preset its right edge follows the clock."""

    since: int
    until: int
    preset: str = ""

    @property
    def span(self) -> int:
        return self.until - self.since

    @property
    def live(self) -> bool:
        return bool(self.preset)


def preset(name: str, now: int) -> Range:
    """The last hour, day, ... up to now. Raises KeyError for a name that is none."""
    return Range(now - PRESETS[name], now, name)


def custom(since: float, until: float, now: int) -> Range:
    """A range the user chose; never beyond now, never empty."""
    end = min(round(until), now)
    start = min(round(since), end - _SHORTEST)
    return Range(start, end)


def named(since: int, until: int, now: int) -> Range:
    """A range that was read: live if it ends now and is as long as a preset."""
    name = next((n for n, seconds in PRESETS.items() if seconds == until - since), "")
    return Range(since, until, name if until == now else "")


def follow(shown: Range, now: int) -> Range:
    """The same range some time later: a preset moves along, any other one stays."""
    return preset(shown.preset, now) if shown.live else shown


def earlier(shown: Range) -> Range:
    """One whole range back."""
    return Range(shown.since - shown.span, shown.since)


def later(shown: Range, now: int) -> Range:
    """One whole range on; at the right edge a range of a preset's length becomes live again."""
    if shown.until + shown.span < now:
        return Range(shown.until, shown.until + shown.span)
    name = next((n for n, seconds in PRESETS.items() if seconds == shown.span), "")
    return preset(name, now) if name else Range(now - shown.span, now)


def touches(shown: Range, since: int, until: int) -> bool:
    """Whether facts of [since, until] can change what is shown. since 0: age not known."""
    return shown.live or not since or (since < shown.until and until >= shown.since)
