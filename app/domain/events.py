"""What has happened, in the past tense; published only after the commit."""

from dataclasses import dataclass

from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import Notification
from app.domain.order import Order
from app.domain.rate_limit import RateLimitStatus
from app.domain.session import ConnectionStatus


@dataclass(frozen=True, slots=True)
class Event:
    """Root of everything that the bus carries."""


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """An order is new here or has changed."""

    order: Order


@dataclass(frozen=True, slots=True)
class NotificationQueued(Event):
    """`by_click`: a person asked for it just now and may take it back until it is due (Q7)."""

    notification: Notification
    by_click: bool = False


@dataclass(frozen=True, slots=True)
class NotificationChanged(Event):
    """A notification changed its state, its due time or its attempts."""

    notification: Notification


@dataclass(frozen=True, slots=True)
class QueuePaused(Event):
    paused: bool


@dataclass(frozen=True, slots=True)
class RateLimitHoldsChanged(Event):
    """WhatsApp or the pace began to hold messages of a session, or lets them go; or WhatsApp says something else."""

    status: RateLimitStatus


@dataclass(frozen=True, slots=True)
class RateLimitUsageChanged(Event):
    """The figures of a session's pace are different: something was sent, or time has passed."""

    status: RateLimitStatus


@dataclass(frozen=True, slots=True)
class ConnectionChanged(Event):
    status: ConnectionStatus


@dataclass(frozen=True, slots=True)
class OfflineQueueDrained(Event):
    """All that waited at WhatsApp while we were away has been delivered to us."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class ReplyArrived(Event):
    """A customer wrote; told once, and once more when what could not be read can be."""

    reply: CustomerReply


@dataclass(frozen=True, slots=True)
class ReplyChanged(Event):
    """A customer edited, deleted or took back what was written earlier; `reply` is what is kept of it now (K9)."""

    reply: CustomerReply


@dataclass(frozen=True, slots=True)
class RepliesRead(Event):
    """Somebody at the counter has seen what was written about an order."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ProblemReported(Event):
    """Something a person should know; `code` finds its sentence."""

    code: str
