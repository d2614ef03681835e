"""Acts of a person that end an order's being untold: send again, hand over, correct the phone (C7, C9)."""

from dataclasses import dataclass, field
from typing import Final

from app.domain.claim_text import text_link
from app.domain.errors import (
    InvalidPhoneError,
    NotAllowedNowError,
    UnknownNotificationError,
)
from app.domain.events import NotificationChanged
from app.domain.identifiers import OrderId
from app.domain.notification import TOLD, HandOver, Notification, State
from app.domain.order import Order
from app.domain.phone import NO_PHONE, Phone
from app.domain.untold import told_stage
from app.ports.clock import Clock
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.records import NotificationRequest
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.suppression import raise_if_opted_out, supersede_earlier_stages
from app.services.orders.order_entry import known_order
from app.services.orders.order_linking import OrderLinking
from app.services.orders.order_watcher import OrderChanges, OrderWatcher

_NEEDS_NO_ACT: Final = TOLD | {State.PENDING, State.SENDING, State.HANDED_OVER}


@dataclass(frozen=True, slots=True)
class HandedOverText:
    """Text that a person sends by hand, and the link that opens WhatsApp with it."""

    link: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderTelling:
    """Acts on the message of the stage that an order has reached."""

    store: Store
    bus: EventBus
    clock: Clock
    phone_numbers: PhoneNumbers
    watcher: OrderWatcher
    linking: OrderLinking
    messages: WhatsAppMessageService
    queue: NotificationQueueManager

    async def send_again(self, order_id: OrderId) -> None:
        """Queue the stage's message again, whatever ended it; a doubt is settled elsewhere.

        Raises UnknownOrderError, NotAllowedNowError for a message on its way or told, and the refusals of `retry`,
        `send_notification` and `resend`.
        """
        _, row = await self.store.read(lambda rows: _present(rows, order_id))
        if row is not None and row.state in TOLD | {State.SENDING, State.HANDED_OVER}:
            # A second click, or a program that repeats itself, must not tell the customer twice.
            raise NotAllowedNowError(state=row.state)
        await self._send(order_id)

    async def _send(self, order_id: OrderId) -> None:
        order, row = await self.store.read(lambda rows: _present(rows, order_id))
        if row is not None and row.state is State.FAILED:
            await self.queue.retry(row.id)
            return
        stage = told_stage(order)
        if stage is None:
            raise NotAllowedNowError(state=order.status)
        request = NotificationRequest(order.id, stage)
        began = row is not None and row.sending_at is not None
        result = await (self.messages.resend if began else self.messages.send_notification)(request)
        if result.trouble:
            raise result.trouble

    async def hand_over(self, order_id: OrderId) -> HandedOverText:
        """Mark the stage's message as sent by hand, and return its text and link; it is never sent again (C7).

        Raises OptedOutError, InvalidPhoneError where no number is known, and the errors of `mark_told`.
        """

        def work(rows: Rows) -> tuple[HandedOverText, list[Notification]]:
            order, row = _present(rows, order_id)
            phone = self.messages.phone_of(order)
            if not isinstance(phone, Phone) or phone == NO_PHONE:
                raise InvalidPhoneError(reason="not_a_number")
            raise_if_opted_out(rows, phone)
            changed = self._handed_over(rows, row, HandOver.BY_LINK)
            text = changed[0].text or self.messages.text_of(order, changed[0].type)
            return HandedOverText(text_link(phone, text), text), changed

        handed, changed = await self.store.transact(work)
        self._publish(changed)
        return handed

    async def mark_told(self, order_id: OrderId) -> None:
        """Mark the stage's message as told in person; it is never sent (C9).

        Raises UnknownOrderError, UnknownNotificationError, and NotAllowedNowError for a message on its way or told.
        """
        self._publish(
            await self.store.transact(
                lambda rows: self._handed_over(rows, _present(rows, order_id)[1], HandOver.IN_PERSON)
            )
        )

    async def correct_phone(self, order_id: OrderId, typed: str) -> None:
        """Give the order another number, and have its customer told of the present stage there (P1, C9).

        A message that went to another customer's number is sent again. Raises InvalidPhoneError, UnknownOrderError,
        and the refusals of `send_again`.
        """
        phone = self.phone_numbers.parse(typed)

        def work(rows: Rows) -> tuple[OrderChanges, bool]:
            order = known_order(rows, order_id)
            changes = self.linking.link(rows, order, phone)
            _, row = _present(rows, order_id)
            if row is None:
                return changes, False
            astray = not rows.identities.same(row.phone, phone)
            if row.state is State.IN_DOUBT:
                if astray:
                    self._readdress(rows, row, changes)
                return changes, False
            return changes, astray if row.state in _NEEDS_NO_ACT else True

        changes, is_due = await self.store.transact(work)
        self.watcher.publish(changes)
        if is_due:
            await self._send(order_id)

    def _readdress(self, rows: Rows, row: Notification, changes: OrderChanges) -> None:
        """Queue a copy of a doubtful message to the order's present number."""
        phone = self.messages.phone_of(known_order(rows, row.order_id or OrderId("")))
        if phone is not None:
            cancelled, placed = self.queue.readdress(rows, row, phone, self.clock.now())
            changes.changed.append(cancelled)
            changes.enqueued.append(placed)

    def _handed_over(self, rows: Rows, row: Notification | None, way: HandOver) -> list[Notification]:
        """Save and return the message as handed over, with the earlier stages that it supersedes."""
        if row is None:
            raise UnknownNotificationError
        if row.state in TOLD | {State.SENDING, State.HANDED_OVER} or row.lease is not None:
            raise NotAllowedNowError(state=row.state)
        at = self.clock.now()
        handed = row.handed_over(way, at)
        rows.notifications.save(handed)
        return [handed, *supersede_earlier_stages(rows, handed, at)]

    def _publish(self, changed: list[Notification]) -> None:
        self.bus.publish(*map(NotificationChanged, changed))
        self.queue.wake()


def _present(rows: Rows, order_id: OrderId) -> tuple[Order, Notification | None]:
    """Return the order, and the latest message of the stage that it has reached; raises UnknownOrderError."""
    order = known_order(rows, order_id)
    stage = told_stage(order)
    same = [row for row in rows.notifications.of_order(order_id) if row.type is stage]
    return order, max(same, key=lambda row: row.occurrence, default=None)
