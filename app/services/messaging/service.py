"""Turns a wish to tell a customer something into a message in the queue."""

from dataclasses import dataclass

from app.domain.account import CouldNotAsk
from app.domain.errors import InvalidPhoneError, NotConnectedError, TellPersonError, UnknownOrderError
from app.domain.identifiers import OrderId, SessionId, notification_id
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.records import NotificationRequest, NotificationResult, ValidationResult
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import Placed, QueuedNotification
from app.services.templates.manager import MessageTemplateManager


@dataclass(frozen=True, slots=True)
class WhatsAppMessageService:
    """Everything that belongs to one request happens in one transaction."""

    store: Store
    queue: NotificationQueueManager
    templates: MessageTemplateManager
    phone_numbers: PhoneNumbers
    number_check: NumberCheck
    clock: Clock
    entropy: Entropy
    session_id: SessionId

    async def send_notification(self, request: NotificationRequest) -> NotificationResult:
        """Queue the message of an order's stage; what a person must change comes back as `error`."""
        try:
            placed = await self.store.transact(lambda rows: self.place(rows, request))
        except TellPersonError as error:
            return NotificationResult(success=False, trouble=error)
        self.queue.announce(placed)
        return _result(placed)

    def place(self, rows: Rows, request: NotificationRequest) -> Placed:
        """`send_notification` inside the caller's transaction; raises TellPersonError, announces nothing."""
        order = rows.orders.get(request.order_id)
        if order is None:
            raise UnknownOrderError
        phone = self.phone_numbers.parse(order.customer_phone)
        template = self.templates.get_template(request.notification_type)
        queued = QueuedNotification(
            id=notification_id(order.id, request.notification_type, 1),
            order_id=order.id,
            customer_phone=phone,
            message=self.templates.render_template(template, order),
            notification_type=request.notification_type,
            scheduled_at=self.clock.now(),
            session_id=self.session_id,
        )
        return self.queue.place(rows, queued, by_person=request.by_person)

    async def send_custom_message(self, phone: str, message: str) -> NotificationResult:
        """Queue a text of one's own to a number as typed."""
        try:
            queued = self._custom(self.phone_numbers.parse(phone), message)
            return _result(await self.queue.enqueue(queued))
        except TellPersonError as error:
            return NotificationResult(success=False, trouble=error)

    def validate_phone_number(self, phone: str) -> ValidationResult:
        try:
            return ValidationResult(valid=True, phone=self.phone_numbers.parse(phone))
        except InvalidPhoneError as error:
            return ValidationResult(valid=False, reason=str(error.facts.get("reason", "not_a_number")))

    async def check_whatsapp_exists(self, phone: str) -> bool:
        """Raises InvalidPhoneError, and NotConnectedError where WhatsApp cannot be asked now (P2)."""
        answer = await self.number_check.account_of(self.session_id, self.phone_numbers.parse(phone))
        if isinstance(answer, CouldNotAsk):
            raise NotConnectedError
        return answer is not None

    def _custom(self, phone: Phone, message: str) -> QueuedNotification:
        text = self.templates.checked_text(message)
        own_id = self.entropy.uuid()
        return QueuedNotification(
            id=notification_id(OrderId(str(own_id)), NotificationType.CUSTOM, 1),
            order_id=None,
            customer_phone=phone,
            message=text,
            notification_type=NotificationType.CUSTOM,
            scheduled_at=self.clock.now(),
            session_id=self.session_id,
        )


def _result(placed: Placed) -> NotificationResult:
    notification = placed.notification
    return NotificationResult(
        success=True,
        message_id=notification.message_id,
        retry_count=max(notification.attempts - 1, 0),
        notification_id=notification.id,
    )
