"""Seventh step: the poster with which customers write first."""

from pathlib import Path

from app.ui.first_run.explained_lines import ExplainedLines
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.page_context import PageContext
from app.ui.save_file import open_save_dialog
from app.ui.wrapped_label import WrappedLabel


class PosterStep(StepPage):
    """Saves the poster of the connected number."""

    def __init__(self, context: PageContext) -> None:
        words = self.tr("Quem escreve primeiro para a loja pode ser avisado com menos risco para o número.")
        super().__init__(context, self.tr("Cartaz para o balcão"), words)
        lines = (
            (
                "qr-code",
                self.tr("Um QR que abre a conversa com a loja"),
                self.tr(
                    "O cliente aponta a câmera, manda o número do pedido e fica conhecido do WhatsApp. "
                    "Salve em PDF, imprima e deixe no balcão."
                ),
            ),
        )
        self.saved = WrappedLabel(role="good")
        self._missing = WrappedLabel(
            self.tr("O cartaz traz o número da loja: primeiro conecte o celular."), "note"
        )
        self.content.addWidget(card_of(ExplainedLines(context.theme, lines), self.fault))
        self.content.addWidget(self._missing)
        self.content.addWidget(self.saved)
        self.content.addStretch(1)
        self.saved.hide()

    def enter(self) -> None:
        connected = self._has_number()
        self._missing.setHidden(connected)
        self.fault.hide()
        if not connected:
            self.offer(self.tr("Conectar o celular"))
        elif self.saved.isHidden():
            self.offer(self.tr("Salvar o cartaz…"))
        else:
            self.offer(self.tr("Concluir"))

    def act(self) -> None:
        if not self._has_number():
            self.number_wanted.emit()
        elif self.saved.isHidden():
            open_save_dialog(self, self.tr("cartaz-whatsapp"), self.save)
        else:
            self.finished.emit()

    def save(self, file: Path) -> None:
        """Save the poster in this file."""
        self.fault.hide()
        self.context.runner.start(self._save(file), self.show_fault)

    async def _save(self, file: Path) -> None:
        await self.context.core.invitations.save_poster(file)
        if not self.is_open:
            return
        self.saved.setText(self.tr("Cartaz salvo: {file}").format(file=file.name))
        self.saved.show()
        self.offer(self.tr("Concluir"))

    def _has_number(self) -> bool:
        return self.context.core.connection.get_connection_status().phone is not None
