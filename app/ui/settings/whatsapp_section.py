"""Ajustes › WhatsApp: card of a number, and its pairing page."""

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.ui.access.manager_request import as_manager, before_pairing
from app.ui.page_context import PageContext
from app.ui.save_file import open_save_dialog
from app.ui.settings.disconnect_question import DisconnectQuestion
from app.ui.settings.pairing_page import PairingPage
from app.ui.settings.session_card import SessionCard
from app.ui.shown_text import PlainLabel

_WIDEST = 860


class WhatsAppSection(QWidget):
    """Card or pairing page of one number; `title` names the number if there are several."""

    def __init__(
        self, context: PageContext, session_id: SessionId, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._session_id = context, session_id
        self._connection = context.core.sessions[session_id]
        heading = PlainLabel(title)
        heading.setProperty("role", "title")
        self.card, self.pairing = SessionCard(context, session_id), PairingPage(context, session_id)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(16)
        layout.addWidget(heading)
        for page in (self.card, self.pairing):
            page.setMaximumWidth(_WIDEST)
            layout.addWidget(page)
        layout.addStretch(1)
        self.card.pairing_requested.connect(self.request_pairing)
        self.card.disconnect_requested.connect(lambda: as_manager(context, self, self._ask_to_disconnect))
        self.card.poster_requested.connect(
            lambda: open_save_dialog(self, self.tr("cartaz-whatsapp"), self.save_poster)
        )
        self.pairing.left.connect(self._leave_pairing)
        self._show_pairing(bool(self._connection.get_connection_status().pairing))

    def request_pairing(self) -> None:
        before_pairing(self._context, self, self._session_id, self.begin_pairing)

    def begin_pairing(self) -> None:
        """Show the pairing page; a pairing already in progress continues."""
        self._show_pairing(True)
        self.pairing.setFocus()
        status = self._connection.get_connection_status()
        if not status.pairing and not status.is_connected:
            self.pairing.begin()

    def save_poster(self, file: Path) -> None:
        """Save the poster for the counter, with this number."""
        self._context.runner.start(self._context.core.invitations.save_poster(file, self._session_id))

    def _leave_pairing(self) -> None:
        focused = self.pairing.isAncestorOf(self.focusWidget()) or self.pairing.hasFocus()
        self._show_pairing(False)
        if focused:
            self.card.take_focus()
        if self._connection.get_connection_status().pairing:
            self._context.runner.start(self._connection.disconnect())

    def _show_pairing(self, visible: bool) -> None:  # noqa: FBT001 - Qt's own manner
        self.card.setHidden(visible)
        self.pairing.setVisible(visible)

    def _ask_to_disconnect(self) -> None:
        question = DisconnectQuestion(self)
        question.finished.connect(question.deleteLater)
        question.agreed.clicked.connect(lambda: self._context.runner.start(self._connection.logout()))
        question.open()
