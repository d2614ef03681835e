"""Orders of a period, grouped by the tabs of the list."""

from bisect import insort_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.domain.order import NotificationType, OrderOutline, stage_of
from app.domain.stage_policy import is_finished
from app.services.orders.board_row import BoardRow


class Tab(StrEnum):
    UNTOLD = "untold"
    PAID = "paid"
    PREPARING = "preparing"
    READY = "ready"
    DONE = "done"
    ALL = "all"


_TAB_OF_STAGE = {
    NotificationType.PAYMENT_CONFIRMED: Tab.PAID,
    NotificationType.PREPARING: Tab.PREPARING,
    NotificationType.READY: Tab.READY,
}


class OrderList:
    """Orders, newest first, kept as outlines only, so that 100,000 of them need little memory."""

    def __init__(self, since: datetime | None = None) -> None:
        self.since = since
        self._outlines: dict[OrderId, OrderOutline] = {}
        self._untold: set[OrderId] = set()
        self._older_doubts: dict[OrderId, OrderOutline] = {}
        """Orders from before the period; listed as untold, and on no other tab."""
        self._newest_first: list[OrderId] = []

    def fill(
        self,
        outlines: Sequence[OrderOutline],
        untold: Iterable[tuple[OrderId, NotificationType]],
        older_doubts: Sequence[OrderOutline] = (),
    ) -> None:
        """Replace the content by the database's; `outlines` come newest first."""
        self._older_doubts = {outline.id: outline for outline in older_doubts}
        self._outlines = {outline.id: outline for outline in outlines}
        self._newest_first = [outline.id for outline in outlines]
        self._untold = {
            order_id
            for order_id, kind in untold
            if (known := self._outlines.get(order_id)) and stage_of(known) is kind
        }

    def extend(
        self, outlines: Sequence[OrderOutline], untold: Iterable[tuple[OrderId, NotificationType]]
    ) -> None:
        """Add the next page; an order `put` meanwhile is newer than the page's."""
        fresh = {outline.id: outline for outline in outlines if outline.id not in self._outlines}
        self._outlines |= fresh
        self._newest_first += fresh
        self._newest_first.sort(key=self._age)
        self._untold |= {key for key, kind in untold if key in fresh and stage_of(fresh[key]) is kind}

    def put(self, row: BoardRow) -> None:
        """Add or replace an order that is new or has changed."""
        outline = row.outline
        if self.since is not None and outline.created_at < self.since:
            self._put_older(row)
            return
        if outline.id not in self._outlines:
            self._outlines[outline.id] = outline
            insort_left(self._newest_first, outline.id, key=self._age)
        self._outlines[outline.id] = outline
        if row.untold:
            self._untold.add(outline.id)
        else:
            self._untold.discard(outline.id)

    def _put_older(self, row: BoardRow) -> None:
        """List an older order for as long as a person has to decide about it.

        Older means from before the period.
        """
        if row.present is not None and row.present.state is State.IN_DOUBT:
            self._older_doubts[row.outline.id] = row.outline
        else:
            self._older_doubts.pop(row.outline.id, None)

    def ids(self, tab: Tab) -> list[OrderId]:
        if tab is Tab.ALL:
            return list(self._newest_first)
        if tab is Tab.UNTOLD:
            older = sorted(self._older_doubts.values(), key=lambda each: each.created_at, reverse=True)
            untold = [order_id for order_id in self._newest_first if order_id in self._untold]
            return [*untold, *(outline.id for outline in older)]
        return [order_id for order_id in self._newest_first if _tab(self._outlines[order_id]) is tab]

    def counts(self) -> Mapping[Tab, int]:
        counted = Counter(_tab(outline) for outline in self._outlines.values())
        all_of = {Tab.UNTOLD: len(self._untold) + len(self._older_doubts), Tab.ALL: len(self._outlines)}
        return {tab: all_of.get(tab, counted[tab]) for tab in Tab}

    def numbered(self, number: int) -> OrderId | None:
        """Return the newest order of this number."""
        of_number = (key for key in self._newest_first if self._outlines[key].number == number)
        return next(of_number, None)

    def _age(self, order_id: OrderId) -> float:
        return -self._outlines[order_id].created_at.timestamp()


def _tab(outline: OrderOutline) -> Tab | None:
    if is_finished(outline):
        return Tab.DONE
    stage = stage_of(outline)
    return _TAB_OF_STAGE.get(stage) if stage else None
