"""List view of orders, operated by arrows, typed numbers and pointer."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.domain.identifiers import OrderId
from app.ui.orders.number_jump import NumberJump
from app.ui.orders.order_act import ACT_KEYS
from app.ui.orders.order_delegate import OrderDelegate
from app.ui.orders.order_list_model import Index, OrderListModel
from app.ui.orders.pointer_hold import PointerHold


class OrderListView(QListView):
    """List view; Enter requests the selected order's next step, digits and Enter select by number.

    A click acts on the row that has been under the pointer for a moment, and on no other (`PointerHold`).
    """

    step_requested = Signal(object)
    act_requested = Signal(object, object)
    """Carries an OrderAct and the id of the selected order."""
    tab_stepped = Signal(int)
    number_typed = Signal(int)
    order_selected = Signal(object)
    heading_clicked = Signal(object)
    """Carries the Tab of a group."""

    def __init__(
        self, model: OrderListModel, elapsed: Callable[[], timedelta], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._orders = model
        self.setModel(model)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(28)
        self.setAccessibleName(self.tr("Pedidos"))
        self.setAccessibleDescription(
            self.tr(
                "Setas escolhem, Enter faz o próximo passo, T tenta de novo, R responde, M escreve uma mensagem, "
                "números e Enter buscam um pedido."
            )
        )
        self.pointer, self.jump_sign = PointerHold(elapsed, self), NumberJump(self)
        self._resume = 0
        self._pressed: OrderId | None = None
        self._by_itself = False
        for changed in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
            changed.connect(self._note_shift)
        self._note_shift()

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
        self.jump_sign.show_unknown(number)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._by_itself and (chosen := self._orders.order_id(current.row())):
            self._resume = current.row()
            self.order_selected.emit(chosen)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Undo Qt's automatic selection of the first row, which an extra Enter would hit."""
        chosen, self._by_itself = self.currentIndex(), True
        super().focusInEvent(event)
        if not chosen.isValid():
            self.setCurrentIndex(chosen)
        self._by_itself = False

    def keyboardSearch(self, search: str) -> None:
        """Ignore letters: Qt would move the selection to a row that begins with them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, jump = Qt.Key(event.key()), self.jump_sign
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._enter()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.tab_stepped.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Escape and jump.isVisible():
            jump.clear_digits()
        elif key == Qt.Key.Key_Backspace and jump.digits:
            jump.remove_last()
        elif not jump.add(event.text()) and not self._acted(event):
            jump.clear_digits()
            if not self._resumed(key):
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self._order_of_button_at(event) if self.pointer.is_steady else None
        self._click_heading(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Request the step once per double click: the second may be over another order."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed and pressed == self._order_of_button_at(event):
            self.step_requested.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointer.note_move()
        self._hover(self._button_at(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer.leave()
        self._hover(-1)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointer.note_move()
        self._hover(self._button_at(event.position().toPoint()).row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        chosen = self.visualRect(self.currentIndex()).bottom()
        if event.size().height() <= chosen < event.oldSize().height():
            self.scrollTo(self.currentIndex())
        self.jump_sign.place()

    def _note_shift(self) -> None:
        """Note that rows moved; rows of one height spare Qt the measuring of a long history."""
        self.pointer.note_shift()
        self.setUniformItemSizes(not self._orders.has_headings)

    def _enter(self) -> None:
        if digits := self.jump_sign.take():
            self.number_typed.emit(int(digits))
        elif self.current_order:
            self.step_requested.emit(self.current_order)

    def _acted(self, event: QKeyEvent) -> bool:
        """Request the act of this key for the selected order; False for a key without one."""
        act = ACT_KEYS.get(Qt.Key(event.key()))
        if act is None or event.modifiers() or event.isAutoRepeat() or not self.current_order:
            return False
        self.act_requested.emit(act, self.current_order)
        return True

    def _resumed(self, key: int) -> bool:
        """Continue arrow navigation at the position of the order that has left."""
        if self.currentIndex().isValid() or key not in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            return False
        last = self._orders.rowCount() - 1
        at = min(self._resume, last)
        while 0 <= at < last and self._orders.heading(at):
            at += 1
        self.setCurrentIndex(self._orders.index(at))
        return last >= 0

    def _click_heading(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        heading = self._orders.heading(index.row()) if index.isValid() else None
        if heading and event.button() == Qt.MouseButton.LeftButton:
            self.heading_clicked.emit(heading.tab)

    def _order_of_button_at(self, event: QMouseEvent) -> OrderId | None:
        index = self._button_at(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        return self._orders.order_id(index.row()) if left and index.isValid() else None

    def _button_at(self, where: QPoint) -> QModelIndex:
        index, delegate = self.indexAt(where), self.itemDelegate()
        if not index.isValid() or not isinstance(delegate, OrderDelegate):
            return QModelIndex()
        if not delegate.button_of(self.visualRect(index)).contains(where):
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
