"""Rescuer of rows that a dead process left leased."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.events import NotificationChanged
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.settlement import abort_attempt
from app.services.notifications.suppression import recheck

OWNER_DIED = "owner_died"


class Rescuer:
    """Releases leases of dead processes; `owner_alive` tells whether a lease's very process still runs (Q5)."""

    def __init__(self, store: Store, bus: EventBus, clock: Clock, owner_alive: Callable[[str], bool]) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._owner_alive = owner_alive

    async def rescue(self) -> Sequence[Notification]:
        """Release the leases of dead owners; rows they were writing to WhatsApp become doubtful."""
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            return [
                release_lease(rows, row, at, OWNER_DIED)
                for row in rows.notifications.leased()
                if self._orphaned(row)
            ]

        rescued = await self._store.transact(work)
        self._bus.publish(*(NotificationChanged(notification) for notification in rescued))
        return rescued

    def _orphaned(self, notification: Notification) -> bool:
        return notification.lease is None or not self._owner_alive(notification.lease.owner)


def release_lease(rows: Rows, notification: Notification, at: datetime, reason: str) -> Notification:
    """Save the row without its lease, rechecked; one that was being written to WhatsApp becomes doubtful."""
    free = replace(notification, lease=None)
    if notification.state is State.SENDING:
        free = abort_attempt(notification, at, reason)
    if free.state is State.IN_DOUBT:
        # The bytes may have left before the ratchet was stored: the next message needs a fresh one.
        rows.numbers.suspect(notification.phone, notification.session_id)
    free = recheck(rows, free, at)
    rows.notifications.save(free)
    return free
