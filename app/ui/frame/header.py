"""Header across the top: the shop's name and the connection indicators."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.shown_text import PlainLabel


class Header(QFrame):
    """Bar with the name to the left; `add` appends a widget to the right."""

    def __init__(self, shop_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(56)
        mark, self._name = PlainLabel(), PlainLabel(shop_name)
        mark.setPixmap(pixmap("coconut", "", 32, self.devicePixelRatioF()))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 8, 16, 8)
        self._layout.setSpacing(8)
        self._layout.addWidget(mark)
        self._layout.addWidget(self._name)
        self._layout.addStretch(1)

    def show_name(self, shop_name: str) -> None:
        self._name.setText(shop_name)

    def add(self, widget: QWidget) -> None:
        self._layout.addWidget(widget)
