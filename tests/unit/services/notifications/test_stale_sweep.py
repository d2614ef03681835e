"""Stale sweep: rows that wait too long end unsent, whole, in short transactions."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from app.domain.errors import DatabaseBusyError
from app.domain.events import Event, NotificationChanged, NotificationQueued
from app.domain.lease import Lease
from app.domain.notification import Notification, State, Suppression
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.stage_policy import TIME_TO_LIVE
from app.ports.store import Rows
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from app.services.notifications import stale_sweep
from app.services.notifications.stale_sweep import BATCH, StaleSweep
from tests.contracts.asked_store import BIA, LATER, NOW, SOON, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run

pytestmark = pytest.mark.requirement("A3")
T = TypeVar("T")
TICK = timedelta(microseconds=1)
STALE = NOW - TIME_TO_LIVE - TICK


class BusyStore(MemoryStore):
    """Counts its transactions, and refuses the next ones while another program holds the database."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions = self.refusals = 0

    async def transact(self, work: Callable[[Rows], T]) -> T:
        self.transactions += 1
        if self.refusals:
            self.refusals -= 1
            raise DatabaseBusyError
        return await super().transact(work)


class Swept:
    """A sweep over these rows, at NOW."""

    def __init__(self, *rows: Notification) -> None:
        self.store, self.bus, self.clock = BusyStore(), EventBus(), MovedClock(NOW)
        self.events, self.woken = list[Event](), 0
        self.bus.subscribe(Event, self.events.append)
        watch = ScheduleAdjuster(self.store, self.bus, SteppedClock(self.clock))
        self.sweep = StaleSweep(self.store, self.bus, self.clock, QueuePolicy, watch, self._wake)
        for row in rows:
            asyncio.run(self.store.transact(lambda kept, row=row: self._put(kept, row)))  # type: ignore[misc]
        self.store.transactions = 0

    def once(self) -> bool:
        return asyncio.run(self.sweep.sweep())

    def kept(self, *rows: Notification) -> list[Notification | None]:
        return asyncio.run(self.store.read(lambda kept: [kept.notifications.get(row.id) for row in rows]))

    def _wake(self) -> None:
        self.woken += 1

    def _put(self, kept: Rows, row: Notification) -> None:
        added = kept.notifications.add(row)
        assert added is not None
        kept.notifications.save(replace(row, seq=added.seq))


def suppressed(row: Notification) -> Notification:
    over: dict[str, Any] = {"state": State.SUPPRESSED, "reason": Suppression.STALE, "lease": None}
    return replace(row, changed_at=NOW, **over)


def test_sweep_suppresses_a_pending_row_when_it_is_stale() -> None:
    news, stale = owed("o1", stage_at=STALE + TICK, seq=1), owed("o2", phone=BIA, stage_at=STALE, seq=2)
    swept = Swept(news, stale)
    assert swept.once()
    assert swept.kept(news, stale) == [news, suppressed(stale)]
    assert (swept.events, swept.woken) == ([NotificationChanged(suppressed(stale))], 1)


@pytest.mark.requirement("Q2")
def test_sweep_suppresses_a_stale_row_when_an_older_one_blocks_it() -> None:
    older, stale = owed("o1", scheduled_at=NOW + LATER, seq=1), owed("o2", stage_at=STALE, seq=2)
    swept = Swept(older, stale)
    swept.once()
    assert swept.kept(older, stale) == [older, suppressed(stale)]


def test_sweep_leaves_a_row_to_the_worker_that_leased_it() -> None:
    row = owed(stage_at=STALE, lease=Lease("me", NOW + SOON), seq=1)
    swept = Swept(row)
    swept.once()
    assert (swept.kept(row), swept.events, swept.woken) == ([row], [], 0)


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("since", [{"stage_at": STALE}, {"stage_at": None, "doubted_at": STALE}])
def test_sweep_gives_up_a_doubt_when_it_is_stale(since: dict[str, Any]) -> None:
    doubt = owed(
        **{"state": State.IN_DOUBT, "doubted_at": NOW - SOON, "changed_at": NOW - SOON, "seq": 1, **since}
    )
    swept = Swept(doubt)
    swept.once()
    assert swept.kept(doubt) == [replace(doubt, given_up_at=NOW)]
    assert (swept.events, swept.woken) == ([], 1)
    assert not swept.once()


@pytest.mark.requirement("Z4")
def test_sweep_takes_a_short_transaction_for_each_batch() -> None:
    rows = [
        owed(f"o{n}", phone=Phone(f"+55739995{n:05d}"), stage_at=STALE, seq=n + 1) for n in range(BATCH + 1)
    ]
    swept = Swept(*rows)
    swept.once()
    assert swept.store.transactions == 2
    assert swept.kept(*rows) == [suppressed(row) for row in rows]


@pytest.mark.requirement("Z4")
def test_sweep_gives_up_doubts_in_short_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale_sweep, "BATCH", 2)
    doubts = [owed(f"o{n}", state=State.IN_DOUBT, doubted_at=STALE, seq=n + 1) for n in range(3)]
    swept = Swept(*doubts)
    swept.once()
    assert (swept.store.transactions, swept.woken) == (2, 2)
    assert swept.kept(*doubts) == [replace(doubt, given_up_at=NOW) for doubt in doubts]


@pytest.mark.requirement("Z3")
def test_sweep_judges_by_the_clock_that_the_watch_has_looked_at() -> None:
    swept = Swept(owed(stage_at=NOW, seq=1))
    order = list[str]()
    look, now = swept.sweep._schedule.follow_clock, swept.clock.now

    async def looked() -> None:
        await look()
        order.append("looked")

    def asked() -> Any:
        order.append("judged")
        return now()

    swept.sweep._schedule.follow_clock = looked  # type: ignore[method-assign]
    swept.sweep._clock.now = asked  # type: ignore[method-assign]
    swept.once()
    assert order[order.index("looked") :] == ["looked", "judged"]


def running(story: Callable[[Swept], Any], *rows: Notification) -> None:
    swept = Swept(*rows)

    async def day() -> None:
        task = asyncio.get_running_loop().create_task(swept.sweep.run())
        await let_tasks_run()
        await story(swept)
        task.cancel()

    asyncio.run(day())


def test_run_looks_every_minute_while_a_row_can_grow_stale() -> None:
    row = owed(stage_at=STALE + SOON, seq=1)

    async def story(swept: Swept) -> None:
        await swept.clock.advance(LATER - TICK)
        assert swept.events == []
        await swept.clock.advance(TICK)
        assert [event.notification.reason for event in moved(swept)] == [Suppression.STALE]

    running(story, row)


def test_run_sleeps_until_something_waits() -> None:
    row = owed(stage_at=NOW, seq=1)

    async def story(swept: Swept) -> None:
        assert swept.clock.next_due is None
        swept.bus.publish(NotificationChanged(replace(row, state=State.SENT)))
        await let_tasks_run()
        assert swept.clock.next_due is None
        await swept.store.transact(lambda kept: swept._put(kept, row))
        swept.bus.publish(NotificationQueued(row))
        await let_tasks_run()
        assert swept.clock.next_due == LATER

    running(story)


@pytest.mark.requirement("Z2")
def test_run_tries_again_when_the_database_was_busy() -> None:
    row = owed(stage_at=STALE, seq=1)
    swept = Swept(row)
    swept.store.refusals = 1

    async def day() -> None:
        task = asyncio.get_running_loop().create_task(swept.sweep.run())
        await let_tasks_run()
        assert swept.events == []
        await swept.clock.advance(LATER)
        assert len(moved(swept)) == 1
        task.cancel()

    asyncio.run(day())


def moved(swept: Swept) -> list[NotificationChanged]:
    return [event for event in swept.events if isinstance(event, NotificationChanged)]
