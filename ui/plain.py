"""The one door for text of strangers: logs, host names, catalogue names.

Qt takes a text for HTML when it looks like it, and a long line can stop the window for
seconds. So every such text is capped, its invisible characters are made visible, and it
is shown by widgets that only know plain text.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import Size, font

TOOLTIP_LIMIT = 600
#: "&" first. By hand: the html module brings 6 ms of entity names.
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"))
#: C0 by name: the pictures Unicode has for them (U+2400 on) are in hardly any font.
_CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US",
)  # fmt: skip
#: They count as spaces, but break lines or once did.
_SEPARATORS = frozenset({0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x2028, 0x2029})


def plain(text: str, limit: int = 2000, *, lines: bool = False) -> str:
    """`text` as a person may see it: at most `limit` characters, nothing invisible in it.

    Control, bidirectional and zero-width characters show as "‹ESC›" or "‹U+202E›".
    With `lines` newlines stay and tabs become spaces; else a newline shows as "↵".
    """
    shown = text[: max(limit, 0)]
    if not shown.isprintable():
        shown = "".join(_visible(char, lines) for char in shown)
    left_out = len(text) - max(limit, 0)
    return f"{shown}… ({left_out:,} more characters)" if left_out > 0 else shown


def _visible(char: str, lines: bool) -> str:
    if char.isprintable():
        return char
    if char == "\n":
        return "\n" if lines else "↵"
    if char == "\t":
        return "    " if lines else " "
    code = ord(char)
    if code < len(_CONTROLS):
        return f"‹{_CONTROLS[code]}›"
    if code == 0x7F:
        return "‹DEL›"
    # What is left besides is spaces of unusual width.
    return " " if char.isspace() and code not in _SEPARATORS else f"‹U+{code:04X}›"


def tooltip(widget: QWidget, text: str) -> None:
    """Set a tooltip that shows `text` letter by letter, wrapped, whatever it contains."""
    widget.setToolTip(escaped(text))


def escaped(text: str, limit: int = TOOLTIP_LIMIT) -> str:
    """`text` for a sink of Qt that may read HTML: nothing of the text is markup any more."""
    if not text:
        return ""
    safe = plain(text, limit, lines=True)
    for char, entity in _ENTITIES:
        safe = safe.replace(char, entity)
    return f"<p style='white-space:pre-wrap'>{safe}</p>"


class PlainLabel(QLabel):
    """A label that cannot read HTML. One line, cut with an ellipsis at the end, or wrapped."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: Size = Size.BODY,
        weight: QFont.Weight = QFont.Weight.Normal,
        wrap: bool = False,
        limit: int = 2000,
        mono: bool = False,
    ) -> None:
        super().__init__(parent)
        self._limit = limit
        self._wrap = wrap
        self._elided = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setFont(font(size, weight, mono=mono))
        if not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show `text`, capped, with invisible characters made visible."""
        safe = plain(text, self._limit, lines=self._wrap)
        if safe != self.text():
            super().setText(safe)
            self.setAccessibleName(safe)

    def set_color(self, value: str) -> None:
        """Paint the text in `value` ("#rrggbb")."""
        colors = self.palette()
        colors.setColor(QPalette.ColorRole.WindowText, QColor(value))
        self.setPalette(colors)

    @property
    def is_elided(self) -> bool:
        """Whether the last painting had to cut the text."""
        return self._elided

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        hint = super().minimumSizeHint()
        return hint if self._wrap else QSize(min(hint.width(), 48), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self._wrap:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        self._elided = draw_text(painter, self.contentsRect(), self.text(), self.alignment())
        painter.end()


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
) -> bool:
    """Draw one line of plain text, cut with an ellipsis at the end. True if it was cut."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | Qt.TextFlag.TextSingleLine), shown)
    return shown != text


def wrapped(text: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """`text` in at most `most` lines of `width` pixels; only the last may end in an ellipsis."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most - 1:
        number = 1
        while number < len(rest) and fits(" ".join(rest[: number + 1]), metrics, width):
            number += 1
        lines.append(_cut(" ".join(rest[:number]), metrics, width))
        rest = rest[number:]
    if rest and most > 0:
        lines.append(_cut(" ".join(rest), metrics, width))
    return lines


def fits(text: str, metrics: QFontMetrics, width: int) -> bool:
    return metrics.horizontalAdvance(text) <= width


def _cut(text: str, metrics: QFontMetrics, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
