"""List model of orders and group headings: all ids, and a cache of the rows last painted."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.services.orders.board_row import BoardRow
from app.services.orders.order_list import Tab
from app.ui.shown_text import tooltip_text

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading row of a group: `words` with the count, and whether the group is folded."""

    tab: Tab
    words: str
    folded: bool = False


Entry = OrderId | Heading

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
        self._entries: list[Entry] = []
        self._rows: OrderedDict[OrderId, BoardRow] = OrderedDict()
        self._asked: set[OrderId] = set()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text for screen readers and tooltips; the delegate takes `row`."""
        spoken = (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        )
        if not index.isValid() or role not in spoken:
            return None
        if heading := self.heading(index.row()):
            return None if role == Qt.ItemDataRole.ToolTipRole else heading.words
        row = self.row(index.row())
        words = self._describe(row) if row else None
        return tooltip_text(words) if words and role == Qt.ItemDataRole.ToolTipRole else words

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return no flags for a heading, so that no key and no click selects it."""
        if index.isValid() and self.heading(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    @property
    def has_headings(self) -> bool:
        return bool(self._entries) and isinstance(self._entries[0], Heading)

    def heading(self, at: int) -> Heading | None:
        entry = self._entries[at]
        return entry if isinstance(entry, Heading) else None

    def order_id(self, at: int) -> OrderId | None:
        """Return the order at this place; None for a heading."""
        entry = self._entries[at]
        return None if isinstance(entry, Heading) else entry

    def row(self, at: int) -> BoardRow | None:
        """Return a cached row; None if it is not loaded, after requesting it with its page, and for a heading."""
        order_id = self.order_id(at)
        if order_id is None:
            return None
        if order_id in self._rows:
            self._rows.move_to_end(order_id)
            return self._rows[order_id]
        if order_id not in self._asked:
            first = at - at % _PAGE
            wanted = (key for key in self._entries[first : first + _PAGE] if not isinstance(key, Heading))
            page = [key for key in wanted if key not in self._rows]
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
        return self.index(self._entries.index(order_id)) if order_id in self._entries else QModelIndex()

    def put(self, rows: Iterable[BoardRow]) -> None:
        """Cache fetched or changed rows and emit `dataChanged`."""
        changed = {row.order.id: row for row in rows}
        self._rows.update(changed)
        for order_id in changed:
            self._rows.move_to_end(order_id)
        self._asked -= changed.keys()
        while len(self._rows) > _KEPT:
            self._rows.popitem(last=False)
        places = [at for at, order_id in enumerate(self._entries) if order_id in changed]
        if places:
            self.dataChanged.emit(self.index(places[0]), self.index(places[-1]))

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace the listed entries; an order that stays keeps its selection, also where it moves."""
        wanted = list(entries)
        if wanted == self._entries:
            return
        listed = set(wanted)
        gone = [at for at, entry in enumerate(self._entries) if entry not in listed]
        if len(gone) + abs(len(wanted) - len(self._entries)) > _MOST_SINGLE_CHANGES:
            self.beginResetModel()
            self._entries = wanted
            self.endResetModel()
            return
        self._remove(gone)
        self._arrange(wanted)

    def _remove(self, gone: Sequence[int]) -> None:
        for at in reversed(gone):
            self.beginRemoveRows(_NOWHERE, at, at)
            del self._entries[at]
            self.endRemoveRows()

    def _arrange(self, wanted: Sequence[Entry]) -> None:
        """Insert and move single rows until the list is `wanted`; no wanted row is missing afterwards."""
        present = set(self._entries)
        for at, entry in enumerate(wanted):
            if at < len(self._entries) and self._entries[at] == entry:
                continue
            if entry in present:
                self._move(self._entries.index(entry, at), at)
                continue
            self.beginInsertRows(_NOWHERE, at, at)
            self._entries.insert(at, entry)
            self.endInsertRows()

    def _move(self, source: int, target: int) -> None:
        self.beginMoveRows(_NOWHERE, source, source, _NOWHERE, target)
        self._entries.insert(target, self._entries.pop(source))
        self.endMoveRows()
