"""Story of customers with numbers and LIDs, of what WhatsApp tells of them, and of a program that may die."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.domain.account import NumberAnswer, WhatsAppAccount
from app.domain.claim_text import claimed_order
from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId, confirmation_id
from app.domain.lease import LeaseOwner
from app.domain.lid import Address, Lid, lid_of
from app.domain.notification import UNFINISHED, State
from app.domain.opt_out import OptOutWord, word_in
from app.domain.order import Order
from app.domain.phone import Phone, customer_forms
from app.ports.inbound import Inbound
from app.ports.messenger import SeenAccount
from app.ports.store import Rows
from tests.harness.identity_model import Claim, IdentityModel
from tests.harness.shop import MAIN, TRUSTING, Shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryRows, MemoryStore
from tests.simulators.memory_tables import Tables
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.simulators.sends_in_flight import Send

T = TypeVar("T")
Arrival = Inbound | SeenAccount
NUMBERS = tuple(Phone(f"+55739995485{n}1") for n in range(3))
HIDDEN = 2
"""People whose number is never known."""


@dataclass
class Person:
    """Owner of one LID; `number` is None for a hidden one, and after another person registered it."""

    lid: Lid
    number: Phone | None


@dataclass
class Story:
    """WhatsApp's truth, the shop of the present life, and the model of what the shop was told."""

    model: IdentityModel = field(default_factory=IdentityModel)
    clock: MovedClock = field(default_factory=MovedClock)
    people: list[Person] = field(default_factory=list)
    formerly: list[tuple[Phone, Lid]] = field(default_factory=list)
    """Each pair that was ever true."""
    silent: set[Phone] = field(default_factory=set)
    """Numbers whose LID WhatsApp does not tell when asked."""
    given: set[int] = field(default_factory=set)
    """Orders that a person gave to a writer."""
    phoneless: set[int] = field(default_factory=set)
    """Orders that came without a phone at least once."""
    statuses: dict[int, list[str]] = field(default_factory=dict)
    """All statuses of each order, in the order in which they came."""
    arrivals: deque[Arrival] = field(default_factory=deque)
    """Those that the shop has not acknowledged; they come again in the next life."""
    handed: dict[MessageId, int] = field(default_factory=dict)
    """How often each message left."""
    put_back: set[NotificationId] = field(default_factory=set)
    """Ended messages that were woken; their place in the queue is the old one."""
    lives: int = 0
    said: int = 0
    running: list["asyncio.Task[Any]"] = field(default_factory=list)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    store: "WatchedStore" = field(init=False)
    shop: Shop = field(init=False)

    def __post_init__(self) -> None:
        for number in [*NUMBERS, *[None] * HIDDEN]:
            self.add_person(number)

    def add_person(self, number: Phone | None) -> None:
        lid = Lid(f"{4711 + len(self.people)}@lid")
        self.people.append(Person(lid, number))
        if number:
            self.formerly.append((number, lid))

    def owner(self, number: Phone) -> Person:
        return next(each for each in self.people if each.number == number)

    def speaker(self, who: int) -> Person:
        """Return the present owner of one of the numbers, a hidden person, or a former owner."""
        return self.owner(NUMBERS[who]) if who < len(NUMBERS) else self.people[who % len(self.people)]

    async def begin(self, found: "WatchedStore | None" = None) -> None:
        self.lives += 1
        self.store = WatchedStore(self, found)
        opened = open_shop(
            store=self.store,
            owner=LeaseOwner(self.lives, "now", "boot"),
            messengers=lambda clock: WatchedMessenger(clock, story=self),
            choices=shop_choices(liveness=TRUSTING),
            clock=self.clock,
            seed=self.lives,
        )
        self.shop = await self.stack.enter_async_context(opened)
        self.arrived = asyncio.Event()
        self.arrived.set()
        self.start(self._deliver())

    async def _deliver(self) -> None:
        """Deliver one after the other, as WhatsApp does."""
        self.store.deliverer = asyncio.current_task()
        messenger = self.shop.messenger
        while True:
            while self.arrivals:
                first = self.arrivals[0]
                self.store.arrival, self.store.orders_on_arrival = first, None
                await (messenger.see(first) if isinstance(first, SeenAccount) else messenger.emit(first))
                self.arrivals.popleft()
            self.arrived.clear()
            await self.arrived.wait()

    def arrive(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)
        self.arrived.set()

    async def end(self) -> None:
        """The model ignores the acts of a life that is being closed."""
        self.store.model = None
        for task in self.running:
            task.cancel()
        self.shop.messenger.gate.set()
        await self.stack.aclose()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()

    async def crash(self) -> None:
        found = WatchedStore(self, self.store)
        await self.end()
        await self.begin(found)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        self.running.append(asyncio.get_running_loop().create_task(work))


class WatchedStore(MemoryStore):
    """Tells the model each fact in the commit that records it, and compares the two after each commit."""

    def __init__(self, story: Story, found: MemoryStore | None = None) -> None:
        super().__init__(found._tables.snapshot() if found else None)
        self.story = story
        self.model: IdentityModel | None = story.model
        self.answers: dict[Phone, str | None] = {}
        self.deliverer: asyncio.Task[Any] | None = None
        self.arrival: Arrival | None = None
        self.orders_on_arrival: dict[OrderId, Order] | None = None

    async def transact(self, work: Callable[[Rows], T]) -> T:
        def watched(rows: Rows) -> tuple[Tables, T]:
            return self._tables, work(rows)

        before, result = await super().transact(watched)
        if self.model:
            for row in self._tables.notifications.values():
                was = before.notifications.get(row.id)
                if was and was.state not in UNFINISHED and row.state is State.PENDING:
                    self.story.put_back.add(row.id)
            if asyncio.current_task() is self.deliverer:
                self._learn_arrival(self.model, before, self._tables)
            else:
                self._learn_answers(self.model, before, self._tables)
            self._compare(self.model)
        return result

    def _learn_arrival(self, model: IdentityModel, before: Tables, after: Tables) -> None:
        if self.orders_on_arrival is None:
            self.orders_on_arrival = before.orders
        match self.arrival:
            case SeenAccount(phone=Phone() as phone, lid=lid, live=live):
                if {customer_forms(phone)[0], lid} & before.aliases.keys():
                    model.connect(phone, lid, live=live)
            case Inbound(message_id=message_id) as inbound:
                heard = after.heard_words.keys() - before.heard_words.keys()
                kept = after.replies.keys() - before.replies.keys()
                if kept and inbound.phone is None and (order := self._claimed(inbound)):
                    model.claims.append(Claim(message_id, order, inbound.lid or Lid("")))
                fresh = any(after.replies[key].message_id == message_id for key in kept)
                if fresh or any(each == message_id for _, each in heard):
                    self._learn_inbound(model, inbound, is_word=bool(heard))

    def _claimed(self, inbound: Inbound) -> OrderId | None:
        number, known = claimed_order(inbound.text or ""), self.orders_on_arrival or {}
        return next((each.id for each in known.values() if each.number == number), None)

    def _learn_inbound(self, model: IdentityModel, inbound: Inbound, *, is_word: bool) -> None:
        named: list[Address] = [each for each in (inbound.phone, inbound.lid) if each]
        if inbound.phone and inbound.lid:
            model.connect(inbound.phone, inbound.lid, live=True)
        if is_word and word_in(inbound.text or "") is OptOutWord.LEAVE:
            model.opt_out(named, confirmation_id(MAIN, inbound.message_id, OptOutWord.LEAVE))
        elif is_word:
            model.opt_in(named)

    def _learn_answers(self, model: IdentityModel, before: Tables, after: Tables) -> None:
        for phone, lid in tuple(self.answers.items()):
            if after.numbers.get(phone) is not before.numbers.get(phone):
                del self.answers[phone]
                if known := lid_of(lid):
                    model.connect(phone, known, live=True)

    def _compare(self, model: IdentityModel) -> None:
        rows = MemoryRows(self._tables)
        known = [*self._tables.aliases]
        for address in known:
            same = {each for each in known if rows.identities.same(address, each)}
            wanted = {each for each in known if model.customer(each) == model.customer(address)}
            if same - wanted:
                model.broken.append("merged wrongly")
            if wanted - same:
                model.broken.append("not recognized")
            silent = rows.opt_outs.in_force(address) is not None
            if silent is not (model.customer(address) in model.left):
                model.broken.append(f"opted out: {silent}, though the customer did otherwise")


@dataclass
class WatchedMessenger(ScriptedMessenger):
    """Answers by the story's truth, and shows the model each message that leaves."""

    story: Story = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.store = self.story.store

    async def _answer_about(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        _ = session_id
        self.asked_numbers.append(tuple(forms))
        number = next(each for each in NUMBERS if each in forms)
        lid = None if number in self.story.silent else self.story.owner(number).lid.text
        self.store.answers[forms[0]] = lid
        return WhatsAppAccount(jid_of(number), lid)

    def hand(self, send: Send) -> None:
        super().hand(send)
        if self.store.model:
            story, rows = self.story, self.store._tables.notifications.values()
            row = next(each for each in rows if each.message_id == send.message_id)
            waiting = [
                each
                for each in rows
                if each.state in {State.PENDING, State.SENDING}
                and each.message_id not in story.handed
                and each.id not in story.put_back
            ]
            story.handed[send.message_id] = story.handed.get(send.message_id, 0) + 1
            self.store.model.hand(row, waiting)


def jid_of(number: Phone) -> str:
    return f"{customer_forms(number)[0].number[1:]}@s.whatsapp.net"
