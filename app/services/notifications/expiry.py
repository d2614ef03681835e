"""Expiry of rows unfinished for the whole retention, so that they are erased too (X6)."""

from datetime import datetime
from typing import Final

from app.domain.notification import Notification, State, Suppression
from app.ports.store import Rows

DOUBT_EXPIRED: Final = "doubt_expired"


def end_expired(rows: Rows, before: datetime, now: datetime, limit: int) -> int:
    """End up to `limit` doubtful and pending rows last changed before `before`; return their number."""
    expired = rows.aging.unfinished_before(before, now, limit)
    for row in expired:
        rows.notifications.save(_ended(row))
    return len(expired)


def _ended(row: Notification) -> Notification:
    """Return the row ended at the time of its last change: its content is as old as that."""
    moved = row.changed_at or row.created_at
    if row.state is State.IN_DOUBT:
        return row.transitioned(State.FAILED, moved, reason=DOUBT_EXPIRED, lease=None)
    return row.suppressed(Suppression.STALE, moved)
