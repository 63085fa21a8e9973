"""The page that has one thing to say: a column in the middle, a little above half its height."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def middle_column(page: QWidget, width: int, spacing: int) -> QVBoxLayout:
    """Lay out `page` so; what the column is to hold is added by the caller."""
    block = QWidget(page)
    block.setFixedWidth(width)
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(block)
    row.addStretch(1)
    outer = QVBoxLayout(page)
    outer.addStretch(2)
    outer.addLayout(row)
    outer.addStretch(3)
    return column
