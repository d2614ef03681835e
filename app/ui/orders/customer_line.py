"""Customer's number in the detail pane, with buttons to copy and correct it, and the basis of consent (P3, C9)."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.consent import ConsentBasis
from app.domain.lid import lid_of
from app.domain.phone import Phone
from app.services.orders.board_row import BoardRow
from app.services.orders.order_board import OrderDetail
from app.ui.orders.phone_field import PhoneField
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel
from app.ui.wrapped_label import WrappedLabel


def works_with(row: BoardRow) -> bool:
    """Return whether the cashier works with the order: only then is its whole number shown (P3)."""
    return row.untold or not row.finished


class CustomerLine(QWidget):
    """Number with its buttons; `correct` opens the field below it."""

    copy_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: OrderDetail | None = None
        self.number, self.consent = PlainLabel(), WrappedLabel(role="small")
        self.number.setWordWrap(True)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_, self.correct_ = QPushButton(self.tr("Copiar (C)")), QPushButton()
        self.field = PhoneField(context)
        for button in (self.copy_, self.correct_):
            button.setProperty("role", "small")
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._build_layout()
        self.copy_.clicked.connect(self.copy_requested)
        self.correct_.clicked.connect(self.correct)

    def _build_layout(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.copy_)
        buttons.addWidget(self.correct_)
        buttons.addStretch(1)
        self._line.setSpacing(6)
        self._line.addWidget(self.number)
        self._line.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._line)
        layout.addWidget(self.consent)
        layout.addWidget(self.field)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def show_detail(self, detail: OrderDetail) -> None:
        if self._detail is None or detail.row.order.id != self._detail.row.order.id:
            self.field.close_field()
        self._detail = detail
        works = works_with(detail.row)
        self.number.setText(self._phone_line(detail))
        self.consent.setText(self._consent(detail))
        self.consent.setVisible(works and detail.phone is not None)
        self.copy_.setVisible(works and isinstance(detail.phone, Phone))
        self.correct_.setVisible(works)
        has_number = detail.row.order.has_phone
        self.correct_.setText(self.tr("Corrigir (E)") if has_number else self.tr("Anotar telefone (E)"))
        if not works:
            self.field.close_field()
        self._arrange()

    def correct(self) -> None:
        """Open the field for another number."""
        if self._detail and works_with(self._detail.row):
            self.field.open_for(self._detail.row.order)

    def _phone_line(self, detail: OrderDetail) -> str:
        if not detail.row.order.has_phone and detail.phone is None:
            return self.tr("Sem telefone: mostre ao cliente o QR do recibo")
        if detail.phone is None:
            # Its source may have written a LID there, which no screen shows (K3).
            typed = detail.row.order.customer_phone
            shown = self.tr("Número oculto") if lid_of(typed.strip()) else typed
            return self.tr("Telefone inválido: {typed}").format(typed=shown)
        return shown_number(detail)

    def _arrange(self) -> None:
        """Put the buttons beside a number, and under a sentence or where the pane is narrow."""
        beside = self.copy_.sizeHint().width() + self.correct_.sizeHint().width() + 24
        wanted = self.number.fontMetrics().horizontalAdvance(self.number.text()) + beside
        fits = not self.copy_.isHidden() and wanted <= self.width()
        flow = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        self._line.setDirection(flow)
        self._line.setStretchFactor(self.number, 1 if fits else 0)

    def _consent(self, detail: OrderDetail) -> str:
        """Return whether the number has WhatsApp, where that is known, and the basis of the customer's consent."""
        words = {
            ConsentBasis.ASKED: self.tr("pediu os avisos"),
            ConsentBasis.WROTE_FIRST: self.tr("escreveu primeiro"),
            ConsentBasis.UNKNOWN: self.tr("consentimento: não se sabe"),
        }
        known = ""
        if detail.on_whatsapp is not None and isinstance(detail.phone, Phone):
            known = self.tr("tem WhatsApp") if detail.on_whatsapp else self.tr("sem WhatsApp")
        return " · ".join(said for said in (known, words[detail.consent]) if said)


def shown_number(detail: OrderDetail) -> str:
    """Return the number, or the name of a customer who hides it; a LID is never shown (K3)."""
    if isinstance(detail.phone, Phone):
        return detail.phone.national if works_with(detail.row) else detail.phone.masked
    hidden = QCoreApplication.translate("CustomerLine", "Número oculto")
    return f"{hidden} · {detail.row.phone}" if detail.row.phone else hidden
