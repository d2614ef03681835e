"""Settles what is in doubt once the connection is back: sent after all, once more, or a person's to decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.announcement import is_stale
from app.domain.events import NotificationMoved, OfflineQueueDrained
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.lifecycle import Tasks
from app.services.notifications.forgone import forgone
from app.services.notifications.queue_policy import EVIDENCE_TIME, MOST_REPEATS, QueuePolicy
from app.services.notifications.rescuer import OWNER_DIED

# What put it in doubt has ended the connection already; the next one is on its way, or has come meanwhile.
_LINK_ENDED = frozenset({"socket_closed", "sidecar_gone", OWNER_DIED})


class Doubts:
    """Receipts move a doubtful row by themselves; here is what happens to those that got none (Q4)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        policy: QueuePolicy,
        wake: Callable[[], None],
        distrust: Callable[[SessionId], None],
        drained: Callable[[SessionId], int],
    ) -> None:
        self._store, self._bus, self._clock, self._tasks = store, bus, clock, tasks
        self._policy, self._wake = policy, wake
        self._distrust, self._turn_drained = distrust, drained
        bus.subscribe(OfflineQueueDrained, self._drained)
        bus.subscribe(NotificationMoved, self._moved)

    def _drained(self, event: OfflineQueueDrained) -> None:
        self._tasks.start(self._settle(event.session_id), "settle_doubts")

    def _moved(self, event: NotificationMoved) -> None:
        """A doubt on a connection that seems open: that connection is not to be trusted, and only a new one tells.

        Where the next one has told already, because the doubt was written down late, nobody else settles it.
        """
        row = event.notification
        if not _has_just_been_doubted(row):
            return
        if row.reason not in _LINK_ENDED:
            self._distrust(row.session_id)
        elif turn := self._turn_drained(row.session_id):
            self._tasks.start(self._settle(row.session_id, turn), "settle_late_doubts")

    async def _settle(self, session_id: SessionId, on_turn: int | None = None) -> None:
        """With `on_turn` only if that connection still stands: the end of the one before may not be known yet."""
        doubted = await self._store.read(
            lambda rows: {r.id: r.doubted_at for r in _doubtful(rows, session_id)}
        )
        if not doubted:
            return
        await self._clock.sleep(EVIDENCE_TIME)
        if on_turn is not None and on_turn != self._turn_drained(session_id):
            return
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            again = [
                forgone(rows, _repeated(row, at), at)
                for row in _doubtful(rows, session_id)
                if doubted.get(row.id) == row.doubted_at and self._may_repeat(row, at)
            ]
            for row in again:
                rows.notifications.save(row)
            return again

        again = await self._store.transact(work)
        self._bus.publish(*(NotificationMoved(notification) for notification in again))
        if again:
            self._wake()

    def _may_repeat(self, row: Notification, at: datetime) -> bool:
        """Not for ever, not against the shop's wish, and not when it would be old news: then a person decides."""
        if not self._policy.repeats_doubts or row.repeats >= MOST_REPEATS:
            return False
        return row.stage_at is None or not is_stale(row.stage_at, self._policy.situation(at))


def _repeated(row: Notification, at: datetime) -> Notification:
    return replace(row.moved(State.PENDING, at), scheduled_at=at, repeats=row.repeats + 1)


def _has_just_been_doubted(row: Notification) -> bool:
    """One that was kept back at once, for a later stage or an opt-out, tells as much about the connection."""
    kept = row.state in {State.IN_DOUBT, State.SUPPRESSED}
    return kept and row.doubted_at is not None and row.doubted_at == row.changed_at


def _doubtful(rows: Rows, session_id: SessionId) -> list[Notification]:
    return [row for row in rows.notifications.in_state(State.IN_DOUBT) if row.session_id == session_id]
