"""Writes down what WhatsApp says about messages that left."""

from app.domain.events import NotificationMoved
from app.domain.notification import Notification
from app.domain.receipt import Receipt
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.acquaintance import note_told
from app.services.notifications.settlement import witnessed


class Receipts:
    """Found by message id alone, for WhatsApp names the chat now by number, now by account id (S6)."""

    def __init__(self, store: Store, bus: EventBus, clock: Clock) -> None:
        self._store, self._bus, self._clock = store, bus, clock

    async def arrived(self, receipt: Receipt) -> None:
        at = self._clock.now()

        def work(rows: Rows) -> Notification | None:
            known = rows.notifications.by_message_id(receipt.message_id)
            risen = witnessed(known, receipt, at) if known else None
            if known and risen:
                rows.notifications.save(risen)
                if known.sent_at is None:
                    note_told(rows, risen)
            return risen

        if risen := await self._store.transact(work):
            self._bus.publish(NotificationMoved(risen))
