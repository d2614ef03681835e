"""Layout of a section of Ajustes: its title above cards."""

from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.ui.wrapped_label import WrappedLabel

WHATSAPP: Final = "WhatsApp"
WIDEST: Final = 860


class SectionPage(QWidget):
    """Section with a title; cards are added from top to bottom."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = QVBoxLayout(self)
        self._cards.setContentsMargins(0, 0, 8, 0)
        self._cards.setSpacing(16)
        self.heading = WrappedLabel(title, "title")
        self._cards.addWidget(self.heading)
        self._cards.addStretch(1)

    def add_card(self, *contents: QWidget | QLayout) -> QFrame:
        """Add a card with these widgets and layouts below each other."""
        card = QFrame()
        card.setProperty("role", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 16, 16, 16)
        inner.setSpacing(8)
        for each in contents:
            if isinstance(each, QWidget):
                inner.addWidget(each)
            else:
                inner.addLayout(each)
        self.add_frame(card)
        return card

    def add_frame(self, card: QFrame) -> None:
        """Add a card that lays itself out."""
        card.setMaximumWidth(WIDEST)
        self._cards.insertWidget(self._cards.count() - 1, card)


def button_row(*buttons: QWidget) -> QHBoxLayout:
    """Return a row of buttons, from the left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
