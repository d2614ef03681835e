"""Reminder above the settings of a shop without a PIN."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.icons import pixmap
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.settings.section_page import WIDEST
from app.ui.shown_text import PlainLabel

_ICON = 18


class PinReminder(QFrame):
    """Strip, shown while there is no PIN; `security_requested` leads to where one is made (X5)."""

    security_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._needed = context, True
        self.setProperty("role", "strip")
        self.setMaximumWidth(WIDEST)
        self._icon, words = PlainLabel(), PlainLabel(self.tr("Sem PIN, qualquer pessoa muda os ajustes."))
        self.button = QPushButton(self.tr("Criar PIN…"))
        self.button.clicked.connect(self.security_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(words, 1)
        layout.addWidget(self.button)
        context.bridge.access_changed.connect(self.refresh)
        context.theme.changed.connect(self.refresh)
        self.refresh()

    def set_needed(self, *, needed: bool) -> None:
        """Set whether the page has no other button that makes a PIN."""
        self._needed = needed
        self.refresh()

    def refresh(self) -> None:
        colour = self._context.theme.colours_of(Tone.WAIT).foreground
        self._icon.setPixmap(pixmap("lock", colour, _ICON, self.devicePixelRatioF()))
        self.setHidden(self._context.core.access.gate.has_pin or not self._needed)
