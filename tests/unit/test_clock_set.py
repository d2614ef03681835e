"""Somebody sets the PC's clock by a day: nothing rushes, nothing stalls, and no limit is forgotten."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.notification import State
from app.domain.pacing import PacePolicy
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.shop import TRUSTING, Shop, in_shop, open_shop, shop_choices
from tests.unit.test_pace import paced, phone

# A clock set a day forward looks like a PC that slept a day, and old news is kept from customers: not asked here.
NEVER_STALE = shop_choices(proof=TRUSTING)
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
def test_what_is_queued_while_the_clock_is_wrong_is_neither_early_nor_a_day_late(
    jump: timedelta, seconds: int
) -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        shop.clock.set_wall(shop.clock.now() + jump)
        await shop.core.watcher.seen(shop.order(1), wait=timedelta(seconds=seconds), by_click=True)
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

    paced(story, PacePolicy(warm_up=(2, 2)))


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

    paced(story, PacePolicy())


@pytest.mark.requirement("X2")
def test_limits_outlast_a_clock_that_was_set_back_while_the_program_was_closed() -> None:
    async def day() -> None:
        store, clock, choices = (
            MemoryStore(),
            MovedClock(),
            shop_choices(PacePolicy(warm_up=(1, 1)), proof=TRUSTING),
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
def test_a_clock_set_back_while_a_message_is_on_its_way_does_not_hold_it_for_a_day() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        shop.messenger.outcomes.append(Rejected(RejectionKind.NOT_CONNECTED))
        await shop.see(shop.order(1))
        shop.clock.set_wall(shop.clock.now() - timedelta(days=1))
        shop.messenger.gate.set()
        await shop.pass_time(seconds=3)
        assert (await shop.message(shop.order(1))).state is State.SENT

    in_shop(story, choices=NEVER_STALE)
