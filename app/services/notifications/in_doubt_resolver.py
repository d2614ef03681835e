"""Resolver of doubtful messages after a reconnect: proven sent, repeated, or left to a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.events import NotificationChanged, OfflineQueueDrained
from app.domain.identifiers import NotificationId, SessionId
from app.domain.notification import Notification, State
from app.domain.queue_policy import EVIDENCE_TIME, MOST_REPEATS, QueuePolicy
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.background_tasks import BackgroundTasks, run_with_retries
from app.services.event_bus import EventBus
from app.services.notifications.rescuer import OWNER_DIED
from app.services.notifications.suppression import recheck

# Reasons that have ended the connection already: the next one is being opened, or is open by now.
_LINK_ENDED = frozenset({"socket_closed", "sidecar_gone", OWNER_DIED})


class InDoubtResolver:
    """Resolves the doubtful rows without a receipt; receipts settle the others (Q4)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        policy: Callable[[], QueuePolicy],
        wake: Callable[[], None],
        distrust: Callable[[SessionId], None],
        drained: Callable[[SessionId], int],
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._policy, self._wake = policy, wake
        self._distrust, self._drained_generation = distrust, drained
        self._tasks = BackgroundTasks()
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        """Follow the doubts and the connections until `stop`."""
        self._unsubscribe += [
            self._bus.subscribe(OfflineQueueDrained, self._on_offline_queue_drained),
            self._bus.subscribe(NotificationChanged, self._on_notification_changed),
        ]

    async def stop(self) -> None:
        """Settle no further doubt; the next start of the program does."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        await self._tasks.stop()

    def _on_offline_queue_drained(self, event: OfflineQueueDrained) -> None:
        self._tasks.start(self._resolve(event.session_id), "settle_doubts")

    def _on_notification_changed(self, event: NotificationChanged) -> None:
        """Renew the connection of a doubt that arose while it seemed open: only a new one brings evidence.

        A doubt saved late, after the next connection drained its offline queue, is resolved here.
        """
        row = event.notification
        if not _has_just_been_doubted(row):
            return
        if row.reason not in _LINK_ENDED:
            self._distrust(row.session_id)
        elif turn := self._drained_generation(row.session_id):
            self._tasks.start(self._resolve(row.session_id, turn), "settle_late_doubts")

    async def _resolve(self, session_id: SessionId, on_turn: int | None = None) -> None:
        """Resolve the doubts that exist now, after the time for evidence.

        With `on_turn` only if that connection still stands: the end of the one before may not be known yet.
        """

        def look(rows: Rows) -> dict[NotificationId, datetime | None]:
            return {row.id: row.doubted_at for row in rows.aging.open_doubts(session_id)}

        doubted = await run_with_retries(lambda: self._store.read(look), self._clock)
        if not doubted:
            return
        await self._clock.sleep(EVIDENCE_TIME)
        if on_turn is not None and on_turn != self._drained_generation(session_id):
            return

        def work(rows: Rows) -> list[Notification]:
            at = self._clock.now()
            waited = rows.aging.open_doubts(session_id)
            settled = [
                self._resolved(rows, row, at) for row in waited if doubted.get(row.id) == row.doubted_at
            ]
            for row in settled:
                rows.notifications.save(row)
            return settled

        # No other service settles these doubts before the next connection, so this retries until it succeeds.
        settled = await run_with_retries(lambda: self._store.transact(work), self._clock)
        moved = (row for row in settled if row.state is not State.IN_DOUBT)
        self._bus.publish(*(NotificationChanged(row) for row in moved))
        if settled:
            self._wake()

    def _resolved(self, rows: Rows, row: Notification, at: datetime) -> Notification:
        if self._may_repeat(row, at):
            return recheck(rows, _repeated(row, at), at)
        return given_up(row, at)

    def _may_repeat(self, row: Notification, at: datetime) -> bool:
        """Whether repeats are allowed, below the limit, and the message is not stale; else a person decides."""
        allowed = self._policy().repeats_doubts and row.repeats < MOST_REPEATS
        return allowed and not self._policy().is_stale_doubt(row, at)


def given_up(row: Notification, at: datetime) -> Notification:
    """Return the doubt left to evidence or a person; from now on it holds back no other message."""
    return replace(row, given_up_at=at)


def _repeated(row: Notification, at: datetime) -> Notification:
    return replace(row.transitioned(State.PENDING, at), scheduled_at=at, repeats=row.repeats + 1)


def _has_just_been_doubted(row: Notification) -> bool:
    """Whether this change began the doubt.

    One suppressed at once, by a later stage or an opt-out, says as much about the connection.
    """
    kept = row.state in {State.IN_DOUBT, State.SUPPRESSED} and row.given_up_at is None
    return kept and row.doubted_at is not None and row.doubted_at == row.changed_at
