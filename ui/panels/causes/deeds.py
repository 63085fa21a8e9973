"""What can be decided about the chosen causes: the entries of the menu. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from psbuddy.model.causes import Deed
from psbuddy.words import quantity
from ui.panels.causes.view import CauseRowView
from ui.panels.lines import LINES_KEY

#: Where the keys work, for the list of all keys.
KEYS: tuple[tuple[str, str], ...] = (
    (LINES_KEY, "The lines around its newest record, read on the host"),
    ("M", "Make one cause of the chosen ones"),
    ("S", "Split: take fingerprints out of the cause"),
    ("F2", "Rename"),
    ("U", "Mute, or no longer"),
    ("K", "Mark as a known error, with its reference"),
    ("V", "Mark as resolved, or no longer"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry. `asks`: a dialog comes first ("title", "known", "split")."""

    deed: Deed
    text: str
    key: str = ""
    asks: str = ""
    enabled: bool = True


def offers(rows: Sequence[CauseRowView]) -> tuple[Offer, ...]:
    """Entries for the chosen rows; the first of them is the one that a merge keeps."""
    if not rows:
        return ()
    one = rows[0] if len(rows) == 1 else None
    return (
        Offer(Deed.MERGE, _merge(rows), "M", enabled=one is None),
        Offer(Deed.SPLIT, _split(one), "S", "split", enabled=one is not None and one.aliases > 0),
        Offer(Deed.RENAME, "Rename…", "F2", "title", enabled=one is not None),
        _toggle(rows, "muted", Deed.MUTE, ("Mute: never an alarm", "No longer muted"), "U"),
        Offer(Deed.KNOWN, "Known error…", "K", "known", enabled=one is not None),
        *((Offer(Deed.UNMARK, "No longer a known error"),) if _all(rows, "known") else ()),
        _toggle(rows, "resolved", Deed.RESOLVE, ("Resolved: it is gone", "Not resolved"), "V"),
    )


def _all(rows: Sequence[CauseRowView], mark: str) -> bool:
    return all(row.mark == mark for row in rows)


def _toggle(
    rows: Sequence[CauseRowView], mark: str, deed: Deed, texts: tuple[str, str], key: str
) -> Offer:
    taken = _all(rows, mark)
    return Offer(Deed.UNMARK if taken else deed, texts[taken], key)


def _merge(rows: Sequence[CauseRowView]) -> str:
    if len(rows) == 1:
        return "Merge: choose two or more first"
    title = rows[0].texts[0]
    short = title if len(title) <= 40 else title[:39] + "…"
    return f"Make one cause of these {len(rows)}: “{short}”"


def _split(one: CauseRowView | None) -> str:
    if one is None or not one.aliases:
        return "Split: it has one fingerprint only" if one else "Split: choose one"
    return f"Split {quantity(one.aliases + 1, 'fingerprint')}…"
