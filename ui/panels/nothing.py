"""What a dashboard says where nothing was observed: once, why, and what to do next. Pure."""

from psbuddy import words
from psbuddy.report.values import Dashboard

#: For screen readers on the other charts, which show it by their hatching.
NOT_OBSERVED = "Not observed in this range."


def is_blank(dashboard: Dashboard) -> bool:
    """Whether nothing of the range was observed, so that one word must do for all charts."""
    return not dashboard.observed


def nothing_words(dashboard: Dashboard, zone: str = "") -> str:
    """Why nothing is known of the range, and the next step."""
    app, last = dashboard.app, dashboard.last_collection
    if not app.logs and not app.checks:
        return (
            f"The catalogue names neither a log nor a check of {app.name or app.app}, so there is "
            "nothing to observe. Name one under “logs” in its file, or add one with Ctrl+N."
        )
    if not last:
        return (
            "Nothing has been collected yet. This page fills with the first good visit; "
            "F5 visits now."
        )
    if last <= dashboard.since:
        told = words.clock(last, dashboard.now, zone)
        return (
            f"Nothing has been collected since {told}, so nothing is known of this range. "
            "F5 visits now; a longer range shows what was known."
        )
    return (
        "Nothing was observed in this range, so nothing is known of it. "
        "Home leads back to the last 24 hours."
    )
