"""Works through a session's queue: leases what is due, begins as much as may be on its way, settles what has ended."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.events import NotificationMoved, OfflineQueueDrained, PaceChanged, TroubleReported
from app.domain.lease import Lease, LeaseOwner
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.flights import Deliver, Flights, holds
from app.services.notifications.ledger import Departed, Departure, Ledger
from app.services.notifications.pace import Pace
from app.services.notifications.queue_policy import HOLD_PAUSE, LEASE_LENGTH, QueuePolicy
from app.services.notifications.records import ProcessResult
from app.services.notifications.rescuer import freed

_log = logging.getLogger(__name__)

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
        self._may_try, self._pace = ready, pace
        self._ledger = Ledger(str(owner), policy, pace.session_id)
        self._flights = Flights(deliver, pace, self._landed)
        bus.subscribe(OfflineQueueDrained, self._drained)
        self._one_turn = asyncio.Lock()
        self._awake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._finishing = self._stumbled = self._held = False

    def wake(self) -> None:
        """Something may have become due, or a hold may be over."""
        self._awake.set()

    def _drained(self, event: OfflineQueueDrained) -> None:
        if event.session_id == self._pace.session_id:
            self._flights.forget_prepared()

    async def finish(self) -> None:
        """Begin nothing more; return when all that is in flight is settled."""
        self._finishing = True
        await self._idle.wait()

    def _ready(self) -> bool:
        return not self._finishing and self._may_try()

    async def run(self) -> None:
        """Turn after turn until cancelled; a database that refuses for a while does not end it.

        What is on its way flies on when this fails, for the next `run` settles it; where this is cancelled, it ends.
        """
        try:
            while True:
                await self._outlasting_round()
        except asyncio.CancelledError:
            self._stumbled = True
            await self._flights.stop()
            raise

    async def _outlasting_round(self) -> None:
        try:
            await self._round()
        except Exception as error:  # noqa: BLE001 - one of the three catch-alls: the worker outlives every turn
            # First of all: whatever fails from here on, the next turn picks up what this one left.
            self._stumbled = True
            _log.exception("turn_failed", extra={"error": type(error).__name__})
            code = error.code if isinstance(error, CocoLokoError) else CocoLokoError.code
            self._bus.publish(TroubleReported(code))
            await self._clock.sleep(HOLD_PAUSE)

    async def _round(self) -> None:
        self._awake.clear()
        looked_at = self._clock.now()
        results = await self.turn() if self._ready() or self._stumbled else []
        if not results:
            await self._clock.wait(self._awake, await self._until_due(looked_at))
        elif self._held or all(result.notification.state is State.PENDING for result in results):
            await self._clock.wait(self._awake, min(HOLD_PAUSE, await self._until_due(looked_at)))

    async def turn(self) -> list[ProcessResult]:
        """Attempt what is due until nothing is or may be; stops early where the fault is not a message's own."""
        async with self._one_turn:
            self._idle.clear()
            try:
                return await self._attempt_due()
            finally:
                self._rest()

    def _landed(self) -> None:
        self._awake.set()
        if not self._one_turn.locked():
            self._rest()

    def _rest(self) -> None:
        """What has ended and could not be written down yet is not settled."""
        if not self._flights.aloft and not self._flights.ended:
            self._idle.set()

    async def _attempt_due(self) -> list[ProcessResult]:
        results: list[ProcessResult] = []
        if self._stumbled:
            await self._pick_up(results)
        self._held = False
        while True:
            self._awake.clear()
            looked_at = self._clock.now()
            self._held = self._held or any(holds(each) for each in self._flights.ended)
            going_on = self._ready() and not self._held
            if going_on:
                await self._pace.look()
            kept_back = await self._settle_and_begin(results, begin=going_on)
            if not self._flights.aloft and not self._flights.ended:
                return results
            if not self._flights.ended and not kept_back:
                await self._clock.wait(self._awake, await self._until_room(looked_at, begin=going_on))

    async def _pick_up(self, results: list[ProcessResult]) -> None:
        """A turn broke off: write down what ended, and free what it began and never handed over."""
        at, aloft = self._clock.now(), self._flights.aloft
        await self._settle_and_begin(results, begin=False)

        def work(rows: Rows) -> list[Notification]:
            held = [row for row in rows.notifications.leased() if row.session_id == self._pace.session_id]
            return [
                freed(rows, replace(row, on_wire_at=None), at, BROKE_OFF)
                for row in held
                if row.lease and row.lease.owner == self._owner and row.id not in aloft
            ]

        picked_up = await self._store.transact(work)
        self._bus.publish(*(NotificationMoved(row) for row in picked_up))
        self._stumbled = False

    async def _settle_and_begin(self, results: list[ProcessResult], *, begin: bool) -> int:
        """One commit for the ends of some attempts and the beginning of others; an end is kept until it is written.

        Returns how many were kept back instead of begun, so that others can go in their place.
        """
        at, ends = self._clock.now(), self._flights.ended
        departure = self._departure(at, begin=begin)
        if not ends and not await self._has_work(departure, at):
            return 0

        def work(rows: Rows) -> tuple[list[Notification], Departed]:
            settled = [self._ledger.settle(rows, end, at) for end in ends]
            return [row for row in settled if row], self._ledger.depart(rows, departure, at)

        settled, departed = await self._store.transact(work)
        self._flights.written(ends)
        for begun in departed.begun:
            self._flights.start(begun)
        self._tell(results, settled, departed, at)
        if any(end.restraint for end in ends):
            self._bus.publish(PaceChanged(self._pace.gauge()))
        return len(departed.kept_back)

    async def _has_work(self, departure: Departure, at: datetime) -> bool:
        """Asked on the reader: a transaction that changes nothing would keep all who write waiting."""
        if not departure.most:
            return False
        return await self._store.read(lambda rows: rows.notifications.is_due(at, departure.eligible))

    def _departure(self, at: datetime, *, begin: bool) -> Departure:
        """What the pace lets go now; nothing where no more may be begun."""
        room = self._pace.room(self._policy.batch_size) if begin else 0
        return Departure(
            most=max(0, min(room, self._policy.window - len(self._flights.aloft))),
            eligible=self._pace.eligible(),
            lease=Lease(self._owner, at + LEASE_LENGTH),
            prepared=self._flights.prepared,
        )

    def _tell(
        self, results: list[ProcessResult], settled: Sequence[Notification], departed: Departed, at: datetime
    ) -> None:
        """What was kept back instead of begun is a result too."""
        results.extend(ProcessResult(row) for row in (*settled, *departed.kept_back))
        begun = [each.notification for each in departed.begun]
        moved = (*settled, *begun, *departed.kept_back)
        self._bus.publish(*(NotificationMoved(row) for row in moved if row.changed_at == at))

    async def _until_room(self, looked_at: datetime, *, begin: bool) -> timedelta | None:
        """None where only an end, or somebody who wakes us, can change anything."""
        if not begin or len(self._flights.aloft) >= self._policy.window:
            return None
        return await self._until_due(looked_at)

    async def _until_due(self, looked_at: datetime) -> timedelta:
        """Counted from before the turn, so that a row which became due during it is not slept through."""
        # In the turn, the clock may have been set back together with the rows.
        since = min(looked_at, self._clock.now())
        due = await self._store.read(
            lambda rows: rows.notifications.next_due_at(self._pace.session_id, since)
        )
        until_due = max(due - self._clock.now(), timedelta(0)) if due else _IDLE
        return min(until_due, self._pace.next_change() or _IDLE, _IDLE)
