"""Scroll area that can stay at its end while its content still grows."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class FollowingArea(QScrollArea):
    """Vertical scroll area; it follows its end from `follow_end` until a person scrolls."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follows = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.verticalScrollBar().rangeChanged.connect(self._stay)
        self.verticalScrollBar().actionTriggered.connect(self._stop)

    def follow_end(self) -> None:
        self._follows = True
        self._stay()

    def show_start(self) -> None:
        self._follows = False
        self.verticalScrollBar().setValue(0)

    def _stay(self) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _stop(self) -> None:
        self._follows = False
