"""Orders page: list, search and filters, details of the selected order."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.services.orders.board_row import BoardRow
from app.services.orders.order_list import Tab
from app.ui.orders.list_area import ListArea
from app.ui.orders.message_actions import MessageActions
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.order_acts import OrderActs
from app.ui.orders.order_delegate import OrderDelegate
from app.ui.orders.order_detail import DetailPane
from app.ui.orders.order_list_model import OrderListModel
from app.ui.orders.order_list_view import OrderListView
from app.ui.orders.orders_toolbar import OrdersToolbar
from app.ui.orders.retry_all_question import RetryAllQuestion
from app.ui.orders.row_description import RowDescription
from app.ui.orders.shown_orders import ShownOrders
from app.ui.orders.status_chip import QueueHold
from app.ui.orders.tab_row import TabRow
from app.ui.orders.undo_bar import UndoBar
from app.ui.page_context import PageContext

_AGES_MILLISECONDS = 15_000
_NARROW = 1150
_NARROWEST_LIST = 360


class OrdersPage(QWidget):
    """Page of the orders; `pairing_requested` requests the settings page's pairing."""

    pairing_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setObjectName("page")
        self._description = RowDescription(context, self.hold)
        self.model = OrderListModel(self._description.describe, self)
        self.orders = ShownOrders(context, self.model, self)
        self.acts = OrderActs(context, self)
        self.list = OrderListView(self.model, context.core.clock.elapsed)
        self.list.setMinimumWidth(_NARROWEST_LIST)
        self.list.setItemDelegate(OrderDelegate(context, self.hold, self.list))
        self.detail, self.tabs = DetailPane(context), TabRow(context)
        self.toolbar = OrdersToolbar(context)
        self.search, self.period, self.new = self.toolbar.search, self.toolbar.period, self.toolbar.new
        self.area, self.undo_bar = ListArea(context, self.list), UndoBar(context)
        self._message_actions = MessageActions(context, self)
        self._chosen: OrderId | None = None
        self._listed_once = False
        self._build_layout()
        self._connect()
        self._shortcuts()
        self._follow_period()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.make_narrow(narrow=event.size().width() < _NARROW)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the list; as its proxy, the page would end each round of Tab there."""
        super().focusInEvent(event)
        self.list.setFocus(event.reason())

    def hold(self, notification: Notification) -> QueueHold:
        """Return the hold of a pending message, which depends on its own number's connection."""
        core = self._context.core
        if core.queue.paused:
            return QueueHold.PAUSED
        connected = core.sessions.is_connected(notification.session_id)
        return QueueHold.NONE if connected else QueueHold.NO_CONNECTION

    def write(self, order_id: OrderId) -> None:
        """Open the dialog for a custom message to the order's customer."""
        self._context.runner.start(self._write(order_id))

    def show_receipt(self, order_id: OrderId) -> None:
        """Show the QR code that the customer scans to get notifications of the order."""
        self._context.runner.start(self._show_receipt(order_id))

    def jump(self, number: int) -> None:
        """Select an order by its number, under any tab."""
        order_id = self.orders.numbered(number)
        if order_id is None:
            self.list.show_unknown(number)
            return
        self._reveal(order_id)

    def next_untold(self) -> None:
        """Select the next untold order, after the selected one and round."""
        self._select_next(self.orders.untold())

    def next_unread(self) -> None:
        """Select the next order with a reply that was not read."""
        self._context.runner.start(self._next_unread())

    def open_new_order(self) -> None:
        self._context.runner.start(self._open_new_order())

    def _reveal(self, order_id: OrderId) -> None:
        """Select an order, under the tab of all orders where the present one does not show it."""
        if order_id not in self.orders.ids:
            self.search.clear()
            self.orders.typed = ""
            self.tabs.choose(Tab.ALL)
        self.list.choose(order_id)

    async def _write(self, order_id: OrderId) -> None:
        if row := await self._row(order_id):
            self._message_actions.write(row)

    async def _show_receipt(self, order_id: OrderId) -> None:
        if row := await self._row(order_id):
            self._message_actions.show_receipt(row)

    async def _row(self, order_id: OrderId) -> BoardRow | None:
        """Fetch the current row: the one on the screen may be outdated."""
        found = await self._context.core.board.rows([order_id])
        return found[0] if found else None

    async def _open_new_order(self) -> None:
        latest = await self._context.core.board.latest(1)
        number = latest[0].number + 1 if latest else 1
        NewOrderDialog(self._context, number, self).open()

    def _choose(self, order_id: OrderId) -> None:
        self.acts.unlock(order_id)
        self._show(order_id)

    def _show(self, order_id: OrderId) -> None:
        self._chosen = order_id
        self._context.runner.start(self._show_detail(order_id))

    async def _show_detail(self, order_id: OrderId) -> None:
        detail = await self._context.core.board.detail(order_id)
        if detail and order_id == self._chosen:
            self.detail.show_detail(detail, self.hold)

    def _before_listing(self) -> None:
        if self.list.current_order and self.list.current_order not in self.orders.ids:
            self.list.clear_choice()

    def _after_listing(self) -> None:
        self.tabs.show_counts(self.orders.counts)
        self._show_area()
        if self.orders.ids and not self._listed_once:
            self._listed_once = True
            self.list.setFocus()

    def _show_area(self) -> None:
        """Show list and details; beside an empty list, only the details of an order that has just left it."""
        self.area.show_for(self.orders)
        self.detail.setVisible(bool(self.orders.ids) or self._chosen is not None)

    def _rows_arrived(self, rows: list[BoardRow]) -> None:
        if self._chosen in {row.order.id for row in rows}:
            self._show(self._chosen)

    def _follow_period(self) -> None:
        self.orders.set_period(self.toolbar.since())

    def _repaint(self) -> None:
        self.list.viewport().update()
        self._show_area()
        if self._chosen:
            self._show(self._chosen)

    def _build_layout(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.toolbar)
        left.addWidget(self.tabs)
        left.addWidget(self.area, 1)
        left.addWidget(self.undo_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addWidget(self.detail)

    def _connect(self) -> None:
        context, orders = self._context, self.orders
        orders.changed.connect(self._before_listing)
        orders.shown.connect(self._after_listing)
        orders.rows_arrived.connect(self._rows_arrived)
        self.tabs.chosen.connect(orders.set_tab)
        self.period.currentIndexChanged.connect(self._follow_period)
        self.list.order_selected.connect(self._choose)
        self._connect_list()
        self._connect_detail()
        self.new.clicked.connect(self.open_new_order)
        self.area.pairing_requested.connect(self.pairing_requested)
        self.area.new_order_requested.connect(self.open_new_order)
        self.area.search_cleared.connect(self.search.clear)
        self.area.longer_period_requested.connect(self.toolbar.cover_all_days)
        self.area.held_back_requested.connect(orders.release)
        context.bridge.connection_changed.connect(self._repaint)
        context.bridge.queue_changed.connect(self.list.viewport().update)
        self.toolbar.search_paused.connect(orders.set_search)
        self.toolbar.left.connect(self.list.setFocus)
        ages = QTimer(self)
        ages.setInterval(_AGES_MILLISECONDS)
        ages.timeout.connect(self.list.viewport().update)
        ages.start()

    def _connect_list(self) -> None:
        chosen, orders = self.list, self.orders
        chosen.step_requested.connect(self.acts.take_step)
        chosen.act_requested.connect(self.acts.act)
        chosen.number_typed.connect(self.jump)
        chosen.tab_stepped.connect(self.tabs.step)
        chosen.heading_clicked.connect(orders.fold)
        chosen.pointer.released.connect(orders.release)
        orders.is_held = lambda: chosen.pointer.holds
        orders.held_back.connect(self.area.show_held_back)
        self.acts.pane_act_requested.connect(self.detail.act)
        self.acts.pane_step_requested.connect(self.detail.take_untold_step)

    def _connect_detail(self) -> None:
        detail, actions = self.detail, self._message_actions
        detail.step_requested.connect(self.acts.take_step)
        detail.advance_requested.connect(self.acts.advance)
        detail.doubt_settled.connect(lambda row, arrived: actions.settle_doubt(row, arrived=arrived))
        detail.untold_step_requested.connect(self.acts.take_untold_step)
        detail.act_requested.connect(self.acts.act)
        detail.left.connect(self.list.setFocus)
        detail.cancel_requested.connect(actions.ask_cancel)
        detail.resend_requested.connect(actions.ask_resend)
        detail.message_requested.connect(self.write)
        detail.receipt_requested.connect(self.show_receipt)

    def _shortcuts(self) -> None:
        slots = (
            ("F2", self.open_new_order),
            ("F3", self.toolbar.to_search),
            ("Ctrl+F", self.toolbar.to_search),
            ("F5", self._ask_to_retry_all),
            ("Ctrl+Z", self.undo_bar.undo),
        )
        for keys, slot in slots:
            QShortcut(QKeySequence(keys), self, slot)

    async def _next_unread(self) -> None:
        self._select_next(await self.orders.unread())

    def _select_next(self, order_ids: Sequence[OrderId]) -> None:
        if not order_ids:
            return
        at = order_ids.index(self._chosen) + 1 if self._chosen in order_ids else 0
        self._reveal(order_ids[at % len(order_ids)])
        self.list.setFocus()

    def _ask_to_retry_all(self) -> None:
        question = RetryAllQuestion(len(self.orders.untold()), self)
        question.agreed.clicked.connect(
            lambda: self._context.runner.start(self._context.core.queue.retry_failed_notifications())
        )
        question.finished.connect(question.deleteLater)
        question.open()
