"""Allowed moves of an order by a person: forward only, and not out of its end."""

from dataclasses import replace
from typing import Final

from app.domain.errors import OrderAheadError, OrderEndedError
from app.domain.order import Order, stage_of
from app.domain.stage_policy import is_ended

_RANK: Final = {
    "pending_payment": 0,
    "pending": 0,
    "paid": 1,
    "in_preparation": 2,
    "preparing": 2,
    "ready": 3,
    "completed": 4,
    "cancelled": 5,
    "expired": 5,
}


def order_in_status(order: Order, status: str) -> Order:
    """Return the order in `status`; raises OrderEndedError, OrderAheadError.

    Only a source, which is authoritative, reopens an order or sets it back. A status without a rank may follow any
    other.
    """
    if is_ended(order) and status != order.status:
        raise OrderEndedError
    if _RANK.get(status, 9) < _RANK.get(order.status, 0):
        raise OrderAheadError
    moved = replace(order, status=status)
    # The moment belonged to the stage that is left.
    return moved if stage_of(moved) is stage_of(order) else replace(moved, stage_at=None)
