"""One time axis and one crosshair for all charts of a page."""

from PySide6.QtCore import QObject, Signal

#: Nothing shorter than this many seconds can be zoomed into: the grain is a minute.
SHORTEST = 300.0
#: Nothing longer: the store keeps five years for sure, a little more may be there.
LONGEST = 10 * 366 * 86400.0


class TimeLink(QObject):
    """The range on screen and the moment under the crosshair, as epoch seconds (UTC)."""

    moved = Signal()  # since or until changed: paint anew
    pointed = Signal(object)  # the crosshair moved: float, or None when it left
    chosen = Signal(float, float)  # the user asked for this range with mouse or keyboard
    back = Signal()  # the user asked to undo that

    def __init__(self, since: float, until: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.since, self.until = since, until
        self.cursor: float | None = None

    @property
    def span(self) -> float:
        return self.until - self.since

    def show(self, since: float, until: float) -> None:
        """Move every chart to [since, until]; nobody is asked to read anything."""
        if (since, until) == (self.since, self.until) or until <= since:
            return
        self.since, self.until = since, until
        if self.cursor is not None and not since <= self.cursor <= until:
            self.point(None)  # what it pointed at is out of sight
        self.moved.emit()

    def point(self, time: float | None) -> None:
        """Put the crosshair at `time`, or take it away."""
        if time is not None:
            time = min(max(time, self.since), self.until)
        if time != self.cursor:
            self.cursor = time
            self.pointed.emit(time)

    def step(self, seconds: float) -> None:
        """Move the crosshair; the first step puts it at the right edge."""
        start = self.until if self.cursor is None else self.cursor + seconds
        self.point(start)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Show `factor` times the span, holding the moment `around` (else the middle)."""
        span = min(max(self.span * factor, SHORTEST), LONGEST)
        held = (self.since + self.until) / 2 if around is None else around
        share = (held - self.since) / self.span
        self.choose(held - span * share, held + span * (1 - share))

    def pan(self, share: float) -> None:
        """Move the range by a share of its span; negative is earlier."""
        move = self.span * share
        self.choose(self.since + move, self.until + move)

    def choose(self, since: float, until: float) -> None:
        """Show a range and tell that the user chose it."""
        if until - since < SHORTEST:
            middle = (since + until) / 2
            since, until = middle - SHORTEST / 2, middle + SHORTEST / 2
        self.show(since, until)
        self.chosen.emit(since, until)
