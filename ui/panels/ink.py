"""From the name of a role, as view-models use it, to the colour of the theme in force."""

from psbuddy.model.terms import State
from ui.theme import Theme

_PLAIN = {
    "": "muted",
    "other": "series_other",
    "warning": "state_watch",
    "failed": "state_down",
    "late": "late",
    "band": "band",
    "text": "text",
    "muted": "muted",
    "accent": "accent",
    "gap": "gap_line",
    "ink": "ink",
}


def ink(theme: Theme, role: str) -> str:
    """Colour of "series 3", "state down", "warning", ... Raises KeyError for no role at all."""
    kind, _, rest = role.partition(" ")
    if kind == "series":
        return theme.series[int(rest)]
    if kind == "state":
        return theme.state(State(rest))
    return str(getattr(theme, _PLAIN[role]))


def series_role(place: int | None) -> str:
    return "other" if place is None else f"series {place}"
