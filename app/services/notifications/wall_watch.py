"""Notices when the PC's clock is set, and keeps what was to come as far away as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.events import NotificationMoved, NotificationQueued
from app.domain.identifiers import NotificationId
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.wall_drift import Drift, WallDrift

# Below this it is the ordinary trimming of a clock, which nobody notices.
_TRIMMING: Final = timedelta(seconds=1)
# A PC that slept shows as a clock set forward: as much is believed to have been sleep, the rest a mistake.
_LONGEST_SLEEP: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class _Promise:
    """A row that was written to be due at `scheduled_at` is due when the steady clock shows `due`."""

    scheduled_at: datetime
    due: timedelta

    def due_at(self, shown: datetime, steady: timedelta) -> datetime:
        """The moment it is due, as a wall clock that shows `shown` now will show it."""
        return shown + (self.due - steady)

    def is_kept(self, shown: datetime, steady: timedelta) -> bool:
        """Whether what was written still says so; what is due by both is due."""
        due_at = self.due_at(shown, steady)
        return max(due_at, self.scheduled_at) <= shown or abs(due_at - self.scheduled_at) < _TRIMMING


class WallWatch:
    """One per process; each worker looks before it works."""

    def __init__(self, store: Store, bus: EventBus, clock: Clock) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._drift = WallDrift(clock)
        self._slept = timedelta(0)
        self._promises: dict[NotificationId, _Promise] = {}
        bus.subscribe(NotificationQueued, self._queued)

    def waking(self) -> timedelta:
        """The steady clock: does not pass while the PC sleeps, and nobody can set it."""
        return self._clock.steady()

    def elapsed(self) -> timedelta:
        """The steady clock and, as far as it is believed, the PC's sleep: for what lasts a day."""
        return self._clock.steady() + self._slept

    def at(self, wait: timedelta) -> datetime:
        """`wait` from now, as the wall clock will show it."""
        return self._clock.now() + wait

    def promise(self, row: Notification, wait: timedelta) -> None:
        """It has just been written to be due after `wait`: so it shall be to the moment, whatever the clock shows."""
        self._promises[row.id] = _Promise(row.scheduled_at, self._clock.steady() + wait)

    def _queued(self, event: NotificationQueued) -> None:
        row = event.notification
        self.promise(row, max(row.scheduled_at - self._clock.now(), timedelta(0)))

    async def look(self) -> None:
        """If the clock was set, move the due times of what waits with it: neither at once nor a day late (X2)."""
        drift = self._drift.look()
        shown, steady = drift.shown, drift.steady
        if abs(drift.moved) >= _TRIMMING:
            self._slept += min(max(drift.moved, timedelta(0)), _LONGEST_SLEEP)
            await self._anchor(drift, dict(self._promises))
        elif not all(promise.is_kept(shown, steady) for promise in self._promises.values()):
            # Set and set back between two looks: what was written in between is a day off.
            await self._anchor(Drift(shown, shown, steady), dict(self._promises))
        self._promises = {id_: kept for id_, kept in self._promises.items() if kept.due > steady}

    async def start(self) -> None:
        """What was written in a future that the clock has since left is due as long from now as it was then."""
        shown = self._clock.now()
        await self._anchor(Drift(shown, shown, self._clock.steady()), {})

    async def _anchor(self, drift: Drift, promises: Mapping[NotificationId, _Promise]) -> None:
        def work(rows: Rows) -> list[Notification]:
            moved = [
                _moved(row, drift, promises.get(row.id)) for row in rows.notifications.in_state(State.PENDING)
            ]
            changed = [row for row in moved if row]
            for row in changed:
                rows.notifications.save(row)
            return changed

        changed = await self._store.transact(work)
        for row in changed:
            if kept := self._promises.get(row.id):
                self._promises[row.id] = replace(kept, scheduled_at=row.scheduled_at)
        self._bus.publish(*(NotificationMoved(row) for row in changed))


def _moved(row: Notification, shift: Drift, promise: _Promise | None) -> Notification | None:
    """The row with its due time moved; None where it is due already or was written by the clock as it is now."""
    written = row.changed_at or row.created_at
    if promise and promise.scheduled_at == row.scheduled_at:
        if promise.is_kept(shift.shown, shift.steady):
            return None
        due_at = promise.due_at(shift.shown, shift.steady)
        return replace(row, scheduled_at=due_at, changed_at=written + (due_at - row.scheduled_at))
    if row.scheduled_at <= min(shift.expected, shift.shown):
        return None
    if shift.shown > shift.expected:
        by_old_clock, by = written <= shift.expected, shift.shown - shift.expected
    elif shift.shown < shift.expected:
        by_old_clock, by = written > shift.shown, shift.shown - shift.expected
    else:
        by_old_clock, by = written > shift.shown, shift.shown - written
    if not by_old_clock:
        return None
    return replace(row, scheduled_at=row.scheduled_at + by, changed_at=written + by)
