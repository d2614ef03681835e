"""The commands that a program may give on stdin, each validated before it is carried out (X7)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.domain.errors import UnknownCommandError
from app.domain.identifiers import OrderId
from app.domain.order import NotificationType, Order, OrderItem


class _Command(BaseModel):
    """`id` comes back in the answer, so that a program may ask without waiting."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: int | str | None = None


class ItemText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(max_length=200)
    quantity: int = Field(1, ge=1, le=999)
    unit_price: Decimal = Decimal(0)


class AddOrder(_Command):
    """Type in an order; its status decides whether a message follows at once."""

    command: Literal["order"]
    order_id: UUID
    number: int
    name: str = Field(max_length=200)
    phone: str = Field(max_length=60)
    total: Decimal = Decimal(0)
    items: tuple[ItemText, ...] = ()
    table: str | None = Field(None, max_length=40)
    notes: str = Field("", max_length=500)
    status: str = "paid"

    def order(self, now: datetime) -> Order:
        return Order(
            id=OrderId(str(self.order_id)),
            number=self.number,
            customer_name=self.name,
            customer_phone=self.phone,
            status=self.status,
            payment_status=None,
            total=self.total,
            created_at=now,
            items=tuple(OrderItem(i.name, i.quantity, i.unit_price) for i in self.items),
            table_number=self.table,
            notes=self.notes,
        )


class Advance(_Command):
    command: Literal["advance"]
    order_id: UUID
    status: str = Field(max_length=40)


class Notify(_Command):
    """Queue the message of a stage as a click would; `resend` says the same once more, on purpose."""

    command: Literal["notify", "resend"]
    order_id: UUID
    type: NotificationType


class Custom(_Command):
    """Queue a text of one's own."""

    command: Literal["custom"]
    phone: str = Field(max_length=60)
    text: str


class OfNotification(_Command):
    command: Literal["retry", "cancel", "undo", "arrived", "repeat"]
    notification_id: UUID


class OptOutUndo(_Command):
    """A manager lets a customer be told again; the reason is kept."""

    command: Literal["opt_out_undo"]
    phone: str = Field(max_length=60)
    reason: str = Field(max_length=200)


class Plain(_Command):
    command: Literal[
        "retry_failed", "pause", "resume", "stats", "status", "pair", "reconnect", "logout", "quit"
    ]


Command = Annotated[
    AddOrder | Advance | Notify | Custom | OfNotification | OptOutUndo | Plain,
    Field(discriminator="command"),
]
_ANY: TypeAdapter[Command] = TypeAdapter(Command)


def read_command(line: str) -> Command:
    """Raises UnknownCommandError; what was wrong is not repeated, for it may hold a customer's words."""
    try:
        return _ANY.validate_json(line)
    except ValidationError:
        raise UnknownCommandError from None
