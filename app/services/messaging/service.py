"""Message service: turns a request for a message to a customer into a row of the queue."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.account import CouldNotAsk
from app.domain.errors import (
    InvalidPhoneError,
    NoNumberError,
    NotAllowedNowError,
    NotConnectedError,
    OrderEndedError,
    RefusalError,
    SupersededError,
    UnknownNotificationError,
    UnknownOrderError,
)
from app.domain.identifiers import OrderId, SessionId, notification_id
from app.domain.lid import Address
from app.domain.notification import UNFINISHED, Notification, State, Suppression
from app.domain.order import NotificationType, Order
from app.domain.phone import NO_PHONE
from app.domain.stage_policy import has_later_stage, is_ended
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.records import (
    NotificationRequest,
    NotificationResult,
    ValidationResult,
    queued_result,
)
from app.services.notifications.contact_history import record_trusted
from app.services.notifications.order_phone import known_phone_of, phone_of_order
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import EnqueueResult, QueuedNotification
from app.services.templates.manager import MessageTemplateManager

# Another click cannot send these: a person retries, settles the doubt, or resends on purpose.
_NEEDS_ANOTHER_ACT = frozenset(
    {State.FAILED, State.IN_DOUBT, State.SUPPRESSED, State.CANCELLED, State.HANDED_OVER}
)


@dataclass(frozen=True, slots=True)
class WhatsAppMessageService:
    """Use cases of sending; each request is one transaction."""

    store: Store
    queue: NotificationQueueManager
    templates: MessageTemplateManager
    phone_numbers: PhoneNumbers
    number_check: NumberCheck
    clock: Clock
    entropy: Entropy
    session_id: SessionId
    undo_window: Callable[[], timedelta] = timedelta
    """Time in which a person can take a click back (Q7)."""

    async def send_notification(self, request: NotificationRequest) -> NotificationResult:
        """Queue the message of an order's stage; a refusal that a person can solve is returned as `error`."""
        try:
            placed = await self.store.transact(lambda rows: self.enqueue_within(rows, request))
        except RefusalError as error:
            return NotificationResult(success=False, trouble=error)
        self.queue.publish_enqueued(placed, by_click=request.by_person)
        return queued_result(placed)

    def enqueue_within(self, rows: Rows, request: NotificationRequest) -> EnqueueResult:
        """Run `send_notification` inside the caller's transaction; raises RefusalError, publishes no event."""
        order = rows.orders.get(request.order_id)
        if order is None:
            raise UnknownOrderError
        if request.by_person:
            _refuse_untimely(order, rows.notifications.of_order(order.id), request.notification_type)
        placed = self.queue.enqueue_within(rows, self._queued(order, request, 1), by_person=request.by_person)
        if request.by_person and placed.notification.state in _NEEDS_ANOTHER_ACT:
            raise NotAllowedNowError(state=placed.notification.state)
        return placed

    async def resend(self, request: NotificationRequest) -> NotificationResult:
        """Send the same message once more, on purpose: a new row, after the last one has ended (Q6).

        A stage that a later one has superseded is not sent again (A3).
        """
        try:
            placed = await self.store.transact(lambda rows: self.resend_within(rows, request))
        except RefusalError as error:
            return NotificationResult(success=False, trouble=error)
        self.queue.publish_enqueued(placed, by_click=True)
        return queued_result(placed)

    def text_of(self, order: Order, notification_type: NotificationType) -> str:
        """Render the text that the customer would receive now."""
        return self.templates.render_template(self.templates.get_template(notification_type), order)

    def renewed(self, row: Notification, order: Order, at: datetime) -> Notification:
        """Return an unsent message with its order's present text and phone.

        Unsent means that it has not begun to leave.
        """
        phone = self.phone_of(order)
        if phone is None:
            return row.suppressed(Suppression.INVALID_PHONE, at)
        renewed = replace(row, phone=phone, changed_at=at)
        # If the type has no text to send any more, or no text would be left, the message keeps its own.
        with suppress(RefusalError):
            return renewed.reworded(self.text_of(order, row.type), phone)
        return renewed

    def phone_of(self, order: Order) -> Address | None:
        """Return the order's address; None if the typed text is no number."""
        return known_phone_of(self.phone_numbers, order)

    def resend_within(self, rows: Rows, request: NotificationRequest) -> EnqueueResult:
        """Run `resend` inside the caller's transaction; raises RefusalError, publishes no event."""
        order = rows.orders.get(request.order_id)
        if order is None:
            raise UnknownOrderError
        known = rows.notifications.of_order(order.id)
        same = [row for row in known if row.type is request.notification_type]
        if not same:
            raise UnknownNotificationError
        _refuse_untimely(order, known, request.notification_type)
        if any(row.state in UNFINISHED for row in same):
            raise NotAllowedNowError(state=same[-1].state)
        occurrence = max(row.occurrence for row in same) + 1
        return self.queue.enqueue_within(rows, self._queued(order, request, occurrence), by_person=True)

    def _queued(self, order: Order, request: NotificationRequest, occurrence: int) -> QueuedNotification:
        """Build the row; an impossible phone is refused to a person, but recorded for an automatic trigger (P1)."""
        text = self.text_of(order, request.notification_type)
        suppressed = request.suppressed
        phone: Address
        try:
            phone = phone_of_order(self.phone_numbers, order)
        except InvalidPhoneError:
            if request.by_person:
                raise
            phone, suppressed = NO_PHONE, suppressed or Suppression.INVALID_PHONE
        now = self.clock.now()
        return QueuedNotification(
            id=notification_id(order.id, request.notification_type, occurrence),
            order_id=order.id,
            customer_phone=phone,
            message=text,
            notification_type=request.notification_type,
            scheduled_at=now + (self.undo_window() if request.by_person else request.wait),
            session_id=self.session_id,
            occurrence=occurrence,
            stage_at=now if request.by_person else order.stage_at or now,
            suppressed=suppressed,
        )

    async def send_custom_message(
        self, phone: str, message: str, idempotency_key: UUID | None = None
    ) -> NotificationResult:
        """Queue a free text to a number as typed; idempotent: the same key again returns the same message."""
        try:
            queued = self._custom(self.phone_numbers.parse(phone), message, idempotency_key)
            return queued_result(await self.queue.enqueue(queued))
        except RefusalError as error:
            return NotificationResult(success=False, trouble=error)

    async def write_to_customer(self, order_id: OrderId, message: str) -> NotificationResult:
        """Queue a free text to the number that the order has at that moment."""

        def work(rows: Rows) -> EnqueueResult:
            order = rows.orders.get(order_id)
            if order is None:
                raise UnknownOrderError
            queued = self._custom(phone_of_order(self.phone_numbers, order), message)
            return self.queue.enqueue_within(rows, queued, by_person=True)

        try:
            placed = await self.store.transact(work)
        except RefusalError as error:
            return NotificationResult(success=False, trouble=error)
        self.queue.publish_enqueued(placed)
        return queued_result(placed)

    def enqueue_test_within(self, rows: Rows, message: str) -> EnqueueResult:
        """Queue a text from the shop's number to itself, inside the caller's transaction (T6); publishes no event.

        Raises NoNumberError, OptedOutError, and those of `outgoing_text`.
        """
        session = rows.sessions.get(self.session_id)
        if session is None or not session.paired or session.phone is None:
            raise NoNumberError
        # The limits of first contacts are about strangers, and a number is none to itself.
        record_trusted(rows, session.phone, self.session_id, self.clock.now())
        contact = rows.contacts.get(session.phone)
        if contact and contact.session_id != self.session_id:
            # Another number of the shop must not be the sender: the phone's own copy proves that it arrived.
            rows.contacts.save(session.phone, replace(contact, session_id=self.session_id))
        own_id = self.entropy.uuid()
        queued = QueuedNotification(
            id=notification_id(OrderId(str(own_id)), NotificationType.TEST, 1),
            order_id=None,
            customer_phone=session.phone,
            message=message,
            notification_type=NotificationType.TEST,
            scheduled_at=self.clock.now(),
            session_id=self.session_id,
        )
        return self.queue.enqueue_within(rows, queued, by_person=True)

    def validate_phone_number(self, phone: str) -> ValidationResult:
        try:
            return ValidationResult(valid=True, phone=self.phone_numbers.parse(phone))
        except InvalidPhoneError as error:
            return ValidationResult(valid=False, reason=str(error.facts.get("reason", "not_a_number")))

    async def check_whatsapp_exists(self, phone: str) -> bool:
        """Return whether the number has WhatsApp (P2).

        Raises InvalidPhoneError, and NotConnectedError if WhatsApp cannot be asked now.
        """
        answer = await self.number_check.account_of(self.session_id, self.phone_numbers.parse(phone))
        if isinstance(answer, CouldNotAsk):
            raise NotConnectedError
        return answer is not None

    def _custom(self, phone: Address, message: str, key: UUID | None = None) -> QueuedNotification:
        own_id = key or self.entropy.uuid()
        return QueuedNotification(
            id=notification_id(OrderId(str(own_id)), NotificationType.CUSTOM, 1),
            order_id=None,
            customer_phone=phone,
            message=message,
            notification_type=NotificationType.CUSTOM,
            scheduled_at=self.clock.now(),
            session_id=self.session_id,
        )


def _refuse_untimely(order: Order, known: Sequence[Notification], kind: NotificationType) -> None:
    """Refuse a person's message that is outdated: raise OrderEndedError or SupersededError."""
    if is_ended(order):
        raise OrderEndedError
    if has_later_stage(known, kind):
        raise SupersededError
