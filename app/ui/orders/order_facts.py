"""Facts of the selected order: name, status, why its customer was not told, items, notes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.services.orders.order_board import OrderDetail
from app.ui.orders.items_table import ItemsTable
from app.ui.orders.order_text import age_of, status_word, table_word
from app.ui.orders.pickup_note import PickupNote
from app.ui.orders.untold_text import untold_in_short
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel


class OrderFacts(QWidget):
    """Upper part of the detail pane; `customer` is placed between the reason and the items."""

    def __init__(self, context: PageContext, customer: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.title, self.status, self.untold = note_label("title"), note_label("muted"), note_label("bad")
        self.opted_out, self._notes = note_label("note"), note_label("note")
        self.opted_out.setText(self.tr("Este cliente pediu para não receber mensagens. Chame-o pelo nome."))
        self.pickup, self._items = PickupNote(context.sentences), ItemsTable()
        rule = QFrame()
        rule.setProperty("role", "rule")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        upper: tuple[QWidget, ...] = (self.title, self.status, self.untold, customer, self.opted_out)
        for widget in (*upper, self.pickup, self._items, self._notes, rule):
            layout.addWidget(widget)

    def show_detail(self, detail: OrderDetail) -> None:
        row, order = detail.row, detail.row.order
        self.title.setText(f"#{order.number} {order.customer_name}")
        age = age_of(order, self._context.core.clock.now())
        facts = (status_word(order), table_word(order), age.words)
        self.status.setText(" · ".join(fact for fact in facts if fact))
        reason = untold_in_short(row, self._context)
        self.untold.setText(self.tr("Não avisado: {reason}").format(reason=reason))
        self.untold.setVisible(bool(reason))
        self.opted_out.setVisible(detail.opted_out)
        self.pickup.show_pickup(row.pickup)
        self._items.show_order(order)
        self._notes.setText(order.notes)
        self._notes.setVisible(bool(order.notes))


def note_label(role: str) -> PlainLabel:
    """Return a label of several lines, whose text can be selected."""
    label = PlainLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
