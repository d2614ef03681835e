"""Events of the bus, named in the past tense; published only after the commit."""

from dataclasses import dataclass, field

from app.domain.customer_reply import CustomerReply
from app.domain.first_run import SetupProgress
from app.domain.identifiers import OrderId, SessionId
from app.domain.lid import Address
from app.domain.notification import Notification
from app.domain.order import Order
from app.domain.order_step import OrderStep
from app.domain.rate_limit import RateLimitStatus
from app.domain.session import ConnectionStatus


@dataclass(frozen=True, slots=True)
class Event:
    """Root of all events on the bus."""


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """An order is new here or has changed."""

    order: Order


@dataclass(frozen=True, slots=True)
class OrderStepTaken(Event):
    """A person moved an order, and may undo it (Q7)."""

    step: OrderStep


@dataclass(frozen=True, slots=True)
class NotificationQueued(Event):
    """Notification added to the queue; `by_click`: added by a cashier, who may cancel it until it is due (Q7)."""

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
    """The holds of a session changed: by the shop's rate limit, or by WhatsApp's."""

    status: RateLimitStatus


@dataclass(frozen=True, slots=True)
class RateLimitUsageChanged(Event):
    """The usage of a session's rate limit changed: a send, or time has passed."""

    status: RateLimitStatus


@dataclass(frozen=True, slots=True)
class ConnectionChanged(Event):
    status: ConnectionStatus


@dataclass(frozen=True, slots=True)
class OfflineQueueDrained(Event):
    """All messages that WhatsApp queued while we were offline are recorded, or their writers are held (X1)."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class OfflineMessageRead(Event):
    """A message that waited at WhatsApp is recorded: its writer is held no longer."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class ReplyArrived(Event):
    """A customer wrote; published once, and once more when an unreadable reply becomes readable."""

    reply: CustomerReply


@dataclass(frozen=True, slots=True)
class ReplyChanged(Event):
    """A customer edited, deleted or took back an earlier message; `reply` is its present form (K9)."""

    reply: CustomerReply


@dataclass(frozen=True, slots=True)
class RepliesRead(Event):
    """The replies about an order were read at the counter."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class CustomerTrusted(Event):
    """WhatsApp told that it lets the shop write to this customer as to a known contact; messages may be due."""

    address: Address = field(repr=False)


@dataclass(frozen=True, slots=True)
class HistoryRead(Event):
    """Chats that the shop's phone pushed are read; accounts that were looked up before may be trusted now."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class PickupOfferSwitched(Event):
    """The offer of a pickup reply under the *pronto* text was switched on or off (K9)."""

    on: bool


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """Settings were changed on screen or by a command; some wait for the next start (D4)."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetupProgressChanged(Event):
    """A step of the first run was done, or left for later."""

    progress: SetupProgress


@dataclass(frozen=True, slots=True)
class AccessChanged(Event):
    """The manager's PIN was set or removed, or the gate opened or locked by hand (X5)."""

    has_pin: bool


@dataclass(frozen=True, slots=True)
class ProblemReported(Event):
    """A problem that a person should know about; `code` finds its sentence."""

    code: str
