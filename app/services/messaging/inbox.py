"""Inbox of customers' replies: stored with the order they are about, read and answered at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.customer_reply import Author, CustomerReply
from app.domain.errors import RefusalError, UnknownOrderError
from app.domain.events import NotificationChanged, RepliesRead, ReplyArrived, ReplyChanged
from app.domain.identifiers import OrderId, SessionId, answer_occurrence, notification_id
from app.domain.lid import Address
from app.domain.notification import Notification
from app.domain.order import NotificationType, Order
from app.domain.phone import NO_PHONE
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.inbound import DELETION, EDIT, Inbound
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.customer_identities import CustomerIdentities, writer_of
from app.services.messaging.read_receipts import ReadReceipts
from app.services.messaging.records import NotificationResult, queued_result
from app.services.messaging.reply_changes import ReplyChangeResult, apply_change
from app.services.notifications.contact_history import reassign_pending, record_inbound
from app.services.notifications.order_phone import known_phone_of, phone_of_order
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import EnqueueResult, QueuedNotification

# An earlier version saved orders without a customer index: only the latest are searched, each decrypted for it.
_LOOKED_THROUGH: Final = 100


@dataclass(frozen=True, slots=True)
class Exchange:
    """Replies about one order, oldest first, and the number of unread ones."""

    replies: Sequence[CustomerReply] = field(repr=False)
    others: Sequence[CustomerReply] = field(default=(), repr=False)
    """Those of another customer than the order's."""

    def is_from_another(self, reply: CustomerReply) -> bool:
        return reply in self.others

    @property
    def unread(self) -> int:
        return sum(reply.read_at is None for reply in self.replies)


@dataclass(frozen=True, slots=True)
class Inbox:
    store: Store
    queue: NotificationQueueManager
    phone_numbers: PhoneNumbers
    bus: EventBus
    clock: Clock
    entropy: Entropy
    session_id: SessionId
    identities: CustomerIdentities
    read_receipts: ReadReceipts

    async def record(self, inbound: Inbound) -> None:
        """Store an inbound message, on disk when this returns; idempotent if it comes again.

        A message about an earlier one changes that one (K9).
        """
        result, moved = await self.store.transact(lambda rows: self._record(rows, inbound))
        self.bus.publish(*map(NotificationChanged, moved))
        if result.reply:
            arrived = result.fresh and not result.reply.gone
            self.bus.publish(ReplyArrived(result.reply) if arrived else ReplyChanged(result.reply))

    def _record(self, rows: Rows, inbound: Inbound) -> tuple[ReplyChangeResult, Sequence[Notification]]:
        """Store or apply the message; an edit or a deletion makes no contact known and reassigns no pending row."""
        moved = self.identities.record_writer(rows, inbound)
        writer = writer_of(rows, inbound)
        if writer != NO_PHONE and inbound.kind not in {EDIT, DELETION}:
            record_inbound(rows, writer, inbound, self.clock.now())
            moved += reassign_pending(rows, writer)
        said = reply_of(inbound, writer, self._order_of(rows, writer), self.clock.now())
        if inbound.changes_another:
            return apply_change(rows, inbound, Author(writer, inbound.lid), said), moved
        fresh = rows.replies.keep(said, inbound.lid)
        return ReplyChangeResult(said if fresh else None, fresh), moved

    async def exchange(self, order_id: OrderId) -> Exchange:
        def work(rows: Rows) -> Exchange:
            order, replies = rows.orders.get(order_id), rows.replies.of_order(order_id)
            customer = known_phone_of(self.phone_numbers, order) if order else None
            return Exchange(replies, replies_of_others(rows, replies, customer))

        return await self.store.read_for_screen(work)

    async def mark_read(self, order_id: OrderId) -> int:
        """Mark the replies as read at the counter; return how many were unread."""
        at = self.clock.now()

        def work(rows: Rows) -> tuple[int, Sequence[CustomerReply]]:
            unread = [reply for reply in rows.replies.of_order(order_id) if reply.read_at is None]
            return rows.replies.mark_read(order_id, at), unread

        seen, unread = await self.store.transact(work)
        if seen:
            self.bus.publish(RepliesRead(order_id))
            self.read_receipts.send(unread)
        return seen

    async def answer(
        self, order_id: OrderId, text: str, idempotency_key: UUID | None = None
    ) -> NotificationResult:
        """Queue a person's answer to the form from which the order's customer wrote last.

        Idempotent: the same key again returns the same message.
        """
        # With a key the text does not count: the same key means the same answer.
        drawn = (idempotency_key, "") if idempotency_key else (self.entropy.uuid(), text)
        occurrence = answer_occurrence(*drawn)
        try:
            placed = await self.store.transact(lambda rows: self._place(rows, order_id, text, occurrence))
        except RefusalError as error:
            return NotificationResult(success=False, trouble=error)
        self.queue.publish_enqueued(placed)
        return queued_result(placed)

    def _place(self, rows: Rows, order_id: OrderId, text: str, occurrence: int) -> EnqueueResult:
        order = rows.orders.get(order_id)
        if order is None:
            raise UnknownOrderError
        queued = QueuedNotification(
            id=notification_id(order_id, NotificationType.REPLY, occurrence),
            order_id=order_id,
            customer_phone=self._addressee(rows, order),
            message=text,
            notification_type=NotificationType.REPLY,
            scheduled_at=self.clock.now(),
            session_id=self.session_id,
            occurrence=occurrence,
        )
        return self.queue.enqueue_within(rows, queued, by_person=True)

    def _addressee(self, rows: Rows, order: Order) -> Address:
        """Return the customer's address, never that of another who asked: an answer may hold personal facts."""
        customer = phone_of_order(self.phone_numbers, order)
        replies = rows.replies.of_order(order.id)
        wrote = [reply.phone for reply in replies if rows.identities.same(reply.phone, customer)]
        return wrote[-1] if wrote else customer

    def _order_of(self, rows: Rows, writer: Address) -> OrderId | None:
        """Return the writer's newest order, whether a message about it was sent or not."""
        if writer == NO_PHONE:
            return None
        if newest := rows.orders.newest_of(writer):
            return newest
        former = rows.orders.of_unknown_customers(_LOOKED_THROUGH)
        known = ((order.id, known_phone_of(self.phone_numbers, order)) for order in former)
        ordered = (order_id for order_id, own in known if own and rows.identities.same(own, writer))
        return next(ordered, None) or rows.replies.told_order_of(writer)


def reply_of(inbound: Inbound, writer: Address, order_id: OrderId | None, now: datetime) -> CustomerReply:
    return CustomerReply(
        message_id=inbound.message_id,
        session_id=inbound.session_id,
        phone=writer,
        kind=inbound.kind,
        text=inbound.text,
        received_at=min(inbound.at, now),
        live=inbound.live,
        order_id=order_id,
        about=inbound.about,
    )


def replies_of_others(
    rows: Rows, replies: Sequence[CustomerReply], customer: Address | None
) -> Sequence[CustomerReply]:
    """Return the replies that another customer than the order's wrote."""
    return [
        reply
        for reply in replies
        if not reply.is_erased and not (customer and rows.identities.same(reply.phone, customer))
    ]
