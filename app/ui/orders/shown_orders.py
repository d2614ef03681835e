"""Orders on the screen: period, tab and search over the board, refreshed by events."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.identifiers import OrderId
from app.services.orders.board_row import BoardRow
from app.services.orders.order_list import OrderList, Tab
from app.services.orders.order_search import OrderSearch
from app.ui.orders.order_list_model import Entry, Heading, OrderListModel
from app.ui.orders.order_text import tab_word
from app.ui.page_context import PageContext

# Names are unsealed in batches, so that other queries do not wait long for the reader, nor the window for their words.
_SEARCH_PAGE = 200
_UNREAD_LOOKED_AT = 500


class ShownOrders(QObject):
    """Filter over the board, one query at a time.

    `changed` is emitted before the model lists other orders, `shown` after.
    """

    changed = Signal()
    shown = Signal()
    held_back = Signal(int)
    """Carries the number of orders that arrived while the pointer holds the list."""
    rows_arrived = Signal(object)
    """Carries the list of BoardRow just fetched."""

    def __init__(self, context: PageContext, model: OrderListModel, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._model = context, model
        self._orders, self._search = OrderList(), OrderSearch()
        self._since: datetime | None = None
        self._listed: tuple[OrderList, int] | None = None
        self._turn = asyncio.Lock()
        self.tab, self.typed, self.loaded = Tab.NOW, "", False
        self.ids: list[OrderId] = []
        self.folded: set[Tab] = set()
        self.is_held: Callable[[], bool] = lambda: False
        """Whether changes that no person asked for wait, because the pointer is over the list."""
        context.bridge.orders_changed.connect(self._start_refresh)
        context.bridge.rate_limits_changed.connect(self._refresh_waiting)
        context.bridge.pickup_offer_switched.connect(self._refresh_unfinished)
        model.rows_requested.connect(self._start_refresh, Qt.ConnectionType.QueuedConnection)

    @property
    def counts(self) -> Mapping[Tab, int]:
        return self._orders.counts()

    def numbered(self, number: int) -> OrderId | None:
        return self._orders.numbered(number)

    @property
    def covers_all_days(self) -> bool:
        return self._since is None

    async def unread(self) -> list[OrderId]:
        """Return the orders of the list with replies that were not read, oldest first."""
        newest = self._orders.ids(Tab.ALL)[:_UNREAD_LOOKED_AT]
        unread = await self._context.core.board.unread(newest)
        return [order_id for order_id in reversed(newest) if order_id in unread]

    def set_period(self, since: datetime | None) -> None:
        self._since = since
        self._context.runner.start(self._load())

    def set_tab(self, tab: Tab) -> None:
        self.tab = tab
        self._apply()

    def fold(self, group: Tab) -> None:
        """Fold or unfold a group of the tab NOW."""
        self.folded ^= {group}
        self._apply()

    def release(self) -> None:
        """Show the changes that were held back."""
        self._apply()

    def untold(self) -> list[OrderId]:
        """Return the untold orders of the period, oldest first."""
        return self._orders.groups()[Tab.UNTOLD]

    def set_search(self, typed: str) -> None:
        self.typed = typed
        if typed and self._search.unknown(self._orders.ids(Tab.ALL)):
            self._context.runner.start(self._learn_names())
        else:
            self._apply()

    async def _load(self) -> None:
        """Load page by page; the first is shown at once, without waiting for a long history."""
        async with self._turn:
            found = await self._context.core.board.outlines(self._since)
            orders = self._orders = OrderList(self._since)
            orders.fill(found.orders, found.untold, found.older_doubts)
            self.loaded = True
        self.set_search(self.typed)
        shown = known = len(found.orders)
        while found.next_page:
            async with self._turn:
                found = await self._context.core.board.outlines(orders.since, found.next_page)
                if self._orders is not orders:
                    return
                orders.extend(found.orders, found.untold)
            known += len(found.orders)
            # The cost of listing grows with the list: only when it has doubled, and at the end.
            if known >= 2 * shown or not found.next_page:
                shown = known
                self.set_search(self.typed)

    def _start_refresh(self, order_ids: Sequence[OrderId]) -> None:
        self._context.runner.start(self._refresh(list(order_ids)))

    def _refresh_waiting(self) -> None:
        """Refresh rows with pending messages: their hold may have begun, ended or moved."""
        if waiting := self._model.waiting():
            self._start_refresh(waiting)

    def _refresh_unfinished(self) -> None:
        """Refresh the rows that may show a pickup reply."""
        if unfinished := self._model.unfinished():
            self._start_refresh(unfinished)

    async def _refresh(self, order_ids: list[OrderId]) -> None:
        async with self._turn:
            self._take_in(await self._context.core.board.rows(order_ids))
        self._apply(by_person=False)

    async def _learn_names(self) -> None:
        async with self._turn:
            unknown = self._search.unknown(self._orders.ids(Tab.ALL))
            for first in range(0, len(unknown), _SEARCH_PAGE):
                page = unknown[first : first + _SEARCH_PAGE]
                self._search.put((await self._context.core.board.orders(page)).values())
        self._apply()

    def _take_in(self, rows: Sequence[BoardRow]) -> None:
        for row in rows:
            self._orders.put(row)
        self._search.put(row.order for row in rows)
        self._model.put(rows)
        self.rows_arrived.emit(list(rows))

    def _apply(self, *, by_person: bool = True) -> None:
        if not self.loaded or (not by_person and not self.typed and self._is_listed()):
            return
        entries = self._entries()
        ids = [entry for entry in entries if not isinstance(entry, Heading)]
        if not by_person and self.is_held() and ids != self.ids:
            self.held_back.emit(len(set(ids) - set(self.ids)))
            return
        self.ids, self._listed = ids, (self._orders, self._orders.generation)
        self.changed.emit()
        self._model.show(entries)
        self.held_back.emit(0)
        self.shown.emit()

    def _is_listed(self) -> bool:
        """Whether the list shows what it would show anew: most changes of a message move no order."""
        return self._listed == (self._orders, self._orders.generation)

    def _entries(self) -> list[Entry]:
        """Return the rows of the tab; a search looks over all tabs of the period."""
        if self.typed:
            found = self._search.find(self.typed, self._orders.ids(Tab.ALL)[::-1])
            return list(self._grouped(self._orders.group(found), folds=False))
        if self.tab is Tab.NOW:
            return list(self._grouped(self._orders.groups(), folds=True))
        return list(self._orders.ids(self.tab))

    def _grouped(self, groups: Mapping[Tab, Sequence[OrderId]], *, folds: bool) -> Iterator[Entry]:
        for tab, order_ids in groups.items():
            if not order_ids:
                continue
            folded = folds and tab in self.folded
            yield Heading(tab, f"{tab_word(tab).upper()} {len(order_ids)}", folded)
            if not folded:
                yield from order_ids
