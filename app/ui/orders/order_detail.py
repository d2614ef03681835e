"""Detail pane of the selected order, with buttons for its actions."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.lid import Lid, lid_of
from app.domain.notification import Notification
from app.domain.phone import Phone
from app.services.orders.order_board import OrderDetail
from app.ui.frame.empty_page import EmptyPage
from app.ui.orders.items_table import ItemsTable
from app.ui.orders.order_text import age_of, status_word, table_word
from app.ui.orders.pickup_note import PickupNote
from app.ui.orders.replies import Replies
from app.ui.orders.resend_question import resendable
from app.ui.orders.status_chip import HoldOf, QueueHold, stage_word
from app.ui.orders.step_buttons import StepButtons
from app.ui.orders.timeline import Timeline
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_WIDTH, _NARROW_WIDTH = 356, 296


class DetailPane(QFrame):
    """Detail pane; it shows the full phone number only while the order is unfinished (P3).

    Signals for steps carry the order's id, those for its messages the BoardRow on display.
    """

    step_requested = Signal(object)
    advance_requested = Signal(object)
    doubt_settled = Signal(object, bool)
    resend_requested = Signal(object)
    message_requested = Signal(object)
    receipt_requested = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._detail: OrderDetail | None = None
        self._hold: HoldOf = lambda _: QueueHold.NONE
        self.setProperty("role", "card")
        self.make_narrow(narrow=False)
        self.setAccessibleName(self.tr("Pedido escolhido"))
        self.title, self.facts, self.phone, self._notes, self.opted_out = (self._label() for _ in range(5))
        notes = (self._notes, "note"), (self.opted_out, "note")
        for label, role in ((self.title, "title"), (self.facts, "muted"), *notes):
            label.setProperty("role", role)
        self.opted_out.setText(self.tr("Este cliente pediu para não receber mensagens. Chame-o pelo nome."))
        self._items, self.timeline, self.replies = ItemsTable(), Timeline(context), Replies(context)
        self.pickup = PickupNote(context.sentences)
        self.buttons, self.resend = StepButtons(), self._plain(self.tr("Enviar de novo…"))
        self.buttons.step_requested.connect(lambda: self._ask(self.step_requested))
        self.buttons.advance_requested.connect(lambda: self._ask(self.advance_requested))
        self.buttons.doubt_settled.connect(self._settle)
        self.resend.clicked.connect(self._ask_resend)
        self.write = self._plain(self.tr(" Escrever mensagem… (M)"))
        self.write.clicked.connect(lambda: self._ask(self.message_requested))
        self.receipt = self._plain(self.tr(" QR do recibo…"))
        self.receipt.clicked.connect(lambda: self._ask(self.receipt_requested))
        nothing = EmptyPage(
            context.theme,
            "clipboard-list",
            self.tr("Escolha um pedido"),
            self.tr("Aqui aparecem o cliente, os itens e cada mensagem enviada."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(nothing)
        self._stack.addWidget(self._filled())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._stack)
        context.theme.changed.connect(self._apply_theme)

    def make_narrow(self, *, narrow: bool) -> None:
        """Narrow the pane to leave room for the list in a small window."""
        self.setFixedWidth(_NARROW_WIDTH if narrow else _WIDTH)

    def show_nothing(self) -> None:
        self._detail = None
        self._stack.setCurrentIndex(0)

    def show_detail(self, detail: OrderDetail, hold: HoldOf) -> None:
        self._detail, self._hold = detail, hold
        row, order = detail.row, detail.row.order
        self.title.setText(f"#{order.number} {order.customer_name}")
        age = age_of(order, self._context.core.clock.now())
        facts = (status_word(order), table_word(order), age.words)
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        self.phone.setText(self._phone_line(detail))
        self.opted_out.setVisible(detail.opted_out)
        self.pickup.show_pickup(row.pickup)
        self._items.show_order(order)
        self._notes.setText(order.notes)
        self._notes.setVisible(bool(order.notes))
        self.timeline.show_messages(detail.notices, hold)
        self.replies.show_replies(order.id, detail.replies, detail.others, detail.asker)
        self.buttons.show_for(row)
        self._show_resend(resendable(row))
        self.write.setVisible(not row.finished and detail.phone is not None)
        self.receipt.setVisible(not row.finished)
        self._stack.setCurrentIndex(1)

    def _apply_theme(self) -> None:
        if self._detail:
            self.show_detail(self._detail, self._hold)

    def _show_resend(self, last: Notification | None) -> None:
        self.resend.setVisible(last is not None)
        if last:
            self.resend.setText(
                self.tr(" Enviar “{stage}” de novo…").format(stage=stage_word(last.type).lower())
            )
            self.resend.setIcon(self._context.theme.icon("rotate-ccw"))
        self.write.setIcon(self._context.theme.icon("message-square-text"))
        self.receipt.setIcon(self._context.theme.icon("qr-code"))

    def _phone_line(self, detail: OrderDetail) -> str:
        if not detail.row.order.has_phone:
            return self.tr("Sem telefone: mostre ao cliente o QR do recibo")
        if detail.phone is None:
            # Its source may have written a LID there, which no screen shows (K3).
            typed = detail.row.order.customer_phone
            shown = self.tr("Número oculto") if lid_of(typed.strip()) else typed
            return self.tr("Telefone inválido: {typed}").format(typed=shown)
        shown = self._shown(detail)
        if detail.on_whatsapp is None or isinstance(detail.phone, Lid):
            return shown
        known = self.tr("tem WhatsApp") if detail.on_whatsapp else self.tr("sem WhatsApp")
        return f"{shown} · {known}"

    def _shown(self, detail: OrderDetail) -> str:
        """Return the number, or the name of a customer who hides it; a LID is never shown (K3)."""
        if isinstance(detail.phone, Phone):
            return detail.phone.masked if detail.row.finished else detail.phone.national
        hidden = self.tr("Número oculto")
        return f"{hidden} · {detail.row.phone}" if detail.row.phone else hidden

    def _ask(self, signal: SignalInstance) -> None:
        if self._detail:
            signal.emit(self._detail.row.order.id)

    def _settle(self, arrived: bool) -> None:  # noqa: FBT001 - a slot
        if self._detail:
            self.doubt_settled.emit(self._detail.row, arrived)

    def _ask_resend(self) -> None:
        if self._detail:
            self.resend_requested.emit(self._detail.row)

    def _filled(self) -> QWidget:
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for widget in (self.title, self.facts, self.phone, self.opted_out, self.pickup):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(self._items)
        layout.addWidget(self._notes)
        layout.addWidget(self.replies)
        layout.addWidget(self._rule())
        heading = PlainLabel(self.tr("Mensagens"))
        heading.setProperty("role", "overline")
        layout.addWidget(heading)
        layout.addWidget(self.timeline)
        for button in (self.resend, self.write, self.receipt):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        return self._with_buttons(area)

    def _with_buttons(self, area: QScrollArea) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 16)
        layout.setSpacing(8)
        layout.addWidget(area, 1)
        layout.addWidget(self.buttons)
        return page

    @staticmethod
    def _plain(words: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "plain")
        return button

    @staticmethod
    def _rule() -> QFrame:
        rule = QFrame()
        rule.setProperty("role", "rule")
        return rule

    @staticmethod
    def _label() -> QLabel:
        label = PlainLabel()
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
