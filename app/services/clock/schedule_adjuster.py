"""Shifts the stored moments when the PC's clock is set.

So no row ages, or waits longer, because of it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from app.domain.errors import CocoLokoError
from app.domain.events import Event, NotificationChanged, OrderChanged
from app.domain.identifiers import NotificationId, OrderId
from app.domain.notification import Notification, State
from app.ports.store import Rows, Store
from app.ports.timestamps import ClockStep
from app.services.clock.clock_epoch import ClockEpoch, kept_epoch
from app.services.clock.stepped_clock import SteppedClock
from app.services.clock.trusted_time import TrustedTime
from app.services.event_bus import EventBus

K = TypeVar("K")

_log = logging.getLogger(__name__)

# A smaller difference is the ordinary trimming of a clock, not noticed by people.
_TRIMMING: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
# A wrong time zone, set right by hand, puts a clock off by hours; more than a day is a mistake.
_BELIEVED: Final = timedelta(days=1)
_BATCH: Final = 200
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


class ScheduleAdjuster:
    """Single adjuster of the process; each worker calls `follow_clock` before each turn."""

    def __init__(self, store: Store, bus: EventBus, clock: SteppedClock, boot: str = "-") -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self.trusted = TrustedTime(clock)
        self._epoch = ClockEpoch(boot, clock.at_boot, clock.now())
        self._one_look = asyncio.Lock()
        self._unaligned = False
        """Whether rows of an earlier start must still be compared with WhatsApp's time."""
        self._pulls_back = False
        self._remaining: list[_ShiftBatch] = []
        """Batches still to be shifted; finished rows are not urgent."""

    def waking(self) -> timedelta:
        """Return the monotonic time without the PC's sleep; no setting of a clock changes it."""
        return self._clock.steady()

    def elapsed(self) -> timedelta:
        """Return the monotonic time including the PC's sleep, for limits of a day."""
        return self._clock.elapsed()

    def at(self, wait: timedelta) -> datetime:
        """Return the moment `wait` from now on our clock, at most the year 9000.

        A server may name any moment; later ones would overflow `datetime`.
        """
        now = self._clock.now()
        return now + min(wait, max(_LATEST - now, timedelta(0)))

    async def start(self) -> None:
        """Restore the time that an earlier run saved."""
        await self._store.read(self._resume)
        # Once WhatsApp has reported the time, the next login gives the true age of each row.
        self._pulls_back = not self.trusted.proven
        await self.follow_clock()
        await self.save_time()

    def _resume(self, rows: Rows) -> None:
        elapsed = self._clock.elapsed()
        epoch = kept_epoch(rows, self._epoch.boot, elapsed)
        self.trusted.resume(rows, elapsed - epoch.kept if epoch else None)
        if epoch:
            self._epoch = epoch
            self._clock.step_to(epoch.at_boot)

    async def run(self) -> None:
        """Check the clock each minute and save the time each hour, until cancelled."""
        kept = self._clock.elapsed()
        while True:
            await self._clock.sleep(_MINUTE)
            await self._run_logged(self.follow_clock)
            if self._clock.elapsed() - kept >= _HOUR and await self._run_logged(self.save_time):
                kept = self._clock.elapsed()

    async def follow_clock(self) -> None:
        """Follow a setting of the PC's clock and shift the stored moments with it."""
        async with self._one_look:
            if self.trusted.compare(self._clock.system_now):
                await self.save_time()
            # Before another step, which would not find the rows that the last one has not shifted yet.
            await self._shift_remaining()
            by = self._correct_time() - self._clock.now()
            if abs(by) >= _TRIMMING:
                await self._step(by)
            if self._unaligned:
                await self._align()
            await self._shift_remaining()
            if self._pulls_back:
                await self._pull_back()

    async def record_server_time(self, at: datetime) -> None:
        """Record the time that WhatsApp reported; it replaces the PC's where that is off by days."""
        self._unaligned = self._unaligned or (self.trusted.proven and not self.trusted.heard)
        self.trusted.hear(at)
        if await self._run_logged(self.follow_clock):
            self._measure_skew()
            await self._run_logged(self.save_time)

    async def _run_logged(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Run one check and log a database that refuses; the next check repeats it, at each turn of a worker."""
        try:
            await work()
        except CocoLokoError as error:
            _log.warning("clock_not_looked_at", extra={"code": error.code})
            return False
        return True

    async def save_time(self) -> None:
        """Save the lower bound of the true time."""
        await self._store.transact(self._save_time_in)

    def _save_time_in(self, rows: Rows) -> None:
        self.trusted.keep(rows)
        self._epoch.keep(rows, self._clock.elapsed())

    def _correct_time(self) -> datetime:
        """Return the PC's time, corrected where it is certainly off by days."""
        shown, sure = self._clock.system_now, self.trusted.now()
        if self.trusted.heard:
            return shown if abs(shown - sure) <= _BELIEVED else sure
        corrected = shown - self.trusted.ahead
        if abs(self.trusted.ahead) > _BELIEVED and corrected >= sure - _MINUTE:
            # As wrong as before the reboot; a clock put right meanwhile would now be long before the lower bound.
            return corrected
        behind = self.trusted.proven and shown < sure - _BELIEVED
        # Later than any row that an earlier start wrote after it last saved the time.
        return sure + _HOUR + _MINUTE if behind else shown

    async def _step(self, by: timedelta) -> None:
        """Step the clock and shift waiting rows together, or neither.

        If the database refuses, both stay as they were for the next check.
        """
        before, now = self._epoch, self._clock.now()
        _log.warning("clock_set", extra={"seconds": round(by.total_seconds())})
        # After a trimmed clock there is no need to shift a month of finished rows by a second.
        since = before.began if abs(by) >= _MINUTE else max(before.began, now - _HOUR)
        self._use_epoch(replace(before, at_boot=before.at_boot + by, began=before.began + by))
        try:
            await self._shift(ClockStep(since, now, by))
        except BaseException:
            self._use_epoch(before)
            raise

    def _use_epoch(self, epoch: ClockEpoch) -> None:
        self._epoch = epoch
        self._clock.step_to(epoch.at_boot)
        self._measure_skew()

    def _measure_skew(self) -> None:
        """Measure the skew, but only once rows are aligned by the previous one: a kill in between would lose that."""
        if self.trusted.heard and not self._unaligned:
            self.trusted.measure_skew()

    async def _shift(self, step: ClockStep) -> None:
        def work(rows: Rows) -> tuple[list[Event], list[_ShiftBatch]]:
            self._save_time_in(rows)
            notifications = _batches(rows.timestamps.notifications(step))
            portions = [_ShiftBatch(step, notifications=ids) for ids in notifications]
            portions += [_ShiftBatch(step, orders=ids) for ids in _batches(rows.timestamps.orders(step))]
            return portions[0].shift(rows) if portions else [], portions[1:]

        events, left = await self._store.transact(work)
        self._remaining += left
        self._bus.publish(*events)

    async def _align(self) -> None:
        """Give rows that waited while the program was closed their true age: the clock may have been set meanwhile."""
        by = self._clock.now() - self.trusted.now() - self.trusted.skew
        step, began, now = ClockStep(_EARLIEST, _LATEST, by), self._epoch.began, self._clock.now()

        def work(rows: Rows) -> list[_ShiftBatch]:
            ids = rows.timestamps.unfinished_outside(began, now)
            return [_ShiftBatch(step, notifications=some) for some in _batches(ids)]

        if abs(by) >= _MINUTE:
            self._remaining += await self._store.transact(work)
        self._unaligned, self._pulls_back = False, True

    async def _shift_remaining(self) -> None:
        while self._remaining:
            self._bus.publish(*await self._store.transact(self._remaining[0].shift))
            del self._remaining[0]

    async def _pull_back(self) -> None:
        """Date rows from the future as written just now.

        A wrong clock dated them; each stays due as long from now as it was from its own date.
        """
        while moved := await self._store.transact(self._pull_back_batch):
            self._bus.publish(*map(NotificationChanged, moved))
        self._pulls_back = False

    def _pull_back_batch(self, rows: Rows) -> list[Notification]:
        now = self._clock.now()
        future = rows.aging.pending_written_after(now, _BATCH)
        drawn = [_earlier(row, _written(row) - now) for row in future]
        for row in drawn:
            rows.notifications.save(row)
        return drawn


@dataclass(frozen=True, slots=True)
class _ShiftBatch:
    """Part of a step that one transaction shifts."""

    step: ClockStep
    notifications: Sequence[NotificationId] = ()
    orders: Sequence[OrderId] = ()

    def shift(self, rows: Rows) -> list[Event]:
        rows.timestamps.shift_notifications(self.notifications, self.step)
        rows.timestamps.shift_orders(self.orders, self.step)
        moved = [row for id_ in self.notifications if (row := rows.notifications.get(id_))]
        # A subscriber would take a finished row, or one in doubt, for a new change.
        waiting = [NotificationChanged(row) for row in moved if row.state is State.PENDING]
        return [*waiting, *map(OrderChanged, rows.orders.page(self.orders))]


def _batches(ids: Sequence[K]) -> list[Sequence[K]]:
    """Split into batches: a transaction blocks all others and has to take less than 50 ms."""
    return [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]


def _written(row: Notification) -> datetime:
    return row.changed_at or row.created_at


def _earlier(row: Notification, by: timedelta) -> Notification:
    return replace(
        row,
        scheduled_at=row.scheduled_at - by,
        changed_at=_written(row) - by,
        stage_at=row.stage_at and row.stage_at - by,
    )
