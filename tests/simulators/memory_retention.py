"""Emptying and deleting in the store in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from app.domain.identifiers import NotificationId, OrderId
from app.domain.notification import UNFINISHED
from app.domain.order_merge import without_content
from app.domain.phone import NO_PHONE, Phone

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables

K = TypeVar("K")
V = TypeVar("V")


class MemoryRetentionRows:
    def __init__(self, tables: "Tables") -> None:
        self._tables = tables

    def empty(self, before: datetime, at: datetime, limit: int) -> int:
        _ = at
        notifications, orders = self._tables.notifications, self._tables.orders
        finished = list(islice((key for key in self._finished(before) if notifications[key].text), limit))
        for key in finished:
            notifications[key] = replace(notifications[key], text="", phone=Phone(""))
        kept = (key for key in self._over(before) if not orders[key].emptied)
        over = list(islice(kept, limit - len(finished)))
        for order in over:
            orders[order] = without_content(orders[order])
        done = len(finished) + len(over)
        done += self._empty_replies(before, limit - done)
        return done + self._empty_consents(before, limit - done)

    def _empty_replies(self, before: datetime, limit: int) -> int:
        replies = self._tables.replies
        kept = (key for key, each in replies.items() if each.received_at < before and not each.emptied)
        old = list(islice(kept, limit))
        for key in old:
            replies[key] = replace(replies[key], phone=NO_PHONE, text=None, emptied=True)
        return len(old)

    def _empty_consents(self, before: datetime, limit: int) -> int:
        consents = self._tables.consents
        kept = (key for key, each in consents.items() if each.given_at < before and not each.emptied)
        old = list(islice(kept, limit))
        for key in old:
            consents[key] = replace(consents[key], phone=NO_PHONE, wording="", emptied=True)
        return len(old)

    def delete(self, before: datetime, limit: int) -> int:
        tables = self._tables
        numbers = [
            phone
            for phone, known in tables.numbers.items()
            if known.checked_at < before and phone not in tables.suspects
        ]
        words = [word for word, at in tables.heard_words.items() if at < before]
        deleted = _delete(tables.notifications, self._finished(before), limit)
        deleted += _delete(tables.orders, self._over(before), limit - deleted)
        deleted += _delete(tables.numbers, numbers, limit - deleted)
        deleted += _delete(tables.heard_words, words, limit - deleted)
        replies = [key for key, each in tables.replies.items() if each.received_at < before]
        deleted += _delete(tables.replies, replies, limit - deleted)
        consents = [key for key, each in tables.consents.items() if each.given_at < before]
        return deleted + _delete(tables.consents, consents, limit - deleted)

    def _finished(self, before: datetime) -> list[NotificationId]:
        return [
            row.id
            for row in self._tables.notifications.values()
            if row.state not in UNFINISHED and row.changed_at is not None and row.changed_at < before
        ]

    def _over(self, before: datetime) -> list[OrderId]:
        owed = {row.order_id for row in self._tables.notifications.values() if row.state in UNFINISHED}
        orders = self._tables.orders.values()
        return [order.id for order in orders if order.created_at < before and order.id not in owed]


def _delete(table: dict[K, V], chosen: Iterable[K], limit: int) -> int:
    gone = list(islice(chosen, limit))
    for key in gone:
        del table[key]
    return len(gone)
