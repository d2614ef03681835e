"""Settles what is in doubt once the connection is back: sent after all, once more, or given up to a person."""

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

# What put it in doubt has ended the connection already; the next one is on its way, or has come meanwhile.
_LINK_ENDED = frozenset({"socket_closed", "sidecar_gone", OWNER_DIED})


class InDoubtResolver:
    """Receipts move a doubtful row by themselves; here is what happens to those that got none (Q4)."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        policy: QueuePolicy,
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
        """A doubt on a connection that seems open: that connection is not to be trusted, and only a new one tells.

        Where the next one has told already, because the doubt was written down late, nobody else settles it.
        """
        row = event.notification
        if not _has_just_been_doubted(row):
            return
        if row.reason not in _LINK_ENDED:
            self._distrust(row.session_id)
        elif turn := self._drained_generation(row.session_id):
            self._tasks.start(self._resolve(row.session_id, turn), "settle_late_doubts")

    async def _resolve(self, session_id: SessionId, on_turn: int | None = None) -> None:
        """With `on_turn` only if that connection still stands: the end of the one before may not be known yet."""

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

        # Nothing else would settle these doubts before the next connection.
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
        """Not for ever, not against the shop's wish, and not when it would be old news: then a person decides."""
        allowed = self._policy.repeats_doubts and row.repeats < MOST_REPEATS
        return allowed and not self._policy.is_stale_doubt(row, at)


def given_up(row: Notification, at: datetime) -> Notification:
    """The doubt left to evidence and to a person; from now on it holds back no message."""
    return replace(row, given_up_at=at)


def _repeated(row: Notification, at: datetime) -> Notification:
    return replace(row.transitioned(State.PENDING, at), scheduled_at=at, repeats=row.repeats + 1)


def _has_just_been_doubted(row: Notification) -> bool:
    """One that was kept back at once, for a later stage or an opt-out, tells as much about the connection."""
    kept = row.state in {State.IN_DOUBT, State.SUPPRESSED} and row.given_up_at is None
    return kept and row.doubted_at is not None and row.doubted_at == row.changed_at
