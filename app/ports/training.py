"""The simulated world of a training: phones that can be looked into and a rush of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """`wire_repeats` is the server's own count of ids that came again."""

    messages: Sequence[ShownMessage]
    wire_repeats: int


class TrainingWorld(Protocol):
    async def scan(self, qr_text: str) -> None:
        """The simulated owner's phone scans the QR code."""
        ...

    def order_ids(self, count: int) -> Sequence[OrderId]:
        """The ids of the rush: the same for the same seed, so that a restart goes on with them."""
        ...

    async def rush(self, count: int, known: Mapping[OrderId, Order]) -> OrderFeed:
        """Orders that move on as soon as their customer's phone shows the message of the stage before."""
        ...

    async def tally(self) -> PhonesTally: ...
