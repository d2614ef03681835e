"""Event bus: every event is published after its commit."""

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.events import (
    Event,
    NotificationChanged,
    NotificationQueued,
    OrderChanged,
    QueuePaused,
    RepliesRead,
    ReplyArrived,
)
from app.domain.order import NotificationType
from app.domain.receipt import Evidence, Receipt
from app.ports.store import Rows
from tests.harness.customer_words import RUI, say
from tests.harness.shop import Shop, advanced, in_shop
from tests.simulators.memory_store import MemoryStore


def _is_on_disk(rows: Rows, event: Event) -> bool:
    match event:
        case OrderChanged(order):
            return rows.orders.get(order.id) == order
        case NotificationQueued(row) | NotificationChanged(row):
            return rows.notifications.get(row.id) == row
        case ReplyArrived(reply):
            return reply in rows.replies.of_order(reply.order_id) if reply.order_id else True
        case RepliesRead(order_id):
            return all(reply.read_at for reply in rows.replies.of_order(order_id))
        case QueuePaused(paused):
            return rows.settings.get("queue_paused") == ("yes" if paused else "no")
        case _:
            return True


async def _busy_day(shop: Shop) -> None:
    """Something of everything that is told."""
    order, gone, refused = (shop.order(number, f"+557399954{number:04}") for number in range(3))
    await shop.see(order)
    await say(shop, "Demora?", shop.core.messages.phone_numbers.parse(order.customer_phone))
    await shop.core.inbox.mark_read(order.id)
    await shop.core.inbox.answer(order.id, "Já vai")
    await shop.core.queue.pause()
    await shop.see(gone)
    await shop.see(advanced(gone, "cancelled"))
    await shop.core.watcher.catch_up([shop.order(7, RUI.number)])
    await say(shop, "PARAR", RUI)
    await shop.core.queue.resume()
    shop.messenger.outcomes += [Rejected(RejectionKind.REFUSED), InDoubt("socket_closed")]
    await shop.see(refused)
    await shop.core.queue.retry_failed_notifications()
    await shop.pass_time(minutes=1)
    ready = advanced(order, "ready")
    await shop.see(ready)
    row = await shop.message(ready, NotificationType.READY)
    await shop.messenger.emit(Receipt(row.message_id, Evidence.READ, shop.clock.now()))
    await say(shop, "VOLTAR", RUI)


def test_every_event_is_published_after_its_commit() -> None:
    async def story(shop: Shop) -> None:
        assert isinstance(shop.store, MemoryStore)
        disk, heard = shop.store, list[tuple[Event, MemoryStore]]()
        shop.core.bus.subscribe(Event, lambda event: heard.append((event, disk.copy())))
        await _busy_day(shop)
        kinds = {type(event) for event, _ in heard}
        assert kinds >= {
            OrderChanged,
            NotificationQueued,
            NotificationChanged,
            ReplyArrived,
            RepliesRead,
            QueuePaused,
        }
        early = [
            event
            for event, found in heard
            if not await found.read(lambda rows, event=event: _is_on_disk(rows, event))  # type: ignore[misc]
        ]
        assert early == []

    in_shop(story)
