"""Confirmation before all failed messages are retried."""

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.ui.shown_text import PlainMessageBox


class RetryAllQuestion(PlainMessageBox):
    """Message box for `open()`, which does not block; `agreed` is the confirming button."""

    def __init__(self, untold: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Tentar todos de novo"))
        one = self.tr("Tentar de novo o aviso que falhou?")
        many = self.tr("Tentar de novo os avisos que falharam? Há {count} pedidos não avisados.")
        self.setText(one if untold == 1 else many.format(count=untold))
        self.setInformativeText(
            self.tr("Só vai o que ainda faz sentido: pedidos em andamento, de menos de meia hora.")
        )
        self.agreed: QPushButton = self.addButton(
            self.tr("Tentar de novo"), QMessageBox.ButtonRole.AcceptRole
        )
        keep = self.addButton(self.tr("Agora não"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
