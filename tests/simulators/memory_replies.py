"""What customers wrote, in the store in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import OrderId
from app.domain.opt_out import customer_forms
from app.domain.phone import Phone

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables


class MemoryReplyRows:
    def __init__(self, tables: "Tables") -> None:
        self._replies, self._notifications = tables.replies, tables.notifications

    def keep(self, reply: CustomerReply) -> bool:
        key = customer_forms(reply.phone)[0], reply.message_id
        kept = self._replies.get(key)
        if kept is None:
            self._replies[key] = reply
            return True
        if not reply.replaces(kept):
            return False
        self._replies[key] = replace(
            kept, kind=reply.kind, text=reply.text, order_id=reply.order_id, read_at=None
        )
        return True

    def of_order(self, order_id: OrderId) -> Sequence[CustomerReply]:
        theirs = (each for each in self._replies.values() if each.order_id == order_id)
        return sorted(theirs, key=lambda each: each.received_at)

    def unread(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, int]:
        unread = (each.order_id for each in self._replies.values() if each.read_at is None)
        return Counter(order_id for order_id in unread if order_id and order_id in order_ids)

    def mark_read(self, order_id: OrderId, at: datetime) -> int:
        unread = [
            key for key, each in self._replies.items() if each.order_id == order_id and each.read_at is None
        ]
        for key in unread:
            self._replies[key] = replace(self._replies[key], read_at=at)
        return len(unread)

    def told_order_of(self, phone: Phone) -> OrderId | None:
        forms = customer_forms(phone)
        told = [row.order_id for row in self._notifications.values() if row.order_id and row.phone in forms]
        return told[-1] if told else None
