"""Drops what would go out again for an order that is no more."""

from dataclasses import replace
from datetime import datetime

from app.domain.announcement import is_over
from app.domain.notification import Notification, State
from app.ports.store import Rows


def forgone(rows: Rows, row: Notification, at: datetime) -> Notification:
    """The same, or cancelled where it waits again and its order ended while it was on its way (A5); not saved."""
    if row.state is not State.PENDING or row.order_id is None:
        return row
    order = rows.orders.get(row.order_id)
    return replace(row.moved(State.CANCELLED, at), lease=None) if order and is_over(order) else row
