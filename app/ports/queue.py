"""The rows of the queue, as seen inside one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.rate_limit import Eligibility


class NotificationRows(Protocol):
    def add(self, notification: Notification) -> Notification | None:
        """Insert it with its place in the queue; None when (order, type, occurrence) is there (A2)."""
        ...

    def get(self, notification_id: NotificationId) -> Notification | None: ...

    def by_message_id(self, message_id: MessageId) -> Notification | None: ...

    def of_order(self, order_id: OrderId) -> Sequence[Notification]:
        """Oldest first."""
        ...

    def of_orders(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        """Of all these orders, oldest first."""
        ...

    def untold(self, order_ids: Sequence[OrderId]) -> Sequence[tuple[OrderId, NotificationType]]:
        """Which message of which of these orders should have been told and was not (`Notification.untold`)."""
        ...

    def unfinished_of(self, phones: Sequence[Phone]) -> Sequence[Notification]:
        """What these numbers are still owed, or may have got; oldest first."""
        ...

    def never_left(self, session_id: SessionId, limit: int) -> Sequence[Notification]:
        """Up to `limit` pending rows of the session that were never handed over and that nobody has leased."""
        ...

    def left_before(self, session_id: SessionId, limit: int, after: int = 0) -> Sequence[Notification]:
        """Up to `limit` pending rows of the session that were handed over before and that nobody has leased.

        Oldest first, with a seq above `after`.
        """
        ...

    def mark_on_wire(self, message_id: MessageId, at: datetime) -> bool:
        """Note that the present attempt is about to reach WhatsApp; False where the message is not being sent."""
        ...

    def save(self, notification: Notification) -> None:
        """Write what may change about a row; its id, order, phone, text and message id never do.

        Raises UnknownNotificationError for a row that was never added.
        """
        ...

    def rewrite(self, notification: Notification) -> None:
        """`save`, with another text and phone: only for a message of which nothing can have left (A6)."""
        ...

    def lease_due(
        self, lease: Lease, now: datetime, limit: int, eligible: Eligibility
    ) -> Sequence[Notification]:
        """Take up to `limit` due rows that are eligible, of each customer only the oldest that waits (Q2).

        None of a customer who is being told something: an older row may wait again after a newer one has begun. A doubt
        holds back the later rows of its own order alone, and only until it is given up.
        """
        ...

    def is_due(self, now: datetime, eligible: Eligibility) -> bool:
        """Whether `lease_due` would take a row."""
        ...

    def leased(self) -> Sequence[Notification]:
        """Rows that are pending or sending under somebody's lease."""
        ...

    def next_due_at(self, session_id: SessionId, after: datetime) -> datetime | None:
        """When a row of the session that nobody holds becomes due, if it is later than `after`."""
        ...

    def is_busy(self, session_id: SessionId, until: datetime) -> bool:
        """Whether a row of the session is being sent, is in doubt, or becomes due by then."""
        ...

    def counts(self) -> Mapping[SessionId, Mapping[State, int]]:
        """How many rows each session has in each state; states without any may be left out."""
        ...

    def oldest_waiting_since(self) -> datetime | None:
        """When the oldest row that is pending or sending was made."""
        ...

    def sent_since(self, moment: datetime) -> int:
        """How many were handed over since then, by our own clock, and taken."""
        ...

    def told_since(self, moment: datetime) -> Sequence[tuple[SessionId, Phone, datetime]]:
        """Whom they went to, from which session and when they were handed over; oldest first."""
        ...

    def delivered_since(self, moment: datetime, session_id: SessionId | None = None) -> int:
        """How many of them, from one session or from all, have reached the phone."""
        ...

    def unreadable(self) -> Sequence[int]:
        """Places in the queue of rows that wait, or are in no known state, and do not read; nothing else ends them."""
        ...

    def end_unreadable(self, places: Sequence[int], at: datetime) -> Sequence[Notification]:
        """Make those that still are so failed(unreadable), or what their receipts prove; returns these."""
        ...
