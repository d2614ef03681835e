"""List view of orders, operated by arrows, typed numbers and pointer."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.domain.identifiers import OrderId
from app.ui.orders.order_delegate import OrderDelegate
from app.ui.orders.order_list_model import Index, OrderListModel
from app.ui.orders.row_geometry import geometry, row_height
from app.ui.shown_text import PlainLabel

_LONGEST_NUMBER = 6


class OrderListView(QListView):
    """List view; Enter requests the selected order's next step, digits and Enter select by number."""

    step_requested = Signal(object)
    retry_requested = Signal(object)
    message_requested = Signal(object)
    number_typed = Signal(int)
    order_selected = Signal(object)

    def __init__(self, model: OrderListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._orders = model
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(28)
        self.setAccessibleName(self.tr("Pedidos"))
        self.setAccessibleDescription(
            self.tr(
                "Setas escolhem, Enter faz o próximo passo, R tenta de novo, M escreve uma mensagem, "
                "números e Enter buscam um pedido."
            )
        )
        self._digits = ""
        self._resume = 0
        self._pressed: OrderId | None = None
        self._by_itself = False
        self.jump_sign = PlainLabel(parent=self)
        self.jump_sign.setProperty("role", "jump")
        self.jump_sign.hide()

    @property
    def current_order(self) -> OrderId | None:
        index = self.currentIndex()
        return self._orders.order_id(index.row()) if index.isValid() else None

    def choose(self, order_id: OrderId) -> None:
        index = self._orders.place_of(order_id)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def clear_choice(self) -> None:
        """Clear the selection as its order leaves the list: a second Enter must not hit the neighbour."""
        self._resume = max(self.currentIndex().row(), 0)
        self.setCurrentIndex(QModelIndex())

    def show_unknown(self, number: int) -> None:
        self._show_jump(self.tr("Nº {number} não está na lista").format(number=number))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._by_itself:
            self._resume = current.row()
            self.order_selected.emit(self._orders.order_id(current.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Undo Qt's automatic selection of the first row, which an extra Enter would hit."""
        chosen, self._by_itself = self.currentIndex(), True
        super().focusInEvent(event)
        if not chosen.isValid():
            self.setCurrentIndex(chosen)
        self._by_itself = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._enter()
        elif text.isdecimal() and len(self._digits) < _LONGEST_NUMBER:
            self._show_digits(self._digits + text)
        elif key == Qt.Key.Key_Backspace and self._digits:
            self._show_digits(self._digits[:-1])
        elif key == Qt.Key.Key_R and self.current_order:
            self.retry_requested.emit(self.current_order)
        elif key == Qt.Key.Key_M and self.current_order and not event.modifiers():
            self.message_requested.emit(self.current_order)
        else:
            self._show_digits("")
            if not self._resumed(key):
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self._order_of_button_at(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Request the step once per double click: the second may be over another order."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed and pressed == self._order_of_button_at(event):
            self.step_requested.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self._button_at(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hover(self._button_at(event.position().toPoint()).row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if row_height(event.oldSize().width()) != row_height(event.size().width()):
            self.scheduleDelayedItemsLayout()
        chosen = self.visualRect(self.currentIndex()).bottom()
        if event.size().height() <= chosen < event.oldSize().height():
            self.scrollTo(self.currentIndex())
        self._place_jump()

    def _enter(self) -> None:
        digits = self._digits
        self._show_digits("")
        if digits:
            self.number_typed.emit(int(digits))
        elif self.current_order:
            self.step_requested.emit(self.current_order)

    def _resumed(self, key: int) -> bool:
        """Continue arrow navigation at the position of the order that has left."""
        if self.currentIndex().isValid() or key not in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            return False
        last = self._orders.rowCount() - 1
        self.setCurrentIndex(self._orders.index(min(self._resume, last)))
        return last >= 0

    def _order_of_button_at(self, event: QMouseEvent) -> OrderId | None:
        index = self._button_at(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        return self._orders.order_id(index.row()) if left and index.isValid() else None

    def _button_at(self, where: QPoint) -> QModelIndex:
        index = self.indexAt(where)
        if not index.isValid() or not geometry(self.visualRect(index)).button.contains(where):
            return QModelIndex()
        row = self._orders.row(index.row())
        return index if row and row.next_step else QModelIndex()

    def _hover(self, at: int) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, OrderDelegate) and delegate.hovered != at:
            delegate.hovered = at
            shape = Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _show_digits(self, digits: str) -> None:
        self._digits = digits
        self._show_jump(self.tr("Pedido nº {digits} ↵").format(digits=digits) if digits else "")

    def _show_jump(self, words: str) -> None:
        self.jump_sign.setText(words)
        self.jump_sign.setVisible(bool(words))
        self._place_jump()

    def _place_jump(self) -> None:
        self.jump_sign.adjustSize()
        self.jump_sign.move(16, self.height() - self.jump_sign.height() - 16)
