"""A training's world in memory: phones that show what a test says, and no rush."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.ports.clock import Clock
from app.ports.training import ChatMessage, PhonesTally, SimulatedPhone, Tempo


class NoRush:
    """An order feed that ends at once."""

    async def orders(self) -> AsyncIterator[Order]:
        nothing: tuple[Order, ...] = ()
        for order in nothing:
            yield order


@dataclass
class ImaginedWorld:
    """Implements ports.training.TrainingWorld."""

    clock: Clock
    customers: list[SimulatedPhone] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)
    tempos: list[Tempo] = field(default_factory=list)

    async def scan(self, qr_text: str) -> None:
        self.scanned.append(qr_text)

    def order_ids(self, count: int) -> Sequence[OrderId]:
        _ = count
        return ()

    async def rush(self, count: int, known: Mapping[OrderId, Order]) -> NoRush:
        _ = count, known
        return NoRush()

    def set_tempo(self, tempo: Tempo) -> None:
        self.tempos.append(tempo)

    async def tally(self) -> PhonesTally:
        return PhonesTally((), 0)

    async def phones(self) -> Sequence[SimulatedPhone]:
        return tuple(self.customers)

    async def write_to_shop(self, number: str, text: str) -> None:
        self.write(number, ChatMessage(text, from_shop=False, at=self.clock.now()))

    def write(self, number: str, message: ChatMessage) -> None:
        """`message` is the latest in this phone's chat."""
        for at, phone in enumerate(self.customers):
            if phone.number == number:
                self.customers[at] = replace(phone, chat=(*phone.chat, message))
