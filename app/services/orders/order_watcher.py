"""Turns an order's new stage into a notification, in the transaction that stores the order."""

from app.domain.errors import TellPersonError, TemplateInactiveError
from app.domain.events import OrderSeen, TroubleReported
from app.domain.order import Order, stage_of
from app.ports.order_feed import OrderFeed
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.records import NotificationRequest
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import Placed


class OrderWatcher:
    """Order and notification are one commit, so that no crash can keep one without the other (A1)."""

    def __init__(
        self, store: Store, bus: EventBus, messages: WhatsAppMessageService, queue: NotificationQueueManager
    ) -> None:
        self._store, self._bus, self._messages, self._queue = store, bus, messages, queue

    async def watch(self, feed: OrderFeed) -> None:
        """Until the feed ends."""
        async for order in feed.orders():
            await self.seen(order)

    async def seen(self, order: Order) -> None:
        """Store the order as it is now; its stage's message is queued unless it was before."""
        placed, trouble = await self._store.transact(lambda rows: self._work(rows, order))
        self._bus.publish(OrderSeen(order))
        if placed:
            self._queue.announce(placed)
        if trouble:
            self._bus.publish(TroubleReported(trouble))

    def _work(self, rows: Rows, order: Order) -> tuple[Placed | None, str | None]:
        rows.orders.save(order)
        stage = stage_of(order)
        if stage is None:
            return None, None
        try:
            return self._messages.place(rows, NotificationRequest(order.id, stage, by_person=False)), None
        except TemplateInactiveError:
            return None, None  # the shop does not want this stage announced
        except TellPersonError as error:
            return None, error.code
