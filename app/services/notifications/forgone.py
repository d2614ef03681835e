"""Drops what would go out again for an order that is no more."""

from datetime import datetime

from app.domain.errors import OrderEndedError
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.stage_policy import is_ended
from app.ports.store import Rows


def cancel_if_order_ended(rows: Rows, row: Notification, at: datetime) -> Notification:
    """The same, or cancelled where it waits again and its order ended while it was on its way (A5); not saved."""
    if row.state is not State.PENDING or not _has_ended(rows, row):
        return row
    return row.cancelled(at)


def raise_if_order_ended(rows: Rows, row: Notification) -> None:
    """Raise OrderEndedError where a person asks for another try and its order is no more."""
    if _has_ended(rows, row):
        raise OrderEndedError


def _has_ended(rows: Rows, row: Notification) -> bool:
    if row.order_id is None or is_independent_of_order(row):
        return False
    order = rows.orders.get(row.order_id)
    return order is not None and is_ended(order)


def is_independent_of_order(row: Notification) -> bool:
    """Whether it goes out all the same: a person's answer is no news of the order."""
    return row.type is NotificationType.REPLY
