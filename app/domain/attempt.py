"""Results of handing one message to WhatsApp."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RejectionKind(StrEnum):
    """Reason why WhatsApp, or our own side of it, did not accept a message."""

    NOT_CONNECTED = "not_connected"
    TOO_LATE = "too_late"
    NO_DEVICES = "no_devices"
    TRANSIENT = "transient"
    RATE_LIMITED = "rate_limited"
    STALE_SESSION = "stale_session"
    RESTRICTED = "restricted"
    REFUSED = "refused"


# A hold uses up no attempt: the fault is not the message's.
HOLDING = frozenset({RejectionKind.NOT_CONNECTED, RejectionKind.TOO_LATE, RejectionKind.RATE_LIMITED})
TRANSIENT = frozenset(
    {
        RejectionKind.NO_DEVICES,
        RejectionKind.TRANSIENT,
        RejectionKind.STALE_SESSION,
    }
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server acknowledged the message id without an error."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """Certainly not delivered; `code` is WhatsApp's own number, if it gave one."""

    kind: RejectionKind
    code: int | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The bytes may have left, without an answer from the server."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoAccount:
    """WhatsApp says that the number has no account; no message was sent."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The customer opted out while the attempt was being prepared; no message was sent (X1)."""


Outcome = Accepted | Rejected | InDoubt


@dataclass(frozen=True, slots=True)
class Reordered:
    """The customer turned out to be another's identity while the attempt was being prepared; no message was sent.

    The message is pending again, behind older messages of that customer (K1).
    """


AttemptEnd = Outcome | NoAccount | Withheld | Reordered
