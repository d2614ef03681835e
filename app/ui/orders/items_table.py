"""Table of an order's items with their total."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.order import Order
from app.ui.language import reais
from app.ui.shown_text import PlainLabel


class ItemsTable(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(self.tr("Itens do pedido"))

    def show_order(self, order: Order) -> None:
        for label in self._labels:
            self._grid.removeWidget(label)
            label.deleteLater()
        self._labels = []
        for row, ordered in enumerate(order.items):
            self._add(f"{ordered.quantity}×", row, 0, "muted")
            self._add(ordered.name, row, 1)
            price = ordered.unit_price * ordered.quantity
            self._add(reais(price) if price else "", row, 2)
        last = len(order.items)
        self._add(self.tr("Total"), last, 1, "strong")
        self._add(reais(order.total), last, 2, "strong")

    def _add(self, words: str, row: int, column: int, role: str = "") -> None:
        label = PlainLabel(words)
        label.setProperty("role", role)
        label.setWordWrap(column == 1)
        top = Qt.AlignmentFlag.AlignTop
        side = (
            top | Qt.AlignmentFlag.AlignRight if column == 2 else top if column == 0 else Qt.AlignmentFlag(0)
        )
        self._grid.addWidget(label, row, column, side)
        self._labels.append(label)
