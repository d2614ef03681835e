"""Ajustes › WhatsApp: card of a number, and its pairing page."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.identifiers import SessionId
from app.ui.access.manager_request import as_manager, before_pairing
from app.ui.page_context import PageContext
from app.ui.save_file import open_save_dialog
from app.ui.settings.disconnect_question import DisconnectQuestion
from app.ui.settings.form_section import ruled, setting_rows
from app.ui.settings.more_numbers import AddNumberRow, ask_to_remove, numbers_fixed_reason
from app.ui.settings.name_number_dialog import NameNumberDialog
from app.ui.settings.pairing_page import PairingPage
from app.ui.settings.section_page import SectionPage, number_title
from app.ui.settings.session_card import SessionCard

_OF_ALL_NUMBERS: Final = ("WHATSAPP_READ_RECEIPTS", "WHATSAPP_TAKE_OVER")


class WhatsAppSection(SectionPage):
    """Card or pairing page of one number; `title` tells several numbers apart until they have names."""

    def __init__(
        self, context: PageContext, session_id: SessionId, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self._context, self._session_id, self._title = context, session_id, title
        self._connection = context.core.sessions[session_id]
        self.card, self.pairing = SessionCard(context, session_id), PairingPage(context, session_id)
        self.add_frame(self.card)
        self.add_frame(self.pairing)
        self._of_all_numbers = self._card_of_all_numbers()
        self.card.pairing_requested.connect(self.request_pairing)
        self.card.disconnect_requested.connect(lambda: as_manager(context, self, self._ask_to_disconnect))
        self.card.poster_requested.connect(
            lambda: open_save_dialog(self, self.tr("cartaz-whatsapp"), self.save_poster)
        )
        self.card.name_requested.connect(lambda: as_manager(context, self, self._ask_name))
        self.card.removal_requested.connect(lambda: as_manager(context, self, self._ask_to_remove))
        self.card.show_removal(numbers_fixed_reason(context))
        self.pairing.left.connect(self._leave_pairing)
        context.bridge.settings_changed.connect(self._show_name)
        self._show_name()
        self._show_pairing(bool(self._connection.get_connection_status().pairing))

    def _card_of_all_numbers(self) -> QWidget:
        """Add the settings of all numbers below the first one."""
        if self._session_id != self._context.core.sessions.ids[0]:
            return QWidget(self)
        self.more = AddNumberRow(self._context)
        return self.add_card(*ruled([*setting_rows(self._context, _OF_ALL_NUMBERS), self.more]))

    def _show_name(self) -> None:
        self.heading.setText(number_title(self._context, self._session_id, self._title))

    def _ask_name(self) -> None:
        NameNumberDialog(self._context, self._session_id, self).open()

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
        self._of_all_numbers.setHidden(visible)
        self.pairing.setVisible(visible)

    def _ask_to_remove(self) -> None:
        ask_to_remove(self._context, self._session_id, self)

    def _ask_to_disconnect(self) -> None:
        question = DisconnectQuestion(self)
        question.finished.connect(question.deleteLater)
        question.agreed.clicked.connect(lambda: self._context.runner.start(self._connection.logout()))
        question.open()
