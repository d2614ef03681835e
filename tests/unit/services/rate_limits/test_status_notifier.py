"""Status notifier: an event for each changed usage reading, and no more."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.events import RateLimitHoldsChanged, RateLimitUsageChanged
from app.domain.identifiers import SessionId
from app.domain.rate_limit import DAY, NO_RATE_LIMIT, HoldReason, RateLimitPolicy, RateLimitStatus
from app.domain.restriction import Restriction, RestrictionKind
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.rate_limits.status_notifier import RateLimitStatusNotifier
from tests.harness.shop import MAIN, PATIENT, Shop, in_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.seeded_entropy import SeededEntropy
from tests.unit.services.rate_limits.test_rate_limiter import phone

pytestmark = pytest.mark.requirement("X2")

SECOND = SessionId("second")
TWO_STRANGERS = RateLimitPolicy(per_minute=20, warm_up=(2, 3))


def told(shop: Shop) -> list[RateLimitStatus]:
    gauges = [
        event.status
        for event in shop.events
        if isinstance(event, RateLimitUsageChanged | RateLimitHoldsChanged)
    ]
    shop.events.clear()
    return gauges


def test_each_send_and_each_minute_that_has_passed_is_told() -> None:
    async def story(shop: Shop) -> None:
        assert told(shop) == []
        await shop.see(shop.order(1, phone(1)))
        await let_tasks_run()
        (sent,) = told(shop)
        assert (sent.last_minute, sent.cold_today, sent.warm_up_day) == (1, 1, 1)
        await shop.pass_time(seconds=59)
        assert told(shop) == []
        await shop.pass_time(seconds=1)
        (quiet,) = told(shop)
        assert (quiet.last_minute, quiet.cold_today) == (0, 1)

    in_shop(story, choices=shop_choices(pace=TWO_STRANGERS))


def test_a_warm_up_that_is_used_up_is_told_and_so_is_its_next_day() -> None:
    async def story(shop: Shop) -> None:
        for n in (1, 2):
            await shop.see(shop.order(n, phone(n)))
            await shop.pass_time(seconds=5)
        *_, full = told(shop)
        assert full.held_until(HoldReason.COLD_CAP) == shop.clock.now() + DAY - timedelta(seconds=10)
        await shop.pass_time(hours=23, minutes=59)
        told(shop)
        await shop.pass_time(minutes=1)
        grown = told(shop)[-1]
        assert (grown.warm_up_day, grown.cold_cap, grown.cold_today, grown.holds) == (2, 3, 0, ())

    in_shop(story, choices=shop_choices(pace=TWO_STRANGERS))


def test_what_whatsapp_holds_is_told_when_it_is_over() -> None:
    async def story(shop: Shop) -> None:
        ends = shop.clock.now() + timedelta(hours=1)
        lock = Restriction(RestrictionKind.TIME_LOCK, active=True, until=ends)
        await shop.messenger.listener.restricted(MAIN, lock)
        await let_tasks_run()
        assert [gauge.held_until(HoldReason.COLD_LOCK) for gauge in told(shop)] == [ends]
        await shop.pass_time(minutes=59)
        assert told(shop) == []
        await shop.pass_time(minutes=1)
        assert [gauge.holds for gauge in told(shop)] == [()]

    in_shop(story, choices=shop_choices(pace=NO_RATE_LIMIT))


def test_a_hold_that_is_over_wakes_those_who_work() -> None:
    async def story(shop: Shop) -> None:
        ends = shop.clock.now() + timedelta(hours=1)
        lock = Restriction(RestrictionKind.TIME_LOCK, active=True, until=ends)
        await shop.messenger.listener.restricted(MAIN, lock)
        shop.events.clear()
        await shop.pass_time(hours=1)
        assert [event.status.holds for event in shop.events if isinstance(event, RateLimitHoldsChanged)] == [
            ()
        ]

    in_shop(story, choices=shop_choices(pace=NO_RATE_LIMIT))


def test_a_number_without_a_pace_of_its_own_tells_nothing_of_its_sends() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1, phone(1)))
        await shop.pass_time(minutes=2)
        assert told(shop) == []

    in_shop(story, choices=shop_choices(pace=NO_RATE_LIMIT))


def test_what_was_sent_before_a_restart_is_still_in_the_gauge() -> None:
    store = MemoryStore()

    async def day(shop: Shop) -> None:
        await shop.see(shop.order(1, phone(1)))

    async def next_life(shop: Shop) -> None:
        gauge = shop.core.rate_limiters.status(MAIN)
        assert (gauge.cold_today, gauge.cold_cap, gauge.warm_up_day, gauge.last_minute) == (1, 2, 1, 1)
        await shop.pass_time(minutes=1)
        assert [gauge.last_minute for gauge in told(shop)] == [0]

    in_shop(day, store=store, choices=shop_choices(pace=TWO_STRANGERS))
    in_shop(next_life, store=store, choices=shop_choices(pace=TWO_STRANGERS))


def test_notifier_starts_when_a_hold_of_one_number_came_before() -> None:
    async def story() -> None:
        bus, clock, events = EventBus(), MovedClock(), list[RateLimitHoldsChanged]()
        limiters = RateLimiters(
            MemoryStore(), bus, clock, [_limiter(each, clock) for each in (MAIN, SECOND)], lambda: PATIENT
        )
        notifier = RateLimitStatusNotifier(limiters, bus, clock)
        bus.publish(RateLimitHoldsChanged(limiters.status(MAIN)))
        bus.subscribe(RateLimitHoldsChanged, events.append)
        running = asyncio.get_running_loop().create_task(notifier.run())
        await let_tasks_run()
        assert (running.done(), events) == (False, [])
        running.cancel()

    asyncio.run(story())


def _limiter(session_id: SessionId, clock: MovedClock) -> RateLimiter:
    schedule = ScheduleAdjuster(MemoryStore(), EventBus(), SteppedClock(clock))
    return RateLimiter(session_id, lambda: NO_RATE_LIMIT, schedule, SeededEntropy(0))
