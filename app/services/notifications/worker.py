"""Works through the queue: leases what is due, hands it over one by one, settles each with the next one's start."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.attempt import HOLDING, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.events import NotificationMoved
from app.domain.identifiers import NotificationId
from app.domain.lease import Lease, LeaseOwner
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications import settlement
from app.services.notifications.queue_policy import HOLD_PAUSE, LEASE_LENGTH, QueuePolicy
from app.services.notifications.records import ProcessResult
from app.services.notifications.withholding import kept_back

_log = logging.getLogger(__name__)

Deliver = Callable[[Notification], Awaitable[AttemptEnd]]
End = tuple[NotificationId, AttemptEnd]
_IDLE: Final = timedelta(minutes=1)


class Worker:
    """`deliver` takes one notification to WhatsApp; `ready` says whether trying makes sense now."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        owner: LeaseOwner,
        policy: QueuePolicy,
        deliver: Deliver,
        ready: Callable[[], bool],
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._owner, self._policy = str(owner), policy
        self._deliver, self._may_try = deliver, ready
        self._awake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._finishing = False

    def wake(self) -> None:
        """Something may have become due, or a hold may be over."""
        self._awake.set()

    async def finish(self) -> None:
        """Begin nothing more; return when the attempt in flight is settled."""
        self._finishing = True
        await self._idle.wait()

    def _ready(self) -> bool:
        return not self._finishing and self._may_try()

    async def run(self) -> None:
        """Turn after turn until cancelled."""
        while True:
            self._awake.clear()
            looked_at = self._clock.now()
            results = await self.turn() if self._ready() else []
            if not results:
                await self._clock.wait(self._awake, await self._until_due(looked_at))
            elif all(result.notification.state is State.PENDING for result in results):
                await self._clock.wait(self._awake, min(HOLD_PAUSE, await self._until_due(looked_at)))

    async def turn(self) -> list[ProcessResult]:
        """Lease what is due and attempt each; stops early where the fault is not a message's own."""
        self._idle.clear()
        try:
            return await self._attempt_due()
        finally:
            self._idle.set()

    async def _attempt_due(self) -> list[ProcessResult]:
        now = self._clock.now()
        lease = Lease(self._owner, now + LEASE_LENGTH)
        leased = await self._store.transact(
            lambda rows: rows.notifications.lease_due(lease, now, self._policy.batch_size)
        )
        results: list[ProcessResult] = []
        end: End | None = None
        for position, notification in enumerate(leased):
            if not self._ready():
                await self._release(leased[position:])
                break
            started = await self._settle_and_begin(end, notification.id, results)
            end = None
            if started is None:
                continue
            end = (started.id, await self._attempt(started))
            if _holds(end[1]):
                await self._release(leased[position + 1 :])
                break
        if end:
            await self._settle_and_begin(end, None, results)
        return results

    async def _attempt(self, notification: Notification) -> AttemptEnd:
        try:
            return await self._deliver(notification)
        except Exception:  # noqa: BLE001 - one of the three catch-alls: around one notification
            # Nobody can say how far it came; the doubt is settled like any other.
            _log.exception("attempt_failed", extra={"notification": str(notification.id)})
            return InDoubt("unexpected")

    async def _settle_and_begin(
        self, end: End | None, start: NotificationId | None, results: list[ProcessResult]
    ) -> Notification | None:
        """One commit for the end of one attempt and the beginning of the next."""
        at = self._clock.now()

        def work(rows: Rows) -> tuple[Notification | None, Notification | None]:
            return (
                self._settle(rows, end, at) if end else None,
                self._begin(rows, start, at) if start else None,
            )

        settled, started = await self._store.transact(work)
        ended = started is not None and started.state is not State.SENDING
        results.extend(ProcessResult(n) for n in (settled, started if ended else None) if n)
        self._bus.publish(*(NotificationMoved(n) for n in (settled, started) if n and n.changed_at == at))
        return None if ended else started

    def _settle(self, rows: Rows, end: End, at: datetime) -> Notification | None:
        current = rows.notifications.get(end[0])
        if current is None:
            return None
        settled = settlement.settled(current, end[1], self._policy.retry, at)
        if isinstance(end[1], InDoubt) and settled.state is State.IN_DOUBT:
            rows.numbers.suspect(settled.phone)
        settled = kept_back(rows, settled, at)
        if settled != current:
            rows.notifications.save(settled)
        return settled

    def _begin(self, rows: Rows, start: NotificationId, at: datetime) -> Notification | None:
        """The row may have been cancelled, its lease lost, or its customer gone, since it was leased."""
        current = rows.notifications.get(start)
        if current is None or current.state is not State.PENDING:
            return None
        if current.lease is None or current.lease.owner != self._owner or current.lease.until <= at:
            return None
        kept = kept_back(rows, current, at)
        started = kept if kept is not current else settlement.begun(current, at)
        rows.notifications.save(started)
        return started

    async def _release(self, leased: Sequence[Notification]) -> None:
        def work(rows: Rows) -> None:
            for notification in leased:
                current = rows.notifications.get(notification.id)
                if current and current.state is State.PENDING:
                    rows.notifications.save(replace(current, lease=None))

        if leased:
            await self._store.transact(work)

    async def _until_due(self, looked_at: datetime) -> timedelta:
        """Counted from before the turn, so that a row which became due during it is not slept through."""
        due = await self._store.read(lambda rows: rows.notifications.next_due_at(looked_at))
        return min(max(due - self._clock.now(), timedelta(0)), _IDLE) if due else _IDLE


def _holds(end: AttemptEnd) -> bool:
    return isinstance(end, InDoubt) or (
        isinstance(end, Rejected) and (end.kind in HOLDING or end.kind is RejectionKind.RATE_LIMITED)
    )
