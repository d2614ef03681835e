"""Panel for calling a customer who could not be told: name and phone large enough to read across the counter (C9)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.phone import Phone
from app.services.orders.order_board import OrderDetail
from app.ui.orders.customer_line import shown_number
from app.ui.orders.order_text import table_word
from app.ui.orders.untold_text import untold_in_short
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel


class CallPanel(QWidget):
    """Panel over the order's details; Esc leaves it, and the focus stays in the list."""

    copy_requested = Signal()
    correct_requested = Signal()
    told = Signal()
    left = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAccessibleName(self.tr("Chamar o cliente"))
        heading = WrappedLabel(self.tr("Chame o cliente"), "overline")
        self.reason, self.name, self.place, self.phone = (WrappedLabel() for _ in range(4))
        for label, role in ((self.name, "large"), (self.phone, "large"), (self.place, "heading")):
            label.setProperty("role", role)
        self.phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reason.setProperty("role", "fault")
        self.copy_ = QPushButton(self.tr("Copiar (C)"))
        self.correct = QPushButton(self.tr("Corrigir (E)"))
        self.already_told = QPushButton(self.tr("Já avisei (J)"))
        self.already_told.setProperty("role", "primary")
        self.leave = QPushButton(self.tr("Voltar (Esc)"))
        self.leave.setProperty("role", "plain")
        self._build_layout(heading)
        self.copy_.clicked.connect(self.copy_requested)
        self.correct.clicked.connect(self.correct_requested)
        self.already_told.clicked.connect(self.told)
        self.leave.clicked.connect(self.left)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.left.emit)

    def _build_layout(self, heading: QWidget) -> None:
        # Its height must not squeeze the buttons below the details, which share the place with it.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 0)
        layout.setSpacing(8)
        for widget in (heading, self.name, self.place, self.phone, self.reason):
            layout.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy_)
        buttons.addWidget(self.correct, 1)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        layout.addWidget(self.already_told)
        layout.addWidget(self.leave)
        layout.addStretch(1)

    def show_detail(self, detail: OrderDetail) -> None:
        row, order = detail.row, detail.row.order
        self.name.setText(f"#{order.number} {order.customer_name}")
        self.place.setText(table_word(order))
        self.place.setVisible(bool(order.table_number))
        has_number = isinstance(detail.phone, Phone)
        self.phone.setText(shown_number(detail) if detail.phone else "")
        self.phone.setVisible(detail.phone is not None)
        self.copy_.setVisible(has_number)
        reason = untold_in_short(row, self._context)
        self.reason.setText(self.tr("Não avisado: {reason}").format(reason=reason) if reason else "")
        self.correct.setVisible(not detail.opted_out)
