"""Works through a session's queue: leases what is due, attempts each, settles it together with the next one's start."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.attempt import HOLDING, AttemptEnd, InDoubt, Rejected
from app.domain.errors import CocoLokoError
from app.domain.events import NotificationMoved, PaceChanged, TroubleReported
from app.domain.identifiers import NotificationId
from app.domain.lease import Lease, LeaseOwner
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.ledger import Begun, Ended, Ledger
from app.services.notifications.pace import Pace
from app.services.notifications.queue_policy import HOLD_PAUSE, LEASE_LENGTH, QueuePolicy
from app.services.notifications.records import ProcessResult
from app.services.notifications.rescuer import freed

_log = logging.getLogger(__name__)

Deliver = Callable[[Notification], Awaitable[AttemptEnd]]
BROKE_OFF = "broke_off"
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
        pace: Pace,
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._owner, self._policy = str(owner), policy
        self._deliver, self._may_try = deliver, ready
        self._pace = pace
        self._ledger = Ledger(str(owner), policy, pace.session_id)
        self._awake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._finishing = self._stumbled = False
        self._end: Ended | None = None

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
        """Turn after turn until cancelled; a database that refuses for a while does not end it."""
        while True:
            try:
                await self._round()
            except Exception as error:  # noqa: BLE001 - one of the three catch-alls: the worker outlives every turn
                _log.exception("turn_failed", extra={"error": type(error).__name__})
                code = error.code if isinstance(error, CocoLokoError) else CocoLokoError.code
                self._bus.publish(TroubleReported(code))
                self._stumbled = True
                await self._clock.sleep(HOLD_PAUSE)

    async def _round(self) -> None:
        self._awake.clear()
        looked_at = self._clock.now()
        results = await self.turn() if self._ready() or self._stumbled else []
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
        results: list[ProcessResult] = []
        if self._stumbled:
            await self._pick_up(results)
        await self._pace.look()
        leased = await self._lease_due()
        for position, notification in enumerate(leased):
            if not self._ready():
                await self._release(leased[position:])
                break
            started = await self._settle_and_begin(notification.id, results)
            if started is None:
                continue
            self._end = await self._attempt(started)
            if _holds(self._end.end):
                await self._release(leased[position + 1 :])
                break
        if self._end:
            await self._settle_and_begin(None, results)
        return results

    async def _pick_up(self, results: list[ProcessResult]) -> None:
        """A turn broke off: write down how its attempt ended, and free what it held; who was being told is in doubt."""
        if self._end:
            await self._settle_and_begin(None, results)
        at = self._clock.now()

        def work(rows: Rows) -> list[Notification]:
            held = [row for row in rows.notifications.leased() if row.session_id == self._pace.session_id]
            return [
                freed(rows, row, at, BROKE_OFF)
                for row in held
                if row.lease and row.lease.owner == self._owner
            ]

        picked_up = await self._store.transact(work)
        self._bus.publish(*(NotificationMoved(row) for row in picked_up))
        self._stumbled = False

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
        self, start: NotificationId | None, results: list[ProcessResult]
    ) -> Begun | None:
        """One commit for the end of one attempt and the beginning of the next; the end is kept until it is written."""
        at, end = self._clock.now(), self._end

        eligible = self._pace.eligible()

        def work(rows: Rows) -> tuple[Notification | None, Begun | None]:
            return (
                self._ledger.settle(rows, end, at) if end else None,
                self._ledger.begin(rows, start, eligible, at) if start else None,
            )

        settled, begun = await self._store.transact(work)
        self._end = None
        if settled and settled.state is State.PENDING and settled.scheduled_at > at:
            self._pace.promise(settled, settled.scheduled_at - at)
        started = begun.notification if begun else None
        ended = started is not None and started.state is not State.SENDING
        results.extend(ProcessResult(n) for n in (settled, started if ended else None) if n)
        self._bus.publish(*(NotificationMoved(n) for n in (settled, started) if n and n.changed_at == at))
        if end and end.restraint:
            self._bus.publish(PaceChanged(self._pace.gauge()))
        return None if ended else begun

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
