"""Rows of the queue that are too old for something, found without reading the others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import Notification
from app.domain.order import NotificationType


class AgingRows(Protocol):
    """Each query is answered by an index and bounded by `limit`; where a `now` is given, a row
    under a lease is left to its owner."""

    def open_doubts(self, session_id: SessionId) -> Sequence[Notification]:
        """The session's doubts that are not given up, oldest first."""
        ...

    def doubted_orders(self) -> Sequence[tuple[OrderId, NotificationType]]:
        """Which message of which order is in doubt, given up or not."""
        ...

    def stale_doubts(self, before: datetime, limit: int) -> Sequence[Notification]:
        """Doubts that are not given up, of a stage reached before then; those without a stage by their doubt."""
        ...

    def stale_pending(self, before: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        """Pending rows of a stage reached before then, oldest stage first."""
        ...

    def grows_stale(self) -> bool:
        """Whether `stale_doubts` or `stale_pending` may find a row some day."""
        ...

    def failed_since(self, moment: datetime, limit: int, below: int | None = None) -> Sequence[Notification]:
        """Failed rows of a stage reached, or without one failed, since then; newest first, with a seq `below` that."""
        ...

    def unfinished_before(self, moment: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        """Rows pending or in doubt that last changed their state before then."""
        ...

    def unfinished_unlike(self, reason: str, limit: int) -> Sequence[Notification]:
        """Rows pending, sending or in doubt that have another reason, or none."""
        ...

    def pending_written_after(self, moment: datetime, limit: int) -> Sequence[Notification]:
        """Pending rows that were last changed, or else made, after that."""
        ...
