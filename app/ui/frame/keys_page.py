"""Page of all keys, opened by F1: three columns, no scrolling."""

from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.closable_dialog import ClosableDialog
from app.ui.keys import KEYS, KeyGroup, key_words
from app.ui.shown_text import PlainLabel


class KeysPage(ClosableDialog):
    """Overlay that lists every key of the table; F1 or Esc closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Todas as teclas"))
        heading, columns, close = PlainLabel(self.tr("Todas as teclas")), QHBoxLayout(), QPushButton()
        heading.setProperty("role", "title")
        columns.setSpacing(32)
        for group in KeyGroup:
            columns.addLayout(self._column(group))
        close.setText(self.tr("Fechar (Esc)"))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(heading)
        layout.addLayout(columns)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.reject()
        else:
            super().keyPressEvent(event)

    def _column(self, group: KeyGroup) -> QVBoxLayout:
        column, grid, title = QVBoxLayout(), QGridLayout(), PlainLabel(self._title(group))
        title.setProperty("role", "heading")
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, key in enumerate(each for each in KEYS if each.group is group):
            cap, words = PlainLabel(key.key), PlainLabel(key_words(key))
            cap.setProperty("role", "keycap")
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(cap, row, 0)
            grid.addWidget(words, row, 1)
        grid.setColumnStretch(1, 1)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(grid)
        column.addStretch(1)
        return column

    def _title(self, group: KeyGroup) -> str:
        match group:
            case KeyGroup.LIST:
                return self.tr("Na lista")
            case KeyGroup.ORDER:
                return self.tr("No pedido escolhido")
            case KeyGroup.WINDOW:
                return self.tr("Em toda parte")
            case _:
                assert_never(group)
