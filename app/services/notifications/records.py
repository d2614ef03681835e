"""Records of the queue: input of enqueueing, its result, result of one attempt."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.identifiers import NotificationId, OrderId, SessionId
from app.domain.lid import Address
from app.domain.notification import Notification, Suppression
from app.domain.order import NotificationType


@dataclass(frozen=True, slots=True)
class QueuedNotification:
    """The design's record of a message to be sent, with text, phone and time decided."""

    id: NotificationId
    order_id: OrderId | None
    customer_phone: Address
    message: str = field(repr=False)
    notification_type: NotificationType
    scheduled_at: datetime
    session_id: SessionId
    occurrence: int = 1
    attempts: int = 0
    status: str = "pending"
    stage_at: datetime | None = None
    suppressed: Suppression | None = None
    """Reason for which the message is recorded as deliberately not sent."""


@dataclass(frozen=True, slots=True)
class EnqueueResult:
    """Result of enqueueing; `is_new` is False for a message already queued: a repeated event, a second click.

    `superseded` are messages of earlier stages that will not go out any more because of this one (A3).
    """

    notification: Notification
    is_new: bool
    superseded: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """The notification after one attempt, or suppressed instead of one."""

    notification: Notification
