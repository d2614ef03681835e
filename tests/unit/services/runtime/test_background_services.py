"""Background services are started and stopped with the core, and leave no subscription behind."""

import asyncio
from dataclasses import fields

from app.domain.events import NotificationChanged, OfflineQueueDrained
from app.domain.notification import State
from app.services.runtime.core import Core
from tests.contracts.asked_store import MAIN, NOW, owed
from tests.contracts.growing_contract import SECOND
from tests.harness.shop import open_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run


def test_resolver_starts_no_task_after_the_core_has_stopped() -> None:
    async def day() -> None:
        async with open_shop() as shop:
            resolver, bus = shop.core.background.resolver, shop.core.bus
            bus.publish(OfflineQueueDrained(MAIN))
            assert len(resolver._tasks._running) == 1
        assert not resolver._tasks._running
        bus.publish(OfflineQueueDrained(MAIN))
        doubted = owed(state=State.IN_DOUBT, reason="ack_timeout", doubted_at=NOW, changed_at=NOW)
        bus.publish(NotificationChanged(doubted))
        await let_tasks_run()
        assert not resolver._tasks._running

    asyncio.run(day())


def test_failover_follows_no_event_after_the_core_has_stopped() -> None:
    async def day() -> None:
        async with open_shop(choices=shop_choices(more_sessions=(SECOND,), take_over=True)) as shop:
            failover, bus = shop.core.background.failover, shop.core.bus
            assert "take_over" in [each.name for each in shop.core.background.health()]
            subscribed = len(bus._subscribers)
        assert not failover._unsubscribe
        assert len(bus._subscribers) < subscribed

    asyncio.run(day())


def test_core_gives_front_ends_at_most_twenty_fields() -> None:
    assert len(fields(Core)) <= 20
