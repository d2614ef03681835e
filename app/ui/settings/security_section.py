"""Ajustes › Segurança: the manager's PIN."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.domain.audit import Actor
from app.ui.access.manager_request import as_manager
from app.ui.access.new_phrase_dialog import NewPhraseDialog
from app.ui.access.new_pin_dialog import NewPinDialog
from app.ui.page_context import PageContext
from app.ui.settings.form_section import setting_rows
from app.ui.settings.section_page import SectionPage, button_row
from app.ui.shown_text import PlainMessageBox
from app.ui.wrapped_label import WrappedLabel


class SecuritySection(SectionPage):
    """Sets, changes and removes the PIN, and locks or unlocks the settings (X5)."""

    def __init__(self, context: PageContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._context, self._drafting = context, False
        self.state, self.words = WrappedLabel(role="strong"), WrappedLabel(role="muted")
        self.phrase_state, self.phrase_words = WrappedLabel(role="strong"), WrappedLabel(role="muted")
        self.phrase = QPushButton()
        self.change, self.lock, self.remove = QPushButton(), QPushButton(), QPushButton()
        self.change.setProperty("role", "primary")
        self.unlock = QPushButton(self.tr("Destrancar…"))
        self.lock.setText(self.tr("Trancar agora"))
        self.remove.setText(self.tr("Tirar o PIN…"))
        self.add_card(self.state, self.words, button_row(self.change, self.unlock, self.lock, self.remove))
        self.add_card(*setting_rows(context, ("AUTO_LOCK_MINUTES",)))
        self.add_card(self.phrase_state, self.phrase_words, button_row(self.phrase))
        self.change.clicked.connect(lambda: as_manager(context, self, self._ask_new_pin))
        self.unlock.clicked.connect(lambda: as_manager(context, self, self.refresh))
        self.lock.clicked.connect(self._lock)
        self.phrase.clicked.connect(lambda: as_manager(context, self, self._draft_phrase))
        self.remove.clicked.connect(lambda: as_manager(context, self, self._ask_to_remove))
        self.setFocusProxy(self.change)
        context.bridge.access_changed.connect(self.refresh)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the present state; the gate may have locked itself meanwhile."""
        access = self._context.core.access.gate
        self.state.setText(self._state())
        self.words.setText(self._explanation())
        self.change.setText(self.tr("Trocar o PIN…") if access.has_pin else self.tr("Criar PIN…"))
        self.unlock.setVisible(access.actor is Actor.CASHIER)
        self.lock.setVisible(access.actor is Actor.MANAGER)
        self.remove.setVisible(access.has_pin)
        self._show_phrase()

    def _show_phrase(self) -> None:
        made = self._context.core.access.recovery.has_phrase
        self.phrase_state.setText(
            self.tr("Frase de recuperação criada") if made else self.tr("Sem frase de recuperação")
        )
        self.phrase_words.setText(
            self.tr(
                "As 12 palavras do papel abrem os dados em outro computador. Uma frase nova anula a antiga."
            )
            if made
            else self.tr(
                "Se este computador quebrar, uma cópia dos dados só abre em outro com a frase. "
                "São 12 palavras para guardar num papel."
            )
        )
        self.phrase.setText(self.tr("Criar frase nova…") if made else self.tr("Criar frase…"))

    def _state(self) -> str:
        match self._context.core.access.gate.actor:
            case Actor.ANYONE:
                return self.tr("Sem PIN")
            case Actor.MANAGER:
                return self.tr("PIN criado · ajustes abertos agora")
            case Actor.CASHIER:
                return self.tr("PIN criado · ajustes trancados")

    def _explanation(self) -> str:
        if not self._context.core.access.gate.has_pin:
            return self.tr(
                "Qualquer pessoa no balcão pode desconectar o WhatsApp da loja e mudar os textos. "
                "Com um PIN, só o gerente faz isso; avisar e responder clientes continua livre."
            )
        return self.tr(
            "Conectar e desconectar números e mudar ajustes pede o PIN. "
            "Avisar, responder e tentar de novo continua livre para todos."
        )

    def _lock(self) -> None:
        self._context.core.access.gate.lock()
        self.refresh()

    def _draft_phrase(self) -> None:
        if not self._drafting:
            self._drafting = True
            self._context.runner.start(self._show_draft())

    async def _show_draft(self) -> None:
        try:
            draft = await self._context.core.access.recovery.draft_phrase()
        finally:
            self._drafting = False
        dialog = NewPhraseDialog(self._context, draft, self)
        dialog.finished.connect(self.refresh)
        dialog.open()

    def _ask_new_pin(self) -> None:
        dialog = NewPinDialog(self._context, self)
        dialog.finished.connect(self.refresh)
        dialog.open()

    def _ask_to_remove(self) -> None:
        question = PlainMessageBox(self)
        question.setIcon(QMessageBox.Icon.NoIcon)
        question.setWindowTitle(self.tr("Tirar o PIN"))
        question.setText(self.tr("Tirar o PIN do gerente?"))
        question.setInformativeText(self.tr("Depois, qualquer pessoa no balcão pode mudar os ajustes."))
        agreed = question.addButton(self.tr("Tirar o PIN"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(self.tr("Manter o PIN"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        question.finished.connect(question.deleteLater)
        agreed.clicked.connect(
            lambda: self._context.runner.start(self._context.core.access.gate.remove_pin())
        )
        question.open()
