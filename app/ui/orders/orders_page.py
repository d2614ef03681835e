"""Orders page: list, search and filters, details of the selected order."""

from datetime import timedelta

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.services.orders.board_row import STATUS_AFTER, BoardRow, Step
from app.services.orders.order_list import Tab
from app.ui.language import midnight
from app.ui.orders.list_area import ListArea
from app.ui.orders.message_actions import MessageActions
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.order_delegate import OrderDelegate
from app.ui.orders.order_detail import DetailPane
from app.ui.orders.order_list_model import OrderListModel
from app.ui.orders.order_list_view import OrderListView
from app.ui.orders.row_description import RowDescription
from app.ui.orders.shown_orders import ShownOrders
from app.ui.orders.status_chip import QueueHold
from app.ui.orders.tab_row import TabRow
from app.ui.orders.undo_bar import UndoBar
from app.ui.page_context import PageContext

_TYPING_PAUSE_MILLISECONDS = 150
_AGES_MILLISECONDS = 15_000
_NARROW = 1150
_NARROWEST_LIST = 560


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
        self.list = OrderListView(self.model)
        self.list.setMinimumWidth(_NARROWEST_LIST)
        self.list.setItemDelegate(OrderDelegate(context, self.hold, self.list))
        self.detail, self.tabs = DetailPane(context), TabRow(context)
        self.search, self.period, self.new = QLineEdit(), QComboBox(), QPushButton()
        self.area, self.undo_bar = ListArea(context, self.list), UndoBar(context)
        self._message_actions = MessageActions(context, self)
        self.setFocusProxy(self.list)
        self._chosen: OrderId | None = None
        self._listed_once = False
        self._build_layout()
        self._connect()
        self._shortcuts()
        self._follow_period()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.make_narrow(narrow=event.size().width() < _NARROW)

    def hold(self, notification: Notification) -> QueueHold:
        """Return the hold of a pending message, which depends on its own number's connection."""
        core = self._context.core
        if core.queue.paused:
            return QueueHold.PAUSED
        connected = core.sessions.is_connected(notification.session_id)
        return QueueHold.NONE if connected else QueueHold.NO_CONNECTION

    def take_step(self, order_id: OrderId) -> None:
        """Take the order's next step, as its button says."""
        self._context.runner.start(self._take_step(order_id, retry=False))

    def retry(self, order_id: OrderId) -> None:
        self._context.runner.start(self._take_step(order_id, retry=True))

    def advance(self, order_id: OrderId) -> None:
        """Advance the order, regardless of the present stage's message."""
        self._context.runner.start(self._advance(order_id))

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
        if order_id not in self.orders.ids:
            self.search.clear()
            self.orders.typed = ""
            self.tabs.choose(Tab.ALL)
        self.list.choose(order_id)

    def open_new_order(self) -> None:
        self._context.runner.start(self._open_new_order())

    async def _take_step(self, order_id: OrderId, *, retry: bool) -> None:
        row = await self._row(order_id)
        if row and row.can_retry and row.present:
            await self._context.core.queue.retry(row.present.notification.id)
        elif row and not retry:
            await self._advance_to(order_id, row.advance)

    async def _advance(self, order_id: OrderId) -> None:
        if row := await self._row(order_id):
            await self._advance_to(order_id, row.advance)

    async def _advance_to(self, order_id: OrderId, step: Step | None) -> None:
        if step:
            await self._context.core.orders.advance(order_id, STATUS_AFTER[step])

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
            self._choose(self._chosen)

    def _follow_period(self) -> None:
        now = self._context.core.clock.now()
        days = self.period.currentData()
        self.orders.set_period(None if days is None else midnight(now) - timedelta(days=days))

    def _repaint(self) -> None:
        self.list.viewport().update()
        self._show_area()
        if self._chosen:
            self._choose(self._chosen)

    def _build_layout(self) -> None:
        self.search.setPlaceholderText(self.tr("Nº, nome ou final do telefone (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Buscar pedidos"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(220)
        self.search.setMaximumWidth(320)
        self.period.setAccessibleName(self.tr("Período"))
        for word, days in ((self.tr("Hoje"), 0), (self.tr("7 dias"), 6), (self.tr("Tudo"), None)):
            self.period.addItem(word, days)
        self.new.setText(self.tr(" Novo pedido (F2)"))
        self.new.setProperty("role", "primary")
        self.new.setIconSize(QSize(18, 18))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 2)
        top.addWidget(self.period)
        top.addStretch(1)
        top.addWidget(self.new)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(top)
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
        self.list.step_requested.connect(self.take_step)
        self.list.retry_requested.connect(self.retry)
        self.list.number_typed.connect(self.jump)
        self.list.message_requested.connect(self.write)
        self._connect_detail()
        self.new.clicked.connect(self.open_new_order)
        self.area.pairing_requested.connect(self.pairing_requested)
        self.area.new_order_requested.connect(self.open_new_order)
        self.area.search_cleared.connect(self.search.clear)
        context.bridge.connection_changed.connect(self._repaint)
        context.bridge.queue_changed.connect(self.list.viewport().update)
        context.theme.changed.connect(self._apply_theme)
        pause, ages = QTimer(self), QTimer(self)
        pause.setSingleShot(True)
        pause.setInterval(_TYPING_PAUSE_MILLISECONDS)
        pause.timeout.connect(lambda: orders.set_search(self.search.text()))
        self.search.textChanged.connect(pause.start)
        ages.setInterval(_AGES_MILLISECONDS)
        ages.timeout.connect(self.list.viewport().update)
        ages.start()
        self._apply_theme()

    def _connect_detail(self) -> None:
        detail, actions = self.detail, self._message_actions
        detail.step_requested.connect(self.take_step)
        detail.advance_requested.connect(self.advance)
        detail.doubt_settled.connect(lambda row, arrived: actions.settle_doubt(row, arrived=arrived))
        detail.resend_requested.connect(actions.ask_resend)
        detail.message_requested.connect(self.write)
        detail.receipt_requested.connect(self.show_receipt)

    def _shortcuts(self) -> None:
        slots = (("F2", self.open_new_order), ("Ctrl+F", self._to_search), ("Ctrl+Z", self.undo_bar.undo))
        for keys, slot in slots:
            QShortcut(QKeySequence(keys), self, slot)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.list.setFocus)

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _apply_theme(self) -> None:
        self.new.setIcon(self._context.theme.icon("plus", self._context.theme.palette.on_accent))
