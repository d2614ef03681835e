"""Evidence about a message after it left, from weakest to strongest."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.identifiers import MessageId
from app.domain.notification import State


class Evidence(StrEnum):
    """Kind of WhatsApp's report about one message id."""

    REJECTED = "rejected"
    ACCEPTED = "accepted"
    SENDER = "sender"
    RETRY = "retry"
    COPY = "copy"
    DELIVERED = "delivered"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Receipt:
    message_id: MessageId
    evidence: Evidence
    at: datetime
    code: int | None = None


_PROVES = {
    Evidence.ACCEPTED: State.SENT,
    # Another device of ours has it, or a phone asks to have it again: either way WhatsApp accepted it.
    Evidence.SENDER: State.SENT,
    Evidence.RETRY: State.SENT,
    Evidence.COPY: State.SENT,
    Evidence.DELIVERED: State.DELIVERED,
    Evidence.READ: State.READ,
}


def state_proven_by(evidence: Evidence, *, to_own_number: bool = False) -> State | None:
    """Return the state that a message has at least reached; None for a rejection.

    A message from the shop's number `to_own_number` gets no receipt but that of the shop's own devices.
    """
    if to_own_number and evidence is Evidence.SENDER:
        return State.DELIVERED
    return _PROVES.get(evidence)
