"""Rows of the notification queue, within one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import IdentityId, MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.lid import Address
from app.domain.notification import Notification, State
from app.domain.rate_limit import Eligibility
from app.domain.untold import UntoldMessage


class NotificationRows(Protocol):
    def add(self, notification: Notification) -> Notification | None:
        """Insert the row with its place in the queue; idempotent: None if (order, type, occurrence) exists (A2)."""
        ...

    def get(self, notification_id: NotificationId) -> Notification | None: ...

    def get_all(self, ids: Sequence[NotificationId]) -> Mapping[NotificationId, Notification]:
        """Return the rows with these ids; ids without a row are left out."""
        ...

    def by_message_id(self, message_id: MessageId) -> Notification | None: ...

    def of_order(self, order_id: OrderId) -> Sequence[Notification]:
        """Return the order's rows, oldest first."""
        ...

    def of_orders(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        """Return the rows of all these orders, oldest first."""
        ...

    def untold(self, order_ids: Sequence[OrderId]) -> Sequence[UntoldMessage]:
        """Return the latest message of each type that may leave its customer untold (`may_leave_untold`)."""
        ...

    def unfinished_of(self, customers: Sequence[Address]) -> Sequence[Notification]:
        """Return the unfinished rows of these customers, under every alias, oldest first."""
        ...

    def never_left(self, session_id: SessionId, limit: int) -> Sequence[Notification]:
        """Return up to `limit` pending rows of the session, never handed over and not leased."""
        ...

    def left_before(self, session_id: SessionId, limit: int, after: int = 0) -> Sequence[Notification]:
        """Return up to `limit` pending rows of the session, handed over before and not leased.

        Oldest first, with a seq above `after`.
        """
        ...

    def mark_on_wire(self, message_id: MessageId, at: datetime) -> bool:
        """Note that the present attempt is about to reach WhatsApp; False if the message is not being sent."""
        ...

    def save(self, notification: Notification) -> None:
        """Save the mutable fields of a row; its id, order, phone, text and message id never change.

        Raises UnknownNotificationError for a row that was never added.
        """
        ...

    def save_all(self, notifications: Sequence[Notification]) -> None:
        """Save the mutable fields of several rows; raises UnknownNotificationError if one was never added."""
        ...

    def rewrite(self, notification: Notification) -> None:
        """`save`, with another text and phone: only for a message of which no byte can have left (A6)."""
        ...

    def find_due(
        self, lease: Lease, now: datetime, limit: int, eligible: Eligibility
    ) -> Sequence[Notification]:
        """Return up to `limit` eligible due rows under `lease`, per customer only the oldest pending one (Q2).

        The lease is not stored: a row is claimed once it is saved with it, in the same transaction.

        Customers with a message being sent are skipped: an older row may be pending again after a newer one has begun.
        A doubt blocks only the later rows of its own order, and only until it is given up.
        """
        ...

    def is_due(self, now: datetime, eligible: Eligibility) -> bool:
        """Return whether `find_due` would find a row."""
        ...

    def leased(self) -> Sequence[Notification]:
        """Return the rows that are pending or sending under any lease."""
        ...

    def next_due_at(self, session_id: SessionId, after: datetime) -> datetime | None:
        """Return when the session's next unleased row becomes due, if later than `after`."""
        ...

    def is_busy(self, session_id: SessionId, until: datetime) -> bool:
        """Return whether the session has a row being sent, in doubt, or due by then."""
        ...

    def counts(self) -> Mapping[SessionId, Mapping[State, int]]:
        """Return the number of rows per session and state; states without rows may be left out."""
        ...

    def oldest_waiting_since(self) -> datetime | None:
        """Return when the oldest pending or sending row was created."""
        ...

    def sent_since(self, moment: datetime) -> int:
        """Return the number of rows handed over since then, by our own clock, and accepted."""
        ...

    def told_since(self, moment: datetime) -> Sequence[tuple[SessionId, IdentityId | None, datetime]]:
        """Return session, customer and hand-over moment of these rows, oldest first."""
        ...

    def delivered_since(self, moment: datetime, session_id: SessionId | None = None) -> int:
        """Return how many of them, from one session or from all, have reached the phone."""
        ...

    def unreadable(self) -> Sequence[int]:
        """Return the queue places of unreadable rows that cannot end in another way.

        These rows are pending or in no known state.
        """
        ...

    def end_unreadable(self, places: Sequence[int], at: datetime) -> Sequence[Notification]:
        """Set those still unreadable to failed(unreadable), or to the state that their receipts prove; return them."""
        ...
