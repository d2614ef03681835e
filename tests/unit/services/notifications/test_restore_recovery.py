"""Restore recovery: unfinished rows of an older copy never go out unasked; they may have gone already."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.attempt import InDoubt
from app.domain.events import NotificationChanged
from app.domain.lease import LeaseOwner
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.queue_policy import MOST_REPEATS, QueuePolicy
from app.domain.receipt import Evidence, Receipt
from app.services.notifications.restore_recovery import RESTORED, doubt_unfinished
from app.services.runtime.restore_detector import RESTORED_MARK
from tests.contracts.asked_store import LATER, ME, NOW, Asked, owed
from tests.harness.shop import open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.moved_clock import MovedClock


def states(*rows: Notification) -> list[tuple[State, str | None]]:
    return [(row.state, row.reason) for row in rows]


async def copied_before_sending(clock: MovedClock, version: MemoryVersion) -> tuple[MemoryStore, list[Order]]:
    """A copy in which two messages wait, that went out after it was made."""
    store = MemoryStore()
    async with open_shop(store=store, clock=clock, version=version) as shop:
        orders = [shop.order(number, phone=f"+557399954853{number}") for number in (1, 2)]
        await shop.core.queue.pause()
        for order in orders:
            await shop.see(order)
        copy = store.copy()
        await shop.core.queue.resume()
        await shop.pass_time(minutes=2)
        assert len(shop.messenger.sends) == 2
    await copy.transact(lambda rows: rows.settings.set("queue_paused", "no"))
    return copy, orders


def doubted(row: Notification, at: datetime = NOW) -> Notification:
    """The row as it is after the recovery at that moment."""
    asked = Asked(MemoryStore())
    asked.add(row)
    asked.save(row)
    (changed,) = asked.transact(doubt_unfinished(at, QueuePolicy(), 9))
    assert asked.read(lambda rows: rows.notifications.get(row.id)) == changed
    assert asked.transact(doubt_unfinished(at, QueuePolicy(), 9)) == []
    return changed


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("state", [State.PENDING, State.SENDING])
def test_recovery_changes_these_fields_of_an_unfinished_row(state: State) -> None:
    row = owed(state=state, lease=ME, seq=1, stage_at=NOW)
    in_doubt = replace(row, state=State.IN_DOUBT, reason=RESTORED, lease=None, repeats=MOST_REPEATS)
    assert doubted(row) == replace(in_doubt, sending_at=NOW, changed_at=NOW, doubted_at=NOW, given_up_at=NOW)


@pytest.mark.requirement("Q4")
def test_recovery_keeps_since_when_a_row_is_in_doubt() -> None:
    moments: dict[str, Any] = {
        "sending_at": NOW - 3 * LATER,
        "doubted_at": NOW - 2 * LATER,
        "changed_at": NOW - LATER,
    }
    row = owed(state=State.IN_DOUBT, lease=ME, seq=1, reason="ack_timeout", **moments)
    given_up = replace(row, reason=RESTORED, lease=None, repeats=MOST_REPEATS)
    assert doubted(row) == replace(given_up, changed_at=NOW, given_up_at=NOW)


@pytest.mark.requirement("Z4")
def test_recovery_changes_no_more_rows_at_once_than_its_limit() -> None:
    asked = Asked(MemoryStore())
    asked.add(*(owed(f"o{number}") for number in range(3)))
    changed = [len(asked.transact(doubt_unfinished(NOW, QueuePolicy(), 2))) for _ in range(3)]
    assert changed == [2, 1, 0]


@pytest.mark.requirement("A3")
def test_recovery_suppresses_stale_news_at_its_moment() -> None:
    row = owed(lease=ME, seq=1, stage_at=NOW - timedelta(days=1))
    changed = doubted(row)
    assert (changed.state, changed.reason, changed.changed_at) == (State.SUPPRESSED, Suppression.STALE, NOW)
    assert (changed.lease, changed.sending_at, changed.repeats) == (None, NOW, MOST_REPEATS)


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("noticed_by", ["number", "mark"])
def test_unfinished_row_of_an_older_copy_is_left_to_evidence_or_a_person(noticed_by: str) -> None:
    clock, version = MovedClock(), MemoryVersion()

    async def story() -> None:
        copy, (first, second) = await copied_before_sending(clock, version)
        if noticed_by == "mark":
            version.mark = version.copy = None
            await copy.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=copy, clock=clock, version=version) as shop:
            await shop.pass_time(hours=2)
            assert shop.messenger.sends == []
            one, two = await shop.message(first), await shop.message(second)
            assert states(one, two) == [(State.IN_DOUBT, RESTORED)] * 2
            moved = [event.notification for event in shop.events if isinstance(event, NotificationChanged)]
            assert moved == [one, two]
            assert one.repeats == MOST_REPEATS
            await shop.messenger.emit(Receipt(one.message_id, Evidence.DELIVERED, clock.now()))
            await shop.core.queue.settle_doubt(two.id, arrived=False)
            await shop.pass_time(minutes=1)
            assert [send.message_id for send in shop.messenger.sends] == [two.message_id]
            assert (await shop.message(first)).state is State.DELIVERED
            assert not await shop.store.read(lambda rows: rows.settings.get(RESTORED_MARK))

    asyncio.run(story())


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("died", [False, True])
def test_doubtful_or_sending_row_of_the_copy_does_not_go_out_again(
    died: bool,  # noqa: FBT001 - one of two cases
) -> None:
    async def story() -> None:
        store, first_life = MemoryStore(), LeaseOwner(1, "a", "boot")
        async with open_shop(store=store, owner=first_life) as shop:
            order = shop.order(1)
            if died:
                shop.messenger.gate.clear()
            else:
                shop.messenger.outcomes.append(InDoubt("ack_timeout"))
            await shop.see(order)
            row, copy = await shop.message(order), store.copy()
            assert row.state is (State.SENDING if died else State.IN_DOUBT)
            shop.messenger.gate.set()
        await copy.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=copy, owner=LeaseOwner(2, "b", "boot")) as shop:
            await shop.pass_time(minutes=10)
            kept = await shop.message(order)
            assert states(kept) == [(State.IN_DOUBT, RESTORED)]
            assert kept.sending_at == row.sending_at
            assert shop.messenger.sends == []

    asyncio.run(story())


@pytest.mark.requirement("X1")
def test_customer_who_opted_out_is_not_asked_about_in_an_older_copy() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(store=store) as shop:
            await shop.core.queue.pause()
            order = shop.order(1)
            await shop.see(order)
        wish = OptOut(MovedClock().now(), OptOutSource.CUSTOMER)
        await store.transact(lambda rows: rows.opt_outs.add(Phone(order.customer_phone), wish))
        await store.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=store) as shop:
            row = await shop.message(order)
            assert states(row) == [(State.SUPPRESSED, Suppression.OPTED_OUT)]
            assert row.changed_at == shop.clock.now()

    asyncio.run(story())


@pytest.mark.requirement("A3")
def test_stale_news_of_an_older_copy_is_kept_from_the_customer_and_shown() -> None:
    clock, store = MovedClock(), MemoryStore()

    async def story() -> None:
        async with open_shop(store=store, clock=clock) as shop:
            await shop.core.queue.pause()
            order = shop.order(1)
            await shop.see(order)
        clock.let_sleep(timedelta(hours=5))
        await store.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=store, clock=clock) as shop:
            row = await shop.message(order)
            assert states(row) == [(State.SUPPRESSED, Suppression.STALE)]
            assert row.is_untold

    asyncio.run(story())


@pytest.mark.requirement("A4")
def test_stages_reached_by_the_first_sync_after_an_older_copy_are_old_news() -> None:
    store = MemoryStore()

    async def story() -> None:
        async with open_shop(store=store) as shop:
            await shop.core.watcher.catch_up([])
        await store.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=store) as shop:
            order = shop.order(5, status="ready")
            await shop.core.watcher.catch_up([order])
            row = await shop.message(order, NotificationType.READY)
            assert states(row) == [(State.SUPPRESSED, Suppression.BEFORE_START)]

    asyncio.run(story())
