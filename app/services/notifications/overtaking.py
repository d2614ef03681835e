"""Lets a later stage of an order overtake an earlier one, whichever of the two is written down last (A3, Q4)."""

from datetime import datetime
from typing import Final

from app.domain.notification import Notification, State, Suppression
from app.domain.stage_policy import has_later_stage, superseded_by
from app.ports.store import Rows

_WAITING: Final = frozenset({State.PENDING, State.IN_DOUBT})


def supersede_earlier_stages(rows: Rows, by: Notification, at: datetime) -> tuple[Notification, ...]:
    """A customer who is about to hear that it is ready need not hear first that it is being prepared."""
    if by.order_id is None or by.state is not State.PENDING:
        return ()
    late = superseded_by(rows.notifications.of_order(by.order_id), by.type)
    suppressed = tuple(_superseded(row, at) for row in late)
    for row in suppressed:
        rows.notifications.save(row)
    return suppressed


def is_superseded(rows: Rows, row: Notification) -> bool:
    """Whether a later stage is known or owed; what a person said again on purpose was no news then either."""
    if row.order_id is None or row.occurrence > 1:
        return False
    return has_later_stage(rows.notifications.of_order(row.order_id), row.type)


def suppress_if_superseded(rows: Rows, row: Notification, at: datetime) -> Notification:
    """The same, or suppressed where it waits again and a later stage was queued while it was on its way; not saved."""
    return _superseded(row, at) if row.state in _WAITING and is_superseded(rows, row) else row


def _superseded(row: Notification, at: datetime) -> Notification:
    return row.suppressed(Suppression.SUPERSEDED, at)
