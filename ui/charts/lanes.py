"""Where marks with labels go in few lanes, so that nothing touches a label. Pure, in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

#: From the middle of a mark to its label.
REACH = 8.0


@dataclass(frozen=True, slots=True)
class Placed:
    """The mark `number` at `x`, and [left, right) that it takes of its lane.

    `text` is the left edge of its label, None where the label has no room.
    """

    number: int
    x: float
    width: float
    lane: int
    left: float
    right: float
    text: float | None = None

    def touches(self, other: "Placed") -> bool:
        return self.left < other.right and other.left < self.right


def place(marks: Sequence[tuple[float, float]], lanes: int, limit: float) -> list[Placed]:
    """Place marks of (x, width of the label), ascending in x, in a strip `limit` wide.

    Each goes to the first lane where it and its label, right or left of it, touch nothing.
    Where there is none it stays bare, and a label it would strike through goes to the other
    side or away.
    """
    taken: list[list[Placed]] = [[] for _ in range(lanes)]
    for number, (x, width) in enumerate(marks):
        bare = [Placed(number, x, width, n, x - REACH, x + REACH) for n in range(lanes)]
        room = (_labelled(one, taken[one.lane], limit) for one in bare)
        found = next((one for one in room if one is not None), None)
        if found is not None:
            taken[found.lane].append(found)
        else:
            one = min(bare, key=lambda one: sum(map(one.touches, taken[one.lane])))
            taken[one.lane] = _squeezed(one, taken[one.lane], limit)
    return [one for lane in taken for one in lane]


def _labelled(bare: Placed, others: Sequence[Placed], limit: float) -> Placed | None:
    wide = 2 * REACH + bare.width
    for left, text in ((bare.left, bare.right), (bare.left - bare.width,) * 2):
        one = replace(bare, left=left, right=left + wide, text=text)
        if text >= 0 and one.right <= limit + REACH and not any(map(one.touches, others)):
            return one
    return None


def _squeezed(bare: Placed, lane: Sequence[Placed], limit: float) -> list[Placed]:
    struck = [one for one in lane if one.touches(bare)]
    kept = [one for one in lane if one not in struck] + [bare]
    for one in struck:
        alone = replace(one, left=one.x - REACH, right=one.x + REACH, text=None)
        rest = [o for o in struck if o.number > one.number]
        kept.append(_labelled(alone, kept + rest, limit) or alone)
    return kept
