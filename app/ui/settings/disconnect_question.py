"""Confirmation before the shop's number is disconnected: it must be paired again afterwards."""

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.ui.shown_text import PlainMessageBox


class DisconnectQuestion(PlainMessageBox):
    """Message box for `open()`, which does not block; `agreed` is the confirming button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Desconectar o WhatsApp"))
        self.setText(self.tr("Desconectar o WhatsApp da loja?"))
        self.setInformativeText(
            self.tr(
                "Nenhum cliente será avisado até você conectar um número de novo. "
                "As mensagens da fila ficam guardadas."
            )
        )
        self.agreed: QPushButton = self.addButton(
            self.tr("Desconectar"), QMessageBox.ButtonRole.DestructiveRole
        )
        keep = self.addButton(self.tr("Manter conectado"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
