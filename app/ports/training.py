"""Port of a training's simulated world: customers' phones and a rush of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.identifiers import MessageId, OrderId
from app.domain.order import Order
from app.ports.order_feed import OrderFeed


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message on a simulated phone: `bubbles` as the customer sees them, decrypted text included."""

    number: str = field(repr=False)
    message_id: MessageId
    text: str = field(repr=False)
    bubbles: int


@dataclass(frozen=True, slots=True)
class PhonesTally:
    """Messages on all phones; `wire_repeats` is the server's own count of ids that came again."""

    messages: Sequence[ShownMessage]
    wire_repeats: int


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One bubble in a customer's chat with the shop; `from_shop` is its side."""

    text: str = field(repr=False)
    from_shop: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SimulatedPhone:
    """A customer's phone with its chat, oldest bubble first; `number` is E.164."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    chat: Sequence[ChatMessage] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Tempo:
    """Tempo of the rush: time between two new orders, and the kitchen's minimum time for a stage."""

    between_orders: timedelta = timedelta(0)
    stage: timedelta = timedelta(0)


class TrainingWorld(Protocol):
    async def scan(self, qr_text: str) -> None:
        """Scan the QR code with the simulated owner's phone."""
        ...

    def order_ids(self, count: int) -> Sequence[OrderId]:
        """Return the ids of the rush: the same for the same seed, so that a restart continues with them."""
        ...

    async def rush(self, count: int, known: Mapping[OrderId, Order]) -> OrderFeed:
        """Return orders that advance once their customer's phone shows the previous stage's message."""
        ...

    def set_tempo(self, tempo: Tempo) -> None:
        """Set the tempo from now on, for a running rush too; the default is as fast as possible."""
        ...

    async def tally(self) -> PhonesTally: ...

    async def phones(self) -> Sequence[SimulatedPhone]:
        """Return the customers' phones, the chat with the latest bubble first; those without a chat come last."""
        ...

    async def write_to_shop(self, number: str, text: str) -> None:
        """Write from the customer's phone; raises NotAllowedNowError while the shop has no phone there."""
        ...
