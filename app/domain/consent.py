"""A customer's consent to messages about an order, as stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.contact import Contact
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lid import Address


class ConsentWay(StrEnum):
    """Way of giving it: the offered words were sent unchanged, or the customer typed their own."""

    SCANNED = "scanned"
    WRITTEN = "written"


class ConsentBasis(StrEnum):
    """Basis of the customer's consent to messages about an order, as far as the records tell (X1)."""

    ASKED = "asked"
    """The customer asked for the messages of this order."""
    WROTE_FIRST = "wrote_first"
    UNKNOWN = "unknown"


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


def consent_basis(consents: Sequence[Consent], contact: Contact | None) -> ConsentBasis:
    """Return the basis, from the consents of the order and the customer's contact history."""
    if consents:
        return ConsentBasis.ASKED
    inbound = contact.first_inbound_at if contact else None
    sent = contact.first_sent_at if contact else None
    wrote_first = inbound is not None and (sent is None or inbound <= sent)
    return ConsentBasis.WROTE_FIRST if wrote_first else ConsentBasis.UNKNOWN
