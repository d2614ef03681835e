"""Orders of the counter: typed in here, moved through their stages and back."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.errors import (
    AlreadySentError,
    NotAllowedNowError,
    OrderMovedError,
    RefusalError,
    UnknownOrderError,
)
from app.domain.events import OrderStepTaken
from app.domain.identifiers import NotificationId, OrderId
from app.domain.notification import Notification, State, Suppression
from app.domain.order import Order, stage_of
from app.domain.order_status import order_in_status, order_set_back, status_before
from app.domain.order_step import OrderStep
from app.domain.visible_text import is_blank
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.records import NotificationRequest
from app.services.orders.order_watcher import OrderChanges, OrderWatcher

_WITHDRAWN = frozenset({State.CANCELLED, State.SUPPRESSED})


class OrderEntry:
    """Moves of orders, each through the watcher, in one transaction with the reads behind it."""

    def __init__(
        self,
        store: Store,
        watcher: OrderWatcher,
        bus: EventBus,
        clock: Clock,
        phone_numbers: PhoneNumbers,
        entropy: Entropy,
        undo_window: Callable[[], timedelta],
    ) -> None:
        self._store, self._watcher, self._phone_numbers = store, watcher, phone_numbers
        self._bus, self._clock = bus, clock
        self._entropy, self._undo_window = entropy, undo_window

    def new_id(self) -> OrderId:
        """Return the id of an order about to be typed in; it makes sending a form twice idempotent."""
        return OrderId(str(self._entropy.uuid()))

    async def add(self, order: Order) -> None:
        """Save a typed-in order; raises InvalidPhoneError before it is stored (P1).

        An order without a phone is saved as well: the customer may write first, and so give it. The same order saved
        again keeps its first creation time.
        """
        if not is_blank(order.customer_phone):
            self._phone_numbers.parse(order.customer_phone)

        def work(rows: Rows) -> OrderChanges:
            known = rows.orders.get(order.id)
            made_at = known.created_at if known else order.created_at
            return self._watcher.apply(rows, replace(order, created_at=made_at))

        self._watcher.publish(await self._store.transact(work))

    async def advance(self, order_id: OrderId, status: str) -> Order:
        """Move an order to `status`, with time to undo it; publishes OrderStepTaken (Q7).

        Raises UnknownOrderError, OrderEndedError, OrderAheadError.
        """

        window = self._undo_window()

        def work(rows: Rows) -> tuple[Order, OrderChanges]:
            known = known_order(rows, order_id)
            changes = self._watcher.apply(rows, order_in_status(known, status), window)
            if known.status != status:
                self._revive(rows, changes)
            return known, changes

        known, changes = await self._store.transact(work)
        self._watcher.publish(changes, by_click=True)
        if window and known.status != status:
            self._bus.publish(OrderStepTaken(self._step(known, changes, window)))
        return changes.orders[0]

    async def undo(self, step: OrderStep) -> Order:
        """Undo a step: its message does not go, and the order has the status before it (Q7).

        Messages that the step had superseded wait again. Raises AlreadySentError, OrderMovedError, UnknownOrderError.
        """
        at = self._clock.now()

        def work(rows: Rows) -> OrderChanges:
            known = known_order(rows, step.order_id)
            row = rows.notifications.get(step.message) if step.message else None
            if row and row.state not in _WITHDRAWN and not _can_be_withdrawn(row):
                raise AlreadySentError
            if known.status != step.after:
                raise OrderMovedError
            changes = self._watcher.apply(rows, order_set_back(known, step.before, step.stage_at))
            changes.changed += _withdrawn(rows, [row] if row else [], at)
            changes.changed += _restored(rows, step.superseded, at)
            return changes

        return await self._publish(work)

    async def step_back(self, order_id: OrderId) -> Order:
        """Move an order one stage back; a message of the stage it leaves is cancelled if it has not left.

        Raises UnknownOrderError, and NotAllowedNowError where no stage can be taken back.
        """
        at = self._clock.now()

        def work(rows: Rows) -> OrderChanges:
            known = known_order(rows, order_id)
            before, stage = status_before(known.status), stage_of(known)
            if before is None or known.deleted:
                raise NotAllowedNowError(state=known.status)
            changes = self._watcher.apply(rows, order_set_back(known, before))
            left = [row for row in rows.notifications.of_order(order_id) if row.type is stage]
            changes.changed += _withdrawn(rows, left, at)
            return changes

        return await self._publish(work)

    async def _publish(self, work: Callable[[Rows], OrderChanges]) -> Order:
        changes = await self._store.transact(work)
        self._watcher.publish(changes)
        return changes.orders[0]

    def _revive(self, rows: Rows, changes: OrderChanges) -> None:
        """Queue the stage's message again where an earlier click, taken back since, had made its row (A2)."""
        order = changes.orders[0]
        stage = stage_of(order)
        if stage is None or any(placed.notification.type is stage for placed in changes.enqueued):
            return
        with suppress(RefusalError):
            changes.enqueued.append(
                self._watcher.messages.enqueue_within(rows, NotificationRequest(order.id, stage))
            )

    def _step(self, before: Order, changes: OrderChanges, window: timedelta) -> OrderStep:
        after = changes.orders[0]
        fresh = [placed for placed in changes.enqueued if placed.is_new]
        pending = [each.notification for each in fresh if each.notification.state is State.PENDING]
        message = next((row for row in pending if row.type is stage_of(after)), None)
        return OrderStep(
            order_id=after.id,
            number=after.number,
            before=before.status,
            after=after.status,
            undo_until=self._clock.now() + window,
            stage_at=before.stage_at,
            message=message.id if message else None,
            message_type=message.type if message else None,
            superseded=tuple(row.id for placed in fresh for row in placed.superseded),
        )


def known_order(rows: Rows, order_id: OrderId) -> Order:
    """Return the stored order; raises UnknownOrderError."""
    known = rows.orders.get(order_id)
    if known is None:
        raise UnknownOrderError
    return known


def _can_be_withdrawn(row: Notification) -> bool:
    return row.state is State.PENDING and row.lease is None


def _withdrawn(rows: Rows, messages: Sequence[Notification], at: datetime) -> list[Notification]:
    """Cancel, save and return those that have not left."""
    cancelled = [row.cancelled(at) for row in messages if _can_be_withdrawn(row)]
    for row in cancelled:
        rows.notifications.save(row)
    return cancelled


def _restored(rows: Rows, superseded: Sequence[NotificationId], at: datetime) -> list[Notification]:
    """Return superseded messages that never left to the queue, at their former times."""
    known = rows.notifications.get_all(superseded).values() if superseded else ()
    restored = [
        row.transitioned(State.PENDING, at)
        for row in known
        if row.reason == Suppression.SUPERSEDED and row.state is State.SUPPRESSED and row.sending_at is None
    ]
    for row in restored:
        rows.notifications.save(row)
    return restored
