"""Requests and results of the message service; the design's records."""

from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.errors import InvalidPhoneError, RefusalError
from app.domain.identifiers import MessageId, NotificationId, OrderId
from app.domain.notification import Suppression
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.services.notifications.records import EnqueueResult


@dataclass(frozen=True, slots=True)
class NotificationRequest:
    """Request for a message; `by_person` marks a click, not an automatic trigger.

    Phone, name and details come from the stored order. `suppressed` records the message as deliberately not sent;
    `wait` keeps it from going out at once.
    """

    order_id: OrderId
    notification_type: NotificationType
    by_person: bool = True
    suppressed: Suppression | None = None
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class NotificationResult:
    """Result of a request: `success` means that the queue has it on disk, `trouble` is for a person to solve first."""

    success: bool
    message_id: MessageId | None = None
    trouble: RefusalError | None = None
    retry_count: int = 0
    notification_id: NotificationId | None = None

    @property
    def error(self) -> str | None:
        """Code of the refusal, by which its sentence is found."""
        return self.trouble.code if self.trouble else None


def queued_result(placed: EnqueueResult) -> NotificationResult:
    notification = placed.notification
    return NotificationResult(
        success=True,
        message_id=notification.message_id,
        retry_count=max(notification.attempts - 1, 0),
        notification_id=notification.id,
    )


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Result of a phone check; `reason` is one of those of InvalidPhoneError."""

    valid: bool
    phone: Phone | None = field(default=None)
    reason: str | None = None

    def phone_or_raise(self) -> Phone:
        """Return the phone; raises InvalidPhoneError with the reason."""
        if self.phone is None:
            raise InvalidPhoneError(reason=self.reason or "not_a_number")
        return self.phone
