"""Load generator: orders come in, move from stage to stage, and get custom messages."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import count
from random import Random  # noqa: TID251 - seeded on purpose
from uuid import UUID

from app.domain.claim_text import claim_text
from app.ports.clock import Clock
from tests.harness.chaos.event_log import UNTOLD, EventLog
from tests.harness.chaos.life import Life, Said
from tests.harness.chaos.simulated_side import SimulatedSide

STAGES = (("paid", "payment_confirmed"), ("in_preparation", "preparing"), ("ready", "ready"))
_OWN_WORDS = "custom"
_MOST_OPEN = 8
_MOST_UNFINISHED = 12
_CUSTOMERS_AT_ONCE = 200
_MEAN_PAUSE = 0.12
# Mostly the kitchen is slower than the telephone; when it is not, the later stage overtakes.
_HASTE = 0.05
# Somebody who waits for one order comes back to the counter for another.
_SECOND_ORDER = 0.4


@dataclass(frozen=True, slots=True)
class Click:
    """Accepted click; with the answer it has to be on disk."""

    order_id: str | None
    type: str
    number: str
    says: str
    """Words of the text that the customer reads."""
    notification_id: str | None = None


class Claim(StrEnum):
    """What a customer writes about an order: nothing, a claim beside its number, a claim in place of one."""

    NONE = "none"
    BESIDE_NUMBER = "beside_number"
    IN_PLACE_OF_NUMBER = "in_place_of_number"


@dataclass(slots=True)
class _Order:
    id: str
    number: int
    phone: str
    claim: Claim
    stage: int = 0


@dataclass
class LoadGenerator:
    """Generator of clicks; it repeats unanswered clicks but no custom messages; `life` is the process running now."""

    clock: Clock
    chance: Random
    side: SimulatedSide
    event_log: EventLog
    life: Callable[[], Life | None]
    patient: bool
    """Whether clicks wait for the end of a doubt; otherwise its order gets no further click."""
    hidden: float = 0.0
    """Share of the customers who hide their number; half of their orders have none either, and are claimed."""
    accepted: list[Click] = field(default_factory=list)
    refused: int = 0
    second_orders: int = 0
    """Orders of customers with another open order."""
    _open: list[_Order] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _customers: "count[int]" = field(default_factory=lambda: count(1))
    _hidden: set[str] = field(default_factory=set)
    _known: int = 0
    """How many customers have a phone."""
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        while True:
            await self.clock.sleep(timedelta(seconds=self.chance.expovariate(1 / _MEAN_PAUSE)))
            if self.life() and self.event_log.unfinished < _MOST_UNFINISHED:
                await self.click()

    async def click(self) -> None:
        """Make the next click: a new order, or a step of an open one."""
        async with self._one_at_a_time:
            await self._click()

    async def go_on_with(self, order_id: str) -> None:
        """The next thing about this order, where it is open."""
        async with self._one_at_a_time:
            life = self.life()
            order = next((order for order in self._open if order.id == order_id), None)
            if life and order:
                await self._move(life, order)

    async def _click(self) -> None:
        life, hasty = self.life(), self.chance.random() < _HASTE
        if not self.patient:
            self._open = [order for order in self._open if "in_doubt" not in self._states_of(order)]
        ready = [order for order in self._open if self._is_ready(order, hasty=hasty)]
        if life is None:
            return
        if ready and (len(self._open) >= _MOST_OPEN or self.chance.random() < 0.7):
            await self._move(life, self.chance.choice(ready))
        elif len(self._open) < _MOST_OPEN:
            order = self._new_order()
            self._open.append(order)
            await self._move(life, order)

    def phones(self) -> list[str]:
        """The phones of those whose orders are open, each once."""
        return list(dict.fromkeys(order.phone for order in self._open))

    async def _move(self, life: Life, order: _Order) -> None:
        if order.stage == len(STAGES):
            self._open.remove(order)
            await self._own_words(life, order)
            return
        status, kind = STAGES[order.stage]
        if order.stage == 0:
            answer = await self._announce(life, order)
        else:
            answer = await life.say(command="advance", order_id=order.id, status=status)
        if self._is_accepted(answer):
            order.stage += 1
            self.accepted.append(Click(order.id, kind, order.phone, f"*#{order.number}*"))

    async def _announce(self, life: Life, order: _Order) -> Said | None:
        """Add the order; its customer claims it once, as soon as the program has it."""
        phone = "" if order.claim is Claim.IN_PLACE_OF_NUMBER else order.phone
        customer = {"name": "Ana Souza", "phone": phone}
        answer = await life.say(command="order", order_id=order.id, number=order.number, **customer)
        if answer and answer["ok"] and order.claim is not Claim.NONE:
            self.side.write(order.phone, claim_text(order.number))
        return answer

    async def _own_words(self, life: Life, order: _Order) -> None:
        if order.claim is Claim.IN_PLACE_OF_NUMBER:
            return
        text = f"Obrigado pelo pedido {order.number}, volte sempre!"
        answer = await life.say(command="custom", phone=order.phone, text=text)
        if answer and self._is_accepted(answer):
            self.accepted.append(Click(None, _OWN_WORDS, order.phone, text, answer["notification_id"]))

    def _is_accepted(self, answer: Said | None) -> bool:
        self.refused += answer is not None and not answer["ok"]
        return answer is not None and answer["ok"] is True

    def _is_ready(self, order: _Order, *, hasty: bool) -> bool:
        """An order without a number has no message before it is claimed: its next stage waits for the first one."""
        states = self._states_of(order)
        needs_claim = order.claim is Claim.IN_PLACE_OF_NUMBER and order.stage > 0
        is_claimed = not needs_claim or bool(states - {"suppressed"})
        return is_claimed and (hasty or not UNTOLD & states)

    def _states_of(self, order: _Order) -> set[str]:
        return {course.state for course in self.event_log.of_order(order.id)}

    def _new_order(self) -> _Order:
        id_ = str(UUID(int=self.chance.getrandbits(128), version=4))
        if self._open and self.chance.random() < _SECOND_ORDER:
            self.second_orders += 1
            return self._order_of(id_, self.chance.choice(self.phones()))
        return self._order_of(id_, _phone(self._next_customer()))

    def _order_of(self, id_: str, phone: str) -> _Order:
        number = next(self._numbers)
        if phone not in self._hidden:
            return _Order(id_, number, phone, Claim.NONE)
        claim = Claim.BESIDE_NUMBER if self.chance.random() < 0.5 else Claim.IN_PLACE_OF_NUMBER
        return _Order(id_, number, phone, claim)

    def _next_customer(self) -> int:
        number = next(self._customers)
        if number > self._known:
            added = range(self._known + 1, self._known + _CUSTOMERS_AT_ONCE + 1)
            phones = [_phone(one) for one in added]
            hidden = {phone for phone in phones if self.hidden and self.chance.random() < self.hidden}
            self._hidden |= hidden
            self.side.add_customers(phones, frozenset(hidden))
            self._known = added[-1]
        return number


def _phone(number: int) -> str:
    return f"+557398{number:07d}"
