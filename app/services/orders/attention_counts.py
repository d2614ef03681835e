"""Counts of a period's orders that need a person: customers not told, replies not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.identifiers import OrderId
from app.domain.order import OrderOutline
from app.domain.untold import leaves_untold
from app.ports.store import Rows

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class AttentionCounts:
    """Orders whose customer was not told, orders with unread replies, and how many replies those are."""

    untold: int = 0
    unread: int = 0
    replies: int = 0
    orders: int = 0
    """All orders of the period."""


def attention_counts(rows: Rows, since: datetime, older: Sequence[OrderOutline]) -> AttentionCounts:
    """Count the orders made since then, page by page, and the `older` ones that still need a person."""
    untold: set[OrderId] = {outline.id for outline in older}
    unread = dict(rows.replies.unread(list(untold)))
    orders, page = 0, None
    while True:
        found = rows.orders.outlines(since, _PAGE, page)
        outlines = {outline.id: outline for outline in found.outlines}
        orders += len(outlines)
        messages = rows.notifications.untold(list(outlines))
        untold |= {each.order_id for each in messages if leaves_untold(outlines[each.order_id], each)}
        unread |= rows.replies.unread(list(outlines))
        if (page := found.next_page) is None:
            return AttentionCounts(len(untold), len(unread), sum(unread.values()), orders)
