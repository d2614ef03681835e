"""Lets a rush of orders run through the shop, each as fast as its customer hears of it."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.customers import RushOrder, in_status
from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.ports.clock import Clock

_STATUSES = ("paid", "in_preparation", "ready")
_LOOK_EVERY = timedelta(milliseconds=100)
_OPEN_AT_ONCE = 6


@dataclass(slots=True)
class _Ticket:
    """An order that is on its way; `stage` counts the statuses that it has reached."""

    rush_order: RushOrder
    stage: int

    @property
    def order(self) -> Order:
        return in_status(self.rush_order.order, _STATUSES[self.stage - 1])


class Rush:
    """The kitchen goes on with an order when its customer's phone shows the message of the present stage."""

    def __init__(
        self, admin: AdminClient, clock: Clock, orders: Sequence[RushOrder], known: Mapping[OrderId, Order]
    ) -> None:
        self._admin, self._clock = admin, clock
        self._waiting = [_Ticket(one, _stage_of(known.get(one.order.id))) for one in reversed(orders)]

    async def orders(self) -> AsyncIterator[Order]:
        open_tickets: list[_Ticket] = []
        while self._waiting or open_tickets:
            while self._waiting and len(open_tickets) < _OPEN_AT_ONCE:
                open_tickets.append(self._waiting.pop())
                yield open_tickets[-1].order
            await self._clock.sleep(_LOOK_EVERY)
            told = await self._told()
            for ticket in tuple(open_tickets):
                if told[ticket.rush_order.customer.registered_as] < ticket.stage:
                    continue
                if ticket.stage == len(_STATUSES):
                    open_tickets.remove(ticket)
                else:
                    ticket.stage += 1
                    yield ticket.order

    async def _told(self) -> Counter[str]:
        """Different messages shown, by the account's number; each customer of a rush has one order."""
        answer = await self._admin.get("messages")
        return Counter(message["number"] for message in answer["messages"] if message["shown"])


def _stage_of(known: Order | None) -> int:
    if known is None or known.status not in _STATUSES:
        return 1
    return _STATUSES.index(known.status) + 1
