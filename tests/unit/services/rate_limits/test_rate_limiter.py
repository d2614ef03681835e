"""Rate limiter: gap, hourly cap per customer, daily cap of strangers; limits are independent."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from app.domain.contact import Contact
from app.domain.events import ReplyArrived
from app.domain.identifiers import MessageId
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.rate_limit import HoldReason, RateLimitPolicy
from app.ports.inbound import Inbound
from tests.harness.shop import MAIN, TRUSTING, Shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X2")

Story = Callable[[Shop], Awaitable[None]]


def phone(n: int) -> str:
    return f"+557399999{n:04}"


def jid(n: int) -> str:
    return f"{phone(n)[1:]}@s.whatsapp.net"


def paced(story: Story, pace: RateLimitPolicy) -> None:
    async def day() -> None:
        async with open_shop(choices=shop_choices(pace, liveness=TRUSTING)) as shop:
            await story(shop)

    asyncio.run(day())


async def meet(shop: Shop, *numbers: int) -> None:
    for n in numbers:
        contact = Contact(MAIN, first_inbound_at=shop.clock.now())
        await shop.store.transact(lambda rows, n=n, c=contact: rows.contacts.save(Phone(phone(n)), c))  # type: ignore[misc]


def test_a_single_message_goes_at_once_and_the_next_keeps_its_distance() -> None:
    async def story(shop: Shop) -> None:
        sent_at = []
        for n in range(30):
            await shop.see(shop.order(n, phone(n)))
        assert len(shop.messenger.sends) == 1
        for _ in range(150):
            before = len(shop.messenger.sends)
            await shop.pass_time(seconds=1)
            sent_at += [shop.clock.steady()] * (len(shop.messenger.sends) - before)
        gaps = {later - sooner for sooner, later in pairwise(sent_at)}
        assert len(shop.messenger.sends) == 30
        # Looked at once a second, a gap of 3 to 4.5 s shows as 3 to 5.
        assert gaps <= {timedelta(seconds=n) for n in (3, 4, 5)}
        assert len(gaps) > 1

    paced(story, RateLimitPolicy(warm_up=()))


@pytest.mark.requirement("Q2")
def test_rate_limit_sends_ready_first_and_keeps_each_customers_order() -> None:
    async def story(shop: Shop) -> None:
        kinds = {1: "paid", 2: "paid", 3: "in_preparation", 4: "ready", 5: "paid"}
        orders = {n: shop.order(n, phone(n), status) for n, status in kinds.items()}
        for order in orders.values():
            await shop.see(order)
        later = shop.order(6, phone(5), "ready")
        await shop.see(later)
        await shop.pass_time(minutes=1)
        assert [send.jid for send in shop.messenger.sends] == [jid(n) for n in (1, 4, 3, 2, 5, 5)]
        last = await shop.message(later, NotificationType.READY)
        assert shop.messenger.sends[-1].message_id == last.message_id

    paced(story, RateLimitPolicy())


def test_the_pace_spends_no_attempt_and_says_until_when() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1, phone(1)))
        order = shop.order(2, phone(2))
        await shop.see(order)
        waiting = await shop.message(order)
        assert (waiting.state, waiting.attempts) == (State.PENDING, 0)
        hold = await shop.core.rate_limiters.hold_of(waiting)
        assert hold is not None
        assert hold.reason is HoldReason.SPACING
        (gauge,) = shop.core.rate_limiters.statuses()
        assert (gauge.next_free_at, gauge.cold_today, gauge.cold_cap) == (hold.until, 1, 30)
        await shop.clock.advance(hold.until - shop.clock.now())
        sent = await shop.message(order)
        assert (sent.state, sent.attempts) == (State.SENT, 1)
        assert await shop.core.rate_limiters.hold_of(sent) is None
        assert shop.core.rate_limiters.hold(sent, None) is None

    paced(story, RateLimitPolicy())


def test_customer_told_ten_times_in_the_hour_waits_and_the_others_do_not() -> None:
    async def story(shop: Shop) -> None:
        for n in range(12):
            await shop.see(shop.order(n, phone(0)))
        await shop.pass_time(minutes=2)
        assert len(shop.messenger.sends) == 10
        other, held = shop.order(50, phone(1)), shop.order(10, phone(0))
        await shop.see(other)
        assert (await shop.message(other)).state is State.SENT
        hold = await shop.core.rate_limiters.hold_of(await shop.message(held))
        assert hold is not None
        assert hold.reason is HoldReason.CUSTOMER_HOUR
        await shop.clock.advance(hold.until - shop.clock.now())
        assert (await shop.message(held)).state is State.SENT

    paced(story, RateLimitPolicy())


def test_a_new_numbers_strangers_are_capped_a_day_and_those_known_go_on() -> None:
    async def story(shop: Shop) -> None:
        await meet(shop, 90)
        for n in range(6):
            await shop.see(shop.order(n, phone(n)))
        await shop.pass_time(minutes=1)
        assert [send.jid for send in shop.messenger.sends] == [jid(n) for n in range(3)]
        known, again = shop.order(90, phone(90)), shop.order(91, phone(0))
        await shop.see(known)
        await shop.see(again)
        await shop.pass_time(minutes=1)
        assert {(await shop.message(order)).state for order in (known, again)} == {State.SENT}
        hold = await shop.core.rate_limiters.hold_of(await shop.message(shop.order(3, phone(3))))
        assert hold is not None
        assert hold.reason is HoldReason.COLD_CAP
        await shop.pass_time(hours=23)
        assert len(shop.messenger.sends) == 5
        await shop.pass_time(hours=1)
        assert len(shop.messenger.sends) == 8

    paced(story, RateLimitPolicy(warm_up=(3, 5)))


def test_the_cap_grows_day_by_day_and_then_there_is_none() -> None:
    policy = RateLimitPolicy()
    caps = [policy.cold_cap(timedelta(days=day)) for day in range(6)]
    assert caps == [30, 60, 120, 250, None, None]
    assert policy.cold_cap(timedelta(days=-1)) == 30


def test_who_writes_to_the_shop_is_no_stranger() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(2, phone(2))
        await shop.see(shop.order(1, phone(1)))
        await shop.see(order)
        await shop.pass_time(minutes=1)
        assert (await shop.message(order)).state is State.PENDING
        await shop.messenger.emit(
            Inbound(MAIN, MessageId("in"), Phone(phone(2)), "text", "oi", shop.clock.now(), live=True)
        )
        assert any(isinstance(event, ReplyArrived) for event in shop.events)
        await shop.pass_time(minutes=1)
        assert (await shop.message(order)).state is State.SENT

    paced(story, RateLimitPolicy(warm_up=(1,)))


def test_a_restart_forgets_no_limit() -> None:
    async def day() -> None:
        store, clock, choices = (
            MemoryStore(),
            MovedClock(),
            shop_choices(RateLimitPolicy(warm_up=(2,)), liveness=TRUSTING),
        )
        async with open_shop(store=store, clock=clock, choices=choices) as first:
            for n in range(2):
                await first.see(first.order(n, phone(n)))
            for n in range(2, 12):
                await first.see(first.order(n, phone(0)))
            await first.pass_time(minutes=2)
            assert len(first.messenger.sends) == 11
        async with open_shop(store=store, clock=clock, choices=choices) as second:
            await second.see(second.order(20, phone(20)))
            await second.see(second.order(21, phone(0)))
            await second.see(second.order(22, phone(1)))
            await second.pass_time(minutes=2)
            assert [send.jid for send in second.messenger.sends] == [jid(1)]
            (gauge,) = second.core.rate_limiters.statuses()
            assert (gauge.cold_today, gauge.cold_cap) == (2, 2)

    asyncio.run(day())


def test_without_a_pace_everything_goes_at_once() -> None:
    async def story(shop: Shop) -> None:
        for n in range(40):
            await shop.see(shop.order(n, phone(n)))
        assert len(shop.messenger.sends) == 40
        (gauge,) = shop.core.rate_limiters.statuses()
        assert (gauge.next_free_at, gauge.cold_cap) == (None, None)

    paced(story, RateLimitPolicy(per_minute=0))
