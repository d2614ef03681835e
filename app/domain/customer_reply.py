"""Something a customer wrote to the shop, as it is kept with the order it is about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.opt_out import customer_forms
from app.domain.phone import Phone

UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class CustomerReply:
    """`kind` is that of `Inbound`; `text` is what was written, a caption, or the sign of a reaction.

    `phone` is NO_PHONE where WhatsApp hides the number, and where the content was let go of (X6). `read_at`: when
    somebody at the counter had seen it.
    """

    message_id: MessageId
    session_id: SessionId
    phone: Phone
    kind: str
    text: str | None = field(repr=False)
    received_at: datetime
    live: bool
    order_id: OrderId | None = None
    read_at: datetime | None = None
    emptied: bool = False

    def replaces(self, kept: "CustomerReply") -> bool:
        """The same message may come first unreadable and then, sent anew by the phone, as what it is."""
        return kept.kind == UNREADABLE and self.kind != UNREADABLE and not kept.emptied

    def is_from(self, customer: Phone | None) -> bool:
        """Whether it was written from the order's own number, in either form."""
        return customer is not None and bool(self.phone.number) and self.phone in customer_forms(customer)
