"""Bare list of as many plain rows, each painting as many texts as a row of the order list does."""

from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.orders.row_geometry import ROW_HEIGHT

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
# Number, age, name, line, chip, time and button of an order's row.
_TEXTS: Final = ("#1042", "há 12 min", "João Silva Pereira", "2× Açaí 500 ml", "Avisado", "14:32", "Entregar")


class _Rows(QAbstractListModel):
    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's own name
        return 0 if parent.isValid() else self._count

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return f"Pedido {index.row()}" if role == Qt.ItemDataRole.DisplayRole else None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's own name
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, _index: _Index) -> None:
        width = option.rect.width() // len(_TEXTS)
        for place, words in enumerate(_TEXTS):
            left = option.rect.left() + place * width
            painter.drawText(QRect(left, option.rect.top(), width, option.rect.height()), 0, words)


class BareList(QListView):
    """The same scrolling and uniform rows as the order list."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows, self._painter = _Rows(rows), _Painter()
        self.setModel(self._rows)
        self.setItemDelegate(self._painter)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(28)
        self.resize(900, 560)
