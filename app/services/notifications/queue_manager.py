"""Facade of the notification queue: enqueue, process, retry, settle, cancel, pause, statistics."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.delivery_stats import QueueStats
from app.domain.errors import (
    AlreadySentError,
    InvalidPhoneError,
    NotAllowedNowError,
    SupersededError,
    UnknownNotificationError,
)
from app.domain.events import NotificationChanged, NotificationQueued
from app.domain.identifiers import NotificationId, SessionId
from app.domain.lid import Address
from app.domain.notification import Notification, State
from app.domain.queue_policy import QueuePolicy
from app.domain.stage_policy import is_finished
from app.ports.clock import Clock
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.ports.vault import Vault
from app.services.event_bus import EventBus
from app.services.notifications.contact_history import record_sent
from app.services.notifications.enqueue import enqueue
from app.services.notifications.readdressing import current_phone, readdressed_copy
from app.services.notifications.records import EnqueueResult, ProcessResult, QueuedNotification
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.suppression import (
    is_independent_of_order,
    is_superseded,
    raise_if_opted_out,
    raise_if_order_ended,
    supersede_earlier_stages,
)
from app.services.notifications.worker_pool import WorkerPool

_HOUR = timedelta(hours=1)
# A transaction blocks all other writers: it must take less than 50 ms.
BATCH = 10


class NotificationQueueManager:
    """The design's queue manager; each act is on disk before it returns, and published after the commit."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        bus: EventBus,
        clock: Clock,
        senders: SenderAssignment,
        policy: Callable[[], QueuePolicy],
        phone_numbers: PhoneNumbers,
        workers: WorkerPool,
    ) -> None:
        self._store, self._vault, self._bus, self._clock = store, vault, bus, clock
        self._assignment, self._policy, self._phone_numbers = senders, policy, phone_numbers
        self._workers = workers

    @property
    def paused(self) -> bool:
        """Whether the workers begin no attempt because a person paused the queue."""
        return self._workers.pause.on

    async def restore(self) -> None:
        """Restore the pause that was in force when the program ended."""
        await self._workers.pause.restore()

    async def enqueue(self, queued: QueuedNotification, *, by_person: bool = True) -> EnqueueResult:
        """Queue one message; idempotent: the same message again changes no row (A2)."""
        enqueued = await self._store.transact(
            lambda rows: self.enqueue_within(rows, queued, by_person=by_person)
        )
        self.publish_enqueued(enqueued)
        return enqueued

    def enqueue_within(self, rows: Rows, queued: QueuedNotification, *, by_person: bool) -> EnqueueResult:
        """`enqueue` inside the caller's transaction; the caller publishes the result after the commit."""
        queued = self._assignment.assign(rows, queued)
        return enqueue(rows, self._vault, queued, self._clock.now(), by_person=by_person)

    def sender_of(self, rows: Rows, phone: Address) -> SessionId:
        """Return the shop's number that writes to this customer, inside the caller's transaction."""
        return self._assignment.sender_of(rows, phone)

    def publish_enqueued(self, enqueued: EnqueueResult, *, by_click: bool = False) -> None:
        """Publish a new message and the ones it superseded, and wake the workers."""
        if enqueued.is_new:
            self._bus.publish(NotificationQueued(enqueued.notification, by_click))
            self._bus.publish(*(NotificationChanged(row) for row in enqueued.superseded))
            self.wake()

    def wake(self) -> None:
        """Make the workers look for due messages now."""
        self._workers.wake()

    async def process_pending_notifications(self, session_id: SessionId | None = None) -> list[ProcessResult]:
        """Take one turn of this session's worker, or of each worker; the loops of the workers end up here."""
        return await self._workers.turn(session_id)

    async def retry_failed_notifications(self) -> int:
        """Retry the dead letters that are still relevant, from their first attempt on; return their number.

        In batches, latest first: of an order's failed stages only the last is still relevant.
        """
        at, below, retried = self._clock.now(), None, 0
        while True:

            def work(rows: Rows, below: int | None = below) -> tuple[list[Notification], int | None]:
                failed = rows.aging.failed_since(self._policy().fresh_since(at), BATCH, below)
                news = (row for row in failed if _is_news(rows, row))
                changed = [each for row in news for each in self._retried_if_possible(rows, row, at)]
                return sorted(changed, key=lambda row: row.seq), failed[-1].seq if failed else None

            changed, below = await self._store.transact(work)
            if below is None:
                return retried
            self._publish_changes(changed)
            retried += sum(row.state is State.PENDING for row in changed)

    async def retry(self, notification_id: NotificationId) -> Notification:
        """Retry one failed message from its first attempt on; raises RefusalError for others and outdated ones.

        If its order has another number by now, a new message to that number takes its place.
        """
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            row = _known(rows, notification_id)
            if row.state is not State.FAILED or row.is_erased:
                raise NotAllowedNowError(state=row.state)
            if is_superseded(rows, row):
                raise SupersededError
            raise_if_order_ended(rows, row)
            raise_if_opted_out(rows, current_phone(rows, self._phone_numbers, row))
            return self._retried(rows, row, at)

        return (await self._change(work))[0]

    def _retried_if_possible(self, rows: Rows, row: Notification, at: datetime) -> list[Notification]:
        """Retry the row; leave it failed if its order has no valid number any more."""
        try:
            return self._retried(rows, row, at)
        except InvalidPhoneError:
            return []

    def _retried(self, rows: Rows, row: Notification, at: datetime) -> list[Notification]:
        """Return the retried row or its readdressed copy first, then the other changed rows."""
        phone = current_phone(rows, self._phone_numbers, row)
        if phone == row.phone:
            return _again_from_start(rows, row, at)
        return self._readdress(rows, row, phone, at)

    def _sent_again(self, rows: Rows, row: Notification, at: datetime) -> list[Notification]:
        phone = current_phone(rows, self._phone_numbers, row)
        if phone != row.phone:
            return self._readdress(rows, row, phone, at)
        again = _again(row, at)
        rows.notifications.save(again)
        return [again]

    def _readdress(self, rows: Rows, row: Notification, phone: Address, at: datetime) -> list[Notification]:
        cancelled, enqueued = self.readdress(rows, row, phone, at)
        return [enqueued.notification, cancelled, *enqueued.superseded]

    def readdress(
        self, rows: Rows, row: Notification, phone: Address, at: datetime
    ) -> tuple[Notification, EnqueueResult]:
        """Cancel a message that may have left and queue a copy to another number.

        Runs inside the caller's transaction.
        """
        # First: a text that may not be sent any more is refused before a row has changed.
        enqueued = self.enqueue_within(rows, readdressed_copy(rows, row, phone, at), by_person=False)
        cancelled = row.cancelled(at)
        rows.notifications.save(cancelled)
        return cancelled, enqueued

    async def undo(self, notification_id: NotificationId) -> Notification:
        """Undo a click; raises AlreadySentError when it is too late. The order keeps its status (Q7)."""
        try:
            return await self._withdraw(notification_id, frozenset({State.PENDING}))
        except NotAllowedNowError:
            raise AlreadySentError from None

    async def settle_doubt(self, notification_id: NotificationId, *, arrived: bool) -> Notification:
        """Settle a doubt by a person's word: it has arrived, or goes out again under the same id (Q4).

        If its order has another number by now, it goes there as a new message.
        """
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            row = _known(rows, notification_id)
            if row.state is not State.IN_DOUBT:
                raise NotAllowedNowError(state=row.state)
            if not arrived:
                raise_if_order_ended(rows, row)
                return self._sent_again(rows, row, at)
            settled = _arrived(row, at)
            rows.notifications.save(settled)
            record_sent(rows, settled)
            return [settled]

        return (await self._change(work))[0]

    async def cancel(self, notification_id: NotificationId) -> Notification:
        """Cancel a message that has not left, or a doubtful one; raises NotAllowedNowError for others."""
        return await self._withdraw(notification_id, frozenset({State.PENDING, State.IN_DOUBT}))

    async def _withdraw(self, notification_id: NotificationId, states: frozenset[State]) -> Notification:
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            row = _known(rows, notification_id)
            if row.state not in states or row.lease is not None:
                raise NotAllowedNowError(state=row.state)
            cancelled = row.cancelled(at)
            rows.notifications.save(cancelled)
            return [cancelled]

        return (await self._change(work))[0]

    async def pause(self) -> None:
        """Let no worker begin an attempt until `resume`; a pause outlives the program."""
        await self._workers.pause.turn(on=True)

    async def resume(self) -> None:
        """End the pause and wake the workers."""
        await self._workers.pause.turn(on=False)
        self.wake()

    async def get_queue_stats(self) -> QueueStats:
        """Return a snapshot of the counts by state and session, read on the screens' reader."""
        now = self._clock.now()

        def work(rows: Rows) -> QueueStats:
            by_session = rows.notifications.counts()
            since = rows.notifications.oldest_waiting_since()
            total = {state: sum(c.get(state, 0) for c in by_session.values()) for state in State}
            return QueueStats(
                by_state=total,
                by_session=by_session,
                oldest_waiting=now - since if since else None,
                sent_last_hour=rows.notifications.sent_since(now - _HOUR),
                paused=self.paused,
            )

        return await self._store.read_for_screen(work)

    async def _change(self, work: Callable[[Rows], list[Notification]]) -> list[Notification]:
        changed = await self._store.transact(work)
        self._publish_changes(changed)
        return changed

    def _publish_changes(self, changed: Sequence[Notification]) -> None:
        self._bus.publish(*(NotificationChanged(notification) for notification in changed))
        self.wake()


def _known(rows: Rows, notification_id: NotificationId) -> Notification:
    row = rows.notifications.get(notification_id)
    if row is None:
        raise UnknownNotificationError
    return row


def _is_news(rows: Rows, row: Notification) -> bool:
    """Whether a failed message is still relevant: the order is unfinished and no later stage supersedes it."""
    if row.is_erased or is_superseded(rows, row) or row.is_for_shop:
        return False
    order = rows.orders.get(row.order_id) if row.order_id is not None else None
    return order is None or is_independent_of_order(row) or not is_finished(order)


def _again_from_start(rows: Rows, row: Notification, at: datetime) -> list[Notification]:
    """Save the row as pending with no attempts; supersede earlier stages as at enqueueing (A3)."""
    again = replace(row.transitioned(State.PENDING, at), attempts=0, scheduled_at=at, stage_at=at)
    rows.notifications.save(again)
    return [again, *supersede_earlier_stages(rows, again, at)]


def _arrived(row: Notification, at: datetime) -> Notification:
    return replace(row.transitioned(State.SENT, at, reason="by_person"), sent_at=row.sending_at or at)


def _again(row: Notification, at: datetime) -> Notification:
    again = row.transitioned(State.PENDING, at)
    return replace(again, scheduled_at=at, stage_at=at, repeats=row.repeats + 1)
