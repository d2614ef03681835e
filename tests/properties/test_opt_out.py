"""Whatever happens in whatever order, a customer who left gets one confirmation and nothing else."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.identifiers import MessageId
from app.domain.lease import LeaseOwner
from app.domain.lid import Lid
from app.domain.notification import UNFINISHED, State
from app.domain.opt_out import OptOut
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from app.services.messaging.records import NotificationRequest
from tests.harness.shop import MAIN, Shop, open_shop
from tests.harness.story_steps import Answer, Hold, Turns, Wait
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.simulators.sends_in_flight import Send

pytestmark = [pytest.mark.slow, pytest.mark.requirement("X1")]
FULL = bool(os.environ.get("FULL"))
T = TypeVar("T")
ANA, ANA_BEFORE_2016, LID = Phone("+5573999548537"), Phone("+557399548537"), "4711@lid"
NOON = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)
RETURNED = "returned"


class Witness(MemoryStore):
    """Writes each commit that changes the opt-out into the log of one life of the program."""

    def __init__(self, log: list[object], found: MemoryStore | None = None) -> None:
        super().__init__(found._tables.snapshot() if found else None)
        self.log = log

    async def transact(self, work: Callable[[Rows], T]) -> T:
        def watched(rows: Rows) -> tuple[OptOut | None, T, OptOut | None]:
            return rows.opt_outs.in_force(ANA), work(rows), rows.opt_outs.in_force(ANA)

        before, result, after = await super().transact(watched)
        if before != after:
            self.log.append(after or RETURNED)
        return result


class Handed(list[Send]):
    """What the sidecar was given, written into the same log."""

    def __init__(self, log: list[object]) -> None:
        super().__init__()
        self.log = log

    def append(self, send: Send) -> None:
        super().append(send)
        self.log.append(send)


@dataclass
class Story:
    """One customer, and a program that may die; `log` holds what the living one did."""

    log: list[object] = field(default_factory=list)
    lives: int = 0
    said: int = 0
    running: list["asyncio.Task[Any]"] = field(default_factory=list)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    store: Witness = field(init=False)
    handed: Handed = field(init=False)
    shop: Shop = field(init=False)

    async def begin(self, found: MemoryStore | None = None) -> None:
        self.lives += 1
        self.store, self.handed = Witness(self.log, found), Handed(self.log)
        if found is None:
            known = KnownNumber(ANA, WhatsAppAccount("557399548537@s.whatsapp.net", LID), NOON)
            await self.store.transact(lambda rows: rows.numbers.save(known))

        def prepare(messenger: ScriptedMessenger) -> None:
            messenger.sends = self.handed

        owner = LeaseOwner(self.lives, "now", "boot")
        opened = open_shop(store=self.store, owner=owner, prepare=prepare, seed=self.lives)
        self.shop = await self.stack.enter_async_context(opened)

    async def end(self) -> None:
        """What this life still does while it is put away concerns nobody."""
        self.store.log = self.handed.log = []
        self.shop.messenger.gate.set()
        await self.stack.aclose()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()

    async def crash(self) -> None:
        found = self.store.copy()
        await self.end()
        await self.begin(found)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        self.running.append(asyncio.get_running_loop().create_task(work))


@dataclass(frozen=True)
class Order:
    number: int
    status: str

    async def __call__(self, story: Story) -> None:
        phone = ANA if self.number % 2 else ANA_BEFORE_2016
        order = story.shop.order(self.number, phone=phone.number, status=self.status)
        story.start(story.shop.core.watcher.store_and_notify(order))


@dataclass(frozen=True)
class Click:
    number: int

    async def __call__(self, story: Story) -> None:
        wanted = NotificationRequest(story.shop.order(self.number).id, NotificationType.READY)
        story.start(story.shop.core.messages.send_notification(wanted))


@dataclass(frozen=True)
class Say:
    """`again` is how many messages ago this one came first; 0 is a new one."""

    word: str
    sender: Phone | None
    again: int

    async def __call__(self, story: Story) -> None:
        if self.again == 0 or self.again > story.said:
            story.said += 1
            number = story.said
        else:
            number = story.said - self.again + 1
        at = NOON + timedelta(seconds=number)
        named = MessageId(f"{self.word}{number}")
        inbound = Inbound(MAIN, named, self.sender, "text", self.word, at, live=True, lid=Lid(LID))
        story.start(story.shop.messenger.emit(inbound))


@dataclass(frozen=True)
class InTurn:
    """What seldom meets by chance: a word that comes while a message is on its way."""

    steps: tuple[Any, ...]

    async def __call__(self, story: Story) -> None:
        for step in self.steps:
            await step(story)


@dataclass(frozen=True)
class Drop:
    async def __call__(self, story: Story) -> None:
        story.start(story.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428)))


@dataclass(frozen=True)
class Crash:
    async def __call__(self, story: Story) -> None:
        await story.crash()


outcomes = st.sampled_from([Rejected(RejectionKind.TRANSIENT), InDoubt("socket_closed")])
orders = st.builds(Order, st.integers(1, 4), st.sampled_from(["paid", "in_preparation", "ready"]))
words = st.builds(
    Say,
    st.sampled_from(["PARAR!", "parar", "Voltar"]),
    st.sampled_from([ANA, ANA_BEFORE_2016, None]),
    st.integers(0, 3),
)
turns = st.builds(Turns, st.integers(1, 8))
steps = st.lists(
    st.one_of(
        orders,
        words,
        turns,
        st.tuples(orders, turns, words).map(InTurn),
        st.builds(Click, st.integers(1, 4)),
        st.builds(Hold, st.booleans()),
        st.builds(Answer, outcomes),
        st.builds(Wait, st.integers(1, 6)),
        st.builds(Drop),
        st.builds(Crash),
    ),
    min_size=3,
    max_size=25,
)


async def _told(steps: list[Any]) -> None:
    story = Story()
    await story.begin()
    for step in steps:
        await step(story)
    story.shop.messenger.outcomes.clear()
    story.shop.messenger.gate.set()
    await story.shop.pass_time(seconds=90)
    await let_tasks_run()
    log = list(story.log)
    try:
        await _check(story, log)
    finally:
        await story.end()


async def _check(story: Story, log: list[object]) -> None:
    rows_of = story.store.read
    history = await rows_of(lambda rows: rows.opt_outs.history(ANA))
    named = [each.confirmation_id for each in history if each.confirmation_id]
    found = await rows_of(lambda rows: [rows.notifications.get(each) for each in named])
    confirmations = {row.id: row for row in found if row}
    assert len(confirmations) == len(history) == len({each.message_id for each in history})
    in_force: OptOut | None = None
    for seen in log:
        if isinstance(seen, OptOut):
            in_force = seen
        elif seen == RETURNED:
            in_force = None
        elif isinstance(seen, Send) and in_force and in_force.confirmation_id:
            assert seen.message_id == confirmations[in_force.confirmation_id].message_id
    last = confirmations[history[-1].confirmation_id] if in_force and history[-1].confirmation_id else None
    if last:
        assert last.state is not State.SUPPRESSED
        owed = await rows_of(lambda rows: rows.notifications.unfinished_of((ANA, ANA_BEFORE_2016)))
        assert {row.id for row in owed if row.state in UNFINISHED} <= {last.id}


@pytest.mark.timeout(0 if FULL else 180)
@settings(max_examples=100_000 if FULL else 300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_nothing_follows_an_opt_out_but_its_one_confirmation(steps: list[Any]) -> None:
    asyncio.run(_told(steps))
