"""Turns what happens to an order into notifications, in the transaction that stores the order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.announcement import Situation, is_over, verdicts
from app.domain.errors import TellPersonError, TemplateInactiveError
from app.domain.events import NotificationMoved, OrderSeen, TroubleReported
from app.domain.notification import Notification, State
from app.domain.order import NotificationType, Order
from app.ports.clock import Clock
from app.ports.order_feed import OrderFeed
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.records import NotificationRequest
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.queue_policy import QueuePolicy
from app.services.notifications.records import Placed

# An order's items come after the order itself (A6).
_ITEMS_WITHIN = timedelta(seconds=5)
KNOWN_SINCE = "orders_known_since"
"""The setting that says since when orders are followed; empty where they are to be met for the first time again."""
_BATCH = 200


@dataclass(slots=True)
class Changes:
    """What one look at an order changed; told only after the commit."""

    orders: list[Order] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    moved: list[Notification] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


class OrderWatcher:
    """Order and notification are one commit, so that no crash can keep one without the other (A1)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        messages: WhatsAppMessageService,
        queue: NotificationQueueManager,
        policy: QueuePolicy,
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._messages, self._queue, self._policy = messages, queue, policy

    async def watch(self, feed: OrderFeed) -> None:
        """Until the feed ends."""
        async for order in feed.orders():
            await self.seen(order, wait=timedelta(0) if order.items else _ITEMS_WITHIN)

    async def catch_up(self, orders: Sequence[Order]) -> None:
        """Orders as a source has them now; the very first time, what they have reached is old news (A4)."""
        for start in range(0, max(len(orders), 1), _BATCH):
            batch, last = orders[start : start + _BATCH], start + _BATCH >= len(orders)
            changes = await self._store.transact(partial(self._caught_up, orders=batch, last=last))
            self.tell(changes)

    async def seen(self, order: Order, *, wait: timedelta = timedelta(0), by_click: bool = False) -> None:
        """Store the order as it is now; its stage's message is queued unless it was before.

        `wait` keeps an automatic message back: until the items may have come, or while a click can be undone.
        """
        changes = await self._store.transact(lambda rows: self.look(rows, order, wait))
        self.tell(changes, by_click=by_click)

    def look(self, rows: Rows, order: Order, wait: timedelta = timedelta(0)) -> Changes:
        """`seen` inside the caller's transaction; the caller tells of it after the commit."""
        return self._look(rows, order, wait, first_sync=False)

    def _caught_up(self, rows: Rows, *, orders: Iterable[Order], last: bool) -> Changes:
        first_sync = not rows.settings.get(KNOWN_SINCE)
        changes = Changes()
        for order in orders:
            one = self._look(rows, order, timedelta(0), first_sync=first_sync)
            changes.orders += one.orders
            changes.placed += one.placed
            changes.moved += one.moved
            changes.troubles += one.troubles
        if last and first_sync:
            rows.settings.set(KNOWN_SINCE, self._clock.now().isoformat())
        return changes

    def _look(self, rows: Rows, order: Order, wait: timedelta, *, first_sync: bool) -> Changes:
        before = rows.orders.get(order.id)
        order = order if order.has_phone else _with_its_customer(rows, order, before)
        rows.orders.save(order)
        known = rows.notifications.of_order(order.id)
        at = self._clock.now()
        changes = Changes([order])
        if is_over(order):
            changes.moved = _cancelled(rows, known, at)
            return changes
        if before and _content(before) != _content(order):
            changes.moved = self._renewed(rows, before, order, known, at)
        self._announce(rows, order, known, self._policy.situation(at, first_sync=first_sync), wait, changes)
        return changes

    def _announce(
        self,
        rows: Rows,
        order: Order,
        known: Sequence[Notification],
        situation: Situation,
        wait: timedelta,
        changes: Changes,
    ) -> None:
        for verdict in verdicts(order, known, situation):
            request = NotificationRequest(
                order.id, verdict.type, by_person=False, suppressed=verdict.suppressed, wait=wait
            )
            try:
                changes.placed.append(self._messages.place(rows, request))
            except TemplateInactiveError:
                continue  # the shop does not want this stage announced
            except TellPersonError as error:
                changes.troubles.append(error.code)

    def _renewed(
        self, rows: Rows, before: Order, order: Order, known: Sequence[Notification], at: datetime
    ) -> list[Notification]:
        """What has not begun to leave says, and goes to, what the order says now.

        A message that waited for the items waits no longer (A6).
        """
        items_came = bool(order.items) and not before.items
        unsent = [
            row
            for row in known
            if row.state is State.PENDING
            and row.sending_at is None
            and row.type is not NotificationType.REPLY
        ]
        renewed = [self._from_its_sender(rows, row, self._messages.renewed(row, order, at)) for row in unsent]
        if items_came:
            renewed = [replace(row, scheduled_at=at) for row in renewed]
        for row in renewed:
            rows.notifications.rewrite(row)
        return renewed

    def _from_its_sender(self, rows: Rows, row: Notification, renewed: Notification) -> Notification:
        """Another customer may hear from another number of the shop (Q9); what a worker holds already stays with it."""
        if renewed.phone == row.phone or renewed.state is not State.PENDING or row.lease:
            return renewed
        return replace(renewed, session_id=self._queue.sender_of(rows, renewed.phone))

    def tell(self, changes: Changes, *, by_click: bool = False) -> None:
        """What was looked at is on disk."""
        self._bus.publish(*map(OrderSeen, changes.orders))
        for placed in changes.placed:
            self._queue.announce(placed, by_click=by_click)
        self._bus.publish(*map(NotificationMoved, changes.moved), *map(TroubleReported, changes.troubles))
        if changes.moved:
            self._queue.wake()


def _with_its_customer(rows: Rows, order: Order, before: Order | None) -> Order:
    """Where it comes from nobody knows its number; a customer who wrote about it keeps it all the same.

    Of several, the one that it has: a person at the counter chose among them.
    """
    wrote = [each.phone.number for each in rows.consents.of_order(order.id) if not each.emptied]
    if before and before.customer_phone in wrote:
        return replace(order, customer_phone=before.customer_phone)
    return replace(order, customer_phone=wrote[-1]) if wrote else order


def _cancelled(rows: Rows, known: Sequence[Notification], at: datetime) -> list[Notification]:
    """Nobody is told about an order that is no more (A5); what a person answers still goes out."""
    cancelled = [
        replace(row.moved(State.CANCELLED, at), lease=None)
        for row in known
        if row.state is State.PENDING and row.type is not NotificationType.REPLY
    ]
    for row in cancelled:
        rows.notifications.save(row)
    return cancelled


def _content(order: Order) -> tuple[object, ...]:
    """All that a message may say of an order, and whom it goes to."""
    return (
        order.customer_name,
        order.customer_phone,
        order.number,
        order.items,
        order.total,
        order.table_number,
        order.notes,
    )
