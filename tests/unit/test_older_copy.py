"""An older copy of the database is noticed at the start, and costs the ratchets and the certainty of what waited."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.attempt import InDoubt
from app.domain.errors import DatabaseBusyError, VersionUnkeptError
from app.domain.events import NotificationMoved, TroubleReported
from app.domain.lease import LeaseOwner
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.ports.store import Rows
from app.services.notifications.queue_policy import MOST_REPEATS
from app.services.notifications.restored import RESTORED
from app.services.older_copy import RESTORED_MARK, VERSION
from app.services.templates.manager import MessageTemplateManager
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.moved_clock import MovedClock
from tests.simulators.shop import MAIN, Shop, open_shop

T = TypeVar("T")
RATCHETS: dict[str, dict[str, str | None]] = {"session": {"1.0": "ratchet"}, "pre-key": {"1": "key"}}


def numbered(store: MemoryStore, number: int, *, restored: bool = False) -> MemoryStore:
    """A database of that number, with a ratchet in it."""

    def work(rows: Rows) -> None:
        rows.settings.set(VERSION, str(number))
        rows.settings.set(RESTORED_MARK, "2026-01-10" if restored else "")
        rows.sessions.save_keys(MAIN, RATCHETS)

    asyncio.run(store.transact(work))
    return store


async def keeps_ratchets(shop: Shop) -> bool:
    kept = await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "session", ["1.0"]))
    others = await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "pre-key", ["1"]))
    assert others == RATCHETS["pre-key"]
    return bool(kept)


async def number_in(shop: Shop) -> int:
    return int(await shop.store.read(lambda rows: rows.settings.get(VERSION)) or 0)


@pytest.mark.parametrize(
    ("within", "beside", "kept"),
    [
        (7, MemoryVersion(7), True),
        (6, MemoryVersion(7), False),
        (8, MemoryVersion(7), False),
        (7, MemoryVersion(None), False),
        (7, MemoryVersion(7, refuses=True), False),
    ],
)
def test_ratchets_are_kept_only_where_both_numbers_agree(
    within: int,
    beside: MemoryVersion,
    kept: bool,  # noqa: FBT001 - a table
) -> None:
    store = numbered(MemoryStore(), within)

    async def story() -> None:
        async with open_shop(store=store, version=beside) as shop:
            assert await keeps_ratchets(shop) is kept
            assert await number_in(shop) > within

    asyncio.run(story())


def test_the_number_rises_at_the_start_a_minute_after_something_was_sent_and_at_the_end() -> None:
    version = MemoryVersion()

    async def story() -> None:
        async with open_shop(version=version) as shop:
            assert version.kept == [1]
            await shop.pass_time(hours=3)
            assert version.kept == [1]
            for number in range(3):
                await shop.see(shop.order(number))
            await shop.pass_time(seconds=59)
            assert version.kept == [1]
            await shop.pass_time(seconds=2)
            assert version.kept == [1, 2]
            assert await number_in(shop) == 2
            await shop.pass_time(hours=3)
            assert version.kept == [1, 2]
            await shop.see(shop.order(9))
            await shop.pass_time(minutes=1)
            assert version.kept == [1, 2, 3]
        assert version.kept == [1, 2, 3, 4]

    asyncio.run(story())


def test_a_clean_end_and_a_new_start_cost_no_ratchet() -> None:
    store, version = numbered(MemoryStore(), 3), MemoryVersion(3)

    async def story() -> None:
        for _ in range(3):
            async with open_shop(store=store, version=version) as shop:
                assert await keeps_ratchets(shop)

    asyncio.run(story())


def test_a_start_that_fails_before_the_numbers_were_compared_hides_no_difference() -> None:
    store, version = numbered(MemoryStore(), 3), MemoryVersion(9)

    async def no_templates(_: MessageTemplateManager) -> None:
        raise MemoryError

    async def story() -> None:
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(MessageTemplateManager, "load", no_templates)
            with pytest.raises(MemoryError):
                async with open_shop(store=store, version=version):
                    pytest.fail("it started")
        assert (version.number, version.kept) == (9, [])
        async with open_shop(store=store, version=version) as shop:
            assert not await keeps_ratchets(shop)

    asyncio.run(story())


def test_a_place_that_refuses_is_told_once_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    version = MemoryVersion(refuses=True)

    async def story() -> None:
        async with open_shop(version=version) as shop:
            for number in range(3):
                await shop.see(shop.order(number))
                await shop.pass_time(minutes=2)
                row = await shop.message(shop.order(number))
                assert row.state is State.SENT
            assert await number_in(shop) == 4
            troubles = [event.code for event in shop.events if isinstance(event, TroubleReported)]
            assert troubles == [VersionUnkeptError.code]

    asyncio.run(story())
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def states(*rows: Notification) -> list[tuple[State, str | None]]:
    return [(row.state, row.reason) for row in rows]


class BusyStore(MemoryStore):
    """Refuses as many transactions as `refusals` says."""

    refusals = 0

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.refusals:
            self.refusals -= 1
            raise DatabaseBusyError
        return await super().transact(work)


def test_a_database_that_refuses_the_number_is_given_it_a_minute_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, version = BusyStore(), MemoryVersion()

    async def story() -> None:
        async with open_shop(store=store, version=version) as shop:
            await shop.see(shop.order(1))
            await shop.pass_time(seconds=59)
            store.refusals = 1
            await shop.pass_time(seconds=2)
            assert (version.kept, await number_in(shop), store.refusals) == ([1], 1, 0)
            await shop.pass_time(minutes=1)
            assert version.number == await number_in(shop) > 1

    asyncio.run(story())
    assert [vars(each)["code"] for each in caplog.records if each.message == "version_not_noted"] == [
        "database_busy"
    ]


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


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("noticed_by", ["number", "mark"])
def test_what_an_older_copy_holds_as_unfinished_is_left_to_evidence_or_to_a_person(noticed_by: str) -> None:
    clock, version = MovedClock(), MemoryVersion()

    async def story() -> None:
        copy, (first, second) = await copied_before_sending(clock, version)
        if noticed_by == "mark":
            version.number = None
            await copy.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=copy, clock=clock, version=version) as shop:
            await shop.pass_time(hours=2)
            assert shop.messenger.sends == []
            one, two = await shop.message(first), await shop.message(second)
            assert states(one, two) == [(State.IN_DOUBT, RESTORED)] * 2
            moved = [event.notification for event in shop.events if isinstance(event, NotificationMoved)]
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
def test_what_was_in_doubt_or_being_sent_in_the_copy_does_not_go_out_again_either(
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
def test_a_customer_who_wants_to_hear_no_more_is_not_asked_about_in_an_older_copy() -> None:
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
            assert states(await shop.message(order)) == [(State.SUPPRESSED, Suppression.OPTED_OUT)]

    asyncio.run(story())


@pytest.mark.requirement("A3")
def test_what_is_old_news_in_an_older_copy_is_kept_from_the_customer_and_shown() -> None:
    clock, store = MovedClock(), MemoryStore()

    async def story() -> None:
        async with open_shop(store=store, clock=clock) as shop:
            await shop.core.queue.pause()
            order = shop.order(1)
            await shop.see(order)
        clock.set_wall(clock.now() + timedelta(hours=5))
        await store.transact(lambda rows: rows.settings.set(RESTORED_MARK, "yes"))
        async with open_shop(store=store, clock=clock) as shop:
            row = await shop.message(order)
            assert states(row) == [(State.SUPPRESSED, Suppression.STALE)]
            assert row.untold

    asyncio.run(story())


@pytest.mark.requirement("A4")
def test_what_orders_have_reached_by_the_first_look_after_an_older_copy_is_old_news() -> None:
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
