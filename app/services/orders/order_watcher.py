"""Order watcher: turns order changes into notifications, in the transaction that stores the order."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.errors import CocoLokoError, RefusalError, TemplateInactiveError
from app.domain.events import NotificationChanged, OrderChanged, ProblemReported
from app.domain.notification import Notification, State
from app.domain.order import NotificationType, Order
from app.domain.order_merge import merge_order, without_content
from app.domain.order_status import goes_back
from app.domain.queue_policy import QueuePolicy
from app.domain.stage_policy import PolicyContext, is_ended, is_past_retention, messages_due
from app.ports.clock import Clock
from app.ports.order_feed import OrderFeed
from app.ports.store import Rows, Store
from app.services.background_tasks import run_with_retries
from app.services.event_bus import EventBus
from app.services.messaging.records import NotificationRequest
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import EnqueueResult
from app.services.notifications.suppression import is_independent_of_order

_log = logging.getLogger(__name__)

# An order's items come after the order itself (A6).
_ITEMS_WITHIN = timedelta(seconds=5)
KNOWN_SINCE = "orders_known_since"
"""Setting with the time since when orders are followed; empty if the first sync is to be repeated."""
_BATCH = 200


@dataclass(slots=True)
class OrderChanges:
    """Changes made by one order; published only after the commit."""

    orders: list[Order] = field(default_factory=list)
    enqueued: list[EnqueueResult] = field(default_factory=list)
    changed: list[Notification] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class OrderWatcher:
    """Commits order and notification together: atomic, so that no crash can keep one without the other (A1)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        messages: WhatsAppMessageService,
        queue: NotificationQueueManager,
        policy: Callable[[], QueuePolicy],
        retention: Callable[[], timedelta],
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self.messages, self._queue, self._policy = messages, queue, policy
        self._retention = retention

    async def watch(self, feed: OrderFeed) -> None:
        """Store orders until the feed ends; one that fails is reported, and those behind it are still stored."""
        async for order in feed.orders():
            wait = timedelta(0) if order.items else _ITEMS_WITHIN
            try:
                await run_with_retries(partial(self.store_and_notify, order, wait=wait), self._clock)
            except Exception as error:  # noqa: BLE001 - around one order of a source
                _log.exception("order_failed", extra={"order": order.id, "error": type(error).__name__})
                code = error.code if isinstance(error, CocoLokoError) else CocoLokoError.code
                self._bus.publish(ProblemReported(code))

    async def catch_up(self, orders: Sequence[Order]) -> None:
        """Store a source's present orders; at the first sync their stages are suppressed, not sent (A4)."""
        for start in range(0, max(len(orders), 1), _BATCH):
            batch, last = orders[start : start + _BATCH], start + _BATCH >= len(orders)
            changes = await self._store.transact(partial(self._apply_batch, orders=batch, last=last))
            self.publish(changes)

    async def store_and_notify(
        self, order: Order, *, wait: timedelta = timedelta(0), by_click: bool = False
    ) -> None:
        """Store the order as it is now; its stage's message is queued unless it was before.

        `wait` delays an automatic message: until the items may have come, or while a click can be undone.
        """
        changes = await self._store.transact(lambda rows: self.apply(rows, order, wait))
        self.publish(changes, by_click=by_click)

    def apply(self, rows: Rows, order: Order, wait: timedelta = timedelta(0)) -> OrderChanges:
        """Run `store_and_notify` inside the caller's transaction; the caller publishes after the commit."""
        return self._apply(rows, order, wait, first_sync=False)

    def _apply_batch(self, rows: Rows, *, orders: Iterable[Order], last: bool) -> OrderChanges:
        first_sync = not rows.settings.get(KNOWN_SINCE)
        changes = OrderChanges()
        for order in orders:
            one = self._apply(rows, order, timedelta(0), first_sync=first_sync)
            changes.orders += one.orders
            changes.enqueued += one.enqueued
            changes.changed += one.changed
            changes.problems += one.problems
        if last and first_sync:
            rows.settings.set(KNOWN_SINCE, self._clock.now().isoformat())
        return changes

    def _apply(self, rows: Rows, order: Order, wait: timedelta, *, first_sync: bool) -> OrderChanges:
        at = self._clock.now()
        context = replace(self._policy().context(at, first_sync=first_sync), retention=self._retention())
        before = rows.orders.get(order.id)
        order = merge_order(before, order, _claimed_by(rows, order))
        if before is None and _is_long_past(rows, order, context):
            order = without_content(order)
        rows.orders.save(order, self.messages.phone_of(order))
        known = rows.notifications.of_order(order.id)
        changes = OrderChanges([order])
        if is_ended(order):
            changes.changed = _cancelled(rows, known, at)
            return changes
        if before and _content(before) != _content(order):
            changes.changed = self._renewed(rows, before, order, known, at)
            self._readdress(rows, order, known, at, changes)
        if before is None or not goes_back(before, order):
            self._enqueue_due(rows, order, known, context, wait, changes)
        return changes

    def _enqueue_due(
        self,
        rows: Rows,
        order: Order,
        known: Sequence[Notification],
        context: PolicyContext,
        wait: timedelta,
        changes: OrderChanges,
    ) -> None:
        for planned in messages_due(order, known, context):
            request = NotificationRequest(
                order.id, planned.type, by_person=False, suppressed=planned.suppressed, wait=wait
            )
            try:
                changes.enqueued.append(self.messages.enqueue_within(rows, request))
            except TemplateInactiveError:
                continue  # the shop does not want this stage announced
            except RefusalError as error:
                changes.problems.append(error.code)

    def _renewed(
        self, rows: Rows, before: Order, order: Order, known: Sequence[Notification], at: datetime
    ) -> list[Notification]:
        """Update text and number of messages that have not begun to leave.

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
        renewed = [self._from_its_sender(rows, row, self.messages.renewed(row, order, at)) for row in unsent]
        if items_came:
            renewed = [replace(row, scheduled_at=at) for row in renewed]
        for row in renewed:
            rows.notifications.rewrite(row)
        return renewed

    def _readdress(
        self, rows: Rows, order: Order, known: Sequence[Notification], at: datetime, changes: OrderChanges
    ) -> None:
        """Replace a message that would be repeated to a wrong number (Q4).

        It may have left already.
        """
        phone = self.messages.phone_of(order)
        if phone is None:
            return
        for row in known:
            if _waits_for_repeat(row) and not rows.identities.same(row.phone, phone):
                try:
                    cancelled, placed = self._queue.readdress(rows, row, phone, at)
                except RefusalError as error:
                    changes.problems.append(error.code)
                    continue
                changes.changed.append(cancelled)
                changes.enqueued.append(placed)

    def _from_its_sender(self, rows: Rows, row: Notification, renewed: Notification) -> Notification:
        """Reassign the sender for another customer (Q9); a row leased by a worker stays with it."""
        if renewed.phone == row.phone or renewed.state is not State.PENDING or row.lease:
            return renewed
        return replace(renewed, session_id=self._queue.sender_of(rows, renewed.phone))

    def publish(self, changes: OrderChanges, *, by_click: bool = False) -> None:
        """Publish changes that are on disk."""
        self._bus.publish(*map(OrderChanged, changes.orders))
        for placed in changes.enqueued:
            self._queue.publish_enqueued(placed, by_click=by_click)
        self._bus.publish(*map(NotificationChanged, changes.changed), *map(ProblemReported, changes.problems))
        if changes.changed:
            self._queue.wake()


def _claimed_by(rows: Rows, order: Order) -> list[str]:
    """Return the addresses of customers who wrote about an order whose source knows no number."""
    if order.has_phone:
        return []
    return [each.phone.text for each in rows.consents.of_order(order.id) if not each.is_erased]


def _is_long_past(rows: Rows, order: Order, context: PolicyContext) -> bool:
    """Return whether the clock and the stored orders agree that its retention is over (X6).

    A clock that is set far ahead must not erase an order that comes in today.
    """
    if not is_past_retention(order, context):
        return False
    newest = rows.orders.latest(1)
    return bool(newest) and is_past_retention(order, replace(context, now=newest[0].created_at))


def _waits_for_repeat(row: Notification) -> bool:
    """Return whether the row is retried, or its doubt may be repeated, automatically."""
    open_doubt = row.state is State.IN_DOUBT and row.given_up_at is None
    waits = open_doubt or (row.state is State.PENDING and row.sending_at is not None)
    return waits and not row.is_erased and not is_independent_of_order(row)


def _cancelled(rows: Rows, known: Sequence[Notification], at: datetime) -> list[Notification]:
    """Cancel pending messages of an ended order (A5); a person's answer still goes out."""
    waiting = (row for row in known if row.state is State.PENDING and not is_independent_of_order(row))
    cancelled = [row.cancelled(at) for row in waiting]
    for row in cancelled:
        rows.notifications.save(row)
    return cancelled


def _content(order: Order) -> tuple[object, ...]:
    """Return all fields that a message may contain or that decide its recipient."""
    return (
        order.customer_name,
        order.customer_phone,
        order.number,
        order.items,
        order.total,
        order.table_number,
        order.notes,
    )
