"""Settles what is in doubt once the connection is back: sent after all, once more, or a person's to decide."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.events import NotificationMoved, OfflineQueueDrained
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.lifecycle import Tasks
from app.services.notifications.queue_policy import EVIDENCE_TIME, MOST_REPEATS


class Doubts:
    """Receipts move a doubtful row by themselves; here is what happens to those that got none (Q4)."""

    def __init__(
        self, store: Store, bus: EventBus, clock: Clock, tasks: Tasks, wake: Callable[[], None]
    ) -> None:
        self._store, self._bus, self._clock, self._tasks = store, bus, clock, tasks
        self._wake = wake
        bus.subscribe(OfflineQueueDrained, self._drained)

    def _drained(self, event: OfflineQueueDrained) -> None:
        self._tasks.start(self._settle(event.session_id), "settle_doubts")

    async def _settle(self, session_id: SessionId) -> None:
        doubted = {row.id for row in await self._store.read(lambda rows: _doubtful(rows, session_id))}
        if not doubted:
            return
        await self._clock.sleep(EVIDENCE_TIME)
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            again = [
                replace(row.moved(State.PENDING, at), scheduled_at=at, repeats=row.repeats + 1)
                for row in _doubtful(rows, session_id)
                if row.id in doubted and row.repeats < MOST_REPEATS
            ]
            for row in again:
                rows.notifications.save(row)
            return again

        again = await self._store.transact(work)
        self._bus.publish(*(NotificationMoved(notification) for notification in again))
        if again:
            self._wake()


def _doubtful(rows: Rows, session_id: SessionId) -> list[Notification]:
    return [row for row in rows.notifications.in_state(State.IN_DOUBT) if row.session_id == session_id]
