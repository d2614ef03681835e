"""Worker pool: all workers run together on request; errors are raised after every turn."""

import asyncio
from dataclasses import replace

import pytest

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring
from app.domain.attempt import InDoubt
from app.domain.errors import DatabaseUnreadableError, NotAllowedNowError
from app.domain.events import NotificationChanged
from app.domain.notification import State
from app.domain.queue_policy import QueuePolicy
from app.services.event_bus import EventBus
from app.services.notifications.pause_switch import PauseSwitch
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.worker_pool import WorkerPool
from tests.harness.ports import PlainNumbers
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy
from tests.unit.services.connection.test_sessions import SECOND, customer_of, with_two_numbers


async def owed(shop: Shop) -> None:
    """One message for each number, which no worker has noticed yet."""
    await shop.core.queue.pause()
    for n, session_id in enumerate([MAIN, SECOND]):
        await shop.see(shop.order(n, await customer_of(shop, session_id, n)))
    shop.core.background.workers.pause.on = False


@pytest.mark.requirement("Q8")
def test_one_turn_tells_a_customer_of_each_number() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop)
        results = await shop.core.queue.process_pending_notifications()
        assert [result.notification.state for result in results] == [State.SENT] * 2
        assert {send.session_id for send in shop.messenger.sends} == {MAIN, SECOND}

    with_two_numbers(story)


@pytest.mark.requirement("Q8")
def test_the_trouble_of_one_number_is_told_after_the_turn_of_the_other() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop)
        first = next(iter(shop.core.background.workers))

        async def refused() -> list[object]:
            raise DatabaseUnreadableError(reason="locked")

        first.turn = refused  # type: ignore[method-assign, assignment]
        with pytest.raises(DatabaseUnreadableError):
            await shop.core.queue.process_pending_notifications()
        assert [send.session_id for send in shop.messenger.sends] == [SECOND]

    with_two_numbers(story)


@pytest.mark.requirement("Q6")
def test_a_paused_queue_takes_no_turn() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(shop.order(1))
        assert await shop.core.queue.process_pending_notifications() == []
        assert shop.messenger.sends == []

    in_shop(story)


def test_a_queue_without_workers_waits_for_them() -> None:
    async def day() -> None:
        entropy = SeededEntropy(0)
        vault = KeyRingVault(new_key_ring(entropy), entropy)
        senders = SenderAssignment(vault, [MAIN], lambda _: False)
        store, bus, clock = MemoryStore(), EventBus(), MovedClock()
        workers = WorkerPool([], PauseSwitch(store, bus))
        queue = NotificationQueueManager(
            store, vault, bus, clock, senders, QueuePolicy, PlainNumbers(), workers
        )
        await queue.pause()
        await queue.resume()
        assert await queue.process_pending_notifications() == []
        assert not (await queue.get_queue_stats()).paused

    asyncio.run(day())


@pytest.mark.requirement("Q4")
def test_what_fails_on_its_way_in_no_foreseen_manner_is_in_doubt() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        shop.messenger.outcomes.append(RuntimeError("unforeseen"))
        order = shop.order(1)
        await shop.see(order)
        doubted = await shop.message(order)
        assert (doubted.state, doubted.reason) == (State.IN_DOUBT, "unexpected")
        assert len(shop.messenger.sends) == 1

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_only_a_doubt_is_settled_by_a_person() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        with pytest.raises(NotAllowedNowError):
            await shop.core.queue.settle_doubt((await shop.message(order)).id, arrived=False)
        assert len(shop.messenger.sends) == 1

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_doubt_resolved_as_arrived_counts_from_when_it_was_handed_over() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        order = shop.order(1)
        await shop.see(order)
        doubted = await shop.message(order)
        await shop.pass_time(minutes=2)
        settled = await shop.core.queue.settle_doubt(doubted.id, arrived=True)
        told = replace(doubted, state=State.SENT, reason="by_person", sent_at=doubted.sending_at)
        assert settled == replace(told, changed_at=shop.clock.now()) == await shop.message(order)
        assert NotificationChanged(settled) in shop.events

    in_shop(story, repeats_doubts=False)


@pytest.mark.requirement("Q4")
def test_doubt_resolved_as_lost_goes_out_once_more_as_fresh_news() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        order = shop.order(1)
        await shop.see(order)
        doubted = await shop.message(order)
        await shop.pass_time(minutes=2)
        await shop.core.queue.pause()
        settled, now = await shop.core.queue.settle_doubt(doubted.id, arrived=False), shop.clock.now()
        again = replace(doubted, state=State.PENDING, reason=None, repeats=doubted.repeats + 1)
        assert settled == replace(again, scheduled_at=now, stage_at=now, changed_at=now)
        assert settled == await shop.message(order)
        assert (await shop.core.queue.get_queue_stats()).paused

    in_shop(story, repeats_doubts=False)
