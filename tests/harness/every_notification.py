"""Reads every row of the queue, finished ones too, as only a test may: no index helps with that."""

from collections.abc import Sequence

from app.adapters.sqlite.notification_rows import SqlNotificationRows
from app.domain.notification import Notification, State
from app.ports.store import Rows


def every_notification(rows: Rows) -> Sequence[Notification]:
    """Return all rows of the queue, oldest first."""
    held = rows.notifications
    if isinstance(held, SqlNotificationRows):
        return held._many(held._by_seq)
    return sorted(held._rows.values(), key=lambda row: row.seq)  # type: ignore[attr-defined]


def in_state(rows: Rows, state: State) -> list[Notification]:
    """Return all rows in this state, oldest first."""
    return [row for row in every_notification(rows) if row.state is state]
