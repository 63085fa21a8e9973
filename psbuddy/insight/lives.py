"""The life of a cause in words: that it is new, rising, back, known, muted or resolved, and since
when. The same words stand in the verdict, in reports and on the command line.
"""

from psbuddy import words
from psbuddy.model.series import CauseRow
from psbuddy.model.terms import ERROR_LEVELS

#: Shape and word of a state; the shape tells it without colour. `ongoing` needs neither.
MARKS: dict[str, tuple[str, str]] = {
    "new": ("◇", "new"),
    "regressed": ("↩", "back"),
    "rising": ("↗", "rising"),
    "muted": ("∅", "muted"),
    "known": ("≡", "known"),
    "resolved": ("✓", "resolved"),
}


def marked(state: str) -> str:
    """`↩ back`; "" for a state that needs no mark."""
    return " ".join(MARKS.get(state, ()))


def alarms(row: CauseRow) -> bool:
    """Whether a cause alone is something to look at.

    It is when it rises above its own normal, or comes back though a person said it is gone. It is
    not when it is muted or a known error: those are counted and shown, and someone knows of them.
    """
    if row.level not in ERROR_LEVELS:
        return False
    return row.state == "rising" or (row.state == "regressed" and broken_promise(row))


def broken_promise(row: CauseRow) -> bool:
    """Whether a person said that a cause that is back was, or should be, gone."""
    gone = {"resolved": row.marked_at, "known": row.until}.get(row.mark, 0)
    return row.state == "regressed" and 0 < gone < row.last_seen


def life(row: CauseRow, now: int, zone: str = "") -> str:
    """What its state means, without a full stop: `back after 23 d`; "" where there is no more to
    say than its count."""
    if row.state == "regressed":
        return _returned(row, now, zone)
    if row.state == "rising":
        since = words.at(row.rising_since, now, zone)
        return f"above its own normal since {since.removeprefix('at ')}"
    if row.state == "muted" and not (row.note or row.until):
        return ""
    if row.state in ("muted", "known"):
        reference = f": {row.note}" if row.note else ""
        until = f", until {words.clock(row.until, now, zone)}" if row.until else ""
        return f"{'muted' if row.state == 'muted' else 'a known error'}{reference}{until}"
    if row.state == "resolved":
        return f"resolved {words.at(row.marked_at, now, zone)}, not seen since"
    return ""


def _returned(row: CauseRow, now: int, zone: str) -> str:
    reference = f" ({row.note})" if row.note else ""
    if not broken_promise(row):
        return f"back after {_days(row.away)} without it"
    if row.mark == "known":
        gone = words.clock(row.until, now, zone)
        told = f"back: a known error{reference} that should have been gone by {gone}"
    else:
        told = f"back {words.span(max(0, row.back_at - row.marked_at))} after it was resolved"
        told += f" ({words.clock(row.marked_at, now, zone)})"
    return f"{told}, not seen for {_days(row.away)} before" if row.away else told


def _days(seconds: int) -> str:
    return words.quantity(max(1, round(seconds / 86_400)), "day")
