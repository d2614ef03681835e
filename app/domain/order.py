"""An order of the shop and the message its present stage asks for."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.identifiers import OrderId


class NotificationType(StrEnum):
    """What a message is about; the values are those of the design's tables."""

    ORDER_CREATED = "order_created"
    PAYMENT_CONFIRMED = "payment_confirmed"
    PREPARING = "preparing"
    READY = "ready"
    CUSTOM = "custom"
    TEST = "test"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    REPLY = "reply"


STAGES = (NotificationType.PAYMENT_CONFIRMED, NotificationType.PREPARING, NotificationType.READY)

_STAGE_OF_STATUS = {
    "paid": NotificationType.PAYMENT_CONFIRMED,
    "in_preparation": NotificationType.PREPARING,
    "preparing": NotificationType.PREPARING,
    "ready": NotificationType.READY,
}

KNOWN_STATUSES = frozenset(
    {*_STAGE_OF_STATUS, "pending_payment", "pending", "completed", "cancelled", "expired"}
)
"""An order may have another status: it is kept and shown, and nothing is announced for it."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    name: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """`customer_phone` is what was typed; `status` is free text, for the shop's database sets no bounds to it.

    `stage_at` is when the present stage was reached, where its source says so; `deleted` is a soft delete.
    `source_phone` is None unless a chosen number stands in `customer_phone`: then it is what the source gave.
    `is_erased`: past its retention, its content was taken out and never comes back (X6).
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
        """Whether anything was given that might be a number; a dash is none."""
        return any(sign.isdigit() for sign in self.customer_phone)

    @property
    def outline(self) -> "OrderOutline":
        return OrderOutline(
            self.id, self.number, self.status, self.payment_status, self.created_at, self.deleted
        )


@dataclass(frozen=True, slots=True)
class OrderOutline:
    """As much of an order as a list needs to put it in its place; nothing personal, so nothing to unseal."""

    id: OrderId
    number: int
    status: str
    payment_status: str | None
    created_at: datetime
    deleted: bool = False


def stage_of(order: Order | OrderOutline) -> NotificationType | None:
    """The message that the order's present stage asks for, or None where it asks for none (A1).

    A waiter's order may be in preparation before it is paid; its later payment asks for nothing new, because the
    status alone says how far the order is.
    """
    if order.deleted:
        return None
    if order.status == "pending" and order.payment_status == "confirmed":
        return NotificationType.PAYMENT_CONFIRMED
    return _STAGE_OF_STATUS.get(order.status)
