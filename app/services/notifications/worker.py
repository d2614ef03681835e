"""Worker of one session: claims due messages, fills the in-flight window, settles the ended attempts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.events import NotificationChanged, OfflineQueueDrained, ProblemReported, RateLimitHoldsChanged
from app.domain.identifiers import SessionId
from app.domain.lease import Lease, LeaseOwner
from app.domain.lid import Address
from app.domain.notification import Notification, State
from app.domain.queue_policy import HOLD_PAUSE, LEASE_LENGTH, QueuePolicy
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.attempt_recorder import AttemptRecorder, ClaimRequest, ClaimResult
from app.services.notifications.in_flight_window import Deliver, InFlightWindow, ends_turn
from app.services.notifications.records import ProcessResult
from app.services.notifications.rescuer import release_lease
from app.services.rate_limits.rate_limiter import RateLimiter

_log = logging.getLogger(__name__)

BROKE_OFF = "broke_off"
_IDLE: Final = timedelta(minutes=1)

Process = Callable[[], Awaitable[list[ProcessResult]]]


@dataclass(frozen=True, slots=True)
class SendPermission:
    """Conditions of a claim: whether trying makes sense, and the customers with an unread message (X1)."""

    may_try: Callable[[], bool]
    unread: Callable[[], frozenset[Address]] = frozenset


class WorkerState(Enum):
    """State of a worker between and during its turns."""

    RUNNING = auto()
    """Begins attempts as the rate limit and the window allow."""
    HOLDING = auto()
    """An attempt failed for a reason that is not the message's own: this turn begins no other."""
    RECOVERING = auto()
    """The last turn broke off: the next one first settles and releases the rows it left."""
    FINISHING = auto()
    """Begins no attempt any more; final."""


# A turn may break off while the worker finishes: each of its turns recovers, which is idempotent.
_RECOVERS: Final = frozenset({WorkerState.RECOVERING, WorkerState.FINISHING})


class Worker:
    """Turns over the queue of one session; `deliver` sends one message."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        owner: LeaseOwner,
        policy: Callable[[], QueuePolicy],
        deliver: Deliver,
        permission: SendPermission,
        limiter: RateLimiter,
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._owner, self._policy = str(owner), policy
        self._permission, self._limiter = permission, limiter
        self._recorder = AttemptRecorder(str(owner), policy, limiter.session_id)
        self._window = InFlightWindow(deliver, limiter, self.wake)
        bus.subscribe(OfflineQueueDrained, self._drained)
        self._state = WorkerState.RUNNING
        self._one_turn = asyncio.Lock()
        self._awake = asyncio.Event()

    @property
    def session_id(self) -> SessionId:
        return self._limiter.session_id

    def wake(self) -> None:
        """Look again now: a message may have become due, or a hold may be over."""
        self._awake.set()

    def _drained(self, event: OfflineQueueDrained) -> None:
        if event.session_id == self._limiter.session_id:
            self._window.forget_prepared()

    async def finish(self) -> None:
        """Begin no attempt any more; return once the attempts in flight are settled."""
        self._state = WorkerState.FINISHING
        async with self._one_turn:
            pass  # The turn under way ends once its attempts are settled, or breaks off.
        await self._window.wait_settled()

    def _ready(self) -> bool:
        return self._state is not WorkerState.FINISHING and self._permission.may_try()

    def _break_off(self) -> None:
        """A turn left rows behind; a worker that finishes recovers in each of its turns anyway."""
        if self._state is not WorkerState.FINISHING:
            self._state = WorkerState.RECOVERING

    async def run(self, process: Process) -> None:
        """Take turn after turn until cancelled; a database that refuses for a while does not end it.

        `process` takes one turn of this worker, by way of the queue manager.

        A failed turn leaves its attempts in flight, and a later one settles them; cancellation ends them.
        """
        try:
            while True:
                await self._guarded_round(process)
        except asyncio.CancelledError:
            self._break_off()
            await self._window.stop()
            raise

    async def _guarded_round(self, process: Process) -> None:
        try:
            await self._round(process)
        except Exception as error:  # noqa: BLE001 - the worker outlives every turn
            # First: even if a later line fails, the next turn recovers the rows that this one left.
            self._break_off()
            _log.exception("turn_failed", extra={"error": type(error).__name__})
            code = error.code if isinstance(error, CocoLokoError) else CocoLokoError.code
            self._bus.publish(ProblemReported(code))
            await self._clock.sleep(HOLD_PAUSE)

    async def _round(self, process: Process) -> None:
        self._awake.clear()
        since = self._clock.now()
        results = await process() if self._ready() or self._state in _RECOVERS else []
        if not results:
            await self._clock.wait(self._awake, await self._until_due(since))
        elif self._state is WorkerState.HOLDING or all(
            result.notification.state is State.PENDING for result in results
        ):
            await self._clock.wait(self._awake, min(HOLD_PAUSE, await self._until_due(since)))

    async def turn(self) -> list[ProcessResult]:
        """Attempt due messages as long as allowed; stop early at a fault that is not a message's own."""
        async with self._one_turn:
            return await self._attempt_due()

    async def _attempt_due(self) -> list[ProcessResult]:
        results: list[ProcessResult] = []
        if self._state in _RECOVERS:
            await self._recover(results)
        if self._state is not WorkerState.FINISHING:
            self._state = WorkerState.RUNNING
        while True:
            self._awake.clear()
            since = self._clock.now()
            if self._state is WorkerState.RUNNING and any(ends_turn(each) for each in self._window.finished):
                self._state = WorkerState.HOLDING
            begins = self._state is WorkerState.RUNNING and self._permission.may_try()
            if begins:
                await self._limiter.follow_clock()
            suppressed = await self._settle_and_begin(results, begin=begins)
            if not self._window.in_flight and not self._window.finished:
                return results
            if not self._window.finished and not suppressed:
                await self._clock.wait(self._awake, await self._until_room(since, begin=begins))

    async def _recover(self, results: list[ProcessResult]) -> None:
        """Recover from a turn that broke off: settle its ended attempts, release rows it never handed over."""
        at, in_flight = self._clock.now(), self._window.in_flight
        await self._settle_and_begin(results, begin=False)

        def work(rows: Rows) -> list[Notification]:
            leased = [
                row for row in rows.notifications.leased() if row.session_id == self._limiter.session_id
            ]
            return [
                release_lease(rows, replace(row, on_wire_at=None), at, BROKE_OFF)
                for row in leased
                if row.lease and row.lease.owner == self._owner and row.id not in in_flight
            ]

        released = await self._store.transact(work)
        self._bus.publish(*(NotificationChanged(row) for row in released))

    async def _settle_and_begin(self, results: list[ProcessResult], *, begin: bool) -> int:
        """Settle ended attempts and claim the next ones in one commit; an end is kept until it is on disk.

        Returns the number of rows suppressed instead of started, so that others can take their place.
        """
        at, ends = self._clock.now(), self._window.finished
        request = self._claim_request(at, begin=begin)
        if not ends and not await self._has_work(request, at):
            return 0

        def work(rows: Rows) -> tuple[list[Notification], ClaimResult]:
            return self._recorder.settle(rows, ends, at), self._recorder.claim(rows, request, at)

        settled, claimed = await self._store.transact(work)
        self._window.forget_finished(ends)
        for started in claimed.started:
            self._window.start(started)
        self._publish(results, settled, claimed, at)
        if any(end.limits for end in ends):
            self._bus.publish(RateLimitHoldsChanged(self._limiter.status()))
        return len(claimed.suppressed)

    async def _has_work(self, request: ClaimRequest, at: datetime) -> bool:
        """Whether a claim would find a row; asked on the reader, as an empty transaction would block all writers."""
        if not request.limit:
            return False
        return await self._store.read(lambda rows: rows.notifications.is_due(at, request.eligible_in(rows)))

    def _claim_request(self, at: datetime, *, begin: bool) -> ClaimRequest:
        """Return what the rate limiter and the window allow now; a limit of 0 unless `begin`."""
        room = self._limiter.room(self._policy().batch_size) if begin else 0
        unread = self._permission.unread()
        return ClaimRequest(
            limit=max(0, min(room, self._policy().window - len(self._window.in_flight))),
            eligible=self._limiter.eligible(),
            lease=Lease(self._owner, at + LEASE_LENGTH),
            # A prepared message asks no `about_to_write`, which finds a writer who is unread by the LID alone.
            prepared=frozenset() if unread else self._window.prepared,
            unread=unread,
        )

    def _publish(
        self,
        results: list[ProcessResult],
        settled: Sequence[Notification],
        claimed: ClaimResult,
        at: datetime,
    ) -> None:
        """Publish the changed rows; those suppressed instead of started are results too."""
        results.extend(ProcessResult(row) for row in (*settled, *claimed.suppressed))
        started = [each.notification for each in claimed.started]
        changed = (*settled, *started, *claimed.suppressed)
        self._bus.publish(*(NotificationChanged(row) for row in changed if row.changed_at == at))

    async def _until_room(self, since: datetime, *, begin: bool) -> timedelta | None:
        """Return the wait for the next claim; None if only an ended attempt or a wake-up can change that."""
        if not begin or len(self._window.in_flight) >= self._policy().window:
            return None
        return await self._until_due(since)

    async def _until_due(self, since: datetime) -> timedelta:
        """Return the wait for the next due row, counted from before the turn.

        A row that became due during the turn is not slept through.
        """
        # During the turn the clock may have been set back together with the rows.
        since = min(since, self._clock.now())
        due = await self._store.read(
            lambda rows: rows.notifications.next_due_at(self._limiter.session_id, since)
        )
        until_due = max(due - self._clock.now(), timedelta(0)) if due else _IDLE
        return min(until_due, self._limiter.next_change() or _IDLE, _IDLE)
