"""Clock watch over a store that may refuse, across starts of the program."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from app.domain.errors import DatabaseBusyError
from app.domain.events import Event
from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.domain.order import Order
from app.ports.store import Rows
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from tests.contracts.asked_store import NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

T = TypeVar("T")
NOTHING = timedelta(0)


class BusyStore(MemoryStore):
    """Refuses as many transactions as `refusals` says."""

    refusals = 0

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.refusals:
            self.refusals -= 1
            raise DatabaseBusyError
        return await super().transact(work)


class Life:
    """One start of the program, with the store and the clock of the one before."""

    def __init__(self, before: "Life | None" = None, boot: str = "boot") -> None:
        self.asked: Asked = before.asked if before else Asked(BusyStore())
        self.system: MovedClock = before.system if before else MovedClock(NOW)
        self.clock, self.events, bus = SteppedClock(self.system), list[Event](), EventBus()
        bus.subscribe(Event, self.events.append)
        self.watch = ScheduleAdjuster(self.asked.store, bus, self.clock, boot)
        asyncio.run(self.watch.start())

    @property
    def store(self) -> BusyStore:
        store = self.asked.store
        assert isinstance(store, BusyStore)
        return store

    def add(self, *rows: Notification) -> None:
        for row in rows:
            self.asked.add(row)
            self.asked.save(row)

    def after(self, length: timedelta, *, set_by: timedelta = NOTHING) -> "Life":
        """Let time pass, set the clock, and run the watch."""
        asyncio.run(self.system.advance(length))
        self.set_by(set_by)
        asyncio.run(self.watch.follow_clock())
        return self

    def set_by(self, by: timedelta) -> None:
        self.system.set_wall(self.system.now() + by)

    def server_told(self, at: datetime) -> None:
        asyncio.run(self.watch.record_server_time(at))

    def row(self, of: Notification) -> Notification:
        kept = self.asked.read(lambda rows: rows.notifications.get(of.id))
        assert kept is not None
        return kept


def order_of(number: int, created_at: datetime) -> Order:
    return Order(OrderId(f"o{number}"), number, "Ana", "", "paid", None, Decimal(5), created_at)


def waiting(**changes: object) -> Notification:
    return replace(owed(seq=1, scheduled_at=NOW + SOON, stage_at=NOW), **changes)  # type: ignore[arg-type]


def moved(row: Notification, by: timedelta) -> Notification:
    """As it is with each of its moments later."""
    names = ("created_at", "scheduled_at", "changed_at", "stage_at", "sending_at", "doubted_at")
    later = {name: at + by for name in names if (at := getattr(row, name))}
    lease = row.lease and replace(row.lease, until=row.lease.until + by)
    return replace(row, **later, lease=lease)
