"""Works through a session's queue: leases what is due, attempts each, settles it together with the next one's start."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.attempt import HOLDING, AttemptEnd, InDoubt, Rejected
from app.domain.contact import is_cold
from app.domain.events import NotificationMoved, PaceChanged
from app.domain.identifiers import NotificationId
from app.domain.lease import Lease, LeaseOwner
from app.domain.notification import Notification, State
from app.domain.pacing import Eligibility
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications import settlement
from app.services.notifications.acquaintance import note_told
from app.services.notifications.pace import Pace
from app.services.notifications.queue_policy import HOLD_PAUSE, LEASE_LENGTH, QueuePolicy
from app.services.notifications.records import ProcessResult
from app.services.notifications.restraint import Restraint, keep_restraint

_log = logging.getLogger(__name__)

Deliver = Callable[[Notification], Awaitable[AttemptEnd]]
_IDLE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A notification on its way; `cold` where it is the first word to its customer."""

    notification: Notification
    cold: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended and what that taught the pace, both still to be written down."""

    id: NotificationId
    end: AttemptEnd
    restraint: Restraint | None


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
        pace: Pace,
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._owner, self._policy = str(owner), policy
        self._deliver, self._may_try = deliver, ready
        self._pace = pace
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
        await self._pace.look()
        leased = await self._lease_due()
        results: list[ProcessResult] = []
        end: Ended | None = None
        for position, notification in enumerate(leased):
            if not self._ready():
                await self._release(leased[position:])
                break
            started = await self._settle_and_begin(end, notification.id, results)
            end = None
            if started is None:
                continue
            end = await self._attempt(started)
            if _holds(end.end):
                await self._release(leased[position + 1 :])
                break
        if end:
            await self._settle_and_begin(end, None, results)
        return results

    async def _lease_due(self) -> Sequence[Notification]:
        """Nothing while the pace of the session holds everything."""
        room, eligible = self._pace.room(self._policy.batch_size), self._pace.eligible()
        if not room:
            return ()
        now = self._clock.now()
        lease = Lease(self._owner, now + LEASE_LENGTH)
        return await self._store.transact(
            lambda rows: rows.notifications.lease_due(lease, now, room, eligible)
        )

    async def _attempt(self, begun: Begun) -> Ended:
        notification = begun.notification
        self._pace.begun()
        end = await self._delivered(notification)
        restraint = self._pace.ended(notification.phone, end, cold=begun.cold)
        return Ended(notification.id, end, restraint)

    async def _delivered(self, notification: Notification) -> AttemptEnd:
        try:
            return await self._deliver(notification)
        except Exception:  # noqa: BLE001 - one of the three catch-alls: around one notification
            # Nobody can say how far it came; the doubt is settled like any other.
            _log.exception("attempt_failed", extra={"notification": str(notification.id)})
            return InDoubt("unexpected")

    async def _settle_and_begin(
        self, end: Ended | None, start: NotificationId | None, results: list[ProcessResult]
    ) -> Begun | None:
        """One commit for the end of one attempt and the beginning of the next."""
        at = self._clock.now()

        eligible = self._pace.eligible()

        def work(rows: Rows) -> tuple[Notification | None, Begun | None]:
            return (
                self._settle(rows, end, at) if end else None,
                self._begin_if_eligible(rows, start, eligible, at) if start else None,
            )

        settled, begun = await self._store.transact(work)
        if settled:
            results.append(ProcessResult(settled))
            if settled.state is State.PENDING and settled.scheduled_at > at:
                self._pace.promise(settled, settled.scheduled_at - at)
        started = begun.notification if begun else None
        self._bus.publish(*(NotificationMoved(n) for n in (settled, started) if n and n.changed_at == at))
        if end and end.restraint:
            self._bus.publish(PaceChanged(self._pace.gauge()))
        return begun if started and started.state is State.SENDING else None

    def _settle(self, rows: Rows, ended: Ended, at: datetime) -> Notification | None:
        if ended.restraint:
            keep_restraint(rows, self._pace.session_id, ended.restraint)
        current = rows.notifications.get(ended.id)
        if current is None:
            return None
        settled = settlement.settled(current, ended.end, self._policy.retry, at)
        if isinstance(ended.end, InDoubt) and settled.state is State.IN_DOUBT:
            rows.numbers.suspect(settled.phone, settled.session_id)
        if settled.sent_at:
            note_told(rows, settled)
        if settled != current:
            rows.notifications.save(settled)
        return settled

    def _begin_if_eligible(
        self, rows: Rows, start: NotificationId, eligible: Eligibility, at: datetime
    ) -> Begun | None:
        """What was leased together may have been held back by how an earlier one of it ended."""
        row = rows.notifications.get(start)
        if row is None:
            return None
        cold = is_cold(rows.contacts.get(row.phone), row.session_id)
        if eligible.admits(row.phone, cold=cold):
            started = self._begin(rows, start, at)
            return Begun(started, cold) if started else None
        if row.state is State.PENDING:
            rows.notifications.save(replace(row, lease=None))
        return None

    def _begin(self, rows: Rows, start: NotificationId, at: datetime) -> Notification | None:
        """The row may have been cancelled, or its lease lost, since it was leased."""
        current = rows.notifications.get(start)
        if current is None or current.state is not State.PENDING:
            return None
        if current.lease is None or current.lease.owner != self._owner or current.lease.until <= at:
            return None
        started = settlement.begun(current, at)
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
        until_due = max(due - self._clock.now(), timedelta(0)) if due else _IDLE
        return min(until_due, self._pace.next_change() or _IDLE, _IDLE)


def _holds(end: AttemptEnd) -> bool:
    return isinstance(end, InDoubt) or (isinstance(end, Rejected) and end.kind in HOLDING)
