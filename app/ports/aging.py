"""Queries for rows of the queue past an age limit, each answered by an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import Notification
from app.domain.order import NotificationType


class AgingRows(Protocol):
    """Each query is answered by an index and bounded by `limit`.

    Queries with a `now` leave a row under a lease to its owner.
    """

    def open_doubts(self, session_id: SessionId) -> Sequence[Notification]:
        """Return the session's doubts that are not given up, oldest first."""
        ...

    def doubted_orders(self) -> Sequence[tuple[OrderId, NotificationType]]:
        """Return order and type of each message in doubt, given up or not."""
        ...

    def stale_doubts(self, before: datetime, limit: int) -> Sequence[Notification]:
        """Return doubts not given up, of a stage reached before then; those without a stage by the moment of doubt."""
        ...

    def stale_pending(self, before: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        """Return pending rows of a stage reached before then, oldest stage first."""
        ...

    def grows_stale(self) -> bool:
        """Return whether `stale_doubts` or `stale_pending` may find a row some day."""
        ...

    def failed_since(self, moment: datetime, limit: int, below: int | None = None) -> Sequence[Notification]:
        """Return failed rows since then, newest first, with a seq `below` that.

        A row counts by the moment its stage was reached, or without a stage by that of its failure.
        """
        ...

    def unfinished_before(self, moment: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        """Return rows pending or in doubt that last changed their state before then."""
        ...

    def unfinished_unlike(self, reason: str, limit: int) -> Sequence[Notification]:
        """Return rows pending, sending or in doubt with another reason, or without one."""
        ...

    def pending_written_after(self, moment: datetime, limit: int) -> Sequence[Notification]:
        """Return pending rows that were last changed, or else created, after that."""
        ...
