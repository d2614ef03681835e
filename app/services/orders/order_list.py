"""Orders of a period, grouped by the tabs of the list."""

from bisect import insort_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.domain.order import UNPAID, NotificationType, OrderOutline, stage_of
from app.domain.stage_policy import is_finished
from app.domain.untold import UntoldMessage, leaves_untold
from app.services.orders.board_row import BoardRow


class Tab(StrEnum):
    """Tabs of the list; NOW holds all unfinished orders, in groups."""

    NOW = "now"
    UNTOLD = "untold"
    PAID = "paid"
    PREPARING = "preparing"
    READY = "ready"
    UNPAID = "unpaid"
    DONE = "done"
    ALL = "all"


GROUPS: Final = (Tab.UNTOLD, Tab.READY, Tab.PREPARING, Tab.PAID, Tab.UNPAID)
"""Groups of the tab NOW, from the top; an untold order stands in the first one alone."""

_TAB_OF_STAGE: Final = {
    NotificationType.PAYMENT_CONFIRMED: Tab.PAID,
    NotificationType.PREPARING: Tab.PREPARING,
    NotificationType.READY: Tab.READY,
}


class OrderList:
    """Orders, newest first, kept as outlines only, so that 100,000 of them need little memory."""

    def __init__(self, since: datetime | None = None) -> None:
        self.since = since
        self._outlines: dict[OrderId, OrderOutline] = {}
        self._unfinished: set[OrderId] = set()
        self._untold: set[OrderId] = set()
        self._older_doubts: dict[OrderId, OrderOutline] = {}
        """Orders from before the period; listed as untold, and on no other tab."""
        self._newest_first: list[OrderId] = []
        self._counted: Counter[Tab | None] = Counter()
        self.generation = 0
        """Number that rises whenever a tab or a group may list other orders, or in another order."""

    def fill(
        self,
        outlines: Sequence[OrderOutline],
        untold: Iterable[UntoldMessage],
        older_doubts: Sequence[OrderOutline] = (),
    ) -> None:
        """Replace the content by the database's; `outlines` come newest first."""
        self._older_doubts = {outline.id: outline for outline in older_doubts}
        self._outlines = {outline.id: outline for outline in outlines}
        self._newest_first = [outline.id for outline in outlines]
        self._unfinished = {outline.id for outline in outlines if not is_finished(outline)}
        self._untold = set(self._untold_of(self._outlines, untold))
        self._counted = Counter(map(_tab, self._outlines.values()))
        self.generation += 1

    def extend(self, outlines: Sequence[OrderOutline], untold: Iterable[UntoldMessage]) -> None:
        """Add the next page; an order `put` meanwhile is newer than the page's."""
        fresh = {outline.id: outline for outline in outlines if outline.id not in self._outlines}
        self._outlines |= fresh
        self._append(list(fresh))
        self._unfinished |= {key for key, outline in fresh.items() if not is_finished(outline)}
        self._untold |= set(self._untold_of(fresh, untold))
        self._counted.update(map(_tab, fresh.values()))
        self.generation += 1

    def put(self, row: BoardRow) -> None:
        """Add or replace an order that is new or has changed."""
        outline = row.outline
        if self.since is not None and outline.created_at < self.since:
            self._put_older(row)
            return
        before = self._place(outline.id)
        if known := self._outlines.get(outline.id):
            self._counted[_tab(known)] -= 1
            self._outlines[outline.id] = outline
        else:
            self._outlines[outline.id] = outline
            insort_left(self._newest_first, outline.id, key=self._age)
        self._counted[_tab(outline)] += 1
        _keep(self._unfinished, outline.id, there=not is_finished(outline))
        _keep(self._untold, outline.id, there=row.untold)
        self.generation += before != self._place(outline.id)

    def _put_older(self, row: BoardRow) -> None:
        """List an older order for as long as a person has to decide about it.

        Older means from before the period.
        """
        if row.present is not None and row.present.state is State.IN_DOUBT:
            self._older_doubts[row.outline.id] = row.outline
        else:
            self._older_doubts.pop(row.outline.id, None)
        self.generation += 1

    def ids(self, tab: Tab) -> list[OrderId]:
        """Return the orders of a tab, newest first; of NOW, group by group and the oldest first."""
        if tab is Tab.NOW:
            return [order_id for group in self.groups().values() for order_id in group]
        if tab is Tab.ALL:
            return list(self._newest_first)
        if tab is Tab.UNTOLD:
            return self.groups()[Tab.UNTOLD][::-1]
        return [order_id for order_id in self._newest_first if _tab(self._outlines[order_id]) is tab]

    def groups(self) -> dict[Tab, list[OrderId]]:
        """Return the groups of the tab NOW, each with the oldest order first: a newcomer stands at the end."""
        older = sorted(self._older_doubts.values(), key=lambda each: each.created_at)
        found: dict[Tab, list[OrderId]] = {group: [] for group in GROUPS}
        found[Tab.UNTOLD] += (outline.id for outline in older)
        for order_id in reversed(self._newest_first):
            if order_id in self._untold:
                found[Tab.UNTOLD].append(order_id)
            elif order_id in self._unfinished and (group := _tab(self._outlines[order_id])):
                found[group].append(order_id)
        return found

    def group(self, order_ids: Iterable[OrderId]) -> dict[Tab, list[OrderId]]:
        """Return these orders by group, in their order; finished ones under DONE, of unknown status under ALL."""
        found: dict[Tab, list[OrderId]] = {tab: [] for tab in (*GROUPS, Tab.DONE, Tab.ALL)}
        for order_id in order_ids:
            group = self.group_of(order_id) or (Tab.ALL if order_id in self._unfinished else Tab.DONE)
            found[group].append(order_id)
        return found

    def group_of(self, order_id: OrderId) -> Tab | None:
        """Return the group of the tab NOW in which the order stands; None for a finished one."""
        if order_id in self._untold or order_id in self._older_doubts:
            return Tab.UNTOLD
        outline = self._outlines.get(order_id)
        return _tab(outline) if outline and not is_finished(outline) else None

    def counts(self) -> Mapping[Tab, int]:
        untold = len(self._untold) + len(self._older_doubts)
        others = (_tab(self._outlines[key]) for key in self._unfinished if key not in self._untold)
        now = untold + sum(group is not None for group in others)
        all_of = {Tab.NOW: now, Tab.UNTOLD: untold, Tab.ALL: len(self._outlines)}
        return {tab: all_of.get(tab, self._counted[tab]) for tab in Tab}

    def numbered(self, number: int) -> OrderId | None:
        """Return the newest order of this number."""
        of_number = (key for key in self._newest_first if self._outlines[key].number == number)
        return next(of_number, None)

    @staticmethod
    def _untold_of(
        outlines: Mapping[OrderId, OrderOutline], messages: Iterable[UntoldMessage]
    ) -> Iterable[OrderId]:
        for message in messages:
            known = outlines.get(message.order_id)
            if known and leaves_untold(known, message):
                yield message.order_id

    def _append(self, fresh: list[OrderId]) -> None:
        """Append a page; the whole list is sorted only where an order that was `put` is older than the page."""
        last, self._newest_first = self._newest_first[-1:], self._newest_first + fresh
        if last and fresh and self._age(last[0]) > self._age(fresh[0]):
            self._newest_first.sort(key=self._age)

    def _place(self, order_id: OrderId) -> tuple[OrderOutline | None, Tab | None, bool]:
        """Return what decides where the order is listed."""
        outline = self._outlines.get(order_id)
        return outline, self.group_of(order_id), order_id in self._untold

    def _age(self, order_id: OrderId) -> tuple[float, int]:
        """Return the key of the order of the list; the number decides between orders of one moment."""
        outline = self._outlines[order_id]
        return -outline.created_at.timestamp(), -outline.number


def _keep(ids: set[OrderId], order_id: OrderId, *, there: bool) -> None:
    if there:
        ids.add(order_id)
    else:
        ids.discard(order_id)


def _tab(outline: OrderOutline) -> Tab | None:
    if is_finished(outline):
        return Tab.DONE
    stage = stage_of(outline)
    if stage is None:
        return Tab.UNPAID if outline.status in UNPAID else None
    return _TAB_OF_STAGE.get(stage)
