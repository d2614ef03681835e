"""Commands that a program may give on stdin, each validated before its execution (X7)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal, Self, get_args
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from app.domain.errors import BadFieldError, UnknownCommandError
from app.domain.identifiers import OrderId
from app.domain.money import to_cents
from app.domain.order import NotificationType, Order, OrderItem
from app.headless.manager_commands import ManagerCommand
from app.headless.order_commands import OrderCommand
from app.headless.program_command import PlainNumber, ProgramCommand, ProtectedCommand, WholeNumber
from app.ports.paper import RollWidth

_HIGHEST_SUM: Final = Decimal("999999999999.99")
_Amount = Annotated[
    Decimal,
    PlainNumber,
    # Checked before rounding: cents of an unbounded number are an error of their own.
    Field(gt=-1, le=_HIGHEST_SUM, allow_inf_nan=False),
    AfterValidator(to_cents),
    Field(ge=0),
]
_Status = Annotated[str, Field(max_length=40)]
_File = Annotated[str, Field(min_length=1, max_length=1000)]
_Session = Annotated[str, Field(max_length=40)] | None


class ItemText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(max_length=200)
    quantity: Annotated[int, PlainNumber] = Field(1, ge=1, le=999)
    unit_price: _Amount = Decimal(0)


class AddOrder(ProgramCommand):
    """Enter an order; its status decides whether a message follows at once."""

    command: Literal["order"]
    order_id: UUID
    number: WholeNumber = Field(gt=0)
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


class Advance(ProgramCommand):
    command: Literal["advance"]
    order_id: UUID
    status: _Status


class Notify(ProgramCommand):
    """Queue the message of a stage, as a click would; `resend` repeats it on purpose."""

    command: Literal["notify", "resend"]
    order_id: UUID
    type: NotificationType


class Custom(ProgramCommand):
    """Queue a free text; idempotent by key: the same key queues no second text and gets the first answer."""

    command: Literal["custom"]
    phone: str = Field(max_length=60)
    text: str
    idempotency_key: UUID | None = None


class OfOrder(ProgramCommand):
    """Return a customer's replies about an order; `replies_read` marks them as read."""

    command: Literal["replies", "replies_read"]
    order_id: UUID


class UseNumber(ProgramCommand):
    """Assign the order to the number that sent this reply."""

    command: Literal["use_number"]
    order_id: UUID
    message_id: str = Field(max_length=200)


class Link(ProgramCommand):
    """Return the link that opens the chat with the shop; with an order, its number is filled in."""

    command: Literal["link"]
    order_id: UUID | None = None
    session: _Session = None


class PosterFile(ProgramCommand):
    """Write the poster; the file's suffix, .png or .pdf, decides its format."""

    command: Literal["poster"]
    file: _File
    session: _Session = None


class TillReceiptFile(ProgramCommand):
    """Write the code for an order's receipt, for a roll of this many millimetres."""

    command: Literal["receipt"]
    order_id: UUID
    file: _File
    width: RollWidth = RollWidth.NARROW


class Answer(ProgramCommand):
    """Queue an answer to the author of a reply about the order; the key is that of `Custom`."""

    command: Literal["reply"]
    order_id: UUID
    text: str
    idempotency_key: UUID | None = None


class OfNotification(ProgramCommand):
    command: Literal["retry", "cancel", "undo", "arrived", "repeat"]
    notification_id: UUID


class PickupReplies(ProtectedCommand):
    """Switch the offer of a pickup reply; without `on`, only read it (K9)."""

    command: Literal["pickup_replies"]
    on: StrictBool | None = None


class TemplateText(ProtectedCommand):
    """Put another text of a message type in force, or switch the type off; without both, only read it (T2)."""

    command: Literal["template"]
    type: NotificationType
    text: str | None = None
    active: StrictBool | None = None


class OptOutUndo(ProtectedCommand):
    """Undo a customer's opt-out for a manager; the reason is stored.

    By the number, or by an order whose customer may have no visible number.
    """

    command: Literal["opt_out_undo"]
    phone: str | None = Field(default=None, max_length=60)
    order_id: UUID | None = None
    reason: str = Field(max_length=200)

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.phone is None) == (self.order_id is None):
            raise ValueError("either phone or order_id")
        return self


class CheckNumber(ProgramCommand):
    """Ask WhatsApp whether a number has an account; answers are remembered (P2)."""

    command: Literal["check_number"]
    phone: str = Field(max_length=60)


class PairByCode(ProtectedCommand):
    """Request a pairing code; it arrives as a `connection` event, to be typed on the phone with this number."""

    command: Literal["pair_by_code"]
    phone: str = Field(max_length=60)
    session: _Session = None


class OfConnection(ProtectedCommand):
    """Act on one number of the shop: the first, unless another is named; `reconnect` needs no PIN."""

    command: Literal["pair", "reconnect", "logout"]
    session: _Session = None


class Plain(ProgramCommand):
    command: Literal["retry_failed", "pause", "resume", "stats", "status", "quit"]


CounterCommand = (
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
    | PickupReplies
    | TemplateText
    | OptOutUndo
    | CheckNumber
    | PairByCode
    | OfConnection
    | Plain
)
Command = Annotated[CounterCommand | OrderCommand | ManagerCommand, Field(discriminator="command")]
_ANY: TypeAdapter[Command] = TypeAdapter(Command)
_MODELS: Final = (ItemText, *get_args(get_args(Command)[0]))
FIELD_NAMES: Final = frozenset(name for model in _MODELS for name in model.model_fields)


def read_command(line: str) -> Command:
    """Parse and validate a line; raises BadFieldError with the field's name, else UnknownCommandError.

    The error does not repeat wrong content, which may hold a customer's words, nor a field name that is not ours.
    """
    try:
        return _ANY.validate_json(line)
    except ValidationError as error:
        named = [str(part) for part in error.errors()[0]["loc"][1:] if part in FIELD_NAMES]
        raise BadFieldError(field=".".join(named)) if named else UnknownCommandError from None
