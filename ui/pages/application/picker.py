"""Which range: presets, one step back and on, a custom one."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.pages.application.ranges import PRESETS, SPOKEN, Range
from ui.theme import Size, font


class RangePicker(QWidget):
    """Flat buttons; the one in force is bold. None is while a custom range is shown."""

    preset_chosen = Signal(str)
    custom_asked = Signal()
    earlier_asked = Signal()
    later_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._presets: dict[str, QPushButton] = {}
        for name in PRESETS:
            button = _button(name, f"Show the last {SPOKEN[name]}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, name=name: self.preset_chosen.emit(name))
            self._presets[name] = button
            row.addWidget(button)
        self._custom = _button("custom", "Show a stretch of your choice")
        self._custom.setCheckable(True)
        self._custom.clicked.connect(self.custom_asked)
        self._earlier = _button("‹", "One range earlier")
        self._earlier.clicked.connect(self.earlier_asked)
        self._later = _button("›", "One range later")
        self._later.clicked.connect(self.later_asked)
        for button in (self._custom, self._earlier, self._later):
            row.addWidget(button)

    def show_range(self, shown: Range) -> None:
        for name, button in self._presets.items():
            button.setChecked(name == shown.preset)
        self._custom.setChecked(not shown.live)
        self._later.setEnabled(not shown.live)


def _button(text: str, spoken: str) -> QPushButton:
    button = QPushButton(text)
    button.setFlat(True)
    button.setAccessibleName(spoken)
    button.setToolTip(spoken)
    # Wide enough for its bold form, so that nothing moves when another one is chosen.
    bold = QFontMetrics(font(Size.BODY, QFont.Weight.DemiBold))
    button.setFixedWidth(max(28, bold.horizontalAdvance(text) + 18))
    return button
