"""One message due to one customer, and its state machine."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypedDict, Unpack

from app.domain.attempt import RejectionKind
from app.domain.errors import ForbiddenTransitionError
from app.domain.identifiers import IdentityId, MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.lid import Address
from app.domain.order import NotificationType
from app.domain.outgoing_text import outgoing_text


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


class Suppression(StrEnum):
    """Reason why a message is deliberately not sent."""

    OPTED_OUT = "opted_out"
    SUPERSEDED = "superseded"
    STALE = "stale"
    BEFORE_START = "before_start"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    INVALID_PHONE = "invalid_phone"


class HandOver(StrEnum):
    """Way in which a person told the customer in place of the queue (C7)."""

    BY_LINK = "by_link"
    IN_PERSON = "in_person"


UNFINISHED: Final = frozenset({State.PENDING, State.SENDING, State.IN_DOUBT})
TOLD: Final = frozenset({State.SENT, State.DELIVERED, State.READ})
# Dead letters and doubts: the customer should know and does not, so a person must act (C3).
UNTOLD: Final = frozenset({State.FAILED, State.IN_DOUBT})
UNTOLD_SUPPRESSIONS: Final = frozenset(
    {Suppression.STALE, Suppression.NOT_ON_WHATSAPP, Suppression.INVALID_PHONE}
)

UNREADABLE: Final = "unreadable"
"""Reason of a row that the database returns incomplete: a person tells the customer."""

_S = State
_ALLOWED: Final[dict[State, frozenset[State]]] = {
    # Told while pending: evidence that the first copy had arrived came just before the repeat.
    # In doubt while pending: an older copy of the database was restored, and it may have gone out since.
    _S.PENDING: TOLD | {_S.SENDING, _S.IN_DOUBT, _S.FAILED, _S.SUPPRESSED, _S.CANCELLED, _S.HANDED_OVER},
    _S.SENDING: TOLD | {_S.PENDING, _S.IN_DOUBT, _S.FAILED, _S.SUPPRESSED},
    _S.IN_DOUBT: TOLD | {_S.PENDING, _S.FAILED, _S.SUPPRESSED, _S.CANCELLED, _S.HANDED_OVER},
    _S.SENT: frozenset({_S.DELIVERED, _S.READ, _S.FAILED}),
    _S.DELIVERED: frozenset({_S.READ}),
    _S.READ: frozenset(),
    # Late evidence may contradict a failure; a person may ask for a retry or tell the customer by hand.
    _S.FAILED: TOLD | {_S.PENDING, _S.HANDED_OVER, _S.CANCELLED},
    # A doubtful one that a later stage superseded may turn out to have arrived.
    _S.SUPPRESSED: TOLD | {_S.PENDING, _S.HANDED_OVER},
    _S.HANDED_OVER: frozenset(),
    # It may have been given up while it was in doubt, and have arrived all the same.
    _S.CANCELLED: TOLD | {_S.PENDING, _S.HANDED_OVER},
}

_DESIGN_STATUS: Final = {
    **dict.fromkeys((_S.PENDING, _S.SENDING, _S.IN_DOUBT), "pending"),
    **dict.fromkeys(TOLD, "sent"),
    _S.FAILED: "failed",
    **dict.fromkeys((_S.SUPPRESSED, _S.CANCELLED, _S.HANDED_OVER), "cancelled"),
}


class TransitionFields(TypedDict, total=False):
    """Fields that change with the state: one copy of the row instead of two."""

    lease: Lease | None
    attempts: int
    sending_at: datetime | None
    on_wire_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notification:
    """Row of the queue; immutable, a transition returns a changed copy."""

    id: NotificationId
    order_id: OrderId | None
    type: NotificationType
    occurrence: int
    session_id: SessionId
    phone: Address
    text: str = field(repr=False)
    message_id: MessageId
    created_at: datetime
    scheduled_at: datetime
    state: State = State.PENDING
    reason: str | None = None
    attempts: int = 0
    repeats: int = 0
    """Number of repeats after a doubt, with the same message id (Q4)."""
    priority: int = 0
    seq: int = 0
    """Place in the queue, given by the database."""
    lease: Lease | None = None
    sending_at: datetime | None = None
    """Moment of the last hand-over; None means that no byte of it can ever have left."""
    on_wire_at: datetime | None = None
    """Moment at which the latest attempt was about to be written to WhatsApp; None means that it has not left."""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    doubted_at: datetime | None = None
    given_up_at: datetime | None = None
    """Moment at which a doubt stopped settling itself: evidence or a person ends it, and it blocks no other message."""
    changed_at: datetime | None = None
    stage_at: datetime | None = None
    """Moment at which its stage was reached, or a person last asked for it; it grows stale from then on (A3)."""
    customer: IdentityId | None = field(default=None, compare=False)
    """Identity of its customer, given by the database; None without an address."""

    @property
    def status(self) -> str:
        """The design's column `status`, folded from the state."""
        return _DESIGN_STATUS[self.state]

    @property
    def is_erased(self) -> bool:
        """Whether its retention is over: no content is left to be sent (X6)."""
        return not self.text

    @property
    def is_for_shop(self) -> bool:
        """Whether it goes to the shop's own phone, and no front end shows it."""
        return self.type is NotificationType.PIN_CODE

    @property
    def is_untold(self) -> bool:
        """Whether its customer should have been told and was not."""
        suppressed = self.state is State.SUPPRESSED and self.reason in UNTOLD_SUPPRESSIONS
        return suppressed or self.state in UNTOLD

    @property
    def has_stale_session(self) -> bool:
        """Whether WhatsApp rejected it because the session with its customer is stale."""
        return self._refused_as(RejectionKind.STALE_SESSION)

    @property
    def is_restricted(self) -> bool:
        """Whether WhatsApp rejected it because the shop's number may not write to strangers now."""
        return self._refused_as(RejectionKind.RESTRICTED)

    def _refused_as(self, kind: RejectionKind) -> bool:
        return (self.reason or "").partition(":")[0] == kind

    def transitioned(
        self, state: State, at: datetime, *, reason: str | None = None, **changes: Unpack[TransitionFields]
    ) -> "Notification":
        """Return this notification in `state` since `at`; raises ForbiddenTransitionError for a missing transition."""
        if not transition_allowed(self.state, state):
            raise ForbiddenTransitionError(f"{self.state} -> {state}")
        return replace(self, state=state, reason=reason, changed_at=at, given_up_at=None, **changes)

    def cancelled(self, at: datetime) -> "Notification":
        """Return this notification cancelled at `at`, without its lease; raises as `transitioned` does."""
        return self.transitioned(State.CANCELLED, at, lease=None)

    def suppressed(self, reason: Suppression, at: datetime) -> "Notification":
        """Return this notification suppressed since `at`, without its lease; raises as `transitioned` does."""
        return self.transitioned(State.SUPPRESSED, at, reason=reason, lease=None)

    def handed_over(self, way: HandOver, at: datetime) -> "Notification":
        """Return this notification as told by a person, without its lease; raises as `transitioned` does."""
        return self.transitioned(State.HANDED_OVER, at, reason=way, lease=None)

    def reworded(self, text: str, phone: Address) -> "Notification":
        """Return this notification with another text and number; raises the errors of `outgoing_text` (T7)."""
        return replace(self, text=outgoing_text(text), phone=phone)


def transition_allowed(source: State, target: State) -> bool:
    return target in _ALLOWED[source]
