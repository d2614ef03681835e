"""Rush of simulated orders, each advanced when its customer has received the message."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.customers import RushOrder, in_status
from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.ports.clock import Clock
from app.ports.training import Tempo

_STATUSES = ("paid", "in_preparation", "ready")
_LOOK_EVERY = timedelta(milliseconds=100)
_OPEN_AT_ONCE = 6


@dataclass(slots=True)
class _Ticket:
    """Order of the rush in progress: `stage` counts its statuses so far, the last one at `reached`."""

    rush_order: RushOrder
    stage: int
    reached: timedelta = timedelta(0)

    @property
    def order(self) -> Order:
        return in_status(self.rush_order.order, _STATUSES[self.stage - 1])


class Rush:
    """Simulated kitchen: an order goes on when its customer's phone shows the message of the present stage."""

    def __init__(
        self,
        admin: AdminClient,
        clock: Clock,
        orders: Sequence[RushOrder],
        known: Mapping[OrderId, Order],
        tempo: Callable[[], Tempo],
    ) -> None:
        self._admin, self._clock, self._tempo = admin, clock, tempo
        self._waiting = [_Ticket(one, _stage_of(known.get(one.order.id))) for one in reversed(orders)]
        self._open: list[_Ticket] = []
        self._last_came: timedelta | None = None

    async def orders(self) -> AsyncIterator[Order]:
        while self._waiting or self._open:
            while self._has_room():
                yield self._next().order
            await self._clock.sleep(_LOOK_EVERY)
            told, now = await self._told(), self._clock.steady()
            for ticket in tuple(self._open):
                if told[ticket.rush_order.customer.registered_as] < ticket.stage:
                    continue
                if now - ticket.reached < self._tempo().stage:
                    continue
                if ticket.stage == len(_STATUSES):
                    self._open.remove(ticket)
                else:
                    ticket.stage, ticket.reached = ticket.stage + 1, now
                    yield ticket.order

    def _has_room(self) -> bool:
        rested = (
            self._last_came is None or self._clock.steady() - self._last_came >= self._tempo().between_orders
        )
        return bool(self._waiting) and len(self._open) < _OPEN_AT_ONCE and rested

    def _next(self) -> _Ticket:
        """Open the next order, dated now and not when the rush was generated."""
        ticket = self._waiting.pop()
        ticket.reached = self._last_came = self._clock.steady()
        came = replace(ticket.rush_order.order, created_at=self._clock.now())
        ticket.rush_order = replace(ticket.rush_order, order=came)
        self._open.append(ticket)
        return ticket

    async def _told(self) -> Counter[str]:
        """Return the number of different messages shown, by the account's number.

        Each customer of a rush has one order.
        """
        answer = await self._admin.get("messages")
        return Counter(message["number"] for message in answer["messages"] if message["shown"])


def _stage_of(known: Order | None) -> int:
    if known is None or known.status not in _STATUSES:
        return 1
    return _STATUSES.index(known.status) + 1
