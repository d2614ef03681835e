"""Several sessions: sticky sender per customer, isolated failures, failover by permission alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.errors import SidecarGoneError
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.restriction import Restriction, RestrictionKind
from app.domain.session import ConnectionState, SessionData
from app.ports.inbound import Inbound
from app.ports.messenger import ANY_VERSION, ClientVersion, LinkChanged, LinkState
from app.ports.store import Store
from tests.harness.shop import MAIN, Shop, advanced, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.unit.services.rate_limits.test_rate_limiter import phone

pytestmark = pytest.mark.requirement("Q9")

SECOND = SessionId("second")
PAIRED_SECOND = SessionData(SECOND, "c", paired=True, phone=Phone("+5573988114455"))
Story = Callable[[Shop], Awaitable[None]]


@asynccontextmanager
async def two_numbers(store: Store | None = None, **choices: Any) -> AsyncIterator[Shop]:
    store = store or MemoryStore()
    await store.transact(lambda rows: rows.sessions.save(PAIRED_SECOND))
    async with open_shop(store=store, choices=shop_choices(more_sessions=(SECOND,), **choices)) as shop:
        yield shop


def with_two_numbers(story: Story, **choices: Any) -> None:
    async def day() -> None:
        async with two_numbers(**choices) as shop:
            await story(shop)

    asyncio.run(day())


async def customer_of(shop: Shop, session_id: SessionId, n: int) -> str:
    await shop.store.transact(lambda rows: rows.contacts.save(Phone(phone(n)), Contact(session_id)))
    return phone(n)


def senders(shop: Shop) -> list[SessionId]:
    return [send.session_id for send in shop.messenger.sends]


async def logged_out(shop: Shop, session_id: SessionId) -> None:
    await shop.messenger.emit(LinkChanged(session_id, LinkState.CLOSED, 401))
    await let_tasks_run()


def test_new_customers_are_spread_over_the_numbers_and_each_keeps_the_same() -> None:
    async def day() -> None:
        store = MemoryStore()
        async with two_numbers(store) as shop:
            orders = [shop.order(n, phone(n)) for n in range(40)]
            for order in orders:
                await shop.see(order)
            first = {send.jid: send.session_id for send in shop.messenger.sends}
            assert set(first.values()) == {MAIN, SECOND}
            for order in orders:
                await shop.see(advanced(order, "ready"))
            assert {send.jid: send.session_id for send in shop.messenger.sends} == first
        async with open_shop(store=store, choices=shop_choices()) as alone:
            await alone.see(advanced(alone.order(99, phone(3)), "ready"))
            assert senders(alone) == [MAIN]

    asyncio.run(day())


@pytest.mark.requirement("Q8")
def test_as_many_messages_are_on_their_way_as_there_are_numbers() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        for n, session_id in enumerate([MAIN, MAIN, SECOND, SECOND]):
            await shop.see(shop.order(n, await customer_of(shop, session_id, n)))
        assert sorted(senders(shop)) == [MAIN, SECOND]
        stats = await shop.core.queue.get_queue_stats()
        assert stats.by_state[State.SENDING] == 2
        assert stats.by_session[MAIN] == stats.by_session[SECOND] == {State.SENDING: 1, State.PENDING: 1}
        shop.messenger.gate.set()
        await let_tasks_run()
        assert sorted(senders(shop)) == [MAIN, MAIN, SECOND, SECOND]

    with_two_numbers(story)


def test_one_number_that_fails_harms_no_other() -> None:
    async def story(shop: Shop) -> None:
        slow = shop.order(1, await customer_of(shop, SECOND, 1))
        shop.messenger.outcomes.append(Rejected(RejectionKind.RATE_LIMITED, 429))
        await shop.see(slow)
        for n in range(2, 6):
            await shop.see(shop.order(n, await customer_of(shop, MAIN, n)))
        assert senders(shop) == [SECOND, *[MAIN] * 4]
        assert (await shop.message(slow)).state is State.PENDING
        await logged_out(shop, MAIN)
        lamps = {status.session_id: status.state for status in shop.core.sessions.statuses()}
        assert lamps == {MAIN: ConnectionState.BLOCKED, SECOND: ConnectionState.CONNECTED}
        await shop.pass_time(minutes=1)
        assert (await shop.message(slow)).state is State.SENT

    with_two_numbers(story)


def test_a_number_whose_process_does_not_start_keeps_no_other_waiting() -> None:
    async def day() -> None:
        store = MemoryStore()
        await store.transact(lambda rows: rows.sessions.save(PAIRED_SECOND))
        choices = shop_choices(more_sessions=(SECOND,))
        async with open_shop(store=store, choices=choices, messengers=_StuckAtFirst) as shop:
            assert shop.core.sessions.is_connected(SECOND)
            await shop.see(shop.order(1, await customer_of(shop, SECOND, 1)))
            assert senders(shop) == [SECOND]

    asyncio.run(day())


class _StuckAtFirst(ScriptedMessenger):
    """The first number's process is given up only after a while."""

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        if session.session_id == MAIN:
            await let_tasks_run()
            assert self.connects, "the second was not begun meanwhile"
            raise SidecarGoneError
        await super().connect(session, version)


def test_a_customers_order_is_kept_even_across_numbers() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        order = shop.order(1, await customer_of(shop, MAIN, 1))
        await shop.see(order)
        await customer_of(shop, SECOND, 1)
        await shop.see(shop.order(2, phone(1)))
        assert senders(shop) == [MAIN]
        shop.messenger.gate.set()

    with_two_numbers(story)


def test_without_leave_a_number_that_is_out_keeps_its_messages() -> None:
    async def story(shop: Shop) -> None:
        await logged_out(shop, SECOND)
        held = shop.order(1, await customer_of(shop, SECOND, 1))
        await shop.see(held)
        await shop.pass_time(hours=1)
        kept = await shop.message(held)
        assert (kept.state, kept.session_id, kept.attempts) == (State.PENDING, SECOND, 0)

    with_two_numbers(story)


def test_other_number_takes_over_what_never_left_and_keeps_the_customer() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(LinkChanged(SECOND, LinkState.CLOSED, 428))
        order = shop.order(1, await customer_of(shop, SECOND, 1))
        await shop.see(order)
        assert (await shop.message(order)).session_id == SECOND
        await logged_out(shop, SECOND)
        assert senders(shop) == [MAIN]
        await shop.see(advanced(order, "ready"))
        assert senders(shop) == [MAIN, MAIN]

    with_two_numbers(story, take_over=True)


def test_a_customer_whom_the_other_number_knows_already_stays_known_to_it() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(SECOND, LinkState.CLOSED, 428))
        await shop.see(shop.order(1, await customer_of(shop, SECOND, 1)))
        known = Contact(MAIN, first_sent_at=shop.clock.now())
        await shop.store.transact(lambda rows: rows.contacts.save(Phone(phone(1)), known))
        shop.messenger.gate.clear()
        await logged_out(shop, SECOND)
        assert senders(shop) == [MAIN]
        assert await shop.store.read(lambda rows: rows.contacts.get(Phone(phone(1)))) == known
        shop.messenger.gate.set()

    with_two_numbers(story, take_over=True)


def test_a_number_that_is_only_offline_is_waited_for() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(SECOND, LinkState.CLOSED, 428))
        await shop.see(shop.order(1, await customer_of(shop, SECOND, 1)))
        await shop.pass_time(minutes=10)
        assert shop.messenger.sends == []

    with_two_numbers(story, take_over=True)


@pytest.mark.parametrize("end", [InDoubt("socket_closed"), Rejected(RejectionKind.TRANSIENT)])
def test_what_was_ever_handed_over_never_moves_to_another_number(end: InDoubt | Rejected) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(end)
        order = shop.order(1, await customer_of(shop, SECOND, 1))
        await shop.see(order)
        await shop.see(shop.order(2, phone(1)))
        await logged_out(shop, SECOND)
        await shop.pass_time(hours=1)
        row = await shop.message(order)
        assert {send.session_id for send in shop.messenger.sends if send.message_id == row.message_id} == {
            SECOND
        }
        assert row.session_id == SECOND

    with_two_numbers(story, take_over=True)


def test_each_number_mends_its_own_ratchets_alone() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        await shop.see(shop.order(1, await customer_of(shop, SECOND, 1)))
        await shop.see(shop.order(2, await customer_of(shop, MAIN, 2)))
        assert shop.messenger.refreshed == []
        await shop.see(shop.order(3, await customer_of(shop, SECOND, 3)))
        assert shop.messenger.refreshed == [(f"{phone(1)[1:]}@s.whatsapp.net",)]

    with_two_numbers(story)


def test_silence_on_one_number_replaces_its_own_connection_alone() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("ack_timeout"))
        await shop.see(shop.order(1, await customer_of(shop, SECOND, 1)))
        assert [each.session_id for each in shop.messenger.connects] == [MAIN, SECOND, SECOND]

    with_two_numbers(story)


def test_who_writes_to_a_number_before_being_told_anything_is_told_from_it() -> None:
    async def story(shop: Shop) -> None:
        await customer_of(shop, MAIN, 1)
        await shop.messenger.emit(
            Inbound(SECOND, MessageId("in"), Phone(phone(1)), "text", "oi", shop.clock.now(), live=True)
        )
        hidden = Inbound(SECOND, MessageId("in2"), None, "text", "oi", shop.clock.now(), live=True)
        await shop.messenger.emit(hidden)
        order = shop.order(1, phone(1))
        await shop.see(order)
        assert senders(shop) == [SECOND]
        await shop.messenger.emit(
            Inbound(MAIN, MessageId("in3"), Phone(phone(1)), "text", "oi", shop.clock.now(), live=True)
        )
        await shop.see(advanced(order, "ready"))
        assert senders(shop) == [SECOND, SECOND]

    with_two_numbers(story)


def test_what_an_unknown_number_tells_is_left_alone() -> None:
    async def story(shop: Shop) -> None:
        stranger = SessionId("stranger")
        await shop.messenger.emit(LinkChanged(stranger, LinkState.CLOSED, 401))
        await shop.messenger.listener.session_changed(SessionData(stranger, "c", paired=True))
        assert await shop.store.read(lambda rows: rows.sessions.get(stranger)) is None
        assert shop.core.sessions.is_out(stranger)
        await shop.pass_time(seconds=1)
        assert {status.state for status in shop.core.sessions.statuses()} == {ConnectionState.CONNECTED}

    with_two_numbers(story)


@pytest.mark.requirement("K6")
def test_waiting_message_goes_from_the_number_that_its_customer_trusts() -> None:
    async def story(shop: Shop) -> None:
        regular = await customer_of(shop, SECOND, 1)
        shop.messenger.trusted.add(Phone(regular))
        await shop.messenger.listener.restricted(SECOND, Restriction(RestrictionKind.TIME_LOCK, active=True))
        await shop.see(shop.order(1, regular))
        await shop.pass_time(minutes=1)
        await shop.see(shop.order(2, regular))
        assert senders(shop) == [MAIN, MAIN]

    with_two_numbers(story)
