"""What customers wrote, as seen inside one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.customer_reply import Author, CustomerReply
from app.domain.identifiers import MessageId, OrderId
from app.domain.phone import Phone


class ReplyRows(Protocol):
    """A message is known by its id and its author: ids are made by customers' phones.

    An author is the same under every spelling of the number, and under the account id.
    """

    def keep(self, reply: CustomerReply, lid: str | None = None) -> bool:
        """Insert it, or let it replace what could not be read, its order included; False where nothing changed.

        `lid` is the author's account id, where it is known.
        """
        ...

    def find(self, author: Author, message_id: MessageId) -> CustomerReply | None:
        """This message of this author."""
        ...

    def reaction(self, author: Author, about: MessageId) -> CustomerReply | None:
        """The author's reaction on this message, also one that was taken back."""
        ...

    def rewrite(self, author: Author, reply: CustomerReply) -> None:
        """Save kind, text, `changed_at` and `read_at` of a message that was found for this author."""
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
