"""Simulated world of a training: the owner's phone, the customers' phones, their orders."""

from collections.abc import Mapping, Sequence

from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.chats import Chats
from app.adapters.demo.customers import order_id, rush_order
from app.adapters.demo.rush import Rush
from app.domain.errors import SimulatorUnreachableError
from app.domain.identifiers import MessageId, OrderId
from app.domain.order import Order
from app.ports.clock import Clock
from app.ports.training import PhonesTally, ShownMessage, SimulatedPhone, Tempo

_SHOP_NUMBER = "+5573988112233"


class SimulatedWorld:
    """Training port over the simulator's admin interface."""

    def __init__(self, ws_url: str, seed: int, clock: Clock) -> None:
        self._admin = AdminClient(ws_url)
        self._seed, self._clock = seed, clock
        self._chats, self._tempo = Chats(clock), Tempo()

    async def is_there(self) -> bool:
        """Return whether our simulator answers at this address, and no other server."""
        return await self._admin.is_simulator()

    async def open(self) -> None:
        """Create the shop's own phone; raises SimulatorUnreachableError with the request that failed."""
        await self._admin.post("account", number=_SHOP_NUMBER, name="Coco Loko")

    async def shorten_delays(self) -> None:
        """Let customers read at once, so that a training is short."""
        await self._admin.post("options", delivered_delay_ms=20, read_delay_ms=60)

    async def scan(self, qr_text: str) -> None:
        await self._admin.post("scan", number=_SHOP_NUMBER, qr=qr_text)

    def order_ids(self, count: int) -> Sequence[OrderId]:
        return [order_id(self._seed, index) for index in range(count)]

    async def rush(self, count: int, known: Mapping[OrderId, Order]) -> Rush:
        now = self._clock.now()
        orders = [rush_order(self._seed, index, now) for index in range(count)]
        await self._admin.post(
            "contacts",
            contacts=[
                {
                    "number": one.customer.number,
                    "name": one.order.customer_name,
                    "registered_as": one.customer.registered_as,
                    "companions": one.customer.companions,
                }
                for one in orders
            ],
        )
        for one in orders:
            self._chats.introduce(one.customer.registered_as, one.order.customer_name)
        return Rush(self._admin, self._clock, orders, known, lambda: self._tempo)

    def set_tempo(self, tempo: Tempo) -> None:
        self._tempo = tempo

    async def phones(self) -> Sequence[SimulatedPhone]:
        answer = await self._admin.get("messages")
        try:
            return self._chats.phones(answer["messages"])
        except (KeyError, TypeError):
            raise SimulatorUnreachableError from None

    async def write_to_shop(self, number: str, text: str) -> None:
        # Bubbles that are on the phone by now are dated before the new text.
        await self.phones()
        await self._admin.post("inbound", number=number, text=text)
        self._chats.wrote(number, text)

    async def tally(self) -> PhonesTally:
        answer = await self._admin.get("messages")
        try:
            messages = [
                ShownMessage(
                    number=message["number"],
                    message_id=MessageId(message["id"]),
                    text=message["text"],
                    bubbles=message["shown"],
                )
                for message in answer["messages"]
                # The shop's own phone shows copies, which inform no customer.
                if message["number"] != _SHOP_NUMBER
            ]
            return PhonesTally(messages, answer["wire_repeats"])
        except (KeyError, TypeError):
            raise SimulatorUnreachableError from None
