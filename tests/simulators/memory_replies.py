"""What customers wrote, in the store in memory."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.customer_reply import REACTION, TEXT, WITHDRAWN, Author, CustomerReply
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Address, Lid
from app.domain.phone import NO_PHONE

if TYPE_CHECKING:
    from tests.simulators.memory_identities import MemoryIdentityRows
    from tests.simulators.memory_tables import Tables


class MemoryReplyRows:
    def __init__(self, tables: "Tables", identities: "MemoryIdentityRows") -> None:
        self._identities = identities
        self._replies, self._lids = tables.replies, tables.reply_lids
        self._notifications = tables.notifications

    def keep(self, reply: CustomerReply, lid: Lid | None = None) -> bool:
        key = self._key(Author(reply.phone, lid), lambda each: each.message_id == reply.message_id)
        if key is None:
            key = next(reversed(self._replies), 0) + 1
            self._replies[key] = reply
            if lid is not None:
                self._lids[key] = lid
            return True
        kept = self._replies[key]
        if not reply.replaces(kept):
            return False
        self._replies[key] = replace(
            kept, kind=reply.kind, text=reply.text, order_id=reply.order_id, read_at=None
        )
        return True

    def find(self, author: Author, message_id: MessageId) -> CustomerReply | None:
        key = self._key(author, lambda each: each.message_id == message_id)
        return None if key is None else self._replies[key]

    def reaction(self, author: Author, about: MessageId) -> CustomerReply | None:
        key = self._key(author, lambda each: each.about == about and each.kind in {REACTION, WITHDRAWN})
        return None if key is None else self._replies[key]

    def rewrite(self, author: Author, reply: CustomerReply) -> None:
        key = self._key(author, lambda each: each.message_id == reply.message_id)
        if key is None:
            raise LookupError("only what was found can be rewritten")
        self._replies[key] = replace(
            self._replies[key],
            kind=reply.kind,
            text=reply.text,
            changed_at=reply.changed_at,
            read_at=reply.read_at,
        )

    def _key(self, author: Author, fits: Callable[[CustomerReply], bool]) -> int | None:
        return next(
            (key for key, each in self._replies.items() if fits(each) and self._is(author, key)), None
        )

    def _is(self, author: Author, key: int) -> bool:
        kept, lid = self._replies[key], self._lids.get(key)
        if kept.is_erased:
            return False
        if author.phone == NO_PHONE and author.lid is None:
            return kept.phone == NO_PHONE and lid is None
        theirs = [each for each in (author.phone, author.lid) if each]
        kept_as = [each for each in (kept.phone, lid) if each]
        return any(self._identities.same(one, other) for one in theirs for other in kept_as)

    def of_order(self, order_id: OrderId) -> Sequence[CustomerReply]:
        theirs = (each for each in self._replies.values() if each.order_id == order_id)
        return sorted(theirs, key=lambda each: each.received_at)

    def texts_since(
        self, order_ids: Sequence[OrderId], moment: datetime, limit: int
    ) -> Mapping[OrderId, Sequence[CustomerReply]]:
        found = {order_id: self._texts_since(order_id, moment)[:limit] for order_id in order_ids}
        return {order_id: texts for order_id, texts in found.items() if texts}

    def _texts_since(self, order_id: OrderId, moment: datetime) -> list[CustomerReply]:
        texts = [each for each in self.of_order(order_id) if each.kind == TEXT]
        return [each for each in texts[::-1] if (each.changed_at or each.received_at) >= moment]

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

    def claims_of(self, lid: Lid, since: datetime) -> Sequence[CustomerReply]:
        theirs = [each for key, each in self._replies.items() if self._lids.get(key) == lid]
        return [
            each
            for each in theirs
            if each.order_id and each.kind == TEXT and each.text and each.received_at >= since
        ]

    def told_order_of(self, customer: Address) -> OrderId | None:
        rows = (row for row in self._notifications.values() if row.order_id)
        told = [row.order_id for row in rows if self._identities.same(row.phone, customer)]
        return told[-1] if told else None
