"""Unreadable rows: one report per table; those of the queue end instead of waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from app.domain.errors import DatabaseBusyError
from app.domain.events import Event, NotificationChanged, ProblemReported
from app.domain.notification import UNREADABLE, Notification, State
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.storage.unreadable_rows import ROW_UNREADABLE, UnreadableRows
from tests.contracts.asked_store import owed
from tests.simulators.moved_clock import MovedClock, let_tasks_run

pytestmark = pytest.mark.requirement("Z1")


class Damaged:
    """A store with so many rows in its queue that do not read."""

    def __init__(self, rows: int = 0) -> None:
        self.waiting, self.busy, self.ended = list(range(rows)), 0, list[int]()
        self.notifications, self.found = self, cast("Callable[[str], None]", None)

    def on_unreadable(self, listener: Callable[[str], None]) -> None:
        self.found = listener

    async def read(self, work: Callable[[Rows], Any]) -> Any:
        if self.busy:
            self.busy -= 1
            raise DatabaseBusyError
        return work(cast("Rows", self))

    transact = read

    def unreadable(self) -> Sequence[int]:
        return tuple(self.waiting)

    def end_unreadable(self, places: Sequence[int], at: datetime) -> Sequence[Notification]:
        self.waiting = [each for each in self.waiting if each not in places]
        self.ended.append(len(places))
        failed = replace(owed(), state=State.FAILED, reason=UNREADABLE, changed_at=at)
        return [replace(failed, seq=place) for place in places]


def events_of(store: Damaged, story: Callable[[MovedClock], Awaitable[None]]) -> list[Event]:
    async def day() -> list[Event]:
        bus, clock, events = EventBus(), MovedClock(), list[Event]()
        bus.subscribe(Event, events.append)
        rows = UnreadableRows(cast("Store", store), bus, clock)
        running = asyncio.ensure_future(rows.run())  # noqa: TID251 - ended here
        await let_tasks_run()
        await story(clock)
        await let_tasks_run()
        running.cancel()
        await asyncio.wait((running,))
        return events

    return asyncio.run(day())


async def nothing(_: MovedClock) -> None: ...


def test_run_ends_rows_in_batches_and_publishes_each() -> None:
    store = Damaged(150)
    events = events_of(store, nothing)
    assert store.ended == [100, 50]
    assert [each.notification.seq for each in events if isinstance(each, NotificationChanged)] == list(
        range(150)
    )


def test_run_looks_again_when_a_cell_was_found_and_every_hour() -> None:
    store = Damaged()

    async def story(clock: MovedClock) -> None:
        store.waiting = [1]
        await clock.advance(timedelta(minutes=59))
        assert store.ended == []
        store.found("orders")
        await let_tasks_run()
        assert store.ended == [1]
        store.waiting = [2]
        await clock.advance(timedelta(hours=1))

    events_of(store, story)
    assert store.ended == [1, 1]


def test_a_person_is_told_once_for_each_table() -> None:
    store = Damaged()

    async def story(_: MovedClock) -> None:
        for table in ("orders", "orders", "whatsapp_numbers", "orders"):
            store.found(table)

    assert events_of(store, story) == [ProblemReported(ROW_UNREADABLE)] * 2


def test_run_outlives_a_database_that_is_busy() -> None:
    store = Damaged(1)
    store.busy = 1

    async def story(clock: MovedClock) -> None:
        assert store.ended == []
        await clock.advance(timedelta(hours=1))

    events_of(store, story)
    assert store.ended == [1]
