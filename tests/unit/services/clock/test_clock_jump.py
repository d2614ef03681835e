"""Clock jump of a day: no rush, no stall, and every limit is kept."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.attempt import Accepted, Rejected, RejectionKind
from app.domain.notification import State, Suppression
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import RateLimitPolicy
from tests.harness.shop import MAIN, TRUSTING, Shop, in_shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.unit.services.rate_limits.test_rate_limiter import paced, phone

NEVER_STALE = shop_choices(liveness=TRUSTING)
JUMPS = [timedelta(days=1), timedelta(days=-1)]


@pytest.mark.requirement("Q3")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_retry_comes_at_its_second(jump: timedelta) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([Rejected(RejectionKind.TRANSIENT)] * 2)
        await shop.see(shop.order(1))
        await shop.pass_time(seconds=1.5)
        assert len(shop.messenger.sends) == 2
        shop.clock.set_wall(shop.clock.now() + jump)
        await shop.see(shop.order(2, phone(2)))
        assert len(shop.messenger.sends) == 3
        await shop.pass_time(seconds=1.4)
        assert len(shop.messenger.sends) == 3
        await shop.pass_time(seconds=0.1)
        assert len(shop.messenger.sends) == 4

    in_shop(story, choices=NEVER_STALE)


@pytest.mark.parametrize("jump", JUMPS)
def test_what_waits_for_the_connection_goes_when_it_is_back(jump: timedelta) -> None:
    async def day() -> None:
        async with open_shop(paired=False, choices=NEVER_STALE) as shop:
            await shop.see(shop.order(1))
            shop.clock.set_wall(shop.clock.now() + jump)
            await shop.see(shop.order(2, phone(2)))
            await shop.core.connection.pair()
            await shop.pass_time(seconds=1)
            assert len(shop.messenger.sends) == 2

    asyncio.run(day())


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("seconds", [0, 5])
def test_message_queued_under_a_wrong_clock_is_neither_early_nor_late(jump: timedelta, seconds: int) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        shop.clock.set_wall(shop.clock.now() + jump)
        await shop.core.watcher.store_and_notify(
            shop.order(1), wait=timedelta(seconds=seconds), by_click=True
        )
        shop.clock.set_wall(shop.clock.now() - jump)
        await shop.core.queue.resume()
        if seconds:
            await shop.pass_time(seconds=seconds - 0.1)
            assert shop.messenger.sends == []
        await shop.pass_time(seconds=0.1)
        assert len(shop.messenger.sends) == 1

    in_shop(story, choices=NEVER_STALE)


@pytest.mark.requirement("Q3")
def test_a_clock_set_back_while_the_program_was_closed_stalls_nothing() -> None:
    async def day() -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock) as first:
            first.messenger.outcomes.append(Rejected(RejectionKind.TRANSIENT))
            order = first.order(1)
            await first.see(order)
        clock.set_wall(clock.now() - timedelta(days=1))
        async with open_shop(store=store, clock=clock) as second:
            assert second.messenger.sends == []
            await second.pass_time(seconds=1)
            assert (await second.message(order)).state is State.SENT

    asyncio.run(day())


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("jump", JUMPS)
def test_no_limit_is_forgotten_and_none_lasts_a_day_longer(jump: timedelta) -> None:
    async def story(shop: Shop) -> None:
        for n in range(5):
            await shop.see(shop.order(n, phone(n)))
        for n in range(5, 15):
            await shop.see(shop.order(n, phone(0)))
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == 11
        shop.clock.set_wall(shop.clock.now() + jump)
        await shop.pass_time(minutes=30)
        assert len(shop.messenger.sends) == 11
        await shop.pass_time(minutes=31)
        assert len(shop.messenger.sends) == 12
        await shop.pass_time(hours=23)
        assert len(shop.messenger.sends) == 14

    paced(story, RateLimitPolicy(warm_up=(2, 2)))


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_while_messages_keep_their_distance_makes_no_rush(jump: timedelta) -> None:
    async def story(shop: Shop) -> None:
        for n in range(10):
            await shop.see(shop.order(n, phone(n)))
        shop.clock.set_wall(shop.clock.now() + jump)
        await shop.pass_time(seconds=9)
        assert 3 <= len(shop.messenger.sends) <= 4
        await shop.pass_time(seconds=60)
        assert len(shop.messenger.sends) == 10

    paced(story, RateLimitPolicy())


@pytest.mark.requirement("X2")
def test_limits_outlast_a_clock_set_back_while_the_program_was_closed() -> None:
    async def day() -> None:
        store, clock, choices = (
            MemoryStore(),
            MovedClock(),
            shop_choices(RateLimitPolicy(warm_up=(1, 1)), liveness=TRUSTING),
        )
        async with open_shop(store=store, clock=clock, choices=choices) as first:
            await first.see(first.order(1, phone(1)))
        clock.set_wall(clock.now() - timedelta(days=1))
        async with open_shop(store=store, clock=clock, choices=choices) as second:
            await second.see(second.order(2, phone(2)))
            await second.pass_time(hours=23)
            assert second.messenger.sends == []
            await second.pass_time(hours=1)
            assert len(second.messenger.sends) == 1

    asyncio.run(day())


@pytest.mark.requirement("X2")
def test_clock_set_back_during_a_send_does_not_hold_the_message_for_a_day() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        shop.messenger.outcomes.append(Rejected(RejectionKind.NOT_CONNECTED))
        await shop.see(shop.order(1))
        shop.clock.set_wall(shop.clock.now() - timedelta(days=1))
        shop.messenger.gate.set()
        await shop.pass_time(seconds=3)
        assert (await shop.message(shop.order(1))).state is State.SENT

    in_shop(story, choices=NEVER_STALE)


LIVES_BY_THE_CLOCK = shop_choices(queue=QueuePolicy())


async def row_counts(shop: Shop) -> tuple[int, int]:
    return await shop.store.read(
        lambda rows: (len(rows.orders.latest(10)), sum(map(len, rows.notifications.counts().values())))
    )


@pytest.mark.requirement("Z3", "A2", "X6")
@pytest.mark.parametrize("tells_time", [True, False])
def test_start_with_the_clock_years_ahead_neither_deletes_nor_repeats(*, tells_time: bool) -> None:
    def prepare(messenger: ScriptedMessenger) -> None:
        messenger.tells_time = tells_time

    async def day() -> None:
        store, right = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=right, choices=LIVES_BY_THE_CLOCK, prepare=prepare) as first:
            order = first.order(1)
            await first.core.watcher.catch_up([])
            await first.see(order)
            assert len(first.messenger.arrived) == 1
        wrong = MovedClock(right.now() + timedelta(days=400))
        async with open_shop(store=store, clock=wrong, seed=1, choices=LIVES_BY_THE_CLOCK) as second:
            second.messenger.tells_time = tells_time
            await second.pass_time(days=2)
            assert await row_counts(second) == (1, 1)
        again = MovedClock(right.now() + timedelta(minutes=1))
        async with open_shop(store=store, clock=again, seed=2, choices=LIVES_BY_THE_CLOCK) as third:
            await third.core.watcher.catch_up([order])
            await third.pass_time(minutes=1)
            assert third.messenger.arrived == []
            assert (await third.message(order)).text

    asyncio.run(day())


@pytest.mark.requirement("Z3", "A3")
@pytest.mark.parametrize("tells_time", [True, False])
def test_clock_behind_at_boot_makes_no_order_stale_once_it_is_right(*, tells_time: bool) -> None:
    def offline(messenger: ScriptedMessenger) -> None:
        messenger.opens, messenger.tells_time = False, tells_time

    async def day() -> None:
        clock = MovedClock(datetime(2009, 1, 1, 3, tzinfo=UTC))
        async with open_shop(clock=clock, choices=LIVES_BY_THE_CLOCK, prepare=offline) as shop:
            order = shop.order(1)
            await shop.see(order)
            await shop.pass_time(minutes=2)
            clock.set_wall(datetime(2026, 1, 10, 15, tzinfo=UTC))
            shop.messenger.opens = True
            await shop.core.connection.reconnect()
            await shop.pass_time(seconds=40)
            assert (await shop.message(order)).state is State.SENT
            await shop.pass_time(days=2)
            kept = await shop.store.read(lambda rows: rows.orders.get(order.id))
            assert kept is not None
            assert kept.customer_name
            if not tells_time:
                assert kept.created_at == datetime(2026, 1, 10, 14, 58, tzinfo=UTC)

    asyncio.run(day())


@pytest.mark.requirement("Z3", "A3")
@pytest.mark.parametrize(
    "jump", [timedelta(days=400), timedelta(days=-400), timedelta(hours=3), timedelta(hours=-3)]
)
def test_click_of_a_second_ago_goes_out_when_the_clock_is_set(jump: timedelta) -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.core.watcher.store_and_notify(order, wait=timedelta(seconds=1.5), by_click=True)
        await shop.pass_time(seconds=1)
        shop.clock.set_wall(shop.clock.now() + jump)
        await shop.pass_time(seconds=1)
        assert (await shop.message(order)).state is State.SENT

    in_shop(story, choices=LIVES_BY_THE_CLOCK)


@pytest.mark.requirement("Z3", "A3")
def test_row_grows_stale_while_the_pc_sleeps() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        order = shop.order(1)
        await shop.see(order)
        shop.clock.let_sleep(timedelta(hours=8))
        await shop.core.queue.resume()
        await shop.pass_time(seconds=5)
        assert (await shop.message(order)).reason == Suppression.STALE

    in_shop(story, choices=LIVES_BY_THE_CLOCK)


@pytest.mark.requirement("Z3", "X2")
def test_limits_outlast_restarts_when_the_pc_is_hours_ahead_of_whatsapp() -> None:
    async def day() -> None:
        store, clock = MemoryStore(), MovedClock()
        choices = shop_choices(RateLimitPolicy(per_customer_hour=2), queue=QueuePolicy())
        arrived = 0
        for life in range(4):
            async with open_shop(store=store, clock=clock, choices=choices, seed=life) as shop:
                for number in (2 * life, 2 * life + 1):
                    shop.messenger.outcomes.append(Accepted(clock.now() - timedelta(hours=2)))
                    await shop.see(shop.order(number))
                    await shop.pass_time(seconds=10)
                arrived += len(shop.messenger.arrived)
                assert (await shop.core.queue.get_queue_stats()).sent_last_hour == 2
                assert shop.core.rate_limiters.status(MAIN).cold_today == 1
        assert arrived == 2

    asyncio.run(day())
