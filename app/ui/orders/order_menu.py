"""Menu of the selected order: resend, receipt, step back, cancel."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.order_status import status_before
from app.services.orders.board_row import BoardRow
from app.ui.orders.resend_question import resendable
from app.ui.orders.status_chip import stage_word
from app.ui.shown_text import set_tooltip
from app.ui.theme import Theme


class OrderMenu(QToolButton):
    """Button with the acts that are seldom needed."""

    resend_requested = Signal()
    receipt_requested = Signal()
    step_back_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText(self.tr("Mais…"))
        self.setProperty("role", "act")
        self.setAccessibleName(self.tr("Mais ações do pedido"))
        set_tooltip(self, self.tr("Mais ações do pedido"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.resend, self.receipt = QAction(self), QAction(self.tr("QR do recibo…"), self)
        self.step_back = QAction(self.tr("Voltar etapa\tBackspace"), self)
        self.cancel = QAction(self.tr("Cancelar pedido…"), self)
        menu.addActions([self.resend, self.receipt])
        menu.addSeparator()
        menu.addActions([self.step_back, self.cancel])
        self.setMenu(menu)
        self.resend.triggered.connect(lambda _checked: self.resend_requested.emit())
        self.receipt.triggered.connect(lambda _checked: self.receipt_requested.emit())
        self.step_back.triggered.connect(lambda _checked: self.step_back_requested.emit())
        self.cancel.triggered.connect(lambda _checked: self.cancel_requested.emit())
        for act in self.acts:
            act.setVisible(False)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def acts(self) -> tuple[QAction, ...]:
        return self.resend, self.receipt, self.step_back, self.cancel

    def show_for(self, row: BoardRow, *, opted_out: bool) -> None:
        last = resendable(row)
        self.resend.setVisible(last is not None and not opted_out)
        if last:
            stage = stage_word(last.type).lower()
            self.resend.setText(self.tr("Enviar “{stage}” de novo…").format(stage=stage))
        self.receipt.setVisible(not row.finished)
        self.step_back.setVisible(status_before(row.order.status) is not None and not row.order.deleted)
        self.cancel.setVisible(not row.finished)
        self.setVisible(any(act.isVisible() for act in self.acts))

    def _apply_theme(self) -> None:
        for action, name in (
            (self.resend, "rotate-ccw"),
            (self.receipt, "qr-code"),
            (self.step_back, "arrow-left"),
            (self.cancel, "circle-x"),
        ):
            action.setIcon(self._theme.icon(name))
