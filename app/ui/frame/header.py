"""Header across the top: the pages' tabs, and to the right what the pages have in common."""

from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTabBar, QWidget

from app.ui.icons import pixmap
from app.ui.keys import with_key
from app.ui.shown_text import PlainLabel, set_tooltip

_NARROW, _TIGHT = 1180, 860


class HeaderRoom(IntEnum):
    """Room for words: all of them, the important ones, or none beside the training's dock."""

    WIDE = 0
    NARROW = 1
    TIGHT = 2


class Header(QFrame):
    """Bar with mark and tabs to the left; `add` appends a widget to the right."""

    help_requested = Signal()
    room_changed = Signal(object)
    """Carries the HeaderRoom that the new width leaves."""

    def __init__(self, shop_name: str, tabs: QTabBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(56)
        self.tabs, self._mark = tabs, PlainLabel()
        self._mark.setPixmap(pixmap("coconut", "", 32, self.devicePixelRatioF()))
        self.show_name(shop_name)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 0, 16, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._mark)
        self._layout.addWidget(tabs)
        self._layout.addStretch(1)
        self._help = QPushButton("?")
        self._help.setProperty("role", "header")
        self._help.setFixedSize(36, 36)
        self._help.setAccessibleName(with_key(self.tr("Todas as teclas"), "F1"))
        set_tooltip(self._help, self._help.accessibleName())
        self._help.clicked.connect(self.help_requested)
        self._layout.addWidget(self._help)

    @property
    def room(self) -> HeaderRoom:
        if self.width() < _TIGHT:
            return HeaderRoom.TIGHT
        return HeaderRoom.NARROW if self.width() < _NARROW else HeaderRoom.WIDE

    def show_name(self, shop_name: str) -> None:
        """Show the shop's name as the tooltip of its mark, and to screen readers."""
        self._mark.setAccessibleName(shop_name)
        set_tooltip(self._mark, shop_name)

    def add(self, widget: QWidget) -> None:
        self._layout.insertWidget(self._layout.count() - 1, widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.room is HeaderRoom.TIGHT
        if self.property("tight") != tight:
            self.setProperty("tight", tight)
            self.tabs.style().unpolish(self.tabs)
            self.tabs.style().polish(self.tabs)
        self.room_changed.emit(self.room)
