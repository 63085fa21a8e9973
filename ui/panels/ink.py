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
    if role == "area":
        return blend(theme.ink, theme.surface, 0.4)
    if role == "quiet warning":
        return blend(theme.state_watch, theme.surface, 0.45)
    kind, _, rest = role.partition(" ")
    if kind == "series":
        return theme.series[int(rest)]
    if kind == "state":
        return theme.state(State(rest))
    return str(getattr(theme, _PLAIN[role]))


def series_role(place: int | None) -> str:
    return "other" if place is None else f"series {place}"


def blend(one: str, other: str, share: float) -> str:
    """`share` of one colour, the rest of the other, as "#rrggbb"."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)
