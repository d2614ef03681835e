"""Recorder of write marks and delivery receipts."""

from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.events import NotificationChanged
from app.domain.identifiers import MessageId
from app.domain.lid import Address
from app.domain.notification import Notification
from app.domain.receipt import Receipt
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.contact_history import record_sent
from app.services.notifications.settlement import apply_receipt
from app.services.notifications.suppression import is_opted_out


class ReceiptRecorder:
    """Matches receipts by message id alone: WhatsApp names a chat by number or by account id (S6)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        unread: Callable[[], frozenset[Address]] = frozenset,
    ) -> None:
        self._store, self._bus, self._clock, self._unread = store, bus, clock, unread

    async def mark_on_wire(self, message_id: MessageId) -> bool:
        """Record that the message may have left from now on; return False if its attempt is over already.

        Also for a customer whose opt-out became known during the attempt, under another address, or who has written
        what is not read yet (X1).
        """
        at, unread = self._clock.now(), self._unread()
        return await self._store.transact(lambda rows: _mark_on_wire(rows, message_id, at, unread))

    async def record(self, receipts: Sequence[Receipt]) -> None:
        """Apply the receipts in one transaction and publish the rows they raised."""
        at = self._clock.now()
        risen = await self._store.transact(lambda rows: [_apply(rows, each, at) for each in receipts])
        self._bus.publish(*(NotificationChanged(row) for row in risen if row))


def _mark_on_wire(rows: Rows, message_id: MessageId, at: datetime, unread: frozenset[Address]) -> bool:
    row = rows.notifications.by_message_id(message_id)
    if row is None or is_opted_out(rows, row.phone, row.id):
        return False
    if any(rows.identities.same(row.phone, each) for each in unread):
        return False
    return rows.notifications.mark_on_wire(message_id, at)


def _apply(rows: Rows, receipt: Receipt, at: datetime) -> Notification | None:
    known = rows.notifications.by_message_id(receipt.message_id)
    risen = apply_receipt(known, receipt, at) if known else None
    if known and risen:
        rows.notifications.save(risen)
        if known.sent_at is None:
            record_sent(rows, risen)
    return risen
