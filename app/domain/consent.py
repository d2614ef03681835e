"""A customer's consent to messages about an order, as stored."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lid import Address


class ConsentWay(StrEnum):
    """Way of giving it: the offered words were sent unchanged, or the customer typed their own."""

    SCANNED = "scanned"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent with the exact `wording` sent; `phone` is NO_PHONE once its content was erased (X6)."""

    message_id: MessageId
    session_id: SessionId
    phone: Address
    way: ConsentWay
    wording: str = field(repr=False)
    given_at: datetime
    order_id: OrderId
    is_erased: bool = False
