"""Allowed moves of an order by a person: forward, or one stage back, and not out of its end."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from app.domain.errors import OrderAheadError, OrderEndedError
from app.domain.order import Order, stage_of
from app.domain.stage_policy import is_ended

_STAGE_BEFORE: Final = {
    "completed": "ready",
    "ready": "in_preparation",
    "in_preparation": "paid",
    "preparing": "paid",
}
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


def goes_back(before: Order, after: Order) -> bool:
    """Return whether an order that has not ended went back to an earlier status; nothing new is due then (A4)."""
    return not is_ended(before) and _RANK.get(after.status, 9) < _RANK.get(before.status, 0)


def status_before(status: str) -> str | None:
    """Return the status one stage back; None where a person can take no stage back."""
    return _STAGE_BEFORE.get(status)


def order_set_back(order: Order, status: str, stage_at: datetime | None = None) -> Order:
    """Return the order in an earlier `status`, whose stage was reached at `stage_at`, if that is known."""
    return replace(order, status=status, stage_at=stage_at)
