"""Whatever waited at WhatsApp in whatever order, no order is told to a customer who wrote SAIR meanwhile."""

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.identifiers import MessageId
from app.domain.lease import LeaseOwner
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.examples import examples
from tests.harness.shop import MAIN, Shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.simulators.sends_in_flight import Send
from tests.simulators.waiting_whatsapp import OfflineQueue, Stanza, WaitingWhatsApp

pytestmark = [pytest.mark.slow, pytest.mark.requirement("X1")]
FULL = bool(os.environ.get("FULL"))
NOON = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)
CUSTOMERS = tuple(Phone(f"+55739900000{n:02d}") for n in range(1, 5))
BEFORE_2016 = {phone: Phone(f"{phone.number[:5]}{phone.number[6:]}") for phone in CUSTOMERS}
LIDS = {phone: Lid(f"47110{n}@lid") for n, phone in enumerate(CUSTOMERS)}
SECOND = timedelta(seconds=1)
# Longer than everything here takes to read and than any hold lasts.
LONG = timedelta(minutes=25)


@dataclass(frozen=True)
class Waits:
    """A stanza in front of the login: a customer's word, an unreadable text, a group's post or a receipt."""

    kind: str
    customer: int
    form: str
    gap: int
    takes: int

    @property
    def writes(self) -> bool:
        return self.kind in {"SAIR", "oi", "unreadable"}

    def stanza(self, number: int) -> Stanza:
        phone = CUSTOMERS[self.customer]
        kind, text = ("unreadable", None) if self.kind == "unreadable" else ("text", self.kind)
        named = {"number": phone, "old": BEFORE_2016[phone], "both": phone, "lid": None}[self.form]
        lid = LIDS[phone] if self.form in {"both", "lid"} else None
        written = Inbound(MAIN, MessageId(f"3A{number}"), named, kind, text, NOON, live=False, lid=lid)
        inbound = written if self.writes else None
        return Stanza(inbound, self.gap * SECOND, self.takes * SECOND, receipt=self.kind == "receipt")


@dataclass(frozen=True)
class Orders:
    """An order comes this long before or after the login."""

    customer: int
    after: int


@dataclass(frozen=True)
class Mishap:
    """The line is cut, the process beside us dies, or the program itself, this long after the login."""

    kind: str
    after: int


@dataclass(frozen=True)
class Login:
    """Whether WhatsApp says that all has come, and how many stanzas come before `open`."""

    reports: bool
    early: int


@dataclass
class Day:
    """One absence of the shop; `queue` is WhatsApp's, and lives on when the program dies."""

    queue: OfflineQueue
    clock: MovedClock = field(default_factory=MovedClock)
    sends: list[Send] = field(default_factory=list)
    lives: int = 0
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    shop: Shop = field(init=False)

    async def begin(self, store: MemoryStore | None = None, *, opens: bool = True) -> None:
        self.lives += 1

        def messengers(clock: MovedClock) -> ScriptedMessenger:
            whatsapp = WaitingWhatsApp(clock, queue=self.queue, opens=opens)
            whatsapp.sends = self.sends
            whatsapp.lids.update({phone: lid.text for phone, lid in LIDS.items()})
            return whatsapp

        self.shop = await self.stack.enter_async_context(
            open_shop(
                store=store or MemoryStore(),
                owner=LeaseOwner(self.lives, "now", "boot"),
                messengers=messengers,
                clock=self.clock,
                seed=self.lives,
                choices=shop_choices(),
            )
        )

    async def happen(self, mishap: Mishap) -> None:
        if mishap.kind == "cut":
            await self.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        elif mishap.kind == "killed":
            await self.shop.messenger.die()
        else:
            store = self.shop.store
            assert isinstance(store, MemoryStore)
            found = store.copy()
            await self.stack.aclose()
            await self.begin(found)
        await let_tasks_run()


waits = st.builds(
    Waits,
    st.sampled_from(["SAIR", "SAIR", "oi", "unreadable", "unreadable", "post", "receipt"]),
    st.integers(0, len(CUSTOMERS) - 1),
    st.sampled_from(["number", "old", "both", "lid"]),
    st.integers(0, 4),
    st.sampled_from([0, 1, 2, 7, 15, 30]),
)
orders = st.builds(Orders, st.integers(0, len(CUSTOMERS) - 1), st.integers(-5, 150))
mishaps = st.builds(Mishap, st.sampled_from(["cut", "killed", "crash"]), st.integers(0, 60))


async def _none_told(
    waiting: list[Waits], ordered: list[Orders], happens: list[Mishap], begins: Login
) -> None:
    stanzas = [each.stanza(number) for number, each in enumerate(waiting)]
    day = Day(OfflineQueue(reports_end=begins.reports, before_open=begins.early))
    await day.begin()
    shop = day.shop
    shop.messenger.opens = False
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    day.queue.stanzas.extend(stanzas)
    try:
        login = day.clock.steady() + 6 * SECOND
        acts: list[tuple[int, int, Any]] = [(each.after, at, each) for at, each in enumerate(ordered)]
        acts += [(each.after, at, each) for at, each in enumerate(happens, len(acts))]
        acts.append((0, len(acts), "login"))
        numbers = iter(range(1, len(ordered) + 1))
        for after, _, act in sorted(acts, key=lambda each: each[:2]):
            await day.clock.advance(max(login + after * SECOND - day.clock.steady(), timedelta(0)))
            if isinstance(act, Orders):
                await day.shop.see(day.shop.order(next(numbers), CUSTOMERS[act.customer].number))
            elif isinstance(act, Mishap):
                await day.happen(act)
            else:
                day.shop.messenger.opens = True
                await day.shop.core.connection.reconnect()
        await day.clock.advance(LONG)
        await _check(day, waiting, len(ordered))
    finally:
        await day.stack.aclose()


async def _check(day: Day, waiting: list[Waits], count: int) -> None:
    """Who wrote SAIR is sent the confirmation alone; everybody else is told."""
    left = {CUSTOMERS[each.customer] for each in waiting if each.kind == "SAIR"}
    rows = [await day.shop.message(day.shop.order(number)) for number in range(1, count + 1)]
    ours = {row.message_id: row for row in rows}
    told = {ours[send.message_id].phone for send in day.sends if send.message_id in ours}
    assert not told & left
    assert day.queue.stanzas == []
    for row in rows:
        assert row.state is (State.SUPPRESSED if row.phone in left else State.SENT), row.phone


@pytest.mark.timeout(0 if FULL else 180)
@settings(
    max_examples=10_000 if FULL else examples(100),
    derandomize=not FULL,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(waits, max_size=12),
    st.lists(orders, min_size=1, max_size=6),
    st.lists(mishaps, max_size=2),
    st.builds(Login, st.booleans(), st.integers(0, 3)),
)
def test_no_order_is_told_to_who_wrote_sair_while_the_shop_was_away(
    waiting: list[Waits], ordered: list[Orders], happens: list[Mishap], login: Login
) -> None:
    asyncio.run(_none_told(waiting, ordered, happens, login))
