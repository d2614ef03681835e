"""Detail pane of the selected order: its facts, its conversation, and buttons for all acts on it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.identifiers import OrderId
from app.domain.phone import Phone
from app.domain.untold import UntoldStep
from app.services.orders.board_row import BoardRow
from app.services.orders.order_board import OrderDetail
from app.ui.enter_key import click_focused
from app.ui.frame.empty_page import EmptyPage
from app.ui.orders.call_panel import CallPanel
from app.ui.orders.conversation import Conversation
from app.ui.orders.customer_line import CustomerLine, works_with
from app.ui.orders.following_area import FollowingArea
from app.ui.orders.manual_sending import ManualSending
from app.ui.orders.order_act import ACT_KEYS, OrderAct
from app.ui.orders.order_facts import OrderFacts, note_label
from app.ui.orders.status_chip import HoldOf, QueueHold
from app.ui.orders.step_buttons import StepButtons
from app.ui.page_context import PageContext

_WIDTH, _NARROW_WIDTH = 356, 296


class DetailPane(QFrame):
    """Detail pane; it shows the full phone number only while the cashier works with the order (P3).

    Signals for steps carry the order's id, those for its messages the BoardRow on display. `take_untold_step` and `act`
    are the slots for steps and acts that show or ask something here.
    """

    step_requested = Signal(object)
    advance_requested = Signal(object)
    doubt_settled = Signal(object, bool)
    resend_requested = Signal(object)
    message_requested = Signal(object)
    receipt_requested = Signal(object)
    cancel_requested = Signal(object)
    untold_step_requested = Signal(object, object)
    """Carries an UntoldStep and the BoardRow."""
    act_requested = Signal(object, object)
    """Carries an OrderAct and the order's id."""
    left = Signal()
    """The person is done in the pane: the focus belongs to the list."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._detail: OrderDetail | None = None
        self._hold: HoldOf = lambda _: QueueHold.NONE
        self._awaiting: tuple[OrderId, Callable[[], None]] | None = None
        self.setProperty("role", "card")
        self.make_narrow(narrow=False)
        self.setAccessibleName(self.tr("Pedido escolhido"))
        self.customer, self.conversation = CustomerLine(context), Conversation(context)
        self.facts, self.said = OrderFacts(context, self.customer), note_label("good")
        self.title, self.untold, self.phone = self.facts.title, self.facts.untold, self.customer.number
        self.opted_out, self.pickup = self.facts.opted_out, self.facts.pickup
        self.buttons, self.call = StepButtons(context.theme), CallPanel(context)
        self.menu = self.buttons.menu
        self._sending = ManualSending(context, self.say, self)
        self._area = FollowingArea(self._inner())
        self._middle, self._stack = QStackedWidget(), QStackedWidget()
        self._connect()
        self._build_layout()
        context.theme.changed.connect(self._apply_theme)

    def make_narrow(self, *, narrow: bool) -> None:
        """Narrow the pane to leave room for the list in a small window."""
        self.setFixedWidth(_NARROW_WIDTH if narrow else _WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the list here too: a click leaves the focus on a button of the pane."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif click_focused(self, event):
            return
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif (act := ACT_KEYS.get(key)) and self._detail:
            self._ask_act(act)
        else:
            super().keyPressEvent(event)

    def show_nothing(self) -> None:
        self._detail = None
        self._stack.setCurrentIndex(0)

    def show_detail(self, detail: OrderDetail, hold: HoldOf) -> None:
        row = detail.row
        is_other = self._detail is None or self._detail.row.order.id != row.order.id
        self._detail, self._hold = detail, hold
        if is_other:
            self.say("")
            self.close_call()
            self._area.show_start()
            if self._awaiting and self._awaiting[0] != row.order.id:
                self._awaiting = None
        self.facts.show_detail(detail)
        self.customer.show_detail(detail)
        self.conversation.show_detail(detail, hold)
        self.buttons.show_for(row, opted_out=detail.opted_out)
        self.call.show_detail(detail)
        if not row.untold:
            self.close_call()
        elif self._middle.currentWidget() is self.call:
            self.conversation.answer_box.hide()
        self._stack.setCurrentIndex(1)
        if is_other and row.unread:
            self._area.follow_end()
        self._lead_on()

    def take_untold_step(self, step: UntoldStep, row: BoardRow) -> None:
        """Lead to a step that ends the order's being untold."""
        if step is UntoldStep.HAND_OVER:
            self._sending.start(row.order.id)
            return
        leads: dict[UntoldStep, Callable[[], None]] = {
            UntoldStep.CALL: self._open_call,
            UntoldStep.CORRECT_PHONE: self._correct,
            UntoldStep.ANSWER: self._answer,
            UntoldStep.DECIDE: self.buttons.focus_decision,
            UntoldStep.SHOW_CODE: lambda: self._ask(self.receipt_requested),
        }
        self._when_shown(row.order.id, leads[step])

    def act(self, act: OrderAct, row: BoardRow) -> None:
        """Carry out an act of the pane on an order, shown or about to be."""
        match act:
            case OrderAct.HAND_OVER:
                self._sending.start(row.order.id)
            case OrderAct.COPY_PHONE:
                self._copy(row)
            case OrderAct.ANSWER:
                self._when_shown(row.order.id, self._answer)
            case OrderAct.CORRECT:
                self._when_shown(row.order.id, self._correct)
            case OrderAct.MESSAGE:
                self.message_requested.emit(row.order.id)
            case _:
                return

    def say(self, words: str) -> None:
        """Show what an act has done, until another order is selected."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def close_call(self) -> None:
        self._middle.setCurrentIndex(0)
        self.buttons.show()
        self.conversation.answer_box.setVisible(self.conversation.answerable)

    def _when_shown(self, order_id: OrderId, lead: Callable[[], None]) -> None:
        """Lead on once the order is on display: a click on its row selects it first."""
        self._awaiting = order_id, lead
        self._lead_on()

    def _lead_on(self) -> None:
        if self._awaiting and self._detail and self._awaiting[0] == self._detail.row.order.id:
            (_, lead), self._awaiting = self._awaiting, None
            lead()

    def _open_call(self) -> None:
        self._middle.setCurrentIndex(1)
        self.buttons.hide()
        self.conversation.answer_box.hide()

    def _correct(self) -> None:
        self.close_call()
        self.customer.correct()
        self._area.ensureWidgetVisible(self.customer.field)

    def _answer(self) -> None:
        """Move to the answer field; a customer who never wrote gets a message of one's own instead."""
        self.close_call()
        if self.conversation.answer_box.isHidden():
            self._ask(self.message_requested)
            return
        self.conversation.answer_box.field.setFocus()
        self._area.follow_end()

    def _copy(self, row: BoardRow) -> None:
        if isinstance(row.address, Phone) and works_with(row):
            QGuiApplication.clipboard().setText(row.address.national)
            self.say(self.tr("Telefone copiado."))

    def _copy_shown(self) -> None:
        if self._detail:
            self._copy(self._detail.row)

    def _apply_theme(self) -> None:
        if self._detail:
            self.show_detail(self._detail, self._hold)

    def _ask(self, signal: SignalInstance) -> None:
        if self._detail:
            signal.emit(self._detail.row.order.id)

    def _ask_row(self, signal: SignalInstance) -> None:
        if self._detail:
            signal.emit(self._detail.row)

    def _settle(self, arrived: bool) -> None:  # noqa: FBT001 - a slot
        if self._detail:
            self.doubt_settled.emit(self._detail.row, arrived)

    def _ask_act(self, act: OrderAct) -> None:
        if self._detail:
            self.act_requested.emit(act, self._detail.row.order.id)

    def _ask_second(self, step: UntoldStep) -> None:
        if self._detail:
            self.untold_step_requested.emit(step, self._detail.row)

    def _connect(self) -> None:
        buttons, menu, call = self.buttons, self.menu, self.call
        buttons.step_requested.connect(lambda: self._ask(self.step_requested))
        buttons.advance_requested.connect(lambda: self._ask(self.advance_requested))
        buttons.doubt_settled.connect(self._settle)
        buttons.second_requested.connect(self._ask_second)
        buttons.act_requested.connect(self._ask_act)
        menu.resend_requested.connect(lambda: self._ask_row(self.resend_requested))
        menu.receipt_requested.connect(lambda: self._ask(self.receipt_requested))
        menu.step_back_requested.connect(lambda: self._ask_act(OrderAct.STEP_BACK))
        menu.cancel_requested.connect(lambda: self._ask_row(self.cancel_requested))
        call.copy_requested.connect(self._copy_shown)
        call.correct_requested.connect(self._correct)
        call.told.connect(lambda: self._ask_act(OrderAct.ALREADY_TOLD))
        call.left.connect(self.close_call)
        call.left.connect(self.left)
        self.customer.copy_requested.connect(self._copy_shown)
        self.customer.field.opened.connect(self.buttons.hide)
        self.customer.field.closed.connect(self.buttons.show)
        self.customer.field.closed.connect(self.left)
        self.conversation.answer_box.left.connect(self.left)

    def _build_layout(self) -> None:
        nothing = EmptyPage(
            self._context.theme,
            "clipboard-list",
            self.tr("Escolha um pedido"),
            self.tr("Aqui aparecem o cliente, os itens e cada mensagem enviada."),
        )
        self._middle.addWidget(self._area)
        self._middle.addWidget(self.call)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        column.addWidget(self._middle, 1)
        said = QHBoxLayout()
        said.setContentsMargins(16, 0, 16, 0)
        said.addWidget(self.said)
        column.addLayout(said)
        column.addWidget(self.conversation.answer_box)
        column.addWidget(self.buttons)
        self._stack.addWidget(nothing)
        self._stack.addWidget(filled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._stack)

    def _inner(self) -> QWidget:
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.facts)
        layout.addWidget(self.conversation)
        layout.addStretch(1)
        return inner
