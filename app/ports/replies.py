"""Replies of customers, within one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.customer_reply import Author, CustomerReply
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Address, Lid


class ReplyRows(Protocol):
    """Replies identified by id and author, because customers' phones choose the ids.

    An author is the same under every alias.
    """

    def keep(self, reply: CustomerReply, lid: Lid | None = None) -> bool:
        """Insert the reply, or replace an unreadable copy of it, its order included; False if no row changed.

        `lid` is the author's, if it is known.
        """
        ...

    def find(self, author: Author, message_id: MessageId) -> CustomerReply | None:
        """Return this message of this author."""
        ...

    def reaction(self, author: Author, about: MessageId) -> CustomerReply | None:
        """Return the author's reaction on this message, even one that was taken back."""
        ...

    def rewrite(self, author: Author, reply: CustomerReply) -> None:
        """Save kind, text, `changed_at` and `read_at` of a message that was found for this author."""
        ...

    def of_order(self, order_id: OrderId) -> Sequence[CustomerReply]:
        """Return the order's replies, oldest first."""
        ...

    def texts_since(
        self, order_ids: Sequence[OrderId], moment: datetime, limit: int
    ) -> Mapping[OrderId, Sequence[CustomerReply]]:
        """Return up to `limit` texts per order that were written or edited since then, newest first.

        Orders without any are left out.
        """
        ...

    def unread(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, int]:
        """Return the number of unread replies per order; orders without any are left out."""
        ...

    def mark_read(self, order_id: OrderId, at: datetime) -> int:
        """Mark the order's replies as read; return how many were unread."""
        ...

    def claims_of(self, lid: Lid, since: datetime) -> Sequence[CustomerReply]:
        """Return the readable texts with an order that this account sent since then, oldest first."""
        ...

    def told_order_of(self, customer: Address) -> OrderId | None:
        """Return the order of the newest message to this customer."""
        ...
