"""Step of a person on an order, with all that its undo restores (Q7)."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.identifiers import NotificationId, OrderId
from app.domain.order import NotificationType


@dataclass(frozen=True, slots=True)
class OrderStep:
    """Move of an order from one status to another; `superseded` are the waiting messages that it ended."""

    order_id: OrderId
    number: int
    before: str
    after: str
    undo_until: datetime
    stage_at: datetime | None = None
    """Moment at which the status before it had been reached, if its source told."""
    message: NotificationId | None = None
    message_type: NotificationType | None = None
    superseded: tuple[NotificationId, ...] = ()
