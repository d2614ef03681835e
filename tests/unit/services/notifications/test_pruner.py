"""Pruner: old rows lose their content, then go, in daily small batches."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.errors import DiskFullError
from app.domain.notification import State
from app.domain.opt_out import OptOut, OptOutSource
from app.ports.retention import ERASING
from app.ports.store import Rows
from app.services.notifications.pruner import BATCH, Pruned
from tests.contracts.asked_store import ANA, NOW, owed
from tests.harness.agreed_pruner import pruner_of
from tests.harness.every_notification import in_state
from tests.harness.shop import Shop, in_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X6")
T = TypeVar("T")


class CountingStore(MemoryStore):
    """Tells how many transactions there were, and how often the log was shed."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions = self.sheds = 0
        self.full = False

    async def transact(self, work: Callable[[Rows], T]) -> T:
        self.transactions += 1
        if self.full:
            raise DiskFullError
        return await super().transact(work)

    async def shed_log(self) -> None:
        self.sheds += 1


async def _filled(count: int, age: timedelta) -> CountingStore:
    store = CountingStore()

    def fill(rows: Rows) -> None:
        rows.opt_outs.add(ANA, OptOut(NOW - age, OptOutSource.CUSTOMER))
        for number in range(count):
            row = rows.notifications.add(owed(f"o{number}"))
            assert row is not None
            rows.notifications.save(replace(row, state=State.READ, changed_at=NOW - age))
        # The customer is one row more.
        rows.retention.date(NOW - age, NOW, count + 1)

    await store.transact(fill)
    store.transactions = 0
    return store


def test_pruner_empties_content_in_batches_of_200_and_leaves_no_log() -> None:
    async def story() -> None:
        store = await _filled(2 * BATCH + 1, timedelta(days=91))
        pruner = pruner_of(store)
        assert await pruner.prune() == Pruned(emptied=2 * BATCH + 1, deleted=0)
        # The rows of two batches and a half, and of each kind of work the look that finds nothing more; the time.
        assert (store.transactions, store.sheds) == (1 + 3 + 1 + 1 + 2, 1)
        assert await pruner.prune() == Pruned(emptied=0, deleted=0)
        assert store.sheds == 1

    asyncio.run(story())


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"state": State.IN_DOUBT, "doubted_at": NOW, "given_up_at": NOW}, State.FAILED, "doubt_expired"),
        ({"state": State.PENDING, "lease": None}, State.SUPPRESSED, "stale"),
    ],
)
@pytest.mark.parametrize(
    ("age", "ends"), [(timedelta(days=90), False), (timedelta(days=90, seconds=1), True)]
)
def test_prune_ends_and_empties_what_stayed_unfinished_for_the_retention(
    changes: dict[str, object], state: State, reason: str, age: timedelta, *, ends: bool
) -> None:
    async def story() -> None:
        store = await _filled(1, age)
        (read,) = await store.read(lambda rows: in_state(rows, State.READ))
        row = replace(read, read_at=None, **changes)  # type: ignore[arg-type]
        await store.transact(lambda rows: rows.notifications.save(row))
        await pruner_of(store).prune()
        kept = await store.read(lambda rows: rows.notifications.get(row.id))
        assert kept is not None
        if ends:
            assert (kept.state, kept.reason, kept.is_erased, kept.given_up_at) == (state, reason, True, None)
        else:
            assert kept == row

    asyncio.run(story())


def test_a_row_stays_a_year_to_the_second() -> None:
    async def story() -> None:
        for age, deleted in ((timedelta(days=365), 0), (timedelta(days=365, seconds=1), 1)):
            store = await _filled(1, age)
            assert (await pruner_of(store).prune()).deleted == deleted

    asyncio.run(story())


def test_no_copy_is_made_from_the_first_batch_to_the_last() -> None:
    async def story() -> None:
        store = await _filled(2 * BATCH, timedelta(days=91))
        marks: list[str | None] = []

        class Watched(CountingStore):
            async def transact(self, work: Callable[[Rows], T]) -> T:
                done = await super().transact(work)
                marks.append(await self.read(lambda rows: rows.settings.get(ERASING)))
                return done

        store.__class__ = Watched
        await pruner_of(store).prune()
        assert marks[-5:] == ["", "yes", "yes", "", ""]

    asyncio.run(story())


def test_rows_go_after_a_year_and_the_opt_out_stays() -> None:
    async def story() -> None:
        store = await _filled(3, timedelta(days=366))
        assert await pruner_of(store).prune() == Pruned(3, 3)
        seen = await store.read(lambda rows: (rows.notifications.counts(), rows.opt_outs.in_force(ANA)))
        assert seen[0] == {}
        assert seen[1] is not None

    asyncio.run(story())


@pytest.mark.requirement("S7")
def test_a_sent_text_stays_two_weeks_however_short_the_retention() -> None:
    async def story() -> None:
        for age, emptied in ((timedelta(days=14), 0), (timedelta(days=14, seconds=1), 1)):
            store = await _filled(1, age)
            assert (await pruner_of(store, timedelta(days=1)).prune()).emptied == emptied

    asyncio.run(story())


def test_it_runs_at_the_start_and_every_day_after() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        await shop.pass_time(hours=24)
        shop.clock.let_sleep(timedelta(days=89))
        await shop.pass_time(hours=24)
        assert "#1" in (await shop.message(order)).text
        await shop.pass_time(hours=24)
        emptied = await shop.message(order)
        assert (emptied.text, emptied.state) == ("", State.SENT)
        kept = await shop.store.read(lambda rows: rows.orders.get(order.id))
        assert kept is not None
        assert (kept.customer_name, kept.customer_phone, kept.number) == ("", "", 1)
        shop.clock.let_sleep(timedelta(days=275))
        await shop.pass_time(hours=24)
        assert await shop.store.read(lambda rows: rows.orders.get(order.id)) is None

    in_shop(story)


def test_a_day_on_which_it_fails_is_made_up_for_on_the_next(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        store, clock = await _filled(1, timedelta(days=91)), MovedClock(NOW)
        store.full = True
        running = asyncio.get_running_loop().create_task(pruner_of(store, clock=clock).run())
        await clock.advance(timedelta(hours=23))
        store.full = False
        assert store.sheds == 0
        await clock.advance(timedelta(hours=1))
        assert store.sheds == 1
        running.cancel()
        await asyncio.wait((running,))

    asyncio.run(story())
    assert [(each.getMessage(), vars(each)["code"]) for each in caplog.records] == [
        ("prune_failed", "disk_full")
    ]


def test_what_is_in_flight_is_never_pruned() -> None:
    async def story(shop: Shop) -> None:
        finished, order = shop.order(1), shop.order(2)
        await shop.see(finished)
        await shop.pass_time(hours=47, minutes=59, seconds=55)
        shop.messenger.gate.clear()
        await shop.see(order)
        shop.clock.let_sleep(timedelta(days=400))
        await shop.pass_time(seconds=10)
        found = await shop.store.read(lambda rows: rows.orders.get(finished.id))
        assert found is None
        assert "#2" in (await shop.message(order)).text
        shop.messenger.gate.set()
        await shop.pass_time(minutes=1)
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)
