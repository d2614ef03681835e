"""What goes into the queue and what one turn of it reports."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.identifiers import NotificationId, OrderId, SessionId
from app.domain.notification import Notification, Suppression
from app.domain.order import NotificationType
from app.domain.phone import Phone


@dataclass(frozen=True, slots=True)
class QueuedNotification:
    """The design's record: everything is decided, it only has to be sent."""

    id: NotificationId
    order_id: OrderId | None
    customer_phone: Phone
    message: str = field(repr=False)
    notification_type: NotificationType
    scheduled_at: datetime
    session_id: SessionId
    occurrence: int = 1
    attempts: int = 0
    status: str = "pending"
    stage_at: datetime | None = None
    suppressed: Suppression | None = None
    """Recorded as deliberately not sent, and why."""


@dataclass(frozen=True, slots=True)
class EnqueueResult:
    """`is_new` is False when the queue had this message already: an event told twice, a button pressed twice.

    `overtaken` are earlier stages' messages that will not go out any more because of this one (A3).
    """

    notification: Notification
    is_new: bool
    superseded: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What one attempt made of a notification."""

    notification: Notification
