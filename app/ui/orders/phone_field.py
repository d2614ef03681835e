"""Inline field that corrects an order's phone, checked in words while it is typed (C9, P1)."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.domain.identifiers import OrderId
from app.domain.lid import lid_of
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.visible_text import is_blank
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel


class PhoneField(QWidget):
    """Field for the right number, hidden until `open_for`; Enter saves it and tells the customer, Esc leaves."""

    opened = Signal()
    closed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._order_id: OrderId | None = None
        self.number, self.verdict = QLineEdit(), WrappedLabel(role="small")
        self.save, self.leave = (
            QPushButton(self.tr("Salvar e avisar ↵")),
            QPushButton(self.tr("Voltar (Esc)")),
        )
        self.number.setPlaceholderText("(73) 99954-8537")
        self.number.setAccessibleName(self.tr("Telefone certo do cliente"))
        self.save.setProperty("role", "primary")
        self.leave.setProperty("role", "plain")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.number)
        layout.addWidget(self.verdict)
        layout.addLayout(buttons)
        self.number.textChanged.connect(self._check)
        self.number.returnPressed.connect(self.submit)
        self.save.clicked.connect(self.submit)
        self.leave.clicked.connect(self.close_field)
        self.hide()

    def open_for(self, order: Order) -> None:
        """Open with the order's present number selected; a LID is no number and not shown (K3)."""
        self._order_id = order.id
        typed = order.customer_phone.strip()
        known = self._context.core.messages.validate_phone_number(typed).phone
        self.number.setText(known.national if known else "" if lid_of(typed) else typed)
        self._check()
        self.show()
        self.opened.emit()
        self.number.setFocus()
        self.number.selectAll()

    def close_field(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
        else:
            super().keyPressEvent(event)

    def submit(self) -> None:
        """Save the number and have the customer told there, or say what is wrong with it."""
        if self._order_id is None or self._valid() is None:
            self._show(self._problem(), role="fault")
            return
        self.save.setEnabled(False)
        correcting = self._correct(self._order_id, self.number.text())
        self._context.runner.start(correcting, partial(self._refused, self._order_id))

    async def _correct(self, order_id: OrderId, typed: str) -> None:
        await self._context.core.telling.correct_phone(order_id, typed)
        if order_id == self._order_id:
            self.close_field()

    def _refused(self, order_id: OrderId, error: CocoLokoError) -> bool:
        if order_id != self._order_id or self.isHidden():
            return False
        self.save.setEnabled(True)
        self._show(str(self._context.sentences.of_error(error)), role="fault")
        return True

    def _check(self) -> None:
        """Say while typing whether the number is complete, and how it will be read."""
        self.save.setEnabled(self._valid() is not None)
        if phone := self._valid():
            self._show(self.tr("✓ {number}").format(number=phone.national), role="right")
        else:
            self._show(self._problem(), role="small")

    def _valid(self) -> Phone | None:
        return self._context.core.messages.validate_phone_number(self.number.text()).phone

    def _problem(self) -> str:
        if is_blank(self.number.text()):
            return self.tr("Digite DDD e número.")
        reason = self._context.core.messages.validate_phone_number(self.number.text()).reason
        words = self._context.sentences.say("phone_reasons", reason or "not_a_number")
        return f"{words[:1].upper()}{words[1:]}."

    def _show(self, words: str, *, role: str) -> None:
        self.verdict.setProperty("role", role)
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self.verdict.setText(words)
        self.number.setAccessibleDescription(words)
