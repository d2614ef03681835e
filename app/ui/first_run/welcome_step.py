"""First step: what the program does, and on which terms."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.choose_file import open_backup_dialog
from app.ui.first_run.explained_lines import ExplainedLines
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel


class WelcomeStep(StepPage):
    """Explains the messages, the unofficial connection, and the customer's consent; offers another PC's backup."""

    def __init__(self, context: PageContext) -> None:
        title = self.tr("Boas-vindas ao balcão da {shop}").format(shop=context.shop_name)
        super().__init__(
            context, title, self.tr("Em poucos minutos, o primeiro cliente já pode ser avisado.")
        )
        lines = (
            (
                "message-square-text",
                self.tr("Cada cliente avisado uma vez"),
                self.tr(
                    "Pedido pago, em preparo ou pronto: o cliente recebe uma mensagem no WhatsApp, e a tela mostra "
                    "se chegou. Sem internet, nada se perde: sai quando ela voltar."
                ),
            ),
            (
                "info",
                self.tr("Um programa não oficial"),
                self.tr(
                    "Não é feito pelo WhatsApp nem pela Meta. Ele entra como mais um aparelho conectado ao celular da "
                    "loja, e o WhatsApp pode limitar ou bloquear números que usam programas assim."
                ),
            ),
            (
                "hand",
                self.tr("Só com o consentimento do cliente"),
                self.tr(
                    "Avise apenas quem deu o número para isso, e apenas sobre o próprio pedido. "
                    "Quem responde PARAR não recebe mais nada."
                ),
            ),
        )
        self.other_pc = QPushButton(self.tr("Já uso o Balcão em outro computador…"))
        self.other_pc.clicked.connect(lambda: open_backup_dialog(self, self._import))
        self._moving = self._moving_row()
        self.content.addWidget(card_of(ExplainedLines(context.theme, lines)))
        self.content.addWidget(self._moving)
        self.content.addStretch(1)
        self.action = self.tr("Entendi, começar")

    def _moving_row(self) -> QWidget:
        """Return the button with what the person needs for it."""
        needed = self.tr(
            "Para trazer a loja de lá: feche o programa no outro computador e tenha à mão a cópia de segurança e as "
            "12 palavras da frase de recuperação."
        )
        moving = QWidget()
        row = QHBoxLayout(moving)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.other_pc)
        row.addWidget(WrappedLabel(needed, "muted"), 1)
        return moving

    def enter(self) -> None:
        unused = not any(status.phone for status in self.context.core.sessions.statuses())
        self._moving.setVisible(unused and self.context.import_copy is not None)

    def _import(self, backup: Path) -> None:
        if self.context.import_copy:
            self.other_pc.setEnabled(False)
            self.context.import_copy(backup)
