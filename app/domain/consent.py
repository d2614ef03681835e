"""A customer's wish to be told of an order, as it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.phone import Phone


class ConsentWay(StrEnum):
    """How it was given: the offered words were sent as they were, or the customer typed their own."""

    SCANNED = "scanned"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Consent:
    """`wording` is what the customer sent, to the letter; `phone` is NO_PHONE once its content was let go of (X6)."""

    message_id: MessageId
    session_id: SessionId
    phone: Phone
    way: ConsentWay
    wording: str = field(repr=False)
    given_at: datetime
    order_id: OrderId
    is_erased: bool = False
