"""Confirmation before an order is cancelled (C9)."""

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.services.orders.board_row import BoardRow
from app.ui.shown_text import PlainMessageBox
from app.ui.theme import Theme


class CancelQuestion(PlainMessageBox):
    """Message box for `open()`, which does not block; `agreed` is the confirming button."""

    def __init__(self, row: BoardRow, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        order = row.order
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Cancelar pedido"))
        self.setText(self.tr("Cancelar o pedido #{number}?").format(number=order.number))
        self.setInformativeText(
            self.tr("{name}\nO que ainda espera na fila não é enviado.").format(name=order.customer_name)
        )
        self.agreed: QPushButton = self.addButton(
            self.tr("Cancelar pedido"), QMessageBox.ButtonRole.AcceptRole
        )
        keep = self.addButton(self.tr("Não cancelar"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
        keep.setFocus()
        # A new style lays the buttons out again; without the focus here, Enter would then cancel.
        theme.changed.connect(keep.setFocus)
