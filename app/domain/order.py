"""An order of the shop, and the message of its present stage."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.identifiers import OrderId


class NotificationType(StrEnum):
    """Subject of a message; the values are those of the design's tables."""

    ORDER_CREATED = "order_created"
    PAYMENT_CONFIRMED = "payment_confirmed"
    PREPARING = "preparing"
    READY = "ready"
    CUSTOM = "custom"
    TEST = "test"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    REPLY = "reply"
    PIN_CODE = "pin_code"
    """Code to the shop's own number that removes a forgotten PIN."""


STAGES = (NotificationType.PAYMENT_CONFIRMED, NotificationType.PREPARING, NotificationType.READY)

_STAGE_OF_STATUS = {
    "paid": NotificationType.PAYMENT_CONFIRMED,
    "in_preparation": NotificationType.PREPARING,
    "preparing": NotificationType.PREPARING,
    "ready": NotificationType.READY,
}

UNPAID = frozenset({"pending", "pending_payment"})
"""Statuses of an order that is not paid; a waiter's `pending` order counts as paid once its payment is confirmed."""

KNOWN_STATUSES = frozenset({*_STAGE_OF_STATUS, *UNPAID, "completed", "cancelled", "expired"})
"""Statuses with a meaning here; an order with another one is stored and shown, and no message is sent for it."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    name: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """Order as its source gives it; `status` is free text, for the shop's database sets no bounds to it.

    `customer_phone` is the text as typed. `stage_at` is when the present stage was reached, if its source says so;
    `deleted` is a soft delete. `source_phone` is None unless a chosen number stands in `customer_phone`: then it is the
    source's own. `is_erased`: past its retention, its content was taken out and never comes back (X6).
    """

    id: OrderId
    number: int
    customer_name: str = field(repr=False)
    customer_phone: str = field(repr=False)
    status: str
    payment_status: str | None
    total: Decimal
    created_at: datetime
    items: tuple[OrderItem, ...] = field(default=(), repr=False)
    table_number: str | None = None
    notes: str = field(default="", repr=False)
    stage_at: datetime | None = None
    deleted: bool = False
    source_phone: str | None = field(default=None, repr=False)
    is_erased: bool = False

    @property
    def has_phone(self) -> bool:
        """Whether the text might be a number; a dash is not."""
        return any(sign.isdigit() for sign in self.customer_phone)

    @property
    def outline(self) -> "OrderOutline":
        return OrderOutline(
            self.id, self.number, self.status, self.payment_status, self.created_at, self.deleted
        )


@dataclass(frozen=True, slots=True)
class OrderOutline:
    """Fields by which a list places an order; no personal data, so that no cell has to be unsealed."""

    id: OrderId
    number: int
    status: str
    payment_status: str | None
    created_at: datetime
    deleted: bool = False


def stage_of(order: Order | OrderOutline) -> NotificationType | None:
    """Return the message of the order's present stage, None for a stage without one (A1).

    A waiter's order may be in preparation before it is paid; its later payment asks for no new message, because the
    status alone says how far the order is.
    """
    if order.deleted:
        return None
    if order.status == "pending" and order.payment_status == "confirmed":
        return NotificationType.PAYMENT_CONFIRMED
    return _STAGE_OF_STATUS.get(order.status)
