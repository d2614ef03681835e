"""Form for an order typed in at the counter."""

import re
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import CocoLokoError, InvalidPhoneError
from app.domain.order import Order, OrderItem
from app.domain.visible_text import is_blank, visible_text
from app.ui.closable_dialog import ClosableDialog
from app.ui.fault_label import FaultLabel
from app.ui.language import amount
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_HIGHEST_NUMBER = 999_999
_ITEM = re.compile(r"\s*(?:(\d{1,3})\s*[x×]\s*)?(.+?)\s*", re.IGNORECASE)


class NewOrderDialog(ClosableDialog):
    """Dialog for `open()`; shows errors under their fields, and stays until the order is stored."""

    def __init__(self, context: PageContext, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._order_id = context.core.orders.new_id()
        self.setWindowTitle(self.tr("Novo pedido"))
        self.setMinimumWidth(460)
        self.number, self.paid = (
            QLineEdit(str(number)),
            QCheckBox(self.tr("Já está pago (avisa o cliente agora)")),
        )
        self.number.setValidator(QIntValidator(1, _HIGHEST_NUMBER, self))
        self.paid.setChecked(True)
        self.name, self.phone, self.table, self.total = (QLineEdit() for _ in range(4))
        self.items, self.notes = QPlainTextEdit(), QLineEdit()
        self.number_fault, self.name_fault, self.phone_fault, self.total_fault = (
            FaultLabel(context.sentences) for _ in range(4)
        )
        self._hints()
        self._buttons = self._button_box()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        self._form = QFormLayout()
        self._fill_form()
        heading = PlainLabel(self.tr("Novo pedido"))
        heading.setProperty("role", "title")
        layout.addWidget(heading)
        layout.addLayout(self._form)
        layout.addWidget(self._buttons)
        self.name.setFocus()

    def submit(self) -> None:
        """Store the order, or focus the first invalid field."""
        total = amount(self.total.text())
        checks = (
            (
                self.number,
                self.number_fault,
                "" if self.number.hasAcceptableInput() else self.tr("Escreva o número do pedido."),
            ),
            (
                self.name,
                self.name_fault,
                self.tr("Escreva o nome do cliente.") if is_blank(self.name.text()) else "",
            ),
            (self.phone, self.phone_fault, self._phone_problem()),
            (
                self.total,
                self.total_fault,
                "" if total is not None else self.tr("Escreva o valor, por exemplo 38,00."),
            ),
        )
        for field, label, words in reversed(checks):
            self._say(field, label, words)
        if total is not None and not any(words for _, _, words in checks):
            self._save.setEnabled(False)
            self._context.runner.start(self._keep(self._typed(total)), self._refused)

    async def _keep(self, order: Order) -> None:
        await self._context.core.orders.add(order)
        if not self.closed:
            self.accept()

    def _refused(self, error: CocoLokoError) -> bool:
        if self.closed:
            return False
        self._save.setEnabled(True)
        if isinstance(error, InvalidPhoneError):
            self._say(self.phone, self.phone_fault, self._context.sentences.of_error(error).text)
            return True
        return False

    def _typed(self, total: Decimal) -> Order:
        return Order(
            id=self._order_id,
            number=int(self.number.text()),
            customer_name=visible_text(self.name.text()).strip(),
            customer_phone=self.phone.text().strip(),
            status="paid" if self.paid.isChecked() else "pending_payment",
            payment_status="confirmed" if self.paid.isChecked() else "pending",
            total=total,
            created_at=self._context.core.clock.now(),
            items=items_of(self.items.toPlainText()),
            table_number=visible_text(self.table.text()).strip() or None,
            notes=visible_text(self.notes.text()).strip(),
        )

    def _phone_problem(self) -> str:
        """Return the error of the phone field; it may be empty: the customer may write first."""
        if is_blank(self.phone.text()):
            return ""
        typed = self._context.core.messages.validate_phone_number(self.phone.text())
        try:
            typed.phone_or_raise()
        except InvalidPhoneError as error:
            return self._context.sentences.of_error(error).text
        return ""

    def _say(self, field: QWidget, label: QLabel, words: str) -> None:
        label.setText(words)
        self._form.setRowVisible(label, bool(words))
        field.setProperty("fault", bool(words))
        field.setAccessibleDescription(words)
        field.style().unpolish(field)
        field.style().polish(field)
        if words:
            field.setFocus()

    def _hints(self) -> None:
        self.phone.setPlaceholderText("(73) 99954-8537")
        self.total.setPlaceholderText("38,00")
        self.table.setPlaceholderText(self.tr("se houver"))
        self.items.setPlaceholderText(self.tr("Um por linha, por exemplo:\n2x Açaí 500 ml\n1x Água de coco"))
        self.items.setTabChangesFocus(True)
        self.notes.setPlaceholderText(self.tr("sem granola"))
        self.notes.setMaxLength(500)

    def _scan_hint(self) -> QLabel:
        label = PlainLabel(self.tr("Sem telefone? O cliente pode ler o QR do recibo."))
        label.setProperty("role", "muted")
        return label

    def _fill_form(self) -> None:
        form = self._form
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Número"), self.number),
            ("", self.number_fault),
            (self.tr("Nome"), self.name),
            ("", self.name_fault),
            (self.tr("Telefone"), self.phone),
            ("", self.phone_fault),
            ("", self._scan_hint()),
            (self.tr("Mesa"), self.table),
            (self.tr("Itens"), self.items),
            (self.tr("Observações"), self.notes),
            (self.tr("Total (R$)"), self.total),
            ("", self.total_fault),
        )
        for word, field in rows:
            label = PlainLabel(word)
            label.setMinimumHeight(36 if word else 0)
            label.setBuddy(field)
            form.addRow(label, field)
            if word:
                field.setAccessibleName(word)
        form.addRow("", self.paid)
        for label in (self.number_fault, self.name_fault, self.phone_fault, self.total_fault):
            form.setRowVisible(label, False)

    def _button_box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._save = box.addButton(self.tr("Guardar pedido"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._save.setProperty("role", "primary")
        self._save.setDefault(True)
        box.accepted.connect(self.submit)
        box.rejected.connect(self.reject)
        return box


def items_of(typed: str) -> tuple[OrderItem, ...]:
    """Parse one item per line, `2x Açaí 500 ml`; the quantity defaults to one. Prices are in the total."""
    found = (_ITEM.fullmatch(line) for line in visible_text(typed).splitlines() if line.strip())
    return tuple(OrderItem(match[2], int(match[1] or 1), Decimal(0)) for match in found if match)
