"""Sweep of stale rows: suppresses pending messages, gives up doubts, without starting an attempt."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from app.domain.events import NotificationChanged, NotificationQueued
from app.domain.notification import Notification, State, Suppression
from app.domain.queue_policy import QueuePolicy
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.background_tasks import run_with_retries
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.event_bus import EventBus
from app.services.notifications.in_doubt_resolver import given_up

_EVERY: Final = timedelta(minutes=1)
# A transaction blocks all other writers: it must take less than 50 ms.
BATCH: Final = 50

Choose = Callable[[Rows, datetime, int], list[Notification]]


class StaleSweep:
    """Ends stale rows that no worker may start: blocked or held messages grow stale here (A3)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        policy: Callable[[], QueuePolicy],
        schedule: ScheduleAdjuster,
        wake: Callable[[], None],
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._policy, self._schedule, self._wake = policy, schedule, wake
        self._something_waits = asyncio.Event()
        bus.subscribe(NotificationQueued, self._moved)
        bus.subscribe(NotificationChanged, self._moved)

    async def run(self) -> None:
        """Sweep once a minute while a row can grow stale, until cancelled."""
        while True:
            self._something_waits.clear()
            waits = await run_with_retries(self.sweep, self._clock)
            await (self._clock.sleep(_EVERY) if waits else self._something_waits.wait())

    async def sweep(self) -> bool:
        """Sweep by the clock as it is now; return whether rows remain that can grow stale."""
        await self._schedule.follow_clock()
        at = self._clock.now()

        def look(rows: Rows) -> tuple[list[Choose], bool]:
            acts: list[Choose] = [self._suppress_stale, self._give_up_stale]
            return [act for act in acts if act(rows, at, 1)], rows.aging.grows_stale()

        needed, something_waits = await self._store.read(look)
        for choose in needed:
            swept = BATCH
            while swept == BATCH:
                swept = await self._sweep_batch(choose, at)
        return something_waits

    async def _sweep_batch(self, choose: Choose, at: datetime) -> int:
        def work(rows: Rows) -> list[Notification]:
            swept = choose(rows, at, BATCH)
            for row in swept:
                rows.notifications.save(row)
            return swept

        swept = await self._store.transact(work)
        self._bus.publish(*(NotificationChanged(row) for row in swept if row.state is not State.IN_DOUBT))
        self._wake()
        return len(swept)

    def _suppress_stale(self, rows: Rows, at: datetime, limit: int) -> list[Notification]:
        stale = rows.aging.stale_pending(self._policy().fresh_since(at), at, limit)
        return [row.suppressed(Suppression.STALE, at) for row in stale]

    def _give_up_stale(self, rows: Rows, at: datetime, limit: int) -> list[Notification]:
        return [given_up(row, at) for row in rows.aging.stale_doubts(self._policy().fresh_since(at), limit)]

    def _moved(self, event: NotificationQueued | NotificationChanged) -> None:
        if event.notification.state in {State.PENDING, State.IN_DOUBT}:
            self._something_waits.set()
