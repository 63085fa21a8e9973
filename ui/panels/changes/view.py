"""What changed: the marks on the time axis, and the words at the crosshair. Pure."""

from dataclasses import dataclass

from psbuddy import words
from psbuddy.model.series import ChangeMark
from psbuddy.report.values import Dashboard
from ui.panels.values import Line, Phase, Reading, Spans, stale_span

#: kind -> (shape, colour role, word before the label)
_KINDS = {
    "deployment": ("deployment", "accent", "deploy"),
    "new cause": ("cause", "failed", "new"),
    "note": ("note", "text", ""),
    "restart": ("restart", "warning", "restart"),
}
#: A mark counts as "at the crosshair" within this share of the range.
NEAR = 0.015


@dataclass(frozen=True, slots=True)
class MarkView:
    time: int
    shape: str
    role: str
    label: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    phase: Phase
    reason: str
    sentence: str
    marks: tuple[MarkView, ...]
    span: int
    now: int
    zone: str
    rest: Reading
    gaps: Spans = ()

    def at(self, moment: float | None) -> Reading:
        """The marks near the moment; without one, how many there are."""
        if moment is None or self.phase is not Phase.READY:
            return self.rest
        near = sorted(
            (m for m in self.marks if abs(m.time - moment) <= self.span * NEAR),
            key=lambda mark: abs(mark.time - moment),
        )
        if not near:
            return Reading("", (Line("", "nothing here"),))
        first = near[0]
        when = words.clock(first.time, self.now, self.zone)
        more = f" and {len(near) - 1} more" if len(near) > 1 else ""
        return Reading("", (Line(first.label, when + more, first.role, first.shape),))


def waiting(phase: Phase, reason: str) -> ChangesView:
    """A view without data: waiting, empty or failed, and why."""
    return ChangesView(phase, reason, reason, (), 1, 0, "", Reading("", ()))


def changes_view(dashboard: Dashboard, zone: str = "") -> ChangesView:
    """Marks of the range, oldest first."""
    marks = tuple(_mark(change) for change in dashboard.changes)
    said = _sentence(dashboard.changes)
    counted = words.quantity(len(marks), "change") if marks else "none seen"
    return ChangesView(
        phase=Phase.READY, reason="", sentence=said, marks=marks,
        span=dashboard.until - dashboard.since, now=dashboard.now, zone=zone,
        rest=Reading("", (Line("", counted),)), gaps=stale_span(dashboard),
    )  # fmt: skip


def _mark(change: ChangeMark) -> MarkView:
    shape, role, word = _KINDS.get(change.kind, ("restart", "muted", change.kind))
    return MarkView(change.time, shape, role, f"{word} {change.label}".strip())


def _sentence(changes: tuple[ChangeMark, ...]) -> str:
    if not changes:
        return "no changes seen"
    kinds: dict[str, int] = {}
    for change in changes:
        kinds[change.kind] = kinds.get(change.kind, 0) + 1
    return words.listing([words.quantity(n, kind) for kind, n in kinds.items()], 4)
