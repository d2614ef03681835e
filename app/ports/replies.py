"""What customers wrote, as seen inside one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import OrderId
from app.domain.phone import Phone


class ReplyRows(Protocol):
    """A message is known by its id and its writer, in either ninth-digit form: ids are made by customers' phones."""

    def keep(self, reply: CustomerReply) -> bool:
        """Insert it, or let it replace what could not be read, its order included; False where nothing changed."""
        ...

    def of_order(self, order_id: OrderId) -> Sequence[CustomerReply]:
        """Oldest first."""
        ...

    def unread(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, int]:
        """How many each of these orders has that nobody has seen; orders without any are left out."""
        ...

    def mark_read(self, order_id: OrderId, at: datetime) -> int:
        """How many had not been seen before."""
        ...

    def told_order_of(self, phone: Phone) -> OrderId | None:
        """The order of the newest message to this customer."""
        ...
