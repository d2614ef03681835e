"""The commands that a program may give on stdin, each validated before it is carried out (X7)."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from app.domain.errors import BadFieldError, UnknownCommandError
from app.domain.identifiers import OrderId
from app.domain.money import to_cents
from app.domain.order import NotificationType, Order, OrderItem
from app.ports.paper import RollWidth

_HIGHEST_SUM: Final = Decimal("999999999999.99")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def _plain_number(given: object) -> object:
    """Digits and one point, as JSON writes a number; `"38 00"`, `"3_8"` and `true` are none."""
    if isinstance(given, bool) or (isinstance(given, str) and not _NUMBER.fullmatch(given)):
        raise ValueError("no plain number")
    return given


_Plain = BeforeValidator(_plain_number)
_Whole = Annotated[int, _Plain, Field(ge=-(2**63), lt=2**63)]
_Id = _Whole | Annotated[str, Field(max_length=200)] | None
_Amount = Annotated[
    Decimal,
    _Plain,
    # Before it is rounded: cents of a number without bound are an error of their own.
    Field(gt=-1, le=_HIGHEST_SUM, allow_inf_nan=False),
    AfterValidator(to_cents),
    Field(ge=0),
]
_Status = Annotated[str, Field(max_length=40)]
_File = Annotated[str, Field(min_length=1, max_length=1000)]
_Session = Annotated[str, Field(max_length=40)] | None


class _Command(BaseModel):
    """`id` comes back in the answer, so that a program may ask without waiting."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: _Id = None


class ItemText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(max_length=200)
    quantity: Annotated[int, _Plain] = Field(1, ge=1, le=999)
    unit_price: _Amount = Decimal(0)


class AddOrder(_Command):
    """Type in an order; its status decides whether a message follows at once."""

    command: Literal["order"]
    order_id: UUID
    number: _Whole = Field(gt=0)
    name: str = Field(max_length=200)
    phone: str = Field("", max_length=60)
    total: _Amount = Decimal(0)
    items: tuple[ItemText, ...] = Field((), max_length=200)
    table: str | None = Field(None, max_length=40)
    notes: str = Field("", max_length=500)
    status: _Status = "paid"

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
    status: _Status


class Notify(_Command):
    """Queue the message of a stage as a click would; `resend` says the same once more, on purpose."""

    command: Literal["notify", "resend"]
    order_id: UUID
    type: NotificationType


class Custom(_Command):
    """Queue a text of one's own; the same key again queues nothing and is answered like the first time."""

    command: Literal["custom"]
    phone: str = Field(max_length=60)
    text: str
    idempotency_key: UUID | None = None


class OfOrder(_Command):
    """What the customer wrote about an order; `replies_read` says that somebody has seen it."""

    command: Literal["replies", "replies_read"]
    order_id: UUID


class UseNumber(_Command):
    """Give the order to the number from which this reply came."""

    command: Literal["use_number"]
    order_id: UUID
    message_id: str = Field(max_length=200)


class Link(_Command):
    """The link that opens the chat with the shop; with an order, its number is typed in."""

    command: Literal["link"]
    order_id: UUID | None = None
    session: _Session = None


class PosterFile(_Command):
    """Write the poster; the file's ending, .png or .pdf, says its kind."""

    command: Literal["poster"]
    file: _File
    session: _Session = None


class TillReceiptFile(_Command):
    """Write the code for an order's receipt, for a roll of this many millimetres."""

    command: Literal["receipt"]
    order_id: UUID
    file: _File
    width: RollWidth = RollWidth.NARROW


class Answer(_Command):
    """Queue an answer to whoever wrote about the order; its key is that of `Custom`."""

    command: Literal["reply"]
    order_id: UUID
    text: str
    idempotency_key: UUID | None = None


class OfNotification(_Command):
    command: Literal["retry", "cancel", "undo", "arrived", "repeat"]
    notification_id: UUID


class OptOutUndo(_Command):
    """A manager lets a customer be told again; the reason is kept."""

    command: Literal["opt_out_undo"]
    phone: str = Field(max_length=60)
    reason: str = Field(max_length=200)


class PairByCode(_Command):
    """The code comes as a `connection` event, to be typed on the phone with this number."""

    command: Literal["pair_by_code"]
    phone: str = Field(max_length=60)
    session: _Session = None


class OfConnection(_Command):
    """Concerns one number of the shop: the first, unless another is named."""

    command: Literal["pair", "reconnect", "logout"]
    session: _Session = None


class Plain(_Command):
    command: Literal["retry_failed", "pause", "resume", "stats", "status", "quit"]


Command = Annotated[
    AddOrder
    | Advance
    | Notify
    | Custom
    | OfOrder
    | UseNumber
    | Link
    | PosterFile
    | TillReceiptFile
    | Answer
    | OfNotification
    | OptOutUndo
    | PairByCode
    | OfConnection
    | Plain,
    Field(discriminator="command"),
]
_ANY: TypeAdapter[Command] = TypeAdapter(Command)


FIELD_NAMES: Final = frozenset(
    name
    for model in (
        ItemText,
        AddOrder,
        Advance,
        Notify,
        Custom,
        OfOrder,
        UseNumber,
        Link,
        PosterFile,
        TillReceiptFile,
        Answer,
        OfNotification,
        OptOutUndo,
        PairByCode,
        OfConnection,
        Plain,
    )
    for name in model.model_fields
)


def read_command(line: str) -> Command:
    """Raises BadFieldError with the field's name, else UnknownCommandError.

    What was wrong is not repeated, for it may hold a customer's words; nor is a name that is none of ours.
    """
    try:
        return _ANY.validate_json(line)
    except ValidationError as error:
        named = [str(part) for part in error.errors()[0]["loc"][1:] if part in FIELD_NAMES]
        raise BadFieldError(field=".".join(named)) if named else UnknownCommandError from None
