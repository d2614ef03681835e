"""Layout of a section of Ajustes: its title above cards."""

from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.ui.page_context import PageContext
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


def number_title(context: PageContext, session_id: SessionId, title: str) -> str:
    """Return the title of a number's section: with the name that the shop gave it, else the given title."""
    name = context.core.settings.session_names.name_of(session_id)
    return f"{WHATSAPP} · {name}" if name else title


def button_row(*buttons: QWidget) -> QHBoxLayout:
    """Return a row of buttons, from the left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
