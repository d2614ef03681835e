"""List model of orders: all ids, and a cache of the rows last painted."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.services.orders.board_row import BoardRow
from app.ui.shown_text import tooltip_text

Index = QModelIndex | QPersistentModelIndex

_KEPT = 1024
_PAGE = 64
_MOST_SINGLE_CHANGES = 64
_NOWHERE = QModelIndex()


class OrderListModel(QAbstractListModel):
    """Model that fetches rows lazily: `rows_requested` carries the ids to fetch; `describe` words a row."""

    rows_requested = Signal(object)

    def __init__(self, describe: Callable[[BoardRow], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._ids: list[OrderId] = []
        self._rows: OrderedDict[OrderId, BoardRow] = OrderedDict()
        self._asked: set[OrderId] = set()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text for screen readers and tooltips; the delegate takes `row`."""
        spoken = (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        )
        if not index.isValid() or role not in spoken:
            return None
        row = self.row(index.row())
        words = self._describe(row) if row else None
        return tooltip_text(words) if words and role == Qt.ItemDataRole.ToolTipRole else words

    def order_id(self, at: int) -> OrderId:
        return self._ids[at]

    def row(self, at: int) -> BoardRow | None:
        """Return a cached row; None if it is not loaded, after requesting it with its page."""
        order_id = self._ids[at]
        if order_id in self._rows:
            self._rows.move_to_end(order_id)
            return self._rows[order_id]
        if order_id not in self._asked:
            first = at - at % _PAGE
            page = [key for key in self._ids[first : first + _PAGE] if key not in self._rows]
            self._asked.update(page)
            self.rows_requested.emit(page)
        return None

    def waiting(self) -> list[OrderId]:
        """Return the cached orders that have a pending message."""
        return [
            order_id
            for order_id, row in self._rows.items()
            if any(notice and notice.state is State.PENDING for notice in row.notices)
        ]

    def unfinished(self) -> list[OrderId]:
        """Return the cached orders that are not finished."""
        return [order_id for order_id, row in self._rows.items() if not row.finished]

    def place_of(self, order_id: OrderId) -> QModelIndex:
        """Return the order's index, invalid if it is not listed."""
        return self.index(self._ids.index(order_id)) if order_id in self._ids else QModelIndex()

    def put(self, rows: Iterable[BoardRow]) -> None:
        """Cache fetched or changed rows and emit `dataChanged`."""
        changed = {row.order.id: row for row in rows}
        self._rows.update(changed)
        for order_id in changed:
            self._rows.move_to_end(order_id)
        self._asked -= changed.keys()
        while len(self._rows) > _KEPT:
            self._rows.popitem(last=False)
        places = [at for at, order_id in enumerate(self._ids) if order_id in changed]
        if places:
            self.dataChanged.emit(self.index(places[0]), self.index(places[-1]))

    def show(self, ids: Sequence[OrderId]) -> None:
        """Replace the listed ids; remaining rows keep their selection."""
        if list(ids) == self._ids:
            return
        wanted, present = set(ids), set(self._ids)
        staying = [order_id for order_id in self._ids if order_id in wanted]
        changes = len(present ^ wanted)
        if changes > _MOST_SINGLE_CHANGES or staying != [key for key in ids if key in present]:
            self.beginResetModel()
            self._ids = list(ids)
            self.endResetModel()
            return
        self._remove(present - wanted)
        self._insert(ids)

    def _remove(self, gone: set[OrderId]) -> None:
        for at in reversed([at for at, order_id in enumerate(self._ids) if order_id in gone]):
            self.beginRemoveRows(_NOWHERE, at, at)
            del self._ids[at]
            self.endRemoveRows()

    def _insert(self, ids: Sequence[OrderId]) -> None:
        for at, order_id in enumerate(ids):
            if at >= len(self._ids) or self._ids[at] != order_id:
                self.beginInsertRows(_NOWHERE, at, at)
                self._ids.insert(at, order_id)
                self.endInsertRows()
